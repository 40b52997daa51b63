package document

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/core/document/pdf"
)

// readPDF reads a PDF.
func (d *Document) readPDF(c *clock, data []byte) error {
	t, err := pdf.Read(c.ctx, data)
	switch {
	case errors.Is(err, pdf.ErrProtected):
		return protected()
	case c.ctx.Err() != nil && errors.Is(err, c.ctx.Err()):
		c.err = err
		return c.fault()
	case errors.Is(err, pdf.ErrScanned):
		return scanned()
	case errors.Is(err, pdf.ErrNoText):
		return empty("has no text", "")
	case errors.Is(err, pdf.ErrUnmapped):
		return damaged(err.Error(), hintOCR)
	case errors.Is(err, pdf.ErrTooLarge):
		return tooLarge(err.Error())
	case err != nil:
		return damaged(err.Error(), hintAgain)
	}
	w := newWriter(d, c, nil)
	o := &origin{part: "page"}
	for _, b := range t.Blocks {
		w.pdfBlock(b, o)
	}
	w.finish()
	o.source = w.out
	d.origin = o
	for _, r := range t.Running {
		kind := Header
		if r.Bottom {
			kind = Footer
		}
		w.margin(kind, plainText(r.Text))
		d.Margins[len(d.Margins)-1].Place.Part = fmt.Sprintf("page %d", r.Page)
	}
	d.Properties = Properties{Title: oneLine(t.Info.Title), Author: oneLine(t.Info.Author),
		Created: pdfTime(t.Info.Created), Modified: pdfTime(t.Info.Modified)}
	d.Properties.dropDefaults()
	return nil
}

// pdfBlock hands a block on and notes where pages begin.
func (w *writer) pdfBlock(b pdf.Block, o *origin) {
	kind := map[pdf.Kind]BlockKind{pdf.Paragraph: Paragraph, pdf.Heading: Heading, pdf.Item: Item, pdf.Cell: Cell}[b.Kind]
	level := b.Level
	switch kind {
	case Item:
		level = max(level, 1)
	case Cell:
		if b.FirstRow {
			w.table()
		}
		if b.First {
			w.row()
		}
		w.cell()
	default:
		w.endTable()
	}
	w.begin(kind, level)
	for _, p := range b.Pieces {
		from := len(w.out)
		w.put(plainText(p.Text), 0)
		if w.open {
			from = max(from, w.pending.Start)
		}
		for len(o.parts) < p.Page {
			o.parts = append(o.parts, from)
		}
	}
	w.end()
}

// pdfTime reads a time such as D:20240131120000+01'00', the zero time if it is
// none.
func pdfTime(s string) time.Time {
	s = strings.NewReplacer("D:", "", "'", "", "Z", "+").Replace(s)
	if i := strings.IndexAny(s, "+-"); i >= 8 && i+5 > len(s) { // a zone without minutes, or none
		s += "0000"[:i+5-len(s)]
	}
	for _, layout := range []string{"20060102150405-0700", "200601021504-0700", "20060102150405", "200601021504", "20060102", "200601", "2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return parseTime(s)
}
