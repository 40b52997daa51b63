// Package hubspot writes records to a HubSpot account: the figures of a client into
// properties of its company, a note for each assessment, and tasks for the actions of a
// plan.
//
// It only translates. Which objects there are to be, and what is done when a call
// fails, is decided by the package crm.
package hubspot

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
	Name    = "hubspot"
	Summary = "companies, notes and tasks in a HubSpot account"
)

// address is HubSpot's, for accounts of all regions.
const address = "https://api.hubapi.com"

// Exporter is the exporter as firstcall sees it. The zero value is the one to use; its
// fields are for tests.
type Exporter struct {
	Base  string                                           // the server's address; empty: HubSpot's
	Now   func() time.Time                                 // nil: the machine's clock
	Sleep func(ctx context.Context, d time.Duration) error // nil: really sleeps
}

var _ sdk.DestinationExporter = Exporter{}

// wording is how HubSpot calls things.
func wording() crm.Wording { return crm.Wording{Company: "company"} }

// Info describes the exporter.
func (Exporter) Info() sdk.Info {
	own := []sdk.Field{
		{Name: "token", Required: true, Secret: true, Doc: "service key or access token of a private app, such as env:HUBSPOT_TOKEN"},
		{Name: "url", Default: address, Doc: "address of HubSpot's interface; for a proxy, or a host of one region"},
		{Name: "owner", Doc: "id of the HubSpot owner to whom new tasks are given, a number"},
		{Name: "task_priority", OneOf: []string{"low", "medium", "high"}, Doc: "priority of new tasks"},
	}
	return crm.Info(Name, "1.0.0", Summary, sdk.Lookup, wording(), own)
}

// Open connects to the account that the token is of.
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

// connect makes the client and asks whose account it is: nothing else tells apart a
// sandbox from the account it was copied from.
func (e Exporter) connect(ctx context.Context, cfg sdk.Config) (*system, error) {
	token := strings.TrimSpace(cfg.Secret("token"))
	if !plausible(token) {
		return nil, &sdk.Diagnostic{Code: Name + ".auth", Field: "token",
			Summary: "the token has characters that no token of HubSpot has", Hint: "copy it again, as one line, from the page of the service key or the private app"}
	}
	owner := cfg.String("owner")
	if strings.Trim(owner, "0123456789") != "" {
		return nil, &sdk.Diagnostic{Code: Name + ".owner", Field: "owner",
			Summary: "the owner is not a number", Hint: "give the owner's id, a number, not a name or an e-mail address"}
	}
	base := address
	if e.Base != "" {
		base = e.Base
	}
	if given := cfg.String("url"); given != address {
		u, err := web.Address("url", given)
		if err != nil {
			return nil, err
		}
		base = u.String()
	}
	s := &system{client: newClient(base, token), owner: owner, priority: strings.ToUpper(cfg.String("task_priority"))}
	s.client.Use(e.Now, e.Sleep)
	if err := s.identify(ctx); err != nil {
		return nil, opening(err)
	}
	return s, nil
}

// plausible keeps what can't be a token from being sent: a quoted one, several lines.
func plausible(token string) bool {
	return token != "" && !strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == '\'' })
}

// fieldName is the name of the property for a figure: HubSpot takes lower case letters,
// digits and underscores, at most 100.
func fieldName(figure string) string {
	name := "firstcall_" + strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToLower(figure))
	return name[:min(len(name), 100)]
}
