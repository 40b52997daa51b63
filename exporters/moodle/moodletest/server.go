// Package moodletest is a Moodle that exporters are tried on. It keeps what it is told in
// memory and takes only what the web services of Moodle 4.5 and 5 take: it knows their
// functions, the names and types of their parameters, what must be unique and what they
// duplicate, and fails the way they do, with an exception and the status of success.
package moodletest

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Endpoint is where calls are taken, after the site's path.
const Endpoint = "/webservice/rest/server.php"

// Options say what a site is like.
type Options struct {
	Token   string           // that is known; others are not
	URL     string           // of the site, as it says; "": that of the request
	Path    string           // of the site on its host: /moodle
	Without []string         // functions that are not in the token's web service
	Deny    []string         // functions that the user of the token has no capability for
	Lacks   []string         // capabilities that change what the user of the token sees, and that it has not
	Off     bool             // competencies are turned off
	Now     func() time.Time // nil: the machine's

	// Refuse gives the words with which a rule of the site's own refuses what is written;
	// empty: it takes it.
	Refuse func(function string, args url.Values) string
}

// Server is a site.
type Server struct {
	options   Options
	functions map[string]function

	mu       sync.Mutex
	last     int64
	problems []string
	bodies   []string
	calls    []string
	down     int // calls that are answered as under maintenance

	Scales       map[int64][]string
	Categories   []Category
	Frameworks   []*Framework
	Competencies []*Competency
	Cohorts      []*Cohort
	Courses      []*Course
	Plans        []*Plan
	Users        []*User
}

// New returns a site as it is after it was installed, with the scale that exporters want.
func New(o Options) *Server {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Server{
		options: o, functions: table(), last: 100,
		Scales:     map[int64][]string{1: {"Mostly separate knowing", "Separate and connected", "Mostly connected knowing"}, 2: {"Not yet competent", "Competent"}, 5: {"Not yet", "Sometimes", "Reliably"}},
		Categories: []Category{{ID: 1, Name: "Category 1"}},
	}
}

// Look lets f look at, or change, what is there, while no call is answered.
func (s *Server) Look(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// Maintenance has the next calls answered as a site under maintenance does.
func (s *Server) Maintenance(calls int) { s.Look(func() { s.down = calls }) }

// Deny takes a capability from the user of the token: that for a function.
func (s *Server) Deny(function string) {
	s.Look(func() { s.options.Deny = append(s.options.Deny, function) })
}

func (s *Server) lacks(capability string) bool { return slices.Contains(s.options.Lacks, capability) }

// Functions lists the functions that the site has.
func (s *Server) Functions() []string { return slices.Sorted(maps.Keys(s.functions)) }

// Problems are the calls that no Moodle would take, or that give away the token.
func (s *Server) Problems() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.problems)
}

// Bodies are the requests, with their addresses.
func (s *Server) Bodies() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.bodies)
}

// Calls is how often functions were called whose name contains a text.
func (s *Server) Calls(text string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, c := range s.calls {
		if strings.Contains(c, text) {
			n++
		}
	}
	return n
}

// AddUser adds a user and gives its id.
func (s *Server) AddUser(username, email, idnumber string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := &User{ID: s.next(), Username: username, Email: email, IDNumber: idnumber}
	s.Users = append(s.Users, u)
	return u.ID
}

func (s *Server) next() int64 {
	s.last++
	return s.last
}

// failure is an exception of Moodle.
type failure struct {
	Exception string `json:"exception"`
	ErrorCode string `json:"errorcode,omitempty"`
	Message   string `json:"message"`
	DebugInfo string `json:"debuginfo,omitempty"`
}

func (f *failure) Error() string {
	return f.Exception + " " + f.ErrorCode + ": " + f.Message + " " + f.DebugInfo
}

// invalid is the exception about parameters.
func invalid(format string, args ...any) *failure {
	text := fmt.Sprintf(format, args...)
	return &failure{"invalid_parameter_exception", "invalidparameter", "Invalid parameter value detected (" + text + ")", text}
}

func thrown(exception, code, message string) *failure {
	return &failure{Exception: exception, ErrorCode: code, Message: message}
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(io.LimitReader(r.Body, 8<<20+1)) // PHP's usual post_max_size
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bodies = append(s.bodies, r.URL.String()+"\n"+string(body))
	if r.URL.Path != s.options.Path+Endpoint {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "<html>not found")
		return
	}
	answer, err := s.serve(r, body)
	w.Header().Set("Content-Type", "application/json")
	if err != nil {
		answer = err
	}
	_ = json.NewEncoder(w).Encode(answer)
}

func (s *Server) problem(format string, args ...any) {
	s.problems = append(s.problems, fmt.Sprintf(format, args...))
}

// serve answers one call.
func (s *Server) serve(r *http.Request, body []byte) (any, *failure) {
	args, err := url.ParseQuery(string(body))
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/x-www-form-urlencoded" || r.Method != http.MethodPost || len(body) > 8<<20 {
		s.problem("not a form: %s %s, %d bytes", r.Method, media, len(body))
		return nil, thrown("moodle_exception", "invalidtoken", "Invalid token - token not found")
	}
	if r.URL.RawQuery != "" {
		s.problem("something stands in the address: %s", r.URL.Path)
	}
	if args.Get("moodlewsrestformat") != "json" {
		s.problem("the answer is not wanted as JSON")
	}
	if n := len(args); n > 1000 {
		s.problem("%d arguments, of which PHP takes 1000", n)
	}
	c := &call{Server: s, raw: args.Get("moodlewssettingraw") == "1", url: s.options.URL}
	if c.url == "" {
		c.url = "http://" + r.Host + s.options.Path
	}
	function := args.Get("wsfunction")
	if args.Get("wstoken") != s.options.Token {
		return nil, thrown("core\\exception\\moodle_exception", "invalidtoken", "Invalid token - token not found")
	}
	for name := range args {
		if strings.HasPrefix(name, "ws") || strings.HasPrefix(name, "moodlews") {
			args.Del(name)
		}
	}
	return s.answer(c, function, args)
}

// answer checks a call and carries it out.
func (s *Server) answer(c *call, function string, args url.Values) (any, *failure) {
	if s.down > 0 {
		s.down--
		return nil, thrown("core\\exception\\moodle_exception", "sitemaintenance", "The site is undergoing maintenance and is currently not available")
	}
	f, known := s.functions[function]
	if !known {
		s.problem("there is no function %s", function)
	}
	if !known || slices.Contains(s.options.Without, function) {
		return nil, thrown("webservice_access_exception", "accessexception", "Access control exception")
	}
	s.calls = append(s.calls, function)
	in, bad := f.takes.read(nest(args))
	if bad != nil {
		s.problem("%s: %s", function, bad.DebugInfo)
		return nil, bad
	}
	if slices.Contains(s.options.Deny, function) {
		return nil, thrown("required_capability_exception", "nopermissions", "Sorry, but you do not currently have permissions to do that (Some capability).")
	}
	if s.options.Off && strings.HasPrefix(function, "core_competency_") && function != "core_competency_get_scale_values" {
		return nil, thrown("moodle_exception", "competenciesarenotenabled", "Competencies are not enabled.")
	}
	if s.options.Refuse != nil && f.writes {
		if why := s.options.Refuse(function, args); why != "" {
			return nil, thrown("moodle_exception", "rule", why)
		}
	}
	return f.run(c, in.(map[string]any))
}

// siteInfo says what the site is and what the token may call.
func siteInfo(c *call, _ map[string]any) (any, *failure) {
	allowed := []any{}
	for _, name := range slices.Sorted(maps.Keys(c.functions)) {
		if !slices.Contains(c.options.Without, name) {
			allowed = append(allowed, map[string]any{"name": name, "version": "2024100700"})
		}
	}
	return map[string]any{"sitename": "Learning & growing", "username": "firstcall", "userid": 3, "siteurl": c.url, "release": "4.5", "functions": allowed}, nil
}
