// Package canvasoutcomes writes what a client's people are to master as outcomes of
// Canvas, the learning platform: as a file that its outcome import reads, or sent to it.
package canvasoutcomes

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// What the exporter is called, for tables that must not start it.
const (
	Name    = "canvas-outcomes"
	Summary = "a client's dimensions and standards as outcomes of Canvas, as a file or sent"
)

const mediaType = "text/csv; charset=utf-8"

// Exporter is the exporter as firstcall sees it.
type Exporter struct {
	Now   func() time.Time                                 // nil: the machine's
	Sleep func(ctx context.Context, d time.Duration) error // nil: the machine's
}

var (
	_ sdk.ArtifactExporter    = Exporter{}
	_ sdk.DestinationExporter = Exporter{}
	_ sdk.ConfigChecker       = Exporter{}
)

// Info describes the exporter.
func (Exporter) Info() sdk.Info {
	return sdk.Info{
		Name: Name, Version: "1.0.0", Summary: Summary, Config: fields(),
		Kinds:       []record.Kind{record.KindAssessment, record.KindOrganization},
		Idempotency: sdk.Upsert, WholeClients: true,
	}
}

// fields are the settings it takes.
func fields() []sdk.Field {
	return []sdk.Field{
		{Name: "push", Type: sdk.Bool, Default: "false", Doc: "send the outcomes to Canvas instead of making files; needs url and token"},
		{Name: "url", Doc: "address of Canvas, as in the browser: https://canvas.example.org"},
		{Name: "token", Secret: true, Doc: "access token of a user who may import outcomes, such as env:CANVAS_TOKEN"},
		{Name: "account", Default: "self", Doc: "number of the account that the outcomes are for; self: the topmost one at that address"},
		{Name: "group", Doc: "number of an outcome group in which the groups of clients are put; without it they stand beside those of the account"},
		{Name: "calculation", Default: "latest", OneOf: []string{"latest", "highest", "decaying_average", "n_mastery"}, Doc: "how Canvas makes one score of several"},
		{Name: "calculation_int", Type: sdk.Int, Default: "0", Doc: "its number: percent of the last for decaying_average, 1 to 99; how many for n_mastery, 1 to 5; 0: Canvas's own"},
		{Name: "prefix", Default: "firstcall", Doc: "begins the ids of all outcomes, which are unique in the whole of Canvas: choose another for the same client in a second account"},
	}
}

// settings are those of the content.
type settings struct {
	prefix string
	method string
	number string // empty: Canvas's own
}

// read reads the settings of the content and tells every fault of them.
func read(cfg sdk.Config) (settings, sdk.Diagnostics) {
	var faults sdk.Diagnostics
	fault := func(field, summary, hint string) {
		faults = append(faults, &sdk.Diagnostic{Code: Name + "." + field, Field: field, Summary: summary, Hint: hint})
	}
	set := settings{prefix: cfg.String("prefix"), method: cfg.String("calculation")}
	if set.prefix == "" || len(set.prefix) > 30 || strings.Trim(set.prefix, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") != "" {
		fault("prefix", "prefix is not 1 to 30 letters, digits, dots, hyphens and underscores", "choose a word such as firstcall")
	}
	n := cfg.Int("calculation_int")
	most := map[string]int64{"decaying_average": 99, "n_mastery": 5}[set.method]
	switch {
	case n < 0 || n > most:
		fault("calculation_int", fmt.Sprintf("calculation_int is %d, and for %s at most %d", n, set.method, most), "choose another number, or leave it out")
	case n > 0:
		set.number = fmt.Sprint(n)
	}
	return set, faults
}

// CheckConfig tells every fault of the settings for files.
func (Exporter) CheckConfig(cfg sdk.Config) error {
	if _, faults := read(cfg); len(faults) > 0 {
		return faults
	}
	return nil
}

// join puts records together by client.
func join(records []sdk.Record) ([]*learning.Client, map[int]sdk.Outcome) {
	return learning.Join(records, learning.Options{Exporter: Name})
}

// Render emits a file for each client that has something to master.
func (Exporter) Render(ctx context.Context, cfg sdk.Config, records []sdk.Record, emit func(sdk.Artifact) error) ([]sdk.Outcome, error) {
	set, faults := read(cfg)
	if len(faults) > 0 {
		return nil, faults
	}
	outcomes := make([]sdk.Outcome, len(records))
	clients, refused := join(records)
	for at, o := range refused {
		outcomes[at] = o
	}
	for _, c := range clients {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		rows := set.rows(c, records)
		if len(rows) == 0 {
			outcomes[c.At[0]].Diagnostic = nothing()
			continue
		}
		body, err := set.write(rows)
		if err != nil {
			return nil, err
		}
		if err := emit(sdk.Artifact{Name: clientPart(c.ID) + "-outcomes.csv", MediaType: mediaType, Body: body}); err != nil {
			return nil, err
		}
	}
	return outcomes, nil
}

// nothing tells that a client has nothing to master.
func nothing() *sdk.Diagnostic {
	return &sdk.Diagnostic{Severity: sdk.SeverityWarning, Code: Name + ".empty",
		Summary: "this client has no dimensions, values or standards, so that no outcomes are made of it",
		Hint:    "export an assessment that is published, or the record of the organization"}
}
