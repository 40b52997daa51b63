package salesforce

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// system is an org of Salesforce, as crm.System.
type system struct {
	login   *web.Client // My Domain, which gives tokens
	api     *web.Client // the instance that the token is for
	id      string      // the app's consumer key
	secret  string      // the app's consumer secret
	version string      // of the API: "67.0"

	token  string
	user   string // id of the user that the app runs as; empty: not known
	owner  string // id of the user whose tasks they become; empty: the run-as user
	target sdk.Target

	keyFault map[string]error // by a field that can't be the key: why
}

var (
	_ crm.System   = (*system)(nil)
	_ crm.Packager = (*system)(nil)
)

// access is what it takes to connect.
type access struct {
	address string // My Domain
	id      string
	secret  string
	version string
	owner   string // user name or id; may be empty
	now     func() time.Time
	sleep   func(context.Context, time.Duration) error
}

// connect proves the credentials and finds out whose data it is.
func connect(ctx context.Context, a access) (*system, error) {
	if !regexp.MustCompile(`^[1-9][0-9]\.0$`).MatchString(a.version) {
		return nil, &sdk.Diagnostic{Code: "salesforce.version", Field: "api_version",
			Summary: fmt.Sprintf("%q is no version of Salesforce's API", a.version), Hint: "write it like 67.0"}
	}
	s := &system{id: a.id, secret: a.secret, version: a.version, keyFault: map[string]error{}}
	s.login, s.api = client(a, a.address), client(a, "")
	s.login.Judge, s.api.Judge = judgeLogin, judge
	s.api.Authorize = func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+s.token)
		return nil
	}
	if err := s.renew(ctx); err != nil {
		return nil, err
	}
	if err := s.identify(ctx); err != nil {
		return nil, err
	}
	return s, s.findOwner(ctx, a.owner)
}

func client(a access, base string) *web.Client {
	c := web.New(base)
	c.Use(a.now, a.sleep)
	return c
}

// renew gets a token. Nothing is written by it, so that no failure of it is unsure.
func (s *system) renew(ctx context.Context) error {
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {s.id}, "client_secret": {s.secret}}
	a, err := s.login.Do(ctx, web.Request{
		Method: http.MethodPost, Path: "/services/oauth2/token", Body: []byte(form.Encode()), Safe: true,
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
	})
	if err != nil {
		return reading(err)
	}
	var given struct {
		Token    string `json:"access_token"`
		Instance string `json:"instance_url"`
		ID       string `json:"id"`
	}
	if a.Into(&given) != nil || given.Token == "" {
		return noSalesforce()
	}
	instance, err := web.Address("url", given.Instance)
	if err != nil {
		return &sdk.Diagnostic{Code: "salesforce.auth", Field: "url",
			Summary: "Salesforce names an address for its data that is not safe: " + given.Instance,
			Hint:    "look at url: it has to be the My Domain address of your org"}
	}
	s.token, s.api.Base = given.Token, strings.TrimRight(instance.String(), "/")
	s.user = userOf(given.ID)
	return nil
}

// userOf is the user in an identity URL, https://login.salesforce.com/id/ORG/USER.
func userOf(identity string) string {
	parts := strings.Split(identity, "/")
	if user := parts[len(parts)-1]; recordID.MatchString(user) && strings.HasPrefix(user, "005") {
		return user
	}
	return ""
}

var recordID = regexp.MustCompile(`^[0-9A-Za-z]{15}([0-9A-Za-z]{3})?$`)

// identify asks which org it is.
func (s *system) identify(ctx context.Context) error {
	var orgs []struct {
		ID       string `json:"Id"`
		Name     string
		Sandbox  bool   `json:"IsSandbox"`
		Instance string `json:"InstanceName"`
	}
	if err := query(ctx, s, false, "SELECT Id,Name,IsSandbox,InstanceName FROM Organization", &orgs); err != nil {
		return err
	}
	if len(orgs) != 1 || !recordID.MatchString(orgs[0].ID) {
		return &sdk.Diagnostic{Code: "salesforce.org", Summary: "Salesforce does not say which org it is",
			Hint: "the run-as user must be allowed to see the company information"}
	}
	o := orgs[0]
	s.target = sdk.Target{ID: longID(o.ID), Label: o.Name}
	if o.Sandbox {
		s.target.Label += ", a sandbox on " + o.Instance
	}
	return nil
}

// longID makes an id of 15 characters, in which case matters, the one of 18 for the same
// record: each of the last three says which of five characters are capitals.
func longID(id string) string {
	if len(id) != 15 {
		return id
	}
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
	long := id
	for part := 0; part < 15; part += 5 {
		capitals := 0
		for i, c := range []byte(id[part : part+5]) {
			if c >= 'A' && c <= 'Z' {
				capitals |= 1 << i
			}
		}
		long += digits[capitals : capitals+1]
	}
	return long
}

// findOwner finds the user whom tasks are given to.
func (s *system) findOwner(ctx context.Context, owner string) error {
	if owner == "" {
		return nil
	}
	column := "Username"
	if recordID.MatchString(owner) && strings.HasPrefix(owner, "005") {
		column, owner = "Id", longID(owner)
	}
	var users []struct {
		ID     string `json:"Id"`
		Active bool   `json:"IsActive"`
	}
	if err := query(ctx, s, false, "SELECT Id,IsActive FROM User WHERE "+column+" = "+quote(owner), &users); err != nil {
		return err
	}
	if len(users) != 1 || !users[0].Active {
		return &sdk.Diagnostic{Code: "salesforce.owner", Field: "owner",
			Summary: fmt.Sprintf("there is no active user %q", owner),
			Hint:    "write the user name as it stands in Setup, Users, or the user's id"}
	}
	s.owner = users[0].ID
	return nil
}

// Target implements crm.System.
func (s *system) Target() sdk.Target { return s.target }

// Limits implements crm.System: a collection takes 200 records.
func (s *system) Limits() crm.Limits { return crm.Limits{Find: 200, Write: 200, Entries: 200} }

// do asks the API. path follows the version. With a token that is not valid any more a
// new one is got, once; what it came with was not carried out.
func (s *system) do(ctx context.Context, method, path string, body any) (*web.Answer, error) {
	if !strings.HasPrefix(path, "/services/data/") {
		path = "/services/data/v" + s.version + path
	}
	r := web.Request{Method: method, Path: path, Body: body}
	a, err := s.api.Do(ctx, r)
	if !errors.As(err, new(*expired)) {
		return a, err
	}
	if err := s.renew(ctx); err != nil {
		return nil, err
	}
	a, err = s.api.Do(ctx, r)
	if old := (*expired)(nil); errors.As(err, &old) {
		return nil, &sdk.Diagnostic{Code: "salesforce.auth", Summary: "Salesforce does not accept the token that it gave: " + old.text,
			Hint: "look at the app's policies for IP addresses, and at the login hours of the run-as user"}
	}
	return a, err
}
