package survey

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/survey/jsonrows"
)

// workbook makes an Excel workbook of sheets, each a name and its rows.
func workbook(t *testing.T, names []string, sheets ...[][]string) []byte {
	t.Helper()
	const main, relations = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org/package/2006/relationships"
	const types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	var list, links string
	files := []string{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"_rels/.rels", `<Relationships xmlns="` + relations + `"><Relationship Id="r1" Type="` + types + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`}
	for i, rows := range sheets {
		list += fmt.Sprintf(`<sheet name="%s" sheetId="%d" r:id="r%d"/>`, names[i], i+1, i+1)
		links += fmt.Sprintf(`<Relationship Id="r%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, types, i+1)
		var b strings.Builder
		for r, row := range rows {
			fmt.Fprintf(&b, `<row r="%d">`, r+1)
			for c, cell := range row {
				if cell != "" {
					fmt.Fprintf(&b, `<c r="%c%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, 'A'+c, r+1, cell)
				}
			}
			b.WriteString("</row>")
		}
		files = append(files, fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), `<worksheet xmlns="`+main+`"><sheetData>`+b.String()+`</sheetData></worksheet>`)
	}
	files = append(files, "xl/workbook.xml", `<workbook xmlns="`+main+`" xmlns:r="`+types+`"><sheets>`+list+`</sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships xmlns="`+relations+`">`+links+`</Relationships>`)
	return zipped(t, files...)
}

// formsBook is a workbook as Microsoft Forms makes it, with a sheet of notes
// before it, and a sheet as LimeSurvey makes it behind.
func formsBook(t *testing.T) []byte {
	return workbook(t, []string{"Notes", "Form1", "Lime"},
		[][]string{{"Made by hand"}},
		[][]string{
			{"ID", "Start time", "Completion time", "Email", "Name", "Your\u00A0department", "We care", "We know", "We care2"},
			{"1", "x", "x", "anonymous", "", "Support", "Strongly agree", "Agree\u00A0", "Agree"},
			{"", "", "", "", "", " "},
			{"2", "x", "x", "anonymous", "", "Sales", "", "5 - Fully;"},
		},
		[][]string{
			{"id", "submitdate", "lastpage", "startlanguage", "care", "know", "x"},
			{"1", "2026-03-01", "1", "en", "5", "4"},
			{"2", "", "1", "en", "5", "4"},
		})
}

func TestWorkbooks(t *testing.T) {
	in := asked(agree, "", "care=We care", "know=We know")
	book := formsBook(t)
	path := filepath.Join(t.TempDir(), "a.xlsx")
	if err := os.WriteFile(path, book, 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for name, r := range map[string]io.Reader{"file": file, "pipe": bytes.NewReader(book), "gzip": bytes.NewReader(compressed(book)), "zip": bytes.NewReader(zipped(t, "a.xlsx", string(book)))} {
		got := readExport(t, "a.xlsx", r, Request{Instrument: in, By: [][]string{{"department"}}, Sheet: "form1"})
		if !reflect.DeepEqual(got.answers, [][]int32{{5, 4}, {none, 5}}) || !reflect.DeepEqual(got.groups, []string{"Support", "Sales"}) || got.bad != 0 ||
			got.format != `Microsoft Forms export, workbook, sheet "Form1"` {
			t.Errorf("%s: got %+v", name, got)
		}
	}
	got := readExport(t, "a.xlsx", bytes.NewReader(book), Request{Instrument: in, Sheet: "Lime"})
	if !reflect.DeepEqual(got.answers, [][]int32{{5, 4}}) || got.leftOut != "1 not finished; " || got.unused != 4 {
		t.Errorf("got %+v", got)
	}
	_, err = tryExport("a.xlsx", bytes.NewReader(book), Request{Instrument: in})
	if err == nil || !strings.Contains(err.Error(), "none of the 2 items") {
		t.Errorf("first sheet: got %v", err)
	}
	// A heading that was used before is another question, and is said to be.
	e, err := Explain("a.xlsx", bytes.NewReader(book), Request{Instrument: in, Sheet: "Form1"})
	if last := e.Columns[len(e.Columns)-1]; err != nil || last.Role != "" || last.Why != `repeats the heading of column 7, which is item "care"` {
		t.Errorf("got %+v, %v", last, err)
	}
	_, err = tryExport("a.xlsx", bytes.NewReader(book), Request{Instrument: in, Sheet: "From1"})
	var p problem.Problem
	if !errors.As(err, &p) || !strings.Contains(p.Hint, "Form1") {
		t.Errorf("unknown sheet: got %v", err)
	}
}

func TestWorkbookWithTooWideRow(t *testing.T) {
	book := workbook(t, []string{"S"}, [][]string{{"care", "know"}, {"1", "2", "", " "}, {"1", "2", "", "x"}})
	_, err := tryExport("a.xlsx", bytes.NewReader(book), Request{Instrument: asked(agree, "", "care", "know")})
	var p problem.Problem
	if !errors.As(err, &p) || p.Error() != "a.xlsx: S!D3: this cell stands beside the columns that the header names" {
		t.Errorf("got %v", err)
	}
	empty := workbook(t, []string{"S", "T"}, nil, nil)
	if _, err := tryExport("a.xlsx", bytes.NewReader(empty), Request{Instrument: asked(agree, "", "care")}); !errors.As(err, &p) || p.Error() != `a.xlsx: sheet "S" is empty` {
		t.Errorf("got %v", err)
	}
}

// What comes through a pipe is put into a file that nobody else can find, and
// that is gone afterwards.
func TestNothingIsLeftBehind(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	rows, err := Open("a.xlsx", bytes.NewReader(formsBook(t)), Request{Instrument: asked(agree, "", "care=We care", "know=We know"), Sheet: "Form1"})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(rows.Close(), rows.Close()); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestJSON(t *testing.T) {
	in := asked(agree, "", "care", "know=We know")
	const lines = `{"department": "support", "culture": {"care": 5, "We know": "Agree"}, "channels": ["phone", "chat"]}
{"department": "sales", "culture": {"care": "2"}}
`
	list := "[" + strings.ReplaceAll(strings.TrimSpace(lines), "}}\n{", "}},\n{") + "]"
	list = strings.Replace(list, "\"chat\"]}\n{", "\"chat\"]},\n{", 1)
	path := filepath.Join(t.TempDir(), "a.json")
	if err := os.WriteFile(path, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for name, r := range map[string]io.Reader{
		"lines": strings.NewReader(lines), "list": strings.NewReader(list), "file": file, "marked": strings.NewReader("\uFEFF" + lines),
		"gzip": bytes.NewReader(compressed([]byte(list))), "UTF-16": bytes.NewReader(codings(lines)["UTF-16LE marked"]),
	} {
		got, err := tryExport("a.json", r, Request{Instrument: in, By: [][]string{{"department"}}})
		if err != nil || !reflect.DeepEqual(got.answers, [][]int32{{5, 4}, {2, none}}) || !reflect.DeepEqual(got.groups, []string{"support", "sales"}) || got.bad != 0 {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
}

// JSON through a pipe is kept while it is looked through for keys, however long
// it is: a key may come up in the last line.
func TestLongJSONThroughAPipe(t *testing.T) {
	if testing.Short() {
		t.Skip("writes more than 32 MiB")
	}
	line := `{"care": 5, "note": "` + strings.Repeat("x", 1<<20) + "\"}\n"
	n := jsonrows.Window/len(line) + 2
	text := strings.Repeat(line, n) + `{"know": 4}`
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	got := readExport(t, "a.json", io.MultiReader(strings.NewReader(text)), Request{Instrument: asked(agree, "", "care", "know")})
	if len(got.answers) != n+1 || !reflect.DeepEqual(got.answers[n], []int32{none, 4}) {
		t.Errorf("got %d rows", len(got.answers))
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// A sheet can be chosen of a workbook only.
func TestSheetOfNoWorkbook(t *testing.T) {
	in := asked(agree, "", "care", "know")
	for _, text := range []string{"care,know\n1,2\n", `{"care": 1, "know": 2}`} {
		_, err := tryExport("a.csv", strings.NewReader(text), Request{Instrument: in, Sheet: "Form1"})
		var p problem.Problem
		if !errors.As(err, &p) || p.Error() != `a.csv: is no workbook and has no sheet "Form1"` || p.Hint == "" {
			t.Errorf("got %v", err)
		}
	}
}
