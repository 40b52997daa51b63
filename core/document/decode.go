package document

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	guess "github.com/firstcall-cli/firstcall/core/internal/charset"
)

// judged is how many bytes of a text that is no valid UTF-8 decide what it is.
const judged = 4 << 20

const bomUTF8 = "\xEF\xBB\xBF"

// unit says how a character of a source is stored, so that the place of one can
// be told in bytes of the file.
type unit uint8

const (
	unitUnknown unit = iota // there is no telling
	unitUTF8
	unitByte // one byte a character
	unitUTF16
)

// source is a file as UTF-8: valid and without control characters but tabs and
// line ends, for which a space stands.
type source struct {
	text []byte
	unit unit
	base int // bytes of the file before the text
}

// decode turns a file of any encoding into UTF-8. A byte order mark settles the
// encoding; then zero bytes in every other place, which are UTF-16; then what an
// HTML file says. What is no UTF-8 is Windows-1252.
func decode(data []byte, format Format) (source, error) {
	var s source
	switch {
	case bytes.HasPrefix(data, []byte(bomUTF8)):
		s = utf8Source(data[len(bomUTF8):], len(bomUTF8))
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
		s = utf16Source(data[2:], 2, unicode.LittleEndian)
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		s = utf16Source(data[2:], 2, unicode.BigEndian)
	default:
		s = unmarked(data, format)
	}
	if binaryContent(s.text) {
		return source{}, foreign("is not text but a binary file", hintFormats)
	}
	s.text = clean(s.text)
	return s, nil
}

// unmarked reads a source without byte order mark.
func unmarked(data []byte, format Format) source {
	if order, is := unmarkedUTF16(data); is {
		return utf16Source(data, 0, order)
	}
	if format == HTML {
		// These two are also what it says when the file does not.
		if e, name, _ := charset.DetermineEncoding(data[:min(len(data), 1024)], ""); name != "utf-8" && name != "windows-1252" {
			return declared(data, e, name)
		}
	}
	beyond := data[guess.ASCIIPrefix(data):]
	if utf8.Valid(data) || guess.LooksLikeUTF8(beyond[:min(len(beyond), judged)], len(beyond) > judged) {
		return utf8Source(data, 0)
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(data)
	if err != nil {
		return utf8Source(data, 0)
	}
	return source{text, unitByte, 0}
}

// declared reads a source whose encoding it names itself.
func declared(data []byte, e encoding.Encoding, name string) source {
	text, err := e.NewDecoder().Bytes(data)
	if err != nil {
		return utf8Source(data, 0)
	}
	s := source{text: bytes.ToValidUTF8(text, []byte("\uFFFD"))}
	if strings.HasPrefix(name, "windows-125") || strings.HasPrefix(name, "iso-8859-") {
		s.unit = unitByte
	}
	return s
}

// utf8Source reads UTF-8, in which a few bytes may be damaged.
func utf8Source(data []byte, base int) source {
	if utf8.Valid(data) {
		return source{data, unitUTF8, base}
	}
	return source{text: bytes.ToValidUTF8(data, []byte("\uFFFD"))}
}

func utf16Source(data []byte, base int, order unicode.Endianness) source {
	text, err := unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder().Bytes(data)
	if err != nil {
		return utf8Source(data, base)
	}
	return source{text, unitUTF16, base}
}

// unmarkedUTF16 reports the UTF-16 that a text seems to be in. Texts in a
// Western language are mostly of characters whose other byte is zero; in no
// other text is there any zero at all.
func unmarkedUTF16(data []byte) (order unicode.Endianness, is bool) {
	start := data[:min(len(data), 1<<10)]
	var zeros [2]int // at even and at odd offsets
	for i, c := range start {
		if c == 0 {
			zeros[i%2]++
		}
	}
	enough := len(start) / 4 // half of the characters
	switch {
	case len(start) < 4 || len(data)%2 != 0:
		return order, false
	case zeros[1] >= enough && zeros[0]*8 < zeros[1]:
		return unicode.LittleEndian, true
	case zeros[0] >= enough && zeros[1]*8 < zeros[0]:
		return unicode.BigEndian, true
	}
	return order, false
}

// binaryContent tells a text from what is none: by a zero byte, or by control
// characters, of which a text has next to none.
func binaryContent(text []byte) bool {
	if bytes.IndexByte(text, 0) >= 0 {
		return true
	}
	start := text[:min(len(text), 64<<10)]
	controls := 0
	for _, c := range start {
		if c < ' ' && (c < '\t' || c > '\r') && c != 0x1B {
			controls++
		}
	}
	return controls > 3 && controls > len(start)/64
}

// clean puts a space in the place of every control character but tabs and line
// ends, and a bullet in the place of one out of a font of symbols. It does not
// change how long the text is. It copies only if it must.
func clean(text []byte) []byte {
	copied := false
	for i := 0; i < len(text); i++ {
		for i+8 <= len(text) && printableASCII(binary.LittleEndian.Uint64(text[i:])) {
			i += 8
		}
		if i == len(text) {
			break
		}
		c := text[i]
		if !mayBeControl[c] {
			continue
		}
		latin := c == 0xC2 && text[i+1] < 0xA0 // U+0080 to U+009F
		bullet := c == 0xEF && symbolBullet(text[i:])
		if c == 0xC2 && !latin || c == 0xEF && !bullet {
			continue
		}
		if !copied {
			text, copied = bytes.Clone(text), true
		}
		switch {
		case latin:
			text[i+1] = 0xA0 // a no-break space
		case bullet:
			copy(text[i:], "•")
		default:
			text[i] = ' '
		}
	}
	return text
}

// symbolBullet says whether a text begins with a bullet of the fonts Symbol or
// Wingdings, which word processors leave behind where they are copied from.
func symbolBullet(text []byte) bool {
	return bytes.HasPrefix(text, []byte("\uF0B7")) || bytes.HasPrefix(text, []byte("\uF0A7"))
}

// printableASCII says whether each of eight bytes is one of ASCII from the space
// to the tilde. A few that are may pass for others.
func printableASCII(x uint64) bool {
	const ones = 0x0101010101010101
	const tops = 0x80 * ones
	below := x - ' '*ones // borrows where a byte is less than a space
	above := x + ones     // carries into the top bit for 0x7F
	return (x|below|above)&tops == 0
}

// mayBeControl marks the bytes that control characters begin with.
var mayBeControl = func() (is [256]bool) {
	for c := range byte(' ') {
		is[c] = c != '\t' && c != '\n' && c != '\r'
	}
	is[0x7F], is[0xC2], is[0xEF] = true, true, true
	return is
}()

// blank says whether a text has nothing to read in it.
func blank(text string) bool {
	return strings.TrimLeftFunc(text, func(r rune) bool {
		return r == '\uFEFF' || r == '\u200B' || r == '\u00AD' || isSpace(r)
	}) == ""
}
