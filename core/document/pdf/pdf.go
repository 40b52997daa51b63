// Package pdf reads the text of PDF files in the order in which people read it:
// paragraphs, headings and the entries of lists, without what a page only has
// for decoration.
//
// It reads what has to do with text and nothing else of the format: objects,
// cross references (also damaged ones), the usual compressions, files that are
// encrypted but open without a password, fonts and the operators that show text.
// A file cannot make it run for longer than its size accounts for.
package pdf

import (
	"context"
	"errors"
	"strings"
)

// What is wrong with a file, for errors.Is.
var (
	ErrDamaged   = errors.New("is damaged")
	ErrProtected = errors.New("is protected with a password")
	ErrTooLarge  = errors.New("takes more work to read than its size accounts for")
	ErrNoText    = errors.New("has no text")
	ErrScanned   = errors.New("has no text but pictures, which may be of one")
	ErrUnmapped  = errors.New("does not tell which characters most of its text is made of")
)

// Text is the text of a file.
type Text struct {
	Blocks  []Block
	Running []Running // each once, in the order of the pages
	Pages   int
	Info    Info
}

// Running is a line that stands at the top or the bottom of pages and is no part
// of the text: one of most pages, or one that the file marks as such. Lines that
// differ in their numbers alone count as one.
type Running struct {
	Text   string
	Page   int // the first that has it, from 1
	Bottom bool
}

// Info is what a file says of itself.
type Info struct {
	Title, Author     string
	Created, Modified string // as the file has it: D:20240131120000+01'00'
}

// Kind is what a block is.
type Kind uint8

// The kinds of blocks.
const (
	Paragraph Kind = iota
	Heading
	Item // an entry of a list, without its mark
	Cell // one of several texts in a line that are far apart
)

// Block is a piece of text that no sentence crosses.
type Block struct {
	Kind     Kind
	Level    int     // of a heading, or of an item in lists within lists; 0 when unknown
	Pieces   []Piece // what it has on each page; mostly one
	FirstRow bool    // a cell: none is above it
	First    bool    // a cell: the first in its row
}

// Piece is the part of a block that is on one page.
type Piece struct {
	Text string
	Page int // from 1
}

// Read reads a file. When the context is done it ends and gives its error.
func Read(ctx context.Context, data []byte) (*Text, error) {
	f, err := open(ctx, data)
	if err != nil {
		return nil, err
	}
	pages := f.pages()
	if len(pages) == 0 && !f.over && !f.rebuilt {
		f.rebuild()
		pages = f.pages()
	}
	if len(pages) == 0 {
		return nil, f.cause(ErrDamaged)
	}
	t := &Text{Pages: len(pages), Info: f.info()}
	f.tags = f.structure()
	all := make([][]fragment, len(pages))
	for i, p := range pages {
		all[i] = f.fragments(p)
		t.running(f.aside, i+1, middle(all[i], f.aside))
	}
	switch {
	case f.over:
		return nil, f.cause(nil)
	case f.broken > 0:
		return nil, ErrDamaged
	case f.unmapped > f.mapped/2:
		return nil, ErrUnmapped
	}
	text, running := withoutRunning(all)
	if t.Blocks = f.layout(text); len(t.Blocks) == 0 { // a form that is the same on each page
		t.Blocks, running = f.layout(all), nil
	}
	for i, fragments := range running {
		t.running(fragments, i+1, middle(text[i], fragments))
	}
	switch {
	case f.over:
		return nil, f.cause(nil)
	case len(t.Blocks) > 0:
		return t, nil
	case f.pictures > 0 || f.drawings >= manyDrawings:
		return nil, ErrScanned
	}
	return nil, ErrNoText
}

// manyDrawings is how many drawn shapes may be letters. A page without text has
// fewer.
const manyDrawings = 50

// cause is why nothing could be read.
func (f *file) cause(otherwise error) error {
	switch {
	case f.stopped != nil:
		return f.stopped
	case f.over:
		return ErrTooLarge
	}
	return otherwise
}

// info reads what the file says of itself.
func (f *file) info() Info {
	d := f.dict(f.trailer["Info"])
	get := func(key name) string {
		s, _ := f.resolve(d[key]).(text)
		return strings.TrimSpace(decodeText(string(s)))
	}
	return Info{get("Title"), get("Author"), get("CreationDate"), get("ModDate")}
}

// page is a page with what it inherits.
type page struct {
	number    int // of the object that it is
	dict      dict
	resources dict
	rotate    int
}

// missing notes that an object is not there. A file that is whole may point to
// one; in a damaged one it has been cut off.
func (f *file) missing() {
	if f.rebuilt {
		f.broken++
	}
}

// maxPages is how many pages a file may have.
const maxPages = 50_000

// pages lists the pages in order.
func (f *file) pages() []page {
	type node struct {
		object    any
		resources dict
		rotate    int
	}
	var found []page
	seen := map[ref]bool{}
	todo := []node{{object: f.dict(f.trailer["Root"])["Pages"]}}
	for len(todo) > 0 && len(found) < maxPages && f.spend(1) {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		r, is := n.object.(ref)
		if is {
			if seen[r] {
				continue
			}
			seen[r] = true
		}
		d := f.dict(n.object)
		if d == nil {
			f.missing()
			continue
		}
		if r := f.dict(d["Resources"]); r != nil {
			n.resources = r
		}
		if r, is := f.resolve(d["Rotate"]).(int); is {
			n.rotate = r
		}
		kids, is := f.resolve(d["Kids"]).(array)
		if !is {
			found = append(found, page{r.number, d, n.resources, n.rotate})
			continue
		}
		for i := len(kids) - 1; i >= 0; i-- {
			if _, isRef := kids[i].(ref); isRef {
				todo = append(todo, node{kids[i], n.resources, n.rotate})
			}
		}
	}
	return found
}
