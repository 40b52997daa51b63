package vale

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// tally is what a check has counted of a text in a scope that goes over pieces.
type tally struct {
	n     int
	first prose.Span // in the whole text
}

// tallyKey is the key of a tally: of a check, for one of its scopes.
type tallyKey struct {
	c     *check
	scope int
}

// occurrence reports scopes with more or fewer matches than there may be.
func (c *check) occurrence() {
	def := &c.def
	switch {
	case def.token == "":
		c.fault(def.line("token"), "rule has no token", "write down what it counts")
		return
	case def.max <= 0 && def.min <= 0:
		c.fault(def.line("max"), "rule has neither max nor min", "write max: 3, for example")
		return
	}
	expression := "(?:" + def.token + ")"
	if def.ignoreCase {
		expression = "(?i)" + expression
	}
	p := c.compile("token", []string{def.token}, expression)
	c.rule.Check = func(pass *lint.Pass) {
		g := c.guardOf(pass)
		for i, s := range c.scopes {
			s.each(pass.Text, func(span prose.Span) {
				if !g.failed {
					c.gave(pass, c.count(pass, p, i, span, &g.clock))
				}
			})
		}
	}
	if slices.ContainsFunc(c.scopes, scope.whole) {
		c.rule.Whole = c.tell
	}
}

// wrong says whether there may not be so many matches.
func (c *check) wrong(n int) bool {
	return c.def.max > 0 && n > c.def.max || c.def.min > 0 && n < c.def.min
}

// count counts the matches in a span of one of the scopes, and reports it unless
// the scope goes on.
func (c *check) count(pass *lint.Pass, p *pattern, scope int, span prose.Span, clock *clock) error {
	all, err := p.all(span.In(pass.Text.Source), clock)
	if err != nil {
		return err
	}
	at := span
	if len(all) > 0 {
		at = prose.Span{Start: span.Start + all[0].start, End: span.Start + all[0].end}
	}
	if !c.scopes[scope].whole() {
		if c.wrong(len(all)) {
			pass.Report(at, "%s", c.say(at.In(pass.Text.Source)))
		}
		return nil
	}
	t := lint.PerText(pass, tallyKey{c, scope}, func() *tally { return &tally{} })
	if t.n == 0 && len(all) > 0 {
		t.first = prose.Span{Start: pass.Base() + at.Start, End: pass.Base() + at.End}
	}
	t.n += len(all)
	return nil
}

// tell reports the scopes that go over all pieces.
func (c *check) tell(pass *lint.Pass) {
	if c.guardOf(pass).failed {
		return
	}
	for i, s := range c.scopes {
		if !s.whole() {
			continue
		}
		if t := lint.PerText(pass, tallyKey{c, i}, func() *tally { return &tally{} }); c.wrong(t.n) {
			pass.Report(t.first, "%s", c.say())
		}
	}
}

// repetition reports what matches twice in a row and is the same both times.
func (c *check) repetition() {
	def := &c.def
	if len(def.tokens) == 0 {
		c.fault(def.line("tokens"), "rule has no tokens", `write "- '\w+'" below it to find repeated words`)
		return
	}
	expression := "(?:" + strings.Join(def.tokens, "|") + ")"
	if def.ignoreCase {
		expression = "(?i)" + expression
	}
	p := c.compile("tokens", def.tokens, expression)
	c.rule.Check = func(pass *lint.Pass) {
		c.each(pass, func(span prose.Span, text string, g *guard) error {
			all, err := p.all(text, &g.clock)
			if err != nil {
				return err
			}
			return c.repeated(pass, span, text, all, g)
		})
	}
}

// repeated reports the matches that repeat the one before.
func (c *check) repeated(pass *lint.Pass, span prose.Span, text string, all []match, g *guard) error {
	count, previous := 0, ""
	for i, m := range all {
		now := strings.TrimSpace(text[m.start:m.end])
		same := now == previous || c.def.ignoreCase && strings.EqualFold(now, previous)
		previous = now
		if !same || now == "" || c.def.alpha && !letters(now) {
			continue
		}
		if count++; count <= c.def.max {
			continue
		}
		start, end := all[i-1].start, m.end
		place := prose.Span{Start: span.Start + start, End: span.Start + end}
		// "About that. That is important." repeats nothing.
		if !oneSentence(pass.Text, place) {
			continue
		}
		spared, err := c.excepted(text, start, end, &g.clock)
		if err != nil {
			return err
		}
		if !spared {
			pass.Diagnose(lint.Diagnostic{Span: place, Message: c.say(now), Fix: c.fix(text[start:end])})
			count = 0
		}
	}
	return nil
}

func letters(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
}

// oneSentence says whether a place is within one sentence.
func oneSentence(t *prose.Text, place prose.Span) bool {
	i, exact := slices.BinarySearchFunc(t.Sentences, place.Start, func(s prose.Sentence, start int) int {
		return cmp.Compare(s.Start, start)
	})
	if !exact {
		i--
	}
	return i < 0 || place.End <= t.Sentences[i].End
}
