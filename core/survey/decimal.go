package survey

import (
	"bytes"
	"math"
	"slices"
	"strconv"

	"github.com/firstcall-cli/firstcall/core/instrument"
)

// Unit is what 1 on the scale of a continuous item is counted as, so that
// decimals become whole numbers whose sums do not depend on their order: 10^12
// for scales within -1,000 and 1,000, and 10^6 for wider ones. Decimals beyond
// that are rounded, halves away from zero.
func Unit(s instrument.Scale) int64 {
	if s.Min >= -1000 && s.Max <= 1000 {
		return 1_000_000_000_000
	}
	return 1_000_000
}

// decimalCoder turns cells into answers to a continuous item. It is safe for
// concurrent use.
type decimalCoder struct {
	scale instrument.Scale
	codes []int    // numbers that stand for no answer besides the scale's
	told  *answers // what the user says that answers mean, or nil
	unit  int64
}

func newDecimalCoder(s instrument.Scale, codes []int) *decimalCoder {
	return &decimalCoder{scale: s, codes: codes, unit: Unit(s)}
}

// code reads one cell: what the user says it means; a number within the scale, with a point or a comma
// before its decimals and perhaps an exponent, in units; or one of the ways to
// say that there is no answer, when given is false. A comma before three digits
// is no point where it might group thousands.
func (c *decimalCoder) code(cell []byte) (units int64, given bool, fault Fault) {
	cell = bytes.TrimSpace(cell)
	if len(cell) == 0 {
		return 0, false, 0
	}
	if c.told != nil {
		if m, ok := c.told.decimal(cell); ok {
			return c.place(m)
		}
	}
	units, ok := c.parse(cell)
	if !ok {
		cell = appendFolded(nil, cell, true)
		if notGiven[string(cell)] {
			return 0, false, 0
		}
		if units, ok = c.parse(cell); !ok {
			return 0, false, NotAnAnswer
		}
	}
	n, whole := parseNumber(cell)
	if n.grouped && c.scale.Max >= 1000 {
		return 0, false, NotAnAnswer // 1.234 or 1,234: either is on the scale
	}
	if units >= int64(c.scale.Min)*c.unit && units <= int64(c.scale.Max)*c.unit {
		return units, true, 0
	}
	if whole && !n.fraction && (slices.Contains(c.scale.MissingCodes, int(n.floor)) || slices.Contains(c.codes, int(n.floor))) {
		return 0, false, 0
	}
	return 0, false, OutOfRange
}

// place finds what the user says on the scale, which may be that of other
// items.
func (c *decimalCoder) place(m meaning) (units int64, given bool, fault Fault) {
	switch {
	case m.missing:
		return 0, false, 0
	case m.number < float64(c.scale.Min) || m.number > float64(c.scale.Max):
		return 0, false, OutOfRange
	}
	// The shortest way to write it is how the user has written it.
	units, _ = c.parse(strconv.AppendFloat(nil, m.number, 'f', -1, 64))
	return units, true, 0
}

// decimal finds a cell among the answers that the user names. A number is the
// same however it is written.
func (a *answers) decimal(cell []byte) (m meaning, ok bool) {
	if n, isNumber := parseNumber(cell); isNumber && !n.fraction {
		if m, ok = a.numbers[n.floor]; ok {
			return m, true
		}
	}
	m, ok = a.texts[string(appendFolded(nil, cell, true))]
	return m, ok
}

// parse reads a decimal number as units, capped far outside of any scale.
func (c *decimalCoder) parse(cell []byte) (units int64, ok bool) {
	var scratch [64]byte // more digits cost an allocation
	digits, exponent, negative, ok := decompose(scratch[:0], cell)
	if !ok {
		return 0, false
	}
	const far = math.MaxInt64 / 2
	// The number is 0.digits · 10^exponent; shift is how many digits stand
	// before the point once it is counted in units.
	shift := exponent
	for u := c.unit; u > 1; u /= 10 {
		shift++
	}
	for i := 0; i < shift; i++ {
		if units > far/10 {
			units = far
			break
		}
		units *= 10
		if i < len(digits) {
			units += int64(digits[i] - '0')
		}
		if units == 0 && i >= len(digits) {
			break
		}
	}
	if shift >= 0 && shift < len(digits) && digits[shift] >= '5' && units < far {
		units++
	}
	if negative {
		units = -units
	}
	return units, true
}

// maxExponent is far beyond any scale.
const maxExponent = 1000

// decompose takes a number apart: it is 0.digits · 10^exponent, without leading
// zeros. An optional sign, digits with at most one point or comma among or
// around them, and an optional exponent are a number here. The digits are
// appended to buf.
func decompose(buf, cell []byte) (digits []byte, exponent int, negative, ok bool) {
	digits = buf
	i := 0
	if cell[0] == '-' || cell[0] == '+' {
		negative = cell[0] == '-'
		i = 1
	}
	any, point := false, false
	for ; i < len(cell); i++ {
		switch b := cell[i]; {
		case (b == '.' || b == ',') && !point:
			point = true
			continue
		case !isDigit(b):
			exp, fine := parseExponent(cell[i:])
			return digits, exponent + exp, negative, fine && any
		case b == '0' && len(digits) == 0:
			any = true
			if point {
				exponent--
			}
			continue
		default:
			any = true
			digits = append(digits, b)
			if !point {
				exponent++
			}
		}
	}
	return digits, exponent, negative, any
}

// parseExponent reads "e-3".
func parseExponent(text []byte) (exponent int, ok bool) {
	if len(text) < 2 || text[0] != 'e' && text[0] != 'E' {
		return 0, false
	}
	text = text[1:]
	sign := 1
	if text[0] == '-' || text[0] == '+' {
		if text[0] == '-' {
			sign = -1
		}
		text = text[1:]
	}
	if len(text) == 0 {
		return 0, false
	}
	for _, b := range text {
		if !isDigit(b) {
			return 0, false
		}
		exponent = min(exponent*10+int(b-'0'), maxExponent)
	}
	return sign * exponent, true
}
