package dates

import (
	"strings"

	"github.com/firstcall-cli/firstcall/core/prose"
)

// Interval is how often a document is to be reviewed.
type Interval struct {
	prose.Span     // the words that say so
	Months     int // 1 or more; shorter ones are rounded to whole months
}

// aside is how far from "review" an interval and the document may stand, in bytes.
const aside = 70

// Intervals finds what a text says of how often it is reviewed: "this job description
// is reviewed annually", "review cycle: 12 months", "to be reviewed every two years".
// Reviews of other things (of salaries, of performance) are none.
func Intervals(text string) []Interval {
	var out []Interval
	var c context
	end := 0
	for v := 2; v+1 < len(text); v++ {
		if text[v]|0x20 != 'v' || text[v-1]|0x20 != 'e' || text[v+1]|0x20 != 'i' {
			continue
		}
		i := v - 2
		if i < end || isAlnum(byteAt(text, i-1)) {
			continue
		}
		w := word(text, i)
		if !oneOf(w, "review", "reviewed", "revised", "revisited") {
			continue
		}
		months, from, to := duration(clauseAfter(text, i+len(w)))
		if months == 0 || !c.cyclic(text, max(end, i-aside), i, w) {
			continue
		}
		from, to = from+i+len(w), to+i+len(w)
		out = append(out, Interval{Span: prose.Span{Start: from, End: to}, Months: months})
		end = to
	}
	return out
}

// clauseAfter gives what follows i in its line and sentence.
func clauseAfter(text string, i int) string {
	j, stop := i, min(len(text), i+aside)
	for j < stop && text[j] != ';' && !(text[j] == '.' && byteAt(text, j+1) <= ' ') {
		if text[j] == '\n' && (j+1 < stop && text[j+1] == '\n' || j-i < 2) {
			break
		}
		j++
	}
	return text[i:j]
}

// cyclic says whether the review at i is one of the document.
func (c *context) cyclic(text string, from, i int, w string) bool {
	c.before(text, from, i)
	k := c.count
	if oneOf(w, "review") {
		next, _ := after(text, i+len(w), "")
		if k == 0 && c.whole && (oneOf(next, "cycle", "frequency", "interval", "period", "every", "schedule") || byteAt(text, i+len(w)) == ':') {
			return true
		}
		return c.is(k-1, "description", "policy", "document") && oneOf(next, "cycle", "frequency", "interval", "period", "schedule")
	}
	for k > 0 && c.is(k-1, "is", "are", "be", "will", "to", "must", "shall", "should", "may", "and", "or", "updated", "being", "been", "has", "formally", "regularly", "as", "needed") {
		k--
	}
	if k == 0 {
		return c.whole
	}
	return c.is(k-1, "description", "descriptions", "document", "policy", "page", "specification", "handbook", "profile", "this", "it", "jd", ":", "/") &&
		!c.is(k-2, "all", "other")
}

var numbers = [...]string{"", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}

// duration finds the first interval of a short text and its place; months is 0 for none.
func duration(text string) (months, start, end int) {
	count, from, each := 0, 0, false
	for i := 0; i < len(text); {
		b := text[i]
		if !isAlnum(b) {
			i++
			continue
		}
		j := i
		for j < len(text) && (isAlnum(text[j]) || text[j] == '-' && isAlnum(byteAt(text, j+1)) && !isDigit(b)) {
			j++
		}
		w := text[i:j]
		if m := adverb(w); m > 0 && (w[len(w)-1]|0x20 == 'y' || adjective(text, j)) {
			return m, i, j
		}
		if m := isoPeriod(w); m > 0 {
			return m, i, j
		}
		unit := unitDays(w)
		switch {
		case unit > 0 && (count > 0 || each):
			return wholeMonths(max(count, 1), unit), from, j
		case oneOf(w, "every", "each", "per"):
			each, count, from = true, 0, i
		case oneOf(w, "other") && each:
			count = 2
		case oneOf(w, "once", "a") && !each:
			if oneOf(w, "a") {
				count, from = 1, i
			}
		default:
			n := countOf(w)
			if n > 0 && !each {
				from = i
			}
			if n == 0 {
				each = false
			}
			count = n
		}
		i = j
	}
	return 0, 0, 0
}

// adverb gives the months of "annually".
func adverb(w string) int {
	switch {
	case oneOf(w, "annually", "annual", "yearly"):
		return 12
	case oneOf(w, "biennially", "biennial"):
		return 24
	case oneOf(w, "triennially", "triennial"):
		return 36
	case oneOf(w, "semi-annually", "semiannually", "semi-annual", "half-yearly", "biannually", "bi-annually", "biannual"):
		return 6
	case oneOf(w, "quarterly"):
		return 3
	case oneOf(w, "monthly"):
		return 1
	}
	return 0
}

// adjective says whether "annual" says how often: nothing follows, or "basis".
func adjective(text string, end int) bool {
	next, _ := after(text, end, "")
	return next == "" || oneOf(next, "basis", "review", "reviews")
}

// isoPeriod reads P1Y and P6M (ISO 8601), 0 for others.
func isoPeriod(w string) int {
	if len(w) < 3 || len(w) > 4 || w[0]|0x20 != 'p' {
		return 0
	}
	digits, unit := w[1:len(w)-1], w[len(w)-1]|0x20
	if digitsEnd(digits, 0) != len(digits) {
		return 0
	}
	switch unit {
	case 'y':
		return 12 * number(digits)
	case 'm':
		return number(digits)
	}
	return 0
}

// unitDays gives the days of a unit, 0 for other words; months count 30, years 360.
func unitDays(w string) int {
	switch {
	case oneOf(w, "year", "years", "yr", "yrs"):
		return 360
	case oneOf(w, "month", "months", "mo", "mos"):
		return 30
	case oneOf(w, "quarter", "quarters"):
		return 90
	case oneOf(w, "week", "weeks"):
		return 7
	case oneOf(w, "day", "days"):
		return 1
	}
	return 0
}

func wholeMonths(n, days int) int { return max(1, (n*days+15)/30) }

// countOf reads a small number in figures or words, 0 for others.
func countOf(w string) int {
	if len(w) <= 3 && digitsEnd(w, 0) == len(w) {
		return number(w)
	}
	for i, n := range numbers {
		if i > 0 && strings.EqualFold(w, n) {
			return i
		}
	}
	return 0
}
