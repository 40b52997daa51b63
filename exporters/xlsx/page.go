package xlsx

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// xmlHead begins every part of a workbook.
const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// page writes the rows of a sheet as they come, in the XML of workbooks. Errors of the
// writer come at the end, or from err.
type page struct {
	out    *bufio.Writer
	rows   int
	merged []string // ranges of cells that are one
}

// layout is how a sheet is set out.
type layout struct {
	widths []int // of its columns, in characters
	first  bool  // whether it is the one that is seen first
	frozen bool  // whether the first row stays in sight
}

// newPage begins a sheet.
func newPage(w io.Writer, l layout) *page {
	p := &page{out: bufio.NewWriterSize(w, 64<<10)}
	p.add(xmlHead, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"`)
	if l.first {
		p.add(` showGridLines="0" tabSelected="1"`)
	}
	p.add(`>`)
	if l.frozen {
		p.add(`<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft" activeCell="A2" sqref="A2"/>`)
	}
	p.add(`</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>`)
	for i, width := range l.widths {
		fmt.Fprintf(p.out, `<col min="%d" max="%[1]d" width="%d" customWidth="1"/>`, i+1, width)
	}
	p.add(`</cols><sheetData>`)
	return p
}

func (p *page) add(parts ...string) {
	for _, s := range parts {
		_, _ = p.out.WriteString(s)
	}
}

// row begins the next row. height is in points; with 0 the program that shows it
// chooses.
func (p *page) row(height int) {
	p.rows++
	p.add(`<row r="`, strconv.Itoa(p.rows), `"`)
	if height > 0 {
		p.add(` ht="`, strconv.Itoa(height), `" customHeight="1"`)
	}
	p.add(`>`)
}

func (p *page) endRow() { p.add(`</row>`) }

// err is why the writer takes no more, if it does not.
func (p *page) err() error {
	_, err := p.out.Write(nil) // which gives the error of an earlier one
	return err
}

// cell begins a cell of the row, up to where its type may be named. Columns count from 0.
func (p *page) cell(column int, s style) {
	p.add(`<c r="`, columnName(column), strconv.Itoa(p.rows), `" s="`, strconv.Itoa(int(s)), `"`)
}

// text writes a cell with a text that cellText has made.
func (p *page) text(column int, s style, text string) {
	p.cell(column, s)
	p.add(` t="inlineStr"><is><t`)
	if strings.TrimSpace(text) != text {
		p.add(` xml:space="preserve"`)
	}
	p.add(`>`)
	_, _ = escaper.WriteString(p.out, text)
	p.add(`</t></is></c>`)
}

// number writes a cell with a number, which stands there in digits.
func (p *page) number(column int, s style, digits string) {
	p.cell(column, s)
	p.add(`><v>`, digits, `</v></c>`)
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// merge makes one cell of a part of the last row.
func (p *page) merge(from, to int) {
	p.merged = append(p.merged, fmt.Sprintf(`<mergeCell ref="%s%d:%s%[2]d"/>`, columnName(from), p.rows, columnName(to)))
}

// end completes the sheet. filtered is how many columns have a filter; 0 for none.
func (p *page) end(filtered int) error {
	p.add(`</sheetData>`)
	if filtered > 0 {
		fmt.Fprintf(p.out, `<autoFilter ref="A1:%s%d"/>`, columnName(filtered-1), p.rows)
	}
	if len(p.merged) > 0 {
		fmt.Fprintf(p.out, `<mergeCells count="%d">%s</mergeCells>`, len(p.merged), strings.Join(p.merged, ""))
	}
	p.add(`<pageSetup orientation="landscape"/></worksheet>`)
	return p.out.Flush()
}

// columnName is A for 0, Z for 25, AA for 26.
func columnName(column int) string {
	if column < 26 {
		return letters[column : column+1]
	}
	return columnName(column/26-1) + columnName(column%26)
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
