// Package jsonrows reads answers in JSON as the rows of a table: one object
// for each respondent, either in an array, or one after the other as in NDJSON
// and in the exports of SurveyJS, or in an array within an object such as
// {"responses": [...]}.
//
// JSON is read strictly (RFC 8259, UTF-8, no key twice in an object), and as a
// stream: memory does not grow with the number of respondents. What a
// respondent answered is never part of an error; keys may be.
package jsonrows

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// Limits of the answers. They bound the memory a reader takes, whatever it is
// fed.
const (
	MaxCell    = 1 << 20  // bytes in one text, or in the texts of one list together
	MaxColumns = 16_384   // keys, those that hold further keys included
	MaxName    = 16 << 10 // bytes in the name of one column
	MaxNames   = 16 << 20 // bytes in the names of all columns
	MaxRow     = 16 << 20 // bytes in one object
	MaxDepth   = 32       // objects and lists within each other
	Window     = 32 << 20 // bytes of a stream that are looked at before the first row
)

// Reader reads respondents as rows of one width.
//
// Columns are named by keys, in the order in which these first appear. A key
// within an object is named with those around it: {"culture": {"listens": 5}}
// is the column "culture.listens". The texts, numbers and truth values of a
// list are one cell, joined with ";", without those that are null. Objects and
// lists within a list have their place in it as a key, counted from 1:
// "visits.1.rating".
//
// Cells are texts without quotes and escapes, numbers as they are written, and
// "true" and "false". Null, an empty list and a key that is not there are
// empty.
//
// Which keys there are is known only at the end: the last respondent may be
// the first to answer an optional question. So the whole input is looked
// through for keys before the first row. When it is longer than Window that
// means reading it twice, which takes a source that can go back to its start,
// such as a file. Of one that cannot, such as a pipe, the first Window bytes
// are looked through and a key that first appears after them is an error,
// unless AllowLate says that it is not needed.
type Reader struct {
	name   string
	header []string
	parser *parser
	cells  [][]byte
	late   lateKeys
	err    error // what Next answers from now on
}

// Row is one respondent.
type Row struct {
	Line  int      // physical line, 1-based, on which the object starts
	Cells [][]byte // one for each column of the header; valid until the next call of Next
}

// Open looks through the answers for keys. The name is how the user calls the
// file and only stands in errors. When r can go back (is an io.Seeker that
// works), its position is where the answers start.
//
// The error is a problem.Problem when the input is empty, is no JSON, holds no
// objects, or goes beyond a limit; what stands behind the first Window bytes
// of a source that cannot go back is found by Next. Any other error is that of
// r, wrapped.
func Open(name string, r io.Reader) (*Reader, error) { return open(name, r, Window) }

func open(name string, r io.Reader, window int) (*Reader, error) {
	keys := newKeys()
	rd := &Reader{name: name}
	learn, again, err := rd.passes(r, window)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	learner := newParser(name, learn, keys)
	if err := learner.learn(); err != nil {
		return nil, err
	}
	second, err := again()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	keys.late = &rd.late
	rd.header = keys.names
	rd.cells = make([][]byte, len(rd.header))
	rd.parser = newParser(name, second, keys)
	rd.parser.object = learner.object
	return rd, nil
}

// passes gives what to look through for keys, and what to read rows from
// after that.
func (r *Reader) passes(src io.Reader, window int) (learn io.Reader, again func() (io.Reader, error), err error) {
	if seeker, ok := src.(io.Seeker); ok {
		if start, err := seeker.Seek(0, io.SeekCurrent); err == nil {
			r.late.known = true
			return src, func() (io.Reader, error) {
				_, err := seeker.Seek(start, io.SeekStart)
				return src, err
			}, nil
		}
	}
	first, whole, err := readWindow(src, window)
	if err != nil {
		return nil, nil, err
	}
	r.late.known = whole
	end, rest := io.Reader(endOfWindow{}), src
	if whole {
		// It must not be read on: a terminal would wait for more.
		end, rest = strings.NewReader(""), strings.NewReader("")
	}
	return io.MultiReader(append(first(), end)...), func() (io.Reader, error) {
		return io.MultiReader(append(first(), rest)...), nil
	}, nil
}

// readWindow reads up to size bytes, and says whether that was the whole
// input. It keeps them in pieces, since one piece that grows would take twice
// the memory while it is moved.
func readWindow(r io.Reader, size int) (pieces func() []io.Reader, whole bool, err error) {
	const most = 1 << 20
	var kept [][]byte
	for size > 0 && !whole {
		piece := make([]byte, min(size, most))
		n, err := io.ReadFull(r, piece)
		whole = err == io.EOF || err == io.ErrUnexpectedEOF
		if err != nil && !whole {
			return nil, false, err
		}
		kept = append(kept, piece[:n])
		size -= n
	}
	return func() []io.Reader {
		readers := make([]io.Reader, 0, len(kept)+1)
		for _, piece := range kept {
			readers = append(readers, bytes.NewReader(piece))
		}
		return readers
	}, whole, nil
}

// endOfWindow is the end of what is looked through of a stream.
type endOfWindow struct{}

var errWindow = errors.New("end of the window")

func (endOfWindow) Read([]byte) (int, error) { return 0, errWindow }

// learn looks through the input for keys.
func (p *parser) learn() error {
	for objects := 0; ; objects++ {
		_, err := p.next()
		window := errors.Is(err, errWindow)
		switch {
		case err == io.EOF && objects == 0:
			return problem.Problem{File: p.name, What: "holds no respondent", Hint: hintShape}
		case (err == io.EOF || window) && len(p.keys.names) == 0:
			return problem.Problem{File: p.name, What: "its objects have no keys", Hint: hintShape}
		case err == io.EOF || window:
			return nil
		case err != nil:
			return err
		}
	}
}

// Header returns the names of the columns. It stays the same while rows are
// read.
func (r *Reader) Header() []string { return r.header }

// AllowLate has keys passed over that first appear when the header is made
// already, if unneeded says of their name that nothing asks for it. Without it
// every such key is an error. It is to be called before the first Next.
func (r *Reader) AllowLate(unneeded func(name string) bool) { r.late.unneeded = unneeded }

// LateKeys returns the names of the keys that were passed over so far because
// of AllowLate, each once.
func (r *Reader) LateKeys() []string { return slices.Clone(r.late.names) }

// Next returns the next respondent, or io.EOF after the last one. Its cells
// are valid until the next call. A broken object is a problem.Problem with its
// line, and so is a key that the header lacks, see AllowLate; any other error
// is that of the source, wrapped. Errors are final: the next call returns the
// same.
func (r *Reader) Next() (Row, error) {
	if r.err != nil {
		return Row{}, r.err
	}
	for _, set := range r.parser.set {
		r.cells[set.column] = nil
	}
	line, err := r.parser.next()
	if err != nil {
		r.err = err
		return Row{}, err
	}
	text := r.parser.text
	for _, set := range r.parser.set {
		r.cells[set.column] = text[set.start:set.end:set.end]
	}
	return Row{Line: line, Cells: r.cells}, nil
}
