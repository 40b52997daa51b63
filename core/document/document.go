// Package document turns the files that people keep statements and job
// descriptions in into plain text: Markdown, text, HTML, Word (.docx),
// OpenDocument (.odt, .fodt) and PDF. With the text come its blocks, the
// comments of the source, what the file says of itself, and for every byte of
// the text its place in the file.
//
// It judges nothing. What it leaves out is what a reader of the document does
// not see (comments, scripts, deleted and hidden text) or what does not belong
// to its running text (the navigation of a web page, pictures with the text that
// stands for them; headers, footers and notes are kept apart as margins). In the
// formats of word processors a directive in a paragraph of its own is a comment,
// as on a line of its own in a text.
package document

import (
	"context"
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

	// Fields are what the file says of itself under names of its author's
	// choice: at most 256, in the order of the source. See [Field].
	Fields []Field

	// Margins stand around the text and are no part of it: headers, footers and
	// notes, at most 256. Each distinct text of a kind is there once.
	Margins []Margin

	// Pending counts the changes to the text that the document keeps track of
	// and that nobody has accepted or rejected yet (Word and OpenDocument): what
	// was inserted is in the text, what was deleted is not. A change that goes
	// across paragraphs may count as several.
	Pending int

	origin *origin
}

// Field is something that a file says of itself by name.
//
//   - Markdown: the keys of the front matter (YAML or TOML). Those within another
//     are joined to it with a dot, as in params.date, and the entries of a list
//     with a comma and a space.
//   - HTML: the name, property, itemprop or http-equiv of each meta element with
//     a content; and of a JobPosting in JSON-LD jobposting.title,
//     jobposting.dateposted, jobposting.validthrough, jobposting.datemodified and
//     jobposting.hiringorganization.
//   - Word: the custom properties. OpenDocument: the ones that its user defined.
//
// Text and PDF have none.
type Field struct {
	Key   string // in lower case, never empty; may occur several times
	Value string // on one line, at most 1,000 bytes; may be empty
	Place Place  // of the key in a Markdown file, of the tag in HTML; else its Line is 0 and its Offset -1
}

// Margin is a text that stands around the text of a document.
type Margin struct {
	Kind   MarginKind
	Text   string // with a line end between paragraphs and a tab between cells; at most 10,000 bytes
	Offset int    // into Document.Text, where the mark of a Note stands; -1 for other kinds
	Place  Place  // of the mark of a Note; else only its Part is set, where one is known, and its Offset is -1
}

// MarginKind is where a margin stands.
type MarginKind uint8

// The kinds of margins.
const (
	Header MarginKind = iota // at the top of pages
	Footer                   // at the bottom of pages
	Note                     // a footnote or an endnote of Word or OpenDocument
)

// String gives the name of the kind, such as "footer".
func (k MarginKind) String() string {
	names := [...]string{"header", "footer", "note"}
	if int(k) < len(names) {
		return names[k]
	}
	return "margin"
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

// Properties are what a file says of itself. What it does not say is empty, and
// so is what every file says that some program made from its own template.
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
// ErrEmpty, ErrScanned, ErrProtected, ErrForeign, ErrDamaged and ErrTooLarge. Read
// takes the time that the file takes; see [ReadGuarded] for files of others.
func Read(name string, data []byte) (*Document, error) {
	d, err := read(context.Background(), name, data)
	if err != nil {
		return nil, named(name, err)
	}
	return d, nil
}

func read(ctx context.Context, name string, data []byte) (*Document, error) {
	if len(data) > maxSource {
		return nil, tooLarge("is larger than 1 GiB")
	}
	c := &clock{ctx: ctx}
	format, err := formatFor(c, name, data)
	if err != nil {
		return nil, err
	}
	d := &Document{Format: format}
	c.up(watched)
	switch format {
	case DOCX:
		err = d.readDOCX(c, data)
	case ODT:
		err = d.readODT(c, data)
	case PDF:
		err = d.readPDF(c, data)
	default:
		err = d.readSource(c, data)
	}
	if c.err != nil {
		err = c.fault()
	}
	if err != nil {
		return nil, err
	}
	if blank(d.Text) {
		return nil, empty("has no text", "")
	}
	d.locateAll()
	return d, nil
}

// maxSource is how many bytes a file may have. Places are kept in 32 bits.
const maxSource = 1 << 30

// readSource reads one of the formats that are text themselves.
func (d *Document) readSource(c *clock, data []byte) error {
	s, err := decode(data, d.Format)
	if err != nil {
		return err
	}
	if c.up(watched) {
		return c.fault()
	}
	w := newWriter(d, c, s.text)
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
