package journal

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/go-json-experiment/json"

	"github.com/firstcall-cli/firstcall/core/record"
)

const (
	wasChanged = "is not as it was written"
	wasCut     = "is cut off"
)

// snapshot walks the entries of a snapshot in order and holds one of them.
type snapshot struct {
	path       string
	file       *os.File // nil in tests and for a journal without a snapshot
	lines      *lineReader
	generation uint64
	run        run

	key, order string // of the entry it is at; "" before the first and after the last
	text       []byte
	entries    int // so far
	ended      bool
}

// openSnapshot opens a snapshot before its first entry. Where there is no file
// it is of generation 0 and has no entries.
func openSnapshot(path string) (*snapshot, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &snapshot{path: path, ended: true}, nil
	}
	if err != nil {
		return nil, err
	}
	s, err := readSnapshot(path, file)
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	s.file = file
	return s, nil
}

func readSnapshot(path string, in io.Reader) (*snapshot, error) {
	s := &snapshot{path: path, lines: newLineReader(in)}
	l, err := s.line()
	if err != nil {
		return nil, err
	}
	var head snapshotLine
	if err := json.Unmarshal(l.text, &head); err != nil || head.Snapshot < 1 {
		return nil, s.damaged(l, wasChanged)
	}
	if head.Snapshot > version {
		return nil, &VersionError{path, head.Snapshot}
	}
	if head.Generation == 0 {
		return nil, s.damaged(l, wasChanged)
	}
	s.generation, s.run = head.Generation, run{head.Run, head.Attempt, head.Finished}
	return s, nil
}

func (s *snapshot) damaged(l line, what string) error {
	return &DamagedError{File: s.path, Line: max(l.number, 1), What: what}
}

// line returns the next line, which must be there and be good.
func (s *snapshot) line() (line, error) {
	l, err := s.lines.next()
	switch {
	case err == io.EOF:
		return l, s.damaged(line{number: s.lines.number}, wasCut)
	case err != nil:
		return l, err
	case l.text == nil:
		return l, s.damaged(l, wasChanged)
	}
	return l, nil
}

// next moves on to the next entry and says whether there is one.
func (s *snapshot) next() (bool, error) {
	if s.ended {
		return false, nil
	}
	l, err := s.line()
	if err != nil {
		return false, err
	}
	key, ok := keyOf(l.text)
	if !ok {
		return false, s.end(l)
	}
	order := record.Order(key)
	if s.entries > 0 && order <= s.order {
		return false, s.damaged(l, "is out of order")
	}
	s.key, s.order, s.text = key, order, l.text
	s.entries++
	return true, nil
}

// end takes a line that is no entry: it must be the last, and count them.
func (s *snapshot) end(l line) error {
	var last snapshotLine
	if err := json.Unmarshal(l.text, &last); err != nil || last.Entries == nil {
		return s.damaged(l, wasChanged)
	}
	if *last.Entries != s.entries {
		return s.damaged(l, "does not count the lines before it")
	}
	if more, err := s.lines.next(); err == nil {
		return s.damaged(more, "comes after the end")
	} else if err != io.EOF {
		return err
	}
	s.key, s.order, s.text, s.ended = "", "", nil, true
	return nil
}

// entry reads the entry it is at.
func (s *snapshot) entry() (Entry, error) {
	e, ok := entryOf(s.text)
	if !ok {
		return Entry{}, s.damaged(line{number: s.lines.number}, wasChanged)
	}
	return e, nil
}

func (s *snapshot) close() error {
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}
