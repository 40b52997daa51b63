package crm

import "testing"

func TestValues(t *testing.T) {
	for _, test := range []struct {
		value Value
		kind  Type
		text  string
		float float64
	}{
		{Line("a b"), LineType, "a b", 0}, {Line(""), LineType, "", 0},
		{Number(61.2941), NumberType, "61.29", 61.29}, {Number(61.25), NumberType, "61.25", 61.25}, {Number(0.125), NumberType, "0.13", 0.13},
		{Number(-0.125), NumberType, "-0.13", -0.13}, {Number(-0.001), NumberType, "0", 0}, {Number(60), NumberType, "60", 60}, {Number(100), NumberType, "100", 100}, {Number(0.1), NumberType, "0.1", 0.1},
		{Count(0), CountType, "0", 0}, {Count(1234567), CountType, "1234567", 1234567},
		{Day("2026-09-30"), DayType, "2026-09-30", 0},
	} {
		if test.value != (Value{test.kind, test.text}) || test.kind != LineType && test.kind != DayType && test.value.Float() != test.float {
			t.Errorf("%+v, want %s", test.value, test.text)
		}
		if test.value.Empty() != (test.text == "") {
			t.Errorf("%+v is empty: %v", test.value, test.value.Empty())
		}
	}
}

func TestParse(t *testing.T) {
	for _, test := range []struct {
		kind     Type
		in, want string
	}{
		{NumberType, "61.250", "61.25"}, {NumberType, "61.0", "61"}, {NumberType, "6.125e1", "61.25"}, {NumberType, "-0.0", "0"}, {NumberType, "61.29499", "61.29"},
		{NumberType, "", ""}, {NumberType, "61,25", "61,25"}, {NumberType, "NaN", "NaN"}, {NumberType, "Inf", "Inf"}, {NumberType, "1e308", "1e308"}, {NumberType, "-1e308", "-1e308"},
		{CountType, "40.0", "40"}, {CountType, "40", "40"}, {CountType, "40.5", "40.5"}, {CountType, "many", "many"},
		{DayType, "2026-09-30", "2026-09-30"}, {DayType, "2026-09-30T00:00:00.000Z", "2026-09-30"}, {DayType, "2026-09-30 00:00:00", "2026-09-30"},
		{DayType, "1790726400000", "2026-09-30"}, {DayType, "0", "1970-01-01"}, {DayType, "", ""}, {DayType, "30.09.2026 12:00", "30.09.2026 12:00"}, {DayType, "2026-02-30T00:00:00Z", "2026-02-30T00:00:00Z"},
		{LineType, " 007 ", " 007 "}, {OtherType, "1.0", "1.0"},
	} {
		if got := Parse(test.kind, test.in); got != (Value{test.kind, test.want}) {
			t.Errorf("%q as %s is %+v, want %s", test.in, test.kind, got, test.want)
		}
	}
}

func TestWhatIsReadEqualsWhatWasWritten(t *testing.T) {
	for _, v := range []Value{Line("x"), Number(61.294), Number(-3.005), Number(0), Count(40), Day("2026-09-30")} {
		if got := Parse(v.Type, v.Text); got != v {
			t.Errorf("%+v is read as %+v", v, got)
		}
	}
}

func TestRounded(t *testing.T) {
	for _, test := range []struct {
		in       float64
		decimals int
		want     string
	}{{61.25, 1, "61.3"}, {61.25, 0, "61"}, {-0.5, 0, "-1"}, {99.5, 0, "100"}, {61.25, 2, "61.25"}, {-0.4, 0, "0"}} {
		if got := rounded(Number(test.in), test.decimals); got != (Value{NumberType, test.want}) {
			t.Errorf("%v with %d decimals is %+v, want %s", test.in, test.decimals, got, test.want)
		}
	}
}

func TestNamesOfTypes(t *testing.T) {
	for kind, want := range map[Type]string{LineType: "text", NumberType: "number", CountType: "whole number", DayType: "date", OtherType: "another type"} {
		if kind.String() != want {
			t.Errorf("%d is %q", kind, kind)
		}
	}
}
