package jobs

import (
	"iter"
	"time"

	"github.com/firstcall-cli/firstcall/core/document"
	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/org"
)

// exampleDuties is a description of a job that says nothing about customers.
const exampleDuties = "Records all deliveries in the book and checks them against the order. Counts the stock twice a year. Orders what runs low and keeps the shelves in order. " +
	"Writes a list of what is missing each Friday. Takes part in fire drills. Knows the rules for storing paint and solvents and keeps to them."

// exampleDay is the day on which the examples of rules are looked at.
var exampleDay = time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)

// exampleClient is the organization that the examples of rules speak of.
var exampleClient = &org.Client{
	ID: "acme", Name: "Acme", FormerNames: []string{"Acme Brothers"}, Dissolved: []string{"Print Services"}, FormerPeople: []string{"Jane Doe"},
	Values: []org.Value{{Name: "respect"}, {Name: "speed"}}, FormerValues: []string{"synergy"},
	Vision: "We answer every call before the third ring.", FormerVision: "To become the largest plumber of the county.",
	Departments: []org.Department{{ID: "support", Name: "Customer Support", FormerNames: []string{"Help Desk"}}, {ID: "sales", Name: "Sales"}},
	Roles:       []org.Role{{Title: "Head of Support", Department: "support"}, {Title: "Head of Sales", Department: "sales"}, {Title: "Support Engineer", FormerTitles: []string{"Help Desk Agent"}}},
	Products:    []org.Product{{Name: "Home Care", Ended: time.Date(2024, 6, 30, 0, 0, 0, 0, time.UTC), Replacement: "Home Care Plus"}},
	Systems:     []org.System{{Name: "Zendesk", Replaces: []string{"Freshdesk"}}},
}

// Look makes of an example of a rule what rules look at: a document of an example
// organization, on an example day.
func Look(text string) (facts any, pieces iter.Seq[lint.Piece]) {
	doc, err := document.Read("example.md", []byte(text))
	if err != nil {
		return (*Paper)(nil), func(func(lint.Piece) bool) {}
	}
	known := NewKnown(exampleClient)
	p := NewReader(known, exampleDay).Read("example.md", doc)
	set := NewSet(known, exampleDay)
	set.Add(p)
	set.Settle()
	return p, lint.Pieces(p.piece(true))
}
