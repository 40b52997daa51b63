package document

import (
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
)

// TestPlace finds the marked characters of a text in each of the encodings.
func TestPlace(t *testing.T) {
	const in = "Größe 𝄞 one\r\n\r\n**bö**ld &amp; <b>x</b>*y*\r\nlast\rcr\nend"
	marks := []struct {
		text         string
		line, column int
	}{{"Größe", 1, 1}, {"one", 1, 9}, {"ld &", 3, 7}, {"& x", 3, 10}, {"xy", 3, 19}, {"y\n", 3, 25}, {"last", 4, 1}, {"cr", 5, 1}, {"end", 6, 1}}
	western := strings.ReplaceAll(in, "𝄞", "x")
	b1252, err := charmap.Windows1252.NewEncoder().Bytes([]byte(western))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		data   string
		offset func(before string) int
	}{
		"UTF-8":        {in, func(s string) int { return len(s) }},
		"UTF-8 BOM":    {bomUTF8 + in, func(s string) int { return len(s) + 3 }},
		"UTF-16LE":     {"\xFF\xFE" + in16(in, 0), func(s string) int { return 2 + 2*len(utf16.Encode([]rune(s))) }},
		"UTF-16BE":     {"\xFE\xFF" + in16(in, 1), func(s string) int { return 2 + 2*len(utf16.Encode([]rune(s))) }},
		"UTF-16 plain": {in16(in, 0), func(s string) int { return 2 * len(utf16.Encode([]rune(s))) }},
		"Windows-1252": {string(b1252), func(s string) int { return len([]rune(s)) }},
		"damaged":      {strings.Replace(in, "one", "o\xFFe", 1), nil},
	} {
		d, err := Read("a.md", []byte(c.data))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range marks {
			at := strings.Index(d.Text, m.text)
			if at < 0 {
				if name != "damaged" || m.text != "one" {
					t.Errorf("%s: no %q in %q", name, m.text, d.Text)
				}
				continue
			}
			p := d.Place(at)
			if p.Line != m.line || p.Column != m.column {
				t.Errorf("%s: %q at %+v, want %d:%d", name, m.text, p, m.line, m.column)
			}
			want := -1
			if c.offset != nil {
				want = c.offset(sourceBefore(in, m.line, m.column))
			}
			if p.Offset != want {
				t.Errorf("%s: %q at %+v, want offset %d", name, m.text, p, want)
			}
		}
	}
}

func sourceBefore(in string, line, column int) string {
	runes := []rune(in)
	l, c := 1, 1
	for i, r := range runes {
		if l == line && c == column {
			return string(runes[:i])
		}
		c++
		if r == '\n' || r == '\r' && runes[i+1] != '\n' {
			l, c = l+1, 1
		}
	}
	return in
}

func in16(s string, first int) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		pair := [2]byte{byte(u), byte(u >> 8)}
		b = append(b, pair[first], pair[1-first])
	}
	return string(b)
}

// TestPlaceFar looks places up beyond the first marks, in any order.
func TestPlaceFar(t *testing.T) {
	line := strings.Repeat("ä", 99) + "\n"
	d, err := Read("a.txt", []byte(strings.Repeat(line, 500)))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{499, 3, 250, 0} {
		if p := d.Place(n*len(line) + 20); p.Line != n+1 || p.Column != 11 || p.Offset != n*len(line)+20 {
			t.Errorf("line %d: %+v", n+1, p)
		}
	}
	if p := d.Place(1 << 40); p.Offset != len(d.Text) {
		t.Errorf("beyond the end: %+v", p)
	}
}

// TestPlaceAfterTrimmed finds a block after one whose end was taken away again.
func TestPlaceAfterTrimmed(t *testing.T) {
	const in = "a&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;\n\nbcdefgh"
	d, err := Read("a.md", []byte(in))
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range d.Text {
		if want := strings.IndexRune(in, c); c > 'b' && d.Place(i).Offset != want {
			t.Errorf("%c at %+v, want offset %d", c, d.Place(i), want)
		}
	}
}
