package espocrmtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// moment is how EspoCRM writes a moment.
const moment = "2006-01-02 15:04:05"

// longestShown is where lists cut a text.
const longestShown = 10000

// object is a record by its attributes.
type object map[string]any

func (o object) text(attribute string) string {
	switch v := o[attribute].(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// table is all records of an entity type.
type table struct {
	order    []object
	byID     map[string]object
	byParent map[string][]object
	inStream map[string][]object // beside those of byParent
	byName   map[string][]object // as the database compares names
}

func newTable() *table {
	return &table{byID: map[string]object{}, byParent: map[string][]object{}, inStream: map[string][]object{}, byName: map[string][]object{}}
}

func (t *table) add(o object) {
	t.order = append(t.order, o)
	t.byID[o.text("id")] = o
	t.byParent[o.text("parentId")] = append(t.byParent[o.text("parentId")], o)
	if super := o.text("superParentId"); super != "" { // of a note at what belongs to an account
		t.inStream[super] = append(t.inStream[super], o)
	}
	t.byName[collate(o.text("name"))] = append(t.byName[collate(o.text("name"))], o)
}

// rename keeps the names when an object gets another.
func (t *table) rename(o, sent object) {
	if _, named := sent["name"]; !named {
		return
	}
	old, name := collate(o.text("name")), collate(sent.text("name"))
	t.byName[old] = slices.DeleteFunc(t.byName[old], func(other object) bool { return other.text("id") == o.text("id") })
	t.byName[name] = append(t.byName[name], o)
}

// collate is a text as the database compares it: without regard to case and to spaces at
// the end.
func collate(s string) string { return strings.ToLower(strings.TrimRight(s, " ")) }

func (s *Server) newID() string {
	s.last++
	return fmt.Sprintf("%017x", s.last+0xb00000)
}

func (s *Server) now() string { return s.options.Now().UTC().Format(moment) }

// may answers that the role does not allow it; the zero answer: it does.
func (s *Server) may(entity, action string) answer {
	if level := s.options.Roles[entity][action]; entity != "Note" && (level == "" || level == "no") {
		return failed(http.StatusForbidden, "No %s access.", action)
	}
	return answer{}
}

// definitions are the fields of an entity type.
func (s *Server) definitions(entity string) map[string]definition {
	if entity == "Account" {
		return s.fields
	}
	return s.schema.Entities[entity]
}

// undocumented reports an attribute that is no field, or a value that is of no type of
// EspoCRM's. Custom fields that are not there are known: EspoCRM drops them.
func (s *Server) undocumented(entity string, attributes map[string]any) error {
	for name, value := range attributes {
		d, there := s.definitions(entity)[name]
		custom := len(name) > 1 && name[0] == 'c' && name[1] >= 'A' && name[1] <= 'Z'
		switch {
		case !there && !custom:
			return fmt.Errorf("the body has %q", name)
		case there && value != nil && !ofType(d.Type, value):
			return fmt.Errorf("%s is a %s and was given %T %v", name, d.Type, value, value)
		}
	}
	return nil
}

// ofType reports whether a value is written as it should be.
func ofType(kind string, value any) bool {
	text, isText := value.(string)
	number, isNumber := value.(json.Number)
	switch kind {
	case "int":
		_, err := number.Int64()
		return isNumber && err == nil
	case "float":
		return isNumber
	case "bool":
		_, is := value.(bool)
		return is
	case "date":
		_, err := time.Parse(time.DateOnly, text)
		return isText && err == nil
	}
	return isText
}

// filter is what EspoCRM makes of attributes before it saves them: those that the user
// may not write, or that are no fields, are left out without a word.
func (s *Server) filter(entity string, attributes map[string]any) object {
	out := object{}
	for name, value := range attributes {
		d, there := s.definitions(entity)[name]
		if !there || d.ReadOnly || entity == "Account" && s.options.Denied[name] != "" {
			continue
		}
		if text, is := value.(string); is && d.Type == "varchar" {
			value = strings.TrimSpace(text)
		}
		if n, is := value.(json.Number); is && d.Type == "float" && !strings.ContainsAny(n.String(), ".eE") {
			value = json.Number(n.String() + ".0") // as PHP writes it
		}
		if entity == "Account" && slices.Contains(s.options.Dropped, name) {
			value = nil
		}
		out[name] = value
	}
	return out
}

// check answers that an object can't be saved; the zero answer: it can. sent are the
// fields that are looked at; nil: all.
func (s *Server) check(entity string, o, sent object) answer {
	for _, name := range slices.Sorted(maps.Keys(s.definitions(entity))) {
		d := s.definitions(entity)[name]
		if _, is := sent[name]; sent != nil && !is {
			continue
		}
		text := o.text(name)
		length := d.MaxLength
		if length == 0 && d.Type == "varchar" {
			length = 255
		}
		switch {
		case d.Required && text == "":
			return invalid(entity, strings.TrimSuffix(name, "Id"), "required")
		case length > 0 && utf8.RuneCountInString(text) > length:
			return invalid(entity, name, "maxLength")
		case d.Pattern == "$noBadCharacters" && strings.ContainsAny(text, "<>="):
			return invalid(entity, name, "pattern")
		case d.Type == "enum" && text != "" && !slices.Contains(d.Options, text):
			return invalid(entity, name, "valid")
		}
	}
	if s.options.Refuse != nil {
		if reason := s.options.Refuse(entity, maps.Clone(o)); reason != "" {
			return failed(http.StatusBadRequest, "%s", reason)
		}
	}
	return answer{}
}

func (s *Server) create(entity string, attributes map[string]any, skipDuplicates bool) answer {
	if a := s.may(entity, "create"); a.status != 0 {
		return a
	}
	o := s.filter(entity, attributes)
	if a := s.check(entity, o, nil); a.status != 0 {
		return a
	}
	if a := s.related(entity, o); a.status != 0 {
		return a
	}
	if alike := s.tables["Account"].byName[collate(o.text("name"))]; entity == "Account" && len(alike) > 0 && !skipDuplicates && !s.options.NoDuplicateTest {
		return answer{status: http.StatusConflict, reason: "duplicate", body: alike}
	}
	o["id"], o["createdAt"], o["createdById"] = s.newID(), s.now(), APIUser
	if entity == "Task" && o.text("status") == "" {
		o["status"] = "Not Started"
	}
	complete(entity, o)
	if entity != "Account" && s.options.Orphans {
		o["parentId"], o["parentType"] = nil, nil
	}
	s.tables[entity].add(o)
	return fine(s.shown(entity, o, nil, 0))
}

// related answers that what an object belongs to is not there.
func (s *Server) related(entity string, o object) answer {
	if entity == "Account" {
		return answer{}
	}
	_, there := s.tables["Account"].byID[o.text("parentId")]
	switch {
	case o.text("parentType") != "Account" || !there:
		return failed(http.StatusForbidden, "No access to parent.")
	case entity == "Note" && o.text("type") != "Post":
		return failed(http.StatusForbidden, "Only 'Post' type allowed.")
	case entity == "Note" && s.options.Roles["Account"]["stream"] == "no":
		return failed(http.StatusForbidden, "No create access.")
	}
	if _, there := s.tables["User"].byID[o.text("assignedUserId")]; entity == "Task" && !there {
		return failed(http.StatusForbidden, "Assignment failure: assigned user or team not allowed.")
	}
	return answer{}
}

// complete sets what EspoCRM works out: the moment at which the day of a task ends.
func complete(entity string, o object) {
	if day, err := time.Parse(time.DateOnly, o.text("dateEndDate")); entity == "Task" && err == nil {
		o["dateEnd"] = day.AddDate(0, 0, 1).Format(moment)
	}
}

func (s *Server) update(entity, id string, attributes map[string]any, skipDuplicates bool) answer {
	if a := s.may(entity, "edit"); a.status != 0 {
		return a
	}
	o, there := s.tables[entity].byID[id]
	if !there {
		return failed(http.StatusNotFound, "Record %s not found.", id)
	}
	if entity == "Note" {
		made, err := time.Parse(moment, o.text("createdAt"))
		if o.text("createdById") != APIUser || err != nil || s.options.Now().Sub(made) > s.options.NoteEdit {
			return failed(http.StatusForbidden, "No edit access.")
		}
	}
	sent := s.filter(entity, attributes)
	after := maps.Clone(o)
	maps.Copy(after, sent)
	if a := s.check(entity, after, sent); a.status != 0 {
		return a
	}
	alike := slices.DeleteFunc(slices.Clone(s.tables["Account"].byName[collate(after.text("name"))]), func(other object) bool { return other.text("id") == id })
	if entity == "Account" && len(alike) > 0 && s.options.UpdateDuplicate && !skipDuplicates {
		return answer{status: http.StatusConflict, reason: "duplicate", body: alike}
	}
	s.tables[entity].rename(o, sent)
	maps.Copy(o, sent)
	complete(entity, o)
	return fine(s.shown(entity, o, nil, 0))
}

// shown is an object as the user may see it, with the attributes that were asked for.
func (s *Server) shown(entity string, o object, attributes []string, cut int) object {
	out := object{}
	for name, value := range o {
		if name != "id" && attributes != nil && !slices.Contains(attributes, name) || entity == "Account" && s.options.Denied[name] == "read" {
			continue
		}
		if text, is := value.(string); is && cut > 0 && s.definitions(entity)[name].Type == "text" && utf8.RuneCountInString(text) > cut {
			value = string([]rune(text)[:cut])
		}
		out[name] = value
	}
	return out
}

// list answers a search.
func (s *Server) list(entity string, in search) answer {
	if a := s.may(entity, "read"); a.status != 0 {
		return a
	}
	candidates := s.tables[entity].order
	for _, c := range in.where {
		if c.attribute == "parentId" {
			candidates = nil
			for _, id := range c.values {
				candidates = append(candidates, s.tables[entity].byParent[id]...)
			}
		}
	}
	if entity == "Note" { // its scope has the level own, whatever the role
		candidates = slices.DeleteFunc(slices.Clone(candidates), func(o object) bool { return o.text("createdById") != APIUser })
	}
	return s.find(entity, candidates, in, longestShown)
}

// posts answers a search in the stream of an account.
func (s *Server) posts(id string, in search) answer {
	if _, there := s.tables["Account"].byID[id]; !there {
		return failed(http.StatusNotFound, "Record not found.")
	}
	if a := s.may("Account", "stream"); a.status != 0 {
		return failed(http.StatusForbidden, "No stream access.")
	}
	return s.find("Note", slices.Concat(s.tables["Note"].byParent[id], s.tables["Note"].inStream[id]), in, 0)
}

func (s *Server) find(entity string, candidates []object, in search, cut int) answer {
	if in.limit > s.options.ListLimit {
		return failed(http.StatusForbidden, "Max size should not exceed %d. Use offset and limit.", s.options.ListLimit)
	}
	found := candidates
	for _, c := range in.where {
		if _, there := s.definitions(entity)[c.attribute]; !there {
			return failed(http.StatusBadRequest, "Not existing attribute '%s' in where.", c.attribute)
		}
		if entity == "Account" && s.options.Denied[c.attribute] == "read" {
			return failed(http.StatusForbidden, "Forbidden attribute '%s' in where.", c.attribute)
		}
		match := c.matcher()
		found = slices.DeleteFunc(slices.Clone(found), func(o object) bool { return !match(o.text(c.attribute)) })
	}
	found = slices.Clone(found)
	slices.Reverse(found) // what was made last comes first
	page := found[min(in.offset, len(found)):]
	page = page[:min(in.limit, len(page))]
	list := make([]object, len(page))
	for i, o := range page {
		list[i] = s.shown(entity, o, in.attributes, cut)
	}
	return fine(map[string]any{"total": len(found), "list": list})
}

// matcher is a condition as a test of a value.
func (c condition) matcher() func(string) bool {
	if c.kind == "contains" {
		part := strings.ToLower(c.values[0])
		return func(s string) bool { return strings.Contains(strings.ToLower(s), part) }
	}
	set := map[string]bool{}
	for _, v := range c.values {
		set[collate(v)] = true
	}
	return func(s string) bool { return s != "" && set[collate(s)] }
}
