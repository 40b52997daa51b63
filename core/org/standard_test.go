package org

import (
	"errors"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/record"
)

func TestStandards(t *testing.T) {
	c, err := ReadClient("c.toml", []byte(acme+`
[[standard]]
value = "Speed"
department = "SUPPORT"
text = " Every call is answered before the third ring. "
behaviors = ["Keep the headset on.", "Say your name first."]

[[standard]]
text = "Every call is answered before the third ring."
`))
	if err != nil {
		t.Fatal(err)
	}
	s := c.Standards[0]
	if s.Value != "speed" || s.Department != "support" || s.Text != "Every call is answered before the third ring." || len(s.Behaviors) != 2 {
		t.Errorf("%+v: names are to be as the file writes them", s)
	}
	if len(c.Standards) != 2 {
		t.Errorf("%d standards: what everybody does, a department may do as well", len(c.Standards))
	}
}

func TestBadStandards(t *testing.T) {
	for text, want := range map[string]string{
		`value = "speed"`: "standard has no text", `text = ""`: "text is empty", "text = \"a\\nb\"": "line break",
		`text = "` + strings.Repeat("a", 501) + `"`: "longer than 500", "text = \"a\"\nvalue = \"sped\"": `no value is called "sped"`,
		"text = \"a\"\ndepartment = \"sales\"": `no department has the id "sales"`, "text = \"a\"\nbehaviors = [\"b\", \"B\"]": `behavior "B" stands twice`,
		"text = \"a\"\n[[standard]]\ntext = \"A\"": `standard "A" stands twice`, "text = \"a\"\nwho = \"b\"": "who",
	} {
		_, err := ReadClient("c.toml", []byte(acme+"\n[[standard]]\n"+text+"\n"))
		var list problem.List
		if !errors.As(err, &list) || len(list) != 1 || !strings.Contains(list[0].Error(), want) {
			t.Errorf("%s: %v, want one problem with %q", text, err, want)
		}
	}
}

// TestRecord: what a record holds of a client file is what may leave it.
func TestRecord(t *testing.T) {
	c, err := ReadClient("c.toml", []byte(`former_people = ["Jane Doe"]
former_values = ["synergy"]
`+acme+`
[[hand_off]]
from = "support"
to = "billing"
what = "refunds"
`))
	if err != nil {
		t.Fatal(err)
	}
	rec, err := c.Record("2026-09-30", []string{"c.toml"}, record.Tool{Name: "firstcall", Version: "1"})
	if err != nil {
		t.Fatal(err)
	}
	if rec.Key != "acme/organization/acme" || rec.Client.Name != "Acme Ltd" || rec.AsOf != "2026-09-30" {
		t.Errorf("%+v", rec)
	}
	o, err := rec.Organization()
	if err != nil || o.ServiceVision != "We answer every call\nbefore the third ring." || len(o.Departments) != 4 || o.Departments[1].HandsTo[1] != "operations" ||
		o.HandOffs[0].What != "refunds" || o.Policies[0].Reviewed != "2026-03-01" || o.Values[1].Name != "speed" {
		t.Errorf("%+v, %v", o, err)
	}
	text, err := rec.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"Jane", "synergy", "returns.docx", "headcount"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("the record holds %q", secret)
		}
	}
}
