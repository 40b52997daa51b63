package vale

import (
	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// used is which spellings of each pair a text has used first.
type used struct {
	first []int // 0 for none yet, 1 for the key, 2 for the value
}

// consistency reports the second of two spellings of which a text may have one.
func (c *check) consistency() {
	if len(c.def.either) == 0 {
		c.fault(c.def.line("either"), "rule has no pairs", "write one \"this: that\" a line below either")
		return
	}
	patterns := make([]*pattern, len(c.def.either))
	for i, p := range c.def.either {
		patterns[i] = c.compile("either", []string{p.key, p.value}, c.framed("(?<key>"+p.key+")|(?<value>"+p.value+")"), "key", "value")
	}
	c.rule.Check = func(pass *lint.Pass) {
		u := lint.PerText(pass, c, func() *used { return &used{make([]int, len(patterns))} })
		c.each(pass, func(span prose.Span, text string, g *guard) error {
			for i, p := range patterns {
				all, err := p.all(text, &g.clock)
				if err != nil {
					return err
				}
				for _, m := range all {
					c.other(pass, span, text, m, &u.first[i])
				}
			}
			return nil
		})
	}
}

// other reports a spelling that is not the one used first.
func (c *check) other(pass *lint.Pass, span prose.Span, text string, m match, first *int) {
	if !c.def.nonword && splitsWord(text, m.start, m.end) {
		return
	}
	which := 1
	if m.groups[0][0] < 0 {
		which = 2
	}
	switch *first {
	case 0:
		*first = which
	case which:
	default:
		pass.Report(prose.Span{Start: span.Start + m.start, End: span.Start + m.end}, "%s", c.say(text[m.start:m.end]))
	}
}

// conditional reports what matches first where second has not been seen: up to
// there and with the same text where second has a group, otherwise in the same
// paragraph.
func (c *check) conditional() {
	def := &c.def
	if def.first == "" || def.second == "" {
		c.fault(def.line("first"), "rule has no first and second", "first is what is allowed only with second")
		return
	}
	first := c.compile("first", []string{def.first}, def.first)
	second := c.compile("second", []string{def.second}, def.second)
	if first == nil || second == nil {
		return
	}
	c.rule.Check = func(pass *lint.Pass) {
		seen := lint.PerText(pass, c, func() map[string]bool { return map[string]bool{} })
		c.each(pass, func(span prose.Span, text string, g *guard) error {
			if second.groups() == 0 {
				if found, err := second.in(text, &g.clock); found || err != nil {
					return err
				}
			}
			captured, err := second.captured(text, &g.clock)
			if err != nil {
				return err
			}
			for _, s := range captured {
				seen[s] = true
			}
			return c.unless(pass, span, text, first, seen, g)
		})
	}
}

// unless reports the matches of first that have not been seen in second.
func (c *check) unless(pass *lint.Pass, span prose.Span, text string, first *pattern, seen map[string]bool, g *guard) error {
	all, err := first.all(text, &g.clock)
	for _, m := range all {
		place, quote := narrow(span, text, m.start, m.end)
		if seen[quote] {
			continue
		}
		spared, err := c.excepted(text, m.start, m.end, &g.clock)
		if err != nil {
			return err
		}
		if !spared {
			pass.Diagnose(lint.Diagnostic{Span: place, Message: c.say(quote), Fix: c.fix(quote)})
		}
	}
	return err
}
