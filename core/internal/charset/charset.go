// Package charset tells UTF-8 from Windows-1252, for whatever reads text that does
// not say how it is encoded.
package charset

import (
	"encoding/binary"
	"unicode/utf8"
)

// ASCIIPrefix returns how many bytes at the start of b are ASCII.
func ASCIIPrefix(b []byte) int {
	const tops = 0x8080808080808080
	i := 0
	for ; i+8 <= len(b); i += 8 {
		if binary.LittleEndian.Uint64(b[i:])&tops != 0 {
			break
		}
	}
	for ; i < len(b) && b[i] < utf8.RuneSelf; i++ {
	}
	return i
}

// LooksLikeUTF8 judges a piece of text with bytes beyond ASCII. In Windows-1252
// hardly ever do two such bytes make a character of UTF-8, so that a few that do
// speak for UTF-8 even where others are damaged. cut says that the text goes on
// after the piece, which may end within a character.
func LooksLikeUTF8(piece []byte, cut bool) bool {
	good, bad := 0, 0
	for i := ASCIIPrefix(piece); i < len(piece); {
		if piece[i] < utf8.RuneSelf {
			i++
			continue
		}
		if cut && !utf8.FullRune(piece[i:]) {
			break
		}
		r, size := utf8.DecodeRune(piece[i:])
		if r == utf8.RuneError && size == 1 {
			bad++
		} else {
			good++
		}
		i += size
	}
	return good > 0 && good >= bad
}
