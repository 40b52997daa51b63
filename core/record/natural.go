package record

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// CompareNatural orders names of waves and groups as people do: runs of digits as numbers, letters
// whatever their case, so that "Q2" comes before "q10". Names that differ only
// in case or in leading zeros are ordered by their bytes, so that only equal
// names compare as 0.
func CompareNatural(a, b string) int {
	restA, restB := a, b
	for restA != "" && restB != "" {
		numA, afterA := digits(restA)
		numB, afterB := digits(restB)
		if numA != "" && numB != "" {
			if c := compareNumbers(numA, numB); c != 0 {
				return c
			}
			restA, restB = afterA, afterB
			continue
		}
		ra, na := utf8.DecodeRuneInString(restA)
		rb, nb := utf8.DecodeRuneInString(restB)
		if c := cmp.Compare(unicode.ToLower(ra), unicode.ToLower(rb)); c != 0 {
			return c
		}
		restA, restB = restA[na:], restB[nb:]
	}
	return cmp.Or(cmp.Compare(len(restA), len(restB)), strings.Compare(a, b))
}

// digits splits the ASCII digits off the beginning of s.
func digits(s string) (run, rest string) {
	end := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(s)
	}
	return s[:end], s[end:]
}

// compareNumbers compares digit strings of any length by value.
func compareNumbers(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}
