// Package lexicon knows words: what part of speech a word mostly is, how far what
// it names can be pictured, and in which of the lists that rules ask for it
// stands, alone or in a phrase. All lists are found in one pass over a text by one
// automaton, however many they are. It judges nothing.
//
// The words and lists are data of core/language.
package lexicon

import (
	"io/fs"
	"strings"
	"sync"

	"github.com/firstcall-cli/firstcall/core/language"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// Entry is what is known of a word. The zero value knows nothing.
type Entry struct {
	// Noun to Adverb are the shares of its uses as that part of speech, in
	// ninths.
	Noun, Verb, Adjective, Adverb uint8
	// Thing and Act say how far what it names as a noun and as a verb can be
	// pictured, from 0 (not at all) to 9.
	Thing, Act uint8
}

// Known says whether anything is known.
func (e Entry) Known() bool { return e.Noun|e.Verb|e.Adjective|e.Adverb != 0 }

// Picture says how far the word names something one can picture, 0 to 1: the
// mean over its parts of speech of Thing and Act; nothing for adjectives and
// adverbs.
func (e Entry) Picture() float64 {
	all := int(e.Noun) + int(e.Verb) + int(e.Adjective) + int(e.Adverb)
	if all == 0 {
		return 0
	}
	return float64(int(e.Noun)*int(e.Thing)+int(e.Verb)*int(e.Act)) / float64(9*all)
}

// Phrase is an entry of a list.
type Phrase struct {
	Text        string // as searched for: lower case
	Replacement string // what the list says to write instead; empty when it says nothing
	Safe        bool   // the replacement means the same whatever stands around it
	Head        string // in lists with heads, such as Components: what stands before the colon
}

// Hit is a phrase found in a text.
type Hit struct {
	List   List
	First  int // index of its first word in Text.Words
	End    int // index after its last word
	Phrase *Phrase
}

// Lexicon is the words and lists of one language. It is read only once made, and
// safe for concurrent use.
type Lexicon struct {
	index     table // folded word: its place in words
	words     []word
	next      map[step]int32 // from a node by a word to a node
	nodes     []node
	irregular map[string]string // inflected form: base form
	doubled   map[string]bool   // verbs of two syllables that double their last letter
	forms     map[string][]string
	heads     [lists][]string
}

// word is what a token leads to.
type word struct {
	text  string
	entry Entry
	node  int32 // of the automaton, when a phrase begins with the word; 0 when none does
}

type step struct{ node, word int32 }

// node is a state of the automaton; phrases end in some.
type node struct {
	end  ending   // most nodes have one at most
	ends []ending // further ones
	more bool     // whether a phrase goes on from here
}

type ending struct {
	list   List
	phrase *Phrase
}

// English gives the lexicon of English with the lists that statements are searched
// for. It is made when first asked for.
func English() *Lexicon { return english() }

// EnglishJobs gives the lexicon of English with the lists that job descriptions are
// searched for: those whose names begin with job-, and a few that both need.
func EnglishJobs() *Lexicon { return englishJobs() }

var (
	english     = sync.OnceValue(func() *Lexicon { return load(language.English(), statementLists) })
	englishJobs = sync.OnceValue(func() *Lexicon { return load(language.English(), jobLists) })
)

// load reads a language's folder, which is part of the program: what is wrong in
// it is a fault of the program.
func load(folder fs.FS, wanted Set) *Lexicon {
	l := &Lexicon{
		index: newTable(), words: make([]word, 1, 21000), next: make(map[step]int32, 3000), nodes: make([]node, 1, 8000),
		irregular: map[string]string{}, doubled: map[string]bool{}, forms: map[string][]string{},
	}
	l.readIrregular(file(folder, "irregular.txt"))
	l.readEntries(file(folder, "lexicon.txt"))
	for list, name := range listNames {
		if wanted&(1<<list) != 0 {
			l.readList(List(list), file(folder, "lists/"+name+".txt"))
		}
	}
	return l
}

func file(folder fs.FS, name string) string {
	data, err := fs.ReadFile(folder, name)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// eachLine calls f with each line that is no comment, cut at the first colon if
// there is one.
func eachLine(data string, f func(head, rest string)) {
	for line := range strings.Lines(data) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		head, rest, ok := strings.Cut(line, ": ")
		if !ok {
			head, rest = "", line
		}
		f(head, rest)
	}
}

func (l *Lexicon) readIrregular(data string) {
	eachLine(data, func(head, rest string) {
		words := strings.Fields(rest)
		if head == "double" {
			for _, w := range words {
				l.doubled[w] = true
			}
			return
		}
		l.forms[words[0]] = append(l.forms[words[0]], words[1:]...)
		for _, w := range words[1:] {
			if l.irregular[w] == "" {
				l.irregular[w] = words[0]
			}
		}
	})
}

func (l *Lexicon) readEntries(data string) {
	eachLine(data, func(head, rest string) {
		d := func(i int) uint8 { return head[i] - '0' }
		e := Entry{Noun: d(0), Verb: d(1), Adjective: d(2), Adverb: d(3), Thing: d(5), Act: d(6)}
		for w := range strings.FieldsSeq(rest) {
			l.words[l.word(w)].entry = e
		}
	})
}

// word gives the place of a folded word, which it adds if it is new.
func (l *Lexicon) word(w string) int32 {
	i := l.index.find(l.words, []byte(w))
	if i == 0 {
		i = int32(len(l.words))
		l.words = append(l.words, word{text: w})
		l.index.add(l.words, i)
	}
	return i
}

// add puts a phrase into the automaton.
func (l *Lexicon) add(list List, p *Phrase) {
	at := int32(0)
	eachToken(p.Text, func(i int, w string) {
		id := l.word(w)
		var to int32
		if i == 0 {
			to = l.words[id].node
		} else {
			to = l.next[step{at, id}]
		}
		if to == 0 {
			to = int32(len(l.nodes))
			l.nodes = append(l.nodes, node{})
			if i == 0 {
				l.words[id].node = to
			} else {
				l.next[step{at, id}] = to
				l.nodes[at].more = true
			}
		}
		at = to
	})
	n := &l.nodes[at]
	if n.end.phrase == nil {
		n.end = ending{list, p}
		return
	}
	for _, e := range append(n.ends, n.end) {
		if e.list == list && e.phrase.Head == p.Head {
			return // the list says it twice
		}
	}
	n.ends = append(n.ends, ending{list, p})
}

// eachToken calls f with the folded words of a phrase, cut as texts are. Most
// phrases are nothing but letters and spaces, and need no parsing.
func eachToken(phrase string, f func(i int, word string)) {
	plain := true
	for i := 0; i < len(phrase) && plain; i++ {
		c := phrase[i]
		plain = 'a' <= c && c <= 'z' || c == ' ' || c == '-'
	}
	i := 0
	if plain {
		for w := range strings.FieldsSeq(phrase) {
			f(i, w)
			i++
		}
		return
	}
	t := prose.Parse(phrase)
	for i := range t.Words {
		f(i, Fold(t.Word(i)))
	}
}

// Fold gives a word as it is looked up: ASCII letters in lower case, straight
// apostrophes, and without a possessive ending.
func Fold(word string) string {
	var buffer [longest]byte
	return string(fold(&buffer, word))
}

// longest is the most bytes of a word that is looked up.
const longest = 48

// fold is Fold into buffer, which the result is part of; nothing for words too
// long to be known.
func fold(buffer *[longest]byte, word string) []byte {
	n := 0
	for i := 0; i < len(word); i++ {
		c := word[i]
		switch {
		case 'A' <= c && c <= 'Z':
			c |= 0x20
		case c == 0xe2 && strings.HasPrefix(word[i:], "’"):
			c = '\''
			i += len("’") - 1
		}
		if n == longest {
			return nil
		}
		buffer[n] = c
		n++
	}
	out := buffer[:n]
	if n > 2 && out[n-2] == '\'' && out[n-1] == 's' {
		return out[:n-2]
	}
	if n > 1 && out[n-1] == '\'' {
		return out[:n-1]
	}
	return out
}
