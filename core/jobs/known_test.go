package jobs

import (
	"slices"
	"testing"

	"github.com/firstcall-cli/firstcall/core/org"
)

var testClient = &org.Client{
	ID: "acme", Name: "Acme", FormerNames: []string{"Acme Brothers", "Smith & Sons"}, Dissolved: []string{"Print Services", "18F Consulting"},
	FormerPeople: []string{"Jane Doe"}, Values: []org.Value{{Name: "respect"}, {Name: "speed and care"}}, FormerValues: []string{"synergy"},
	Vision: "We answer every call before the third ring.", FormerVision: "To become the largest plumber of the county and answer every call before the third ring.",
	Departments: []org.Department{
		{ID: "support", Name: "Customer Support", FormerNames: []string{"Help Desk", "Customer-Care", "Client Services"}, Lead: "Head of Support"},
		{ID: "sales", Name: "Sales", FormerNames: []string{"Client Services", "Sales/Retail"}},
		{ID: "kids", Name: "Youth", FormerNames: []string{"Children's Services"}},
	},
	Roles: []org.Role{
		{Title: "Head of Support", Department: "support"}, {Title: "Head of Sales", Department: "sales"},
		{Title: "Support Engineer", ReportsTo: "Head of Support", FormerTitles: []string{"Help Desk Agent", "Typist"}},
		{Title: "Acme Brothers Historian"},
	},
	Products: []org.Product{
		{Name: "Home Care", Ended: day("2024-06-30"), Replacement: "Home Care Plus"}, {Name: "Home Care Plus"}, {Name: "Roof Care", Ended: day("2026-12-31")},
		{Name: "Drain Care", FormerNames: []string{"Access"}},
	},
	Systems: []org.System{{Name: "Zendesk", Replaces: []string{"Freshdesk"}}, {Name: "Oldbase", Retired: day("2020-01-31")}},
}

func TestFormerNames(t *testing.T) {
	known := NewKnown(testClient)
	for _, c := range []struct{ what, text, want string }{
		{"a former name", "Acme Brothers is a family business.", "Acme Brothers"},
		{"case does not count", "ACME BROTHERS is a family business.", "ACME BROTHERS"},
		{"with a hyphen", "Works with the Help-Desk every day.", "Help-Desk"},
		{"a name with a hyphen, without", "Works with Customer Care every day.", "Customer Care"},
		{"a name with a slash", "Works with Sales/Retail every day.", "Sales/Retail"},
		{"a name with a sign", "Smith & Sons answers the phone.", "Smith & Sons"},
		{"plural", "Leads the Help Desk Agents.", "Help Desk Agents"},
		{"plural of one word", "Leads the Typists.", "Typists"},
		{"possessive", "Learns Acme Brothers' ways.", "Acme Brothers"},
		{"curly apostrophes", "Works with Children’s Services.", "Children’s Services"},
		{"wrapped", "The holder of this job works together with the people of the Help\nDesk every day.", "Help\nDesk"},
		{"longest first", "Is the Help Desk Agent.", "Help Desk Agent"},
		{"within a present name", "Sells Home Care Plus.", ""},
		{"a present name around a former", "Asks the Acme Brothers Historian.", ""},
		{"over a full stop", "Asks for help. Desk work is rare.", ""},
		{"over entries of a list", "- Help\n- Desk\n", ""},
		{"formerly", "Works with Customer Support, formerly Help Desk.", ""},
		{"replaced", "Zendesk replaced Freshdesk.", ""},
		{"not", "We do not use Freshdesk.", ""},
		{"replaced system", "Enters calls into Freshdesk.", "Freshdesk"},
		{"retired", "Enters calls into Oldbase.", "Oldbase"},
		{"ended", "Sells Home Care.", "Home Care"},
		{"ended later", "Sells Roof Care.", "Roof Care"}, // found; whether it is over is for the rule
		{"an ordinary word", "Has access to all rooms.", ""},
		{"the ordinary word as a name", "Sells Access to all houses.", "Access"},
		{"a person", "Send complaints to Jane Doe.", "Jane Doe"},
		{"a value as a word", "There is synergy in the kitchen.", ""},
		{"a value", "Our values are synergy and respect.", "synergy"},
		{"half a name", "Works at the help counter.", ""},
	} {
		f := paperOf(t, known, asOf, "a.md", c.text).facts
		got := ""
		for i, n := range f.Names {
			checkSpan(t, f.Text, n.Span, c.what)
			if i > 0 {
				got += " | "
			}
			got += n.In(f.Text)
		}
		if got != c.want {
			t.Errorf("%s: in %q found %q, want %q", c.what, c.text, got, c.want)
		}
	}
}

func TestFormerNameRules(t *testing.T) {
	s := setOf(t, NewKnown(testClient), asOf, "a.md", "# Clerk\n\nWorks with Client Services. Sells Home Care and Roof Care. Uses Oldbase and Freshdesk. Asks Print Services.\n")
	j := s.Papers()[0].Judge(Options{}).Job
	var got []string
	for _, f := range j.Findings {
		if f.Rule == "org/former-department" || f.Rule == "org/former-product" {
			got = append(got, f.Message)
		}
	}
	want := []string{
		"“Client Services” is now Customer Support or Sales", "“Home Care” has not been offered since 2024-06-30; now: Home Care Plus",
		"“Oldbase” has not been used since 2020-01-31", "“Freshdesk” is no longer used; now: Zendesk", "“Print Services” no longer exists",
	}
	if !slices.Equal(got, want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
	// On the day on which it ends a product is still offered.
	for on, over := range map[string]bool{"2026-12-31": false, "2027-01-01": true} {
		j := setOf(t, NewKnown(testClient), day(on), "a.md", "# Clerk\n\nSells Roof Care.\n").Papers()[0].Judge(Options{}).Job
		if _, found := findingOf(j, "org/former-product"); found != over {
			t.Errorf("on %s: %q", on, ruleIDs(j))
		}
	}
}

func TestFormerVision(t *testing.T) {
	for _, c := range []struct{ what, text, want string }{
		{"its words", "You help us to become the largest plumber of the county one day.", "to become the largest plumber of the county"},
		{"words it shares with the present vision", "You answer every call before the third ring.", ""},
		{"a run of grammar", "Of the county and in town.", ""},
		{"three words in a row", "Is the largest plumber here.", ""},
		{"over the end of a sentence", "We are the largest. Plumber of the year.", ""},
	} {
		f := paperOf(t, NewKnown(testClient), asOf, "a.md", c.text).facts
		got := ""
		for _, v := range f.Vision {
			got += v.In(f.Text)
		}
		if got != c.want {
			t.Errorf("%s: in %q found %q, want %q", c.what, c.text, got, c.want)
		}
	}
}

func TestCarries(t *testing.T) {
	for text, want := range map[string][]bool{
		"Treats all with respect.": {true, false}, "Is respected for speed and for care.": {true, true}, "Works with speed.": {false, false}, "Counts the stock.": {false, false},
	} {
		if f := paperOf(t, NewKnown(testClient), asOf, "a.md", text).facts; !slices.Equal(f.carries, want) {
			t.Errorf("%q carries %v, want %v", text, f.carries, want)
		}
	}
	if NewKnown(nil) != nil {
		t.Error("nobody knows something")
	}
}
