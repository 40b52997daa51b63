package crm

import (
	"math"
	"strconv"
	"time"
)

// Type is the type of a figure, and of the field that holds it.
type Type int

// The types of figures.
const (
	LineType   Type = iota // a line of text
	NumberType             // a number with up to two decimals
	CountType              // a whole number
	DayType                // a day
	OtherType              // of a field: none of these
)

// String names the type for people.
func (t Type) String() string {
	return [...]string{"text", "number", "whole number", "date", "another type"}[t]
}

// Value is a value of a field. Two values of equal content are equal.
type Value struct {
	Type Type
	Text string // a number as 61.25, a day as 2026-09-30; empty: no value
}

// Line is a line of text.
func Line(s string) Value { return Value{LineType, s} }

// Number is a number, rounded to two decimals, halves away from zero.
func Number(x float64) Value {
	rounded := math.Round(x*100) / 100
	if rounded == 0 {
		rounded = 0 // not -0
	}
	return Value{NumberType, strconv.FormatFloat(rounded, 'f', -1, 64)}
}

// Count is a whole number.
func Count(n int64) Value { return Value{CountType, strconv.FormatInt(n, 10)} }

// Day is a day, given as YYYY-MM-DD.
func Day(day string) Value { return Value{DayType, day} }

// Parse reads a value as CRMs write it: numbers with more zeros, days with a time. What
// is not of the type is kept as it is, and equals no value of ours.
func Parse(t Type, s string) Value {
	switch t {
	case NumberType, CountType:
		x, err := strconv.ParseFloat(s, 64)
		if err != nil || !(math.Abs(x) < 1e15) { // none of ours is as large; NaN is none
			break
		}
		v := Number(x)
		v.Type = t
		return v
	case DayType:
		if ms, err := strconv.ParseInt(s, 10, 64); err == nil { // milliseconds since 1970
			return Day(time.UnixMilli(ms).UTC().Format(time.DateOnly))
		}
		if len(s) > len(time.DateOnly) {
			if _, err := time.Parse(time.DateOnly, s[:len(time.DateOnly)]); err == nil {
				return Day(s[:len(time.DateOnly)])
			}
		}
	}
	return Value{t, s}
}

// Float is the number of a NumberType or CountType value.
func (v Value) Float() float64 {
	x, _ := strconv.ParseFloat(v.Text, 64)
	return x
}

// Empty reports whether there is no value.
func (v Value) Empty() bool { return v.Text == "" }

// rounded is a number with fewer decimals, halves away from zero.
func rounded(v Value, decimals int) Value {
	scale := math.Pow10(decimals)
	x := math.Round(v.Float()*scale) / scale
	if x == 0 {
		x = 0 // not -0
	}
	return Value{v.Type, strconv.FormatFloat(x, 'f', -1, 64)}
}
