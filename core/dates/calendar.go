package dates

import "time"

// Years that a text may mean. What lies outside is some other number.
const (
	firstYear = 1900
	lastYear  = 2099
)

func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}

// monthEnd is the last day of a month; month may be over 12.
func monthEnd(year int, month time.Month) time.Time { return day(year, month+1, 0) }

func yearOK(y int) bool { return y >= firstYear && y <= lastYear }

// dayOf gives a day of the calendar, and false for the 31st of June.
func dayOf(year, month, d int) (Date, bool) {
	if !yearOK(year) || month < 1 || month > 12 || d < 1 || d > monthEnd(year, time.Month(month)).Day() {
		return Date{}, false
	}
	t := day(year, time.Month(month), d)
	return Date{First: t, Last: t, Precision: Day}, true
}

// monthOf gives a month of the calendar, 1 <= month <= 12.
func monthOf(year, month int) Date {
	m := time.Month(month)
	return Date{First: day(year, m, 1), Last: monthEnd(year, m), Precision: Month}
}

// quarterOf gives a calendar quarter, 1 <= q <= 4.
func quarterOf(year, q int) Date {
	m := time.Month(3*q - 2)
	return Date{First: day(year, m, 1), Last: monthEnd(year, m+2), Precision: Quarter}
}

// seasonOf gives a season of three whole months by its first one. Winter begins in
// December of the year named.
func seasonOf(year int, first time.Month) Date {
	return Date{First: day(year, first, 1), Last: monthEnd(year, first+2), Precision: Quarter}
}

// yearsOf gives whole years.
func yearsOf(first, last int) Date {
	return Date{First: day(first, time.January, 1), Last: day(last, time.December, 31), Precision: Year}
}

// fullYear reads a year of two digits: 70 to 99 are in the last century.
func fullYear(y int) int {
	switch {
	case y >= 100:
		return y
	case y >= 70:
		return 1900 + y
	}
	return 2000 + y
}

// at gives the part of a date that an edge names.
func (e Edge) at(d Date) Date {
	switch e {
	case Beginning:
		return Date{First: d.First, Last: d.First}
	case End:
		return Date{First: d.Last, Last: d.Last}
	case Early, Middle, Late:
		return third(d, int(e-Early))
	}
	return d
}

// third gives the i-th third of a date, 0 <= i < 3.
func third(d Date, i int) Date {
	switch d.Precision {
	case Month:
		t := Date{First: d.First.AddDate(0, 0, 10*i), Last: d.First.AddDate(0, 0, 10*i+9)}
		if i == 2 {
			t.Last = d.Last
		}
		return t
	case Quarter, Year:
		months := 1
		if d.Precision == Year {
			months = 4
		}
		first := d.First.AddDate(0, months*i, 0)
		return Date{First: first, Last: monthEnd(first.Year(), first.Month()+time.Month(months-1)), Precision: Month}
	}
	return d
}
