package document

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
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
	checkPlaces(t, d, len(data))
	again, err := Read(name, data)
	if err != nil || again.Text != d.Text || !reflect.DeepEqual(again.Blocks, d.Blocks) || !reflect.DeepEqual(again.Comments, d.Comments) {
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

// FuzzRead reads any bytes under a name that says nothing.
func FuzzRead(f *testing.F) {
	f.Add([]byte("<!DOCTYPE html><p>a"))
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte(ole))
	f.Fuzz(func(t *testing.T, b []byte) { invariants(t, "-", b) })
}
