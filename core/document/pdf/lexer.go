package pdf

import (
	"bytes"
	"strconv"
)

// The objects of a file are nil, bool, int, float64, text, name, array, dict,
// ref, *stream, and word for what is none of these.
type (
	text  string // a string of bytes
	name  string // without its slash
	word  string // a keyword or operator
	array []any
	dict  map[name]any
)

// ref points to an object.
type ref struct{ number, generation int }

// stream is a dictionary with data.
type stream struct {
	dict   dict
	raw    []byte // as it is in the file, decrypted
	cutOff bool   // the file ends within it
}

// ended is what comes after the last object.
const ended = word("\x00end")

// maxDepth is how deep objects may be in each other.
const maxDepth = 64

// lexer cuts bytes into objects.
type lexer struct {
	src  []byte
	pos  int
	refs bool // "1 0 R" is one object
	kept int  // objects within the one that is being read
}

// maxKept is how many objects may be within one. What comes after them is read,
// but is not in it: no text needs so many, and they would fill the memory.
const maxKept = 1 << 17

// keep says whether an object may be kept.
func (l *lexer) keep() bool {
	l.kept++
	return l.kept <= maxKept
}

// kinds of bytes.
const (
	regular byte = iota
	space
	delimiter
)

// classes tells the kind of a byte.
var classes = func() (c [256]byte) {
	for _, b := range []byte("\x00\t\n\f\r ") {
		c[b] = space
	}
	for _, b := range []byte("()<>[]{}/%") {
		c[b] = delimiter
	}
	return c
}()

// skip passes white space and comments.
func (l *lexer) skip() {
	for l.pos < len(l.src) {
		switch c := l.src[l.pos]; {
		case classes[c] == space:
			l.pos++
		case c == '%':
			for l.pos < len(l.src) && l.src[l.pos] != '\n' && l.src[l.pos] != '\r' {
				l.pos++
			}
		default:
			return
		}
	}
}

// next reads an object.
func (l *lexer) next() any {
	l.kept = 0
	return l.object(0)
}

func (l *lexer) object(depth int) any {
	l.skip()
	if l.pos >= len(l.src) {
		return ended
	}
	switch c := l.src[l.pos]; c {
	case '/':
		l.pos++
		return l.name()
	case '(':
		return l.literal()
	case '[':
		l.pos++
		if depth >= maxDepth {
			return word(c) // nothing that matters is so deep
		}
		return l.array(depth + 1)
	case '<':
		if l.pos+1 < len(l.src) && l.src[l.pos+1] == '<' {
			l.pos += 2
			if depth >= maxDepth {
				return word("<<")
			}
			return l.dict(depth + 1)
		}
		return l.hex()
	case '>':
		l.pos++
		if l.pos < len(l.src) && l.src[l.pos] == '>' {
			l.pos++
			return word(">>")
		}
		return word(">")
	case ')', ']', '{', '}':
		l.pos++
		return word(c)
	}
	return l.regular()
}

// regular reads a number, a reference or a keyword.
func (l *lexer) regular() any {
	from := l.pos
	for l.pos < len(l.src) && classes[l.src[l.pos]] == regular {
		l.pos++
	}
	b := l.src[from:l.pos]
	if n, ok := integer(b); ok {
		if l.refs && n >= 0 {
			if r, is := l.reference(n); is {
				return r
			}
		}
		return n
	}
	if c := b[0]; c >= '0' && c <= '9' || c == '.' || c == '-' || c == '+' {
		return real(b)
	}
	switch string(b) {
	case "true":
		return true
	case "false":
		return false
	case "null":
		return nil
	}
	return word(b)
}

// integer reads a whole number that is no longer than those of a file are.
func integer(b []byte) (int, bool) {
	const longest = 15
	if len(b) == 0 || len(b) > longest {
		return 0, false
	}
	n, digits := 0, b
	if b[0] == '-' || b[0] == '+' {
		digits = b[1:]
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	if b[0] == '-' {
		n = -n
	}
	return n, len(digits) > 0
}

// real reads a number with a point, or as much of it as there is.
func real(b []byte) float64 {
	const longest = 40
	b = b[:min(len(b), longest)]
	if v, err := strconv.ParseFloat(string(b), 64); err == nil && v > -1e12 && v < 1e12 {
		return v
	}
	if i := bytes.LastIndexByte(b, '-'); i > 0 { // such as --5 or 0.0-3
		return real(b[:i])
	}
	return 0
}

// reference reads the rest of "1 0 R".
func (l *lexer) reference(number int) (ref, bool) {
	from := l.pos
	l.skip()
	start := l.pos
	for l.pos < len(l.src) && l.pos-start < 6 && l.src[l.pos] >= '0' && l.src[l.pos] <= '9' {
		l.pos++
	}
	generation, ok := integer(l.src[start:l.pos])
	if ok {
		l.skip()
		if l.pos < len(l.src) && l.src[l.pos] == 'R' && (l.pos+1 == len(l.src) || classes[l.src[l.pos+1]] != regular) {
			l.pos++
			return ref{number, generation}, true
		}
	}
	l.pos = from
	return ref{}, false
}

// name reads a name after its slash.
func (l *lexer) name() name {
	from := l.pos
	escaped := false
	for l.pos < len(l.src) && classes[l.src[l.pos]] == regular {
		escaped = escaped || l.src[l.pos] == '#'
		l.pos++
	}
	b := l.src[from:l.pos]
	if !escaped {
		return name(b)
	}
	var out []byte
	for i := 0; i < len(b); i++ {
		if b[i] == '#' && i+2 < len(b) {
			if hi, lo := hexDigit(b[i+1]), hexDigit(b[i+2]); hi >= 0 && lo >= 0 {
				out = append(out, byte(hi<<4|lo))
				i += 2
				continue
			}
		}
		out = append(out, b[i])
	}
	return name(out)
}

func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// hex reads a string such as <0A1B>.
func (l *lexer) hex() text {
	l.pos++
	var out []byte
	half := -1
	for l.pos < len(l.src) {
		c := l.src[l.pos]
		l.pos++
		if c == '>' {
			break
		}
		d := hexDigit(c)
		switch {
		case d < 0:
		case half < 0:
			half = d
		default:
			out = append(out, byte(half<<4|d))
			half = -1
		}
	}
	if half >= 0 {
		out = append(out, byte(half<<4))
	}
	return text(out)
}

// literal reads a string in parentheses.
func (l *lexer) literal() text {
	l.pos++
	var out []byte
	for depth := 1; l.pos < len(l.src); l.pos++ {
		switch c := l.src[l.pos]; c {
		case '(':
			depth++
			out = append(out, c)
		case ')':
			if depth--; depth == 0 {
				l.pos++
				return text(out)
			}
			out = append(out, c)
		case '\\':
			out = l.escape(out)
		default:
			out = append(out, c)
		}
	}
	return text(out)
}

// escape reads what follows a backslash and stays on its last byte.
func (l *lexer) escape(out []byte) []byte {
	l.pos++
	if l.pos >= len(l.src) {
		return out
	}
	c := l.src[l.pos]
	if i := bytes.IndexByte([]byte("nrtbf"), c); i >= 0 {
		return append(out, "\n\r\t\b\f"[i])
	}
	switch {
	case c == '\r':
		if l.pos+1 < len(l.src) && l.src[l.pos+1] == '\n' {
			l.pos++
		}
		return out
	case c == '\n':
		return out
	case c < '0' || c > '7':
		return append(out, c)
	}
	n := 0
	for i := 0; i < 3 && l.pos < len(l.src) && l.src[l.pos] >= '0' && l.src[l.pos] <= '7'; i++ {
		n = n<<3 | int(l.src[l.pos]-'0')
		l.pos++
	}
	l.pos--
	return append(out, byte(n))
}

// array reads up to the closing bracket.
func (l *lexer) array(depth int) any {
	a := array{}
	for {
		o := l.object(depth)
		switch o {
		case ended, word("]"):
			return a
		case word("endobj"), word("endstream"):
			return a // it was never closed
		}
		if l.keep() {
			a = append(a, o)
		}
	}
}

// dict reads up to the closing brackets.
func (l *lexer) dict(depth int) any {
	d := dict{}
	for {
		key := l.object(depth)
		switch key {
		case ended, word(">>"), word("endobj"), word("endstream"):
			return d
		}
		k, is := key.(name)
		if !is {
			continue
		}
		value := l.object(depth)
		if value == word(">>") || value == ended {
			return d
		}
		if l.keep() {
			d[k] = value
		}
	}
}
