package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/cmd/firstcall/render"
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

// bar shows on a terminal how much of the work is done, and what a helper says
// it is busy with.
type bar struct {
	progress
	what  string
	note  string
	count int
	all   int
}

func newBar(in *invocation, all int, what string) *bar {
	return &bar{progress: *newProgress(in), what: what, all: all}
}

// step tells that one more is done.
func (b *bar) step() {
	b.count++
	b.draw()
}

// text tells what the work is at.
func (b *bar) text(line string) {
	b.note = line
	b.draw()
}

// barWidth is how many signs the bar has.
const barWidth = 24

func (b *bar) draw() {
	now := time.Now()
	if !b.in.errTerminal || b.in.quiet || now.Sub(b.started) < progressDelay || now.Sub(b.shown) < progressStep {
		return
	}
	b.shown = now
	full := barWidth
	if b.all > 0 {
		full = barWidth * b.count / b.all
	}
	line := fmt.Sprintf("%s [%s%s] %d of %d", b.what, strings.Repeat("#", full), strings.Repeat(".", barWidth-full), b.count, b.all)
	if b.note != "" {
		line += "  " + render.Printable(b.note)
	}
	if room := max(b.in.width-1, 20); len(line) > room {
		line = strings.ToValidUTF8(line[:room], "")
	}
	fmt.Fprintf(b.in.err, "\r\x1b[K%s", line)
}
