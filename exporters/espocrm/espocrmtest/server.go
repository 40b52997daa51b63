// Package espocrmtest is EspoCRM as far as the exporter uses it, for tests: it keeps
// accounts, notes, tasks and fields in memory, and does what EspoCRM does when something
// is not as it should be. A request that EspoCRM does not document is a violation.
package espocrmtest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// APIUser is the id of the API user.
const APIUser = "00000000000000a01"

// Options are what a site is like. The zero value is a site as it is installed, with an
// API user that may do what the exporter needs, and no fields of ours.
type Options struct {
	Path          string // where the site is below its host: "/crm"
	APIKey        string // "": "key"
	AdminUser     string // "": there is none
	AdminPassword string

	Fields   map[string]string            // more fields of Account, with their type
	Roles    map[string]map[string]string // levels by scope and action, in place of what is needed
	Denied   map[string]string            // fields of Account: "read" or "edit"
	Dropped  []string                     // attributes of Account that a formula empties
	NoTask   map[string]string            // fields of Task: "read" or "edit"
	Orphans  bool                         // a formula empties the parent of new notes and tasks
	Required []string                     // fields of Account that must not be empty

	ListLimit       int           // recordListMaxSizeLimit; 0: 200
	NoteEdit        time.Duration // how long a note may be changed; 0: 7 days
	PrefixDisabled  bool          // customPrefixDisabled
	WholeMetadata   bool          // as before 8.2
	NoDuplicateTest bool          // accounts of one name are not reported
	UpdateDuplicate bool          // they are when one is changed, too (updateDuplicateCheck)

	// Refuse gives a reason when an object can't be saved; "" when it can.
	Refuse  func(entity string, attributes map[string]any) string
	Latency time.Duration
	Now     func() time.Time // nil: the machine's
}

// Server is a site. It is safe for use by several goroutines.
type Server struct {
	options Options
	schema  schema

	mu         sync.Mutex
	tables     map[string]*table
	fields     map[string]definition // of Account
	last       int                   // number of the last id
	requests   map[string]int
	violations []string
}

// New returns a site.
func New(o Options) *Server {
	if o.APIKey == "" {
		o.APIKey = "key"
	}
	if o.ListLimit == 0 {
		o.ListLimit = 200
	}
	if o.NoteEdit == 0 {
		o.NoteEdit = 7 * 24 * time.Hour
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Roles == nil {
		o.Roles = map[string]map[string]string{
			"Account": {"create": "yes", "read": "all", "edit": "all", "delete": "no", "stream": "all"},
			"Task":    {"create": "yes", "read": "all", "edit": "all", "delete": "no", "stream": "no"},
			"User":    {"read": "all", "edit": "no"},
		}
	}
	s := &Server{options: o, schema: newSchema(), tables: map[string]*table{}, requests: map[string]int{}}
	for entity := range s.schema.Entities {
		s.tables[entity] = newTable()
	}
	s.fields = maps.Clone(s.schema.Entities["Account"])
	for name, t := range o.Fields {
		s.fields[name] = definition{Type: t}
	}
	for _, name := range o.Required {
		d := s.fields[name]
		d.Required = true
		s.fields[name] = d
	}
	s.tables["User"].add(object{"id": APIUser, "userName": "firstcall", "name": "Firstcall"})
	return s
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.options.Latency > 0 {
		time.Sleep(s.options.Latency)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.answer(r, body)
	w.Header().Set("Content-Type", "application/json")
	if a.reason != "" {
		w.Header().Set("X-Status-Reason", a.reason)
	}
	w.WriteHeader(a.status)
	if a.body != nil {
		_ = json.NewEncoder(w).Encode(a.body)
	}
}

// answer is an answer of EspoCRM's.
type answer struct {
	status int
	reason string
	body   any
}

func fine(body any) answer { return answer{status: http.StatusOK, body: body} }

func failed(status int, format string, args ...any) answer {
	return answer{status: status, reason: fmt.Sprintf(format, args...)}
}

// invalid is the answer to a field that is not as it should be.
func invalid(entity, field, kind string) answer {
	return answer{
		status: http.StatusBadRequest, reason: "Field validation failure; entityType: " + entity + ", field: " + field + ", type: " + kind + ".",
		body: map[string]any{"messageTranslation": map[string]any{"label": "validationFailure", "scope": nil, "data": map[string]any{"field": field, "type": kind}}},
	}
}

// violation notes a request that EspoCRM does not document.
func (s *Server) violation(r *http.Request, err error) answer {
	s.violations = append(s.violations, r.Method+" "+r.URL.Path+": "+err.Error())
	return failed(http.StatusBadRequest, "not documented: %s", err)
}

func (s *Server) answer(r *http.Request, body []byte) answer {
	path, ok := strings.CutPrefix(r.URL.EscapedPath(), s.options.Path+"/api/v1")
	if !ok {
		return failed(http.StatusNotFound, "")
	}
	route, id, ok := s.schema.find(r.Method, path)
	if !ok {
		return s.violation(r, fmt.Errorf("there is no such route"))
	}
	s.requests[r.Method+" "+route.Path]++
	if len(r.RequestURI) > s.schema.LongestAddress {
		return s.violation(r, fmt.Errorf("the address has %d bytes", len(r.RequestURI)))
	}
	if err := s.schema.headers(route, r.Header); err != nil {
		return s.violation(r, err)
	}
	search, err := s.schema.query(route, r.URL.Query(), s.options.ListLimit)
	if err != nil {
		return s.violation(r, err)
	}
	if a := s.login(r, route); a.status != 0 {
		return a
	}
	attributes, err := members(route, body)
	if err != nil {
		return s.violation(r, err)
	}
	switch route.Action {
	case "me":
		return fine(s.me())
	case "metadata":
		return s.metadata(r.URL.Query().Get("key"))
	case "addField":
		return s.addField(attributes)
	case "list":
		return s.list(route.Entity, search)
	case "posts":
		return s.posts(id, search)
	}
	if err := s.undocumented(route.Entity, attributes); err != nil {
		return s.violation(r, err)
	}
	if route.Action == "create" {
		return s.create(route.Entity, attributes, r.Header.Get("X-Skip-Duplicate-Check") == "true")
	}
	return s.update(route.Entity, id, attributes, r.Header.Get("X-Skip-Duplicate-Check") == "true")
}

// members reads a body, which may have the members of the route alone.
func members(r route, body []byte) (map[string]any, error) {
	if r.Method == http.MethodGet {
		if len(body) > 0 {
			return nil, fmt.Errorf("a request to read has a body")
		}
		return nil, nil
	}
	var out map[string]any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&out); err != nil || out == nil {
		return nil, fmt.Errorf("the body is not an object: %w", err)
	}
	for name := range out {
		if r.Members != nil && !slices.Contains(r.Members, name) {
			return nil, fmt.Errorf("the body has %q", name)
		}
	}
	return out, nil
}

// login answers who may not do it; the zero answer: go on.
func (s *Server) login(r *http.Request, route route) answer {
	if key := r.Header.Get("X-Api-Key"); key != "" {
		switch {
		case key != s.options.APIKey:
			return failed(http.StatusUnauthorized, "")
		case route.Admin:
			return failed(http.StatusForbidden, "")
		}
		return answer{}
	}
	admin := base64.StdEncoding.EncodeToString([]byte(s.options.AdminUser + ":" + s.options.AdminPassword))
	switch given := r.Header.Get("Espo-Authorization"); {
	case s.options.AdminUser == "" || given != admin:
		return failed(http.StatusUnauthorized, "")
	case !route.Admin:
		return s.violation(r, fmt.Errorf("the administrator is used for more than fields"))
	}
	return answer{}
}

// levelsOf are the levels of fields of which one may not be done.
func levelsOf(denied map[string]string) map[string]any {
	out := map[string]any{}
	for field, action := range denied {
		levels := map[string]any{"read": "yes", "edit": "no"}
		if action == "read" {
			levels["read"] = "no"
		}
		out[field] = levels
	}
	return out
}

func (s *Server) me() any {
	table := map[string]any{"Stream": true, "Role": false}
	for scope, levels := range s.options.Roles {
		table[scope] = levels
	}
	settings := map[string]any{"applicationName": "EspoCRM", "siteUrl": "https://espo.example"}
	if s.options.ListLimit != 200 {
		settings["recordListMaxSizeLimit"] = s.options.ListLimit
	}
	return map[string]any{
		"user":  map[string]any{"id": APIUser, "userName": "firstcall", "type": "api"},
		"acl":   map[string]any{"table": table, "fieldTable": map[string]any{"Account": levelsOf(s.options.Denied), "Task": levelsOf(s.options.NoTask)}},
		"token": nil, "settings": settings, "preferences": map[string]any{}, "language": "en_US", "appParams": map[string]any{},
	}
}

func (s *Server) metadata(key string) answer {
	account := map[string]any{"fields": s.fields, "indexes": map[string]any{"name": map[string]any{"columns": []string{"name", "deleted"}}}}
	switch {
	case s.options.WholeMetadata || key == "":
		return fine(map[string]any{"entityDefs": map[string]any{"Account": account}, "scopes": map[string]any{}})
	case key == "entityDefs.Account":
		return fine(account)
	}
	return fine(nil)
}

// addField makes a field of Account.
func (s *Server) addField(in map[string]any) answer {
	name, _ := in["name"].(string)
	kind, _ := in["type"].(string)
	if name == "" || !slices.Contains(s.schema.FieldTypes, kind) || strings.ContainsFunc(name, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	}) || name[0] < 'a' {
		return failed(http.StatusInternalServerError, "Field name should contain only letters and numbers.")
	}
	if !s.options.PrefixDisabled {
		name = "c" + strings.ToUpper(name[:1]) + name[1:]
	}
	if _, there := s.fields[name]; there {
		return failed(http.StatusConflict, "Field '%s' already exists in 'Account'.", name)
	}
	d := definition{Type: kind}
	if n, ok := in["maxLength"].(json.Number); ok {
		length, _ := n.Int64()
		d.MaxLength = int(length)
	}
	s.fields[name] = d
	return fine(map[string]any{"type": kind, "label": in["label"], "isCustom": true})
}

// Violations are the requests that EspoCRM does not document.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.violations)
}

// Requests is how often a route was asked: "POST /Account", "GET /Account/{id}/posts".
func (s *Server) Requests(route string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests[route]
}

// Count is how many objects there are of an entity type: "Account", "Note", "Task".
func (s *Server) Count(entity string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.tables[entity].order)
}

// Objects are all of an entity type, in the order they were made.
func (s *Server) Objects(entity string) []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []map[string]any
	for _, o := range s.tables[entity].order {
		out = append(out, maps.Clone(o))
	}
	return out
}

// Put adds an object as people do, and gives its id.
func (s *Server) Put(entity string, attributes map[string]any) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := object{}
	maps.Copy(o, attributes)
	if _, named := o["id"]; !named {
		o["id"] = s.newID()
	}
	if _, dated := o["createdAt"]; !dated {
		o["createdAt"] = s.now()
	}
	s.tables[entity].add(o)
	return o.text("id")
}

// Set changes an object as people do.
func (s *Server) Set(entity, id string, attributes map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o := s.tables[entity].byID[id]; o != nil {
		s.tables[entity].rename(o, attributes)
		maps.Copy(o, attributes)
	}
}
