package vale

import (
	"math"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"
)

const (
	maxStarts = 4000 // how many beginnings of a pattern are told apart
	maxStart  = 4    // bytes of a beginning
	maxClass  = 64   // characters of a class
	// perByte is how long the looking may take for a byte of a text. Patterns
	// without end may look at all of it from each place.
	perByte = 500 * time.Nanosecond
)

// starts finds the places where a match of a pattern may begin, for patterns of
// which each match begins with one of some letters: the lists of words that
// styles are made of. The engine, which takes its time for long lists, then only
// looks there.
type starts struct {
	by      [utf8.RuneSelf][]string  // the beginnings in lower case, by their first byte
	pairs   [utf8.RuneSelf][2]uint64 // whether there are any with these two bytes, or with the first alone: a bit each
	bounded bool                     // matches begin with the beginning or end of a word
	first   func() *regexp.Regexp    // the pattern at the beginning of a text
	later   func() *regexp.Regexp    // the pattern behind the first character of a text
}

// other stands in beginnings for any character beyond ASCII.
const other = "\x80"

// startsOf gives the beginnings of a pattern, nil when they are not known.
func startsOf(expression string, tree *syntax.Regexp) *starts {
	found := beginnings(tree)
	s := &starts{bounded: bounded(tree)}
	for _, b := range found {
		switch {
		case b.text == "":
			return nil
		case b.text[0] != other[0]: // those are looked at anyway
			s.add(b.text)
		}
	}
	for i := range s.by {
		slices.Sort(s.by[i])
		s.by[i] = slices.CompactFunc(s.by[i], func(a, b string) bool { return strings.HasPrefix(b, a) })
	}
	anchored := func(before string) func() *regexp.Regexp {
		return sync.OnceValue(func() *regexp.Regexp {
			re, err := regexp.Compile(before + `(?m:` + expression + `)`)
			if err != nil {
				return nil // too large, with what is before
			}
			return re
		})
	}
	s.first, s.later = anchored(`\A`), anchored(`\A(?s:.)`)
	return s
}

// add notes a beginning.
func (s *starts) add(text string) {
	s.by[text[0]] = append(s.by[text[0]], text)
	row := &s.pairs[text[0]]
	if len(text) > 1 && text[1] < utf8.RuneSelf {
		row[text[1]/64] |= 1 << (text[1] % 64)
		return
	}
	*row = [2]uint64{math.MaxUint64, math.MaxUint64}
}

// next gives the first place from i on where a match may begin, -1 for none.
func (s *starts) next(text string, i int) int {
	for ; i < len(text); i++ {
		c := lower(text[i])
		if c >= utf8.RuneSelf {
			// Some letters beyond ASCII are the same as one within it but for their case.
			if utf8.RuneStart(c) {
				return i
			}
			continue
		}
		list := s.by[c]
		if len(list) == 0 || s.bounded && i > 0 && wordByte(c) && wordByte(text[i-1]) {
			continue
		}
		if i+1 < len(text) {
			if second := lower(text[i+1]); second < utf8.RuneSelf && s.pairs[c][second/64]&(1<<(second%64)) == 0 {
				continue
			}
		}
		for _, b := range list {
			if begins(text[i:], b) {
				return i
			}
		}
	}
	return -1
}

// begins says whether a text may begin with ASCII in lower case.
func begins(text, start string) bool {
	for i := range len(start) {
		if i == len(text) {
			return false
		}
		if c := lower(text[i]); c >= utf8.RuneSelf {
			return true // see next
		} else if c != start[i] {
			return false
		}
	}
	return true
}

// at gives the match that begins at a place, nil for none.
func (s *starts) at(text string, i int) []int {
	if i == 0 {
		return s.first().FindStringSubmatchIndex(text)
	}
	_, size := utf8.DecodeLastRuneInString(text[:i])
	from := i - size
	at := s.later().FindStringSubmatchIndex(text[from:])
	for j := range at {
		if at[j] >= 0 {
			at[j] += from
		}
	}
	if at != nil {
		at[0] = i
	}
	return at
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func wordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_'
}

// bounded says whether all that a pattern matches begins with \b.
func bounded(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpWordBoundary:
		return true
	case syntax.OpCapture, syntax.OpConcat:
		return bounded(re.Sub[0])
	case syntax.OpAlternate:
		return !slices.ContainsFunc(re.Sub, func(sub *syntax.Regexp) bool { return !bounded(sub) })
	}
	return false
}

// beginning is how a match may begin.
type beginning struct {
	text string // lower case, ASCII
	open bool   // what follows is not known
}

// beginnings lists how matches may begin. One of them is empty when that is not
// known.
func beginnings(re *syntax.Regexp) []beginning {
	unknown := []beginning{{open: true}}
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return []beginning{{}}
	case syntax.OpLiteral:
		return []beginning{literalStart(re.Rune)}
	case syntax.OpCharClass:
		return classStarts(re.Rune)
	case syntax.OpCapture:
		return beginnings(re.Sub[0])
	case syntax.OpPlus:
		return opened(beginnings(re.Sub[0]))
	case syntax.OpQuest:
		return append(beginnings(re.Sub[0]), beginning{})
	case syntax.OpStar:
		return append(opened(beginnings(re.Sub[0])), beginning{})
	case syntax.OpRepeat:
		list := opened(beginnings(re.Sub[0]))
		if re.Min == 0 {
			list = append(list, beginning{})
		}
		return list
	case syntax.OpAlternate:
		var list []beginning
		for _, sub := range re.Sub {
			if list = append(list, beginnings(sub)...); len(list) > maxStarts {
				return unknown
			}
		}
		return list
	case syntax.OpConcat:
		list := []beginning{{}}
		for _, sub := range re.Sub {
			if !slices.ContainsFunc(list, func(b beginning) bool { return !b.open }) {
				break
			}
			list = follow(list, beginnings(sub))
		}
		return list
	}
	return unknown
}

// literalStart is the beginning of letters.
func literalStart(runes []rune) beginning {
	var b beginning
	for _, r := range runes {
		switch {
		case len(b.text) == maxStart:
			return beginning{b.text, true}
		case r >= utf8.RuneSelf:
			return beginning{b.text + other, true}
		}
		b.text += string(unicode.ToLower(r))
	}
	return b
}

// classStarts are the characters of a small class, given as ranges.
func classStarts(ranges []rune) []beginning {
	var list []beginning
	for i := 0; i+1 < len(ranges); i += 2 {
		for r := ranges[i]; r <= min(ranges[i+1], utf8.RuneSelf-1); r++ {
			list = append(list, beginning{text: string(unicode.ToLower(r))})
		}
	}
	if len(list) > maxClass {
		return []beginning{{open: true}}
	}
	if n := len(ranges); n > 0 && ranges[n-1] >= utf8.RuneSelf {
		list = append(list, beginning{other, true})
	}
	return list
}

// opened gives beginnings after which anything may follow.
func opened(list []beginning) []beginning {
	out := slices.Clone(list)
	for i := range out {
		out[i].open = true
	}
	return out
}

// follow gives beginnings that go on with others.
func follow(list, next []beginning) []beginning {
	if len(list)*len(next) > maxStarts {
		return opened(list)
	}
	var out []beginning
	for _, b := range list {
		if b.open {
			out = append(out, b)
			continue
		}
		for _, n := range next {
			both := beginning{text: b.text + n.text, open: n.open}
			if len(both.text) > maxStart {
				both = beginning{text: both.text[:maxStart], open: true}
			}
			out = append(out, both)
		}
	}
	slices.SortFunc(out, func(a, b beginning) int { return strings.Compare(a.text, b.text) })
	return slices.Compact(out)
}
