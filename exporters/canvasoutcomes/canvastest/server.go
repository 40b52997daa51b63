// Package canvastest is Canvas as far as the exporter uses it, for tests: it keeps outcome
// groups, outcomes and imports in memory, reads files as Canvas's outcome import does, and
// does what Canvas does when something is not as it should be. What it does is known from
// the public documentation and source of Canvas. A request that Canvas does not document is
// a problem.
package canvastest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// What a Canvas is like.
const (
	Token   = "1234~a-canvas-token" // of the user who may import
	Account = 1                     // the topmost account
	Other   = 2                     // an account that is not below it
)

// Options are what differs from a Canvas in which everything goes well. They can be
// changed while no request is under way.
type Options struct {
	Steps  int                      // how often an import is asked about before it ends; 0: once
	Hangs  bool                     // no import ever ends
	Breaks bool                     // every import ends with an unexpected error
	Refuse func(r Row) string       // why a row can't be kept; "": it can
	Rights func(method string) bool // nil: all
	Scales bool                     // the account has mastery scales of its own, which count instead
	Old    bool                     // what the user may not do is answered 401
}

// Server is a Canvas. It is safe for use by several goroutines.
type Server struct {
	mu sync.Mutex
	Options
	store    store
	imports  []*job
	started  map[int64]int64 // the latest import of an account that was begun
	counts   map[string]int
	problems []string
}

// job is an import.
type job struct {
	id, account, group int64
	file               []byte
	state              string
	steps              int
	errors             []Error
}

// New returns a Canvas with two accounts.
func New(o Options) *Server {
	s := &Server{Options: o, started: map[int64]int64{}, counts: map[string]int{}}
	for _, account := range []int64{Account, Other} {
		s.store.groups = append(s.store.groups, &Group{ID: s.store.next(), Account: account, Title: "Account"})
	}
	return s
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	w.Header().Set("X-Rate-Limit-Remaining", "599.5")
	w.Header().Set("X-Request-Cost", "0.5")
	if r.Header.Get("Authorization") != "Bearer "+Token {
		w.Header().Set("WWW-Authenticate", `Bearer realm="canvas-lms"`)
		reply(w, http.StatusUnauthorized, object{"errors": []object{{"message": "the token is unknown"}}})
		return
	}
	if s.Rights != nil && !s.Rights(r.Method+" "+r.URL.Path) {
		status := http.StatusForbidden
		if s.Old {
			status = http.StatusUnauthorized
		}
		reply(w, status, object{"status": "unauthorized", "errors": []object{{"message": "the user may not do this"}}})
		return
	}
	s.route(w, r, body)
}

type object map[string]any

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func missing(w http.ResponseWriter) {
	reply(w, http.StatusNotFound, object{"errors": []object{{"message": "there is no such thing"}}})
}

// route finds out what is asked.
func (s *Server) route(w http.ResponseWriter, r *http.Request, body []byte) {
	rest, ok := strings.CutPrefix(r.URL.Path, "/api/v1/accounts/")
	parts := strings.Split(rest, "/")
	account, err := strconv.ParseInt(strings.Replace(parts[0], "self", fmt.Sprint(Account), 1), 10, 64)
	if !ok || err != nil {
		s.problem(r, "no such path")
		missing(w)
		return
	}
	if account != Account && account != Other {
		missing(w)
		return
	}
	what := r.Method + " " + strings.Join(parts[1:], "/")
	s.counts[r.Method+" "+strings.Join(parts[1:min(2, len(parts))], "")]++
	q := r.URL.Query()
	switch {
	case what == "GET ":
		s.known(r, q)
		reply(w, http.StatusOK, object{"id": account, "name": fmt.Sprintf("Account %d", account), "uuid": "u", "workflow_state": "active"})
	case what == "GET outcome_groups":
		s.known(r, q, "per_page", "page")
		s.list(w, r, q, s.groupsJSON(account))
	case len(parts) == 3 && r.Method == http.MethodGet && parts[1] == "outcome_groups":
		s.known(r, q)
		s.oneGroup(w, account, parts[2])
	case len(parts) == 4 && r.Method == http.MethodGet && parts[1] == "outcome_groups" && parts[3] == "outcomes":
		s.known(r, q, "per_page", "page", "outcome_style")
		s.outcomesOf(w, r, q, account, parts[2])
	case r.Method == http.MethodPost && parts[1] == "outcome_imports" && (len(parts) == 2 || len(parts) == 4 && parts[2] == "group"):
		s.known(r, q, "import_type", "extension")
		s.post(w, r, account, parts, body)
	case len(parts) == 3 && r.Method == http.MethodGet && parts[1] == "outcome_imports":
		s.known(r, q)
		s.status(w, account, parts[2])
	default:
		s.problem(r, "no such path")
		missing(w)
	}
}

func (s *Server) problem(r *http.Request, what string) {
	s.problems = append(s.problems, r.Method+" "+r.URL.String()+": "+what)
}

// known holds that a query has known parameters only.
func (s *Server) known(r *http.Request, q url.Values, names ...string) {
	for name := range q {
		if !slices.Contains(names, name) {
			s.problem(r, "unknown parameter "+name)
		}
	}
	if q.Has("import_type") && q.Get("import_type") != "instructure_csv" {
		s.problem(r, "unknown type of import")
	}
	if r.Method == http.MethodPost && strings.TrimSpace(strings.Split(r.Header.Get("Content-Type"), ";")[0]) != "text/csv" {
		s.problem(r, "not sent as text/csv")
	}
}

// list answers a page of a list. The addresses of other pages have the host that Canvas
// has behind its proxy.
func (s *Server) list(w http.ResponseWriter, r *http.Request, q url.Values, all []object) {
	size, page := 10, 1
	if n, err := strconv.Atoi(q.Get("per_page")); err == nil && n > 0 {
		size = min(n, 100)
	}
	if n, err := strconv.Atoi(q.Get("page")); err == nil && n > 0 {
		page = n
	}
	at := func(n int) string {
		q.Set("page", strconv.Itoa(n))
		return "<https://canvas.internal" + r.URL.Path + "?" + q.Encode() + ">"
	}
	links := []string{at(page) + `; rel="current"`}
	begin, end := min((page-1)*size, len(all)), min(page*size, len(all))
	if end < len(all) {
		links = append(links, at(page+1)+`; rel="next"`)
	}
	w.Header().Set("Link", strings.Join(append(links, at(1)+`; rel="first"`), ","))
	reply(w, http.StatusOK, append([]object{}, all[begin:end]...))
}
