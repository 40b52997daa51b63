package espocrm

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
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// Companies finds the accounts that carry one of the keys.
func (s *system) Companies(ctx context.Context, key string, keys, names []string) ([]crm.Company, error) {
	fields, err := s.known(ctx)
	if err != nil {
		return nil, err
	}
	if _, there := fields[key]; !there { // EspoCRM would refuse the condition
		return nil, noKey(key, "accounts have no field "+key)
	}
	var found []crm.Company
	for _, some := range portions(keys) {
		query := oneOf(0, key, some) + "&select=" + url.QueryEscape(strings.Join(slices.Concat([]string{"id", "name", key}, names), ","))
		err := s.list(ctx, "/Account", query, func(i item) {
			c := crm.Company{ID: i.text("id"), Key: i.text(key), Name: i.text("name"), Values: map[string]crm.Value{}}
			for _, name := range names {
				if text := i.text(name); text != "" {
					c.Values[name] = crm.Parse(fields[name].Type, text)
				}
			}
			found = append(found, c)
		})
		if err != nil {
			return nil, reading(err, "accounts by the field "+key)
		}
	}
	return found, nil
}

// noKey ends the export: without the key, what is made is never found again.
func noKey(key, why string) error {
	return &sdk.Diagnostic{Code: Name + ".key", Summary: why, Hint: "the field " + key + " holds the client's id, by which an account is found again: make it, and let the API user read and edit it"}
}

// CreateCompanies makes accounts.
func (s *system) CreateCompanies(ctx context.Context, key string, companies []crm.Company) ([]crm.Result, error) {
	fields, err := s.known(ctx)
	if err != nil {
		return nil, err
	}
	if f, there := fields[key]; !there || f.ReadOnly {
		return nil, noKey(key, "the API user can't write the field "+key+" of accounts")
	}
	return each(ctx, len(companies), func(ctx context.Context, i int) (string, error) {
		c := companies[i]
		body := s.attributes(fields, c)
		body[key] = c.Key
		made, err := s.write(ctx, web.Request{Method: http.MethodPost, Path: "/Account", Body: body})
		if err != nil {
			return "", alike(err, key, c)
		}
		id := made.text("id")
		if made.text(key) != c.Key {
			return id, noKey(key, fmt.Sprintf("EspoCRM made the account %s and did not keep its key in the field %s", id, key))
		}
		return id, stuck(made, c)
	})
}

// alike explains that EspoCRM has an account of the same name. It is likely the client's,
// and has not got the key yet.
func alike(err error, key string, c crm.Company) error {
	var refused *web.Refused
	if errors.As(err, &refused) && refused.Code == "duplicate" {
		refused.Hint = fmt.Sprintf("if it is the client's, put %s into its field %s; if not, make an account for the client by hand and put it there", c.Key, key)
	}
	return err
}

// UpdateCompanies changes accounts. EspoCRM is not asked for accounts that look the same:
// it is known which one is meant.
func (s *system) UpdateCompanies(ctx context.Context, companies []crm.Company) ([]crm.Result, error) {
	fields, err := s.known(ctx)
	if err != nil {
		return nil, err
	}
	return each(ctx, len(companies), func(ctx context.Context, i int) (string, error) {
		c := companies[i]
		changed, err := s.write(ctx, web.Request{
			Method: http.MethodPut, Path: "/Account/" + url.PathEscape(c.ID), Body: s.attributes(fields, c), Safe: true,
			Header: http.Header{"X-Skip-Duplicate-Check": {"true"}},
		})
		if err != nil {
			return c.ID, err
		}
		return c.ID, stuck(changed, c)
	})
}

// attributes is what is sent of an account. An empty value empties a field.
func (s *system) attributes(fields map[string]crm.Field, c crm.Company) map[string]any {
	body := map[string]any{}
	if c.Name != "" {
		body["name"] = c.Name
	}
	for name, v := range c.Values {
		switch {
		case v.Empty():
			body[name] = nil
		case v.Type == crm.NumberType || v.Type == crm.CountType:
			body[name] = json.Number(v.Text)
			if fields[name].Given == "decimal" { // which EspoCRM writes as text
				body[name] = v.Text
			}
		default:
			body[name] = v.Text
		}
	}
	return body
}

// write sends something, and gives the record as EspoCRM then has it. An answer that
// can't be read says nothing of what became of it.
func (s *system) write(ctx context.Context, r web.Request) (item, error) {
	answer, err := s.api.Do(ctx, r)
	if err != nil {
		return nil, err
	}
	var after item
	if decode(answer.Body, &after) != nil || after.text("id") == "" {
		return nil, &web.Unsure{Text: "the answer to something written can't be read"}
	}
	return after, nil
}

// stuck compares an account with what was sent. EspoCRM answers that all is well, too,
// where it leaves out a field that the user may not write or that is read-only, and where
// a formula of the site's changes it.
func stuck(after item, c crm.Company) error {
	var lost []string
	if c.Name != "" && after.text("name") != strings.TrimSpace(c.Name) {
		lost = append(lost, "name")
	}
	for name, v := range c.Values {
		is := crm.Parse(v.Type, after.text(name))
		if v.Type == crm.LineType {
			v.Text = strings.TrimSpace(v.Text)
		}
		if is != v {
			lost = append(lost, name)
		}
	}
	if len(lost) == 0 {
		return nil
	}
	slices.Sort(lost)
	return &web.Refused{Code: "lost", Text: fmt.Sprintf("the account %s was written, but EspoCRM did not keep %s", after.text("id"), strings.Join(lost, ", ")),
		Hint: "let the role of the API user read and edit it, and see that no formula or read-only setting of the field changes it"}
}
