package vale

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// framed puts parts into one expression as Vale does: in any case where that is
// asked for, and between the ends of words where not.
func (c *check) framed(body string) string {
	if !c.def.nonword {
		body = `\b(?:` + body + `)\b`
	} else {
		body = `(?:` + body + `)`
	}
	if c.def.ignoreCase {
		return "(?i)" + body
	}
	return body
}

// existence reports what its tokens match.
func (c *check) existence() {
	def := &c.def
	tokens := slices.DeleteFunc(slices.Clone(def.tokens), func(s string) bool { return strings.TrimSpace(s) == "" })
	joined := strings.Join(def.raw, "")
	if len(tokens) == 0 && joined == "" {
		c.fault(def.line("tokens"), "rule has no tokens", "write down what it looks for, one a line")
		return
	}
	expression := joined
	if len(tokens) > 0 {
		body := `(?:` + strings.Join(tokens, "|") + `)`
		if !def.nonword {
			body = `\b` + body + `\b`
		}
		if def.append {
			expression = body + joined
		} else {
			expression = joined + body
		}
	}
	if def.ignoreCase {
		expression = "(?i)" + expression
	}
	words := !def.nonword && len(tokens) > 0
	p := c.compile("tokens", append(slices.Clone(def.raw), tokens...), expression)
	c.rule.Check = func(pass *lint.Pass) {
		c.each(pass, func(span prose.Span, text string, g *guard) error {
			all, err := p.all(text, &g.clock)
			for _, m := range all {
				if words && splitsWord(text, m.start, m.end) {
					continue
				}
				if spared, err := c.excepted(text, m.start, m.end, &g.clock); err != nil || spared {
					if err != nil {
						return err
					}
					continue
				}
				place, quote := narrow(span, text, m.start, m.end)
				pass.Diagnose(lint.Diagnostic{Span: place, Message: c.say(quote), Fix: c.fix(quote)})
			}
			return err
		})
	}
}

// swap is an entry of a substitution.
type swap struct {
	value string
	same  *pattern       // what may stay, nil when it is the value alone
	key   *regexp.Regexp // for values that quote groups of the key, nil for others
}

var (
	// quoting finds the numbers of groups in a value.
	quoting = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\$\d+`) })
	// literal is a text that is no pattern.
	literal = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\pL\pN '’,/-]*$`) })
)

// substitution reports the keys of its swaps, and offers their values.
func (c *check) substitution() {
	if len(c.def.swap) == 0 {
		c.fault(c.def.line("swap"), "rule has no swap", "write down what to say instead of what: \"this: that\" a line")
		return
	}
	pairs := slices.Clone(c.def.swap)
	slices.SortStableFunc(pairs, func(a, b pair) int { return longestFirst(a.key, b.key) })
	swaps := make([]swap, len(pairs))
	keys, branches, names := make([]string, len(pairs)), make([]string, len(pairs)), make([]string, len(pairs))
	for i, p := range pairs {
		swaps[i] = c.swap(p)
		names[i] = fmt.Sprintf("swap%d", i)
		keys[i] = p.key
		branches[i] = "(?<" + names[i] + ">" + p.key + ")"
	}
	pattern := c.compile("swap", keys, c.framed(strings.Join(branches, "|")), names...)
	c.rule.Check = func(pass *lint.Pass) {
		c.each(pass, func(span prose.Span, text string, g *guard) error {
			all, err := pattern.all(text, &g.clock)
			for _, m := range all {
				if !c.def.nonword && splitsWord(text, m.start, m.end) {
					continue
				}
				if err := c.swapped(pass, swaps, span, text, m, g); err != nil {
					return err
				}
			}
			return err
		})
	}
}

// swap prepares an entry.
func (c *check) swap(p pair) swap {
	s := swap{value: p.value}
	if c.def.action.name != "replace" && !literal().MatchString(p.value) {
		// The value may be a pattern of what is right. One that is none is a text.
		s.same, _ = compile(`^(?:` + p.value + `)$`)
	}
	if quoting().MatchString(p.value) {
		expression := p.key
		if c.def.ignoreCase {
			expression = "(?i)" + expression
		}
		s.key, _ = regexp.Compile(expression)
	}
	return s
}

// swapped reports a match of a swap's key that is not right already.
func (c *check) swapped(pass *lint.Pass, swaps []swap, span prose.Span, text string, m match, g *guard) error {
	i := slices.IndexFunc(m.groups, func(at [2]int) bool { return at[0] >= 0 })
	if i < 0 {
		return nil
	}
	s, at := swaps[i], m.groups[i]
	place, quote := narrow(span, text, at[0], at[1])
	value := s.value
	if s.key != nil {
		value = s.key.ReplaceAllString(quote, value)
	}
	offered := options(value)
	if c.capital(quote, value) {
		value = upperFirst(value)
		for j := range offered {
			offered[j] = upperFirst(offered[j])
		}
	}
	right := quote == value
	if c.def.action.name == "replace" {
		right = slices.Contains(offered, quote)
	}
	if s.same != nil && !right {
		var err error
		if right, err = s.same.in(quote, &g.clock); err != nil {
			return err
		}
	}
	if spared, err := c.excepted(text, at[0], at[1], &g.clock); right || spared || err != nil {
		return err
	}
	d := lint.Diagnostic{Span: place}
	if c.def.action.name == "replace" && len(c.def.action.params) == 0 {
		d.Message = stopless(fill(unquotedFor(c.def.message, offered), either(offered), quote))
		if len(offered) == 1 {
			d.Fix = &lint.Fix{Replacement: offered[0]}
		}
	} else {
		d.Message = c.say(value, quote)
		d.Fix = c.fix(quote)
	}
	pass.Diagnose(d)
	return nil
}

// capital says whether a value takes a capital: where the style asks for it, and
// where a key in any case has one and the value none at all.
func (c *check) capital(quote, value string) bool {
	return quote == upperFirst(quote) && (c.def.upper || c.def.ignoreCase && value == strings.ToLower(value) && quote != strings.ToUpper(quote))
}

// unquotedFor is unquoted where the suggestions are several and bring their own
// quotes.
func unquotedFor(message string, offered []string) string {
	if len(offered) > 1 {
		return unquoted(message)
	}
	return message
}
