package survey

import (
	"bytes"
	"io"
)

// blockSize is how much text a block holds when a request does not say, unless
// a single row is longer.
const blockSize = 512 << 10

// block is a piece of delimited text that begins and ends with a row.
type block struct {
	number int // from 0, in the order of the file
	line   int // physical line, 1-based, on which it begins
	text   []byte
	cutOff bool // its only row is too long to be read
}

// blocks cuts delimited text into blocks, so that rows can be read by several
// workers at once. Its memory does not grow with the text.
type blocks struct {
	name  string
	src   io.Reader
	delim byte
	size  int // of a block, or 0 for blockSize

	number, line int
	rest         []byte // read, and not yet in a block
	err          error  // what src ended with
}

// next fills a block with the next rows; it reuses b.text. It is io.EOF when
// there are no more. A row too long to be read stands alone and unfinished in
// the last block: whoever reads it says what is wrong with it.
func (bs *blocks) next(b *block) error {
	text := append(b.text[:0], bs.rest...)
	bs.rest = bs.rest[:0]
	end, cutOff := 0, false
	for {
		if bs.err == nil {
			text = bs.fill(text)
		}
		if bs.err != nil && bs.err != io.EOF {
			return readFault(bs.name, bs.err)
		}
		if len(text) == 0 {
			return io.EOF
		}
		if bs.err == io.EOF {
			end = len(text)
			break
		}
		if end = rowsEnd(text, bs.delim); end > 0 {
			break
		}
		if len(text) > MaxRow {
			end, cutOff, bs.err = len(text), true, io.EOF
			break
		}
	}
	bs.rest = append(bs.rest, text[end:]...)
	*b = block{number: bs.number, line: bs.line, text: text[:end], cutOff: cutOff}
	bs.number++
	bs.line += lineEnds(b.text)
	return nil
}

// fill reads on, as much again as there is or to a whole block.
func (bs *blocks) fill(text []byte) []byte {
	size := bs.size
	if size == 0 {
		size = blockSize
	}
	want := min(max(size, 2*len(text)), MaxRow+blockSize)
	if cap(text) < want {
		text = append(make([]byte, 0, want), text...)
	}
	idle := 0
	for len(text) < want && bs.err == nil {
		n, err := bs.src.Read(text[len(text):want])
		text = text[:len(text)+n]
		bs.err = err
		if n > 0 {
			idle = 0
		} else if idle++; idle == 100 && err == nil {
			bs.err = io.ErrNoProgress
		}
	}
	return text
}

// rowsEnd is where the last complete row of text ends, 0 when there is none.
// Text begins with a row. Line ends inside quotes end no row.
func rowsEnd(text []byte, delim byte) int {
	end, at := 0, 0
	for {
		q := bytes.IndexByte(text[at:], '"')
		if q < 0 {
			return max(end, lastLineEnd(text, at, len(text)))
		}
		q += at
		end = max(end, lastLineEnd(text, at, q))
		at = q + 1
		if q > 0 && text[q-1] != delim && text[q-1] != '\n' && text[q-1] != '\r' {
			continue // an ordinary character inside a cell
		}
		_, after, closed := nextSpan(text, q, delim)
		if !closed || after == len(text) {
			return end
		}
		at = after
	}
}

// lastLineEnd is the offset after the last line end within text[from:to], or 0.
// A carriage return that ends the text may be half of a line end.
func lastLineEnd(text []byte, from, to int) int {
	if i := bytes.LastIndexByte(text[from:to], '\n'); i >= 0 {
		return from + i + 1
	}
	if i := bytes.LastIndexByte(text[from:to], '\r'); i >= 0 && from+i+1 < len(text) {
		return from + i + 1
	}
	return 0
}
