package survey

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// What is wrong with the first row is told with its place.
func TestBrokenHeaders(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", "a.csv: the file is empty"},
		{"blank lines", "\n  \r\n\r \n", "a.csv: the file is empty"},
		{"a delimiter and nothing", "sep=;\n", "a.csv: the file is empty"},
		{"no names", "\n,,\n1,2,3\n", "a.csv:2: the first line names no column"},
		{"quote never closed", "a,\n\"b,c\n1,2\n", "a.csv:2:1: this row ends after 1 cell, but the header names"},
		{"quote never closed in the first row", "a,\"b,c\n1,2\n", "a.csv:1:2: the quote that opens this cell is never closed"},
		{"text after a quote", "a,\"b\nb\"c\n1,2\n", "a.csv:2:2: text follows the closing quote of this cell"},
		{"zero byte", "a,b\x00\n1,2\n", "a.csv:1:2: a zero byte stands here, which no text has; the file seems to be binary or damaged"},
		{"too many columns", strings.Repeat(",", MaxColumns) + "a\n", "a.csv:1: more than 100000 cells in one row"},
		{"too long a cell", "a," + strings.Repeat("x", MaxCell+1) + "\n", "a.csv:1:2: this cell is longer than 1 MiB"},
		{"too long a row", strings.Repeat(strings.Repeat("x", 1<<19)+",", 40), "a.csv:1: row is longer than 16 MiB"},
		{"not UTF-8 as told", "\xFF,b\n", "a.csv:1:1: the name of this column is not UTF-8"},
	} {
		req := Request{Instrument: asked(agree, "", "a", "b")}
		if tt.name == "not UTF-8 as told" {
			req.Encoding = "utf-8"
		}
		_, err := tryExport("a.csv", strings.NewReader(tt.text), req)
		if tt.name == "quote never closed" {
			// The first row is fine, so that the file is read: then b is missing.
			if err == nil || err.Error() != `a.csv: no column for item "b"` {
				t.Errorf("%s: got %v", tt.name, err)
			}
			continue
		}
		var p problem.Problem
		if !errors.As(err, &p) || p.Error() != tt.want || p.Hint == "" {
			t.Errorf("%s: got %v (%s), want %s", tt.name, err, p.Hint, tt.want)
		}
	}
}

// The head ends where the answers begin, and counts the lines up to there.
func TestHead(t *testing.T) {
	for _, tt := range []struct {
		text  string
		delim byte
		rows  [][]string
		lines []int // on which what follows each row begins
	}{
		{"a,b\n1,2\n", ',', [][]string{{"a", "b"}, {"1", "2"}}, []int{2, 3}},
		{"a;b\r\n\r\n1;2", ';', [][]string{{"a", "b"}, {"1", "2"}}, []int{2, 4}},
		{"\r\"a\rb\"\tc\r1\t2\r", '\t', [][]string{{"a\rb", "c"}, {"1", "2"}}, []int{4, 5}},
		{"sep=;\r\n\"a\"\"b\";c,d\n", ';', [][]string{{`a"b`, "c,d"}}, []int{3}},
		{"a\n1\n2\n3\n4\n5\n", ',', [][]string{{"a"}, {"1"}, {"2"}, {"3"}}, []int{2, 3, 4, 5}},
		{"a,b\n\"1", ',', [][]string{{"a", "b"}}, []int{2}},
	} {
		h, err := readHead("a.csv", iotest.OneByteReader(strings.NewReader(tt.text)))
		if err != nil {
			t.Errorf("%q: %v", tt.text, err)
			continue
		}
		var lines []int
		for _, r := range h.rows {
			lines = append(lines, r.nextLine)
		}
		if h.delim != tt.delim || !reflect.DeepEqual(h.raw(), tt.rows) || !reflect.DeepEqual(lines, tt.lines) {
			t.Errorf("%q: got %q %q %v", tt.text, h.delim, h.raw(), lines)
		}
	}
}

// Three header rows are found however long they are.
func TestLongHeaders(t *testing.T) {
	const n = 3000
	codes := "Q1" + strings.Repeat(",Q1_1", n)
	texts := "Why?" + strings.Repeat(","+strings.Repeat("How far do you agree, all in all? ", 10), n)
	ids := `"{""ImportId"":""QID1""}"` + strings.Repeat(`,"{""ImportId"":""QID2""}"`, n)
	answers := "4" + strings.Repeat(",1", n)
	got := readExport(t, "a.csv", strings.NewReader(strings.Join([]string{codes, texts, ids, answers, ""}, "\n")), Request{Instrument: asked(agree, "", "Q1")})
	if !reflect.DeepEqual(got.answers, [][]int32{{4}}) || !strings.HasPrefix(got.format, "Qualtrics") {
		t.Errorf("got %v, %s", got.answers, got.format)
	}
}

// Blank cells at the end of the headers name no column, whether the rows have
// such a cell or not.
func TestBlankHeadings(t *testing.T) {
	got := readExport(t, "a.csv", strings.NewReader("a,b,, \n1,2\n3,4,,\n"), Request{Instrument: asked(agree, "", "a", "b")})
	if !reflect.DeepEqual(got.answers, [][]int32{{1, 2}, {3, 4}}) || got.unused != 0 {
		t.Errorf("got %+v", got)
	}
}

// A source that breaks says so, wherever it does.
func TestBrokenSource(t *testing.T) {
	broken := errors.New("the line is dead")
	text := "a,b\n" + strings.Repeat("1,2\n", 100_000)
	for _, n := range []int{0, 3, 10, 70_000, 200_000, 399_999} {
		for _, packed := range []bool{false, true} {
			data := []byte(text)[:n]
			if packed {
				data = compressed([]byte(text))
				data = data[:min(n, len(data)-1)]
			}
			once := &dyingReader{r: bytes.NewReader(data), err: broken}
			_, err := tryExport("a.csv", once, Request{Instrument: asked(agree, "", "a", "b")})
			if !errors.Is(err, broken) {
				t.Errorf("%d bytes, packed %t: got %v", n, packed, err)
			}
		}
	}
}

// dyingReader ends with an error that it tells only once.
type dyingReader struct {
	r    *bytes.Reader
	err  error
	told bool
}

func (d *dyingReader) Read(p []byte) (int, error) {
	n, err := d.r.Read(p)
	if err != nil && !d.told {
		d.told = true
		return n, d.err
	}
	return n, err
}
