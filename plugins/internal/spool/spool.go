// Package spool puts more items in order than memory holds: it sorts what fits,
// spills sorted runs to a private temporary file, and merges them on reading.
// As long as everything fits, nothing touches the disk.
package spool

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"
)

// defaultLimit is how many bytes are held in memory unless told otherwise.
const defaultLimit = 64 << 20

// MaxItem is the longest order and the longest value, in bytes.
const MaxItem = 1 << 30

// ErrFile says that the temporary file failed: the disk is full, say. Errors of
// this package that come from the file wrap it and what the system said.
var ErrFile = errors.New("temporary file")

// FileError says what could not be done with the temporary file. It wraps
// [ErrFile] and the error of the system.
type FileError struct {
	Op  string // "make", "write", "read"
	Dir string // the folder that it is in
	Err error
}

// Error names the folder, what was tried and why it failed.
func (e *FileError) Error() string {
	return fmt.Sprintf("%s a temporary file in %s: %v", e.Op, e.Dir, e.Err)
}

// Unwrap returns ErrFile and the error of the system.
func (e *FileError) Unwrap() []error { return []error{ErrFile, e.Err} }

// Hint says what to do about it.
func (e *FileError) Hint() string {
	return "make room in " + e.Dir + ", or name another folder for temporary files in TMPDIR (TMP on Windows)"
}

// Sorter takes items and gives them back in the order of their orders' bytes.
// Items of the same order come in the order they were added. It is for one
// goroutine at a time. After an error every later call but Close fails with it.
type Sorter struct {
	dir   string
	limit int

	chunks  [][]byte // the arena: texts of items, order and value one after the other
	free    [][]byte // chunks to be used again
	entries []entry
	used    int // bytes that items take, their entries and what is wasted between them included
	count   int

	file   *os.File // the runs, one after the other; nil: nothing was spilled
	runs   []span
	end    int64
	sorted bool // Cursor was called: nothing can be added any more
	failed error
}

// entry is an item in the arena. Chunk and offset grow with every item, so that
// they tell which of two came first.
type entry struct {
	prefix uint64 // the first bytes of the order: most comparisons need no more
	chunk  uint32
	offset uint32
	order  uint32 // length
	value  uint32 // length
}

const (
	entrySize = 24
	chunkSize = 1 << 20 // of all chunks but the first few and those of larger values
)

// New makes an empty Sorter. dir is where the temporary file is made when one is
// needed, "" means [os.TempDir]. limit is how many bytes of items are held in
// memory before they are spilled, 0 means 64 MiB; merging takes some more, up to
// about 6 MiB and the largest value.
func New(dir string, limit int) *Sorter {
	if dir == "" {
		dir = os.TempDir()
	}
	if limit <= 0 {
		limit = defaultLimit
	}
	return &Sorter{dir: dir, limit: limit}
}

var (
	errClosed = errors.New("spool: closed")
	errSorted = errors.New("spool: nothing can be added once items were read")
	errSize   = errors.New("spool: an order or value of 1 GiB or more")
)

// Add takes one more item, of which it keeps a copy. A value larger than the
// limit goes straight to the file. The error is a [*FileError], or tells a wrong
// use.
func (s *Sorter) Add(order string, value []byte) error {
	switch {
	case s.failed != nil:
		return s.failed
	case s.sorted:
		return errSorted
	case len(order) >= MaxItem || len(value) >= MaxItem:
		return errSize
	}
	size := len(order) + len(value) + entrySize
	if s.used > 0 && s.used+size > s.limit {
		if err := s.spill(); err != nil {
			return s.fail(err)
		}
	}
	s.count++
	if size > s.limit {
		return s.fail(s.spillAlone(order, value))
	}
	s.used += size
	e := entry{prefix: prefixOf(order), order: uint32(len(order)), value: uint32(len(value))}
	e.chunk, e.offset = s.room(len(order) + len(value))
	chunk := append(append(s.chunks[e.chunk], order...), value...)
	s.chunks[e.chunk] = chunk
	s.entries = append(s.entries, e)
	return nil
}

// Len is how many items were added.
func (s *Sorter) Len() int { return s.count }

// Cursor ends adding and returns a walk over all items from the first. There may
// be several; each takes memory for its merge. A Cursor is of no use once the
// Sorter is closed.
func (s *Sorter) Cursor() (*Cursor, error) {
	if s.failed != nil {
		return nil, s.failed
	}
	if !s.sorted {
		if err := s.finish(); err != nil {
			return nil, s.fail(err)
		}
		s.sorted = true
	}
	if s.file == nil {
		return &Cursor{sorter: s}, nil
	}
	m, err := newMerge(s.file, s.runs)
	if err != nil {
		return nil, s.fileError("read", err)
	}
	return &Cursor{sorter: s, merge: m}, nil
}

// Close frees memory and the temporary file. It may be called more than once.
func (s *Sorter) Close() error {
	file := s.file
	s.drop()
	s.runs, s.file = nil, nil
	s.failed = errClosed
	if file == nil {
		return nil
	}
	return discard(file)
}

func (s *Sorter) fail(err error) error {
	if err != nil {
		s.failed = err
	}
	return err
}

// room finds place for size bytes at the end of the arena. Chunks begin small,
// so that few items cost little.
func (s *Sorter) room(size int) (chunk, offset uint32) {
	last := len(s.chunks) - 1
	if last >= 0 {
		left := cap(s.chunks[last]) - len(s.chunks[last])
		if size <= left {
			return uint32(last), uint32(len(s.chunks[last]))
		}
		s.used += left
	}
	s.chunks = append(s.chunks, s.newChunk(size))
	return uint32(last + 1), 0
}

func (s *Sorter) newChunk(size int) []byte {
	if n := len(s.free); n > 0 && size <= chunkSize {
		chunk := s.free[n-1]
		s.free = s.free[:n-1]
		return chunk
	}
	grown := 4 << 10
	if n := len(s.chunks); n > 0 {
		grown = min(2*cap(s.chunks[n-1]), chunkSize)
	}
	return make([]byte, 0, max(grown, size))
}

func (s *Sorter) orderOf(e entry) []byte {
	return s.chunks[e.chunk][e.offset:][:e.order]
}

func (s *Sorter) valueOf(e entry) []byte {
	return s.chunks[e.chunk][e.offset+e.order:][:e.value:e.value]
}

func (s *Sorter) sort() {
	slices.SortFunc(s.entries, func(a, b entry) int {
		switch {
		case a.prefix < b.prefix:
			return -1
		case a.prefix > b.prefix:
			return 1
		}
		if c := bytes.Compare(s.orderOf(a), s.orderOf(b)); c != 0 {
			return c
		}
		// Never the same: that makes it stable.
		if a.chunk != b.chunk {
			return int(a.chunk) - int(b.chunk)
		}
		return int(int64(a.offset) - int64(b.offset))
	})
}

// prefixOf gives the first eight bytes as a number that compares like them.
func prefixOf(order string) uint64 {
	var head [8]byte
	copy(head[:], order)
	return binary.BigEndian.Uint64(head[:])
}
