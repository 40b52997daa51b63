package tryton

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
)

// Values go out in the JSON that Tryton has for their types, and come back from it.
func TestValues(t *testing.T) {
	for _, c := range []struct {
		tryton string
		value  crm.Value
		json   string
	}{
		{"numeric", crm.Number(61.25), `{"__class__":"Decimal","decimal":"61.25"}`},
		{"float", crm.Number(-0.5), `-0.5`},
		{"integer", crm.Count(48), `48`},
		{"date", crm.Day("2026-09-30"), `{"__class__":"date","day":30,"month":9,"year":2026}`},
		{"char", crm.Line("good"), `"good"`},
		{"numeric", crm.Value{Type: crm.NumberType}, `null`},
	} {
		b, err := json.Marshal(writeValue(c.tryton, c.value))
		if err != nil || string(b) != c.json {
			t.Errorf("%v for %s is %s, error %v, want %s", c.value, c.tryton, b, err, c.json)
		}
		var in any
		d := json.NewDecoder(strings.NewReader(c.json))
		d.UseNumber()
		if err := d.Decode(&in); err != nil {
			t.Fatal(err)
		}
		got, there := readValue(in)
		if there == c.value.Empty() || crm.Parse(c.value.Type, got.Text) != c.value {
			t.Errorf("%s is read as %v, %v", c.json, got, there)
		}
	}
	for in, want := range map[string]crm.Value{
		`{"__class__":"Decimal","decimal":"6.10E+1"}`: crm.Number(61),
		`61.2500`:                                crm.Number(61.25),
		`true`:                                   {Type: crm.OtherType, Text: "true"},
		`{"__class__":"timedelta","seconds":60}`: {Type: crm.OtherType, Text: "map[__class__:timedelta seconds:60]"},
	} {
		var v any
		d := json.NewDecoder(strings.NewReader(in))
		d.UseNumber()
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		if got, there := readValue(v); !there || got != want {
			t.Errorf("%s is read as %v, %v", in, got, there)
		}
	}
}

// Digits and sizes come as they are, or as a text when they depend on something.
func TestDigits(t *testing.T) {
	for in, want := range map[string]int{
		`[16,2]`: 2, `"[16, 4]"`: 4, `null`: anyDecimals, `[null,null]`: anyDecimals, `"{\"__class__\":\"Eval\"}"`: anyDecimals, `"broken"`: anyDecimals,
	} {
		var v any
		if err := json.Unmarshal([]byte(in), &v); err != nil {
			t.Fatal(err)
		}
		if got := decimals(v); got != want {
			t.Errorf("%s are %d decimals, want %d", in, got, want)
		}
	}
	if n := whole(plain("120")); n != 120 {
		t.Errorf("a size of %d", n)
	}
}
