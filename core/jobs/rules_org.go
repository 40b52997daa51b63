package jobs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/org"
)

func orgRules() []*lint.Rule {
	const source = "The client file; Galbraith, Designing Organizations (2014): structure, roles and processes must agree"
	const lines = "Fayol, General and Industrial Management (1916): unity of command; SHRM, How to Develop a Job Description"
	named := func(say func(n namesake) string, kinds ...nameKind) func(*lint.Pass) {
		return func(p *lint.Pass) {
			for _, n := range paperIn(p).facts.Names {
				for _, k := range kinds {
					if n.name.is == k && n.name.over(paperIn(p)) {
						p.Report(n.Span, "%s", say(n))
					}
				}
			}
		}
	}
	return []*lint.Rule{
		{
			ID: "org/former-department", Title: "Department that was renamed or dissolved", Severity: lint.Warning,
			Why: "The reader looks for a department that is not there.", Source: source,
			Fix:      "Use the present name. Where the department is gone, say who does its work now.",
			Examples: lint.Examples{Bad: []string{"Works with Help Desk every day.", "Is part of Print Services."}, Good: []string{"Works with Customer Support, formerly Help Desk."}},
			Check: func(p *lint.Pass) {
				named(func(n namesake) string {
					if n.name.is == dissolvedDepartment {
						return quoted(n.name.text) + " no longer exists"
					}
					return renamed(n.name)
				}, formerDepartment, dissolvedDepartment)(p)
				checkDepartmentField(p)
			},
		},
		{
			ID: "org/former-name", Title: "Former name of the organization", Severity: lint.Warning,
			Why: "Customers know the organization by its present name.", Source: source,
			Fix:      "Use the present name.",
			Examples: lint.Examples{Bad: []string{"Acme Brothers is a family business."}, Good: []string{"Acme, formerly Acme Brothers, is a family business."}},
			Check:    named(func(n namesake) string { return renamed(n.name) }, formerClient),
		},
		{
			ID: "org/former-person", Title: "Somebody who has left", Severity: lint.Warning,
			Why: "The reader turns to somebody who is not there.", Source: source,
			Fix:      "Name the role instead of the person.",
			Examples: lint.Examples{Bad: []string{"Send complaints to Jane Doe."}, Good: []string{"Send complaints to the Head of Support."}},
			Check:    named(func(n namesake) string { return quoted(n.name.text) + " has left" }, formerPerson),
		},
		{
			ID: "org/former-product", Title: "Product, service or system of the organization that is gone or renamed", Severity: lint.Warning,
			Why: "Staff can't know, sell or use what is no longer there.", Source: source,
			Fix:      "Name what took its place.",
			Examples: lint.Examples{Bad: []string{"Enters all calls into Freshdesk.", "Sells Home Care."}, Good: []string{"Enters all calls into Zendesk."}},
			Check: named(func(n namesake) string {
				switch n.name.is {
				case endedProduct, retiredSystem:
					out := quoted(n.name.text) + " is no longer offered"
					if n.name.is == retiredSystem {
						out = quoted(n.name.text) + " is no longer used"
					}
					if !n.name.since.IsZero() {
						out = strings.Replace(out, "is no longer", "has not been", 1) + " since " + n.name.since.Format("2006-01-02")
					}
					if n.name.now != "" {
						out += "; now: " + n.name.now
					}
					return out
				}
				return renamed(n.name)
			}, formerProduct, endedProduct, formerSystem, retiredSystem),
		},
		{
			ID: "org/former-title", Title: "Former title of a job", Severity: lint.Warning,
			Why: "Nobody has that title any more.", Source: source,
			Fix:      "Use the present title.",
			Examples: lint.Examples{Bad: []string{"Hands difficult calls to the Help Desk Agent."}, Good: []string{"Hands difficult calls to the Support Engineer."}},
			Check:    named(func(n namesake) string { return renamed(n.name) }, formerTitle),
		},
		{
			ID: "org/near-copy", Title: "Nearly the same as another document", Severity: lint.Hint,
			Why:    "One of the two is changed and the other forgotten, or two jobs are told as one.",
			Fix:    "Keep one of them, or say what makes them differ.",
			Source: "Broder, On the resemblance and containment of documents (1997)",
			Check:  checkCopy,
		},
		{
			ID: "org/reports-to-circle", Title: "Reporting lines that lead in a circle", Severity: lint.Warning,
			Why: "Nobody in a circle has anybody above to turn to.", Source: lines,
			Fix:   "Find out which of the documents is wrong.",
			Check: checkCircle,
		},
		{
			ID: "org/reports-to-conflict", Title: "Reporting lines that contradict each other", Severity: lint.Warning,
			Why: "Who must answer to two people is told two things.", Source: lines,
			Fix:      "Name one role, or say which line is for what.",
			Examples: lint.Examples{Bad: []string{"Reports to: Head of Support\nThe position reports to the Head of Sales."}, Good: []string{"Reports to: Head of Support"}},
			Check:    checkConflict,
		},
		{
			ID: "org/reports-to-missing", Title: "No word of whom the job reports to", Severity: lint.Hint,
			Why: "A newcomer needs to know whom to ask, and who decides.", Source: lines,
			Fix:      "Add a line “Reports to:” with a role.",
			Examples: lint.Examples{Bad: []string{exampleDuties}, Good: []string{exampleDuties + "\nReports to: Head of Support"}},
			Check: func(p *lint.Pass) {
				if paper := paperIn(p); describes(paper) && len(paper.facts.ReportsTo) == 0 {
					whole(p, "It does not say to whom the job reports")
				}
			},
		},
		{
			ID: "org/reports-to-person", Title: "Reporting line to a person instead of a role", Severity: lint.Hint,
			Why: "The name is out of date with the next change of staff.", Source: lines,
			Fix:      "Name the role.",
			Examples: lint.Examples{Bad: []string{"Reports to: Ms. Okafor"}, Good: []string{"Reports to: Head of Support"}},
			Check: func(p *lint.Pass) {
				for _, l := range paperIn(p).facts.ReportsTo {
					if l.Person && inUse(paperIn(p)) {
						p.Report(l.Span, "%s looks like a person's name", quoted(l.Name))
					}
				}
			},
		},
		{
			ID: "org/reports-to-unknown", Title: "Reporting line to a role that is not there", Severity: lint.Hint,
			Why: "The client file knows no such role: it was renamed, dropped, or never entered there.", Source: source,
			Fix:      "Name the present role, or enter it in the client file.",
			Examples: lint.Examples{Bad: []string{"Reports to: Head of Happiness"}, Good: []string{"Reports to: Head of Support"}},
			Check:    checkUnknownRole,
		},
		{
			ID: "org/two-titles", Title: "Two titles for one job", Severity: lint.Hint,
			Why: "Applicants, pay and organization chart go by the title.", Source: source,
			Fix:      "Use one title throughout.",
			Examples: lint.Examples{Bad: []string{"# Head of Marketing\n\nAs Marketing Lead, you bring our offers to people."}, Good: []string{"# Head of Marketing\n\nAs Head of Marketing, you bring our offers to people."}},
			Check: func(p *lint.Pass) {
				for _, other := range paperIn(p).facts.otherTitles() {
					p.Report(other.Span, "The job is called %s and %s", quoted(paperIn(p).Title()), quoted(other.Name))
				}
			},
		},
		{
			ID: "org/unknown-department", Title: "Department that the client file does not know", Severity: lint.Hint,
			Why: "It was renamed or dissolved, or never entered there.", Source: source,
			Fix:      "Use the present name, or enter it in the client file.",
			Examples: lint.Examples{Bad: []string{"Department: Joy and Delight"}, Good: []string{"Department: Customer Support"}},
			Check:    checkUnknownDepartment,
		},
	}
}

// checkDepartmentField reports a former department that a document names in its front
// matter, where no text is.
func checkDepartmentField(p *lint.Pass) {
	c := paperIn(p).set.client()
	for _, d := range paperIn(p).facts.Department {
		if c == nil || d.From != FrontMatter {
			continue
		}
		switch standing, now := c.Knows(d.Name); standing {
		case org.Former:
			n := name{text: d.Name}
			if len(now) == 1 {
				n.now = now[0].Name
			}
			whole(p, "%s", renamed(n))
		case org.Dissolved:
			whole(p, "%s no longer exists", quoted(d.Name))
		}
	}
}

// over says whether a name is out of date on the day of the check.
func (n name) over(p *Paper) bool { return n.since.IsZero() || n.since.Before(p.set.AsOf) }

// renamed says what something is called now.
func renamed(n name) string {
	if n.now == "" {
		return quoted(n.text) + " is a former name"
	}
	return quoted(n.text) + " is now " + n.now
}

func checkCopy(p *lint.Pass) {
	if paper := paperIn(p); paper.copyOf != nil {
		more := ""
		if other := paper.copyOf.Title(); titleKey(other) != titleKey(paper.Title()) {
			more = ", which calls the job " + quoted(other)
		}
		whole(p, "%.0f %% of its passages stand in %s as well%s", 100*paper.overlap, paper.copyOf.ID, more)
	}
}

func checkCircle(p *lint.Pass) {
	paper := paperIn(p)
	if len(paper.circle) == 0 {
		return
	}
	p.Report(paper.facts.ReportsTo[0].Span, "By these documents the reporting lines lead in a circle: %s", chain(paper.circle))
}

// chain joins titles that report to each other.
func chain(titles []string) string {
	out := ""
	for i, t := range titles {
		if i > 0 {
			out += " reports to "
		}
		out += quoted(t)
	}
	return out
}

func checkConflict(p *lint.Pass) {
	paper := paperIn(p)
	if !inUse(paper) {
		return
	}
	for _, l := range paper.clash {
		p.Report(l.Span, "It says that the job reports to %s, and elsewhere to %s", quoted(l.Name), quoted(paper.facts.ReportsTo[0].Name))
	}
	if paper.elsewhere != "" {
		l := paper.facts.ReportsTo[0]
		p.Report(l.Span, "It says that the job reports to %s, and by the client file it is %s", quoted(l.Name), quoted(paper.elsewhere))
	}
}

func checkUnknownRole(p *lint.Pass) {
	paper := paperIn(p)
	if !inUse(paper) {
		return
	}
	for _, l := range paper.lines {
		switch {
		case l.Person:
		case l.known == "unknown":
			p.Report(l.Span, "The client file knows no role %s", quoted(l.Name))
		case l.known == "former" && !slices.ContainsFunc(paper.facts.Names, func(n namesake) bool { return n.Start < l.Role.End && l.Role.Start < n.End }):
			severe(p, lint.Warning, l.Span, "The role %s is now called %s", quoted(l.Name), quoted(l.now))
		}
	}
}

func checkUnknownDepartment(p *lint.Pass) {
	paper := paperIn(p)
	c := paper.set.client()
	if c == nil || len(c.Departments) == 0 {
		return
	}
	for _, d := range paper.facts.Department {
		if standing, _ := c.Knows(d.Name); standing == org.Unknown {
			p.Report(d.Span, "%s", fmt.Sprintf("The client file knows no department %s", quoted(d.Name)))
			return
		}
	}
}
