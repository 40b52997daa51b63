package tryton

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
)

// mergers is how many times a party may have been merged into another.
const mergers = 10

// anyLetter makes a pattern of a key that stands for it and little else, whatever the
// database escapes with. A % would find every party, and PostgreSQL fails at a pattern that
// ends with a backslash.
var anyLetter = strings.NewReplacer("%", "_", `\`, "_")

// Companies finds parties, those that are not active among them: their codes are taken.
func (s *system) Companies(ctx context.Context, key string, keys, fields []string) ([]crm.Company, error) {
	found, err := s.searchParties(ctx, all(in(key, keys)), key, fields)
	if err != nil {
		return nil, err
	}
	there := map[string]bool{}
	for _, row := range found {
		code, _ := row[key].(string)
		there[code] = true
	}
	// A code in other case is another one for Tryton. It is much more likely a slip of
	// somebody's than another client.
	var other []any
	wanted := map[string]bool{}
	for _, k := range keys {
		if !there[k] && !wanted[strings.ToLower(k)] {
			wanted[strings.ToLower(k)] = true
			other = append(other, []any{key, "ilike", anyLetter.Replace(k)})
		}
	}
	if len(other) > 0 {
		alike, err := s.searchParties(ctx, oneOf(other...), key, fields)
		if err != nil {
			return nil, err
		}
		for _, row := range alike {
			// The pattern's _ stands for any letter.
			if code, _ := row[key].(string); wanted[strings.ToLower(code)] && !there[code] {
				found = append(found, row)
			}
		}
	}
	out := make([]crm.Company, len(found))
	for i, row := range found {
		if out[i], err = s.companyOf(ctx, row, key, fields); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *system) searchParties(ctx context.Context, domain []any, key string, fields []string) ([]map[string]any, error) {
	var rows []map[string]any
	err := s.server.read(ctx, &rows, "model.party.party.search_read",
		domain, 0, nil, byID, partyFields(key, fields), map[string]any{"active_test": false})
	return rows, err
}

func partyFields(key string, fields []string) []string {
	return unique(append([]string{"name", "replaced_by", key}, fields...))
}

// companyOf is the company of a party. For one that was merged into another it is the
// other: nobody looks at the first any more.
func (s *system) companyOf(ctx context.Context, row map[string]any, key string, fields []string) (crm.Company, error) {
	c := crm.Company{Values: map[string]crm.Value{}}
	c.Key, _ = row[key].(string)
	for n := 0; whole(row["replaced_by"]) != 0 && n < mergers; n++ {
		var rows []map[string]any
		if err := s.server.read(ctx, &rows, "model.party.party.read",
			[]int64{whole(row["replaced_by"])}, partyFields(key, fields), none()); err != nil {
			return c, err
		}
		if len(rows) != 1 {
			return c, &web.Busy{Text: "a party was merged into one that can't be read"}
		}
		row = rows[0]
	}
	c.ID = strconv.FormatInt(whole(row["id"]), 10)
	c.Name, _ = row["name"].(string)
	for _, f := range fields {
		if v, ok := readValue(row[f]); ok {
			c.Values[f] = v
		}
	}
	return c, nil
}

// CreateCompanies makes parties, all or none.
func (s *system) CreateCompanies(ctx context.Context, key string, companies []crm.Company) ([]crm.Result, error) {
	rows := make([]map[string]any, len(companies))
	for i, c := range companies {
		row, err := s.row(ctx, c)
		if err != nil {
			return nil, err
		}
		row[key] = c.Key
		rows[i] = row
	}
	return s.create(ctx, partyModel, rows, none())
}

// UpdateCompanies changes parties, all or none.
func (s *system) UpdateCompanies(ctx context.Context, companies []crm.Company) ([]crm.Result, error) {
	ids := make([]string, len(companies))
	rows := make([]map[string]any, len(companies))
	for i, c := range companies {
		row, err := s.row(ctx, c)
		if err != nil {
			return nil, err
		}
		ids[i], rows[i] = c.ID, row
	}
	return s.update(ctx, partyModel, ids, rows, none())
}

// row is what is written of a company.
func (s *system) row(ctx context.Context, c crm.Company) (map[string]any, error) {
	row := map[string]any{}
	if c.Name != "" {
		row["name"] = c.Name
	}
	if len(c.Values) > 0 && s.types == nil {
		if _, err := s.Fields(ctx); err != nil {
			return nil, err
		}
	}
	for name, v := range c.Values {
		row[name] = writeValue(s.types[name], v)
	}
	return row, nil
}

// create makes objects of a model, all or none.
func (s *system) create(ctx context.Context, model string, rows []map[string]any, context map[string]any) ([]crm.Result, error) {
	var ids []int64
	if err := s.server.write(ctx, &ids, "model."+model+".create", rows, context); err != nil {
		return nil, err
	}
	if len(ids) != len(rows) {
		return nil, &web.Unsure{Text: fmt.Sprintf("Tryton made %d objects of %d", len(ids), len(rows))}
	}
	out := make([]crm.Result, len(ids))
	for i, id := range ids {
		out[i].ID = strconv.FormatInt(id, 10)
	}
	return out, nil
}

// update changes objects of a model, all or none.
func (s *system) update(ctx context.Context, model string, ids []string, rows []map[string]any, context map[string]any) ([]crm.Result, error) {
	var params []any
	out := make([]crm.Result, len(ids))
	for i, text := range ids {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%q is no id of %s", text, model)
		}
		params = append(params, []int64{id}, rows[i])
		out[i].ID = text
	}
	if err := s.server.write(ctx, nil, "model."+model+".write", append(params, context)...); err != nil {
		return nil, err
	}
	return out, nil
}
