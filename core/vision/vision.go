// Package vision judges vision and mission statements: whether one would guide
// what the people who read it do. It holds the rules for statements, the verdict
// with its weights, and what goes with it: the summary, the worksheet, the
// questions for a staff test.
//
// It reads no files: a caller gives documents of core/document or plain texts, and
// gets bodies of statement records.
package vision

import (
	"cmp"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/prose"
	"github.com/firstcall-cli/firstcall/core/record"
)

// Kinds of statements, as in records.
const (
	KindVision        = "vision"
	KindMission       = "mission"
	KindServiceVision = "service-vision"
	KindValues        = "values"
	KindPromise       = "promise"
	KindSlogan        = "slogan"
)

// Kinds lists the kinds of statements.
func Kinds() []string {
	return []string{KindVision, KindMission, KindServiceVision, KindValues, KindPromise, KindSlogan}
}

// How a kind is known, as in records.
const (
	FromUser    = "given"
	FromHeading = "heading"
	FromText    = "text"
	FromDefault = "default"
)

// Statement is a statement to be judged.
type Statement struct {
	ID         string
	Text       string
	Blocks     []Block // its layout, where that is known; spans into Text, in order
	Kind       string  // one of Kinds; empty to find out
	KindFrom   string
	Department string // whose it is; empty for the company
	OfSome     bool   // of a department whose name is not known
}

// Block is a paragraph of a statement.
type Block struct {
	prose.Span
	Kind prose.Block
}

// Options say how statements are judged. The zero value is ready: the built-in
// rules, and nothing known of the organization.
type Options struct {
	Rules        []*lint.Rule  // nil for Rules()
	Organization *Organization // nil when nothing is known
	Memory       *Memory       // nil for memory of its own
	PerRule      int           // findings of a rule that are listed; 0 for MostListed
	// Suppress and Accept are those of lint.Options, for the statement in hand.
	Suppress func(lint.Diagnostic) bool
	Accept   func(d lint.Diagnostic, quote string) bool
}

// Memory is what Judge works in. It may be used again for the next statement, which
// spares making it anew, but not by two calls at the same time.
type Memory struct {
	marks   lexicon.Marks
	sorted  []lexicon.Hit
	faulty  [faults][]found
	counter *prose.Counter
	text    *prose.Text
}

// MostListed is how many findings of a rule are listed for a statement: a writer who
// has seen so many knows the rest.
const MostListed = 25

// Judged is a statement with what was found. Body has no findings yet: only who
// knows the file can say where they are; see Remarks.
type Judged struct {
	Body   record.Statement
	Result lint.Result
	facts  *Facts
}

// pieceSize is how many bytes of a statement are looked at at a time. Nearly all
// statements are one piece; a longer text is cut between paragraphs, or between
// words where a paragraph is longer than this.
const pieceSize = 64 << 10

// keptText is how many bytes of a statement its record carries.
const keptText = 64 << 10

// Judge looks through one statement. It takes time linear in the text, and
// memory for one piece of it.
func Judge(s Statement, opt Options) Judged {
	rules := opt.Rules
	if rules == nil {
		rules = Rules()
	}
	memory := opt.Memory
	if memory == nil {
		memory = &Memory{}
	}
	facts := newFacts(opt.Organization)
	facts.Marks, facts.sorted, facts.faulty, facts.counter = &memory.marks, memory.sorted, memory.faulty, memory.counter
	defer func() { memory.sorted, memory.faulty, memory.counter = facts.sorted, facts.faulty, facts.counter }()
	perRule := cmp.Or(opt.PerRule, MostListed)
	facts.department, facts.kind, facts.text = s.Department, s.Kind, s.Text
	j := Judged{facts: facts, Body: record.Statement{ID: s.ID, Kind: s.Kind, KindFrom: s.KindFrom, Scope: "company", Language: "en", Text: s.Text, Undefined: map[string]string{}}}
	b := &j.Body
	b.Measures = record.Measures{Features: []record.Figure{}, Components: []string{}}
	if s.Department != "" || s.OfSome {
		b.Scope, b.Department = "department", s.Department
	}
	if len(s.Text) > keptText {
		b.Text, b.Cut = strings.ToValidUTF8(s.Text[:keptText], ""), true
	}
	guess := prose.Detect(s.Text)
	if b.Language = guess.Tag; guess.Tag != "en" && (guess.Sure || guess.Tag == "und") {
		b.Undefined["verdict"] = "the text is in a language that there are no rules for (" + guess.Tag + ")"
		if guess.Tag == "und" {
			b.Undefined["verdict"] = "the text has no words"
		}
		b.Kind, b.KindFrom = kindOf(s, facts)
		return j
	}
	b.Language = "en"
	if onlyHeadings(s) {
		s.Blocks = []Block{{prose.Span{Start: 0, End: len(s.Text)}, prose.Prose}}
	}
	lex := lexicon.English()
	j.Result = lint.Run(rules, func(yield func(lint.Piece) bool) {
		for piece := range pieces(s, memory) {
			facts.add(lex, piece.Text)
			if !yield(piece) {
				return
			}
		}
	}, lint.Options{Facts: facts, PerRule: perRule, Suppress: opt.Suppress, Accept: opt.Accept})
	b.Kind, b.KindFrom = kindOf(s, facts)
	j.describe(s)
	return j
}

// onlyHeadings says whether a short text has nothing but headings: on a website a
// statement often is one.
func onlyHeadings(s Statement) bool {
	if len(s.Text) > 2000 {
		return false
	}
	if s.Blocks != nil {
		return !slices.ContainsFunc(s.Blocks, func(b Block) bool { return b.Kind != prose.Heading })
	}
	for _, p := range prose.Parse(s.Text).Paragraphs {
		if p.Kind != prose.Heading {
			return false
		}
	}
	return true
}

// describe fills in what the facts say.
func (j *Judged) describe(s Statement) {
	b, f := &j.Body, j.facts
	b.Measures = measures(f)
	b.More = j.Result.More
	for _, counts := range []map[string]int{j.Result.Suppressed, j.Result.Accepted} {
		for _, n := range counts {
			b.Accepted += n
		}
	}
	switch {
	case f.Counts.Words == 0:
		b.Undefined["verdict"] = "there are no words outside headings and links"
		return
	case f.strange >= 2 && 2*f.strange >= f.Content:
		b.Undefined["verdict"] = "most of its words are not known: it may be in another language, or no sentence"
		b.Language = "und"
		j.Result = lint.Result{}
		return
	}
	b.Verdict = verdict(f, j.Result.Diagnostics)
	if !f.Known.tells(f) {
		b.Verdict.Provisional = []string{True.String()}
		b.Undefined["organization"] = "nothing is known of the organization: the figure for true says only whether another could sign the text, not whether the text is so"
	}
	b.Summary = summary(b, j.Result.Diagnostics, s.Text)
	b.Worksheet = f.sheet.filled()
	b.StaffTest = staffTest(b)
	b.Standing = standing(b.Verdict.Overall)
}

// pieces cuts a statement. Each piece is made when it is asked for, in the memory of
// the one before.
func pieces(s Statement, memory *Memory) iter.Seq[lint.Piece] {
	if memory.text == nil {
		memory.text = prose.English().Parse("")
	}
	p := cutter{text: s.Text, now: memory.text}
	if s.Blocks == nil {
		return func(yield func(lint.Piece) bool) { p.plain(yield) }
	}
	return func(yield func(lint.Piece) bool) {
		for first := 0; first < len(s.Blocks); {
			last := first + 1
			for last < len(s.Blocks) && s.Blocks[last].End-s.Blocks[first].Start <= pieceSize {
				last++
			}
			if !p.blocks(s.Blocks[first:last], yield) {
				return
			}
			first = last
		}
	}
}

// cutter makes the pieces of a text.
type cutter struct {
	text string
	now  *prose.Text
}

// piece yields the text from start up to end, with its layout where that is known.
func (c *cutter) piece(start, end int, layout iter.Seq2[prose.Span, prose.Block], yield func(lint.Piece) bool) bool {
	prose.English().ParseAgain(c.now, c.text[start:end], layout)
	return yield(lint.Piece{Text: c.now, Base: start})
}

// plain yields a text whose layout is not known.
func (c *cutter) plain(yield func(lint.Piece) bool) {
	for start := 0; start < len(c.text); {
		end := cut(c.text, start)
		if !c.piece(start, end, nil, yield) {
			return
		}
		start = end
	}
}

// blocks yields blocks: as one piece, or as several where there is a single one and
// that is longer than a piece.
func (c *cutter) blocks(blocks []Block, yield func(lint.Piece) bool) bool {
	start, end := blocks[0].Start, blocks[len(blocks)-1].End
	if end-start <= pieceSize {
		return c.piece(start, end, func(yield func(prose.Span, prose.Block) bool) {
			for _, b := range blocks {
				if !yield(prose.Span{Start: b.Start - start, End: b.End - start}, b.Kind) {
					return
				}
			}
		}, yield)
	}
	for start < end {
		to := min(end, cut(c.text, start))
		one := func(yield func(prose.Span, prose.Block) bool) {
			yield(prose.Span{Start: 0, End: to - start}, blocks[0].Kind)
		}
		if !c.piece(start, to, one, yield) {
			return false
		}
		start = to
	}
	return true
}

// cut gives where a piece that begins at start ends: at the last empty line of
// what fits, or else after the last sentence, word or letter.
func cut(text string, start int) int {
	if len(text)-start <= pieceSize {
		return len(text)
	}
	window := text[start : start+pieceSize]
	for _, at := range []string{"\n\n", ". ", "\n", " "} {
		if i := strings.LastIndex(window, at); i > pieceSize/2 {
			return start + i + len(at)
		}
	}
	end := start + pieceSize
	for end > start+1 && !utf8.RuneStart(text[end]) {
		end--
	}
	return end
}
