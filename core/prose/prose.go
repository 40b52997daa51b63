// Package prose takes English text apart: paragraphs, sentences and words with
// their places, syllables, and the classic readability formulas with the counts
// they are made from. It is what rules for mission and vision statements stand
// on; it judges nothing itself.
//
// Places are byte offsets into the text as given, half open: [Start, End).
// Any bytes are accepted; what is not UTF-8 belongs to no word.
//
// What a writer's layout does must not change a score: bullet marks and list
// numbers belong to no sentence, a missing final full stop counts as written,
// curly quotes as straight ones, and headings and links are found and told, but
// left out of [Text.Counts].
//
// Whatever is English is in the files that begin with english and in the folder
// english; another language is such data, a rule for syllables, and a value of
// [Language].
package prose

import "iter"

// Span is a half-open range of byte offsets into [Text.Source]:
// 0 <= Start <= End <= len(Source).
type Span struct {
	Start int // offset of the first byte
	End   int // offset after the last byte
}

// In gives the part of source that the span covers.
func (s Span) In(source string) string { return source[s.Start:s.End] }

// Text is a text taken apart. Everything in it is in the order of the source
// and does not overlap.
type Text struct {
	Source     string      // the text as given
	Paragraphs []Paragraph // blocks that have at least one sentence
	Sentences  []Sentence  // of all paragraphs
	Words      []Word      // of all sentences
	language   *Language
}

// Block is what a paragraph is in the layout of the text.
type Block uint8

// The kinds of paragraphs.
const (
	Prose   Block = iota // running text
	Item                 // an entry of a list; its mark is outside the span
	Heading              // a heading: marked (#, underlined) or known by its capitals
)

// Paragraph is a block of text that no sentence crosses.
type Paragraph struct {
	Span
	Kind          Block
	FirstSentence int // index into Text.Sentences
	EndSentence   int // index after the last one; more than FirstSentence
}

// EndMark is what a sentence ends with.
type EndMark uint8

// The end marks. Of several ("?!"), the one that says most: a question mark
// before an exclamation mark before an ellipsis before a full stop.
const (
	NoMark      EndMark = iota // none: the paragraph ended first
	FullStop                   // .
	Ellipsis                   // … or two dots and more
	Exclamation                // !
	Question                   // ?
)

// Sentence is one sentence with its quotes, brackets and end mark.
type Sentence struct {
	Span
	Mark      EndMark
	Capitals  bool // three words or more and no lower-case letter: capitals say nothing
	TitleCase bool // every word of four letters or more is capitalized: neither do they
	FirstWord int  // index into Text.Words
	EndWord   int  // index after the last one; more than FirstWord
	strokes   int  // visible characters, the end mark as one; see Counts.Characters
}

// WordKind says what is known of a word by its form; kinds combine.
type WordKind uint8

// The kinds of words.
const (
	Number      WordKind = 1 << iota // it has a digit: 40, 3.5, 1st, B12
	Capitalized                      // its first letter is upper case
	Hyphenated                       // parts joined by hyphens
	Acronym                          // two capitals or more and no lower-case letter but a plural s: NGO, U.S., NGOs
	Dotted                           // letters with full stops between: U.S, e.g
	Link                             // a web or e-mail address; in no count
)

// Word is one word without the punctuation around it. The full stop after an
// abbreviation is not part of it.
type Word struct {
	Span
	Letters int32 // letters, 0 or more; digits, hyphens and apostrophes are none
	Kind    WordKind
}

// Is says whether the word is of all the kinds given.
func (w Word) Is(kind WordKind) bool { return w.Kind&kind == kind }

// Word gives the i-th word as written, 0 <= i < len(t.Words).
func (t *Text) Word(i int) string { return t.Words[i].In(t.Source) }

// Parse takes an English text apart, in time linear in its length. It is
// English().Parse.
func Parse(text string) *Text { return English().Parse(text) }

// Syllables counts the syllables of an English word as spoken, 0 for what has
// neither letter nor digit. It is English().Syllables.
func Syllables(word string) int { return English().Syllables(word) }

// Parse takes a text of the language apart, in time linear in its length.
func (l *Language) Parse(text string) *Text {
	t := l.empty(text)
	s := scanner{language: l, source: text, text: t}
	eachBlock(text, l.headings, s.block)
	return t
}

// ParseAgain is Parse into the memory of a text that is no longer needed. Where
// blocks is not nil the layout is known: they are the paragraphs, in order and without
// overlap, each without its mark, and what stands between them belongs to no sentence.
func (l *Language) ParseAgain(t *Text, text string, blocks iter.Seq2[Span, Block]) {
	*t = Text{Source: text, Paragraphs: t.Paragraphs[:0], Sentences: t.Sentences[:0], Words: t.Words[:0], language: l}
	s := scanner{language: l, source: text, text: t}
	if blocks == nil {
		eachBlock(text, l.headings, s.block)
		return
	}
	for span, kind := range blocks {
		s.block(span, kind)
	}
}

// empty makes a text that is still to be filled.
func (l *Language) empty(text string) *Text {
	t := &Text{Source: text, language: l}
	// Prose has a word for about six bytes and a sentence for about a hundred.
	t.Words = make([]Word, 0, len(text)/5+8)
	t.Sentences = make([]Sentence, 0, len(text)/80+4)
	return t
}
