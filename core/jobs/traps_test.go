package jobs

import (
	"testing"

	"github.com/firstcall-cli/firstcall/core/org"
)

// trapClient is an organization whose former names are also ordinary words.
var trapClient = &org.Client{
	ID: "clinic", Name: "Brightwater Clinic", FormerPeople: []string{"Harold Finch"}, Dissolved: []string{"Medical Transcription"},
	Vision:      "So that every patient leaves knowing what happens next.",
	Departments: []org.Department{{ID: "it", Name: "Information Technology", FormerNames: []string{"Data Processing"}}, {ID: "access", Name: "Patient Access", FormerNames: []string{"Admitting", "Billing Office"}}},
	Roles:       []org.Role{{Title: "HR Manager"}, {Title: "Director of Nursing"}, {Title: "Patient Access Manager", FormerTitles: []string{"Admitting Supervisor"}}},
	Products:    []org.Product{{Name: "WellTrack Plan", Ended: asOf.AddDate(-2, 0, 0), Replacement: "Brightwater Plus"}},
	Systems:     []org.System{{Name: "Epic", Replaces: []string{"MedPlus"}}},
}

// TestTraps holds sentences that say nothing against a description: none of them makes
// one of its warnings, and none closes it.
func TestTraps(t *testing.T) {
	known := NewKnown(trapClient)
	for _, sentence := range []string{
		"The food licence is valid until 31 May 2027.", "Takes applications for the summer camp; the application deadline is May 1, 2027.",
		"Experience in data processing is welcome.", "Knows medical transcription.", "Explains billing office hours.", "Admitting patients is the main duty.",
		"MedPlus was replaced by Epic in 2021.", "Reads old MedPlus records on request.", "Data Processing was renamed Information Technology in 2020.",
		"The Admitting Supervisor is now called Patient Access Manager.", "The Medical Transcription department was closed in 2022.",
		"Moves members from the WellTrack Plan to Brightwater Plus.", "Answers questions about the discontinued WellTrack Plan.",
		"Harold Finch founded the clinic in 1962.", "In memory of Harold Finch.", "Works in the Harold Finch Library.",
		"The assistant reports to the clerk.", "The Sommelier reports to the Restaurant Manager.", "All staff report to the manager on duty.", "Reports to the board weekly on finances.",
		"Is open 24/7 with an 80/20 split.", "We were founded in 1962.", "We do not discriminate because of a physical handicap.",
	} {
		j := judgedOneOf(t, known, "# Clerk\n\nReports to: HR Manager\n\nLast reviewed: 2026-07-01\n\n"+sentence+"\n")
		if j.Verdict != "current" {
			t.Errorf("%s makes it %s: %q", sentence, j.Verdict, j.Summary)
		}
		for _, f := range j.Findings {
			if f.Severity != "hint" {
				t.Errorf("%s: %s %s", sentence, f.Rule, f.Message)
			}
		}
		if len(j.ReportsTo) != 1 {
			t.Errorf("%s: reports to %+v", sentence, j.ReportsTo)
		}
	}
}

// TestPlainCases holds what a sentence in a description says.
func TestPlainCases(t *testing.T) {
	known := NewKnown(trapClient)
	for _, c := range []struct {
		text string
		is   func(p *Paper) bool
	}{
		{"Does not greet patients.", func(p *Paper) bool { return p.level() < Activity }},
		{"Calls patients back within one working day.", func(p *Paper) bool { return p.level() == Standard }},
		{"Drives residents to appointments.", func(p *Paper) bool { return p.level() == Activity }},
		{"First point of contact for questions of staff.", func(p *Paper) bool { return p.level() == Activity }},
		{"Goal: 95 % of patients are seen within ten minutes of their appointment.", func(p *Paper) bool { return len(p.facts.Goals) == 1 && p.facts.Goals[0].measured }},
		{"So that every patient leaves knowing what happens next.", (*Paper).mission},
		{"Can refund up to $50.", func(p *Paper) bool { return len(p.facts.Authority) == 1 }},
		{"This position has been filled.", func(p *Paper) bool { return p.inactive }},
		{"Reports to: HR Manager and Director of Nursing", func(p *Paper) bool { return p.lines[0].known == "present" }},
		{"Last reviewed: 2027-09-01", func(p *Paper) bool { return p.review.Next == "" && p.review.Last == "" }},
		{"Review date: 2027-09-01", func(p *Paper) bool { return p.review.Next == "2027-09-01" && p.review.Months == 12 }},
	} {
		p := paperOf(t, known, asOf, "a.md", "# Clerk\n\n"+c.text+"\n")
		s := NewSet(known, asOf)
		s.Add(p)
		s.Settle()
		if !c.is(p) {
			t.Errorf("%s is read otherwise", c.text)
		}
	}
	if p := paperOf(t, nil, asOf, "a.html", "<title>Cook</title><header>Acme Ltd · Page 1</header><h1>Cook</h1><p>Cooks.</p>"); p.Title() != "Cook" {
		t.Errorf("the title is %q", p.Title())
	}
	if p := paperOf(t, nil, asOf, "a.md", "---\ntitle: Line Cook\nreports_to: Head Chef\n---\n# Job Description\n\nCooks.\n"); len(p.facts.otherTitles()) > 0 || len(p.facts.ReportsTo) != 1 {
		t.Errorf("other titles %v, reports to %v", p.facts.otherTitles(), p.facts.ReportsTo)
	}
}
