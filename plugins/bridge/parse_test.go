package bridge

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// The hints name what could have been meant.
func TestHints(t *testing.T) {
	for line, want := range map[string]string{
		`{"acks":{"seq":1}}`:                   `did you mean "ack"?`,
		`{"ack":{"sequence_number":1}}`:        "it has: seq, outcomes",
		`{"done":{"x":1}}`:                     "it has no members",
		`hello`:                                "standard output is for messages in UTF-8 alone; print everything else to standard error",
		`{"ack":{"seq":1,"outcomes":null}}`:    "leave out what you do not know",
		`{"ack":{"seq":1},"done":{}}`:          oneMessage,
		`{"ack":{"seq":1,"outcomes":[{"status`: "write a message in one line, with no line break in it",
	} {
		_, err := parse([]byte(line+"\n"), 1)
		var fault *LineError
		if !errors.As(err, &fault) || fault.Hint() != want {
			t.Errorf("%s: error %v, hint %q, want %q", line, err, fault.Hint(), want)
		}
	}
}

// Every value of every enumeration has a word, which is that of exporter.proto.
func TestWords(t *testing.T) {
	for prefix, values := range map[string]map[string]int32{
		typePrefix: pb.Field_Type_value, idempotencyPrefix: pb.Capabilities_Idempotency_value, modePrefix: pb.WriteMode_value,
		actionPrefix: pb.ProvisionResponse_Action_value, statusPrefix: pb.Outcome_Status_value, severityPrefix: pb.Diagnostic_Severity_value,
	} {
		words := wordsOf(prefix, values)
		if len(words) != len(values)-1 || slices.Contains(words, "") || slices.Contains(words, "unspecified") {
			t.Errorf("%s: %q", prefix, words)
		}
	}
}

// Lines end in several ways; blank ones are none, and are counted.
func TestReader(t *testing.T) {
	r := newReader(strings.NewReader("\n{\"done\":{}}\r\n  \n\t{\"done\" : {}} \n{\"progress\":{\"text\":\"x\"}}"))
	for _, want := range []int{2, 4, 5} {
		if m, err := r.next(); err != nil || m.line != want {
			t.Fatalf("error %v, line %v, want %d", err, m, want)
		}
	}
	if _, err := r.next(); !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %v", err)
	}
}

// The longest line is taken, with or without an end, and not a byte more.
func TestLongestLine(t *testing.T) {
	for _, length := range []int{100, 200_000} { // within the buffer, and beyond
		const head, tail = `{"progress":{"text":"`, `"}}`
		line := head + strings.Repeat("x", length-len(head)-len(tail)) + tail
		for text, ok := range map[string]bool{line: true, line + "\n": true, " " + line: false, " " + line + "\n": false} {
			r := newReader(strings.NewReader(text))
			r.max = length
			m, err := r.next()
			if ok && (err != nil || len(m.Progress.Text) != length-len(head)-len(tail)) {
				t.Errorf("%d bytes: %v", length, err)
			}
			if !ok && (err == nil || !strings.Contains(err.Error(), "line 1 of the script's standard output: it is longer than 40 MiB")) {
				t.Errorf("%d bytes and one: %v", length, err)
			}
		}
	}
}

// FuzzReader holds that no line upsets the bridge, that what is taken can be
// sent on, and that what is refused is not quoted.
func FuzzReader(f *testing.F) {
	for _, p := range []parts{atomicParts, destinationParts} {
		for _, lines := range p {
			f.Add([]byte(strings.Join(lines, "\n")))
		}
	}
	f.Add([]byte(`{"ack":{"seq":1,"outcomes":[{"status":"retry","retry_after_ms":7,"diagnostic":{"severity":"warning","summary":"s"},"remote":[{"type":"t","id":"i"}]}]}}`))
	f.Add([]byte(`{"artifact":{"name":"a","base64":"AA==","last":false}}` + "\n" + `{"provisioned":{"object":"o","action":"exists"}}`))
	f.Add([]byte(`{"provisioned":{"file":{"name":"a","text":"b"}}}` + "\n" + `{"configured":{"capabilities":{"idempotency":"upsert","whole_clients":true}}}`))
	f.Add([]byte(`{"QUOTE7":1}` + "\n{\"done\":{}"))
	f.Add([]byte("{\"error\":{\"summary\":\"\\ud800 QUOTE7\"}}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		r := newReader(bytes.NewReader(text))
		for {
			m, err := r.next()
			if err != nil {
				var fault *LineError
				if errors.As(err, &fault) && strings.Contains(err.Error()+fault.Hint(), "QUOTE7") {
					t.Fatalf("quoted: %v (%s)", err, fault.Hint())
				}
				return
			}
			if m.kind() == "" {
				t.Fatalf("no kind: %q", text)
			}
			for _, out := range protos(m) {
				if _, err := proto.Marshal(out); err != nil {
					t.Fatalf("cannot be sent: %v", err)
				}
			}
		}
	})
}

// protos is all that a message can become.
func protos(m *message) []proto.Message {
	switch {
	case m.Description != nil:
		return []proto.Message{m.Description.proto()}
	case m.Configured != nil:
		return []proto.Message{m.Configured.proto()}
	case m.Provisioned != nil:
		return []proto.Message{m.Provisioned.protos()[0]}
	case m.Error != nil:
		return []proto.Message{m.Error.proto()}
	case m.Progress != nil:
		return []proto.Message{&pb.Progress{Text: m.Progress.Text}}
	case m.Artifact != nil:
		return []proto.Message{&pb.Artifact{Name: m.Artifact.Name, MediaType: m.Artifact.MediaType}}
	case m.Ack != nil:
		var out []proto.Message
		for i := range m.Ack.Outcomes {
			out = append(out, m.Ack.Outcomes[i].proto())
		}
		return out
	}
	return nil
}
