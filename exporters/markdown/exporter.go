package markdown

import (
	"context"
	"fmt"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// What the exporter is called, for tables that must not start it.
const (
	Name    = "markdown"
	Summary = "a report in Markdown for each client"
)

// mediaType is that of every artifact.
const mediaType = "text/markdown; charset=utf-8"

// Limits of the settings.
const (
	maxItems    = 50
	maxHeadings = 3
)

// Exporter is the exporter as firstcall sees it.
type Exporter struct{}

var (
	_ sdk.ArtifactExporter = Exporter{}
	_ sdk.ConfigChecker    = Exporter{}
)

// Info describes the exporter.
func (Exporter) Info() sdk.Info {
	d := DefaultOptions()
	return sdk.Info{
		Name: Name, Version: "1.0.0", Summary: Summary,
		Kinds: []record.Kind{record.KindAssessment, record.KindStatement, record.KindJob, record.KindFolder, record.KindPlan},
		Config: []sdk.Field{
			{Name: "title", Doc: "heading of every report; made from client and instrument when left out"},
			{Name: "prepared_by", Doc: "who made the report, printed below the heading"},
			{Name: "items", Type: sdk.Int, Default: fmt.Sprint(d.Items), Doc: fmt.Sprintf("how many questions to discuss, 1 to %d", maxItems)},
			{Name: "bars", Type: sdk.Bool, Default: fmt.Sprint(d.Bars), Doc: "draw bars made of block characters"},
			{Name: "headings", Type: sdk.Int, Default: fmt.Sprint(d.Headings), Doc: fmt.Sprintf("level of the top heading, 1 to %d", maxHeadings)},
		},
	}
}

// CheckConfig refuses numbers out of range.
func (Exporter) CheckConfig(cfg sdk.Config) error {
	var faults sdk.Diagnostics
	for _, f := range []struct {
		name string
		most int64
	}{{"items", maxItems}, {"headings", maxHeadings}} {
		if n := cfg.Int(f.name); n < 1 || n > f.most {
			faults = append(faults, &sdk.Diagnostic{Code: "markdown.range", Field: f.name,
				Summary: fmt.Sprintf("%s is %d, outside 1 to %d", f.name, n, f.most),
				Hint:    fmt.Sprintf("give a whole number from 1 to %d", f.most)})
		}
	}
	if len(faults) > 0 {
		return faults
	}
	return nil
}

// Render emits one report for each client that has something to draw. Plans that
// answer nothing in a report count as written, with a warning; records that are
// broken, or whose key another record has already, are rejected.
func (Exporter) Render(ctx context.Context, cfg sdk.Config, records []sdk.Record, emit func(sdk.Artifact) error) ([]sdk.Outcome, error) {
	decoded, outcomes := read(records)
	opt := Options{Title: cfg.String("title"), PreparedBy: cfg.String("prepared_by"),
		Items: int(cfg.Int("items")), Bars: cfg.Bool("bars"), Headings: int(cfg.Int("headings"))}
	for _, report := range Render(decoded, opt) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := emit(sdk.Artifact{Name: report.Name, MediaType: mediaType, Body: report.Body}); err != nil {
			return nil, err
		}
	}
	return outcomes, nil
}

// read decodes the records and says what becomes of each. Of several records
// with one key the one that Render will show is kept.
func read(records []sdk.Record) ([]*record.Record, []sdk.Outcome) {
	outcomes := make([]sdk.Outcome, len(records))
	kept := map[string]int{} // index by key
	decoded := make([]*record.Record, len(records))
	for i, r := range records {
		rec, err := r.Decode()
		if err == nil {
			err = rec.Check()
		}
		if err != nil {
			outcomes[i] = sdk.Reject("markdown.record", "not a record that can be read: "+err.Error(),
				"make it again with the version of firstcall you are using")
			continue
		}
		if at, ok := kept[rec.Key]; ok {
			drop := i
			if rec.Revision < decoded[at].Revision {
				drop, kept[rec.Key] = at, i
			}
			decoded[i] = rec
			decoded[drop] = nil
			outcomes[drop] = sdk.Reject("markdown.duplicate", "another record of this run has the same key",
				"give each survey its own client or wave, and each document its own id")
			continue
		}
		kept[rec.Key], decoded[i] = i, rec
	}
	shown := make([]*record.Record, 0, len(kept))
	for _, rec := range decoded {
		if rec != nil {
			shown = append(shown, rec)
		}
	}
	plans := shownPlans(shown)
	for i, rec := range decoded {
		if rec != nil && rec.Kind == record.KindPlan && !plans[rec.Key] {
			outcomes[i] = planNotShown()
		}
	}
	return shown, outcomes
}

// planNotShown is the outcome of a plan that reports only count.
func planNotShown() sdk.Outcome {
	return sdk.Outcome{Diagnostic: &sdk.Diagnostic{
		Severity: sdk.SeverityWarning, Code: "markdown.plan",
		Summary: "the report does not show this plan: it has no actions, or the latest results that it would answer are not here",
		Hint:    "give the records it was made from along with it",
	}}
}
