package vision

import (
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// Faults of a sentence that no list of words shows. Both the verdict and the rules
// go by them.
type fault uint8

const (
	acronymFault     fault = iota // an acronym that is not explained
	passiveFault                  // a passive that does not say who acts
	slashFault                    // words joined by a slash
	asideFault                    // a sentence with two brackets or semicolons
	stakeholderFault              // a list of groups with a stake
	valueFault                    // a list of more than three values
	yearFault                     // a year that is over and looked forward to; n is the year
	oldNameFault                  // a name that is no longer right; n is its place in Organization.names
	faults
)

// found is a fault at its place in the piece; n is how many things it counts.
type found struct {
	prose.Span
	n int
}

// detect finds the faults of a sentence of the piece.
func (f *Facts) detect(t *prose.Text, s *prose.Sentence) {
	f.acronyms(t, s)
	f.passives(t, s)
	f.slashes(t, s)
	text := s.In(t.Source)
	if n := strings.Count(text, ";") + strings.Count(text, "("); n > 1 || n == 1 && longAside(text) {
		f.fault(asideFault, s.Span, n)
	}
	f.stakeholders(t, s)
	f.valueLists(t, s)
	f.years(t, s)
	f.formerNames(t, s)
}

// years finds years before the day of the run that the text looks forward to. Years
// one looks back on ("since 1962") are history, not stale.
func (f *Facts) years(t *prose.Text, s *prose.Sentence) {
	if f.Known.thisYear() == 0 {
		return
	}
	for i := s.FirstWord + 1; i < s.EndWord; i++ {
		w := t.Words[i]
		if !w.Is(prose.Number) || w.End-w.Start != 4 {
			continue
		}
		year, err := strconv.Atoi(t.Word(i))
		if err == nil && year >= 1900 && year < f.Known.thisYear() && contains(" by until till before year target vision horizon ", lexicon.Fold(t.Word(i-1))) {
			f.fault(yearFault, wordsSpan(t, i-1, i+1), year)
		}
	}
}

// formerNames finds former names of the client and its departments.
func (f *Facts) formerNames(t *prose.Text, s *prose.Sentence) {
	if !f.Known.knows() {
		return
	}
	for k, n := range f.Known.names {
		words := strings.Fields(n.old)
		for i := s.FirstWord; i+len(words) <= s.EndWord; i++ {
			j := 0
			for j < len(words) && strings.EqualFold(lexicon.Fold(t.Word(i+j)), lexicon.Fold(strings.Trim(words[j], ".,"))) {
				j++
			}
			// A former name that is part of the present one is not wrong there.
			if j == len(words) && !partOfName(t, i, n) {
				f.fault(oldNameFault, wordsSpan(t, i, i+j), k)
			}
		}
	}
}

// partOfName says whether the words at i, which are a former name, stand in the
// present one.
func partOfName(t *prose.Text, i int, n oldName) bool {
	now := strings.ToLower(n.now)
	at := strings.Index(now, strings.ToLower(n.old))
	if at < 0 {
		return false
	}
	start := t.Words[i].Start - at
	return start >= 0 && start+len(now) <= len(t.Source) && strings.EqualFold(t.Source[start:start+len(now)], now)
}

// longAside says whether a bracket holds more than six words.
func longAside(text string) bool {
	_, inside, ok := strings.Cut(text, "(")
	inside, _, _ = strings.Cut(inside, ")")
	return ok && strings.Count(inside, " ") > 5
}

func (f *Facts) fault(kind fault, span prose.Span, n int) {
	f.faults[kind]++
	f.faulty[kind] = append(f.faulty[kind], found{span, n})
}

// everyday are acronyms that need no explaining.
const everyday = " US USA UK EU UN ID TV PC ATM CEO OK AM PM PIN ZIP VIP DVD CD GPS FAQ WOW II III IV NHS "

func (f *Facts) acronyms(t *prose.Text, s *prose.Sentence) {
	if s.Capitals {
		return
	}
	for i := s.FirstWord; i < s.EndWord; i++ {
		w := t.Words[i]
		if w.Kind&prose.Acronym == 0 || w.Is(prose.Link) || w.Letters > 6 {
			continue
		}
		name := strings.TrimSuffix(strings.ReplaceAll(t.Word(i), ".", ""), "s")
		if f.acronym[name] || contains(everyday, name) {
			continue
		}
		f.acronym[name] = true
		if !explained(t, i) {
			f.fault(acronymFault, w.Span, 1)
		}
	}
}

// explained says whether brackets stand around the acronym, or right after it.
func explained(t *prose.Text, i int) bool {
	w := t.Words[i]
	before := strings.TrimRight(t.Source[max(0, w.Start-4):w.Start], "“\"' ")
	after := strings.TrimLeft(t.Source[w.End:min(len(t.Source), w.End+5)], "”\"' ")
	return strings.HasSuffix(before, "(") || strings.HasPrefix(after, "(") || strings.HasSuffix(t.Source[max(0, w.Start-4):w.Start], "“")
}

func (f *Facts) passives(t *prose.Text, s *prose.Sentence) {
	for i := s.FirstWord; i < s.EndWord-1; i++ {
		if !isBe(t.Word(i)) {
			continue
		}
		j := i + 1
		for j < s.EndWord-1 && f.Marks.Entries[j].Adverb >= 7 {
			j++
		}
		if f.participle(t, j) && !(j+1 < s.EndWord && t.Word(j+1) == "by") {
			f.fault(passiveFault, wordsSpan(t, i, j+1), 1)
		}
	}
}

func isBe(w string) bool {
	switch w {
	case "be", "is", "are", "was", "were", "been", "being", "Be", "Is", "Are", "BE", "IS", "ARE":
		return true
	}
	return false
}

// states are participles that are mostly adjectives, which need no actor.
const states = " committed dedicated devoted focused pleased proud interested concerned excited delighted satisfied involved engaged located based related needed supposed used experienced qualified skilled trusted united diversified informed empowered inspired recognized recognised known renowned respected done "

// participles are those without -ed.
const participles = " given made told kept met brought sent written held heard taught sold lent fed built grown driven sought put paid found shown seen "

// participle says whether the i-th word is a past participle of a verb.
func (f *Facts) participle(t *prose.Text, i int) bool {
	w := t.Word(i)
	if len(w) < 3 {
		return false
	}
	if strings.HasSuffix(w, "ed") && len(w) > 4 && f.Marks.Entries[i].Noun < 5 {
		return !contains(states, strings.ToLower(w))
	}
	return contains(participles, w)
}

func (f *Facts) slashes(t *prose.Text, s *prose.Sentence) {
	for i := s.FirstWord + 1; i < s.EndWord; i++ {
		a, b := t.Words[i-1], t.Words[i]
		if b.Start == a.End+1 && t.Source[a.End] == '/' && a.Letters > 0 && b.Letters > 0 && (a.Kind|b.Kind)&(prose.Number|prose.Link) == 0 {
			f.fault(slashFault, prose.Span{Start: a.Start, End: b.End}, 1)
		}
	}
}

// stakesInOne is how many groups with a stake one sentence may name before they
// become a list.
const stakesInOne = 2

func (f *Facts) stakeholders(t *prose.Text, s *prose.Sentence) {
	hits := hitsWithin(f.of[lexicon.Stakeholders], s, &f.from[0])
	if len(hits) <= stakesInOne {
		return
	}
	different := map[string]bool{}
	for _, h := range hits {
		different[strings.TrimSuffix(h.Phrase.Text, "s")] = true
	}
	// As in a list: at most four words between one and the next, on average.
	if len(different) > stakesInOne && hits[len(hits)-1].First-hits[0].First <= 5*(len(hits)-1) {
		f.fault(stakeholderFault, wordsSpan(t, hits[0].First, hits[len(hits)-1].End), len(different))
	}
}

// valuesToRecall is how many values people keep in mind: Cowan (2001).
const valuesToRecall = 3

func (f *Facts) valueLists(t *prose.Text, s *prose.Sentence) {
	hits := hitsWithin(f.of[lexicon.Values], s, &f.from[1])
	for i := 0; i < len(hits); {
		// A list goes on while at most three words stand between one value and the next.
		j := i + 1
		for j < len(hits) && hits[j].First-hits[j-1].End <= 3 {
			j++
		}
		if j-i > valuesToRecall {
			f.fault(valueFault, wordsSpan(t, hits[i].First, hits[j-1].End), j-i)
		}
		i = j
	}
}

// hitsWithin gives the hits of a list that lie in a sentence. The hits are in
// order, and asked for sentence by sentence: from says where to go on.
func hitsWithin(hits []lexicon.Hit, s *prose.Sentence, from *int) []lexicon.Hit {
	i := *from
	for i < len(hits) && hits[i].First < s.FirstWord {
		i++
	}
	j := i
	for j < len(hits) && hits[j].First < s.EndWord {
		j++
	}
	*from = j
	return hits[i:j]
}
