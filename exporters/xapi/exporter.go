// Package xapi writes what an assessment found as statements of the Experience API:
// the score of each dimension, and the self-study module for each department that has a
// gap. It makes a file of them, or sends them to a learning record store (LRS).
package xapi

import (
	"context"
	"time"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// What the exporter is called, for tables that must not start it.
const (
	Name    = "xapi"
	Summary = "xAPI statements, as a file or sent to a learning record store"
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
		Name: Name, Version: "1.0.0", Summary: Summary, Config: fields(),
		Kinds:       []record.Kind{record.KindAssessment, record.KindPlan, record.KindOrganization},
		Idempotency: sdk.Lookup, WholeClients: true,
	}
}

// CheckConfig looks at the settings that files depend on.
func (Exporter) CheckConfig(cfg sdk.Config) error {
	if all := wrong(cfg); len(all) > 0 {
		return all
	}
	return nil
}

// Open connects to an LRS, when statements are to be sent to one.
func (e Exporter) Open(ctx context.Context, cfg sdk.Config, check bool) (sdk.Session, error) {
	if !cfg.Bool("push") {
		return nil, nil
	}
	store, faults := e.store(cfg)
	if faults = append(wrong(cfg), faults...); len(faults) > 0 {
		return nil, faults
	}
	if check {
		if err := store.look(ctx); err != nil {
			return nil, err
		}
	}
	now := e.Now
	if now == nil {
		now = time.Now
	}
	return &session{now: now, maker: newMaker(cfg), options: options(cfg), store: store, batch: int(cfg.Int("batch"))}, nil
}

func options(cfg sdk.Config) learning.Options {
	return learning.Options{Exporter: Name, Column: cfg.String("by"), NeedDay: true}
}
