// Package moodle makes what a client's people are to master known to Moodle: as files
// that Moodle imports, or by writing to a site through its web services.
package moodle

import (
	"context"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// What the exporter is called, for tables that must not start it.
const (
	Name    = "moodle"
	Summary = "competency frameworks, cohorts, courses and learning plans for Moodle, as files or over its web services"
)

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
		Name: Name, Version: "1.0.0", Summary: Summary, Idempotency: sdk.Lookup, WholeClients: true,
		Kinds: []record.Kind{record.KindAssessment, record.KindStatement, record.KindPlan, record.KindOrganization},
		Config: []sdk.Field{
			{Name: "push", Type: sdk.Bool, Default: "false", Doc: "write to the Moodle at url; without it, files are made"},
			{Name: "url", Doc: "address of the site, as in the browser: https://moodle.example.org; for push"},
			{Name: "token", Secret: true, Doc: "token of a web service that the site's administrator made; for push"},
			learning.ColumnField(),
			{Name: "scale", Type: sdk.Strings, Default: "Not yet,Sometimes,Reliably", Doc: "the words of the scale that people are rated on, lowest first; the last one means proficient"},
			{Name: "scale_id", Type: sdk.Int, Doc: "id of a scale of the site to use for new frameworks; without it, the one with the words of scale is looked for; for push"},
			{Name: "course", Type: sdk.Bool, Default: "true", Doc: "make a course for each client, hidden, to put its module into; for push"},
			{Name: "category", Doc: "id or ID number of the course category for new courses; without it, the only one of the site; for push"},
			{Name: "members", Type: sdk.Table, Doc: "who works where, by client and department: \"acme/Front Desk\" = \"anna, bert\"; for push"},
			{Name: "member_field", Default: "username", OneOf: []string{"username", "email", "idnumber"}, Doc: "what members are called by"},
		},
	}
}

// CheckConfig finds what is wrong with the settings for files.
func (Exporter) CheckConfig(cfg sdk.Config) error { return faultsOf(check(cfg)) }

// Open connects to the site; without push there is none.
func (e Exporter) Open(ctx context.Context, cfg sdk.Config, _ bool) (sdk.Session, error) {
	if !cfg.Bool("push") {
		return nil, nil
	}
	return e.open(ctx, cfg)
}

// faultsOf is nil when there are none.
func faultsOf(faults sdk.Diagnostics) error {
	if len(faults) == 0 {
		return nil
	}
	return faults
}

// check finds what is wrong with the settings that files and sites share.
func check(cfg sdk.Config) sdk.Diagnostics {
	faults := checkScale(cfg)
	if blank := learning.CheckColumn(Name, cfg); blank != nil {
		faults = append(faults, blank)
	}
	return faults
}

// checkScale finds what Moodle could not take for a scale, whose words it keeps with
// commas between them.
func checkScale(cfg sdk.Config) sdk.Diagnostics {
	var faults sdk.Diagnostics
	wrong := func(summary string) {
		faults = append(faults, &sdk.Diagnostic{Code: Name + ".scale", Field: "scale", Summary: summary, Hint: `write it like "Not yet", "Sometimes", "Reliably"`})
	}
	words := cfg.Strings("scale")
	if len(words) < 2 {
		wrong("a scale needs at least two words")
	}
	seen := map[string]bool{}
	for _, w := range words {
		switch {
		case w == "" || title(w) != w:
			wrong("a word of the scale is empty, or has something in it that Moodle changes")
		case strings.Contains(w, ","):
			wrong("a word of the scale has a comma in it, at which Moodle would cut it")
		case seen[w]:
			wrong("a word stands twice in the scale")
		}
		seen[w] = true
	}
	return faults
}

// Render emits the files of each client.
func (Exporter) Render(ctx context.Context, cfg sdk.Config, records []sdk.Record, emit func(sdk.Artifact) error) ([]sdk.Outcome, error) {
	outcomes := make([]sdk.Outcome, len(records))
	clients, refused := learning.Join(records, learning.Options{Exporter: Name, Column: cfg.String("by")})
	for i, o := range refused {
		outcomes[i] = o
	}
	learning.Warn(clients, outcomes)
	names := fileNames(clients)
	for i, c := range clients {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		w := want(c)
		if w.framework == nil && len(w.cohorts) == 0 {
			outcomes[c.At[0]].Diagnostic = &sdk.Diagnostic{Severity: sdk.SeverityWarning, Code: Name + ".nothing", Summary: "the records of " + c.ID + " make no file",
				Hint: "files are made of assessments and of what a client file says; see firstcall org"}
			continue
		}
		for _, f := range files(w, cfg.Strings("scale")) {
			if err := emit(sdk.Artifact{Name: names[i] + f.ending, MediaType: "text/csv; charset=utf-8", Body: f.body}); err != nil {
				return nil, err
			}
		}
	}
	return outcomes, nil
}
