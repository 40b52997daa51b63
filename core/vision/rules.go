package vision

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// Families says what the families of rules are about, in the order of the
// documentation.
func Families() []Family {
	return []Family{
		{"clarity", "Can it be understood and remembered?", Simple},
		{"concrete", "Could one see or check who does what?", Concrete},
		{"service", "Is it about whom you serve, and what you do for them?", Concrete},
		{"truth", "Does it fit this organization?", True},
		{"promise", "Can it be kept?", Credible},
		{"form", "Is it a statement at all?", Simple},
	}
}

// Family is a family of rules.
type Family struct {
	Name  string // before the slash of an id
	Title string // the question its rules ask
	Part  Part   // of the verdict, that its findings speak of
}

// Rules lists the built-in rules: by family, and by id within.
func Rules() []*lint.Rule {
	return slices.Concat(clarityRules(), concreteRules(), serviceRules(), truthRules(), promiseRules(), formRules())
}

// factsIn gives the facts of the statement a rule looks at.
func factsIn(p *lint.Pass) *Facts { return p.Facts.(*Facts) }

// each makes a check that calls f with each phrase of a list.
func each(list lexicon.List, f func(p *lint.Pass, h lexicon.Hit)) func(*lint.Pass) {
	return func(p *lint.Pass) {
		for _, h := range factsIn(p).of[list] {
			f(p, h)
		}
	}
}

// report makes a check that reports each phrase of a list; %q in the message
// stands for the words.
func report(list lexicon.List, message string) func(*lint.Pass) {
	return each(list, func(p *lint.Pass, h lexicon.Hit) { reportHit(p, h, message) })
}

// unless is report for phrases of which none of the other lists has a word: what
// those say of it is enough.
func unless(others lexicon.Set, list lexicon.List, message string) func(*lint.Pass) {
	return each(list, func(p *lint.Pass, h lexicon.Hit) {
		f := factsIn(p)
		for i := h.First; i < h.End; i++ {
			if f.Marks.InAny(i, others) {
				return
			}
		}
		reportHit(p, h, message)
	})
}

// reportHit reports a phrase, with its replacement if it has one.
func reportHit(p *lint.Pass, h lexicon.Hit, message string) {
	if p.Enough() {
		p.Count()
		return
	}
	span := hitSpan(p.Text, h)
	d := lint.Diagnostic{Span: span, Message: quoting(message, span.In(p.Text.Source))}
	if h.Phrase.Replacement != "" {
		d.Fix = &lint.Fix{Replacement: likeCase(h.Phrase.Replacement, span.In(p.Text.Source)), Safe: h.Phrase.Safe}
	}
	p.Diagnose(d)
}

// quoting puts words into a message in place of %q, on one line.
func quoting(message, words string) string {
	return strings.ReplaceAll(message, "%q", "“"+strings.Join(strings.Fields(words), " ")+"”")
}

// hitSpan is the place of a phrase in the piece.
func hitSpan(t *prose.Text, h lexicon.Hit) prose.Span {
	return prose.Span{Start: t.Words[h.First].Start, End: t.Words[h.End-1].End}
}

// wordsSpan is the place of the words from first up to end.
func wordsSpan(t *prose.Text, first, end int) prose.Span {
	return prose.Span{Start: t.Words[first].Start, End: t.Words[end-1].End}
}

// likeCase gives a replacement a capital where the words it replaces begin with
// one.
func likeCase(replacement, words string) string {
	r, _ := utf8.DecodeRuneInString(words)
	if !unicode.IsUpper(r) {
		return replacement
	}
	first, size := utf8.DecodeRuneInString(replacement)
	return string(unicode.ToUpper(first)) + replacement[size:]
}

// eachSentence calls f with each sentence of the piece that is no heading.
func eachSentence(p *lint.Pass, f func(s *prose.Sentence)) {
	for _, par := range p.Text.Paragraphs {
		if par.Kind == prose.Heading {
			continue
		}
		for i := par.FirstSentence; i < par.EndSentence; i++ {
			f(&p.Text.Sentences[i])
		}
	}
}

// faulty makes a check that reports each fault of a kind.
func faulty(kind fault, message func(f found, words string) string) func(*lint.Pass) {
	return func(p *lint.Pass) {
		for _, f := range factsIn(p).faulty[kind] {
			if p.Enough() {
				p.Count()
				continue
			}
			p.Report(f.Span, "%s", message(f, f.In(p.Text.Source)))
		}
	}
}

// whole makes a check of the whole statement that reports a message when the
// facts call for it.
func whole(message string, calls func(*Facts) bool) func(*lint.Pass) {
	return func(p *lint.Pass) {
		if f := factsIn(p); f.Content > 0 && calls(f) {
			p.Report(prose.Span{}, "%s", message)
		}
	}
}
