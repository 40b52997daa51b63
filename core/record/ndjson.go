package record

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// Writer writes records as NDJSON: one a line, each line ended.
type Writer struct{ w *bufio.Writer }

// NewWriter returns a Writer. Call Flush at the end; nothing is known to be
// written before it returns nil.
func NewWriter(w io.Writer) *Writer { return &Writer{bufio.NewWriterSize(w, 64<<10)} }

// Write appends one record.
func (w *Writer) Write(r *Record) error {
	line, err := encode(r)
	if err != nil {
		return fmt.Errorf("write record %s: %w", r.Key, err)
	}
	if len(line) >= MaxBytes {
		return fmt.Errorf("record %s is %d bytes long, more than the %d MiB a record may have", r.Key, len(line), MaxBytes>>20)
	}
	if _, err := w.w.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("write record %s: %w", r.Key, err)
	}
	return nil
}

// Flush hands everything to the underlying writer.
func (w *Writer) Flush() error { return w.w.Flush() }

// Reader reads NDJSON.
type Reader struct {
	name  string
	r     *bufio.Reader
	line  int
	stale bool
}

// NewReader reads records from r; name is what problems call it.
func NewReader(name string, r io.Reader) *Reader {
	return &Reader{name: name, r: bufio.NewReaderSize(r, 64<<10)}
}

// Stale reports whether the record Next returned last had been changed since
// firstcall wrote it: its revision did not match and was computed anew.
func (r *Reader) Stale() bool { return r.stale }

// Line is the 1-based line of the record Next returned last.
func (r *Reader) Line() int { return r.line }

// Next returns the next record, io.EOF after the last, or a problem.Problem
// with the line. Blank lines are skipped. The last line must be complete: it
// ends in a line feed or is whole JSON.
func (r *Reader) Next() (*Record, error) {
	for {
		line, err := r.readLine()
		if err != nil {
			return nil, err
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			return r.decode(line)
		}
	}
}

func (r *Reader) readLine() ([]byte, error) {
	var line []byte
	for {
		part, err := r.r.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > MaxBytes {
			return nil, r.fault("line is longer than the 32 MiB a record may have", "")
		}
		switch {
		case err == nil, errors.Is(err, io.EOF) && len(line) > 0:
			r.line++
			return line, nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF):
			return nil, io.EOF
		default:
			return nil, fmt.Errorf("read %s: %w", r.name, err)
		}
	}
}

func (r *Reader) decode(line []byte) (*Record, error) {
	var rec Record
	if err := json.Unmarshal(line, &rec); err != nil {
		var whole json.RawMessage
		if errors.Is(json.NewDecoder(bytes.NewReader(line)).Decode(&whole), io.ErrUnexpectedEOF) {
			return nil, r.fault("record is cut off", "run the command that made it again, and look at its messages")
		}
		return nil, r.fault("not a record: "+err.Error(), "records come from score, lint and check, one JSON object a line")
	}
	if err := rec.Check(); err != nil {
		return nil, r.fault(err.Error(), "records come from score, lint and check, one JSON object a line")
	}
	revision, err := rec.Revise()
	if err != nil {
		return nil, r.fault(err.Error(), "")
	}
	r.stale = rec.Revision != revision
	rec.Revision = revision
	return &rec, nil
}

func (r *Reader) fault(what, hint string) error {
	return problem.Problem{File: r.name, Line: max(r.line, 1), What: what, Hint: hint}
}
