package lint

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// DefaultPerRule is how many diagnostics of a rule are listed for one text.
const DefaultPerRule = 100

// Piece is a part of a text that no paragraph crosses. A text of ordinary
// length is one piece; one that is too long to be held is cut.
type Piece struct {
	Text *prose.Text
	Base int // offset of the piece in the whole text
}

// Pieces gives the one piece that a text of ordinary length is.
func Pieces(t *prose.Text) iter.Seq[Piece] {
	return func(yield func(Piece) bool) { yield(Piece{Text: t}) }
}

// Options say how Run goes about one text. The zero value is ready.
type Options struct {
	// PerRule is how many diagnostics of a rule are listed at most; 0 means
	// DefaultPerRule. What is suppressed or accepted doesn't count.
	PerRule int
	// Facts is Pass.Facts. Who gives the pieces may change what it points to
	// before each one.
	Facts any
	// Suppress says whether the text itself asks for a diagnostic not to be
	// told: Suppressions.Covers. Nil for never.
	Suppress func(Diagnostic) bool
	// Accept says whether a diagnostic is known and accepted: a baseline's. It
	// is asked once for each one that is not suppressed, rule by rule and in the
	// order of the text. The quote is what the span covers. It is empty for the
	// whole text, and the message for a span that Whole reports, since the text
	// may be gone by then. Nil for never.
	Accept func(d Diagnostic, quote string) bool
}

// Result is what the rules found in one text. The maps count diagnostics by
// rule id, and are nil when there is nothing to count.
type Result struct {
	Diagnostics []Diagnostic     // by start, end and rule; those about the whole text first
	More        map[string]int   // not listed, because there are too many
	Unlisted    map[Severity]int // the same by severity
	Suppressed  map[string]int
	Accepted    map[string]int
	Failed      problem.List // rules that could not look at all of the text, one problem each, in the order of the rules
}

// Run looks through one text with the rules: each rule's Check sees every
// piece, then each rule's Whole is called once. Of diagnostics that are equal in
// all that is told, one is kept. Of more than are listed, the first ones are.
//
// It holds one piece at a time, and no more diagnostics than one piece has and
// will be listed. It is safe for concurrent use as far as the rules are.
func Run(rules []*Rule, pieces iter.Seq[Piece], opt Options) Result {
	if opt.PerRule <= 0 {
		opt.PerRule = DefaultPerRule
	}
	r := run{opt: opt, found: make([]finds, len(rules))}
	r.pass.Facts = opt.Facts
	for piece := range pieces {
		r.pass.piece = nil
		for i, rule := range rules {
			if rule.Check != nil {
				r.call(rule, rule.Check, piece, &r.found[i])
			}
		}
	}
	r.pass.piece = nil
	for i, rule := range rules {
		if rule.Whole != nil {
			r.call(rule, rule.Whole, Piece{}, &r.found[i])
		}
	}
	return r.finish(rules)
}

// run is one call of Run.
type run struct {
	opt    Options
	pass   Pass    // handed to one rule after the other
	found  []finds // of each rule
	result Result
}

// finds is what one rule found.
type finds struct {
	listed []Diagnostic // at most as many from the pieces as will be listed, and from Whole
	more   int
	failed *problem.Problem
}

// call lets a rule look at a piece, or at the whole text, and sorts out what it
// reports.
func (r *run) call(rule *Rule, check func(*Pass), piece Piece, f *finds) {
	p := &r.pass
	p.Text, p.base, p.rule = piece.Text, piece.Base, rule
	p.reported, p.failed, p.uncounted = p.reported[:0], f.failed, 0
	p.enough = piece.Text != nil && r.opt.Suppress == nil && r.opt.Accept == nil && len(f.listed) >= r.opt.PerRule
	check(p)
	f.failed = p.failed
	r.unlisted(f, cmp.Or(rule.Level, rule.Severity), p.uncounted)
	reported := p.reported
	// Sorted here already, so that equal ones neither use up a baseline's count
	// nor the list.
	slices.SortStableFunc(reported, compare)
	listed := 0
	for _, d := range slices.CompactFunc(reported, same) {
		switch {
		case r.opt.Suppress != nil && r.opt.Suppress(d):
			count(&r.result.Suppressed, rule, 1)
		case r.opt.Accept != nil && r.opt.Accept(d, quote(d, piece)):
			count(&r.result.Accepted, rule, 1)
		case piece.Text == nil && listed < r.opt.PerRule, len(f.listed) < r.opt.PerRule:
			f.listed = append(f.listed, d)
			listed++
		default:
			r.unlisted(f, d.Severity, 1)
		}
	}
}

// finish puts together what the rules found.
func (r *run) finish(rules []*Rule) Result {
	for i, rule := range rules {
		f := &r.found[i]
		slices.SortStableFunc(f.listed, compare)
		f.listed = slices.CompactFunc(f.listed, same)
		if over := len(f.listed) - r.opt.PerRule; over > 0 {
			for _, d := range f.listed[r.opt.PerRule:] {
				r.unlisted(f, d.Severity, 1)
			}
			f.listed = f.listed[:r.opt.PerRule]
		}
		count(&r.result.More, rule, f.more)
		if f.failed != nil {
			r.result.Failed.Add(*f.failed)
		}
		r.result.Diagnostics = append(r.result.Diagnostics, f.listed...)
	}
	slices.SortStableFunc(r.result.Diagnostics, compare)
	return r.result
}

// unlisted counts diagnostics of a rule that are too many to be listed.
func (r *run) unlisted(f *finds, severity Severity, n int) {
	if n == 0 {
		return
	}
	f.more += n
	if r.result.Unlisted == nil {
		r.result.Unlisted = map[Severity]int{}
	}
	r.result.Unlisted[severity] += n
}

// quote gives the words of a diagnostic, as Options.Accept is told them.
func quote(d Diagnostic, piece Piece) string {
	switch {
	case d.Span.Start == d.Span.End:
		return ""
	case piece.Text == nil:
		return d.Message
	}
	return piece.Text.Source[d.Span.Start-piece.Base : d.Span.End-piece.Base]
}

// count adds n to what is counted for a rule, in a map made when it is needed.
func count(by *map[string]int, rule *Rule, n int) {
	if n == 0 {
		return
	}
	if *by == nil {
		*by = map[string]int{}
	}
	(*by)[rule.ID] += n
}

// compare orders diagnostics by place, then by rule, then by what they say.
func compare(a, b Diagnostic) int {
	return cmp.Or(
		cmp.Compare(a.Span.Start, b.Span.Start),
		cmp.Compare(a.Span.End, b.Span.End),
		strings.Compare(a.Rule.ID, b.Rule.ID),
		strings.Compare(a.Message, b.Message),
		-cmp.Compare(a.Severity, b.Severity),
		compareFixes(a.Fix, b.Fix),
	)
}

// compareFixes puts safe fixes before others, and any before none.
func compareFixes(a, b *Fix) int {
	rank := func(f *Fix) int {
		switch {
		case f == nil:
			return 2
		case f.Safe:
			return 0
		}
		return 1
	}
	if order := cmp.Compare(rank(a), rank(b)); order != 0 || a == nil {
		return order
	}
	return strings.Compare(a.Replacement, b.Replacement)
}

// same says whether nothing tells two diagnostics apart.
func same(a, b Diagnostic) bool { return compare(a, b) == 0 }
