package flat

import (
	"math"
	"strconv"
)

// Value is what stands in a cell. The zero Value is empty.
type Value struct {
	text string
	bits uint64 // of a number; 1 for true
	typ  Type
	set  bool
}

// Set reports whether there is anything in the cell. A text is there when it is
// not "".
func (v Value) Set() bool { return v.set }

// Type is the type of the value; Text when it is empty.
func (v Value) Type() Type { return v.typ }

// Text is the value of a Text or a Date, "" for any other.
func (v Value) Text() string { return v.text }

// Whole is the value of a Whole, 0 for any other.
func (v Value) Whole() int64 {
	if v.typ != Whole {
		return 0
	}
	return int64(v.bits)
}

// Float is the value of a Decimal, Percent or Share, 0 for any other.
func (v Value) Float() float64 {
	if !v.typ.Numeric() {
		return 0
	}
	return math.Float64frombits(v.bits)
}

// True is the value of a YesNo, false for any other.
func (v Value) True() bool { return v.typ == YesNo && v.bits == 1 }

// Any is the value as a string, int64, float64 or bool, or nil.
func (v Value) Any() any {
	switch {
	case !v.set:
		return nil
	case v.typ == Whole:
		return v.Whole()
	case v.typ.Numeric():
		return v.Float()
	case v.typ == YesNo:
		return v.True()
	}
	return v.text
}

// String is the value as it stands in CSV: numbers with all their digits and a
// point, "" when it is empty. It is not guarded; see [Guard].
func (v Value) String() string {
	switch {
	case !v.set:
		return ""
	case v.typ == Whole:
		return strconv.FormatInt(v.Whole(), 10)
	case v.typ.Numeric():
		return strconv.FormatFloat(v.Float(), 'g', -1, 64)
	case v.typ == YesNo:
		return strconv.FormatBool(v.True())
	}
	return v.text
}

func text(s string) Value { return Value{text: s, set: s != ""} }

// date takes a day as records write it.
func date(s string) Value {
	if s == "" {
		return Value{}
	}
	return Value{text: s, typ: Date, set: true}
}

func yesNo(b bool) Value {
	v := Value{typ: YesNo, set: true}
	if b {
		v.bits = 1
	}
	return v
}

func whole(n int64) Value { return Value{bits: uint64(n), typ: Whole, set: true} }

// wholeOf takes a number that may be absent.
func wholeOf(n *int64) Value {
	if n == nil {
		return Value{}
	}
	return whole(*n)
}

// ordinal takes a line or column, which is 0 where there is none.
func ordinal(n int) Value {
	if n == 0 {
		return Value{}
	}
	return whole(int64(n))
}

// number takes a figure that may be absent.
func number(t Type, x *float64) Value {
	if x == nil {
		return Value{}
	}
	return Value{bits: math.Float64bits(*x), typ: t, set: true}
}
