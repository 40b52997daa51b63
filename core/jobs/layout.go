package jobs

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/document"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// block is a piece of a document that no sentence crosses. Its span leaves out the
// mark of a list.
type block struct {
	prose.Span
	kind  prose.Block
	level int // of a heading, 1 to 6
}

// layout finds the blocks of a document: as its format marks them, or as its lines
// tell.
func layout(doc *document.Document) []block {
	if doc.Blocks == nil {
		return lines(doc.Text)
	}
	out := make([]block, 0, len(doc.Blocks)+8)
	for _, b := range doc.Blocks {
		switch b.Kind {
		case document.Code:
			continue
		case document.Heading:
			out = append(out, block{b.Span, prose.Heading, max(1, b.Level)})
		case document.Item:
			out = append(out, block{b.Span, prose.Item, 0})
		default:
			out = inner(out, doc.Text, b.Span)
		}
	}
	return out
}

// inner cuts a paragraph where its author began a line with a bullet that the
// format knows nothing of, and after lines that end in a colon or are all a label:
// "Reports to:", "**Revised:** 3/2019".
func inner(out []block, text string, span prose.Span) []block {
	if strings.IndexByte(span.In(text), '\n') < 0 {
		if b := lineBlock(text, span.Start, span.End); b.Start < b.End {
			out = append(out, b)
		}
		return out
	}
	for _, b := range linesOf(span.In(text), true) {
		b.Start += span.Start
		b.End += span.Start
		out = append(out, b)
	}
	return out
}

// wrappedFrom is how long a line is at least, in bytes, whose text goes on in the
// next one.
const wrappedFrom = 50

// lines finds the blocks of a text that has nothing but lines. A line is a block of
// its own unless it goes on in the next: it is long, does not end a sentence, and
// the next begins in lower case.
func lines(text string) []block { return linesOf(text, false) }

// linesOf is lines. In a paragraph of a format that marks them, a line goes on in the
// next unless it is short or looks like a label or an entry of a list.
func linesOf(text string, paragraph bool) []block {
	var out []block
	open := false // the last block may go on
	for start := 0; start < len(text); {
		end, next := len(text), len(text)
		if n := strings.IndexByte(text[start:], '\n'); n >= 0 {
			end, next = start+n, start+n+1
		}
		b := lineBlock(text, start, end)
		start = next
		switch {
		case b.Start == b.End:
			open = false
			continue
		case open && b.kind == prose.Prose && (continues(text, out[len(out)-1], b) || paragraph && wraps(text, out[len(out)-1], b)):
			out[len(out)-1].End = b.End
		default:
			out = append(out, b)
		}
		open = out[len(out)-1].kind != prose.Heading
	}
	return out
}

// continues says whether a line goes on with what the block before it says.
func continues(text string, before, line block) bool {
	first, _ := utf8.DecodeRuneInString(text[line.Start:line.End])
	last := text[before.End-1]
	last2 := strings.LastIndexByte(text[before.Start:before.End], '\n')
	length := before.End - before.Start
	if last2 >= 0 {
		length -= last2 + 1
	}
	switch {
	case last == ':' || last == '.' && length < wrappedFrom:
		return false
	case unicode.IsLower(first) || first == '(' && length >= wrappedFrom:
		return last != '.' && last != ';' || length >= wrappedFrom
	}
	// A line of about full width that ends within a sentence.
	return length >= wrappedFrom && length <= 100 && !strings.ContainsRune(".;:!?", rune(last)) && (last == ',' || smallWord(text[before.Start:before.End]))
}

// wraps says whether a line of a paragraph that is marked as one goes on with what the
// line before it says.
func wraps(text string, before, line block) bool {
	last := before.In(text)
	if at := strings.LastIndexByte(last, '\n'); at >= 0 {
		last = last[at+1:]
	}
	return len(last) >= wrappedFrom-10 && !strings.HasSuffix(last, ":") && !labelLine(last) && !labelLine(line.In(text))
}

// labelLine says whether a line has the form "Department: Finance".
func labelLine(line string) bool {
	label, _, ok := strings.Cut(line[:min(len(line), longestLabel)], ":")
	return ok && startsUpper(strings.TrimLeft(label, "*_ ")) && strings.Count(strings.TrimSpace(label), " ") < 4 && !strings.ContainsAny(label, ".,;(")
}

// smallWord says whether a text ends with a word that no line ends with.
func smallWord(text string) bool {
	last := text[strings.LastIndexAny(text, " \n\t")+1:]
	switch last {
	case "a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "our", "the", "their", "to", "with", "your":
		return true
	}
	return false
}

// lineBlock makes a block of a line, without the space and the marks around it.
func lineBlock(text string, start, end int) block {
	line := strings.TrimRightFunc(text[start:end], unicode.IsSpace)
	end = start + len(line)
	trimmed := strings.TrimLeftFunc(line, unicode.IsSpace)
	start = end - len(trimmed)
	if len(trimmed) >= 3 && strings.Trim(trimmed, "-=*_~. ") == "" {
		return block{} // only divides
	}
	if mark := bullet(trimmed); mark > 0 {
		rest := strings.TrimLeftFunc(trimmed[mark:], unicode.IsSpace)
		return block{prose.Span{Start: end - len(rest), End: end}, prose.Item, 0}
	}
	if inside := strings.Trim(trimmed, "=#*_ "); inside != "" && len(inside) <= len(trimmed)-4 && (trimmed[0] == '=' || trimmed[0] == '#') {
		at := start + strings.Index(trimmed, inside)
		return block{prose.Span{Start: at, End: at + len(inside)}, prose.Heading, 2}
	}
	kind := prose.Prose
	if shouted(trimmed) {
		kind = prose.Heading
	}
	return block{prose.Span{Start: start, End: end}, kind, 3}
}

// shouted says whether a line is short and all in capitals.
func shouted(line string) bool {
	letters := 0
	for _, r := range line {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			letters++
		}
	}
	return letters >= 3 && letters*2 >= len(line) && len(line) <= 70
}

// bullet gives the length of the mark at the beginning of a list entry; 0 when the
// line is none.
func bullet(line string) int {
	r, size := utf8.DecodeRuneInString(line)
	if strings.ContainsRune("•‣⁃▪▫◦·●○■□◆➢➤→✓✔✗\uf0b7\uf0a7\u00a7", r) {
		return size
	}
	if strings.ContainsRune("-*+–—>o", r) && len(line) > size && (line[size] == ' ' || line[size] == '\t') {
		return size
	}
	n := 0
	for n < len(line) && '0' <= line[n] && line[n] <= '9' {
		n++
	}
	if n == 0 && len(line) > 1 && ('a' <= line[0] && line[0] <= 'z' || 'A' <= line[0] && line[0] <= 'Z') {
		n = 1
	}
	if n == 0 || n > 2 || n+1 >= len(line) || line[n] != '.' && line[n] != ')' || line[n+1] != ' ' && line[n+1] != '\t' {
		return 0
	}
	if n == 1 && line[n] == '.' && line[0] >= 'A' && line[0] <= 'Z' && strings.IndexByte(line, ' ') < 3 && len(strings.Fields(line)) < 4 {
		return 0 // an initial: J. Doe
	}
	return n + 1
}
