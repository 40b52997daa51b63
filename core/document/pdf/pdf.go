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
	"errors"
	"strings"
)

// What is wrong with a file, for errors.Is.
var (
	ErrDamaged   = errors.New("is damaged")
	ErrProtected = errors.New("is protected with a password")
	ErrTooLarge  = errors.New("takes more work to read than its size accounts for")
	ErrNoText    = errors.New("has no text")
	ErrUnmapped  = errors.New("does not tell which characters most of its text is made of")
)

// Text is the text of a file.
type Text struct {
	Blocks []Block
	Pages  int
	Info   Info
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

// Read reads a file.
func Read(data []byte) (*Text, error) {
	f, err := open(data)
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
	var all [][]fragment
	for _, p := range pages {
		all = append(all, f.fragments(p))
	}
	switch {
	case f.over:
		return nil, ErrTooLarge
	case f.broken > 0:
		return nil, ErrDamaged
	case f.unmapped > f.mapped/2:
		return nil, ErrUnmapped
	}
	t.Blocks = layout(all)
	if len(t.Blocks) == 0 {
		return nil, ErrNoText
	}
	return t, nil
}

// cause is why nothing could be read.
func (f *file) cause(otherwise error) error {
	if f.over {
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
