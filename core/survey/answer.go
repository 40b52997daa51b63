package survey

import (
	"bytes"
	"math"

	"github.com/firstcall-cli/firstcall/core/instrument"
)

// Missing stands in for an answer that was not given or could not be read.
const Missing int32 = math.MinInt32

// Fault is why a cell is no answer.
type Fault uint8

const (
	OutOfRange  Fault = iota + 1 // a number outside the item's scale that is no missing code
	NotAnAnswer                  // neither a number nor a label of the scale
	Fraction                     // a number between two steps of the scale

	faults = Fraction + 1 // how many there are, counting none
)

// String says what is wrong, as in "the cell is ...".
func (f Fault) String() string {
	switch f {
	case OutOfRange:
		return "outside the scale"
	case NotAnAnswer:
		return "not an answer"
	case Fraction:
		return "between two steps of the scale"
	}
	return "fine"
}

// notGiven are the words for a missing answer besides the empty cell and the
// scale's own codes, folded loosely.
var notGiven = map[string]bool{
	"": true, "na": true, "n/a": true, "#n/a": true, "null": true, "nan": true, "-": true, ".": true,
}

// needsCode marks the bytes in coder.single that code has to look at.
const needsCode = math.MaxInt32

// A coder remembers this many ways of writing its labels, up to this length.
const (
	maxSpellings = 256
	maxSpelling  = 256 // bytes
)

// coder turns cells into answers on one scale. It is not safe for concurrent
// use, since it learns how a file spells its labels.
type coder struct {
	scale  instrument.Scale
	single [256]int32 // what a cell of one byte means, for the bytes that alone are an answer

	labels    map[string]int32 // folded loosely; Missing for a label that stands for two steps
	spellings map[string]int32 // labels as they were met, so that few have to be folded
	scratch   []byte
}

func newCoder(s instrument.Scale) *coder {
	c := &coder{scale: s, labels: map[string]int32{}, spellings: map[string]int32{}}
	for i, label := range s.Labels {
		key := foldedLoosely(label)
		if _, twice := c.labels[key]; twice {
			c.labels[key] = Missing
			continue
		}
		c.labels[key] = int32(s.Min + i)
	}
	for b := range c.single {
		c.single[b] = needsCode
		if answer, fault := c.code([]byte{byte(b)}); fault == 0 && answer != Missing {
			c.single[b] = answer
		}
	}
	return c
}

// code reads one cell: a number from Min to Max of the scale ("4", "4.0" and
// "4,0" are the same), a label of it whatever its case, or one of the ways to
// say that there is no answer. With a fault the answer is Missing.
//
// A number on the scale counts as such even where a label looks the same.
func (c *coder) code(cell []byte) (answer int32, fault Fault) {
	cell = bytes.TrimSpace(cell)
	if len(cell) == 0 {
		return Missing, 0
	}
	n, isNumber := parseNumber(cell)
	if isNumber {
		if answer, fault = c.place(n); fault == 0 {
			return answer, 0
		}
	}
	if answer, ok := c.spellings[string(cell)]; ok {
		return answer, 0
	}
	c.scratch = appendFolded(c.scratch[:0], cell, true)
	if answer, ok := c.labels[string(c.scratch)]; ok && answer != Missing {
		if len(c.spellings) < maxSpellings && len(cell) <= maxSpelling {
			c.spellings[string(cell)] = answer
		}
		return answer, 0
	}
	if isNumber {
		return Missing, fault
	}
	if notGiven[string(c.scratch)] {
		return Missing, 0
	}
	if n, ok := parseNumber(c.scratch); ok {
		return c.place(n)
	}
	return Missing, NotAnAnswer
}

// place finds a number on the scale.
func (c *coder) place(n number) (answer int32, fault Fault) {
	lowest, highest := int64(c.scale.Min), int64(c.scale.Max)
	switch {
	case n.grouped && highest >= 1000:
		return Missing, NotAnAnswer
	case n.fraction && n.floor >= lowest && n.floor < highest:
		return Missing, Fraction
	case n.fraction:
		return Missing, OutOfRange
	case n.floor >= lowest && n.floor <= highest:
		return int32(n.floor), 0
	}
	for _, code := range c.scale.MissingCodes {
		if n.floor == int64(code) {
			return Missing, 0
		}
	}
	return Missing, OutOfRange
}

// number is a decimal number as far as a scale of whole steps needs it.
type number struct {
	floor    int64 // the largest whole number not above it; capped far outside any scale
	fraction bool  // it is more than its floor
	grouped  bool  // the point is a comma before three digits, which might group thousands
}

// parseNumber reads an optional sign, digits, and optionally a point or a
// comma and more digits. Nothing else is a number here: no exponents, no
// letters, no second comma.
func parseNumber(cell []byte) (n number, ok bool) {
	const ceiling = int64(1) << 40
	i, negative := 0, false
	if cell[0] == '-' || cell[0] == '+' {
		negative = cell[0] == '-'
		i = 1
	}
	first := i
	for ; i < len(cell) && isDigit(cell[i]); i++ {
		n.floor = min(n.floor*10+int64(cell[i]-'0'), ceiling)
	}
	if i == first {
		return number{}, false
	}
	if i < len(cell) {
		if cell[i] != '.' && cell[i] != ',' {
			return number{}, false
		}
		n.grouped = cell[i] == ',' && len(cell)-i == 4
		for i++; i < len(cell); i++ {
			if !isDigit(cell[i]) {
				return number{}, false
			}
			n.fraction = n.fraction || cell[i] != '0'
		}
	}
	if negative {
		n.floor = -n.floor
		if n.fraction {
			n.floor--
		}
	}
	return n, true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
