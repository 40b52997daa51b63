package jobs

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/org"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// Known is what is known of the organization whose job descriptions are read, made
// ready to be found in texts. The nil value knows nothing.
type Known struct {
	Client *org.Client

	names  map[string][]name // by the first word, folded
	values []value
	gone   map[string]bool // runs of words of the former vision that the present statements have not
	stands map[string]bool // runs of words of the present statements
}

// name is something that a text should no longer say, or is to be counted.
type name struct {
	words []string // folded
	is    nameKind
	text  string // as the client file writes it
	now   string // what it is called now; empty when nothing is known
	since time.Time
	exact bool // upper and lower case count: the name is an ordinary word
}

// nameKind says what a name is.
type nameKind uint8

const (
	formerClient nameKind = iota
	formerDepartment
	dissolvedDepartment
	formerTitle
	formerPerson
	formerProduct
	endedProduct
	formerSystem
	retiredSystem
	formerValue
	presentName // a present name that a former one is a part of
)

// value is a value of the client with the base forms of its words.
type value struct {
	name  string
	bases []string
}

// runOfVision is how many words in a row a text must share with a former vision
// statement to repeat it.
const runOfVision = 4

// NewKnown makes what a client file says ready. It is nil for no file.
func NewKnown(c *org.Client) *Known {
	if c == nil {
		return nil
	}
	k := &Known{Client: c, names: map[string][]name{}}
	for _, n := range c.FormerNames {
		k.add(name{text: n, is: formerClient, now: c.Name})
	}
	for _, d := range c.Departments {
		k.present(d.Name)
		for _, n := range d.FormerNames {
			now := d.Name
			if _, followers := c.Knows(n); len(followers) > 1 {
				now = ""
				for i, f := range followers {
					if i > 0 {
						now += " or "
					}
					now += f.Name
				}
			}
			k.add(name{text: n, is: formerDepartment, now: now})
		}
	}
	for _, n := range c.Dissolved {
		k.add(name{text: n, is: dissolvedDepartment})
	}
	for _, r := range c.Roles {
		k.present(r.Title)
		for _, n := range r.FormerTitles {
			k.add(name{text: n, is: formerTitle, now: r.Title})
		}
	}
	for _, n := range c.FormerPeople {
		k.add(name{text: n, is: formerPerson})
	}
	k.things(c)
	for _, n := range c.FormerValues {
		k.add(name{text: n, is: formerValue})
	}
	k.vision(c)
	return k
}

// things adds products and systems.
func (k *Known) things(c *org.Client) {
	for _, p := range c.Products {
		if p.Ended.IsZero() {
			k.present(p.Name)
		} else {
			k.add(name{text: p.Name, is: endedProduct, now: p.Replacement, since: p.Ended})
		}
		for _, n := range p.FormerNames {
			k.add(name{text: n, is: formerProduct, now: p.Name})
		}
	}
	for _, s := range c.Systems {
		if s.Retired.IsZero() {
			k.present(s.Name)
		} else {
			k.add(name{text: s.Name, is: retiredSystem, since: s.Retired})
		}
		for _, n := range s.FormerNames {
			k.add(name{text: n, is: formerSystem, now: s.Name})
		}
		for _, n := range s.Replaces {
			k.add(name{text: n, is: retiredSystem, now: s.Name})
		}
	}
}

// vision takes the present values, and what of the former vision is not in the
// present statements.
func (k *Known) vision(c *org.Client) {
	for _, v := range c.Values {
		var bases []string
		for w := range strings.FieldsSeq(v.Name) {
			if base := baseOf(w); base != "" {
				bases = append(bases, base)
			}
		}
		k.values = append(k.values, value{v.Name, bases})
	}
	k.stands = map[string]bool{}
	for _, text := range []string{c.Vision, c.Mission, c.ServiceVision} {
		for _, run := range runsOf(text) {
			k.stands[run] = true
		}
	}
	if c.FormerVision == "" {
		return
	}
	k.gone = map[string]bool{}
	for _, run := range runsOf(c.FormerVision) {
		k.gone[run] = true
	}
	now := []string{c.Vision, c.Mission, c.ServiceVision}
	for _, d := range c.Departments {
		now = append(now, d.Vision)
	}
	for _, text := range now {
		for _, run := range runsOf(text) {
			delete(k.gone, run)
		}
	}
}

// runsOf gives the runs of words of a text that say something: of those that are all
// grammar one can't tell where they are from.
func runsOf(text string) []string {
	t := prose.Parse(text)
	var out []string
	for s := range t.Sentences {
		for i := t.Sentences[s].FirstWord; i+runOfVision <= t.Sentences[s].EndWord; i++ {
			if run, says := runAt(t, i); says {
				out = append(out, run)
			}
		}
	}
	return out
}

// runAt gives the run of words that begins at the i-th, and whether it says
// something: two of its words at least are no words of grammar.
func runAt(t *prose.Text, i int) (run string, says bool) {
	var b strings.Builder
	n := 0
	for k := i; k < i+runOfVision; k++ {
		w := lexicon.Fold(t.Word(k))
		if len(w) > 3 && !has(grammar, w) {
			n++
		}
		b.WriteString(w)
		b.WriteByte(' ')
	}
	return b.String(), n >= 2
}

// grammar are words of four letters and more that say nothing.
const grammar = " that this these those with from into their your have will been were which when what they them then than also more most such each every other "

// add takes a name.
func (k *Known) add(n name) {
	for w := range strings.FieldsSeq(n.text) {
		for part := range strings.FieldsFuncSeq(w, func(r rune) bool { return r == '-' || r == '/' }) {
			n.words = append(n.words, lexicon.Fold(strings.Trim(part, ".,()")))
		}
	}
	// In a text signs such as & are no words, but stand between them.
	n.words = slices.DeleteFunc(n.words, func(w string) bool {
		return !strings.ContainsFunc(w, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	})
	if len(n.words) == 0 {
		return
	}
	// A name of one word that is also an ordinary one counts only as it is written.
	n.exact = len(n.words) == 1 && startsUpper(n.text) && lexicon.EnglishJobs().Look(n.words[0]).Known()
	k.names[n.words[0]] = append(k.names[n.words[0]], n)
	slices.SortStableFunc(k.names[n.words[0]], func(a, b name) int { return len(b.words) - len(a.words) })
}

// present takes a present name, so that a former one within it is not found there.
func (k *Known) present(text string) { k.add(name{text: text, is: presentName}) }

// namesake is a name found in a text.
type namesake struct {
	prose.Span
	name name
}

// find finds the names in a text, the longest first where they overlap.
func (k *Known) find(t *prose.Text, yield func(first, end int, n name)) {
	if k == nil || len(k.names) == 0 {
		return
	}
	for si := range t.Sentences {
		s := &t.Sentences[si]
		for i := s.FirstWord; i < s.EndWord; i++ {
			for _, n := range k.beginning(lexicon.Fold(t.Word(i))) {
				if end := n.at(t, i, s.EndWord); end > 0 {
					if n.is != presentName {
						yield(i, end, n)
					}
					i = end - 1
					break
				}
			}
		}
	}
}

// beginning gives the names that may begin with a word or its plural, the longest
// first.
func (k *Known) beginning(word string) []name {
	first := firstPart(word)
	if names := k.names[first]; names != nil {
		return names
	}
	return k.names[strings.TrimSuffix(first, "s")]
}

// firstPart is what stands before the first hyphen.
func firstPart(word string) string {
	part, _, _ := strings.Cut(word, "-")
	return part
}

// at says where a name that begins at the i-th word ends, in a sentence that goes up
// to end; 0 when it does not stand there.
func (n name) at(t *prose.Text, i, end int) int {
	w := 0
	for k := i; k < end; k++ {
		if k > i && strings.ContainsAny(gap(t, k), ";:()") {
			return 0
		}
		for part := range strings.SplitSeq(lexicon.Fold(t.Word(k)), "-") {
			if w == len(n.words) || part != n.words[w] && part != n.words[w]+"s" {
				return 0
			}
			w++
		}
		if w == len(n.words) {
			if !n.written(t, i, k+1) {
				return 0
			}
			return k + 1
		}
	}
	return 0
}

// written says whether the words from the i-th up to end are written as the name is: with
// capitals where it has them. A single word at the beginning of a sentence has one
// anyway, so that an ordinary one is not taken for a name there.
func (n name) written(t *prose.Text, i, end int) bool {
	if !startsUpper(n.text) {
		return true
	}
	s := &t.Sentences[sentenceOf(t, i)]
	if n.exact && i == s.FirstWord && end < s.EndWord && !s.Capitals {
		return false
	}
	for k := i; k < end; k++ {
		w := t.Words[k]
		if !w.Is(prose.Capitalized) && w.Letters > 3 {
			return false
		}
	}
	return t.Words[i].Is(prose.Capitalized)
}

// baseOf gives the base form of a word, or the word.
func baseOf(word string) string {
	word = lexicon.Fold(strings.Trim(word, ".,;:"))
	if has(" and or the of a an in for to with we our ", word) {
		return ""
	}
	if base := lexicon.EnglishJobs().Base(word); base != "" {
		return base
	}
	return word
}
