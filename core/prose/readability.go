package prose

import (
	"errors"
	"math"
)

// ErrNoWords is why a formula has no value: all of them divide by words or by
// sentences.
var ErrNoWords = errors.New("there are no words outside headings and links")

// Readability is the value of each formula for one text. Flesch is the only
// one in which higher is easier. None has bounds: very short texts leave the
// range given. Dale-Chall's is not among them, because its list of 3,000 words
// may not be copied; see [DaleChall].
type Readability struct {
	Flesch        float64 // reading ease, mostly 0 (hard) to 100 (easy)
	FleschKincaid float64 // US school grade
	GunningFog    float64 // US school grade
	SMOG          float64 // US school grade; made for 30 sentences, rough below
	ARI           float64 // US school grade
	ColemanLiau   float64 // US school grade
	LIX           float64 // mostly 20 (easy) to 60 (hard)
}

// Readability computes all formulas, or gives [ErrNoWords].
func (c Counts) Readability() (Readability, error) {
	if c.Words <= 0 || c.Sentences <= 0 {
		return Readability{}, ErrNoWords
	}
	return Readability{
		Flesch:        Flesch(c.Sentences, c.Words, c.Syllables),
		FleschKincaid: FleschKincaid(c.Sentences, c.Words, c.Syllables),
		GunningFog:    GunningFog(c.Sentences, c.Words, c.Complex),
		SMOG:          SMOG(c.Sentences, c.Polysyllables),
		ARI:           ARI(c.Sentences, c.Words, c.Characters),
		ColemanLiau:   ColemanLiau(c.Sentences, c.Words, c.Letters),
		LIX:           LIX(c.Sentences, c.Words, c.Long),
	}, nil
}

// ratio is a/b in floating point.
func ratio(a, b int) float64 { return float64(a) / float64(b) }

// Flesch is the reading ease: 206.835 - 1.015 words/sentence - 84.6
// syllables/word. R. Flesch, A new readability yardstick, Journal of Applied
// Psychology 32 (1948). It and all formulas here take counts above 0 where they
// divide by them, and are NaN or infinite otherwise.
func Flesch(sentences, words, syllables int) float64 {
	return 206.835 - 1.015*ratio(words, sentences) - 84.6*ratio(syllables, words)
}

// FleschKincaid is the grade 0.39 words/sentence + 11.8 syllables/word - 15.59.
// J. P. Kincaid et al., Derivation of new readability formulas for Navy
// enlisted personnel, Research Branch Report 8-75 (1975).
func FleschKincaid(sentences, words, syllables int) float64 {
	return 0.39*ratio(words, sentences) + 11.8*ratio(syllables, words) - 15.59
}

// GunningFog is the grade 0.4 (words/sentence + 100 complex/words).
// R. Gunning, The Technique of Clear Writing (1952).
func GunningFog(sentences, words, complexWords int) float64 {
	return 0.4 * (ratio(words, sentences) + 100*ratio(complexWords, words))
}

// SMOG is the grade 3.1291 + 1.0430 √(30 polysyllables/sentence).
// G. H. McLaughlin, SMOG grading: a new readability formula, Journal of
// Reading 12 (1969).
func SMOG(sentences, polysyllables int) float64 {
	return 3.1291 + 1.0430*math.Sqrt(30*ratio(polysyllables, sentences))
}

// ARI is the automated readability index, the grade 4.71 characters/word + 0.5
// words/sentence - 21.43. R. J. Senter and E. A. Smith, Automated readability
// index, AMRL-TR-66-220 (1967).
func ARI(sentences, words, characters int) float64 {
	return 4.71*ratio(characters, words) + 0.5*ratio(words, sentences) - 21.43
}

// ColemanLiau is the grade 5.88 letters/word - 29.6 sentences/word - 15.8.
// M. Coleman and T. L. Liau, A computer readability formula designed for
// machine scoring, Journal of Applied Psychology 60 (1975).
func ColemanLiau(sentences, words, letters int) float64 {
	return 5.88*ratio(letters, words) - 29.6*ratio(sentences, words) - 15.8
}

// LIX is words/sentence + 100 long/words, long words having more than six
// letters. C. H. Björnsson, Läsbarhet (1968).
func LIX(sentences, words, long int) float64 {
	return ratio(words, sentences) + 100*ratio(long, words)
}

// DaleChall is the raw score 15.79 difficult/words + 0.0496 words/sentence,
// and 3.6365 more when over 5 % of words are difficult. E. Dale and J. S.
// Chall, A formula for predicting readability, Educational Research Bulletin 27
// (1948). Which words are difficult follows from their list of 3,000, which is
// theirs: callers who have it count for themselves.
func DaleChall(sentences, words, difficult int) float64 {
	share := 100 * ratio(difficult, words)
	score := 0.1579*share + 0.0496*ratio(words, sentences)
	if share > 5 {
		score += 3.6365
	}
	return score
}
