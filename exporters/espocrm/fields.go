package espocrm

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// Lengths and decimals that EspoCRM does not tell of.
const (
	lineLength    = 255 // characters of a varchar where no other length is set
	floatDecimals = 10  // a float is a double: more than we need
	scale         = 4   // decimals of a decimal where no other number is set
)

// definition is what EspoCRM says of an entity type.
type definition struct {
	Fields  map[string]fieldDefinition `json:"fields"`
	Indexes map[string]struct {
		Unique  bool     `json:"unique"`
		Columns []string `json:"columns"`
	} `json:"indexes"`
}

type fieldDefinition struct {
	Type        string `json:"type"`
	MaxLength   *int   `json:"maxLength"`
	Scale       *int   `json:"scale"`
	ReadOnly    bool   `json:"readOnly"`
	AfterCreate bool   `json:"readOnlyAfterCreate"`
	NotStored   bool   `json:"notStorable"`
	Disabled    bool   `json:"disabled"`
}

// known gives the fields of accounts, which are read once.
func (s *system) known(ctx context.Context) (map[string]crm.Field, error) {
	if s.fields != nil {
		return s.fields, nil
	}
	return s.Fields(ctx)
}

// Fields reads the fields of accounts.
func (s *system) Fields(ctx context.Context) (map[string]crm.Field, error) {
	var raw json.RawMessage
	if err := s.get(ctx, "/Metadata?key=entityDefs.Account", &raw); err != nil {
		return nil, reading(err, "the fields of accounts")
	}
	def, err := accountOf(raw)
	if err != nil {
		return nil, err
	}
	fields := map[string]crm.Field{}
	for name, d := range def.Fields {
		if d.Disabled {
			continue
		}
		f := fieldOf(name, d)
		f.ReadOnly = f.ReadOnly || s.rights.denied("Account", name, "edit") || s.rights.denied("Account", name, "read")
		fields[name] = f
	}
	for _, index := range def.Indexes {
		columns := slices.DeleteFunc(slices.Clone(index.Columns), func(c string) bool { return c == "deleteId" })
		if f, there := fields[strings.Join(columns, ",")]; there && index.Unique {
			f.Unique = true
			fields[f.Name] = f
		}
	}
	s.fields = fields
	return fields, nil
}

// accountOf finds what is said of accounts. EspoCRM before 8.2 gives all of its metadata,
// whatever part is asked for.
func accountOf(raw json.RawMessage) (definition, error) {
	var all struct {
		EntityDefs map[string]definition `json:"entityDefs"`
		definition
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		return definition{}, &sdk.Diagnostic{Code: Name + ".answer", Summary: "what EspoCRM says of the fields of accounts can't be read"}
	}
	def := all.definition
	if old, whole := all.EntityDefs["Account"]; whole {
		def = old
	}
	if len(def.Fields) == 0 {
		return definition{}, &sdk.Diagnostic{Code: Name + ".permission", Summary: "EspoCRM shows no fields of accounts to the API user", Hint: "give its role access to Account: Administration, Roles"}
	}
	return def, nil
}

func fieldOf(name string, d fieldDefinition) crm.Field {
	f := crm.Field{Name: name, Label: name, Type: crm.OtherType, Given: d.Type, ReadOnly: d.ReadOnly || d.AfterCreate || d.NotStored}
	switch d.Type {
	case "varchar":
		f.Type, f.Length = crm.LineType, lineLength
	case "text":
		f.Type = crm.LineType
	case "float":
		f.Type, f.Decimals = crm.NumberType, floatDecimals
	case "decimal":
		f.Type, f.Decimals = crm.NumberType, scale
		if d.Scale != nil {
			f.Decimals = *d.Scale
		}
	case "int":
		f.Type = crm.CountType
	case "date":
		f.Type = crm.DayType
	}
	if d.MaxLength != nil && *d.MaxLength > 0 && f.Type == crm.LineType {
		f.Length = *d.MaxLength
	}
	return f
}

// typeOf is EspoCRM's word for a type.
func typeOf(t crm.Type) string {
	return map[crm.Type]string{crm.NumberType: "float", crm.CountType: "int", crm.DayType: "date"}[t]
}

// parameters are what a field is made with.
func parameters(f crm.Field) map[string]any {
	p := map[string]any{"type": typeOf(f.Type)}
	if f.Type == crm.LineType {
		p["type"], p["maxLength"] = "varchar", lineLength
		if f.Length > 0 {
			p["maxLength"] = f.Length
		}
	}
	return p
}

// prefix is what EspoCRM puts before the names of fields that are made; the next letter
// is a capital.
const prefix = "c"

// bare is a name as EspoCRM wants it, without the prefix that it puts there.
func bare(name string) (string, bool) {
	rest, prefixed := strings.CutPrefix(name, prefix)
	first, size := utf8.DecodeRuneInString(rest)
	if !prefixed || !unicode.IsUpper(first) {
		return "", false
	}
	return string(unicode.ToLower(first)) + rest[size:], true
}

// AddFields makes fields of accounts, as the administrator, one after the other: EspoCRM
// keeps them in files that it writes anew each time.
func (s *system) AddFields(ctx context.Context, fields []crm.Field) ([]crm.Result, error) {
	if s.admin == nil {
		return nil, &sdk.Diagnostic{Code: Name + ".admin", Field: "admin_user", Summary: "only an administrator can make fields in EspoCRM, and an API user can't be one",
			Hint: "set admin_user and admin_password for this command; or install the extension that --provision plan --out firstcall-fields.zip writes; or make the fields by hand"}
	}
	results := make([]crm.Result, len(fields))
	for i, f := range fields {
		results[i] = crm.Result{ID: f.Name, Err: s.addField(ctx, f)}
		var refused *web.Refused
		if err := results[i].Err; err != nil && !errors.As(err, &refused) && !errors.As(err, new(*web.Unsure)) {
			return nil, err
		}
	}
	have, err := s.Fields(ctx) // what there is now counts for more than the answers
	if err != nil {
		return nil, err
	}
	for i, f := range fields {
		made, there := have[f.Name]
		switch {
		case there && made.Type == f.Type:
			results[i].Err = nil
		case results[i].Err == nil:
			results[i].Err = &web.Refused{Code: "field", Text: "EspoCRM made the field, but not as " + f.Name + " with the type " + f.Type.String(),
				Hint: "look at Administration, Entity Manager, Account, Fields, and name the field in the setting fields"}
		case errors.As(results[i].Err, new(*web.Unsure)):
			results[i].Err = &web.Busy{Text: results[i].Err.Error()}
		}
	}
	return results, nil
}

func (s *system) addField(ctx context.Context, f crm.Field) error {
	name, ok := bare(f.Name)
	if !ok {
		return &web.Refused{Code: "field", Text: "EspoCRM puts a c before the name of a field that is made, and " + f.Name + " has none",
			Hint: "make the field by hand, or give it a name like cCultureIndex in the setting fields"}
	}
	body := parameters(f)
	body["name"], body["label"] = name, f.Label
	if f.Doc != "" {
		body["tooltip"], body["tooltipText"] = true, f.Doc
	}
	_, err := s.admin.Do(ctx, web.Request{Method: http.MethodPost, Path: "/Admin/fieldManager/Account", Body: body})
	var refused *web.Refused
	if errors.As(err, &refused) && refused.Status == http.StatusForbidden {
		return &sdk.Diagnostic{Code: Name + ".admin", Field: "admin_user", Summary: because("EspoCRM does not let this user make fields", refused.Code), Hint: "name a user of the type admin"}
	}
	return err
}
