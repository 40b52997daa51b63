// Package salesforcetest is an org of Salesforce in memory, for tests of the exporter. It
// is as strict as the documentation: what it does not describe is answered with 400 and
// listed in Problems.
package salesforcetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// What the org is, and the credentials of its app.
const (
	ClientID     = "3MVG9test"
	ClientSecret = "4f81-secret-for-tests"
	OrgID        = "00D000000000001EAA"
	UserID       = "005000000000001AAA"
	Consultant   = "jo@example.org" // the user name of another user
	ConsultantID = "005000000000002AAA"
	Version      = "67.0"
)

// Options say how the org behaves. Functions are called with the fields of a record that
// is made or changed, and must not call the server.
type Options struct {
	Refuse   func(object string, fields map[string]any) string // why a validation rule does not accept a record; empty: it does
	Alike    func(object string, fields map[string]any) bool   // a duplicate rule finds another like it
	Locked   func(object string, fields map[string]any) bool   // somebody is changing it
	Trigger  int                                               // a trigger fails all records of a call with more than so many; 0: none
	Required []string                                          // fields of accounts that must have a value

	DailyCalls   int           // calls until the limit of the day; 0: no limit
	TokenCalls   int           // calls until a token expires; 0: it does not
	Page         int           // records in an answer to a query; 0: 2000
	Latency      time.Duration // of each call
	Sandbox      bool
	NoPermission bool // the user may not make permission sets
	NoRunAs      bool // the app has no run-as user
}

// Server is the org. It is safe for use by several goroutines.
type Server struct {
	opt Options

	mu       sync.Mutex
	tables   map[string]*table
	cursors  map[string]rest
	tokens   map[string]int // calls made with each
	issued   int
	calls    map[string]int // by method and path
	total    int            // since the day began
	problems []string
}

// New returns an org with its own fields and users, and no accounts.
func New(opt Options) *Server {
	s := &Server{
		opt: opt, tables: map[string]*table{}, cursors: map[string]rest{}, tokens: map[string]int{}, calls: map[string]int{},
	}
	for name, o := range schema() {
		s.tables[name] = newTable(name, o)
	}
	s.tables["Organization"].put(OrgID, map[string]any{"Name": "Wrenmoor Consulting", "IsSandbox": opt.Sandbox, "InstanceName": "DEU12"})
	s.tables["User"].put(UserID, map[string]any{"Username": "firstcall@example.org", "IsActive": true})
	s.tables["User"].put(ConsultantID, map[string]any{"Username": Consultant, "IsActive": true})
	for _, name := range opt.Required {
		if f := s.tables["Account"].field(name); f != nil {
			f.Required = true
		}
	}
	return s
}

// call is a request that is documented, read.
type call struct {
	w     http.ResponseWriter
	what  string // the method and path
	url   *url.URL
	parts []string       // what stands for * in the path
	body  map[string]any // numbers are json.Number
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.opt.Latency > 0 {
		time.Sleep(s.opt.Latency)
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, 64<<20))
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.URL.Path == "/services/oauth2/token" {
		s.token(w, r, raw)
		return
	}
	if !s.admit(w, r) {
		return
	}
	version, path, ok := strings.Cut(strings.TrimPrefix(r.URL.EscapedPath(), "/services/data/v"), "/")
	if !ok || !strings.HasPrefix(r.URL.Path, "/services/data/v") {
		s.undocumented(w, r, "no such resource")
		return
	}
	if version != Version {
		reply(w, 404, []any{map[string]any{"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}})
		return
	}
	for _, e := range endpoints() {
		parts, fits := match(e.path, "/"+path)
		if e.method != r.Method || !fits {
			continue
		}
		s.calls[e.method+" "+e.path]++
		c := call{w: w, what: r.Method + " " + r.URL.Path, url: r.URL, parts: parts}
		if fault := e.check(r, raw, &c.body); fault != "" {
			s.undocumented(w, r, fault)
			return
		}
		e.serve(s, c)
		return
	}
	s.undocumented(w, r, "no such resource")
}

// match compares a path with a pattern, and gives what stands for each *.
func match(pattern, path string) ([]string, bool) {
	want, have := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(have) {
		return nil, false
	}
	var parts []string
	for i := range want {
		switch {
		case want[i] == "*" && have[i] != "":
			part, err := url.PathUnescape(have[i])
			if err != nil {
				return nil, false
			}
			parts = append(parts, part)
		case want[i] != have[i]:
			return nil, false
		}
	}
	return parts, true
}

// check compares a request with its description, and reads its body.
func (e endpoint) check(r *http.Request, raw []byte, into *map[string]any) string {
	for name, values := range r.URL.Query() {
		if !slices.Contains(e.query, name) || len(values) != 1 {
			return "parameter " + name
		}
	}
	for _, name := range e.query {
		if !r.URL.Query().Has(name) {
			return "no parameter " + name
		}
	}
	if e.body == nil {
		if len(raw) > 0 {
			return "a body"
		}
		return ""
	}
	if r.Header.Get("Content-Type") != "application/json" {
		return "not application/json"
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(into); err != nil || d.More() {
		return "a body that is no JSON object"
	}
	for name := range *into {
		if !slices.Contains(e.body, name) {
			return "member " + name
		}
	}
	return ""
}

// undocumented answers and lists a request that the documentation does not describe.
func (s *Server) undocumented(w http.ResponseWriter, r *http.Request, what string) {
	s.problems = append(s.problems, fmt.Sprintf("%s %s: %s", r.Method, r.URL.Path, what))
	refuse(w, "UNDOCUMENTED", what)
}

// misuse answers and lists a request that is of another form than documented.
func (s *Server) misuse(c call, code, text string) {
	s.problems = append(s.problems, fmt.Sprintf("%s: %s (%s)", c.what, text, code))
	refuse(c.w, code, text)
}

// admit checks the length of a request, its token, and the limit of the day.
func (s *Server) admit(w http.ResponseWriter, r *http.Request) bool {
	if len(r.RequestURI) > 16384 {
		reply(w, 414, []any{map[string]any{"errorCode": "URI_TOO_LONG", "message": "URI Too Long"}})
		return false
	}
	token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	used, known := s.tokens[token]
	if !bearer || !known || s.opt.TokenCalls > 0 && used >= s.opt.TokenCalls {
		reply(w, 401, []any{map[string]any{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}})
		return false
	}
	s.tokens[token]++
	if s.opt.DailyCalls > 0 && s.total >= s.opt.DailyCalls {
		reply(w, 403, []any{map[string]any{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}})
		return false
	}
	s.total++
	w.Header().Set("Sforce-Limit-Info", fmt.Sprintf("api-usage=%d/%d", s.total, max(s.opt.DailyCalls, 15000)))
	return true
}

// token serves the token endpoint.
func (s *Server) token(w http.ResponseWriter, r *http.Request, raw []byte) {
	form, err := url.ParseQuery(string(raw))
	fail := func(code, text string) { reply(w, 400, map[string]any{"error": code, "error_description": text}) }
	switch {
	case err != nil || r.Method != "POST" || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" || len(form) != 3 || r.URL.RawQuery != "":
		s.undocumented(w, r, "a login that is not a form with three members")
	case form.Get("grant_type") != "client_credentials":
		fail("unsupported_grant_type", "grant type not supported")
	case form.Get("client_id") != ClientID:
		fail("invalid_client_id", "client identifier invalid")
	case form.Get("client_secret") != ClientSecret:
		fail("invalid_client", "invalid client credentials")
	case s.opt.NoRunAs:
		fail("invalid_grant", "no client credentials user enabled")
	default:
		s.issued++
		token := fmt.Sprintf("%s!token.%d", OrgID[:15], s.issued)
		s.tokens[token] = 0
		scheme := "http://"
		if r.TLS != nil {
			scheme = "https://"
		}
		reply(w, 200, map[string]any{
			"access_token": token, "token_type": "Bearer", "instance_url": scheme + r.Host, "scope": "api",
			"id": "https://login.salesforce.com/id/" + OrgID + "/" + UserID, "issued_at": "1790000000000", "signature": "c2lnbmF0dXJl",
		})
	}
}

// reply answers in JSON.
func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // nobody may wait for it any more
}

// Throttled answers as Salesforce does when it is too busy to look at a request.
func Throttled(w http.ResponseWriter) {
	reply(w, 503, []any{map[string]any{"errorCode": "SERVER_UNAVAILABLE", "message": "Server too busy. Please try again later."}})
}

// refuse refuses a whole call.
func refuse(w http.ResponseWriter, code, text string) {
	reply(w, 400, []any{map[string]any{"errorCode": code, "message": text}})
}
