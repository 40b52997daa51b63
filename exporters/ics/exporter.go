// Package ics writes the days on which something is due as calendars that every
// calendar program reads (RFC 5545): reviews of job descriptions and policies, actions
// of plans, and the next assessment.
package ics

import (
	"context"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// What the exporter is called, for tables that must not start it.
const (
	Name    = "ics"
	Summary = "a calendar a client: reviews, actions of plans and the next assessment"
)

const (
	version   = "1.0.0"
	mediaType = "text/calendar; charset=utf-8"
	allName   = "all-clients" // of the one file for all
)

// Exporter is the exporter as firstcall sees it.
type Exporter struct{}

var (
	_ sdk.ArtifactExporter = Exporter{}
	_ sdk.ConfigChecker    = Exporter{}
)

// Info describes the exporter.
func (Exporter) Info() sdk.Info {
	return sdk.Info{
		Name: Name, Version: version, Summary: Summary, Config: fields(),
		Kinds: []record.Kind{record.KindAssessment, record.KindJob, record.KindPlan, record.KindOrganization},
	}
}

// CheckConfig tells every fault of the settings.
func (Exporter) CheckConfig(cfg sdk.Config) error {
	_, faults := read(cfg)
	if len(faults) > 0 {
		return faults
	}
	return nil
}

// Render emits a calendar for each client of which something has a day, or one for all.
func (Exporter) Render(ctx context.Context, cfg sdk.Config, records []sdk.Record, emit func(sdk.Artifact) error) ([]sdk.Outcome, error) {
	set, faults := read(cfg)
	if len(faults) > 0 {
		return nil, faults
	}
	outcomes := make([]sdk.Outcome, len(records))
	clients, refused := learning.Join(records, learning.Options{Exporter: Name, Column: cfg.String("by"), NeedDay: true})
	for at, o := range refused {
		outcomes[at] = o
	}
	ids := make([]string, len(clients))
	for i, c := range clients {
		ids[i] = c.ID
	}
	names := fileNames(ids)
	all := calendar{name: "Due days of all clients"}
	for _, c := range clients {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		events, undated := set.events(c, records)
		for _, at := range undated {
			outcomes[at] = noDay()
		}
		if len(events) == 0 {
			warn(outcomes, c)
			continue
		}
		if set.oneFile {
			all.events = append(all.events, events...)
			continue
		}
		made := calendar{name: c.Name + ": due days", events: events}
		if err := emit(set.artifact(names[c.ID], made)); err != nil {
			return nil, err
		}
	}
	learning.Warn(clients, outcomes)
	if len(all.events) > 0 {
		if err := emit(set.artifact(allName, all)); err != nil {
			return nil, err
		}
	}
	return outcomes, nil
}

func (set settings) artifact(name string, c calendar) sdk.Artifact {
	return sdk.Artifact{Name: name + ".ics", MediaType: mediaType, Body: set.write(c)}
}

func noDay() sdk.Outcome {
	return sdk.Reject(Name+".day", "the record does not say of which day it speaks", "make it again with --as-of DATE")
}

// warn tells with the first record of a client that there is no calendar of it.
func warn(outcomes []sdk.Outcome, c *learning.Client) {
	for _, at := range c.At {
		if outcomes[at].Status != sdk.Created {
			continue
		}
		outcomes[at].Diagnostic = &sdk.Diagnostic{Severity: sdk.SeverityWarning, Code: Name + ".empty",
			Summary: "nothing that is known of this client has a day, so that it gets no calendar",
			Hint:    "export assessments, plans or job descriptions as well"}
		return
	}
}
