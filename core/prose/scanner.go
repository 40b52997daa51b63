package prose

import (
	"unicode"
	"unicode/utf8"
)

// Classes of bytes; a chunk between spaces has the union of its bytes'.
const (
	classSpace uint8 = 1 << iota
	classLower
	classUpper
	classDigit
	classOther
	classAddress // @ / and the full stop: what makes an address possible
	classMarkup  // quotes and marks of Markdown, which are no characters to count
	classHigh    // part of a rune beyond ASCII
)

const classLetter = classLower | classUpper

// classes holds the class of each byte.
var classes = func() (t [256]uint8) {
	for c := range t {
		switch {
		case c >= 0x80:
			t[c] = classHigh
		case c <= ' ' || c == 0x7f:
			t[c] = classSpace
		case 'a' <= c && c <= 'z':
			t[c] = classLower
		case 'A' <= c && c <= 'Z':
			t[c] = classUpper
		case '0' <= c && c <= '9':
			t[c] = classDigit
		case c == '@' || c == '/' || c == '.':
			t[c] = classOther | classAddress
		case c == '*' || c == '_' || c == '`' || c == '#' || c == '>' || c == '|' || c == '"':
			t[c] = classOther | classMarkup
		default:
			t[c] = classOther
		}
	}
	return t
}()

// scanner goes through the chunks between spaces of one block after another
// and puts words and sentences into text.
type scanner struct {
	language *Language
	source   string
	text     *Text
	open     bool // a sentence is begun
	now      Sentence
	stop     stop // an end mark was seen, and what follows decides
	lower    bool // the sentence has a lower-case letter
	big      int  // its words of four letters or more
	bigUpper int  // of them, capitalized
}

// stop is a possible end of the sentence.
type stop struct {
	mark    EndMark
	marks   int  // how many characters it is
	dots    int  // how many of them are dots
	closed  bool // a quote or bracket follows it
	word    int  // index of the word right before it, or -1
	nothing bool // there is none
}

// block reads one paragraph.
func (s *scanner) block(span Span, kind Block) {
	first := len(s.text.Sentences)
	s.stop = stop{nothing: true}
	for i := span.Start; i < span.End; {
		c := s.source[i]
		class := classes[c]
		if class == classSpace {
			i++
			continue
		}
		if class == classHigh {
			if r, size := utf8.DecodeRuneInString(s.source[i:span.End]); unicode.IsSpace(r) {
				i += size
				continue
			}
		}
		end, union := s.chunkEnd(i, span.End)
		s.chunk(i, end, union)
		i = end
	}
	s.finish()
	if n := len(s.text.Sentences); n > first {
		s.text.Paragraphs = append(s.text.Paragraphs, Paragraph{span, kind, first, n})
	}
}

// chunkEnd gives the offset of the next space after i and the classes between.
func (s *scanner) chunkEnd(i, limit int) (int, uint8) {
	var union uint8
	for i < limit {
		class := classes[s.source[i]]
		if class == classSpace {
			break
		}
		if class == classHigh {
			r, size := utf8.DecodeRuneInString(s.source[i:limit])
			if unicode.IsSpace(r) {
				break
			}
			i += size
		} else {
			i++
		}
		union |= class
	}
	return i, union
}

// chunk reads what stands between two spaces.
func (s *scanner) chunk(a, b int, union uint8) {
	if union&^classLetter == 0 {
		s.follow(a, b)
		s.begin(a)
		if union == classLower {
			s.lower = true
			if b-a > 3 {
				s.big++
			}
			s.add(Word{Span{a, b}, int32(b - a), 0})
		} else {
			s.word(Span{a, b}, int32(b-a), 0)
		}
		s.now.End = b
		s.now.strokes += b - a
		return
	}
	p := a
	for p < b && !s.wordAt(p) {
		p += s.width(p)
	}
	if p == b {
		s.punctuation(a, b, union)
		return
	}
	s.follow(p, b)
	s.begin(a)
	q := b
	for q > p && !s.wordBefore(q) {
		q -= s.widthBefore(q)
	}
	if union&classAddress != 0 && s.address(p, q) {
		s.now.strokes += s.strokes(a, p, union) + s.strokes(q, b, union)
		s.add(Word{Span{p, q}, 0, Link})
	} else {
		from := s.words(a, p, q)
		s.now.strokes += s.strokes(from, b, union)
	}
	s.now.End = b
	s.tail(q, b)
}

// punctuation reads a chunk without a word: a dash, a spaced ellipsis, quotes.
func (s *scanner) punctuation(a, b int, union uint8) {
	if !s.open {
		return // it belongs to no sentence
	}
	s.now.strokes += s.strokes(a, b, union)
	s.now.End = b
	before := s.stop
	s.tail(a, b)
	if before.nothing {
		return
	}
	if s.stop.nothing {
		s.stop = before
		return
	}
	s.stop.marks += before.marks
	s.stop.dots += before.dots
	s.stop.mark = max(s.stop.mark, before.mark)
	if s.stop.dots > 1 {
		s.stop.mark = max(s.stop.mark, Ellipsis)
	}
}

// begin opens a sentence at a, unless one is open.
func (s *scanner) begin(a int) {
	if s.open {
		return
	}
	n := len(s.text.Words)
	s.open = true
	s.now = Sentence{Span: Span{a, a}, FirstWord: n, EndWord: n}
	s.lower, s.big, s.bigUpper = false, 0, 0
}

// finish closes the sentence; one without words is none.
func (s *scanner) finish() {
	st := s.stop
	s.stop = stop{nothing: true}
	if !s.open {
		return
	}
	s.open = false
	s.now.EndWord = len(s.text.Words)
	if s.now.EndWord == s.now.FirstWord {
		return
	}
	s.now.strokes++ // the end mark, written or not
	if !st.nothing {
		s.now.Mark = st.mark
		s.now.strokes -= st.marks
	}
	count := s.now.EndWord - s.now.FirstWord
	s.now.TitleCase = s.big > 1 && s.big == s.bigUpper
	if !s.lower && count > 2 {
		s.now.Capitals = true
		for i := s.now.FirstWord; i < s.now.EndWord; i++ {
			if w := &s.text.Words[i]; w.Kind&Dotted == 0 {
				w.Kind &^= Acronym
			}
		}
	}
	s.text.Sentences = append(s.text.Sentences, s.now)
}

// strokes counts visible characters in [a, b).
func (s *scanner) strokes(a, b int, union uint8) int {
	if union&(classHigh|classMarkup) == 0 {
		return b - a
	}
	n := 0
	for _, r := range s.source[a:b] {
		if r < 0x80 && classes[r]&classMarkup == 0 || r >= 0x80 && unicode.IsPrint(r) && !unicode.Is(unicode.Mn, r) && !quote(r) {
			n++
		}
	}
	return n
}

// quote says whether r is a double quotation mark beyond ASCII.
func quote(r rune) bool {
	switch r {
	case '“', '”', '„', '«', '»':
		return true
	}
	return false
}
