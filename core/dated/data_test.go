package dated

import (
	"embed"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/firstcall-cli/firstcall/core/prose"
)

// TestData holds what the files promise at their heads, over all files.
func TestData(t *testing.T) {
	id := regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*$`)
	for _, name := range slices.Concat(kindFiles[:], releaseFiles[:]) {
		file := "data/" + name + ".txt"
		text, err := files.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		items, err := readItems(file, string(text))
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, it := range items {
			ids = append(ids, it.fields[0])
		}
		if !slices.IsSorted(ids) {
			for i := range ids[1:] {
				if ids[i] > ids[i+1] {
					t.Errorf("%s: %s stands before %s", file, ids[i], ids[i+1])
				}
			}
		}
	}
	own := 0
	var kindCount [len(kinds)]int
	for e := range English().Entries() {
		kindCount[e.Kind]++
		if !strings.Contains(e.Source, "endoflife.date") {
			own++
		}
		if !id.MatchString(e.ID) || len(e.Source) < 6 {
			t.Errorf("%+v: bad id or source", e)
		}
		if e.Page != "" && (!strings.HasPrefix(e.Page, "http") || strings.ContainsAny(e.Page, " <>")) {
			t.Errorf("%s: page %q", e.ID, e.Page)
		}
		if vague := regexp.MustCompile(`(?i)common usage|terminology$`); vague.MatchString(e.Source) || strings.Contains(e.Source, "by judgment") && e.Strength != Soft {
			t.Errorf("%s: source %q", e.ID, e.Source)
		}
		if e.Since.Year < 1970 || e.Since.Year > 2026 {
			t.Errorf("%s: since %v", e.ID, e.Since)
		}
		if got, ok := English().Entry(e.ID); !ok || got != e {
			t.Errorf("Entry(%q) gives another", e.ID)
		}
	}
	t.Logf("%d entries, %d of our own; by kind %v", English().Len(), own, kindCount)
	if own < 800 {
		t.Errorf("%d entries of our own, want 800 at least", own)
	}
	for k, n := range kindCount {
		if n < 30 {
			t.Errorf("only %d of kind %v", n, Kind(k))
		}
	}
}

// TestExamples finds every entry in a sentence: the one in the data, or one made of
// its name. What an ambiguous name must not be found in is there, too.
func TestExamples(t *testing.T) {
	c := English()
	for e := range c.Entries() {
		yes := e.yes
		if len(yes) == 0 {
			yes = []string{"Daily use of " + e.Name + " is part of the work."}
		}
		for _, text := range yes {
			hits := c.Find(prose.Parse(text), today)
			if !slices.ContainsFunc(hits, func(h Hit) bool { return h.Entry == e && h.Excuse == None }) {
				t.Errorf("%s: not found in %q, which gives %v", e.ID, text, hits)
			}
		}
		for _, text := range e.no {
			for _, h := range c.Find(prose.Parse(text), today) {
				if h.Entry == e {
					t.Errorf("%s: found in %q", e.ID, text)
				}
			}
		}
	}
}

// TestCounterexamples wants both kinds of sentences for every name that needs context.
func TestCounterexamples(t *testing.T) {
	for _, patterns := range English().firsts.patterns {
		for _, p := range patterns {
			if p.needy && p.entry != nil && (len(p.entry.yes) == 0 || len(p.entry.no) == 0) {
				t.Errorf("%s: %v needs context, and has no example and counterexample", p.entry.ID, p.written)
			}
			if p.needy && len(p.context.near) == 0 {
				t.Errorf("%v needs context of which there is none", p.written)
			}
		}
	}
}

// TestNamesWithoutContext finds every name that needs none in a sentence of its own.
func TestNamesWithoutContext(t *testing.T) {
	c := English()
	for _, patterns := range c.firsts.patterns {
		for _, p := range patterns {
			if p.needy || p.entry == nil {
				continue
			}
			name := p.written[0]
			for i, w := range p.written[1:] {
				sign := p.gaps[i]
				if sign == "" || sign == "&" {
					sign = " " + sign + " "
				}
				name += strings.Replace(sign, "  ", " ", 1) + w
			}
			text := "The clerk knows " + name + p.tail + " well."
			hits := c.Find(prose.Parse(text), today)
			if !slices.ContainsFunc(hits, func(h Hit) bool { return h.Entry == p.entry || h.Entry.Kind == Version }) {
				t.Errorf("%s: %q gives %v", p.entry.ID, text, hits)
			}
		}
	}
}

// TestReadFaults wants a fault, at its line, for files that break their form.
func TestReadFaults(t *testing.T) {
	good := "a-thing | Thing | ended 2001-02 | | somebody, 2001\n"
	for _, tt := range []struct{ products, want string }{
		{"a-thing | Thing | ended 2001-02 | somebody, 2001\n", "4 fields"},
		{"a-thing | Thing | gone 2001-02 | | somebody, 2001\n", "no state"},
		{"a-thing | Thing | ended 2001-13 | | somebody, 2001\n", "YYYY-MM"},
		{"a-thing | Thing | ended 201 | | somebody, 2001\n", "YYYY-MM"},
		{"a-thing | Thing | ended 2001-02 | | \n", "source must be there"},
		{good + "a-thing | Other | ended 2001-02 | | somebody, 2001\n", "data/products.txt:2: the id"},
		{good + "b-thing | thing | ended 2001-02 | | somebody, 2001\n", "there twice"},
		{good + "\tnearby: a, b\n", "no key"},
		{good + "\tpage: here\n", "no address"},
		{good + "\tchecked: today\n", "no month"},
		{"\tnear: a, b\n", "under an entry"},
		{"a-thing | ! | ended 2001-02 | | somebody, 2001\n", "no word"},
	} {
		folder := fstest.MapFS{}
		for _, name := range slices.Concat(kindFiles[:], releaseFiles[:]) {
			folder["data/"+name+".txt"] = &fstest.MapFile{}
		}
		folder["data/products.txt"].Data = []byte(tt.products)
		if _, err := read(folder); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v, want %q", tt.products, err, tt.want)
		}
	}
	if _, err := read(embed.FS{}); err == nil {
		t.Error("no fault without files")
	}
}
