package dates

import "strings"

// found is a date as the scanner sees it. A weak one counts only where the words
// around it make a date of it.
type found struct {
	start, end int
	date       Date
	other      Date // with two
	two        bool
	numeric    bool
	order      Order
	edge       Edge
	weak       weakness
	span       bool // a fiscal or school year, a quarter, a season
}

// weakness says why a figure may be no date.
type weakness uint8

const (
	strong   weakness = iota
	bareYear          // 2021
	twoParts          // 3/19, 03-21, 3/2021, 2021-03
	compact           // 20210304
	dotted            // 10.17.18
)

// scanner goes through a text from digit to digit: every date has one, and few
// other things in prose do.
type scanner struct {
	text string
	at   int // where to look on
	end  int // end of the date found last
	// The run of non-blanks looked at last, and whether it is an address or a file name.
	tokenEnd int
	link     bool
}

// next gives the next date of any strength.
func (s *scanner) next() (found, bool) {
	for {
		i := s.at
		for i < len(s.text) && !isDigit(s.text[i]) {
			i++
		}
		if i == len(s.text) {
			s.at = i
			return found{}, false
		}
		j := digitsEnd(s.text, i)
		s.at = j
		if f, ok := s.read(i, j); ok && !s.inLink(i) {
			s.at, s.end = f.end, f.end
			return f, true
		}
	}
}

// read tries the forms that begin or end with the number text[i:j].
func (s *scanner) read(i, j int) (f found, ok bool) {
	switch j - i {
	case 1, 2:
		f, ok = s.short(i, j)
	case 4:
		if !yearOK(number(s.text[i:j])) {
			return f, false
		}
		f, ok = s.year(i, j)
	case 8:
		f, ok = s.compact(i, j)
	}
	if !ok || f.start < s.end || !s.edges(f) {
		return f, false
	}
	s.withWeekday(&f)
	s.withEdge(&f)
	return f, true
}

// short tries the forms that begin or end with a number of one or two digits. Most
// such numbers are no dates; what is beside them tells that soon.
func (s *scanner) short(i, j int) (f found, ok bool) {
	switch byteAt(s.text, j) {
	case '/', '-', '.':
		if f, ok = s.numeric(i, j); ok {
			return f, ok
		}
	}
	if name, _ := before(s.text, i, ".-"); monthNamed(name) > 0 {
		if f, ok = s.afterMonth(i, j); ok {
			return f, ok
		}
	}
	if c := byteAt(s.text, gap(s.text, j, "-")); isLetter(c) || isDigit(c) || c == 0xE2 || c == '&' {
		if f, ok = s.beforeMonth(i, j); ok {
			return f, ok
		}
		if f, ok = s.quarter(i, j); ok {
			return f, ok
		}
	}
	switch c := byteAt(s.text, i-1); {
	case c == '\'', c == 0x99: // the last byte of ’
		if f, ok = s.shortYear(i, j); ok {
			return f, ok
		}
		return s.shortFiscal(i, j)
	case c|0x20 == 'y', c == ' ':
		return s.shortFiscal(i, j)
	case c|0x20 == 'q':
		return s.quarter(i, j)
	}
	return f, false
}

// year tries the forms that begin or end with a year.
func (s *scanner) year(i, j int) (f found, ok bool) {
	if f, ok = s.yearFirst(i, j); ok {
		return f, ok
	}
	if f, ok = s.monthYear(i, j); ok {
		return f, ok
	}
	if f, ok = s.span(i, j); ok {
		return f, ok
	}
	return s.yearAlone(i, j)
}

// edges says whether the date stands for itself: nothing that belongs to a longer
// number or name is beside it.
func (s *scanner) edges(f found) bool {
	t := s.text
	if c := byteAt(t, f.end); isAlnum(c) || c == '%' || c == '+' || c >= 0xC3 && c != 0xE2 {
		// Text taken from web pages runs on: "June 2, 2019To apply".
		return isLetter(t[f.start]) && f.weak == strong && c-'A' < 26
	} else if (c == '-' || c == '/' || c == '.' || c == '_' || c == ',') && isAlnum(byteAt(t, f.end+1)) {
		// 3/4/2021-3/8/2021 is a stretch, 2021.03 and 2021,5 are something else.
		if c != '-' || f.weak != strong || !isDigit(byteAt(t, f.end+1)) || strings.IndexByte(t[f.start:f.end], '-') >= 0 {
			return false
		}
	}
	c, before := byteAt(t, f.start-1), byteAt(t, f.start-2)
	switch {
	case isAlnum(c), strings.IndexByte("$#@=&?+%~\\", c) >= 0 && c != 0:
		return false
	case c == '.', c == ',', c == ':':
		return !isDigit(before)
	case c == '/', c == '_':
		return !isAlnum(before)
	case c == '-':
		if isDigit(t[f.start]) && strings.IndexByte(t[f.start:f.end], '-') < 0 && f.weak == strong {
			return true
		}
		if w, _ := wordBack(t, f.start-1); edgeNamed(w) != Whole { // mid-2024
			return true
		}
		return !isAlnum(before)
	case c == 0xA3 || c == 0xAC || c == 0xA7: // £ € §
		return false
	}
	return true
}

// inLink says whether the number at i belongs to a web or e-mail address or to the
// name of a file. Each run of non-blanks is looked at once.
func (s *scanner) inLink(i int) bool {
	if i < s.tokenEnd {
		return s.link
	}
	start := i
	for start > s.tokenEnd && !parts(s.text[start-1]) {
		start--
	}
	end := i
	for end < len(s.text) && !parts(s.text[end]) {
		end++
	}
	s.tokenEnd, s.link = end, isLink(s.text[start:end])
	return s.link
}

func parts(c byte) bool { return c <= ' ' || strings.IndexByte("()[]<>|\"`", c) >= 0 }

var extensions = [...]string{"pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "txt", "md", "html", "htm", "csv", "odt", "rtf", "png", "jpg", "jpeg", "zip"}

func isLink(token string) bool {
	if strings.Contains(token, "://") || strings.IndexByte(token, '@') >= 0 || hasPrefixFold(token, "www.") {
		return true
	}
	token = strings.TrimRight(token, ".,;:!?*_'")
	if dot := strings.LastIndexByte(token, '.'); dot >= 0 {
		for _, e := range extensions {
			if strings.EqualFold(token[dot+1:], e) {
				return true
			}
		}
	}
	// host.tld/2015/05: a name with a dot between letters before the first slash.
	host, _, path := strings.Cut(token, "/")
	if !path {
		return false
	}
	for k := 1; k+2 < len(host); k++ {
		if host[k] == '.' && isAlnum(host[k-1]) && isLetter(host[k+1]) && isLetter(host[k+2]) {
			return true
		}
	}
	return false
}

// number reads a few digits.
func number(digits string) int {
	n := 0
	for i := range len(digits) {
		n = 10*n + int(digits[i]-'0')
	}
	return n
}

func digitsEnd(t string, i int) int {
	for i < len(t) && isDigit(t[i]) {
		i++
	}
	return i
}
func isAlnum(c byte) bool { return isDigit(c) || isLetter(c) }

// byteAt gives a byte of the text, and 0 beyond its ends.
func byteAt(t string, i int) byte {
	if i < 0 || i >= len(t) {
		return 0
	}
	return t[i]
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

func isDigit(c byte) bool  { return c-'0' < 10 }
func isLetter(c byte) bool { return c|0x20-'a' < 26 }
