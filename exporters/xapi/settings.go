package xapi

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// Limits of the settings.
const (
	mostBatch = 100  // statements in a request
	mostDays  = 3650 // until a module is due
)

// fields are the settings.
func fields() []sdk.Field {
	return []sdk.Field{
		{Name: "push", Type: sdk.Bool, Default: "false", Doc: "send the statements to an LRS; without it, they are written to a file"},
		{Name: "url", Doc: "address of the LRS, the part before /statements: https://lrs.example.org/xapi"},
		{Name: "user", Doc: "user name, or key, of a client of the LRS"},
		{Name: "password", Secret: true, Doc: "password, or secret, of that client, such as env:LRS_SECRET"},
		{Name: "token", Secret: true, Doc: "access token, for an LRS that takes one in place of user and password"},
		{Name: "version", Default: "1.0.3", OneOf: []string{"1.0.3", "2.0"}, Doc: "version of xAPI that the LRS is spoken to in"},
		{Name: "base", Default: "https://github.com/firstcall-cli/firstcall/xapi", Doc: "address that the ids of activities and groups begin with; nothing need be there, and it must stay the same"},
		{Name: "due_days", Type: sdk.Int, Default: "60", Doc: fmt.Sprintf("days from the assessment to when the self-study module is due, where no plan says, 1 to %d", mostDays)},
		learning.ColumnField(),
		{Name: "language", Default: "en-US", Doc: "language of the instrument's and the client's own texts, as a tag such as en-US or es-MX"},
		{Name: "batch", Type: sdk.Int, Default: "50", Doc: fmt.Sprintf("statements that are sent in one request, 1 to %d", mostBatch)},
	}
}

// languagePattern is how a language is written, as far as anybody needs (RFC 5646).
var languagePattern = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// wrong are the faults of the settings that both files and pushing depend on.
func wrong(cfg sdk.Config) sdk.Diagnostics {
	var all sdk.Diagnostics
	add := func(field, summary, hint string) {
		all = append(all, &sdk.Diagnostic{Code: Name + "." + field, Field: field, Summary: summary, Hint: hint})
	}
	if !isBase(cfg.String("base")) {
		add("base", "base is not an address that ids can begin with", "write it in full, without blanks, ?, # and any of "+notInIRI+": https://learning.example.org/xapi")
	}
	if n := cfg.Int("due_days"); n < 1 || n > mostDays {
		add("due_days", fmt.Sprintf("due_days is %d and must be from 1 to %d", n, mostDays), "")
	}
	if n := cfg.Int("batch"); n < 1 || n > mostBatch {
		add("batch", fmt.Sprintf("batch is %d and must be from 1 to %d", n, mostBatch), "")
	}
	if !languagePattern.MatchString(cfg.String("language")) {
		add("language", "language is not a language tag", "write it like en-US, es-MX or de")
	}
	if d := learning.CheckColumn(Name, cfg); d != nil {
		all = append(all, d)
	}
	return all
}

// notInIRI are characters that may stand in no IRI (RFC 3987).
const notInIRI = "<>\"{}|\\^`"

// isBase reports whether ids can begin with an address.
func isBase(base string) bool {
	u, err := url.Parse(base)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil &&
		!strings.ContainsAny(base, "?#"+notInIRI) && !strings.ContainsFunc(base, unicode.IsControl) && !strings.ContainsFunc(base, unicode.IsSpace)
}

// store is the LRS that the settings name, with the faults of those.
func (e Exporter) store(cfg sdk.Config) (*store, sdk.Diagnostics) {
	var all sdk.Diagnostics
	add := func(code, field, summary, hint string) {
		all = append(all, &sdk.Diagnostic{Code: Name + "." + code, Field: field, Summary: summary, Hint: hint})
	}
	user, password, token := cfg.String("user"), cfg.Secret("password"), cfg.Secret("token")
	switch {
	case token != "" && (user != "" || password != ""):
		add("auth", "token", "there are a token and a user or password", "set a token, or user and password")
	case token == "" && user == "":
		add("auth", "user", "who sends the statements is not set", "set user and password as the LRS shows them for a client; some call them key and secret")
	case token == "" && password == "":
		add("auth", "password", "password is not set", "give a reference to it: password=env:LRS_SECRET")
	case strings.Contains(user, ":"):
		add("auth", "user", "user has a colon in it", "a user name for Basic authentication can't have one")
	}
	address := strings.TrimSpace(cfg.String("url"))
	if address == "" {
		add("address", "url", "url is not set", "set the address of the LRS, the part before /statements, to send statements")
		return nil, all
	}
	endpoint, err := web.Address("url", address)
	var d *sdk.Diagnostic
	if errors.As(err, &d) {
		add(d.Code, d.Field, d.Summary, "write it in full and without credentials, as https://lrs.example.org/xapi")
		return nil, all
	}
	return newStore(endpoint, cfg.String("version"), user, password, token, e.Now, e.Sleep), all
}
