package vision

import (
	"cmp"
	"strings"

	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// Facts is what is counted in a statement, over all its pieces. The verdict
// stands on it and on nothing else of the text, and so do the rules that judge a
// statement as a whole.
type Facts struct {
	Counts  prose.Counts // headings and links are in none of the counts
	Longest int          // words of the longest sentence
	Content int          // words that are no words of grammar
	Nouns   int          // content words mostly used as nouns
	Commas  int          // commas, semicolons, colons and dashes between words
	Numbers int          // numbers with a unit, and amounts of money
	Acts    int          // different phrases of Behaviors and Manners
	Picture float64      // sum over the content words of how far each can be pictured, 0 to 1

	// Hits and Covered say, by list, how many phrases of it there are and how
	// many words they cover.
	Hits    [lexicon.Lists]int
	Covered [lexicon.Lists]int

	// Marks is of the piece that is being looked at.
	Marks *lexicon.Marks

	// Known is what is known of the organization; nothing of it is needed.
	Known *Organization

	of         [lexicon.Lists][]lexicon.Hit // the hits of the piece, by list
	sorted     []lexicon.Hit                // what of is made of
	acts       map[string]bool              // by base form
	acting     int                          // words that are part of phrases of behaviors and manners
	actEnd     int                          // the word after the last of them in the piece
	components map[string]bool
	items      int // entries of lists
	sheet      sheet
	department string // whose it is; empty for the company
	text       string // of it, as given
	conflicts  []conflict
	kind       string // as far as it is known beforehand
	times      []duration
	aims       map[string]string // of Opposites, with the words that ask for it
	counter    *prose.Counter    // of long texts
	faults     [faults]int
	faulty     [faults][]found // of the piece
	from       [2]int
	acronym    map[string]bool
	visible    map[string]bool // verbs one can see done, by their base forms
	actTerms   map[string]bool // base forms of the words of Acts
	terms      map[string]bool // base forms of the content words; only when the organization is known
	strange    int             // content words that are not known, names and numbers left out
	own        int             // content words that no list of empty or common words has
	infinitive bool            // the first sentence begins with "to" and a verb, maybe after "our mission is"
}

// longText is how many words a piece has for which a counter that remembers pays.
const longText = 1000

// newFacts gives the facts of a statement of which nothing is read yet.
func newFacts(known *Organization) *Facts {
	return &Facts{acts: map[string]bool{}, components: map[string]bool{}, aims: map[string]string{}, acronym: map[string]bool{}, visible: map[string]bool{}, terms: map[string]bool{}, actTerms: map[string]bool{}, Marks: &lexicon.Marks{}, Known: known}
}

// add looks a piece of the statement up and counts it.
func (f *Facts) add(lex *lexicon.Lexicon, t *prose.Text) {
	lex.Mark(t, f.Marks)
	if f.counter == nil && len(t.Words) >= longText {
		f.counter = new(prose.Counter)
	}
	for i := range f.faulty {
		f.faulty[i] = f.faulty[i][:0]
	}
	f.from, f.actEnd = [2]int{}, 0
	f.phrases(t)
	for _, p := range t.Paragraphs {
		if p.Kind == prose.Heading {
			continue
		}
		if p.Kind == prose.Item {
			f.items++
		}
		for s := p.FirstSentence; s < p.EndSentence; s++ {
			f.sentence(t, s)
			f.detect(t, &t.Sentences[s])
		}
	}
	f.sheet.gather(f, t)
	f.times = append(f.times, durations(f, t)...)
}

// phrases counts the phrases of the lists, those in headings left out.
func (f *Facts) phrases(t *prose.Text) {
	next, end := 0, 0
	heading := false
	f.room()
	for _, h := range f.Marks.Hits {
		if (h.List == lexicon.Behaviors || h.List == lexicon.Manners) && f.Marks.InAny(h.First, noAct) {
			continue
		}
		if h.List == lexicon.Limits && f.Marks.In(h.First, lexicon.Absolutes) && h.Phrase.Text != "never" {
			continue // "without exception" draws no line
		}
		for h.First >= end && next < len(t.Paragraphs) {
			p := &t.Paragraphs[next]
			end = t.Sentences[p.EndSentence-1].EndWord
			heading = p.Kind == prose.Heading
			next++
		}
		if heading {
			continue
		}
		f.of[h.List] = append(f.of[h.List], h)
		f.Hits[h.List]++
		f.Covered[h.List] += h.End - h.First
		switch h.List {
		case lexicon.Behaviors, lexicon.Manners:
			f.act(t, h)
		case lexicon.Components:
			f.components[h.Phrase.Head] = true
		case lexicon.Opposites:
			if f.aims[h.Phrase.Head] == "" {
				f.aims[h.Phrase.Head] = hitSpan(t, h).In(t.Source)
			}
		}
	}
}

// room makes room for the hits of each list of the piece, in one piece of memory.
func (f *Facts) room() {
	var counts [lexicon.Lists]int
	for i := range f.Marks.Hits {
		counts[f.Marks.Hits[i].List]++
	}
	if n := len(f.Marks.Hits); cap(f.sorted) < n {
		f.sorted = make([]lexicon.Hit, n+n/4)
	}
	at := 0
	for l, n := range counts {
		f.of[l] = f.sorted[at : at : at+n]
		at += n
	}
}

// act counts a phrase of behaviors or manners, once for all forms of a word:
// helping is no other act than help.
func (f *Facts) act(t *prose.Text, h lexicon.Hit) {
	if f.negation(t, h.First) >= 0 {
		return
	}
	for i := max(h.First, f.actEnd); i < h.End; i++ {
		f.acting++
	}
	f.actEnd = max(f.actEnd, h.End)
	if len(f.acts) == mostSeen {
		return
	}
	name := h.Phrase.Text
	if h.End-h.First == 1 {
		name = cmp.Or(lexicon.English().Base(name), name)
	}
	if f.acts[name] {
		return
	}
	f.acts[name] = true
	f.Acts++
	if f.Known.knows() {
		f.actTerms[lexicon.English().Base(t.Word(h.First))] = true
	}
}

// scope is how many words a negation reaches.
const scope = 3

// negation gives the word that turns the i-th into what is not done, -1 when there
// is none: one up to three words before it, with no mark between.
func (f *Facts) negation(t *prose.Text, i int) int {
	for j := i - 1; j >= max(0, i-scope); j-- {
		if gap := t.Source[t.Words[j].End:t.Words[j+1].Start]; gap != " " && strings.ContainsAny(gap, ".,;:!?()\n") {
			return -1
		}
		if f.Marks.In(j, lexicon.Negations) {
			return j
		}
		if f.Marks.In(j, lexicon.Joints) {
			return -1
		}
	}
	return -1
}

// noAct are lists in whose phrases no word names an act: "in order to" orders
// nothing.
var noAct = lexicon.SetOf(lexicon.Wordy, lexicon.Cliches, lexicon.Recognition, lexicon.Hedges)

// sentence counts what the lists don't say of a sentence.
func (f *Facts) sentence(t *prose.Text, s int) {
	sentence := &t.Sentences[s]
	if f.Counts.Words == 0 {
		f.infinitive = f.toDo(t, sentence)
	}
	var counts prose.Counts
	if f.counter != nil {
		counts = f.counter.Sentence(t, s)
	} else {
		counts = t.CountSentence(s)
	}
	f.Counts = f.Counts.Plus(counts)
	f.Longest = max(f.Longest, counts.Words)
	for i := sentence.FirstWord; i < sentence.EndWord; i++ {
		w := &t.Words[i]
		if i > sentence.FirstWord {
			if gap := t.Source[t.Words[i-1].End:w.Start]; gap != " " && breaks(gap) {
				f.Commas++
			}
		}
		if (w.Is(prose.Number) || spelled(t.Word(i)) > 1) && f.measured(t, i, sentence) {
			f.Numbers++
		}
		if f.Marks.In(i, lexicon.Function) {
			continue
		}
		f.Content++
		e := f.Marks.Entries[i]
		f.see(t, i, e)
		if e.Noun >= 5 {
			f.Nouns++
		}
		f.Picture += e.Picture()
		switch {
		case f.Marks.InAny(i, common):
		case !e.Known() && !f.Marks.Listed(i) && w.Kind&(prose.Number|prose.Link|prose.Acronym) == 0:
			// A name may be strange, or the first word of a sentence.
			if !w.Is(prose.Capitalized) || sentence.Capitals || sentence.TitleCase || f.Content > 1 && i == sentence.FirstWord {
				f.strange++
			}
		default:
			f.own++
		}
		if f.Known.knows() {
			f.terms[lexicon.English().Base(t.Word(i))] = true
		}
	}
}

// seenFrom is how far a verb must be pictured, in ninths, to count as an act though
// no list has it.
const seenFrom = 6

// mostSeen is how many such verbs are told apart.
const mostSeen = 50

// see counts a verb that names an act one can see: to mow, to knock, to carve.
func (f *Facts) see(t *prose.Text, i int, e lexicon.Entry) {
	if e.Verb < 8 || e.Act < seenFrom || len(f.visible) == mostSeen || f.Marks.InAny(i, unseen) || f.negation(t, i) >= 0 {
		return
	}
	base := lexicon.English().Base(t.Word(i))
	if base != "" && !f.visible[base] {
		f.visible[base] = true
		f.Acts++
	}
}

// unseen are lists whose words name no act, or one that is counted already.
var unseen = lexicon.SetOf(lexicon.Behaviors, lexicon.Manners, lexicon.VagueVerbs, lexicon.Hedges, lexicon.Cliches, lexicon.Recognition, lexicon.Buzzwords, lexicon.Hype, lexicon.Wordy, lexicon.Superlatives, lexicon.Generic)

// common are lists whose words say nothing of an organization's own work.
var common = lexicon.SetOf(lexicon.Generic, lexicon.Buzzwords, lexicon.Cliches, lexicon.Superlatives, lexicon.Hype, lexicon.Recognition,
	lexicon.Hedges, lexicon.VagueNouns, lexicon.VagueVerbs, lexicon.Values, lexicon.Customers, lexicon.Stakeholders, lexicon.Inward, lexicon.Absolutes, lexicon.Fuzzy)

// toDo says whether a sentence begins with "to" and a verb, or comes to it by "is
// to".
func (f *Facts) toDo(t *prose.Text, s *prose.Sentence) bool {
	for i := s.FirstWord; i < min(s.EndWord-1, s.FirstWord+12); i++ {
		word := t.Word(i)
		if len(word) != 2 || lexicon.Fold(word) != "to" {
			continue
		}
		return i == s.FirstWord || lexicon.Fold(t.Word(i-1)) == "is"
	}
	return false
}

// breaks says whether a mark between two words parts what they say.
func breaks(gap string) bool {
	return strings.ContainsAny(gap, ",;:") || strings.Contains(gap, "—") || strings.Contains(gap, "–") || strings.Contains(gap, " - ")
}

// measured says whether the i-th word is a number that measures something: a unit
// follows within three words, it is money or a percentage, or a time of day.
func (f *Facts) measured(t *prose.Text, i int, s *prose.Sentence) bool {
	w := t.Words[i]
	before := t.Source[max(0, w.Start-3):w.Start]
	after := t.Source[w.End:min(len(t.Source), w.End+1)]
	if after == "%" || strings.HasSuffix(before, "$") || strings.HasSuffix(before, "£") || strings.HasSuffix(before, "€") {
		return true
	}
	if i > s.FirstWord && len(t.Word(i)) <= 6 && contains(" by before after until till at from ", lower(t.Word(i-1))) {
		return true
	}
	for j := i + 1; j < min(i+4, s.EndWord); j++ {
		if f.Marks.In(j, lexicon.Units) {
			return true
		}
	}
	return false
}

// lower gives a short word in lower case; words that are longer than any number or
// preposition as they are.
func lower(w string) string {
	if len(w) > 6 || w == "" || w[0] >= 'a' {
		return w
	}
	return strings.ToLower(w)
}

// substance is how many words there are that are known: a text of strange ones says
// nothing, whatever it lacks.
func (f *Facts) substance() int { return f.Counts.Words - f.strange }

// words gives the number of words, at least 1, to divide by.
func (f *Facts) words() float64 { return float64(max(1, f.Counts.Words)) }

// share is the share of the statement's words that phrases of the lists cover. A
// word of two lists counts twice.
func (f *Facts) share(lists ...lexicon.List) float64 {
	n := 0
	for _, l := range lists {
		n += f.Covered[l]
	}
	return float64(n) / f.words()
}

// actShare is the share of words that name acts and manners. In a very short text
// one such word is not much of it.
func (f *Facts) actShare() float64 {
	const least = 9
	return float64(f.acting+len(f.visible)) / max(least, f.words())
}

// hits adds up the phrases of the lists.
func (f *Facts) hits(lists ...lexicon.List) int {
	n := 0
	for _, l := range lists {
		n += f.Hits[l]
	}
	return n
}

// fog is the Gunning Fog index; 0 for a text without words.
func (f *Facts) fog() float64 {
	if f.Counts.Words == 0 || f.Counts.Sentences == 0 {
		return 0
	}
	return prose.GunningFog(f.Counts.Sentences, f.Counts.Words, min(f.Counts.Words, f.Counts.Complex+f.faults[acronymFault]))
}
