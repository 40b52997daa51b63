package survey

import (
	"math/big"
	"regexp"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/instrument"
)

func TestDecimals(t *testing.T) {
	const unit = 1_000_000_000_000
	narrow := instrument.Scale{Min: -10, Max: 1000, MissingCodes: []int{-99, 99999999}}
	hundred := instrument.Scale{Min: 0, Max: 100}
	wide := instrument.Scale{Min: 0, Max: 1_000_000}
	for _, tt := range []struct {
		scale instrument.Scale
		cell  string
		units int64
		given bool
		fault Fault
	}{
		{hundred, "3.75", 3_750_000_000_000, true, 0}, {hundred, "3,75", 3_750_000_000_000, true, 0}, {hundred, " 3.75\u00A0", 3_750_000_000_000, true, 0},
		{hundred, "1e-1", unit / 10, true, 0}, {hundred, "1E2", 100 * unit, true, 0}, {hundred, "1.5e+1", 15 * unit, true, 0}, {hundred, "0.001e4", 10 * unit, true, 0},
		{hundred, "0", 0, true, 0}, {hundred, "-0", 0, true, 0}, {hundred, "-0.0000000000001", 0, true, 0}, {hundred, ".5", unit / 2, true, 0}, {hundred, "5.", 5 * unit, true, 0},
		{hundred, "1.0000000000005", unit + 1, true, 0}, {hundred, "1.00000000000049999", unit, true, 0}, {narrow, "-1.0000000000005", -unit - 1, true, 0},
		{hundred, "0.1234567890123456789", 123_456_789_012, true, 0}, {hundred, "00000000000000000000000000000000000007.5", 7_500_000_000_000, true, 0},
		{hundred, "100.0000000000001", 100 * unit, true, 0}, {hundred, "100.000000000001", 0, false, OutOfRange}, {hundred, "-0.000000000001", 0, false, OutOfRange},
		{hundred, "1e1000", 0, false, OutOfRange}, {hundred, "-1e99999999999999999999", 0, false, OutOfRange}, {hundred, "1e-99999999999", 0, true, 0}, {hundred, strings.Repeat("9", 400), 0, false, OutOfRange},
		{hundred, "", 0, false, 0}, {hundred, "NA", 0, false, 0}, {hundred, "n/a", 0, false, 0}, {hundred, "-", 0, false, 0}, {hundred, "NaN", 0, false, 0},
		{hundred, "Inf", 0, false, NotAnAnswer}, {hundred, "1.2.3", 0, false, NotAnAnswer}, {hundred, "1,234.5", 0, false, NotAnAnswer}, {hundred, "1.234,5", 0, false, NotAnAnswer},
		{hundred, "e5", 0, false, NotAnAnswer}, {hundred, "5e", 0, false, NotAnAnswer}, {hundred, "5e+", 0, false, NotAnAnswer}, {hundred, "5e1.5", 0, false, NotAnAnswer}, {hundred, "0x10", 0, false, NotAnAnswer}, {hundred, "1_0", 0, false, NotAnAnswer},
		{hundred, "5 %", 0, false, NotAnAnswer}, {hundred, "+", 0, false, NotAnAnswer}, {hundred, "+5", 5 * unit, true, 0}, {hundred, "--5", 0, false, NotAnAnswer}, {hundred, "\xFF", 0, false, NotAnAnswer},
		{hundred, "3\u200B.5", 3_500_000_000_000, true, 0},
		// Codes for no answer, also those that do not fit in units.
		{narrow, "-99", 0, false, 0}, {narrow, "-99.0", 0, false, 0}, {narrow, "99999999", 0, false, 0}, {narrow, "99999998", 0, false, OutOfRange}, {narrow, "-99.5", 0, false, OutOfRange}, {hundred, "-77", 0, false, 0},
		// A comma before three digits is no point where thousands are on the scale.
		{hundred, "1,234", 1_234_000_000_000, true, 0}, {narrow, "1,234", 0, false, NotAnAnswer}, {wide, "1,234", 0, false, NotAnAnswer}, {wide, "1.234", 1_234_000, true, 0}, {wide, "1,23", 1_230_000, true, 0},
		{wide, "999999.9999995", 1_000_000_000_000, true, 0}, {wide, "0.0000005", 1, true, 0}, {wide, "0.00000049", 0, true, 0},
	} {
		units, given, fault := newDecimalCoder(tt.scale, []int{-77}).code([]byte(tt.cell))
		if units != tt.units || given != tt.given || fault != tt.fault {
			t.Errorf("%q: got %d %v %v, want %d %v %v", tt.cell, units, given, fault, tt.units, tt.given, tt.fault)
		}
	}
}

var plainDecimal = regexp.MustCompile(`^[+-]?([0-9]+[.,]?[0-9]*|[.,][0-9]+)([eE][+-]?[0-9]{1,3})?$`)

// FuzzDecimal compares with fractions of any size.
func FuzzDecimal(f *testing.F) {
	for _, cell := range []string{"3.75", "3,75", "1e-1", "-0", "1.0000000000005", "99.9999999999995", "1e999", "0,001e3", ".5", "5.", "1,234", "-99", "na"} {
		f.Add(cell, false)
		f.Add(cell, true)
	}
	f.Fuzz(func(t *testing.T, cell string, wide bool) {
		s := instrument.Scale{Min: -5, Max: 100}
		if wide {
			s = instrument.Scale{Min: 0, Max: 1_000_000}
		}
		units, given, fault := newDecimalCoder(s, nil).code([]byte(cell))
		if given == (fault != 0) && given || !given && units != 0 {
			t.Fatalf("%q: %d %v %v", cell, units, given, fault)
		}
		low, high := int64(s.Min)*Unit(s), int64(s.Max)*Unit(s)
		if given && (units < low || units > high) {
			t.Fatalf("%q: %d is off the scale", cell, units)
		}
		if !plainDecimal.MatchString(cell) || len(cell) > 100 {
			return // FuzzRows sees to it that it is the same everywhere
		}
		if number, _ := parseNumber([]byte(cell)); number.grouped && s.Max >= 1000 {
			if fault != NotAnAnswer {
				t.Fatalf("%q: %d %v %v", cell, units, given, fault)
			}
			return
		}
		want, ok := new(big.Rat).SetString(strings.Replace(cell, ",", ".", 1))
		if !ok {
			t.Fatalf("%q is not understood by math/big", cell)
		}
		want.Mul(want, new(big.Rat).SetInt64(Unit(s)))
		rounded := roundedHalfAway(want)
		if inside := rounded.Cmp(big.NewInt(low)) >= 0 && rounded.Cmp(big.NewInt(high)) <= 0; inside != given || inside && rounded.Int64() != units {
			t.Fatalf("%q: got %d %v %v, want %v", cell, units, given, fault, rounded)
		}
	})
}

func roundedHalfAway(x *big.Rat) *big.Int {
	twice := new(big.Rat).Mul(new(big.Rat).Abs(x), big.NewRat(2, 1))
	twice.Add(twice, big.NewRat(1, 1))
	whole := new(big.Int).Quo(twice.Num(), new(big.Int).Mul(twice.Denom(), big.NewInt(2)))
	if x.Sign() < 0 {
		whole.Neg(whole)
	}
	return whole
}
