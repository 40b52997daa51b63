package jobs

import (
	"cmp"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// Level says how far a passage lets one see what is done for customers.
type Level uint8

// The levels, from the least. The distinction between what a person is and what a
// person does is that of behaviorally anchored scales (Smith and Kendall 1963).
const (
	NoBehavior Level = iota
	Trait            // a quality or skill of the person: "excellent customer service skills"
	Activity         // an act towards customers: "answers calls from residents"
	Standard         // an act with its manner or measure: "answers calls within three rings"
)

// String gives the name of the level as records have it.
func (l Level) String() string { return [...]string{"none", "trait", "activity", "standard"}[l] }

// passage is a place of the text that shows something.
type passage struct {
	prose.Span
	level Level
}

// reach is how many words an act and those it is for stand apart at most.
const reach = 9

// service finds the acts for customers in a sentence.
func (f *Facts) service(t *prose.Text, s *prose.Sentence, is section) {
	if h, ok := f.pointOfContact(s); ok && !f.asked(t, s, h.First, is) {
		f.Behaviors = append(f.Behaviors, passage{wordsSpan(t, f.clauseStart(t, s, h.First), f.clauseEnd(t, s, h.End)), Activity})
		return
	}
	for _, h := range f.within(lexicon.Serving, s) {
		if !f.acts(t, s, h) || f.negated(t, s, h.First) || h.End < s.EndWord && strings.EqualFold(t.Word(h.End), "as") && strings.HasPrefix(h.Phrase.Text, "serv") {
			continue // "serves as one of the developers"
		}
		end := f.clauseEnd(t, s, h.End)
		last, ok := f.towards(t, h, end)
		if !ok {
			continue
		}
		level := Activity
		if f.asked(t, s, h.First, is) {
			level = Trait
		} else if f.standard(t, h.First, end) {
			level = Standard
		}
		start := f.clauseStart(t, s, h.First)
		f.Behaviors = append(f.Behaviors, passage{wordsSpan(t, start, max(end, last)), level})
		return // one for a sentence is enough
	}
	f.traits(t, s)
}

// pointOfContact says whether a sentence says of the holder, without an act, that they
// are the one to turn to.
func (f *Facts) pointOfContact(s *prose.Sentence) (lexicon.Hit, bool) {
	for _, h := range f.within(lexicon.Contacts, s) {
		if strings.HasPrefix(h.Phrase.Text, "point of") || strings.HasPrefix(h.Phrase.Text, "first") {
			return h, true
		}
	}
	return lexicon.Hit{}, false
}

// acts says whether a word that may be a verb is one here.
func (f *Facts) acts(t *prose.Text, s *prose.Sentence, h lexicon.Hit) bool {
	word := strings.ToLower(t.Word(h.First))
	if strings.HasSuffix(word, "ed") && h.First > s.FirstWord && !joined(t, h.First, "and") {
		return false // done to something, or by somebody else before
	}
	if has(" welcoming engaging caring inviting supporting ", word) && h.End < s.EndWord && f.entry(t, h.End).Noun >= 5 && !f.Marks.InAny(h.End, lexicon.SetOf(lexicon.Served)) {
		return false // "a welcoming environment"
	}
	if h.First == s.FirstWord || parted(t, h.First) {
		return true
	}
	before := strings.ToLower(t.Word(h.First - 1))
	if has(" a an the of this our your their its his her any each customer client user technical in on for no from under and/or other ", before) && !(before == "for" || before == "of" || before == "in") {
		return false
	}
	if before == "for" || before == "of" || before == "in" {
		return strings.HasSuffix(word, "ing")
	}
	if has(" to will you you'll and or must should can may shall we also by then who while including not when they ", before) || strings.HasSuffix(before, "ly") {
		return f.entry(t, h.First).Verb >= 1 || strings.HasSuffix(word, "ing")
	}
	e := f.entry(t, h.First)
	if strings.HasSuffix(word, "ing") {
		return e.Noun < 5
	}
	// After its subject: "the librarian provides".
	return strings.HasSuffix(word, "s") && e.Verb >= 3 && f.entry(t, h.First-1).Noun >= 5 || e.Verb >= 8 && has(" we they clerks staff representatives librarians managers ", before)
}

// joined says whether the word before the i-th is the one given.
func joined(t *prose.Text, i int, word string) bool {
	return i > 0 && strings.EqualFold(t.Word(i-1), word)
}

// parted says whether a mark stands before the i-th word.
func parted(t *prose.Text, i int) bool {
	return strings.ContainsAny(gap(t, i), ",;:/•()\n") || strings.Contains(gap(t, i), "–") || strings.Contains(gap(t, i), " - ")
}

// gap is what stands between the i-th word and the one before.
func gap(t *prose.Text, i int) string {
	if i == 0 {
		return ""
	}
	return t.Source[t.Words[i-1].End:t.Words[i].Start]
}

// clauseEnd gives the index after the last word of the clause that goes on at the
// i-th word.
func (f *Facts) clauseEnd(t *prose.Text, s *prose.Sentence, i int) int {
	if f.clause.from <= i && i < f.clause.end {
		return f.clause.end // each word of a long clause asks for it
	}
	f.clause.from = i
	for ; i < s.EndWord; i++ {
		g := gap(t, i)
		if strings.ContainsAny(g, ";:•") || strings.Contains(g, " - ") || strings.Contains(g, "–") || strings.Contains(g, "—") {
			break
		}
	}
	f.clause.end = min(i, s.EndWord)
	return f.clause.end
}

// clauseStart gives the index of the first word of the clause of the i-th word.
func (f *Facts) clauseStart(t *prose.Text, s *prose.Sentence, i int) int {
	for ; i > s.FirstWord; i-- {
		g := gap(t, i)
		if strings.ContainsAny(g, ";:•") || strings.Contains(g, " - ") || strings.Contains(g, "–") || strings.Contains(g, "—") {
			return i
		}
	}
	return i
}

// ties are the words that tie an act to those it is done for or with.
const ties = " with to for from "

// towards says whether an act is for customers, and where the words end that say so.
func (f *Facts) towards(t *prose.Text, h lexicon.Hit, end int) (last int, ok bool) {
	tied := -9
	for i := h.End; i < min(end, h.End+reach); i++ {
		word := strings.ToLower(t.Word(i))
		switch {
		case has(" that which who whose because if when where while ", word):
			return 0, false
		case has(ties, word):
			tied = i
		case has(studied, word):
			return 0, false // what is known of people, not what is done for them
		case f.Marks.In(i, lexicon.Serving) && i > h.End && f.entry(t, i).Verb >= 6 && joined(t, i, "and"):
			tied = -9
		}
		if f.Marks.In(i, lexicon.Served) && (h.Phrase.Head != "joint" || i-tied <= 3 && !strings.EqualFold(t.Word(tied), "for")) && !source(t, i) {
			if after := f.phraseEnd(i, lexicon.Served); f.head(t, i, after, end) {
				return after, true
			}
		}
		if c := f.contact(t, i, h); c > i {
			return c, true
		}
		if word == "them" && i == h.End && h.Phrase.Head != "joint" && f.servedBefore(t, h.First) {
			return i + 1, true // "carries the bags of guests and shows them the room"
		}
		if h.Phrase.Head == "own" && f.Marks.In(i, lexicon.Internal) && i == h.End && f.head(t, i, i+1, end) && f.about(i+1, end) {
			return i + 1, true // "assist staff with questions"
		}
	}
	return 0, false
}

// servedBefore says whether those who are served are named in the sentence before the
// i-th word.
func (f *Facts) servedBefore(t *prose.Text, i int) bool {
	for k := t.Sentences[sentenceOf(t, i)].FirstWord; k < i; k++ {
		if f.Marks.In(k, lexicon.Served) {
			return true
		}
	}
	return false
}

// source says whether the people named are only a source or a subject of study.
func source(t *prose.Text, i int) bool {
	return i > 0 && has(" about of ", strings.ToLower(t.Word(i-1)))
}

// studied are words for what is known of people.
const studied = " understanding insight insights research empathy knowledge data records analytics personas value partnership partnerships "

// phraseEnd gives the index after the phrase of a list that the i-th word is in.
func (f *Facts) phraseEnd(i int, list lexicon.List) int {
	if h, ok := f.phraseAt(i, list); ok {
		return h.End
	}
	return i + 1
}

// phraseAt gives the first phrase of a list that the i-th word is in.
func (f *Facts) phraseAt(i int, list lexicon.List) (lexicon.Hit, bool) {
	const longest = 16 // words of a phrase
	hits := f.of[list]
	k, _ := slices.BinarySearchFunc(hits, i-longest, func(h lexicon.Hit, word int) int { return cmp.Compare(h.First, word) })
	for ; k < len(hits) && hits[k].First <= i; k++ {
		if i < hits[k].End {
			return hits[k], true
		}
	}
	return lexicon.Hit{}, false
}

// head says whether the words up to after name people, rather than something of
// theirs: "customers", not "customer data".
func (f *Facts) head(t *prose.Text, i, after, end int) bool {
	word := t.Word(after - 1)
	if strings.HasSuffix(word, "'") || strings.HasSuffix(word, "'s") || strings.HasSuffix(word, "’s") || strings.HasSuffix(word, "’") {
		return f.about(after, end)
	}
	if after >= end || parted(t, after) {
		return true
	}
	next := f.entry(t, after)
	plural := strings.HasSuffix(strings.ToLower(word), "s") || has(" public people families children youth staff faculty ", strings.ToLower(word))
	if !plural && next.Noun >= 5 && !f.Marks.In(after, lexicon.Function) {
		return f.about(after, end)
	}
	return true
}

// about says whether what follows is what people come with.
func (f *Facts) about(i, end int) bool {
	for k := i; k < min(i+3, end); k++ {
		if f.Marks.In(k, lexicon.Contacts) {
			return true
		}
	}
	return false
}

// contact says whether the i-th word begins what customers come with; it gives the
// index after it.
func (f *Facts) contact(t *prose.Text, i int, verb lexicon.Hit) int {
	if !f.Marks.In(i, lexicon.Contacts) || verb.Phrase.Head == "joint" {
		return 0
	}
	hits := f.of[lexicon.Contacts]
	k, _ := slices.BinarySearchFunc(hits, i, func(h lexicon.Hit, word int) int { return cmp.Compare(h.First, word) })
	word := strings.ToLower(t.Word(verb.First))
	for ; k < len(hits) && hits[k].First == i; k++ {
		h := hits[k]
		switch h.Phrase.Head {
		case "sure":
			return h.End
		case "weak":
			if has(" answer answers answering respond responds responding reply replies replying ", word) {
				return h.End
			}
		case "trouble":
			if has(" resolve resolves resolving mediate mediates mediating moderate moderates moderating handle handles handling manage manages managing address addresses addressing investigate investigates investigating ", word) {
				return h.End
			}
		}
	}
	return 0
}

// asked says whether an act is only asked of the person as an ability.
func (f *Facts) asked(t *prose.Text, s *prose.Sentence, i int, is section) bool {
	demanded := i > s.FirstWord && has(" should will must shall you'll ", strings.ToLower(t.Word(i-1)))
	if demanded {
		return false
	}
	if is == requirements && !(i == s.FirstWord && f.duties(t, s)) {
		return true
	}
	for k := f.clauseStart(t, s, i); k < i; k++ {
		if f.Marks.In(k, lexicon.Abilities) && i-k < 12 {
			return true
		}
	}
	return false
}

// standard says whether a clause says how well, how fast or how often.
func (f *Facts) standard(t *prose.Text, first, end int) bool {
	for i := first; i < end; i++ {
		if f.Marks.InAny(i, manners) {
			return true
		}
		if t.Words[i].Is(prose.Number) && i+1 < end && f.Marks.In(i+1, lexicon.Units) {
			return true
		}
	}
	return false
}

var manners = lexicon.SetOf(lexicon.Manners, lexicon.Standards)

// traits finds qualities and skills in dealing with people.
func (f *Facts) traits(t *prose.Text, s *prose.Sentence) {
	looked := s.FirstWord // up to there are no customers
	for _, h := range f.within(lexicon.Abilities, s) {
		end := f.clauseEnd(t, s, h.End)
		for i := max(h.First, looked); i < end; i++ {
			if f.Marks.In(i, lexicon.Served) || f.Marks.In(i, lexicon.Contacts) && f.sureContact(i) {
				f.Behaviors = append(f.Behaviors, passage{wordsSpan(t, h.First, end), Trait})
				return
			}
		}
		looked = max(looked, end)
	}
}

// sureContact says whether a word is in something that only customers come with.
func (f *Facts) sureContact(i int) bool {
	h, ok := f.phraseAt(i, lexicon.Contacts)
	return ok && h.Phrase.Head == "sure"
}

// has says whether a word stands in a set that is written with a space on both sides
// of each word.
func has(set, word string) bool {
	if word == "" {
		return false
	}
	for from := 0; ; {
		at := strings.Index(set[from:], word)
		if at < 0 {
			return false
		}
		at += from
		if end := at + len(word); at > 0 && set[at-1] == ' ' && end < len(set) && set[end] == ' ' {
			return true
		}
		from = at + 1
	}
}

// wordsSpan is the place of the words from first up to end.
func wordsSpan(t *prose.Text, first, end int) prose.Span {
	return prose.Span{Start: t.Words[first].Start, End: t.Words[max(first, end-1)].End}
}
