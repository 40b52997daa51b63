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
type row struct {
	start, end int
	first      bool // whether a line of the text begins here
}

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
		line := row{start: start, end: start + len(strings.TrimSuffix(text[start:end], "\r"))}
		at := len(rows)
		rows = append(rows, evenRows(text, line, width)...)
		rows[at].first = true
		start = next
	}
	return rows
}

// mostEven is the number of rows from which on a line is a paragraph, whose last
// row may be short.
const mostEven = 3

// evenRows gives the rows of one line. A line that is a little too long, as one
// that was wrapped for a wider screen, is broken near its middle and not before
// its last word.
func evenRows(text string, line row, width int) []row {
	rows := wrapLine(text, line, width)
	n := len(rows)
	if n == 1 || n > mostEven || displaywidth.String(shown(text[rows[n-1].start:line.end])) > width/3 {
		return rows
	}
	least, most := width/2, width // the narrowest that needs no further row is between them
	for least < most {
		middle := (least + most) / 2
		if narrower := wrapLine(text, line, middle); len(narrower) == n {
			rows, most = narrower, middle
		} else {
			least = middle + 1
		}
	}
	return rows
}

// wrapLine gives the rows of one line, each as full as may be.
func wrapLine(text string, line row, width int) []row {
	var rows []row
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
			rows = append(rows, row{start: start, end: gap})
			start, column = gap, displaywidth.String(shown(text[gap:at]))
		}
		column += columns
		at += len(cluster)
		if space || columns > 1 {
			gap = at
		}
	}
	return append(rows, row{start: start, end: line.end})
}

// shown is text as a terminal may have it.
func shown(text string) string { return Printable(strings.ReplaceAll(text, "\t", tab)) }

// span is a finding's part of a text, never out of its bounds.
func span(f record.Remark, text string) row {
	start := min(max(f.Start, 0), len(text))
	return row{start: start, end: min(max(f.End, start), len(text))}
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

// drawn gives a mark with its label within so many columns, and the column where
// it begins. A label without room behind the mark takes the place of the end of a
// long one; it goes in front of a short one, which then must stand alone.
func (m marked) drawn(width int) (text string, from int, alone bool) {
	if m.label == "" {
		return strings.Repeat(m.sign, m.to-m.from), m.from, false
	}
	room := len(m.label) + 1
	to := m.to
	if to+room > width {
		if front := m.from - room; front >= 0 && m.to-m.from < 3*room {
			return m.label + " " + strings.Repeat(m.sign, m.to-m.from), front, true
		}
		to = max(width-room, m.from+1)
	}
	return strings.Repeat(m.sign, to-m.from) + " " + m.label, m.from, false
}

// underlines draws marks in as few lines as they fit side by side.
func underlines(marks []marked, width int, opt Options) []string {
	type line struct {
		strings.Builder
		end    int // column after the last that is used
		closed bool
	}
	var lines []*line
	for _, m := range marks {
		text, from, alone := m.drawn(width)
		at := 0
		for at < len(lines) && (lines[at].end >= from && lines[at].end > 0 || alone || lines[at].closed) {
			at++
		}
		if at == len(lines) {
			lines = append(lines, &line{})
		}
		l := lines[at]
		l.WriteString(strings.Repeat(" ", from-l.end) + opt.paint(m.color, text))
		l.end, l.closed = from+len(text), alone
	}
	drawn := make([]string, len(lines))
	for i := range lines {
		drawn[i] = lines[i].String()
	}
	return drawn
}
