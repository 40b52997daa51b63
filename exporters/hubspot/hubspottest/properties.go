package hubspottest

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// mostUnique is how many properties of an object can be unique.
const mostUnique = 10

// longest is how many characters a text can have.
const longest = 65536

// Property is a property of companies.
type Property struct {
	Name, Label, Description, Group, Type, FieldType string
	Unique, ReadOnly                                 bool
}

// native are some of the properties that HubSpot has by itself.
func native() []Property {
	return []Property{
		{Name: "name", Label: "Company name", Group: "companyinformation", Type: "string", FieldType: "text"},
		{Name: "domain", Label: "Company Domain Name", Group: "companyinformation", Type: "string", FieldType: "text"},
		{Name: "industry", Label: "Industry", Group: "companyinformation", Type: "enumeration", FieldType: "select"},
		{Name: "notes_last_updated", Label: "Last Activity Date", Group: "companyinformation", Type: "datetime", FieldType: "date", ReadOnly: true},
		{Name: "num_notes", Label: "Number of Sales Activities", Group: "companyinformation", Type: "number", FieldType: "number", ReadOnly: true},
	}
}

func (p *Property) shown() any {
	return map[string]any{
		"name": p.Name, "label": p.Label, "description": p.Description, "groupName": p.Group, "type": p.Type, "fieldType": p.FieldType, "options": []any{},
		"hasUniqueValue": p.Unique, "calculated": false, "hidden": false, "formField": false,
		"modificationMetadata": map[string]any{"archivable": true, "readOnlyDefinition": p.ReadOnly, "readOnlyValue": p.ReadOnly},
	}
}

// serveProperties lists and makes properties and groups.
func (s *Server) serveProperties(path []string, method string, body map[string]any, inputs []any) (int, any) {
	switch {
	case len(path) == 0:
		var all []any
		for _, name := range slices.Sorted(maps.Keys(s.properties)) {
			all = append(all, s.properties[name].shown())
		}
		return http.StatusOK, map[string]any{"results": all}
	case path[0] == "groups" && method == http.MethodGet:
		var all []any
		for _, name := range s.groups {
			all = append(all, map[string]any{"name": name, "label": name, "displayOrder": -1, "archived": false})
		}
		return http.StatusOK, map[string]any{"results": all}
	case path[0] == "groups":
		name := body["name"].(string)
		if slices.Contains(s.groups, name) {
			return whole(fail("CONFLICT", fmt.Sprintf("Property group named '%s' already exists.", name), nil))
		}
		s.groups = append(s.groups, name)
		return http.StatusCreated, map[string]any{"name": name, "label": body["label"], "displayOrder": -1, "archived": false}
	}
	var b batch
	for _, in := range inputs {
		p := &Property{Name: text(in, "name"), Label: text(in, "label"), Description: text(in, "description"), Group: text(in, "groupName"), Type: text(in, "type"), FieldType: text(in, "fieldType")}
		p.Unique, _ = in.(map[string]any)["hasUniqueValue"].(bool)
		if f := s.define(p); f != nil {
			b.fail("", f)
			continue
		}
		b.results = append(b.results, p.shown())
	}
	return b.answer(http.StatusCreated)
}

var propertyName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,99}$`)

// define makes a property, or says why it can't be.
func (s *Server) define(p *Property) failure {
	unique := 0
	for _, other := range s.properties {
		if other.Unique {
			unique++
		}
	}
	fits := map[string][]string{"string": {"text", "textarea", "html", "phonenumber", "file"}, "number": {"number"}, "date": {"date"}, "datetime": {"date"}}
	switch {
	case !propertyName.MatchString(p.Name):
		return fail("VALIDATION_ERROR", fmt.Sprintf("The property name '%s' is not valid", p.Name), nil)
	case s.properties[p.Name] != nil:
		return fail("CONFLICT", fmt.Sprintf("Property named '%s' already exists.", p.Name), nil)
	case !slices.Contains(s.groups, p.Group):
		return fail("VALIDATION_ERROR", fmt.Sprintf("The property '%s' names the group '%s', which does not exist.", p.Name, p.Group), nil)
	case !slices.Contains(fits[p.Type], p.FieldType):
		return fail("VALIDATION_ERROR", fmt.Sprintf("The property '%s' has the type %s with the field type %s.", p.Name, p.Type, p.FieldType), nil)
	case p.Label == "":
		return fail("VALIDATION_ERROR", fmt.Sprintf("The property '%s' has no label.", p.Name), nil)
	case p.Unique && unique >= mostUnique:
		return fail("VALIDATION_ERROR", fmt.Sprintf("The property '%s' would be unique, and %d are already.", p.Name, unique), nil)
	}
	s.properties[p.Name] = p
	return nil
}

// activity are the properties of notes and tasks that can be written.
func activity(object string) map[string]string {
	if object == "task" {
		return map[string]string{
			"hs_timestamp": "moment", "hs_task_subject": "string", "hs_task_body": "string", "hubspot_owner_id": "owner", "hs_task_reminders": "moment",
			"hs_task_status": "NOT_STARTED COMPLETED", "hs_task_priority": "LOW MEDIUM HIGH", "hs_task_type": "EMAIL CALL TODO",
		}
	}
	return map[string]string{"hs_timestamp": "moment", "hs_note_body": "string", "hubspot_owner_id": "owner", "hs_attachment_ids": "string"}
}

func (s *Server) known(t *table, name string) bool {
	if t == s.companies {
		return s.properties[name] != nil
	}
	return activity(t.object)[name] != ""
}

func (s *Server) isUnique(t *table, name string) bool {
	return t == s.companies && s.properties[name] != nil && s.properties[name].Unique
}

// accept gives a value as it is kept, or HubSpot's code and words for what is wrong.
func (s *Server) accept(t *table, name, value string) (kept, code, message string) {
	of := activity(t.object)[name]
	if t == s.companies && s.properties[name] != nil {
		p := s.properties[name]
		if p.ReadOnly {
			return "", "READ_ONLY_VALUE", fmt.Sprintf("%q is a read only property; its value cannot be set", name)
		}
		of = p.Type
	}
	switch {
	case of == "" || t == s.companies && s.properties[name] == nil:
		return "", "PROPERTY_DOESNT_EXIST", fmt.Sprintf("Property %q does not exist", name)
	case value == "":
		return "", "", ""
	}
	return s.convert(of, value)
}

func (s *Server) convert(of, value string) (kept, code, message string) {
	switch of {
	case "string":
		if len(utf16.Encode([]rune(value))) > longest {
			return "", "INVALID_LENGTH", fmt.Sprintf("the value is longer than %d characters", longest)
		}
	case "number":
		if _, err := strconv.ParseFloat(value, 64); err != nil {
			return "", "INVALID_DOUBLE", value + " was not a valid number."
		}
	case "date":
		if ms, err := strconv.ParseInt(value, 10, 64); err == nil && ms%86400000 == 0 {
			return time.UnixMilli(ms).UTC().Format(time.DateOnly), "", ""
		}
		if _, err := time.Parse(time.DateOnly, value); err != nil {
			return "", "INVALID_DATE", value + " is at no midnight in UTC."
		}
	case "moment":
		if ms, err := strconv.ParseInt(value, 10, 64); err == nil {
			return time.UnixMilli(ms).UTC().Format(time.RFC3339), "", ""
		}
		if _, err := time.Parse(time.RFC3339, value); err != nil {
			return "", "INVALID_DATE", value + " is no moment."
		}
	case "owner":
		if !slices.Contains(s.options.Owners, value) {
			return "", "INVALID_OWNER_ID", "Owner " + value + " does not exist"
		}
	default: // one of some words
		if !slices.Contains(strings.Fields(of), value) {
			return "", "INVALID_OPTION", fmt.Sprintf("%s was not one of the allowed options: %s", value, of)
		}
	}
	return value, "", ""
}

// missing are the properties that an object must have and would not.
func (s *Server) missing(t *table, o *Object, values map[string]string) []string {
	needs := []string{"hs_timestamp"}
	if t == s.companies {
		needs = s.options.Required
	}
	var out []string
	for _, name := range needs {
		value, given := values[name]
		if given && value == "" || !given && (o == nil || o.Properties[name] == "") {
			out = append(out, name)
		}
	}
	return out
}
