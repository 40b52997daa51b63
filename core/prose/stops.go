package prose

import (
	"unicode"
	"unicode/utf8"
)

// tail reads the punctuation [q, b) after a word: whether a sentence may end
// with it.
func (s *scanner) tail(q, b int) {
	st := stop{nothing: true, word: -1}
	for i := q; i < b; {
		r, size := utf8.DecodeRuneInString(s.source[i:b])
		i += size
		mark := NoMark
		switch r {
		case '.':
			mark = FullStop
			st.dots++
		case '…':
			mark = Ellipsis
		case '!':
			mark = Exclamation
		case '?':
			mark = Question
		case '"', '\'', '”', '’', '»', ')', ']', '}', '*', '_', '`', '“', '‘', '«':
			st.closed = !st.nothing
			continue
		default:
			// A comma, a colon, a dash: the sentence goes on.
			st = stop{nothing: true, word: -1}
			continue
		}
		st.nothing = false
		st.marks++
		st.mark = max(st.mark, mark)
	}
	if st.dots > 1 {
		st.mark = max(st.mark, Ellipsis)
	}
	// A stop inside brackets or after them belongs to the word all the same.
	if n := len(s.text.Words); n > 0 && s.text.Words[n-1].End == q {
		st.word = n - 1
	}
	s.stop = st
}

// follow decides whether the sentence before ended, now that the next word is
// known to begin at p, in a chunk that ends at b.
func (s *scanner) follow(p, b int) {
	if s.stop.nothing || !s.open {
		return
	}
	if s.ends(p, b) {
		s.finish()
		return
	}
	if s.stop.marks > 1 {
		// Dots inside a sentence are one character, like the sign for them.
		s.now.strokes -= s.stop.marks - 1
	}
	s.stop = stop{nothing: true}
}

// ends says whether the stop is one before the word at p.
func (s *scanner) ends(p, b int) bool {
	small := s.small(p, b)
	switch s.stop.mark {
	case Question, Exclamation:
		link := s.stop.word >= 0 && s.text.Words[s.stop.word].Is(Link)
		return !small || !s.stop.closed && !link
	case Ellipsis:
		return !small
	}
	digit := classes[s.source[p]] == classDigit
	if s.stop.word < 0 {
		return !small
	}
	w := s.text.Words[s.stop.word]
	switch s.language.abbreviation(w, s.source) {
	case titleAbbreviation, innerAbbreviation:
		return false
	case numberAbbreviation:
		if digit {
			return false
		}
	case lateAbbreviation:
		return !small && !digit
	case nameAbbreviation:
		return !small && s.language.starts(s.source[p:b])
	}
	if w.Is(Number) && w.End-w.Start <= 2 && (small || s.stop.word == s.now.FirstWord) {
		return false // "1. serve": a list number
	}
	if small {
		// A short word may be an abbreviation that is not listed.
		return !s.stop.closed && (w.Letters > 3 || w.Is(Number))
	}
	return true
}

// small says whether the word at p begins with a lower-case letter, as no
// sentence does. Names such as iPhone may begin one.
func (s *scanner) small(p, b int) bool {
	r, size := utf8.DecodeRuneInString(s.source[p:b])
	if !unicode.IsLower(r) {
		return false
	}
	return p+size >= b || classes[s.source[p+size]] != classUpper
}
