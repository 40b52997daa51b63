package lexicon

import (
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/language"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// found gives the phrases of a list that Mark finds in a text.
func found(text string, list List) []string {
	t := prose.Parse(text)
	var m Marks
	English().Mark(t, &m)
	var out []string
	for _, h := range m.Hits {
		if h.List == list {
			out = append(out, t.Source[t.Words[h.First].Start:t.Words[h.End-1].End])
		}
	}
	return out
}

func TestMark(t *testing.T) {
	for _, c := range []struct {
		text string
		list List
		want []string
	}{
		{"We leverage synergies.", Buzzwords, []string{"leverage", "synergies"}},
		{"LEVERAGING it, best-in-class", Buzzwords, []string{"LEVERAGING", "best-in-class"}},
		{"We strive to help.", Hedges, []string{"strive to"}},                               // the longer of two
		{"high quality, products and services", Cliches, []string{"products and services"}}, // not across a comma
		{"We meet or\nexceed our plan.", Cliches, []string{"meet or\nexceed"}},              // across a line
		{"We meet or\n\nexceed.", Cliches, nil},                                             // not across paragraphs
		{"Meet. Or exceed.", Cliches, nil},                                                  // nor sentences
		{"our customer’s name, the customers' names", Customers, []string{"our customer’s"[4:], "customers'"[:9]}},
		{"open 24/7 for you", Standards, []string{"24/7"}},
		{"in order to begin", Wordy, []string{"in order to"}},
		{"They utilized and utilises", Jargon, []string{"utilized", "utilises"}},
		{"nothing here", Buzzwords, nil},
	} {
		got := found(c.text, c.list)
		for i, g := range got {
			got[i] = strings.TrimRight(g, "'")
		}
		for i, w := range c.want {
			c.want[i] = strings.TrimRight(w, "'")
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s in %q: %q, want %q", c.list, c.text, got, c.want)
		}
	}
}

func TestReplacementsKeepTheForm(t *testing.T) {
	for text, want := range map[string]string{"utilizing": "using", "utilized": "used", "utilize": "use", "facilitates": "helps"} {
		tx := prose.Parse(text)
		var m Marks
		English().Mark(tx, &m)
		at := slices.IndexFunc(m.Hits, func(h Hit) bool { return h.List == Jargon })
		if at < 0 || m.Hits[at].Phrase.Replacement != want {
			t.Errorf("%s is not replaced by %s", text, want)
		}
	}
}

// TestListsHoldNoPhraseTwice finds entries that a list repeats, and lists without
// any.
func TestLists(t *testing.T) {
	for list := Buzzwords; int(list) < Lists; list++ {
		data := file(language.English(), "lists/"+list.String()+".txt")
		if !strings.HasPrefix(data, "# ") {
			t.Errorf("%s does not say what it is and where it is from", list)
		}
		n := 0
		eachLine(data, func(_, rest string) { n++ })
		if n == 0 {
			t.Errorf("%s is empty", list)
		}
	}
}

// TestLook holds entries against what WordNet's own counts say of the words.
func TestLook(t *testing.T) {
	lex := English()
	for _, c := range []struct {
		word string
		is   func(Entry) bool
	}{
		{"customer", func(e Entry) bool { return e.Noun == 9 && e.Thing == 9 }},
		{"Customers", func(e Entry) bool { return e.Noun == 9 && e.Thing == 9 }},
		{"quality", func(e Entry) bool { return e.Noun >= 8 && e.Thing <= 1 }},
		{"listened", func(e Entry) bool { return e.Verb == 9 && e.Act >= 5 }},
		{"repaired", func(e Entry) bool { return e.Verb >= 5 }},
		{"children", func(e Entry) bool { return e.Noun == 9 }},
		{"customer-centric", func(e Entry) bool { return !e.Known() }},
		{"xyzzy", func(e Entry) bool { return !e.Known() }},
		{"", func(e Entry) bool { return !e.Known() }},
	} {
		if e := lex.Look(c.word); !c.is(e) {
			t.Errorf("%q: %+v", c.word, e)
		}
	}
}

// TestMarkAgain holds that memory used again holds nothing of the text before.
func TestMarkAgain(t *testing.T) {
	long := prose.Parse(strings.Repeat("We leverage world-class synergies within an hour. ", 40))
	short := prose.Parse("We bake bread.")
	var again, fresh Marks
	English().Mark(long, &again)
	English().Mark(short, &again)
	English().Mark(short, &fresh)
	if !slices.Equal(again.Hits, fresh.Hits) || !slices.Equal(again.Entries, fresh.Entries) || !slices.Equal(again.in, fresh.in) {
		t.Error("marks of the text before are left")
	}
}

func FuzzMark(f *testing.F) {
	f.Add("We leverage, 24/7; the customer’s “best-in-class” care -- and/or\n\n- not")
	f.Add("\xff\xfe e.g. U.S. 3.5 %")
	f.Fuzz(func(t *testing.T, text string) {
		tx := prose.Parse(text)
		var m Marks
		English().Mark(tx, &m)
		last := [Lists]int{}
		first := 0
		for _, h := range m.Hits {
			if h.First < first || h.First < last[h.List] || h.End <= h.First || h.End > len(tx.Words) || h.Phrase == nil {
				t.Fatalf("hit %+v after %d", h, first)
			}
			first, last[h.List] = h.First, h.End
			for i := h.First; i < h.End; i++ {
				if !m.In(i, h.List) {
					t.Fatalf("word %d is not in %s", i, h.List)
				}
			}
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		load(language.English(), statementLists)
	}
}

func BenchmarkMark(b *testing.B) {
	t := prose.Parse(strings.Repeat("We strive to leverage world-class synergies for our customers within an hour of their call. ", 500))
	var m Marks
	b.SetBytes(int64(len(t.Source)))
	for b.Loop() {
		English().Mark(t, &m)
	}
}
