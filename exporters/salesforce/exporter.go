// Package salesforce writes records to an org of Salesforce: the figures of a client into
// fields of its account, a note for each assessment, and tasks for the actions of a plan.
//
// It only translates. Which objects there are to be, and what is done when a call
// fails, is decided by the package crm.
package salesforce

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// What the exporter is called, for tables that must not start it.
const (
	Name    = "salesforce"
	Summary = "accounts, notes and tasks in a Salesforce org"
)

// Exporter is the exporter as firstcall sees it. The zero value is the one to use; its
// fields are for tests.
type Exporter struct {
	Base  string                                           // the server's address; empty: that of the setting url
	Now   func() time.Time                                 // nil: the machine's clock
	Sleep func(ctx context.Context, d time.Duration) error // nil: really sleeps
}

var _ sdk.DestinationExporter = Exporter{}

// wording is how Salesforce calls things.
func wording() crm.Wording { return crm.Wording{Company: "account"} }

// Info describes the exporter. Accounts are kept one by their key in a unique field;
// notes and tasks have none, and are looked for before they are made.
func (Exporter) Info() sdk.Info {
	own := []sdk.Field{
		{Name: "url", Required: true, Doc: "My Domain address of the org, such as https://example.my.salesforce.com"},
		{Name: "client_id", Required: true, Doc: "consumer key of the external client app"},
		{Name: "client_secret", Required: true, Secret: true, Doc: "consumer secret of the app, such as env:SALESFORCE_SECRET"},
		{Name: "owner", Doc: "user name, or id, of the user whom new tasks are given to; the run-as user's when left out"},
		{Name: "api_version", Default: "67.0", Doc: "version of Salesforce's API"},
	}
	return crm.Info(Name, "1.0.0", Summary, sdk.Lookup, wording(), own)
}

// Open connects to the org that the app is of.
func (e Exporter) Open(ctx context.Context, cfg sdk.Config, check bool) (sdk.Session, error) {
	sys, err := e.connect(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return crm.Open(ctx, crm.Config{
		Exporter: Name, Wording: wording(), Settings: cfg, System: sys, FieldName: fieldName,
		Check: check, UniqueKey: true, Sleep: e.Sleep,
	})
}

func (e Exporter) connect(ctx context.Context, cfg sdk.Config) (*system, error) {
	address := e.Base
	if address == "" {
		u, err := web.Address("url", cfg.String("url"))
		if err != nil {
			return nil, err
		}
		if strings.Trim(u.Path, "/") != "" || strings.HasSuffix(u.Hostname(), ".lightning.force.com") {
			return nil, noSalesforce()
		}
		address = u.String()
	}
	s, err := connect(ctx, access{
		address: address, version: cfg.String("api_version"), owner: strings.TrimSpace(cfg.String("owner")),
		id: strings.TrimSpace(cfg.String("client_id")), secret: strings.TrimSpace(cfg.Secret("client_secret")),
		now: e.Now, sleep: e.Sleep,
	})
	if err != nil {
		return nil, opening(err)
	}
	return s, nil
}

// opening words an error that keeps the exporter from connecting.
func opening(err error) error {
	var busy *web.Busy
	var quota *web.Quota
	switch {
	case errors.As(err, &busy):
		return &sdk.Diagnostic{Code: Name + ".unreachable", Summary: busy.Text, Hint: "look at url and at the network, and run the command again"}
	case errors.As(err, &quota):
		return &sdk.Diagnostic{Code: Name + ".quota", Summary: quota.Text, Hint: "run the command again when the limit has been renewed"}
	}
	return err
}
