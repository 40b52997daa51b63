package prose

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Guess is what Detect makes of a text.
type Guess struct {
	// Tag is the language as a BCP 47 tag: en, de, nb is told as no. It is und
	// for a text without letters and for scripts that are not told apart.
	Tag string
	// Sure says whether the text says enough to tell English from the rest.
	// Between near relatives, such as Danish and Norwegian, the tag may name the
	// wrong one all the same. It is false where much of the text is in English
	// and much in another language; to learn which, ask paragraph by paragraph.
	Sure bool
}

// Of a text longer than twice sampled, that many bytes from the beginning and
// from the middle are looked at.
const sampled = 1 << 10

// Detect guesses the language of a text, of a few words or of many. It goes by
// the script and, for Latin letters, by the small words that every sentence of
// a language needs. Names and mottos in an English text do not make it foreign,
// and where nothing speaks for another language, as in a slogan, the guess is
// English and not sure.
func Detect(text string) Guess {
	text = norm.NFC.String(sample(text))
	var letters [len(scripts)]int
	latin := countScripts(text, &letters)
	most, all := -1, latin
	for i, n := range letters {
		n *= scripts[i].weight
		letters[i] = n
		all += n
		if n > 0 && (most < 0 || n > letters[most]) {
			most = i
		}
	}
	switch {
	case all == 0:
		return Guess{Tag: "und"}
	case most < 0 || latin >= letters[most]:
		return detectLatin(text)
	case scripts[most].tag == "zh" && 10*letters[kana] > letters[most]:
		most = kana // some Japanese texts are mostly Chinese characters
	}
	tag := scripts[most].tag
	if refine := scripts[most].refine; refine != nil {
		tag = refine(text)
	}
	return Guess{Tag: tag, Sure: tag != "und" && 3*latin <= letters[most]}
}

// sample cuts a long text down to its beginning and a part of its middle.
func sample(text string) string {
	if len(text) <= 2*sampled {
		return text
	}
	from := runeStart(text, max(len(text)/2, sampled))
	return text[:runeStart(text, sampled)] + " " + text[from:runeStart(text, min(from+sampled, len(text)))]
}

// runeStart moves i back to the start of a rune, if one is near.
func runeStart(text string, i int) int {
	for back := range utf8.UTFMax {
		if at := i - back; at == len(text) || utf8.RuneStart(text[at]) {
			return at
		}
	}
	return i
}

// countScripts counts the letters of each script, and those of the Latin one.
func countScripts(text string, letters *[len(scripts)]int) (latin int) {
	for _, r := range text {
		if r < 0x370 {
			if unicode.IsLetter(r) && r != 'µ' && r != 'ª' && r != 'º' {
				latin++
			}
			continue
		}
		if !unicode.IsLetter(r) {
			continue
		}
		if unicode.Is(unicode.Latin, r) {
			latin++
			continue
		}
		for i := range scripts {
			if s := &scripts[i]; s.table == nil || unicode.Is(s.table, r) {
				letters[i]++
				break
			}
		}
	}
	return latin
}

// These decide between English and what else a text could be; scores are
// roughly counts of small words.
const (
	wordScore   = 0.6  // of a common word that is no small one
	endingScore = 0.25 // of an ending
	letterScore = 0.4  // of a word with a letter that a language has and English has not

	leastLead  = 1.0  // by so much another language must lead English
	leastRatio = 1.4  // and so many times as much
	leastShare = 0.18 // score a word that another language must reach
	bareScore  = 1.2  // where English has nothing but an ending, this much is enough
	bareShare  = 0.25 // when it is this much a word
	sureLead   = 2.0  // the lead, in either direction, that makes sure
	sureRatio  = 1.7  // and so many times as much
)

// detectLatin guesses the language of a text in Latin letters.
func detectLatin(text string) Guess {
	d := latinData()
	scores := make([]float64, len(d.tags))
	words := 0
	shouts := !strings.ContainsFunc(text, unicode.IsLower)
	eachLatinWord(text, shouts, func(word string) {
		words++
		d.score(word, scores)
	})
	english := scores[0]
	best := 1
	for i := 2; i < len(scores); i++ {
		if scores[i] > scores[best] {
			best = i
		}
	}
	other := scores[best]
	share := other / float64(max(words, 1))
	if share >= leastShare && other >= sureLead && other >= english+leastLead && other >= leastRatio*english ||
		share >= bareShare && other >= bareScore && english <= endingScore {
		return Guess{Tag: d.tags[best], Sure: other >= english+sureLead && other >= sureRatio*english}
	}
	return Guess{Tag: d.tags[0], Sure: english >= other+sureLead && english >= sureRatio*other}
}

// eachLatinWord calls f for each word in lower case. Addresses are left out,
// and so are words in capitals, which are abbreviations, unless all are.
func eachLatinWord(text string, shouts bool, f func(word string)) {
	for field := range strings.FieldsSeq(text) {
		if isAddress(field) {
			continue
		}
		for word := range strings.FieldsFuncSeq(field, func(r rune) bool { return !unicode.IsLetter(r) }) {
			if len(word) > longest || !shouts && len(word) > 1 && word == strings.ToUpper(word) {
				continue
			}
			f(strings.ToLower(word))
		}
	}
}

// isAddress says whether a word is a web or e-mail address.
func isAddress(field string) bool {
	if strings.ContainsRune(field, '@') || strings.Contains(field, "://") {
		return true
	}
	dot := strings.IndexByte(field, '.')
	return dot > 0 && dot+1 < len(field) && classes[field[dot+1]] == classLower
}
