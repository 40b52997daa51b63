package disclosure_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/disclosure"
	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/score"
)

// This file makes the surveys that are attacked, and knows what was really
// answered, so that a success of the attacker can be told from a mistake.

// attackColumns are what people are grouped by. A store lies in one site.
var attackColumns = []string{"site", "store", "role"}

// attackKinds are the ways in which groupings can stand to each other.
var attackKinds = []struct {
	name string
	by   [][]string
}{
	{"flat", [][]string{{"site"}}},
	{"independent", [][]string{{"site"}, {"role"}}},
	{"nested", [][]string{{"site"}, {"store"}}},
	{"crossed", [][]string{{"site"}, {"role"}, {"site", "role"}}},
	{"only crossed", [][]string{{"site", "role"}}},
	{"nested and independent", [][]string{{"site"}, {"store"}, {"role"}}},
}

// villageSurvey is one generated survey: what was asked of whom, and what each
// person answered.
type villageSurvey struct {
	seed       uint64
	kind       string
	by         [][]string
	instrument *instrument.Instrument
	minGroup   int
	match      bool
	waves      [][]villager
}

// villager is one respondent of one wave.
type villager struct {
	id      int
	groups  []string // parallel to attackColumns; "" is not stated
	answers []int    // as given, parallel to the instrument's items
}

// noAnswer stands for an answer that was left out. It is on no scale.
const noAnswer = -1

// newVillage generates the survey of a seed.
func newVillage(seed uint64) *villageSurvey {
	rng := rand.New(rand.NewPCG(seed, 2026))
	kind := attackKinds[seed%uint64(len(attackKinds))]
	v := &villageSurvey{
		seed: seed, kind: kind.name, by: kind.by, minGroup: pick(rng, 3, 5, 8),
		instrument: villageInstrument(rng),
	}
	people := v.people(rng)
	habits := newHabits(rng, v.instrument)
	v.waves = [][]villager{habits.answer(rng, people)}
	switch rng.IntN(4) {
	case 0:
		v.match = true
		fallthrough
	case 1:
		v.waves = append(v.waves, habits.answer(rng, v.later(rng, people)))
	}
	return v
}

// villageLeader is the role of those who lead others.
const villageLeader = "r1"

func pick[T any](rng *rand.Rand, from ...T) T { return from[rng.IntN(len(from))] }

// villageInstrument asks 1-3 dimensions of 1-4 items on one of three scales.
func villageInstrument(rng *rand.Rand) *instrument.Instrument {
	scale := pick(rng, instrument.Scale{Min: 1, Max: 5, Favorable: 4}, instrument.Scale{Min: 1, Max: 7, Favorable: 6}, instrument.Scale{Min: 0, Max: 10, Favorable: 8})
	scale.FavorableSet = rng.IntN(4) > 0
	in := &instrument.Instrument{
		ID: "village", Version: "1", Title: "Village", Direction: instrument.HighIsGood, Scale: scale,
		Policy: instrument.Policy{
			Missing: pick(rng, instrument.AvailableMean, instrument.MinHalf, instrument.CompleteOnly), MinGroup: instrument.MinGroupDefault, WeakBelow: 50,
		},
		Attributes: []instrument.Attribute{
			{ID: "person", Text: "person", Kind: instrument.KindRespondent},
			{ID: "role", Text: "role", Kind: instrument.KindGroup, Leaders: []string{villageLeader}},
		},
	}
	for d := range 1 + rng.IntN(3) {
		dim := instrument.Dimension{ID: fmt.Sprintf("d%d", d), Title: fmt.Sprintf("D%d", d)}
		for i := range 1 + rng.IntN(4) {
			id := fmt.Sprintf("d%d_%d", d, i)
			dim.Items = append(dim.Items, instrument.Item{ID: id, Text: id, Scale: scale, Reverse: rng.IntN(5) == 0})
		}
		in.Dimensions = append(in.Dimensions, dim)
	}
	if rng.IntN(6) == 0 {
		in.Outcomes = []instrument.Item{{ID: "outcome", Text: "outcome", Scale: scale}}
	}
	return in
}

// people spreads people over sites, stores and roles, unevenly: a third of the
// places have one to four.
func (v *villageSurvey) people(rng *rand.Rand) []villager {
	nested := slices.ContainsFunc(v.by, func(by []string) bool { return slices.Contains(by, "store") })
	sites, roles := 2+rng.IntN(6), 2+rng.IntN(3)
	if nested {
		sites = 2 + rng.IntN(3)
	}
	unstated := pick(rng, 0, 0, 0.05)
	var all []villager
	for s := range sites {
		stores := 1
		if nested {
			stores = 1 + rng.IntN(4)
		}
		for t := range stores {
			size := 5 + rng.IntN(24/stores+1)
			if rng.IntN(3) == 0 {
				size = 1 + rng.IntN(4)
			}
			for range size {
				// The product makes low roles common and the last one rare.
				role := int(float64(roles) * rng.Float64() * rng.Float64())
				groups := []string{fmt.Sprintf("s%d", s), fmt.Sprintf("s%d.%d", s, t), fmt.Sprintf("r%d", role)}
				if rng.Float64() < unstated {
					groups[2] = ""
				}
				all = append(all, villager{id: len(all), groups: groups})
			}
		}
	}
	return all
}

// later is who answers in the second wave: some leave, some move, some come,
// now and then all to a site of their own.
func (v *villageSurvey) later(rng *rand.Rand, people []villager) []villager {
	leave, move := pick(rng, 0, 0.03, 0.2), pick(rng, 0, 0.03)
	var all []villager
	for _, p := range people {
		if rng.Float64() < leave {
			continue
		}
		if rng.Float64() < move {
			p.groups = people[rng.IntN(len(people))].groups
		}
		all = append(all, p)
	}
	apart := rng.IntN(3) == 0
	for i := range rng.IntN(2 * v.minGroup) {
		groups := people[rng.IntN(len(people))].groups
		if apart && i > 0 {
			groups = []string{"new", "new.0", groups[2]}
		}
		all = append(all, villager{id: len(people) + i, groups: groups})
	}
	return all
}

// habits are how the people of a village tend to answer.
type habits struct {
	in      *instrument.Instrument
	missing float64
	extreme []bool             // of an item: nearly everybody gives the best answer
	alike   map[string]bool    // of a site: all of one mind, if known
	mood    map[string]float64 // of a site
}

func newHabits(rng *rand.Rand, in *instrument.Instrument) *habits {
	h := &habits{in: in, missing: pick(rng, 0, 0, 0.02, 0.1, 0.4), alike: map[string]bool{}, mood: map[string]float64{}}
	for range in.Items() {
		h.extreme = append(h.extreme, rng.IntN(6) == 0)
	}
	return h
}

// answer has everybody answer everything or nearly so, but at least one thing.
func (h *habits) answer(rng *rand.Rand, people []villager) []villager {
	all := slices.Clone(people)
	for i := range all {
		site := all[i].groups[0]
		if _, ok := h.mood[site]; !ok {
			h.mood[site], h.alike[site] = rng.Float64(), rng.IntN(8) == 0
		}
		all[i].answers = nil
		for k, item := range h.in.Items() {
			all[i].answers = append(all[i].answers, h.one(rng, site, k, item))
		}
		if !slices.ContainsFunc(all[i].answers, func(x int) bool { return x != noAnswer }) {
			all[i].answers[0] = h.in.Items()[0].Scale.Min
		}
	}
	return all
}

// one is a person's answer to an item.
func (h *habits) one(rng *rand.Rand, site string, k int, item instrument.Item) int {
	low, high := item.Scale.Min, item.Scale.Max
	switch {
	case rng.Float64() < h.missing:
		return noAnswer
	case h.alike[site] && rng.IntN(30) > 0:
		return low + int(h.mood[site]*float64(high-low))
	case h.extreme[k] && rng.IntN(20) > 0:
		return high
	}
	x := (h.mood[site]+rng.Float64()+rng.Float64())/3*float64(high-low+1) + float64(low)
	return min(high, int(x))
}

// columns are those that a survey is grouped by, each once.
func (v *villageSurvey) columns() []string {
	all := slices.Concat(v.by...)
	slices.Sort(all)
	return slices.Compact(all)
}

// text is the survey as a file.
func (v *villageSurvey) text() string {
	var b strings.Builder
	b.WriteString("person,wave," + strings.Join(attackColumns, ","))
	for _, item := range v.instrument.Items() {
		b.WriteString("," + item.ID)
	}
	for w, people := range v.waves {
		for _, p := range people {
			fmt.Fprintf(&b, "\np%d,w%d,%s", p.id, w+1, strings.Join(p.groups, ","))
			for _, x := range p.answers {
				if b.WriteByte(','); x != noAnswer {
					fmt.Fprint(&b, x)
				}
			}
		}
	}
	return b.String()
}

// publishing is disclosure.Publish, or what is tried in its place.
type publishing func(context.Context, *score.Assessment, disclosure.Request) (*record.Record, error)

// published is what everybody can read of each wave: the JSON, read back.
func (v *villageSurvey) published(t testing.TB, publish publishing) []record.AssessmentBody {
	t.Helper()
	src := score.Source{Path: "village.csv", Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(v.text())), nil }}
	res, err := score.Run(context.Background(), []score.Source{src}, score.Options{Instrument: v.instrument, By: v.by, Client: "village", Missing: v.instrument.Policy.Missing, Match: v.match, Workers: 1})
	if err != nil {
		t.Fatalf("seed %d: %v", v.seed, err)
	}
	req := disclosure.Request{Instrument: v.instrument, Missing: v.instrument.Policy.Missing, MinGroup: v.minGroup, Tool: record.Tool{Name: "firstcall", Version: "test"}}
	var bodies []record.AssessmentBody
	for _, raw := range res.Assessments {
		rec, err := publish(context.Background(), raw, req)
		if err != nil {
			t.Fatalf("seed %d: %v", v.seed, err)
		}
		text, err := json.Marshal(rec.Assessment)
		if err != nil {
			t.Fatalf("seed %d: %v", v.seed, err)
		}
		var body record.AssessmentBody
		if err := json.Unmarshal(text, &body); err != nil {
			t.Fatalf("seed %d: %v", v.seed, err)
		}
		bodies, req.Previous = append(bodies, body), &body
	}
	return bodies
}

// asked is a quantity: people (both -1), a dimension (item -1), or an item of
// the instrument (dim is its dimension, or -1 for an outcome).
type asked struct{ dim, item int }

// parts is in how many parts a step of the scale is divided, so that a mean of
// up to four answers is a whole number.
const parts = 12

// unit is the parts that values of a quantity are counted in.
func (q asked) unit() int64 {
	if q.item < 0 && q.dim >= 0 {
		return parts
	}
	return 1
}

// quantities lists what a survey asks.
func quantities(in *instrument.Instrument) []asked {
	all := []asked{{-1, -1}}
	item := 0
	for d, dim := range in.Dimensions {
		all = append(all, asked{d, -1})
		for range dim.Items {
			all = append(all, asked{d, item})
			item++
		}
	}
	for range in.Outcomes {
		all = append(all, asked{-1, item})
		item++
	}
	return all
}

// value is what a person adds to a quantity, in its unit.
func (q asked) value(in *instrument.Instrument, p villager) (int64, bool) {
	switch {
	case q.dim < 0 && q.item < 0:
		return 0, true
	case q.dim < 0:
		return int64(p.answers[q.item]), p.answers[q.item] != noAnswer // no outcome is reversed
	}
	first := 0
	for _, d := range in.Dimensions[:q.dim] {
		first += len(d.Items)
	}
	items := in.Dimensions[q.dim].Items
	if q.item >= 0 {
		x := p.answers[q.item]
		return int64(keyed(items[q.item-first], x)), x != noAnswer
	}
	k, n, sum := len(items), 0, 0
	for i, item := range items {
		if x := p.answers[first+i]; x != noAnswer {
			n, sum = n+1, sum+keyed(item, x)
		}
	}
	need := 1
	switch in.Policy.Missing {
	case instrument.MinHalf:
		need = (k + 1) / 2
	case instrument.CompleteOnly:
		need = k
	}
	if n < need {
		return 0, false
	}
	return int64(sum * parts / n), true
}

// keyed is an answer after reverse keying.
func keyed(item instrument.Item, x int) int {
	if item.Reverse {
		return item.Scale.Min + item.Scale.Max - x
	}
	return x
}
