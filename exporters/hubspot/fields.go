package hubspot

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
)

// group is the property group that firstcall's properties are in.
const group = "firstcall"

const propertiesPath = "/crm/properties/" + version + "/" + companies

// property is a property of companies.
type property struct {
	Name         string `json:"name"`
	Label        string `json:"label"`
	Description  string `json:"description,omitempty"`
	Group        string `json:"groupName"`
	Type         string `json:"type"`
	FieldType    string `json:"fieldType"`
	Unique       bool   `json:"hasUniqueValue"`
	Calculated   bool   `json:"calculated,omitempty"`
	Modification *struct {
		ReadOnlyValue bool `json:"readOnlyValue"`
	} `json:"modificationMetadata,omitempty"`
}

// Fields are the properties of companies.
func (s *system) Fields(ctx context.Context) (map[string]crm.Field, error) {
	var a struct {
		Results []property `json:"results"`
	}
	if err := s.get(ctx, propertiesPath, &a); err != nil {
		return nil, err
	}
	if len(a.Results) == 0 {
		return nil, unlike("it lists no properties of companies")
	}
	out := map[string]crm.Field{}
	for _, p := range a.Results {
		f := crm.Field{Name: p.Name, Label: p.Label, Doc: p.Description, Given: p.Type, Unique: p.Unique,
			ReadOnly: p.Calculated || p.Modification != nil && p.Modification.ReadOnlyValue}
		switch p.Type {
		case "string":
			f.Type, f.Length = crm.LineType, largest
		case "number":
			f.Type, f.Decimals = crm.NumberType, 10 // HubSpot keeps numbers as they are sent
		case "date":
			f.Type = crm.DayType
		default:
			f.Type = crm.OtherType
		}
		out[p.Name] = f
	}
	return out, nil
}

// AddFields makes properties, and the group they are in.
func (s *system) AddFields(ctx context.Context, fields []crm.Field) ([]crm.Result, error) {
	if err := s.ensureGroup(ctx); err != nil {
		return nil, err
	}
	var out []crm.Result
	for some := range slices.Chunk(fields, most) {
		results, err := s.addFields(ctx, some)
		if err != nil {
			return nil, err
		}
		out = append(out, results...)
	}
	return out, nil
}

func (s *system) addFields(ctx context.Context, fields []crm.Field) ([]crm.Result, error) {
	inputs := make([]property, len(fields))
	at := map[string]int{}
	for i, f := range fields {
		p := property{Name: f.Name, Label: f.Label, Description: f.Doc, Group: group, Type: "string", FieldType: "text", Unique: f.Unique}
		switch f.Type {
		case crm.NumberType, crm.CountType:
			p.Type, p.FieldType = "number", "number"
		case crm.DayType:
			p.Type, p.FieldType = "date", "date"
		}
		inputs[i], at[f.Name] = p, i
	}
	a, err := s.client.Do(ctx, web.Request{Method: http.MethodPost, Path: propertiesPath + "/batch/create", Body: struct {
		Inputs []property `json:"inputs"`
	}{inputs}})
	if err != nil {
		return nil, err
	}
	var b struct {
		Results []property `json:"results"`
		Errors  []failure  `json:"errors"`
	}
	if err := a.Into(&b); err != nil {
		return nil, &web.Unsure{Text: "HubSpot's answer can't be read"}
	}
	t := newTally(len(inputs))
	for _, p := range b.Results {
		if i, ok := at[p.Name]; ok {
			t.done(i, p.Name)
		}
	}
	for _, f := range b.Errors {
		t.failed(f, named(f, fields))
	}
	return t.finish()
}

// named are the indexes of the fields that a failure speaks of: it has no place for
// that but its words and its context.
func named(f failure, fields []crm.Field) []int {
	var at []int
	for i, field := range fields {
		said := strings.Contains(f.Message, `"`+field.Name+`"`) || strings.Contains(f.Message, "'"+field.Name+"'")
		for name := range f.Context {
			said = said || slices.Contains(f.list(name), field.Name)
		}
		if said {
			at = append(at, i)
		}
	}
	return at
}

// ensureGroup makes the group when it is not there.
func (s *system) ensureGroup(ctx context.Context) error {
	type propertyGroup struct {
		Name  string `json:"name"`
		Label string `json:"label"`
	}
	var a struct {
		Results []propertyGroup `json:"results"`
	}
	if err := s.get(ctx, propertiesPath+"/groups", &a); err != nil {
		return err
	}
	if slices.ContainsFunc(a.Results, func(g propertyGroup) bool { return g.Name == group }) {
		return nil
	}
	_, err := s.client.Do(ctx, web.Request{Method: http.MethodPost, Path: propertiesPath + "/groups", Body: propertyGroup{group, "Firstcall"}})
	return err
}
