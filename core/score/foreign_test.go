package score_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/firstcall-cli/firstcall/core/disclosure"
	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/score"
)

func source(path string, data []byte) score.Source {
	return score.Source{Path: path, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
}

// sumsOfEverything is a partial file in which all that sums can hold stands.
func sumsOfEverything(decimals bool) []byte {
	opt := score.Options{Instrument: score.Everything(decimals), By: [][]string{{"team"}}, LongRun: 3}
	res, err := score.Run(context.Background(), []score.Source{source("s.csv", []byte(score.EverythingAnswered(decimals)))}, opt)
	if err != nil {
		panic(err)
	}
	var b bytes.Buffer
	if err := score.WritePartial(&b, res, opt); err != nil {
		panic(err)
	}
	return b.Bytes()
}

var schema = sync.OnceValue(func() *jsonschema.Schema {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(record.JSONSchema()))
	if err != nil {
		panic(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("urn:firstcall:record:1", doc); err != nil {
		panic(err)
	}
	return c.MustCompile("urn:firstcall:record:1")
})

// digest reads a partial file and publishes all that it holds. It reports
// whether the file was taken.
func digest(t *testing.T, decimals bool, data []byte) (taken bool) {
	t.Helper()
	in := score.Everything(decimals)
	res, opt, err := score.MergePartials([]score.Source{source("x.sums", data)}, score.Options{Instrument: in})
	if err != nil {
		var p problem.Problem
		if !errors.As(err, &p) || p.What == "" || strings.ContainsAny(err.Error(), "\x00\x1b") {
			t.Fatalf("badly worded: %v", err)
		}
		return false
	}
	for _, a := range res.Assessments {
		rec, err := disclosure.Publish(context.Background(), a, disclosure.Request{Instrument: in, Missing: opt.Missing, MinGroup: 3, LongRun: opt.LongRun, Tool: record.Tool{Name: "firstcall", Version: "test"}})
		if leak := (*disclosure.LeakError)(nil); errors.As(err, &leak) {
			return false // sums that contradict each other prove nothing
		}
		if err != nil {
			t.Fatalf("%v of %s", err, data)
		}
		line, err := json.Marshal(rec)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema().Validate(doc); err != nil {
			t.Fatalf("%v\nof %s", err, data)
		}
		figures(t, a, in, opt)
	}
	return true
}

// figures makes all figures of all sums, also of those that would be withheld.
// JSON holds no NaN and no infinity.
func figures(t *testing.T, a *score.Assessment, in *instrument.Instrument, opt score.Options) {
	t.Helper()
	s := score.NewScorer(in, opt.Missing)
	all := []any{s.Links(a.Whole), s.Careless(a.Whole, opt.LongRun)}
	for o := range in.Outcomes {
		all = append(all, s.Drivers(a.Whole, o, "key"))
	}
	for _, sums := range append([]*score.Sums{a.Total}, a.Atoms...) {
		var dims []record.Dimension
		for d := range in.Dimensions {
			dims = append(dims, s.Dimension(sums, d))
			all = append(all, s.Reliability(sums, d, true), s.CompleteItems(sums, d, true), s.Alike(sums, d))
		}
		index, band, why := s.Index(dims)
		all = append(all, dims, index, band, why, s.ServiceCare(sums), s.FacetPeople(sums))
		for i := range in.Items() {
			all = append(all, s.Item(sums, i), s.ItemAlike(sums, i))
		}
		for i := range s.Pairs() {
			all = append(all, s.IdealPractice(sums, i))
		}
	}
	if _, err := json.Marshal(all); err != nil {
		t.Fatal(err)
	}
}

// decimals is the instrument of testdata/decimals.csv.
func decimals() *instrument.Instrument {
	in := &instrument.Instrument{ID: "decimals", Version: "1", Title: "Decimals", Direction: instrument.HighIsGood,
		Policy: instrument.Policy{Missing: instrument.MinHalf, MinGroup: 5, WeakBelow: 50}}
	for _, d := range []struct {
		id         string
		size, high int
	}{{"d", 4, 10}, {"w", 3, 100_000}} {
		dim := instrument.Dimension{ID: d.id, Title: d.id}
		for i := range d.size {
			id := fmt.Sprintf("%s%d", d.id, i+1)
			dim.Items = append(dim.Items, instrument.Item{ID: id, Text: id, Continuous: true, Reverse: id == "d2", Scale: instrument.Scale{Min: 0, Max: d.high}})
		}
		in.Dimensions = append(in.Dimensions, dim)
	}
	return in
}

// TestAgreesWithROnDecimals compares figures of answers in decimals, written in
// several ways, with those that R has of them.
func TestAgreesWithROnDecimals(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "decimals.csv"))
	if err != nil {
		t.Fatal(err)
	}
	in := decimals()
	opt := score.Options{Instrument: in, By: [][]string{{"team"}}, Missing: instrument.MinHalf, Workers: 3}
	opt.Reading.Block = 300
	res, err := score.Run(context.Background(), []score.Source{source("decimals.csv", data)}, opt)
	if err != nil {
		t.Fatal(err)
	}
	if bad := res.Files[0].Bad; bad.Total != 0 {
		t.Fatalf("not understood: %+v", bad)
	}
	rec, err := disclosure.Publish(context.Background(), res.Assessments[0], disclosure.Request{Instrument: in, Missing: opt.Missing, MinGroup: 5, Tool: record.Tool{Name: "firstcall", Version: "test"}})
	if err != nil {
		t.Fatal(err)
	}
	r := score.NewReference(t)
	body := rec.Assessment.Body()
	untold := 0
	check := func(what string, g record.GroupFigure) {
		if g.Value == nil && g.Undefined != "" { // one to four people of the group left something out
			untold++
			return
		}
		r.Check(what+g.Key[0], *g.Value)
	}
	for _, d := range body.Dimensions {
		r.Check(d.ID+".n", float64(*d.N))
		r.Check(d.ID+".mean", *d.Mean)
		r.Check(d.ID+".sd", *d.SD)
		r.Check(d.ID+".low", d.CI.Low)
		r.Check(d.ID+".high", d.CI.High)
		r.Check(d.ID+".omega", *d.Omega)
		for treatment, a := range map[string]*record.Alpha{"pairwise": d.Alpha.Pairwise, "complete": d.Alpha.Complete} {
			at := d.ID + "." + treatment
			r.Check(at+".n", float64(*a.N))
			r.Check(at+".raw", *a.Raw)
			r.Check(at+".standardized", *a.Standardized)
			r.Check(at+".low", *a.Low)
			r.Check(at+".high", *a.High)
		}
		for i, it := range d.Items {
			at := fmt.Sprintf("%s.%d", d.ID, i+1)
			r.Check(at+".n", float64(*it.N))
			r.Check(at+".mean", *it.Mean)
			r.Check(at+".sd", *it.SD)
			r.Check(fmt.Sprintf("%s.pairwise.rest.%d", d.ID, i+1), *it.ItemRest.Pairwise)
			r.Check(fmt.Sprintf("%s.complete.rest.%d", d.ID, i+1), *it.ItemRest.Complete)
			r.Check(fmt.Sprintf("%s.pairwise.dropped.%d", d.ID, i+1), *it.AlphaIfDropped.Pairwise)
			r.Check(fmt.Sprintf("%s.complete.dropped.%d", d.ID, i+1), *it.AlphaIfDropped.Complete)
			if it.Histogram != nil {
				t.Errorf("%s has a histogram", at)
			}
		}
	}
	for _, a := range body.Agreement {
		r.Check(a.Dimension+".icc1", *a.ICC1)
		r.Check(a.Dimension+".icc2", *a.ICC2)
		r.Check(a.Dimension+".f", a.F.Statistic)
		r.Check(a.Dimension+".f.p", a.F.P)
		for _, g := range a.RWGJ {
			check(a.Dimension+".rwgj.", g)
		}
		for _, g := range a.AWG {
			check(a.Dimension+".awg.", g)
		}
	}
	if want := 2*(6+10+4+10) + 7*7; r.Compared()+untold != want || untold > 12 {
		t.Errorf("compared %d figures, %d are not told, want %d", r.Compared(), untold, want)
	}
}

var number = regexp.MustCompile(`-?[0-9]+`)

// TestNumbersChanged changes every number of a partial file. Either that is
// noticed, or what is published is a valid record all the same.
func TestNumbersChanged(t *testing.T) {
	taken, refused := 0, 0
	for _, decimals := range []bool{false, true} {
		good := sumsOfEverything(decimals)
		if !digest(t, decimals, good) {
			t.Fatal("the file itself is refused")
		}
		end := bytes.LastIndexByte(good[:len(good)-1], '\n')
		places := number.FindAllIndex(good[:end], -1)
		if len(places) < 300 {
			t.Fatalf("only %d numbers", len(places))
		}
		step := 7
		if testing.Short() {
			step = 50
		}
		for i := 0; i < len(places); i += step {
			at := places[i]
			old, _ := new(big.Int).SetString(string(good[at[0]:at[1]]), 10)
			for _, other := range []*big.Int{
				new(big.Int).Add(old, big.NewInt(1)), new(big.Int).Sub(old, big.NewInt(1)), new(big.Int).Neg(old), new(big.Int).Lsh(old, 1), big.NewInt(0),
				new(big.Int).Lsh(big.NewInt(1), 62), new(big.Int).Lsh(big.NewInt(-1), 126),
			} {
				changed := append(append(append([]byte{}, good[:at[0]]...), other.String()...), good[at[1]:]...)
				switch {
				case other.Cmp(old) == 0:
				case digest(t, decimals, changed):
					taken++
				default:
					refused++
				}
			}
		}
	}
	t.Logf("%d changes were noticed, %d were not", refused, taken)
	if taken > refused/5 {
		t.Errorf("only %d of %d changes were noticed", refused, refused+taken)
	}
}

// FuzzPartial reads whatever bytes there are as a file of sums.
func FuzzPartial(f *testing.F) {
	for _, decimals := range []bool{false, true} {
		good := sumsOfEverything(decimals)
		head, _, _ := bytes.Cut(good, []byte("\n"))
		for _, text := range []string{
			string(good), string(good[:len(good)/2]), string(head) + "\n{\"lines\":1}\n",
			string(head) + "\n{\"client\":\"\",\"tally\":{\"rows\":0},\"whole\":{\"drivers\":[]}}\n{\"lines\":2}\n",
			`{"schema":"firstcall-sums/1","instrument":"all"}` + "\n" + `{"lines":1}` + "\n",
		} {
			f.Add(decimals, []byte(text))
		}
	}
	f.Fuzz(func(t *testing.T, decimals bool, data []byte) { digest(t, decimals, data) })
}

// FuzzSums changes a few numbers of a file at once.
func FuzzSums(f *testing.F) {
	f.Add(true, uint16(10), int64(1), uint16(20), int64(-1), uint16(30), int64(5))
	f.Add(false, uint16(100), int64(1)<<40, uint16(101), int64(1)<<40, uint16(102), int64(1)<<40)
	f.Add(true, uint16(8), int64(95), uint16(8), int64(95), uint16(8), int64(95)) // more unusable answers than missing ones
	f.Fuzz(func(t *testing.T, decimals bool, a uint16, x int64, b uint16, y int64, c uint16, z int64) {
		good := sumsOfEverything(decimals)
		places := number.FindAllIndex(good, -1)
		changes := map[int]int64{int(a) % len(places): x, int(b) % len(places): y, int(c) % len(places): z}
		var out []byte
		from := 0
		for i, at := range places {
			by, ok := changes[i]
			if !ok {
				continue
			}
			old, _ := new(big.Int).SetString(string(good[at[0]:at[1]]), 10)
			out = append(append(out, good[from:at[0]]...), old.Add(old, big.NewInt(by)).String()...)
			from = at[1]
		}
		digest(t, decimals, append(out, good[from:]...))
	})
}
