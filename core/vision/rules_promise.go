package vision

import (
	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/prose"
)

func promiseRules() []*lint.Rule {
	return []*lint.Rule{
		{
			ID: "promise/absolute", Title: "Promise that one exception breaks", Severity: lint.Hint,
			Why:      "One late train makes “always” a lie, and staff know that before customers do.",
			Fix:      "Promise what you do on an ordinary bad day, and say what happens if it fails.",
			Source:   "Parasuraman, Zeithaml and Berry (1988): reliability means keeping what is promised",
			Examples: lint.Examples{Bad: []string{"You will always be completely satisfied."}, Good: []string{"If your meal is late, you do not pay."}},
			Check:    unless(lexicon.SetOf(lexicon.Cliches, lexicon.Superlatives), lexicon.Absolutes, "%q is broken by one exception"),
		},
		{
			ID: "promise/guarantee", Title: "Guarantee without a remedy", Severity: lint.Hint,
			Why:      "A guarantee that does not say what happens otherwise is only a loud promise.",
			Fix:      "Say what the customer gets if you fail.",
			Source:   "Hart, The power of unconditional service guarantees, Harvard Business Review (1988)",
			Examples: lint.Examples{Bad: []string{"We guarantee quality."}, Good: []string{"We guarantee delivery by noon, or you get your money back."}},
			Check:    checkGuarantee,
		},
		{
			ID: "promise/hedge", Title: "Promise to try", Severity: lint.Hint,
			Why:      "Who strives has promised nothing yet.",
			Fix:      "Drop the hedge: “we answer”, not “we strive to answer”.",
			Source:   "Federal Plain Language Guidelines (2011): be direct; Orwell (1946)",
			Examples: lint.Examples{Bad: []string{"We strive to answer the phone."}, Good: []string{"We answer the phone."}},
			Check:    each(lexicon.Hedges, checkHedge),
		},
		{
			ID: "promise/hedge-chain", Title: "Hedge before a vague verb", Severity: lint.Warning,
			Why:      "Trying to do something that nobody can see being done is two steps from doing anything.",
			Fix:      "Say the act itself.",
			Source:   "Orwell (1946); Williams (1990)",
			Examples: lint.Examples{Bad: []string{"We strive to promote health."}, Good: []string{"We strive to answer within a day.", "We promote nurses from our own staff."}},
			Check:    each(lexicon.Hedges, checkHedgeChain),
		},
		{
			ID: "promise/hype", Title: "Hype", Severity: lint.Hint,
			Why:      "Enthusiasm cannot be ordered, and customers hear that it was.",
			Fix:      "Say what makes it so, and let readers be amazed by themselves.",
			Source:   "Federal Plain Language Guidelines (2011); Bartkus, Glassman and McAfee (2000)",
			Examples: lint.Examples{Bad: []string{"Amazing service from passionate people."}, Good: []string{"We stay until your car runs."}},
			Check:    unless(lexicon.SetOf(lexicon.Cliches, lexicon.Superlatives), lexicon.Hype, "%q is hype"),
		},
		{
			ID: "promise/leadership-claim", Title: "Wanting to be seen as the leader", Severity: lint.Warning,
			Why:      "Rank is for others to give. No employee knows what to do on Monday to be recognized.",
			Fix:      "Say what you do that would earn the rank.",
			Source:   "Collins and Porras (1996); Carton, Murphy and Clark (2014)",
			Examples: lint.Examples{Bad: []string{"To be recognized as the leading bank.", "We want to be the premier library."}, Good: []string{"We lend to people whom no bank lends to."}},
			Check:    report(lexicon.Recognition, "%q wishes for a rank instead of saying what is done"),
		},
		{
			ID: "promise/pride", Title: "Talk of one's own feelings", Severity: lint.Hint,
			Why:      "How you feel about the work is no use to the customer.",
			Fix:      "Name the work you are proud of and drop the pride.",
			Source:   "Toister, The Service Culture Handbook (2017): focused on customers",
			Examples: lint.Examples{Bad: []string{"We pride ourselves on our clean kitchens."}, Good: []string{"You can look into our kitchens."}},
			Check:    report(lexicon.Pride, "%q is about how you feel"),
		},
		{
			ID: "promise/superlative", Title: "Superlative", Severity: lint.Warning,
			Why:      "Everybody claims to be the best, so the word says nothing, and invites the reader to doubt the rest.",
			Fix:      "Give the fact behind it, or leave it out.",
			Source:   "Federal Plain Language Guidelines (2011); FTC policy on puffery: claims nobody is expected to believe",
			Examples: lint.Examples{Bad: []string{"We offer superior hotels.", "Outstanding care."}, Good: []string{"Two of our nurses know each patient by name."}},
			Check:    unless(lexicon.SetOf(lexicon.Recognition, lexicon.Cliches), lexicon.Superlatives, "%q claims a rank without a fact"),
		},
		{
			ID: "promise/value-list", Title: "More than three values", Severity: lint.Warning,
			Why:      "Of a list of values people remember none; of one or two they may ask what they mean.",
			Fix:      "Keep the one or two that decide when they conflict with profit.",
			Source:   "Carton, Murphy and Clark (2014): few values; Lencioni, Make your values mean something, Harvard Business Review (2002); Cowan (2001)",
			Examples: lint.Examples{Bad: []string{"We stand for integrity, respect, teamwork, innovation and trust."}, Good: []string{"We treat you with respect and honesty."}},
			Check:    faulty(valueFault, func(f found, _ string) string { return number(f.n) + " values in a row" }),
		},
	}
}

func checkGuarantee(p *lint.Pass) {
	f := factsIn(p)
	for _, h := range f.of[lexicon.Absolutes] {
		if len(h.Phrase.Text) >= 9 && h.Phrase.Text[:9] == "guarantee" && len(f.of[lexicon.Standards]) == 0 && len(f.of[lexicon.Limits]) == 0 {
			reportHit(p, h, "%q without saying what happens otherwise")
		}
	}
}

// checkHedge reports a hedge, unless it is one of a chain, or the wordy form of
// something plain.
func checkHedge(p *lint.Pass, h lexicon.Hit) {
	if f := factsIn(p); !chained(f, p.Text, h) && !f.Marks.In(h.First, lexicon.Pride) {
		reportHit(p, h, "%q promises only to try")
	}
}

// chained says whether a vague verb follows a hedge.
func chained(f *Facts, t *prose.Text, h lexicon.Hit) bool {
	return h.End < len(t.Words) && !breaks(t.Source[t.Words[h.End-1].End:t.Words[h.End].Start]) && f.Marks.In(h.End, lexicon.VagueVerbs) && f.Marks.Entries[h.End].Verb >= 3
}

func checkHedgeChain(p *lint.Pass, h lexicon.Hit) {
	if chained(factsIn(p), p.Text, h) {
		span := wordsSpan(p.Text, h.First, h.End+1)
		p.Report(span, "%s", quoting("%q tries to do what nobody can see", span.In(p.Text.Source)))
	}
}
