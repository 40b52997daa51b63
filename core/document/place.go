package document

import (
	"fmt"
	"sort"
	"sync"
	"unicode/utf8"
)

// Place is where a byte of a text stands in its file.
type Place struct {
	// Line and Column are 1-based; Column counts characters. They are those of
	// the file where it is text itself, else those of Document.Text.
	Line, Column int

	// Offset is in bytes of the file as given; -1 where the format has no plain
	// source or the encoding does not let it be told.
	Offset int

	// Part is how a user finds the place in a file that has no lines: "page 2"
	// of a PDF, "paragraph 14" of a word processor. It is "" for other files.
	Part string
}

// run says that the text from an offset on is a copy of the source from an
// offset on.
type run struct{ text, source uint32 }

// origin knows where a text comes from.
type origin struct {
	source []byte // in UTF-8; the text itself where the format has no plain source
	runs   []run  // in order; none where the offsets are the same
	unit   unit   // unitUnknown where the format has no plain source
	base   int    // bytes of the file before the source
	size   int    // bytes of the file
	parts  []int  // text offsets where parts begin, in order
	part   string // what a part is called

	counting sync.Mutex
	marks    []mark // as far as anybody has asked
}

// mark is what has been counted up to a place in the source, one for every
// stride bytes. They make it cheap to count from the nearest.
type mark struct {
	lines     uint32 // line ends
	lineStart uint32 // characters before the line
	runes     uint32 // characters
	pairs     uint32 // characters of two units in UTF-16
}

const stride = 1 << 10

// Place tells where a byte of the text stands in the file. The offset may be
// len(d.Text) too; any other that is no offset into the text is taken for the
// nearest one that is. It may be called from several goroutines.
func (d *Document) Place(offset int) Place {
	o := d.origin
	offset = min(max(offset, 0), len(d.Text))
	p := o.place(o.at(offset))
	if o.part != "" {
		p.Part = fmt.Sprintf("%s %d", o.part, max(1, sort.SearchInts(o.parts, offset+1)))
	}
	return p
}

// at gives the offset into the source of an offset into the text.
func (o *origin) at(offset int) int {
	if len(o.runs) == 0 {
		return min(offset, len(o.source))
	}
	i := sort.Search(len(o.runs), func(i int) bool { return int(o.runs[i].text) > offset }) - 1
	if i < 0 {
		return int(o.runs[0].source)
	}
	at, limit := int(o.runs[i].source)+offset-int(o.runs[i].text), len(o.source)
	if i+1 < len(o.runs) {
		limit = int(o.runs[i+1].source)
	}
	return min(at, limit)
}

// place tells where an offset into the source is.
func (o *origin) place(at int) Place {
	for at < len(o.source) && at > 0 && !utf8.RuneStart(o.source[at]) {
		at--
	}
	m := o.mark(at / stride)
	m.advance(o.source, at/stride*stride, at)
	p := Place{Line: int(m.lines) + 1, Column: int(m.runes-m.lineStart) + 1, Offset: -1}
	switch o.unit {
	case unitUTF8:
		p.Offset = o.base + at
	case unitByte:
		p.Offset = o.base + int(m.runes)
	case unitUTF16:
		p.Offset = o.base + 2*int(m.runes) + 2*int(m.pairs)
	}
	p.Offset = min(p.Offset, o.size)
	return p
}

// mark gives what has been counted up to a multiple of stride.
func (o *origin) mark(i int) mark {
	o.counting.Lock()
	defer o.counting.Unlock()
	if len(o.marks) == 0 {
		o.marks = append(o.marks, mark{})
	}
	for n := len(o.marks); n <= i; n++ {
		m := o.marks[n-1]
		m.advance(o.source, (n-1)*stride, n*stride)
		o.marks = append(o.marks, m)
	}
	return o.marks[i]
}

// advance counts what stands in a part of the source.
func (m *mark) advance(source []byte, from, to int) {
	for i, c := range source[from:to] {
		if c >= utf8.RuneSelf {
			if c >= 0xC0 {
				m.runes++
			}
			if c >= 0xF0 {
				m.pairs++
			}
			continue
		}
		m.runes++
		if c == '\n' || c == '\r' && !follows(source, from+i, '\n') {
			m.lines++
			m.lineStart = m.runes
		}
	}
}

// follows says whether a byte comes right after the one at an offset.
func follows(source []byte, at int, c byte) bool {
	return at+1 < len(source) && source[at+1] == c
}

// locate finds the place of a comment, whose Place.Offset is still one into the
// source; negative where there is none.
func (c *Comment) locate(d *Document) {
	if at := c.Place.Offset; at >= 0 && d.origin.unit != unitUnknown || d.origin.part == "" {
		c.Place = d.origin.place(max(at, 0))
		return
	}
	c.Place = d.Place(c.Offset)
}
