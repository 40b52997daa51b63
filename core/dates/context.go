package dates

import (
	"strings"

	"github.com/firstcall-cli/firstcall/core/prose"
)

const (
	// reach is how far before a date a label may begin, in bytes.
	reach = 240
	// maxTokens is how many words of it are kept.
	maxTokens = 64
	// wrapped is the length from which a line goes on in the next, in bytes.
	wrapped = 50
)

// token is a word before or after a date.
type token struct {
	prose.Span     // in the text
	at, end    int // in context.words, without the space before it
}

// context is the words of one clause, in lower case and with a space before each:
// " last reviewed on". A few stand for more: ":" and "|" (a cell's end) for
// themselves, "/" for a line's end, "#" for a number, "@" for a time of day.
type context struct {
	text   string
	words  [reach + 2*maxTokens]byte
	n      int
	tokens [maxTokens]token
	count  int
	whole  bool // the clause begins where the context does
}

func (c *context) reset() { c.n, c.count, c.whole = 0, 0, true }

// add appends a token.
func (c *context) add(start, end int, word string) {
	if c.count == maxTokens || c.n+1+len(word) > len(c.words) {
		c.reset()
		c.whole = false
	}
	c.words[c.n] = ' '
	at := c.n + 1
	for i := range len(word) {
		b := word[i]
		if b == '.' || b == '\'' {
			continue
		}
		if b-'A' < 26 {
			b |= 0x20
		}
		c.n++
		c.words[c.n] = b
	}
	c.n++
	c.tokens[c.count] = token{prose.Span{Start: start, End: end}, at, c.n}
	c.count++
}

// is says whether the i-th token is one of the words; false beyond the ends.
func (c *context) is(i int, words ...string) bool {
	if i < 0 || i >= c.count {
		return false
	}
	t := string(c.words[c.tokens[i].at:c.tokens[i].end])
	for _, w := range words {
		if t == w {
			return true
		}
	}
	return false
}

// endsWith says at which token a phrase of whole words begins that ends before token
// end, -1 when it doesn't stand there. The phrase begins with a space.
func (c *context) endsWith(end int, phrase string) int {
	if end == 0 {
		return -1
	}
	last := c.tokens[end-1].end
	if last < len(phrase) || string(c.words[last-len(phrase):last]) != phrase {
		return -1
	}
	return end - strings.Count(phrase, " ")
}

// before fills the context with the clause that leads up to text[to], not going back
// over from.
func (c *context) before(text string, from, to int) {
	c.text = text
	c.reset()
	i := from
	if to-from > reach {
		i = to - reach
		for i < to && !parts(text[i]) { // not in the middle of a word
			i++
		}
		c.whole = false
	}
	// The line of the date, and whether the date begins it.
	line := to
	for line > i && !isAlnum(text[line-1]) && text[line-1] != ':' && text[line-1] != '|' && text[line-1] != '(' {
		line--
	}
	bare := strings.IndexByte(text[line:to], '\n') >= 0
	c.scan(i, to, line, bare)
}

// scan reads tokens from i to to. What is before the last line end counts only where
// the line goes on, or where the date stands alone under it.
func (c *context) scan(i, to, line int, bare bool) {
	t, lineStart := c.text, i
	if i > 0 && c.text[i-1] != '\n' {
		lineStart = i - wrapped // it began before
	}
	for i < to {
		b := t[i]
		switch {
		case isAlnum(b) || b >= 0xC3 && b != 0xE2:
			i = c.word(i, to)
			continue
		case b == '\n':
			i = c.newline(i, to, lineStart, bare && i >= line)
			lineStart = i
			continue
		case b == ':' || b == '|':
			c.add(i, i+1, string(t[i:i+1]))
		case b == '\t':
			c.add(i, i+1, "|")
		case b == '(' || b == '[' || b == ';':
			if strings.HasPrefix(t[i:], "(s)") { // Revision Date(s)
				i += 2
			} else if b == ';' || !empty(t[i+1:to]) {
				c.reset()
			}
		case (b == '.' || b == '!' || b == '?') && c.stops(i, to):
			c.reset()
		case b == '<':
			i = tagEnd(t, i, to)
			continue
		case strings.HasPrefix(t[i:], "•"), strings.HasPrefix(t[i:], "·"):
			c.reset()
		}
		i++
	}
}

// word reads the word or number at i and gives its end.
func (c *context) word(i, to int) int {
	t, j, single := c.text, i, 0
	digits := isDigit(t[i])
	for j < to {
		b := t[j]
		switch {
		case isAlnum(b) || b >= 0xC3 && b != 0xE2 || b >= 0x80 && b < 0xC0 && j > i && t[j-1] >= 0x80:
			single++
		case b == '\'':
		case b == ':' && digits && isDigit(byteAt(t, j+1)):
			single = 0
		case b == '.' && digits && isDigit(byteAt(t, j+1)):
		case b == '.' && single == 1 && !digits && isLetter(byteAt(t, j+1)):
			single = 0
		default:
			c.classify(i, j, digits)
			return j
		}
		j++
	}
	c.classify(i, j, digits)
	return j
}

// classify adds a word; numbers and times of day lose their figures.
func (c *context) classify(i, j int, digits bool) {
	w := c.text[i:j]
	if !digits {
		if w[0]|0x20 == 'v' && len(w) > 1 && digitsEnd(w, 1) == len(w) { // v3
			w = "version"
		}
		if c.is(c.count-1, "#", "@") && oneOf(w, "am", "pm", "a.m", "p.m", "noon", "midnight") {
			c.tokens[c.count-1].End = j
			c.words[c.n-1] = '@'
			return
		}
		c.add(i, j, w)
		return
	}
	if strings.IndexByte(w, ':') >= 0 || len(w) > 2 && oneOf(w[len(w)-2:], "am", "pm") {
		c.add(i, j, "@")
		return
	}
	c.add(i, j, "#")
}

// newline judges the line end at i and gives the place after it and its like.
func (c *context) newline(i, to, lineStart int, last bool) int {
	t, lines, j := c.text, 0, i
	for j < to && t[j] <= ' ' && j < i+reach {
		if t[j] == '\n' {
			lines++
		}
		j++
	}
	end := i
	for end > lineStart && end > 0 && t[end-1] <= ' ' {
		end--
	}
	mark := byteAt(t, j) == '-' || byteAt(t, j) == '*' && byteAt(t, j+1) == ' ' || byteAt(t, j) == '#'
	closed := end == 0 || strings.IndexByte(".:;!?|", t[end-1]) >= 0
	switch {
	case lines == 1 && end-lineStart >= wrapped && !closed && !mark && !field(t[j:to]):
	case last && lines <= 2 && c.count > 0:
		c.add(i, i+1, "/")
	default:
		c.reset()
	}
	return j
}

// field says whether a line begins with a label of its own: "date: ".
func field(line string) bool {
	const longest = 40
	for i := 0; i < len(line) && i < longest; i++ {
		switch b := line[i]; {
		case b == ':':
			return i > 0
		case !isLetter(b) && b != ' ' && b != '_' && b != '*' && b != '-':
			return false
		}
	}
	return false
}

// stops says whether the mark at i ends a sentence.
func (c *context) stops(i, to int) bool {
	j := i + 1
	for j < to && (c.text[j] <= ' ' || c.text[j] == '*' || c.text[j] == '"') {
		j++
	}
	if j == i+1 || j < to && !isAlnum(c.text[j]) && c.text[j] != '.' {
		return false
	}
	if c.text[i] != '.' || c.count == 0 || c.tokens[c.count-1].End != i {
		return true
	}
	// Initials, p.m., and abbreviations that a name or a date follows.
	if k := i - 1; isLetter(c.text[k]) && !isAlnum(byteAt(c.text, k-1)) {
		return false
	}
	return !c.is(c.count-1, "rev", "no", "dept", "st", "mr", "ms", "mrs", "dr", "jr", "sr", "inc", "co", "est", "eff", "exp", "approx", "ver", "dir", "upd", "bd", "@")
}

// tagEnd skips the HTML tag at i, or its first byte when it is none.
func tagEnd(t string, i, to int) int {
	const longest = 40
	if c := byteAt(t, i+1); isLetter(c) || c == '/' {
		if n := strings.IndexByte(t[i:min(to, i+longest)], '>'); n > 0 {
			return i + n + 1
		}
	}
	return i + 1
}

// empty says whether a text has neither letter nor digit.
func empty(s string) bool {
	for i := range len(s) {
		if isAlnum(s[i]) {
			return false
		}
		if i > maxGap {
			return false
		}
	}
	return true
}
