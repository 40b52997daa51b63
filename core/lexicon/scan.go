package lexicon

import (
	"bytes"
	"strings"

	"github.com/firstcall-cli/firstcall/core/prose"
)

// Marks is what the lexicon found in a text. Its memory is used again when it is
// given to Mark again.
type Marks struct {
	Entries []Entry // of each word of Text.Words
	Hits    []Hit   // by their first word; at one word, by list
	in      []uint64
	ids     []int32
	ends    [lists]int
	met     *[metWords]metWord // of long texts
}

// In a long text the same forms come again and again: what is known of them is kept,
// in a table that later words overwrite.
const (
	longText = 1000 // words
	metWords = 512
)

type metWord struct {
	word  string
	entry Entry
}

// inflectedAgain is inflected, from memory where the word has been met before.
func (l *Lexicon) inflectedAgain(m *Marks, word string, key []byte) Entry {
	if m.met == nil {
		return l.inflected(key)
	}
	k := &m.met[hash(key)%metWords]
	if k.word != word {
		*k = metWord{word, l.inflected(key)}
	}
	return k.entry
}

// In says whether the i-th word of the text is part of a phrase of the list.
func (m *Marks) In(i int, list List) bool { return m.in[i]>>list&1 != 0 }

// InAny says whether the i-th word is part of a phrase of any of the lists.
func (m *Marks) InAny(i int, set Set) bool { return m.in[i]&uint64(set) != 0 }

// Listed says whether the i-th word is part of a phrase of any list.
func (m *Marks) Listed(i int) bool { return m.in[i] != 0 }

// Set is a set of lists.
type Set uint64

// SetOf gives the set of the lists.
func SetOf(lists ...List) Set {
	s := Set(0)
	for _, l := range lists {
		s |= 1 << l
	}
	return s
}

// Mark looks up every word of the text and finds every phrase of every list, in
// time linear in the text. Of the phrases of one list that overlap the first
// counts, of those that begin at one word the longest. A phrase does not go beyond
// its sentence, nor across a comma or a bracket.
func (l *Lexicon) Mark(t *prose.Text, m *Marks) { l.mark(t, m, true) }

// MarkForms is Mark for who asks of few words what is known of them: an inflected form
// that the lexicon has not is left unknown in Entries. Lexicon.Entry looks it up.
func (l *Lexicon) MarkForms(t *prose.Text, m *Marks) { l.mark(t, m, false) }

// Entry is what is known of the i-th word of the text that was marked with MarkForms, in
// whatever form it stands.
func (l *Lexicon) Entry(t *prose.Text, m *Marks, i int) Entry {
	if e := m.Entries[i]; e.Known() || t.Words[i].End-t.Words[i].Start < 3 {
		return e
	}
	m.Entries[i] = l.Look(t.Word(i))
	return m.Entries[i]
}

func (l *Lexicon) mark(t *prose.Text, m *Marks, inflected bool) {
	n := len(t.Words)
	m.Entries = sized(m.Entries, n)
	m.in = sized(m.in, n)
	m.ids = sized(m.ids, n)
	if m.Hits = m.Hits[:0]; cap(m.Hits) == 0 {
		m.Hits = make([]Hit, 0, n+n/2)
	}
	clear(m.in)
	m.ends = [lists]int{}
	if m.met == nil && n >= longText {
		m.met = new([metWords]metWord)
	}
	var buffer [longest]byte
	for i := range t.Words {
		key := fold(&buffer, t.Word(i))
		id := l.index.find(l.words, key)
		m.ids[i] = id
		m.Entries[i] = l.words[id].entry
		if inflected && !m.Entries[i].Known() && len(key) > 2 {
			m.Entries[i] = l.inflectedAgain(m, t.Word(i), key)
		}
	}
	for s := range t.Sentences {
		sentence := &t.Sentences[s]
		for i := sentence.FirstWord; i < sentence.EndWord; i++ {
			if at := l.words[m.ids[i]].node; at != 0 {
				l.walk(t, m, i, sentence.EndWord, at)
			}
		}
	}
}

// walk follows the automaton from the i-th word, which leads to the node at.
func (l *Lexicon) walk(t *prose.Text, m *Marks, i, end int, at int32) {
	if n := &l.nodes[at]; !n.more {
		m.single(i, n.end)
		for _, e := range n.ends {
			m.single(i, e)
		}
		return
	}
	first := len(m.Hits)
	for j := i + 1; ; j++ {
		n := &l.nodes[at]
		if n.end.phrase != nil {
			m.found(first, Hit{List: n.end.list, First: i, End: j, Phrase: n.end.phrase})
			for _, e := range n.ends {
				m.found(first, Hit{List: e.list, First: i, End: j, Phrase: e.phrase})
			}
		}
		if j == end || !n.more || m.ids[j] == 0 || !together(t.Source[t.Words[j-1].End:t.Words[j].Start]) {
			break
		}
		if at = l.next[step{at, m.ids[j]}]; at == 0 {
			break
		}
	}
	for _, h := range m.Hits[first:] {
		m.ends[h.List] = h.End
		for k := h.First; k < h.End; k++ {
			m.in[k] |= 1 << h.List
		}
	}
}

// single adds the i-th word, of which no longer phrase is made.
func (m *Marks) single(i int, e ending) {
	if i < m.ends[e.list] {
		return
	}
	m.Hits = append(m.Hits, Hit{List: e.list, First: i, End: i + 1, Phrase: e.phrase})
	m.ends[e.list] = i + 1
	m.in[i] |= 1 << e.list
}

// found adds a hit, or lengthens the one of its list at the same word.
func (m *Marks) found(first int, h Hit) {
	if h.First < m.ends[h.List] {
		return
	}
	for k := first; k < len(m.Hits); k++ {
		if m.Hits[k].List == h.List {
			m.Hits[k] = h
			return
		}
	}
	m.Hits = append(m.Hits, h)
}

// together says whether what stands between two words leaves them one phrase.
func together(gap string) bool {
	return gap == " " || !strings.ContainsAny(gap, ",;:()[]\"!?•|") && !strings.Contains(gap, "—") && !strings.Contains(gap, "“") && strings.Count(gap, "\n") < 2
}

func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/4)
	}
	return s[:n]
}

// Look gives what is known of a word in any of its forms.
func (l *Lexicon) Look(word string) Entry {
	var buffer [longest]byte
	key := fold(&buffer, word)
	if e := l.words[l.index.find(l.words, key)].entry; e.Known() || len(key) < 3 {
		return e
	}
	return l.inflected(key)
}

// suffixes are the endings of forms that the lexicon has not, with what stands
// there in the form it has. What is doubled before -ed and -ing is tried single.
var suffixes = [...]struct {
	ending, base string
	verb, adverb bool // which share of the base the form is of; neither: any
}{
	{"ies", "y", false, false}, {"es", "e", false, false}, {"es", "", false, false}, {"s", "", false, false},
	{"ied", "y", true, false}, {"ed", "e", true, false}, {"ed", "", true, false},
	{"ying", "y", true, false}, {"ing", "e", true, false}, {"ing", "", true, false},
	{"ily", "y", false, true}, {"bly", "ble", false, true}, {"ly", "", false, true},
	{"iest", "y", false, false}, {"est", "", false, false}, {"est", "e", false, false},
	{"ier", "y", false, false}, {"er", "", false, false}, {"er", "e", false, false},
}

// inflected looks a word up by its base form. It works in the bytes of key.
func (l *Lexicon) inflected(key []byte) Entry {
	if at := bytes.LastIndexByte(key, '-'); at > 0 && at < len(key)-1 {
		key = key[at+1:]
		if e := l.words[l.index.find(l.words, key)].entry; e.Known() {
			return e
		}
	}
	if base := l.irregular[string(key)]; base != "" {
		return l.words[l.index.find(l.words, []byte(base))].entry
	}
	var buffer [longest + 2]byte
	for i := range suffixes {
		s := &suffixes[i]
		n := len(key) - len(s.ending)
		if n < 2 || string(key[n:]) != s.ending {
			continue
		}
		base := append(append(buffer[:0], key[:n]...), s.base...)
		e := l.words[l.index.find(l.words, base)].entry
		if !e.Known() && s.base == "" && (s.verb || s.ending == "er") && n > 3 && key[n-1] == key[n-2] {
			e = l.words[l.index.find(l.words, base[:n-1])].entry
		}
		switch {
		case !e.Known():
			continue
		case s.verb:
			return Entry{Verb: 9, Act: e.Act}
		case s.adverb:
			return Entry{Adverb: 9}
		}
		return e
	}
	return Entry{}
}
