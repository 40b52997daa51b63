package prose

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// abbreviationKind says what the full stop after an abbreviation can mean.
type abbreviationKind uint8

const (
	noAbbreviation     abbreviationKind = iota
	titleAbbreviation                   // before a name, never the end: Mr., Dr.
	innerAbbreviation                   // within a sentence: e.g., vs., approx.
	numberAbbreviation                  // before a number: No. 5, Fig. 2; a word otherwise
	lateAbbreviation                    // the end when a capital follows: etc., a.m.
	nameAbbreviation                    // capitals may follow: Inc., U.S., J.; the end before a word that begins sentences
)

// Language is what is particular to one language: its data and its rule for
// syllables. It is read only once made, and safe for concurrent use.
type Language struct {
	abbreviations map[string]abbreviationKind // lower case, without the last stop
	starters      map[string]bool             // lower-case words that often begin sentences and are no part of names
	headings      map[string]bool             // lower-case words of which headings are made: "our mission and values"
	domains       map[string]bool             // ends of web addresses written without www
	syllables     map[string]int              // lower-case words the rule gets wrong
	shapes        [256]uint64                 // by first letter, a bit for each length in syllables: most words need no look-up
	uninflected   map[string]bool             // words in -es, -ed and -ing that are no verb form
	rule          func(plain []byte) int      // syllables of lower-case ASCII letters
	clitic        func(base []byte, count int, tail string) int
	digits        func(digits string) int // syllables of a number read aloud
	letter        func(c byte) int        // syllables of a letter's name; c is lower-case ASCII
	inflected     func(plain []byte) bool // whether the last syllable is a verb's ending
}

// longest is the most bytes of a part of a word that are looked at: what is
// longer is no word of any language, and is cut off.
const longest = 64

// Syllables counts the syllables of a word as spoken: 0 for what has neither
// letter nor digit, otherwise at least 1. Parts joined by hyphens are counted
// one by one, digits as the number is read, and letters with stops between or
// without any vowel by their names.
func (l *Language) Syllables(word string) int {
	n, _ := l.spoken(word, new([longest]byte))
	return n
}

// spoken counts the syllables of a word, and those of its longest part. It
// works in buffer, which its caller makes once for many words.
func (l *Language) spoken(word string, buffer *[longest]byte) (all, part int) {
	// Most words are nothing but letters.
	n := 0
	for n < len(word) && n < longest && classes[word[n]]&classLetter != 0 {
		buffer[n] = word[n] | 0x20
		n++
	}
	if n == len(word) && n > 0 {
		n = l.plain(buffer[:n])
		return n, n
	}
	return l.joined(word, buffer)
}

// joined is spoken for words of several parts, or with more than ASCII letters.
func (l *Language) joined(word string, buffer *[longest]byte) (all, part int) {
	plain := buffer[:0]
	found := false
	flush := func(tail string) {
		if len(plain) == 0 {
			return
		}
		n := l.plain(plain)
		if tail != "" {
			n = l.clitic(plain, n, tail)
		}
		all, part = all+n, max(part, n)
		plain = plain[:0]
	}
	for i := 0; i < len(word); {
		c := word[i]
		switch class := classes[c]; {
		case class&classLetter != 0:
			if len(plain) < longest {
				plain = append(plain, c|0x20)
			}
			i++
		case class == classDigit:
			flush("")
			end := i
			for end < len(word) && (classes[word[end]] == classDigit || word[end] == ',') {
				end++
			}
			n := l.digits(word[i:end])
			all, part = all+n, max(part, n)
			i = end
		case c == '\'' || strings.HasPrefix(word[i:], "’"):
			i += 1 + 2*int(c>>7)
			tail, rest := apostrophe(word[i:])
			if len(plain) > 0 && tail != "" {
				flush(tail)
				i = len(word) - len(rest)
			} else {
				flush("")
			}
		case class == classHigh:
			r, size := utf8.DecodeRuneInString(word[i:])
			i += size
			found = found || unicode.IsLetter(r)
			if c := fold(r); c != 0 && len(plain) < longest {
				plain = append(plain, c)
			}
		default:
			flush("")
			i++
		}
	}
	flush("")
	if all == 0 && found {
		return 1, 1 // letters of another script
	}
	return all, part
}

// apostrophe cuts a contraction's end off the front of s: "s", "ll", "ve".
func apostrophe(s string) (tail, rest string) {
	end := 0
	for end < len(s) && classes[s[end]]&classLetter != 0 {
		end++
	}
	switch tail := strings.ToLower(s[:end]); tail {
	case "s", "t", "d", "m", "ll", "ve", "re":
		return tail, s[end:]
	}
	return "", s
}

// fold gives the plain letter for a Latin letter with an accent; 0 for others.
// An é becomes an a, since an e might be taken for a silent one.
func fold(r rune) byte {
	switch r {
	case 'é', 'É', 'è', 'ê', 'á', 'à', 'â', 'ä', 'ã', 'å', 'Á', 'À', 'Ä', 'Å', 'È', 'Ê':
		return 'a'
	case 'í', 'ì', 'î', 'ï', 'ë', 'Í', 'Ï', 'Ë':
		return 'i'
	case 'ó', 'ò', 'ô', 'ö', 'õ', 'ø', 'Ó', 'Ö', 'Ø':
		return 'o'
	case 'ú', 'ù', 'û', 'ü', 'Ú', 'Ü':
		return 'u'
	case 'ñ', 'Ñ':
		return 'n'
	case 'ç', 'Ç':
		return 's'
	}
	return 0
}

// plain counts the syllables of a part of lower-case letters.
func (l *Language) plain(w []byte) int {
	if l.shapes[w[0]]>>uint(len(w))&1 != 0 {
		if n, ok := l.syllables[string(w)]; ok {
			return n
		}
	}
	if len(w) > 1 && len(w) < 6 && !anyVowel(w) && bytes.IndexByte(w, 'y') < 0 {
		return l.spelled(w)
	}
	return l.rule(w)
}

// spelled counts the syllables of letters read by their names.
func (l *Language) spelled(w []byte) int {
	n := 0
	for _, c := range w {
		n += l.letter(c)
	}
	return n
}

// key puts a word's ASCII letters in lower case into buffer, for look-ups
// without an allocation; it gives nothing for words too long to be in a table.
func key(buffer *[longest]byte, word string) []byte {
	if len(word) > longest {
		return nil
	}
	for i := range len(word) {
		c := word[i]
		if classes[c] == classUpper {
			c |= 0x20
		}
		buffer[i] = c
	}
	return buffer[:len(word)]
}

// abbreviation says what w is before a full stop.
func (l *Language) abbreviation(w Word, source string) abbreviationKind {
	text := w.In(source)
	var buffer [longest]byte
	if kind, ok := l.abbreviations[string(key(&buffer, text))]; ok {
		return kind
	}
	switch {
	case w.Is(Dotted), len(text) == 1 && w.Is(Capitalized) && text != "I":
		return nameAbbreviation
	}
	return noAbbreviation
}

// starts says whether chunk begins with a word that often begins sentences.
func (l *Language) starts(chunk string) bool {
	end := 0
	for end < len(chunk) && classes[chunk[end]]&classLetter != 0 {
		end++
	}
	var buffer [longest]byte
	return l.starters[string(key(&buffer, chunk[:end]))]
}
