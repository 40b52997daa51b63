package disclosure

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/score"
)

// What is told of those who answered every item must not tell of the few who
// did not, or of the few in withheld groups who did, where groups say where to
// look for them.
func TestFewIncompletePeopleAreNotGivenAway(t *testing.T) {
	for _, test := range []struct {
		gaps int // people who leave out x1
		by   [][]string
		told bool
	}{
		{0, [][]string{{"department"}}, true},
		{1, [][]string{{"department"}}, false},
		{4, [][]string{{"department"}}, false},
		{5, [][]string{{"department"}}, true},
		{1, nil, true}, // nothing says who it is
	} {
		r := (&rows{}).add("A", 30, func(i int) string {
			if i < test.gaps {
				return "," + strings.SplitN(varied(i), ",", 2)[1]
			}
			return varied(i)
		}).add("B", 30, varied)
		body := publish(t, questionnaire(true), r.String(), Request{}, test.by...)
		x := body.Dimensions[0]
		told := x.Alpha.Complete.Raw != nil && x.Alpha.Complete.N != nil && x.Items[0].ItemRest.Complete != nil
		if told != test.told {
			t.Errorf("%d gaps by %v: told %v", test.gaps, test.by, told)
		}
		if !told && (x.Alpha.Complete.Undefined["raw"] != fewComplete || x.Alpha.Complete.Low != nil || x.Alpha.Pairwise.Raw == nil) {
			t.Errorf("%d gaps: %+v", test.gaps, x.Alpha)
		}
	}
}

// The one who is not among those that drivers are of could be found from their
// correlations and everybody's sums.
func TestDriversDoNotGiveAwayWhoIsMissing(t *testing.T) {
	for gaps, told := range map[int]bool{0: true, 1: false, 4: false, 5: true} {
		r := (&rows{}).add("A", 30, func(i int) string {
			if i < gaps {
				return varied(i)[:6] // without the outcome
			}
			return varied(i)
		}).add("B", 30, varied)
		body := publish(t, questionnaire(true), r.String(), Request{}, []string{"department"})
		if got := body.Drivers[0].N != nil; got != told || !told && body.Drivers[0].Undefined["r_sq"] == "" {
			t.Errorf("%d without the outcome: %+v", gaps, body.Drivers[0])
		}
	}
}

// facing has an ideal with its practice, and a service and a care item.
func facing() *instrument.Instrument {
	scale := instrument.Scale{Min: 1, Max: 5}
	return &instrument.Instrument{ID: "facing", Policy: instrument.Policy{Missing: instrument.MinHalf, MinGroup: 5}, Dimensions: []instrument.Dimension{
		{ID: "d", Title: "D", Items: []instrument.Item{
			{ID: "ideal", Text: "ideal", Scale: scale, Aspect: "ideal", Pair: "practice", Facet: "service"},
			{ID: "practice", Text: "practice", Scale: scale, Aspect: "practice", Pair: "ideal", Facet: "care"},
		}},
	}}
}

func TestPairsDoNotGiveAwayWhoHasOneOnly(t *testing.T) {
	for gaps, told := range map[int]bool{0: true, 1: false, 5: true} {
		var b strings.Builder
		b.WriteString("department,ideal,practice\n")
		for i := range 60 {
			practice := fmt.Sprint(1 + i%4)
			if i < gaps {
				practice = ""
			}
			fmt.Fprintf(&b, "%c,%d,%s\n", "AB"[i/30], 2+i%3, practice)
		}
		body := publish(t, facing(), b.String(), Request{}, []string{"department"})
		if all := len(body.IdealPractice) == 3 && len(body.ServiceCare) == 3; all != told {
			t.Errorf("%d without the practice: %d ideals, %d facets", gaps, len(body.IdealPractice), len(body.ServiceCare))
		}
	}
}

func TestFacetsOfOneMindAreWithheld(t *testing.T) {
	text := "department,ideal,practice\n" + strings.Repeat("A,5,3\n", 7) + strings.Repeat("B,1,2\nB,2,4\nB,4,5\nB,5,1\n", 10)
	for _, x := range publish(t, facing(), text, Request{}, []string{"department"}).ServiceCare {
		if len(x.Key) > 0 && x.Key[0] == "A" {
			t.Errorf("seven people of one mind: %+v", x)
		}
	}
}

// matchedWaves is two waves of 30 people each, of whom all but some answer in both;
// so many new ones come, the first ones all into a department of their own.
func matchedWaves(leave, come, apart int) string {
	var b strings.Builder
	b.WriteString("person,wave,department,x1,x2,y1,o\n")
	for i := range 30 {
		fmt.Fprintf(&b, "p%d,1,%c,%s\n", i, "AB"[i%2], varied(i))
		if i >= leave {
			fmt.Fprintf(&b, "p%d,2,%c,%s\n", i, "AB"[i%2], varied(i+3))
		}
	}
	for i := range come {
		department := "A"
		if i < apart {
			department = "New"
		}
		fmt.Fprintf(&b, "n%d,2,%s,%s\n", i, department, varied(i))
	}
	return b.String()
}

// A change of the people matched is told only where those who answered once
// can't be told from it, nor what is left of them without a department that is
// all new.
func TestPairedChangesDoNotGiveAwayWhoAnsweredOnce(t *testing.T) {
	for _, test := range []struct {
		leave, come, apart int
		paired             bool
	}{
		{0, 0, 0, true}, {5, 5, 0, true}, {1, 0, 0, false}, {0, 4, 0, false},
		{0, 6, 5, false}, {0, 12, 5, true}, {0, 5, 5, true},
	} {
		in := questionnaire(true)
		in.Attributes = []instrument.Attribute{{ID: "person", Text: "person", Kind: instrument.KindRespondent}}
		text := matchedWaves(test.leave, test.come, test.apart)
		src := score.Source{Path: "s.csv", Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
		res, err := score.Run(context.Background(), []score.Source{src}, score.Options{Instrument: in, By: [][]string{{"department"}}, Match: true})
		if err != nil {
			t.Fatal(err)
		}
		req := Request{Instrument: in, Missing: in.Policy.Missing, MinGroup: 5, Tool: record.Tool{Name: "firstcall", Version: "test"}}
		first, err := Publish(context.Background(), res.Assessments[0], req)
		if err != nil {
			t.Fatal(err)
		}
		before := first.Assessment.Body()
		req.Previous = &before
		second, err := Publish(context.Background(), res.Assessments[1], req)
		if err != nil {
			t.Fatal(err)
		}
		changes := second.Assessment.Body().Changes
		if len(changes) == 0 || changes[0].Paired != test.paired || changes[0].Paired != (changes[0].N != nil) {
			t.Errorf("%+v: %+v", test, changes[0])
		}
	}
}
