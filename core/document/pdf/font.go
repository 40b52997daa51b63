package pdf

import (
	"strings"
	"unicode/utf16"
)

// font tells which characters the codes in a string stand for, and how wide
// they are.
type font struct {
	cmap     *cmap          // what the file says itself; nil if it does not
	simple   *encodingTable // of a font with codes of one byte
	wide     bool           // codes have two bytes
	ucs2     bool           // and are characters
	widths   map[int]float64
	missing  float64 // width of the others
	scale    float64 // of widths
	bold     bool
	fallback *[95]int16 // widths of ASCII where the file tells none
}

// fontFor gives a font of the resources by its name.
func (f *file) fontFor(resources dict, key name) *font {
	o := f.dict(resources["Font"])[key]
	r, isRef := o.(ref)
	if known, is := f.fonts[r]; isRef && is {
		return known
	}
	made := f.makeFont(f.dict(o))
	if isRef {
		f.fonts[r] = made
	}
	return made
}

// makeFont reads a font; without a dictionary it is one of which nothing is
// known.
func (f *file) makeFont(d dict) *font {
	t := &font{scale: 0.001, widths: map[int]float64{}}
	base, _ := f.resolve(d["BaseFont"]).(name)
	lower := strings.ToLower(string(base))
	t.bold = strings.Contains(lower, "bold") || strings.Contains(lower, "black") || strings.Contains(lower, "heavy")
	if s, is := f.resolve(d["ToUnicode"]).(*stream); is {
		t.cmap = f.readCMap(s)
	}
	if d["Subtype"] == name("Type0") {
		f.composite(t, d)
		return t
	}
	descriptor := f.dict(d["FontDescriptor"])
	t.missing = number(f.resolve(descriptor["MissingWidth"]))
	first, _ := f.resolve(d["FirstChar"]).(int)
	widths, _ := f.resolve(d["Widths"]).(array)
	for i, w := range widths {
		t.widths[first+i] = number(f.resolve(w))
	}
	if len(widths) == 0 {
		t.fallback = coreWidths(lower)
		t.missing = 550
	}
	if d["Subtype"] == name("Type3") {
		if m, is := f.resolve(d["FontMatrix"]).(array); is && len(m) == 6 {
			t.scale = number(f.resolve(m[0]))
		}
	}
	t.simple = f.encoding(d, lower)
	return t
}

// composite reads what a font with longer codes has in its descendant.
func (f *file) composite(t *font, d dict) {
	t.wide = true
	if encoding, is := f.resolve(d["Encoding"]).(name); is {
		t.ucs2 = strings.Contains(string(encoding), "UCS2") || strings.Contains(string(encoding), "UTF16")
	}
	t.missing = 1000
	descendants := f.list(d["DescendantFonts"])
	if len(descendants) == 0 {
		return
	}
	inner := f.dict(descendants[0])
	if w := f.resolve(inner["DW"]); w != nil {
		t.missing = number(w)
	}
	list, _ := f.resolve(inner["W"]).(array)
	for i := 0; i+1 < len(list); {
		first, _ := f.resolve(list[i]).(int)
		switch second := f.resolve(list[i+1]).(type) {
		case array:
			for k, w := range second {
				t.widths[first+k] = number(f.resolve(w))
			}
			i += 2
		case int:
			if i+2 >= len(list) {
				return
			}
			w := number(f.resolve(list[i+2]))
			for code := first; code <= second && code < 1<<16 && f.spend(1); code++ {
				t.widths[code] = w
			}
			i += 3
		default:
			i++
		}
	}
}

func number(o any) float64 {
	switch o := o.(type) {
	case int:
		return float64(o)
	case float64:
		return o
	}
	return 0
}

// each calls do for every code of a string with its characters and its width in
// parts of the font's size. ok is false where the characters are not known.
func (t *font) each(s text, do func(chars string, width float64, isSpace, ok bool)) {
	size := 1
	for i := 0; i < len(s); i += size {
		code, n := t.code(string(s[i:]))
		size = n
		chars, ok := t.chars(code, n)
		do(chars, t.width(code)*t.scale, n == 1 && code == ' ', ok)
	}
}

// code takes the first code of a string, and tells how long it is.
func (t *font) code(s string) (code, size int) {
	if t.cmap != nil && len(t.cmap.lengths) > 0 {
		if code, size, ok := t.cmap.code(s); ok {
			return code, size
		}
	}
	if t.wide && len(s) > 1 {
		return int(s[0])<<8 | int(s[1]), 2
	}
	return int(s[0]), 1
}

// chars gives the characters of a code.
func (t *font) chars(code, size int) (chars string, ok bool) {
	if t.cmap != nil {
		if s, is := t.cmap.chars[key{code, size}]; is && s != "" && s != "\x00" {
			return s, true
		}
		if s, is := t.cmap.inRange(code, size); is {
			return s, true
		}
	}
	switch {
	case t.simple != nil && code < 256:
		s := t.simple[code]
		return s, s != ""
	case t.ucs2:
		return string(utf16.Decode([]uint16{uint16(code)})), true
	}
	return "", false
}

// width gives the width of a code.
func (t *font) width(code int) float64 {
	if w, is := t.widths[code]; is {
		return w
	}
	if t.fallback != nil && code >= ' ' && code < ' '+len(t.fallback) {
		return float64(t.fallback[code-' '])
	}
	return t.missing
}
