package espocrm

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// system is a site of EspoCRM that was connected to. It is a crm.System.
type system struct {
	api   *web.Client
	admin *web.Client // nil: no administrator is known
	host  string      // with the path, for people and as the site's identity

	name   string // the site's, for people
	user   string // id of the API user
	owner  string // id of the user who gets tasks
	page   int    // records of a list that one request may ask for
	rights rights
	fields map[string]crm.Field // as read last; nil: not yet
}

var (
	_ crm.System   = (*system)(nil)
	_ crm.Packager = (*system)(nil)
)

// Numbers of objects in a call. All are well under what EspoCRM takes: it has no calls
// for many objects, so that a call is several requests here.
const (
	mostFind  = 100
	mostWrite = 40
	mostPage  = 200 // EspoCRM's recordListMaxSizeLimit, where a site does not change it
)

func newSystem(site *url.URL, key, adminUser, adminPassword string, now func() time.Time, sleep func(context.Context, time.Duration) error) *system {
	path := strings.TrimSuffix(strings.TrimRight(site.Path, "/"), "/api/v1")
	base := site.Scheme + "://" + site.Host + path + "/api/v1"
	client := func(header, value string) *web.Client {
		c := web.New(base)
		c.Judge = judge
		c.Authorize = func(_ context.Context, r *http.Request) error {
			r.Header.Set(header, value)
			return nil
		}
		c.Use(now, sleep)
		return c
	}
	s := &system{api: client("X-Api-Key", key), host: strings.ToLower(site.Host) + path, page: mostPage}
	if adminUser != "" {
		s.admin = client("Espo-Authorization", base64.StdEncoding.EncodeToString([]byte(adminUser+":"+adminPassword)))
	}
	return s
}

// Target is the site. EspoCRM has no id of its own: the address that the user gave
// stands for it.
func (s *system) Target() sdk.Target {
	label := s.host
	if s.name != "" {
		label = s.name + " (" + s.host + ")"
	}
	return sdk.Target{ID: s.host, Label: label}
}

// Limits says how much a call takes.
func (s *system) Limits() crm.Limits {
	return crm.Limits{Find: mostFind, Write: mostWrite, Entries: mostWrite}
}

// me is what EspoCRM says of the user who asks, and of itself.
type me struct {
	User struct {
		ID string `json:"id"`
	} `json:"user"`
	ACL struct {
		Table      map[string]json.RawMessage                       `json:"table"`
		FieldTable map[string]map[string]map[string]json.RawMessage `json:"fieldTable"`
	} `json:"acl"`
	Settings struct {
		ApplicationName string `json:"applicationName"`
		ListLimit       int    `json:"recordListMaxSizeLimit"`
	} `json:"settings"`
}

// connect asks who the user is, and looks whether it may do what is always done. makes
// says that accounts may have to be made.
func (s *system) connect(ctx context.Context, owner string, makes bool) error {
	var answer me
	err := s.get(ctx, "/App/user", &answer)
	var refused *web.Refused
	switch {
	case errors.As(err, &refused) && refused.Status == http.StatusNotFound, errors.Is(err, errUnreadable), err == nil && answer.User.ID == "":
		return &sdk.Diagnostic{Code: Name + ".address", Field: "url", Summary: "no EspoCRM answers at " + s.host,
			Hint: "give the address that the browser shows for it, up to the #"}
	case err != nil:
		return reading(err, "the API user")
	}
	s.user, s.owner, s.name = answer.User.ID, answer.User.ID, plainWords(answer.Settings.ApplicationName)
	if limit := answer.Settings.ListLimit; limit > 0 && limit < s.page {
		s.page = limit
	}
	s.rights = rightsOf(answer)
	for _, need := range []struct{ action, level string }{{"read", "all"}, {"create", "yes"}, {"edit", ""}} {
		if need.action == "create" && !makes {
			continue
		}
		if err := s.rights.need("Account", need.action, need.level); err != nil {
			return err
		}
	}
	if owner != "" {
		s.owner, err = s.findUser(ctx, owner)
	}
	return err
}

// idPattern is how EspoCRM's ids look: 17 hexadecimal digits, or a UUID.
var idPattern = regexp.MustCompile(`^([0-9a-f]{17}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$`)

// findUser gives the id of a user. One that looks like an id is taken for one, so that
// the API user need not be allowed to look at users.
func (s *system) findUser(ctx context.Context, owner string) (string, error) {
	if idPattern.MatchString(owner) {
		return owner, nil
	}
	unknown := &sdk.Diagnostic{Code: Name + ".owner", Field: "owner", Summary: "there is no user " + owner + ", or the API user may not see it",
		Hint: "let the role of the API user read User, or give the id that stands in the address of the user's page, after view/"}
	var found struct {
		List []struct {
			ID       string `json:"id"`
			UserName string `json:"userName"`
		} `json:"list"`
	}
	query := condition(0, "equals", "userName", owner) + "&select=id,userName&maxSize=2&offset=0"
	err := s.get(ctx, "/User?"+query, &found)
	var refused *web.Refused
	switch {
	case errors.As(err, &refused):
		return "", unknown
	case err != nil:
		return "", reading(err, "users")
	}
	for _, user := range found.List {
		if strings.EqualFold(user.UserName, owner) {
			return user.ID, nil
		}
	}
	return "", unknown
}

// errUnreadable says that an answer is not what EspoCRM writes.
var errUnreadable = errors.New("the answer is not one of EspoCRM's")

// get asks for something to read.
func (s *system) get(ctx context.Context, path string, into any) error {
	answer, err := s.api.Do(ctx, web.Request{Method: http.MethodGet, Path: path})
	if err != nil {
		return err
	}
	return decode(answer.Body, into)
}

// decode reads JSON, and keeps numbers as they were written.
func decode(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return errUnreadable
	}
	return nil
}

// rights are what the API user may do.
type rights struct {
	known  bool
	levels map[string]map[string]string            // by scope and action
	fields map[string]map[string]map[string]string // by scope, field and action: yes or no
}

func rightsOf(answer me) rights {
	r := rights{known: len(answer.ACL.Table) > 0, levels: map[string]map[string]string{}, fields: map[string]map[string]map[string]string{}}
	for scope, raw := range answer.ACL.Table {
		r.levels[scope] = levelsOf(raw)
	}
	for scope, fields := range answer.ACL.FieldTable {
		r.fields[scope] = map[string]map[string]string{}
		for field, actions := range fields {
			r.fields[scope][field] = levelsByAction(actions)
		}
	}
	return r
}

func levelsByAction(actions map[string]json.RawMessage) map[string]string {
	levels := map[string]string{}
	for action, raw := range actions {
		var level string
		if json.Unmarshal(raw, &level) == nil {
			levels[action] = level
		}
	}
	return levels
}

// levelsOf reads the levels of a scope, which is true or false where it has none.
func levelsOf(raw json.RawMessage) map[string]string {
	var levels map[string]string
	if json.Unmarshal(raw, &levels) != nil {
		return nil
	}
	return levels
}

// need reports that a right is missing. level is the one that is needed; empty: any
// but no.
func (r rights) need(scope, action, level string) error {
	have := r.levels[scope][action]
	switch {
	case !r.known, level == "" && have != "" && have != "no", level != "" && (have == level || have == "yes"):
		return nil
	case have == "":
		have = "no"
	}
	wanted, hint := level, "set it in the role of the API user: Administration, Roles"
	if level == "" {
		wanted = "all"
	}
	if level == "all" {
		hint += "; with less, what is there already is not found and is made twice"
	}
	return &sdk.Diagnostic{Code: Name + ".permission", Summary: "the API user needs the right " + scope + ": " + action + " " + wanted + ", and has " + have, Hint: hint}
}

// denied reports whether the API user may not do something with a field.
func (r rights) denied(scope, field, action string) bool {
	return r.fields[scope][field][action] == "no"
}

// needField reports that the API user may not read or write a field. EspoCRM says nothing
// of one that it leaves out, and what lacks it is not found again or is not what it seems.
func (r rights) needField(scope, field string) error {
	for _, action := range []string{"read", "edit"} {
		if r.denied(scope, field, action) {
			return &sdk.Diagnostic{Code: Name + ".permission", Summary: "the API user needs the right to " + action + " the field " + field + " of " + scope,
				Hint: "set it in the role of the API user: Administration, Roles, Field Level"}
		}
	}
	return nil
}
