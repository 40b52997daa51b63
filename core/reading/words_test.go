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
				out = append(out, record.Driver{Dimension: id, R: ptr(0.4), Share: &x[i]})
			}
		}
		return out
	}
	body.Drivers = []record.Drivers{{Outcome: "stay", N: ptr(int64(200)), RSq: ptr(0.3), Dimensions: shares(0.5, 0.1, 0.3, 0.1)}}
	if got := names(); !slices.Equal(got, []string{"care", "trust", "tempo"}) { // 22, 18, 4.7
		t.Errorf("by room and share: %q", got)
	}
	p := Priorities(body)[0]
	want := "“Care” scores 56, which leaves 44 points to gain, and makes up 50% of what goes together with “I would stay” (no proof of cause)."
	if p.Text != want || p.Outcome != "stay" || *p.Share != 0.5 || !near(p.Pressing, 22) || p.Room != 44 {
		t.Errorf("%s", text(t, p))
	}
	body.Drivers[0].Dimensions = shares(0.5, -1, 0.3, 0.1) // tempo is no driver
	if got := Priorities(body); got[2].Dimension != "tempo" || *got[2].Share != 0 || got[2].Pressing != 0 || got[2].Text != "“Tempo” scores 53, which leaves 47 points to gain." {
		t.Errorf("a share is missing: %s", text(t, got))
	}
	body.Drivers = nil
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

// A share counts only beyond chance and the right way. R's
// pf((r2/4)/((1-r2)/195), 4, 195, lower.tail = FALSE) is .0496 for .04734 and
// .0504 for .04715.
func TestPrioritiesGoByRealDrivers(t *testing.T) {
	start := func() record.AssessmentBody {
		body := sites()
		for _, id := range []string{"trust", "pride"} {
			body.Instrument.Dimensions = append(body.Instrument.Dimensions, record.DimensionText{ID: id})
		}
		body.Dimensions = []record.Dimension{exactly("care", 200, 60, 1), exactly("tempo", 200, 55, 1), exactly("trust", 200, 50, 1), exactly("pride", 200, 70, 1)}
		d := record.Drivers{Outcome: "stay", N: ptr(int64(200)), RSq: ptr(0.3)}
		for i, id := range []string{"care", "tempo", "trust", "pride"} {
			d.Dimensions = append(d.Dimensions, record.Driver{Dimension: id, R: ptr(0.3), Share: ptr([]float64{0.6, 0.2, 0.15, 0.05}[i])})
		}
		body.Drivers = []record.Drivers{d}
		return body
	}
	against := func(b *record.AssessmentBody) {
		for i := range b.Drivers[0].Dimensions {
			b.Drivers[0].Dimensions[i].R = ptr(-0.3)
		}
	}
	bad := func(b *record.AssessmentBody) {
		b.Instrument.Direction, b.Instrument.Bands = "high-is-bad", nil
		for i := range b.Dimensions { // with the same room
			b.Dimensions[i].Percent = ptr(100 - *b.Dimensions[i].Percent)
		}
	}
	net := func(b *record.AssessmentBody) { b.Outcomes = []record.Item{{ID: "stay", ENPS: &record.ENPS{}}} }
	byShare, byRoom := []string{"care", "tempo"}, []string{"trust", "tempo"}
	for name, c := range map[string]struct {
		spoil func(b *record.AssessmentBody)
		want  []string
	}{
		"as it is":          {func(*record.AssessmentBody) {}, byShare},
		"just beyond":       {func(b *record.AssessmentBody) { b.Drivers[0].RSq = ptr(0.04734) }, byShare},
		"may be chance":     {func(b *record.AssessmentBody) { b.Drivers[0].RSq = ptr(0.04715) }, byRoom},
		"few people":        {func(b *record.AssessmentBody) { b.Drivers[0].N = ptr(int64(12)) }, byRoom},
		"people unknown":    {func(b *record.AssessmentBody) { b.Drivers[0].N = nil }, byRoom},
		"R² unknown":        {func(b *record.AssessmentBody) { b.Drivers[0].RSq = nil }, byRoom},
		"all against":       {against, byRoom},
		"care against":      {func(b *record.AssessmentBody) { b.Drivers[0].Dimensions[0].R = ptr(-0.5) }, []string{"tempo", "trust"}},
		"r of care unknown": {func(b *record.AssessmentBody) { b.Drivers[0].Dimensions[0].R = nil }, []string{"tempo", "trust"}},
		"only pride":        {func(b *record.AssessmentBody) { against(b); b.Drivers[0].Dimensions[3].R = ptr(0.2) }, []string{"pride", "trust"}},
		"only the strong": {func(b *record.AssessmentBody) {
			against(b)
			b.Drivers[0].Dimensions[3].R, b.Dimensions[3].Percent = ptr(0.2), ptr(90.0)
		}, byRoom},
		"bad, both":            {bad, byShare},
		"bad, against":         {func(b *record.AssessmentBody) { bad(b); against(b) }, byRoom},
		"bad, good outcome":    {func(b *record.AssessmentBody) { bad(b); net(b); against(b) }, byShare},
		"bad, good, wrong way": {func(b *record.AssessmentBody) { bad(b); net(b) }, byRoom},
		"good, net score":      {net, byShare},
	} {
		body := start()
		c.spoil(&body)
		got := Priorities(body)
		if len(got) != 2 || got[0].Dimension != c.want[0] || got[1].Dimension != c.want[1] {
			t.Errorf("%s: %s, want %q", name, text(t, got), c.want)
			continue
		}
		if room := slices.Equal(c.want, byRoom); room != (got[0].Outcome == "" && got[0].Share == nil && got[0].Pressing == got[0].Room) ||
			room == strings.Contains(got[0].Text, "makes up") {
			t.Errorf("%s: %s", name, text(t, got[0]))
		}
	}
	body := start()
	body.Drivers[0].Dimensions[1].R, body.Drivers[0].Dimensions[2].R = ptr(-0.1), ptr(0.0)
	body.Drivers[0].Dimensions[3].R = nil
	second := Priorities(body)[1] // of those that are no drivers, the one with the most room
	if second.Dimension != "trust" || *second.Share != 0 || second.Outcome != "stay" || second.Text != "“trust” scores 50, which leaves 50 points to gain." {
		t.Errorf("%s", text(t, second))
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
	x.N = ptr(int64(200))
	const start, explain = "The dimensions together explain ", "The dimensions together explain 45% of how people differ in “I would stay”. "
	against := driver("tempo", 0.7, 0.25, 0.4)
	against.R = ptr(-0.4)
	both := driver("care", 0.3, 0.05, 0.2)
	both.R = ptr(-0.2)
	for name, c := range map[string]struct {
		rsq  float64
		n    int64
		dims []record.Driver
		want string
	}{
		"one share": {0.45, 200, []record.Driver{driver("care", 1, 0, 0), {Dimension: "tempo"}}, explain + "Of that, “Care” (100%) carries the most." + end},
		"no crumbs": {0.45, 200, []record.Driver{driver("care", 0.996, 0.4, 0.5), driver("tempo", 0.004, 0, 0.1)}, explain + "Of that, “Care” (100%) carries the most." + end},
		"which of them": {0.45, 200, []record.Driver{driver("care", 0.91, 0.05, 0.5), driver("tempo", 0.09, 0, 0.1)},
			explain + "Of that, “Care” (91%) carries the most. That it is this one may be chance." + end},
		"just enough":   {0.45, 200, []record.Driver{driver("care", 0.9, 0.3, 0.5), driver("tempo", 0.1, 0, 0.1)}, explain + "Of that, “Care” (90%) and “Tempo” (10%) carry the most." + end},
		"the other way": {0.45, 200, []record.Driver{driver("care", 0.3, 0.05, 0.2), against}, explain + "Of that, “Tempo” (70%) and “Care” (30%) carry the most. “Tempo” goes the other way: the better its score, the worse the outcome." + end},
		"both":          {0.45, 200, []record.Driver{both, against}, explain + "Of that, “Tempo” (70%) and “Care” (30%) carry the most. “Tempo” and “Care” go the other way: the better their scores, the worse the outcome." + end},
		"spread thin":   {0.45, 200, []record.Driver{driver("care", 0.05, 0, 0), driver("tempo", 0.05, 0, 1)}, explain + "No single one carries much of it." + end},
		"chance": {0.02, 200, []record.Driver{both, against}, start + "next to nothing of how people differ in “I would stay” that chance would not: the 2% that they come to may be chance. " +
			"This is no proof that nothing goes together with it."},
		"chance of few": {0.45, 10, []record.Driver{both, against}, start + "next to nothing of how people differ in “I would stay” that chance would not: the 45% that they come to may be chance. " +
			"It rests on 10 people, which is few for 2 dimensions: with more people more might show. This is no proof that nothing goes together with it."},
	} {
		if got := DriversText(body, record.Drivers{Outcome: "stay", N: &c.n, RSq: &c.rsq, Dimensions: c.dims}); got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", name, got, c.want)
		}
	}
	if x.N = nil; DriversText(body, x) != explain+"There is not enough to say whether this is chance." {
		t.Errorf("nobody knows how many: %s", DriversText(body, x))
	}
	if got := DriversText(body, record.Drivers{Outcome: "stay"}); got != "" {
		t.Errorf("nothing known: %s", got)
	}
}
