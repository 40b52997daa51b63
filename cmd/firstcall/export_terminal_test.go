package main

import (
	"bytes"
	"context"
	"testing"

	"github.com/firstcall-cli/firstcall/plugins/artifact"
)

// TestNothingToReadOnATerminal: a package is not written to a terminal, and a text is;
// into a pipe goes either.
func TestNothingToReadOnATerminal(t *testing.T) {
	for _, c := range []struct {
		body     string
		terminal bool
		want     int
	}{
		{"BEGIN:VCALENDAR\r\n", true, 0}, {"PK\x03\x04\x14\x00", true, 2}, {"PK\x03\x04\x14\x00", false, 0},
	} {
		var out bytes.Buffer
		in := &invocation{streams: streams{out: &out, outTerminal: c.terminal}, command: exportCommand(), values: map[string]setting{"out": {}, "force": {}}}
		err := place(context.Background(), in, []artifact.File{artifact.NewFile("acme.zip", "", []byte(c.body))})
		if got := exitStatus(err); got != c.want || (got == 0) != (out.String() == c.body) {
			t.Errorf("%q: status %d with %q written, want %d: %v", c.body, got, &out, c.want, err)
		}
	}
}
