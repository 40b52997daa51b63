package host

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/plugins/internal/spool"
)

// What records and outcomes take in memory before they are spilled. The
// collector of garbage lets a process grow to several times that.
const (
	recordsMemory  = 16 << 20
	outcomesMemory = 4 << 20
)

// Records are the records of a run, in the order in which they are sent. Few are
// held in memory, many in a private temporary file.
type Records struct {
	sorter *spool.Sorter
	buf    bytes.Buffer
}

// NewRecords returns an empty Records, whose temporary file is made in dir when
// it needs one; empty: os.TempDir. Close it.
func NewRecords(dir string) *Records { return &Records{sorter: spool.New(dir, recordsMemory)} }

// Add adds a record. origin says where it was read, for people: "acme.ndjson:3".
// The error is that of a record that cannot be written, or of the temporary file.
func (r *Records) Add(rec *record.Record, origin string) error {
	text, err := rec.MarshalJSON()
	if err != nil {
		return fmt.Errorf("record %s: %w", rec.Key, err)
	}
	// No part before the text can hold a zero byte: keys and kinds are escaped,
	// and no system knows such a path.
	r.buf.Reset()
	fmt.Fprintf(&r.buf, "%s\x00%s\x00%s\x00%s\x00", rec.Key, rec.Kind, rec.Revision, origin)
	r.buf.Write(text)
	return r.sorter.Add(record.Order(rec.Key), r.buf.Bytes())
}

// Len is how many records were added.
func (r *Records) Len() int { return r.sorter.Len() }

// Close frees the temporary file.
func (r *Records) Close() error { return r.sorter.Close() }

// Walk calls do with each record in order, and where it was read. Nothing can be
// added any more after the first walk.
func (r *Records) Walk(do func(item Item, origin string) error) error {
	w, err := r.walk()
	if err != nil {
		return err
	}
	defer w.Close()
	for {
		item, origin, err := w.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := do(item, origin); err != nil {
			return err
		}
	}
}

// Source returns the Next of a Request, and what ends it.
func (r *Records) Source() (next func() (Item, error), end func() error, err error) {
	w, err := r.walk()
	if err != nil {
		return nil, nil, err
	}
	return func() (Item, error) {
		item, _, err := w.next()
		item.JSON = bytes.Clone(item.JSON) // it outlives the next step
		return item, err
	}, w.Close, nil
}

// recordsWalk is one walk through Records.
type recordsWalk struct{ *spool.Cursor }

func (r *Records) walk() (recordsWalk, error) {
	c, err := r.sorter.Cursor()
	return recordsWalk{c}, err
}

// next returns the next record; its JSON is good until the one after.
func (w recordsWalk) next() (item Item, origin string, err error) {
	_, value, err := w.Next()
	if err != nil {
		return Item{}, "", err
	}
	parts := bytes.SplitN(value, []byte{0}, 5)
	return Item{Key: string(parts[0]), Kind: record.Kind(parts[1]), Revision: string(parts[2]), JSON: parts[4]}, string(parts[3]), nil
}

// Outcomes are the outcomes of a run, in the order of its records whatever the
// order in which they became known. Many are held in a private temporary file.
type Outcomes struct{ sorter *spool.Sorter }

// NewOutcomes returns an empty Outcomes. See [NewRecords].
func NewOutcomes(dir string) *Outcomes { return &Outcomes{spool.New(dir, outcomesMemory)} }

// Add adds an outcome: it fits Request.Outcome.
func (o *Outcomes) Add(outcome Outcome) error {
	text, err := json.Marshal(outcome)
	if err != nil {
		return fmt.Errorf("outcome of %s: %w", outcome.Key, err)
	}
	return o.sorter.Add(record.Order(outcome.Key), text)
}

// Len is how many outcomes were added.
func (o *Outcomes) Len() int { return o.sorter.Len() }

// Walk calls do with each outcome in the order of the records. Nothing can be
// added any more after the first walk.
func (o *Outcomes) Walk(do func(Outcome) error) error {
	c, err := o.sorter.Cursor()
	if err != nil {
		return err
	}
	defer c.Close()
	for {
		_, text, err := c.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var outcome Outcome
		if err := json.Unmarshal(text, &outcome); err != nil {
			return fmt.Errorf("read outcome: %w", err)
		}
		if err := do(outcome); err != nil {
			return err
		}
	}
}

// Close frees the temporary file.
func (o *Outcomes) Close() error { return o.sorter.Close() }
