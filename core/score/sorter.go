package score

import (
	"bufio"
	"bytes"
	"container/heap"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// sorter puts rows of one size in the order of their first bytes. What does not
// fit into memory waits in a temporary file, which only its owner may read and
// which is removed as soon as it is open.
type sorter struct {
	size, keys int
	budget     int // rows held in memory
	buf        []byte
	file       *os.File
	runs       []int64 // where each sorted run in the file ends
}

// sorterBytes is how much memory rows take before they go to disk.
const sorterBytes = 64 << 20

// newSorter sorts rows of that size by their first keys bytes.
func newSorter(size, keys int) *sorter {
	return &sorter{size: size, keys: keys, budget: max(1, sorterBytes/size)}
}

// row is where the next row is to be written, before add.
func (s *sorter) row() []byte {
	s.buf = slices.Grow(s.buf, s.size)
	return s.buf[len(s.buf) : len(s.buf)+s.size]
}

// add takes the row in.
func (s *sorter) add() error {
	s.buf = s.buf[:len(s.buf)+s.size]
	if len(s.buf) < s.budget*s.size {
		return nil
	}
	return s.spill()
}

// spill sorts what is in memory and moves it to disk.
func (s *sorter) spill() error {
	if s.file == nil {
		f, err := os.CreateTemp("", "firstcall-*") // mode 0600
		if err != nil {
			return fmt.Errorf("match people: %w", err)
		}
		s.file = f
		// Where an open file can't be removed, close does it.
		_ = os.Remove(f.Name())
	}
	w := bufio.NewWriterSize(s.file, 256<<10)
	for _, row := range s.inOrder() {
		if _, err := w.Write(row); err != nil {
			return fmt.Errorf("match people: %w", err)
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("match people: %w", err)
	}
	end := int64(len(s.buf))
	if n := len(s.runs); n > 0 {
		end += s.runs[n-1]
	}
	s.runs = append(s.runs, end)
	s.buf = s.buf[:0]
	return nil
}

func (s *sorter) inOrder() [][]byte {
	rows := make([][]byte, 0, len(s.buf)/s.size)
	for at := 0; at < len(s.buf); at += s.size {
		rows = append(rows, s.buf[at:at+s.size])
	}
	slices.SortFunc(rows, func(a, b []byte) int { return bytes.Compare(a[:s.keys], b[:s.keys]) })
	return rows
}

// sorted returns a function that gives the rows in order, each valid until the
// next call, and nil after the last.
func (s *sorter) sorted() (func() ([]byte, error), error) {
	if s.file == nil {
		rows := s.inOrder()
		return func() ([]byte, error) {
			if len(rows) == 0 {
				return nil, nil
			}
			row := rows[0]
			rows = rows[1:]
			return row, nil
		}, nil
	}
	if err := s.spill(); err != nil {
		return nil, err
	}
	m := &merger{keys: s.keys}
	from := int64(0)
	for _, end := range s.runs {
		r := &sortedRun{in: bufio.NewReaderSize(io.NewSectionReader(s.file, from, end-from), 64<<10), row: make([]byte, s.size)}
		from = end
		more, err := r.next()
		if err != nil {
			return nil, err
		}
		if more {
			m.runs = append(m.runs, r)
		}
	}
	heap.Init(m)
	out := make([]byte, s.size)
	return func() ([]byte, error) { return m.take(out) }, nil
}

// close removes what is on disk.
func (s *sorter) close() {
	if s.file != nil {
		_ = s.file.Close()
		_ = os.Remove(s.file.Name())
	}
}

// sortedRun is a sorted run of which row is the next.
type sortedRun struct {
	in  *bufio.Reader
	row []byte
}

func (r *sortedRun) next() (bool, error) {
	_, err := io.ReadFull(r.in, r.row)
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, io.EOF):
		return false, nil
	}
	return false, fmt.Errorf("match people: %w", err)
}

// merger is a heap of runs by their next row.
type merger struct {
	keys int
	runs []*sortedRun
}

func (m *merger) Len() int { return len(m.runs) }
func (m *merger) Less(i, j int) bool {
	return bytes.Compare(m.runs[i].row[:m.keys], m.runs[j].row[:m.keys]) < 0
}
func (m *merger) Swap(i, j int) { m.runs[i], m.runs[j] = m.runs[j], m.runs[i] }
func (m *merger) Push(any)      {}
func (m *merger) Pop() any {
	last := len(m.runs) - 1
	r := m.runs[last]
	m.runs = m.runs[:last]
	return r
}

// take gives the least row of all runs.
func (m *merger) take(out []byte) ([]byte, error) {
	if len(m.runs) == 0 {
		return nil, nil
	}
	r := m.runs[0]
	copy(out, r.row)
	more, err := r.next()
	if err != nil {
		return nil, err
	}
	if more {
		heap.Fix(m, 0)
	} else {
		heap.Pop(m)
	}
	return out, nil
}
