package prose

import (
	"io/fs"
	"strconv"
	"strings"
	"sync"

	"github.com/firstcall-cli/firstcall/core/language"
)

// english is made once, when it is first asked for, and only read after.
var english = sync.OnceValue(func() *Language {
	kinds := map[string]abbreviationKind{
		"title": titleAbbreviation, "inner": innerAbbreviation, "number": numberAbbreviation,
		"late": lateAbbreviation, "name": nameAbbreviation,
	}
	l := &Language{
		abbreviations: map[string]abbreviationKind{},
		starters:      map[string]bool{},
		headings:      map[string]bool{},
		domains:       map[string]bool{},
		syllables:     map[string]int{},
		uninflected:   map[string]bool{},
		rule:          englishSyllables,
		clitic:        englishClitic,
		digits:        englishDigits,
		letter:        englishLetter,
		inflected:     englishInflected,
	}
	eachEntry(englishFile("words.txt"), func(head, word string) {
		switch head {
		case "starter":
			l.starters[word] = true
		case "heading":
			l.headings[word] = true
		case "domain":
			l.domains[word] = true
		case "uninflected":
			l.uninflected[word] = true
		default:
			l.abbreviations[word] = kinds[head]
		}
	})
	eachEntry(englishFile("syllables.txt"), func(head, word string) {
		l.syllables[word], _ = strconv.Atoi(head)
		l.shapes[word[0]] |= 1 << len(word)
	})
	return l
})

// englishFile gives a file of the language's data.
func englishFile(name string) string {
	data, err := fs.ReadFile(language.English(), name)
	if err != nil {
		panic(err) // it is part of the program
	}
	return string(data)
}

// English gives the language of this package's data: English as written in the
// United States, with British spellings.
func English() *Language { return english() }

// eachEntry calls f for the words of a data file: lines of "head: word word",
// and comments that begin with #.
func eachEntry(data string, f func(head, word string)) {
	for line := range strings.Lines(data) {
		head, words, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		for word := range strings.FieldsSeq(words) {
			f(head, word)
		}
	}
}

// englishClitic gives the syllables of base, which has count, with what follows
// an apostrophe: "boss's" is 2, "didn't" 2, "it'll" 2.
func englishClitic(base []byte, count int, tail string) int {
	last := base[len(base)-1]
	hard := !isVowel(last) && last != 'y' && last != 'w'
	switch tail {
	case "s":
		stem := base
		if last == 'e' && len(base) > 2 {
			stem = base[:len(base)-1]
		}
		if len(stem) > 1 && sibilant(stem) {
			return count + 1
		}
	case "t":
		// count is of the base with its n: "didn", "haven", "weren".
		if last != 'n' || len(base) < 3 {
			return count
		}
		switch string(base) {
		case "don", "won", "can", "ain", "aren", "weren", "shan":
			return 1
		}
		return englishSyllables(base[:len(base)-1]) + 1
	case "ll", "ve":
		if hard || last == 'e' && base[0] == 't' && string(base) != "they" && string(base) != "the" {
			return count + 1
		}
	case "d":
		if last == 't' || last == 'd' {
			return count + 1
		}
	}
	return count
}

// englishLetter counts the syllables of a letter's name: three for w.
func englishLetter(c byte) int {
	if c == 'w' {
		return 3
	}
	return 1
}

// englishInflected says whether the last syllable of a word is the ending -es,
// -ed or -ing and nothing else: "creates" is not, "created" and "trespasses" are.
func englishInflected(w []byte) bool {
	n := len(w)
	switch {
	case n > 4 && ends(w, "ing"):
		return true
	case n > 4 && ends(w, "es"):
		return sibilant(w[:n-2])
	case n > 4 && ends(w, "ed"):
		return w[n-3] == 't' || w[n-3] == 'd'
	}
	return false
}

// englishDigits counts the syllables of a number as it is read aloud: 1984 as
// a year, others up to twelve digits in full, anything else digit by digit.
func englishDigits(s string) int {
	year := len(s) == 4
	s = strings.ReplaceAll(s, ",", "")
	value, err := strconv.Atoi(s)
	if err != nil || len(s) > 12 || len(s) > 1 && s[0] == '0' {
		n := 0
		for i := range len(s) {
			n += englishBelow20(int(s[i] - '0'))
		}
		return n
	}
	if value >= 1100 && value < 2000 && year {
		high, low := value/100, value%100
		switch {
		case low == 0:
			return englishBelow1000(high) + 2 // hundred
		case low < 10:
			return englishBelow1000(high) + 1 + englishBelow20(low) // oh
		}
		return englishBelow1000(high) + englishBelow1000(low)
	}
	if value == 0 {
		return 2
	}
	n := 0
	for scale := 0; value > 0; scale++ {
		if part := value % 1000; part > 0 {
			n += englishBelow1000(part)
			if scale > 0 {
				n += 2 // thousand, million, billion
			}
		}
		value /= 1000
	}
	return n
}

// englishBelow1000 counts the syllables of 1 to 999.
func englishBelow1000(v int) int {
	n := 0
	if v >= 100 {
		n = englishBelow20(v/100) + 2
		v %= 100
	}
	if v >= 20 {
		n += 2
		if v >= 70 && v < 80 {
			n++ // seventy
		}
		v %= 10
	}
	if v > 0 {
		n += englishBelow20(v)
	}
	return n
}

// englishBelow20 counts the syllables of 0 to 19.
func englishBelow20(v int) int {
	return int("21111112121322222322"[v] - '0')
}
