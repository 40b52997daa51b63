package prose

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// width gives the length of the rune at i.
func (s *scanner) width(i int) int {
	if s.source[i] < 0x80 {
		return 1
	}
	_, size := utf8.DecodeRuneInString(s.source[i:])
	return size
}

// widthBefore gives the length of the rune that ends at i.
func (s *scanner) widthBefore(i int) int {
	if s.source[i-1] < 0x80 {
		return 1
	}
	_, size := utf8.DecodeLastRuneInString(s.source[:i])
	return size
}

// wordAt says whether a letter or digit is at i.
func (s *scanner) wordAt(i int) bool {
	if c := s.source[i]; c < 0x80 {
		return classes[c]&(classLetter|classDigit) != 0
	}
	r, _ := utf8.DecodeRuneInString(s.source[i:])
	return wordRune(r)
}

// wordBefore says whether a letter or digit ends at i.
func (s *scanner) wordBefore(i int) bool {
	if c := s.source[i-1]; c < 0x80 {
		return classes[c]&(classLetter|classDigit) != 0
	}
	r, _ := utf8.DecodeLastRuneInString(s.source[:i])
	return wordRune(r)
}

// wordRune says whether a rune beyond ASCII is part of a word. Combining marks
// and the soft hyphen are, though they are no letters.
func wordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || r == '\u00ad')
}

// words reads the words of [p, q), which begins and ends with one. It gives
// where the strokes that are not yet counted begin: at a, or at the last place
// where a sentence ended in between.
func (s *scanner) words(a, p, q int) int {
	for p < q {
		end, letters, kind := s.wordEnd(p, q)
		s.word(Span{p, end}, letters, kind)
		from := end
		for end < q && !s.wordAt(end) {
			end += s.width(end)
		}
		p = end
		if p < q && s.missingSpace(from, p, q) {
			s.now.End = p
			s.now.strokes += s.strokes(a, p, classHigh)
			s.stop = stop{mark: markOf(s.source[from]), marks: 1, word: -1}
			s.finish()
			s.begin(p)
			a = p
		}
	}
	return a
}

// missingSpace says whether [from, p) ends a sentence although no space
// follows: "people.We", "Why?Because".
func (s *scanner) missingSpace(from, p, q int) bool {
	if p != from+1 || p+1 >= q || markOf(s.source[from]) == NoMark || from < 2 {
		return false
	}
	low := func(i int) bool { return classes[s.source[i]] == classLower }
	return low(from-1) && low(from-2) && classes[s.source[p]] == classUpper && low(p+1)
}

// markOf gives the end mark that c is.
func markOf(c byte) EndMark {
	switch c {
	case '.':
		return FullStop
	case '!':
		return Exclamation
	case '?':
		return Question
	}
	return NoMark
}

// wordEnd reads the word at p: its end, its letters and its kind as far as the
// joints tell. Joints are apostrophes, hyphens, the ampersand of R&D, points
// and commas in numbers, and the stops of U.S.
func (s *scanner) wordEnd(p, q int) (end int, letters int32, kind WordKind) {
	run := 0 // letters since the last joint
	for p < q {
		c := s.source[p]
		switch class := classes[c]; {
		case class&classLetter != 0:
			letters++
			run++
			p++
		case class == classDigit:
			kind |= Number
			run = 0
			p++
		case class == classHigh && s.wordAt(p):
			r, size := utf8.DecodeRuneInString(s.source[p:])
			if unicode.IsLetter(r) {
				letters++
				run++
			} else if unicode.IsDigit(r) {
				kind |= Number
			}
			p += size
		default:
			size, k := s.joint(p, q, run)
			if size == 0 {
				return p, letters, kind
			}
			kind |= k
			run = 0
			p += size
		}
	}
	return p, letters, kind
}

// joint gives the length of what joins the parts of one word at p, and the
// kind that makes of it; 0 when the word ends. run is how many letters stand
// right before. It begins inside a word: p > 0.
func (s *scanner) joint(p, q, run int) (int, WordKind) {
	size := s.width(p)
	if p+size >= q || !s.wordAt(p+size) {
		return 0, 0
	}
	after := classes[s.source[p+size]]
	digits := classes[s.source[p-1]] == classDigit && after == classDigit
	switch s.source[p] {
	case '\'', '&':
		return size, 0
	case '-':
		return size, Hyphenated
	case ',', ':':
		if digits {
			return size, 0
		}
	case '.':
		if digits {
			return size, 0
		}
		// One or two letters and then one: U.S, Ph.D, a.m.
		if (run == 1 || run == 2) && after&classLetter != 0 && (p+2 >= q || classes[s.source[p+2]]&classLetter == 0) {
			return size, Dotted
		}
	case 0xe2:
		switch s.source[p : p+size] {
		case "’", "‘":
			return size, 0
		case "‐", "‑":
			return size, Hyphenated
		}
	}
	return 0, 0
}

// word adds a word; what its letters tell is found here.
func (s *scanner) word(span Span, letters int32, kind WordKind) {
	upper, lower := 0, 0
	for i := span.Start; i < span.End; i++ {
		switch c := s.source[i]; classes[c] {
		case classUpper:
			upper++
		case classLower:
			lower++
		case classHigh:
			if r, _ := utf8.DecodeRuneInString(s.source[i:span.End]); unicode.IsUpper(r) {
				upper++
			} else if unicode.IsLower(r) {
				lower++
			}
		}
	}
	if upper > 0 {
		first, _ := utf8.DecodeRuneInString(s.source[span.Start:])
		if unicode.IsUpper(first) {
			kind |= Capitalized
		}
		plural := lower == 1 && s.source[span.End-1] == 's'
		if upper > 1 && (lower == 0 || plural) {
			kind |= Acronym
		}
	}
	if letters > 3 {
		s.big++
		if kind&Capitalized != 0 {
			s.bigUpper++
		}
	}
	s.lower = s.lower || lower > 0
	s.add(Word{span, letters, kind})
}

// add puts a word into the text.
func (s *scanner) add(w Word) { s.text.Words = append(s.text.Words, w) }

// address says whether [p, q) is a web or e-mail address.
func (s *scanner) address(p, q int) bool {
	part := s.source[p:q]
	if at := strings.IndexByte(part, '@'); at > 0 && strings.IndexByte(part[at:], '.') > 0 {
		return true
	}
	if strings.Contains(part, "://") || len(part) > 4 && strings.EqualFold(part[:4], "www.") {
		return true
	}
	// A bare domain: "firstcall.org", "example.com/about".
	host, _, _ := strings.Cut(part, "/")
	dot := strings.LastIndexByte(host, '.')
	if dot < 2 {
		return false
	}
	for i := range len(host) {
		if c := host[i]; classes[c]&(classLower|classDigit) == 0 && c != '.' && c != '-' {
			return false
		}
	}
	return s.language.domains[host[dot+1:]]
}
