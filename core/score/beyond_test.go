package score

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/survey"
)

// reference holds the figures of testdata/score.tsv, which score.R made.
type reference struct {
	t        *testing.T
	figures  map[string]float64
	compared int
}

func newReference(t *testing.T) *reference {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "score.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := &reference{t: t, figures: map[string]float64{}}
	for s := bufio.NewScanner(f); s.Scan(); {
		name, value, _ := strings.Cut(s.Text(), "\t")
		x, err := strconv.ParseFloat(value, 64)
		if err != nil {
			t.Fatal(err)
		}
		r.figures[name] = x
	}
	return r
}

// check compares a figure with R's, within 10^-10 of it or of 1.
func (r *reference) check(name string, got float64) {
	r.t.Helper()
	want, ok := r.figures[name]
	if !ok {
		r.t.Fatalf("R has no %s", name)
	}
	r.compared++
	if !(math.Abs(got-want) <= 1e-10*max(1, math.Abs(want))) {
		r.t.Errorf("%s: %.17g, want %.17g", name, got, want)
	}
}

func (r *reference) pair(name string, p record.Pair, low, high float64) {
	r.t.Helper()
	r.check(name+".n", float64(p.N))
	r.check(name+".first", low+p.First/100*(high-low))
	r.check(name+".second", low+p.Second/100*(high-low))
	r.check(name+".mean", p.Difference)
	r.check(name+".mean", p.Points/100*(high-low))
	r.check(name+".sd", p.SD)
	r.test(name, p)
}

func (r *reference) test(name string, p record.Pair) {
	r.t.Helper()
	r.check(name+".low", p.CI.Low)
	r.check(name+".high", p.CI.High)
	r.check(name+".t", p.Test.Statistic)
	r.check(name+".df", p.Test.DF)
	r.check(name+".p", p.Test.P)
	r.check(name+".dz", *p.DZ)
}

// ladder is the instrument that score.R has in mind: three levels, of which the
// lowest asks about service and the one above it about care.
func ladder() *instrument.Instrument {
	in := &instrument.Instrument{ID: "ladder", Version: "1", Title: "Ladder", Direction: instrument.HighIsGood,
		Policy: instrument.Policy{Missing: instrument.MinHalf, MinGroup: 3, WeakBelow: 50}}
	for level, d := range []struct {
		id, facet string
		size      int
		scale     instrument.Scale
	}{
		{"a", "service", 4, instrument.Scale{Min: 1, Max: 5}}, {"b", "care", 3, instrument.Scale{Min: 1, Max: 5}}, {"c", "", 3, instrument.Scale{Min: 0, Max: 4}},
	} {
		dim := instrument.Dimension{ID: d.id, Title: d.id, Level: level + 1}
		for i := range d.size {
			id := fmt.Sprintf("%s%d", d.id, i+1)
			dim.Items = append(dim.Items, instrument.Item{ID: id, Text: id, Scale: d.scale, Facet: d.facet, Reverse: id == "a2" || id == "c1"})
		}
		in.Dimensions = append(in.Dimensions, dim)
	}
	b := in.Dimensions[1].Items
	b[0].Aspect, b[0].Pair, b[1].Aspect, b[1].Pair = "ideal", "b2", "practice", "b1"
	return in
}

func testdata(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestAgreesWithRBeyondDimensions compares drivers, links, service and care,
// and ideals and practices with R.
func TestAgreesWithRBeyondDimensions(t *testing.T) {
	r := newReference(t)
	in := ladder()
	in.Outcomes = []instrument.Item{{ID: "o", Text: "o", Scale: instrument.Scale{Min: 0, Max: 10}}}
	for _, policy := range []instrument.MissingPolicy{instrument.MinHalf, instrument.CompleteOnly} {
		a := score(t, Options{Instrument: in, Missing: policy, Workers: 2, Reading: survey.Request{Block: 500}}, source("people.csv", testdata(t, "people.csv")))[0]
		s := NewScorer(in, policy)
		at := string(policy)
		d := s.Drivers(a.Whole, 0, "acme")
		r.check(at+".drivers.n", float64(*d.N))
		r.check(at+".drivers.r_sq", *d.RSq)
		for _, x := range d.Dimensions {
			name := at + ".drivers." + x.Dimension
			r.check(name+".r", *x.R)
			r.check(name+".beta", *x.Beta)
			r.check(name+".weight", *x.Weight)
			r.check(name+".share", *x.Share)
			if !(*x.Low <= *x.Weight && *x.Weight <= *x.High && *x.Low >= 0 && *x.High <= 1) {
				t.Errorf("%s: weight %v is not within %v and %v", name, *x.Weight, *x.Low, *x.High)
			}
		}
		links := s.Links(a.Whole)
		if len(links) != 2 || links[0].Upper != "c" || links[1].Lower != "a" {
			t.Fatalf("links: %+v", links)
		}
		for _, l := range links {
			name := at + ".link." + l.Upper + "." + l.Lower
			r.check(name+".n", float64(*l.N))
			r.check(name+".r", *l.R)
			r.check(name+".low", l.CI.Low)
			r.check(name+".high", l.CI.High)
		}
		both := s.ServiceCare(a.Total)
		r.pair(at+".facets", *both.Pair, 1, 5)
		for d, side := range map[string]record.Side{"a": both.Service, "b": both.Care} {
			r.check(at+".side."+d+".n", float64(side.N))
			r.check(at+".side."+d+".mean", side.Mean)
			r.check(at+".side."+d+".sd", side.SD)
			r.check(at+".side."+d+".mean", 1+side.Percent/100*4)
		}
		r.pair(at+".ideal", s.IdealPractice(a.Total, 0).Pair, 1, 5)
	}
	if r.compared != 2*(2+12+8+12+8+12) {
		t.Errorf("compared %d figures", r.compared)
	}
}

// TestAgreesWithROnWaves compares the changes of those who answered twice.
func TestAgreesWithROnWaves(t *testing.T) {
	r := newReference(t)
	in := ladder()
	in.Attributes = []instrument.Attribute{{ID: "id", Text: "id", Kind: instrument.KindRespondent}, {ID: "wave", Text: "wave", Kind: instrument.KindWave}}
	for _, policy := range []instrument.MissingPolicy{instrument.MinHalf, instrument.CompleteOnly} {
		all := score(t, Options{Instrument: in, Missing: policy, Match: true}, source("waves.csv", testdata(t, "waves.csv")))
		if len(all) != 2 || all[0].Panel != nil || all[1].Panel == nil || all[1].Panel.Since != "q1" {
			t.Fatalf("panels: %+v", all)
		}
		s := NewScorer(in, policy)
		for d, dim := range in.Dimensions {
			p := all[1].Panel.Dimensions[d]
			name := string(policy) + ".waves." + dim.ID
			mean, sd, ok := s.PanelChange(all[1].Panel, d)
			if !ok {
				t.Fatal("no change")
			}
			pair := record.Pair{N: p.Differences.N, Difference: mean, SD: sd}
			Paired(&pair)
			r.check(name+".n", float64(pair.N))
			r.check(name+".mean", mean)
			r.check(name+".sd", sd)
			r.test(name, pair)
			r.check(name+".before", float64(p.Before))
			r.check(name+".after", float64(p.After))
		}
	}
	if r.compared != 2*3*11 {
		t.Errorf("compared %d figures", r.compared)
	}
}

// Amounts of money make large numbers: their sums of squares must not run over.
// The expected figures are by the sums of 1 to n: half of 3,000 people say x and
// half of them say as much less as x is above the middle.
func TestWideScales(t *testing.T) {
	s := instrument.Scale{Min: 0, Max: 1_000_000}
	item := func(id, facet string) instrument.Item {
		return instrument.Item{ID: id, Text: id, Scale: s, Continuous: true, Facet: facet}
	}
	in := &instrument.Instrument{ID: "wide", Version: "1", Title: "Wide", Dimensions: []instrument.Dimension{
		{ID: "a", Title: "A", Level: 2, Items: []instrument.Item{item("a", "service")}}, {ID: "b", Title: "B", Level: 1, Items: []instrument.Item{item("b", "care")}},
	}, Outcomes: []instrument.Item{item("o", "")}}
	in.Attributes = []instrument.Attribute{{ID: "person", Text: "person", Kind: instrument.KindRespondent}}
	var text strings.Builder
	text.WriteString("person,wave,a,b,o\n")
	const n = 3000
	for i := range n {
		x := float64(i) * 1_000_000 / (n - 1)
		fmt.Fprintf(&text, "%d,1,%.6f,%.6f,%.6f\n%d,2,%.6f,0,0\n", i, x, 1_000_000-x, x, i, 1_000_000-x)
	}
	all := score(t, Options{Instrument: in, Missing: instrument.MinHalf, Match: true}, source("s.csv", []byte(text.String())))
	sc := NewScorer(in, instrument.MinHalf)
	near := func(what string, got, want float64) {
		t.Helper()
		if !(math.Abs(got-want) <= 1e-9*max(1, math.Abs(want))) {
			t.Errorf("%s: %.17g, want %.17g", what, got, want)
		}
	}
	d := sc.Drivers(all[0].Whole, 0, "key")
	near("r of a", *d.Dimensions[0].R, 1)
	near("r of b", *d.Dimensions[1].R, -1)
	near("link", *sc.Links(all[0].Whole)[0].R, -1)
	// The SD of 0, 1, ... n-1 is √(n(n+1)/12).
	spread := math.Sqrt(n*(n+1)/12.0) * 1_000_000 / (n - 1)
	both := sc.ServiceCare(all[0].Total)
	near("difference of facets", both.Pair.Difference, 0)
	near("SD of facets", both.Pair.SD, 2*spread)
	mean, sd, ok := sc.PanelChange(all[1].Panel, 0)
	near("change", mean, 0)
	near("SD of changes", sd, 2*spread)
	if !ok {
		t.Error("no change")
	}
}
