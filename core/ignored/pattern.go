package ignored

import (
	"path"
	"strings"
)

// pattern is one line of a .gitignore file.
type pattern struct {
	negated bool // what matches is not left out after all
	folders bool // only folders match
	base    bool // it is held against the last part of a path, not all of it
	never   bool // it is not well formed, and matches nothing
	literal string
	tokens  []token // nil when literal is all there is
}

// token is a part of a pattern.
type token struct {
	kind tokenKind
	set  byteSet // for one
}

type tokenKind int

const (
	one    tokenKind = iota // one byte of the set
	star                    // *: any bytes but a slash
	deep                    // ** at the end: any bytes
	deeper                  // **/: nothing, or any bytes up to a slash and with it
)

// byteSet is a set of bytes. Like git, patterns know no characters.
type byteSet [4]uint64

func (s *byteSet) add(c byte)      { s[c>>6] |= 1 << (c & 63) }
func (s *byteSet) has(c byte) bool { return s[c>>6]&(1<<(c&63)) != 0 }
func (s *byteSet) addRange(from, to byte) {
	for c := int(from); c <= int(to); c++ {
		s.add(byte(c))
	}
}

func (s *byteSet) negate() {
	for i := range s {
		s[i] = ^s[i]
	}
}

// parsePatterns reads the text of a .gitignore file.
func parsePatterns(text string) []pattern {
	var patterns []pattern
	for line := range strings.SplitSeq(strings.TrimPrefix(text, "\uFEFF"), "\n") {
		line = strings.TrimSuffix(line, "\r")
		line, _, _ = strings.Cut(line, "\x00")
		if line = trimBlanks(line); line != "" && line[0] != '#' {
			patterns = append(patterns, parsePattern(line))
		}
	}
	return patterns
}

// trimBlanks takes blanks off the end of a line, but for one behind a backslash.
func trimBlanks(line string) string {
	end := 0
	for i := 0; i < len(line); i++ {
		if line[i] == '\\' {
			i++
		} else if line[i] == ' ' {
			continue
		}
		end = min(i+1, len(line))
	}
	return line[:end]
}

// special are the bytes with which something begins that is no literal.
const special = `*?[\`

// parsePattern reads a line that is neither empty nor a comment.
func parsePattern(line string) pattern {
	var p pattern
	line, p.negated = strings.CutPrefix(line, "!")
	line, p.folders = strings.CutSuffix(line, "/")
	p.base = !strings.Contains(line, "/")
	line = strings.TrimPrefix(line, "/")
	first := strings.IndexAny(line, special)
	if first < 0 {
		p.literal = line
		p.never = line == ""
		return p
	}
	p.tokens, p.never = tokens(line, first)
	return p
}

// tokens takes a pattern apart whose first special byte is at first. bad says that
// it is not well formed.
func tokens(text string, first int) (out []token, bad bool) {
	for i := 0; i < len(text); {
		switch text[i] {
		case '*':
			run := len(text[i:]) - len(strings.TrimLeft(text[i:], "*"))
			rest := text[i+run:]
			// ** means more than * where it stands for whole names. git does not look
			// at the literal text before the first special byte to tell.
			whole := run > 1 && (i == first || text[i-1] == '/')
			i += run
			switch {
			case whole && strings.HasPrefix(rest, "/"):
				out = append(out, token{kind: deeper})
				i++
			case whole && (rest == "" || strings.HasPrefix(rest, `\/`)):
				out = append(out, token{kind: deep})
			default:
				out = append(out, token{kind: star})
			}
		case '?':
			t := token{kind: one}
			t.set.add('/')
			t.set.negate()
			out = append(out, t)
			i++
		case '[':
			set, size := class(text[i:])
			if size == 0 {
				return nil, true
			}
			out = append(out, token{one, set})
			i += size
		case '\\':
			if i++; i == len(text) {
				return nil, true
			}
			fallthrough
		default:
			t := token{kind: one}
			t.set.add(text[i])
			out = append(out, t)
			i++
		}
	}
	return out, false
}

// class reads a class of bytes in brackets, with which text begins. size is how long
// it is, and 0 when it is not well formed.
func class(text string) (set byteSet, size int) {
	i := 1
	negated := strings.HasPrefix(text[i:], "!") || strings.HasPrefix(text[i:], "^")
	if negated {
		i++
	}
	last := -1 // the byte before, from which a range may go; -1: none
	for start := i; ; {
		if i >= len(text) {
			return set, 0
		}
		c := text[i]
		switch {
		case c == ']' && i > start:
			if negated {
				set.negate()
			}
			set[0] &^= 1 << '/'
			return set, i + 1
		case c == '[' && strings.HasPrefix(text[i+1:], ":"):
			end := strings.IndexByte(text[i+2:], ']')
			if end < 0 {
				return set, 0
			}
			name, closed := strings.CutSuffix(text[i+2:i+2+end], ":")
			if !closed {
				break // as any other byte
			}
			if !set.addNamed(name) {
				return set, 0
			}
			last = -1
			i += 2 + end + 1
			continue
		case c == '-' && last >= 0 && i+1 < len(text) && text[i+1] != ']':
			if i++; text[i] == '\\' {
				i++
			}
			if i >= len(text) {
				return set, 0
			}
			set.addRange(byte(last), text[i])
			last = -1
			i++
			continue
		case c == '\\':
			if i++; i >= len(text) {
				return set, 0
			}
			c = text[i]
		}
		set.add(c)
		last = int(c)
		i++
	}
}

// named are the bytes of the classes that POSIX names, as ranges of two each.
var named = map[string]string{
	"alnum": "09AZaz", "alpha": "AZaz", "blank": "  \t\t", "cntrl": "\x00\x1f\x7f\x7f", "digit": "09", "graph": "!~",
	"lower": "az", "print": " ~", "punct": "!/:@[`{~", "space": "  \t\n\r\r", "upper": "AZ", "xdigit": "09AFaf",
}

// addNamed adds the bytes of a class, and reports whether there is one of the name.
func (s *byteSet) addNamed(name string) bool {
	ranges, ok := named[name]
	for i := 0; i+1 < len(ranges); i += 2 {
		s.addRange(ranges[i], ranges[i+1])
	}
	return ok
}

// matches holds the pattern against a path within the folder of its file.
func (p *pattern) matches(name string, dir bool) bool {
	if p.never || p.folders && !dir {
		return false
	}
	if p.base {
		name = path.Base(name)
	}
	if p.tokens == nil {
		return name == p.literal
	}
	return match(p.tokens, name)
}

// match reports whether tokens make up a name. It keeps the places in the pattern
// that the part of the name read so far may have led to, so that it takes no longer
// than the product of both lengths.
func match(tokens []token, name string) bool {
	// Most names differ in their last byte already.
	if last := &tokens[len(tokens)-1]; last.kind == one && (name == "" || !last.set.has(name[len(name)-1])) {
		return false
	}
	at, next := make([]bool, len(tokens)+1), make([]bool, len(tokens)+1)
	reach(tokens, at, 0)
	for i := range len(name) {
		c := name[i]
		clear(next)
		for j := range tokens {
			if !at[j] {
				continue
			}
			switch t := &tokens[j]; {
			case t.kind == one && t.set.has(c):
				reach(tokens, next, j+1)
			case t.kind == star && c != '/', t.kind == deep:
				reach(tokens, next, j)
			case t.kind == deeper:
				next[j] = true
				if c == '/' {
					reach(tokens, next, j+1)
				}
			}
		}
		at, next = next, at
	}
	return at[len(tokens)]
}

// reach marks a place, and those behind it for which nothing need be read.
func reach(tokens []token, at []bool, j int) {
	for ; !at[j]; j++ {
		at[j] = true
		if j == len(tokens) || tokens[j].kind == one {
			return
		}
	}
}
