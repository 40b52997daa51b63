// Package espocrm writes records into EspoCRM: figures at the account of a client, a
// post in its stream for each assessment, and a task for each action of a plan. It only
// says how EspoCRM is asked; what is to be written is found out by exporters/internal/crm.
package espocrm

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
	"unicode"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// What the exporter is called, for tables that must not start it.
const (
	Name    = "espocrm"
	Summary = "accounts, stream posts and tasks in EspoCRM"
)

// Exporter is the exporter as firstcall sees it.
type Exporter struct {
	Base string // the site's address in place of the setting url; "": the setting

	Now   func() time.Time                                 // nil: the machine's
	Sleep func(ctx context.Context, d time.Duration) error // nil: the machine's
}

var _ sdk.DestinationExporter = Exporter{}

// words is how EspoCRM calls things.
func words() crm.Wording { return crm.Wording{Company: "account"} }

// Info describes the exporter.
func (Exporter) Info() sdk.Info {
	return crm.Info(Name, "1.0.0", Summary, sdk.Lookup, words(), []sdk.Field{
		{Name: "url", Required: true, Doc: "address of EspoCRM as in the browser, without what follows a #: https://crm.example.org"},
		{Name: "api_key", Required: true, Secret: true, Doc: "API key of an API user"},
		{Name: "owner", Doc: "user name or id of the user who gets the tasks; without it the API user has them"},
		{Name: "admin_user", Doc: "user name of an administrator, for --provision alone"},
		{Name: "admin_password", Secret: true, Doc: "password of that administrator"},
	})
}

// Open finds out who the API user is and what it may do.
func (e Exporter) Open(ctx context.Context, cfg sdk.Config, check bool) (sdk.Session, error) {
	s, err := e.system(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return crm.Open(ctx, crm.Config{
		Exporter: Name, Wording: words(), Settings: cfg, System: s, FieldName: fieldName, Check: check, Sleep: e.Sleep,
	})
}

// system connects to the site that the settings name.
func (e Exporter) system(ctx context.Context, cfg sdk.Config) (*system, error) {
	address := e.Base
	if address == "" {
		address = cfg.String("url")
	}
	site, err := web.Address("url", strings.TrimSpace(address))
	if err != nil {
		return nil, err
	}
	if (cfg.String("admin_user") == "") != (cfg.Secret("admin_password") == "") {
		return nil, &sdk.Diagnostic{Code: Name + ".admin", Field: "admin_user",
			Summary: "only one of admin_user and admin_password is set", Hint: "set both, for --provision, or neither"}
	}
	s := newSystem(site, cfg.Secret("api_key"), cfg.String("admin_user"), cfg.Secret("admin_password"), e.Now, e.Sleep)
	return s, s.connect(ctx, strings.TrimSpace(cfg.String("owner")), cfg.String("match") != "update-only")
}

// longestName is how long EspoCRM lets the name of a field be, which it counts with an
// underscore before each capital.
const longestName = 50

// fieldName is the field for a figure. EspoCRM puts a c before the names of fields that
// are made.
func fieldName(figure string) string {
	var b strings.Builder
	b.WriteString("cFirstcall")
	length, capital := len("c_firstcall"), true
	for _, r := range figure {
		switch {
		case r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r):
			capital = true
			continue
		case capital && unicode.IsLetter(r):
			r = unicode.ToUpper(r)
			length++
		}
		capital = false
		b.WriteRune(r)
		length++
	}
	if length <= longestName {
		return b.String()
	}
	sum := sha256.Sum256([]byte(figure))
	return b.String()[:20] + hex.EncodeToString(sum[:])[:8] // at most 20 capitals more
}
