package jobs

import (
	"testing"
)

func TestTitles(t *testing.T) {
	for _, c := range []struct {
		what, name, text, want string
		from                   Origin
	}{
		{"front matter", "a.md", "---\ntitle: Head Cook\n---\n# Cook\n", "Head Cook", FrontMatter},
		{"a label", "a.txt", "Acme Ltd\nJob Title: Billing Clerk\n", "Billing Clerk", Label},
		{"a label with marks", "a.md", "**Position Title:** Billing Clerk\n", "Billing Clerk", Label},
		{"a label alone, its value below", "a.txt", "Job title:\nBilling Clerk\n", "Billing Clerk", Label},
		{"a table", "a.md", "| Job title | Billing Clerk |\n| --- | --- |\n| Department | Finance |\n", "Billing Clerk", Label},
		{"the first heading", "a.md", "# Billing Clerk\n\nWrites bills.\n", "Billing Clerk", Heading},
		{"a first line that looks like one", "a.txt", "Billing Clerk\n\nWrites bills for all that we sell.\n", "Billing Clerk", Heading},
		{"after a heading that announces", "a.md", "## Job description\n\n## Billing Clerk\n", "Billing Clerk", Heading},
		{"after its label in a heading", "a.md", "# Job: Billing Clerk\n", "Billing Clerk", Label},
		{"after a number in a heading", "a.md", "# Position 12: Billing Clerk\n", "Billing Clerk", Heading},
		{"the file's name", "jobs/03-billing_clerk.txt", "writes bills for all that we sell, and sends them out.\n", "Billing clerk", FileName},
		{"the file's name with backslashes", `jobs\billing-clerk.txt`, "writes bills for all that we sell, and sends them out.\n", "Billing clerk", FileName},
		{"a file's name of digits", "2019.txt", "writes bills for all that we sell, and sends them out.\n", "2019.txt", FileName},
		{"a file's name of space", "\u00a0.txt", "writes bills for all that we sell, and sends them out.\n", "\u00a0.txt", FileName},
		{"entities of web pages", "a.txt", "Job Title: Research &amp; Records Clerk\n", "Research & Records Clerk", Label},
		{"a heading of marks is none", "clerk.md", "# \\*\\*\n\nwrites bills for all that we sell, and sends them out.\n", "Clerk", FileName},
	} {
		f := factsIn(t, c.name, c.text)
		if got := f.Titles[0]; got.Name != c.want || got.From != c.from {
			t.Errorf("%s: %q from %v, want %q from %v", c.what, got.Name, got.From, c.want, c.from)
		}
	}
}

func TestRunningTitle(t *testing.T) {
	f := factsIn(t, "a.md", "# Head of Marketing\n\nAs Marketing Lead, you bring our offers to people.\n")
	others := f.otherTitles()
	if len(others) != 1 || others[0].Name != "Marketing Lead" || others[0].From != Running || others[0].In(f.Text) != "Marketing Lead" {
		t.Errorf("other titles are %v", others)
	}
	for _, text := range []string{
		"# Head of Marketing\n\nAs Head of Marketing, you bring our offers to people.\n", // the same
		"# Head of Marketing\n\nAs Marketing, you bring our offers to people.\n",         // no role
		"# Head of Marketing\n\nAs Marketing Lead we bring our offers to people.\n",      // not said of the reader
	} {
		if others := factsIn(t, "a.md", text).otherTitles(); len(others) > 0 {
			t.Errorf("%q: other titles %v", text, others)
		}
	}
}

func TestDepartmentsAndOwners(t *testing.T) {
	for _, c := range []struct{ what, name, text, department, owner string }{
		{"labels", "a.txt", "Clerk\nDepartment: Finance\nPrepared by: HR Manager\n", "Finance", "HR Manager"},
		{"front matter", "a.md", "---\ndepartment: Finance\ncontent_owner: HR Manager\n---\nClerk\n", "Finance", "HR Manager"},
		{"two labels on a line", "a.txt", "Division: Public Works\tUnit: Roads\n", "Public Works", ""},
		{"none", "a.txt", "The department is big.\n", "", ""},
		{"a value that is a text", "a.txt", "Department: a department that looks after all of the many and various streets, squares, bridges, tunnels and paths within the town limits\n", "", ""},
		{"entities", "a.txt", "Department: Parks &amp; Trails\n", "Parks & Trails", ""},
	} {
		f := factsIn(t, c.name, c.text)
		department, owner := "", ""
		if len(f.Department) > 0 {
			department = f.Department[0].Name
		}
		if len(f.Owners) > 0 {
			owner = f.Owners[0].Name
		}
		if department != c.department || owner != c.owner {
			t.Errorf("%s: department %q, owner %q; want %q, %q", c.what, department, owner, c.department, c.owner)
		}
	}
}

// A value is cut after its last character, whatever space stands before it.
func TestLabelSpans(t *testing.T) {
	text := "Job title:\u2003\u2003Küche é\nDepartment: Finance\n"
	f := factsIn(t, "a.md", text)
	for _, n := range f.Titles {
		checkSpan(t, f.Text, n.Span, n.Name)
	}
	if got := oneLine(f.Titles[0].In(f.Text)); got != "Küche é" {
		t.Errorf("the title is %q", got)
	}
}

func TestOwnerFrom(t *testing.T) {
	for _, c := range []struct{ text, owner, from string }{
		{"Clerk\nPrepared by: HR Manager\nReports to: Head of Support\n", "HR Manager", "document"},
		{"Clerk\nReports to: Head of Support\n", "Head of Support", "reports-to"},
		{"Clerk\nReports to: Ms. Okafor\n", "", ""}, // a person is no role
		{"Clerk\n", "", ""},
	} {
		j := judgedOne(t, asOf, "a.txt", c.text)
		if j.Owner != c.owner || j.OwnerFrom != c.from {
			t.Errorf("%q: owner %q from %q, want %q from %q", c.text, j.Owner, j.OwnerFrom, c.owner, c.from)
		}
	}
}
