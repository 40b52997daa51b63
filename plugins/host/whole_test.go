package host

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// sendings are the keys of each batch that a shelf was sent.
func sendings(s *shelf) []string {
	var out []string
	for _, b := range s.batches {
		var keys []string
		for _, r := range b {
			keys = append(keys, r.Key)
		}
		out = append(out, strings.Join(keys, " "))
	}
	return out
}

// clientsOf makes jobs of clients: "a2 b3" are two of a and three of b.
func clientsOf(t testing.TB, size int, clients string) []*record.Record {
	t.Helper()
	var out []*record.Record
	for _, c := range strings.Fields(clients) {
		for i := range int(c[1] - '0') {
			out = append(out, job(t, c[:1], fmt.Sprint(i), size))
		}
	}
	return out
}

// A client is never divided, whatever the limits of a batch are.
func TestWholeClientsBatches(t *testing.T) {
	cases := []struct {
		records, bytes, size int
		clients, want        string
	}{
		{4, 0, 1, "a2 b2 c1", "a/job/0 a/job/1 b/job/0 b/job/1|c/job/0"},
		{3, 0, 1, "a2 b2 c1", "a/job/0 a/job/1|b/job/0 b/job/1 c/job/0"},
		{1, 0, 1, "a2 b1", "a/job/0 a/job/1|b/job/0"},
		{0, 2000, 1000, "a3 b1 c1", "a/job/0 a/job/1 a/job/2|b/job/0|c/job/0"},
	}
	for _, c := range cases {
		dest := &shelf{whole: true, records: c.records, bytes: c.bytes}
		server, err := sdk.NewServer(dest)
		p := inProcess(t, server, err, Options{})
		configure(t, p, "{}")
		if _, err := run(t, p.Export, clientsOf(t, c.size, c.clients)); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(sendings(dest), "|"); got != c.want {
			t.Errorf("%s by %d records and %d bytes: %s, want %s", c.clients, c.records, c.bytes, got, c.want)
		}
	}
}

// When one record of a client has changed, all of that client are sent, and none of
// the others.
func TestWholeClientsKnown(t *testing.T) {
	dir := t.TempDir()
	records := clientsOf(t, 1, "a3 b2 c2")
	dest := &shelf{whole: true}
	if _, err := remembered(t.Context(), t, dir, dest, Request{}, records); err != nil {
		t.Fatal(err)
	}
	records[1] = job(t, "a", "1", 7) // another content
	dest.batches = nil
	r, err := remembered(t.Context(), t, dir, dest, Request{}, records)
	if err != nil {
		t.Fatal(err)
	}
	if got := sendings(dest); !slices.Equal(got, []string{"a/job/0 a/job/1 a/job/2"}) {
		t.Errorf("sent %q", got)
	}
	if remote := dest.batches[0][0].Remote; len(remote) != 1 || remote[0].ID != "a/job/0" || dest.batches[0][0].InDoubt {
		t.Errorf("a record that is there came with %v, in doubt %v", remote, dest.batches[0][0].InDoubt)
	}
	if r.Summary != (Summary{Created: 3, Known: 4}) {
		t.Errorf("summary %+v", r.Summary)
	}
}

// What comes back is sent again with all of its client, in one batch, also those that
// were taken.
func TestWholeClientsRetry(t *testing.T) {
	dest := &shelf{whole: true, script: func(key string, attempt int) sdk.Outcome {
		if key == "a/job/1" && attempt < 3 {
			return sdk.Outcome{Status: sdk.Retry, Diagnostic: &sdk.Diagnostic{Summary: "busy"}}
		}
		if attempt > 1 {
			return sdk.Outcome{Status: sdk.Unchanged}
		}
		return sdk.Outcome{}
	}}
	server, err := sdk.NewServer(dest)
	p := inProcess(t, server, err, Options{RetryBase: time.Millisecond})
	configure(t, p, "{}")
	r, err := run(t, p.Export, clientsOf(t, 1, "a3 b1"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"a/job/0 a/job/1 a/job/2 b/job/0", "a/job/0 a/job/1 a/job/2", "a/job/0 a/job/1 a/job/2"}
	if got := sendings(dest); !slices.Equal(got, want) {
		t.Errorf("sent %q", got)
	}
	if r.Summary != (Summary{Created: 1, Unchanged: 3}) || len(r.Outcomes) != 4 {
		t.Errorf("summary %+v of %d outcomes", r.Summary, len(r.Outcomes))
	}
}

// A client with more than can be sent at once is told record by record, and none of it
// is sent; others are.
func TestWholeClientsTooLarge(t *testing.T) {
	dest := &shelf{whole: true}
	server, err := sdk.NewServer(dest)
	p := inProcess(t, server, err, Options{})
	configure(t, p, "{}")
	records := append(clientsOf(t, 12<<20, "b3"), clientsOf(t, 1, "a1 c1")...)
	r, err := run(t, p.Export, records)
	if err != nil {
		t.Fatal(err)
	}
	if r.Summary != (Summary{Created: 2, Rejected: 3}) {
		t.Errorf("summary %+v", r.Summary)
	}
	for _, o := range r.Outcomes {
		if o.Status == Rejected && (clientOf(o.Key) != "b" || o.Diagnostic.Code != "export.client_size") {
			t.Errorf("%s: %v", o.Key, o.Diagnostic)
		}
	}
	if got := strings.Join(sendings(dest), "|"); got != "a/job/0 c/job/0" {
		t.Errorf("sent %s", got)
	}
}

// Kinds that are not taken neither count for the size of a client nor have it sent.
func TestWholeClientsLeftOut(t *testing.T) {
	dir := t.TempDir()
	dest := &shelf{whole: true, kinds: []record.Kind{record.KindFolder}}
	records := append(mixed(t), clientsOf(t, 9<<20, "a4")...)
	r, err := remembered(t.Context(), t, dir, dest, Request{}, records)
	if err != nil {
		t.Fatal(err)
	}
	if r.Summary != (Summary{Created: 1, LeftOut: 8}) || r.Summary.Unwritten() != 0 || !r.Summary.Finished() || r.Summary.Records() != 9 {
		t.Errorf("summary %+v", r.Summary)
	}
	if r, err = remembered(t.Context(), t, dir, dest, Request{}, records); err != nil || r.Summary != (Summary{Known: 1, LeftOut: 8}) {
		t.Errorf("summary %+v, %v", r.Summary, err)
	}
}

// Whatever happens in the midst of a client, each record has one outcome.
func TestWholeClientsSourceFails(t *testing.T) {
	for n := range 6 {
		dest := &shelf{whole: true, records: 2}
		server, err := sdk.NewServer(dest)
		p := inProcess(t, server, err, Options{})
		configure(t, p, "{}")
		items, err := Items(clientsOf(t, 1, "a3 b2 c1"))
		if err != nil {
			t.Fatal(err)
		}
		next, drawn := Each(items), 0
		broken := errors.New("the disk is gone")
		told := map[string]int{}
		_, err = p.Export(context.Background(), Request{
			Next: func() (Item, error) {
				if drawn == n {
					return Item{}, broken
				}
				drawn++
				return next()
			},
			Outcome: func(o Outcome) error { told[o.Key]++; return nil },
		})
		if !errors.Is(err, broken) {
			t.Errorf("after %d: %v", n, err)
		}
		for _, item := range items[:n] {
			if told[item.Key] != 1 {
				t.Errorf("after %d: %s was told %d times", n, item.Key, told[item.Key])
			}
		}
	}
}
