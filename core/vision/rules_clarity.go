package vision

import (
	"strings"

	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// Limits of the rules for clarity, in words unless said otherwise.
const (
	longSentence     = 25 // from here readers lose the thread: Cutts, Oxford Guide to Plain English
	veryLongSentence = 40
	muchToRecall     = 40 // a statement of so many words is hard to repeat
	tooMuchToRecall  = 60
	hardFog          = 16.0 // Gunning Fog, school grades: a university text
	veryHardFog      = 20.0
	manyAnds         = 3 // in one sentence
	longChain        = 4 // nouns in a row
)

func clarityRules() []*lint.Rule {
	return []*lint.Rule{
		{
			ID: "clarity/acronym", Title: "Acronym that is not explained", Severity: lint.Hint,
			Why:      "A new colleague or a customer who does not know the letters stops reading there.",
			Fix:      "Write the name out, or say what it stands for the first time.",
			Source:   "Federal Plain Language Guidelines (2011): minimize abbreviations",
			Examples: lint.Examples{Bad: []string{"The OIT helps staff with their computers."}, Good: []string{"The Office of Information Technology (OIT) helps staff. Call OIT at any time.", "We answer every call in the UK."}},
			Check:    faulty(acronymFault, func(f found, words string) string { return words + " is not explained" }),
		},
		{
			ID: "clarity/and-chain", Title: "Chain of ands", Severity: lint.Hint,
			Why:      "Each “and” adds a thing to remember; after three or four, none is.",
			Fix:      "Keep the one or two things that matter most and drop the rest.",
			Source:   "Cowan, The magical number 4 in short-term memory, Behavioral and Brain Sciences 24 (2001)",
			Examples: lint.Examples{Bad: []string{"We plan and build and sell and repair bicycles and scooters for towns and villages."}, Good: []string{"We repair bicycles and scooters while you wait."}},
			Check:    checkAnds,
		},
		{
			ID: "clarity/asides", Title: "Asides", Severity: lint.Hint,
			Why:      "Brackets and semicolons hold a second statement inside the first.",
			Fix:      "Give the aside a sentence of its own, or drop it.",
			Source:   "Federal Plain Language Guidelines (2011): one idea a sentence",
			Examples: lint.Examples{Bad: []string{"We sell food; we cook it; we bring it home."}, Good: []string{"We cook food and bring it to your door."}},
			Check:    faulty(asideFault, func(f found, _ string) string { return "brackets or semicolons hold a second statement" }),
		},
		{
			ID: "clarity/buzzword", Title: "Buzzword", Severity: lint.Warning,
			Why:      "It sounds of business and names nothing an employee could do or a customer could see.",
			Fix:      "Say what somebody does instead, in words you would use at the counter.",
			Source:   "Orwell, Politics and the English Language (1946); Federal Plain Language Guidelines (2011)",
			Examples: lint.Examples{Bad: []string{"We leverage synergies for our clients."}, Good: []string{"We fix your bicycle while you wait."}},
			Check:    unless(lexicon.SetOf(lexicon.Cliches), lexicon.Buzzwords, "%q is a buzzword"),
		},
		{
			ID: "clarity/hard-to-read", Title: "Hard to read", Severity: lint.Warning,
			Why:      "People skip what they have to read twice, and nobody acts on what was skipped.",
			Fix:      "Shorten the sentences first, then exchange long words for short ones.",
			Source:   "Gunning, The Technique of Clear Writing (1952); Toister, The Service Culture Handbook (2017): simple and easily understood",
			Examples: lint.Examples{Bad: []string{"Our organization endeavors to facilitate interdisciplinary collaboration opportunities among institutional representatives through comprehensive administrative coordination of regional activities."}, Good: []string{"We tell you what is wrong with your car before we fix it."}},
			Whole:    checkFog,
		},
		{
			ID: "clarity/jargon", Title: "Word with a plainer one", Severity: lint.Hint,
			Why:      "The longer word costs every reader a moment and gives nothing for it.",
			Fix:      "Use the plain word.",
			Source:   "Federal Plain Language Guidelines (2011): use simple words",
			Examples: lint.Examples{Bad: []string{"We utilize local farms.", "Staff commence work at six."}, Good: []string{"We use local farms."}},
			Check:    unless(lexicon.SetOf(lexicon.Buzzwords, lexicon.Hedges), lexicon.Jargon, "%q has a plainer word"),
		},
		{
			ID: "clarity/long-sentence", Title: "Long sentence", Severity: lint.Hint,
			Why:      "By the end of it the reader has lost the beginning.",
			Fix:      "Cut it where it has a breath: one idea a sentence.",
			Source:   "Cutts, Oxford Guide to Plain English (1995): 15 to 20 words on average",
			Examples: lint.Examples{Bad: []string{"We help every person who comes into our shop to find the tool that they need for the work that they have in mind, even if it means that we send them to another shop."}, Good: []string{"We help you find the right tool. If we do not have it, we tell you who does."}},
			Check:    checkLongSentences,
		},
		{
			ID: "clarity/nominalization", Title: "Verb hidden in a noun", Severity: lint.Hint,
			Why:      "“The provision of help” has nobody in it who helps.",
			Fix:      "Turn the noun back into a verb and say who does it.",
			Source:   "Williams, Style: Toward Clarity and Grace (1990)",
			Examples: lint.Examples{Bad: []string{"Our aim is the provision of meals.", "We provide assistance to travelers."}, Good: []string{"We cook meals.", "We help travelers."}},
			Check:    report(lexicon.Nominalizations, "%q hides a verb"),
		},
		{
			ID: "clarity/noun-chain", Title: "Chain of nouns", Severity: lint.Hint,
			Why:      "The reader has to find out which noun belongs to which.",
			Fix:      "Put the little words back: “support for our customers”, not “customer support service delivery”.",
			Source:   "Federal Plain Language Guidelines (2011): avoid noun strings",
			Examples: lint.Examples{Bad: []string{"We run the customer complaint resolution office system."}, Good: []string{"We settle complaints from customers."}},
			Check:    checkNounChains,
		},
		{
			ID: "clarity/opening", Title: "Opening that says nothing", Severity: lint.Hint,
			Why:      "The first words are remembered best, and these only announce that a statement follows.",
			Fix:      "Begin with who does what.",
			Source:   "Strunk, The Elements of Style (1918): omit needless words",
			Examples: lint.Examples{Bad: []string{"The mission of the library is to lend books.", "Our vision is to feed the town."}, Good: []string{"We lend books to anyone who asks."}},
			Check:    checkOpenings,
		},
		{
			ID: "clarity/passive", Title: "Passive without an actor", Severity: lint.Hint,
			Why:      "Nobody can tell whose job it is.",
			Fix:      "Name who does it: “we answer calls”, not “calls are answered”.",
			Source:   "Federal Plain Language Guidelines (2011): use active voice; Orwell (1946)",
			Examples: lint.Examples{Bad: []string{"Complaints are answered within a day.", "Guests will be treated kindly."}, Good: []string{"We answer complaints within a day.", "Meals are cooked by people who live here."}},
			Check:    faulty(passiveFault, func(_ found, words string) string { return quoting("%q does not say who does it", words) }),
		},
		{
			ID: "clarity/redundant", Title: "Two words for one thing", Severity: lint.Hint,
			Why:      "The second word adds length, not meaning.",
			Fix:      "Keep the better one.",
			Source:   "Strunk, The Elements of Style (1918): omit needless words",
			Examples: lint.Examples{Bad: []string{"We are honest about our goals and objectives."}, Good: []string{"We are honest about our goals."}},
			Check:    unless(lexicon.SetOf(lexicon.Cliches), lexicon.Redundant, "%q says one thing twice"),
		},
		{
			ID: "clarity/slash", Title: "Words joined by a slash", Severity: lint.Hint,
			Why:      "The slash leaves it to the reader to decide between and and or.",
			Fix:      "Write “and” or “or”, or choose one of the two.",
			Source:   "Federal Plain Language Guidelines (2011)",
			Examples: lint.Examples{Bad: []string{"We help staff and/or visitors."}, Good: []string{"We are there 24/7 for staff and visitors."}},
			Check:    faulty(slashFault, func(_ found, words string) string { return quoting("%q leaves the choice to the reader", words) }),
		},
		{
			ID: "clarity/too-long", Title: "Too long to recall", Severity: lint.Hint,
			Why:      "A statement guides only whoever has it in mind while the customer waits.",
			Fix:      "Find the one sentence that says it, and move the rest to another page.",
			Source:   "Toister, The Service Culture Handbook (2017); Kotter, Leading Change (1996): explained within five minutes",
			Examples: lint.Examples{Bad: []string{strings.Repeat("We answer the phone when it rings and we listen. ", 5)}, Good: []string{"We answer the phone when it rings, and we listen."}},
			Whole:    checkTooLong,
		},
		{
			ID: "clarity/wordy", Title: "More words than needed", Severity: lint.Hint,
			Why:      "Fewer words for the same thing leave more room for what matters.",
			Fix:      "Use the short form.",
			Source:   "Strunk, The Elements of Style (1918); Federal Plain Language Guidelines (2011): be concise",
			Examples: lint.Examples{Bad: []string{"We train in order to help you.", "We reply in a timely manner."}, Good: []string{"We train to help you."}},
			Check:    unless(lexicon.SetOf(lexicon.Hedges, lexicon.Redundant), lexicon.Wordy, "%q has a shorter form"),
		},
	}
}

func checkAnds(p *lint.Pass) {
	f, from := factsIn(p), 0
	eachSentence(p, func(s *prose.Sentence) {
		if ands := hitsWithin(f.of[lexicon.Joints], s, &from); len(ands) > manyAnds {
			severity := lint.Hint
			if len(ands) > manyAnds+1 {
				severity = lint.Warning
			}
			p.Diagnose(lint.Diagnostic{Span: prose.Span{Start: p.Text.Words[ands[0].First].Start, End: p.Text.Words[ands[len(ands)-1].First].End},
				Severity: severity, Message: number(len(ands)) + " times “and” or “or” in one sentence"})
		}
	})
}

func checkFog(p *lint.Pass) {
	f := factsIn(p)
	if f.Content < 5 {
		return
	}
	fog := f.fog()
	severity := lint.Warning
	switch {
	case fog < hardFog:
		return
	case fog < veryHardFog:
		severity = lint.Hint
	}
	p.Diagnose(lint.Diagnostic{Severity: severity, Message: "it takes " + grade(fog) + " to read with ease (Gunning Fog " + decimal(fog) + ")"})
}

func checkLongSentences(p *lint.Pass) {
	eachSentence(p, func(s *prose.Sentence) {
		n := s.EndWord - s.FirstWord
		if n <= longSentence {
			return
		}
		severity := lint.Hint
		if n > veryLongSentence {
			severity = lint.Warning
		}
		p.Diagnose(lint.Diagnostic{Span: s.Span, Severity: severity, Message: "a sentence of " + number(n) + " words"})
	})
}

func checkNounChains(p *lint.Pass) {
	f, t := factsIn(p), p.Text
	eachSentence(p, func(s *prose.Sentence) {
		if s.Capitals || s.TitleCase {
			return
		}
		run := 0
		for i := s.FirstWord; i <= s.EndWord; i++ {
			if i < s.EndWord && f.Marks.Entries[i].Noun >= 6 && !f.Marks.In(i, lexicon.Function) && !t.Words[i].Is(prose.Capitalized) &&
				(run == 0 || t.Source[t.Words[i-1].End:t.Words[i].Start] == " ") {
				run++
				continue
			}
			if run >= longChain {
				span := wordsSpan(t, i-run, i)
				p.Report(span, "%s nouns in a row: “%s”", number(run), span.In(t.Source))
			}
			run = 0
		}
	})
}

// isOpening says whether a word only announces a statement.
func isOpening(word string) bool {
	switch word {
	case "mission", "Mission", "vision", "Vision", "purpose", "Purpose", "goal", "aim", "objective", "philosophy":
		return true
	}
	return false
}

func checkOpenings(p *lint.Pass) {
	t := p.Text
	eachSentence(p, func(s *prose.Sentence) {
		named := false
		for i := s.FirstWord; i < min(s.EndWord-1, s.FirstWord+12); i++ {
			word := t.Word(i)
			if !named && i < s.FirstWord+8 && len(word) >= 3 {
				named = isOpening(word)
			}
			if named && word == "is" && t.Word(i+1) == "to" {
				p.Report(wordsSpan(t, s.FirstWord, i+2), "the sentence begins only after “is to”")
				return
			}
		}
	})
}

func checkTooLong(p *lint.Pass) {
	n := factsIn(p).Counts.Words
	if n <= muchToRecall {
		return
	}
	severity := lint.Hint
	if n > tooMuchToRecall {
		severity = lint.Warning
	}
	p.Diagnose(lint.Diagnostic{Severity: severity, Message: number(n) + " words are too many to repeat from memory"})
}
