package canvasoutcomes

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/canvasoutcomes/canvastest"
	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// sample has two assessments with one instrument, of two clients.
const sample = "../../core/record/flat/testdata/records.ndjson"

// asleep is a clock that does not wait, but tells how long it would have.
type asleep struct{ slept time.Duration }

func (a *asleep) sleep(ctx context.Context, d time.Duration) error {
	a.slept += d
	return ctx.Err()
}

// serve gives the address of a Canvas behind a handler, nil for none. What Canvas does not
// document fails the test.
func serve(t *testing.T, c *canvastest.Server, behind http.Handler) string {
	t.Helper()
	if behind == nil {
		behind = c
	}
	h := httptest.NewServer(behind)
	t.Cleanup(func() {
		h.Close()
		for _, p := range c.Problems() {
			t.Errorf("not documented: %s", p)
		}
	})
	return h.URL
}

// config are settings for sending; more are JSON members.
func config(t *testing.T, address string, more ...string) sdk.Config {
	t.Helper()
	settings := "{" + strings.Join(append([]string{`"push":true`, `"url":"` + address + `"`}, more...), ",") + "}"
	cfg, err := sdk.ParseConfig(Exporter{}.Info().Config, []byte(settings), map[string]string{"token": canvastest.Token})
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// open opens a session that does not wait.
func open(t *testing.T, address string, more ...string) sdk.Session {
	t.Helper()
	s, err := Exporter{Sleep: (&asleep{}).sleep}.Open(t.Context(), config(t, address, more...), true)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// organization is the record of a client with values and standards.
func organization(t testing.TB, client string, change ...func(*record.Organization)) sdk.Record {
	t.Helper()
	o := record.Organization{
		Values: []record.Value{{Name: "Warmth", Meaning: "We mean it <when> we say “welcome” & smile."}, {Name: "Care"}},
		Standards: []record.Standard{
			{Text: "Every guest is greeted within ten seconds.", Value: "Warmth", Behaviors: []string{"looks up", "says “welcome”"}},
			{Text: "Keys are never handed over without a name.", Department: "desk"},
		},
		Departments: []record.OrgDepartment{{ID: "desk", Name: "Front desk"}, {ID: "sup", Name: "Supervisor", FormerNames: []string{"Shift lead"}}},
	}
	for _, c := range change {
		c(&o)
	}
	rec, err := record.NewOrganization(record.Record{Client: record.Client{ID: client, Name: "The " + client}, Sources: []string{}, Tool: record.Tool{Name: "firstcall"}}, o)
	if err != nil {
		t.Fatal(err)
	}
	r, err := sdk.NewRecord(rec)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// taken are the records of the sample with those of two organizations.
func taken(t testing.TB) []sdk.Record {
	t.Helper()
	records := append(exporttest.Taken(t, Exporter{}, sample), organization(t, "ivy-corner"), organization(t, "wrenmoor"))
	slices.SortFunc(records, func(a, b sdk.Record) int { return strings.Compare(record.Order(a.Key), record.Order(b.Key)) })
	return records
}

// changed is a record in which a text is another.
func changed(t testing.TB, r sdk.Record, old, text string) sdk.Record {
	t.Helper()
	if !bytes.Contains(r.JSON, []byte(old)) {
		t.Fatalf("%s has no %q", r.Key, old)
	}
	var rec record.Record
	if err := json.Unmarshal(bytes.ReplaceAll(r.JSON, []byte(old), []byte(text)), &rec); err != nil {
		t.Fatal(err)
	}
	key, err := record.ParseKey(rec.Key)
	if err != nil {
		t.Fatal(err)
	}
	if err := rec.Seal(key); err != nil {
		t.Fatal(err)
	}
	sent, err := sdk.NewRecord(&rec)
	if err != nil {
		t.Fatal(err)
	}
	return sent
}

// write writes a batch once.
func write(t *testing.T, s sdk.Session, records []sdk.Record) []sdk.Outcome {
	t.Helper()
	out, err := s.Write(t.Context(), sdk.Run{}, records)
	if err != nil {
		t.Fatal(err)
	}
	if len(out) != len(records) {
		t.Fatalf("%d outcomes of %d records", len(out), len(records))
	}
	return out
}

// statuses are those of outcomes, in words.
func statuses(out []sdk.Outcome) string {
	var words []string
	for _, o := range out {
		words = append(words, []string{"created", "updated", "unchanged", "rejected", "retry", "deferred"}[o.Status])
	}
	return strings.Join(words, " ")
}

func codes(out []sdk.Outcome) string {
	var all []string
	for _, o := range out {
		code := "-"
		if o.Diagnostic != nil {
			code = o.Diagnostic.Code
		}
		all = append(all, code)
	}
	return strings.Join(all, " ")
}

// contextOf ends after a while.
func contextOf(t *testing.T, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(t.Context(), d)
}
