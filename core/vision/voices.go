package vision

import (
	"cmp"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/firstcall-cli/firstcall/core/language"
	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/prose"
	"github.com/firstcall-cli/firstcall/core/record"
)

const (
	// maxAnswer and maxStatementRead are how many bytes are read.
	maxAnswer        = 8 << 10
	maxStatementRead = 64 << 10
	// leastVoices is the smallest minimum of VoicesOf, whatever is asked for.
	leastVoices = 3
	// reach is how many words of content a negation turns round.
	reach = 3
)

// VoicesOf says what the answers of employees have in common, who were asked what
// they want customers to think of when they think of the service, and whether the
// statement says it. There is one answer a person; an answer is a word, a list or
// some sentences, of which the first 8 KiB are read. lex is the lexicon of English,
// for which alone the ideas are known.
//
// An idea is a word in all its forms and, for the ideas of language's ideas.txt, its
// near relations. Words of grammar, words that say nothing of a service, numbers and
// what may be a name are none; nor is what an answer says the service should not be.
//
// # What may be known from it
//
// Answers are free text, which never leaves: only what at least minimum people
// share does. minimum is 3 at least.
//
//   - An idea of fewer people is not named, nor told otherwise: Rare counts such
//     ideas, and the statement's words are compared with named ideas only. Otherwise
//     a statement made up of one word would ask whether anybody gave that word.
//   - An idea is named by a form that at least minimum people gave, else by the word
//     that stands for it in our data, never by a rare form.
//   - Carried rests on the named ideas, and on how many people gave at least one of
//     those that are carried, to the nearest multiple of minimum within what the
//     counts of the ideas allow anyway. The exact number would tell, idea by idea and
//     statement by statement, who gave which ideas together.
//   - With fewer than minimum answers there is nothing but their number; Carried is
//     then 0 and says nothing.
//
// It can't be hidden that an idea was given by all, or by all but one; nor what a
// further answer added, from whoever sees the result with it and without it. As
// everywhere, what minimum people call by one word is taken to be no secret, even
// where it is the name of something.
func VoicesOf(answers []string, statement string, lex *lexicon.Lexicon, minimum int) record.Voices {
	return Hear(answers, lex, minimum).In(statement)
}

// Voices is what employees have said, to be looked for in statements. It is read
// only once made, and safe for concurrent use.
type Voices struct {
	reader  voiceReader
	minimum int
	given   [][]idea // of each answer with an idea, every idea once
	named   []named
	rare    int
}

// named is an idea that may be named.
type named struct {
	at      idea
	word    string
	answers int
}

// Hear reads the answers of employees; see VoicesOf.
func Hear(answers []string, lex *lexicon.Lexicon, minimum int) *Voices {
	v := &Voices{reader: voiceReader{book: englishIdeas(), lex: lex}, minimum: max(minimum, leastVoices)}
	tallies := map[idea]*tally{}
	for _, answer := range answers {
		var own []idea
		for form, at := range v.reader.formsOf(answer) {
			t := tallies[at]
			if t == nil {
				t = &tally{forms: map[string]int{}}
				tallies[at] = t
			}
			t.forms[form]++
			if !slices.Contains(own, at) {
				own = append(own, at)
				t.answers++
			}
		}
		if len(own) > 0 {
			v.given = append(v.given, own)
		}
	}
	for at, t := range tallies {
		word := ""
		if t.answers >= v.minimum {
			word = v.reader.name(at, t, v.minimum)
		}
		if word == "" {
			v.rare++
			continue
		}
		v.named = append(v.named, named{at, word, t.answers})
	}
	slices.SortFunc(v.named, func(a, b named) int {
		return cmp.Or(cmp.Compare(b.answers, a.answers), cmp.Compare(a.word, b.word))
	})
	return v
}

// In says which of the ideas a statement carries; see VoicesOf.
func (v *Voices) In(statement string) record.Voices {
	voices := record.Voices{Answers: len(v.given), Ideas: []record.Idea{}}
	if len(v.given) < v.minimum {
		return voices
	}
	voices.Rare = v.rare
	carrying := v.reader.wordsOf(beginning(statement, maxStatementRead))
	carried := map[idea]int{}
	for _, n := range v.named {
		by := carrying[n.at]
		if len(by) > 0 {
			carried[n.at] = n.answers
		}
		voices.Ideas = append(voices.Ideas, record.Idea{Word: n.word, Answers: n.answers, Carried: len(by) > 0, By: by})
	}
	voices.Carried = carriedShare(v.given, carried, v.minimum)
	return voices
}

// idea is a group of our data, or else the base form of a word.
type idea struct {
	group int // index into ideaBook.heads
	base  string
}

// tally is how often an idea was given.
type tally struct {
	answers int
	forms   map[string]int // answers by form
}

// ideaBook is the data of ideas.txt.
type ideaBook struct {
	heads   []string                // by group; the first stand for no idea and for words that say nothing
	singles map[string]int          // word as written: its group
	phrases map[string][]ideaPhrase // by base form of the first word, the longest first
	roles   map[string]voiceRole
}

// The groups that are none.
const (
	noGroup    = iota // the word is an idea of its own
	emptyGroup        // the word says nothing
)

type ideaPhrase struct {
	text  string   // as our data has it
	words []string // base forms
	group int
}

// voiceRole is what a word does to the words around it.
type voiceRole uint8

const (
	roleNot voiceRole = 1 << iota
	roleOnly
	roleEnd
	roleOr
	roleFree
	roleBetween
)

var englishIdeas = sync.OnceValue(func() *ideaBook {
	data, err := fs.ReadFile(language.English(), "ideas.txt")
	if err != nil {
		panic(err) // the file is part of the program
	}
	return readIdeas(string(data), lexicon.English())
})

// readIdeas reads what the head of ideas.txt describes.
func readIdeas(data string, lex *lexicon.Lexicon) *ideaBook {
	book := &ideaBook{heads: []string{"", ""}, singles: map[string]int{}, phrases: map[string][]ideaPhrase{}, roles: map[string]voiceRole{}}
	roles := map[string]voiceRole{"!not": roleNot, "!only": roleOnly, "!end": roleEnd, "!or": roleOr, "!free": roleFree, "!between": roleBetween}
	type entry struct {
		text  string
		group int
	}
	var entries []entry
	for line := range strings.Lines(data) {
		head, rest, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok || strings.HasPrefix(head, "#") {
			continue
		}
		group := emptyGroup
		if !strings.HasPrefix(head, "!") {
			group = len(book.heads)
			book.heads = append(book.heads, head)
		}
		for text := range strings.SplitSeq(rest, ", ") {
			if role := roles[head]; role != 0 {
				book.roles[text] |= role
			} else {
				entries = append(entries, entry{text, group})
			}
		}
	}
	reader := voiceReader{book: book, lex: lex} // after the roles, which it needs
	for _, e := range entries {
		reader.enter(e.text, e.group)
	}
	for _, phrases := range book.phrases {
		slices.SortStableFunc(phrases, func(a, b ideaPhrase) int { return cmp.Compare(len(b.words), len(a.words)) })
	}
	return book
}

// enter puts a word or phrase into the book.
func (r voiceReader) enter(text string, group int) {
	terms := r.terms(text)
	if len(terms) == 1 {
		r.book.singles[terms[0].exact] = group
		return
	}
	var words []string
	for i, t := range terms {
		if i == 0 || i == len(terms)-1 || r.role(&t)&roleBetween == 0 {
			words = append(words, t.base)
		}
	}
	r.book.phrases[words[0]] = append(r.book.phrases[words[0]], ideaPhrase{text, words, group})
}

// voiceReader finds the ideas of a text.
type voiceReader struct {
	book *ideaBook
	lex  *lexicon.Lexicon
}

// name gives the word that may be printed for an idea; empty when there is none.
func (r voiceReader) name(at idea, t *tally, minimum int) string {
	best, most := "", minimum-1
	for form, n := range t.forms {
		if n > most || n == most && best != "" && form < best {
			best, most = form, n
		}
	}
	switch {
	case best != "":
		return best
	case at.group != noGroup:
		return r.book.heads[at.group]
	}
	return r.lex.Base(at.base) // a word of the lexicon's, or nothing
}

// formsOf gives the ideas of an answer by the forms in which it gives them.
func (r voiceReader) formsOf(answer string) map[string]idea {
	forms := map[string]idea{}
	r.each(beginning(answer, maxAnswer), func(at idea, form, _ string) { forms[form] = at })
	return forms
}

// wordsOf gives the words of a statement by the ideas that they carry, each once.
func (r voiceReader) wordsOf(statement string) map[idea][]string {
	words := map[idea][]string{}
	seen := map[string]bool{}
	r.each(statement, func(at idea, _, quote string) {
		quote = strings.Join(strings.Fields(quote), " ")
		if folded := strings.ToLower(quote); !seen[folded] {
			seen[folded] = true
			words[at] = append(words[at], quote)
		}
	})
	return words
}

// term is a word of a text.
type term struct {
	exact, base string // as folded, and its base form; the same when none is known
	span        prose.Span
	pause       pause // before it
	content     bool  // it may be an idea of its own
	free        bool  // -free follows
}

// pause is what parts a word from the one before.
type pause uint8

const (
	noPause pause = iota
	lineEnd       // which ends a clause but no phrase
	comma
	fullPause
)

// each calls found for each idea that the text affirms, with the form in which it
// does and the words themselves.
func (r voiceReader) each(text string, found func(at idea, form, quote string)) {
	terms := r.terms(text)
	turned := 0 // how many more words of content a negation turns round
	for i := 0; i < len(terms); {
		t := &terms[i]
		if t.pause == fullPause || t.pause != noPause && turned > 0 && !r.goesOn(terms[i:]) {
			turned = 0
		}
		n, form, at := 1, t.exact, idea{}
		if phrase, end := r.phrase(terms[i:]); end > 0 {
			n, form, at = end, phrase.text, idea{group: phrase.group}
		} else if t.free {
			n, at.group = 2, emptyGroup
		} else if role := r.role(t); role&roleNot != 0 {
			if turned = reach; i+1 < len(terms) && terms[i+1].pause == noPause && r.role(&terms[i+1])&roleOnly != 0 {
				n, turned = 2, 0
			}
			at.group = emptyGroup
		} else if role&roleEnd != 0 {
			turned = 0
			at.group = emptyGroup
		} else {
			at = r.single(t)
		}
		if at.group != emptyGroup && turned == 0 {
			found(at, form, text[t.span.Start:terms[i+n-1].span.End])
		}
		if at.group != emptyGroup && turned > 0 {
			turned--
		}
		i += n
	}
}

// goesOn says whether the list that begins with the terms ends in "or": then what
// was said before its commas holds for all of it.
func (r voiceReader) goesOn(terms []term) bool {
	const longestList = 12
	for i := range terms[:min(len(terms), longestList)] {
		t := &terms[i]
		switch role := r.role(t); {
		case i > 0 && t.pause == fullPause, role&roleEnd != 0:
			return false
		case role&roleOr != 0:
			return true
		}
	}
	return false
}

// phrase gives the longest phrase of our data that begins with the terms, and the
// index after its last one; 0 when there is none.
func (r voiceReader) phrase(terms []term) (*ideaPhrase, int) {
	phrases := r.book.phrases[terms[0].base]
	for k := range phrases {
		p := &phrases[k]
		at := 1
		for _, word := range p.words[1:] {
			if at = r.next(terms, at, word); at == 0 {
				break
			}
		}
		if at > 0 {
			return p, at
		}
	}
	return nil, 0
}

// next gives the index after the word of a phrase that is looked for from the term
// at on; 0 when it isn't there.
func (r voiceReader) next(terms []term, at int, word string) int {
	const between = 3
	for end := min(at+between+1, len(terms)); at < end && terms[at].pause <= lineEnd; at++ {
		if terms[at].base == word {
			return at + 1
		}
		if r.role(&terms[at])&roleBetween == 0 {
			break
		}
	}
	return 0
}

// single gives the idea of a word that stands alone.
func (r voiceReader) single(t *term) idea {
	for _, form := range []string{t.exact, t.base} {
		if group, ok := r.book.singles[form]; ok {
			return idea{group: group}
		}
	}
	if !t.content {
		return idea{group: emptyGroup}
	}
	return idea{base: t.base}
}

func (r voiceReader) role(t *term) voiceRole { return r.book.roles[t.exact] | r.book.roles[t.base] }

// terms takes a text apart. Hyphens count as spaces.
func (r voiceReader) terms(text string) []term {
	parsed := prose.Parse(unhyphened(text))
	var marks lexicon.Marks
	r.lex.Mark(parsed, &marks)
	terms := make([]term, 0, len(parsed.Words))
	for s := range parsed.Sentences {
		sentence := &parsed.Sentences[s]
		for i := sentence.FirstWord; i < sentence.EndWord; i++ {
			word := parsed.Words[i]
			t := term{exact: foldWord(parsed.Word(i)), span: word.Span, pause: fullPause}
			if i > sentence.FirstWord {
				gap := text[parsed.Words[i-1].End:word.Start]
				t.pause = pauseOf(gap)
				if gap == "-" && r.book.roles[t.exact]&roleFree != 0 {
					terms[len(terms)-1].free = true
				}
			}
			t.base = r.lex.Base(t.exact)
			// What has a capital for no other reason is a name, and so is, as far
			// as one can tell, what has one and is in no dictionary.
			name := word.Is(prose.Capitalized) && (t.base == "" || t.pause == noPause && !sentence.Capitals && !sentence.TitleCase)
			t.content = !name && word.Kind&(prose.Number|prose.Link|prose.Dotted) == 0 && !marks.In(i, lexicon.Function) && len(t.exact) > 2
			if t.base == "" {
				t.base = t.exact
			}
			terms = append(terms, t)
		}
	}
	return terms
}

// foldWord gives a word in lower case, in one of the ways in which it can be
// encoded; empty when it is too long for one.
func foldWord(word string) string {
	for i := range len(word) {
		if word[i] >= utf8.RuneSelf {
			word = strings.ReplaceAll(strings.ToLower(norm.NFKC.String(word)), "\u00ad", "")
			break
		}
	}
	return lexicon.Fold(word)
}

// unhyphened gives the text with a space for each hyphen between letters, so that
// all places stay the same.
func unhyphened(text string) string {
	if !strings.Contains(text, "-") {
		return text
	}
	letter := func(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= utf8.RuneSelf }
	out := []byte(text)
	for i := 1; i < len(out)-1; i++ {
		if out[i] == '-' && letter(text[i-1]) && letter(text[i+1]) {
			out[i] = ' '
		}
	}
	return string(out)
}

// pauseOf says how far what stands between two words of a sentence parts them.
func pauseOf(gap string) pause {
	switch {
	case strings.ContainsAny(gap, ".;:()[]\"!?•|—–") || strings.Contains(gap, " - "):
		return fullPause
	case strings.Contains(gap, ","):
		return comma
	case strings.Contains(gap, "\n"):
		return lineEnd
	}
	return noPause
}

// beginning gives at most n bytes of a text, and no part of a character.
func beginning(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}
