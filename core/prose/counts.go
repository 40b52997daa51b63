package prose

// longWord is the number of letters above which a word is long (LIX).
const longWord = 6

// polysyllable is the number of syllables from which a word is a hard one
// (SMOG, Gunning Fog).
const polysyllable = 3

// Counts is what the formulas are made from. All are whole numbers, 0 or more,
// over the prose and list items of a text: headings and links are left out, and
// sentences that are nothing else with them.
type Counts struct {
	Sentences int // those with at least one counted word
	Words     int // words and numbers; parts joined by hyphens are one word
	Letters   int // letters of words, without digits and joints
	// Characters is what is visible, like the strokes of a typewriter that
	// Smith and Senter counted, without list marks, Markdown's marks and double
	// quotes; the end of a sentence is one, however it is marked and if it is
	// not.
	Characters    int
	Syllables     int // as spoken; acronyms of up to three letters by their letters
	Polysyllables int // words of three syllables or more, numbers and names too
	// Complex is words of three syllables or more as Gunning has them: without
	// names, numbers and acronyms, compounds of shorter words, and verbs whose
	// third syllable is the ending -es, -ed or -ing. A name is a capitalized
	// word that is not the first of its sentence, where capitals mean anything.
	Complex int
	Long    int // words of more than six letters, without numbers
}

// Counts counts the words of the text.
func (t *Text) Counts() Counts {
	var c Counts
	for _, p := range t.Paragraphs {
		if p.Kind == Heading {
			continue
		}
		for i := p.FirstSentence; i < p.EndSentence; i++ {
			c = c.Plus(t.CountSentence(i))
		}
	}
	return c
}

// CountSentence counts the words of the i-th sentence, 0 <= i <
// len(t.Sentences), though it be a heading.
func (t *Text) CountSentence(i int) Counts {
	return t.count(i, new([longest]byte), nil)
}

// Counter counts the sentences of long texts: most of their words are a few hundred
// different ones, whose syllables it remembers. The zero value is ready. It is not
// safe for concurrent use.
type Counter struct {
	buffer [longest]byte
	known  [knownWords]knownWord
}

// knownWords is how many words a Counter remembers; later ones take the place of
// earlier ones.
const knownWords = 4096

// knownWord is a word with what spoken says of it.
type knownWord struct {
	word      string
	all, part int32
}

// Sentence is Text.CountSentence.
func (c *Counter) Sentence(t *Text, i int) Counts { return t.count(i, &c.buffer, &c.known) }

func (t *Text) count(i int, buffer *[longest]byte, known *[knownWords]knownWord) Counts {
	s := &t.Sentences[i]
	c := Counts{Characters: s.strokes}
	for j := s.FirstWord; j < s.EndWord; j++ {
		w := &t.Words[j]
		if w.Kind&Link != 0 {
			continue
		}
		c.Words++
		c.Letters += int(w.Letters)
		all, part := t.spokenAgain(w, buffer, known)
		c.Syllables += all
		if w.Letters > longWord && w.Kind&Number == 0 {
			c.Long++
		}
		if all >= polysyllable {
			c.Polysyllables++
			name := w.Kind&Capitalized != 0 && j > s.FirstWord && !s.Capitals && !s.TitleCase
			if part >= polysyllable && !name && w.Kind&(Number|Acronym|Dotted) == 0 && !t.language.verbForm(w.In(t.Source), part, buffer) {
				c.Complex++
			}
		}
	}
	if c.Words == 0 {
		return Counts{}
	}
	c.Sentences = 1
	return c
}

// SyllablesOf counts the syllables of the i-th word where it stands, 0 <= i <
// len(t.Words): an acronym of up to three letters is spelled out.
func (t *Text) SyllablesOf(i int) int {
	n, _ := t.spoken(&t.Words[i], new([longest]byte))
	return n
}

// spokenAgain is spoken, from memory where the word has been met before.
func (t *Text) spokenAgain(w *Word, buffer *[longest]byte, known *[knownWords]knownWord) (all, part int) {
	if known == nil || w.Kind&(Dotted|Acronym|Number|Hyphenated) != 0 {
		return t.spoken(w, buffer)
	}
	word := w.In(t.Source)
	h := uint32(2166136261) // FNV-1a
	for i := range len(word) {
		h = (h ^ uint32(word[i])) * 16777619
	}
	k := &known[(h^h>>15)%knownWords]
	if k.word != word {
		all, part := t.spoken(w, buffer)
		*k = knownWord{word, int32(all), int32(part)}
	}
	return int(k.all), int(k.part)
}

// spoken is Language.spoken for a word where it stands.
func (t *Text) spoken(w *Word, buffer *[longest]byte) (all, part int) {
	word := w.In(t.Source)
	if w.Kind&Dotted != 0 || w.Kind&(Acronym|Hyphenated|Number) == Acronym && w.Letters <= 4 {
		n, letters := 0, 0
		for i := range len(word) {
			// The plural s of "NGOs" is not spelled.
			if c := word[i]; classes[c] == classUpper || w.Kind&Acronym == 0 && classes[c] == classLower {
				n += t.language.letter(c | 0x20)
				letters++
			}
		}
		if letters > 0 && (letters <= 3 || w.Kind&Dotted != 0) {
			return n, n
		}
	}
	all, part = t.language.spoken(word, buffer)
	return max(all, 1), part // a word of marks alone, or of digits of other scripts
}

// verbForm says whether the third syllable of a word, whose longest part has
// the syllables given, is a verb's ending.
func (l *Language) verbForm(word string, syllables int, buffer *[longest]byte) bool {
	if syllables != polysyllable {
		return false
	}
	w := key(buffer, word)
	return l.inflected(w) && !l.uninflected[string(w)]
}

// Plus adds counts up, as of several texts.
func (c Counts) Plus(d Counts) Counts {
	c.Sentences += d.Sentences
	c.Words += d.Words
	c.Letters += d.Letters
	c.Characters += d.Characters
	c.Syllables += d.Syllables
	c.Polysyllables += d.Polysyllables
	c.Complex += d.Complex
	c.Long += d.Long
	return c
}
