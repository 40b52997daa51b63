package sheet

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// FuzzOpen reads any bytes as a workbook: it ends with a problem or at the end.
func FuzzOpen(f *testing.F) {
	f.Add(zipped(f, book(`<row r="1"><c r="A1"><v>1</v></c></row>`, nil)))
	f.Add([]byte(ole("EncryptedPackage")))
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if err := drain(file); err != io.EOF && !isProblem(err) {
			t.Errorf("error %v", err)
		}
	})
}

// FuzzSheet reads any text as the parts of a workbook.
func FuzzSheet(f *testing.F) {
	f.Add(`<row r="1"><c r="A1" t="s"><v>0</v></c><c s="1"><v>1.5</v></c><c t="inlineStr"><is><t>a&amp;</t></is></c></row><row><c r="B9"/></row>`,
		`<si><t>a_x000D_</t></si><si><r><t><![CDATA[b]]></t></r><rPh><t>c</t></rPh></si>`, "yyyy-mm-dd hh:mm:ss.0")
	f.Fuzz(func(t *testing.T, rows, texts, code string) {
		var escaped strings.Builder
		if err := xml.EscapeText(&escaped, []byte(code)); err != nil {
			t.Fatal(err)
		}
		file := zipped(t, book(rows, parts{
			"xl/sharedStrings.xml": "<sst>" + texts + "</sst>",
			"xl/styles.xml": `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="` + escaped.String() +
				`"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>`,
		}))
		got, err := readAll(file, Options{})
		if err != nil && !isProblem(err) {
			t.Errorf("error %v", err)
		}
		line := 0
		for _, row := range got {
			if row.Line <= line || len(row.Cells) == 0 || row.Cells[len(row.Cells)-1] == "" {
				t.Errorf("row %+v after row %d", row, line)
			}
			line = row.Line
		}
	})
}

// FuzzScanner compares the scanner with encoding/xml, and with itself when it
// is given the text in other pieces.
func FuzzScanner(f *testing.F) {
	f.Add(`<?xml version="1.0"?><a:b c='1' d=">"><!-- e --><f/>g&lt;&#x41;<![CDATA[<h>]]>` + "\r\n" + `</a:b>`)
	f.Add(`<a><b></a></b>`)
	f.Fuzz(func(t *testing.T, in string) {
		whole, err := scanAll(strings.NewReader(in), bufferSize)
		pieces, errPieces := scanAll(iotest.OneByteReader(strings.NewReader(in)), 2)
		if whole != pieces || !errors.Is(errPieces, err) {
			t.Errorf("in pieces: %s, error %v\nwhole: %s, error %v", pieces, errPieces, whole, err)
		}
		want, ok := decodeAll(in)
		if ok && (err != nil || whole != want) {
			t.Errorf("got %s, error %v\nwant %s", whole, err, want)
		}
	})
}

func TestScannerEnds(t *testing.T) {
	for in, want := range map[string]error{
		"": nil, "a": nil, "<a>": nil, "<": brokenEnd, "<a": brokenEnd, "<!-- x": brokenEnd, "<![CDATA[ x": brokenEnd, "<?x": brokenEnd, "<a b='>": brokenEnd,
	} {
		if _, err := scanAll(strings.NewReader(in), 2); !errors.Is(err, want) {
			t.Errorf("%q: error %v, want %v", in, err, want)
		}
	}
}

// scanAll describes all tokens of a text.
func scanAll(r io.Reader, size int) (string, error) {
	s := scanner{src: r, buf: make([]byte, size)}
	var out tokens
	for {
		t, err := s.next()
		if err == io.EOF {
			return out.String(), nil
		}
		if err != nil {
			return out.String(), err
		}
		switch t {
		case startTag:
			out.tag("<", string(s.name))
			for a := s.attrs; ; {
				name, value, err := a.cut()
				if err == errNoMore {
					break
				}
				if err == nil {
					value, err = appendText(nil, value)
				}
				if err != nil {
					return out.String(), err
				}
				out.tag("@", string(name[bytes.IndexByte(name, ':')+1:])+"="+string(value))
			}
		case endTag:
			out.tag("/", string(s.name))
		case text:
			b := s.text
			if !s.plain {
				if b, err = appendText(nil, b); err != nil {
					return out.String(), err
				}
			}
			out.text = append(out.text, b...)
		}
	}
}

// tokens describes tokens, with texts that follow each other as one.
type tokens struct {
	b    strings.Builder
	text []byte
}

func (t *tokens) tag(kind, name string) {
	t.endText()
	fmt.Fprintf(&t.b, "%s%q ", kind, name)
}

func (t *tokens) endText() {
	if len(t.text) > 0 {
		fmt.Fprintf(&t.b, "%q ", t.text)
	}
	t.text = t.text[:0]
}

func (t *tokens) String() string {
	t.endText()
	return t.b.String()
}

// decodeAll is scanAll by encoding/xml. It is not ok for what that refuses or
// the scanner does.
func decodeAll(in string) (string, bool) {
	d := xml.NewDecoder(strings.NewReader(in))
	var out tokens
	for {
		t, err := d.RawToken()
		switch t := t.(type) {
		case xml.StartElement:
			if strings.Contains(t.Name.Local, ":") {
				return "", false // no name where prefixes mean something
			}
			out.tag("<", t.Name.Local)
			for _, a := range t.Attr {
				if strings.Contains(a.Name.Local, ":") {
					return "", false
				}
				out.tag("@", a.Name.Local+"="+a.Value)
			}
		case xml.EndElement:
			if strings.Contains(t.Name.Local, ":") {
				return "", false
			}
			out.tag("/", t.Name.Local)
		case xml.CharData:
			out.text = append(out.text, t...)
		case xml.Directive:
			return "", false
		}
		if err != nil {
			return out.String(), err == io.EOF
		}
	}
}
