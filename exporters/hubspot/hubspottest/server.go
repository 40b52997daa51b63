// Package hubspottest is a HubSpot account in memory, for tests of what talks to one. It
// does what HubSpot documents, and is strict where HubSpot may be lenient: a request that
// is not documented is refused and kept, so that a test can say that there was none.
package hubspottest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Token is the token that an account takes unless another is given.
const Token = "pat-na1-00000000-test"

// All scopes that the exporter needs, with those for making properties.
func scopes() []string {
	return []string{
		"crm.objects.companies.read", "crm.objects.companies.write", "crm.objects.contacts.read", "crm.objects.contacts.write",
		"crm.schemas.companies.read", "crm.schemas.companies.write",
	}
}

// Options say what an account is like. The zero value is an account of a paying customer
// without rules of its own.
type Options struct {
	Portal      int64    // 0: 4242
	PortalName  string   // may be empty, as in HubSpot
	AccountType string   // empty: STANDARD
	Token       string   // empty: Token
	Scopes      []string // nil: all that are needed
	Owners      []string // ids of owners that tasks can be given to

	Required []string // properties without which HubSpot makes no company

	// Refuse gives a reason when an object ("company", "note", "task") with these
	// properties is poison, else nothing.
	Refuse func(object string, properties map[string]any) string

	Whole bool // one poison object has a whole batch refused, as without multi-status answers

	DailyQuota    int           // calls before the day's limit; 0: none
	PerTenSeconds int           // calls within ten seconds; 0: no limit
	PageSize      int           // associations of one object in an answer; 0: 500
	Latency       time.Duration // before an answer
	Now           func() time.Time
}

// Server is the account. It is an http.Handler that several goroutines may use.
type Server struct {
	options Options
	schema  schema

	mu         sync.Mutex
	faults     []string
	calls      map[string]int
	total      int
	moments    []time.Time // of the calls within the last ten seconds
	properties map[string]*Property
	groups     []string
	companies  *table
	notes      *table
	tasks      *table
	nextID     int64
}

// New makes an account that has HubSpot's own properties and nothing else.
func New(o Options) *Server {
	if o.Portal == 0 {
		o.Portal = 4242
	}
	if o.AccountType == "" {
		o.AccountType = "STANDARD"
	}
	if o.Token == "" {
		o.Token = Token
	}
	if o.Scopes == nil {
		o.Scopes = scopes()
	}
	if o.PageSize == 0 {
		o.PageSize = 500
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Server{options: o, schema: newSchema(), calls: map[string]int{}, properties: map[string]*Property{}, groups: []string{"companyinformation"},
		companies: newTable("company", 0), notes: newTable("note", 190), tasks: newTable("task", 192), nextID: 9000000000}
	for _, p := range native() {
		s.properties[p.Name] = &p
	}
	return s
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client is gone
	}
	if s.options.Latency > 0 {
		time.Sleep(s.options.Latency)
	}
	s.mu.Lock()
	status, answer, header := s.serve(r, body)
	text, err := json.Marshal(answer)
	s.mu.Unlock()
	if err != nil {
		panic(err)
	}
	for name, value := range header {
		w.Header().Set(name, value)
	}
	w.Header().Set("Content-Type", "application/json;charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(text)
}

// Throttled answers like HubSpot at the limit of ten seconds, and asks for no pause. It
// is for faulty.Handler.
func Throttled(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json;charset=utf-8")
	w.Header().Set("Retry-After", "0")
	w.WriteHeader(http.StatusTooManyRequests)
	_, _ = io.WriteString(w, `{"status":"error","message":"You have reached your ten_secondly_rolling limit.","errorType":"RATE_LIMIT","policyName":"TEN_SECONDLY_ROLLING"}`)
}

// failure is an error as HubSpot answers it.
type failure map[string]any

func fail(category, message string, context map[string][]string) failure {
	f := failure{"status": "error", "message": message, "category": category, "correlationId": "aeb5f871-7f07-4993-9211-075dc63e7cbf"}
	if context != nil {
		f["context"] = context
	}
	return f
}

// serve answers a request. It is called with the lock held.
func (s *Server) serve(r *http.Request, body []byte) (int, any, map[string]string) {
	name := r.Method + " " + r.URL.Path
	call, known := s.schema.Calls[name]
	header := map[string]string{}
	switch {
	case !known || r.URL.RawQuery != "":
		return http.StatusBadRequest, s.undocumented(r, "no such call"), nil
	case r.Header.Get("Authorization") != "Bearer "+s.options.Token:
		return http.StatusUnauthorized, fail("INVALID_AUTHENTICATION", "Authentication credentials not found.", nil), nil
	}
	s.calls[name]++
	s.total++
	if refused := s.limit(header); refused != nil {
		return http.StatusTooManyRequests, refused, header
	}
	if len(call.Scopes) > 0 && !slices.ContainsFunc(call.Scopes, func(scope string) bool { return slices.Contains(s.options.Scopes, scope) }) {
		f := fail("MISSING_SCOPES", "This app hasn't been granted all required scopes to make this call.", nil)
		f["errors"] = []any{map[string]any{"message": "One or more of the following scopes are required.", "context": map[string][]string{"requiredGranularScopes": call.Scopes}}}
		return http.StatusForbidden, f, header
	}
	var content map[string]any
	if call.Body != "" {
		if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
			return http.StatusUnsupportedMediaType, s.undocumented(r, "the body is not marked as JSON"), header
		}
		if err := json.Unmarshal(body, &content); err != nil {
			return http.StatusBadRequest, s.undocumented(r, "the body is no JSON object"), header
		}
		if wrong := s.schema.check("body", call.Body, content); wrong != "" {
			return http.StatusBadRequest, s.undocumented(r, wrong), header
		}
	} else if len(body) > 0 {
		return http.StatusBadRequest, s.undocumented(r, "it has a body"), header
	}
	status, answer := s.dispatch(strings.Split(r.URL.Path, "/"), r.Method, content)
	return status, answer, header
}

// undocumented keeps a request that no documentation knows.
func (s *Server) undocumented(r *http.Request, why string) failure {
	s.faults = append(s.faults, fmt.Sprintf("%s %s: %s", r.Method, r.URL, why))
	return fail("VALIDATION_ERROR", "Invalid input JSON: "+why, nil)
}

// limit counts a call, and refuses one too many.
func (s *Server) limit(header map[string]string) any {
	now := s.options.Now()
	s.moments = append(s.moments, now)
	for len(s.moments) > 0 && now.Sub(s.moments[0]) >= 10*time.Second {
		s.moments = s.moments[1:]
	}
	most := s.options.PerTenSeconds
	if most > 0 {
		header["X-HubSpot-RateLimit-Max"] = strconv.Itoa(most)
		header["X-HubSpot-RateLimit-Remaining"] = strconv.Itoa(max(0, most-len(s.moments)))
		header["X-HubSpot-RateLimit-Interval-Milliseconds"] = "10000"
	}
	policy := ""
	if day := s.options.DailyQuota; day > 0 {
		header["X-HubSpot-RateLimit-Daily"] = strconv.Itoa(day)
		header["X-HubSpot-RateLimit-Daily-Remaining"] = strconv.Itoa(max(0, day-s.total))
		if s.total > day {
			policy = "DAILY"
		}
	}
	if policy == "" && most > 0 && len(s.moments) > most {
		policy = "TEN_SECONDLY_ROLLING"
	}
	if policy == "" {
		return nil
	}
	return map[string]any{"status": "error", "message": "You have reached your " + strings.ToLower(policy) + " limit.", "errorType": "RATE_LIMIT", "policyName": policy}
}

// dispatch does what a call that is in order asks for.
func (s *Server) dispatch(path []string, method string, body map[string]any) (int, any) {
	inputs, _ := body["inputs"].([]any)
	switch {
	case path[1] == "account-info":
		return http.StatusOK, s.details()
	case path[2] == "associations":
		return s.associations(s.table(path[5]), inputs)
	case path[2] == "properties":
		return s.serveProperties(path[5:], method, body, inputs)
	}
	t := s.table(path[4])
	switch path[6] {
	case "read":
		return s.read(t, body, inputs)
	case "create":
		return s.create(t, inputs)
	case "upsert":
		return s.upsert(t, inputs)
	}
	return s.update(t, inputs)
}

func (s *Server) table(name string) *table {
	switch name {
	case "notes":
		return s.notes
	case "tasks":
		return s.tasks
	}
	return s.companies
}

func (s *Server) details() any {
	a := map[string]any{
		"portalId": s.options.Portal, "accountType": s.options.AccountType, "timeZone": "US/Eastern", "companyCurrency": "USD",
		"additionalCurrencies": []string{}, "utcOffset": "-05:00", "utcOffsetMilliseconds": -18000000, "uiDomain": "app.hubspot.com", "dataHostingLocation": "na1",
	}
	if s.options.PortalName != "" {
		a["portalName"] = s.options.PortalName
	}
	return a
}
