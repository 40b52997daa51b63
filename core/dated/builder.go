package dated

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/prose"
)

// target is what a name stands for: an entry, or a product whose version follows.
type target struct {
	entry   *Entry
	product *product
	context *context
}

// context is what must be and must not be around a name. Words are folded.
type context struct {
	near      map[string]bool // one of them in the paragraph, for names that ask for it
	notBefore map[string]bool // the name does not stand right before one of them
	notAfter  map[string]bool // the name does not stand right after one of them
}

// pattern is one name as it is looked for.
type pattern struct {
	words   []string // folded
	gaps    []string // between words, where it is more than a space: "/" in AS/400
	written []string // as in the data, for their capitals
	capital bool     // capitals of the data must be capitals in the text
	needy   bool     // a word of context.near must be around
	link    bool     // it has the form of a web address
	tail    string   // what follows without a space, such as + or #
	target
}

// product is a product with its releases.
type product struct {
	releases map[string]*Entry // by version as written after the name, folded
	live     map[string]bool   // versions that are no entries
	fresh    bool              // a release that ended lately is only a hint
}

// builder gathers a catalogue.
type builder struct {
	entries  map[string]*Entry
	patterns map[string][]*pattern // by first word
	said     map[string]string     // names, for whom
	errs     []string
}

func newBuilder() *builder {
	return &builder{entries: map[string]*Entry{}, patterns: map[string][]*pattern{}, said: map[string]string{}}
}

// add adds an entry whose names are there already.
func (b *builder) add(it *item, e *Entry) error {
	if b.entries[e.ID] != nil {
		return it.fault("the id %q is there twice", e.ID)
	}
	if e.ID == "" || e.Name == "" || e.Source == "" {
		return it.fault("id, name and source must be there")
	}
	b.entries[e.ID] = e
	return nil
}

// names adds a name with its marks and gives it without them: ^ in front for
// capitals that must be there, ? for a name that needs context, ~n behind for one
// that has a plural.
func (b *builder) names(name string, t target) string {
	p := pattern{target: t}
	for {
		if rest, ok := strings.CutPrefix(name, "^"); ok {
			name, p.capital = rest, true
		} else if rest, ok := strings.CutPrefix(name, "?"); ok {
			name, p.needy = rest, true
		} else {
			break
		}
	}
	bare, plural := strings.CutSuffix(name, "~n")
	b.pattern(p, bare)
	if plural {
		b.pattern(p, pluralOf(bare))
	}
	return bare
}

// pattern adds one form of a name.
func (b *builder) pattern(p pattern, name string) {
	t := prose.Parse(name)
	for i := range t.Words {
		p.written = append(p.written, t.Word(i))
		p.words = append(p.words, fold(t.Word(i)))
		p.link = p.link || t.Words[i].Is(prose.Link)
		if i > 0 {
			p.gaps = append(p.gaps, strings.Trim(t.Source[t.Words[i-1].End:t.Words[i].Start], " !"))
		}
	}
	if len(p.words) == 0 {
		b.errs = append(b.errs, fmt.Sprintf("%q has no word", name))
		return
	}
	p.tail = name[t.Words[len(t.Words)-1].End:]
	key, who := strings.Join(p.words, " ")+strings.Join(p.gaps, " ")+p.tail, "a product"
	if p.entry != nil {
		who = p.entry.ID
	} else {
		key = "+ " + key // a product may be an entry, too
	}
	if other, ok := b.said[key]; ok {
		b.errs = append(b.errs, fmt.Sprintf("the name %q is there twice: %s, %s", name, other, who))
	}
	b.said[key] = who
	b.patterns[p.words[0]] = append(b.patterns[p.words[0]], &p)
	if len(p.words) == 2 && p.gaps[0] == "" && p.tail == "" && p.entry != nil && !strings.Contains(p.written[0], "'") {
		joined := p
		joined.gaps = nil
		joined.words = []string{p.words[0] + "-" + p.words[1]}
		joined.written = []string{p.written[0] + "-" + p.written[1]}
		if _, ok := b.said[joined.words[0]]; !ok {
			b.said[joined.words[0]] = who
			b.patterns[joined.words[0]] = append(b.patterns[joined.words[0]], &joined)
		}
	}
}

// pluralOf is the regular plural of a noun.
func pluralOf(noun string) string {
	switch {
	case strings.HasSuffix(noun, "s"), strings.HasSuffix(noun, "x"), strings.HasSuffix(noun, "ch"):
		return noun + "es"
	case strings.HasSuffix(noun, "y") && !strings.HasSuffix(noun, "ey") && !strings.HasSuffix(noun, "ay"):
		return noun[:len(noun)-1] + "ies"
	}
	return noun + "s"
}

// finish makes the catalogue of what was gathered.
func (b *builder) finish() (*Catalogue, error) {
	if len(b.errs) > 0 {
		return nil, fmt.Errorf("%s", strings.Join(b.errs, "; "))
	}
	c := &Catalogue{byID: b.entries, firsts: newTable(len(b.patterns))}
	for _, e := range b.entries {
		c.entries = append(c.entries, e)
	}
	slices.SortFunc(c.entries, func(a, b *Entry) int { return cmp.Compare(a.ID, b.ID) })
	for word, patterns := range b.patterns {
		slices.SortStableFunc(patterns, func(a, b *pattern) int {
			return cmp.Or(cmp.Compare(len(b.words), len(a.words)), cmp.Compare(len(b.tail), len(a.tail)))
		})
		c.firsts.put(word, patterns)
	}
	return c, nil
}
