package tryton

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
)

// anyDecimals are the decimals of a number that Tryton does not limit.
const anyDecimals = 15

// Fields gives the fields of parties.
func (s *system) Fields(ctx context.Context) (map[string]crm.Field, error) {
	var got map[string]struct {
		Type     string `json:"type"`
		Label    string `json:"string"`
		Help     any    `json:"help"`
		ReadOnly bool   `json:"readonly"`
		Size     any    `json:"size"`
		Digits   any    `json:"digits"`
	}
	if err := s.server.read(ctx, &got, "model.party.party.fields_get", nil, none()); err != nil {
		return nil, err
	}
	out := map[string]crm.Field{}
	s.types = map[string]string{}
	for name, f := range got {
		s.types[name] = f.Type
		field := crm.Field{Name: name, Label: f.Label, Type: typeOf(f.Type), Given: f.Type, ReadOnly: f.ReadOnly, Unique: name == keyField}
		field.Doc, _ = f.Help.(string)
		switch field.Type {
		case crm.NumberType:
			field.Decimals = decimals(f.Digits)
		case crm.LineType:
			field.Length = int(whole(plain(f.Size)))
		}
		out[name] = field
	}
	return out, nil
}

func typeOf(tryton string) crm.Type {
	switch tryton {
	case "char", "text":
		return crm.LineType
	case "float", "numeric":
		return crm.NumberType
	case "integer":
		return crm.CountType
	case "date":
		return crm.DayType
	}
	return crm.OtherType
}

// plain is a value that stands in JSON within a text, as Tryton gives what can depend on
// other fields.
func plain(v any) any {
	text, ok := v.(string)
	if !ok {
		return v
	}
	var out any
	if json.Unmarshal([]byte(text), &out) != nil {
		return nil
	}
	if n, ok := out.(float64); ok {
		return json.Number(fmt.Sprint(n))
	}
	return out
}

// decimals are those of digits such as [16, 2].
func decimals(digits any) int {
	pair, _ := plain(digits).([]any)
	if len(pair) != 2 {
		return anyDecimals
	}
	switch n := pair[1].(type) {
	case float64:
		return int(n)
	case json.Number:
		return int(whole(n))
	}
	return anyDecimals
}

// AddFields refuses: a module has to bring fields.
func (s *system) AddFields(_ context.Context, fields []crm.Field) ([]crm.Result, error) {
	out := make([]crm.Result, len(fields))
	for i, f := range fields {
		out[i].Err = &web.Refused{Code: "module", Text: fmt.Sprintf("the field %s can't be made: Tryton takes fields from modules only", f.Name),
			Hint: "write a module with firstcall export --to tryton --provision plan --out FOLDER and install it on the server, or leave the figures to notes: figures = note"}
	}
	return out, nil
}

// readValue reads a value of an answer, and whether there is one.
func readValue(v any) (crm.Value, bool) {
	switch v := v.(type) {
	case string:
		return crm.Line(v), v != ""
	case json.Number:
		return crm.Parse(crm.NumberType, v.String()), true
	case map[string]any:
		switch v["__class__"] {
		case "Decimal":
			text, _ := v["decimal"].(string)
			return crm.Parse(crm.NumberType, text), true
		case "date", "datetime":
			return crm.Day(fmt.Sprintf("%04d-%02d-%02d", whole(v["year"]), whole(v["month"]), whole(v["day"]))), true
		}
	case nil:
		return crm.Value{}, false
	}
	return crm.Value{Type: crm.OtherType, Text: fmt.Sprint(v)}, true
}

// writeValue is a value in the form that a type of Tryton's wants.
func writeValue(tryton string, v crm.Value) any {
	if v.Empty() {
		return nil
	}
	switch tryton {
	case "numeric":
		return map[string]any{"__class__": "Decimal", "decimal": v.Text}
	case "float", "integer":
		return json.Number(v.Text)
	case "date":
		if day, err := time.Parse(time.DateOnly, v.Text); err == nil {
			return map[string]any{"__class__": "date", "year": day.Year(), "month": int(day.Month()), "day": day.Day()}
		}
	}
	return v.Text
}
