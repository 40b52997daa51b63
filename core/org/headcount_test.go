package org

import (
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/instrument"
)

var questionnaire = &instrument.Instrument{Attributes: []instrument.Attribute{
	{ID: "department", Text: "Which department do you work in?", Kind: instrument.KindGroup},
	{ID: "people", Text: "people", Kind: instrument.KindHeadcount},
}}

func TestCount(t *testing.T) {
	const byWave = "wave,Department,role,headcount\n" +
		"q1,Kitchen,Cook,10\nq1,Kitchen,Manager,2\nq1,Office,Clerk,7\nq3,Kitchen,Cook,12\nq3,,,40\n"
	for _, test := range []struct {
		name, file, client, wave string
		by, key                  []string
		want                     int64 // -1: not known
	}{
		{"all of a wave is the sum of its parts", byWave, "acme", "q1", nil, nil, 19},
		{"a row for all stands for its parts", byWave, "acme", "q3", nil, nil, 40},
		{"a department is the sum of its roles", byWave, "acme", "q1", []string{"department"}, []string{"Kitchen"}, 12},
		{"crossed", byWave, "acme", "q1", []string{"role", "department"}, []string{"Manager", "Kitchen"}, 2},
		{"another wave", byWave, "acme", "q2", nil, nil, -1},
		{"unknown group", byWave, "acme", "q1", []string{"department"}, []string{"Bar"}, -1},
		{"not stated has no headcount", byWave, "acme", "q3", []string{"department"}, []string{""}, -1},
		{"column the file does not count by", byWave, "acme", "q1", []string{"site"}, []string{"North"}, -1},
		{"client of several", "client;headcount\nacme;50\nother;9\n", "acme", "q1", nil, nil, 50},
		{"a blank client holds for all", "client,wave,headcount\n,q1,50\n", "acme", "q1", nil, nil, 50},
		{"waves are not added up", byWave, "acme", "", nil, nil, -1},
		{"nor clients", "client,headcount\na,5\nb,6\n", "", "", nil, nil, -1},
		{"a single wave needs no name", "wave,department,headcount\nq1,Bar,5\nq1,Inn,6\n", "acme", "", nil, nil, 11},
		{"a row for all of a department stands for its own parts only",
			"department,role,headcount\nA,,50\nA,Cook,20\nA,Clerk,30\nB,Cook,20\nB,Clerk,40\n", "", "", nil, nil, 110},
		{"only a total", "people\n33\n", "", "", nil, nil, 33},
		{"header by the question's words", "Which department do you work in?\theadcount\nBar\t4\n", "", "", []string{"department"}, []string{"Bar"}, 4},
	} {
		h, err := ReadHeadcounts("h.csv", strings.NewReader(test.file), questionnaire)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		got, ok := h.Count(test.client, test.wave, test.by, test.key)
		if !ok {
			got = -1
		}
		if got != test.want {
			t.Errorf("%s: %d, want %d", test.name, got, test.want)
		}
	}
	if _, ok := (*Headcounts)(nil).Count("", "", nil, nil); ok {
		t.Error("no file, yet a headcount")
	}
}

func TestReadHeadcountsFaults(t *testing.T) {
	for _, test := range []struct{ file, want string }{
		{"department,headcuont\nBar,4\n", `h.csv:1: no column is called headcount`},
		{"department,headcount\nBar,four\nBar2,-1\n", "h.csv:2:2: a headcount must be a whole number, 0 or more\nh.csv:3:2: a headcount must be a whole number, 0 or more"},
		{"department,headcount\nBar,4\nOffice,2\n Bar ,5\n", "h.csv:4: counts the same people as line 2"},
		{"department,headcount,Headcount\nBar,4,4\n", `h.csv:1:3: a second column is called "headcount"`},
	} {
		_, err := ReadHeadcounts("h.csv", strings.NewReader(test.file), questionnaire)
		if err == nil || err.Error() != test.want {
			t.Errorf("%q: got %v, want %s", test.file, err, test.want)
		}
	}
}

func TestStrange(t *testing.T) {
	h, err := ReadHeadcounts("h.csv", strings.NewReader("department,headcount\nKitchen,9\nKichen,4\nSpa,3\n"), questionnaire)
	if err != nil {
		t.Fatal(err)
	}
	got := h.Strange(func(column string) ([]string, bool) { return []string{"Kitchen", "Bar"}, column == "department" })
	if len(got) != 2 || got[0].Error() != `h.csv:3: nobody answered from department "Kichen"` || got[0].Hint != `did you mean "Kitchen"?` || got[1].Line != 4 {
		t.Errorf("got %+v", got)
	}
	if got := h.Strange(func(string) ([]string, bool) { return nil, false }); len(got) != 0 {
		t.Errorf("a column that is not asked for: %+v", got)
	}
}

func FuzzReadHeadcounts(f *testing.F) {
	f.Add("wave,department,headcount\nq1,Bar,5\nq1,,6\n", "q1", "Bar")
	f.Fuzz(func(t *testing.T, text, wave, department string) {
		h, err := ReadHeadcounts("h.csv", strings.NewReader(text), questionnaire)
		if err != nil {
			return
		}
		if n, ok := h.Count("acme", wave, []string{"department"}, []string{department}); ok && n < 0 {
			t.Errorf("a headcount of %d", n)
		}
	})
}
