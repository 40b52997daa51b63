package vale

import (
	"errors"
	"iter"
	"regexp"
	"regexp/syntax"
	"slices"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/dlclark/regexp2/v2"

	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/lint/internal/runs"
	"github.com/firstcall-cli/firstcall/core/problem"
)

const (
	// maxSize is the largest pattern, its repetitions written out, that the
	// linear engine gets.
	maxSize = 200_000
	// maxSearch is how long one search of the engine that goes back may take.
	maxSearch = time.Second
	// maxTime is how long that engine may take for one rule and one text.
	maxTime = 3 * time.Second
)

// errTooLong is why a pattern was given up.
var errTooLong = errors.New("pattern takes too long")

// pattern is a compiled regular expression: Go's, which takes linear time, where
// that has the syntax and means the same as Vale's; else one that goes back and
// is stopped when it takes too long. It is safe for concurrent use.
type pattern struct {
	linear *regexp.Regexp
	starts *starts // of linear, nil where they are not known
	back   *regexp2.Regexp
	named  []string // names of the groups that matches tell, all others are left out
}

// match is the place of a match in the text that was searched, and those of its
// named groups, -1 where a group has none.
type match struct {
	start, end int
	groups     [][2]int
}

// compile compiles an expression in which ^ and $ are the ends of lines. A match
// tells the groups of the names given.
func compile(expression string, named ...string) (*pattern, error) {
	p := &pattern{named: named}
	multiline := "(?m)" + expression
	if ascii(expression) {
		// Go's \w and \b know no letters beyond ASCII, Vale's do.
		if tree, err := syntax.Parse(multiline, syntax.Perl); err == nil && runs.Size(tree) <= maxSize {
			if p.linear, err = regexp.Compile(multiline); err == nil {
				p.starts = startsOf(expression, tree)
				return p, nil
			}
		}
	}
	back, err := regexp2.Compile(expression, regexp2.Multiline)
	if err != nil {
		return nil, err
	}
	back.MatchTimeout = maxSearch
	p.back = back
	return p, nil
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// clock counts the time that a rule has taken for a text.
type clock struct {
	spent time.Duration
}

// all gives the matches in a text that are not empty.
func (p *pattern) all(text string, c *clock) ([]match, error) {
	if p.linear != nil {
		return p.allLinear(text), nil
	}
	began := time.Now()
	defer func() { c.spent += time.Since(began) }()
	var list []match
	m, err := p.back.FindStringMatch(text)
	for ; m != nil && err == nil; m, err = p.back.FindNextMatch(m) {
		if c.spent+time.Since(began) > maxTime {
			return list, errTooLong
		}
		start, length := m.ByteRange()
		if length == 0 {
			continue
		}
		found := match{start: start, end: start + length}
		for _, name := range p.named {
			place := [2]int{-1, -1}
			if g := m.GroupByName(name); g != nil && len(g.Captures) > 0 {
				from, n := g.ByteRange()
				place = [2]int{from, from + n}
			}
			found.groups = append(found.groups, place)
		}
		list = append(list, found)
	}
	if err != nil {
		return list, errTooLong
	}
	return list, nil
}

func (p *pattern) allLinear(text string) []match {
	var list []match
	for at := range p.eachLinear(text) {
		if at[0] == at[1] {
			continue
		}
		found := match{start: at[0], end: at[1]}
		for _, name := range p.named {
			i := 2 * p.linear.SubexpIndex(name)
			found.groups = append(found.groups, [2]int{at[i], at[i+1]})
		}
		list = append(list, found)
	}
	return list
}

// eachLinear gives the places of the matches and of their groups.
func (p *pattern) eachLinear(text string) iter.Seq[[]int] {
	if p.starts == nil || p.starts.first() == nil || p.starts.later() == nil {
		return slices.Values(p.linear.FindAllStringSubmatchIndex(text, -1))
	}
	return func(yield func([]int) bool) {
		limit := time.Now().Add(time.Duration(len(text)) * perByte)
		for i := p.starts.next(text, 0); i >= 0; {
			if time.Now().After(limit) {
				p.restLinear(text, i, yield)
				return
			}
			after := i + 1
			if at := p.starts.at(text, i); at != nil {
				if !yield(at) {
					return
				}
				after = max(after, at[1])
			}
			i = p.starts.next(text, after)
		}
	}
}

// restLinear gives the places of the matches from an offset on, in linear time.
func (p *pattern) restLinear(text string, from int, yield func([]int) bool) {
	for _, at := range p.linear.FindAllStringSubmatchIndex(text, -1) {
		if at[0] >= from && !yield(at) {
			return
		}
	}
}

// in says whether a text has a match, an empty one too.
func (p *pattern) in(text string, c *clock) (bool, error) {
	if p.linear != nil {
		return p.linear.MatchString(text), nil
	}
	if c.spent > maxTime {
		return false, errTooLong
	}
	began := time.Now()
	found, err := p.back.MatchString(text)
	c.spent += time.Since(began)
	if err != nil {
		return false, errTooLong
	}
	return found, nil
}

// captured gives what the unnamed and named groups of the matches have, in the
// order of the text.
func (p *pattern) captured(text string, c *clock) ([]string, error) {
	var list []string
	if p.linear != nil {
		for _, m := range p.linear.FindAllStringSubmatch(text, -1) {
			for _, s := range m[1:] {
				if s != "" {
					list = append(list, s)
				}
			}
		}
		return list, nil
	}
	began := time.Now()
	defer func() { c.spent += time.Since(began) }()
	m, err := p.back.FindStringMatch(text)
	for ; m != nil && err == nil; m, err = p.back.FindNextMatch(m) {
		if c.spent+time.Since(began) > maxTime {
			return list, errTooLong
		}
		for _, g := range m.Groups()[1:] {
			if s := g.String(); s != "" {
				list = append(list, s)
			}
		}
	}
	if err != nil {
		return list, errTooLong
	}
	return list, nil
}

// groups is how many groups the pattern has.
func (p *pattern) groups() int {
	if p.linear != nil {
		return p.linear.NumSubexp()
	}
	return len(p.back.GetGroupNumbers()) - 1
}

// splitsWord says whether a match begins or ends within a word: Go's \b takes
// letters beyond ASCII for its end.
func splitsWord(text string, start, end int) bool {
	return wordBefore(text, start) && wordAt(text, start) && beyondASCII(text, start) ||
		wordBefore(text, end) && wordAt(text, end) && beyondASCII(text, end)
}

func wordAt(text string, i int) bool {
	r, _ := utf8.DecodeRuneInString(text[i:])
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

func wordBefore(text string, i int) bool {
	r, _ := utf8.DecodeLastRuneInString(text[:i])
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

// beyondASCII says whether one of the characters around i is no ASCII.
func beyondASCII(text string, i int) bool {
	return i > 0 && text[i-1] >= utf8.RuneSelf || i < len(text) && text[i] >= utf8.RuneSelf
}

// guard keeps a rule whose pattern has taken too long from looking at more of a
// text, and says so.
type guard struct {
	clock
	failed bool
}

// guardOf gives the guard of a check for the text of a pass.
func (c *check) guardOf(p *lint.Pass) *guard {
	return lint.PerText(p, guardKey{c}, func() *guard { return &guard{} })
}

type guardKey struct{ c *check }

// gave says whether an error ends the check of a text, and tells it.
func (c *check) gave(p *lint.Pass, err error) bool {
	if err == nil {
		return false
	}
	g := c.guardOf(p)
	if !g.failed {
		g.failed = true
		p.Fail(problem.Problem{
			File: c.file,
			Line: c.def.line(c.def.extends),
			What: "rule " + c.rule.ID + " was given up: its " + err.Error(),
			Hint: "write the pattern without repetitions inside each other, or without lookaround",
		})
	}
	return true
}
