package vision

import (
	"math"
	"slices"

	"github.com/firstcall-cli/firstcall/core/lexicon"
)

// Feature is a figure of a statement that the verdict is made of.
type Feature struct {
	Name  string               // as in the record's measures
	Doc   string               // what it is, with its unit
	Value func(*Facts) float64 // from the facts
}

// lettersOfAcronym are added to an acronym that is not explained: it is short, and
// harder to read than the words it stands for.
const lettersOfAcronym = 6

// Features lists the features, in the order of the documentation.
func Features() []Feature { return slices.Clone(features[:]) }

// feature indexes features.
type feature uint8

const (
	fog feature = iota
	longest
	length
	letters
	hard
	nouns
	vague
	vagueShare
	buzzShare
	emptyShare
	genericShare
	acts
	actShare
	standards
	limits
	absolutes
	wishes
	clutter
	unacted
	inward
	hedged
	unmeasured
	stale
	featureCount
)

var features = [featureCount]Feature{
	fog:     {"fog", "Gunning Fog index, school grades; an acronym that is not explained counts as a hard word", (*Facts).fog},
	longest: {"longest_sentence", "words of the longest sentence", func(f *Facts) float64 { return float64(f.Longest) }},
	length:  {"words", "words", func(f *Facts) float64 { return float64(f.Counts.Words) }},
	letters: {"letters_per_word", "letters a word; an acronym that is not explained counts as a long word", func(f *Facts) float64 {
		return float64(f.Counts.Letters+lettersOfAcronym*f.faults[acronymFault]) / f.words()
	}},
	hard:       {"hard_words", "share of words of three syllables or more (Gunning's count), 0-1", func(f *Facts) float64 { return float64(f.Counts.Complex) / f.words() }},
	nouns:      {"nouns", "share of words that are mostly nouns, 0-1", func(f *Facts) float64 { return float64(f.Nouns) / f.words() }},
	vague:      {"vague_words", "how many verbs and nouns name no act and no thing (lists vague-verbs, vague-nouns)", func(f *Facts) float64 { return float64(f.hits(lexicon.VagueVerbs, lexicon.VagueNouns)) }},
	vagueShare: {"vague_share", "share of words that are such verbs and nouns, 0-1", func(f *Facts) float64 { return f.share(lexicon.VagueVerbs, lexicon.VagueNouns) }},
	buzzShare:  {"buzzword_share", "share of words in buzzwords, 0-1", func(f *Facts) float64 { return f.share(lexicon.Buzzwords) }},
	emptyShare: {"empty_share", "share of words in buzzwords, clichés, superlatives, hype and claims of rank, 0-1; a word in two counts twice", func(f *Facts) float64 {
		return f.share(lexicon.Buzzwords, lexicon.Cliches, lexicon.Superlatives, lexicon.Hype, lexicon.Recognition)
	}},
	genericShare: {"generic_share", "share of words that stand in statements of every trade, 0-1", func(f *Facts) float64 { return f.share(lexicon.Generic) }},
	acts:         {"acts", "how many different acts and manners one could see or hear are named (lists behaviors, manners)", func(f *Facts) float64 { return float64(f.Acts) }},
	actShare:     {"act_share", "share of words that name such acts and manners, 0-1", (*Facts).actShare},
	standards:    {"standards", "how many standards one could check: times, amounts, conditions (list standards, and numbers with a unit)", func(f *Facts) float64 { return float64(f.Hits[lexicon.Standards] + f.Numbers) }},
	limits:       {"limits", "how many words draw a line: not, never, without, if, when (list limits)", func(f *Facts) float64 { return float64(f.Hits[lexicon.Limits]) }},
	absolutes:    {"absolutes", "how many absolutes are promised (list absolutes)", func(f *Facts) float64 { return float64(f.Hits[lexicon.Absolutes]) }},
	clutter: {"clutter", "how many places are wordier than they need be: wordy and doubled phrases, words with a plainer one, verbs hidden in nouns, asides, slashes, acronyms that are not explained", func(f *Facts) float64 {
		return float64(f.hits(lexicon.Wordy, lexicon.Redundant, lexicon.Jargon, lexicon.Nominalizations) + f.faults[asideFault] + f.faults[slashFault] + 2*f.faults[acronymFault])
	}},
	unacted: {"unacted", "how many times it does not say who acts: passives without an actor, and a beginning with \"to\" when nobody is named", func(f *Facts) float64 {
		n := f.faults[passiveFault]
		if f.infinitive && f.hits(lexicon.Actors, lexicon.FirstPerson) == 0 {
			n++
		}
		return float64(n)
	}},
	inward:     {"inward", "how many times it looks to the organization itself, or to a list of stakeholders", func(f *Facts) float64 { return float64(f.Hits[lexicon.Inward] + f.faults[stakeholderFault]) }},
	hedged:     {"hedged", "how many times it only promises to try, speaks of pride, or strings values together", func(f *Facts) float64 { return float64(f.hits(lexicon.Hedges, lexicon.Pride) + f.faults[valueFault]) }},
	unmeasured: {"unmeasured", "how many times and degrees nobody can check (list fuzzy)", func(f *Facts) float64 { return float64(f.Hits[lexicon.Fuzzy]) }},
	stale:      {"stale", "how many words date the text, and years that are over", func(f *Facts) float64 { return float64(f.Hits[lexicon.Stale] + f.faults[yearFault]) }},
	wishes:     {"wishes", "how many times it wants to be something or to be seen as something (lists wishes, recognition)", func(f *Facts) float64 { return float64(f.hits(lexicon.Wishes, lexicon.Recognition)) }},
}

// Part is one of the questions that the verdict answers.
type Part uint8

// The parts of the verdict.
const (
	Simple Part = iota
	Concrete
	True
	Credible
	parts
)

// String gives the name of the part as in records.
func (p Part) String() string { return [parts]string{"simple", "concrete", "true", "credible"}[p] }

// weightOf is the share of each part in the overall figure. What can be seen and
// checked has most of it, since a statement that asks for nothing guides nobody; being
// understood comes next.
var weightOf = [parts]float64{Simple: .30, Concrete: .40, Credible: .20, True: .10}

// Model is how a part of the verdict is made: where a statement of the public
// corpus stands on average, and what moves it from there.
type Model struct {
	Usual   float64
	Weights []Weight
}

// Weight is how a feature moves a part of the verdict: not at all up to From, by
// Points at To and beyond, and in between in proportion to the feature, or to
// log(1+feature) where Log is set.
type Weight struct {
	Feature  feature
	From, To float64
	Log      bool
	Points   float64 // negative where more is worse
	Least    float64 // how many points it has at least, where the corpus shows too few to tell: our judgment
	Usual    float64 // where the public corpus stands between From and To on average, 0 to 1
	Text     string  // what to say when it moves the part up
	Against  string  // and down
	Rule     string  // whose findings show it
}

// enoughWords is from how many words the want of a fault says something: three words
// without a buzzword are no sign of anything.
const enoughWords = 8

// points gives by how many points the weight moves a part from where the corpus
// stands.
func (w *Weight) points(p Part, f *Facts) float64 {
	points := w.moves(f) - w.Points*w.Usual
	if points > 0 && w.Points < 0 && p != Simple {
		points *= min(1, float64(f.substance())/enoughWords)
	}
	return points
}

// moves gives by how many points the weight moves a part.
func (w *Weight) moves(f *Facts) float64 { return w.Points * w.at(features[w.Feature].Value(f)) }

// at is where a value of the feature stands between From and To, 0 to 1.
func (w *Weight) at(x float64) float64 {
	from, to := w.From, w.To
	if w.Log {
		x, from, to = math.Log1p(x), math.Log1p(from), math.Log1p(to)
	}
	return min(1, max(0, (x-from)/(to-from)))
}
