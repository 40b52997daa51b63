package salesforce

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
)

// row is a record as Salesforce takes it.
type row map[string]any

func rowOf(object string) row { return row{"attributes": map[string]string{"type": object}} }

// collection is a call with up to 200 records, each of which succeeds or fails alone.
type collection struct {
	AllOrNone bool  `json:"allOrNone"`
	Records   []row `json:"records"`
}

// Companies implements crm.System.
func (s *system) Companies(ctx context.Context, key string, keys, fields []string) ([]crm.Company, error) {
	names, err := columns(append([]string{"Id", "Name", key}, fields...)...)
	if err != nil {
		return nil, err
	}
	var found []map[string]json.RawMessage
	head := "SELECT " + strings.Join(names, ",") + " FROM Account WHERE " + key + " IN "
	if err := queryIn(ctx, s, false, head, keys, "", &found); err != nil {
		return nil, err
	}
	var out []crm.Company
	for _, record := range found {
		c := crm.Company{ID: text(record["Id"]), Key: text(record[key]), Name: text(record["Name"]), Values: map[string]crm.Value{}}
		for _, name := range fields {
			if t := text(record[name]); t != "" {
				c.Values[name] = valueOf(record[name], t)
			}
		}
		// Two questions can find the same account when keys differ in case only.
		if !slices.ContainsFunc(out, func(o crm.Company) bool { return o.ID == c.ID }) {
			out = append(out, c)
		}
	}
	return out, nil
}

func valueOf(raw json.RawMessage, t string) crm.Value {
	if raw[0] == '"' {
		return crm.Line(t)
	}
	return crm.Parse(crm.NumberType, t)
}

// CreateCompanies implements crm.System. It is an upsert by the key, so that a call that
// comes twice makes one account.
func (s *system) CreateCompanies(ctx context.Context, key string, companies []crm.Company) ([]crm.Result, error) {
	if err := s.keyFault[key]; err != nil {
		return nil, err
	}
	rows := make([]row, len(companies))
	for i, c := range companies {
		rows[i] = rowOf("Account")
		rows[i][key], rows[i]["Name"] = c.Key, c.Name
		for name, v := range c.Values {
			if !v.Empty() {
				rows[i][name] = written(v)
			}
		}
	}
	return s.save(ctx, http.MethodPatch, "/composite/sobjects/Account/"+url.PathEscape(key), rows)
}

// UpdateCompanies implements crm.System.
func (s *system) UpdateCompanies(ctx context.Context, companies []crm.Company) ([]crm.Result, error) {
	rows := make([]row, len(companies))
	for i, c := range companies {
		rows[i] = rowOf("Account")
		rows[i]["id"] = c.ID
		if c.Name != "" {
			rows[i]["Name"] = c.Name
		}
		for name, v := range c.Values {
			rows[i][name] = written(v)
		}
	}
	return s.save(ctx, http.MethodPatch, "/composite/sobjects", rows)
}

// written is a value as Salesforce takes it.
func written(v crm.Value) any {
	switch {
	case v.Empty():
		return nil
	case v.Type == crm.NumberType || v.Type == crm.CountType:
		return json.Number(v.Text)
	}
	return v.Text
}

// saved is what became of a record.
type saved struct {
	ID      string  `json:"id"`
	Success bool    `json:"success"`
	Errors  []fault `json:"errors"`
}

func (s saved) fault() error {
	switch {
	case s.Success:
		return nil
	case len(s.Errors) == 0:
		return rowFault(fault{})
	}
	return rowFault(s.Errors[0])
}

// save writes records, and gives a result for each.
func (s *system) save(ctx context.Context, method, path string, rows []row) ([]crm.Result, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	a, err := s.do(ctx, method, path, collection{Records: rows})
	if err != nil {
		return nil, err
	}
	var answers []saved
	if a.Into(&answers) != nil || len(answers) != len(rows) {
		return nil, &web.Unsure{Text: fmt.Sprintf("Salesforce's answer about %d records can't be read", len(rows))}
	}
	results := make([]crm.Result, len(rows))
	exhausted := 0 // records that failed since code of the org took too much for all of them
	for i, one := range answers {
		if one.Success && one.ID == "" {
			return nil, &web.Unsure{Text: "Salesforce does not say which record it wrote"}
		}
		results[i] = crm.Result{ID: one.ID, Err: one.fault()}
		if !one.Success && len(one.Errors) > 0 && strings.Contains(one.Errors[0].Message, "System.LimitException") {
			exhausted++
		}
	}
	if exhausted == len(rows) && len(rows) > 1 {
		var refused *web.Refused
		if errors.As(results[0].Err, &refused) {
			return nil, refused // fewer records can be within the limits
		}
	}
	return results, nil
}
