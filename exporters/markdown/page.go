package markdown

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// page collects the Markdown of a report, block by block. What it is given is
// Markdown already: text from a record goes through esc or verbatim first.
type page struct {
	b   strings.Builder
	top int // level of the top heading
}

// heading writes a heading, depth 0 being the top one.
func (p *page) heading(depth int, text string) {
	p.block(strings.Repeat("#", min(p.top+depth, 6)) + " " + text)
}

// para writes a paragraph of sentences on one line: hard-wrapped lines turn
// into line breaks in many of the places a report is pasted into, and a
// wrapped line could begin with a character that starts a list.
func (p *page) para(sentences ...string) {
	if text := strings.TrimSpace(strings.Join(sentences, " ")); text != "" {
		p.block(text)
	}
}

func (p *page) bullets(items []string) {
	if len(items) > 0 {
		p.block("- " + strings.Join(items, "\n- "))
	}
}

func (p *page) block(text string) {
	if p.b.Len() > 0 {
		p.b.WriteByte('\n')
	}
	p.b.WriteString(text)
	p.b.WriteByte('\n')
}

// column is the head of a table's column.
type column struct {
	title   string
	numbers bool // align right
}

// table writes a pipe table with aligned columns, so that it can also be read
// as plain text.
func (p *page) table(cols []column, rows [][]string) {
	widths := make([]int, len(cols))
	rule := make([]string, len(cols))
	head := make([]string, len(cols))
	for i, c := range cols {
		head[i] = c.title
		widths[i] = max(2, utf8.RuneCountInString(c.title))
		for _, row := range rows {
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i]))
		}
		rule[i] = strings.Repeat("-", widths[i])
		if c.numbers {
			rule[i] = rule[i][1:] + ":"
		}
	}
	lines := make([]string, 0, len(rows)+2)
	for _, row := range append([][]string{head, rule}, rows...) {
		cells := make([]string, len(cols))
		for i, cell := range row {
			cells[i] = pad(cell, widths[i], cols[i].numbers)
		}
		lines = append(lines, "| "+strings.Join(cells, " | ")+" |")
	}
	p.block(strings.Join(lines, "\n"))
}

// pad fills text with spaces up to width characters.
func pad(text string, width int, right bool) string {
	space := strings.Repeat(" ", max(0, width-utf8.RuneCountInString(text)))
	if right {
		return space + text
	}
	return text + space
}

// verbatim makes text from a record fit for one line of a code block: runs of
// white space and control characters become one space. Invisible characters,
// such as those that turn the direction of writing, are dropped: they can make
// a reader see something else than what stands there. The two joiners stay,
// which some scripts need.
func verbatim(text string) string {
	var b strings.Builder
	space := false
	for _, r := range strings.ToValidUTF8(text, "\uFFFD") {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			space = b.Len() > 0
		case unicode.Is(unicode.Cf, r) && r != '\u200C' && r != '\u200D':
		default:
			if space {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(r)
		}
	}
	return b.String()
}

// special are the characters that mean something within a line of Markdown, in
// CommonMark, on GitHub or in pandoc.
const special = "\\`*_{}[]<>|~^$#@"

// leading are further characters that mean something at the start of a line.
const leading = "-+=:%"

// esc makes text from a record stand for itself wherever it is put in a
// report: it stays on its line and in its table cell, and nothing in it is
// taken for Markdown, HTML or an address to be linked.
func esc(text string) string {
	text = verbatim(text)
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		c := text[i]
		if strings.IndexByte(special, c) >= 0 || i == 0 && strings.IndexByte(leading, c) >= 0 ||
			c == '&' && entity(text[i:]) || c == ':' && strings.HasPrefix(text[i:], "://") ||
			c == '.' && i >= 3 && strings.EqualFold(text[i-3:i], "www") || ordinal(text, i) {
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
	return b.String()
}

// entity reports whether text begins like a character reference of HTML.
func entity(text string) bool {
	name := strings.TrimPrefix(text[1:], "#")
	end := strings.IndexFunc(name, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	return end > 0 && name[end] == ';'
}

// ordinal reports whether text[i] makes the beginning of text the number of a
// list item.
func ordinal(text string, i int) bool {
	if text[i] != '.' && text[i] != ')' {
		return false
	}
	number := strings.Trim(text[:i], "0123456789") == ""
	return i > 0 && number && (i+1 == len(text) || text[i+1] == ' ')
}
