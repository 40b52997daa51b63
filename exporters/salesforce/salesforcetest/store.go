package salesforcetest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// table keeps the records of an object in the order in which they were made.
type table struct {
	name   string
	object *object
	order  []string
	rows   map[string]map[string]any
	index  map[string]map[string][]string // field, folded value: ids
	next   int
}

func newTable(name string, o *object) *table {
	o.fields = append([]Field{{Name: "Id", Type: "id", Length: 18}}, o.fields...)
	return &table{name: name, object: o, rows: map[string]map[string]any{}, index: map[string]map[string][]string{}, next: 1}
}

// field finds a field by its name, in which case does not matter.
func (t *table) field(name string) *Field {
	for i := range t.object.fields {
		if f := &t.object.fields[i]; strings.EqualFold(f.Name, name) {
			return f
		}
	}
	return nil
}

// visible finds a field that the run-as user may see.
func (t *table) visible(name string) *Field {
	if f := t.field(name); f != nil && !f.Hidden {
		return f
	}
	return nil
}

// add makes a record.
func (t *table) add(fields map[string]any) string {
	id := fmt.Sprintf("%s%012d%s", t.object.prefix, t.next, t.object.suffix)
	t.next++
	row := map[string]any{}
	for _, f := range t.object.fields {
		if f.Default != nil {
			row[f.Name] = f.Default
		}
	}
	maps.Copy(row, fields)
	t.put(id, row)
	return id
}

// put sets fields of a record, which is made when it is not there. A field that is set
// to nil is empty.
func (t *table) put(id string, fields map[string]any) {
	row := t.rows[id]
	if row == nil {
		row = map[string]any{"Id": id}
		t.rows[id] = row
		t.order = append(t.order, id)
	}
	for name, value := range fields {
		f := t.field(name)
		if f.indexed || f.Unique || f.ExternalID {
			t.unindex(f, row[f.Name], id)
			if value != nil {
				t.enter(f, value, id)
			}
		}
		row[f.Name] = value
	}
}

func (t *table) unindex(f *Field, value any, id string) {
	if ids := t.index[f.Name][fold(f, value)]; slices.Contains(ids, id) {
		t.index[f.Name][fold(f, value)] = slices.DeleteFunc(slices.Clone(ids), func(o string) bool { return o == id })
	}
}

func (t *table) enter(f *Field, value any, id string) {
	if t.index[f.Name] == nil {
		t.index[f.Name] = map[string][]string{}
	}
	t.index[f.Name][fold(f, value)] = append(t.index[f.Name][fold(f, value)], id)
}

// withValue are the ids of the records whose indexed field has a value.
func (t *table) withValue(f *Field, value any) []string { return t.index[f.Name][fold(f, value)] }

// fold is a value as it is compared: case matters in ids and case-sensitive fields.
func fold(f *Field, value any) string {
	s := fmt.Sprint(value)
	if f.CaseSensitive || f.Type == "id" || f.Type == "reference" {
		return s
	}
	return strings.ToLower(s)
}

// double is a number as Salesforce writes it, with at least one decimal.
func double(value any) json.RawMessage {
	s := fmt.Sprint(value)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return json.RawMessage(s)
}

// Problems lists the requests that the documentation does not describe.
func (s *Server) Problems() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.problems)
}

// Calls is how many requests there were of a method and path, such as
// "PATCH /composite/sobjects"; of the empty one, all of the day that counted.
func (s *Server) Calls(what string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if what == "" {
		return s.total
	}
	return s.calls[what]
}

// NewDay begins to count the calls anew, with another limit.
func (s *Server) NewDay(limit int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.total, s.opt.DailyCalls = 0, limit
}

// Records are copies of an object's records that are not deleted, in the order in which
// they were made.
func (s *Server) Records(object string) []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []map[string]any
	for _, id := range s.tables[object].order {
		if row := s.tables[object].rows[id]; row["IsDeleted"] != true {
			out = append(out, maps.Clone(row))
		}
	}
	return out
}

// Count is how many records of an object there are.
func (s *Server) Count(object string) int { return len(s.Records(object)) }

// Add makes a record as a person would, by whatever fields it has, and returns its id.
func (s *Server) Add(object string, fields map[string]any) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tables[object]
	id := t.add(nil)
	t.put(id, fields)
	return id
}

// Set changes fields of a record as a person would: IsDeleted deletes it, IsArchived
// archives a task.
func (s *Server) Set(object, id string, fields map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tables[object].put(id, fields)
}

// AddField makes a field of accounts, as an administrator would.
func (s *Server) AddField(f Field) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.tables["Account"].object
	f.Custom = true
	o.fields = append(o.fields, f)
}

// Fields are the fields of accounts.
func (s *Server) Fields() []Field {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.tables["Account"].object.fields)
}
