package conformance

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// The samples are records as firstcall makes them now, one of each kind, and
// each has a text that is looked for in what exporters print.
func TestSamples(t *testing.T) {
	r := record.NewReader("samples.ndjson", bytes.NewReader(samples))
	var kinds []record.Kind
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if r.Stale() {
			t.Errorf("line %d: the revision is not that of the content", r.Line())
		}
		line, err := rec.MarshalJSON()
		if err != nil || !bytes.Contains(line, []byte(planted()[0])) {
			t.Errorf("the sample of the kind %s lacks %q (%v)", rec.Kind, planted()[0], err)
		}
		kinds = append(kinds, rec.Kind)
	}
	slices.Sort(kinds)
	want := record.Kinds()
	slices.Sort(want)
	if !slices.Equal(kinds, want) {
		t.Errorf("samples of %q, want %q", kinds, want)
	}
	for _, p := range planted() {
		if !bytes.Contains(samples, []byte(p)) {
			t.Errorf("no sample has %q", p)
		}
	}
}

// sound fails the test when a message does not carry a record as a host would
// send it.
func sound(t *testing.T, m *pb.Record) *record.Record {
	t.Helper()
	r := record.NewReader("made", bytes.NewReader(m.GetJson()))
	rec, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	if r.Stale() || rec.Key != m.GetKey() || rec.Revision != m.GetRevision() || string(rec.Kind) != m.GetKind() {
		t.Errorf("%s is not what its message says, or stale", m.GetKey())
	}
	return rec
}

func TestMade(t *testing.T) {
	for _, kind := range record.Kinds() {
		for _, text := range append(scripts()[:5], "a", "-", "x/y %2F") {
			id := identity{kind, "client " + text, text}
			m, err := made(id, func(_, body object) { inscribe(body, text) })
			if err != nil {
				t.Fatal(err)
			}
			rec := sound(t, m)
			if key, err := record.ParseKey(rec.Key); err != nil || key.Client != "client "+text || !strings.Contains(key.Subject+key.Wave, text) {
				t.Errorf("key %q (%v)", rec.Key, err)
			}
		}
		a, errA := made(identity{kind, "c", "1"}, nil)
		b, errB := made(identity{kind, "c", "1"}, func(_, body object) { inscribe(body, "other") })
		if errA != nil || errB != nil || a.GetKey() != b.GetKey() || a.GetRevision() == b.GetRevision() {
			t.Errorf("a changed %s has the key %s and revision %s, and had %s and %s", kind, b.GetKey(), b.GetRevision(), a.GetKey(), a.GetRevision())
		}
	}
}

func TestEnlarged(t *testing.T) {
	for _, size := range []int{50_000, 1 << 20} {
		m, err := enlarged(identity{record.KindJob, "c", "1"}, size)
		if err != nil {
			t.Fatal(err)
		}
		if sound(t, m); len(m.GetJson()) != size {
			t.Errorf("%d bytes, want %d", len(m.GetJson()), size)
		}
	}
}
