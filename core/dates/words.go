package dates

import "strings"

// maxGap is how many bytes may part the words of a date: a line end with its
// indentation and marks of emphasis.
const maxGap = 12

// maxWord is the longest word that a date may hold: "September", with room.
const maxWord = 12

// gap skips what may stand between two words of a date, forwards from i, with the
// bytes of extra. It crosses one line end at most.
func gap(t string, i int, extra string) int {
	lines := 0
	for end := min(len(t), i+maxGap); i < end; {
		n := blank(t, i)
		if n == 0 && (t[i] == '*' || t[i] == '_' || strings.IndexByte(extra, t[i]) >= 0) {
			n = 1
		}
		if n == 0 {
			break
		}
		if t[i] == '\n' {
			if lines++; lines > 1 {
				break
			}
		}
		i += n
	}
	return i
}

// blank gives the length of the white space at i, 0 for none.
func blank(t string, i int) int {
	switch t[i] {
	case ' ', '\t', '\r', '\n':
		return 1
	case 0xC2:
		if byteAt(t, i+1) == 0xA0 { // no-break space
			return 2
		}
	case 0xE2:
		if byteAt(t, i+1) == 0x80 && (byteAt(t, i+2) == 0xAF || byteAt(t, i+2) == 0x89) { // narrow spaces
			return 3
		}
	}
	return 0
}

// gapBack is gap backwards: it gives the place after the word before.
func gapBack(t string, i int, extra string) int {
	lines := 0
	for stop := max(0, i-maxGap); i > stop; {
		c := t[i-1]
		switch {
		case c == '\n':
			if lines++; lines > 1 {
				return i
			}
			i--
		case c == ' ', c == '\t', c == '\r', c == '*', c == '_', strings.IndexByte(extra, c) >= 0:
			i--
		case c == 0xA0 && byteAt(t, i-2) == 0xC2:
			i -= 2
		case c == 0xAF && byteAt(t, i-2) == 0x80 && byteAt(t, i-3) == 0xE2:
			i -= 3
		default:
			return i
		}
	}
	return i
}

// word gives the letters at i, "" for none or too many.
func word(t string, i int) string {
	j := i
	for j < len(t) && j-i <= maxWord && isLetter(t[j]) {
		j++
	}
	if j-i > maxWord {
		return ""
	}
	return t[i:j]
}

// wordBack gives the letters that end at i and where they begin, "" for none, too
// many, or the end of a longer word.
func wordBack(t string, i int) (string, int) {
	j := i
	for j > 0 && i-j <= maxWord && isLetter(t[j-1]) {
		j--
	}
	if i-j > maxWord || isDigit(byteAt(t, j-1)) {
		return "", i
	}
	return t[j:i], j
}

// before gives the word before i and where it begins.
func before(t string, i int, extra string) (string, int) { return wordBack(t, gapBack(t, i, extra)) }

// after gives the word after i and where it ends.
func after(t string, i int, extra string) (string, int) {
	i = gap(t, i, extra)
	w := word(t, i)
	return w, i + len(w)
}

var months = [...]string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}

// monthNamed reads the name of a month or its first three letters, 0 for others.
func monthNamed(w string) int {
	if len(w) < 3 {
		return 0
	}
	if strings.EqualFold(w, "sept") {
		return 9
	}
	for i, m := range months {
		if w[0]|0x20 != m[0] {
			continue
		}
		if strings.EqualFold(w, m) || len(w) == 3 && strings.EqualFold(w, m[:3]) {
			return i + 1
		}
	}
	return 0
}

var weekdays = [...]string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

func isWeekday(w string) bool {
	if len(w) < 3 {
		return false
	}
	for _, d := range weekdays {
		if w[0]|0x20 != d[0] {
			continue
		}
		if strings.EqualFold(w, d) || len(w) <= 5 && hasPrefixFold(d, w) {
			return true
		}
	}
	return false
}

var ordinals = [...]string{"first", "second", "third", "fourth"}

// quarterNamed reads "second", 0 for others.
func quarterNamed(w string) int {
	for i, o := range ordinals {
		if strings.EqualFold(w, o) {
			return i + 1
		}
	}
	return 0
}

// seasonNamed gives the first month of a season, 0 for other words.
func seasonNamed(w string) int {
	switch {
	case strings.EqualFold(w, "spring"):
		return 3
	case strings.EqualFold(w, "summer"):
		return 6
	case strings.EqualFold(w, "fall"), strings.EqualFold(w, "autumn"):
		return 9
	case strings.EqualFold(w, "winter"):
		return 12
	}
	return 0
}

// oneOf says whether a word is in a list, whatever its case.
func oneOf(w string, list ...string) bool {
	for _, l := range list {
		if len(l) == len(w) && strings.EqualFold(w, l) {
			return true
		}
	}
	return false
}

// dash gives the length of the hyphen or dash at i, 0 for none.
func dash(t string, i int) int {
	switch byteAt(t, i) {
	case '-':
		return 1
	case 0xE2:
		if c := byteAt(t, i+2); byteAt(t, i+1) == 0x80 && c >= 0x90 && c <= 0x95 {
			return 3
		}
	}
	return 0
}

// joint skips what joins both ends of a stretch, "-", "to", "through" or, with and,
// "and", and the blanks around it; 0 when there is none.
func joint(t string, i int, and bool) int {
	i = gap(t, i, "")
	if n := dash(t, i); n > 0 {
		return gap(t, i+n, "")
	}
	w := word(t, i)
	if oneOf(w, "to", "through", "thru", "until") || and && (oneOf(w, "and") || byteAt(t, i) == '&') {
		return gap(t, i+max(len(w), 1), "")
	}
	return 0
}

// ordinalEnd skips st, nd, rd or th after a day.
func ordinalEnd(t string, i int) int {
	if w := word(t, i); oneOf(w, "st", "nd", "rd", "th") {
		return i + 2
	}
	return i
}

// yearAt reads a year of four digits, or of two after an apostrophe.
func yearAt(t string, i int) (year, end int) {
	short := false
	if byteAt(t, i) == '\'' {
		short, i = true, i+1
	} else if strings.HasPrefix(t[min(i, len(t)):], "’") {
		short, i = true, i+len("’")
	}
	j := i
	for j < len(t) && j-i < 5 && isDigit(t[j]) {
		j++
	}
	switch {
	case !short && j-i == 4 && yearOK(number(t[i:j])):
		return number(t[i:j]), j
	case short && j-i == 2:
		return fullYear(number(t[i:j])), j
	}
	return 0, 0
}
