package espocrmtest

import (
	_ "embed" // the schema
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// schemaText says which requests there are, from EspoCRM's public documentation and
// source. What is not in it is a violation.
//
//go:embed schema.json
var schemaText string

type schema struct {
	Routes         []route
	Conditions     []string
	FieldTypes     []string
	LongestAddress int
	Entities       map[string]map[string]definition
}

type route struct {
	Method, Path, Action, Entity string
	Query, Headers, Members      []string
	Admin                        bool
}

// definition is a field as EspoCRM's metadata has it.
type definition struct {
	Type      string   `json:"type"`
	MaxLength int      `json:"maxLength,omitempty"`
	Required  bool     `json:"required,omitempty"`
	Pattern   string   `json:"pattern,omitempty"`
	ReadOnly  bool     `json:"readOnly,omitempty"`
	Options   []string `json:"options,omitempty"`
}

func newSchema() schema {
	var s schema
	if err := json.Unmarshal([]byte(schemaText), &s); err != nil {
		panic(err) // it is part of the program
	}
	return s
}

// find gives the route of a request and the id in its path.
func (s schema) find(method, path string) (route, string, bool) {
	for _, r := range s.Routes {
		before, after, hasID := strings.Cut(r.Path, "{id}")
		id, left := strings.CutPrefix(path, before)
		id, right := strings.CutSuffix(id, after)
		switch {
		case r.Method != method:
		case !hasID && r.Path == path:
			return r, "", true
		case hasID && left && right && id != "" && !strings.Contains(id, "/"):
			return r, id, true
		}
	}
	return route{}, "", false
}

// condition is one of the where-conditions of a query.
type condition struct {
	kind, attribute string
	values          []string
}

var conditionKey = regexp.MustCompile(`^where\[(\d+)\]\[(type|attribute|value)\](\[\])?$`)

// search is what a list is asked for.
type search struct {
	where         []condition
	attributes    []string // nil: all
	offset, limit int
}

// query reads a query as PHP does. The error is of what EspoCRM does not document.
func (s schema) query(r route, query url.Values, limit int) (search, error) {
	out := search{limit: limit}
	parts := map[int]*condition{}
	for key, values := range query {
		m := conditionKey.FindStringSubmatch(key)
		name := key
		if m != nil {
			name = "where"
		}
		switch {
		case !slices.Contains(r.Query, name):
			return out, fmt.Errorf("query has %q", key)
		case m == nil && len(values) != 1, m != nil && m[3] == "" && len(values) != 1:
			return out, fmt.Errorf("query has %q more than once", key)
		case m != nil:
			n, _ := strconv.Atoi(m[1])
			if parts[n] == nil {
				parts[n] = &condition{}
			}
			parts[n].set(m[2], values)
		case key == "select":
			out.attributes = strings.Split(values[0], ",")
		case key == "maxSize" || key == "offset":
			n, err := strconv.Atoi(values[0])
			if err != nil || n < 0 || key == "maxSize" && n == 0 {
				return out, fmt.Errorf("%s is %q", key, values[0])
			}
			if key == "offset" {
				out.offset = n
			} else {
				out.limit = n
			}
		}
	}
	for n := range len(parts) {
		c := parts[n]
		switch {
		case c == nil:
			return out, fmt.Errorf("conditions are not numbered from 0")
		case !slices.Contains(s.Conditions, c.kind) || c.attribute == "" || len(c.values) == 0:
			return out, fmt.Errorf("condition %d is not whole or not known: %v", n, *c)
		case c.kind != "in" && len(c.values) != 1:
			return out, fmt.Errorf("condition %d has several values", n)
		}
		out.where = append(out.where, *c)
	}
	return out, nil
}

func (c *condition) set(part string, values []string) {
	switch part {
	case "type":
		c.kind = values[0]
	case "attribute":
		c.attribute = values[0]
	default:
		c.values = values
	}
}

// allowedHeaders are those that any request may have.
func allowedHeaders() []string {
	return []string{"Accept", "Accept-Encoding", "User-Agent", "Content-Type", "Content-Length", "X-Api-Key", "Espo-Authorization"}
}

// headers reports what is wrong with the headers of a request.
func (s schema) headers(r route, h http.Header) error {
	for name := range h {
		if !slices.Contains(allowedHeaders(), name) && !slices.Contains(r.Headers, name) {
			return fmt.Errorf("the header %s is not known here", name)
		}
	}
	if v := h.Get("X-Skip-Duplicate-Check"); v != "" && v != "true" {
		return fmt.Errorf("X-Skip-Duplicate-Check is %q", v)
	}
	if r.Method != http.MethodGet && h.Get("Content-Type") != "application/json" {
		return fmt.Errorf("the type of the content is %q", h.Get("Content-Type"))
	}
	if h.Get("X-Api-Key") != "" && h.Get("Espo-Authorization") != "" {
		return fmt.Errorf("there are credentials of two users")
	}
	return nil
}
