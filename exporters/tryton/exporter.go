// Package tryton writes clients into a Tryton database over the JSON-RPC of its server: a
// party for each client, notes at the party, and tasks in a project of the party.
//
// Tryton takes fields from modules only. What a client's figures are stands in notes,
// unless a module of the user's has fields for them.
package tryton

import (
	"context"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// What the exporter is called, for tables that must not start it.
const (
	Name    = "tryton"
	Summary = "parties, notes and tasks in Tryton"
)

// Places of the figures.
const (
	inNotes  = "note"
	inFields = "fields"
)

// keyField is the field of a party that Tryton keeps unique.
const keyField = "code"

var wording = crm.Wording{Company: "party"}

// Exporter is the exporter as firstcall sees it.
type Exporter struct {
	Base  string                                           // instead of the setting url; "": the setting counts
	Now   func() time.Time                                 // nil: the machine's clock
	Sleep func(ctx context.Context, d time.Duration) error // nil: the machine's
}

var _ sdk.DestinationExporter = Exporter{}

// Info describes the exporter.
func (Exporter) Info() sdk.Info {
	return crm.Info(Name, "1.0.0", Summary, sdk.Lookup, wording, []sdk.Field{
		{Name: "url", Required: true, Doc: "address of the server, without the database: https://tryton.example.org"},
		{Name: "database", Required: true, Doc: "name of the database"},
		{Name: "user", Required: true, Doc: "login of a user in Tryton"},
		{Name: "password", Required: true, Secret: true, Doc: "password of that user"},
		{Name: "company", Doc: "the company of yours that tasks are made in, by name or id; without it the one that the user works in"},
		{Name: "figures", Default: inNotes, OneOf: []string{inNotes, inFields},
			Doc: "where the figures of a client stand: note, with the note of the assessment; fields, in fields of the party that a module has to bring"},
	})
}

// Open logs in always, not only when the host asks for a check: which database it is
// can't be known otherwise.
func (e Exporter) Open(ctx context.Context, cfg sdk.Config, check bool) (sdk.Session, error) {
	sys, err := e.connect(ctx, cfg, check)
	if err != nil {
		return nil, err
	}
	return crm.Open(ctx, crm.Config{
		Exporter: Name, Wording: wording, Settings: cfg, System: sys, FieldName: fieldName,
		Check: check, NoFields: cfg.String("figures") == inNotes, OwnKeys: true, Sleep: e.Sleep,
	})
}

// connect makes the system.
func (e Exporter) connect(ctx context.Context, cfg sdk.Config, check bool) (*system, error) {
	address := cfg.String("url")
	if e.Base != "" {
		address = e.Base
	}
	at, err := web.Address("url", address)
	if err != nil {
		return nil, err
	}
	database := cfg.String("database")
	if database == "" || strings.ContainsAny(database, "/?#") {
		return nil, fault("database", "database", "that is no name of a database", "write the name that you choose when you log in to Tryton")
	}
	sys := &system{server: newServer(at, database, cfg.String("user"), cfg.Secret("password"))}
	sys.server.rpc.Use(e.Now, e.Sleep)
	sys.server.door.Use(e.Now, e.Sleep)
	if err := sys.begin(ctx, cfg.String("company"), check); err != nil {
		return nil, ends(err)
	}
	return sys, nil
}

// fieldName is the name of the field for a figure.
func fieldName(figure string) string {
	if figure == "key" {
		return keyField
	}
	return "firstcall_" + strings.ReplaceAll(figure, "-", "_")
}
