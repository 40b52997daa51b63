package hubspot

import (
	"context"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
)

// companies is what HubSpot calls the objects, and nameProperty where their name stands.
const (
	companies    = "companies"
	nameProperty = "name"
)

// Companies reads companies by a property that HubSpot keeps unique, so that there is
// one of each key at most. It is not a search: that has an index which follows later.
func (s *system) Companies(ctx context.Context, key string, keys, fields []string) ([]crm.Company, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	l := lookup{IDProperty: key, Properties: append([]string{key, nameProperty}, fields...)}
	for _, k := range keys {
		l.Inputs = append(l.Inputs, reference{k})
	}
	found, err := s.lookUp(ctx, companies, l)
	if err != nil {
		return nil, err
	}
	var out []crm.Company
	for _, o := range found {
		c := crm.Company{ID: string(o.ID), Key: o.Properties[key], Name: o.Properties[nameProperty], Values: map[string]crm.Value{}}
		for _, f := range fields {
			if text := o.Properties[f]; text != "" {
				c.Values[f] = crm.Value{Text: text}
			}
		}
		out = append(out, c)
	}
	return out, nil
}

// CreateCompanies makes companies by their key: one that appeared meanwhile is changed
// instead, and none is made twice.
func (s *system) CreateCompanies(ctx context.Context, key string, made []crm.Company) ([]crm.Result, error) {
	inputs := make([]input, len(made))
	for i, c := range made {
		p := properties(c)
		p[key] = c.Key
		inputs[i] = input{ID: c.Key, IDProperty: key, Properties: p}
	}
	return s.write(ctx, objectsPath(companies)+"/batch/upsert", key, inputs)
}

// UpdateCompanies changes companies by their id.
func (s *system) UpdateCompanies(ctx context.Context, changed []crm.Company) ([]crm.Result, error) {
	inputs := make([]input, len(changed))
	for i, c := range changed {
		inputs[i] = input{ID: c.ID, Properties: properties(c)}
	}
	return s.write(ctx, objectsPath(companies)+"/batch/update", "", inputs)
}

// properties are the values as HubSpot takes them: all are strings, and an empty one
// empties the property.
func properties(c crm.Company) map[string]string {
	out := map[string]string{}
	for name, v := range c.Values {
		out[name] = v.Text
	}
	if c.Name != "" {
		out[nameProperty] = c.Name
	}
	return out
}
