package prose

// apart says whether the vowel at i is spoken apart from the vowel before it.
func apart(w []byte, i int) bool {
	a, b := w[i-1], w[i]
	switch a {
	case 'i':
		return apartI(w, i, b)
	case 'e':
		return apartE(w, i, b)
	case 'u':
		return apartU(w, i, b)
	case 'o':
		return apartO(w, i, b)
	case 'a':
		switch b {
		case 'o':
			return true
		case 'e':
			return i > 1 && i+1 < len(w) && w[i+1] == 'l'
		case 'i':
			return has(w, i+1, "c") && i+2 == len(w) || has(w, i+1, "sm") || has(w, i+1, "st") && i > 3
		case 'a':
			return false
		}
	case 'y':
		return true
	}
	return false
}

// before gives the letter before a pair of vowels whose second is at i, or 0.
func before(w []byte, i int) byte {
	if i < 2 {
		return 0
	}
	return w[i-2]
}

// apartI is apart after i; b is the vowel at i.
func apartI(w []byte, i int, b byte) bool {
	p := before(w, i)
	switch b {
	case 'a':
		if p == 'r' && has(w, i+1, "ge") || has(w, i-3, "liam") {
			return false
		}
		if i == 2 {
			return true
		}
		switch p {
		case 't', 'c', 's':
			if p != 's' && (has(w, i+1, "te") || has(w, i+1, "ti")) {
				return true // "associate", "negotiation"
			}
			return !(i+1 == len(w) || i+2 == len(w) && w[i+1] == 's' || has(w, i+1, "l") || has(w, i+1, "n"))
		case 'g':
			return !has(w, i+1, "n")
		}
		return true
	case 'o':
		if i == 2 {
			return true
		}
		switch p {
		case 't', 'c', 's', 'g', 'x', 'h':
			return !(has(w, i+1, "n") && !has(w, i+1, "ne") || has(w, i+1, "us"))
		case 'n':
			return !(has(w, i+1, "n"))
		case 'l':
			return !(has(w, i+1, "n") && w[i-3] == 'l')
		}
		return true
	case 'u':
		return true
	case 'e':
		switch {
		case has(w, i+1, "ty"):
			return true
		case has(w, i+1, "r") && i+2 == len(w), has(w, i+1, "rs") && i+3 == len(w):
			return i > 2 && groups(w[:i-1]) > 0
		case has(w, i+1, "st") && i+3 == len(w), has(w, i+1, "r") && has(w, i+2, "e"):
			return i > 2 && groups(w[:i-1]) > 0
		case has(w, i+1, "nt"), has(w, i+1, "nc"):
			return !(p == 't' || p == 'c' || p == 'n') || i == 2 || has(w, 0, "scie")
		case has(w, i+1, "t"), has(w, i+1, "ll"), has(w, i+1, "nn"), has(w, i+1, "sc"):
			return true
		}
	}
	return false
}

// apartE is apart after e; b is the vowel at i.
func apartE(w []byte, i int, b byte) bool {
	p := before(w, i)
	if p == 'r' && prefixed(w, i) {
		return true
	}
	switch b {
	case 'a':
		if has(w, i+1, "l") && p == 'r' {
			return true // "reality", "cereal"
		}
		if i == 2 && p == 'r' {
			return has(w, i+1, "c") && !has(w, i+1, "ch") || has(w, i+1, "s") && i+2 < len(w) && w[i+2] == 's' || has(w, i+1, "ff") || has(w, i+1, "lign")
		}
		if has(w, i-3, "crea") && !has(w, i+1, "k") && !has(w, i+1, "m") && !has(w, i+1, "s") && !has(w, i+1, "ture") {
			return true
		}
		if i+1 == len(w) {
			return i > 2 && groups(w[:i-1]) > 0
		}
		if has(w, i+1, "n") && (i+2 == len(w) || has(w, i+2, "s") && i+3 == len(w)) {
			return groups(w[:i-1]) > 0
		}
		if has(w, i+1, "tre") || has(w, i+1, "ter") && p == 'h' {
			return true
		}
		return false
	case 'o':
		if p == 'g' && (has(w, i+1, "n") || has(w, i+1, "us") || has(w, i+1, "rg")) {
			return false
		}
		if (p == 'c' || p == 't') && has(w, i+1, "us") {
			return false
		}
		return !has(w, i-2, "peop") && !has(w, i+1, "ff")
	case 'u':
		return has(w, i+1, "m") || has(w, i+1, "s") && i+2 == len(w)
	case 'i':
		return has(w, i+1, "ng") || (i == 2 && p == 'r' && (has(w, i+1, "n") || has(w, i+1, "m") || has(w, i+1, "t"))) || has(w, i+1, "ty")
	case 'e':
		return false
	}
	return false
}

// apartU is apart after u; b is the vowel at i.
func apartU(w []byte, i int, b byte) bool {
	p := before(w, i)
	if p == 'q' || p == 'g' && i > 1 {
		return p == 'g' && b == 'a' && has(w, i+1, "l") || has(w, i+1, "ity") || p == 'g' && has(w, i, "ous")
	}
	switch b {
	case 'a':
		return p != 's' || has(w, i+1, "l")
	case 'e':
		return has(w, i+1, "l") || has(w, i+1, "nt") || has(w, i+1, "nc") || has(w, i+1, "t") || has(w, i+1, "r")
	case 'i':
		return has(w, i+1, "ng") || has(w, i+1, "ty") || has(w, i+1, "n") || has(w, i+1, "d") && p != 'g' || has(w, i+1, "st") || has(w, i+1, "t") && i+2 < len(w) && w[i+2] == 'o'
	case 'o':
		return true
	}
	return false
}

// apartO is apart after o; b is the vowel at i.
func apartO(w []byte, i int, b byte) bool {
	switch b {
	case 'e':
		return has(w, i+1, "t") || has(w, i+1, "m") || has(w, i+1, "r") || has(w, i+1, "v") || has(w, i-3, "cro")
	case 'i':
		return has(w, i+1, "ng")
	case 'a':
		return i+1 == len(w) || has(w, 0, "coali") || has(w, 0, "coale") || has(w, i-3, "proact") || i == 2 && w[0] == 'c' && has(w, i+1, "u")
	case 'o':
		return has(w, 0, "coop") && i == 2 && len(w) > 5 || has(w, i-1, "oolog") || has(w, 0, "coord")
	}
	return false
}

// prefixed says whether the vowels before i and at i are the seam of a prefix:
// "pre-empt", "re-establish", "re-offer".
func prefixed(w []byte, i int) bool {
	if i == 3 && w[0] == 'p' {
		return w[i] == 'e' && !has(w, i+1, "n") || w[i] == 'a' && !has(w, i+1, "c")
	}
	if i != 2 {
		return false
	}
	switch w[i] {
	case 'e':
		return i+1 < len(w) && (w[i+1] != 'd' && w[i+1] != 'f' && w[i+1] != 'l' && w[i+1] != 'k') && len(w) > 5
	case 'o', 'u':
		return true
	case 'a':
		return has(w, i+1, "b") || has(w, i+1, "ct") || has(w, i+1, "ff") || has(w, i+1, "pp") || has(w, i+1, "rr") || has(w, i+1, "ss") || has(w, i+1, "tt") || has(w, i+1, "w")
	}
	return false
}
