package survey

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/problem"
)

// sample has three items, an outcome and an attribute of each kind.
func sample() *instrument.Instrument {
	item := func(id, text string) instrument.Item {
		return instrument.Item{ID: id, Text: text, Scale: agreement}
	}
	return &instrument.Instrument{
		ID: "sample",
		Dimensions: []instrument.Dimension{
			{ID: "one", Items: []instrument.Item{item("one-a", "We’re told why"), item("one-b", "We know how")}},
			{ID: "two", Items: []instrument.Item{item("two-a", "two-a")}},
		},
		Outcomes: []instrument.Item{{ID: "enps", Text: "Would you recommend us?", Scale: instrument.Scale{Min: 0, Max: 10}, Type: instrument.ENPS}},
		Attributes: []instrument.Attribute{
			{ID: "company", Text: "Your company", Kind: instrument.KindClient},
			{ID: "round", Text: "round", Kind: instrument.KindWave},
			{ID: "department", Text: "Your department", Kind: instrument.KindGroup},
			{ID: "illness", Text: "Are you often ill?", Kind: instrument.KindGroup, Sensitive: true},
			{ID: "person", Text: "person", Kind: instrument.KindRespondent},
		},
	}
}

const sampleItems = "one-a|one-b|two-a|enps"

func cells(header string) []string { return strings.Split(header, "|") }

func TestMapFindsColumns(t *testing.T) {
	tests := []struct {
		name, header string
		req          Request
		items        []int
		groups       [][]int
		client, wave int
		unused       []string
	}{
		{name: "ids", header: sampleItems, items: []int{0, 1, 2, 3}, client: -1, wave: -1},
		{name: "another order", header: "enps|two-a|x|one-b|one-a", items: []int{4, 3, 1, 0}, client: -1, wave: -1, unused: []string{"x"}},
		{name: "texts", header: "We’re told why|We know how|two-a|Would you recommend us?", items: []int{0, 1, 2, 3}, client: -1, wave: -1},
		{name: "white space", header: " one-a\u00A0|\tWe  know\u00A0\n how |\uFEFFtwo-a|enps ", items: []int{0, 1, 2, 3}, client: -1, wave: -1},
		{name: "case and quotes", header: "ONE-A|we know HOW|Two-a|Enps", items: []int{0, 1, 2, 3}, client: -1, wave: -1},
		{name: "straight apostrophe", header: "we're told why|one-b|two-a|enps", items: []int{0, 1, 2, 3}, client: -1, wave: -1},
		{name: "exact before case", header: "ONE-A|one-a|one-b|two-a|enps", items: []int{1, 2, 3, 4}, client: -1, wave: -1, unused: []string{"ONE-A"}},
		{name: "repeated, unnamed and unasked", header: sampleItems + "|x|x||Comment  here", items: []int{0, 1, 2, 3}, client: -1, wave: -1,
			unused: []string{"x", "x", "column 7", "Comment here"}},
		{name: "attributes that nothing asks for are known", header: sampleItems + "|department|illness|person", items: []int{0, 1, 2, 3}, client: -1, wave: -1},

		{name: "group by id", header: sampleItems + "|department", req: Request{By: [][]string{{"department"}}}, items: []int{0, 1, 2, 3}, groups: [][]int{{4}}, client: -1, wave: -1},
		{name: "group by id, column by text", header: sampleItems + "|Your Department", req: Request{By: [][]string{{"department"}}}, items: []int{0, 1, 2, 3}, groups: [][]int{{4}}, client: -1, wave: -1},
		{name: "group by text, column by id", header: sampleItems + "|department", req: Request{By: [][]string{{"your department"}}}, items: []int{0, 1, 2, 3}, groups: [][]int{{4}}, client: -1, wave: -1},
		{name: "group by header", header: sampleItems + "|Site", req: Request{By: [][]string{{"Site"}}}, items: []int{0, 1, 2, 3}, groups: [][]int{{4}}, client: -1, wave: -1},
		{name: "group by header but for case", header: sampleItems + "|Site", req: Request{By: [][]string{{" site"}}}, items: []int{0, 1, 2, 3}, groups: [][]int{{4}}, client: -1, wave: -1},
		{name: "header exactly before attribute loosely", header: sampleItems + "|Department|department", req: Request{By: [][]string{{"Department"}}}, items: []int{0, 1, 2, 3}, groups: [][]int{{4}}, client: -1, wave: -1},
		{name: "groups crossed and apart", header: sampleItems + "|department|Site", req: Request{By: [][]string{{"department", "Site"}, {"Site"}, {}}}, items: []int{0, 1, 2, 3}, groups: [][]int{{4, 5}, {5}, {}}, client: -1, wave: -1},

		{name: "client and wave by attribute", header: sampleItems + "|client|Your company|wave|ROUND", items: []int{0, 1, 2, 3}, client: 5, wave: 7, unused: []string{"client", "wave"}},
		{name: "client and wave by their plain names", header: sampleItems + "| client |Wave", items: []int{0, 1, 2, 3}, client: 4, wave: 5},
		{name: "client and wave as told", header: sampleItems + "|client|company|Firm|Quarter", req: Request{ClientColumn: "firm", WaveColumn: "Quarter"}, items: []int{0, 1, 2, 3}, client: 6, wave: 7, unused: []string{"client"}},
		{name: "no client in a longer name", header: sampleItems + "|client id|waves", items: []int{0, 1, 2, 3}, client: -1, wave: -1, unused: []string{"client id", "waves"}},
		{name: "grouped by the client", header: sampleItems + "|client", req: Request{By: [][]string{{"client"}}}, items: []int{0, 1, 2, 3}, groups: [][]int{{4}}, client: 4, wave: -1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.req.Instrument = sample()
			m, err := Map("a.csv", cells(tt.header), tt.req)
			if err != nil {
				t.Fatal(err)
			}
			if tt.groups == nil {
				tt.groups = [][]int{}
			}
			if !reflect.DeepEqual(m.Items, tt.items) || !reflect.DeepEqual(m.Groups, tt.groups) || m.Client != tt.client || m.Wave != tt.wave || !reflect.DeepEqual(m.Unused, tt.unused) {
				t.Errorf("got items %v, groups %v, client %d, wave %d, unused %q", m.Items, m.Groups, m.Client, m.Wave, m.Unused)
			}
		})
	}
}

func TestMapExplainsColumns(t *testing.T) {
	req := Request{Instrument: sample(), By: [][]string{{"your department"}, {"Company", "Site"}, {"Site"}}}
	m, err := Map("a.csv", cells("company|Your  department|Site|person|Note|"+sampleItems), req)
	if err != nil {
		t.Fatal(err)
	}
	want := []Column{
		{1, "company", []Use{{RoleGroup, "company"}, {RoleClient, "company"}}},
		{2, "Your department", []Use{{RoleGroup, "department"}}},
		{3, "Site", []Use{{RoleGroup, "Site"}}},
		{4, "person", []Use{{RoleAttribute, "person"}}},
		{5, "Note", nil},
		{6, "one-a", []Use{{RoleItem, "one-a"}}},
		{7, "one-b", []Use{{RoleItem, "one-b"}}},
		{8, "two-a", []Use{{RoleItem, "two-a"}}},
		{9, "enps", []Use{{RoleItem, "enps"}}},
	}
	if !reflect.DeepEqual(m.Columns, want) {
		t.Errorf("got  %v\nwant %v", m.Columns, want)
	}
}

func TestMapProblems(t *testing.T) {
	const (
		form   = `"firstcall instrument form FILE --format csv" prints the columns it should have`
		rename = "keep the right one and rename or remove the rest"
		people = "what it says about people must not appear in results; choose another column"
		other  = "choose a column that says something about the respondent"
	)
	twins := sample()
	twins.Dimensions[0].Items[1].Text = twins.Dimensions[0].Items[0].Text
	capitals := sample()
	capitals.Dimensions[0].Items[1] = instrument.Item{ID: "ONE-A", Text: "ONE-A", Scale: agreement}

	tests := []struct {
		name, header string
		req          Request
		want         []string // each problem and its hint
	}{
		{"missing item", "one-a|one-b|two-a|x", Request{}, []string{
			`a.csv: no column for item "enps" | ` + form}},
		{"near the id", "one_a|one-b|two-a|enps", Request{}, []string{
			`a.csv: no column for item "one-a" | if it is column 1, "one_a", rename that to "one-a"`}},
		{"near the text", "one-a|one-b|two-a|Would you recommend  them?", Request{}, []string{
			`a.csv: no column for item "enps" | if it is column 4, "Would you recommend them?", rename that to "enps"`}},
		{"a column in use is no near miss", "one-a|two-a|enps|client", Request{}, []string{
			`a.csv: no column for item "one-b" | ` + form}},
		{"two missing items, in order", "enps|two-a", Request{}, []string{
			`a.csv: no column for item "one-a" | ` + form,
			`a.csv: no column for item "one-b" | ` + form}},
		{"another instrument", "q1|q2|q3", Request{By: [][]string{{"nowhere"}}}, []string{
			`a.csv: none of the 4 items of "sample" has a column; the file seems to be for another instrument | ` + form}},
		{"no header line", "4|5|Sales|3", Request{By: [][]string{{"department"}}}, []string{
			`a.csv: the first line seems to hold answers, not the names of the columns | put a line with the names of the columns before it; ` + form}},

		{"item twice", "one-a|one-b|two-a|enps|one-a", Request{}, []string{
			`a.csv: item "one-a" has 2 columns: 1 and 5 | ` + rename}},
		{"item by id and text", "We know how|one-a|one-b|two-a|enps|one-b", Request{}, []string{
			`a.csv: item "one-b" has 3 columns: 1, 3 and 6 | ` + rename}},
		{"item twice but for case", "ONE-A|one-b|two-a|enps|One-a", Request{}, []string{
			`a.csv: item "one-a" has 2 columns: 1 and 5 | ` + rename}},
		{"column for two items", "We’re told why|two-a|enps", Request{Instrument: twins}, []string{
			`a.csv: column 1 fits two items, "one-a" and "one-b" | use the items' ids as the names of the columns`}},
		{"a column belongs to the item it is called exactly like", "ONE-A|two-a|enps", Request{Instrument: capitals}, []string{
			`a.csv: no column for item "one-a" | ` + form}},

		{"missing group", sampleItems + "|department|Site|illness", Request{By: [][]string{{"departmnt", "nowhere"}}}, []string{
			`a.csv: no group column "departmnt" | did you mean "department"?`,
			`a.csv: no group column "nowhere" | choose from "department", "Site"`}},
		{"missing group, nothing to choose", sampleItems, Request{By: [][]string{{"department"}}}, []string{
			`a.csv: no group column "department" | the file has no column that could be one`}},
		{"missing client and wave", sampleItems + "|Firm|Year", Request{ClientColumn: "Firma", WaveColumn: "Quarter"}, []string{
			`a.csv: no client column "Firma" | did you mean "Firm"?`,
			`a.csv: no wave column "Quarter" | choose from "Firm", "Year"`}},
		{"group twice", sampleItems + "|Site|Site", Request{By: [][]string{{"Site"}}}, []string{
			`a.csv: group column "Site" is there 2 times: 5 and 6 | ` + rename}},
		{"group by id and text", sampleItems + "|department|Your department", Request{By: [][]string{{"department"}}}, []string{
			`a.csv: group column "department" is there 2 times: 5 and 6 | ` + rename}},
		{"client twice", sampleItems + "|client|client", Request{}, []string{
			`a.csv: client column "client" is there 2 times: 5 and 6 | ` + rename}},
		{"sensitive group", sampleItems + "|illness", Request{By: [][]string{{"illness"}}}, []string{
			`a.csv: attribute "illness" is marked sensitive and cannot be a group column | ` + people}},
		{"sensitive group by header", sampleItems + "|ARE YOU OFTEN ILL?", Request{By: [][]string{{"are you often  ill?"}}}, []string{
			`a.csv: attribute "illness" is marked sensitive and cannot be a group column | ` + people}},
		{"sensitive group without a column", sampleItems, Request{By: [][]string{{"Illness"}}}, []string{
			`a.csv: attribute "illness" is marked sensitive and cannot be a group column | ` + people}},
		{"sensitive column by the exact header", sampleItems + "|Illness", Request{By: [][]string{{"Illness"}}}, []string{
			`a.csv: attribute "illness" is marked sensitive and cannot be a group column | ` + people}},
		{"respondent as client", sampleItems + "|person", Request{ClientColumn: "person"}, []string{
			`a.csv: attribute "person" tells who the respondent is and cannot be a client column | ` + people}},
		{"item as group", sampleItems, Request{By: [][]string{{"enps"}}}, []string{
			`a.csv: column 4 holds the answers to item "enps" and cannot be a group column | ` + other}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.req.Instrument == nil {
				tt.req.Instrument = sample()
			}
			_, err := Map("a.csv", cells(tt.header), tt.req)
			var list problem.List
			if !errors.As(err, &list) {
				t.Fatalf("got %v, want problems", err)
			}
			var got []string
			for _, p := range list {
				got = append(got, p.Error()+" | "+p.Hint)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

// With a few of many items the file is still taken for another instrument's,
// from a fifth on its gaps are listed.
func TestMapSumsUpMissingItems(t *testing.T) {
	req := Request{Instrument: likert(40)}
	_, err := Map("a.csv", cells("q1|q2|q3|q4|q5|q6|q7"), req)
	want := `a.csv: only 7 of the 40 items of "sample" have a column; the file seems to be for another instrument`
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	_, err = Map("a.csv", cells("q1|q2|q3|q4|q5|q6|q7|q8"), req)
	var list problem.List
	if !errors.As(err, &list) || len(list) != 32 {
		t.Errorf("got %d problems, want 32", len(list))
	}
}

// An item may be called like the columns that are found without being asked
// for.
func TestMapItemCalledClient(t *testing.T) {
	in := sample()
	in.Dimensions[0].Items[0].ID = "client"
	m, err := Map("a.csv", cells("client|one-b|two-a|enps"), Request{Instrument: in})
	if err != nil || m.Client != -1 || m.Items[0] != 0 {
		t.Errorf("got %+v, error %v", m, err)
	}
}

// A long or hostile header is cut and escaped where a message quotes it.
func TestMapQuotesSafely(t *testing.T) {
	header := append(cells(sampleItems), "\x1b[31m"+strings.Repeat("é", 80))
	_, err := Map("a.csv", header, Request{Instrument: sample(), By: [][]string{{"nowhere"}}})
	var list problem.List
	if !errors.As(err, &list) {
		t.Fatal(err)
	}
	want := fmt.Sprintf(`choose from "\x1b[31m%s…"`, strings.Repeat("é", 54))
	if list[0].Hint != want {
		t.Errorf("got  %s\nwant %s", list[0].Hint, want)
	}
}
