package xlsx

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// sequences are what elements may hold, in the order of ECMA-376, part 1, which Excel
// insists on and other programs don't. Elements that are not listed hold anything.
var sequences = map[string]string{
	"worksheet": "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios autoFilter " +
		"sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations hyperlinks printOptions " +
		"pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags drawing legacyDrawing " +
		"legacyDrawingHF picture oleObjects controls webPublishItems tableParts extLst",
	"sheetViews": "sheetView",
	"sheetView":  "pane selection pivotSelection extLst",
	"cols":       "col",
	"sheetData":  "row",
	"row":        "c",
	"c":          "f v is",
	"is":         "t",
	"mergeCells": "mergeCell",
	"workbook": "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups externalReferences definedNames calcPr " +
		"oleSize customWorkbookViews pivotCaches smartTagPr smartTagTypes webPublishing fileRecoveryPr webPublishObjects extLst",
	"styleSheet":  "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst",
	"font":        "b i strike condense extend outline shadow u vertAlign sz color name family charset scheme", // as Excel writes it
	"fill":        "patternFill",
	"patternFill": "fgColor bgColor",
	"border":      "start end left right top bottom diagonal vertical horizontal",
	"xf":          "alignment protection extLst",
}

// node is an element with what it holds.
type node struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Nodes   []node     `xml:",any"`
}

func (n node) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// all are the elements of a name, at whatever depth.
func (n node) all(name string) (found []node) {
	for _, child := range n.Nodes {
		if child.XMLName.Local == name {
			found = append(found, child)
		}
		found = append(found, child.all(name)...)
	}
	return found
}

// misplaced says which element stands where the schema has no place for it, or "".
func (n node) misplaced() string {
	sequence, known := sequences[n.XMLName.Local]
	order, last := strings.Fields(sequence), 0
	for _, child := range n.Nodes {
		if known {
			at := slices.Index(order, child.XMLName.Local)
			if at < last {
				return fmt.Sprintf("%s in %s", child.XMLName.Local, n.XMLName.Local)
			}
			last = at
		}
		if wrong := child.misplaced(); wrong != "" {
			return wrong
		}
	}
	return ""
}

// parse reads a part that is one element.
func parse(t *testing.T, name, text string) node {
	t.Helper()
	var n node
	in := xml.NewDecoder(strings.NewReader(text))
	if err := in.Decode(&n); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		t.Fatalf("%s goes on after its end: %v", name, err)
	}
	return n
}

// manySheets is a workbook in which tables go on on other sheets.
func manySheets(t *testing.T) map[string]string {
	t.Helper()
	var body bytes.Buffer
	records := append(exporttest.Records(t, sample), statement(t, " _x0041_ <a> & \"b\"\n\x01"))
	if err := write(context.Background(), &body, records, make([]sdk.Outcome, len(records)), 10); err != nil {
		t.Fatal(err)
	}
	return parts(t, body.Bytes())
}

// TestSchema: elements stand in the order that Excel insists on, rows and cells as
// well, and a cell has a style that there is.
func TestSchema(t *testing.T) {
	all := manySheets(t)
	looks := len(parse(t, "styles", all["xl/styles.xml"]).all("cellXfs")[0].Nodes)
	for name, text := range all {
		if !strings.HasPrefix(text, "<?xml ") {
			t.Errorf("%s begins with %.20q", name, text)
		}
		n := parse(t, name, text)
		if wrong := n.misplaced(); wrong != "" {
			t.Errorf("%s: Excel does not expect %s there", name, wrong)
		}
		for _, list := range []string{"numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "mergeCells"} {
			for _, l := range n.all(list) {
				if count := l.attr("count"); count != strconv.Itoa(len(l.Nodes)) {
					t.Errorf("%s: %s says it has %s, and has %d", name, list, count, len(l.Nodes))
				}
			}
		}
		lastRow := 0
		for _, row := range n.all("row") {
			number, _ := strconv.Atoi(row.attr("r"))
			if number <= lastRow {
				t.Errorf("%s: row %q comes after %d", name, row.attr("r"), lastRow)
			}
			lastRow = number
			lastColumn := 0
			for _, c := range row.Nodes {
				column, at, err := excelize.CellNameToCoordinates(c.attr("r"))
				if err != nil || at != number || column <= lastColumn {
					t.Errorf("%s, row %d: cell %q comes after column %d (%v)", name, number, c.attr("r"), lastColumn, err)
				}
				lastColumn = column
				if s, err := strconv.Atoi(c.attr("s")); err != nil || s < 1 || s >= looks {
					t.Errorf("%s: %s has style %q of %d", name, c.attr("r"), c.attr("s"), looks)
				}
			}
		}
	}
}

// TestSchemaSeesOrder: a filter that stands after merged cells is seen.
func TestSchemaSeesOrder(t *testing.T) {
	for text, want := range map[string]string{
		`<worksheet><sheetData/><mergeCells/><autoFilter/></worksheet>`:                    "autoFilter in worksheet",
		`<worksheet><sheetData><row><c><v/><f/></c></row></sheetData></worksheet>`:         "f in c",
		`<worksheet><sheetdata/></worksheet>`:                                              "sheetdata in worksheet",
		`<worksheet><cols/><sheetData/><autoFilter/><mergeCells/><pageSetup/></worksheet>`: "",
	} {
		if got := parse(t, "it", text).misplaced(); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// TestParts: every part has a type, and what one part says of another is so.
func TestParts(t *testing.T) {
	all := manySheets(t)
	types := map[string]string{}
	for _, o := range parse(t, "types", all["[Content_Types].xml"]).all("Override") {
		part := strings.TrimPrefix(o.attr("PartName"), "/")
		if _, twice := types[part]; twice || all[part] == "" {
			t.Errorf("the type of %s is given twice, or of no part", part)
		}
		types[part] = o.attr("ContentType")
	}
	for name := range all {
		if types[name] == "" && !strings.HasSuffix(name, ".rels") && name != "[Content_Types].xml" {
			t.Errorf("%s has no type", name)
		}
	}
	targets := map[string]string{}
	for from, folder := range map[string]string{"_rels/.rels": "", "xl/_rels/workbook.xml.rels": "xl/"} {
		for _, r := range parse(t, from, all[from]).all("Relationship") {
			if all[folder+r.attr("Target")] == "" {
				t.Errorf("%s leads to %s, which there is not", from, r.attr("Target"))
			}
			if folder != "" {
				targets[r.attr("Id")] = folder + r.attr("Target")
			}
		}
	}
	book := parse(t, "workbook", all["xl/workbook.xml"])
	sheets := book.all("sheet")
	if len(sheets) < 8 {
		t.Errorf("%d sheets", len(sheets))
	}
	seen := map[string]bool{}
	for i, s := range sheets {
		name, part := s.attr("name"), targets[s.attr("id")]
		if want := fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1); part != want || s.attr("sheetId") != strconv.Itoa(i+1) {
			t.Errorf("%s is sheet %s in %s, want %s", name, s.attr("sheetId"), part, want)
		}
		if name == "" || len(name) > 31 || strings.ContainsAny(name, `:\/?*[]'`) || seen[strings.ToLower(name)] {
			t.Errorf("Excel takes no sheet %q, or not twice", name)
		}
		seen[strings.ToLower(name)] = true
		if filter := parse(t, part, all[part]).all("autoFilter"); (len(filter) == 1) != (i > 0) {
			t.Errorf("%s has %d filters", name, len(filter))
		}
	}
	if tables := len(book.all("definedName")) / 2; tables != len(sheets)-1 {
		t.Errorf("%d sheets have names", tables)
	}
}

// TestStyles: each sort of cell looks as it should to another reader.
func TestStyles(t *testing.T) {
	files, _ := exporttest.Render(t, Exporter{}, `{}`, exporttest.Records(t, sample))
	f := open(t, files[fileName])
	for _, c := range []struct {
		sheet, cell          string
		size                 float64 // of bold type; 0 for plain
		format, across, down string
		filled, wraps        bool
	}{
		{sheet: aboutName, cell: "A1", size: 16},
		{sheet: aboutName, cell: "A2", down: "top"},
		{sheet: aboutName, cell: "A4", size: 12},
		{sheet: aboutName, cell: "A5", size: 11, down: "center", filled: true, wraps: true},
		{sheet: aboutName, cell: "F5", size: 11, down: "center", filled: true, wraps: true},
		{sheet: aboutName, cell: "B6", across: "left", down: "top"},
		{sheet: aboutName, cell: "A13", down: "top", wraps: true},
		{sheet: "Assessments", cell: "A1", size: 11, down: "center", filled: true, wraps: true},
		{sheet: "Assessments", cell: "AB1", size: 11, down: "center", filled: true, wraps: true},
		{sheet: "Assessments", cell: "A6", down: "top"},
		{sheet: "Assessments", cell: "E6", format: `yyyy\-mm\-dd`, across: "left", down: "top"},
		{sheet: "Assessments", cell: "K6", format: "0_)", down: "top"},
		{sheet: "Assessments", cell: "L6", format: "0.00_)", down: "top"},
		{sheet: "Assessments", cell: "P6", format: "0.0_)", down: "top"},
		{sheet: "Assessments", cell: "R6", format: "0.0%_)", down: "top"},
		{sheet: "Job descriptions", cell: "U3", down: "top", wraps: true},
	} {
		id, err := f.GetCellStyle(c.sheet, c.cell)
		if err != nil {
			t.Fatal(err)
		}
		s, err := f.GetStyle(id)
		if err != nil {
			t.Fatal(err)
		}
		at := c.sheet + " " + c.cell
		if bold := s.Font != nil && s.Font.Bold; bold != (c.size > 0) || bold && (s.Font.Size != c.size || !strings.HasSuffix(s.Font.Color, ink[2:])) {
			t.Errorf("%s: font %+v", at, s.Font)
		}
		if filled := s.Fill.Pattern == 1; filled != c.filled || filled != (len(s.Border) == 1) {
			t.Errorf("%s: fill %+v, border %+v", at, s.Fill, s.Border)
		}
		format := ""
		if s.CustomNumFmt != nil {
			format = *s.CustomNumFmt
		}
		if format != c.format {
			t.Errorf("%s: format %q, want %q", at, format, c.format)
		}
		if s.Alignment == nil {
			s.Alignment = &excelize.Alignment{}
		}
		if s.Alignment.Horizontal != c.across || s.Alignment.Vertical != c.down || s.Alignment.WrapText != c.wraps {
			t.Errorf("%s: alignment %+v", at, s.Alignment)
		}
	}
}

// TestColors: of fills and lines, which excelize does not read where there is no theme.
func TestColors(t *testing.T) {
	sheet := parse(t, "styles", styleSheet())
	fills, borders := sheet.all("fill"), sheet.all("border")
	xf := sheet.all("cellXfs")[0].Nodes[header]
	fill, _ := strconv.Atoi(xf.attr("fillId"))
	border, _ := strconv.Atoi(xf.attr("borderId"))
	if color := fills[fill].all("fgColor"); len(color) != 1 || color[0].attr("rgb") != paper {
		t.Errorf("the fill of headers is %+v", fills[fill])
	}
	if color := borders[border].all("color"); len(color) != 1 || color[0].attr("rgb") != ink {
		t.Errorf("the line of headers is %+v", borders[border])
	}
	// Programs take the first two fills for these, whatever stands there.
	for i, want := range []string{"none", "gray125"} {
		if got := fills[i].Nodes[0].attr("patternType"); got != want {
			t.Errorf("fill %d is %s, want %s", i, got, want)
		}
	}
}

// TestSetOut: sheets are set out for the eye and for paper.
func TestSetOut(t *testing.T) {
	files, _ := exporttest.Render(t, Exporter{}, `{}`, exporttest.Records(t, sample))
	f := open(t, files[fileName])
	for i, name := range f.GetSheetList() {
		page, err := f.GetPageLayout(name)
		if err != nil || page.Orientation == nil || *page.Orientation != "landscape" {
			t.Errorf("%s lies otherwise on paper (%v)", name, err)
		}
		view, err := f.GetSheetView(name, 0)
		if err != nil || *view.ShowGridLines != (i > 0) {
			t.Errorf("%s: grid lines %v (%v)", name, *view.ShowGridLines, err)
		}
		if i > 0 {
			panes, err := f.GetPanes(name)
			if err != nil || !panes.Freeze || panes.YSplit != 1 || panes.XSplit != 0 || panes.TopLeftCell != "A2" || panes.ActivePane != "bottomLeft" {
				t.Errorf("%s: panes %+v (%v)", name, panes, err)
			}
			if height, err := f.GetRowHeight(name, 1); err != nil || height != 2*lineHeight {
				t.Errorf("%s: the header is %v points high (%v)", name, height, err)
			}
		}
	}
	for column, want := range map[string]float64{"A": 14, "I": 19, "AB": 36} {
		if got, err := f.GetColWidth("Assessments", column); err != nil || got != want {
			t.Errorf("column %s is %v wide, want %v (%v)", column, got, want, err)
		}
	}
	titles := map[string]string{}
	for _, n := range f.GetDefinedName() {
		if n.Name == "_xlnm.Print_Titles" {
			titles[n.Scope] = n.RefersTo
		}
	}
	if titles["Job descriptions"] != "'Job descriptions'!$1:$1" || len(titles) != 5 {
		t.Errorf("repeated on paper: %v", titles)
	}
	if merged, err := f.GetMergeCells(aboutName); err != nil || len(merged) != 4 || merged[0].GetStartAxis() != "A13" || merged[0].GetEndAxis() != "F13" {
		t.Errorf("merged: %v (%v)", merged, err)
	}
}
