package spool

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math/bits"
)

const (
	maxRuns    = 64 // that one merge reads
	readBuffer = 64 << 10
)

// Cursor walks the items of a Sorter in order. It is for one goroutine.
type Cursor struct {
	sorter *Sorter
	at     int    // how many items were given out
	merge  *merge // nil: everything is in memory
	failed error
}

// Next returns the next item, and [io.EOF] after the last. The value is good
// until the next call of Next or Close. Other errors are [*FileError].
func (c *Cursor) Next() (order string, value []byte, err error) {
	switch {
	case c.failed != nil:
		return "", nil, c.failed
	case c.sorter.failed != nil:
		return "", nil, c.sorter.failed
	case c.merge != nil:
		return c.nextMerged()
	case c.at == len(c.sorter.entries):
		return "", nil, io.EOF
	}
	e := c.sorter.entries[c.at]
	c.at++
	return string(c.sorter.orderOf(e)), c.sorter.valueOf(e), nil
}

func (c *Cursor) nextMerged() (string, []byte, error) {
	order, value, err := c.merge.next()
	if err == io.EOF && c.at != c.sorter.count {
		err = errRun
	}
	c.at++
	if err != nil {
		if err != io.EOF {
			err = c.sorter.fileError("read", err)
		}
		c.failed = err
		return "", nil, err
	}
	return string(order), value, nil
}

// Close frees what the walk needed. It may be called more than once.
func (c *Cursor) Close() error {
	c.failed, c.merge = errClosed, nil
	return nil
}

// merge reads several runs as one.
type merge struct {
	heap  []*runReader // the one with the least order first
	taken bool         // the item of heap[0] was given out
	value []byte       // room for the value given out
}

func newMerge(file io.ReaderAt, runs []span) (*merge, error) {
	m := &merge{}
	for i, run := range runs {
		r := &runReader{index: i, left: run.end - run.start}
		r.in = bufio.NewReaderSize(io.NewSectionReader(file, run.start, r.left), readBuffer)
		more, err := r.advance()
		if err != nil {
			return nil, err
		}
		if more {
			m.heap = append(m.heap, r)
		}
	}
	for i := len(m.heap)/2 - 1; i >= 0; i-- {
		m.sink(i)
	}
	return m, nil
}

// next returns the next item, good until the next call.
func (m *merge) next() (order, value []byte, err error) {
	if m.taken {
		m.taken = false
		if err := m.step(); err != nil {
			return nil, nil, err
		}
	}
	if len(m.heap) == 0 {
		return nil, nil, io.EOF
	}
	r := m.heap[0]
	// Values are read only now: the orders are all that is held of each run.
	if m.value, err = r.read(m.value, r.valueSize); err != nil {
		return nil, nil, err
	}
	m.taken = true
	return r.order, m.value, nil
}

// step moves the first run on to its next item.
func (m *merge) step() error {
	more, err := m.heap[0].advance()
	if err != nil {
		return err
	}
	if !more {
		last := len(m.heap) - 1
		m.heap[0], m.heap[last] = m.heap[last], nil
		m.heap = m.heap[:last]
	}
	m.sink(0)
	return nil
}

func (m *merge) sink(i int) {
	for {
		least := 2*i + 1
		if least >= len(m.heap) {
			return
		}
		if right := least + 1; right < len(m.heap) && m.heap[right].before(m.heap[least]) {
			least = right
		}
		if m.heap[i].before(m.heap[least]) {
			return
		}
		m.heap[i], m.heap[least] = m.heap[least], m.heap[i]
		i = least
	}
}

// runReader reads one run, the order of an item before its value.
type runReader struct {
	in        *bufio.Reader
	index     int   // of the run: earlier ones come first when orders are the same
	left      int64 // bytes not read yet
	prefix    uint64
	order     []byte
	valueSize uint64
}

func (r *runReader) before(other *runReader) bool {
	if r.prefix != other.prefix {
		return r.prefix < other.prefix
	}
	if c := bytes.Compare(r.order, other.order); c != 0 {
		return c < 0
	}
	return r.index < other.index
}

var errRun = errors.New("is not what was written there")

// advance reads the order of the next item. The value before was read.
func (r *runReader) advance() (more bool, err error) {
	if r.left == 0 {
		return false, nil
	}
	orderSize, err := r.size()
	if err == nil {
		r.valueSize, err = r.size()
	}
	if err == nil {
		r.order, err = r.read(r.order, orderSize)
	}
	if err != nil {
		return false, err
	}
	var head [8]byte
	copy(head[:], r.order)
	r.prefix = binary.BigEndian.Uint64(head[:])
	return true, nil
}

// size reads a length and refuses one that is more than what is left.
func (r *runReader) size() (uint64, error) {
	n, err := binary.ReadUvarint(r.in)
	if err != nil {
		return 0, noEOF(err)
	}
	r.left -= int64(bits.Len64(n|1)+6) / 7 // what a writer takes for it
	if r.left < 0 || n > uint64(r.left) {
		return 0, errRun
	}
	return n, nil
}

// read fills room with the next n bytes, and makes it larger when it has to.
func (r *runReader) read(room []byte, n uint64) ([]byte, error) {
	if n > uint64(r.left) {
		return nil, errRun
	}
	r.left -= int64(n)
	if uint64(cap(room)) < n {
		room = make([]byte, n)
	}
	room = room[:n]
	if _, err := io.ReadFull(r.in, room); err != nil {
		return nil, noEOF(err)
	}
	return room, nil
}

// noEOF keeps a file that ends too early from passing for the end of the items.
func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
