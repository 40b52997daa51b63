package survey

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// row is a Row that outlives the next call.
type row struct {
	Line  int
	Cells []string
}

// readAll reads a whole table. The error is nil at the end of the file.
func readAll(r io.Reader) (header []string, rows []row, err error) {
	return readAllBy(r, bufferSize)
}

// readAllBy is readAll with a buffer that starts with size bytes.
func readAllBy(r io.Reader, size int) (header []string, rows []row, err error) {
	rd, err := newReader("a.csv", r, size)
	if err != nil {
		return nil, nil, err
	}
	for {
		got, err := rd.Next()
		if err != nil {
			if _, again := rd.Next(); !reflect.DeepEqual(again, err) {
				return nil, nil, fmt.Errorf("error %v became %v", err, again)
			}
			if err == io.EOF {
				err = nil
			}
			return rd.Header(), rows, err
		}
		kept := row{Line: got.Line}
		for _, c := range got.Cells {
			kept.Cells = append(kept.Cells, string(c))
		}
		rows = append(rows, kept)
	}
}

func TestReaderReads(t *testing.T) {
	tests := []struct {
		name, in string
		header   []string
		rows     []row
	}{
		{"LF", "a,b\n1,2\n3,4\n", []string{"a", "b"}, []row{{2, []string{"1", "2"}}, {3, []string{"3", "4"}}}},
		{"no line end at the end", "a,b\n1,2", []string{"a", "b"}, []row{{2, []string{"1", "2"}}}},
		{"CRLF", "a,b\r\n1,2\r\n", []string{"a", "b"}, []row{{2, []string{"1", "2"}}}},
		{"CR", "a,b\r1,2\r3,4\r", []string{"a", "b"}, []row{{2, []string{"1", "2"}}, {3, []string{"3", "4"}}}},
		{"CR, none at the end", "a,b\r1,2\r3,4", []string{"a", "b"}, []row{{2, []string{"1", "2"}}, {3, []string{"3", "4"}}}},
		{"mixed line ends", "a,b\r\n1,2\n3,4\r5,6", []string{"a", "b"}, []row{{2, []string{"1", "2"}}, {3, []string{"3", "4"}}, {4, []string{"5", "6"}}}},
		{"byte order mark", "\uFEFFa,b\n1,2\n", []string{"a", "b"}, []row{{2, []string{"1", "2"}}}},
		{"byte order mark and quote", "\uFEFF\"a\",b\n1,2\n", []string{"a", "b"}, []row{{2, []string{"1", "2"}}}},
		{"quotes", "a,b\n\"x,\"\"y\"\"\",\"\"\n", []string{"a", "b"}, []row{{2, []string{`x,"y"`, ""}}}},
		{"last cell quoted, no line end", "a,b\n1,\"2\"", []string{"a", "b"}, []row{{2, []string{"1", "2"}}}},
		{"only doubled quotes", "a\n\"\"\"\"\"\"\n", []string{"a"}, []row{{2, []string{`""`}}}},
		{"quote within a cell", "a,b\n5\" pipe,say \"so\"\n", []string{"a", "b"}, []row{{2, []string{`5" pipe`, `say "so"`}}}},
		{"lines within quotes count", "a,\"b\nc\"\n\"1\r\n2\r3\",4\n5,6\n", []string{"a", "b\nc"}, []row{{3, []string{"1\r\n2\r3", "4"}}, {6, []string{"5", "6"}}}},
		{"blank lines", "\n  \r\na,b\n\n1,2\n \n\r\r\n3,4\n\n", []string{"a", "b"}, []row{{5, []string{"1", "2"}}, {9, []string{"3", "4"}}}},
		{"only a header", "a,b\n", []string{"a", "b"}, nil},
		{"empty cells", "a,b,c\n,,\n1,,3\n", []string{"a", "b", "c"}, []row{{2, []string{"", "", ""}}, {3, []string{"1", "", "3"}}}},
		{"blank columns at the end", "a,b,, ,\n1,2\n3,4,,,\n5,6,, ,,,\n", []string{"a", "b"}, []row{{2, []string{"1", "2"}}, {3, []string{"3", "4"}}, {4, []string{"5", "6"}}}},
		{"blank quoted cells too many", "a,b\n\"1\",2,\"\",\n", []string{"a", "b"}, []row{{2, []string{"1", "2"}}}},
		{"blank column within", "a,,b\n1,2,3\n", []string{"a", "", "b"}, []row{{2, []string{"1", "2", "3"}}}},
		{"white space is kept", "a,b\n 1 ,\t2\n", []string{"a", "b"}, []row{{2, []string{" 1 ", "\t2"}}}},
		{"unused cell that is not UTF-8", "a,b\n1,\xE9\n", []string{"a", "b"}, []row{{2, []string{"1", "\xE9"}}}},
		{"one column", "a\n1\n", []string{"a"}, []row{{2, []string{"1"}}}},
		{"more than eight bytes", "first,second,third\nabcdefghij,k,lmnopqrst\n", []string{"first", "second", "third"}, []row{{2, []string{"abcdefghij", "k", "lmnopqrst"}}}},

		{"semicolons", "a;b\n1,5;2\n", []string{"a", "b"}, []row{{2, []string{"1,5", "2"}}}},
		{"tabs", "a\tb\n1,5\t2;\n", []string{"a", "b"}, []row{{2, []string{"1,5", "2;"}}}},
		{"commas in the header of a file with semicolons", "who;what, when, where, why;how, so\nme;1;2\n", []string{"who", "what, when, where, why", "how, so"}, []row{{2, []string{"me", "1", "2"}}}},
		{"semicolons in quotes", "\"a;b;c;d\",b\n\"1;2;3;4\",2\n", []string{"a;b;c;d", "b"}, []row{{2, []string{"1;2;3;4", "2"}}}},
		{"semicolons in cells", "a,b\n1;2;3,4\n", []string{"a", "b"}, []row{{2, []string{"1;2;3", "4"}}}},
		{"quotes within cells hide no delimiter", "a 5\";b\" c,d\n1;2,3\n", []string{"a 5\"", "b\" c,d"}, []row{{2, []string{"1", "2,3"}}}},
		{"tie goes to the semicolon", "last, first;age\nDoe, Jo;4\n", []string{"last, first", "age"}, []row{{2, []string{"Doe, Jo", "4"}}}},
		{"header alone decides by the larger count", "a,b,c;d\n", []string{"a", "b", "c;d"}, nil},
		{"named delimiter", "sep=;\r\na,b,c;d,e,f\n1,2,3;4,5,6\n", []string{"a,b,c", "d,e,f"}, []row{{3, []string{"1,2,3", "4,5,6"}}}},
		{"named delimiter in quotes", "\"sep=,\"\na,b\n1,2\n", []string{"a", "b"}, []row{{3, []string{"1", "2"}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			header, rows, err := readAll(strings.NewReader(tt.in))
			if err != nil || !reflect.DeepEqual(header, tt.header) || !reflect.DeepEqual(rows, tt.rows) {
				t.Errorf("got %q %v, error %v\nwant %q %v", header, rows, err, tt.header, tt.rows)
			}
		})
	}
}

func TestReaderFaults(t *testing.T) {
	const (
		utf8Hint  = `save the file as "CSV UTF-8" and try again`
		sheetHint = `open it in a spreadsheet and save the sheet with the answers as "CSV UTF-8"`
		csvHint   = "export the answers as CSV"
		emptyHint = "export the answers again: a line with the names of the columns, then a line for each respondent"
		nulHint   = `export the answers again as CSV, or save the file as "CSV UTF-8"`
		openHint  = "close it, or double every quote that is part of the text"
		afterHint = "double every quote that is part of the text"
		fewHint   = "a cell with a line break in it must stand in quotes"
		longHint  = "a quote that opens a cell and is never closed has this effect; look for one here"
		wideHint  = "the file does not look like answers to a survey; is it the right one?"
	)
	long := strings.Repeat("x", MaxCell)
	tests := []struct{ name, in, want, hint string }{
		{"empty", "", "a.csv: the file is empty", emptyHint},
		{"only a byte order mark", "\uFEFF", "a.csv: the file is empty", emptyHint},
		{"only blank lines", " \n\r\n", "a.csv: the file is empty", emptyHint},
		{"header of delimiters", "\n,,\n1,2,3\n", "a.csv:2: the first line names no column", "the first line must hold the names of the columns"},

		{"UTF-16 little endian", "\xFF\xFEa\x00,\x00", "a.csv: is in UTF-16, not UTF-8", utf8Hint},
		{"UTF-16 big endian", "\xFE\xFF\x00a\x00,", "a.csv: is in UTF-16, not UTF-8", utf8Hint},
		{"UTF-16 without mark", "a\x00,\x00b\x00\n\x00", "a.csv: seems to be in UTF-16, not UTF-8", utf8Hint},
		{"Excel", "PK\x03\x04\x14\x00[Content_Types].xml xl/workbook.xml", "a.csv: is an Excel workbook, not a text file", sheetHint},
		{"OpenDocument", "PK\x03\x04\x14\x00mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "a.csv: is an OpenDocument spreadsheet, not a text file", sheetHint},
		{"zip", "PK\x03\x04\x14\x00answers.csv", "a.csv: is a zip archive, not a text file", "unpack it and give the CSV file in it"},
		{"empty zip", "PK\x05\x06\x00", "a.csv: is an empty zip archive, not a text file", "export the answers again as CSV"},
		{"old Excel", "\xD0\xCF\x11\xE0\xA1\xB1", "a.csv: is an old Excel workbook or another Office file, not a text file", sheetHint},
		{"gzip", "\x1F\x8B\x08", "a.csv: is compressed with gzip", "unpack it with gunzip and give the CSV file in it"},
		{"PDF", "%PDF-1.7\n", "a.csv: is a PDF, not a table", csvHint},
		{"SPSS", "$FL2@(#) SPSS DATA FILE", "a.csv: is an SPSS file, not a text file", csvHint},
		{"compressed SPSS", "$FL3@(#) SPSS DATA FILE", "a.csv: is an SPSS file, not a text file", csvHint},
		{"binary", "\x7FELF\x02\x01\x01\x00\x00\xFF", "a.csv: seems to be a binary file, not a text file", csvHint},
		{"zero byte in a row", "a,b\n1,2\n3,\x00\n", "a.csv:3:2: a zero byte stands here, which no text has; the file seems to be binary or damaged", nulHint},
		{"zero byte in a quoted row", "a,b\n\"1\n1\",2\n\"3,\",\x00\n", "a.csv:4:2: a zero byte stands here, which no text has; the file seems to be binary or damaged", nulHint},
		{"zero byte in the header", "a,b\x00\n", "a.csv:1:2: a zero byte stands here, which no text has; the file seems to be binary or damaged", nulHint},
		{"header in Latin-1", "a,\xE9\n1,2\n", "a.csv:1:2: the name of this column is not UTF-8", utf8Hint},

		{"quote never closed", "a,b\n1,2\n\"3\n3\",\"4\n5,6\n", "a.csv:4:2: the quote that opens this cell is never closed", openHint},
		{"quote never closed in the header", "a,\"b\n1,2\n", "a.csv:1:2: the quote that opens this cell is never closed", openHint},
		{"quote doubled, never closed", "a,b\n1,\"2\"\"", "a.csv:2:2: the quote that opens this cell is never closed", openHint},
		{"text after a quote", "a,b\n1,\"2\"x\n", "a.csv:2:2: text follows the closing quote of this cell", afterHint},
		{"space after a quote", "a,b\n\"1\" ,2\n", "a.csv:2:1: text follows the closing quote of this cell", afterHint},

		{"too few cells", "a,b,c\n1,2,3\n1,2\n", "a.csv:3:3: this row ends after 2 cells, but the header names 3", fewHint},
		{"too few quoted cells", "a,b,c\n\"1\"\n", "a.csv:2:2: this row ends after 1 cell, but the header names 3", fewHint},
		{"too many cells", "a,b\n1,2,,x\n", "a.csv:2:4: this row goes on after the 2 cells that the header names", "a cell with a comma in it must stand in quotes"},
		{"too many quoted cells", "a;b\n1;\"2\";\"x\"\n", "a.csv:2:3: this row goes on after the 2 cells that the header names", "a cell with a semicolon in it must stand in quotes"},
		{"data under a blank header", "a\tb\t\n1\t2\t3\n", "a.csv:2:3: this row goes on after the 2 cells that the header names", "a cell with a tab in it must stand in quotes"},

		{"long cell", "a,b\n1," + long + "x\n", "a.csv:2:2: this cell is longer than 1 MiB", longHint},
		{"long first cell", "a,b\n" + long + "x,1\n", "a.csv:2:1: this cell is longer than 1 MiB", longHint},
		{"long quoted cell", "a,b\n1,\"" + long + "x\"\n", "a.csv:2:2: this cell is longer than 1 MiB", longHint},
		{"long name", "a," + long + "x\n", "a.csv:1:2: this cell is longer than 1 MiB", longHint},
		{"long line of spaces", "a,b\n" + strings.Repeat(" ", MaxCell+1) + "\n", "a.csv:2:1: this cell is longer than 1 MiB", longHint},
		{"long line of spaces first", strings.Repeat(" ", MaxCell+1) + "\na,b\n", "a.csv:1:1: this cell is longer than 1 MiB", longHint},
		{"quote open for too long", "a,b\n1,\"2\n" + strings.Repeat("3,4\n", MaxCell/2), "a.csv:2:2: this cell is longer than 1 MiB", longHint},
		{"many names", strings.Repeat("a,", MaxColumns) + "a\n", "a.csv:1: more than 100000 cells in one row", wideHint},
		{"many cells", "a,b\n" + strings.Repeat(",", MaxColumns) + "\n", "a.csv:2: more than 100000 cells in one row", wideHint},
		{"long row", "a,b\n" + strings.Repeat(strings.Repeat("x", 1000)+",", 17<<10) + "\n", "a.csv:2: row is longer than 16 MiB", longHint},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := readAll(strings.NewReader(tt.in))
			var p problem.Problem
			if !errors.As(err, &p) {
				t.Fatalf("got %v, want a problem", err)
			}
			if p.Error() != tt.want || p.Hint != tt.hint {
				t.Errorf("got  %s (%s)\nwant %s (%s)", p, p.Hint, tt.want, tt.hint)
			}
		})
	}
}

// What is just within the limits is read.
func TestReaderLimits(t *testing.T) {
	cell := strings.Repeat("x", MaxCell)
	for _, in := range []string{"a,b\n1," + cell, "a,b\n1,\"" + cell + "\"\n", "a,b\n" + cell + "," + cell + "\n"} {
		_, rows, err := readAll(strings.NewReader(in))
		if err != nil || len(rows) != 1 || rows[0].Cells[1] != cell {
			t.Errorf("%d rows, error %v; want one with the long cell", len(rows), err)
		}
	}
	header, rows, err := readAll(strings.NewReader(strings.Repeat("a,", MaxColumns-1) + "a\n" + strings.Repeat("1,", MaxColumns-1) + "1\n"))
	if err != nil || len(header) != MaxColumns || len(rows) != 1 {
		t.Errorf("%d columns, %d rows, error %v; want %d and one", len(header), len(rows), err, MaxColumns)
	}
}

// endless is text without an end, and counts what is taken of it.
type endless struct {
	text  string
	taken int
}

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.text[(e.taken+i)%len(e.text)]
	}
	e.taken += len(p)
	return len(p), nil
}

// Whatever the fault, the reader gives up before it has taken in much more
// than the limits allow for.
func TestReaderMemoryIsBounded(t *testing.T) {
	for name, text := range map[string]string{"cell": "x", "columns": ",", "quote": "\"\"", "blank": " "} {
		t.Run(name, func(t *testing.T) {
			e := &endless{text: text}
			_, _, err := readAll(io.MultiReader(strings.NewReader("a,b\n1,2\n\""), e))
			if !errors.As(err, new(problem.Problem)) || e.taken > 4*MaxCell {
				t.Errorf("error %v after %d bytes", err, e.taken)
			}
			e = &endless{text: text}
			_, _, err = readAll(io.MultiReader(strings.NewReader("a,b\n1,2\n"), e))
			if !errors.As(err, new(problem.Problem)) || e.taken > 4*MaxCell {
				t.Errorf("unquoted: error %v after %d bytes", err, e.taken)
			}
		})
	}
	e := &endless{text: strings.Repeat("x", 1000) + ","}
	rd, err := NewReader("a.csv", io.MultiReader(strings.NewReader("a,b\n"), e))
	if err == nil {
		_, err = rd.Next()
	}
	if !errors.As(err, new(problem.Problem)) || len(rd.buf) > MaxRow+1 {
		t.Errorf("long row: error %v with a buffer of %d", err, len(rd.buf))
	}
}

func TestReaderPassesOnReadErrors(t *testing.T) {
	for _, in := range []string{"", "a,b", "a,b\n1,2\n3,", "a,b\n1,2\n3,\"4", "a,b\n1,2\r", "a,b\n1,2\n"} {
		_, rows, err := readAll(io.MultiReader(strings.NewReader(in), iotest.ErrReader(io.ErrUnexpectedEOF)))
		if !errors.Is(err, io.ErrUnexpectedEOF) || err.Error() != "read a.csv: unexpected EOF" {
			t.Errorf("%q: got %v", in, err)
		}
		if want := strings.Contains(in, "1,2\n"); want != (len(rows) == 1) {
			t.Errorf("%q: %d rows before the error", in, len(rows))
		}
	}
	_, _, err := readAll(io.MultiReader(strings.NewReader("a,b\n1,"), stuck{}))
	if !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("stuck: got %v", err)
	}
}

// stuck is a source that gives neither bytes nor an error.
type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

// inPieces hands out at most n bytes a time.
type inPieces struct {
	r io.Reader
	n int
}

func (p inPieces) Read(b []byte) (int, error) { return p.r.Read(b[:min(len(b), p.n)]) }

// sameInPieces reports how reading in small pieces differs from reading at
// once, whether the table is whole or not.
func sameInPieces(in []byte, size int) error {
	header, rows, err := readAllBy(bytes.NewReader(in), size)
	for name, r := range map[string]io.Reader{
		"one byte":     iotest.OneByteReader(bytes.NewReader(in)),
		"seven bytes":  inPieces{bytes.NewReader(in), 7},
		"4093 bytes":   inPieces{bytes.NewReader(in), 4093},
		"data and EOF": iotest.DataErrReader(bytes.NewReader(in)),
	} {
		h, rs, e := readAllBy(r, size)
		if !reflect.DeepEqual(h, header) || !reflect.DeepEqual(rs, rows) || !reflect.DeepEqual(e, err) {
			return fmt.Errorf("%s: got %q %v %v, want %q %v %v", name, h, rs, e, header, rows, err)
		}
	}
	return nil
}

// randomTable writes a table with everything that is allowed, and returns its
// rows as encoding/csv would read them, with line ends in cells as they are.
func randomTable(random *rand.Rand, rows, columns int, eol string, delim byte) ([]byte, [][]string) {
	alphabet := []string{"1", "5", "é", "x", " ", `"`, ",", ";", "\t", "\n", "ab"}
	var text []byte
	want := make([][]string, rows)
	for i := range want {
		for k := range columns {
			cell := ""
			for range random.IntN(4) * random.IntN(3) {
				cell += alphabet[random.IntN(len(alphabet))]
			}
			if i == 0 || k == 0 {
				cell = fmt.Sprint("c", k, cell) // no blank line, no blank header
			}
			want[i] = append(want[i], cell)
			if strings.ContainsAny(cell, "\"\n"+string(delim)) || random.IntN(4) == 0 {
				cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
			}
			if k > 0 {
				text = append(text, delim)
			}
			text = append(text, cell...)
		}
		text = append(text, eol...)
	}
	return text, want
}

func TestReaderAgreesWithEncodingCSV(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 11))
	for i := range 2000 {
		delim := []byte{',', ';', '\t'}[i%3]
		text, want := randomTable(random, 1+random.IntN(8), 1+random.IntN(12), []string{"\n", "\r\n"}[i%2], delim)
		std := csv.NewReader(bytes.NewReader(text))
		std.Comma = rune(delim)
		std.LazyQuotes = true
		reference, err := std.ReadAll()
		if err != nil || !reflect.DeepEqual(reference, want) {
			t.Fatalf("the table is not what it should be: %q: %v", text, err)
		}
		// What separates random cells cannot be guessed from them.
		named := append([]byte("sep="+string(delim)+"\n"), text...)
		header, rows, err := readAllBy(bytes.NewReader(named), []int{16, 64, bufferSize}[i%3])
		got := [][]string{header}
		for _, r := range rows {
			got = append(got, r.Cells)
		}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%q\ngot  %q, error %v\nwant %q", text, got, err, want)
		}
	}
}

func TestReaderInPieces(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 5))
	for i := range 150 {
		text, _ := randomTable(random, 1+random.IntN(60), 1+random.IntN(9), []string{"\n", "\r\n", "\r"}[i%3], ";,\t"[i/3%3])
		if i%5 == 0 {
			text = text[:random.IntN(len(text)+1)] // mostly broken
		}
		for _, size := range []int{64, bufferSize} {
			if err := sameInPieces(text, size); err != nil {
				t.Fatalf("%q: %v", text, err)
			}
		}
	}
	// Rows that lie across the end of the buffer, and quoted cells and rows
	// larger than it.
	text, _ := randomTable(random, 9000, 9, "\r\n", ',')
	text = append(text, strings.Repeat("1,", 8)+"\""+strings.Repeat("\"\"\r\n", 60_000)+"\"\r\n"...)
	text = append(text, strings.Repeat(strings.Repeat("y", 200_000)+",", 8)+"1"...)
	if len(text) < 4*bufferSize {
		t.Fatal("the table is too small for this test")
	}
	if err := sameInPieces(text, bufferSize); err != nil {
		t.Fatal(err.Error()[:200])
	}
}

func TestReaderRealFiles(t *testing.T) {
	for name, want := range map[string]struct{ columns, rows, lastLine int }{
		// Counted with Python's csv module.
		"surveymonkey_starwars_CRonly.csv":         {38, 1187, 1188},
		"limesurvey_code_codes_constructed.csv":    {15, 2, 4},
		"limesurvey_full_fulltext_constructed.csv": {15, 2, 4},
		"google_sheets_csv_constructed.csv":        {5, 2, 3},
		"google_forms_zip_constructed.csv":         {9, 2, 3},
		"qualtrics_likert_text_constructed.csv":    {17, 5, 9},
	} {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("../../../shared/survey-formats", name))
			if err != nil {
				t.Skip("sample export not there: ", err)
			}
			// One header of the real survey ends in two stray bytes.
			data = bytes.ReplaceAll(data, []byte("\x8C\xE6"), nil)
			header, rows, err := readAll(bytes.NewReader(data))
			if err != nil || len(header) != want.columns || len(rows) != want.rows || rows[len(rows)-1].Line != want.lastLine {
				t.Fatalf("%d columns, %d rows, error %v; want %v", len(header), len(rows), err, want)
			}
			if err := sameInPieces(data, bufferSize); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestReaderDoesNotAllocate(t *testing.T) {
	for name, line := range map[string]string{
		"plain":  "1,Front desk,3,4\n",
		"quoted": "\"1\",\"Front \"\"desk\"\"\",\"3\n3\",4\n",
	} {
		r, err := NewReader("a.csv", strings.NewReader("a,b,c,d\n"+strings.Repeat(line, 20_000)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Next(); err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(15_000, func() {
			if _, err := r.Next(); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations a row", name, n)
		}
	}
}

func FuzzReader(f *testing.F) {
	for _, s := range []string{
		"a,b\n1,2\n", "a;b\r\n\"1\"\"\";2\r\n", "a\tb\r1\t\"2\r\n3\"\r", "\uFEFFa,b\n,\n\n", "sep=;\na;b\n1;2",
		"a,b\n\"1", "a,b\n\"1\"x", "a,b,,\n1,2,,3", "a,b\n1,\x00", "PK\x03\x04", "a\r\r\n\n1", "a,b\n12345678,12345678\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		// A small buffer makes for more rows that lie across its end, and for
		// more tries.
		const size = 64
		if err := sameInPieces(in, size); err != nil {
			t.Fatal(err)
		}
		header, rows, err := readAllBy(bytes.NewReader(in), size)
		if err != nil && !errors.As(err, new(problem.Problem)) {
			t.Fatalf("not a problem: %v", err)
		}
		last := 0
		for _, r := range rows {
			if len(r.Cells) != len(header) || r.Line <= last {
				t.Fatalf("row of %d cells on line %d after line %d, header of %d", len(r.Cells), r.Line, last, len(header))
			}
			last = r.Line
		}
		if lines := bytes.Count(in, []byte("\n")) + bytes.Count(in, []byte("\r")) - bytes.Count(in, []byte("\r\n")); last > lines+1 {
			t.Fatalf("row on line %d of %d", last, lines+1)
		}
	})
}
