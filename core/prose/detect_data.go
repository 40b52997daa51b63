package prose

import (
	"io/fs"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/language"
)

// latinWords is what tells languages in Latin letters apart. Sets of languages
// are bits, by the position of the language in tags. The files of core/language
// have small words under function, common ones under word, endings of words, and
// letters that English has not.
type latinWords struct {
	tags      []string // English first, the others by tag
	functions map[string]uint64
	words     map[string]uint64
	endings   map[string]uint64
	letters   map[rune]uint64
}

// latinData is made once, when it is first asked for, and only read after.
var latinData = sync.OnceValue(func() *latinWords {
	d := &latinWords{
		tags:      []string{"en"},
		functions: map[string]uint64{},
		words:     map[string]uint64{},
		endings:   map[string]uint64{},
		letters:   map[rune]uint64{},
	}
	d.read("en.txt", 1)
	files, _ := fs.ReadDir(language.Known(), ".") // embedded: it is there
	for _, file := range files {
		if tag := strings.TrimSuffix(file.Name(), ".txt"); tag != "en" {
			d.read(file.Name(), 1<<len(d.tags))
			d.tags = append(d.tags, tag)
		}
	}
	return d
})

// read adds the words of a file to the language of bit.
func (d *latinWords) read(name string, bit uint64) {
	data, _ := fs.ReadFile(language.Known(), name)
	eachEntry(string(data), func(head, word string) {
		switch head {
		case "function":
			d.functions[word] |= bit
		case "word":
			d.words[word] |= bit
		case "ending":
			d.endings[word] |= bit
		case "letters":
			r, _ := utf8.DecodeRuneInString(word)
			d.letters[r] |= bit
		}
	})
}

// score adds what a word says for each language.
func (d *latinWords) score(word string, scores []float64) {
	functions := d.functions[word]
	words := d.words[word] &^ functions
	add(scores, functions, 1)
	add(scores, words, wordScore)
	known := functions | words
	if len(word) >= 5 {
		add(scores, d.ending(word)&^known, endingScore)
	}
	var letters uint64
	for _, r := range word {
		if r >= utf8.RuneSelf {
			letters |= d.letters[r]
		}
	}
	add(scores, letters&^known, letterScore)
}

// ending gives the languages with an ending of the word that leaves two letters
// at least.
func (d *latinWords) ending(word string) uint64 {
	var found uint64
	for i := 2; i < len(word)-1; i++ {
		found |= d.endings[word[i:]]
	}
	return found
}

// add adds points to the scores of a set of languages.
func add(scores []float64, set uint64, points float64) {
	for i := 0; set != 0; i, set = i+1, set>>1 {
		if set&1 != 0 {
			scores[i] += points
		}
	}
}

// script is a script other than the Latin one.
type script struct {
	table  *unicode.RangeTable // nil: all the rest
	tag    string              // the language most often written in it
	weight int                 // how many Latin letters a letter is worth
	refine func(text string) string
}

// kana is the index of the Japanese scripts in scripts.
const kana = 0

// scripts are in the order of how often they are met.
var scripts = [...]script{
	kana: {unicode.Hiragana, "ja", 3, nil},
	{unicode.Katakana, "ja", 3, nil},
	{unicode.Han, "zh", 3, nil},
	{unicode.Hangul, "ko", 3, nil},
	{unicode.Cyrillic, "ru", 1, cyrillic},
	{unicode.Greek, "el", 1, nil},
	{unicode.Arabic, "ar", 1, arabic},
	{unicode.Hebrew, "he", 1, nil},
	{unicode.Devanagari, "hi", 1, nil},
	{unicode.Thai, "th", 1, nil},
	{unicode.Bengali, "bn", 1, nil},
	{unicode.Tamil, "ta", 1, nil},
	{unicode.Telugu, "te", 1, nil},
	{unicode.Gujarati, "gu", 1, nil},
	{unicode.Gurmukhi, "pa", 1, nil},
	{unicode.Kannada, "kn", 1, nil},
	{unicode.Malayalam, "ml", 1, nil},
	{unicode.Sinhala, "si", 1, nil},
	{unicode.Georgian, "ka", 1, nil},
	{unicode.Armenian, "hy", 1, nil},
	{unicode.Ethiopic, "am", 1, nil},
	{unicode.Khmer, "km", 1, nil},
	{unicode.Lao, "lo", 1, nil},
	{unicode.Myanmar, "my", 1, nil},
	{nil, "und", 1, nil},
}

// cyrillic tells the languages in Cyrillic letters apart by the letters that
// only some of them have.
func cyrillic(text string) string {
	switch {
	case strings.ContainsAny(text, "ўЎ"):
		return "be"
	case strings.ContainsAny(text, "їєґЇЄҐ"):
		return "uk"
	case strings.ContainsAny(text, "ќѓѕЌЃЅ"):
		return "mk"
	case strings.ContainsAny(text, "ђћјљњџЂЋЈЉЊЏ"):
		return "sr"
	case strings.ContainsAny(text, "әғқңөұүһӘҒҚҢӨҰҮҺ"):
		return "kk"
	case strings.ContainsAny(text, "ыэЫЭ"):
		return "ru"
	case strings.ContainsAny(text, "іІ"):
		return "uk"
	case strings.ContainsAny(text, "ъЪ"):
		return "bg"
	}
	return "ru"
}

// arabic tells Urdu and Persian from Arabic by letters that Arabic has not.
func arabic(text string) string {
	switch {
	case strings.ContainsAny(text, "ٹڈڑےں"):
		return "ur"
	case strings.ContainsAny(text, "پچژگ"):
		return "fa"
	}
	return "ar"
}
