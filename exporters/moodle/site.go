package moodle

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// endpoint is where Moodle takes calls of its web services, after the site's address.
const endpoint = "/webservice/rest/server.php"

// site is a Moodle that is asked for what it has, and told what to make.
type site struct {
	api   *web.Client
	token string
}

// newSite returns the site at an address that web.Address has taken.
func newSite(address *url.URL, token string) *site {
	s := &site{api: web.New(address.Scheme + "://" + address.Host + strings.TrimSuffix(address.EscapedPath(), "/")), token: token}
	s.api.Judge = judge
	return s
}

// form are the arguments of a call.
type form url.Values

// set sets an argument, whose name has the indexes and fields in brackets.
func (f form) set(name, value string) form {
	url.Values(f).Set(name, value)
	return f
}

func (f form) id(name string, value int64) form { return f.set(name, strconv.FormatInt(value, 10)) }

// read asks for something.
func (s *site) read(ctx context.Context, function string, args form, into any) error {
	return s.call(ctx, function, args, true, into)
}

// change has something done that done twice is as done once.
func (s *site) change(ctx context.Context, function string, args form, into any) error {
	return s.call(ctx, function, args, true, into)
}

// make has something made. When the answer is lost, the error is a *web.Unsure.
func (s *site) make(ctx context.Context, function string, args form, into any) error {
	return s.call(ctx, function, args, false, into)
}

// call calls a function. The token travels in the body, since addresses stand in logs.
// Moodle is asked for texts as they were written, and not as they are shown.
func (s *site) call(ctx context.Context, function string, args form, safe bool, into any) error {
	body := url.Values{"wstoken": {s.token}, "wsfunction": {function}, "moodlewsrestformat": {"json"}, "moodlewssettingraw": {"1"}, "moodlewssettingfilter": {"0"}}
	for name, values := range args {
		body[name] = values
	}
	answer, err := s.api.Do(ctx, web.Request{
		Method: http.MethodPost, Path: endpoint, Safe: safe, Body: []byte(body.Encode()),
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
	})
	if err != nil {
		return named(err, function)
	}
	if into == nil {
		return nil
	}
	if err := answer.Into(into); err != nil {
		return &web.Unsure{Text: function + " answered something that is not Moodle's"}
	}
	return nil
}

// information is what a site says about itself and what the token may do there.
type information struct {
	SiteName  string     `json:"sitename"`
	SiteURL   string     `json:"siteurl"`
	Functions []callable `json:"functions"`
}

type callable struct {
	Name string `json:"name"`
}

// connect asks the site who it is, and looks whether the token may call all functions
// that are needed.
func (s *site) connect(ctx context.Context, needed []string) (sdk.Target, error) {
	var info information
	if err := s.read(ctx, "core_webservice_get_site_info", nil, &info); err != nil {
		return sdk.Target{}, connecting(err)
	}
	at, err := url.Parse(info.SiteURL)
	if err != nil || at.Host == "" {
		return sdk.Target{}, noMoodle()
	}
	var missing []string
	for _, function := range needed {
		if !slices.Contains(info.Functions, callable{function}) {
			missing = append(missing, function)
		}
	}
	if len(missing) > 0 {
		return sdk.Target{}, &sdk.Diagnostic{Code: Name + ".functions", Field: "token", Summary: "the web service of the token lacks " + strings.Join(missing, ", "),
			Hint: "add what is missing: Site administration, Server, Web services, External services, Functions"}
	}
	id := strings.ToLower(at.Host) + strings.TrimSuffix(at.EscapedPath(), "/")
	return sdk.Target{ID: id, Label: "Moodle (" + strings.TrimSpace(plainWords(info.SiteName)+" "+id) + ")"}, nil
}

// connecting is what ends an export before it has begun.
func connecting(err error) error {
	var refused *web.Refused
	var unsure *web.Unsure
	var busy *web.Busy
	switch {
	case errors.As(err, &refused):
		return &sdk.Diagnostic{Code: Name + ".access", Field: "token", Summary: refused.Text, Hint: "look at the token and its web service in Moodle"}
	case errors.As(err, &busy):
		return &sdk.Diagnostic{Code: Name + ".unreachable", Field: "url", Summary: busy.Text, Hint: "look at the address, or run the command again later"}
	case errors.As(err, &unsure):
		return noMoodle()
	}
	return err
}

func noMoodle() error {
	return &sdk.Diagnostic{Code: Name + ".address", Field: "url", Summary: "there is no Moodle at this address, or it does not answer as one",
		Hint: "give the address of the site as in the browser, without what follows the front page: https://moodle.example.org"}
}
