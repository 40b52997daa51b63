package reading

import (
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
)

func TestChanges(t *testing.T) {
	body, earlier := sites(), sites()
	earlier.Wave = "2026-q1"
	earlier.Dimensions = []record.Dimension{exactly("care", 60, 40, 1.1), {ID: "tempo", Withheld: true}}
	earlier.Groups[5].Dimensions[0] = exactly("care", 8, 60, 0.6)
	got := Changes(body, earlier)
	var names []string
	for _, c := range got {
		names = append(names, strings.Join(append(slices.Clone(c.Key), c.Dimension), " "))
		if c.Paired || c.Since != "2026-q1" || c.N != nil {
			t.Errorf("%s", text(t, c))
		}
	}
	if want := []string{"care", "Bar care", "Bar tempo", "Desk care", "Desk tempo", "Spa care", "Spa tempo"}; !slices.Equal(names, want) {
		t.Fatalf("changes of %q, want %q", names, want)
	}
	// Welch by hand: the difference is 0.64, its error √(1.21/40+1.21/60).
	if c := got[0]; !near(c.Difference, 0.64) || !near(c.Points, 16) || !near(c.Test.Statistic, 0.64/0.22453655975512) || *c.Test.PHolm != c.Test.P {
		t.Errorf("%s", text(t, c))
	}
	if c := got[5]; *c.Test.PHolm != 2*c.Test.P {
		t.Errorf("Holm's correction is not over the two dimensions: %s", text(t, c))
	}
	for i, want := range map[int]string{
		0: "In “Care” the score went from 40 to 56 since 2026-q1, 16 points better. This is hardly chance. The waves were compared as wholes, so others may have answered than before.",
		1: "Bar: in “Care” the score is the same as in 2026-q1, 83. The waves were compared as wholes.",
		5: "Spa: in “Care” the score went from 60 to 28 since 2026-q1, 32 points worse. This is hardly chance. The waves were compared as wholes, so others may have answered than before. " +
			"Few people stand behind it (8 in the earlier wave, 9 in this wave), so it could look different next time.",
	} {
		if got[i].Text != want {
			t.Errorf("got  %s\nwant %s", got[i].Text, want)
		}
	}
}

func TestWhatIsNoChange(t *testing.T) {
	for name, spoil := range map[string]func(b *record.AssessmentBody){
		"withheld":     func(b *record.AssessmentBody) { b.Withheld = true },
		"another one":  func(b *record.AssessmentBody) { b.Instrument.ID = "y" },
		"turned round": func(b *record.AssessmentBody) { b.Instrument.Direction = "high-is-bad" },
		"other scale":  func(b *record.AssessmentBody) { b.Instrument.Scale = &record.Scale{Min: 0, Max: 10} },
		"not asked":    func(b *record.AssessmentBody) { b.Instrument.Dimensions = nil },
	} {
		earlier := sites()
		if spoil(&earlier); len(Changes(sites(), earlier)) > 0 {
			t.Errorf("%s: there are changes", name)
		}
	}
}

func TestPairedChangeText(t *testing.T) {
	body := sites()
	for _, c := range []struct {
		change record.Change
		want   string
	}{
		{record.Change{Since: "q1", Dimension: "care", Paired: true, N: ptr(int64(41)), Points: 7.6, Test: &record.Test{P: 0.02}},
			"In “Care” the score of the 41 people who answered both times is 8 points better than in q1. This is more than chance would easily explain."},
		{record.Change{Dimension: "tempo", Key: []string{"Bar", ""}, Paired: true, N: ptr(int64(6)), Points: -1, Test: &record.Test{P: 0.02, PHolm: ptr(0.4)}},
			"Bar / not stated: in “Tempo” the score of the 6 people who answered both times is 1 point worse than in the earlier survey. This may be chance. So few people could look different next time."},
		{record.Change{Since: "q1", Dimension: "care", Paired: true, Points: 0.4}, "In “Care” the score of the people who answered both times is the same as in q1."},
		{record.Change{Since: "q1", Dimension: "care"}, ""},
	} {
		if got := ChangeText(body, c.change); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
	body.Instrument.Direction = "high-is-bad"
	if got := ChangeText(body, record.Change{Since: "q1", Dimension: "care", Paired: true, Points: 5}); !strings.Contains(got, "5 points worse") {
		t.Errorf("high is bad: %s", got)
	}
}

func TestPriorities(t *testing.T) {
	body := sites()
	for _, id := range []string{"trust", "pride", "pace"} {
		body.Instrument.Dimensions = append(body.Instrument.Dimensions, record.DimensionText{ID: id, Title: strings.ToUpper(id[:1]) + id[1:]})
	}
	body.Dimensions = append(body.Dimensions, exactly("trust", 40, 40, 1), exactly("pride", 40, 80, 1), record.Dimension{ID: "pace", Withheld: true, Percent: ptr(1.0)})
	names := func() (out []string) {
		for i, p := range Priorities(body) {
			if out = append(out, p.Dimension); p.Rank != i+1 {
				t.Errorf("%s has rank %d at place %d", p.Dimension, p.Rank, i+1)
			}
		}
		return out
	}
	if got := names(); !slices.Equal(got, []string{"trust", "tempo", "care"}) { // of five, three; pride is strong
		t.Errorf("by room: %q", got)
	}
	shares := func(x ...float64) (out []record.Driver) {
		for i, id := range []string{"care", "tempo", "trust", "pride"} {
			if x[i] >= 0 {
				out = append(out, record.Driver{Dimension: id, Share: &x[i]})
			}
		}
		return out
	}
	body.Drivers = []record.Drivers{{Outcome: "stay", Dimensions: shares(0.5, 0.1, 0.3, 0.1)}}
	if got := names(); !slices.Equal(got, []string{"care", "trust", "tempo"}) { // 22, 18, 4.7
		t.Errorf("by room and share: %q", got)
	}
	p := Priorities(body)[0]
	want := "“Care” scores 56, which leaves 44 points to gain, and makes up 50% of what goes together with “I would stay” (no proof of cause)."
	if p.Text != want || p.Outcome != "stay" || *p.Share != 0.5 || !near(p.Pressing, 22) || p.Room != 44 {
		t.Errorf("%s", text(t, p))
	}
	body.Drivers[0].Dimensions = shares(0.5, -1, 0.3, 0.1) // tempo has none
	if got := Priorities(body); got[0].Dimension != "trust" || got[0].Share != nil || got[0].Outcome != "" || got[0].Text != "“Trust” scores 40, which leaves 60 points to gain." {
		t.Errorf("a share is missing: %s", text(t, got))
	}
	body.Instrument.Direction = "high-is-bad" // the best band is that below 50
	if got := names(); !slices.Equal(got, []string{"pride", "care", "tempo"}) {
		t.Errorf("high is bad: %q", got)
	}
	body.Dimensions[3].CI = &record.Interval{Low: 4, High: 4.4}
	if got := Priorities(body)[0].Text; got != "“Pride” scores 80 (likely 75 to 85), where 0 would be best." {
		t.Errorf("high is bad: %s", got)
	}
	body.Instrument.Bands = nil // within 25 of the best is strong
	body.Dimensions[3] = exactly("pride", 40, 25, 1)
	if got := names(); !slices.Equal(got, []string{"care", "tempo", "trust"}) {
		t.Errorf("no bands: %q", got)
	}
	if body.Withheld = true; len(Priorities(body)) > 0 {
		t.Error("a withheld body has priorities")
	}
}

// Of many at most five are named, and a score on the edge of a band is in it.
func TestPrioritiesAreFew(t *testing.T) {
	body := sites()
	body.Dimensions, body.Instrument.Dimensions = nil, nil
	for i := range 14 {
		id := string(rune('a' + i))
		body.Instrument.Dimensions = append(body.Instrument.Dimensions, record.DimensionText{ID: id})
		body.Dimensions = append(body.Dimensions, exactly(id, 40, 20, 1))
	}
	if got := Priorities(body); len(got) != 5 || got[4].Dimension != "e" {
		t.Errorf("%s", text(t, got))
	}
	body.Instrument.Direction = "high-is-bad"
	for _, c := range []struct {
		percent float64
		want    int
	}{{49.9, 0}, {50, 5}} {
		for i := range body.Dimensions {
			body.Dimensions[i].Percent = &c.percent
		}
		if got := Priorities(body); len(got) != c.want {
			t.Errorf("%v, high is bad: %d priorities, want %d", c.percent, len(got), c.want)
		}
	}
}

// levels is a survey of five levels with these scores, -1 for withheld.
func levels(scores ...float64) record.AssessmentBody {
	body := record.AssessmentBody{Instrument: record.Instrument{ID: "l", Direction: "high-is-good", WeakBelow: 50}}
	for i, x := range scores {
		id := string(rune('a' + i))
		body.Instrument.Dimensions = append(body.Instrument.Dimensions, record.DimensionText{ID: id, Title: strings.ToUpper(id), Level: i + 1})
		d := record.Dimension{ID: id, Percent: &x}
		if x < 0 {
			d = record.Dimension{ID: id, Withheld: true, Percent: ptr(1.0)}
		}
		body.Dimensions = append(body.Dimensions, d)
	}
	slices.Reverse(body.Instrument.Dimensions)
	return body
}

func link(upper, lower string, r, low float64) record.Link {
	return record.Link{Upper: upper, Lower: lower, R: &r, CI: &record.Interval{Low: low, High: 1}}
}

func TestTraces(t *testing.T) {
	links := []record.Link{link("c", "b", 0.62, 0.4), link("d", "c", 0.35, 0.1), link("b", "a", 0.3, 0.1), link("e", "d", 0.9, 0.8)}
	got := Traces(levels(64, 39, 45, 30, 70), links)
	var chains []string
	for _, tr := range got {
		chain := tr.Dimension + ">" + tr.Root + ":"
		for _, l := range tr.Links {
			chain += " " + l.Upper + l.Lower
		}
		chains = append(chains, chain)
	}
	if want := []string{"d>b: dc cb", "c>b: cb", "b>b:"}; !slices.Equal(chains, want) {
		t.Fatalf("%q, want %q", chains, want)
	}
	for i, want := range []string{
		"“D” (30) is weak, and so are the levels under it, “C” (45) and “B” (39). The level under “B”, “A”, is not weak (64). So the trouble seems to start with “B”. " +
			"People’s scores from level to level go together, which fits. It is no proof that one brings about the other.",
		"“C” (45) is weak, and so is the level under it, “B” (39). The level under “B”, “A”, is not weak (64). So the trouble seems to start with “B”. " +
			"People’s scores in “C” and “B” go closely together, which fits. It is no proof that one brings about the other.",
		"“B” (39) is weak. The level under “B”, “A”, is not weak (64). So the trouble seems to start here.",
	} {
		if got[i].Text != want {
			t.Errorf("got  %s\nwant %s", got[i].Text, want)
		}
	}
}

func TestTracesThatAreLessSure(t *testing.T) {
	for _, c := range []struct {
		body  record.AssessmentBody
		links []record.Link
		want  string
	}{
		{levels(60, -1, 40), nil, "“C” (40) is weak. What lies under “C”, “B”, can’t be shown. So the trouble seems to start here."},
		{levels(49.9, 60), nil, "“A” (49) is weak. There is no level under “A”. So the trouble seems to start here."},
		{levels(40, 45), nil, "“B” (45) is weak, and so is the level under it, “A” (40). There is no level under “A”. So the trouble seems to start with “A”. " +
			"How closely people’s scores in these levels go together is not known."},
		{levels(40, 45), []record.Link{link("b", "a", 0.2, -0.1)}, "“B” (45) is weak, and so is the level under it, “A” (40). There is no level under “A”. So the trouble seems to start with “A”. " +
			"People’s scores in “B” and “A” go together a little, but that may be chance."},
		{levels(40, 45, 40), []record.Link{link("b", "a", -0.4, -0.6), link("c", "b", 0.7, 0.5)}, "“C” (40) is weak, and so are the levels under it, “B” (45) and “A” (40). There is no level under “A”. So the trouble seems to start with “A”. " +
			"People’s scores in “B” and “A” go opposite ways, so “B” may have a cause of its own."},
	} {
		if got := Traces(c.body, c.links); len(got) == 0 || got[0].Text != c.want {
			t.Errorf("got  %s\nwant %s", text(t, got), c.want)
		}
	}
	bad := levels(70, 40)
	bad.Instrument.Direction = "high-is-bad"
	if got := Traces(bad, nil); len(got) != 1 || got[0].Dimension != "a" {
		t.Errorf("high is bad: %s", text(t, got))
	}
	if got := Traces(sites(), nil); len(got) > 0 {
		t.Errorf("traces without levels: %s", text(t, got))
	}
}

func TestIdealPracticeText(t *testing.T) {
	body := sites()
	for _, c := range []struct {
		key   []string
		pair  record.Pair
		where string
		want  string
	}{
		{nil, record.Pair{N: 40, First: 78, Second: 45, Test: &record.Test{P: 0.001}}, "high-is-good",
			"“We talk of care” scores 78, “We do care” 45. The 33 points between them are hardly chance: what is said is not what is done."},
		{[]string{"Bar"}, record.Pair{N: 40, First: 44, Second: 45, Test: &record.Test{P: 0.02}}, "high-is-good",
			"Bar: “We talk of care” scores 44, “We do care” 45. The 1 point between them is more than chance would easily explain: what is done is ahead of what is said."},
		{nil, record.Pair{N: 7, First: 50, Second: 45, Test: &record.Test{P: 0.2}}, "high-is-good",
			"“We talk of care” scores 50, “We do care” 45. The 5 points between them may be chance. Only 7 people answered both, so it could look different next time."},
		{nil, record.Pair{N: 40, First: 44.9, Second: 45}, "high-is-good", "“We talk of care” scores 45, “We do care” 45. What is done keeps up with what is said."},
		{nil, record.Pair{N: 40, First: 44, Second: 49}, "high-is-good", "“We talk of care” scores 44, “We do care” 49. There is not enough to say whether that is chance."},
		{nil, record.Pair{N: 40, First: 20, Second: 49, Test: &record.Test{P: 0.001}}, "high-is-bad",
			"“We talk of care” scores 20 (lower is better), “We do care” 49. The 29 points between them are hardly chance: what is said is not what is done."},
	} {
		body.Instrument.Direction = c.where
		if got := IdealPracticeText(body, record.IdealPractice{Ideal: "care-2", Practice: "care-1", Key: c.key, Pair: c.pair}); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestServiceCareText(t *testing.T) {
	body := sites()
	side := func(percent float64) record.Side { return record.Side{N: 40, Percent: percent} }
	const start = "Service (helping people to choose, use and complain) scores "
	for _, c := range []struct {
		x    record.ServiceCare
		want string
	}{
		{record.ServiceCare{Service: side(70), Care: side(58), Pair: &record.Pair{N: 40, Test: &record.Test{P: 0.001}}},
			start + "70 and care (listening, solving and following up) 58. The 12 points between them are hardly chance: care lags behind service."},
		{record.ServiceCare{Service: side(58), Care: side(70), Pair: &record.Pair{N: 9, Test: &record.Test{P: 0.03}}},
			start + "58 and care (listening, solving and following up) 70. The 12 points between them are more than chance would easily explain: service lags behind care. " +
				"Only 9 people answered both, so it could look different next time."},
		{record.ServiceCare{Service: side(58), Care: side(60), Pair: &record.Pair{N: 40, Test: &record.Test{P: 0.3}}},
			start + "58 and care (listening, solving and following up) 60. The 2 points between them may be chance."},
		{record.ServiceCare{Service: side(58), Care: side(60)}, start + "58 and care (listening, solving and following up) 60. There is not enough to say whether that is chance."},
		{record.ServiceCare{Key: []string{"Bar"}, Service: side(60), Care: side(60)}, "Bar: " + start + "60 and care (listening, solving and following up) 60."},
	} {
		if got := ServiceCareText(body, c.x); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestDriversText(t *testing.T) {
	body := sites()
	driver := func(id string, share, low, high float64) record.Driver {
		return record.Driver{Dimension: id, Share: &share, Low: &low, High: &high}
	}
	x := record.Drivers{Outcome: "stay", N: ptr(int64(200)), RSq: ptr(0.45), Dimensions: []record.Driver{driver("care", 0.3, 0.05, 0.2), driver("tempo", 0.7, 0.25, 0.4)}}
	const end = " This shows what goes together, which is no proof that one brings about the other."
	if got, want := DriversText(body, x), "The dimensions together explain 45% of how people differ in “I would stay”. Of that, “Tempo” (70%) and “Care” (30%) carry the most."+end; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	x.N, x.Dimensions[0].High = ptr(int64(19)), ptr(0.3)
	if got, want := DriversText(body, x), "The dimensions together explain 45% of how people differ in “I would stay”. Of that, “Tempo” (70%) and “Care” (30%) carry the most. "+
		"Their order may be chance. It rests on 19 people, which is few for 2 dimensions: take it as a hint."+end; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	x.Dimensions = []record.Driver{driver("care", 1, 0, 0), {Dimension: "tempo"}}
	if got := DriversText(body, x); !strings.Contains(got, "Of that, “Care” (100%) carries the most.") {
		t.Errorf("one share: %s", got)
	}
	if got := DriversText(body, record.Drivers{Outcome: "stay"}); got != "" {
		t.Errorf("nothing known: %s", got)
	}
}
