package score

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/survey"
)

// The values are those of R 4.2.2 with psych 2.2.9; see the file's own notes.
const cases = "../../../shared/cases"

func source(path string, data []byte) Source {
	return Source{Path: path, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
}

func open(t *testing.T, name string) *instrument.Instrument {
	t.Helper()
	in, err := instrument.Open(filepath.Join("../../testdata/instruments", name+".toml"))
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func score(t *testing.T, opt Options, sources ...Source) []*Assessment {
	t.Helper()
	res, err := Run(context.Background(), sources, opt)
	if err != nil {
		t.Fatal(err)
	}
	return res.Assessments
}

type expectedScores struct {
	N      int64
	Mean   float64
	SD     float64
	Lo, Hi float64
}

func TestAgreesWithR(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(cases, "bfi.csv"))
	if err != nil {
		t.Skip("reference data of 2,800 respondents is not here; core/stats has smaller ones of its own")
	}
	raw, err := os.ReadFile(filepath.Join(cases, "bfi.expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Scales map[string]struct {
			Alpha struct{ Pairwise struct{ Raw float64 } }
			Items map[string]struct {
				N        int64
				Mean, SD float64
			} `json:"items_stats"`
			Scores map[string]expectedScores
		}
		Groups map[string]map[string]map[string]expectedScores
	}
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	in := open(t, "bfi")
	a := score(t, Options{Instrument: in, By: [][]string{{"gender"}, {"education"}}}, source("bfi.csv", data))[0]
	figures := 0
	check := func(where string, got *float64, want float64) {
		t.Helper()
		figures++
		if got == nil || math.Abs(*got-want) > 1e-10 {
			t.Errorf("%s: %v, want %.15g", where, got, want)
		}
	}
	compare := func(where string, d record.Dimension, w expectedScores) {
		t.Helper()
		if *d.N != w.N {
			t.Errorf("%s: n is %d, want %d", where, *d.N, w.N)
		}
		check(where+" mean", d.Mean, w.Mean)
		check(where+" sd", d.SD, w.SD)
		check(where+" low", &d.CI.Low, w.Lo)
		check(where+" high", &d.CI.High, w.Hi)
	}
	for i, d := range in.Dimensions {
		w := want.Scales[d.ID]
		for policy, ws := range w.Scores {
			s := NewScorer(in, instrument.MissingPolicy(policy))
			compare(d.ID+" "+policy, s.Dimension(a.Total, i), ws)
			check(d.ID+" alpha", s.Reliability(a.Total, i, false).Alpha.Pairwise.Raw, w.Alpha.Pairwise.Raw)
		}
		s := NewScorer(in, instrument.AvailableMean)
		for k, item := range d.Items {
			got := s.Item(a.Total, s.FirstItem(i)+k)
			wi := w.Items[item.ID]
			if *got.N != wi.N {
				t.Errorf("%s: n is %d, want %d", item.ID, *got.N, wi.N)
			}
			check(item.ID+" mean", got.Mean, wi.Mean)
			check(item.ID+" sd", got.SD, wi.SD)
		}
		for _, g := range a.Groupings {
			for _, group := range g.Groups {
				if ws, ok := want.Groups[g.By[0]][d.ID][group.Key[0]]; ok {
					compare(d.ID+" "+g.By[0]+" "+group.Key[0], s.Dimension(group.Sums, i), ws)
				}
			}
		}
	}
	if figures < 300 {
		t.Errorf("compared only %d figures", figures)
	}
}

// A block of rows in which nobody used the lowest answer shows whether items
// are reversed by the declared range or by what was observed.
func TestReversesByDeclaredRange(t *testing.T) {
	in := &instrument.Instrument{Dimensions: []instrument.Dimension{{ID: "d", Items: []instrument.Item{
		{ID: "a", Text: "a", Reverse: true, Scale: instrument.Scale{Min: 1, Max: 6}},
	}}}}
	a := score(t, Options{Instrument: in}, source("x.csv", []byte("a\n2\n6\n4\n")))[0]
	d := NewScorer(in, instrument.AvailableMean).Dimension(a.Total, 0)
	if want := (5.0 + 1 + 3) / 3; *d.Mean != want {
		t.Errorf("mean %v, want %v", *d.Mean, want)
	}
}

// On a scale around zero min+max is 0, and items are reversed all the same.
func TestReversesAroundZero(t *testing.T) {
	in := &instrument.Instrument{Dimensions: []instrument.Dimension{{ID: "d", Items: []instrument.Item{
		{ID: "a", Text: "a", Reverse: true, Scale: instrument.Scale{Min: -2, Max: 2, Favorable: 1, FavorableSet: true}},
	}}}}
	a := score(t, Options{Instrument: in}, source("x.csv", []byte("a\n-2\n-1\n2\n")))[0]
	s := NewScorer(in, instrument.AvailableMean)
	d, item := s.Dimension(a.Total, 0), s.Item(a.Total, 0)
	if want := 1.0 / 3; *d.Mean != want || *item.Mean != want || d.Favorable.Share != 2.0/3 || item.Favorable.Share != 2.0/3 {
		t.Errorf("mean %v and %v, want %v; favorable %v and %v", *d.Mean, *item.Mean, want, d.Favorable.Share, item.Favorable.Share)
	}
}

func TestNeeded(t *testing.T) {
	for _, test := range []struct {
		policy instrument.MissingPolicy
		k      []int
		want   []int
	}{
		{instrument.AvailableMean, []int{1, 4, 5}, []int{1, 1, 1}},
		{instrument.MinHalf, []int{1, 2, 3, 4, 5, 7}, []int{1, 1, 2, 2, 3, 4}},
		{instrument.Min80Pct, []int{1, 2, 4, 5, 6, 10, 11}, []int{1, 2, 4, 4, 5, 8, 9}},
		{instrument.CompleteOnly, []int{1, 4}, []int{1, 4}},
	} {
		for i, k := range test.k {
			if got := needed(test.policy, k); got != test.want[i] {
				t.Errorf("%s of %d: %d, want %d", test.policy, k, got, test.want[i])
			}
		}
	}
}

const survey3 = "client,wave,department,x1,x2,y1,y2\n" +
	"b,q2,Sales,1,2,3,4\n" + "a,q1,Sales,5,4,3,2\n" + "a,q2,Office,1,,2,9\n" + "a,q1,,1,1,1,1\n" + ",q1,Sales,3,3,3,3\n" + "a,q1,Office,,,,\n"

func small() *instrument.Instrument {
	s := instrument.Scale{Min: 1, Max: 5, Favorable: 4, FavorableSet: true}
	item := func(id string, reverse bool) instrument.Item {
		return instrument.Item{ID: id, Text: id, Scale: s, Reverse: reverse}
	}
	return &instrument.Instrument{ID: "small", Scale: s, Dimensions: []instrument.Dimension{
		{ID: "x", Title: "X", Items: []instrument.Item{item("x1", false), item("x2", true)}},
		{ID: "y", Title: "Y", Items: []instrument.Item{item("y1", false), item("y2", false)}},
	}}
}

func TestSplitsClientsAndWaves(t *testing.T) {
	res, err := Run(context.Background(), []Source{source("dir/s.csv", []byte(survey3))}, Options{Instrument: small(), By: [][]string{{"department"}}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range res.Assessments {
		line := a.Client + "/" + a.Wave
		for _, g := range a.Groupings[0].Groups {
			line += " " + g.Key[0] + ":" + string(rune('0'+g.Sums.N))
		}
		got = append(got, line)
	}
	if want := "a/q1 :1 Sales:1|a/q2 Office:1|b/q2 Sales:1"; strings.Join(got, "|") != want {
		t.Errorf("got %s, want %s", strings.Join(got, "|"), want)
	}
	q1, q2 := res.Assessments[0], res.Assessments[1]
	if q1.NoAnswers != 1 || q1.Rows != 3 || q2.Unusable != 1 || res.Files[0].NoClient != 1 {
		t.Errorf("counts: %+v %+v %+v", q1, q2, res.Files[0])
	}
	if want := (SourceCount{"s.csv", 2}); q1.Sources[0] != want {
		t.Errorf("source %+v, want %+v", q1.Sources[0], want)
	}
}

// TestOrderDoesNotMatter scores rows in several orders and over several files.
func TestOrderDoesNotMatter(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(survey3, "\n"), "\n")
	header, rows := lines[0]+"\n", lines[1:]
	file := func(name string, order ...int) Source {
		text := header
		for _, i := range order {
			text += rows[i] + "\n"
		}
		return source(name, []byte(text))
	}
	opt := Options{Instrument: small(), By: [][]string{{"department"}}}
	want, _ := json.Marshal(score(t, opt, file("s.csv", 0, 1, 2, 3, 4, 5)))
	for _, sources := range [][]Source{
		{file("s.csv", 5, 4, 3, 2, 1, 0)},
		{file("a/s.csv", 4, 2), file("b/s.csv", 0, 5), file("c/s.csv", 3, 1)},
		{file("c/s.csv", 3, 1), file("b/s.csv", 5, 0), file("a/s.csv", 2, 4)},
	} {
		if got, _ := json.Marshal(score(t, opt, sources...)); !bytes.Equal(got, want) {
			t.Errorf("another order gives\n%s\nwant\n%s", got, want)
		}
	}
}

func TestMergeIsAddition(t *testing.T) {
	in := small()
	l := newLayout(in, instrument.AvailableMean, 6)
	rows := [][]int32{{1, 2, 3, 4}, {5, 4, 3, 2}, {1, survey.Missing, 2, 5}}
	whole, left, right := l.newSums(), l.newSums(), l.newSums()
	scratch := l.newRow()
	for i, answers := range rows {
		p := &survey.Respondent{Answers: answers}
		l.keyedAnswers(scratch.keyed, p)
		whole.add(l, p, scratch)
		if i == 0 {
			left.add(l, p, scratch)
		} else {
			right.add(l, p, scratch)
		}
	}
	left.Merge(right)
	a, _ := json.Marshal(whole)
	b, _ := json.Marshal(left)
	if !bytes.Equal(a, b) {
		t.Errorf("parts give\n%s\nthe whole\n%s", b, a)
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	good := []byte("x1,x2,y1,y2\n1,2,3,4\n")
	broken := Source{Path: "c/broken.csv", Open: func() (io.ReadCloser, error) { return nil, os.ErrPermission }}
	opt := Options{Instrument: small()}
	res, err := Run(context.Background(), []Source{source("c/good.csv", good), broken}, opt)
	if err == nil || len(res.Assessments) != 0 {
		t.Errorf("a pooled result without one of its files: %v, %v", res, err)
	}
	opt.ClientFrom = ClientFromStem
	res, err = Run(context.Background(), []Source{source("c/good.csv", good), broken}, opt)
	if err == nil || len(res.Assessments) != 1 || res.Assessments[0].Client != "good" {
		t.Errorf("other clients were not scored: %v, %v", res, err)
	}
	opt.ClientFrom = ClientFromDir
	res, err = Run(context.Background(), []Source{source("c/good.csv", good), source("d/good.csv", good), broken}, opt)
	if err == nil || len(res.Assessments) != 1 || res.Assessments[0].Client != "d" {
		t.Errorf("client c lacks a file: %v, %v", res, err)
	}
	_, err = Run(context.Background(), []Source{source("c/x.csv", good), source("d/x.csv", good)}, Options{Instrument: small(), ClientFrom: ClientFromStem})
	if err == nil {
		t.Error("two files became one client without a word")
	}
}

func TestClientColumnAgainstClient(t *testing.T) {
	text := []byte("client,x1,x2,y1,y2\nacme,1,2,3,4\n,1,2,3,4\nother,1,2,3,4\n")
	opt := Options{Instrument: small(), Client: "acme"}
	_, err := Run(context.Background(), []Source{source("s.csv", text)}, opt)
	if want := `s.csv:4: this row names another client than "acme", which holds for the whole file`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	res := score(t, opt, source("s.csv", text[:bytes.Index(text, []byte("other"))]))
	if len(res) != 1 || res[0].Total.N != 2 {
		t.Errorf("a blank client is not the given one: %+v", res)
	}
}

func TestLookalikes(t *testing.T) {
	text := "team,x1,x2,y1,y2\nSales,1,2,3,4\nsales,1,2,3,4\nBar,1,2,3,4\nSALES,1,2,3,4\n"
	res, err := Run(context.Background(), []Source{source("s.csv", []byte(text))}, Options{Instrument: small(), By: [][]string{{"team"}}})
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := json.Marshal(res.Lookalikes()); string(got) != `[{"Column":"team","Values":["SALES","Sales","sales"]}]` {
		t.Errorf("got %s", got)
	}
}

func TestRefusesColumnsThatTellPeopleApart(t *testing.T) {
	text := "email,team,x1,x2,y1,y2\n"
	for i := range 14 {
		text += fmt.Sprintf("p%d@example.org,%c,1,2,3,4\n", i, 'A'+i%2)
	}
	_, err := Run(context.Background(), []Source{source("s.csv", []byte(text))}, Options{Instrument: small(), By: [][]string{{"team"}, {"team", "email"}}})
	if want := `column "email" can't be a group: most of its 14 values belong to one or two people`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestRefusesNamesThatNoRecordCanHold(t *testing.T) {
	good := []byte("x1,x2,y1,y2\n1,2,3,4\n")
	for _, opt := range []Options{{Client: "a\x1b[31m"}, {Client: "\xff"}, {Wave: "q\n1"}} {
		opt.Instrument = small()
		if _, err := Run(context.Background(), []Source{source("s.csv", good)}, opt); err == nil {
			t.Errorf("client %q and wave %q were taken", opt.Client, opt.Wave)
		}
	}
}

// A form that was filled in without its first columns is no empty result.
func TestBlankThroughout(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"client,wave,x1,x2,y1,y2\n,,1,2,3,4\n,,2,2,3,4\n", "s.csv: the client is blank in the rows, so that none of them counts"},
		{"wave,x1,x2,y1,y2\n,1,2,3,4\n", "s.csv: the wave is blank in the rows, so that none of them counts"},
	} {
		_, err := Run(context.Background(), []Source{source("s.csv", []byte(test.text))}, Options{Instrument: small()})
		if err == nil || err.Error() != test.want {
			t.Errorf("got %v, want %s", err, test.want)
		}
		if got := score(t, Options{Instrument: small(), Client: "acme", Wave: "q1"}, source("s.csv", []byte(test.text))); got[0].Client != "acme" || got[0].Total.N == 0 {
			t.Errorf("with client and wave named: %+v", got[0])
		}
	}
}

func TestCanonical(t *testing.T) {
	in := small()
	in.Attributes = []instrument.Attribute{{ID: "department", Text: "Which department?", Kind: instrument.KindGroup}}
	got := Canonical(in, [][]string{{"Department"}, {"which  department?", "Role"}, {"role", "department"}, {"ROLE"}})
	want := `[["department"],["department","Role"],["Role"]]`
	if text, _ := json.Marshal(got); string(text) != want {
		t.Errorf("got %s, want %s", text, want)
	}
}

func TestStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	text := "x1,x2,y1,y2\n" + strings.Repeat("1,2,3,4\n", 10*progressEvery)
	rows := int64(0)
	opt := Options{Instrument: small(), Progress: func(n int64) { rows = n; cancel() }}
	opt.Reading.Block = 1000 // what has been begun is read to its end
	_, err := Run(ctx, []Source{source("s.csv", []byte(text))}, opt)
	if !errors.Is(err, context.Canceled) || rows != progressEvery {
		t.Errorf("ran on after the context ended: %v after %d rows", err, rows)
	}
	// Another file is not begun.
	if _, err := Run(ctx, []Source{source("s.csv", []byte(text))}, opt); !errors.Is(err, context.Canceled) || rows != progressEvery {
		t.Errorf("began after the context ended: %v after %d rows", err, rows)
	}
}

func BenchmarkRun(b *testing.B) {
	text := []byte("department,x1,x2,y1,y2\n" + strings.Repeat("Sales,1,2,3,4\nOffice,5,,4,2\n", 50000))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := Run(context.Background(), []Source{source("s.csv", text)}, Options{Instrument: small(), By: [][]string{{"department"}}}); err != nil {
			b.Fatal(err)
		}
	}
}
