package bridge

import (
	"bytes"
	"encoding/json"
	"testing"
	"unicode/utf8"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// The order of members is promised to scripts that cut lines apart.
func TestLines(t *testing.T) {
	batch, err := batchLine(&pb.Batch{Seq: 3, Records: []*pb.Record{
		{Key: "a/job/b", Kind: "job", Revision: "r", Json: []byte("{\"x\":\n \"y\\n\"}")},
		{Key: "a/job/c", Kind: "job", Revision: "s", Json: []byte(`{"é":"<\u003c>"}`), InDoubt: true, Remote: []*pb.RemoteObject{{Type: "note", Id: `"7"`}, {Id: "8"}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	configure, err := configureLine(nil, &pb.ConfigureRequest{HostVersion: "1.0"})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		got  []byte
		want string
	}{
		{describeLine(), `{"describe":{"protocol_minor":0}}`},
		{configure, `{"configure":{"host_version":"1.0","config":{},"secrets":{},"check_connection":false}}`},
		{provisionLine(true), `{"provision":{"apply":true}}`},
		{openLine(&pb.Open{RunId: "id", Attempt: 2, Mode: pb.WriteMode_WRITE_MODE_REPLACE, Records: 7}, true), `{"plan":{"run_id":"id","attempt":2,"mode":"replace","records":7}}`},
		{openLine(&pb.Open{RunId: "id", Attempt: 1}, false), `{"export":{"run_id":"id","attempt":1}}`},
		{batch, `{"batch":{"seq":3,"records":[{"key":"a/job/b","kind":"job","revision":"r","record":{"x":"y\n"}},` +
			`{"key":"a/job/c","kind":"job","revision":"s","in_doubt":true,"remote":[{"type":"note","id":"\"7\""},{"type":"","id":"8"}],"record":{"é":"<\u003c>"}}]}}`},
		{endLine(), `{"end":{}}`},
		{cancelLine(), `{"cancel":{}}`},
	} {
		if string(tt.got) != tt.want {
			t.Errorf("got\n%s\nwant\n%s", tt.got, tt.want)
		}
	}
}

// A line has no other end: JavaScript, for one, knows more of them.
func TestEnded(t *testing.T) {
	if got := string(ended([]byte("{\"a\":\"x\u2028y\u2029z\u0085\u2027\"}"))); got != `{"a":"x\u2028y\u2029z\u0085`+"\u2027\"}\n" {
		t.Errorf("got %q", got)
	}
}

// FuzzBatchLine holds that whatever comes from the host is one line of JSON.
func FuzzBatchLine(f *testing.F) {
	f.Add("a/job/b", "x", []byte("{\n}"))
	f.Add("\"\\\n\x00\u2028", "\xff", []byte(`{"a":"\ud800"}`))
	f.Add("", "", []byte("{"))
	f.Fuzz(func(t *testing.T, key, id string, content []byte) {
		line, err := batchLine(&pb.Batch{Seq: 1, Records: []*pb.Record{{Key: key, Json: content, Remote: []*pb.RemoteObject{{Id: id}}}}})
		if err != nil {
			return
		}
		var read struct {
			Batch struct {
				Records []struct {
					Key    string
					Remote []struct{ ID string }
					Record json.RawMessage
				}
			}
		}
		line = ended(line)[:len(ended(line))-1]
		if bytes.ContainsAny(line, "\r\n\u0085\u2028\u2029") {
			t.Fatalf("more than a line: %q", line)
		}
		if err := json.Unmarshal(line, &read); err != nil {
			t.Fatalf("%v: %q", err, line)
		}
		r := read.Batch.Records[0]
		if utf8.ValidString(key) && r.Key != key || utf8.ValidString(id) && r.Remote[0].ID != id {
			t.Fatalf("%q and %q became %q and %q", key, id, r.Key, r.Remote[0].ID)
		}
	})
}
