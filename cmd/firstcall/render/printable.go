package render

import "strings"

// harmless is Printable that leaves tabs and line ends, for cells of tables.
func harmless(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' {
			return r
		}
		return printable(r)
	}, s)
}

// Printable replaces each character that input could use to take over a
// terminal, forge a line or reorder what is read: control characters, line
// feeds among them, and the controls of bidirectional text.
func Printable(s string) string {
	return strings.Map(printable, s)
}

func printable(r rune) rune {
	switch {
	case r < ' ', r >= 0x7f && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return '\ufffd'
	}
	return r
}
