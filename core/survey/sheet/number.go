package sheet

import (
	"math"
	"strconv"
	"time"
)

// maxNumber is how long the text of a number may be to be taken for one.
const maxNumber = 64

// appendNumber appends a number as a plain decimal without needless digits.
// Whole numbers keep all of theirs, also those that a float64 would round. What
// is no number is appended as it stands.
func appendNumber(dst, src []byte) []byte {
	digits, whole, ok := src, true, len(src) > 0 && len(src) <= maxNumber
	negative := ok && src[0] == '-'
	if ok && (src[0] == '-' || src[0] == '+') {
		digits = src[1:]
	}
	if ok {
		whole, ok = grammar(digits)
	}
	if !ok {
		return append(dst, src...)
	}
	if !whole {
		f, err := strconv.ParseFloat(string(digits), 64)
		if err != nil {
			return append(dst, src...)
		}
		if negative && f != 0 {
			dst = append(dst, '-')
		}
		return strconv.AppendFloat(dst, f, 'f', -1, 64)
	}
	for len(digits) > 1 && digits[0] == '0' {
		digits = digits[1:]
	}
	if negative && digits[0] != '0' {
		dst = append(dst, '-')
	}
	return append(dst, digits...)
}

// grammar reports whether b is a number without a sign, and whether it is a
// whole one written with digits alone.
func grammar(b []byte) (whole, ok bool) {
	i := digitsEnd(b, 0)
	if i == len(b) {
		return true, i > 0
	}
	n := i
	if b[i] == '.' {
		end := digitsEnd(b, i+1)
		n += end - i - 1
		i = end
	}
	if n == 0 {
		return false, false
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		i++
		if i < len(b) && (b[i] == '-' || b[i] == '+') {
			i++
		}
		end := digitsEnd(b, i)
		return false, end == len(b) && end > i
	}
	return false, i == len(b)
}

// digitsEnd returns where the digits at i end.
func digitsEnd(b []byte, i int) int {
	for i < len(b) && '0' <= b[i] && b[i] <= '9' {
		i++
	}
	return i
}

// The last day that Excel shows, 9999-12-31, in both ways of counting.
const (
	lastDay     = 2_958_465
	lastDay1904 = lastDay - 1462
)

// appendDate appends a number of days as a date or time, in the way that the
// documentation of Reader says. It is not ok, and appends nothing, for numbers
// that are no date.
func appendDate(dst, src []byte, f format, date1904 bool) (out []byte, ok bool) {
	if _, ok := grammar(src); !ok || len(src) > maxNumber {
		return dst, false
	}
	serial, err := strconv.ParseFloat(string(src), 64)
	if err != nil || serial >= lastDay+1 {
		return dst, false
	}
	unit := int64(1) // in a second
	if f&formatFraction != 0 {
		unit = 1000
	}
	perDay := 86_400 * unit
	ticks := int64(math.Round(serial * float64(perDay)))
	day, ticks := ticks/perDay, ticks%perDay
	switch {
	case f&formatElapsed != 0:
		return appendTime(dst, day*perDay+ticks, unit), true
	case day == 0 && !date1904:
		// The day before the first one: Excel shows a date 1900-01-00.
		if f&formatTime == 0 {
			return dst, false
		}
		return appendTime(dst, ticks, unit), true
	case day == 0 && f&formatDate == 0:
		return appendTime(dst, ticks, unit), true
	}
	if dst, ok = appendDay(dst, day, date1904); !ok {
		return dst, false
	}
	if ticks != 0 || f&formatTime != 0 {
		dst = appendTime(append(dst, 'T'), ticks, unit)
	}
	return dst, true
}

// appendDay appends the date of a day. Day 60 of 1900 is the 29th of February,
// which there was none of: Excel keeps this fault of an older program.
func appendDay(dst []byte, day int64, date1904 bool) (out []byte, ok bool) {
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case date1904 && day > lastDay1904, day > lastDay:
		return dst, false
	case date1904:
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case day == 60:
		return append(dst, "1900-02-29"...), true
	case day < 60:
		day++
	}
	return base.AddDate(0, 0, int(day)).AppendFormat(dst, time.DateOnly), true
}

// appendTime appends "09:00:00", with thousandths when there are as many units
// in a second and it takes them.
func appendTime(dst []byte, ticks, unit int64) []byte {
	seconds, rest := ticks/unit, ticks%unit
	dst = appendPadded(dst, seconds/3600, 2)
	dst = appendPadded(append(dst, ':'), seconds/60%60, 2)
	dst = appendPadded(append(dst, ':'), seconds%60, 2)
	if rest != 0 {
		dst = appendPadded(append(dst, '.'), rest, 3)
	}
	return dst
}

// appendPadded appends a number with zeros before it up to a width.
func appendPadded(dst []byte, n int64, width int) []byte {
	for limit := int64(10); width > 1; width-- {
		if n < limit {
			for range width - 1 {
				dst = append(dst, '0')
			}
			break
		}
		limit *= 10
	}
	return strconv.AppendInt(dst, n, 10)
}
