package jobs

import "testing"

func TestReportsTo(t *testing.T) {
	for _, c := range []struct{ what, text, want string }{
		// Patterns.
		{"plain", "The position reports to the Head of Support.", "Head of Support"},
		{"directly", "This role reports directly to the Director of Finance.", "Director of Finance"},
		{"into", "You will report into the Head of Design.", "Head of Design"},
		{"will report", "This role will report to our Delivery and Operations Director", "Delivery and Operations Director"},
		{"reporting", "Reporting to the Head of Managed Services, you lead a team.", "Head of Managed Services"},
		{"under direction", "Under the general direction of the City Clerk, performs office work.", "City Clerk"},
		{"under supervision", "Work is performed under the supervision of the Library Director.", "Library Director"},
		{"receives supervision", "Receives general supervision from the Chief Engineer.", "Chief Engineer"},
		{"supervised by", "The incumbent is supervised by the Branch Manager.", "Branch Manager"},
		{"line-managed", "You are managed by the Kitchen Manager.", "Kitchen Manager"},
		{"accountable", "The holder is accountable to the Board of Trustees.", "Board of Trustees"},
		{"responsible directly", "Responsible directly to the Principal for all records.", "Principal"},
		{"answers", "The position answers to the Town Manager.", "Town Manager"},
		{"lower case", "The assistant reports to the store manager.", "store manager"},
		{"of two", "Reports to the Director and the Deputy Director.", "Director and the Deputy Director"},
		{"plural subjects", "The Healthline Coordinators report to the Program Manager.", "Program Manager"},
		{"capitalized subject", "The Library Clerk reports to the Branch Librarian.", "Branch Librarian"},
		// Where a role ends.
		{"at a verb", "Reports to the Head of Support and works with all teams.", "Head of Support"},
		{"at a comma", "Reports to the Head of Support, who leads the team.", "Head of Support"},
		{"not at the comma of a title", "Reports to the Director, Customer Support.", "Director, Customer Support"},
		{"at a bracket", "Reports to the Head of Support (London).", "Head of Support"},
		{"at a dash", "Reports to the Head of Support – London office.", "Head of Support"},
		{"short forms", "Reports to the Sr. Manager of the house.", "Sr. Manager of the house"},
		{"doctors", "Reports to Dr. Adaeze Okafor.", "Dr. Adaeze Okafor"},
		{"possessives", "Reports to the Mayor's Chief of Staff.", "Mayor's Chief of Staff"},
		{"of a thing", "Reports to the director of the library.", "director of the library"},
		{"wrapped", "The person in this role reports to the Director of the\nPublic Works Department.", "Director of the Public Works Department"},
		// Traps.
		{"reports as papers", "Uses reports to track sales.", ""},
		{"reports for customers", "Create monthly reports to customers.", ""},
		{"to work", "Employees must report to work on time.", ""},
		{"to a place", "Crews report to their assigned sites each day.", ""},
		{"reporting as a duty", "Coordinate reporting to leadership.", ""},
		{"financial reporting", "Oversees financial reporting to the board.", ""},
		{"events", "Reports incidents to the manager.", ""},
		{"able", "Must be able to report to work at night.", ""},
		{"a task under others", "Shelves books under the supervision of librarians.", ""},
		{"no supervision", "Works under pressure.", ""},
		{"an accountable thing", "Is responsible to keep the books.", ""},
		{"answers to questions", "Finds answers to the questions of managers.", ""},
		{"a report ends the sentence", "Writes a report. To the manager it is sent.", ""},
		{"nothing follows", "Reports to", ""},
		{"nothing follows under", "Under the direction of", ""},
		{"those below", "Direct reports to this position: two clerks.", ""},
	} {
		if got := lineNames(factsIn(t, "a.md", c.text)); got != c.want {
			t.Errorf("%s: %q reports to %q, want %q", c.what, c.text, got, c.want)
		}
	}
}

func TestReportingLabels(t *testing.T) {
	for _, c := range []struct{ what, name, text, want string }{
		{"a line", "a.txt", "Clerk\nReports to: Head of Support\n", "Head of Support"},
		{"a line of Markdown", "a.md", "**Reports to:** the Head of Support\n", "Head of Support"},
		{"the label alone", "a.txt", "Reports To:\nHead of Support\n", "Head of Support"},
		{"a heading", "a.md", "## Reports to\n\nHead of Support\n", "Head of Support"},
		{"a table", "a.md", "| Title | Clerk |\n| --- | --- |\n| Reports to | Head of Support |\n", "Head of Support"},
		{"supervisor", "a.txt", "Immediate Supervisor: Branch Manager\n", "Branch Manager"},
		{"a lower-case role", "a.txt", "Reports to: store manager\n", "store manager"},
		{"ends at a bracket", "a.txt", "Reports to: Head of Support (acting)\n", "Head of Support"},
		{"ends at a sentence", "a.txt", "Reports to: Head of Support. Leads two clerks.\n", "Head of Support"},
		{"a doctor", "a.txt", "Reports to: Dr. Okafor\n", "Dr. Okafor"},
		{"short forms", "a.txt", "Reports to: Sr. Designer\n", "Sr. Designer"},
		{"short forms before a sentence", "a.txt", "Reports to: Asst. Director of Parks. Leads two clerks.\n", "Asst. Director of Parks"},
		{"says it twice", "a.txt", "Reporting relationship: This position reports to the Head of Support\n", "Head of Support"},
		{"with a comma", "a.txt", "Reports to: Board Chair, Greene County Board of Elections\n", "Board Chair, Greene County Board of Elections"},
		{"none", "a.txt", "Reports to: N/A\n", ""},
		{"to be named", "a.txt", "Reports to: TBD\n", ""},
		{"no role", "a.txt", "Manager: see below\n", ""},
		{"reports that are papers", "a.txt", "Reports: weekly sales, yearly budget\n", ""},
		{"tabs", "a.txt", "Reports to:\tHead of Support\tGrade: 7\n", "Head of Support"},
	} {
		if got := lineNames(factsIn(t, c.name, c.text)); got != c.want {
			t.Errorf("%s: %q reports to %q, want %q", c.what, c.text, got, c.want)
		}
	}
}

func TestPersonName(t *testing.T) {
	for name, want := range map[string]bool{
		"Ms. Okafor": true, "Dr. Okafor": true, "Adaeze Okafor": true, "J. Okafor": true, "Head of Support": false, "Store Manager": false, "Okafor": false,
		"IT": false, "Jane Q. Public Okafor Smith": false, "": false, "Adaeze OKAFOR": false, "the Okafors": false,
	} {
		if got := personName(name); got != want {
			t.Errorf("personName(%q) is %v", name, got)
		}
	}
}

// The quote of a labelled line begins at its label, whatever letters stand before it:
// some change their length in lower case.
func TestReportingQuote(t *testing.T) {
	for _, before := range []string{"", "İİİİİİİİİİİİİİİİİİİİ\n", "KKKKKKKKKKKKKKKKKKKK\n", "Über uns, für Sie\n"} {
		f := factsIn(t, "a.txt", before+"Reports To: Head of Support\n")
		if len(f.ReportsTo) != 1 {
			t.Fatalf("after %q it reports to %q", before, lineNames(f))
		}
		checkSpan(t, f.Text, f.ReportsTo[0].Span, before)
		if got := f.ReportsTo[0].In(f.Text); got != "Reports To: Head of Support" {
			t.Errorf("after %q the quote is %q", before, got)
		}
	}
}
