package record

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestOrganization(t *testing.T) {
	envelope := Record{Client: Client{ID: "a c"}, Sources: []string{"client.toml"}, Tool: Tool{Name: "firstcall", Version: "1"}}
	o := Organization{
		Values: []Value{{Name: "speed"}}, Standards: []Standard{{Text: "T", Value: "speed", Department: "x"}},
		Departments: []OrgDepartment{{ID: "x", Name: "X"}, {ID: "y", Name: "Y"}}, HandOffs: []HandOff{{From: "x", To: "y", What: "w"}},
		Policies: []Policy{{Title: "P", Reviewed: "2026-01-31"}},
	}
	rec, err := NewOrganization(envelope, o)
	if err != nil || rec.Key != "a%20c/organization/a%20c" {
		t.Fatalf("%+v, %v", rec, err)
	}
	text, err := rec.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var back Record
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if got, err := back.Organization(); err != nil || got.HandOffs[0] != o.HandOffs[0] || back.Check() != nil {
		t.Errorf("%+v, %v", got, err)
	}
	for _, c := range []struct {
		spoil func(*Organization)
		want  string
	}{
		{func(o *Organization) { o.Values[0].Name = "" }, "value"},
		{func(o *Organization) { o.Values = nil }, `value "speed"`},
		{func(o *Organization) { o.Standards[0].Text = "" }, "standard"},
		{func(o *Organization) { o.Standards[0].Department = "z" }, `"z"`},
		{func(o *Organization) { o.Departments[1].ID = "x" }, "twice"},
		{func(o *Organization) { o.Departments[1].Name = "" }, "no name"},
		{func(o *Organization) { o.HandOffs[0].To = "z" }, "hand-off"},
		{func(o *Organization) { o.Policies[0].Title = "" }, "title"},
		{func(o *Organization) { o.Policies[0].Reviewed = "2026-02-30" }, "no day"},
	} {
		var spoiled Organization
		if err := json.Unmarshal([]byte(text[strings.Index(string(text), `"organization":{`)+15:len(text)-1]), &spoiled); err != nil {
			t.Fatal(err)
		}
		c.spoil(&spoiled)
		if _, err := NewOrganization(envelope, spoiled); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want one about %s", err, c.want)
		}
	}
}
