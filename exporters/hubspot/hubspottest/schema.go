package hubspottest

import (
	_ "embed" // the schema
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// schemaText says which calls there are, what scopes they need, of which one is enough,
// and what stands in their bodies. It was written from HubSpot's OpenAPI documents of
// version 2026-09 and holds what firstcall may use of them.
//
// A member whose name ends in a question mark may be missing. Its type is string,
// integer, boolean, strings (an object of strings), "one" of the words that follow, the
// name of a shape, or a "list" of such, with the most elements before it.
//
//go:embed schema.json
var schemaText []byte

// schema is the schema, read.
type schema struct {
	Calls map[string]struct {
		Scopes []string `json:"scopes"`
		Body   string   `json:"body"`
	} `json:"calls"`
	Shapes map[string]map[string]string `json:"shapes"`
}

func newSchema() schema {
	var s schema
	if err := json.Unmarshal(schemaText, &s); err != nil {
		panic(err)
	}
	return s
}

// check says how a value differs from a type; empty: it does not.
func (s schema) check(where, of string, v any) string {
	words := strings.Fields(of)
	switch words[0] {
	case "string":
		if _, ok := v.(string); !ok {
			return where + " is no string"
		}
	case "boolean":
		if _, ok := v.(bool); !ok {
			return where + " is no boolean"
		}
	case "integer":
		if n, ok := v.(float64); !ok || n != math.Trunc(n) {
			return where + " is no integer"
		}
	case "strings":
		members, ok := v.(map[string]any)
		if !ok {
			return where + " is no object"
		}
		for name, value := range members {
			if wrong := s.check(where+"."+name, "string", value); wrong != "" {
				return wrong
			}
		}
	case "one":
		if word, ok := v.(string); !ok || !slices.Contains(words[1:], word) {
			return fmt.Sprintf("%s is not one of %s", where, strings.Join(words[1:], ", "))
		}
	case "list":
		return s.checkList(where, words[1:], v)
	default:
		return s.checkShape(where, words[0], v)
	}
	return ""
}

func (s schema) checkList(where string, of []string, v any) string {
	list, ok := v.([]any)
	if !ok {
		return where + " is no list"
	}
	if n, err := strconv.Atoi(of[0]); err == nil {
		if of = of[1:]; len(list) > n || len(list) == 0 {
			return fmt.Sprintf("%s has %d elements, and takes 1 to %d", where, len(list), n)
		}
	}
	for i, element := range list {
		if wrong := s.check(fmt.Sprintf("%s[%d]", where, i), strings.Join(of, " "), element); wrong != "" {
			return wrong
		}
	}
	return ""
}

func (s schema) checkShape(where, shape string, v any) string {
	members, ok := v.(map[string]any)
	if !ok {
		return where + " is no object"
	}
	left := len(members)
	for name, of := range s.Shapes[shape] {
		plain := strings.TrimSuffix(name, "?")
		value, there := members[plain]
		switch {
		case !there && plain == name:
			return where + " lacks " + name
		case !there:
			continue
		}
		left--
		if wrong := s.check(where+"."+plain, of, value); wrong != "" {
			return wrong
		}
	}
	if left > 0 {
		return where + " has members that are not documented"
	}
	return ""
}
