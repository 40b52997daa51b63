package document

import (
	"strconv"
	"strings"
	"testing"
	"unsafe"
)

func TestText(t *testing.T) {
	for _, c := range []struct{ name, in, want, comments string }{
		{"as it is", " # a\n\n- b <c>\n", " # a\n\n- b <c>\n", ""},
		{"CRLF", "a\r\nb\rc\r\n\r\n", "a\nb\nc\n\n", ""},
		{"comments", "a <!-- b --> c\n  <!-- d\ne -->  \nf<!--g-->\n<!-- never", "a c\nf\n<!-- never", "b@2 d\ne@4 g@5"},
		{"directives", "a\r\n# firstcall:disable x\r\n  //firstcall:enable\r\n# heading\nb firstcall:c\n", "a\n# heading\nb firstcall:c\n", "firstcall:disable x@2 firstcall:enable@2"},
		{"controls", "a\x0Cb\xC2\x85c\x7F", "a b\u00A0c ", ""},
		{"Windows-1252", "na\xEFve \x93a\x94 \x96", "naïve “a” –", ""},
		{"bullets", "\x95\tone\r\n\xB7 two", "•\tone\n· two", ""},
		{"bullets of symbol fonts", "\uF0B7\tone\n\uF0A7 two \uF0B8 \uFEFF", "•\tone\n• two \uF0B8 \uFEFF", ""},
		{"soft hyphens", "bene\u00ADfits\r\n\u00AD\na\u00A0b <!-- c\u00AD -->\u00AD", "benefits\n\na\u00A0b ", "c\u00AD@" + itoa(15)},
		{"pages", "a\n\fB\n\vc", "a\n B\n c", ""},
		{"damaged UTF-8", "größe grün \xFF müde", "größe grün \uFFFD müde", ""},
	} {
		d, err := Read("a.txt", []byte(c.in))
		if err != nil {
			t.Fatal(err)
		}
		var comments []string
		for _, k := range d.Comments {
			comments = append(comments, k.Text+"@"+itoa(k.Offset))
		}
		if got := strings.Join(comments, " "); d.Text != c.want || got != c.comments || d.Blocks != nil {
			t.Errorf("%s: %q, comments %q", c.name, d.Text, got)
		}
		invariants(t, "a.txt", []byte(c.in))
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

// TestTextIsNotCopied keeps the memory of a long text to its own size.
func TestTextIsNotCopied(t *testing.T) {
	in := []byte(strings.Repeat("Größe and prose.\n", 1000))
	d, err := Read("a.txt", in)
	if err != nil || unsafe.StringData(d.Text) != &in[0] {
		t.Errorf("copied, error %v", err)
	}
}
