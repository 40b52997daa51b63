package markdown

import (
	"context"
	"errors"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

func settings(t *testing.T, json string) sdk.Config {
	t.Helper()
	cfg, err := sdk.ParseConfig(Exporter{}.Info().Config, []byte(json), nil)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func wire(t *testing.T, records ...*record.Record) []sdk.Record {
	t.Helper()
	var all []sdk.Record
	for _, r := range records {
		w, err := sdk.NewRecord(r)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, w)
	}
	return all
}

func TestExporterRender(t *testing.T) {
	newer := small(1)
	newer.N = ptr(int64(21))
	same := []*record.Record{sealed(t, hotel, small(1)), sealed(t, hotel, newer)}
	if same[0].Revision > same[1].Revision {
		same[0], same[1] = same[1], same[0]
	}
	cook := jobRecord(t, kitchenJobs()[5])
	records := wire(t, same[1], other(t, hotel, record.KindPlan, "a"), same[0], sealed(t, record.Client{}, small(2)), cook, other(t, hotel, record.KindJob, "a.md"))
	records = append(records, sdk.Record{Key: "x", Kind: record.KindAssessment, JSON: []byte(`{"schema":"firstcall/1","kind":"assessment"}`)},
		sdk.Record{Key: "y", Kind: record.KindAssessment, JSON: []byte(`{`)})

	var artifacts []sdk.Artifact
	outcomes, err := Exporter{}.Render(context.Background(), settings(t, `{"bars": false}`), records,
		func(a sdk.Artifact) error { artifacts = append(artifacts, a); return nil })
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		status sdk.Status
		code   string
	}{{sdk.Rejected, "markdown.duplicate"}, {sdk.Created, "markdown.plan"}, {sdk.Created, ""}, {sdk.Created, ""}, {sdk.Created, ""},
		{sdk.Rejected, "markdown.record"}, {sdk.Rejected, "markdown.record"}, {sdk.Rejected, "markdown.record"}}
	if len(outcomes) != len(want) {
		t.Fatalf("%d outcomes for %d records", len(outcomes), len(want))
	}
	for i, w := range want {
		code := ""
		if d := outcomes[i].Diagnostic; d != nil {
			code = d.Code
		}
		if outcomes[i].Status != w.status || code != w.code {
			t.Errorf("record %d: status %v, code %q, want %v, %q", i, outcomes[i].Status, code, w.status, w.code)
		}
	}
	opt := DefaultOptions()
	opt.Bars = false
	reports := Render([]*record.Record{same[0], other(t, hotel, record.KindPlan, "a"), sealed(t, record.Client{}, small(2)), cook}, opt)
	if len(artifacts) != len(reports) {
		t.Fatalf("%d artifacts, want %d", len(artifacts), len(reports))
	}
	for i, r := range reports {
		if a := artifacts[i]; a.Name != r.Name || a.MediaType != mediaType || string(a.Body) != string(r.Body) {
			t.Errorf("artifact %d is %s (%s), not the report %s", i, a.Name, a.MediaType, r.Name)
		}
	}
}

func TestExporterStops(t *testing.T) {
	records := wire(t, sealed(t, hotel, small(1)))
	full := errors.New("disk full")
	if _, err := (Exporter{}).Render(context.Background(), settings(t, `{}`), records, func(sdk.Artifact) error { return full }); !errors.Is(err, full) {
		t.Errorf("error of emit: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := (Exporter{}).Render(ctx, settings(t, `{}`), records, func(sdk.Artifact) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("error when canceled: %v", err)
	}
}

func TestCheckConfig(t *testing.T) {
	if err := (Exporter{}).CheckConfig(settings(t, `{}`)); err != nil {
		t.Errorf("defaults: %v", err)
	}
	for _, c := range []struct {
		settings string
		fields   []string
	}{
		{`{"items": 0}`, []string{"items"}},
		{`{"items": 51}`, []string{"items"}},
		{`{"headings": 4, "items": -1}`, []string{"items", "headings"}},
		{`{"headings": 0}`, []string{"headings"}},
	} {
		var faults sdk.Diagnostics
		if err := (Exporter{}).CheckConfig(settings(t, c.settings)); !errors.As(err, &faults) {
			t.Errorf("%s: %v", c.settings, err)
			continue
		}
		var fields []string
		for _, f := range faults {
			fields = append(fields, f.Field)
		}
		if len(fields) != len(c.fields) || fields[0] != c.fields[0] {
			t.Errorf("%s: faults in %q, want %q", c.settings, fields, c.fields)
		}
	}
}
