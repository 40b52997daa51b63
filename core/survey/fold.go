package survey

import (
	"unicode"
	"unicode/utf8"
)

// appendFolded appends text to dst with white space of any kind, no-break
// spaces and line ends included, trimmed at both ends and otherwise made one
// space. Characters without width, which come along when text is pasted from
// the web, are left out.
//
// When it folds loosely it also ignores case and makes curly quotes straight.
// Bytes that are not UTF-8 stay as they are.
func appendFolded(dst, text []byte, loosely bool) []byte {
	start := len(dst)
	gap := false
	for len(text) > 0 {
		c, size := utf8.DecodeRune(text)
		switch {
		case c == '\u200B' || c == '\u2060' || c == '\uFEFF':
		case unicode.IsSpace(c):
			gap = len(dst) > start
		default:
			if gap {
				dst = append(dst, ' ')
				gap = false
			}
			if c == utf8.RuneError && size == 1 {
				dst = append(dst, text[0])
				break
			}
			if loosely {
				c = unicode.ToLower(straight(c))
			}
			dst = utf8.AppendRune(dst, c)
		}
		text = text[size:]
	}
	return dst
}

// straight returns the typewriter form of a quotation mark or apostrophe, and
// any other character as it is.
func straight(c rune) rune {
	switch c {
	case '‘', '’', '‚', '‛', '′':
		return '\''
	case '“', '”', '„', '‟', '″':
		return '"'
	}
	return c
}

func folded(s string) string        { return string(appendFolded(nil, []byte(s), false)) }
func foldedLoosely(s string) string { return string(appendFolded(nil, []byte(s), true)) }
