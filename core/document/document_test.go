package document

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// dump writes the blocks of a document down, one a line, and its comments.
func dump(d *Document) string {
	var b strings.Builder
	marks := [...]string{Paragraph: "P", Heading: "H", Item: "I", Quote: "Q", Cell: "C", Code: "X"}
	for _, k := range d.Blocks {
		b.WriteString(marks[k.Kind])
		if k.Level > 0 {
			fmt.Fprint(&b, k.Level)
		}
		fmt.Fprintf(&b, " %s\n", strings.ReplaceAll(k.In(d.Text), "\n", "/"))
	}
	for _, c := range d.Comments {
		rest := d.Text[c.Offset:]
		fmt.Fprintf(&b, "! %s before %q at %d:%d\n", c.Text, rest[:min(len(rest), 5)], c.Place.Line, c.Place.Column)
	}
	return b.String()
}

// docCase is a document and what dump writes of it.
type docCase struct{ name, in, want string }

func (c docCase) run(t *testing.T, file string, data []byte) {
	t.Helper()
	t.Run(c.name, func(t *testing.T) {
		d, err := Read(file, data)
		if err != nil {
			t.Fatal(err)
		}
		if got := dump(d); got != c.want {
			t.Errorf("got\n%swant\n%s", got, c.want)
		}
		invariants(t, file, data)
	})
}

const jobBlocks = `H1 Guest Relations Lead
P The lead makes sure that every guest is welcomed, heard and helped. An efficient office finds the right file at first asking, and a difficult question is answered on the same day. Naïve promises – “soon” – are not enough.
H2 Duties
I1 Answer complaints within one working day
I1 Train new colleagues
I2 at the desk
I2 on the phone
I1 Write the weekly report
I1 Read it aloud
H2 Facts
C Reports to
C Head of Service
C Reviewed
C 2021-03-04
Q1 Service is what is left when the script ends.
P Line one/line two. Email us at desk@example.org & ask.
`

// TestOffice reads the same job description as word processors and browsers
// write it.
func TestOffice(t *testing.T) {
	for _, file := range []string{"job.html", "job.docx", "job.odt"} {
		d := fixture(t, file)
		if got := dump(d); got != jobBlocks {
			t.Errorf("%s: got\n%swant\n%s", file, got, jobBlocks)
		}
		if p := d.Properties; p.Title != "Job description: Guest Relations Lead" || p.Author != "Ada Lind" || p.Created.Format(time.DateOnly) != "2021-03-04" {
			t.Errorf("%s: properties %+v", file, p)
		}
		if want := "Reports to\tHead of Service\nReviewed\t2021-03-04"; !strings.Contains(d.Text, want) {
			t.Errorf("%s: no table %q in %q", file, want, d.Text)
		}
	}
	d := fixture(t, "job.docx")
	if p := d.Place(strings.Index(d.Text, "Duties")); p.Part != "paragraph 3" || p.Offset != -1 {
		t.Errorf("place %+v", p)
	}
}

func fixture(t *testing.T, file string) *Document {
	t.Helper()
	b, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	d, err := Read(file, b)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestPDF(t *testing.T) {
	d := fixture(t, "job.pdf")
	want := strings.NewReplacer("I2 ", "I1 ", "Q1 ", "P ", "one/line", "one line",
		"C Reports to\nC Head", "P Reports to Head", "C Reviewed\nC 2021", "P Reviewed 2021").Replace(jobBlocks)
	if got := dump(d); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if d.Properties.Title != "Job description: Guest Relations Lead" || d.Properties.Created.Year() < 2024 {
		t.Errorf("properties %+v", d.Properties)
	}
	// A browser tells in tags what it draws.
	want = strings.NewReplacer("Q1 ", "P ", "one/line", "one line").Replace(jobBlocks)
	if got := dump(fixture(t, "tagged.pdf")); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	d = fixture(t, "columns.pdf")
	for _, want := range []string{"\n\nWe help the people of this town to find their feet again. Whoever comes", "decide among themselves who does what.\n\n", "\n\nAffiliated offices: fifteen."} {
		if !strings.Contains(d.Text, want) {
			t.Errorf("no %q in %q", want, d.Text)
		}
	}
	if p := d.Place(len(d.Text)); p.Part != "page 1" || p.Offset != -1 {
		t.Errorf("place %+v", p)
	}
}

func TestFormatOf(t *testing.T) {
	for name, want := range map[string]Format{"a.md": Markdown, "b/C.HTM": HTML, `c:\x.y\d.docx`: DOCX, "e.txt": Text, "f.fodt": ODT, "g.PDF": PDF} {
		if got, known := FormatOf(name); got != want || !known {
			t.Errorf("%s: %v, %v", name, got, known)
		}
	}
	for _, name := range []string{"", "-", "a", "a.md/b", "a.doc", ".md.gz"} {
		if got, known := FormatOf(name); known {
			t.Errorf("%s: %v", name, got)
		}
	}
	for in, want := range map[string]Format{"<!doctype html><p>a": HTML, "\n <html>a": HTML, "# a": Text, "<?xml version='1.0'?><office:document xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\">a</office:document>": ODT} {
		if got, err := formatFor(&clock{ctx: t.Context()}, "-", []byte(in)); got != want || err != nil {
			t.Errorf("%q: %v, %v", in, got, err)
		}
	}
}

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		name, file string
		in         string
		cause      error
		what, hint string
	}{
		{"empty", "a.txt", "", ErrEmpty, "is empty", ""},
		{"blank", "a.md", "\n \t\u00A0\n<!-- x -->", ErrEmpty, "no text", ""},
		{"empty docx", "a.docx", "", ErrEmpty, "is empty", ""},
		{"old Word", "a.doc", ole + "..." + string(utf16LE("WordDocument")), ErrForeign, "old Word", ".docx"},
		{"locked Word", "a.docx", ole + "..." + string(utf16LE("EncryptedPackage")), ErrProtected, "password", "without"},
		{"locked ODT", "a.odt", zipped(t, "mimetype", "x", "META-INF/manifest.xml", "<a><manifest:encryption-data/></a>", "content.xml", "\x01"), ErrProtected, "password", "without"},
		{"rtf", "a.rtf", `{\rtf1 a}`, ErrForeign, "RTF", ".docx"},
		{"Pages", "a.pages", zipped(t, "Index/Document.iwa", "x"), ErrForeign, "Pages", "Word"},
		{"workbook", "a.docx", zipped(t, "xl/workbook.xml", "x"), ErrForeign, "Excel", ".md"},
		{"spreadsheet", "a.ods", zipped(t, "content.xml", `<a xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0"><o:body><o:spreadsheet/></o:body></a>`), ErrForeign, "spreadsheet", ""},
		{"picture", "a.txt", "\x89PNG\r\n", ErrForeign, "picture", ""},
		{"binary", "a.txt", "abc\x00def", ErrForeign, "not text", ""},
		{"controls", "a.txt", strings.Repeat("a\x01\x02", 99), ErrForeign, "not text", ""},
		{"text as docx", "a.docx", "hello", ErrDamaged, "is not a Word document", ""},
		{"text as PDF", "a.pdf", "hello", ErrDamaged, "is not a PDF", ""},
		{"cut zip", "a.docx", zipped(t, "word/document.xml", "<a/>")[:40], ErrDamaged, "zip archive", ""},
		{"no text part", "a.docx", zipped(t, "word/x.xml", "<a/>"), ErrDamaged, "word/document.xml", ""},
		{"cut XML", "a.docx", zipped(t, "word/document.xml", "<a><p><t>half</t></p>"), ErrDamaged, "word/document.xml: the document is damaged here: its XML is not well formed", ""},
		{"deep XML", "a.docx", zipped(t, "word/document.xml", strings.Repeat("<a>", 5000)), ErrDamaged, "too deeply", ""},
		{"bomb", "a.docx", zipped(t, "word/document.xml", "<a>"+strings.Repeat(" ", maxPart)+"</a>"), ErrTooLarge, "word/document.xml: inflates", ""},
		{"cut PDF", "a.pdf", "%PDF-1.4\n1 0 obj <</Type/Catalog>> endobj", ErrDamaged, "damaged", ""},
		{"no text in PDF", "a.pdf", strings.ReplaceAll(readFile(t, "pdf/testdata/plain.pdf"), "Tj", "xx"), ErrEmpty, "has no text", ""},
		{"scan", "a.pdf", strings.ReplaceAll(readFile(t, "pdf/testdata/plain.pdf"), "Tj", "ID"), ErrScanned, "scanned pictures", "OCR"},
		{"scan is empty", "a.pdf", strings.ReplaceAll(readFile(t, "pdf/testdata/plain.pdf"), "Tj", "ID"), ErrEmpty, "OCR", "OCR"},
		{"locked PDF", "a.pdf", readFile(t, "pdf/testdata/locked.pdf"), ErrProtected, "password", "without"},
	} {
		d, err := Read(c.file, []byte(c.in))
		var p problem.Problem
		if d != nil || !errors.Is(err, c.cause) || !errors.As(err, &p) || p.File != c.file ||
			!strings.Contains(p.What, c.what) || !strings.Contains(p.Hint, c.hint) {
			t.Errorf("%s: error %v, problem %+v", c.name, err, p)
		}
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestContentBeforeName reads a file by what it is where its name is wrong.
func TestContentBeforeName(t *testing.T) {
	for _, name := range []string{"job.doc", "job.odt", "job", "-", "job.txt"} {
		if d, err := Read(name, []byte(readFile(t, "testdata/job.docx"))); err != nil || d.Format != DOCX {
			t.Errorf("%s: %v", name, err)
		}
	}
}
