package hubspottest

import (
	"fmt"
	"net/http"
	"strconv"
)

// read gives objects by their id, or by a property that is unique.
func (s *Server) read(t *table, body map[string]any, inputs []any) (int, any) {
	by, _ := body["idProperty"].(string)
	if p := s.properties[by]; by != "" && (t != s.companies || p == nil || !p.Unique) {
		return whole(fail("VALIDATION_ERROR", fmt.Sprintf("Unable to perform read by non-unique property %s", by), nil))
	}
	var b batch
	seen := map[string]bool{}
	var missing []string
	for _, in := range inputs {
		id := text(in, "id")
		if by != "" {
			id = t.unique[by][id]
		}
		o := t.byID[id]
		switch {
		case o == nil:
			missing = append(missing, text(in, "id"))
		case !seen[id]:
			seen[id] = true
			b.results = append(b.results, s.shown(t, o, body["properties"].([]any)))
		}
	}
	if len(missing) > 0 {
		b.fail("", fail("OBJECT_NOT_FOUND", "Could not get some objects, they may be deleted or not exist. Check that ids are valid.", map[string][]string{"ids": missing}))
	}
	return b.answer(http.StatusOK)
}

// shown is an object with the properties that were asked for: null when it has none, and
// nothing when there is no such property.
func (s *Server) shown(t *table, o *Object, names []any) any {
	p := map[string]any{"hs_object_id": o.ID}
	for _, n := range names {
		name := n.(string)
		if value, ok := o.Properties[name]; ok {
			p[name] = value
		} else if s.known(t, name) {
			p[name] = nil
		}
	}
	return map[string]any{"id": o.ID, "properties": p, "archived": false, "createdAt": o.Properties["hs_createdate"], "updatedAt": o.Properties["hs_lastmodifieddate"]}
}

// associations gives the notes or tasks of companies, a page of each.
func (s *Server) associations(t *table, inputs []any) (int, any) {
	var b batch
	for _, in := range inputs {
		company := text(in, "id")
		all := t.at[company]
		from := 0
		if after := text(in, "after"); after != "" {
			n, err := strconv.Atoi(after)
			if err != nil || n < 1 || n >= len(all) {
				return whole(fail("VALIDATION_ERROR", "the paging cursor is not valid", nil))
			}
			from = n
		}
		if len(all) == 0 {
			f := fail("OBJECT_NOT_FOUND", fmt.Sprintf("No %s is associated with company %s.", t.object, company),
				map[string][]string{"fromObjectId": {company}, "fromObjectType": {"company"}, "toObjectType": {t.object}})
			b.fail("", f)
			b.errors[len(b.errors)-1].(failure)["subCategory"] = "crm.associations.NO_ASSOCIATIONS_FOUND"
			continue
		}
		to := min(len(all), from+s.options.PageSize)
		var links []any
		for _, id := range all[from:to] {
			links = append(links, map[string]any{"toObjectId": id, "associationTypes": []any{map[string]any{"category": "HUBSPOT_DEFINED", "typeId": t.association - 1, "label": nil}}})
		}
		result := map[string]any{"from": map[string]any{"id": company}, "to": links}
		if to < len(all) {
			result["paging"] = map[string]any{"next": map[string]any{"after": strconv.Itoa(to), "link": "https://api.hubapi.com/"}}
		}
		b.results = append(b.results, result)
	}
	return b.answer(http.StatusOK)
}
