package bridge

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// secretWord stands in lines that are wrong: nothing of them may be told.
const secretWord = "Tr0ub4dor"

// Whatever a script does wrongly ends the call with an error that says what it
// was, and in which line.
func TestScriptFaults(t *testing.T) {
	tests := map[string]struct {
		change parts
		atomic bool
		want   string
	}{
		"no JSON":           {change: parts{"batch": {"hello " + secretWord}}, want: "line 3 of the script's standard output: it is not JSON from byte 1 on"},
		"no object":         {change: parts{"batch": {`"` + secretWord + `"`}}, want: "line 3 of the script's standard output: it is no JSON object"},
		"a list":            {change: parts{"batch": {`[]`}}, want: "line 3 of the script's standard output: it is no JSON object"},
		"cut off":           {change: parts{"batch": {`{"ack":{"seq":1,"` + secretWord}}, want: "the JSON is cut off"},
		"two on a line":     {change: parts{"batch": {`{"ack":{"seq":1}} {"done":{}}`}}, want: "it is not JSON from byte 19 on"},
		"no UTF-8":          {change: parts{"batch": {"{\"progress\":{\"text\":\"\xff\"}}"}}, want: ""},
		"nothing":           {change: parts{"batch": {`{}`}}, want: "line 3 of the script's standard output: it does not have exactly one member"},
		"two members":       {change: parts{"batch": {`{"ack":{"seq":1},"done":{}}`}}, want: "it does not have exactly one member"},
		"a member twice":    {change: parts{"batch": {`{"ack":{"seq":1,"seq":1}}`}}, want: "a member stands there twice"},
		"unknown message":   {change: parts{"batch": {`{"acknowledge":{"seq":1}}`}}, want: `the line has the unknown member "acknowledge"`},
		"secret as a name":  {change: parts{"batch": {`{"` + secretWord + `":{"seq":1}}`}}, want: "the line has an unknown member"},
		"unknown member":    {change: parts{"batch": {`{"ack":{"seq":1,"outcome":[]}}`}}, want: `/ack has the unknown member "outcome"`},
		"deep unknown":      {change: parts{"batch": {`{"ack":{"seq":1,"outcomes":[{"statsu":"created"}]}}`}}, want: `/ack/outcomes/0 has the unknown member "statsu"`},
		"member of done":    {change: parts{"batch": {`{"done":{"ok":true}}`}}, want: `/done has the unknown member "ok"`},
		"wrong type":        {change: parts{"batch": {`{"ack":{"seq":"1"}}`}}, want: "/ack/seq must be a whole number, 0 or more"},
		"negative":          {change: parts{"batch": {`{"ack":{"seq":-1}}`}}, want: "/ack/seq must be a whole number, 0 or more"},
		"fraction":          {change: parts{"batch": {`{"ack":{"seq":1.5}}`}}, want: "/ack/seq must be a whole number, 0 or more"},
		"not a list":        {change: parts{"batch": {`{"ack":{"seq":1,"outcomes":{}}}`}}, want: "/ack/outcomes must be a list"},
		"null":              {change: parts{"batch": {`{"ack":{"seq":1,"outcomes":null}}`}}, want: "/ack/outcomes is null"},
		"null message":      {change: parts{"batch": {`{"done":null}`}}, want: "/done is null"},
		"null line":         {change: parts{"batch": {`null`}}, want: "it is no JSON object"},
		"not a truth":       {atomic: true, change: parts{"batch": {`{"artifact":{"name":"a","last":1}}`}}, want: "/artifact/last must be true or false"},
		"not base64":        {atomic: true, change: parts{"batch": {`{"artifact":{"name":"a","base64":"` + secretWord + `"}}`}}, want: "/artifact/base64 must be text in base64"},
		"word":              {change: parts{"batch": {`{"ack":{"seq":1,"outcomes":[{"status":"` + secretWord + `"}]}}`}}, want: "/ack/outcomes/0/status must be one of created, updated, unchanged, rejected, retry, deferred"},
		"upper case":        {change: parts{"batch": {`{"ack":{"seq":1,"outcomes":[{"status":"CREATED"}]}}`}}, want: "/ack/outcomes/0/status must be one of"},
		"unspecified":       {change: parts{"batch": {`{"ack":{"seq":1,"outcomes":[{"status":"unspecified"}]}}`}}, want: "/ack/outcomes/0/status must be one of created"},
		"word as number":    {change: parts{"batch": {`{"ack":{"seq":1,"outcomes":[{"status":1}]}}`}}, want: "/ack/outcomes/0/status must be a text"},
		"no status":         {change: parts{"batch": {`{"ack":{"seq":1,"outcomes":[{}]}}`}}, want: "/ack/outcomes/0/status is missing"},
		"no seq":            {change: parts{"batch": {`{"ack":{}}`}}, want: "/ack/seq is missing"},
		"no summary":        {change: parts{"batch": {`{"error":{}}`}}, want: "/error/summary is missing"},
		"text and base64":   {atomic: true, change: parts{"batch": {`{"artifact":{"name":"a","text":"a","base64":"AA=="}}`}}, want: "/artifact has text and base64"},
		"no name":           {atomic: true, change: parts{"batch": {`{"artifact":{"text":"a"}}`}}, want: "/artifact/name is missing"},
		"too many outcomes": {change: parts{"batch": {`{"ack":{"seq":SEQ,"outcomes":[{"status":"created"},{"status":"created"}]}}`}}, want: "line 3 of the script's standard output: it has 2 outcomes for the 1 records of batch 1"},
		"no outcomes":       {change: parts{"batch": {`{"ack":{"seq":SEQ,"outcomes":[]}}`}}, want: "it has 0 outcomes for the 1 records of batch 1"},
		"two answers":       {change: parts{"batch": {`{"ack":{"seq":SEQ}}`, `{"ack":{"seq":SEQ}}`}}, want: "line 4 of the script's standard output: it acknowledges batch 1, which was not sent or was acknowledged before"},
		"another batch":     {change: parts{"batch": {`{"ack":{"seq":7}}`}}, want: "it acknowledges batch 7"},
		"done without acks": {change: parts{"batch": nil}, want: "line 3 of the script's standard output: done comes without the ack of batch 1"},
		"file of one":       {change: parts{"batch": {`{"artifact":{"name":"a"}}`}}, want: "it makes a file, as a destination"},
		"half a file":       {atomic: true, change: parts{"batch": {`{"artifact":{"name":"a","last":false}}`}, "end": {`{"done":{}}`}}, want: "done comes before the last piece of a file"},
		"files mixed":       {atomic: true, change: parts{"batch": {`{"artifact":{"name":"a","last":false}}`}}, want: "it begins a file before the last piece of the one before"},
		"wrong answer":      {change: parts{"describe": {`{"configured":{}}`}}, want: "line 1 of the script's standard output: configured is no answer to describe"},
		"wrong in stream":   {change: parts{"batch": {`{"configured":{}}`}}, want: "line 3 of the script's standard output: configured is no answer to export"},
		"unasked":           {change: parts{"start": {`{"done":{}}`}, "describe": {"!wait"}}, want: "done"},
		"dies at once":      {change: parts{"start": {"!exit 3"}}, want: "the script ended (exit status 3) during describe"},
		"dies in configure": {change: parts{"configure": {"!exit 0"}}, want: "the script ended (exit status 0) during configure"},
		"dies mid-batch":    {change: parts{"batch": {`{"ack":{"seq":SEQ}}`, "!exit 4"}}, want: "the script ended (exit status 4) during export"},
		"dies mid-line":     {change: parts{"batch": {`!cut {"ack":{"se`}}, want: "the JSON is cut off"},
		"says why and dies": {change: parts{"batch": {`{"error":{"summary":"no disk"}}`, "!exit 1"}}, want: "no disk"},
		"mute":              {change: parts{"batch": {"!mute", "!sleep"}}, want: "the script closed its standard output during export"},
		"floods unasked":    {change: parts{"configure": {`{"configured":{"target":{"id":"t"}}}`, `!flood {"configured":{"target":{"id":"` + secretWord + `"}}}`}}, want: "configured "},
		"bad name":          {change: parts{"describe": {`{"description":{"name":"A","version":"1","summary":"s","capabilities":{"idempotency":"none"}}}`}}, want: "/description/name must have lower case letters"},
		"no version":        {change: parts{"describe": {`{"description":{"name":"a","summary":"s","capabilities":{"idempotency":"none"}}}`}}, want: "/description/version is missing"},
		"no capabilities":   {change: parts{"describe": {`{"description":{"name":"a","version":"1","summary":"s"}}`}}, want: "/description/capabilities/idempotency is missing"},
		"no idempotency":    {change: parts{"describe": {`{"description":{"name":"a","version":"1","summary":"s","capabilities":{}}}`}}, want: "/description/capabilities/idempotency is missing"},
		"bad field":         {change: parts{"describe": {`{"description":{"name":"a","version":"1","summary":"s","config":[{"name":"x","doc":"d"},{"name":"x","doc":"d"}],"capabilities":{"idempotency":"none"}}}`}}, want: "/description/config: "},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := destinationParts
			if tt.atomic {
				p = atomicParts
			}
			c, s := serveScript(t, p.with(tt.change))
			_, err := talk(t, c, false, 1)
			text := status.Convert(err).Message()
			if err == nil || !strings.Contains(text, tt.want) {
				t.Fatalf("error %q, want %q", text, tt.want)
			}
			d := diagnosticOf(err)
			if d == nil || d.GetSummary() != text {
				t.Errorf("diagnostic %v for %q", d, text)
			}
			if strings.Contains(text+d.GetHint(), secretWord) {
				t.Errorf("the script is quoted: %s (%s)", text, d.GetHint())
			}
			select {
			case <-s.exited:
			case <-time.After(2 * time.Second):
				t.Error("the script lives on")
			}
		})
	}
}

// A stray line after the last answer harms the next call, not the one before.
func TestUnaskedBetweenCalls(t *testing.T) {
	c, s := serveScript(t, destinationParts.with(parts{"end": {`{"done":{}}`, `{"done":{}}`}}))
	got, err := talk(t, c, false, 1)
	wantLines(t, got, err, "ack 1 created", "done")
	select {
	case <-s.broken:
	case <-time.After(2 * time.Second):
		t.Fatal("the line was not noticed")
	}
	_, err = talkAgain(t, c, false, 1)
	if text := status.Convert(err).Message(); text != "line 5 of the script's standard output: done comes unasked" {
		t.Errorf("error %q", text)
	}
}

// Done is refused as long as more batches may come.
func TestEarlyDone(t *testing.T) {
	c, _ := serveScript(t, destinationParts.with(parts{"batch": {`{"ack":{"seq":SEQ}}`, `{"done":{}}`}}))
	ctx := limited(t)
	if _, err := c.Configure(ctx, &pb.ConfigureRequest{}); err != nil {
		t.Fatal(err)
	}
	stream, err := c.Export(ctx)
	if err != nil {
		t.Fatal(err)
	}
	_ = stream.Send(&pb.ExportRequest{Message: &pb.ExportRequest_Open{Open: &pb.Open{}}})
	_ = stream.Send(&pb.ExportRequest{Message: &pb.ExportRequest_Batch{Batch: &pb.Batch{Seq: 1, Records: []*pb.Record{{Json: []byte("{}")}}}}})
	for err == nil {
		_, err = stream.Recv()
	}
	if text := status.Convert(err).Message(); text != `line 4 of the script's standard output: done comes before {"end":{}}` {
		t.Errorf("error %q", text)
	}
}

// A script that closes its standard input cannot learn the end: it is not waited
// for.
func TestDeafScript(t *testing.T) {
	t.Parallel()
	c, _ := serveScript(t, destinationParts.with(parts{"batch": {"!deaf"}}))
	_, err := talk(t, c, false, slices.Repeat([]int{1}, 2000)...) // more than the pipe holds
	if text := status.Convert(err).Message(); text != "the script closed its standard input during export" {
		t.Errorf("error %q", text)
	}
}

// A script that does not answer is ended when the host gives up.
func TestSilentScript(t *testing.T) {
	c, s := serveScript(t, parts{"describe": {"!sleep"}})
	ctx, cancel := context.WithTimeout(limited(t), 100*time.Millisecond)
	defer cancel()
	if _, err := c.Describe(ctx, &pb.DescribeRequest{}); status.Code(err) != codes.DeadlineExceeded {
		t.Errorf("error %v", err)
	}
	select {
	case <-s.exited:
	case <-time.After(2 * time.Second):
		t.Error("the script lives on")
	}
}

// What keeps a script busy for the host does not pile up here: as many lines
// wait as the pipe holds.
func TestFloodIsHeldBack(t *testing.T) {
	c, _ := serveScript(t, destinationParts.with(parts{"batch": {`!flood {"progress":{"text":"x"}}`}}))
	ctx, cancel := context.WithCancel(limited(t))
	defer cancel()
	if _, err := c.Configure(ctx, &pb.ConfigureRequest{}); err != nil {
		t.Fatal(err)
	}
	stream, err := c.Export(ctx)
	if err != nil {
		t.Fatal(err)
	}
	_ = stream.Send(&pb.ExportRequest{Message: &pb.ExportRequest_Open{Open: &pb.Open{}}})
	_ = stream.Send(&pb.ExportRequest{Message: &pb.ExportRequest_Batch{Batch: &pb.Batch{Seq: 1, Records: []*pb.Record{{Json: []byte("{}")}}}}})
	for range 10000 {
		if _, err := stream.Recv(); err != nil {
			t.Fatal(err)
		}
	}
}
