package vision

import (
	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// fewPictures is the mean over the content words, of how far they can be
// pictured, under which a statement shows nothing.
const fewPictures = .22

func concreteRules() []*lint.Rule {
	return []*lint.Rule{
		{
			ID: "concrete/abstract", Title: "Nothing one can picture", Severity: lint.Warning,
			Why:      "A vision that people can see in the mind is shared by them; one of ideas means something else to each.",
			Fix:      "Name one thing a customer would see, hear or hold when it has come true.",
			Source:   "Carton, Murphy and Clark, A (blurry) vision of the future, Academy of Management Journal 57 (2014); Paivio, Imagery and Verbal Processes (1971)",
			Examples: lint.Examples{Bad: []string{"Excellence through integrity and quality."}, Good: []string{"A driver brings warm bread to your door."}},
			Whole: whole("there is hardly a word in it that one could picture", func(f *Facts) bool {
				return f.Content >= 3 && f.Picture/float64(f.Content) < fewPictures && f.Acts < 2 && f.hits(lexicon.Standards, lexicon.Limits)+f.Numbers == 0
			}),
		},
		{
			ID: "concrete/cliche", Title: "Cliché", Severity: lint.Warning,
			Why:      "The phrase stands in so many statements that readers no longer see it.",
			Fix:      "Say what happens in your place that would not happen elsewhere.",
			Source:   "Orwell, Politics and the English Language (1946); Bartkus, Glassman and McAfee, Mission statements: are they smoke and mirrors?, Business Horizons 43 (2000)",
			Examples: lint.Examples{Bad: []string{"We go the extra mile to exceed expectations."}, Good: []string{"We call you back before we go home."}},
			Check:    each(lexicon.Cliches, checkCliche),
		},
		{
			ID: "concrete/fuzzy", Title: "Time or degree that nobody can check", Severity: lint.Hint,
			Why:      "Everybody agrees to “timely”, and means an hour or a month.",
			Fix:      "Put the time or the amount there: “within a day”, “before you leave”.",
			Source:   "Locke and Latham, Building a practically useful theory of goal setting, American Psychologist 57 (2002): specific goals",
			Examples: lint.Examples{Bad: []string{"We reply as soon as possible."}, Good: []string{"We reply within an hour."}},
			Check:    unless(lexicon.SetOf(lexicon.Wordy, lexicon.Cliches, lexicon.Hedges), lexicon.Fuzzy, "%q is for everyone to read as they like"),
		},
		{
			ID: "concrete/no-actor", Title: "Nobody acts", Severity: lint.Hint,
			Why:      "A sentence without a subject asks nothing of anyone in particular.",
			Fix:      "Begin with who acts: “we”, “each of us”, “our drivers”.",
			Source:   "Federal Plain Language Guidelines (2011): make it clear who does what",
			Examples: lint.Examples{Bad: []string{"To bring meals to people who cannot leave home."}, Good: []string{"We bring meals to people who cannot leave home.", "Answer the phone before the third ring."}},
			Whole:    checkActor,
		},
		{
			ID: "concrete/no-behavior", Title: "Nothing one could see an employee do", Severity: lint.Warning,
			Why:      "If it names no act, no two people will act on it alike, and nobody can tell whether it is kept.",
			Fix:      "Finish the sentence “You would see us …” and use what you wrote.",
			Source:   "Toister, The Service Culture Handbook (2017); Carton, Murphy and Clark (2014)",
			Examples: lint.Examples{Bad: []string{"Quality through excellence.", "To be the premier provider of insurance."}, Good: []string{"We listen first, then answer.", "Never blame the caller."}},
			Whole:    whole("it names nothing that one could see or hear an employee do", func(f *Facts) bool { return f.Acts == 0 }),
		},
		{
			ID: "concrete/no-standard", Title: "No standard", Severity: lint.Hint,
			Why:      "Without a time, an amount or a condition nobody can tell whether it was kept.",
			Fix:      "Add one: by when, how often, how many, or what happens if not.",
			Source:   "Locke and Latham (2002): specific goals; Parasuraman, Zeithaml and Berry, SERVQUAL, Journal of Retailing 64 (1988): reliability",
			Examples: lint.Examples{Bad: []string{"We answer the phone and listen to you."}, Good: []string{"We answer the phone within three rings.", "If the meal is cold, you do not pay."}},
			Whole: whole("it sets no standard: no time, amount or condition that one could check", func(f *Facts) bool {
				return f.Counts.Words >= 4 && f.hits(lexicon.Standards, lexicon.Limits)+f.Numbers == 0
			}),
		},
		{
			ID: "concrete/vague-noun", Title: "Noun that can stand for anything", Severity: lint.Hint,
			Why:      "“Solutions” can be software, soap or a loan: the reader has to guess.",
			Fix:      "Name the thing.",
			Source:   "Orwell, Politics and the English Language (1946); Carton, Murphy and Clark (2014)",
			Examples: lint.Examples{Bad: []string{"We bring solutions to farms."}, Good: []string{"We bring seed and water pumps to farms."}},
			Check:    each(lexicon.VagueNouns, checkVagueNoun),
		},
		{
			ID: "concrete/vague-verb", Title: "Verb that names no act", Severity: lint.Hint,
			Why:      "Nobody has ever been seen enhancing, fostering or ensuring.",
			Fix:      "Say what the person does with hands, eyes or voice.",
			Source:   "Williams, Style: Toward Clarity and Grace (1990): actions in verbs; Carton, Murphy and Clark (2014)",
			Examples: lint.Examples{Bad: []string{"We foster the growth of towns."}, Good: []string{"We plant trees along the streets of our town."}},
			Check:    each(lexicon.VagueVerbs, checkVagueVerb),
		},
	}
}

// checkCliche reports a cliché. One among acts does no harm.
func checkCliche(p *lint.Pass, h lexicon.Hit) {
	if p.Enough() {
		p.Count()
		return
	}
	d := lint.Diagnostic{Span: hitSpan(p.Text, h)}
	d.Message = quoting("%q is in every second statement", d.Span.In(p.Text.Source))
	if f := factsIn(p); f.Hits[lexicon.Cliches] == 1 && f.Acts >= 2 {
		d.Severity = lint.Hint
	}
	p.Diagnose(d)
}

// checkActor reports a statement that begins with an infinitive and has no word
// for whoever acts. Commands speak to the reader, who acts.
func checkActor(p *lint.Pass) {
	f := factsIn(p)
	if f.infinitive && f.Hits[lexicon.Actors] == 0 && f.Hits[lexicon.FirstPerson] == 0 {
		p.Report(prose.Span{}, "it does not say who does it")
	}
}

// plainNouns are on the list of vague nouns for what they are in heaps; alone they
// are worth no remark.
var plainNouns = setOf(" service services community communities information knowledge industry business access communication standard standards mission vision future change support ")

func checkVagueNoun(p *lint.Pass, h lexicon.Hit) {
	f := factsIn(p)
	if f.Marks.InAny(h.First, told) || plainNouns[h.Phrase.Text] {
		return
	}
	reportHit(p, h, "%q can stand for anything")
}

// told are lists whose findings say of a word what there is to say.
var told = lexicon.SetOf(lexicon.Buzzwords, lexicon.Cliches, lexicon.Superlatives, lexicon.Redundant, lexicon.Values, lexicon.Nominalizations, lexicon.Recognition)

// everydayVerbs are on the list of vague verbs for what follows them.
var everydayVerbs = setOf(" provide provides provided providing deliver delivers delivered delivering offer offers offered offering create creates created creating build builds built building serve serves served serving meet meets met meeting add adds adding lead leads led leading grow grows grown growing apply applies protect protects protected protecting improve improves improved improving become becomes became becoming continue continues continued continuing assist assists assisted assisting develop develops developed developing manage manages managed managing ")

// checkVagueVerb reports a vague verb; one that everybody uses only where what
// follows within three words is vague too.
func checkVagueVerb(p *lint.Pass, h lexicon.Hit) {
	f := factsIn(p)
	if f.Marks.InAny(h.First, told) || f.Marks.Entries[h.First].Verb < 3 || f.Marks.In(h.First, lexicon.Hedges) || h.First > 0 && f.Marks.In(h.First-1, lexicon.Hedges) {
		return
	}
	if everydayVerbs[h.Phrase.Text] {
		follows := false
		for i := h.End; i < min(h.End+3, len(p.Text.Words)); i++ {
			follows = follows || f.Marks.In(i, lexicon.VagueNouns) || f.Marks.In(i, lexicon.Buzzwords)
		}
		if !follows {
			return
		}
	}
	reportHit(p, h, "%q names no act")
}
