package spool

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"os"
)

// A run is items in order, each as the length of its order and of its value (as
// [binary.AppendUvarint] writes them), the order, and the value. All runs are in
// one file, those added first before those added later.

// span is where a run is in the file, in bytes.
type span struct{ start, end int64 }

const writeBuffer = 256 << 10

type runWriter struct {
	w    *bufio.Writer
	size int64
	head []byte
}

func (w *runWriter) add(order, value []byte) error {
	w.head = binary.AppendUvarint(w.head[:0], uint64(len(order)))
	w.head = binary.AppendUvarint(w.head, uint64(len(value)))
	w.size += int64(len(w.head) + len(order) + len(value))
	for _, part := range [...][]byte{w.head, order, value} {
		if _, err := w.w.Write(part); err != nil {
			return err
		}
	}
	return nil
}

// appendRun writes a run to the end of the file, which it makes when there is
// none, and returns where the run is.
func (s *Sorter) appendRun(fill func(*runWriter) error) (span, error) {
	if s.file == nil {
		file, err := create(s.dir)
		if err != nil {
			return span{}, s.fileError("make", err)
		}
		s.file = file
	}
	w := &runWriter{w: bufio.NewWriterSize(s.file, writeBuffer)}
	err := fill(w)
	if err == nil {
		err = w.w.Flush()
	}
	if err != nil {
		return span{}, s.fileError("write", err)
	}
	run := span{s.end, s.end + w.size}
	s.end = run.end
	return run, nil
}

// spill writes what is in memory as one run and makes room for more.
func (s *Sorter) spill() error {
	s.sort()
	run, err := s.appendRun(func(w *runWriter) error {
		for _, e := range s.entries {
			if err := w.add(s.orderOf(e), s.valueOf(e)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.runs = append(s.runs, run)
	for _, chunk := range s.chunks {
		if cap(chunk) == chunkSize {
			s.free = append(s.free, chunk[:0])
		}
	}
	clear(s.chunks)
	s.chunks, s.entries, s.used = s.chunks[:0], s.entries[:0], 0
	return nil
}

// spillAlone writes one item, which memory is not to hold, as a run.
func (s *Sorter) spillAlone(order string, value []byte) error {
	run, err := s.appendRun(func(w *runWriter) error { return w.add([]byte(order), value) })
	if err == nil {
		s.runs = append(s.runs, run)
	}
	return err
}

// drop frees the memory of items.
func (s *Sorter) drop() { s.chunks, s.free, s.entries, s.used = nil, nil, nil, 0 }

// finish brings what was added into a form that can be walked: in memory
// alone, or as a few runs.
func (s *Sorter) finish() error {
	if s.file == nil {
		s.sort()
		return nil
	}
	if len(s.entries) > 0 {
		if err := s.spill(); err != nil {
			return err
		}
	}
	s.drop()
	return s.reduce()
}

// reduce merges neighboring runs, from the first on and no more than needed,
// until one merge can read them all.
func (s *Sorter) reduce() error {
	for at := 0; len(s.runs) > maxRuns; at++ {
		if at+1 >= len(s.runs) {
			at = 0
		}
		n := min(maxRuns, len(s.runs)-maxRuns+1, len(s.runs)-at)
		run, err := s.mergeRuns(s.runs[at : at+n])
		if err != nil {
			return err
		}
		s.runs[at] = run
		s.runs = append(s.runs[:at+1], s.runs[at+n:]...)
	}
	return nil
}

func (s *Sorter) mergeRuns(runs []span) (span, error) {
	m, err := newMerge(s.file, runs)
	if err != nil {
		return span{}, s.fileError("read", err)
	}
	return s.appendRun(func(w *runWriter) error {
		for {
			order, value, err := m.next()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return s.fileError("read", err)
			}
			if err := w.add(order, value); err != nil {
				return err
			}
		}
	})
}

func (s *Sorter) fileError(op string, err error) error {
	var (
		told *FileError
		path *fs.PathError
	)
	switch {
	case errors.As(err, &told):
		return told
	case errors.As(err, &path):
		err = path.Err
	}
	return &FileError{Op: op, Dir: s.dir, Err: err}
}

// create makes a file that nobody else can read.
func create(dir string) (*os.File, error) {
	file, err := os.CreateTemp(dir, FilePattern) // mode 0600
	if err != nil {
		return nil, err
	}
	if err := detach(file); err != nil {
		return nil, errors.Join(err, discard(file))
	}
	return file, nil
}

// FilePattern is what temporary files are called, in the form of
// [filepath.Match]. One can be left behind only on Windows, by a process that
// was killed.
const FilePattern = "firstcall-spool-*"
