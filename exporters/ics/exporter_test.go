package ics

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
	"github.com/firstcall-cli/firstcall/plugins/artifact"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// TestSettings: every fault is told, with the setting it is of.
func TestSettings(t *testing.T) {
	for settings, want := range map[string][]string{
		`{}`: nil,
		`{"time":"09:00","timezone":"Europe/Vienna"}`:                       nil,
		`{"timezone":"Europe/Vienna"}`:                                      nil,
		`{"time":"9:05","timezone":"UTC"}`:                                  nil,
		`{"time":"09:00"}`:                                                  {"timezone"},
		`{"time":"24:00","timezone":"UTC"}`:                                 {"time"},
		`{"time":"noon","timezone":"Europe/Wien"}`:                          {"timezone", "time"},
		`{"timezone":"Local"}`:                                              {"timezone"},
		`{"timezone":"../../etc/passwd"}`:                                   {"timezone"},
		`{"timezone":"Europe"}`:                                             {"timezone"},
		`{"timezone":"localtime"}`:                                          {"timezone"},
		`{"timezone":"Europe/Vi;enna"}`:                                     {"timezone"},
		`{"next_assessment":"2027-02-29"}`:                                  {"next_assessment"},
		`{"next_assessment":"1.3.2027"}`:                                    {"next_assessment"},
		`{"remind_days":366,"assess_months":-1,"sequence":10}`:              {"remind_days", "assess_months", "sequence"},
		`{"remind_days":365,"assess_months":0,"sequence":9}`:                nil,
		`{"policy_months":121,"next_assessment":"x","time":"","by":"Team"}`: {"policy_months", "next_assessment"},
	} {
		var faults sdk.Diagnostics
		err := Exporter{}.CheckConfig(exporttest.Config(t, Exporter{}, settings))
		if err != nil && !errors.As(err, &faults) {
			t.Errorf("%s: %v", settings, err)
		}
		var got []string
		for _, d := range faults {
			got = append(got, d.Field)
			if !strings.HasPrefix(d.Code, "ics.") || d.Hint == "" {
				t.Errorf("%s: %+v", settings, d)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: faults of %q, want %q", settings, got, want)
		}
	}
}

// TestFileNames: every client gets a name that is allowed everywhere, and no two share
// one.
func TestFileNames(t *testing.T) {
	ids := []string{"acme", "ACME", "Acme", "north-hotel", "a b", "a  b", "東京", "con", "com7", "..", "-", "a/b", "a\\b", strings.Repeat("x", 300), strings.Repeat("x", 301), "é", "É", "all-clients", " "}
	seen := map[string]bool{}
	for id, name := range fileNames(ids) {
		if err := artifact.CheckName(name + ".ics"); err != nil {
			t.Errorf("%q: %q: %v", id, name, err)
		}
		if seen[strings.ToLower(name)] {
			t.Errorf("%q shares %q", id, name)
		}
		seen[strings.ToLower(name)] = true
	}
	if got := fileNames([]string{"north-hotel", "b"}); !maps.Equal(got, map[string]string{"north-hotel": "north-hotel", "b": "b"}) {
		t.Errorf("%q", got)
	}
}

// TestRefused: what can't be read is refused, and the rest is written.
func TestRefused(t *testing.T) {
	good := job(t, "2026-09-30", "a", "A", "2027-01-01")
	torn := good
	torn.JSON = torn.JSON[:len(torn.JSON)/2]
	e := envelope("2026-09-30")
	e.Client = record.Client{}
	rec, err := record.NewJob(e, record.Job{ID: "j", Verdict: "due", Review: record.Review{Next: "2027-01-01"}})
	files, outcomes := exporttest.Render(t, Exporter{}, `{}`, []sdk.Record{torn, good, sent(t, rec, err)})
	if len(files) != 1 || files["acme.ics"] == nil {
		t.Errorf("files %q", slices.Collect(maps.Keys(files)))
	}
	for i, code := range []string{"ics.record", "", "ics.client"} {
		if d := outcomes[i].Diagnostic; (d == nil) != (code == "") || d != nil && d.Code != code {
			t.Errorf("record %d: %+v", i, outcomes[i])
		}
	}
}
