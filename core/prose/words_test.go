package prose

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestWords holds words, their places and their kinds: "word@start" and a
// letter for each kind.
func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"We serve.":                       "We@0C serve@3",
		"  “We” (all) care—truly.":        "We@5C all@12 care@17 truly@24",
		"don't can’t 'tis":                "don't@0 can’t@6 tis@15",
		"well-being, non‑profit":          "well-being@0H non‑profit@12H",
		"3.5 1,250 10:30 40% $5 1st":      "3.5@0N 1,250@4N 10:30@10N 40@16N 5@21N 1st@23N",
		"NGOs, U.S. NATO and R&D":         "NGOs@0CA U.S@6CAD NATO@11CA and@16 R&D@20CA",
		"and/or yes":                      "and@0 or@4 yes@7",
		"a www.a.org b x@y.org c":         "a@0 www.a.org@2L b@12 x@y.org@14L c@22",
		"see (https://a.org/b_c?d=1), or": "see@0 https://a.org/b_c?d=1@5L or@29",
		"visit example.com/about now":     "visit@0 example.com/about@6L now@24",
		"**bold** _it_ `code`":            "bold@2 it@10 code@15",
		"café naïve Übung":                "café@0 naïve@6 Übung@13C",
		"\xff\xfe ab\xffcd \x80":          "ab@3 cd@6",
		"Ph.D. a.m. e.g. it":              "Ph.D@0CD a.m@6D e.g@11D it@16",
		"a\u00a0b\u2003c":                 "a@0 b@3 c@7",
		"- - —":                           "",
		"WE HELP PEOPLE":                  "WE@0C HELP@3C PEOPLE@8C",
		"B12 COVID-19 state-of-the-art":   "B12@0NC COVID-19@4NCHA state-of-the-art@13H",
		"iPhone McDonald":                 "iPhone@0 McDonald@7C",
	} {
		var got []string
		for _, w := range Parse(text).Words {
			s := fmt.Sprintf("%s@%d", w.In(text), w.Start)
			for i, c := range "NCHADL" {
				if w.Kind>>i&1 != 0 {
					s += string(c)
				}
			}
			got = append(got, s)
		}
		if g := strings.Join(got, " "); g != want {
			t.Errorf("%q:\n got %s\nwant %s", text, g, want)
		}
	}
}

// same says whether two texts have the same counts.
func same(t *testing.T, a, b string) {
	t.Helper()
	if x, y := Parse(a).Counts(), Parse(b).Counts(); x != y {
		t.Errorf("%q and %q:\n%+v\n%+v", a, b, x, y)
	}
}

// TestInvariance holds that layout changes no score.
func TestInvariance(t *testing.T) {
	for _, s := range []string{
		"We help families in Ohio find \"safe\" homes that they can't lose",
		"Our organization serves 1,200 children, i.e. most of the U.S. \"heartland\"",
		"Is it possible? It's not \"easy\", but we don't stop... We continue",
		"To empower every person",
	} {
		same(t, s, s+".")
		same(t, s, s+"!")
		same(t, s, s+" …")
		for _, mark := range []string{"- ", "* ", "• ", "1. ", "2) ", "(a) ", "– ", "> ", "  -\t"} {
			same(t, s, mark+s)
			same(t, s+".\n\n"+s+".", mark+s+"\n"+mark+s)
		}
		for _, head := range []string{"# Our organization\n", "Our Mission\n", "OUR MISSION\n\n", "Mission:\n\n", "Our mission\n\n", "**Our vision and values:**\n", "Our mission\n====\n\n"} {
			same(t, s, head+s)
		}
		curly := strings.NewReplacer(` "`, " “", `"`, "”", "'", "’", "...", "…").Replace(s)
		same(t, s, curly)
		same(t, s, "“"+s+"”")
		same(t, s, "\""+s+".\"")
		same(t, s, strings.ReplaceAll(s, " ", "\n"))
		same(t, s, strings.ReplaceAll(s, " ", "\u00a0 \t"))
		same(t, s, "\r\n\r\n"+s+"\r\n")
	}
	same(t, "We care.", "We care. https://example.org/organization")
	same(t, "WE HELP THE COMMUNITY.", "we help the community.")
}

// TestCharacters holds which characters ARI sees.
func TestCharacters(t *testing.T) {
	for text, want := range map[string]int{
		"We care.":     7,
		"We care":      7,
		"We care?!":    7,
		"- We care...": 7,
		"“We care.”":   7,
		"**We** care.": 7,
		"café, naïve":  11,
	} {
		if got := Parse(text).Counts().Characters; got != want {
			t.Errorf("%q: %d characters, want %d", text, got, want)
		}
	}
}

// check holds what must be true of any text taken apart.
func check(t *testing.T, text string) {
	p := Parse(text)
	at := 0
	for _, w := range p.Words {
		if w.Start < at || w.End <= w.Start || w.End > len(text) || int(w.Letters) > w.End-w.Start {
			t.Fatalf("%q: word %+v after %d", text, w, at)
		}
		at = w.End
	}
	at = 0
	word := 0
	for _, s := range p.Sentences {
		if s.Start < at || s.End > len(text) || s.FirstWord != word || s.EndWord <= s.FirstWord ||
			p.Words[s.FirstWord].Start < s.Start || p.Words[s.EndWord-1].End > s.End {
			t.Fatalf("%q: sentence %+v after %d", text, s, at)
		}
		at, word = s.End, s.EndWord
	}
	sentence := 0
	for _, b := range p.Paragraphs {
		if b.FirstSentence != sentence || b.EndSentence <= sentence || b.Start > p.Sentences[sentence].Start || b.End < p.Sentences[b.EndSentence-1].End {
			t.Fatalf("%q: paragraph %+v", text, b)
		}
		sentence = b.EndSentence
	}
	if word != len(p.Words) || sentence != len(p.Sentences) {
		t.Fatalf("%q: words or sentences of no parent", text)
	}
	c := p.Counts()
	if c.Words > len(p.Words) || c.Syllables < c.Words || c.Complex > c.Polysyllables || c.Long > c.Words || c.Sentences > c.Words || c.Characters < 0 {
		t.Fatalf("%q: %+v", text, c)
	}
	if !reflect.DeepEqual(p, Parse(text)) || c != p.Counts() {
		t.Fatalf("%q: two runs differ", text)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "We care. U.S. e.g. 3.5 “x”… a@b.co", "# H\n- a\n1) b\n---\n", "\xff\xfe\xe2\x80", "a.b.C.d", "it's-'s’", "a. . .\n", "_a_ www.x.y, 9:9.9", "Why?Because.We"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		check(t, s)
		Syllables(s)
	})
}

// TestLinear would not end if some odd text took more than linear time.
func TestLinear(t *testing.T) {
	for _, s := range []string{"a", ".", "a.", "- ", "A ", "\n", "a\n", "Ab\n\n", "'", "a-", "\"", "@", "x@", "é", "\xff", "1,", "#\n", "A.\n", "a\u200b", "W?W", "aa.Aa"} {
		check(t, strings.Repeat(s, 200_000/len(s)))
	}
}

// TestConcurrent shares the language among goroutines, for the race detector.
func TestConcurrent(t *testing.T) {
	done := make(chan Counts)
	for range 4 {
		go func() { done <- Parse("We serve communities everywhere, e.g. in Ohio.").Counts() }()
	}
	var all []Counts
	for range 4 {
		all = append(all, <-done)
	}
	if len(slices.Compact(all)) != 1 {
		t.Errorf("counts differ: %v", all)
	}
	if !utf8.ValidString(englishFile("words.txt")) {
		t.Error("the data is no UTF-8")
	}
}
