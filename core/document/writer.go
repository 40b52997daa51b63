package document

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
	"unsafe"

	"github.com/firstcall-cli/firstcall/core/prose"
)

// writer makes the text of a document, block by block. A block begins with the
// first text of it that is no space, so that what has no text makes none.
type writer struct {
	doc    *Document
	clock  *clock
	source []byte // what copy copies from; nil where the format has no plain source
	out    []byte
	shared bool // out is the beginning of source, which nothing may change
	room   int  // bytes to make room for when it no longer is
	runs   []run

	pending Block // the kind and level of the next block
	open    bool  // a block has begun
	grid    grid
	late    int // comments from here on wait for the next block
}

// grid knows what has begun in a table since the last text.
type grid struct{ inside, table, row, cell bool }

func newWriter(doc *Document, c *clock, source []byte) *writer {
	return &writer{doc: doc, clock: c, source: source, out: source[:0], shared: source != nil}
}

// reserve says that the text will take n bytes, so that a long one is not copied
// again and again while it grows.
func (w *writer) reserve(n int) { w.room = n }

// add adds bytes to the text. As long as the text is what the file begins with it
// shares the file's memory.
func (w *writer) add(b []byte) {
	if w.shared {
		n := len(w.out)
		if bytes.HasPrefix(w.source[n:], b) {
			w.out = w.source[:n+len(b)]
			return
		}
		w.shared = false
		w.out = append(make([]byte, 0, max(w.room, n+len(b))), w.out...)
	}
	w.out = append(w.out, b...)
}

// begin ends the block and says what the next one is.
func (w *writer) begin(kind BlockKind, level int) {
	w.end()
	w.pending = Block{Kind: kind, Level: level}
}

// end ends the block, without the space at its end.
func (w *writer) end() {
	if !w.open {
		return
	}
	w.open = false
	trimmed := len(bytes.TrimRightFunc(w.out[w.pending.Start:], isSpace)) + w.pending.Start
	w.truncate(trimmed)
	w.pending.End = trimmed
	if w.pending.Kind == Heading {
		w.pending.Level = min(max(w.pending.Level, 1), 6)
	}
	w.doc.Blocks = append(w.doc.Blocks, w.pending)
	w.pending.Span = prose.Span{}
	w.late = len(w.doc.Comments)
}

func (w *writer) truncate(n int) {
	w.out = w.out[:n]
	for len(w.runs) > 0 && int(w.runs[len(w.runs)-1].text) > n {
		w.runs = w.runs[:len(w.runs)-1]
	}
	for i := len(w.doc.Comments) - 1; i >= 0 && w.doc.Comments[i].Offset > n; i-- {
		w.doc.Comments[i].Offset = n
	}
}

// trimLine takes the spaces at the end of the open block away.
func (w *writer) trimLine() {
	n := len(w.out)
	for w.open && n > w.pending.Start && isBlank(w.out[n-1]) {
		n--
	}
	w.truncate(n)
}

// start begins the block with text that is next, and puts what parts it from the
// one before.
func (w *writer) start() {
	w.open = true
	if len(w.out) > 0 {
		w.add(unalias(w.separator()))
	}
	w.grid.table, w.grid.row, w.grid.cell = false, false, false
	w.pending.Start = len(w.out)
	for ; w.late < len(w.doc.Comments); w.late++ {
		w.doc.Comments[w.late].Offset = len(w.out)
	}
}

func (w *writer) separator() string {
	g := w.grid
	switch {
	case !g.inside || !g.cell || g.table:
		return "\n\n"
	case g.row:
		return "\n"
	}
	return "\t"
}

// table, row and cell say that one begins. endTable says that the outermost
// table has ended.
func (w *writer) table()    { w.end(); w.grid.inside, w.grid.table = true, true }
func (w *writer) row()      { w.end(); w.grid.row = true }
func (w *writer) cell()     { w.end(); w.grid.cell = true }
func (w *writer) endTable() { w.end(); w.grid = grid{} }

// copy adds a part of the source.
func (w *writer) copy(from, to int) {
	if !w.open {
		trimmed := bytes.TrimLeftFunc(w.source[from:to], isSpace)
		if from = to - len(trimmed); from == to {
			return
		}
		w.start()
	}
	if from < to {
		w.mark(from)
		w.add(w.source[from:to])
	}
}

// put adds a text that stands for the source at an offset. It may hold no
// control characters but tabs and line ends.
func (w *writer) put(s string, at int) {
	if !w.open {
		if s = strings.TrimLeftFunc(s, isSpace); s == "" {
			return
		}
		w.start()
	}
	w.mark(at)
	w.add(unalias(s))
}

// mark notes that the text goes on with the source at an offset.
func (w *writer) mark(at int) {
	if w.source == nil {
		return
	}
	if n := len(w.runs); n > 0 {
		if last := w.runs[n-1]; int(last.source)+len(w.out)-int(last.text) == at {
			return
		}
	} else if len(w.out) == at {
		return // the text is still a copy
	} else if len(w.out) > 0 {
		w.runs = append(w.runs, run{0, 0})
	}
	w.runs = append(w.runs, run{uint32(len(w.out)), uint32(at)})
}

// spaced says whether nothing or a space stands before what comes next.
func (w *writer) spaced() bool {
	if !w.open || len(w.out) == w.pending.Start {
		return true
	}
	c := w.out[len(w.out)-1]
	return c == ' ' || c == '\n' || c == '\t'
}

// comment adds a comment that stands at an offset into the source, negative
// where there is none. Between blocks it belongs to the text after it.
func (w *writer) comment(text string, at int) {
	c := Comment{Offset: len(w.out), Text: strings.TrimSpace(text), Place: Place{Offset: at}}
	w.doc.Comments = append(w.doc.Comments, c)
	if w.open {
		w.late = len(w.doc.Comments)
	}
}

// margin adds a margin. A note stands where the text has come to.
func (w *writer) margin(kind MarginKind, text string) {
	text = strings.Clone(cut(strings.TrimSpace(text), maxMargin))
	m := Margin{Kind: kind, Text: text, Offset: -1, Place: Place{Offset: -1}}
	if kind == Note {
		m.Offset = len(w.out)
	} else if slices.ContainsFunc(w.doc.Margins, func(o Margin) bool { return o.Kind == kind && o.Text == text }) {
		return
	}
	if text != "" && len(w.doc.Margins) < maxMargins {
		w.doc.Margins = append(w.doc.Margins, m)
	}
}

// finish hands the text over.
func (w *writer) finish() {
	w.end()
	w.doc.Text = alias(w.out)
}

// alias makes a string of bytes that nobody will change any more. A file may be
// most of the memory there is; there is no need to have it twice.
func alias(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// unalias gives the bytes of a string, which nobody may change.
func unalias(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }

// isSpace says whether a character is white space at the ends of a block.
func isSpace(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r == ' ' || r == '\n' || r == '\t' || r == '\r'
	case r < 0x2000:
		return r == '\u00A0' || r == '\u1680'
	}
	return r <= '\u200A' || r == '\u2028' || r == '\u2029' || r == '\u202F' || r == '\u205F' || r == '\u3000'
}
