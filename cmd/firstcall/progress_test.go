package main

import (
	"bytes"
	"testing"
	"time"
)

func TestProgress(t *testing.T) {
	for _, tt := range []struct {
		name            string
		terminal, quiet bool
		age             time.Duration
		want            string
	}{
		{"long work on a terminal", true, false, time.Minute, "\r1200 rows\r\x1b[K"},
		{"short work", true, false, 0, ""},
		{"no terminal", false, false, time.Minute, ""},
		{"quiet", true, true, time.Minute, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var told bytes.Buffer
			p := newProgress(&invocation{streams: streams{err: &told, errTerminal: tt.terminal}, quiet: tt.quiet})
			p.started = p.started.Add(-tt.age)
			p.rows(1200)
			p.rows(1300) // too soon after the first
			p.done()
			if told.String() != tt.want {
				t.Errorf("told %q, want %q", told.String(), tt.want)
			}
		})
	}
	// The number is that of the run as it comes, whatever came before.
	var told bytes.Buffer
	p := newProgress(&invocation{streams: streams{err: &told, errTerminal: true}})
	p.started = p.started.Add(-time.Minute)
	for _, n := range []int64{500, 400, 900} {
		p.shown = time.Time{}
		p.rows(n)
	}
	if told.String() != "\r500 rows\r400 rows\r900 rows" {
		t.Errorf("told %q", told.String())
	}
}
