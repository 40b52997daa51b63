package sheet

import (
	"archive/zip"
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// generate writes a workbook as spreadsheets save them: a department from the
// shared texts, a time, and answers from 1 to 5, one in fifty left out.
func generate(t testing.TB, w io.Writer, rows, columns int) {
	z := zip.NewWriter(w)
	for name, text := range map[string]string{
		"[Content_Types].xml":        contentTypes,
		"_rels/.rels":                rootRels,
		"xl/workbook.xml":            workbookXML(`<sheet name="Answers" sheetId="1" r:id="rId1"/>`),
		"xl/_rels/workbook.xml.rels": bookRels,
		"xl/sharedStrings.xml":       sst("Front desk", "Kitchen", "Sales", "Workshop"),
		"xl/styles.xml":              `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>`,
	} {
		f, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(f, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	f, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	b := bufio.NewWriter(f)
	random := rand.New(rand.NewPCG(1, 2))
	b.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	names := make([]string, columns)
	for i := range names {
		names[i] = columnName(i + 1)
	}
	for row := 1; row <= rows; row++ {
		fmt.Fprintf(b, `<row r="%d" spans="1:%d">`, row, columns)
		for i, name := range names {
			b.WriteString(`<c r="`)
			b.WriteString(name)
			b.WriteString(strconv.Itoa(row))
			switch {
			case i == 0:
				fmt.Fprintf(b, `" t="s"><v>%d</v></c>`, random.IntN(4))
			case i == 1:
				fmt.Fprintf(b, `" s="1"><v>%d.%06d</v></c>`, 46082+row/1000, random.IntN(1_000_000))
			case random.IntN(50) == 0:
				b.WriteString(`"/>`)
			default:
				b.WriteString(`"><v>`)
				b.WriteByte(byte('1' + random.IntN(5)))
				b.WriteString(`</v></c>`)
			}
		}
		b.WriteString(`</row>`)
	}
	b.WriteString(`</sheetData></worksheet>`)
	if err := b.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkReader(b *testing.B) {
	const rows, columns = 20_000, 44
	var book bytes.Buffer
	generate(b, &book, rows, columns)
	b.ReportAllocs()
	b.SetBytes(int64(book.Len()))
	for b.Loop() {
		r, err := Open("bench.xlsx", bytes.NewReader(book.Bytes()), int64(book.Len()), Options{})
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for err == nil {
			var row Row
			row, err = r.Next()
			n += len(row.Cells)
		}
		if err != io.EOF || n < rows*(columns-1) {
			b.Fatal(n, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows/columns, "ns/cell")
}

// TestGenerate keeps the workbook of the benchmark where FIRSTCALL_KEEP says,
// for measuring other programs with it.
func TestGenerate(t *testing.T) {
	name := os.Getenv("FIRSTCALL_KEEP")
	if name == "" {
		t.Skip("FIRSTCALL_KEEP does not say where to keep a workbook of 100,000 rows")
	}
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	generate(t, f, 100_000, 44)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
