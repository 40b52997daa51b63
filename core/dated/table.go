package dated

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestWord is the most bytes of a first word; longer ones are not looked up.
const longestWord = 32

// table finds the patterns that begin with a word. Nearly every word of a text
// begins none, which maybe tells from two letters and the length.
type table struct {
	maybe    [1 << 10]uint16 // by the first two bytes: a bit for each length, the last for all longer ones
	patterns map[string][]*pattern
}

func newTable(n int) *table { return &table{patterns: make(map[string][]*pattern, n)} }

// bucket gives where the word's bit is in maybe. Case does not matter: letters of
// either case have the same five low bits.
func bucket(a, b byte, n int) (int, uint16) {
	return int(a&31)<<5 | int(b&31), 1 << min(n, 15)
}

// put adds the patterns of a folded word.
func (t *table) put(word string, patterns []*pattern) {
	if len(word) > longestWord {
		panic("first word too long: " + word)
	}
	for _, ending := range []int{0, 2, 4} { // as it is, with 's, and with a curly one
		at, bit := bucket(word[0], second(word), len(word)+ending)
		t.maybe[at] |= bit
	}
	t.patterns[word] = patterns
}

// second gives the second byte of a word, 0 where there is none.
func second(word string) byte {
	if len(word) < 2 {
		return 0
	}
	return word[1]
}

// get gives the patterns that begin with a word of a text.
func (t *table) get(word string) []*pattern {
	at, bit := bucket(word[0], second(word), len(word))
	if t.maybe[at]&bit == 0 || len(word) > longestWord+4 {
		return nil
	}
	var buffer [longestWord + 4]byte
	folded, ok := foldASCII(&buffer, word)
	if !ok {
		return t.patterns[fold(word)]
	}
	return t.patterns[string(folded)]
}

// foldASCII is fold without memory of its own. It gives false for a word with other
// bytes.
func foldASCII(buffer *[longestWord + 4]byte, word string) ([]byte, bool) {
	if len(word) > len(buffer) {
		return nil, false
	}
	for i := range len(word) {
		c := word[i]
		if c >= utf8.RuneSelf {
			return nil, false
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		buffer[i] = c
	}
	n := len(word)
	if n > 2 && buffer[n-2] == '\'' && buffer[n-1] == 's' {
		n -= 2
	}
	return buffer[:n], true
}

// fold gives a word in lower case, with plain hyphens and apostrophes and without the
// ending of a genitive.
func fold(word string) string {
	word = strings.Map(func(r rune) rune {
		switch r {
		case '‐', '‑':
			return '-'
		case '’', '‘':
			return '\''
		}
		return unicode.ToLower(r)
	}, word)
	if rest, ok := strings.CutSuffix(word, "'s"); ok && rest != "" {
		return rest
	}
	return word
}
