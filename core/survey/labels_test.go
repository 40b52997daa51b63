package survey

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// A text is told only when enough respondents gave it, not when it stands in
// enough cells.
func TestUnknownLabels(t *testing.T) {
	in := asked(agree, "", "a", "b", "c")
	text := "a,b,c\n" +
		strings.Repeat("Strongly aggree,Stimme zu,Agree\n", 5) + // told
		strings.Repeat("secret,secret,secret\n", 4) + // in 12 cells of 4 people
		strings.Repeat("A1,Agree,9\n", 6) +
		strings.Repeat("AGREE!!,Agree,\n", 2) + strings.Repeat("agree!!,Agree,\n", 4) + // no spelling is frequent
		strings.Repeat(strings.Repeat("x", 300)+",,\n", 6) // no label is so long
	got := readExport(t, "a.csv", strings.NewReader(text), Request{Instrument: in, MinGroup: 5})
	want := []UnknownLabel{
		{Label: "A1", Rows: 6, Items: []string{"a"}},
		{Label: "Stimme zu", Rows: 5, Items: []string{"b"}},
		{Label: "Strongly aggree", Rows: 5, Items: []string{"a"}, Nearest: "Strongly agree", Answer: 5},
	}
	if !reflect.DeepEqual(got.unknowns, want) {
		t.Errorf("got  %+v\nwant %+v", got.unknowns, want)
	}
	// The floor holds whatever is asked.
	got = readExport(t, "a.csv", strings.NewReader("a,b,c\n"+strings.Repeat("secret,,\n", 2)), Request{Instrument: in, MinGroup: 1})
	if len(got.unknowns) != 0 {
		t.Errorf("got %+v", got.unknowns)
	}
}

func TestSuggestion(t *testing.T) {
	for _, tt := range []struct {
		label UnknownLabel
		want  string
	}{
		{UnknownLabel{Label: "Stimme zu"}, `# 'Stimme zu' = ?`},
		{UnknownLabel{Label: "Agreed", Nearest: "Agree", Answer: 4}, `'Agreed' = 4  # if it is "Agree"`},
		{UnknownLabel{Label: "It's", Nearest: "Its", Answer: 4}, `"It's" = 4  # if it is "Its"`},
	} {
		if got := tt.label.Suggestion(); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
	// What is suggested can be read back, whatever stands in the label.
	in := asked(agree, "", "a")
	for _, label := range []string{"a", "It's", `"`, `\`, "'\"\\", "a\u200Bb", "ä]", "# x", "\u0085'", "'\u00ad", "'\U0001F600"} {
		line := UnknownLabel{Label: label, Nearest: "Agree", Answer: 4}.Suggestion()
		m, err := ReadMap("m.toml", []byte("[answers]\n"+line+"\n"), in)
		if err != nil || m.answers["a"].byText[foldedLoosely(label)] != 4 {
			t.Errorf("%q: %s: %v", label, line, err)
		}
	}
}

// Counts depend neither on the order of rows nor on how they are shared out,
// also when there are more labels than are kept.
func TestLabelCountsOfParts(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	type cell struct {
		line int
		text string
	}
	var cells []cell
	for line := range 20_000 {
		label := fmt.Sprint("label ", random.IntN(9000))
		for range 1 + random.IntN(3) {
			cells = append(cells, cell{line, label})
		}
	}
	count := func(parts int) map[string]int {
		counts := make([]labelCounts, parts)
		for _, c := range cells {
			counts[c.line%parts].add(c.line, 0, []byte(c.text))
		}
		var all labelCounts
		for _, i := range random.Perm(parts) {
			all.merge(&counts[i])
		}
		out := map[string]int{}
		for label, c := range all.seen {
			out[label] = c.rows
		}
		return out
	}
	want := count(1)
	exact := map[string]map[int]bool{}
	for _, c := range cells {
		if exact[c.text] == nil {
			exact[c.text] = map[int]bool{}
		}
		exact[c.text][c.line] = true
	}
	if len(want) != maxLabels {
		t.Fatalf("%d labels kept", len(want))
	}
	for label, rows := range want {
		if rows != len(exact[label]) {
			t.Fatalf("%s in %d rows, want %d", label, rows, len(exact[label]))
		}
	}
	for _, parts := range []int{2, 3, 7} {
		if got := count(parts); !reflect.DeepEqual(got, want) {
			t.Errorf("%d parts count otherwise", parts)
		}
	}
}
