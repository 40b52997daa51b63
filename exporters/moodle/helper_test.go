package moodle

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
	"github.com/firstcall-cli/firstcall/exporters/moodle/moodletest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

const (
	token   = "0123456789abcdef0123456789abcdef"
	learned = "../../testdata/learning/records.ndjson"
)

// today is before everything that the sample plans want done.
func today() time.Time { return time.Date(2026, 10, 1, 9, 0, 0, 0, time.UTC) }

func asleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// records are those of the sample client, of the kinds that are taken, and of the client
// with odd characters.
func records(t testing.TB) []sdk.Record { return exporttest.Taken(t, Exporter{}, learned) }

// of are the records of one client.
func of(all []sdk.Record, client string) []sdk.Record {
	var some []sdk.Record
	for _, r := range all {
		if strings.HasPrefix(r.Key, client+"/") {
			some = append(some, r)
		}
	}
	return some
}

// place is a site at an address. Calls that no Moodle would take fail the test.
func place(t testing.TB, o moodletest.Options, through func(http.Handler) http.Handler) (*moodletest.Server, string) {
	t.Helper()
	o.Token, o.Now = token, today
	s := moodletest.New(o)
	var h http.Handler = s
	if through != nil {
		h = through(s)
	}
	server := httptest.NewServer(h)
	t.Cleanup(func() {
		server.Close()
		for _, p := range s.Problems() {
			t.Errorf("no call of Moodle's: %s", p)
		}
	})
	return s, server.URL
}

// config are settings; more are members of a JSON object.
func config(t testing.TB, address, secret, more string) sdk.Config {
	t.Helper()
	settings := `{"push":true,"url":"` + address + `"`
	if more != "" {
		settings += "," + more
	}
	cfg, err := sdk.ParseConfig(Exporter{}.Info().Config, []byte(settings+"}"), map[string]string{"token": secret})
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func try(t testing.TB, address, more string) (sdk.Session, error) {
	t.Helper()
	return Exporter{Now: today, Sleep: asleep}.Open(t.Context(), config(t, address, token, more), true)
}

func connected(t testing.TB, address, more string) sdk.Session {
	t.Helper()
	s, err := try(t, address, more)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// wrote writes and gives the outcomes, of which none may be an error.
func wrote(t testing.TB, s sdk.Session, batch []sdk.Record) []sdk.Outcome {
	t.Helper()
	outcomes, err := s.Write(t.Context(), sdk.Run{}, batch)
	if err != nil {
		t.Fatal(err)
	}
	return outcomes
}

// all reports that every outcome has a status.
func all(t testing.TB, outcomes []sdk.Outcome, status sdk.Status) {
	t.Helper()
	if len(outcomes) == 0 {
		t.Error("no outcomes")
	}
	for i, o := range outcomes {
		if o.Status != status {
			t.Errorf("outcome %d is %d, not %d: %+v", i, o.Status, status, o.Diagnostic)
		}
	}
}

// code is that of the diagnostic that an error is.
func code(t testing.TB, err error) string {
	t.Helper()
	var d *sdk.Diagnostic
	var several sdk.Diagnostics
	switch {
	case errors.As(err, &several):
		codes := []string{}
		for _, d := range several {
			codes = append(codes, d.Field+" "+d.Code)
		}
		return strings.Join(codes, ", ")
	case errors.As(err, &d):
		if d.Hint == "" || strings.Contains(err.Error(), token) {
			t.Errorf("no hint, or the token: %+v", d)
		}
		return d.Code
	}
	t.Errorf("no diagnostic: %v", err)
	return ""
}

// edited changes the text of records' JSON, and their revision with it.
func edited(t testing.TB, batch []sdk.Record, before, after string) []sdk.Record {
	t.Helper()
	out := make([]sdk.Record, len(batch))
	changed := 0
	for i, r := range batch {
		text := strings.ReplaceAll(string(r.JSON), before, after)
		out[i] = r
		if text == string(r.JSON) {
			continue
		}
		changed++
		out[i].JSON, out[i].Revision = []byte(text), r.Revision+"x"
		if !json.Valid(out[i].JSON) {
			t.Fatal("no JSON any more")
		}
	}
	if changed == 0 {
		t.Fatalf("%q is in no record", before)
	}
	return out
}

// clientOf is the one client that records are of.
func clientOf(t testing.TB, batch []sdk.Record) *learning.Client {
	t.Helper()
	clients, refused := learning.Join(batch, learning.Options{Exporter: Name, Column: "department"})
	if len(clients) != 1 || len(refused) > 0 {
		t.Fatalf("%d clients, %v", len(clients), refused)
	}
	return clients[0]
}
