package dates

// numeric reads 10-17-18, 2/25/2021, 10.17.2018, and weakly 3/2021, 3/19, 10.17.18.
func (s *scanner) numeric(i, j int) (found, bool) {
	t := s.text
	sep := byteAt(t, j)
	if sep != '/' && sep != '-' && sep != '.' {
		return found{}, false
	}
	k := digitsEnd(t, j+1)
	a, b := number(t[i:j]), 0
	switch k - j - 1 {
	case 1, 2:
		b = number(t[j+1 : k])
	case 4:
		if year := number(t[j+1 : k]); yearOK(year) && a >= 1 && a <= 12 && sep != '.' {
			return found{start: i, end: k, date: monthOf(year, a), weak: twoParts}, true
		}
		return found{}, false
	default:
		return found{}, false
	}
	if byteAt(t, k) != sep || !isDigit(byteAt(t, k+1)) {
		if sep == '.' || k-j-1 != 2 || a < 1 || a > 12 {
			return found{}, false
		}
		return found{start: i, end: k, date: monthOf(fullYear(b), a), weak: twoParts}, true
	}
	end := digitsEnd(t, k+1)
	weak := strong
	switch end - k - 1 {
	case 2:
		if s.measures(end) {
			return found{}, false
		}
		if sep == '.' {
			weak = dotted
		}
	case 4:
	default:
		return found{}, false
	}
	f, ok := readings(a, b, fullYear(number(t[k+1:end])))
	f.start, f.end, f.weak = i, end, weak
	return f, ok && !s.cited(i)
}

// readings gives the dates that two numbers and a year may mean.
func readings(a, b, year int) (found, bool) {
	us, ok := dayOf(year, a, b)
	other, ok2 := dayOf(year, b, a)
	f := found{numeric: true, date: us}
	switch {
	case ok && ok2:
		f.two, f.other = a != b, other
	case ok:
		f.order = MonthFirst
	case ok2:
		f.order, f.date = DayFirst, other
	default:
		return f, false
	}
	return f, true
}

// measures says whether a unit follows: lifting 10-20-30 pounds.
func (s *scanner) measures(end int) bool {
	w, _ := after(s.text, end, "")
	return oneOf(w, "lb", "lbs", "pounds", "percent", "hours", "hrs", "days", "minutes", "years", "months", "feet", "ft", "inches", "kg", "psi")
}

// cited says whether the word before makes a number of it: Section 4-2-18.
func (s *scanner) cited(start int) bool {
	if i := gapBack(s.text, start, ""); i > 1 && s.text[i-2:i] == "§" {
		return true
	}
	w, _ := before(s.text, start, ".:")
	return oneOf(w, "section", "sec", "rule", "chapter", "article", "code", "title", "no", "number", "phone", "tel", "telephone", "fax",
		"ext", "part", "item", "room", "suite", "paragraph", "para", "clause", "appendix", "exhibit", "usc", "cfr")
}

// yearFirst reads 2021-03-04, 2021/3/4 and weakly 2021-03.
func (s *scanner) yearFirst(i, j int) (found, bool) {
	t := s.text
	sep := byteAt(t, j)
	if sep != '-' && sep != '/' && sep != '.' {
		return found{}, false
	}
	k := digitsEnd(t, j+1)
	if n := k - j - 1; n < 1 || n > 2 {
		return found{}, false
	}
	year, month := number(t[i:j]), number(t[j+1:k])
	end := k
	if byteAt(t, k) == sep {
		end = digitsEnd(t, k+1)
	}
	if n := end - k - 1; n == 1 || n == 2 {
		d, ok := dayOf(year, month, number(t[k+1:end]))
		return found{start: i, end: s.clock(end), date: d}, ok && !s.cited(i)
	}
	if sep != '-' || k-j-1 != 2 || month < 1 || month > 12 || s.school(k) {
		return found{}, false
	}
	return found{start: i, end: k, date: monthOf(year, month), weak: twoParts}, true
}

// school says whether 2010-11 goes on as "school year".
func (s *scanner) school(end int) bool {
	w, _ := after(s.text, end, "")
	return oneOf(w, "school", "academic", "season", "fiscal", "budget", "program", "term")
}

// clock skips the time of day that is written onto a date: T10:30:00Z.
func (s *scanner) clock(i int) int {
	t := s.text
	if c := byteAt(t, i); c != 'T' && c != 't' || !isDigit(byteAt(t, i+1)) {
		return i
	}
	j := i + 1
	for j < len(t) && j < i+32 && (isDigit(t[j]) || t[j] == ':' || t[j] == '.' || t[j] == '+' || t[j] == '-') && !(t[j] == '.' && !isDigit(byteAt(t, j+1))) {
		j++
	}
	if c := byteAt(t, j); c == 'Z' || c == 'z' {
		j++
	}
	return j
}

// compact reads 20210304, weakly.
func (s *scanner) compact(i, j int) (found, bool) {
	t := s.text[i:j]
	d, ok := dayOf(number(t[:4]), number(t[4:6]), number(t[6:]))
	return found{start: i, end: j, date: d, weak: compact}, ok
}
