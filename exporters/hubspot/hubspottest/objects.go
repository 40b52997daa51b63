package hubspottest

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Object is a company, a note or a task.
type Object struct {
	ID         string
	Properties map[string]string
	Companies  []string // that a note or task is associated with
}

// table holds the objects of a kind.
type table struct {
	object      string // "company", "note", "task"
	association int    // HubSpot's type of the association with a company; 0 for companies
	ids         []string
	byID        map[string]*Object
	unique      map[string]map[string]string // ids by value, by property
	at          map[string][]string          // ids by company
}

func newTable(object string, association int) *table {
	return &table{object: object, association: association, byID: map[string]*Object{}, unique: map[string]map[string]string{}, at: map[string][]string{}}
}

// batch collects the answers about the objects of a call.
type batch struct {
	results []any
	errors  []any
	failed  []failure // the same, to refuse the whole
}

func (b *batch) fail(trace string, f failure) {
	one := failure{"status": "error", "category": f["category"], "message": f["message"]}
	context := map[string][]string{}
	if c, ok := f["context"].(map[string][]string); ok {
		maps.Copy(context, c)
	}
	if trace != "" {
		context["objectWriteTraceId"] = []string{trace}
	}
	one["context"] = context
	b.errors, b.failed = append(b.errors, one), append(b.failed, f)
}

// answer is the answer to a batch; status is that of a full success.
func (b *batch) answer(status int) (int, any) {
	a := map[string]any{"status": "COMPLETE", "results": b.results, "startedAt": "2026-11-02T09:00:00.000Z", "completedAt": "2026-11-02T09:00:00.100Z"}
	if b.results == nil {
		a["results"] = []any{}
	}
	if len(b.errors) > 0 {
		a["errors"], a["numErrors"] = b.errors, len(b.errors)
		status = http.StatusMultiStatus
	}
	return status, a
}

// whole refuses a batch because of one object.
func whole(f failure) (int, any) {
	if f["category"] == "CONFLICT" {
		return http.StatusConflict, f
	}
	return http.StatusBadRequest, f
}

// text is a member of an input; the schema has been checked.
func text(input any, name string) string {
	value, _ := input.(map[string]any)[name].(string)
	return value
}

func given(input any) map[string]any {
	p, _ := input.(map[string]any)["properties"].(map[string]any)
	return p
}

// write has the objects of a batch written one by one. all is nil, or says why none can
// be.
func (s *Server) write(t *table, status int, inputs []any, one func(input any, dry bool) (*Object, failure)) (int, any) {
	traces := map[string]bool{}
	for _, in := range inputs {
		trace := text(in, "objectWriteTraceId")
		if trace != "" && traces[trace] {
			return whole(fail("VALIDATION_ERROR", "objectWriteTraceId values must be unique", nil))
		}
		traces[trace] = true
	}
	if s.options.Whole || traces[""] { // one answer for all: none is written when one can't be
		for _, in := range inputs {
			if _, f := one(in, true); f != nil {
				return whole(f)
			}
		}
	}
	var b batch
	for _, in := range inputs {
		trace := text(in, "objectWriteTraceId")
		o, f := one(in, false)
		if f != nil {
			b.fail(trace, f)
			continue
		}
		result := map[string]any{"id": o.ID, "properties": o.Properties, "archived": false, "createdAt": o.Properties["hs_createdate"], "updatedAt": o.Properties["hs_lastmodifieddate"]}
		if trace != "" {
			result["objectWriteTraceId"] = trace
		}
		b.results = append(b.results, result)
	}
	return b.answer(status)
}

// upsert makes or changes objects by a unique property.
func (s *Server) upsert(t *table, inputs []any) (int, any) {
	seen := map[string]bool{}
	for _, in := range inputs {
		name := text(in, "idProperty")
		if p := s.properties[name]; t != s.companies || p == nil || !p.Unique {
			return whole(fail("VALIDATION_ERROR", fmt.Sprintf("Unable to perform update/upsert by non-unique 0-2 property %s in portal ID %d", name, s.options.Portal), nil))
		}
		if seen[text(in, "id")] {
			return whole(fail("VALIDATION_ERROR", "Duplicate IDs found in batch input", nil))
		}
		seen[text(in, "id")] = true
	}
	return s.write(t, http.StatusOK, inputs, func(in any, dry bool) (*Object, failure) {
		p := maps.Clone(given(in))
		name, value := text(in, "idProperty"), text(in, "id")
		if p[name] == nil {
			p[name] = value
		}
		return s.put(t, t.byID[t.unique[name][value]], p, nil, dry)
	})
}

// update changes objects by their id.
func (s *Server) update(t *table, inputs []any) (int, any) {
	seen := map[string]bool{}
	for _, in := range inputs {
		if text(in, "idProperty") != "" {
			return whole(fail("VALIDATION_ERROR", "idProperty is not used by these tests", nil))
		}
		if seen[text(in, "id")] {
			return whole(fail("VALIDATION_ERROR", "Duplicate IDs found in batch input", nil))
		}
		seen[text(in, "id")] = true
	}
	return s.write(t, http.StatusOK, inputs, func(in any, dry bool) (*Object, failure) {
		o := t.byID[text(in, "id")]
		if o == nil {
			return nil, fail("OBJECT_NOT_FOUND", "Could not get some "+strings.ToUpper(t.object)+" objects, they may be deleted or not exist. Check that ids are valid.", map[string][]string{"ids": {text(in, "id")}})
		}
		return s.put(t, o, given(in), nil, dry)
	})
}

// create makes notes or tasks.
func (s *Server) create(t *table, inputs []any) (int, any) {
	return s.write(t, http.StatusCreated, inputs, func(in any, dry bool) (*Object, failure) {
		var with []string
		links, _ := in.(map[string]any)["associations"].([]any)
		for _, l := range links {
			link := l.(map[string]any)
			to := text(link["to"], "id")
			types, _ := link["types"].([]any)
			if len(types) != 1 {
				return nil, fail("VALIDATION_ERROR", "exactly one association type is expected", nil)
			}
			of := types[0].(map[string]any)
			switch {
			case of["associationCategory"] != "HUBSPOT_DEFINED" || of["associationTypeId"] != float64(t.association):
				return nil, fail("VALIDATION_ERROR", fmt.Sprintf("association type %v is not one of %s to company", of["associationTypeId"], t.object), nil)
			case s.companies.byID[to] == nil:
				return nil, fail("VALIDATION_ERROR", "The object "+to+" to associate with does not exist", nil)
			}
			with = append(with, to)
		}
		return s.put(t, nil, given(in), with, dry)
	})
}

// put writes an object, a new one when o is nil, or says why it can't be.
func (s *Server) put(t *table, o *Object, p map[string]any, with []string, dry bool) (*Object, failure) {
	values := map[string]string{}
	var wrong []string
	for _, name := range slices.Sorted(maps.Keys(p)) {
		text := p[name].(string)
		value, code, message := s.accept(t, name, text)
		if code != "" {
			wrong = append(wrong, fmt.Sprintf(`{"isValid":false,"message":%q,"error":%q,"name":%q,"portalId":%d}`, message, code, name, s.options.Portal))
		}
		values[name] = value
	}
	if len(wrong) > 0 {
		return nil, fail("VALIDATION_ERROR", "Property values were not valid: ["+strings.Join(wrong, ",")+"]", nil)
	}
	if missing := s.missing(t, o, values); len(missing) > 0 {
		return nil, fail("VALIDATION_ERROR", "Error creating "+strings.ToUpper(t.object)+". Some required properties were not set.", map[string][]string{"properties": missing})
	}
	if s.options.Refuse != nil {
		if reason := s.options.Refuse(t.object, p); reason != "" {
			return nil, fail("VALIDATION_ERROR", reason, nil)
		}
	}
	for name, value := range values {
		if holder := t.unique[name][value]; s.isUnique(t, name) && value != "" && holder != "" && (o == nil || holder != o.ID) {
			return nil, fail("CONFLICT", fmt.Sprintf("A %s with the value %q of the property %s already exists. Existing ID: %s", t.object, value, name, holder), map[string][]string{"existingId": {holder}})
		}
	}
	if dry {
		return o, nil
	}
	return s.store(t, o, values, with), nil
}

// store keeps an object.
func (s *Server) store(t *table, o *Object, values map[string]string, with []string) *Object {
	now := s.options.Now().UTC().Format(time.RFC3339)
	if o == nil {
		s.nextID++
		o = &Object{ID: strconv.FormatInt(s.nextID, 10), Properties: map[string]string{"hs_createdate": now}, Companies: with}
		o.Properties["hs_object_id"] = o.ID
		t.ids = append(t.ids, o.ID)
		t.byID[o.ID] = o
		for _, company := range with {
			t.at[company] = append(t.at[company], o.ID)
		}
	}
	o.Properties["hs_lastmodifieddate"] = now
	for name, value := range values {
		if s.isUnique(t, name) {
			if t.unique[name] == nil {
				t.unique[name] = map[string]string{}
			}
			delete(t.unique[name], o.Properties[name])
			if value != "" {
				t.unique[name][value] = o.ID
			}
		}
		if o.Properties[name] = value; value == "" {
			delete(o.Properties, name)
		}
	}
	return o
}

// remove archives an object, as people do.
func (s *Server) remove(t *table, id string) {
	o := t.byID[id]
	if o == nil {
		return
	}
	delete(t.byID, id)
	t.ids = slices.DeleteFunc(t.ids, func(other string) bool { return other == id })
	for _, values := range t.unique {
		maps.DeleteFunc(values, func(_, holder string) bool { return holder == id })
	}
	for _, company := range o.Companies {
		t.at[company] = slices.DeleteFunc(t.at[company], func(other string) bool { return other == id })
	}
}
