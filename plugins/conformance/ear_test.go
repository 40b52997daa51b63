package conformance

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"net/url"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// A secret is heard wherever it is said, also in other words.
func TestEarSecrets(t *testing.T) {
	const secret = "s3cret/with &odd letters"
	archive := func() []byte {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		f, err := w.Create("sheet.xml")
		if err == nil {
			_, err = f.Write([]byte("<c>" + secret + "</c>"))
		}
		if err != nil || w.Close() != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for name, say := range map[string]func(e *ear){
		"printed":    func(e *ear) { e.printed("using " + secret) },
		"in a URL":   func(e *ear) { e.printed("GET /?token=" + url.QueryEscape(secret)) },
		"in a path":  func(e *ear) { e.printed("GET /" + url.PathEscape(secret)) },
		"in base64":  func(e *ear) { e.printed("Basic " + base64.StdEncoding.EncodeToString([]byte(secret))) },
		"error":      func(e *ear) { e.call(nil, status.Error(codes.Unknown, "no such token: "+secret)) },
		"diagnostic": func(e *ear) { e.call(&pb.ConfigureResponse{Diagnostics: []*pb.Diagnostic{{Hint: secret}}}, nil) },
		"details": func(e *ear) {
			st, err := status.New(codes.Unknown, "no").WithDetails(&pb.Diagnostic{Summary: secret})
			if err != nil {
				t.Fatal(err)
			}
			e.call(nil, st.Err())
		},
		"outcome": func(e *ear) {
			e.call(&pb.ExportResponse{Message: &pb.ExportResponse_Ack{Ack: &pb.Ack{Outcomes: []*pb.Outcome{{Diff: "+ " + secret}}}}}, nil)
		},
		"file":    func(e *ear) { e.file("a.txt", "text/plain", []byte("made with "+secret)) },
		"archive": func(e *ear) { e.file("a.xlsx", "x/y", archive()) },
	} {
		e := newEar()
		e.listenFor(map[string]string{"token": secret, "short": "abc"})
		say(e)
		if len(e.leaks) != 1 {
			t.Errorf("%s: leaks %q", name, e.leaks)
		}
	}
	e := newEar()
	e.listenFor(map[string]string{"short": "abc"})
	if e.printed("abcdef"); len(e.leaks) > 0 {
		t.Errorf("a secret of three letters was heard: %q", e.leaks)
	}
}

func TestEarForms(t *testing.T) {
	for _, d := range []*pb.Diagnostic{
		{Summary: "no code"}, {Code: "a.b"}, {Code: "a.b", Summary: "two\nlines"}, {Code: "a.b", Summary: "a full stop."},
	} {
		e := newEar()
		if e.diagnostic(d); len(e.diagnostics) != 1 {
			t.Errorf("%v: %q", d, e.diagnostics)
		}
	}
	e := newEar()
	e.diagnostic(&pb.Diagnostic{Code: "a.b", Summary: "not reachable"})
	e.printed("writing firstcall-test/job/x, 47 of 100")
	e.progressed("3 of 4")
	e.outcome(&pb.Outcome{Status: pb.Outcome_STATUS_CREATED, Remote: []*pb.RemoteObject{{Type: "row", Id: "1"}}})
	e.file("a.txt", "text/plain", nil)
	if all := append(append(append(append(e.diagnostics, e.prints...), e.progress...), e.remotes...), e.media...); len(all) > 0 {
		t.Errorf("complaints about what is as it should be: %q", all)
	}
}
