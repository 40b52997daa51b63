package document

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// slow are files that take much longer than a moment to read, by their names.
func slow(t *testing.T) map[string][]byte {
	const n = 1 << 18
	line := "a *b* [c](d) `e` & <i>f</i> g\n"
	content := "BT /F1 9 Tf " + strings.Repeat("(a b c) Tj 0 -9 Td ", n/2) + "ET"
	return map[string][]byte{
		"a.txt":      []byte(strings.Repeat("a <!-- b --> c\r\n", 8*n)),
		"lines.md":   []byte(strings.Repeat(line+"\n", 2*n)),
		"one.md":     []byte(strings.Repeat(line, 2*n)),
		"a.html":     []byte("<p>" + strings.Repeat(line, 2*n)),
		"a.docx":     []byte(zipped(t, "word/document.xml", "<a>"+strings.Repeat(p("", "word"), n/2)+"</a>")),
		"a.odt":      []byte(zipped(t, "mimetype", "x", "content.xml", "<a>"+strings.Repeat("<text:p>word</text:p>", n)+"</a>")),
		"styles.odt": []byte(zipped(t, "mimetype", "x", "styles.xml", "<a>"+strings.Repeat("<b/>", 8*n)+"</a>", "content.xml", "<a><text:p>word</text:p></a>")),
		"a.fodt":     []byte(flatODT(strings.Repeat("<text:p>word</text:p>", n))),
		"a.pdf":      []byte(madePDF(content)),
		"many.pdf":   []byte(madePDF(strings.Split(strings.Repeat("BT /F1 9 Tf (a b c) Tj ET|", 20_000), "|")...)),
	}
}

// TestDeadline ends every reader in the midst of its work.
func TestDeadline(t *testing.T) {
	for name, in := range slow(t) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
		start := time.Now()
		d, err := ReadGuarded(ctx, name, in)
		took := time.Since(start)
		cancel()
		var p problem.Problem
		if d != nil || !errors.Is(err, ErrTimeout) || !errors.As(err, &p) || p.File != name || p.Hint == "" {
			t.Errorf("%s: %v", name, err)
		}
		if took > 2*time.Second { // of many
			t.Errorf("%s ends %v after it should have", name, took)
		}
		over, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := ReadGuarded(over, name, in); !errors.Is(err, context.Canceled) || errors.Is(err, ErrTimeout) {
			t.Errorf("%s canceled: %v", name, err)
		}
	}
}

// TestGuarded reads what needs no guarding as Read does.
func TestGuarded(t *testing.T) {
	for _, file := range []string{"job.html", "job.docx", "job.odt", "job.pdf", "mission.odt"} {
		in := []byte(readFile(t, "testdata/"+file))
		d, err := ReadGuarded(t.Context(), file, in)
		if err != nil || d.Text != fixture(t, file).Text {
			t.Errorf("%s: %v", file, err)
		}
	}
	if _, err := ReadGuarded(t.Context(), "a.txt", make([]byte, guardedSize+1)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("large: %v", err)
	}
	if _, err := ReadGuarded(t.Context(), "a.txt", nil); !errors.Is(err, ErrEmpty) {
		t.Errorf("empty: %v", err)
	}
	d, err := ReadGuarded(panicking{t.Context()}, "a.txt", []byte("text"))
	var p problem.Problem
	if d != nil || !errors.Is(err, ErrDamaged) || !errors.As(err, &p) || p.File != "a.txt" {
		t.Errorf("panic: %v", err)
	}
}

// panicking is a context that stands for a fault in a reader.
type panicking struct{ context.Context }

func (panicking) Deadline() (time.Time, bool) { return time.Now().Add(time.Hour), true }
func (panicking) Err() error                  { panic("a fault in a reader") }

// TestTruncated cuts files off. What can still be read whole is.
func TestTruncated(t *testing.T) {
	for _, file := range []string{"job.docx", "job.odt", "job.pdf", "tagged.pdf", "columns.pdf"} {
		in := []byte(readFile(t, "testdata/"+file))
		whole := fixture(t, file).Text
		const cuts = 40
		for i := range cuts {
			n := 16 + (len(in)-16)*i/cuts
			d, err := Read(file, in[:n])
			switch {
			case err == nil && d.Text != whole:
				t.Errorf("%s: reads %d of %d bytes as %d bytes of text, not %d", file, n, len(in), len(d.Text), len(whole))
			case err != nil && !errors.Is(err, ErrDamaged):
				t.Errorf("%s cut at %d: %v", file, n, err)
			}
		}
	}
	pages := madePDF("BT /F1 9 Tf (one) Tj ET", "BT /F1 9 Tf (two) Tj ET", "BT /F1 9 Tf (three) Tj ET")
	for _, end := range []string{"14 0 obj", "15 0 obj", "hree) Tj", "endstream endobj\ntrailer"} {
		if d, err := Read("a.pdf", []byte(pages[:strings.Index(pages, end)])); err == nil && !strings.HasSuffix(d.Text, "three") || err != nil && !errors.Is(err, ErrDamaged) {
			t.Errorf("PDF cut before %q: %v, %+v", end, err, d)
		}
	}
	if _, err := Read("a.fodt", []byte(flatODT("<text:p>a</text:p>")[:400])); !errors.Is(err, ErrDamaged) {
		t.Errorf("flat: %v", err)
	}
}

// TestBombs reads files that inflate to much more than they are.
func TestBombs(t *testing.T) {
	big := "<a>" + strings.Repeat(" ", 50<<20) + "</a>"
	refs, rels := "", ""
	parts := []string{"word/document.xml"}
	for i := range 4 {
		refs += fmt.Sprintf("<w:headerReference r:id='r%d'/>", i)
		rels += fmt.Sprintf("<Relationship Id='r%d' Type='x/header' Target='h%d.xml'/>", i, i)
	}
	parts = append(parts, "<a>"+p("", "x")+refs+"</a>", "word/_rels/document.xml.rels", "<a>"+rels+"</a>")
	for i := range 4 {
		parts = append(parts, fmt.Sprintf("word/h%d.xml", i), big)
	}
	if _, err := ReadGuarded(t.Context(), "a.docx", []byte(zipped(t, parts...))); !errors.Is(err, ErrTooLarge) {
		t.Errorf("many parts: %v", err)
	}
	spaces := "<a>" + strings.Repeat("<text:p>"+strings.Repeat("<text:s text:c='1000'/>x", 1000)+"</text:p>", 4) + "</a>"
	if d, err := ReadGuarded(t.Context(), "a.odt", []byte(zipped(t, "mimetype", "x", "content.xml", spaces))); err != nil || len(d.Text) > 3<<20/2 {
		t.Errorf("spaces: %v, %d bytes of text", err, len(d.Text))
	}
	entities := `<!DOCTYPE a [<!ENTITY b "cccccccccc"><!ENTITY d "&b;&b;&b;">]><a><w:p><w:r><w:t>&d;</w:t></w:r></w:p></a>`
	if _, err := ReadGuarded(t.Context(), "a.docx", []byte(zipped(t, "word/document.xml", entities))); !errors.Is(err, ErrDamaged) {
		t.Errorf("entities: %v", err)
	}
	var kids bytes.Buffer // pages that all have the same long content
	for range 40_000 {
		kids.WriteString("10 0 R ")
	}
	same := strings.Replace(madePDF("BT /F1 9 Tf "+strings.Repeat("(a) Tj ", 200_000)+"ET"), "Kids[10 0 R ]", "Kids["+kids.String()+"]", 1)
	if d, err := ReadGuarded(t.Context(), "a.pdf", []byte(same)); err == nil && len(d.Text) > 1<<20 {
		t.Errorf("PDF: %d bytes of text", len(d.Text))
	}
}

// TestMacros reads a document with macros as one without.
func TestMacros(t *testing.T) {
	d, err := ReadGuarded(t.Context(), "a.docm", []byte(zipped(t, "word/vbaProject.bin", "\xD0\xCF\x11\xE0 not looked at", "word/document.xml", "<a>"+p("", "text")+"</a>")))
	if err != nil || d.Text != "text" || d.Format != DOCX {
		t.Errorf("%v, %+v", err, d)
	}
}
