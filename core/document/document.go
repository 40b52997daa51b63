// Package document turns the files that people keep statements and job
// descriptions in into plain text: Markdown, text, HTML, Word (.docx),
// OpenDocument (.odt, .fodt) and PDF. With the text come its blocks, the
// comments of the source, what the file says of itself, and for every byte of
// the text its place in the file.
//
// It judges nothing. What it leaves out is what a reader of the document does
// not see (comments, scripts, deleted and hidden text) or what does not belong
// to its running text (headers, footers and notes of a word processor, the
// navigation of a web page, pictures with the text that stands for them). In the
// formats of word processors a directive in a paragraph of its own is a comment,
// as on a line of its own in a text.
package document

import (
	"time"

	"github.com/firstcall-cli/firstcall/core/prose"
)

// Document is the text of a file.
type Document struct {
	Format Format

	// Text is UTF-8 without markup and without control characters but line ends
	// (\n) and tabs. Blocks have an empty line between them, except in a table:
	// there a tab stands between the cells of a row and a line end between rows.
	// Lines within a block are as in the source of a text or Markdown; elsewhere
	// a line end is one that the author made.
	Text string

	// Blocks are in order and do not overlap; none is empty. Plain text has
	// none: its structure is for its reader to guess.
	Blocks []Block

	Comments   []Comment
	Properties Properties

	origin *origin
}

// Block is a piece of the text that no sentence crosses.
type Block struct {
	prose.Span
	Kind  BlockKind
	Level int // of a Heading 1-6; of an Item or a Quote how deeply it is nested, from 1; else 0
}

// BlockKind is what a block is in the layout of its document.
type BlockKind uint8

// The kinds of blocks.
const (
	Paragraph BlockKind = iota // running text, also a further paragraph of a list item
	Heading                    // a heading or the title
	Item                       // an entry of a list; its mark is outside the span
	Quote                      // a paragraph of a quotation
	Cell                       // a paragraph of a table cell
	Code                       // preformatted: no prose
)

// String gives the name of the kind, such as "list item".
func (k BlockKind) String() string {
	names := [...]string{"paragraph", "heading", "list item", "quotation", "table cell", "code"}
	if int(k) < len(names) {
		return names[k]
	}
	return "block"
}

// Comment is a comment of the source. It is no part of the text.
type Comment struct {
	Offset int    // into the text, where the comment stands: one on lines of its own stands where the text goes on after it
	Text   string // without its marks and the space around it; begins with "firstcall:" where it is a directive
	Place  Place  // of the comment itself; of the text at Offset where the format has no plain source
}

// Properties are what a file says of itself. What it does not say is empty.
type Properties struct {
	Title    string
	Author   string
	Created  time.Time // the zero time when unknown
	Modified time.Time // the zero time when unknown
}

// Read reads a document. The extension of the name decides what it is; where
// there is none, or one that says nothing, the content does, and what is no
// markup is plain text. The name is also what errors call the file.
//
// Read keeps data: the text may share its memory, so it must not be changed.
//
// An error is a [problem.Problem] about the file and, for [errors.Is], one of
// ErrEmpty, ErrProtected, ErrForeign, ErrDamaged and ErrTooLarge.
func Read(name string, data []byte) (*Document, error) {
	d, err := read(name, data)
	if err != nil {
		return nil, named(name, err)
	}
	return d, nil
}

func read(name string, data []byte) (*Document, error) {
	if len(data) > maxSource {
		return nil, tooLarge("is larger than 1 GiB")
	}
	format, err := formatFor(name, data)
	if err != nil {
		return nil, err
	}
	d := &Document{Format: format}
	switch format {
	case DOCX:
		err = d.readDOCX(data)
	case ODT:
		err = d.readODT(data)
	case PDF:
		err = d.readPDF(data)
	default:
		err = d.readSource(data)
	}
	if err != nil {
		return nil, err
	}
	if blank(d.Text) {
		return nil, empty("has no text", "")
	}
	for i := range d.Comments {
		d.Comments[i].locate(d)
	}
	return d, nil
}

// maxSource is how many bytes a file may have. Places are kept in 32 bits.
const maxSource = 1 << 30

// readSource reads one of the formats that are text themselves.
func (d *Document) readSource(data []byte) error {
	s, err := decode(data, d.Format)
	if err != nil {
		return err
	}
	w := newWriter(d, s.text)
	switch d.Format {
	case Markdown:
		readMarkdown(w)
	case HTML:
		readHTML(w)
	default:
		readText(w)
	}
	w.finish()
	d.origin = &origin{source: s.text, runs: w.runs, unit: s.unit, base: s.base, size: len(data)}
	return nil
}
