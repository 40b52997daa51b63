package record

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// Writer writes records as NDJSON: one a line, each line ended.
type Writer struct{ w *bufio.Writer }

// NewWriter returns a Writer. Call Flush at the end; nothing is known to be
// written before it returns nil.
func NewWriter(w io.Writer) *Writer { return &Writer{bufio.NewWriterSize(w, 64<<10)} }

// Write appends one record.
func (w *Writer) Write(r *Record) error {
	line, err := r.MarshalJSON()
	if err != nil {
		return fmt.Errorf("write record %s: %w", r.Key, err)
	}
	if len(line) >= MaxBytes {
		return fmt.Errorf("record %s is %d bytes long, more than the %d MiB a record may have", r.Key, len(line), MaxBytes>>20)
	}
	_, err = w.w.Write(line)
	if err == nil {
		err = w.w.WriteByte('\n')
	}
	if err != nil {
		return fmt.Errorf("write record %s: %w", r.Key, err)
	}
	return nil
}

// Flush hands everything to the underlying writer.
func (w *Writer) Flush() error { return w.w.Flush() }

// Reader reads records as NDJSON or as one JSON array.
type Reader struct {
	name    string
	r       *bufio.Reader
	started bool
	array   *json.Decoder // of the array's elements, when it is one
	line    int
	stale   bool
}

// NewReader reads records from r; name is what problems call it.
func NewReader(name string, r io.Reader) *Reader {
	return &Reader{name: name, r: bufio.NewReaderSize(r, 64<<10)}
}

// Stale reports whether the record Next returned last had been changed since
// firstcall wrote it: its revision did not match and was computed anew.
func (r *Reader) Stale() bool { return r.stale }

// Line is the 1-based line of the record Next returned last, or its number in
// an array.
func (r *Reader) Line() int { return r.line }

// Next returns the next record, io.EOF after the last, or a problem.Problem
// with the line. Blank lines are skipped. The last line must be complete: it
// ends in a line feed or is whole JSON.
func (r *Reader) Next() (*Record, error) {
	if !r.started {
		r.started = true
		if err := r.start(); err != nil {
			return nil, err
		}
	}
	for {
		line, err := r.next()
		if err != nil {
			return nil, err
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			return r.decode(line)
		}
	}
}

// start looks at the first bytes: a byte order mark is skipped, an array is
// recognized.
func (r *Reader) start() error {
	if head, _ := r.r.Peek(3); bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return problem.Problem{File: r.name, What: "is in UTF-16, not UTF-8", Hint: "some shells write > in UTF-16: use a pipe, or a shell option for UTF-8"}
	} else if bytes.Equal(head, []byte("\ufeff")) {
		_, _ = r.r.Discard(3)
	}
	for {
		head, err := r.r.Peek(1)
		if err != nil {
			return nil // next says what is wrong
		}
		switch head[0] {
		case ' ', '\t', '\r':
			_, _ = r.r.Discard(1)
		case '[':
			r.array = json.NewDecoder(r.r)
			_, err := r.array.Token()
			return err
		default:
			return nil
		}
	}
}

// next returns the text of one record, or a blank line.
func (r *Reader) next() ([]byte, error) {
	if r.array == nil {
		return r.readLine()
	}
	r.line++
	if r.array.More() {
		var element json.RawMessage
		if err := r.array.Decode(&element); err != nil {
			return nil, r.notJSON(err)
		}
		if len(element) > MaxBytes {
			return nil, r.fault(tooLong, "")
		}
		return element, nil
	}
	if _, err := r.array.Token(); err != nil {
		return nil, r.notJSON(err)
	}
	r.line--
	return nil, io.EOF
}

const tooLong = "is longer than the 32 MiB a record may have"

func (r *Reader) readLine() ([]byte, error) {
	var line []byte
	for {
		part, err := r.r.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > MaxBytes {
			r.line++
			return nil, r.fault(tooLong, "")
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
	// Not json.Unmarshal, which would read the text once more before it calls
	// this method.
	if err := rec.UnmarshalJSON(line); err != nil {
		return nil, r.notRecord(line, err)
	}
	if rec.Schema == sumsSchema {
		return nil, r.fault("a file of sums, which holds small groups and is no record", `"firstcall merge" makes records of such files`)
	}
	if rec.Schema == rejectedSchema {
		return nil, r.fault("a file of records that a destination rejected", `"firstcall export --retry FILE" sends them again`)
	}
	if err := rec.Check(); err != nil {
		return nil, r.fault(err.Error(), whereFrom)
	}
	revision, err := rec.Revise()
	if err != nil {
		return nil, r.fault(err.Error(), "")
	}
	r.stale = rec.Revision != revision
	rec.Revision = revision
	return &rec, nil
}

// sumsSchema marks what is taken for records by mistake: see score.PartialSchema.
const sumsSchema = "firstcall-sums/1"

// rejectedSchema is another such: what export keeps of records that were rejected.
const rejectedSchema = "firstcall-rejected/1"

const whereFrom = "records come from firstcall score, lint and check, one JSON object a line"

// notRecord words why a line is no record.
func (r *Reader) notRecord(line []byte, err error) error {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return r.fault("not a record: "+wrongType(kind), whereFrom)
	}
	var whole json.RawMessage
	if e := json.NewDecoder(bytes.NewReader(line)).Decode(&whole); e != nil {
		err = e
	}
	return r.notJSON(err)
}

// wrongType says in words which member is of the wrong type.
func wrongType(err *json.UnmarshalTypeError) string {
	value, _, _ := strings.Cut(err.Value, " ") // "number 12.5"
	member := err.Field
	if member == "" {
		member = "it" // the whole body
	}
	return fmt.Sprintf("%s is %s and should be %s", member, jsonWords[value], goWords(err.Type))
}

func (r *Reader) notJSON(err error) error {
	cut := errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
	if _, more := r.r.Peek(1); cut && more == nil && r.array == nil {
		return r.fault("a record must stand on one line", "jq -c writes it so, and so does score --format ndjson")
	}
	if cut {
		return r.fault("record is cut off", "run the command that made it again, and look at its messages")
	}
	return r.fault("not a record: "+err.Error(), whereFrom)
}

// jsonWords says in words what encoding/json calls a value.
var jsonWords = map[string]string{
	"string": "text", "number": "a number", "bool": "true or false", "array": "a list", "object": "an object",
}

// goWords says in words what a field holds.
func goWords(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Slice:
		return "a list"
	default:
		return "an object"
	}
}

func (r *Reader) fault(what, hint string) error {
	return problem.Problem{File: r.name, Line: max(r.line, 1), What: what, Hint: hint}
}
