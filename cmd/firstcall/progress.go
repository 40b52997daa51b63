package main

import (
	"fmt"
	"time"
)

// progress shows on a terminal that long work goes on.
type progress struct {
	in      *invocation
	started time.Time
	shown   time.Time
}

// Work shorter than the delay shows nothing; after it, the line changes at
// most ten times a second.
const (
	progressDelay = time.Second
	progressStep  = 100 * time.Millisecond
)

func newProgress(in *invocation) *progress {
	return &progress{in: in, started: time.Now()}
}

// rows tells how many rows of the run have been read.
func (p *progress) rows(n int64) {
	now := time.Now()
	if !p.in.errTerminal || p.in.quiet || now.Sub(p.started) < progressDelay || now.Sub(p.shown) < progressStep {
		return
	}
	p.shown = now
	fmt.Fprintf(p.in.err, "\r%d rows", n)
}

// done removes the line.
func (p *progress) done() {
	if !p.shown.IsZero() {
		fmt.Fprint(p.in.err, "\r\x1b[K")
	}
}
