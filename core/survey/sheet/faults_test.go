package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestFaults(t *testing.T) {
	texts := parts{"xl/sharedStrings.xml": sst("a", "b")}
	const damagedHere = "the workbook is damaged here: "
	tests := []struct {
		name, in string
		want     string // after "a.xlsx: "
	}{
		{"shared text that is not there", `<row r="5"><c r="C5" t="s"><v>2</v></c></row>`, "Sheet1!C5: the workbook is damaged: this cell refers to a shared text that is not there; there are 2"},
		{"shared text by a word", `<row r="5"><c r="C5" t="s"><v>-1</v></c></row>`, "Sheet1!C5: the workbook is damaged: this cell refers to a shared text that is not there; there are 2"},
		{"shared text far off", `<row r="5"><c r="C5" t="s"><v>99999999999999999999</v></c></row>`, "Sheet1!C5: the workbook is damaged: this cell refers to a shared text that is not there; there are 2"},
		{"cell twice", `<row r="5"><c r="C5"><v>2</v></c><c r="C5"><v>2</v></c></row>`, "Sheet1!C5: the workbook is damaged: this cell is there twice"},
		{"rows out of order", `<row r="5"/><row r="4"/>`, "Sheet1!6:6: the workbook is damaged: row 4 comes after row 5"},
		{"row twice", `<row r="5"/><row r="5"/>`, "Sheet1!6:6: the workbook is damaged: row 5 comes after row 5"},
		{"row 0", `<row r="0"/>`, "Sheet1!1:1: the workbook is damaged: this row says a number that no row can have"},
		{"row beyond", `<row r="9999999999"/>`, "Sheet1!1:1: the workbook is damaged: this row says a number that no row can have"},
		{"cell of another row", `<row r="5"><c r="A6"/></row>`, "Sheet1!A5: the workbook is damaged: a cell of row 6 stands in this row"},
		{"cell of another row, unstated", `<row><c r="A5"/><c r="A6"/></row>`, "Sheet1!B5: the workbook is damaged: a cell of row 6 stands in this row"},
		{"beyond the last column", `<row r="5"><c r="XFE5"/></row>`, "Sheet1!A5: the workbook is damaged: a cell in this row lies beyond column XFD"},
		{"no column", `<row r="5"><c r="5"/></row>`, "Sheet1!A5: the workbook is damaged: a cell says no place that a cell can have"},
		{"no row", `<row r="5"><c r="A"/></row>`, "Sheet1!A5: the workbook is damaged: a cell says no place that a cell can have"},
		{"tags cross", `<row r="5"><c r="C5"><v>1</c></v></row>`, "Sheet1!C5: " + damagedHere + "tags do not close as they were opened"},
		{"unknown entity", `<row r="5"><c r="C5" t="str"><v>&nbsp;</v></c></row>`, "Sheet1!C5: " + damagedHere + "a character reference is not as it must be"},
		{"zero character", `<row r="5"><c r="C5" t="str"><v>&#0;</v></c></row>`, "Sheet1!C5: " + damagedHere + "a character reference is not as it must be"},
		{"half a surrogate pair", `<row r="5"><c r="C5" t="str"><v>&#xD83D;</v></c></row>`, "Sheet1!C5: " + damagedHere + "a character reference is not as it must be"},
		{"attribute without quotes", `<row r=5></row>`, "Sheet1!1:1: " + damagedHere + "a tag is not as it must be"},
		{"tag in a tag", `<row r="5" <c></row>`, "Sheet1: " + damagedHere + "a tag is not as it must be"},
		{"document type", `<!DOCTYPE a [<!ENTITY a "b">]>`, "Sheet1: " + damagedHere + "it has a document type declaration, which workbooks never have"},
		{"text too long", `<row r="5"><c r="C5" t="str"><v>` + strings.Repeat("x", 3<<20) + `</v></c></row>`, "Sheet1!C5: " + damagedHere + "a text or tag is longer than 1 MiB"},
		{"text in pieces too long", `<row r="5"><c r="C5" t="inlineStr"><is>` + strings.Repeat("<r><t>"+strings.Repeat("x", 400_000)+"</t></r>", 3) + `</is></c></row>`, "Sheet1!C5: this text is longer than 1 MiB"},
		{"tag too long", `<row r="5"><c ` + strings.Repeat(`s="1" `, 1<<19) + `/></row>`, "Sheet1!5:5: " + damagedHere + "a text or tag is longer than 1 MiB"},
		{"row too long", `<row r="5">` + strings.Repeat(`<c t="str"><v>`+strings.Repeat("x", 1<<20-9)+`</v></c>`, 17) + `</row>`, "Sheet1!Q5: this row is longer than 16 MiB"},
		{"too many cells", `<row r="5">` + strings.Repeat("<c/>", MaxColumns+1) + `</row>`, "Sheet1!XFE5: this row has more than 16384 cells"},
		{"too deep", `<row r="5"><c r="C5">` + strings.Repeat("<f>", 10_000) + `</c></row>`, "Sheet1!C5: " + damagedHere + "elements are nested too deeply"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := readAll(zipped(t, book(tt.in, texts)), Options{})
			hint := hintAgain
			if strings.Contains(tt.want, "this text") || strings.Contains(tt.want, "this row is longer") {
				hint = hintRight
			}
			checkProblem(t, err, "a.xlsx: "+tt.want, hint)
		})
	}
}

// ole is a file in the container of old Office files with some names in its
// directory.
func ole(names ...string) string {
	b := make([]byte, 2048)
	copy(b, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
	binary.LittleEndian.PutUint16(b[30:], 9)
	binary.LittleEndian.PutUint32(b[48:], 1)
	for i, name := range names {
		for k, c := range []byte(name) {
			b[1024+128*i+2*k] = c
		}
	}
	return string(b)
}

func TestForeign(t *testing.T) {
	file := func(p parts) string { return string(zipped(t, p)) }
	for _, tt := range []struct{ name, in, want, hint string }{
		{"empty", "", "the file is empty", "export the answers again"},
		{"encrypted", ole("Root Entry", "EncryptionInfo", "EncryptedPackage"), "is encrypted with a password", hintPassword},
		{"xls", ole("Root Entry", "Workbook"), "is an old Excel workbook (.xls), not one of today (.xlsx)", hintSave},
		{"other OLE", ole("Root Entry", "WordDocument"), "is an old Office file or an encrypted one, not an Excel workbook (.xlsx)", hintSave},
		{"OLE cut off", ole()[:100], "is an old Office file or an encrypted one, not an Excel workbook (.xlsx)", hintSave},
		{"xlsb", file(parts{"xl/workbook.bin": "x", "_rels/.rels": strings.ReplaceAll(rootRels, "workbook.xml", "workbook.bin")}), "is a binary Excel workbook (.xlsb), not one in XML (.xlsx)", hintSave},
		{"ods", file(parts{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}), "is an OpenDocument file (.ods), not an Excel workbook (.xlsx)", hintSave},
		{"docx", file(parts{"_rels/.rels": strings.ReplaceAll(rootRels, "xl/workbook", "word/document"), "word/document.xml": "<document/>"}), "is a Word document, not an Excel workbook (.xlsx)", hintRight},
		{"pptx", file(parts{"ppt/presentation.xml": "<x/>"}), "is a PowerPoint presentation, not an Excel workbook (.xlsx)", hintRight},
		{"numbers", file(parts{"Index/Document.iwa": "x"}), "is a Numbers or other iWork file, not an Excel workbook (.xlsx)", "export it as an Excel workbook (.xlsx)"},
		{"zip", file(parts{"answers.csv": "a,b"}), "is a zip archive without a workbook in it", "unpack it and give the file in it"},
		{"empty zip", file(nil), "is an empty zip archive, not an Excel workbook (.xlsx)", "export the answers again"},
		{"web page", "\r\n<html><table><tr><td>1</table>", "is a web page that is called a workbook", hintSave},
		{"XML of 2003", `<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">`, "is an Excel workbook of 2003 in XML, not one of today (.xlsx)", hintSave},
		{"CSV", "a,b\n1,2\n", "is not an Excel workbook (.xlsx)", "give the file as it was exported, under a name that ends in what it is, such as .csv"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := readAll([]byte(tt.in), Options{})
			checkProblem(t, err, "a.xlsx: "+tt.want, tt.hint)
		})
	}
}

func TestPartFaults(t *testing.T) {
	const broken = "the workbook is damaged here: "
	for _, tt := range []struct {
		name  string
		other parts
		want  string
	}{
		{"a sheet that is the workbook", parts{"xl/_rels/workbook.xml.rels": strings.ReplaceAll(bookRels, "worksheets/sheet1.xml", "workbook.xml")}, "Sheet1: " + broken + "it is not the part that it should be"},
		{"a table of texts that is the sheet", parts{"xl/_rels/workbook.xml.rels": strings.ReplaceAll(bookRels, "sharedStrings.xml", "worksheets/sheet1.xml")}, "xl/worksheets/sheet1.xml: " + broken + "it is not the part that it should be"},
		{"no table", parts{"xl/worksheets/sheet1.xml": "<worksheet><a/></worksheet>"}, "Sheet1: " + broken + "it has no table"},
		{"no sheets", parts{"xl/workbook.xml": workbookXML("")}, "has no sheet with cells"},
		{"all hidden", parts{"xl/workbook.xml": workbookXML(`<sheet name="A" state="veryHidden" r:id="rId1"/>`)}, "all of its sheets are hidden"},
		{"no relations", parts{"xl/_rels/workbook.xml.rels": "-"}, "Sheet1: the workbook is damaged: this sheet is missing in it"},
		{"other encoding", parts{"xl/worksheets/sheet1.xml": `<?xml version="1.0" encoding="windows-1252"?>` + sheetStart + sheetEnd}, "xl/worksheets/sheet1.xml: " + broken + "its encoding is not UTF-8"},
		{"shared texts cut off", parts{"xl/sharedStrings.xml": `<sst><si><t>a</t></si><si>`}, "xl/sharedStrings.xml: " + broken + "it ends too early"},
		{"styles cut off", parts{"xl/styles.xml": `<styleSheet><cellXfs>`}, "xl/styles.xml: " + broken + "it ends too early"},
		{"empty part", parts{"xl/workbook.xml": ""}, "xl/workbook.xml: " + broken + "it ends too early"},
		{"too many sheets", parts{"xl/workbook.xml": workbookXML(strings.Repeat("<sheet/>", MaxSheets+1))}, "xl/workbook.xml: has more than 10000 sheets"},
		{"a long text of styles", parts{"xl/styles.xml": "<styleSheet>" + strings.Repeat(" ", 3<<20) + "</styleSheet>"}, "xl/styles.xml: " + broken + "a text or tag is longer than 1 MiB"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := readAll(zipped(t, book("", tt.other)), Options{})
			if !isProblem(err) || err.Error() != "a.xlsx: "+tt.want {
				t.Errorf("got  %v\nwant a.xlsx: %s", err, tt.want)
			}
		})
	}
}

// TestBombs has workbooks inflate to what would fill the memory, and looks at
// how much is taken until that is refused.
func TestBombs(t *testing.T) {
	const times = 2 << 20
	for name, piece := range map[string]string{
		"blank rows":   "<row><c/></row>                     ",
		"one comment":  "                                    ",
		"the same row": `<row><c><v>1</v></c><c><v>2</v></c></row>`,
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Repeat(piece, times)
			if name == "one comment" {
				text = "<!--" + text
			}
			file := zipped(t, book(text, nil))
			text = ""
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			err := drain(file)
			runtime.ReadMemStats(&after)
			if taken := after.TotalAlloc - before.TotalAlloc; taken > 8<<20 {
				t.Errorf("%d MiB were taken", taken>>20)
			}
			if !isProblem(err) || !strings.Contains(err.Error(), "inflates to more than a workbook has") {
				t.Errorf("error %v after %v", err, time.Since(start))
			}
		})
	}
}

// drain reads a workbook to the end without keeping anything.
func drain(file []byte) error {
	r, err := Open("a.xlsx", bytes.NewReader(file), int64(len(file)), Options{})
	for err == nil {
		_, err = r.Next()
	}
	return err
}

// TestSharedLimits has a workbook share more than is kept.
func TestSharedLimits(t *testing.T) {
	file := zipped(t, book("", parts{"xl/sharedStrings.xml": sst("a", "bc", "def")}))
	p, err := openPack("a.xlsx", bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		bytes, texts int
		want         string
	}{
		{6, 3, ""},
		{5, 3, "a.xlsx: xl/sharedStrings.xml: shares more than 256 MiB of text between its cells"},
		{6, 2, "a.xlsx: xl/sharedStrings.xml: shares more than 10000000 texts between its cells"},
	} {
		sh, err := readShared(p, p.find("xl/sharedStrings.xml"), tt.bytes, tt.texts)
		if tt.want != "" {
			checkProblem(t, err, tt.want, hintRight)
		} else if text, ok := sh.get(2); err != nil || !ok || string(text) != "def" {
			t.Errorf("got %q, error %v", text, err)
		}
	}
}

// TestManyParts has the list of parts fill the memory, and, shorter, take the
// form that archives with very many parts have (zip64).
func TestManyParts(t *testing.T) {
	for _, tt := range []struct {
		count int
		name  string
		want  string
	}{{66_000, "%d", ""}, {66_000, "a-longer-name-of-a-part-%d", "a.xlsx: lists more parts than a workbook has"}} {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for i := range tt.count {
			if _, err := z.CreateRaw(&zip.FileHeader{Name: fmt.Sprintf(tt.name, i)}); err != nil {
				t.Fatal(err)
			}
		}
		for name, text := range book(`<row><c><v>1</v></c></row>`, nil) {
			f, err := z.Create(name)
			if err == nil {
				_, err = io.WriteString(f, text)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(b.Bytes(), []byte("PK\x06\x06")) {
			t.Error("the archive is not in the form for many parts")
		}
		rows, err := readAll(b.Bytes(), Options{})
		if tt.want != "" {
			checkProblem(t, err, tt.want, hintRight)
		} else if err != nil || !reflect.DeepEqual(rows, one("1")) {
			t.Errorf("got %v, error %v", rows, err)
		}
	}
}

// TestCutOff cuts a sheet, and a workbook, at every byte.
func TestCutOff(t *testing.T) {
	text := sheetStart + `<!-- c --><row r="1"><c r="A1" t="str"><f>1</f><v>a&amp;<![CDATA[b]]></v></c><?p?><c/></row>`
	for i := range text {
		_, err := readAll(zipped(t, book("", parts{"xl/worksheets/sheet1.xml": text[:i]})), Options{})
		if !isProblem(err) || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("cut off at %q: error %v", text[:i], err)
		}
	}
	file := zipped(t, book("", nil))
	for i := range file {
		if _, err := readAll(file[:i], Options{}); !isProblem(err) {
			t.Errorf("cut off at byte %d: error %v", i, err)
		}
	}
}

// TestChecksum changes a byte of a workbook that is not compressed: in a cell
// and far behind the table, where nothing is looked at.
func TestChecksum(t *testing.T) {
	behind := sheetStart + sheetEnd + strings.Repeat("<!-- -->", 50_000) + "<!--answer-->"
	for _, tt := range []struct {
		p     parts
		place string
	}{
		{book(`<row><c t="str"><v>answer</v></c></row>`, nil), "xl/worksheets/sheet1.xml"},
		{book("", parts{"xl/sharedStrings.xml": sst("answer")}), "xl/sharedStrings.xml"},
		{book("", parts{"xl/worksheets/sheet1.xml": behind}), "Sheet1"},
	} {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for name, text := range tt.p {
			f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
			if err == nil {
				_, err = io.WriteString(f, text)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := readAll(b.Bytes(), Options{}); err != nil {
			t.Errorf("unchanged: %v", err)
		}
		_, err := readAll(bytes.Replace(b.Bytes(), []byte("answer"), []byte("Answer"), 1), Options{})
		checkProblem(t, err, "a.xlsx: "+tt.place+": the workbook is damaged: its zip archive is incomplete or was changed", hintAgain)
	}
}

// failing is a file that cannot be read beyond an offset.
type failing struct {
	*bytes.Reader
	from int64
}

var errDisk = errors.New("disk on fire")

func (f failing) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > f.from {
		return 0, errDisk
	}
	return f.Reader.ReadAt(p, off)
}

// TestSourceError makes sure that an error of the source is passed on rather
// than taken for a damaged workbook.
func TestSourceError(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var rows strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&rows, `<row r="%d"><c><v>%d</v></c></row>`, i+1, random.Int64())
	}
	file := zipped(t, book(rows.String(), nil))
	opened, failed := 0, 0
	for _, from := range []int64{0, 100, int64(len(file)) / 2, int64(len(file))} {
		// The directory is at the end: only what lies between fails.
		src := gap{file, from}
		r, err := Open("a.xlsx", src, int64(len(file)), Options{})
		for opened++; err == nil; {
			_, err = r.Next()
		}
		if err != io.EOF {
			failed++
			if isProblem(err) || !errors.Is(err, errDisk) || err.Error() != "read a.xlsx: disk on fire" {
				t.Errorf("from %d: error %v", from, err)
			}
		}
	}
	if _, err := Open("a.xlsx", failing{bytes.NewReader(file), 0}, int64(len(file)), Options{}); !errors.Is(err, errDisk) {
		t.Error(err)
	}
	if opened != 4 || failed != 3 {
		t.Errorf("%d of %d failed", failed, opened)
	}
}

// gap is a file of which 20,000 bytes cannot be read.
type gap struct {
	file []byte
	from int64
}

func (g gap) ReadAt(p []byte, off int64) (int, error) {
	if off < g.from+20_000 && off+int64(len(p)) > g.from {
		return 0, errDisk
	}
	return bytes.NewReader(g.file).ReadAt(p, off)
}

// TestSharedBlocks keeps texts that fill several blocks.
func TestSharedBlocks(t *testing.T) {
	sh := &shared{}
	sizes := []int{0, 5, MaxCell, 0, MaxCell, MaxCell, MaxCell - 6, 0, 1, MaxCell, 3, 0, MaxCell, MaxCell, MaxCell, 7}
	text := func(i int) string { return strings.Repeat(string(rune('a'+i)), sizes[i]) }
	for i := range sizes {
		sh.add([]byte(text(i)))
	}
	for i := range sizes {
		if got, ok := sh.get(i); !ok || string(got) != text(i) {
			t.Errorf("text %d of %d bytes has %d, %v", i, sizes[i], len(got), ok)
		}
	}
	if _, ok := sh.get(len(sizes)); ok || len(sh.blocks) != 3 {
		t.Errorf("%d blocks", len(sh.blocks))
	}
}
