package xapi

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// store is an LRS, as far as it keeps statements.
type store struct {
	api    *web.Client // its base is scheme and host
	site   *url.URL    // the endpoint: the part of the address before /statements
	who    string      // user name; empty with a token
	header http.Header // of every request
}

func newStore(site *url.URL, version, user, password, token string, now func() time.Time, sleep func(context.Context, time.Duration) error) *store {
	site = &url.URL{Scheme: site.Scheme, Host: strings.ToLower(site.Host), Path: strings.TrimSuffix(strings.TrimRight(site.Path, "/"), "/statements")}
	s := &store{api: web.New(site.Scheme + "://" + site.Host), site: site, who: user, header: http.Header{"X-Experience-Api-Version": {headerVersion(version)}}}
	s.api.Judge = judge
	s.api.Authorize = func(_ context.Context, r *http.Request) error {
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		} else {
			r.SetBasicAuth(user, password)
		}
		return nil
	}
	s.api.Use(now, sleep)
	return s
}

// headerVersion is how requests name a version.
func headerVersion(version string) string {
	if version == "2.0" {
		return "2.0.0"
	}
	return version
}

// target is whose data the LRS keeps: some keep that of several clients of theirs apart
// by who asks.
func (s *store) target() sdk.Target {
	id := s.site.Host + s.site.EscapedPath()
	if s.who != "" {
		id = url.PathEscape(s.who) + "@" + id
	}
	return sdk.Target{ID: id, Label: "the LRS at " + s.site.Host + s.site.EscapedPath()}
}

func (s *store) path(query url.Values) string {
	path := s.site.EscapedPath() + "/statements"
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path
}

// look finds out whether the LRS answers, and gives statements to who asks.
func (s *store) look(ctx context.Context) error {
	_, _, err := s.page(ctx, s.path(url.Values{"limit": {"1"}}))
	return err
}

// of gives all statements of a registration that are not void, and those that void
// others.
func (s *store) of(ctx context.Context, registration string) ([]found, error) {
	var all []found
	next := s.path(url.Values{"registration": {registration}})
	for seen := map[string]bool{}; !seen[next]; {
		seen[next] = true
		page, more, err := s.page(ctx, next)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if more == "" {
			return all, nil
		}
		if next, err = s.follow(next, more); err != nil {
			return nil, err
		}
	}
	return nil, unreadable("the list of statements has no end")
}

// page reads a page of a list, and where the next one is.
func (s *store) page(ctx context.Context, path string) ([]found, string, error) {
	a, err := s.api.Do(ctx, web.Request{Method: http.MethodGet, Path: path, Header: s.header})
	if err != nil {
		return nil, "", reading(err)
	}
	page, more, ok := readPage(a.Body)
	if !ok {
		return nil, "", unreadable("what is at the address does not answer as an LRS does")
	}
	return page, more, nil
}

// follow is the path of the next page. The credentials are the LRS's alone, so that a
// link to another server is not followed.
func (s *store) follow(path, more string) (string, error) {
	here, err := url.Parse(path)
	if err != nil {
		return "", err
	}
	link, err := url.Parse(more)
	if err != nil {
		return "", unreadable("the link to more statements can't be read")
	}
	if link.Host != "" && !strings.EqualFold(link.Host, s.site.Host) {
		return "", &sdk.Diagnostic{Code: Name + ".elsewhere", Field: "url", Summary: "the LRS sends on to another server for more statements: " + link.Host,
			Hint: "use the address that the LRS knows itself by, or let whoever runs it set that"}
	}
	return here.ResolveReference(&url.URL{Path: link.Path, RawPath: link.RawPath, RawQuery: link.RawQuery}).RequestURI(), nil
}

// one gives the statement of an id, and whether there is one; with void one that is void.
func (s *store) one(ctx context.Context, id string, void bool) (found, bool, error) {
	name := "statementId"
	if void {
		name = "voidedStatementId"
	}
	a, err := s.api.Do(ctx, web.Request{Method: http.MethodGet, Path: s.path(url.Values{name: {id}}), Header: s.header})
	var refused *web.Refused
	switch {
	case errors.As(err, &refused) && refused.Status == http.StatusNotFound:
		return found{}, false, nil
	case err != nil:
		return found{}, false, reading(err)
	}
	f, ok := readStatement(a.Body)
	if !ok || f.id != id {
		return found{}, false, unreadable("the LRS was asked for a statement and gives something else")
	}
	return f, true, nil
}

// put stores statements, all or none.
func (s *store) put(ctx context.Context, all []statement) error {
	body, err := encode(all, "")
	if err != nil {
		return err
	}
	a, err := s.api.Do(ctx, web.Request{Method: http.MethodPost, Path: s.path(nil), Header: s.header, Body: body})
	var refused *web.Refused
	if errors.As(err, &refused) && (refused.Status == http.StatusNotFound || refused.Status == http.StatusMethodNotAllowed) {
		return noStore(refused.Text)
	}
	if err != nil {
		return err
	}
	var ids []string
	if json.Unmarshal(a.Body, &ids) != nil || len(ids) != len(all) {
		return &web.Unsure{Text: "the LRS does not say what it has stored"}
	}
	return nil
}
