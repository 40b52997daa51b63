package render

import (
	"strings"

	"github.com/clipperhouse/displaywidth"

	"github.com/firstcall-cli/firstcall/core/record"
)

// tab is what a tab is shown as, wherever it stands: columns under a text in
// tab stops would depend on where a terminal puts them.
const tab = "    "

// row is a part of a text that fits a line of the screen, as byte offsets.
type row struct{ start, end int }

// rowsOf breaks a text into rows of at most width columns: at its line feeds,
// then between words, between wide characters, or where the width ends. Every
// byte but line ends is in a row.
func rowsOf(text string, width int) []row {
	text = strings.TrimRight(text, " \t\r\n")
	var rows []row
	for start := 0; start < len(text); {
		end, next := len(text), len(text)
		if n := strings.IndexByte(text[start:], '\n'); n >= 0 {
			end, next = start+n, start+n+1
		}
		rows = wrapLine(rows, text, row{start, start + len(strings.TrimSuffix(text[start:end], "\r"))}, width)
		start = next
	}
	return rows
}

// wrapLine adds the rows of one line.
func wrapLine(rows []row, text string, line row, width int) []row {
	start, gap, column := line.start, line.start, 0
	clusters := displaywidth.StringGraphemes(text[line.start:line.end])
	for at := line.start; clusters.Next(); {
		cluster := clusters.Value()
		columns := displaywidth.String(shown(cluster))
		space := cluster == " " || cluster == "\t"
		if column+columns > width && !space && at > start {
			if gap <= start {
				gap = at
			}
			rows = append(rows, row{start, gap})
			start, column = gap, displaywidth.String(shown(text[gap:at]))
		}
		column += columns
		at += len(cluster)
		if space || columns > 1 {
			gap = at
		}
	}
	return append(rows, row{start, line.end})
}

// shown is text as a terminal may have it.
func shown(text string) string { return Printable(strings.ReplaceAll(text, "\t", tab)) }

// span is a finding's part of a text, never out of its bounds.
func span(f record.Remark, text string) row {
	start := min(max(f.Start, 0), len(text))
	return row{start, min(max(f.End, start), len(text))}
}

// columns gives where the part of a row that a span covers begins and ends on
// the screen, whole characters and one column at least.
func (r row) columns(text string, covered row) (from, to int) {
	from = -1
	column := 0
	clusters := displaywidth.StringGraphemes(text[r.start:r.end])
	for at := r.start; clusters.Next(); {
		cluster := clusters.Value()
		width := displaywidth.String(shown(cluster))
		if at+len(cluster) > covered.start && at < covered.end {
			if from < 0 {
				from = column
			}
			if strings.TrimSpace(cluster) != "" || to == 0 {
				to = column + width
			}
		}
		column += width
		at += len(cluster)
	}
	if from < 0 {
		from = column
	}
	return from, max(to, from+1)
}

// marked is a stretch of a row to be underlined, with a label behind it.
type marked struct {
	from, to int
	sign     string // what underlines it, one column wide
	label    string
	color    string
}

// underlines draws marks in as few lines as they fit side by side.
func underlines(marks []marked, opt Options) []string {
	var lines []*strings.Builder
	var ends []int
	for _, m := range marks {
		at := 0
		for at < len(lines) && ends[at] >= m.from {
			at++
		}
		if at == len(lines) {
			lines, ends = append(lines, &strings.Builder{}), append(ends, -1)
		}
		text := strings.Repeat(m.sign, m.to-m.from)
		width := len(text)
		if m.label != "" {
			text, width = text+" "+m.label, width+1+len(m.label)
		}
		lines[at].WriteString(strings.Repeat(" ", m.from-ends[at]-1) + opt.paint(m.color, text))
		ends[at] = m.from + width
		lines[at].WriteString(" ")
	}
	drawn := make([]string, len(lines))
	for i := range lines {
		drawn[i] = strings.TrimRight(lines[i].String(), " ")
	}
	return drawn
}
