package prose

import "bytes"

// englishSyllables counts the syllables of one plain English word: lower-case
// ASCII letters, no hyphen and no apostrophe. It counts groups of vowels, cuts
// those that are spoken apart, and takes away what is written and not spoken.
// The rules are our own, worked out on words by ear and ending.
func englishSyllables(w []byte) int {
	if len(w) == 0 {
		return 0
	}
	n := 0
	if head := compoundHead(w); head > 0 {
		// "homeland", "sideline": the head's e is silent though it is inside.
		n = 1
		w = w[head:]
	}
	if has(w, 0, "every") {
		n-- // "everyday"
	}
	if len(w) > 8 && bytes.Contains(w, []byte("business")) {
		n-- // the i of "agribusiness"
	}
	n += groups(w) - silentInside(w) - silentEnd(w)
	return max(n, 1)
}

// isVowel says whether c is a letter that carries a syllable by itself; y is
// looked at apart.
func isVowel(c byte) bool {
	return vowelClass[c]
}

// vowelClass holds the five vowels; a table is quicker than a switch.
var vowelClass = [256]bool{'a': true, 'e': true, 'i': true, 'o': true, 'u': true}

// groups counts the groups of vowels in w, cut where two vowels are spoken
// apart, and syllables without a written vowel ("rhythm", "prism").
func groups(w []byte) int {
	n := 0
	before := false // whether the letter before belongs to a group
	for i, c := range w {
		switch {
		case isVowel(c):
			if c == 'u' && i > 0 && w[i-1] == 'q' && i+1 < len(w) && isVowel(w[i+1]) {
				before = false // qu is a consonant
				continue
			}
			if !before || apart(w, i) {
				n++
			}
			before = true
		case c == 'y':
			if i+1 < len(w) && (isVowel(w[i+1])) && !spokenY(w, i) {
				before = false // a consonant: "yes", "beyond", "canyon"
				continue
			}
			if !before {
				n++
			}
			before = true
		default:
			before = false
		}
	}
	return n + unwritten(w)
}

// spokenY says whether the y at i, before a vowel, is a vowel itself, as in
// "flying", "dryer", "cyanide".
func spokenY(w []byte, i int) bool {
	if i == 0 || isVowel(w[i-1]) {
		return false
	}
	switch w[i+1] {
	case 'i':
		return true
	case 'e':
		return w[i-1] != 'w' && w[i-1] != 'l' && w[i-1] != 'n' || !anyVowel(w[:i])
	case 'a':
		return w[i-1] == 'r' || w[i-1] == 'b' || !anyVowel(w[:i])
	case 'o':
		return w[i-1] == 'r' || !anyVowel(w[:i])
	}
	return false
}

// unwritten counts syllables that have no vowel in writing.
func unwritten(w []byte) int {
	n := len(w)
	if n < 3 {
		return 0
	}
	if w[n-1] == 's' {
		n--
	}
	if n < 3 || w[n-1] != 'm' {
		return 0
	}
	if w[n-2] == 's' && (w[n-3] == 'i' || w[n-3] == 'a' || w[n-3] == 'y') || w[n-2] == 'h' && w[n-3] == 't' {
		return 1
	}
	return 0
}

// silentEnd is 1 where the e of the last syllable is written and not spoken.
func silentEnd(w []byte) int {
	n := len(w)
	if n < 3 {
		return 0
	}
	switch w[n-1] {
	case 'e':
		return silentE(w, n-1)
	case 's':
		if w[n-2] != 'e' || n < 4 || sibilant(w[:n-2]) {
			return 0
		}
		return silentE(w, n-2)
	case 'd':
		if w[n-2] != 'e' || n < 4 {
			return 0
		}
		c := w[n-3]
		if c == 't' || c == 'd' {
			return 0
		}
		if (c == 'r') && !isVowel(w[n-4]) && w[n-4] != 'r' && w[n-4] != 'y' {
			return 0 // "hundred", "sacred"
		}
		return silentE(w, n-2)
	}
	return 0
}

// silentE says (as 1 or 0) whether the e at i, the last vowel of w, is silent.
func silentE(w []byte, i int) int {
	c := w[i-1]
	if isVowel(c) {
		// "league", "technique": a group of its own that is not spoken.
		if c == 'u' && i > 2 && (w[i-2] == 'g' || w[i-2] == 'q') {
			return 1
		}
		return 0
	}
	if c == 'l' && has(w, i-3, "isl") {
		return 1 // "aisle"
	}
	if c == 'l' && !isVowel(w[i-2]) && w[i-2] != 'l' && w[i-2] != 'r' && w[i-2] != 'w' && w[i-2] != 'y' {
		return 0 // "table"
	}
	if c == 'y' && !isVowel(w[i-2]) {
		return 0
	}
	return 1
}

// sibilant says whether a stem takes a spoken -es: "places", "wishes".
func sibilant(w []byte) bool {
	n := len(w)
	switch w[n-1] {
	case 's', 'z', 'x', 'c', 'g', 'j':
		return true
	case 'h':
		return w[n-2] == 'c' || w[n-2] == 's'
	}
	return false
}

// anyVowel says whether w has one of the five vowels.
func anyVowel(w []byte) bool {
	for _, c := range w {
		if isVowel(c) {
			return true
		}
	}
	return false
}

// has says whether s stands in w at i; i may be out of range.
func has(w []byte, i int, s string) bool {
	return i >= 0 && i+len(s) <= len(w) && string(w[i:i+len(s)]) == s
}

// ends says whether w ends with s.
func ends(w []byte, s string) bool { return has(w, len(w)-len(s), s) }
