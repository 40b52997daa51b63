package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// row is a Row that outlives the next call.
type row struct {
	Line  int
	Cells []string
}

// readAll reads a sheet. The error is nil at the end of it.
func readAll(file []byte, opt Options) (rows []row, err error) {
	r, err := Open("a.xlsx", bytes.NewReader(file), int64(len(file)), opt)
	if err != nil {
		return nil, err
	}
	for {
		got, err := r.Next()
		if err != nil {
			if _, again := r.Next(); !reflect.DeepEqual(again, err) {
				return nil, fmt.Errorf("error %v became %v", err, again)
			}
			if err == io.EOF {
				err = nil
			}
			return rows, errors.Join(err, r.Close())
		}
		kept := row{Line: got.Line}
		for _, c := range got.Cells {
			kept.Cells = append(kept.Cells, string(c))
		}
		rows = append(rows, kept)
	}
}

// one is a single first row.
func one(cells ...string) []row { return []row{{1, cells}} }

const dates = `<styleSheet><numFmts count="4"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="0.00&quot;d&quot;"/>` +
	`<numFmt numFmtId="166" formatCode="mm:ss.000"/><numFmt numFmtId="167" formatCode="[h]:mm"/></numFmts>` +
	`<cellStyleXfs><xf numFmtId="14"/><xf numFmtId="14"/></cellStyleXfs>` +
	`<cellXfs><xf numFmtId="0"/><xf numFmtId="22"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="167"/><xf numFmtId="20"/></cellXfs></styleSheet>`

func TestCells(t *testing.T) {
	shared := parts{"xl/sharedStrings.xml": `<sst><si><t>plain</t></si><si><t xml:space="preserve"> kept </t></si>` +
		`<si><r><t>ri</t></r><r><rPr><b/><rFont val="x"/></rPr><t>ch &amp; </t></r><r><t/></r><r><t>text</t></r><rPh sb="0" eb="1"><t>aid</t></rPh><phoneticPr fontId="1"/></si>` +
		`<si><t>&#65;&#x42;&lt;&gt;&quot;&apos;</t></si><si><t><![CDATA[<&amp;>]]>x<!-- c --><?p i?>y</t></si><si><t>a_x000D_` + "\r\nb\rc" + `_x005F_x0041__xD83D__xDE00_-_xD83D__x00zz_</t></si>` +
		`<si/><si><t></t></si></sst>`, "xl/styles.xml": dates}
	tests := []struct {
		name, in string
		want     []row
	}{
		{"numbers", `<row r="1"><c r="A1"><v>5</v></c><c r="B1" t="n"><v>4.5</v></c><c r="C1"><v>1E-3</v></c><c r="D1"><v>0.10000000000000001</v></c><c r="E1"><v>-4.0</v></c><c r="F1"><v>12345678901234567890</v></c><c r="G1"><v>007</v></c><c r="H1"><v>1.5e3</v></c><c r="I1"><v>-0</v></c><c r="J1"><v> 3 </v></c><c r="K1"><v>x1</v></c></row>`,
			one("5", "4.5", "0.001", "0.1", "-4", "12345678901234567890", "7", "1500", "0", "3", "x1")},
		{"shared", `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v>3</v></c><c r="E1" t="s"><v>4</v></c><c r="F1" t="s"><v>5</v></c><c r="G1" t="s"><v>6</v></c><c r="H1" t="s"><v> 0 </v></c></row>`,
			one("plain", " kept ", "rich & text", `AB<>"'`, "<&amp;>xy", "a\r\nb\nc_x0041_\U0001F600-\uFFFD_x00zz_", "", "plain")},
		{"inline, formula, truth, error, date in words", `<row r="1"><c r="A1" t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r></is></c><c r="B1" t="str"><f>1&lt;2</f><v>a&amp;_x0042_</v></c><c r="C1" t="b"><v>1</v></c><c r="D1" t="b"><v>0</v></c><c r="E1" t="b"><v>true</v></c><c r="F1" t="e"><v>#N/A</v></c><c r="G1" t="d"><v>2026-03-01T09:00:00</v></c></row>`,
			one("inline", "a&B", "TRUE", "FALSE", "TRUE", "#N/A", "2026-03-01T09:00:00")},
		{"formulas without a result", `<row r="1"><c r="A1"><f>A2</f></c><c r="B1"><f>A2</f><v/></c><c r="C1" t="str"><f>A2</f><v></v></c><c r="D1"><f>A2</f><v>3</v></c></row>`, one("#N/A", "#N/A", "", "3")},
		{"dates", `<row r="1"><c r="A1" s="1"><v>46082.375</v></c><c r="B1" s="2"><v>46082</v></c><c r="C1" s="2"><v>46082.37847222222</v></c><c r="D1" s="1"><v>46082</v></c><c r="E1" s="3"><v>46082</v></c><c r="F1" s="4"><v>0.0007291782407407</v></c><c r="G1" s="5"><v>1.5</v></c><c r="H1" s="6"><v>0.375</v></c><c r="I1" s="99"><v>46082</v></c><c r="J1" s="1" t="s"><v>0</v></c></row>`,
			one("2026-03-01T09:00:00", "2026-03-01", "2026-03-01T09:05:00", "2026-03-01T00:00:00", "46082", "00:01:03.001", "36:00:00", "09:00:00", "46082", "plain")},
		{"the first days, and what is no date", `<row r="1"><c r="A1" s="2"><v>0</v></c><c r="B1" s="2"><v>1</v></c><c r="C1" s="2"><v>59</v></c><c r="D1" s="2"><v>60</v></c><c r="E1" s="2"><v>61</v></c><c r="F1" s="2"><v>-1</v></c><c r="G1" s="2"><v>2958465</v></c><c r="H1" s="2"><v>2958466</v></c><c r="I1" s="1"><v>1e9</v></c><c r="J1" s="2"><v>2958465.9999999</v></c></row>`,
			one("0", "1900-01-01", "1900-02-28", "1900-02-29", "1900-03-01", "-1", "9999-12-31", "2958466", "1000000000", "2958465.9999999")},
		{"gaps", `<row r="3"><c r="B3"><v>1</v></c><c r="D3"><v>2</v></c><c r="XFD3" s="1"/></row><row r="4"/><row r="5"><c r="A5" s="1"/></row><row r="9"><c r="A9"><v>3</v></c></row>`,
			[]row{{3, []string{"", "1", "", "2"}}, {9, []string{"3"}}}},
		{"no places", `<row><c><v>1</v></c><c/><c><v>2</v></c></row><row><c><v>3</v></c></row><row r="7"><c r="C7"><v>4</v></c><c><v>5</v></c></row><row><c r="A9"><v>6</v></c><c r="B9"><v>7</v></c></row>`,
			[]row{{1, []string{"1", "", "2"}}, {2, []string{"3"}}, {7, []string{"", "", "4", "5"}}, {9, []string{"6", "7"}}}},
		{"cells out of order", `<row r="1"><c r="C1"><v>3</v></c><c r="A1"><v>1</v></c></row>`, one("1", "", "3")},
		{"hidden, merged, other elements", `<row r="1" hidden="1" ht="5"><c r="A1"><v>1</v><extLst><ext><v>9</v></ext></extLst></c><other><c r="B1"><v>2</v></c></other></row><other/>`, one("1")},
		{"quotes and spaces in tags", "<row\n r = '1' ><c r=\"A1\"\tx='>' t='s'\n><v >0</v ></c ></row >", one("plain")},
		{"nothing", ``, nil},
		{"comments between", `<!-- <row> --><row r="1"><!-- x --><c r="A1"><v>1<!-- > -->2</v></c></row>`, one("12")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := readAll(zipped(t, book(tt.in, shared)), Options{})
			if err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %+v, error %v\nwant %+v", got, err, tt.want)
			}
		})
	}
}

// TestPackaging reads the same rows from workbooks put together in the ways
// that programs do.
func TestPackaging(t *testing.T) {
	const rows = `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>5</v></c></row>`
	want := one("é", "5")
	texts := sst("é")
	prefixed := strings.NewReplacer("</", "</x:", "<", "<x:").Replace
	wide := func(s string, big bool) string {
		var b strings.Builder
		for _, c := range "\uFEFF" + s {
			if big {
				b.Write([]byte{byte(c >> 8), byte(c)})
			} else {
				b.Write([]byte{byte(c), byte(c >> 8)})
			}
		}
		return b.String()
	}
	rels := func(worksheet, shared string) string {
		return `<Relationships><Relationship Id="rId1" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet" Target="` + worksheet +
			`"/><Relationship Id="x" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/sharedStrings" Target="` + shared + `"/></Relationships>`
	}
	strict := strings.ReplaceAll(workbookXML(`<sheet name="Sheet1" sheetId="1" r:id="rId1"/>`), "http://schemas.openxmlformats.org/", "http://purl.oclc.org/ooxml/")
	sheetXML := sheetStart + rows + sheetEnd
	tests := []struct {
		name  string
		other parts
	}{
		{"as usual", nil},
		{"strict", parts{"xl/workbook.xml": strict, "xl/_rels/workbook.xml.rels": rels("worksheets/sheet1.xml", "sharedStrings.xml")}},
		{"absolute", parts{"xl/_rels/workbook.xml.rels": rels("/xl/worksheets/sheet1.xml", "/xl/sharedStrings.xml")}},
		{"up and down", parts{"xl/_rels/workbook.xml.rels": rels("../xl/./worksheets/sheet1.xml", "../xl/sharedStrings.xml")}},
		{"other case", parts{"xl/worksheets/sheet1.xml": "-", "XL/Worksheets/Sheet1.XML": sheetXML}},
		{"backslashes", parts{"xl/worksheets/sheet1.xml": "-", `xl\worksheets\sheet1.xml`: sheetXML}},
		{"escaped name", parts{"xl/worksheets/sheet1.xml": "-", "xl/my sheet.xml": sheetXML, "xl/_rels/workbook.xml.rels": rels("my%20sheet.xml", "sharedStrings.xml")}},
		{"prefix", parts{"xl/worksheets/sheet1.xml": prefixed(sheetXML), "xl/sharedStrings.xml": prefixed(texts)}},
		{"byte order mark", parts{"xl/worksheets/sheet1.xml": "\uFEFF" + sheetXML, "xl/sharedStrings.xml": "\uFEFF" + texts, "xl/workbook.xml": "\uFEFF" + strict}},
		{"UTF-16 little endian", parts{"xl/sharedStrings.xml": wide(texts, false), "xl/worksheets/sheet1.xml": wide(sheetXML, false)}},
		{"UTF-16 big endian", parts{"xl/sharedStrings.xml": wide(texts, true), "xl/worksheets/sheet1.xml": wide(sheetXML, true)}},
		{"UTF-16 without mark", parts{"xl/worksheets/sheet1.xml": wide(sheetXML, false)[2:], "xl/sharedStrings.xml": wide(texts, true)[2:]}},
		{"other place", parts{"_rels/.rels": strings.ReplaceAll(rootRels, "xl/workbook.xml", "/w/b.xml"), "xl/workbook.xml": "-", "w/b.xml": strict, "w/_rels/b.xml.rels": rels("../xl/worksheets/sheet1.xml", "../xl/sharedStrings.xml")}},
		{"no list of the parts of the package", parts{"_rels/.rels": "-"}},
		{"before and behind the table", parts{"xl/worksheets/sheet1.xml": "<?xml version='1.0' encoding='utf-8'?>\n<!-- x --><worksheet><sheetPr/><cols><col min='1'/></cols><sheetData>" + rows + "</sheetData><mergeCells/></worksheet>"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := book(rows, parts{"xl/sharedStrings.xml": texts})
			got, err := readAll(zipped(t, book(rows, merge(p, tt.other))), Options{})
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, error %v\nwant %+v", got, err, want)
			}
		})
	}
}

func Test1904(t *testing.T) {
	rows := `<row r="1"><c r="A1" s="2"><v>44620</v></c><c r="B1" s="2"><v>0</v></c><c r="C1" s="6"><v>0.5</v></c><c r="D1" s="2"><v>2957004</v></c></row>`
	main := strings.Replace(workbookXML(`<sheet name="S" r:id="rId1"/>`), "<sheets>", `<workbookPr date1904="true"/><sheets>`, 1)
	got, err := readAll(zipped(t, book(rows, parts{"xl/styles.xml": dates, "xl/workbook.xml": main})), Options{})
	if want := one("2026-03-01", "1904-01-01", "12:00:00", "2957004"); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, error %v, want %+v", got, err, want)
	}
}

func TestChoose(t *testing.T) {
	file := zipped(t, book("", parts{
		"xl/workbook.xml": workbookXML(`<sheet name="Notes" state="hidden" r:id="rId1"/><sheet name="Chart" r:id="rId3"/>` +
			`<sheet name="Form Responses &amp; 1" r:id="rId2"/><sheet name="Lost" r:id="rId7"/>`),
		"xl/worksheets/sheet1.xml": sheetStart + `<row><c><v>1</v></c></row>` + sheetEnd,
		"xl/worksheets/sheet2.xml": sheetStart + `<row><c><v>2</v></c></row>` + sheetEnd,
	}))
	const list = `its sheets are "Notes", "Form Responses & 1", "Lost"`
	for _, tt := range []struct{ sheet, name, cell, want, hint string }{
		{"", "Form Responses & 1", "2", "", ""},
		{"notes", "Notes", "1", "", ""},
		{" FORM responses & 1", "Form Responses & 1", "2", "", ""},
		{"Note", "", "", `a.xlsx: has no sheet "Note"`, `did you mean "Notes"? ` + list},
		{"xyzzy", "", "", `a.xlsx: has no sheet "xyzzy"`, list},
		{"chart", "", "", `a.xlsx: sheet "Chart" is a chart or macros and has no cells`, list},
		{"lost", "", "", `a.xlsx: Lost: the workbook is damaged: this sheet is missing in it`, hintAgain},
	} {
		r, err := Open("a.xlsx", bytes.NewReader(file), int64(len(file)), Options{Sheet: tt.sheet})
		if tt.want != "" {
			checkProblem(t, err, tt.want, tt.hint)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		row, err := r.Next()
		if err != nil || r.Sheet() != tt.name || string(row.Cells[0]) != tt.cell {
			t.Errorf("sheet %q: got %q %q, error %v", tt.sheet, r.Sheet(), row.Cells, err)
		}
		if got := r.Sheets(); len(got) != 3 || got[0] != "Notes" {
			t.Errorf("sheets %q", got)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		if _, err := r.Next(); !isProblem(err) {
			t.Errorf("after Close: %v", err)
		}
	}
}

func checkProblem(t *testing.T, err error, want, hint string) {
	t.Helper()
	var p problem.Problem
	if !errors.As(err, &p) || p.Error() != want || p.Hint != hint {
		t.Errorf("got  %v\n hint %q\nwant %s\n hint %q", err, p.Hint, want, hint)
	}
}

func TestPlace(t *testing.T) {
	for _, tt := range []struct {
		sheet        string
		line, column int
		want         string
	}{
		{"Sheet1", 5, 3, "Sheet1!C5"}, {"Blatt_Ä.1", 1, 16384, "Blatt_Ä.1!XFD1"}, {"My sheet", 2, 27, "'My sheet'!AA2"},
		{"It's", 2, 0, "'It''s'!2:2"}, {"S", 0, 0, "S"}, {"a\x1b[31m", 1, 702, `a\x1b[31m!ZZ1`},
	} {
		if got := place(tt.sheet, tt.line, tt.column); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}

func TestFormats(t *testing.T) {
	const d, h, e, f = formatDate, formatTime, formatTime | formatElapsed, formatFraction
	for code, want := range map[string]format{
		"General": 0, "GENERAL": 0, "Standard": 0, "0.00": 0, "#,##0": 0, "0.00E+00": 0, "@": 0, "": 0, `0 "days"`: 0, `0\d`: 0, "#,##0 DM": 0,
		"[Red]0;[Blue]-0": 0, "[$kr-41D] #,##0": 0, "_d0": 0, "*d0": 0, `0;"y"`: 0, "0;yyyy": 0,
		"yyyy-mm-dd": d, "dd/mm/yy": d, "m/d/yy h:mm": d | h, "[$-409]d-mmm-yy;@": d, "mmm-yy": d, "mm": d, "YYYY": d, `yyyy"-"mm`: d, "d": d, "ggge": 0, "TT.MM.JJJJ": d,
		"yyyy-mm-ddThh:mm:ss": d | h, `yyyy\-mm\-dd\Thh:mm:ss.000`: d | h | f,
		"h:mm AM/PM": h, "h AM/PM": h, "hh:mm:ss": h, "mm:ss": h, "mm:ss.0": h | f, "h:mm A/P": h,
		"[h]:mm:ss": e, "[mm]:ss": e, "[ss].00": e | f, "[hh]": e, "[h": e, "dd [h]": d | e, "[": 0, `"`: 0, `\`: 0, "mm/yy hh": d | h,
	} {
		if got := parseFormat(code); got != want {
			t.Errorf("%q: got %b, want %b", code, got, want)
		}
	}
}

// TestSample reads a workbook in the layout of Microsoft Forms.
func TestSample(t *testing.T) {
	file, err := os.ReadFile("../../../../shared/survey-formats/msforms_constructed.xlsx")
	if err != nil {
		t.Skip("the samples of survey formats are not at hand: ", err)
	}
	got, err := readAll(file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []row{
		{1, []string{"ID", "Start time", "Completion time", "Email", "Name", "Your department", "My manager listens to me", "I am treated with respect", "I often think of leaving", "How likely are you to recommend us?", "Which channels?", "My manager listens to me2"}},
		{2, []string{"1", "2026-03-01T09:00:00", "2026-03-01T09:05:00", "anonymous", "", "Support", "Strongly agree", "Agree", "Strongly disagree", "9", "Phones;Chat;", "Agree"}},
		{3, []string{"2", "2026-03-01T09:00:00", "2026-03-01T09:03:00", "anonymous", "", "Sales", "Agree\u00a0", "", "Neutral", "10", "", "Neutral"}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
}
