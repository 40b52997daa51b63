package pdf

import (
	"bytes"
	"compress/lzw"
	"context"
	"encoding/ascii85"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// dump writes blocks down, one a line, with | where pages part.
func dump(t *Text) string {
	var b strings.Builder
	for _, k := range t.Blocks {
		b.WriteString([]string{"P ", fmt.Sprintf("H%d ", k.Level), "I ", "C "}[k.Kind])
		for i, p := range k.Pieces {
			if i > 0 {
				b.WriteString("|")
			}
			b.WriteString(p.Text)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// made makes a file with pages of the given contents, in fonts F1 (Helvetica),
// F2 (bold) and F3 (two-byte codes, whose characters ToUnicode tells).
func made(contents ...string) []byte {
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>", "",
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>",
		"<</Type/Font/Subtype/Type0/Encoding/Identity-H/ToUnicode 6 0 R/DescendantFonts[<</DW 500>>]>>",
		packed("", "1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfchar <0001> <FB01> endbfchar 1 beginbfrange <0041> <005A> <0041> endbfrange"),
	}
	kids := ""
	for _, c := range contents {
		kids += fmt.Sprintf(" %d 0 R", len(objects)+1)
		objects = append(objects, fmt.Sprintf("<</Type/Page/Parent 2 0 R/Contents %d 0 R/Resources<</Font<</F1 3 0 R/F2 4 0 R/F3 5 0 R>>>>>>", len(objects)+2))
		if !strings.HasPrefix(c, "<<") {
			c = packed("", c)
		}
		objects = append(objects, c)
	}
	objects[1] = "<</Type/Pages/Kids[" + kids + "]>>"
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var offsets []int
	for i, o := range objects {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", xref)
	return b.Bytes()
}

func packed(entries, data string) string {
	return fmt.Sprintf("<</Length %d%s>>\nstream\n%s\nendstream", len(data), entries, data)
}

// lines shows texts below each other: "x y size text".
func lines(all ...string) string {
	var b strings.Builder
	for _, l := range all {
		var x, y, size float64
		var font string
		at := strings.Index(l, ": ")
		if _, err := fmt.Sscan(l[:at], &x, &y, &size, &font); err != nil {
			panic(err)
		}
		fmt.Fprintf(&b, "BT /%s %g Tf %g %g Td (%s) Tj ET\n", font, size, x, y, l[at+2:])
	}
	return b.String()
}

func TestLayout(t *testing.T) {
	full := "this line is as wide as the page is and ends"
	for name, c := range map[string]struct{ in, want string }{
		"paragraphs": {lines("9 99 10 F1: "+full+" a", "9 87 10 F1: "+full+" b", "9 75 10 F1: in its middle.", "9 63 10 F1: Another one starts", "9 40 10 F1: "+full+" c"),
			"P " + full + " a " + full + " b in its middle.\nP Another one starts\nP " + full + " c\n"},
		"headings": {lines("9 200 20 F1: Large", "9 180 15 F1: Smaller", "9 160 10 F2: Bold", "9 140 10 F1: "+full, "9 128 10 F1: "+full, "9 116 10 F1: text."),
			"H1 Large\nH2 Smaller\nH3 Bold\nP " + full + " " + full + " text.\n"},
		"hyphens": {lines("9 99 10 F1: "+full+" of hyphen-", "9 87 10 F1: ation, and of a self-", "9 75 10 F1: assessment and of Anglo-", "9 63 10 F1: American ones"),
			"P " + full + " of hyphenation, and of a self-assessment and of Anglo-American ones\n"},
		"lists": {lines("9 99 10 F1: \\225 one", "9 87 10 F1: \\225 two", "9 75 10 F1: 3.", "20 75 10 F1: three", "9 63 10 F1: \\(a\\) four"),
			"I one\nI two\nI three\nI four\n"},
		"cells": {lines("9 99 10 F1: Reports to", "200 99 10 F1: Head", "9 87 10 F1: Since", "200 87 10 F1: 2021", "9 50 10 F1: Text"),
			"C Reports to\nC Head\nC Since\nC 2021\nP Text\n"},
		"columns by row": {lines("9 99 10 F1: the left column says on and on", "300 99 10 F1: and the right one goes on with", "9 87 10 F1: what its many lines say one by", "300 87 10 F1: its own lines, which nobody has",
			"9 75 10 F1: one until it has said enough", "300 75 10 F1: to read across the gap between", "9 63 10 F1: of whatever it is that it says", "300 63 10 F1: them, as that would not make a", "9 51 10 F1: to those who read on to its end,", "300 51 10 F1: sentence that anyone understands."),
			"P the left column says on and on what its many lines say one by one until it has said enough of whatever it is that it says to those who read on to its end, and the right one goes on with its own lines, which nobody has to read across the gap between them, as that would not make a sentence that anyone understands.\n"},
		"from below": {lines("9 51 10 F1: five", "9 63 10 F1: four", "9 75 10 F1: three", "9 87 10 F1: two", "9 99 10 F1: One"), "P One two three four five\n"},
		"words":      {"BT /F1 10 Tf 9 99 Td [(W) 80 (ords) -400 (are) -250 (by ) 0 (gaps)] TJ 0 -12 Td 5 Tc (tracked) Tj 0 Tc 80 Tz ( out) Tj ET", "P Words are by gaps tracked out\n"},
		"bold twice": {lines("9 99 10 F1: a", "9.2 99 10 F1: a"), "P a\n"},
		"CMap":       {"BT /F3 10 Tf 9 99 Td <000100410042> Tj /F1 10 Tf (\\256) Tj ET", "P fiAB®\n"},
		"turned":     {"BT /F1 10 Tf 0 1 -1 0 50 50 Tm (up) Tj ET\n" + lines("9 99 10 F1: across"), "P across\nP up\n"},
		"artifacts":  {"/Artifact <</Type/Pagination>> BDC " + lines("9 99 10 F1: 7") + "EMC /Span <</ActualText <FEFF00E4>>> BDC " + lines("9 80 10 F1: ae") + " EMC", "P ä\n"},
	} {
		got, err := Read(context.Background(), made(c.in))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if dump(got) != c.want {
			t.Errorf("%s: got\n%swant\n%s", name, dump(got), c.want)
		}
	}
}

// TestEncodings reads fonts that tell their characters by the names of glyphs.
func TestEncodings(t *testing.T) {
	for name, c := range map[string]struct{ font, want string }{
		"TeX drawings": {"/Subtype/Type3/FontMatrix[.01 0 0 .01 0 0]/Encoding<</Differences[1/a14/a65/a12]>>", "ffiAfi"},
		"names":        {"/Subtype/Type1/Encoding<</Differences[1/Adieresis/f_f_i/uni20AC]>>", "Äffi€"},
		"Mac":          {"/Subtype/TrueType/Encoding/MacRomanEncoding", "A"},
		"own":          {"/Subtype/Type1/FontDescriptor<</FontFile 6 0 R>>", "“A”"},
	} {
		in := bytes.Replace(made("BT /F2 9 Tf (\\001\\002\\003) Tj /F1 9 Tf (.) Tj ET"), []byte("/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding"), []byte(c.font), 1)
		in = bytes.Replace(in, []byte("1 begincode"), []byte("dup 1 /quotedblleft put dup 2 /A put dup 3 /quotedblright put currentfile eexec dup 1 /B put 1 begincode"), 1)
		want := c.want + "."
		if name == "Mac" {
			in = bytes.Replace(in, []byte("\\001\\002\\003"), []byte("A"), 1)
		}
		got, err := Read(context.Background(), in)
		if err != nil || !strings.Contains(strings.ReplaceAll(dump(got), " ", ""), want) {
			t.Errorf("%s: %v, %+v, want %s", name, err, got, want)
		}
	}
}

func TestPages(t *testing.T) {
	page := func(n int, text string) string {
		return lines("9 700 9 F1: Staff handbook", "9 400 10 F1: "+text, fmt.Sprintf("9 20 9 F1: Page %d of 3", n))
	}
	got, err := Read(context.Background(), made(page(1, "A sentence that goes"), page(2, "on, and another that ends."), page(3, "The end.")))
	if err != nil {
		t.Fatal(err)
	}
	if want := "P A sentence that goes| on, and another that ends.\nP The end.\n"; dump(got) != want || got.Pages != 3 || got.Blocks[0].Pieces[1].Page != 2 {
		t.Errorf("got %+v", got)
	}
}

// TestStored reads the same page stored and encrypted in different ways.
func TestStored(t *testing.T) {
	const want = "H1 Our vision\nP Every neighbor knows whom to ask, and every question gets an anfiswer.\nI Open doors\nI Clear words\n"
	for _, name := range []string{"plain", "objstm", "rc4-40", "rc4-128", "aes-128", "aes-256"} {
		b := fixture(t, name)
		got, err := Read(context.Background(), b)
		if err != nil || dump(got) != want || got.Info != (Info{"Vision", "A. Lind", "D:20210304093000+01'00'", "D:20220405"}) {
			t.Errorf("%s: %v, %+v", name, err, got)
		}
		// Without its references, it has to be found by looking for objects.
		for _, cut := range []string{"startxref", "%PDF-"} {
			got, err := Read(context.Background(), bytes.ReplaceAll(b, []byte(cut), []byte("x")))
			if err != nil || dump(got) != want {
				t.Errorf("%s without %s: %v", name, cut, err)
			}
		}
		if got, err := Read(context.Background(), append([]byte("junk\n"), b...)); err != nil || dump(got) != want {
			t.Errorf("%s after junk: %v", name, err)
		}
	}
	if _, err := Read(context.Background(), fixture(t, "locked")); !errors.Is(err, ErrProtected) {
		t.Errorf("locked: %v", err)
	}
}

// TestUpdate reads a file to whose end a new version of its page was added.
func TestUpdate(t *testing.T) {
	old := made(lines("9 99 9 F1: old"))
	_, before, _ := bytes.Cut(old, []byte("startxref\n"))
	before, _, _ = bytes.Cut(before, []byte("\n"))
	in := fmt.Appendf(old, "8 0 obj\n%s\nendobj\n", packed("", lines("9 99 9 F1: new")))
	in = fmt.Appendf(in, "xref\n8 1\n%010d 00000 n \ntrailer\n<</Root 1 0 R/Prev %s>>\nstartxref\n%d\n%%%%EOF\n", len(old), before, len(in))
	if got, err := Read(context.Background(), in); err != nil || dump(got) != "P new\n" {
		t.Errorf("%v, %+v", err, got)
	}
}

func fixture(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name + ".pdf")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestFilters(t *testing.T) {
	content := lines("9 99 10 F1: Text that is packed") + strings.Repeat("% and something to pack\n", 300)
	var a85 bytes.Buffer
	w := ascii85.NewEncoder(&a85)
	_, _ = w.Write([]byte(content))
	_ = w.Close()
	var lz bytes.Buffer
	l := lzw.NewWriter(&lz, lzw.MSB, 8)
	_, _ = l.Write([]byte(content))
	_ = l.Close()
	for name, c := range map[string]string{
		"ASCII85":    packed("/Filter/ASCII85Decode", a85.String()+"~>"),
		"ASCIIHex":   packed("/Filter[/ASCIIHexDecode]", hex.EncodeToString([]byte(content))+">"),
		"LZW":        packed("/Filter/LZWDecode/DecodeParms<</EarlyChange 0>>", lz.String()),
		"run length": packed("/Filter/RunLengthDecode", string(byte(len(content[:100])-1))+content[:100]+"\xFF \x80"),
	} {
		got, err := Read(context.Background(), made(c))
		if err != nil || dump(got) != "P Text that is packed\n" {
			t.Errorf("%s: %v, %+v", name, err, got)
		}
	}
}

func TestErrors(t *testing.T) {
	for name, c := range map[string]struct {
		in   []byte
		want error
	}{
		"nothing":         {[]byte("%PDF-1.4"), ErrDamaged},
		"no text":         {made("0 0 9 9 re f"), ErrNoText},
		"unknown letters": {made("BT /F3 10 Tf <00FF00FE00FD> Tj ET"), ErrUnmapped},
		"damaged stream":  {made(packed("/Filter/FlateDecode", "x\x9c damaged"), lines("9 9 9 F1: fine")), ErrDamaged},
		"unknown filter":  {made(packed("/Filter/Nope", "BT (x) Tj ET")), ErrDamaged},
	} {
		if got, err := Read(context.Background(), c.in); !errors.Is(err, c.want) || got != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// TestHostile reads files that are made to keep a reader busy.
func TestHostile(t *testing.T) {
	const n = 1 << 20
	for name, in := range map[string][]byte{
		"deep arrays":   made(strings.Repeat("[", 12*n)), // more than the stack could take
		"deep dicts":    made(strings.Repeat("<</a", n)),
		"deep objects":  []byte("%PDF-1.4\n1 0 obj " + strings.Repeat("[", n)),
		"many objects":  []byte("%PDF-1.4\n" + strings.Repeat("1 0 obj<</Type/ObjStm>>stream\n", n/32)),
		"many trailers": []byte("%PDF-1.4\n" + strings.Repeat("trailer<<", n/8)),
		"own page":      bytes.ReplaceAll(made("x"), []byte("Kids[ 7 0 R]"), []byte("Kids[ 2 0 R]")),
		"own object":    bytes.ReplaceAll(made("x"), []byte("/Pages 2 0 R"), []byte("/Pages 1 0 R")),
		"own length":    bytes.ReplaceAll(made("x"), []byte("/Length 1"), []byte("/Length 8 0 R")),
		"states":        made(strings.Repeat("q ", n)),
		"marks":         made(strings.Repeat("/P BMC ", n/4)),
		"big widths":    bytes.ReplaceAll(made("x"), []byte("/DW 500"), []byte("/W[0 999999999 5]")),
	} {
		start := time.Now()
		_, _ = Read(context.Background(), in)
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s takes %v", name, took)
		}
	}
}

// TestCut cuts files off at each byte. What is left is read whole or not at all.
func TestCut(t *testing.T) {
	for _, name := range []string{"plain", "objstm", "rc4-128", "aes-256"} {
		in := fixture(t, name)
		whole, err := Read(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		for n := range in {
			got, err := Read(context.Background(), in[:n])
			if err == nil && dump(got) != dump(whole) || err != nil && !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrProtected) {
				t.Errorf("%s cut at %d of %d: %v, %+v", name, n, len(in), err, got)
			}
		}
	}
}

// TestAside keeps what a file marks as a header or footer apart, and what runs
// over its pages.
func TestAside(t *testing.T) {
	page := func(n int) string {
		return lines(fmt.Sprintf("9 700 9 F1: Handbook, page %d", n), "9 400 10 F1: Text"+strings.Repeat(" of it", n)) +
			"/Artifact<</Type/Pagination/Subtype/Footer>>BDC BT /F1 9 Tf 9 20 Td (Revised 3/2019) Tj 200 0 Td (right) Tj ET EMC " +
			"/Artifact<</Type/Pagination/Subtype/Watermark>>BDC BT /F1 9 Tf 9 300 Td (Draft) Tj ET EMC /Artifact BMC BT /F1 9 Tf 9 310 Td (line) Tj ET EMC"
	}
	got, err := Read(context.Background(), made(page(1), page(2), page(3)))
	if err != nil {
		t.Fatal(err)
	}
	want := []Running{{"Revised 3/2019 right", 1, true}, {"Handbook, page 1", 1, false}}
	if !slices.Equal(got.Running, want) || dump(got) != "P Text of it\nP Text of it of it\nP Text of it of it of it\n" {
		t.Errorf("got %+v\n%s", got.Running, dump(got))
	}
	same := lines("9 400 9 F1: A form that is the same on each page")
	if got, err := Read(context.Background(), made(same, same, same)); err != nil || len(got.Blocks) == 0 || got.Running != nil {
		t.Errorf("the same page: %v, %+v", err, got)
	}
}

// TestContext ends with the error of a context that is done.
func TestContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if got, err := Read(ctx, fixture(t, "plain")); !errors.Is(err, context.Canceled) || got != nil {
		t.Errorf("%v, %+v", err, got)
	}
}
