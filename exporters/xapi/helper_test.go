package xapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/xapi/lrstest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// survey is an assessment in the making: a mean for each of two dimensions, on a scale
// from 1 to 5.
type survey struct {
	client, name, instrument, wave, day, direction string
	all                                            [2]float64
	departments                                    []department
}

// department is a group of a survey. Without means it is withheld.
type department struct {
	name  string
	means [2]float64
}

// acme is a survey of two departments, of which Front desk is weak in Managers.
func acme() survey {
	return survey{
		client: "acme", name: "Acme Ltd", instrument: "eight-qualities", wave: "2026-q3", day: "2026-09-30", direction: "high-is-good",
		all:         [2]float64{3.5, 3.25},
		departments: []department{{"Front desk", [2]float64{2.5, 4}}, {"House", [2]float64{4.5, 3}}},
	}
}

// figures are those of both dimensions. A dimension is weak below 50 percent.
func figures(n int, means [2]float64) string {
	var parts []string
	for i, id := range []string{"managers", "training"} {
		parts = append(parts, fmt.Sprintf(`{"id":%q,"n":%d,"mean":%v,"percent":%v}`, id, n, means[i], (means[i]-1)/4*100))
	}
	return "[" + strings.Join(parts, ",") + "]"
}

// sealedRecord makes a record of kind and body.
func sealedRecord(t testing.TB, kind record.Kind, key record.Key, name, day, body string) sdk.Record {
	t.Helper()
	client := key.Client
	text := fmt.Sprintf(`{"schema":"firstcall/1","kind":%q,"key":"x","revision":"x","client":{"id":%q,"name":%q},"as_of":%q,"sources":[],"tool":{"name":"firstcall","version":"test"},%q:%s}`,
		kind, client, name, day, kind, body)
	var rec record.Record
	if err := json.Unmarshal([]byte(text), &rec); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	if err := rec.Seal(key); err != nil {
		t.Fatal(err)
	}
	made, err := sdk.NewRecord(&rec)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func (s survey) record(t testing.TB) sdk.Record {
	t.Helper()
	var groups []string
	for _, d := range s.departments {
		if d.means[0] == 0 {
			groups = append(groups, fmt.Sprintf(`{"by":["department"],"key":[%q],"withheld":true}`, d.name))
			continue
		}
		groups = append(groups, fmt.Sprintf(`{"by":["department"],"key":[%q],"n":12,"dimensions":%s}`, d.name, figures(12, d.means)))
	}
	body := fmt.Sprintf(`{"instrument":{"id":%q,"version":"1.0","title":"Eight qualities","about":"Of service.","direction":%q,"weak_below":50,"scale":{"min":1,"max":5},
"dimensions":[{"id":"managers","title":"Managers","about":"They lead & <serve>.","items":[{"id":"m1","text":"We serve."}]},{"id":"training","title":"Training","items":[{"id":"t1","text":"We learn."}]}]},
"wave":%q,"n":24,"dimensions":%s,"groups":[%s],"method":{"missing":"min_half","min_group":5,"confidence":0.95}}`,
		s.instrument, s.direction, s.wave, figures(24, s.all), strings.Join(groups, ","))
	return sealedRecord(t, record.KindAssessment, record.Key{Client: s.client, Kind: record.KindAssessment, Subject: s.instrument, Wave: s.wave}, s.name, s.day, body)
}

// plan is a plan of the survey with one action for a department; "": for everybody.
func (s survey) plan(t testing.TB, department, due string) sdk.Record {
	t.Helper()
	group := ""
	if department != "" {
		group = fmt.Sprintf(`"department":%q,"by":["department"],"key":[%q],`, department, department)
	}
	key := record.Key{Client: s.client, Kind: record.KindAssessment, Subject: s.instrument, Wave: s.wave}
	body := fmt.Sprintf(`{"of":%q,"title":"Plan","actions":[{"id":"a","what":"Train","why":"Weak","origin":"weakness","dimension":"managers","owner":"Managers",%s"due":%q}]}`, key.String(), group, due)
	key.Kind = record.KindPlan
	return sealedRecord(t, record.KindPlan, key, s.name, s.day, body)
}

// organization is a client file that names departments.
func (s survey) organization(t testing.TB, departments ...string) sdk.Record {
	t.Helper()
	var parts []string
	for i, d := range departments {
		parts = append(parts, fmt.Sprintf(`{"id":"d%d","name":%q,"vision":"The vision of %s."}`, i, d, d))
	}
	return sealedRecord(t, record.KindOrganization, record.Key{Client: s.client, Kind: record.KindOrganization, Subject: s.client}, s.name, s.day, `{"departments":[`+strings.Join(parts, ",")+`]}`)
}

// serve gives the address of an LRS on this machine.
func serve(t testing.TB, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	server.Config.ErrorLog = nil
	t.Cleanup(server.Close)
	return server.URL + "/xapi"
}

// settings are those for pushing, and more as names and JSON values.
func settings(address string, more ...string) (string, map[string]string) {
	text := fmt.Sprintf(`{"push":true,"url":%q,"user":%q`, address, lrstest.User)
	for i := 0; i < len(more); i += 2 {
		text += fmt.Sprintf(`,%q:%s`, more[i], more[i+1])
	}
	return text + "}", map[string]string{"password": lrstest.Password}
}

// config checks settings as the host would.
func config(t testing.TB, text string, secrets map[string]string) sdk.Config {
	t.Helper()
	cfg, err := sdk.ParseConfig(fields(), []byte(text), secrets)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// quick is an exporter that does not wait, on a day after all records.
func quick() Exporter {
	now := func() time.Time { return time.Date(2027, 6, 1, 12, 0, 0, 0, time.UTC) }
	return Exporter{Now: now, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}
}

// open opens a session, as every run of the program does anew.
func open(t testing.TB, address string, more ...string) sdk.Session {
	t.Helper()
	s, err := quick().Open(t.Context(), pushConfig(t, address, more...), true)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// pushConfig checks the settings for pushing.
func pushConfig(t testing.TB, address string, more ...string) sdk.Config {
	t.Helper()
	text, secrets := settings(address, more...)
	return config(t, text, secrets)
}

// write writes records in a session of their own, in the order of the host.
func write(t testing.TB, address string, records ...sdk.Record) []sdk.Outcome {
	t.Helper()
	out, err := open(t, address).Write(t.Context(), sdk.Run{ID: "r", Attempt: 1}, records)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// wants holds that outcomes have these statuses.
func wants(t testing.TB, out []sdk.Outcome, statuses ...sdk.Status) {
	t.Helper()
	var got []sdk.Status
	for _, o := range out {
		got = append(got, o.Status)
	}
	if !slices.Equal(got, statuses) {
		t.Fatalf("statuses %v, want %v: %+v", got, statuses, out[0].Diagnostic)
	}
}

// counts holds that the LRS has so many statements.
func counts(t testing.TB, s *lrstest.Server, live, void, voiding int) {
	t.Helper()
	if l, v, w := s.Count(); l != live || v != void || w != voiding {
		t.Fatalf("%d statements count, %d are void, %d void others; want %d, %d, %d", l, v, w, live, void, voiding)
	}
}
