package survey

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// Whatever the bytes, a decoder hands out the same text in pieces of any size,
// and text in UTF-8 as it is.
func FuzzDecoder(f *testing.F) {
	for _, data := range codings("a,b\nBüro,“5”\n") {
		f.Add(data, "")
		f.Add(compressed(data), "")
	}
	f.Add([]byte("a\xFC"), "windows-1250")
	f.Add([]byte("\xFF\xFE\xD8"), "utf-16be")
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		encoding, err := encodingNamed(name)
		if err != nil {
			encoding = ""
		}
		decode := func(r io.Reader) (string, string) {
			d := newDecoder(bufio.NewReaderSize(r, sniffed), encoding)
			text, err := io.ReadAll(d)
			if err != nil {
				t.Fatal(err)
			}
			return string(text), d.name()
		}
		text, found := decode(bytes.NewReader(data))
		for _, r := range []io.Reader{iotest.OneByteReader(bytes.NewReader(data)), iotest.DataErrReader(bytes.NewReader(data))} {
			if again, name := decode(r); again != text || name != found {
				t.Fatalf("%q is %q in %s, and %q in %s", data, text, found, again, name)
			}
		}
		if found != encodingUTF8 && !utf8.ValidString(text) {
			t.Fatalf("%q is no UTF-8 after %s", text, found)
		}
		if unmarked := bytes.TrimPrefix(data, utf8BOM); encoding == "" && utf8.Valid(unmarked) && bytes.IndexByte(unmarked, 0) < 0 && text != string(unmarked) {
			t.Fatalf("%q became %q", unmarked, text)
		}
	})
}

// Whatever the first rows, detection finds a layout that fits them, and the
// same again with more rows behind.
func FuzzDetect(f *testing.F) {
	for _, x := range exports() {
		f.Add(written(x.rows, "\n", ",", false), "")
	}
	f.Add("a,b\n{\"ImportId\":\n", "qualtrics")
	f.Add("Respondent ID,,\n,x,y,z\n", "")
	f.Fuzz(func(t *testing.T, text, dialect string) {
		h, err := readHead("a.csv", strings.NewReader(text))
		if err != nil {
			checkOne(t, err)
			return
		}
		if len(h.rows) > headRows {
			t.Fatalf("%d rows", len(h.rows))
		}
		rows := h.raw()
		l, err := detect(rows, dialect)
		if err != nil {
			checkOne(t, err)
			return
		}
		if l.headers < 1 || l.headers > len(rows) || l.completed >= len(l.columns) {
			t.Fatalf("%+v of %d rows", l, len(rows))
		}
		for _, f := range l.filters {
			if f.column < 0 || f.column >= len(l.columns) || f.reason == "" {
				t.Fatalf("filter %+v of %d columns", f, len(l.columns))
			}
			f.drop(nil)
			f.drop([]byte(text))
		}
		for _, c := range l.columns {
			if len(c.names) > 0 && c.header() == "" {
				t.Fatalf("blank name: %q", c.names)
			}
		}
		again, err := detect(rows, dialect)
		if err != nil || again.vendor.dialect != l.vendor.dialect || !reflect.DeepEqual(again.columns, l.columns) {
			t.Fatalf("another layout the second time: %+v, %v", again, err)
		}
	})
}

// Whatever the bytes, a source ends in a problem or in rows of one width.
func FuzzOpen(f *testing.F) {
	for _, x := range exports() {
		text := written(x.rows, "\n", ",", false)
		f.Add([]byte(text))
		f.Add(compressed([]byte(text)))
	}
	f.Add([]byte("sep=;\na;b\n1;2\n"))
	f.Add([]byte("[{\"a\":{\"b\":1}},{\"c\":[1,2]}]"))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := openSource("a.csv", bytes.NewReader(data), Request{})
		if err != nil {
			checkOne(t, err)
			return
		}
		defer func() {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}()
		if s.table == nil {
			if _, err := io.Copy(io.Discard, s.text); err != nil {
				checkOne(t, err)
			}
			return
		}
		for {
			row, err := s.table.Next()
			if err == io.EOF {
				return
			}
			if err != nil {
				checkOne(t, err)
				return
			}
			if len(row.Cells) != len(s.layout.columns) {
				t.Fatalf("%d cells in a row of %d", len(row.Cells), len(s.layout.columns))
			}
		}
	})
}

// checkOne holds that an error is a problem, well worded.
func checkOne(t *testing.T, err error) {
	t.Helper()
	var p problem.Problem
	if !errors.As(err, &p) {
		t.Fatalf("error is a %T: %v", err, err)
	}
	if p.What == "" || strings.HasSuffix(p.What, ".") || strings.ContainsAny(p.What+p.Hint, "\n\x00\x1b") {
		t.Fatalf("badly worded: %q, hint %q", p.What, p.Hint)
	}
}
