package prose

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// These limits tell a heading without a mark from a line of wrapped prose.
const (
	headingAlone = 60 // bytes at most of a heading with an empty line after it
	headingAbove = 40 // bytes at most of a heading right above its text
)

// blocks gathers lines into paragraphs.
type blocks struct {
	known  map[string]bool // Language.headings
	source string
	emit   func(Span, Block)
	open   Span // lines gathered so far; empty when there are none
	kind   Block
	single bool // open is one line
	last   int  // offset after the last byte that is no space
}

// eachBlock calls emit for each paragraph of text, without list marks. known is
// the words that make a heading though they are not capitalized.
func eachBlock(text string, known map[string]bool, emit func(Span, Block)) {
	b := blocks{known: known, source: text, emit: emit, last: len(strings.TrimRightFunc(text, unicode.IsSpace))}
	for i := 0; i < len(text); {
		end := len(text)
		next := end
		if n := strings.IndexByte(text[i:], '\n'); n >= 0 {
			end, next = i+n, i+n+1
		}
		b.line(i, end)
		i = next
	}
	b.flush(false)
}

// line adds the line [start, end) of the source.
func (b *blocks) line(start, end int) {
	line := strings.TrimSpace(b.source[start:end])
	if line == "" {
		b.flush(true)
		return
	}
	end = start + len(strings.TrimRightFunc(b.source[start:end], unicode.IsSpace))
	start = end - len(line)
	if rule(line) {
		if b.single && b.kind == Prose && (line[0] == '=' || line[0] == '-') {
			b.kind = Heading // underlined
		}
		b.flush(false)
		return
	}
	if line[0] == '#' {
		text := strings.TrimLeft(line, "# \t")
		b.flush(true)
		b.emit(Span{end - len(text), end}, Heading)
		return
	}
	if mark := listMark(line, b.fresh()); mark > 0 {
		b.flush(true)
		b.open, b.kind, b.single = Span{start + mark, end}, Item, false
		return
	}
	switch {
	case b.open.End == 0:
		b.open, b.kind, b.single = Span{start, end}, Prose, true
	case b.single && b.kind == Prose && b.open.End-b.open.Start <= headingAbove && startsUpper(line) && b.titled():
		b.kind = Heading
		b.flush(false)
		b.open, b.kind, b.single = Span{start, end}, Prose, true
	default:
		b.open.End, b.single = end, false
	}
}

// fresh says whether a list could begin here: there, a number at the start of
// a line is no part of a sentence.
func (b *blocks) fresh() bool {
	if b.open.End == 0 || b.kind == Item {
		return true
	}
	last := b.source[b.open.End-1]
	return last == ':' || last == '.' || b.single && b.titled()
}

// flush ends the paragraph. more says that text may follow, so that a short
// line in capitals can be its heading.
func (b *blocks) flush(more bool) {
	if b.open.End == 0 {
		return
	}
	open, kind := b.open, b.kind
	if kind == Prose && more && b.single && open.End-open.Start <= headingAlone && b.titled() && open.End < b.last {
		kind = Heading
	}
	b.open, b.single = Span{}, false
	b.emit(open, kind)
}

// rule says whether a line only divides: three or more of -, =, * or _.
func rule(line string) bool {
	return len(line) >= 3 && strings.Trim(line, "-=*_ ") == ""
}

// listMark gives the length of the bullets and numbers at the start of a line,
// with the space after them; 0 when there are none. numbers says whether a
// number may be one.
func listMark(line string, numbers bool) int {
	r, size := utf8.DecodeRuneInString(line)
	mark := 0
	switch {
	case strings.ContainsRune("-*+>•‣⁃▪▫◦–—·●○■□◆➢➤→✓✔✗\uf0b7", r):
		mark = size
	case numbers:
		mark = enumerator(line)
	}
	if mark == 0 {
		return 0
	}
	rest := strings.TrimLeftFunc(line[mark:], unicode.IsSpace)
	if len(rest) == len(line)-mark || rest == "" {
		return 0
	}
	return len(line) - len(rest)
}

// enumerator gives the length of a list number at the start of a line: "1.",
// "12)", "(3)", "a)", "(b)".
func enumerator(line string) int {
	i := 0
	if line[0] == '(' {
		i++
	}
	from := i
	for i < len(line) && i-from < 2 && classes[line[i]] == classDigit {
		i++
	}
	digits := i > from
	if !digits && i < len(line) && classes[line[i]]&(classLower|classUpper) != 0 {
		i++
	}
	if i == from || i == len(line) || line[i] != ')' && (line[i] != '.' || !digits || from > 0) {
		return 0
	}
	return i + 1
}

// startsUpper says whether the first letter or digit of a line is a capital.
func startsUpper(line string) bool {
	for _, r := range line {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.IsUpper(r)
		}
	}
	return false
}

// titled says whether the open line reads as a heading: at most eight words,
// all of four letters or more capitalized or all of them words of headings
// ("Our mission and values"), and no mark of a sentence at the end.
func (b *blocks) titled() bool {
	line := b.open.In(b.source)
	if len(line) > headingAlone || !startsUpper(line) || strings.ContainsAny(line[len(line)-1:], ".!?,;\"')") ||
		strings.HasSuffix(line, "…") || strings.HasSuffix(line, "”") {
		return false
	}
	words := strings.Fields(line)
	capitals, known := true, true
	for _, w := range words {
		w = strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) })
		r, _ := utf8.DecodeRuneInString(w)
		capitals = capitals && (utf8.RuneCountInString(w) <= 3 || unicode.IsUpper(r))
		known = known && (w == "" || b.known[strings.ToLower(w)])
	}
	return len(words) <= 8 && (capitals || known)
}
