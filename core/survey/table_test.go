package survey

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// tableRead is all that a Table says.
type tableRead struct {
	Header []string
	Lines  []int
	Rows   [][]string
	Blank  int
}

func readTable(r io.Reader, opt TableOptions) (got tableRead, err error) {
	t, err := OpenTable("a", r, opt)
	if err != nil {
		return got, err
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	got.Header = t.Header()
	for {
		line, cells, err := t.Next()
		if err != nil {
			if _, _, again := t.Next(); again != err {
				return got, fmt.Errorf("then %v, first %w", again, err)
			}
			got.Blank = t.Blank()
			return got, unlessEOF(err)
		}
		got.Lines, got.Rows = append(got.Lines, line), append(got.Rows, cells)
	}
}

// statements is a table with what is hard to carry: quotes, line breaks,
// delimiters, white space, empty cells at the end.
func visions() [][]string {
	return [][]string{
		{"id", "kind", "text", "client"},
		{"v1", "vision", "We serve \"with care\",\nevery day; always", "Café Köln"},
		{"m1", "mission", "  “Listen” – then act ", ""},
		{"v2", "", "42", "acme"},
	}
}

// delimited writes a table as text with every cell in quotes.
func delimited(rows [][]string, delim, eol string) string {
	var b strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				b.WriteString(delim)
			}
			b.WriteString(`"` + strings.ReplaceAll(cell, `"`, `""`) + `"`)
		}
		b.WriteString(eol)
	}
	return b.String()
}

// objects writes a table as JSON, with an empty cell as null or not at all.
func objects(t *testing.T, rows [][]string, before, between, after string) string {
	t.Helper()
	var list []string
	for n, row := range rows[1:] {
		var keys []string
		for i, cell := range row {
			value, err := json.Marshal(cell)
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case cell == "42":
				value = []byte("42")
			case cell == "" && n%2 == 0:
				value = []byte("null")
			case cell == "":
				continue
			}
			keys = append(keys, fmt.Sprintf("%q: %s", rows[0][i], value))
		}
		list = append(list, "{"+strings.Join(keys, ", ")+"}")
	}
	return before + strings.Join(list, between) + after
}

// However a table is written, it says the same.
func TestTableInEveryFormat(t *testing.T) {
	rows := visions()
	book := workbook(t, []string{"Notes", "Texts"}, [][]string{{"made by hand"}}, [][]string{
		rows[0], rows[1], {"", " "}, rows[2], rows[3],
	})
	list := objects(t, rows, "[\n", ",\n", "\n]\n")
	path := filepath.Join(t.TempDir(), "a.json")
	if err := os.WriteFile(path, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	quoted := []int{2, 4, 5}
	for _, tt := range []struct {
		name  string
		data  []byte
		opt   TableOptions
		lines []int
	}{
		{"comma", []byte(delimited(rows, ",", "\n")), TableOptions{}, quoted},
		{"semicolon", []byte(delimited(rows, ";", "\r\n")), TableOptions{}, quoted},
		{"tab", []byte(delimited(rows, "\t", "\r")), TableOptions{}, quoted},
		{"named delimiter", []byte("sep=;\n\n" + delimited(rows, ";", "\n")), TableOptions{}, []int{4, 6, 7}},
		{"gzip", compressed([]byte(delimited(rows, ",", "\n"))), TableOptions{}, quoted},
		{"zip", zipped(t, "a.csv", delimited(rows, ",", "\n")), TableOptions{}, quoted},
		{"told encoding", codings(delimited(rows, ",", "\n"))["Windows-1252"], TableOptions{Encoding: "latin1"}, quoted},
		{"workbook", book, TableOptions{Sheet: "texts"}, []int{2, 4, 5}},
		{"lines of JSON", []byte(objects(t, rows, "", "\n\n", "")), TableOptions{}, []int{1, 3, 5}},
		{"list of JSON", []byte(list), TableOptions{}, []int{2, 3, 4}},
		{"compressed JSON", compressed([]byte(list)), TableOptions{}, []int{2, 3, 4}},
	} {
		checkTable(t, tt.name, bytes.NewReader(tt.data), tt.opt, tt.lines)
		checkTable(t, tt.name+" in single bytes", iotest.OneByteReader(bytes.NewReader(tt.data)), tt.opt, tt.lines)
	}
	checkTable(t, "file", file, TableOptions{}, []int{2, 3, 4})
	for name, data := range codings(delimited(rows, ",", "\n")) {
		checkTable(t, name, bytes.NewReader(data), TableOptions{}, quoted)
	}
}

// checkTable checks that a table says the statements.
func checkTable(t *testing.T, name string, r io.Reader, opt TableOptions, lines []int) {
	t.Helper()
	got, err := readTable(r, opt)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	want := visions()
	if !reflect.DeepEqual(got.Header, want[0]) || !reflect.DeepEqual(got.Rows, want[1:]) || !reflect.DeepEqual(got.Lines, lines) {
		t.Errorf("%s: got %+v\nwant %q, lines %v", name, got, want, lines)
	}
}

func TestTable(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       tableRead
	}{
		{"quotes within", "id\ttext\n1\ttext with \"quotes\" inside\n2\tsay \"yes\"\n", tableRead{
			[]string{"id", "text"}, []int{2, 3}, [][]string{{"1", `text with "quotes" inside`}, {"2", `say "yes"`}}, 0}},
		{"blank rows", "id,text\n\n1,a\n , \n,\n2,b,\n", tableRead{
			[]string{"id", "text"}, []int{3, 6}, [][]string{{"1", "a"}, {"2", "b"}}, 2}},
		{"one column", "text\n\"a, b\"\nc\n", tableRead{[]string{"text"}, []int{2, 3}, [][]string{{"a, b"}, {"c"}}, 0}},
		{"headings", "\"the\n id \",, text ,\n1,2,3\n", tableRead{[]string{"the id", "", "text"}, []int{3}, [][]string{{"1", "2", "3"}}, 0}},
		// Headings of a survey tool and rows that it would leave out are rows like others.
		{"survey", "StartDate,Status,Finished,Q1\nStart Date,Response Type,Finished,How?\n\"{\"\"ImportId\"\":\"\"startDate\"\"}\",x,x,x\n2026-01-01,Survey Preview,False,5\n", tableRead{
			[]string{"StartDate", "Status", "Finished", "Q1"}, []int{2, 3, 4},
			[][]string{{"Start Date", "Response Type", "Finished", "How?"}, {`{"ImportId":"startDate"}`, "x", "x", "x"}, {"2026-01-01", "Survey Preview", "False", "5"}}, 0}},
		{"keys", "{\"id\":1,\"text\":\"a\\nb\"}\n{\"text\":true,\"n\":{\"x\":-1.50},\"l\":[\"p\",null,2]}\n{}\n{\"id\":null,\"late\":\"é\"}", tableRead{
			[]string{"id", "text", "n.x", "l", "late"}, []int{1, 2, 4},
			[][]string{{"1", "a\nb", "", "", ""}, {"", "true", "-1.50", "p;2", ""}, {"", "", "", "", "é"}}, 1}},
	} {
		for range 2 {
			got, err := readTable(strings.NewReader(tt.text), TableOptions{})
			if err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%s: got %+v, %v", tt.name, got, err)
			}
		}
	}
}

// surveyWords are those that no fault of a table may hold.
var surveyWords = []string{"respondent", "answer", "survey", "score"}

func TestTableFaults(t *testing.T) {
	book := string(workbook(t, []string{"S", "Empty", "Twice", "Alone"},
		[][]string{{"id", "text"}, {"1", "a"}, {"2", "b", "c"}}, nil,
		[][]string{{"", ""}, {"id", "text", "Text"}, {"1"}}, [][]string{{"id"}}))
	for _, tt := range []struct{ name, text, sheet, want string }{
		{"empty", "", "", "a: the file is empty"},
		{"blank", "\n \n", "", "a: the file is empty"},
		{"no headings", ",,\n1,2,3\n", "", "a:1: the first line names no column"},
		{"no rows", "id,text\n", "", "a: has headings, but no row under them"},
		{"blank rows", "id,text\n,\n", "", "a: has headings, but no row under them"},
		{"no objects", "[]", "", "a: holds no row"},
		{"no keys", "[{}]", "", "a: its objects have no keys"},
		{"blank objects", "{\"id\":null}", "", "a: has headings, but no row under them"},
		{"too short", "id,text\n1,\"a\nb\"\n2\n", "", "a:4:2: this row ends after 1 cell, but the header names 2"},
		{"too long", "id,text\n1,a,b\n", "", "a:2:3: this row goes on after the 2 cells that the header names"},
		{"twice", "\nid,text, Text\n1,a,b\n", "", `a:2:3: columns 2 and 3 have the same heading "Text"`},
		{"twice in JSON", `{"id":1,"ID ":2}`, "", `a: columns 1 and 2 have the same heading "ID"`},
		{"key twice", "{\"id\":1}\n{\"id\":1,\"id\":2}", "", `a:2:12: key "id" stands twice in this object`},
		{"blank key", "{\"id\":1,\"\":\"x\"}", "", "a:1:2: a text stands here under a key that is blank"},
		{"text after quote", "id\ttext\n1\t\"Care\" first\n", "", "a:2:2: text follows the closing quote of this cell"},
		{"open quote", "id\ttext\n1\t\"Care\n2\tb\n", "", "a:2:2: the quote that opens this cell is never closed"},
		{"not UTF-8", "\uFEFFid,text\n1,a\n2,\xFF\n", "", "a:3:2: this cell is not UTF-8"},
		{"zero byte", "id,text\n1,a\x00\n", "", "a:2:2: a zero byte stands here, which no text has; the file seems to be binary or damaged"},
		{"long cell", "id,text\n1," + strings.Repeat("x", MaxCell+1) + "\n", "", "a:2:2: this cell is longer than 1 MiB"},
		{"cut off", string(compressed([]byte("id,text\n1,a\n"))[:25]), "", "a: the compressed file is cut off"},
		{"PDF", "%PDF-1.7", "", "a: is a PDF, not a table"},
		{"two files", string(zipped(t, "a.csv", "id\n1\n", "b.csv", "id\n1\n")), "", "a: is a zip archive, not a text file"},
		{"nothing zipped", string(zipped(t)), "", "a: is an empty zip archive, not a text file"},
		{"broken JSON", `{"id":1`, "", "a:1:8: the file ends in the middle of an object or list"},
		{"no object", `[{"id":1},2]`, "", "a:1:11: an object that holds one row should stand here"},
		{"trailing", `[{"id":1}]{}`, "", "a:1:11: something follows the list of rows"},
		{"two lists", `{"data":[{"a":1}],"rows":[{"a":1}]}`, "", "a:1:26: this is a second list of objects, and which of them are the rows is not clear"},
		{"NaN", `{"id":NaN}`, "", "a:1:7: NaN and Infinity are no JSON numbers"},
		{"no workbook", "id\n1\n", "S", `a: is no workbook and has no sheet "S"`},
		{"beside", book, "", "a: S!C3: this cell stands beside the columns that the header names"},
		{"no sheet", book, "T", `a: has no sheet "T"`},
		{"empty sheet", book, "empty", `a: sheet "Empty" is empty`},
		{"twice in a sheet", book, "Twice", `a: Twice!C2: columns 2 and 3 have the same heading "Text"`},
		{"no rows in a sheet", book, "Alone", "a: has headings, but no row under them"},
	} {
		_, err := readTable(strings.NewReader(tt.text), TableOptions{Sheet: tt.sheet})
		var p problem.Problem
		if !errors.As(err, &p) || err.Error() != tt.want || p.Hint == "" {
			t.Errorf("%s: got %v, hint %q", tt.name, err, p.Hint)
		}
		for _, word := range surveyWords {
			if strings.Contains(p.What+p.Hint, word) {
				t.Errorf("%s: speaks of a survey: %s; %s", tt.name, p.What, p.Hint)
			}
		}
	}
	if _, err := readTable(strings.NewReader("id\n1\n"), TableOptions{Encoding: "utf9"}); err == nil || !strings.Contains(err.Error(), `unknown encoding "utf9"`) {
		t.Errorf("got %v", err)
	}
}

// An error of the source stays one, and is not taken for the end.
func TestTableOfBrokenSource(t *testing.T) {
	broken := errors.New("unplugged")
	for _, text := range []string{"", "id\n1\n", "id\n" + strings.Repeat("1\n", bufferSize), `{"id":1}`, "PK\x03\x04"} {
		_, err := readTable(io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken)), TableOptions{})
		if !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "read a: ") {
			t.Errorf("%.10q: got %v", text, err)
		}
	}
}

func TestTableTellsPlacesAndFormat(t *testing.T) {
	table, err := OpenTable("a.xlsx", bytes.NewReader(workbook(t, []string{"My texts"}, [][]string{{"id"}, {"1"}})), TableOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if cell, row := table.Place(7, 3), table.Place(7, 0); cell != "'My texts'!C7" || row != "'My texts'!7:7" {
		t.Errorf("got %s, %s", cell, row)
	}
	if f := table.Format(); f.Container != containerXLSX || f.Sheet != "My texts" {
		t.Errorf("got %+v", f)
	}
	if err := errors.Join(table.Close(), table.Close()); err != nil {
		t.Error(err)
	}
	if _, _, err := table.Next(); err == nil || err.Error() != "a.xlsx: was read on after it was closed" {
		t.Errorf("got %v", err)
	}
	table, err = OpenTable("a.csv", strings.NewReader("id;text\n1;caf\xE9\n"), TableOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	_, cells, err := table.Next()
	if f := table.Format(); err != nil || cells[1] != "café" || f.Encoding != encodingWestern || f.Delimiter != "semicolon" || table.Place(2, 1) != "" {
		t.Errorf("got %q, %v, %+v", cells, err, f)
	}
}

// The rows that were handed out stay as they are.
func TestTableGivesRowsAway(t *testing.T) {
	for _, text := range []string{"id,text\n" + strings.Repeat("1,\"a \"\"b\"\"\"\n", 20_000), strings.Repeat("{\"id\":1,\"text\":\"a \\\"b\\\"\"}\n", 20_000)} {
		got, err := readTable(strings.NewReader(text), TableOptions{})
		if err != nil || len(got.Rows) != 20_000 {
			t.Fatalf("got %d rows, %v", len(got.Rows), err)
		}
		for i, row := range got.Rows {
			if row[0] != "1" || row[1] != `a "b"` {
				t.Fatalf("row %d is %q", i, row)
			}
		}
	}
}

// FuzzTable reads anything: it ends with an error or gives rows that are as
// wide as the headings and in UTF-8, the same however the input is handed in.
func FuzzTable(f *testing.F) {
	f.Add([]byte("id,text\n1,\"a\nb\"\"c\"\n\n2,d \"e\" f\r,,\n"), "")
	f.Add([]byte("sep=;\r\nid;text;\r\n1;caf\xE9;\r\n"), "")
	f.Add([]byte("{\"id\":1,\"a\":{\"b\":[true,null]}}\n{\"\":2}"), "")
	f.Add([]byte(`{"rows":[{"a":1},{"b":"\u00e9"}]}`), "utf-8")
	f.Add([]byte("\xFF\xFEi\x00d\x00\t\x00x\x00\n\x001\x00\t\x002\x00"), "")
	f.Add(compressed([]byte("id\n1\n")), "macroman")
	f.Fuzz(func(t *testing.T, data []byte, encoding string) {
		opt := TableOptions{Encoding: encoding}
		got, err := readTable(bytes.NewReader(data), opt)
		again, errAgain := readTable(iotest.OneByteReader(bytes.NewReader(data)), opt)
		if !reflect.DeepEqual(got, again) || fmt.Sprint(err) != fmt.Sprint(errAgain) {
			t.Fatalf("at once: %+v, %v\nin single bytes: %+v, %v", got, err, again, errAgain)
		}
		if err == nil && len(got.Rows) == 0 {
			t.Fatal("no rows and no error")
		}
		last := 0
		for i, row := range got.Rows {
			if len(row) != len(got.Header) || !utf8.ValidString(strings.Join(row, "")) || got.Lines[i] < max(last, 1) {
				t.Fatalf("line %d after %d: %q for %q", got.Lines[i], last, row, got.Header)
			}
			last = got.Lines[i]
		}
	})
}
