package survey

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/instrument"
)

func TestCode(t *testing.T) {
	var (
		plain   = instrument.Scale{Min: 1, Max: 5}
		zero    = instrument.Scale{Min: 0, Max: 10, MissingCodes: []int{-99, 99}}
		around  = instrument.Scale{Min: -2, Max: 2}
		wide    = instrument.Scale{Min: 0, Max: 1000}
		percent = instrument.Scale{Min: 1, Max: 3, Labels: []string{"0", "50", "100 %"}}
		letters = instrument.Scale{Min: 1, Max: 3, Labels: []string{"C", "B", "n/a"}}
		twice   = instrument.Scale{Min: 1, Max: 3, Labels: []string{"Yes", "YES", "No"}}
	)
	tests := []struct {
		scale  instrument.Scale
		cell   string
		answer int32
		fault  Fault
	}{
		{plain, "4", 4, 0}, {plain, "1", 1, 0}, {plain, "5", 5, 0},
		{plain, " 4 ", 4, 0}, {plain, "\u00A04\t", 4, 0}, {plain, "4\u200B", 4, 0}, {plain, "+4", 4, 0}, {plain, "04", 4, 0},
		{plain, "4.0", 4, 0}, {plain, "4,0", 4, 0}, {plain, "4.000000", 4, 0}, {plain, "4.", 4, 0}, {plain, "4,000", 4, 0},

		{plain, "0", Missing, OutOfRange}, {plain, "6", Missing, OutOfRange}, {plain, "-1", Missing, OutOfRange}, {plain, "-99", Missing, OutOfRange},
		{plain, "5.5", Missing, OutOfRange}, {plain, "0.5", Missing, OutOfRange}, {plain, "99999999999999999999999999", Missing, OutOfRange},
		{plain, "-99999999999999999999999999", Missing, OutOfRange}, {plain, "18446744073709551620", Missing, OutOfRange}, // 2^64 + 4
		{plain, "4.5", Missing, Fraction}, {plain, "4,5", Missing, Fraction}, {plain, "1.0000001", Missing, Fraction},
		{plain, "A1", Missing, NotAnAnswer}, {plain, "1A", Missing, NotAnAnswer}, {plain, "4e0", Missing, NotAnAnswer}, {plain, "1.2.3", Missing, NotAnAnswer},
		{plain, "1 2", Missing, NotAnAnswer}, {plain, "٤", Missing, NotAnAnswer}, {plain, "Agree", Missing, NotAnAnswer},
		{plain, "--", Missing, NotAnAnswer}, {plain, "+", Missing, NotAnAnswer}, {plain, ",5", Missing, NotAnAnswer}, {plain, "0x4", Missing, NotAnAnswer}, {plain, "\xFF", Missing, NotAnAnswer},

		// A number with its meaning, as forms write the ends of a scale.
		{plain, "4 - Agree", 4, 0}, {plain, "5 – It’s great", 5, 0}, {plain, "5: great", 5, 0}, {plain, "5=great", 5, 0}, {plain, "5. great", 5, 0}, {plain, "5) great", 5, 0}, {plain, "5 (great)", 5, 0},
		{plain, "6 - great", Missing, OutOfRange}, {plain, "2 - 3", Missing, NotAnAnswer}, {plain, "2 - 3 times", Missing, NotAnAnswer}, {plain, "4 -", Missing, NotAnAnswer}, {plain, "4-Agree", Missing, NotAnAnswer},
		{plain, "9:30", Missing, NotAnAnswer}, {plain, "3.1.2026", Missing, NotAnAnswer}, {plain, "4.5 - so so", Missing, NotAnAnswer}, {plain, "- 4 - x", Missing, NotAnAnswer}, {plain, "-4 - x", Missing, OutOfRange}, {plain, "4 apples", Missing, NotAnAnswer},
		{agreement, "4 - Agree", 4, 0}, {agreement, "1 - Agree", Missing, NotAnAnswer}, {agreement, "2 - rather not", 2, 0}, {zero, "10 - Extremely likely", 10, 0}, {zero, "-99 - no idea", Missing, 0},
		// What tools put around an answer.
		{agreement, "Agree;", 4, 0}, {agreement, "Agree ;", 4, 0}, {plain, "4;", 4, 0}, {plain, ";", Missing, NotAnAnswer}, {agreement, "Agree;Disagree;", Missing, NotAnAnswer}, {plain, "'=1+1", Missing, NotAnAnswer}, {plain, "'4", Missing, NotAnAnswer},
		{plain, "Not applicable", Missing, 0}, {plain, "No answer", Missing, 0},

		{plain, "", Missing, 0}, {plain, "  ", Missing, 0}, {plain, "\u00A0", Missing, 0}, {plain, "\u200B", Missing, 0}, {plain, "NA", Missing, 0}, {plain, "na", Missing, 0}, {plain, "N/A", Missing, 0},
		{plain, "n/a", Missing, 0}, {plain, "#N/A", Missing, 0}, {plain, "NULL", Missing, 0}, {plain, "null", Missing, 0}, {plain, "NaN", Missing, 0},
		{plain, "-", Missing, 0}, {plain, ".", Missing, 0}, {plain, " - ", Missing, 0},

		{zero, "0", 0, 0}, {zero, "10", 10, 0}, {zero, "11", Missing, OutOfRange}, {zero, "-99", Missing, 0}, {zero, "-99.0", Missing, 0}, {zero, "99", Missing, 0}, {zero, "98", Missing, OutOfRange},
		{zero, "-98.5", Missing, OutOfRange}, {zero, "-0", 0, 0},
		{around, "-2", -2, 0}, {around, "-2.0", -2, 0}, {around, "-1.5", Missing, Fraction}, {around, "-0.5", Missing, Fraction}, {around, "-2.5", Missing, OutOfRange}, {around, "-3", Missing, OutOfRange},
		{wide, "1000", 1000, 0}, {wide, "1,0", 1, 0}, {wide, "1,000", Missing, NotAnAnswer}, {wide, "1.000", 1, 0},

		{agreement, "Agree", 4, 0}, {agreement, "agree", 4, 0}, {agreement, " STRONGLY  DISAGREE\u00A0", 1, 0}, {agreement, "Neither agree\nnor disagree", 3, 0},
		{agreement, "don't know anybody who'd disagree", 5, 0}, {agreement, "Don‘t know anybody who‛d disagree", 5, 0},
		{agreement, "3", 3, 0}, {agreement, "Agreed", Missing, NotAnAnswer}, {agreement, "-99", Missing, 0},
		{percent, "50", 2, 0}, {percent, "0", 1, 0}, {percent, "100  %", 3, 0}, {percent, "1", 1, 0}, {percent, "25", Missing, OutOfRange},
		{letters, "c", 1, 0}, {letters, "B", 2, 0}, {letters, "N/A", 3, 0}, {letters, "NA", Missing, 0}, {letters, "A", Missing, NotAnAnswer},
		{twice, "yes", Missing, NotAnAnswer}, {twice, "no", 3, 0},
	}
	for _, tt := range tests {
		c := newCoder(tt.scale)
		for range 2 { // the second time from memory
			if answer, fault := c.code([]byte(tt.cell)); answer != tt.answer || fault != tt.fault {
				t.Errorf("%q on %d to %d: got %d, %s; want %d, %s", tt.cell, tt.scale.Min, tt.scale.Max, answer, fault, tt.answer, tt.fault)
			}
		}
		if len(tt.cell) == 1 {
			if single := c.single[tt.cell[0]]; single != needsCode && (single != tt.answer || tt.fault != 0) {
				t.Errorf("%q alone: got %d, want %d", tt.cell, single, tt.answer)
			}
		}
	}
}

func TestCoderMemoryIsBounded(t *testing.T) {
	c := newCoder(agreement)
	for i := range 3 * maxSpellings {
		cell := "Strongly" + strings.Repeat(" ", i+1) + "disagree"
		if answer, fault := c.code([]byte(cell)); answer != 1 || fault != 0 {
			t.Fatalf("got %d, %s", answer, fault)
		}
	}
	for spelling := range c.spellings {
		if len(spelling) > maxSpelling {
			t.Errorf("remembers %d bytes", len(spelling))
		}
	}
	if len(c.spellings) > maxSpellings {
		t.Errorf("remembers %d spellings", len(c.spellings))
	}
}

func TestFold(t *testing.T) {
	for _, tt := range []struct{ in, exact, loose string }{
		{"", "", ""}, {" \u00A0\t\r\n", "", ""}, {"a", "a", "a"},
		{"\uFEFF A \u00A0\u2003 b\u200Bc ", "A bc", "a bc"},
		{"“It’s” ÄÖ", "“It’s” ÄÖ", `"it's" äö`},
		{"\xFF x", "\xFF x", "\xFF x"},
		{"\uFFFD", "\uFFFD", "\uFFFD"},
	} {
		if folded(tt.in) != tt.exact || foldedLoosely(tt.in) != tt.loose {
			t.Errorf("%q: got %q and %q, want %q and %q", tt.in, folded(tt.in), foldedLoosely(tt.in), tt.exact, tt.loose)
		}
	}
}

func FuzzAnswer(f *testing.F) {
	for _, s := range []string{"4", "4.0", "4,5", "-99", "Agree", "don't know anybody who'd disagree", "A1", "N/A", "\xFF", "1,000", " - "} {
		f.Add([]byte(s), int8(1), uint8(4))
	}
	f.Fuzz(func(t *testing.T, cell []byte, lowest int8, steps uint8) {
		s := instrument.Scale{Min: int(lowest), Max: int(lowest) + 1 + int(steps), MissingCodes: []int{-99, 999}}
		if s.Options() == len(agreement.Labels) {
			s.Labels = agreement.Labels
		}
		c := newCoder(s)
		before := string(cell)
		answer, fault := c.code(cell)
		again, faultAgain := c.code(cell)
		if answer != again || fault != faultAgain || string(cell) != before {
			t.Fatalf("%q: %d, %s and then %d, %s", before, answer, fault, again, faultAgain)
		}
		if answer != Missing && (fault != 0 || int(answer) < s.Min || int(answer) > s.Max) {
			t.Fatalf("%q: %d, %s on %d to %d", cell, answer, fault, s.Min, s.Max)
		}
		if n := len(cell); n == 1 && c.single[cell[0]] != needsCode && c.single[cell[0]] != answer {
			t.Fatalf("%q alone: %d, not %d", cell, c.single[cell[0]], answer)
		}
		// Plain decimals mean what they mean elsewhere.
		plain := len(cell) > 0 && !slices.ContainsFunc(cell, func(b byte) bool { return !isDigit(b) && b != '-' && b != '.' })
		x, err := strconv.ParseFloat(string(cell), 64)
		if !plain || err != nil || cell[0] == '.' || string(cell[:min(2, len(cell))]) == "-." || math.Abs(x) > 1e9 || len(cell) > 12 {
			return
		}
		want := Fraction
		switch {
		case x < float64(s.Min) || x > float64(s.Max):
			want = OutOfRange
			if x == -99 || x == 999 {
				want = 0
			}
		case x == math.Trunc(x):
			want = 0
			if answer != int32(x) {
				t.Fatalf("%q: got %d", cell, answer)
			}
		}
		if fault != want {
			t.Fatalf("%q on %d to %d: got %s, want %s", cell, s.Min, s.Max, fault, want)
		}
	})
}

func FuzzFold(f *testing.F) {
	f.Add("\uFEFF A \u00A0\u2003 b\u200Bc ")
	f.Fuzz(func(t *testing.T, s string) {
		for _, fold := range []func(string) string{folded, foldedLoosely} {
			once := fold(s)
			if utf8.ValidString(s) && (fold(once) != once || !utf8.ValidString(once)) {
				t.Fatalf("%q became %q and then %q", s, once, fold(once))
			}
		}
	})
}
