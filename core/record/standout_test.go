package record

import (
	"slices"
	"strings"
	"testing"
)

// told are the first sentences of what stands out, each with what it is about.
func told(b AssessmentBody) []string {
	var all []string
	for _, f := range b.StandOut() {
		all = append(all, f.About+": "+strings.Join(f.Sentences, " "))
	}
	return all
}

func TestStandOut(t *testing.T) {
	surely, perhaps := &Test{P: 0.001}, &Test{P: 0.2}
	site, both, role := []string{"site"}, []string{"site", "role"}, []string{"role"}
	b := AssessmentBody{
		Instrument: Instrument{Dimensions: []DimensionText{{ID: "a", Title: "A"}, {ID: "b", Title: "B"}, {ID: "c"}}},
		Disconnects: []Disconnect{{By: both, Text: "crossed"}, {By: role, Text: "of leaders"},
			{By: site, Text: "1"}, {By: site, Text: "2"}, {By: site, Text: "3"}, {By: site, Text: "4"}},
		Leaders: []Leaders{{By: "role", Points: 9, Test: surely, Text: "nine"}, {By: "role", Points: -12, Test: surely, Text: "twelve"}, {By: "role", Points: 30, Test: perhaps, Text: "no"}},
		IdealPractice: []IdealPractice{{Pair: Pair{First: 60, Second: 50, Points: 10, Test: surely}, Text: "ten"}, {Pair: Pair{First: 60, Second: 30, Points: 30, Test: surely}, Text: "thirty"},
			{Pair: Pair{First: 20, Second: 80, Points: -60, Test: surely}, Text: "ahead"}, {Key: []string{"x"}, Pair: Pair{First: 90, Second: 1, Points: 89, Test: surely}, Text: "a group"}},
		Traces: []Trace{{Dimension: "d", Root: "b", Links: make([]Link, 2), Text: "d to b"}, {Dimension: "c", Root: "b", Links: make([]Link, 1), Text: "c to b"},
			{Dimension: "b", Root: "b", Text: "b"}, {Dimension: "a", Root: "a", Text: "a"}},
		Priorities: []Priority{{Text: "First."}, {Dimension: "b", Percent: 40}, {Dimension: "c", Percent: 30}},
	}
	want := []string{"Where the trouble starts: a", "Where the trouble starts: d to b", "Far apart: 1", "Far apart: 2", "Far apart: 3",
		"Seen differently by those who lead: twelve", "Said, but not done: thirty", "Where to begin: First. After it come “B” (40) and “c” (30)."}
	if got := told(b); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	b.Instrument.Direction = "high-is-bad"
	b.Disconnects, b.Traces, b.Priorities = b.Disconnects[:2], nil, append(b.Priorities, Priority{Dimension: "a", Percent: 20})
	want = []string{"Far apart: crossed", "Seen differently by those who lead: twelve", "Said, but not done: ahead",
		"Where to begin: First. After it come “B” (40), “c” (30), and “A” (20)."}
	if got := told(b); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	b.Priorities = b.Priorities[:2]
	if got := told(b); !strings.HasSuffix(got[3], "First. After it comes “B” (40).") {
		t.Errorf("%q", got)
	}
	if got := (AssessmentBody{}).StandOut(); len(got) > 0 {
		t.Errorf("nothing stands out, but %+v does", got)
	}
}
