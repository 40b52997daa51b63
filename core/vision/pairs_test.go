package vision

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
)

// pairsRight is the share of pairs that have to come out right. It is short of
// all: careful readers do not agree on every pair either.
const pairsRight = .95

// pair is two versions of one statement that differ in one change.
type pair struct {
	id, part, change, better, worse string
}

// figuresOf are the figures of a verdict by the name of the part.
var figuresOf = map[string]func(*record.Verdict) float64{
	"simple":   func(v *record.Verdict) float64 { return v.Simple },
	"concrete": func(v *record.Verdict) float64 { return v.Concrete },
	"true":     func(v *record.Verdict) float64 { return v.True },
	"credible": func(v *record.Verdict) float64 { return v.Credible },
	"overall":  func(v *record.Verdict) float64 { return v.Overall },
}

// readPairs reads the pairs. The table is part of the project: one that is not
// there, or not whole, is a fault and no reason to skip.
func readPairs(t *testing.T) []pair {
	t.Helper()
	data, err := os.ReadFile("testdata/pairs.tsv")
	if err != nil {
		t.Fatal(err)
	}
	head, rows, _ := strings.Cut(strings.TrimSuffix(string(data), "\n"), "\n")
	if want := "id\tpart\tchange\tbetter\tworse"; head != want {
		t.Fatalf("the columns are %q, not %q", head, want)
	}
	var pairs []pair
	for row := range strings.SplitSeq(rows, "\n") {
		c := strings.Split(row, "\t")
		if len(c) != 5 {
			t.Fatalf("%d columns: %q", len(c), row)
		}
		pairs = append(pairs, pair{c[0], c[1], c[2], c[3], c[4]})
	}
	checkTable(t, pairs)
	return pairs
}

// checkTable keeps a slip in the table from counting as a right or wrong answer.
func checkTable(t *testing.T, pairs []pair) {
	t.Helper()
	ids, texts := map[string]bool{}, map[string]bool{}
	for _, p := range pairs {
		if figuresOf[p.part] == nil {
			t.Fatalf("%s: the verdict has no part %q", p.id, p.part)
		}
		if ids[p.id] || texts[p.better] || texts[p.worse] || p.better == p.worse || p.change == "" {
			t.Fatalf("%s: an id or a text stands twice, or the change is not named", p.id)
		}
		ids[p.id], texts[p.better], texts[p.worse] = true, true, true
	}
}

// verdictOf judges a text of which nothing but the words is known.
func verdictOf(t *testing.T, id, text string) *record.Verdict {
	t.Helper()
	b := Judge(Statement{ID: id, Text: text}, Options{}).Body
	if b.Verdict == nil {
		t.Fatalf("%s has no verdict: %v: %q", id, b.Undefined, text)
	}
	return b.Verdict
}

// outcome counts pairs that came out right.
type outcome struct{ right, of int }

func (c outcome) String() string { return fmt.Sprintf("%d of %d", c.right, c.of) }

func (c outcome) share() float64 { return float64(c.right) / float64(c.of) }

// TestPairs asks for the order within each pair and not for a figure: the figures
// move with each new weight, and what a reader would prefer does not.
func TestPairs(t *testing.T) {
	all, byPart := outcome{}, map[string]outcome{}
	for _, p := range readPairs(t) {
		figure := figuresOf[p.part]
		better, worse := figure(verdictOf(t, p.id, p.better)), figure(verdictOf(t, p.id, p.worse))
		part := byPart[p.part]
		all.of, part.of = all.of+1, part.of+1
		// A tie is wrong: the judge has not seen the change.
		if better > worse {
			all.right, part.right = all.right+1, part.right+1
		} else {
			t.Logf("%s: %s, %s: %.1f for the better, %.1f for the worse\n\t+ %s\n\t- %s", p.id, p.part, p.change, better, worse, p.better, p.worse)
		}
		byPart[p.part] = part
	}
	for _, part := range []string{"simple", "concrete", "true", "credible", "overall"} {
		t.Logf("%-8s %v", part, byPart[part])
	}
	t.Logf("%-8s %v", "all", all)
	if all.share() < pairsRight {
		t.Errorf("%v pairs are in the right order, under %.0f %%", all, 100*pairsRight)
	}
}

// disguises are ways to write a text that change nothing a reader would act on.
var disguises = []struct {
	name  string
	write func(string) string
}{
	{"a final full stop more or less", turnFullStop},
	{"the other quotes", otherQuotes},
	{"bullets before lines", func(s string) string { return "- " + strings.ReplaceAll(s, "\n", "\n- ") }},
	{"a heading above", func(s string) string { return "# Our mission\n\n" + s }},
	{"a heading right above", func(s string) string { return "# Our mission\n" + s }},
	{"blanks after it", func(s string) string { return s + "  \t" }},
	{"empty lines after it", func(s string) string { return s + "\r\n\n  \n" }},
}

// turnFullStop takes the final full stop off, or puts one there.
func turnFullStop(s string) string {
	if cut, had := strings.CutSuffix(s, "."); had {
		return cut
	}
	return s + "."
}

// curly puts typographic quotes in place of straight ones: an opening one at the
// beginning of a word, a closing one or an apostrophe elsewhere.
func curly(s string) string {
	var b strings.Builder
	before := ' '
	for _, r := range s {
		out := r
		switch opens := strings.ContainsRune(" \n(", before); {
		case r == '"' && opens:
			out = '“'
		case r == '"':
			out = '”'
		case r == '\'' && opens:
			out = '‘'
		case r == '\'':
			out = '’'
		}
		b.WriteRune(out)
		before = r
	}
	return b.String()
}

// otherQuotes puts straight quotes in place of curly ones, or the other way round
// where there are none.
func otherQuotes(s string) string {
	if straight := strings.NewReplacer("“", `"`, "”", `"`, "‘", "'", "’", "'").Replace(s); straight != s {
		return straight
	}
	return curly(s)
}

// figures gives all figures of a verdict, to compare.
func figures(v *record.Verdict) map[string]float64 {
	out := map[string]float64{}
	for part, figure := range figuresOf {
		out[part] = figure(v)
	}
	return out
}

func TestPairsInDisguise(t *testing.T) {
	changed := map[string]int{} // texts that each disguise turned into another
	for _, p := range readPairs(t) {
		for _, text := range []string{p.better, p.worse} {
			plain := verdictOf(t, p.id, text)
			for _, d := range disguises {
				disguised := d.write(text)
				if disguised == text {
					continue
				}
				changed[d.name]++
				compareFigures(t, p.id+" with "+d.name, plain, verdictOf(t, p.id, disguised), disguised)
			}
		}
	}
	for _, d := range disguises {
		if changed[d.name] == 0 {
			t.Errorf("no text changes by %s: nothing was tried", d.name)
		}
	}
}

// compareFigures reports each figure in which two verdicts on one text differ.
func compareFigures(t *testing.T, what string, plain, disguised *record.Verdict, text string) {
	t.Helper()
	want := figures(plain)
	for part, got := range figures(disguised) {
		if got != want[part] {
			t.Errorf("%s: %s is %.1f, without %.1f: %q", what, part, got, want[part], text)
		}
	}
}

func TestPairsKeepToTheScale(t *testing.T) {
	for _, p := range readPairs(t) {
		for _, text := range []string{p.better, p.worse} {
			for part, x := range figures(verdictOf(t, p.id, text)) {
				if !(x >= 0 && x <= 100) {
					t.Errorf("%s: %s is %v: %q", p.id, part, x, text)
				}
			}
		}
	}
}
