package salesforcetest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

var customName = regexp.MustCompile(`^Account\.([A-Za-z](?:_?[A-Za-z0-9])*)__c$`)

// addField serves making a field of accounts. It is seen by nobody at first.
func (s *Server) addField(c call) {
	full, _ := c.body["FullName"].(string)
	m, _ := c.body["Metadata"].(map[string]any)
	name := customName.FindStringSubmatch(full)
	if name == nil || len(name[1]) > 40 {
		s.misuse(c, "FIELD_INTEGRITY_EXCEPTION", "Invalid fullName: "+full)
		return
	}
	for member, value := range m {
		if kindOf(value) != metadataMembers()[member] {
			s.misuse(c, "JSON_PARSER_ERROR", "Metadata."+member)
			return
		}
	}
	f, fault := fieldOf(name[1]+"__c", m)
	if fault != "" {
		s.misuse(c, "FIELD_INTEGRITY_EXCEPTION", fault)
		return
	}
	t := s.tables["Account"]
	if t.field(f.Name) != nil {
		refuse(c.w, "DUPLICATE_DEVELOPER_NAME", "There is already a field named "+name[1]+" on Account.")
		return
	}
	t.object.fields = append(t.object.fields, f)
	reply(c.w, 201, map[string]any{"id": fmt.Sprintf("00N%012dEAA", len(t.object.fields)), "success": true, "errors": []any{}, "warnings": []any{}, "infos": []any{}})
}

func kindOf(value any) string {
	switch value.(type) {
	case string:
		return "string"
	case json.Number:
		return "number"
	case bool:
		return "boolean"
	}
	return "?"
}

// fieldOf reads the metadata of a field, and says what is wrong with it.
func fieldOf(name string, m map[string]any) (Field, string) {
	number := func(member string) int {
		n, _ := m[member].(json.Number)
		i, _ := n.Int64()
		return int(i)
	}
	label, _ := m["label"].(string)
	f := Field{Name: name, Label: label, Create: true, Update: true, Custom: true, Hidden: true}
	if label == "" || len([]rune(label)) > 40 {
		return f, "the label must have 1 to 40 characters"
	}
	f.ExternalID, f.Unique, f.CaseSensitive = m["externalId"] == true, m["unique"] == true, m["caseSensitive"] == true
	switch m["type"] {
	case "Text":
		f.Type, f.Length = "string", number("length")
		if f.Length < 1 || f.Length > 255 {
			return f, "Must specify 'length' of 1 to 255 for a CustomField of type Text"
		}
	case "Number":
		f.Type, f.Digits, f.Scale = "double", number("precision"), number("scale")
		if f.Digits < 1 || f.Digits > 18 || f.Scale > f.Digits || m["scale"] == nil {
			return f, "Must specify 'precision' and 'scale' for a CustomField of type Number"
		}
	case "Date":
		f.Type = "date"
	default:
		return f, fmt.Sprintf("this server knows no type %v", m["type"])
	}
	if f.Type != "string" && f.CaseSensitive || f.CaseSensitive && !f.Unique {
		return f, "caseSensitive is for unique text"
	}
	return f, ""
}

// showFields shows the fields that a permission set of the run-as user has.
func (s *Server) showFields() {
	assigned := map[string]bool{}
	for _, a := range s.tables["PermissionSetAssignment"].rows {
		if a["AssigneeId"] == UserID {
			assigned[fmt.Sprint(a["PermissionSetId"])] = true
		}
	}
	for _, p := range s.tables["FieldPermissions"].rows {
		name, ok := strings.CutPrefix(fmt.Sprint(p["Field"]), "Account.")
		if f := s.tables["Account"].field(name); ok && f != nil && assigned[fmt.Sprint(p["ParentId"])] && p["PermissionsRead"] == true {
			f.Hidden = false
			f.Create, f.Update = p["PermissionsEdit"] == true, p["PermissionsEdit"] == true
		}
	}
}
