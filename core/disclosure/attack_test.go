package disclosure_test

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/disclosure"
	"github.com/firstcall-cli/firstcall/core/record"
)

var (
	attackSeed  = flag.Int64("attack.seed", -1, "attack the survey of this seed only, and tell of each success")
	attackMany  = flag.Uint64("attack.surveys", 320, "how many surveys to attack")
	attackFirst = flag.Uint64("attack.first", 0, "the seed of the first of them")
)

// attackAll makes all attacks on a survey. wrong is where the attacker was
// mistaken. With tables, only the attacks that add up and subtract are made.
func attackAll(v *villageSurvey, bodies []record.AssessmentBody, tables bool) (found []finding, wrong []string) {
	var all []*attacker
	for w, body := range bodies {
		a := newAttacker(v, w, body)
		all = append(all, a)
		if body.Withheld {
			continue
		}
		for _, q := range quantities(v.instrument) {
			if a.linear(q); tables || q == (asked{-1, -1}) {
				continue
			}
			a.bounding(q)
			if q.dim >= 0 && q.item < 0 {
				a.incomplete(q.dim)
			}
		}
		if !tables {
			a.readings()
		}
	}
	if len(all) == 2 && !bodies[0].Withheld && !bodies[1].Withheld && !tables {
		all[1].panel(all[0])
	}
	for _, a := range all {
		found, wrong = append(found, a.found...), append(wrong, a.wrong...)
	}
	return found, wrong
}

// hasSmall reports whether a survey has a group of fewer people than the minimum.
func (v *villageSurvey) hasSmall() bool {
	for _, by := range v.by {
		for _, people := range v.waves {
			n := map[string]int{}
			for _, p := range people {
				n[strings.Join(keyOf(p.groups, by), "|")]++
			}
			for _, x := range n {
				if x < v.minGroup {
					return true
				}
			}
		}
	}
	return false
}

// assault attacks surveys, and counts the successes of each attack.
type assault struct {
	surveys, small, broken int // broken are those with a success among the small
	byAttack               map[string][]uint64
}

func (s *assault) run(t *testing.T, v *villageSurvey, bodies []record.AssessmentBody, tables bool) []finding {
	t.Helper()
	found, wrong := attackAll(v, bodies, tables)
	for _, w := range wrong {
		t.Errorf("seed %d, %s: the attacker is mistaken: %s", v.seed, v.kind, w)
	}
	s.surveys++
	if v.hasSmall() {
		s.small++
	}
	if s.byAttack == nil {
		s.byAttack = map[string][]uint64{}
	}
	for _, f := range found {
		if seeds := s.byAttack[f.attack]; len(seeds) == 0 || seeds[len(seeds)-1] != v.seed {
			s.byAttack[f.attack] = append(seeds, v.seed)
		}
	}
	if v.hasSmall() && slices.ContainsFunc(found, func(f finding) bool { return !tables || f.attack[0] <= '2' }) {
		s.broken++
	}
	return found
}

func (s *assault) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d surveys, %d with a small group, of which %d were broken", s.surveys, s.small, s.broken)
	for _, attack := range slices.Sorted(maps.Keys(s.byAttack)) {
		seeds := s.byAttack[attack]
		fmt.Fprintf(&b, "\n  %-30s %4d surveys, seeds %v", attack, len(seeds), seeds[:min(12, len(seeds))])
	}
	return b.String()
}

// seeds are those of the surveys to attack.
func seeds() (first, end uint64) {
	if *attackSeed >= 0 {
		return uint64(*attackSeed), uint64(*attackSeed) + 1
	}
	many := *attackMany
	if testing.Short() {
		many = min(many, 60)
	}
	return *attackFirst, *attackFirst + many
}

// tolerated are attacks whose success does not fail the test, each with the
// reason why it harms nobody.
var tolerated = map[string]string{
	"3 bounding, of a cover":         "it has enough people to be published, and is withheld for others only",
	"3 bounding, of many people":     "so have these",
	"3 bounding, by everybody alone": "of a set of few people no less is known from everybody's figures without any group",
}

// Whatever is published of a survey, nobody can work out what few people
// answered.
func TestAttack(t *testing.T) {
	var all assault
	first, end := seeds()
	for seed := first; seed < end; seed++ {
		v := newVillage(seed)
		found := all.run(t, v, v.published(t, disclosure.Publish), false)
		found = slices.DeleteFunc(found, func(f finding) bool { return tolerated[f.attack] != "" })
		if *attackSeed < 0 {
			found = found[:min(3, len(found))]
		}
		for _, f := range found {
			t.Errorf("seed %d, %s, minimum %d: %s of %s in %s: %s", seed, v.kind, v.minGroup, f.attack, f.quantity, f.where, f.what)
		}
	}
	t.Log(all.String())
}

// The attacker is worth something: by adding and subtracting alone it breaks most
// surveys in which only small groups are withheld, and nothing to cover them.
func TestAttackBreaksPrimaryOnly(t *testing.T) {
	var all assault
	first, end := seeds()
	for seed := first; seed < min(end, first+120); seed++ {
		v := newVillage(seed)
		all.run(t, v, v.published(t, disclosure.PublishPrimaryOnly), true)
	}
	if t.Log(all.String()); 2*all.broken < all.small {
		t.Errorf("broke %d of %d surveys with a small group", all.broken, all.small)
	}
}

// The attacker sees what is hidden in readings, when there is something: each
// tampering makes one say what the published groups do not.
func TestAttackSeesTampering(t *testing.T) {
	tamperings := map[string]func(b *record.AssessmentBody) bool{
		"1 people with a mean of 2": addToAgreement,
		"gap":                       func(b *record.AssessmentBody) bool { return change(b.Gaps, func(x *record.Gap) { x.NRest++ }) },
		"ranking": func(b *record.AssessmentBody) bool {
			return change(b.Rankings, func(x *record.Ranking) { x.Entries[0].Index++ })
		},
		"disconnect": func(b *record.AssessmentBody) bool {
			return change(b.Disconnects, func(x *record.Disconnect) { x.WorstSide.N++ })
		},
		"leaders": func(b *record.AssessmentBody) bool {
			return change(b.Leaders, func(x *record.Leaders) { x.FrontLine.SD += 0.01 })
		},
		"drivers":              func(b *record.AssessmentBody) bool { return change(b.Drivers, loseOne) },
		"change":               func(b *record.AssessmentBody) bool { return change(b.Changes, moveBefore) },
		"answered once":        func(b *record.AssessmentBody) bool { b.Method.MinGroup = 20; return true },
		"in the other nowhere": func(b *record.AssessmentBody) bool { b.Method.MinGroup = 20; return true },
	}
	for sign, tamper := range tamperings {
		seen := false
		for seed := uint64(0); seed < 400 && !seen; seed++ {
			v := newVillage(seed)
			bodies := v.published(t, disclosure.Publish)
			last := len(bodies) - 1
			if bodies[last].Withheld || !tamper(&bodies[last]) {
				continue
			}
			found, _ := attackAll(v, bodies, false)
			seen = slices.ContainsFunc(found, func(f finding) bool { return strings.Contains(f.where+f.what, sign) })
		}
		if !seen {
			t.Errorf("%s: not seen", sign)
		}
	}
}

// change does something to the first of a list, if there is one.
func change[T any](list []T, do func(*T)) bool {
	if len(list) > 0 {
		do(&list[0])
	}
	return len(list) > 0
}

func loseOne(x *record.Drivers) {
	if x.N != nil {
		*x.N--
	}
}

func moveBefore(x *record.Change) {
	if x.Before != nil {
		x.Before.Mean += 0.1
	}
}

// addToAgreement puts one person with a score of 2 into an agreement, as if their
// group had not been left out of it.
func addToAgreement(b *record.AssessmentBody) bool {
	return change(b.Agreement, func(x *record.Agreement) {
		var groups []sample
		a := attacker{body: *b}
		for _, s := range a.samples(x.By, x.Dimension) {
			groups = append(groups, s)
		}
		v := varianceOf(append(groups, sample{n: 1, mean: 2}))
		x.Groups, x.N, x.ICC1, x.ICC2, x.EtaSq, x.F = x.Groups+1, x.N+1, &v.icc1, &v.icc2, &v.etaSq, nil
	})
}

// tallyOfCells counts what becomes of the cells of one kind of survey.
type tallyOfCells struct{ published, primary, further int }

// How much is left to read is told for each kind of grouping. What is withheld
// for its own sake stays withheld when others are withheld to cover it.
func TestAttackUtility(t *testing.T) {
	count := map[string]*tallyOfCells{}
	first, end := seeds()
	for seed := first; seed < end; seed++ {
		v := newVillage(seed)
		full, primary := v.published(t, disclosure.Publish), v.published(t, disclosure.PublishPrimaryOnly)
		for w := range full {
			now, before := newAttacker(v, w, full[w]), newAttacker(v, w, primary[w])
			for _, q := range quantities(v.instrument) {
				for c := 1; c < len(before.cells); c++ {
					name := fmt.Sprintf("%-22s %s", v.kind, strings.Fields(q.String())[0])
					if count[name] == nil {
						count[name] = &tallyOfCells{}
					}
					_, shown := now.look(c, q)
					_, own := before.read(c, q)
					switch {
					case shown && !own:
						t.Errorf("seed %d: %s in %s is published, and withheld where nothing has to be covered", v.seed, q, before.cells[c].name)
					case shown:
						count[name].published++
					case own:
						count[name].further++
					default:
						count[name].primary++
					}
				}
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(count)) {
		n := count[name]
		all := n.published + n.primary + n.further
		t.Logf("%s: of %5d cells of groups %5d primary, %5d withheld further, %5d published (%2.0f %%, of those that are not primary %2.0f %%)", name, all,
			n.primary, n.further, n.published, 100*float64(n.published)/float64(all), 100*float64(n.published)/float64(max(1, all-n.primary)))
	}
}
