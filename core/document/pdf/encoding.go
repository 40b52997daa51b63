package pdf

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// encodingTable is the characters of the codes of a font.
type encodingTable [256]string

// encoding gives the characters of the codes of a font with codes of one byte.
func (f *file) encoding(d dict, font string) *encodingTable {
	var t encodingTable
	typed := glyphChars
	if d["Subtype"] == name("Type3") {
		typed = drawnChars
	}
	switch encoding := f.resolve(d["Encoding"]).(type) {
	case name:
		t = baseEncoding(encoding, font)
	case dict:
		base, _ := f.resolve(encoding["BaseEncoding"]).(name)
		t = baseEncoding(base, font)
		differences, _ := f.resolve(encoding["Differences"]).(array)
		code := 0
		for _, o := range differences {
			switch o := f.resolve(o).(type) {
			case int:
				code = o
			case name:
				if code >= 0 && code < 256 {
					t[code] = typed(string(o))
				}
				code++
			}
		}
	default:
		t = baseEncoding("", font)
		if s, is := f.resolve(f.dict(d["FontDescriptor"])["FontFile"]).(*stream); is {
			t.program(f.data(s))
		}
	}
	return &t
}

// program reads the encoding that a font of type 1 has itself: lines such as
// "dup 65 /A put".
func (t *encodingTable) program(font []byte) {
	const longest = 32 << 10
	l := lexer{src: font[:min(len(font), longest)]}
	for o := l.next(); o != ended && o != word("eexec"); o = l.next() {
		if o != word("dup") {
			continue
		}
		code, is := l.next().(int)
		glyph, isName := l.next().(name)
		if is && isName && code >= 0 && code < len(t) {
			t[code] = glyphChars(string(glyph))
		}
	}
}

// drawnChars gives the characters of a glyph that a font draws itself. TeX calls
// them by their codes in its own encodings.
func drawnChars(glyph string) string {
	code, err := strconv.Atoi(strings.TrimPrefix(glyph, "a"))
	if err != nil || len(glyph) < 2 || glyph[0] != 'a' {
		return glyphChars(glyph)
	}
	switch code {
	case 11, 27:
		return "ff"
	case 12, 28:
		return "fi"
	case 13, 29:
		return "fl"
	case 14, 30:
		return "ffi"
	case 15, 31:
		return "ffl"
	case 16:
		return "“"
	case 17:
		return "”"
	case 21:
		return "–"
	case 22:
		return "—"
	}
	if code > ' ' && code < 0x7F {
		return string(rune(code))
	}
	return ""
}

// baseEncoding gives the characters of one of the encodings that have a name.
func baseEncoding(encoding name, font string) (t encodingTable) {
	from := charmap.Windows1252
	switch {
	case encoding == "MacRomanEncoding":
		from = charmap.Macintosh
	case encoding == "" && (strings.Contains(font, "symbol") || strings.Contains(font, "dingbats")):
		for code := range t {
			t[code] = symbolChars(code)
		}
		return t
	}
	for code := range t {
		if r := from.DecodeByte(byte(code)); r >= ' ' && r != 0x7F && (r < 0x80 || r >= 0xA0) {
			t[code] = string(r)
		}
	}
	if encoding == "" || encoding == "StandardEncoding" {
		for _, e := range standardEncoding {
			t[e.code] = string(e.char)
		}
	}
	return t
}

// symbolChars gives what the codes of symbol fonts that stand in lists look
// like.
func symbolChars(code int) string {
	switch code {
	case ' ':
		return " "
	case 0xB7, 'l', 'n', 0xA7:
		return "•"
	case '4', 0xFC:
		return "✓"
	}
	return ""
}

// standardEncoding is where Adobe's oldest encoding differs from Windows-1252.
var standardEncoding = []struct {
	code byte
	char rune
}{
	{0x27, '’'}, {0x60, '‘'}, {0xA4, '⁄'}, {0xA6, 'ƒ'}, {0xA8, '¤'}, {0xA9, '\''}, {0xAA, '“'}, {0xAC, '‹'}, {0xAD, '›'},
	{0xAE, 'ﬁ'}, {0xAF, 'ﬂ'}, {0xB1, '–'}, {0xB2, '†'}, {0xB3, '‡'}, {0xB4, '·'}, {0xB7, '•'}, {0xB8, '‚'}, {0xB9, '„'},
	{0xBA, '”'}, {0xBC, '…'}, {0xBD, '‰'}, {0xD0, '—'}, {0xE1, 'Æ'}, {0xE3, 'ª'}, {0xE8, 'Ł'}, {0xE9, 'Ø'}, {0xEA, 'Œ'},
	{0xEB, 'º'}, {0xF1, 'æ'}, {0xF5, 'ı'}, {0xF8, 'ł'}, {0xF9, 'ø'}, {0xFA, 'œ'}, {0xFB, 'ß'},
}

// glyphNames are the names of glyphs that are no letter with an accent.
var glyphNames = map[string]string{
	"space": " ", "exclam": "!", "quotedbl": `"`, "numbersign": "#", "dollar": "$", "percent": "%", "ampersand": "&",
	"quotesingle": "'", "quoteright": "’", "quoteleft": "‘", "parenleft": "(", "parenright": ")", "asterisk": "*", "plus": "+",
	"comma": ",", "hyphen": "-", "minus": "−", "period": ".", "slash": "/", "zero": "0", "one": "1", "two": "2", "three": "3",
	"four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "colon": ":", "semicolon": ";", "less": "<",
	"equal": "=", "greater": ">", "question": "?", "at": "@", "bracketleft": "[", "backslash": `\`, "bracketright": "]",
	"asciicircum": "^", "underscore": "_", "grave": "`", "braceleft": "{", "bar": "|", "braceright": "}", "asciitilde": "~",
	"exclamdown": "¡", "cent": "¢", "sterling": "£", "currency": "¤", "yen": "¥", "Euro": "€", "euro": "€", "section": "§",
	"copyright": "©", "registered": "®", "trademark": "™", "degree": "°", "plusminus": "±", "paragraph": "¶", "mu": "µ",
	"periodcentered": "·", "middot": "·", "questiondown": "¿", "onehalf": "½", "onequarter": "¼", "threequarters": "¾",
	"ordfeminine": "ª", "ordmasculine": "º", "guillemotleft": "«", "guillemotright": "»", "guilsinglleft": "‹",
	"guilsinglright": "›", "quotedblleft": "“", "quotedblright": "”", "quotedblbase": "„", "quotesinglbase": "‚",
	"endash": "–", "emdash": "—", "ellipsis": "…", "bullet": "•", "dagger": "†", "daggerdbl": "‡", "perthousand": "‰",
	"fraction": "⁄", "multiply": "×", "divide": "÷", "fi": "fi", "fl": "fl", "ff": "ff", "ffi": "ffi", "ffl": "ffl",
	"f_i": "fi", "f_l": "fl", "f_f": "ff", "f_f_i": "ffi", "f_f_l": "ffl", "t_t": "tt", "t_i": "ti",
	"ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "oslash": "ø", "Oslash": "Ø", "germandbls": "ß", "dotlessi": "ı", "lslash": "ł",
	"Lslash": "Ł", "eth": "ð", "Eth": "Ð", "thorn": "þ", "Thorn": "Þ", "nbspace": " ", "nonbreakingspace": " ", "sfthyphen": "\u00AD",
	"softhyphen": "\u00AD", "arrowright": "→", "checkmark": "✓", "filledbox": "■", "H22073": "□", "notequal": "≠",
	"lessequal": "≤", "greaterequal": "≥", "infinity": "∞", "summation": "∑", "logicalnot": "¬", "onesuperior": "¹",
	"twosuperior": "²", "threesuperior": "³", "acute": "´", "dieresis": "¨", "cedilla": "¸", "macron": "¯",
}

// accents are the marks that the names of letters end with.
var accents = map[string]string{
	"grave": "\u0300", "acute": "\u0301", "circumflex": "\u0302", "tilde": "\u0303", "macron": "\u0304", "breve": "\u0306",
	"dotaccent": "\u0307", "dieresis": "\u0308", "ring": "\u030A", "hungarumlaut": "\u030B", "caron": "\u030C",
	"cedilla": "\u0327", "ogonek": "\u0328", "commaaccent": "\u0326",
}

// glyphChars gives the characters that a glyph shows by its name, "" if the
// name does not tell.
func glyphChars(glyph string) string {
	glyph, _, _ = strings.Cut(glyph, ".") // such as a.alt
	if len(glyph) == 1 {
		return glyph
	}
	if s, is := glyphNames[glyph]; is {
		return s
	}
	if hex, is := strings.CutPrefix(glyph, "uni"); is && len(hex) >= 4 {
		return hexChar(hex[:4])
	}
	if hex, is := strings.CutPrefix(glyph, "u"); is && len(hex) >= 4 {
		return hexChar(hex)
	}
	if len(glyph) > 1 {
		if mark, is := accents[glyph[1:]]; is && glyph[0] < utf8.RuneSelf {
			return norm.NFC.String(glyph[:1] + mark)
		}
	}
	return ""
}

func hexChar(hex string) string {
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil || n > utf8.MaxRune || n < ' ' {
		return ""
	}
	return string(rune(n))
}

// decodeText reads a string outside of pages: UTF-16 or UTF-8 with its mark, or
// what is nearly Windows-1252.
func decodeText(s string) string {
	if rest, is := strings.CutPrefix(s, "\xFE\xFF"); is {
		return string(utf16.Decode(units(text(rest))))
	}
	if rest, is := strings.CutPrefix(s, "\xEF\xBB\xBF"); is && utf8.ValidString(rest) {
		return rest
	}
	var b strings.Builder
	for i := range len(s) {
		b.WriteRune(charmap.Windows1252.DecodeByte(s[i]))
	}
	return b.String()
}

// coreWidths gives the widths of the fonts that need not be in a file, for the
// characters of ASCII.
func coreWidths(font string) *[95]int16 {
	switch {
	case strings.Contains(font, "courier") || strings.Contains(font, "mono"):
		return &courier
	case strings.Contains(font, "times") || strings.Contains(font, "serif") && !strings.Contains(font, "sans"):
		return &times
	}
	return &helvetica
}

var courier = func() (w [95]int16) {
	for i := range w {
		w[i] = 600
	}
	return w
}()

var helvetica = [95]int16{
	278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556,
	556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
	667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556,
	556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
}

var times = [95]int16{
	250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500, 500,
	500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889, 722, 722,
	556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500, 333, 444, 500, 444, 500, 444, 333, 500,
	500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
}
