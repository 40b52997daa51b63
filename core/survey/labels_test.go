package survey

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
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

// Somebody who answers again and again is one person where ids tell, and may be
// where only waves do.
func TestUnknownLabelsOfPeople(t *testing.T) {
	in := asked(agree, "", "a")
	rows := func(n int, row func(i int) string) string {
		text := ""
		for i := range n {
			text += row(i) + "\n"
		}
		return text
	}
	const header = "who,when,a\n"
	byID := Request{Instrument: in, RespondentColumn: "who", MinGroup: 5}
	byWave := Request{Instrument: in, WaveColumn: "when", MinGroup: 5}
	for _, tt := range []struct {
		name, text string
		req        Request
		told       bool
	}{
		{"one person", rows(20, func(i int) string { return "x,q1,secret" }), byID, false},
		{"one person in waves", rows(20, func(i int) string { return fmt.Sprintf("x,q%d,secret", i) }), byID, false},
		{"one person, spelled in ways", rows(20, func(i int) string { return []string{"x@y.z", " X@Y.z ", "x@Y.Z"}[i%3] + ",q1,secret" }), byID, false},
		{"four people", rows(20, func(i int) string { return fmt.Sprintf("x%d,q1,secret", i%4) }), byID, false},
		{"five people", rows(20, func(i int) string { return fmt.Sprintf("x%d,q%d,secret", i%5, i) }), byID, true},
		{"nobody", rows(20, func(i int) string { return " ,q1,secret" }), byID, false},
		{"four people and nobody", rows(20, func(i int) string { return []string{"", "a", "b", "c", "d"}[i%5] + ",q1,secret" }), byID, false},
		{"five rows of nobody known", rows(5, func(i int) string { return "x,q1,secret" }), byWave, true},
		{"four rows in each of five waves", rows(20, func(i int) string { return fmt.Sprintf("x,q%d,secret", i%5) }), byWave, false},
		{"five rows in one of some waves", rows(9, func(i int) string { return fmt.Sprintf("x,q%d,secret", max(0, i-4)) }), byWave, true},
		{"without waves", rows(5, func(i int) string { return fmt.Sprintf("x,q%d,secret", i) }), Request{Instrument: in, MinGroup: 5}, true},
	} {
		// Bad cells of a row that is left behind must not be another's.
		got := readExport(t, "a.csv", strings.NewReader(header+"y,q9,1\n"+tt.text+"z,q9,1\n"), tt.req)
		if told := len(got.unknowns) > 0; told != tt.told {
			t.Errorf("%s: got %+v", tt.name, got.unknowns)
		}
	}
}

// Only so much is kept for a label, and it is the same in any order.
func TestFewest(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	exact := map[uint64]int{}
	var hashes []uint64
	for range 1000 {
		h := random.Uint64N(100)
		hashes = append(hashes, h)
		exact[h]++
	}
	var want fewest
	for _, h := range slices.Sorted(maps.Keys(exact))[:7] {
		want = append(want, hashCount{h, exact[h]})
	}
	for range 20 {
		random.Shuffle(len(hashes), func(i, j int) { hashes[i], hashes[j] = hashes[j], hashes[i] })
		parts := make([]fewest, 3)
		for i, h := range hashes {
			parts[i%3] = parts[i%3].add(h, 1, 7)
		}
		var all fewest
		for _, p := range parts {
			for _, h := range p {
				all = all.add(h.hash, h.rows, 7)
			}
		}
		if !reflect.DeepEqual(all, want) {
			t.Fatalf("got %v, want %v", all, want)
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
	count := func(parts int, byID bool) map[string]int {
		counts := make([]labelCounts, parts)
		for i := range counts {
			counts[i] = labelCounts{least: 2, byID: byID}
		}
		for _, c := range cells {
			counts[c.line%parts].add(giver{c.line, fmt.Sprint("id", c.line%3), fmt.Sprint("wave", c.line%200)}, 0, []byte(c.text))
		}
		var all labelCounts
		for _, i := range random.Perm(parts) {
			all.merge(&counts[i])
		}
		out := map[string]int{}
		for label, c := range all.seen {
			out[label] = c.rows
			if all.enough(c) {
				out[label] = -c.rows
			}
			if len(c.from) > all.room() {
				t.Fatalf("%d hashes kept for a label", len(c.from))
			}
		}
		return out
	}
	want := count(1, false)
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
		if rows = max(rows, -rows); rows != len(exact[label]) {
			t.Fatalf("%s in %d rows, want %d", label, rows, len(exact[label]))
		}
	}
	wantByID := count(1, true)
	if reflect.DeepEqual(want, wantByID) {
		t.Error("ids make no difference")
	}
	for _, parts := range []int{2, 3, 7} {
		if !reflect.DeepEqual(count(parts, false), want) || !reflect.DeepEqual(count(parts, true), wantByID) {
			t.Errorf("%d parts count otherwise", parts)
		}
	}
}
