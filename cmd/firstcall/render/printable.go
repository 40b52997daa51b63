package render

import (
	"strings"

	"github.com/firstcall-cli/firstcall/core/record/flat"
)

// Printable replaces each character that input could use to take over a
// terminal, forge a line or reorder what is read: control characters, line
// feeds among them, and the controls of bidirectional text.
func Printable(s string) string {
	return strings.Map(printable, s)
}

func printable(r rune) rune {
	if flat.Control(r) {
		return '\ufffd'
	}
	return r
}
