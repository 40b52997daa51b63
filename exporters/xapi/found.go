package xapi

import (
	"encoding/json"
	"math"
	"strings"
	"time"
)

// found is a statement that the LRS has.
type found struct {
	id       string // in lower case
	verb     string
	object   string // its id
	group    string // the name of the actor's account
	platform string
	record   string // key of the record it was made of; "" when it is not one of ours
	raw      *float64
	at       time.Time      // the day it belongs to
	content  map[string]any // all of it
}

// readPage reads a list of statements, and where more are. What is no list of statements
// is not ok.
func readPage(text []byte) (page []found, more string, ok bool) {
	var list struct {
		Statements *[]json.RawMessage `json:"statements"`
		More       string             `json:"more"`
	}
	if json.Unmarshal(text, &list) != nil || list.Statements == nil {
		return nil, "", false
	}
	for _, s := range *list.Statements {
		f, ok := readStatement(s)
		if !ok {
			return nil, "", false
		}
		page = append(page, f)
	}
	return page, list.More, true
}

// readStatement reads a statement of anybody's, of which it takes what it needs.
func readStatement(text []byte) (found, bool) {
	var content map[string]any
	if json.Unmarshal(text, &content) != nil {
		return found{}, false
	}
	f := found{
		id: strings.ToLower(str(content, "id")), verb: str(content, "verb", "id"), object: str(content, "object", "id"),
		group: str(content, "actor", "account", "name"), platform: str(content, "context", "platform"), content: content,
	}
	f.at, _ = time.Parse(time.RFC3339Nano, str(content, "timestamp"))
	extensions, _ := at(content, "context", "extensions").(map[string]any)
	for name, value := range extensions {
		if key, ok := value.(string); ok && strings.HasSuffix(name, "/extensions/record") {
			f.record = key
		}
	}
	if raw, ok := at(content, "result", "score", "raw").(float64); ok {
		f.raw = &raw
	}
	return f, f.id != ""
}

// at is what a JSON object has under a path; nil when there is nothing.
func at(v any, path ...string) any {
	for _, name := range path {
		o, _ := v.(map[string]any)
		v = o[name]
	}
	return v
}

func str(v any, path ...string) string {
	s, _ := at(v, path...).(string)
	return s
}

// voids gives the id of the statement that this one voids.
func (f found) voids() (string, bool) {
	return strings.ToLower(f.object), f.verb == voidedVerb && str(f.content, "object", "objectType") == statementObject
}

// is reports whether the LRS has a statement as it was meant. An LRS may add to a
// statement, write an account in small letters, and know an activity under another name
// by now; what the statement says stays.
func (f found) is(s statement) bool {
	var meant map[string]any
	text, err := json.Marshal(s)
	if err != nil || json.Unmarshal(text, &meant) != nil {
		return false
	}
	return equal(meaning(meant), meaning(f.content))
}

// meaning is the part of a statement that can't differ between two of one id (xAPI 1.0.3,
// part two, 2.3.1).
func meaning(s map[string]any) map[string]any {
	context := map[string]any{}
	if c, ok := s["context"].(map[string]any); ok {
		for name, v := range c {
			context[name] = v
		}
		context["registration"] = strings.ToLower(str(c, "registration"))
		context["contextActivities"] = parents(c["contextActivities"])
	}
	return map[string]any{
		"actor":  []any{at(s, "actor", "objectType"), strings.ToLower(str(s, "actor", "account", "homePage")), strings.ToLower(str(s, "actor", "account", "name")), at(s, "actor", "mbox"), at(s, "actor", "member")},
		"verb":   at(s, "verb", "id"),
		"object": object(s["object"]),
		"result": s["result"], "context": context,
	}
}

// object is an activity, or another statement: its type and id.
func object(v any) any {
	kind := str(v, "objectType")
	if kind == "" {
		kind = activityObject
	}
	id := str(v, "id")
	if kind == statementObject {
		id = strings.ToLower(id)
	}
	return []any{kind, id}
}

// parents are activities of the context: each may stand alone or in a list.
func parents(v any) any {
	kinds, _ := v.(map[string]any)
	out := map[string]any{}
	for kind, of := range kinds {
		list, ok := of.([]any)
		if !ok {
			list = []any{of}
		}
		var ids []any
		for _, a := range list {
			ids = append(ids, object(a))
		}
		if len(ids) > 0 {
			out[kind] = ids
		}
	}
	return out
}

// closeEnough is how far two numbers may differ that were the same once: some databases
// keep 15 digits.
const closeEnough = 1e-9

// equal compares what JSON can hold.
func equal(a, b any) bool {
	switch a := a.(type) {
	case float64:
		b, ok := b.(float64)
		return ok && math.Abs(a-b) <= closeEnough*max(1, math.Abs(a))
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !equal(a[i], b[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for name := range a {
			other, has := b[name]
			if !has || !equal(a[name], other) {
				return false
			}
		}
		return true
	}
	return a == b
}
