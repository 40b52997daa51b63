package vision

import (
	"iter"
	"sync"

	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/org"
	"github.com/firstcall-cli/firstcall/core/prose"
	"github.com/firstcall-cli/firstcall/core/record"
)

// Example makes of the text of an example what rules see of a statement, as
// [lint.Look]: one of an organization that is known, in the year 2026.
func Example(text string) (facts any, pieces iter.Seq[lint.Piece]) {
	f := newFacts(exampleOrganization())
	t := prose.Parse(text)
	return f, func(yield func(lint.Piece) bool) {
		f.add(lexicon.English(), t)
		yield(lint.Piece{Text: t})
	}
}

// exampleOrganization is whose statements the examples are.
var exampleOrganization = sync.OnceValue(func() *Organization {
	n, percent := int64(40), 31.0
	return NewOrganization(2026, &org.Client{
		ID: "acme", Name: "Acme Ltd", FormerNames: []string{"Acme Brothers"},
		Values: []org.Value{{Name: "respect"}, {Name: "speed"}}, Departments: []org.Department{{ID: "billing", Name: "Billing", Vision: "We reply within 24 hours."}},
	}, []*record.AssessmentBody{{
		Instrument: record.Instrument{ID: "example", WeakBelow: 50, Dimensions: []record.DimensionText{{ID: "care", Items: []record.ItemText{{ID: "c1", Text: "We listen to customers until they have finished."}}}}},
		Dimensions: []record.Dimension{{ID: "care", Items: []record.Item{{ID: "c1", N: &n, Percent: &percent}}}},
	}}, nil)
})
