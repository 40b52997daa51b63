package markdown

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// notAvailable stands for a figure that can't be computed; the method notes
// give the reason.
const notAvailable = "n/a"

// withheldWord stands for a figure that is withheld.
const withheldWord = "withheld"

// nothing fills the rest of a row that is withheld.
const nothing = "–"

// score is the whole number that is printed for a percent of scale (0-100).
// Every comparison in a report is made between such numbers.
func (v view) score(percent *float64) (int, bool) {
	if percent == nil || math.IsNaN(*percent) {
		return 0, false
	}
	return v.in.Rounded(*percent), true
}

// weak reports whether a percent is on the weak side.
func (v view) weak(percent float64) bool { return v.in.Weak(percent) }

// roundHalfUp rounds to a whole number; the small addend takes up what binary
// fractions lose, so that 0.285 of 100 is 29.
func roundHalfUp(x float64) int { return int(math.Floor(x + 0.5 + 1e-9)) }

// cell is a score for a table: the number, n/a, or withheld.
func (v view) cell(percent *float64, withheld bool) string {
	if withheld {
		return withheldWord
	}
	if s, ok := v.score(percent); ok {
		return strconv.Itoa(s)
	}
	return notAvailable
}

// percentOf rounds a share (0-1) to a whole percent, 0 and 100 being kept for
// none and all.
func percentOf(share float64) int {
	p := roundHalfUp(float64(min(1, max(0, share)) * 100))
	switch {
	case p == 0 && share > 0:
		return 1
	case p == 100 && share < 1:
		return 99
	}
	return p
}

// favorableCell is a favorable share for a table.
func favorableCell(s *record.Share, withheld bool) string {
	if withheld {
		return withheldWord
	}
	if s == nil || math.IsNaN(s.Share) {
		return notAvailable
	}
	return strconv.Itoa(percentOf(s.Share)) + "%"
}

// countCell is a number of people for a table.
func countCell(n *int64, withheld bool) string {
	if withheld {
		return withheldWord
	}
	if n == nil {
		return notAvailable
	}
	return count(*n)
}

// count prints a whole number with commas between thousands.
func count(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return sign + digits
}

// things prints a number with the noun that goes with it.
func things(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return count(n) + " " + many
}

// span is a likely range on the scale of scores, as printed.
type span struct{ low, high int }

// likely turns the confidence interval of a dimension's mean into scores.
func (d dim) likely() (span, bool) {
	ci := d.fig.CI
	if ci == nil || d.scale == nil || d.scale.Max <= d.scale.Min || math.IsNaN(ci.Low) || math.IsNaN(ci.High) {
		return span{}, false
	}
	at := func(mean float64) int {
		p := float64(100*(mean-float64(d.scale.Min))) / float64(d.scale.Max-d.scale.Min)
		return roundHalfUp(min(100, max(0, p)))
	}
	return span{at(ci.Low), at(ci.High)}, true
}

// chance says what a difference between two dimensions' scores may be.
type chance int

const (
	chanceUnknown  chance = iota // a likely range is missing
	chancePossible               // the likely ranges overlap
	chanceUnlikely               // they do not
)

// compareLikely compares the likely ranges of two scores.
func compareLikely(a, b dim) chance {
	ra, okA := a.likely()
	rb, okB := b.likely()
	switch {
	case !okA || !okB:
		return chanceUnknown
	case ra.low <= rb.high && rb.low <= ra.high:
		return chancePossible
	}
	return chanceUnlikely
}

// withLikely is a score with its likely range: "62 (likely 55 to 69)".
func withLikely(score int, d dim) string {
	r, ok := d.likely()
	if !ok {
		return strconv.Itoa(score)
	}
	return fmt.Sprintf("%d (likely %d to %d)", score, r.low, r.high)
}

// signed prints the difference of two printed scores.
func signed(diff int) string {
	switch {
	case diff > 0:
		return "+" + strconv.Itoa(diff)
	case diff < 0:
		return "−" + strconv.Itoa(-diff)
	}
	return "0"
}

const (
	barCells     = 10 // one for each ten points of a score
	spreadCells  = 24 // of the most frequent answer
	fullBlock    = "█"
	emptyBlock   = "░"
	barHeading   = "0 to 100"
	maxSpread    = 11 // more kinds of answers than a 0-10 scale has are drawn in ranges
	maxLabelRune = 30
)

// bar draws a score.
func bar(score int) string {
	full := (score*barCells + 50) / 100
	return strings.Repeat(fullBlock, full) + strings.Repeat(emptyBlock, barCells-full)
}

// orElse is text, or fallback when nothing of text can be seen.
func orElse(text, fallback string) string {
	if verbatim(text) == "" {
		return fallback
	}
	return text
}

// joinWith puts sep between words and last before the last one.
func joinWith(words []string, sep, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	end := len(words) - 1
	return strings.Join(words[:end], sep) + last + words[end]
}

// list joins words as in a sentence: "a", "a and b", "a, b, and c".
func list(words []string) string {
	if len(words) == 2 {
		return words[0] + " and " + words[1]
	}
	return joinWith(words, ", ", ", and ")
}
