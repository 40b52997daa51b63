package dates

import "time"

// The functions here read one form each. They get the place of a number and give
// the date that it begins or ends.

// afterMonth reads March 4, 2021 and stretches such as March 4-8, 2019 and March 28
// to April 2, 2019.
func (s *scanner) afterMonth(i, j int) (found, bool) {
	name, start := before(s.text, i, ".-")
	month := monthNamed(name)
	if month == 0 {
		return found{}, false
	}
	first := number(s.text[i:j])
	last, lastMonth := first, month
	end := ordinalEnd(s.text, j)
	if to := joint(s.text, end, true); to > 0 {
		d, m, e := s.monthDay(to, month)
		if d > 0 {
			last, lastMonth, end = d, m, e
		}
	}
	year, end := yearAt(s.text, s.beforeYear(end))
	return stretch(start, end, year, month, first, lastMonth, last)
}

// monthDay reads the other end of a stretch: "8", "Friday, April 2nd".
func (s *scanner) monthDay(i, month int) (d, m, end int) {
	m = month
	w := word(s.text, i)
	if isWeekday(w) {
		i = gap(s.text, i+len(w), ".,")
		w = word(s.text, i)
	}
	if n := monthNamed(w); n > 0 {
		m, i = n, gap(s.text, i+len(w), ".")
	}
	j := digitsEnd(s.text, i)
	if j == i || j-i > 2 {
		return 0, 0, 0
	}
	return number(s.text[i:j]), m, ordinalEnd(s.text, j)
}

// beforeMonth reads 4 March 2021, 4-Mar-21, 24-28 September 2018 and 24 September to
// 5 October 2018.
func (s *scanner) beforeMonth(i, j int) (found, bool) {
	first := number(s.text[i:j])
	end := ordinalEnd(s.text, j)
	last, lastMonth := first, 0
	month, end2 := s.monthAfter(end)
	if month == 0 {
		to := joint(s.text, end, true)
		k := digitsEnd(s.text, to)
		if to == 0 || k == to || k-to > 2 {
			return found{}, false
		}
		last = number(s.text[to:k])
		if month, end2 = s.monthAfter(ordinalEnd(s.text, k)); month == 0 {
			return found{}, false
		}
		lastMonth = month
	}
	end = end2
	if lastMonth == 0 {
		lastMonth = month
		if to := joint(s.text, end, true); to > 0 {
			if w := word(s.text, to); isWeekday(w) {
				to = gap(s.text, to+len(w), ".,")
			}
			k := digitsEnd(s.text, to)
			if m, e := s.monthAfter(ordinalEnd(s.text, k)); k > to && k-to <= 2 && m > 0 {
				last, lastMonth, end = number(s.text[to:k]), m, e
			}
		}
	}
	year, e := yearAt(s.text, s.beforeYear(end))
	if year == 0 && byteAt(s.text, end) == '-' { // 4-Mar-21
		k := digitsEnd(s.text, end+1)
		switch k - end {
		case 3, 5:
			year, e = fullYear(number(s.text[end+1:k])), k
		}
	}
	return stretch(i, e, year, month, first, lastMonth, last)
}

// monthAfter reads the name of a month after a day, with "of" between.
func (s *scanner) monthAfter(i int) (month, end int) {
	i = gap(s.text, i, "-")
	w := word(s.text, i)
	if oneOf(w, "of") {
		i = gap(s.text, i+2, "")
		w = word(s.text, i)
	}
	end = i + len(w)
	if byteAt(s.text, end) == '.' {
		end++
	}
	return monthNamed(w), end
}

// beforeYear skips what stands between a month or day and its year.
func (s *scanner) beforeYear(i int) int {
	i = gap(s.text, i, ".,-")
	if oneOf(word(s.text, i), "of") {
		return gap(s.text, i+2, "")
	}
	return i
}

// stretch makes a date of two days in a year, false where they are none in order.
func stretch(start, end, year, month, first, lastMonth, last int) (found, bool) {
	a, ok := dayOf(year, month, first)
	b, ok2 := dayOf(year, lastMonth, last)
	if !ok || !ok2 || b.First.Before(a.First) {
		return found{}, false
	}
	a.Last = b.Last
	return found{start: start, end: end, date: a}, true
}

// monthYear reads March 2021, March of 2021 and January to March 2021.
func (s *scanner) monthYear(i, j int) (found, bool) {
	year := number(s.text[i:j])
	name, start := before(s.text, i, ".,-'")
	if oneOf(name, "of") {
		name, start = before(s.text, start, "")
	}
	month := monthNamed(name)
	if month == 0 {
		return found{}, false
	}
	date := monthOf(year, month)
	k := gapBack(s.text, start, "")
	if n := dashBack(s.text, k); n > 0 {
		k -= n
	} else if w, at := wordBack(s.text, k); oneOf(w, "to", "through", "thru") {
		k = at
	} else {
		k = -1
	}
	if k >= 0 {
		if w, at := before(s.text, k, ".-"); monthNamed(w) > 0 && monthNamed(w) < month && at >= s.end {
			date.First, start = day(year, time.Month(monthNamed(w)), 1), at
		}
	}
	return found{start: start, end: j, date: date}, true
}

// dashBack gives the length of the hyphen or dash that ends at i.
func dashBack(t string, i int) int {
	switch {
	case byteAt(t, i-1) == '-':
		return 1
	case i >= 3 && dash(t, i-3) == 3:
		return 3
	}
	return 0
}

// shortYear reads March '21.
func (s *scanner) shortYear(i, j int) (found, bool) {
	at := i - 1
	if i >= 3 && s.text[i-3:i] == "’" {
		at = i - 3
	} else if byteAt(s.text, at) != '\'' {
		return found{}, false
	}
	name, start := before(s.text, at, ".,")
	if month := monthNamed(name); month > 0 && j-i == 2 {
		return found{start: start, end: j, date: monthOf(fullYear(number(s.text[i:j])), month)}, true
	}
	return found{}, false
}

// quarter reads Q2 2023 and 2nd quarter of 2023.
func (s *scanner) quarter(i, j int) (found, bool) {
	q := number(s.text[i:j])
	if j-i != 1 || q < 1 || q > 4 {
		return found{}, false
	}
	start, end := i, j
	if c := byteAt(s.text, i-1); c == 'Q' || c == 'q' {
		start--
	} else if end = ordinalEnd(s.text, j); end > j {
		w, e := after(s.text, end, "")
		if !oneOf(w, "quarter") {
			return found{}, false
		}
		end = e
	} else {
		return found{}, false
	}
	at := gap(s.text, end, ",/-")
	for _, w := range [...]string{"of", "FY", "fiscal", "year"} {
		if hasPrefixFold(s.text[at:], w) {
			at = gap(s.text, at+len(w), "")
		}
	}
	year, e := yearAt(s.text, at)
	if year == 0 {
		return found{}, false
	}
	return found{start: start, end: e, date: quarterOf(year, q), span: true}, true
}

// span reads seasons, quarters and fiscal years by their words before the year, and
// years of two calendar years: Spring of 2022, second quarter 2023, FY 2019, 2018-2019.
func (s *scanner) span(i, j int) (found, bool) {
	year := number(s.text[i:j])
	if k := j + dash(s.text, j); k > j || byteAt(s.text, j) == '/' {
		k = max(k, j+1)
		e := digitsEnd(s.text, k)
		n := 0
		switch e - k {
		case 2:
			n = number(s.text[k:e]) + year/100*100
		case 4:
			n = number(s.text[k:e])
		}
		if n == year+1 {
			return found{start: i, end: e, date: yearsOf(year, n), weak: bareYear, span: true}, true
		}
		return found{}, false
	}
	name, start := before(s.text, i, ",'")
	if oneOf(name, "of") {
		name, start = before(s.text, start, "")
	}
	if first := seasonNamed(name); first > 0 {
		return found{start: start, end: j, date: seasonOf(year, time.Month(first)), span: true}, true
	}
	switch {
	case oneOf(name, "quarter"):
		if w, at := before(s.text, start, ""); quarterNamed(w) > 0 {
			return found{start: at, end: j, date: quarterOf(year, quarterNamed(w)), span: true}, true
		}
	case oneOf(name, "FY"):
		return found{start: start, end: j, date: yearsOf(year, year), span: true}, true
	case oneOf(name, "year"):
		if w, at := before(s.text, start, ""); oneOf(w, "fiscal") {
			return found{start: at, end: j, date: yearsOf(year, year), span: true}, true
		}
	}
	return found{}, false
}

// shortFiscal reads FY19.
func (s *scanner) shortFiscal(i, j int) (found, bool) {
	w, start := before(s.text, i, "'")
	if !oneOf(w, "FY") || j-i != 2 {
		return found{}, false
	}
	year := fullYear(number(s.text[i:j]))
	return found{start: start, end: j, date: yearsOf(year, year), span: true}, true
}

// yearAlone reads 2021.
func (s *scanner) yearAlone(i, j int) (found, bool) {
	year := number(s.text[i:j])
	return found{start: i, end: j, date: yearsOf(year, year), weak: bareYear}, true
}

// withWeekday takes the weekday before a day into its span.
func (s *scanner) withWeekday(f *found) {
	if f.date.Precision != Day || f.weak != strong {
		return
	}
	if w, at := before(s.text, f.start, ".,"); isWeekday(w) && at >= s.end && !isAlnum(byteAt(s.text, at-1)) {
		f.start = at
	}
}

// withEdge takes "the end of", "mid-" and their like into the span.
func (s *scanner) withEdge(f *found) {
	if f.date.Precision == Day || f.weak > bareYear {
		return
	}
	w, at := before(s.text, f.start, "-")
	if oneOf(w, "in", "of") {
		if oneOf(w, "of") && f.start-at < 3 {
			return
		}
		w2, at2 := before(s.text, at, "")
		e := edgeNamed(w2)
		if oneOf(w, "in") && e != Early && e != Late {
			return
		}
		w, at = w2, at2
	} else if oneOf(w, "the") {
		of, at2 := before(s.text, at, "")
		if !oneOf(of, "of") {
			return
		}
		w, at = before(s.text, at2, "")
	} else if e := edgeNamed(w); e == Beginning || e == End {
		return
	}
	if e := edgeNamed(w); e != Whole && at >= s.end && !isAlnum(byteAt(s.text, at-1)) {
		f.edge, f.start = e, at
		f.date = e.at(f.date)
		f.weak = strong
	}
}

func edgeNamed(w string) Edge {
	switch {
	case oneOf(w, "end", "close"):
		return End
	case oneOf(w, "beginning", "start"):
		return Beginning
	case oneOf(w, "early"):
		return Early
	case oneOf(w, "mid", "middle"):
		return Middle
	case oneOf(w, "late"):
		return Late
	}
	return Whole
}
