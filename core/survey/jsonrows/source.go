package jsonrows

import (
	"bufio"
	"bytes"
	"io"
	"unicode/utf8"
)

// source is what a parser reads from. It keeps what the decoder was given of
// the current object, which bounds how much that may be, and tells lines and
// columns.
type source struct {
	r    *bufio.Reader
	err  error  // what r ended with, but for io.EOF
	kept []byte // what the decoder was given, from head on not passed yet
	head int
	base int64 // offset of kept[head] in the input
	line int   // 1-based, that base stands on
	col  int   // 1-based, in characters
}

// lookahead is what the decoder may read beyond the object it is at.
const lookahead = 64 << 10

func newSource(r io.Reader) *source {
	return &source{r: bufio.NewReader(r), line: 1, col: 1}
}

// begin looks at the first bytes. It passes over a byte order mark, and is an
// error when they are of no UTF-8 text.
func (s *source) begin() error {
	start, _ := s.r.Peek(3)
	switch {
	case bytes.Equal(start, []byte("\xEF\xBB\xBF")):
		_, err := s.r.Discard(3)
		return err
	case bytes.HasPrefix(start, []byte("\xFF\xFE")), bytes.HasPrefix(start, []byte("\xFE\xFF")):
		return errUTF16
	case len(start) >= 2 && (start[0] == 0 || start[1] == 0):
		return errBinary
	}
	return nil
}

// Read hands on what r has, until the decoder holds more than an object may
// have.
func (s *source) Read(p []byte) (int, error) {
	if len(s.kept)-s.head > MaxRow+lookahead {
		return 0, errLongRow
	}
	for range 100 {
		if s.err != nil {
			return 0, s.err
		}
		n, err := s.r.Read(p[:min(len(p), lookahead)])
		if err != nil && err != io.EOF {
			s.err = err
		}
		s.kept = append(s.kept, p[:n]...)
		if n > 0 || err != nil {
			return n, err
		}
	}
	s.err = io.ErrNoProgress
	return 0, s.err
}

// pass says that everything before an offset is done with.
func (s *source) pass(offset int64) {
	n := int(offset - s.base)
	s.line, s.col = s.count(n)
	s.head += n
	s.base = offset
	if s.head > len(s.kept)/2 {
		s.kept = s.kept[:copy(s.kept, s.kept[s.head:])]
		s.head = 0
	}
}

// count returns the line and column n bytes behind base.
func (s *source) count(n int) (line, col int) {
	done := s.kept[s.head : s.head+max(0, min(n, len(s.kept)-s.head))]
	line, col = s.line, s.col
	if i := bytes.LastIndexByte(done, '\n'); i >= 0 {
		line += bytes.Count(done, []byte("\n"))
		col = 1
		done = done[i+1:]
	}
	return line, col + utf8.RuneCount(done)
}

// at returns the bytes that stand at an offset, as far as they are known.
func (s *source) at(offset int64) []byte {
	n := int(offset - s.base)
	if n < 0 || s.head+n > len(s.kept) {
		return nil
	}
	return s.kept[s.head+n:]
}
