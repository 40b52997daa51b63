package xlsx

import (
	"strings"
	"unicode/utf16"

	"github.com/firstcall-cli/firstcall/core/record/flat"
)

// mostChars is how long a text in a cell may be, in UTF-16, as Excel counts.
const mostChars = 32767

// cellText makes a text fit for a cell, and says whether it was cut, since a cell
// takes no more. One that was ends in an ellipsis.
func cellText(s string) (text string, cut bool) {
	text = literal(unfit.Replace(flat.Harmless(s)))
	if len(text) <= mostChars {
		return text, false
	}
	n, end := 0, 0 // end is where it is cut, if it has to be
	for i, r := range text {
		if n < mostChars {
			end = i
		}
		n += utf16.RuneLen(r)
	}
	if n <= mostChars {
		return text, false
	}
	return text[:end] + "…", true
}

// unfit makes line ends those of XML, and replaces what XML has no place for.
var unfit = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\ufffe", "\ufffd", "\uffff", "\ufffd")

// literal keeps Excel from reading _x0041_ as A.
func literal(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if b.WriteByte(s[i]); isEscape(s[i:]) {
			b.WriteString("x005F_")
		}
	}
	return b.String()
}

// isEscape reports whether a text begins with what Excel reads as a character.
func isEscape(s string) bool {
	if len(s) < len("_x0041_") || s[:2] != "_x" || s[6] != '_' {
		return false
	}
	return strings.Trim(s[2:6], "0123456789abcdefABCDEF") == ""
}
