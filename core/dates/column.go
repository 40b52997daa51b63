package dates

import (
	"strings"

	"github.com/firstcall-cli/firstcall/core/prose"
)

// tableReach is how far above a date the head of its column may stand, in bytes.
const tableReach = 600

// column reads the head of the column that a date stands in: the cell above it in the
// first line of the table. Cells are parted by tabs or bars.
func (j *judge) column(f found) (Kind, prose.Span) {
	t := j.text
	low := max(0, f.start-tableReach)
	line := lineStart(t, f.start, low)
	cells := cellsIn(t[line:f.start])
	if line == low {
		return None, prose.Span{}
	}
	// Up to the first line in a row that has cells.
	head, headEnd := -1, -1
	for end := line - 1; end > low; {
		start := lineStart(t, end, low)
		if start == low && low > 0 || cellsIn(t[start:end]) == 0 {
			break
		}
		head, headEnd = start, end
		end = start - 1
	}
	if head < 0 || cells == 0 && cellsIn(t[head:headEnd]) == 0 {
		return None, prose.Span{}
	}
	start := head
	for range cells {
		n := strings.IndexAny(t[start:headEnd], "|\t")
		if n < 0 {
			return None, prose.Span{}
		}
		start += n + 1
	}
	end := start + len(t[start:headEnd])
	if n := strings.IndexAny(t[start:end], "|\t"); n >= 0 {
		end = start + n
	}
	var c context
	c.before(t, start, end)
	if at := c.find(0, c.count, "test", "tests", "testing", "interview", "interviews", "exam", "exams", "examination", "examinations", "orientation"); at >= 0 {
		return Event, c.span(at, at+1)
	}
	if at := c.find(0, c.count, "application", "applications", "filing", "apply"); at >= 0 && c.find(0, c.count, "date", "dates", "period", "deadline", "by") >= 0 {
		return Closing, c.span(at, at+1)
	}
	if c.count == 0 || c.count > 4 {
		return None, prose.Span{}
	}
	k, at := c.labelAt(c.count)
	if k == None {
		return None, prose.Span{}
	}
	span := c.span(at, c.count)
	if k == Created && c.is(at, "date") {
		// The head of a list of versions.
		c.before(t, head, headEnd)
		if c.find(0, c.count, "version", "revision", "rev", "change", "changes") >= 0 {
			k = Revised
		}
	}
	return k, span
}

// lineStart gives where the line of i begins, low when that is further back.
func lineStart(t string, i, low int) int {
	return low + strings.LastIndexByte(t[low:i], '\n') + 1
}

// cellsIn counts the ends of cells.
func cellsIn(s string) int { return strings.Count(s, "|") + strings.Count(s, "\t") }
