package document

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// invariants checks what holds for every document.
func invariants(t *testing.T, name string, data []byte) {
	t.Helper()
	given := bytes.Clone(data)
	d, err := Read(name, data)
	if !bytes.Equal(given, data) {
		t.Fatal("Read changed its input")
	}
	if err != nil {
		var p problem.Problem
		if !errors.As(err, &p) || p.File != name || p.What == "" {
			t.Fatalf("error %v is no problem of the file", err)
		}
		return
	}
	checkText(t, d)
	checkAround(t, d, len(data))
	checkPlaces(t, d, len(data))
	again, err := Read(name, data)
	if err != nil || again.Text != d.Text || !reflect.DeepEqual(again.Blocks, d.Blocks) || !reflect.DeepEqual(again.Comments, d.Comments) ||
		!reflect.DeepEqual(again.Fields, d.Fields) || !reflect.DeepEqual(again.Margins, d.Margins) || again.Pending != d.Pending {
		t.Errorf("read again: %v\nfirst %q", err, d.Text)
	}
}

func checkText(t *testing.T, d *Document) {
	t.Helper()
	if !utf8.ValidString(d.Text) {
		t.Errorf("text is not UTF-8: %q", d.Text)
	}
	for i, r := range d.Text {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			t.Fatalf("control character %q at %d of %q", r, i, d.Text)
		}
	}
	end := 0
	for i, b := range d.Blocks {
		if b.Start < end || i > 0 && b.Start == end || b.End <= b.Start || b.End > len(d.Text) {
			t.Fatalf("block %d %+v after %d of %q", i, b, end, d.Text)
		}
		if (b.Kind == Heading && (b.Level < 1 || b.Level > 6)) || (b.Kind == Item && b.Level < 1) {
			t.Errorf("%+v has no level", b)
		}
		end = b.End
	}
	at := 0
	for _, c := range d.Comments {
		if c.Offset < at || c.Offset > len(d.Text) {
			t.Errorf("comment %+v after %d of %q", c, at, d.Text)
		}
		at = c.Offset
	}
}

// checkAround checks what is beside the text.
func checkAround(t *testing.T, d *Document, size int) {
	t.Helper()
	if len(d.Fields) > maxFields || len(d.Margins) > maxMargins || d.Pending < 0 {
		t.Errorf("%d fields, %d margins, %d changes", len(d.Fields), len(d.Margins), d.Pending)
	}
	for _, f := range d.Fields {
		if f.Key == "" || len(f.Key) > maxFieldKey || len(f.Value) > maxFieldValue || !utf8.ValidString(f.Key+f.Value) || strings.ContainsFunc(f.Key+f.Value, unicode.IsControl) ||
			f.Place.Offset > size || (f.Place.Line > 0) != (f.Place.Column > 0) {
			t.Errorf("field %+v", f)
		}
	}
	for i, m := range d.Margins {
		inText := m.Kind == Note
		if m.Text == "" || len(m.Text) > maxMargin || !utf8.ValidString(m.Text) || inText != (m.Offset >= 0) || m.Offset > len(d.Text) || inText != (m.Place.Line > 0) ||
			i > 0 && m.Kind < d.Margins[i-1].Kind {
			t.Errorf("margin %+v of %q", m, d.Text)
		}
		for _, r := range m.Text {
			if unicode.IsControl(r) && r != '\n' && r != '\t' {
				t.Fatalf("control character %q in %q", r, m.Text)
			}
		}
	}
}

func checkPlaces(t *testing.T, d *Document, size int) {
	t.Helper()
	last := d.Place(0)
	for i := 0; i <= len(d.Text); i++ {
		p := d.Place(i)
		if p.Line < 1 || p.Column < 1 || p.Line < last.Line || p.Line == last.Line && p.Column < last.Column ||
			p.Offset < last.Offset || p.Offset > size {
			t.Fatalf("place %+v of %d after %+v in %q", p, i, last, d.Text)
		}
		last = p
	}
}

func seeds(f *testing.F, pattern string) {
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds %s: %v", pattern, err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
}

func FuzzReadText(f *testing.F) {
	f.Add([]byte("Our vision\r\n\r\na <!-- b -->\rc\n# firstcall:disable x\n<!-- d\ne -->\nf"))
	f.Add([]byte("\xFF\xFEa\x00\r\x00\n\x00b\x00"))
	f.Add([]byte("na\xEFve \x93quote\x94"))
	f.Add([]byte("a\x0Cb\xC2\x85c\x1B[31m"))
	f.Fuzz(func(t *testing.T, b []byte) { invariants(t, "a.txt", b) })
}

func FuzzReadMarkdown(f *testing.F) {
	for _, c := range markdownCases {
		f.Add([]byte(c.in))
	}
	f.Fuzz(func(t *testing.T, b []byte) { invariants(t, "a.md", b) })
}

func FuzzReadHTML(f *testing.F) {
	for _, c := range htmlCases {
		f.Add([]byte(c.in))
	}
	seeds(f, "testdata/*.html")
	f.Fuzz(func(t *testing.T, b []byte) { invariants(t, "a.html", b) })
}

// FuzzReadDOCX reads any XML as the parts of a document, and any bytes as one.
func FuzzReadDOCX(f *testing.F) {
	for _, c := range docxCases {
		f.Add([]byte(c.in), c.styles)
	}
	b, err := os.ReadFile("testdata/job.docx")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b, "")
	f.Fuzz(func(t *testing.T, b []byte, styles string) {
		if bytes.HasPrefix(b, []byte("PK")) {
			invariants(t, "a.docx", b)
			return
		}
		invariants(t, "a.docx", docx(t, string(b), styles, docxComment))
	})
}

func FuzzReadODT(f *testing.F) {
	for _, c := range odtCases {
		f.Add([]byte(c.in))
	}
	seeds(f, "testdata/*.odt")
	f.Fuzz(func(t *testing.T, b []byte) {
		if bytes.HasPrefix(b, []byte("PK")) {
			invariants(t, "a.odt", b)
			return
		}
		invariants(t, "a.odt", odt(t, string(b)))
		invariants(t, "a.fodt", []byte(flatODT(string(b))))
	})
}

func FuzzReadPDF(f *testing.F) {
	seeds(f, "pdf/testdata/*.pdf")
	seeds(f, "testdata/*.pdf")
	f.Fuzz(func(t *testing.T, b []byte) { invariants(t, "a.pdf", b) })
}

// FuzzMargins reads any XML as the parts that stand around a text.
func FuzzMargins(f *testing.F) {
	f.Add(p("", "a")+"<w:footnoteReference w:id='1'/>", docxNotes, "<P><property name='a'><x>b</x></property></P>")
	for _, c := range docxCases {
		f.Add(c.in, c.in, c.in)
	}
	f.Add("<text:p>a<text:note><text:p>b</text:p></text:note></text:p>", odtPages, `<a><meta:user-defined meta:name="A">b</meta:user-defined></a>`)
	f.Fuzz(func(t *testing.T, body, beside, meta string) {
		rels := "<R><Relationship Id='h' Type='x/header' Target='h.xml'/></R>"
		refs := "<w:headerReference r:id='h'/><w:r><w:footnoteReference w:id='1'/></w:r>"
		invariants(t, "a.docx", []byte(zipped(t, "word/document.xml", "<a>"+p("", "x")+"<w:p>"+refs+"</w:p>"+body+"</a>", "word/_rels/document.xml.rels", rels,
			"word/h.xml", beside, "word/footnotes.xml", "<n>"+beside+"</n>", "docProps/custom.xml", meta)))
		invariants(t, "a.odt", []byte(zipped(t, "mimetype", "x", "content.xml", "<a><text:p>x</text:p>"+body+"</a>", "styles.xml", "<a>"+beside+"</a>", "meta.xml", meta)))
	})
}

// FuzzRead reads any bytes under a name that says nothing.
func FuzzRead(f *testing.F) {
	f.Add([]byte("<!DOCTYPE html><p>a"))
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte(ole))
	f.Fuzz(func(t *testing.T, b []byte) { invariants(t, "-", b) })
}
