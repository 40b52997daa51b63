package survey

import (
	"bytes"
	"maps"
	"math"
	"slices"
	"unicode"
	"unicode/utf8"

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
	// Contradiction is a second answer where there is a column for each, or
	// one that is not the answer in its heading.
	Contradiction

	faults = Contradiction + 1 // how many there are, counting none
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
	case Contradiction:
		return "at odds with another of its cells or with the heading"
	}
	return "fine"
}

// notGiven are the words for a missing answer besides the empty cell and the
// scale's own codes, folded loosely.
var notGiven = map[string]bool{
	"": true, "na": true, "n/a": true, "#n/a": true, "null": true, "nan": true, "-": true, ".": true,
	"not applicable": true, "no answer": true,
}

// needsCode marks the bytes in coder.single that code has to look at.
const needsCode = math.MaxInt32

// A coder remembers this many ways of writing its labels, up to this length.
const (
	maxSpellings = 256
	maxSpelling  = 256 // bytes
)

// coder turns cells into answers on one scale. It is not safe for concurrent
// use, since it learns how a file spells its labels; see clone.
type coder struct {
	scale  instrument.Scale
	codes  []int      // numbers that stand for no answer besides the scale's
	told   *answers   // what the user says that answers mean, or nil
	single [256]int32 // what a cell of one byte means, for the bytes that alone are an answer

	labels    map[string]int32 // folded loosely; Missing for a label that stands for two steps
	spellings map[string]int32 // labels as they were met, so that few have to be folded
	scratch   []byte
}

func newCoder(s instrument.Scale) *coder { return newToldCoder(s, nil, nil) }

// newToldCoder makes a coder that knows more than the scale: what the user
// says that answers mean, and the numbers that a survey tool writes for none.
func newToldCoder(s instrument.Scale, told *answers, codes []int) *coder {
	c := &coder{scale: s, codes: codes, told: told, labels: map[string]int32{}, spellings: map[string]int32{}}
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

// newCoders returns a coder for each item of a request's instrument. Items
// with the same scale and the same answers share one.
func newCoders(req Request, l *layout) []*coder {
	var coders []*coder
	items := req.Instrument.Items()
	for _, it := range items {
		told := req.Map.answersTo(it.ID)
		at := slices.IndexFunc(coders, func(c *coder) bool { return c.told == told && sameScale(c.scale, it.Scale) })
		if at >= 0 {
			coders = append(coders, coders[at])
			continue
		}
		coders = append(coders, newToldCoder(it.Scale, told, l.codes))
	}
	return coders
}

// clone returns a coder for another goroutine. The two share what they do not
// change.
func (c *coder) clone() *coder {
	other := *c
	other.spellings, other.scratch = maps.Clone(c.spellings), nil
	return &other
}

// code reads one cell: what the user says it means; a number from Min to Max
// of the scale ("4", "4.0" and "4,0" are the same); a label of it whatever its
// case; one of the ways to say that there is no answer; or a number and what
// it means ("5 - It's very good"), as forms write the ends of a scale. With a
// fault the answer is Missing.
//
// A number on the scale counts as such even where a label looks the same.
func (c *coder) code(cell []byte) (answer int32, fault Fault) {
	cell = bytes.TrimSpace(cell)
	if len(cell) == 0 {
		return Missing, 0
	}
	n, isNumber := parseNumber(cell)
	if isNumber {
		if c.told != nil && !n.fraction {
			if answer, ok := c.told.byNumber[n.floor]; ok {
				return c.onScale(answer)
			}
		}
		if answer, fault = c.place(n); fault == 0 {
			return answer, 0
		}
	}
	if answer, ok := c.spellings[string(cell)]; ok {
		return answer, 0
	}
	c.scratch = appendFolded(c.scratch[:0], cell, true)
	word, known, wordFault := c.word(c.scratch)
	switch {
	case wordFault != 0:
		return Missing, wordFault
	case known:
		return c.learn(cell, word), 0
	case isNumber:
		return Missing, fault
	case notGiven[string(c.scratch)]:
		return Missing, 0
	}
	if n, ok := parseNumber(c.scratch); ok {
		return c.place(n)
	}
	if answer, fault = c.decorated(c.scratch); fault != 0 {
		return Missing, fault
	}
	return c.learn(cell, answer), 0
}

// learn remembers what a cell means that is more than a number.
func (c *coder) learn(cell []byte, answer int32) int32 {
	if len(c.spellings) < maxSpellings && len(cell) <= maxSpelling {
		c.spellings[string(cell)] = answer
	}
	return answer
}

// word finds a text, folded loosely, among the answers that the user names and
// the labels of the scale.
func (c *coder) word(text []byte) (answer int32, known bool, fault Fault) {
	if c.told != nil {
		if answer, ok := c.told.byText[string(text)]; ok {
			answer, fault = c.onScale(answer)
			return answer, fault == 0, fault
		}
	}
	answer, known = c.labels[string(text)]
	return answer, known && answer != Missing, 0
}

// onScale checks an answer that the user names for items of several scales.
func (c *coder) onScale(answer int32) (int32, Fault) {
	if answer == between {
		return Missing, Fraction
	}
	if answer != Missing && (int(answer) < c.scale.Min || int(answer) > c.scale.Max) {
		return Missing, OutOfRange
	}
	return answer, 0
}

// decorated reads what is neither a number nor a word but has something around
// it: the semicolon behind the last choice of several, the apostrophe that
// keeps a spreadsheet from calculating, or a number with its meaning.
func (c *coder) decorated(text []byte) (answer int32, fault Fault) {
	for _, bare := range [][]byte{bytes.TrimRight(text, " ;"), unmasked(text)} {
		if len(bare) == len(text) || len(bare) == 0 {
			continue
		}
		if n, ok := parseNumber(bare); ok {
			return c.place(n)
		}
		if answer, known, fault := c.word(bare); known || fault != 0 {
			return answer, fault
		}
	}
	number, meaning, ok := numbered(text)
	if !ok {
		return Missing, NotAnAnswer
	}
	n, _ := parseNumber(number)
	answer, fault = c.place(n)
	if c.told != nil {
		if told, ok := c.told.byNumber[n.floor]; ok {
			answer, fault = c.onScale(told)
		}
	}
	// "1 - Strongly agree" where that is 5: one of the two is wrong.
	if other, known, _ := c.word(meaning); known && other != answer {
		return Missing, NotAnAnswer
	}
	return answer, fault
}

// numbered takes "5 - very good", "5: very good", "5 = very good", "5. very
// good", "5) very good" and "5 (very good)" apart. What follows the number
// must be words: "2 - 3" and "2 - 3 times" are ranges.
func numbered(text []byte) (number, meaning []byte, ok bool) {
	i := 0
	if i < len(text) && text[i] == '-' {
		i++
	}
	first := i
	for i < len(text) && isDigit(text[i]) {
		i++
	}
	if i == first {
		return nil, nil, false
	}
	number = text[:i]
	rest := bytes.TrimLeft(text[i:], " ")
	for _, mark := range []string{"- ", "– ", "— ", ":", "=", ". ", ") ", "("} {
		after, found := bytes.CutPrefix(rest, []byte(mark))
		if !found {
			continue
		}
		if mark == "(" {
			after = bytes.TrimSuffix(after, []byte(")"))
		}
		meaning = bytes.TrimSpace(after)
		c, _ := utf8.DecodeRune(meaning)
		return number, meaning, unicode.IsLetter(c)
	}
	return nil, nil, false
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
	for _, codes := range [][]int{c.scale.MissingCodes, c.codes} {
		for _, code := range codes {
			if n.floor == int64(code) {
				return Missing, 0
			}
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
