package jobs

import (
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// goals finds what a sentence says is to come out for customers: an aim, those it is
// for, and what is to be different for them. One with a figure, a frequency or a time
// is measured (Locke and Latham 1990: specific goals).
func (f *Facts) goals(t *prose.Text, s *prose.Sentence, is section) {
	if is == requirements && !f.duties(t, s) || is == company || f.askedWhole(s) {
		return
	}
	served := f.servedIn(s)
	first := -1
	if len(served) > 0 {
		first = served[0]
	}
	outcomes, aims := f.within(lexicon.Outcomes, s), f.within(lexicon.Aims, s)
	if first < 0 && len(outcomes) == 0 {
		return
	}
	measure := f.measure(t, s)
	switch {
	case first < 0:
		// Some outcomes are nobody's but those who are served.
		if measure >= 0 && len(outcomes) > 0 && outcomes[0].Phrase.Head == "other" && serviceLevel(outcomes) {
			f.Goals = append(f.Goals, goal{s.Span, true})
		} else if f.felt(outcomes, aims) {
			f.Goals = append(f.Goals, goal{s.Span, false})
		}
	case measure >= 0 && slices.ContainsFunc(served, func(w int) bool { return near(measure, w, 2*reach) }) && (len(outcomes) > 0 || len(aims) > 0 && aims[0].Phrase.Head == "strong" || f.serving(t, s)):
		f.Goals = append(f.Goals, goal{s.Span, true})
	case measure >= 0 && t.Words[measure].Is(prose.Number) && f.percent(t, measure) && is != requirements:
		f.Goals = append(f.Goals, goal{s.Span, true})
	case f.aimedAt(t, outcomes, aims, served):
		f.Goals = append(f.Goals, goal{s.Span, false})
	}
}

// percent says whether a number is a share.
func (f *Facts) percent(t *prose.Text, i int) bool {
	end := t.Words[i].End
	return strings.HasPrefix(strings.TrimLeft(t.Source[end:min(len(t.Source), end+3)], " \u00a0"), "%")
}

// duties says whether a sentence of a section of requirements tells a duty all the
// same: "Provides information to the public".
func (f *Facts) duties(t *prose.Text, s *prose.Sentence) bool {
	e := f.entry(t, s.FirstWord)
	if strings.HasSuffix(strings.ToLower(t.Word(s.FirstWord)), "s") {
		return e.Verb >= 3 && f.Marks.In(s.FirstWord, lexicon.Serving)
	}
	return e.Verb >= 7 && e.Noun < 3 && !f.Marks.In(s.FirstWord, lexicon.Abilities) && !strings.HasSuffix(t.Word(s.FirstWord), "ed")
}

// serving says whether the sentence has an act for those who are served.
func (f *Facts) serving(t *prose.Text, s *prose.Sentence) bool {
	for _, h := range f.within(lexicon.Serving, s) {
		if f.acts(t, s, h) {
			if _, ok := f.towards(t, h, f.clauseEnd(t, s, h.End)); ok {
				return true
			}
		}
	}
	return false
}

// serviceLevel says whether one of the outcomes is a measure of service.
func serviceLevel(outcomes []lexicon.Hit) bool {
	for _, o := range outcomes {
		if has(" sla slas nps csat ", o.Phrase.Text) || strings.HasSuffix(o.Phrase.Text, "time") || strings.HasSuffix(o.Phrase.Text, "times") {
			return true
		}
	}
	return false
}

// felt says whether a sentence aims at what only customers can feel: "enhance the
// visitor experience".
func (f *Facts) felt(outcomes, aims []lexicon.Hit) bool {
	for _, o := range outcomes {
		if o.Phrase.Head != "felt" || len(strings.Fields(o.Phrase.Text)) < 2 {
			continue
		}
		for _, a := range aims {
			if a.First < o.First && o.First-a.First <= reach {
				return true
			}
		}
	}
	return false
}

// near says whether two words stand at most so far apart.
func near(a, b, most int) bool { return a-b <= most && b-a <= most }

// servedIn gives the indexes of the words that name those who are served.
func (f *Facts) servedIn(s *prose.Sentence) []int {
	var out []int
	for _, h := range f.within(lexicon.Served, s) {
		out = append(out, h.First)
	}
	for _, h := range f.within(lexicon.Contacts, s) {
		if h.Phrase.Head == "sure" {
			out = append(out, h.First)
		}
	}
	slices.Sort(out)
	return out
}

// askedWhole says whether a sentence begins with an ability.
func (f *Facts) askedWhole(s *prose.Sentence) bool {
	hits := f.within(lexicon.Abilities, s)
	return len(hits) > 0 && hits[0].First-s.FirstWord < 3
}

// aimedAt says whether an aim leads to an outcome for those who are served.
func (f *Facts) aimedAt(t *prose.Text, outcomes, aims []lexicon.Hit, served []int) bool {
	from := 0 // outcomes before it stand before all aims to come
	for _, a := range aims {
		for from < len(outcomes) && outcomes[from].First < a.First {
			from++
		}
		for _, o := range outcomes[from:] {
			if o.First-a.First > 12 {
				break
			}
			k, _ := slices.BinarySearch(served, o.First-2*reach)
			for ; k < len(served) && served[k] <= o.First+2*reach; k++ {
				if f.leads(t, a, o, served[k]) {
					return true
				}
			}
		}
	}
	return false
}

// leads says whether an aim leads to an outcome for those whom the word names.
func (f *Facts) leads(t *prose.Text, a, o lexicon.Hit, served int) bool {
	strong := a.Phrase.Head == "strong"
	switch o.Phrase.Head {
	case "felt":
		return near(o.First, served, 2*reach) && (strong || f.praised(t, o, a))
	case "gain":
		return near(o.First, served, reach) && (strong || served > a.First && served <= o.First)
	}
	return near(o.First, served, reach) && strong && served > a.First && served-a.First <= 6
}

// praised says whether an outcome is wanted good: something between the aim and it
// says how, or the phrase itself does.
func (f *Facts) praised(t *prose.Text, o, a lexicon.Hit) bool {
	if strings.Contains(o.Phrase.Text, "service") || strings.Contains(o.Phrase.Text, "environment") || strings.Contains(o.Phrase.Text, "welcome") {
		return true
	}
	for i := a.End; i < o.First; i++ {
		if e := f.entry(t, i); e.Adjective >= 4 || e.Verb >= 3 && e.Noun < 5 {
			return true
		}
	}
	return false
}

// measure gives the index of a word that makes a goal one that can be checked: a
// number with a unit, a share, a frequency, a service level; -1 for none. Hours of work
// and what is asked of applicants are none.
func (f *Facts) measure(t *prose.Text, s *prose.Sentence) int {
	for i := s.FirstWord; i < s.EndWord; i++ {
		w := t.Words[i]
		number := w.Is(prose.Number)
		next := ""
		if i+1 < s.EndWord {
			next = strings.ToLower(t.Word(i + 1))
		}
		switch word := strings.ToLower(t.Word(i)); {
		case number && strings.HasPrefix(strings.TrimLeft(t.Source[w.End:min(len(t.Source), w.End+3)], " \u00a0"), "%"):
			return i
		case has(" hire hired employment experience shift shifts salary age probation probationary old ", word):
			return -1
		case number && f.Marks.In(i+min(1, s.EndWord-1-i), lexicon.Units) && !has(" years year hours days-a-week ", next):
			return i
		case number && next == "hours" && i > s.FirstWord && has(" within in every under after ", strings.ToLower(t.Word(i-1))):
			return i
		case has(" sla slas kpi kpis nps csat percent fortnight fortnightly ", word):
			return i
		case word == "measured" && has(" by in through with ", next):
			return i
		case (word == "every" || word == "each") && has(" day week month quarter hour call interaction visit ", next) && i > s.FirstWord+3:
			return i
		}
	}
	return -1
}
