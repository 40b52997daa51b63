package prose

import "bytes"

// compoundHead gives the length of a first part of a compound whose last e is
// silent, such as "home" in "homeland"; 0 when there is none.
func compoundHead(w []byte) int {
	if len(w) < 6 {
		return 0
	}
	for l := 4; l <= 6 && l+2 < len(w); l++ {
		if w[l-1] != 'e' || isVowel(w[l]) || w[l] == 'y' {
			continue
		}
		if w[l] == 's' && l+1 == len(w) || w[l] == 'd' && l+1 == len(w) {
			continue
		}
		if isHead(string(w[:l])) && groups(w[l:])-silentEnd(w[l:]) > 0 {
			rest := w[l:]
			// "homer", "laker", "timelier": an ending, not a second part.
			if rest[0] == 'r' || rest[0] == 'n' && string(rest) != "ness" || rest[0] == 'd' && len(rest) < 3 {
				if len(rest) < 4 || string(rest) == "ring" {
					continue
				}
			}
			return l
		}
	}
	return 0
}

// isHead says whether s is the first part of compounds, with a silent e.
func isHead(s string) bool {
	switch s {
	case "home", "fore", "some", "side", "time", "life", "love", "base", "fire",
		"game", "gate", "safe", "wide", "wire", "care", "make", "take", "like",
		"live", "more", "nine", "five", "cake", "name", "note", "pipe", "rose",
		"sale", "trade", "house", "horse", "grape", "space", "stage",
		"state", "stone", "store", "there", "these", "where", "white",
		"price", "prime", "grace", "brake", "cheese", "breeze", "source", "course",
		"snake", "spoke", "stove", "theme", "torque", "whole", "edge", "face", "file",
		"hare", "here", "hole", "lake", "late", "line", "lone", "mole", "race", "ware", "wave",
		"wine", "cave", "cove", "date", "dove", "pace", "page", "pine", "rate", "role", "hope", "stake",
		"eye", "bare", "tide", "tape", "vine", "bone", "code", "cane", "core", "dale", "pure", "tire", "lime", "smoke", "juice", "piece", "voice", "peace", "goose", "noise", "moose", "judge", "bridge", "nurse", "dance", "force", "waste", "paste", "taste", "chase", "scare", "share", "shake", "spare", "strike", "grave", "shore", "phone", "globe", "crime", "glove", "above":
		return true
	}
	return false
}

// silentInside is 1 where an e inside the word is silent before an ending that
// begins with a consonant: "movement", "careful", "safety".
func silentInside(w []byte) int {
	n := 0
	// Endings have two letters or more: without an e before them there is
	// nothing to look for, as in most words.
	if len(w) < 5 || bytes.IndexByte(w[2:len(w)-2], 'e') < 0 {
		return 0
	}
	for len(w) > 4 {
		s := ending(w)
		if s == 0 {
			return n
		}
		w = w[:len(w)-s]
		k := len(w)
		if k < 3 {
			return n
		}
		if w[k-1] == 'e' {
			if s == 2 && string(w[k-1:]) != "e" {
				return n
			}
			return n + silentE(w, k-1)*boolInt(groups(w) > 1)
		}
		if w[k-1] == 's' && w[k-2] == 'e' && s > 3 && k > 3 && !sibilant(w[:k-2]) {
			return n + silentE(w, k-2) // "Gainesville"
		}
		if w[k-1] == 'd' && w[k-2] == 'e' && s == 4 {
			return n
		}
	}
	return n
}

// boolInt is 1 for true.
func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// ending gives the length of an ending before which an e is silent, or 0.
func ending(w []byte) int {
	if len(w) == 0 {
		return 0
	}
	switch w[len(w)-1] {
	case 'd':
		return oneOf(w, "field", "hood", "land", "ward", "wood", "ford")
	case 'e':
		return oneOf(w, "ville", "stone", "house", "some", "wise", "like")
	case 'g':
		return oneOf(w, "berg", "burg")
	case 'h':
		return oneOf(w, "worth")
	case 'k':
		return oneOf(w, "work")
	case 'l':
		return oneOf(w, "mental", "well", "ful")
	case 'n':
		return oneOf(w, "town", "man", "men", "son")
	case 'p':
		return oneOf(w, "ship")
	case 's':
		return oneOf(w, "nesses", "ments", "lands", "wards", "ness", "less", "ties", "ways")
	case 't':
		return oneOf(w, "ment")
	case 'y':
		return oneOf(w, "mentally", "fully", "way", "ly", "ty")
	}
	return 0
}

// oneOf gives the length of the first of endings that w has, or 0.
func oneOf(w []byte, endings ...string) int {
	for _, s := range endings {
		if ends(w, s) {
			return len(s)
		}
	}
	return 0
}
