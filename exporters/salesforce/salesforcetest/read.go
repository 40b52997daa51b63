package salesforcetest

import (
	"errors"
	"fmt"
	"strings"
)

// rest is what is left of an answer to a query.
type rest struct{ records []any }

// query serves a query.
func (s *Server) query(c call) {
	soql := c.url.Query().Get("q")
	if len(soql) > 100000 {
		s.misuse(c, "QUERY_TOO_COMPLICATED", "SOQL statements cannot be longer than 100,000 characters")
		return
	}
	sel, err := parse(soql, s.tables)
	if err != nil {
		e := &soqlError{code: "MALFORMED_QUERY", text: err.Error()}
		if errors.As(err, &e); e.hidden {
			refuse(c.w, e.code, e.text)
		} else {
			s.misuse(c, e.code, e.text)
		}
		return
	}
	all := strings.HasSuffix(c.url.Path, "/queryAll/")
	records := []any{}
	for _, id := range sel.candidates() {
		row := sel.table.rows[id]
		if !all && (row["IsDeleted"] == true || row["IsArchived"] == true) {
			continue
		}
		if sel.where != nil && !sel.where.holds(row) {
			continue
		}
		records = append(records, sel.record(row))
	}
	s.page(c, records)
}

// record is a record as an answer has it: with null for what is empty.
func (sel *selection) record(row map[string]any) map[string]any {
	out := map[string]any{"attributes": map[string]any{
		"type": sel.table.name, "url": fmt.Sprintf("/services/data/v%s/sobjects/%s/%s", Version, sel.table.name, row["Id"]),
	}}
	for _, name := range sel.names {
		out[name] = row[name]
		if row[name] != nil && sel.table.field(name).Type == "double" {
			out[name] = double(row[name])
		}
	}
	return out
}

// page answers with as many records as go into an answer, and keeps the rest.
func (s *Server) page(c call, records []any) {
	size := s.opt.Page
	if size == 0 {
		size = 2000
	}
	answer := map[string]any{"totalSize": len(records), "done": true, "records": records}
	if len(records) > size {
		cursor := fmt.Sprintf("01g%012dAAA-%d", len(s.cursors)+1, size)
		s.cursors[cursor] = rest{records[size:]}
		answer["done"], answer["records"] = false, records[:size]
		answer["nextRecordsUrl"] = "/services/data/v" + Version + "/query/" + cursor
	}
	reply(c.w, 200, answer)
}

// queryMore serves what is left of an answer to a query.
func (s *Server) queryMore(c call) {
	left, ok := s.cursors[c.parts[0]]
	if !ok {
		refuse(c.w, "INVALID_QUERY_LOCATOR", "invalid query locator")
		return
	}
	s.page(c, left.records)
}

// describe serves the description of accounts.
func (s *Server) describe(c call) {
	var fields []any
	for _, f := range s.tables["Account"].object.fields {
		if f.Hidden {
			continue
		}
		fields = append(fields, map[string]any{
			"name": f.Name, "label": f.Label, "type": f.Type, "length": f.Length, "precision": f.Digits, "scale": f.Scale,
			"createable": f.Create, "updateable": f.Update, "unique": f.Unique, "externalId": f.ExternalID,
			"caseSensitive": f.CaseSensitive, "filterable": !f.Unfiltered, "nillable": !f.Required, "custom": f.Custom,
		})
	}
	reply(c.w, 200, map[string]any{"name": "Account", "label": "Account", "createable": true, "updateable": true, "fields": fields})
}
