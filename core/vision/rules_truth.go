package vision

import (
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// anybody is the share of words that stand in statements of every trade from
// which another organization could sign the text.
const anybody = .45

func truthRules() []*lint.Rule {
	return []*lint.Rule{
		{
			ID: "truth/conflict", Title: "At odds with another statement of the organization", Severity: lint.Warning,
			Why:      "Staff who are told two things do the easier one, and customers meet both.",
			Fix:      "Agree on one, and change the other statement too.",
			Source:   "Practice: excellent service in one area and poor service in another is a fault of the system; Kotter, Leading Change (1996)",
			Examples: lint.Examples{Bad: []string{"We reply within 5 days."}, Good: []string{"We reply within 24 hours.", "We deliver within 3 days."}},
			Whole: func(p *lint.Pass) {
				f := factsIn(p)
				for _, c := range f.Known.conflicts(f) {
					p.Report(prose.Span{}, "at odds with %s: %s", c.of, c.what)
				}
			},
		},
		{
			ID: "truth/culture-gap", Title: "Claim that employees rate as weak", Severity: lint.Warning,
			Why:      "Staff know that it is not so, and learn that statements need not be kept.",
			Fix:      "Mend it first, or say it as the aim it is and by when.",
			Source:   "Practice: conflicts between stated ideals and practice hurt staff and customers; Toister (2017): reflects reality",
			Examples: lint.Examples{Bad: []string{"We listen to you."}, Good: []string{"We greet you."}},
			Whole: func(p *lint.Pass) {
				f := factsIn(p)
				if !f.Known.knows() {
					return
				}
				weak, _ := f.Known.lived(f)
				for _, r := range weak {
					p.Report(prose.Span{}, "it claims “%s”, and employees rate “%s” at %.0f of 100", r.claim, strings.TrimSuffix(r.item, "."), r.percent)
				}
			},
		},
		{
			ID: "truth/interchangeable", Title: "Any organization could sign it", Severity: lint.Warning,
			Why:      "What fits a bank and a bakery alike tells neither's staff what to do.",
			Fix:      "Put another company's name in: if it still fits, add what only you do, or how only you do it.",
			Source:   "Toister, The Service Culture Handbook (2017): reflects who you are; Collins and Porras (1996)",
			Examples: lint.Examples{Bad: []string{"Our mission is to provide quality products and excellent service to our customers."}, Good: []string{"We lend tools, and show you how to hold them."}},
			Whole: whole("with another name in it, it would fit any other organization", func(f *Facts) bool {
				return f.Counts.Words >= 4 && f.share(lexicon.Generic) >= anybody && f.Acts < 3
			}),
		},
		{
			ID: "truth/old-name", Title: "Name that is no longer right", Severity: lint.Error,
			Why:      "It tells readers that nobody has looked at the statement since the name changed.",
			Fix:      "Use the present name, and read the rest again while you are there.",
			Source:   "No source needed: a fact of the client file",
			Examples: lint.Examples{Bad: []string{"At Acme Brothers we bake at night."}, Good: []string{"At Acme we bake at night."}},
			Check:    reportOldNames,
		},
		{
			ID: "truth/stale-date", Title: "Year that is over", Severity: lint.Warning,
			Why:      "A goal for a year that is over tells readers that nobody looks at the statement.",
			Fix:      "Say what became of it, and set the next date or none.",
			Source:   "Kotter, Leading Change (1996): a vision is about the future",
			Examples: lint.Examples{Bad: []string{"By 2015 we will answer every call within a minute."}, Good: []string{"We have baked bread here since 1962.", "By 2999 we will answer every call within a minute."}},
			Check:    faulty(yearFault, func(f found, _ string) string { return strconv.Itoa(f.n) + " is over" }),
		},
		{
			ID: "truth/stale-word", Title: "Word that dates the text", Severity: lint.Hint,
			Why:      "The word shows when the text was last read with care.",
			Fix:      "Say what you use today, or nothing about it.",
			Source:   "Bartkus, Glassman and McAfee (2000): statements that nobody revisits",
			Examples: lint.Examples{Bad: []string{"We lead our guests into the new millennium."}, Good: []string{"We welcome guests at any hour."}},
			Check:    report(lexicon.Stale, "%q dates the text"),
		},
		{
			ID: "truth/values", Title: "None of the organization's values", Severity: lint.Hint,
			Why:      "The values say who you are; a statement without them could be somebody else's.",
			Fix:      "Let one value show in what people do. Its name need not be said.",
			Source:   "Toister, The Service Culture Handbook (2017): reflects who you are",
			Examples: lint.Examples{Bad: []string{"We bake bread at night."}, Good: []string{"We speak with respect to whoever calls."}},
			Whole: func(p *lint.Pass) {
				f := factsIn(p)
				if !f.Known.knows() || f.Known.client == nil || len(f.Known.client.Values) == 0 || len(f.Known.carried(f)) > 0 {
					return
				}
				var names []string
				for _, v := range f.Known.client.Values {
					names = append(names, v.Name)
				}
				p.Report(prose.Span{}, "it carries none of the values: %s", strings.Join(names, ", "))
			},
		},
	}
}

// reportOldNames reports former names of the client and its departments.
func reportOldNames(p *lint.Pass) {
	f := factsIn(p)
	for _, fault := range f.faulty[oldNameFault] {
		n := f.Known.names[fault.n]
		p.Diagnose(lint.Diagnostic{Span: fault.Span, Message: "“" + n.old + "” is called “" + n.now + "” now", Fix: &lint.Fix{Replacement: n.now}})
	}
}
