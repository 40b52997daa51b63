package vision

import (
	"fmt"
	"math"
	"strconv"
)

// number writes a count: small ones in words.
func number(n int) string {
	words := [...]string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}
	if n < len(words) {
		return words[n]
	}
	return strconv.Itoa(n)
}

// decimal writes a figure with one decimal.
func decimal(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }

// grade says what schooling a grade of a readability formula stands for.
func grade(x float64) string {
	switch years := int(math.Round(x)); {
	case years <= 12:
		return fmt.Sprintf("%d years of school", years)
	case years <= 16:
		return "a university student"
	}
	return "a university graduate"
}
