package jobs

import (
	"slices"
	"testing"

	"github.com/firstcall-cli/firstcall/core/org"
)

func TestHandOffs(t *testing.T) {
	client := *testClient
	client.HandOffs = []org.HandOff{{From: "support", To: "sales", What: "refund requests", OwnerFrom: "Head of Support", OwnerTo: "Head of Sales"}, {From: "sales", To: "kids", What: "toys"}}
	support := func(says string) []string { return []string{"a.md", "# Head of Support\n\n" + says + "\n"} }
	const sales = "no document describes the Head of Sales"
	for _, c := range []struct {
		what  string
		texts []string
		want  []string
	}{
		{"nothing", nil, []string{"no document describes the Head of Support", sales}},
		{"silent", support("Answers calls."), []string{"the description of the Head of Support does not speak of it", sales}},
		{"what is handed on", support("Hands Refund\nRequests on."), []string{sales}},
		{"the department", support("Works with Sales."), []string{sales}},
		{"closed", []string{"a.md", "---\nactive: false\n---\n# Head of Support\n\nWorks with Sales.\n"}, []string{"no document describes the Head of Support", sales}},
	} {
		s := setOf(t, NewKnown(&client), asOf, c.texts...)
		var got []string
		for _, g := range s.RollUp(judgeAll(s), Roll{ID: "."}).HandOffs {
			got = append(got, g.Gap)
			if g.From != "Customer Support" || g.To != "Sales" || g.What != "refund requests" {
				t.Errorf("%s: %+v", c.what, g)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}
