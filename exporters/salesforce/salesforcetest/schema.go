package salesforcetest

// Field is a field of an object, as Salesforce's documentation describes it.
type Field struct {
	Name, Label   string
	Type          string // id, string, textarea, picklist, double, date, datetime, boolean, reference
	Length        int    // of text
	Digits, Scale int    // of a double
	Create        bool   // it can be set when a record is made
	Update        bool   // it can be changed
	Unfiltered    bool   // no query can filter by it
	Required      bool   // and without a default
	ExternalID    bool   // it can be the key of an upsert
	Unique        bool
	CaseSensitive bool   // abc and ABC are two
	Refers        string // of a reference: the object; empty: several
	Default       any    // what a record gets that is made without it
	Custom        bool
	Hidden        bool // the run-as user may not see it

	indexed bool
}

// object is a kind of record.
type object struct {
	prefix, suffix string // of ids of 18 characters
	fields         []Field
}

// text, reference and flag are fields that can be set, as most are.
func text(name string, length int, required bool) Field {
	return Field{Name: name, Type: "string", Length: length, Create: true, Update: true, Required: required}
}

func reference(name, refers string, update, required bool) Field {
	return Field{Name: name, Type: "reference", Length: 18, Create: true, Update: update, Required: required, Refers: refers, indexed: true}
}

func flag(name string, set bool, value any) Field {
	return Field{Name: name, Type: "boolean", Create: set, Update: set, Default: value}
}

// schema is what the object reference says of the objects, as far as an export can need
// them. What is not in it is refused.
func schema() map[string]*object {
	user := Field{Name: "CreatedById", Type: "reference", Length: 18, Refers: "User", Default: UserID, indexed: true}
	deleted := flag("IsDeleted", false, false)
	return map[string]*object{
		"Account": {"001", "AAA", []Field{
			text("Name", 255, true),
			{Name: "Description", Type: "textarea", Length: 32000, Create: true, Update: true, Unfiltered: true},
			{Name: "NumberOfEmployees", Type: "int", Create: true, Update: true},
			user, deleted,
		}},
		"Note": {"002", "AAA", []Field{
			text("Title", 80, true),
			{Name: "Body", Type: "textarea", Length: 32000, Create: true, Update: true, Unfiltered: true},
			reference("ParentId", "Account", false, true), // which can't be changed
			flag("IsPrivate", true, false), user, deleted,
		}},
		"Task": {"00T", "EAA", []Field{
			{Name: "Subject", Type: "combobox", Length: 255, Create: true, Update: true},
			{Name: "Description", Type: "textarea", Length: 32000, Create: true, Update: true, Unfiltered: true},
			reference("WhatId", "Account", true, false),
			{Name: "OwnerId", Type: "reference", Length: 18, Create: true, Update: true, Refers: "User", Default: UserID},
			{Name: "ActivityDate", Type: "date", Create: true, Update: true},
			{Name: "Status", Type: "picklist", Length: 255, Create: true, Update: true, Default: "Not Started"},
			{Name: "Priority", Type: "picklist", Length: 255, Create: true, Update: true, Default: "Normal"},
			flag("IsArchived", false, false), user, deleted,
		}},
		"User": {"005", "AAA", []Field{
			{Name: "Username", Type: "string", Length: 80}, flag("IsActive", false, true),
		}},
		"Organization": {"00D", "EAA", []Field{
			{Name: "Name", Type: "string", Length: 80}, flag("IsSandbox", false, false), {Name: "InstanceName", Type: "picklist", Length: 255},
		}},
		"PermissionSet": {"0PS", "GAA", []Field{
			text("Name", 80, true), text("Label", 80, true), text("Description", 255, false), flag("IsOwnedByProfile", false, false),
		}},
		"PermissionSetAssignment": {"0Pa", "CAA", []Field{
			reference("PermissionSetId", "PermissionSet", false, true), reference("AssigneeId", "User", false, true),
		}},
		"FieldPermissions": {"01k", "AAA", []Field{
			reference("ParentId", "PermissionSet", false, true), text("SobjectType", 40, true), text("Field", 255, true),
			flag("PermissionsRead", true, false), flag("PermissionsEdit", true, false),
		}},
	}
}

// endpoint is a request that the documentation describes.
type endpoint struct {
	method string
	path   string              // after the version; * is one part
	query  []string            // parameters, each of which must be there once
	body   []string            // members; nil: no body
	serve  func(*Server, call) // with the lock held
}

// endpoints are the requests that are served. Any other is a fault of whoever asks.
func endpoints() []endpoint {
	return []endpoint{
		{"GET", "/query/", []string{"q"}, nil, (*Server).query},
		{"GET", "/queryAll/", []string{"q"}, nil, (*Server).query},
		{"GET", "/query/*", nil, nil, (*Server).queryMore},
		{"GET", "/queryAll/*", nil, nil, (*Server).queryMore},
		{"GET", "/sobjects/Account/describe", nil, nil, (*Server).describe},
		{"POST", "/composite/sobjects", nil, []string{"allOrNone", "records"}, (*Server).insert},
		{"PATCH", "/composite/sobjects", nil, []string{"allOrNone", "records"}, (*Server).update},
		{"PATCH", "/composite/sobjects/*/*", nil, []string{"allOrNone", "records"}, (*Server).upsert},
		{"POST", "/tooling/sobjects/CustomField", nil, []string{"FullName", "Metadata"}, (*Server).addField},
	}
}

// metadataMembers are the members of CustomField's metadata, with the kinds of their
// values.
func metadataMembers() map[string]string {
	return map[string]string{
		"label": "string", "type": "string", "description": "string", "inlineHelpText": "string",
		"length": "number", "precision": "number", "scale": "number",
		"required": "boolean", "unique": "boolean", "externalId": "boolean", "caseSensitive": "boolean",
	}
}
