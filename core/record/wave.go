package record

import (
	"cmp"
	"strconv"
	"strings"
	"unicode"
)

// CompareWaves puts the names of waves in the order of time, as far as they
// tell: by year and then by quarter, half, month or day, however these are
// written ("2026-q1", "Q3 2025", "March 2026", "2026-03-31"). Names that tell
// no year come after those that do, in natural order. WavesCertain says whether
// the order of two is more than a guess.
func CompareWaves(a, b string) int {
	x, y := waveTime(a), waveTime(b)
	switch {
	case x.known && y.known:
		return cmp.Or(cmp.Compare(x.year, y.year), cmp.Compare(x.month, y.month), cmp.Compare(x.day, y.day), CompareNatural(a, b))
	case x.known != y.known:
		if x.known {
			return -1
		}
		return 1
	}
	return CompareNatural(a, b)
}

// WavesCertain reports whether the names of two different waves tell which came
// first: both name a time, to the same part of a year or in different years, or
// they differ in one number or one last letter only, as "wave 2" and "wave 10"
// do. "before" and "after" do not, nor do "Q3 25" and "Q1 26".
func WavesCertain(a, b string) bool {
	x, y := waveTime(a), waveTime(b)
	if x.known && y.known {
		return x.year != y.year || x.part == y.part && (x.month != y.month || x.day != y.day)
	}
	if x.known != y.known {
		return false
	}
	return differInOne(runs(strings.ToLower(a)), runs(strings.ToLower(b)))
}

// differInOne reports whether two names are alike but for one number, or for
// one letter at their end.
func differInOne(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	at := -1
	for i := range a {
		if a[i] == b[i] {
			continue
		}
		if at >= 0 {
			return false
		}
		at = i
	}
	if at < 0 {
		return false
	}
	number := func(s string) bool { return s[0] >= '0' && s[0] <= '9' }
	letter := func(s string) bool { return len(s) == 1 && unicode.IsLetter(rune(s[0])) }
	return number(a[at]) && number(b[at]) || at == len(a)-1 && letter(a[at]) && letter(b[at])
}

// runs takes a name apart into runs of digits and of letters; what stands
// between is left out.
func runs(name string) []string {
	var out []string
	kind := func(r rune) int {
		switch {
		case r >= '0' && r <= '9':
			return 1
		case unicode.IsLetter(r):
			return 2
		}
		return 0
	}
	last := 0
	for _, r := range name {
		k := kind(r)
		switch {
		case k == 0:
		case k == last:
			out[len(out)-1] += string(r)
		default:
			out = append(out, string(r))
		}
		last = k
	}
	return out
}

// moment is the time that the name of a wave tells.
type moment struct {
	known            bool
	year, month, day int
	part             string // what the month stands for: "", "half", "quarter", "month" or "day"
}

// silent are words that say nothing of when.
var silent = map[string]bool{
	"wave": true, "survey": true, "pulse": true, "year": true, "fy": true, "st": true, "nd": true, "rd": true, "th": true, "of": true,
}

var months = []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}

// seasons without winter, which lies in two years.
var seasons = map[string]int{"spring": 3, "summer": 6, "autumn": 9, "fall": 9}

// waveTime reads the time in a wave's name. It is not known where the name says
// anything that it does not understand, or that may mean two days.
func waveTime(name string) moment {
	m := moment{}
	var words []string
	var numbers []int
	yearFirst := false
	for _, run := range runs(strings.ToLower(name)) {
		n, err := strconv.Atoi(run)
		switch {
		case err != nil && silent[run]:
		case err != nil:
			words = append(words, run)
		case len(run) == 4 && n >= 1900 && n < 2200 && m.year == 0:
			m.year, yearFirst = n, len(numbers) == 0
		default:
			numbers = append(numbers, n)
		}
	}
	if m.year == 0 || len(words) > 1 {
		return moment{}
	}
	word := ""
	if len(words) == 1 {
		word = words[0]
	}
	return m.within(word, numbers, yearFirst)
}

// within adds the part of the year that a word and numbers name.
func (m moment) within(word string, numbers []int, yearFirst bool) moment {
	only := func(most int) bool { return len(numbers) == 1 && numbers[0] >= 1 && numbers[0] <= most }
	m.known = true
	switch {
	case word == "" && len(numbers) == 0:
	case (word == "q" || word == "quarter") && only(4):
		m.month, m.part = 3*numbers[0]-2, "quarter"
	case (word == "h" || word == "half") && only(2):
		m.month, m.part = 6*numbers[0]-5, "half"
	case word == "" && only(12):
		m.month, m.part = numbers[0], "month"
	case word == "" && len(numbers) == 2 && yearFirst && numbers[0] >= 1 && numbers[0] <= 12:
		m.month, m.day, m.part = numbers[0], numbers[1], "day"
	case seasons[word] > 0 && len(numbers) == 0:
		m.month, m.part = seasons[word], "season"
	case monthOf(word) > 0 && len(numbers) <= 1:
		m.month, m.part = monthOf(word), "month"
		if len(numbers) == 1 {
			m.day, m.part = numbers[0], "day"
		}
	default:
		return moment{}
	}
	return m
}

// monthOf is the number of a month by its English name or three letters of it,
// or 0.
func monthOf(word string) int {
	for i, name := range months {
		if len(word) >= 3 && strings.HasPrefix(name, word) || word == "sept" && i == 8 {
			return i + 1
		}
	}
	return 0
}
