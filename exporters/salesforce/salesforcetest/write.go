package salesforcetest

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// failure is why a record is not written.
func failure(code, text string, fields ...string) map[string]any {
	if fields == nil {
		fields = []string{}
	}
	return map[string]any{"success": false, "errors": []any{map[string]any{"statusCode": code, "message": text, "fields": fields}}}
}

func success(id string, created bool) map[string]any {
	return map[string]any{"id": id, "success": true, "created": created, "errors": []any{}}
}

// record is a record of a collection, read.
type record struct {
	table  *table
	id     string
	fields map[string]any // by the field's own name; nil: emptied
}

// collection reads a collection. What is wrong with the form of one refuses all.
func (s *Server) collection(c call) ([]record, bool) {
	if allOrNone, given := c.body["allOrNone"]; given && allOrNone != false {
		s.misuse(c, "UNDOCUMENTED", "this server has no all or none")
		return nil, false
	}
	list, ok := c.body["records"].([]any)
	if !ok || len(list) == 0 {
		s.misuse(c, "REQUIRED_FIELD_MISSING", "Required field is missing: records")
		return nil, false
	}
	if len(list) > 200 {
		s.misuse(c, "LIMIT_EXCEEDED", "record limit reached. cannot submit more than 200 records into this call")
		return nil, false
	}
	var out []record
	for _, one := range list {
		r, code, text := s.record(one)
		switch code {
		case "":
		case "INVALID_FIELD": // somebody may have deleted it just now
			refuse(c.w, code, text)
			return nil, false
		default:
			s.misuse(c, code, text)
			return nil, false
		}
		out = append(out, r)
	}
	return out, true
}

// record reads a record. The code says why the whole call is refused.
func (s *Server) record(one any) (r record, code, text string) {
	members, ok := one.(map[string]any)
	attributes, has := members["attributes"].(map[string]any)
	kind, named := attributes["type"].(string)
	if !ok || !has || !named || len(attributes) != 1 {
		return r, "INVALID_INPUT", "a record must have attributes with its type"
	}
	if r.table = s.tables[kind]; r.table == nil || kind == "User" || kind == "Organization" {
		return r, "INVALID_TYPE", "sObject type '" + kind + "' is not supported."
	}
	r.fields = map[string]any{}
	for name, value := range members {
		switch {
		case name == "attributes":
			continue
		case strings.EqualFold(name, "id"):
			if r.id, ok = value.(string); !ok {
				return r, "MALFORMED_ID", "malformed id"
			}
			continue
		}
		f := r.table.visible(name)
		if f == nil {
			return r, "INVALID_FIELD", fmt.Sprintf("No such column '%s' on sobject of type %s", name, kind)
		}
		value, fits := typed(f, value)
		if !fits {
			return r, "JSON_PARSER_ERROR", fmt.Sprintf("Cannot deserialize instance of %s from %v", f.Type, value)
		}
		r.fields[f.Name] = value
	}
	return r, "", ""
}

// typed reads a value as the type of a field. White space around a text is dropped, and a
// text that is empty then is none.
func typed(f *Field, value any) (any, bool) {
	if value == nil {
		return nil, true
	}
	switch f.Type {
	case "boolean":
		b, ok := value.(bool)
		return b, ok
	case "double", "int":
		n, ok := value.(json.Number)
		if !ok {
			return value, false
		}
		x, err := n.Float64()
		return strconv.FormatFloat(x, 'f', -1, 64), err == nil && (f.Type == "double" || x == math.Trunc(x))
	case "date":
		s, ok := value.(string)
		_, err := time.Parse(time.DateOnly, s)
		return s, ok && err == nil
	}
	s, ok := value.(string)
	if s = strings.TrimSpace(s); s == "" {
		return nil, ok
	}
	return s, ok
}

// insert serves making records.
func (s *Server) insert(c call) {
	records, ok := s.collection(c)
	if !ok {
		return
	}
	s.each(c, records, func(r record) map[string]any {
		if r.id != "" {
			return failure("INVALID_FIELD_FOR_INSERT_UPDATE", "cannot specify Id in an insert call", "Id")
		}
		if fault := s.acceptable(r, ""); fault != nil {
			return fault
		}
		return success(s.make(r), true)
	})
}

// make adds a record.
func (s *Server) make(r record) string {
	id := r.table.add(r.fields)
	if r.table.name == "FieldPermissions" || r.table.name == "PermissionSetAssignment" {
		s.showFields()
	}
	return id
}

// update serves changing records by their ids.
func (s *Server) update(c call) {
	records, ok := s.collection(c)
	if !ok {
		return
	}
	s.each(c, records, func(r record) map[string]any {
		if r.id == "" {
			return failure("MISSING_ARGUMENT", "Id not specified in an update call")
		}
		row := r.table.rows[r.id]
		switch {
		case row == nil:
			return failure("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
		case row["IsDeleted"] == true:
			return failure("ENTITY_IS_DELETED", "entity is deleted")
		}
		if fault := s.acceptable(r, r.id); fault != nil {
			return fault
		}
		r.table.put(r.id, r.fields)
		return success(r.id, false)
	})
}

// upsert serves making and changing records by a key.
func (s *Server) upsert(c call) {
	records, ok := s.collection(c)
	if !ok {
		return
	}
	t := s.tables[c.parts[0]]
	var key *Field
	if t != nil {
		key = t.visible(c.parts[1])
	}
	if key == nil || !key.ExternalID {
		refuse(c.w, "INVALID_FIELD", "Provided external ID field does not exist or is not accessible: "+c.parts[1])
		return
	}
	seen := map[string]bool{}
	s.each(c, records, func(r record) map[string]any {
		value := r.fields[key.Name]
		switch {
		case r.table != t:
			return failure("INVALID_TYPE", "all records must be of the type in the URI")
		case r.id != "":
			return failure("INVALID_FIELD", "cannot specify both an external ID reference and a salesforce id")
		case value == nil:
			return failure("MISSING_ARGUMENT", key.Name+" not specified")
		case seen[fold(key, value)]:
			return failure("DUPLICATE_VALUE", fmt.Sprintf("Duplicate external id specified: %v", value), key.Name)
		}
		seen[fold(key, value)] = true
		there := slices.DeleteFunc(slices.Clone(t.withValue(key, value)), func(id string) bool { return t.rows[id]["IsDeleted"] == true })
		switch len(there) {
		case 0:
			if fault := s.acceptable(r, ""); fault != nil {
				return fault
			}
			return success(s.make(r), true)
		case 1:
			if fault := s.acceptable(r, there[0]); fault != nil {
				return fault
			}
			t.put(there[0], r.fields)
			return success(there[0], false)
		}
		return failure("DUPLICATE_EXTERNAL_ID", fmt.Sprintf("%s: more than one record found for external id field: %v", key.Name, there), key.Name)
	})
}

// each answers for each record, in their order.
func (s *Server) each(c call, records []record, write func(record) map[string]any) {
	answers := make([]any, len(records))
	for i, r := range records {
		if s.opt.Trigger > 0 && len(records) > s.opt.Trigger {
			answers[i] = failure("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "AccountTrigger: System.LimitException: Apex CPU time limit exceeded")
			continue
		}
		answers[i] = write(r)
	}
	reply(c.w, 200, answers)
}

// acceptable says why a record can't be made, or changed when it has an id: nil when it
// can.
func (s *Server) acceptable(r record, id string) map[string]any {
	whole := maps.Clone(r.fields)
	for name, value := range r.table.rows[id] {
		if _, given := whole[name]; !given {
			whole[name] = value
		}
	}
	if s.opt.Locked != nil && s.opt.Locked(r.table.name, whole) {
		return failure("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record")
	}
	if s.opt.NoPermission && strings.HasPrefix(r.table.name, "PermissionSet") {
		return failure("INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id")
	}
	for _, f := range r.table.object.fields {
		value, given := r.fields[f.Name]
		if fault := f.accepts(value, given, id != ""); fault != nil {
			return fault
		}
		if given && value != nil {
			if fault := s.linked(r.table, f, value, id); fault != nil {
				return fault
			}
		}
	}
	if s.opt.Refuse != nil {
		if why := s.opt.Refuse(r.table.name, whole); why != "" {
			return failure("FIELD_CUSTOM_VALIDATION_EXCEPTION", why)
		}
	}
	if s.opt.Alike != nil && s.opt.Alike(r.table.name, whole) {
		return failure("DUPLICATES_DETECTED", "Use one of these records?")
	}
	return nil
}

// accepts says why a field does not take a value.
func (f *Field) accepts(value any, given, changed bool) map[string]any {
	switch {
	case given && (changed && !f.Update || !changed && !f.Create):
		return failure("INVALID_FIELD_FOR_INSERT_UPDATE", "Unable to create/update fields: "+f.Name+". Please check the security settings of this field", f.Name)
	case f.Required && value == nil && (given || !changed):
		return failure("REQUIRED_FIELD_MISSING", "Required fields are missing: ["+f.Name+"]", f.Name)
	case f.Length > 0 && len(utf16.Encode([]rune(fmt.Sprint(value)))) > f.Length && value != nil:
		return failure("STRING_TOO_LONG", fmt.Sprintf("%s: data value too large (max length=%d)", f.Name, f.Length), f.Name)
	case f.Digits > 0 && value != nil:
		if x, err := strconv.ParseFloat(fmt.Sprint(value), 64); err != nil || math.Abs(x) >= math.Pow10(f.Digits-f.Scale) {
			return failure("NUMBER_OUTSIDE_VALID_RANGE", f.Name+": value outside of valid range", f.Name)
		}
	}
	return nil
}

// linked says why a value does not fit to other records.
func (s *Server) linked(t *table, f Field, value any, id string) map[string]any {
	if f.Type == "reference" && f.Refers != "" {
		row := s.tables[f.Refers].rows[fmt.Sprint(value)]
		if row == nil || row["IsDeleted"] == true || row["IsActive"] == false {
			return failure("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", f.Name)
		}
	}
	if t.name == "FieldPermissions" && f.Name == "Field" {
		if name, ok := strings.CutPrefix(fmt.Sprint(value), "Account."); !ok || s.tables["Account"].field(name) == nil {
			return failure("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "bad value for restricted picklist field: "+fmt.Sprint(value), f.Name)
		}
	}
	if f.Unique {
		for _, other := range t.withValue(&f, value) {
			if other != id && t.rows[other]["IsDeleted"] != true {
				return failure("DUPLICATE_VALUE", fmt.Sprintf("duplicate value found: %s duplicates value on record with id: %s", f.Name, other), f.Name)
			}
		}
	}
	return nil
}
