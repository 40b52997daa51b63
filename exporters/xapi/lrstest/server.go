// Package lrstest is a small learning record store in memory for tests: of xAPI it has
// the statements alone, and there it is as strict as the standard lets it be.
package lrstest

import (
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Who may ask, where Options don't say otherwise.
const (
	User     = "client"
	Password = "opensesame"
)

// Options are what an LRS is like.
type Options struct {
	Version  string // that it speaks: 1.0.3 or 2.0; "": 1.0.3
	Token    string // that it wants instead of User and Password
	MostPost int    // statements in a request; 0: any
	Page     int    // statements in a page; 0: 100
	Lower    bool   // writes accounts in small letters, as some do
	Quiet    bool   // gives no reasons
	Once     bool   // refuses a statement that is there with 409, even when it is the same

	// Refuse says why a statement is refused by a rule of the LRS's own; "": it is not.
	Refuse func(statement map[string]any) string
}

// Server is an LRS. Its address ends with /xapi.
type Server struct {
	options Options

	mu       sync.Mutex
	kept     map[string]*kept
	order    []*kept
	voids    map[string]bool // ids that are void as soon as they are there
	listed   int             // how many of order are in lists
	held     bool
	received bytes.Buffer
	requests map[string]int
}

// kept is a statement in the LRS.
type kept struct {
	id, registration, voids string // voids: id of the one it voids
	content                 map[string]any
	stored                  string
}

// New returns an LRS without statements.
func New(o Options) *Server {
	if o.Version == "" {
		o.Version = "1.0.3"
	}
	if o.Page == 0 {
		o.Page = 100
	}
	return &Server{options: o, kept: map[string]*kept{}, voids: map[string]bool{}, requests: map[string]int{}}
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	s.received.Write(body)
	s.requests[r.Method]++
	w.Header().Set("X-Experience-API-Version", s.header())
	switch {
	case !s.known(r):
		s.fail(w, http.StatusUnauthorized, "who is that")
	case !s.speaks(r.Header.Get("X-Experience-API-Version")):
		s.fail(w, http.StatusBadRequest, "the header X-Experience-API-Version is missing, or of another version")
	case strings.HasPrefix(r.URL.Path, "/more/") && r.Method == http.MethodGet:
		s.more(w, r)
	case r.URL.Path != "/xapi/statements":
		s.fail(w, http.StatusNotFound, "no such resource")
	case r.Method == http.MethodGet:
		s.get(w, r)
	case r.Method == http.MethodPost:
		s.post(w, r, body)
	default:
		s.fail(w, http.StatusMethodNotAllowed, "GET or POST")
	}
}

func (s *Server) header() string {
	if s.options.Version == "2.0" {
		return "2.0.0"
	}
	return s.options.Version
}

func (s *Server) known(r *http.Request) bool {
	same := func(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
	if s.options.Token != "" {
		return same(r.Header.Get("Authorization"), "Bearer "+s.options.Token)
	}
	user, password, ok := r.BasicAuth()
	return ok && same(user, User) && same(password, Password)
}

func (s *Server) speaks(version string) bool {
	if s.options.Version == "2.0" {
		return regexp.MustCompile(`^2\.0(\.\d+)?$`).MatchString(version)
	}
	return regexp.MustCompile(`^1\.0(\.\d+)?$`).MatchString(version)
}

func (s *Server) fail(w http.ResponseWriter, status int, why string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if !s.options.Quiet {
		answer(w, map[string]any{"message": why})
	}
}

func answer(w io.Writer, v any) { _ = json.NewEncoder(w).Encode(v) }

// post stores statements: all, or none.
func (s *Server) post(w http.ResponseWriter, r *http.Request, body []byte) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		s.fail(w, http.StatusBadRequest, "the content type is not application/json")
		return
	}
	var batch []map[string]any
	if err := json.Unmarshal(body, &batch); err != nil {
		s.fail(w, http.StatusBadRequest, "not an array of statements")
		return
	}
	if s.options.MostPost > 0 && len(batch) > s.options.MostPost {
		s.fail(w, http.StatusRequestEntityTooLarge, "too many statements")
		return
	}
	var fresh []*kept
	ids := []string{}
	for i, statement := range batch {
		k, status, why := s.take(statement)
		for _, id := range ids {
			if why == "" && id == k.id {
				status, why = http.StatusBadRequest, "the id "+id+" is there twice"
			}
		}
		if why != "" {
			s.fail(w, status, fmt.Sprintf("statement %d: %s", i, why))
			return
		}
		ids = append(ids, k.id)
		if s.kept[k.id] == nil {
			fresh = append(fresh, k)
		}
	}
	for _, k := range fresh {
		s.keep(k)
	}
	answer(w, ids)
}

// take looks whether a statement can be stored.
func (s *Server) take(statement map[string]any) (k *kept, status int, why string) {
	if why := check(statement, s.options.Version); why != "" {
		return nil, http.StatusBadRequest, why
	}
	if s.options.Refuse != nil {
		if why := s.options.Refuse(statement); why != "" {
			return nil, http.StatusBadRequest, why
		}
	}
	k = &kept{id: strings.ToLower(text(statement, "id")), registration: strings.ToLower(text(statement, "context", "registration")), content: statement}
	if text(statement, "verb", "id") == voided {
		k.voids = strings.ToLower(text(statement, "object", "id"))
		if target := s.kept[k.voids]; target != nil && target.voids != "" {
			return nil, http.StatusBadRequest, "a voiding statement can't be voided"
		}
	}
	if other := s.kept[k.id]; other != nil && (s.options.Once || !same(other.content, statement)) {
		return nil, http.StatusConflict, "there is another statement of this id"
	}
	return k, 0, ""
}

func (s *Server) keep(k *kept) {
	k.stored = time.Date(2026, 10, 1, 0, 0, 0, len(s.order)*1e6, time.UTC).Format("2006-01-02T15:04:05.000Z")
	s.kept[k.id] = k
	s.order = append(s.order, k)
	if k.voids != "" {
		s.voids[k.voids] = true
	}
	if !s.held {
		s.listed = len(s.order)
	}
}

// shown is a statement as the LRS gives it.
func (s *Server) shown(k *kept) map[string]any {
	out := map[string]any{}
	for name, v := range k.content {
		out[name] = v
	}
	out["stored"], out["version"] = k.stored, "1.0.0"
	if s.options.Version == "2.0" {
		out["version"] = "2.0.0"
	}
	out["authority"] = map[string]any{"objectType": "Agent", "account": map[string]any{"homePage": "https://lrs.example.org", "name": User}}
	if s.options.Lower {
		actor := map[string]any{}
		for name, v := range out["actor"].(map[string]any) {
			actor[name] = v
		}
		actor["account"] = map[string]any{"homePage": strings.ToLower(text(actor, "account", "homePage")), "name": strings.ToLower(text(actor, "account", "name"))}
		out["actor"] = actor
	}
	return out
}

func (s *Server) get(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	for name := range query {
		if !strings.Contains(" statementId voidedStatementId registration limit ", " "+name+" ") {
			s.fail(w, http.StatusBadRequest, "the parameter "+name+" is not known here")
			return
		}
	}
	for name, void := range map[string]bool{"statementId": false, "voidedStatementId": true} {
		if id := query.Get(name); id != "" {
			if len(query) > 1 {
				s.fail(w, http.StatusBadRequest, name+" stands alone")
				return
			}
			k := s.kept[strings.ToLower(id)]
			if k == nil || (s.voids[k.id] && k.voids == "") != void {
				s.fail(w, http.StatusNotFound, "no such statement")
				return
			}
			answer(w, s.shown(k))
			return
		}
	}
	limit, err := strconv.Atoi(query.Get("limit"))
	if query.Has("limit") && (err != nil || limit < 0) {
		s.fail(w, http.StatusBadRequest, "limit is no number")
		return
	}
	s.list(w, strings.ToLower(query.Get("registration")), 0, limit)
}

// more gives a page after the first: /more/REGISTRATION/OFFSET.
func (s *Server) more(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(r.URL.Path, "/")
	offset, err := strconv.Atoi(parts[len(parts)-1])
	if err != nil || len(parts) != 4 {
		s.fail(w, http.StatusBadRequest, "no such page")
		return
	}
	s.list(w, parts[2], offset, 0)
}

// list gives the statements of a registration, the newest first: those that are not
// void, and those that void one of them, too.
func (s *Server) list(w http.ResponseWriter, registration string, offset, limit int) {
	var all []*kept
	for i := s.listed - 1; i >= 0; i-- {
		k := s.order[i]
		target := s.kept[k.voids]
		if (registration == "" || k.registration == registration || target != nil && target.registration == registration) && (!s.voids[k.id] || k.voids != "") {
			all = append(all, k)
		}
	}
	size := s.options.Page
	if limit > 0 {
		size = min(size, limit)
	}
	page, more := []map[string]any{}, ""
	for i := offset; i < min(offset+size, len(all)); i++ {
		page = append(page, s.shown(all[i]))
	}
	if offset+size < len(all) && limit == 0 {
		more = fmt.Sprintf("/more/%s/%d", registration, offset+size)
	}
	w.Header().Set("X-Experience-API-Consistent-Through", "2026-10-01T00:00:00.000Z")
	answer(w, map[string]any{"statements": page, "more": more})
}
