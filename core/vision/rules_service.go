package vision

import (
	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/lint"
)

func serviceRules() []*lint.Rule {
	return []*lint.Rule{
		{
			ID: "service/customer-late", Title: "The customer comes last", Severity: lint.Hint,
			Why:      "What stands first is read as what counts most.",
			Fix:      "Move the customer to the front.",
			Source:   "Toister, The Service Culture Handbook (2017): focused on customers",
			Examples: lint.Examples{Bad: []string{"Through our long history, our modern buildings, our many branches, our trained staff and our fair prices we help customers."}, Good: []string{"We help customers find what they need, in any branch."}},
			Check:    checkCustomerLate,
		},
		{
			ID: "service/inward", Title: "What the organization wants for itself", Severity: lint.Warning,
			Why:      "Profit and growth follow from service; as its aim they tell staff to look away from the customer.",
			Fix:      "Keep it for the annual report, and say here what the customer gets.",
			Source:   "Bart, Sex, lies and mission statements, Business Horizons 40 (1997); Collins and Porras, Building your company's vision, Harvard Business Review (1996)",
			Examples: lint.Examples{Bad: []string{"To grow market share and shareholder value."}, Good: []string{"We sell bread that is baked the same morning."}},
			Check:    report(lexicon.Inward, "%q is what you want, not what the customer gets"),
		},
		{
			ID: "service/no-customer", Title: "Nobody is served", Severity: lint.Hint,
			Why:      "Service needs somebody to serve; without one, staff think of the work and not of whom it is for.",
			Fix:      "Name them by the word you use for them: guests, patients, members, callers.",
			Source:   "Toister, The Service Culture Handbook (2017): focused on customers",
			Examples: lint.Examples{Bad: []string{"Building a smarter tomorrow."}, Good: []string{"We call guests by their names.", "You can count on us."}},
			Whole: whole("it names nobody who is served", func(f *Facts) bool {
				return f.hits(lexicon.Customers, lexicon.SecondPerson, lexicon.Unnamed) == 0
			}),
		},
		{
			ID: "service/stakeholder-list", Title: "List of stakeholders", Severity: lint.Warning,
			Why:      "Who serves everybody first serves nobody first; the order of the list becomes the rule.",
			Fix:      "Name the one group that this statement is for.",
			Source:   "Bartkus, Glassman and McAfee (2000); Carton, Murphy and Clark (2014): few values",
			Examples: lint.Examples{Bad: []string{"We create value for our customers, employees, shareholders and communities."}, Good: []string{"We help our customers and their families."}},
			Check:    faulty(stakeholderFault, func(f found, _ string) string { return number(f.n) + " groups in one sentence" }),
		},
		{
			ID: "service/unnamed-customer", Title: "Everybody, who is nobody", Severity: lint.Hint,
			Why:      "“Everyone” and “people” name nobody: a new colleague does not learn who comes through the door.",
			Fix:      "Say who it is: guests, patients, readers, families who have just moved here.",
			Source:   "Toister, The Service Culture Handbook (2017): focused on customers",
			Examples: lint.Examples{Bad: []string{"To bring joy to people everywhere."}, Good: []string{"We bring joy to children who are ill.", "We treat every guest as if they were the first."}},
			Whole: whole("it serves everybody and names nobody", func(f *Facts) bool {
				return f.hits(lexicon.Customers, lexicon.SecondPerson) == 0 && f.Hits[lexicon.Unnamed] > 0
			}),
		},
		{
			ID: "service/what-you-do", Title: "Does not say what you do", Severity: lint.Warning,
			Why:      "A reader from outside could not tell whether you bake bread or insure ships.",
			Fix:      "Name your work in the words your customers use for it.",
			Source:   "Pearce and David, Corporate mission statements: the bottom line, Academy of Management Executive 1 (1987): products or services",
			Examples: lint.Examples{Bad: []string{"To be the best by exceeding the expectations of our customers."}, Good: []string{"We repair shoes while you wait."}},
			Whole: whole("it does not say what you do", func(f *Facts) bool {
				return f.Counts.Words >= 4 && f.own == 0 && f.Acts < 2
			}),
		},
	}
}

func checkCustomerLate(p *lint.Pass) {
	f := factsIn(p)
	first := len(p.Text.Words)
	for _, l := range []lexicon.List{lexicon.Customers, lexicon.SecondPerson} {
		if len(f.of[l]) > 0 {
			first = min(first, f.of[l][0].First)
		}
	}
	if n := len(p.Text.Words); first < n && first > 14 && first > n*6/10 {
		p.Report(p.Text.Words[first].Span, "the customer comes after %d other words", first)
	}
}
