package score

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/stats"
)

// staying is small with ids, and times.
func staying() *instrument.Instrument {
	in := small()
	in.Attributes = []instrument.Attribute{{ID: "person", Text: "person", Kind: instrument.KindRespondent}, {ID: "when", Text: "when", Kind: instrument.KindTime}}
	return in
}

// Scores in x (x2 is reverse-keyed), by hand:
//
//	     q1   q2   q10
//	anna  2    3    5
//	ben   4    4    -
//	cleo  1    -    3
//	dan   -    5    4
//	eve   3    (nothing answered)  2
//	two rows of nobody in each wave
const attrition = `person,wave,x1,x2,y1,y2
anna,q1,2,4,1,1
anna,q10,5,1,1,1
ben,q1,4,2,1,
anna,q2,3,3,,
ben,q2,4,2,5,
cleo,q1,1,5,1,1
cleo,q10,3,3,1,1
dan,q2,5,1,2,3
dan,q10,3,1,2,4
eve,q1,3,3,1,1
eve,q2,,,,
eve,q10,2,4,1,1
,q1,1,1,1,1
 ,q2,5,5,5,5
,q1,2,2,2,2
,q10,4,4,4,4
,q2,3,3,3,3
,q10,1,1,1,1
`

func TestPanelByHand(t *testing.T) {
	in := staying()
	opt := Options{Instrument: in, Missing: instrument.AvailableMean, Match: true}
	all := score(t, opt, source("s.csv", []byte(attrition)))
	var waves []string
	for _, a := range all {
		waves = append(waves, fmt.Sprintf("%s:%d", a.Wave, a.Total.N))
	}
	if got := strings.Join(waves, " "); got != "q1:6 q2:5 q10:6" {
		t.Fatalf("waves %s", got)
	}
	if all[0].Panel != nil || all[1].Panel.Since != "q1" || all[2].Panel.Since != "q2" {
		t.Fatalf("panels %+v, %+v, %+v", all[0].Panel, all[1].Panel, all[2].Panel)
	}
	s := NewScorer(in, instrument.AvailableMean)
	for _, tt := range []struct {
		wave, d       int
		before, after int64
		n             int64
		mean, sd      float64
	}{
		{1, 0, 6, 5, 2, 0.5, math.Sqrt(0.5)},   // anna +1, ben 0
		{2, 0, 5, 6, 2, 0.5, 3 / math.Sqrt(2)}, // anna +2, dan -1
		{2, 1, 4, 6, 1, 0, 0},                  // dan +0.5: one person is no panel
	} {
		p := all[tt.wave].Panel
		d := p.Dimensions[tt.d]
		mean, sd, ok := s.PanelChange(p, tt.d)
		if d.Before != tt.before || d.After != tt.after || d.Differences.N != tt.n || mean != tt.mean || math.Abs(sd-tt.sd) > 1e-15 || ok != (tt.n > 1) {
			t.Errorf("wave %d, dimension %d: %+v, change %v, SD %v, %v; want %+v", tt.wave, tt.d, d, mean, sd, ok, tt)
		}
	}
	// In y, ben went from 1 to 5 and nobody else gave answers in both.
	if d := all[1].Panel.Dimensions[1].Differences; d.N != 1 || d.Sum != stats.Whole(4*scoreUnit) {
		t.Errorf("y in q2: %+v", d)
	}
	// But for the panel, all is as without matching.
	for _, a := range all {
		a.Panel = nil
	}
	opt.Match = false
	if got, want := text(all), text(score(t, opt, source("s.csv", []byte(attrition)))); got != want {
		t.Errorf("matching changes figures: %s", firstDifference(got, want))
	}
}

func TestAnsweredTwice(t *testing.T) {
	const head = "person,wave,when,x1,x2,y1,y2\n"
	opt := Options{Instrument: staying(), Missing: instrument.AvailableMean, Match: true}
	for _, tt := range []struct{ name, rows, want string }{
		{"the later counts", "a,q1,2026-01-02 10:00,1,5,1,1\na,q1,2026-01-02 09:59,5,1,1,1\n", "rows 2 repeated 1 mean 1"},
		{"in any order", "a,q1,2026-01-02 09:59,5,1,1,1\na,q1,2026-01-02 10:00,1,5,1,1\n", "rows 2 repeated 1 mean 1"},
		{"three times", "a,q1,2026-01-02,5,1,1,1\na,q1,2026-01-04,2,4,1,1\na,q1,2026-01-03,1,5,1,1\n", "rows 3 repeated 2 mean 2"},
		{"zones", "a,q1,2026-01-02T10:00:00+02:00,5,1,1,1\na,q1,2026-01-02T09:30:00Z,2,4,1,1\n", "rows 2 repeated 1 mean 2"},
		{"before 1970, long ago and far ahead", "a,q1,1969-12-31,5,1,1,1\na,q1,0001-01-01,4,2,1,1\na,q1,9999-12-31,3,3,1,1\n", "rows 3 repeated 2 mean 3"},
		{"in other waves", "a,q1,2026-01-02,5,1,1,1\na,q2,2026-01-02,2,4,1,1\n", "rows 1 repeated 0 mean 5"},
		{"blanks around the id", "a,q1,2026-01-02,5,1,1,1\n\" a\u00a0\",q1,2026-01-03,2,4,1,1\n", "rows 2 repeated 1 mean 2"},
		{"ids that differ in case", "a,q1,2026-01-02,5,1,1,1\nA,q1,2026-01-03,1,5,1,1\n", "rows 2 repeated 0 mean 3"},
		{"no ids", ",q1,,5,1,1,1\n,q1,,1,5,1,1\n", "rows 2 repeated 0 mean 3"},
		{"the later is empty", "a,q1,2026-01-02,5,1,1,1\na,q1,2026-01-03,,,,\n", "rows 2 repeated 0 no answers 1"},
		{"no times", "secret-id,q1,,5,1,1,1\nsecret-id,q1,,1,5,1,1\n", "s.csv:3: "},
		{"one time", "secret-id,q1,,5,1,1,1\nsecret-id,q1,2026-01-01,1,5,1,1\n", "s.csv:3: "},
		{"one time behind", "secret-id,q1,2026-01-01,5,1,1,1\nsecret-id,q1,,1,5,1,1\n", "s.csv:2: "},
		{"one of three", "secret-id,q1,2026-01-01,5,1,1,1\nsecret-id,q1,2026-01-02,1,5,1,1\nsecret-id,q1,,1,5,1,1\n", "s.csv:2: "},
		{"the same time", "x,q1,,1,1,1,1\nsecret-id,q1,2026-01-01,5,1,1,1\nsecret-id,q1,2026-01-01,1,5,1,1\n", "s.csv:4: "},
		{"a day that may be a month", "secret-id,q1,01/02/2026,5,1,1,1\nsecret-id,q1,02/01/2026,1,5,1,1\n", "s.csv:3: "},
		{"the first of several", "b,q1,,5,1,1,1\nsecret-id,q1,,5,1,1,1\nsecret-id,q1,,1,5,1,1\nb,q1,,5,1,1,1\n", "s.csv:4: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res, err := Run(context.Background(), []Source{source("dir/s.csv", []byte(head+tt.rows))}, opt)
			if strings.HasPrefix(tt.want, "s.csv") {
				var p problem.Problem
				if !errors.As(err, &p) || !strings.HasPrefix(err.Error(), "dir/"+tt.want+"the same person answered before in this wave") || p.Hint == "" || strings.Contains(err.Error()+p.Hint, "secret") {
					t.Fatalf("got %v, want %s", err, tt.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			a := res.Assessments[0]
			got := fmt.Sprintf("rows %d repeated %d ", a.Rows, a.Repeated)
			if a.NoAnswers > 0 {
				got += fmt.Sprintf("no answers %d", a.NoAnswers)
			} else {
				got += fmt.Sprintf("mean %g", *NewScorer(opt.Instrument, opt.Missing).Dimension(a.Total, 0).Mean)
			}
			if got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// The fault told is the first in the order of the files, whatever the secret.
func TestAnsweredTwiceInSeveralFiles(t *testing.T) {
	const head = "person,x1,x2,y1,y2\n"
	files := []Source{
		source("a.csv", []byte(head+"p,1,2,3,4\nq,1,2,3,4\nr,1,2,3,4\n")), source("b.csv", []byte(head+"z,1,1,1,1\nq,1,2,3,4\n")), source("c.csv", []byte(head+"p,1,2,3,4\nr,1,1,1,1\n")),
	}
	for range 20 {
		_, err := Run(context.Background(), files, Options{Instrument: staying(), Match: true})
		if err == nil || !strings.HasPrefix(err.Error(), "b.csv:3: ") {
			t.Fatalf("got %v", err)
		}
	}
}

// Who is called alike at two clients is two people.
func TestIDsOfTwoClients(t *testing.T) {
	rows := "client,person,wave,x1,x2,y1,y2\nacme,1,q1,1,5,1,1\nbell,1,q1,5,1,1,1\nacme,1,q2,2,4,1,1\nbell,2,q2,1,5,1,1\n"
	opt := Options{Instrument: staying(), Match: true}
	all := score(t, opt, source("s.csv", []byte(rows)))
	var got []string
	for _, a := range all {
		if a.Panel != nil {
			got = append(got, fmt.Sprintf("%s/%s %d", a.Client, a.Wave, a.Panel.Dimensions[0].Differences.N))
		}
	}
	if want := "acme/q2 1|bell/q2 0"; strings.Join(got, "|") != want {
		t.Errorf("got %s, want %s", strings.Join(got, "|"), want)
	}
	opt.ClientFrom = ClientFromStem
	all = score(t, opt, source("acme.csv", []byte("person,wave,x1,x2,y1,y2\n1,q1,1,5,1,1\n")), source("bell.csv", []byte("person,wave,x1,x2,y1,y2\n1,q1,5,1,1,1\n1,q2,5,1,1,1\n")))
	if len(all) != 3 || all[0].Total.N != 1 || all[2].Panel.Dimensions[0].Differences.N != 1 {
		t.Errorf("got %s", text(all))
	}
}

// matched is Run with people matched, of which so many rows stay in memory.
func matched(t *testing.T, opt Options, budget int, sources []Source) ([]*Assessment, *sorter) {
	t.Helper()
	opt.Match, opt.Workers = true, 1
	opt.By = Canonical(opt.Instrument, opt.By)
	opt = opt.withDefaults()
	r := newRun(opt)
	var err error
	if r.roster, err = newRoster(r.layout); err != nil {
		t.Fatal(err)
	}
	defer r.roster.sorter.close()
	r.roster.sorter.budget = budget
	for _, src := range sources {
		if _, err := r.file(context.Background(), src, opt.client(src)); err != nil {
			t.Fatal(err)
		}
	}
	panels, _, err := r.roster.settle(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	all := r.collect().assessments(r.layout, opt.By, r.columns, nil)
	addPanels(r, all, panels)
	return all, r.roster.sorter
}

// TestMatchesPeople matches the people of random surveys, with rows on disk and
// without, and compares with a loop over people.
func TestMatchesPeople(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	for seed := range uint64(4) {
		m := newMatching(seed)
		want := m.naive()
		for _, budget := range []int{1, 7, 64, 1 << 20} {
			files := m.files(1 + m.IntN(4))
			all, sorter := matched(t, Options{Instrument: m.in, Missing: m.policy, By: [][]string{{"team"}}}, budget, files)
			if spilled := sorter.file != nil; spilled != (budget < 1000) {
				t.Errorf("seed %d, %d rows in memory: on disk %v", seed, budget, spilled)
			}
			if got := m.summary(all); got != want {
				t.Fatalf("seed %d, %d rows in memory: %s", seed, budget, firstDifference(got, want))
			}
			left, err := os.ReadDir(dir)
			if err != nil || len(left) != 0 {
				t.Fatalf("left on disk: %v, %v", left, err)
			}
		}
		if got := m.summary(score(t, Options{Instrument: m.in, Missing: m.policy, By: [][]string{{"team"}}, Match: true, Workers: 4}, m.files(2)...)); got != want {
			t.Fatalf("seed %d, by Run: %s", seed, firstDifference(got, want))
		}
	}
}

// matching is a survey in waves at random.
type matching struct {
	*rand.Rand
	in     *instrument.Instrument
	policy instrument.MissingPolicy
	rows   []stay
}

type stay struct {
	id, wave string
	team     string
	when     time.Time
	answers  [4]int // 0 for none
	hours    float64
}

func newMatching(seed uint64) *matching {
	m := &matching{Rand: rand.New(rand.NewPCG(seed, 11)), in: staying(), policy: instrument.MinHalf}
	m.in.Dimensions = append(m.in.Dimensions, instrument.Dimension{ID: "h", Title: "H", Items: []instrument.Item{{ID: "hours", Text: "hours", Continuous: true, Scale: instrument.Scale{Min: 0, Max: 100}}}})
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for who := range 150 {
		for _, wave := range []string{"w1", "w2", "w10"} {
			for range pick(m.Rand, 0, 1, 1, 1, 1, 2, 3) {
				s := stay{id: fmt.Sprintf("person-%d@example.org", who), wave: wave, team: pick(m.Rand, "x", "x", "y"), when: start.Add(time.Duration(len(m.rows)*7919%9973) * time.Minute)}
				if who%10 == 9 {
					s.id = ""
				}
				for i := range s.answers {
					s.answers[i] = m.IntN(6)
				}
				s.hours = float64(m.IntN(4000)) / 40
				m.rows = append(m.rows, s)
			}
		}
	}
	return m
}

// files writes the rows down in any order.
func (m *matching) files(n int) []Source {
	texts := make([]strings.Builder, n)
	for i := range texts {
		texts[i].WriteString("team,person,x1,x2,y1,y2,hours,wave,when\n")
	}
	for _, at := range m.Perm(len(m.rows)) {
		r := m.rows[at]
		b := &texts[m.IntN(n)]
		fmt.Fprintf(b, "%s,%s", r.team, r.id)
		for _, x := range r.answers {
			if b.WriteByte(','); x > 0 {
				fmt.Fprint(b, x)
			}
		}
		fmt.Fprintf(b, ",%g,%s,%s\n", r.hours, r.wave, r.when.Format(time.DateTime))
	}
	var out []Source
	for i := range texts {
		out = append(out, source(fmt.Sprintf("%d/s.csv", i), []byte(texts[i].String())))
	}
	return out
}

// scores are in x, y and h, NaN where there is none.
func (s stay) scores() [3]float64 {
	var out [3]float64
	for d := range 2 {
		a, b := s.answers[2*d], s.answers[2*d+1]
		if d == 0 && b > 0 {
			b = 6 - b
		}
		n := min(a, 1) + min(b, 1)
		out[d] = float64(a+b) / float64(n)
	}
	out[2] = s.hours
	return out
}

// naive says what should come of it.
func (m *matching) naive() string {
	waves := []string{"w1", "w2", "w10"}
	last := map[string]map[string]stay{}
	rows, repeated := map[string]int{}, map[string]int{}
	people := map[string][]stay{}
	for _, r := range m.rows {
		rows[r.wave]++
		if r.id == "" {
			people[r.wave] = append(people[r.wave], r)
			continue
		}
		if last[r.wave] == nil {
			last[r.wave] = map[string]stay{}
		}
		before, twice := last[r.wave][r.id]
		if twice {
			repeated[r.wave]++
		}
		if !twice || r.when.After(before.when) {
			last[r.wave][r.id] = r
		}
	}
	var out strings.Builder
	for i, wave := range waves {
		for _, r := range last[wave] {
			people[wave] = append(people[wave], r)
		}
		fmt.Fprintf(&out, "%s: rows %d, repeated %d, people %d\n", wave, rows[wave], repeated[wave], len(people[wave]))
		if i == 0 {
			continue
		}
		for d := range 3 {
			var differences []float64
			for id, now := range last[wave] {
				if before, ok := last[waves[i-1]][id]; ok {
					if x := now.scores()[d] - before.scores()[d]; !math.IsNaN(x) {
						differences = append(differences, x)
					}
				}
			}
			scored := func(wave string) (n int) {
				for _, r := range people[wave] {
					if !math.IsNaN(r.scores()[d]) {
						n++
					}
				}
				return n
			}
			slices.Sort(differences)
			mean, sd := floatMeanSD(differences)
			fmt.Fprintf(&out, "  %d: %d of %d and %d, change %.9f, SD %.9f\n", d, len(differences), scored(waves[i-1]), scored(wave), mean, sd)
		}
	}
	return out.String()
}

func floatMeanSD(values []float64) (mean, sd float64) {
	for _, x := range values {
		mean += x / float64(len(values))
	}
	for _, x := range values {
		sd += (x - mean) * (x - mean) / float64(len(values)-1)
	}
	return mean, math.Sqrt(sd)
}

func (m *matching) summary(all []*Assessment) string {
	s := NewScorer(m.in, m.policy)
	var out strings.Builder
	for _, a := range all {
		fmt.Fprintf(&out, "%s: rows %d, repeated %d, people %d\n", a.Wave, a.Rows, a.Repeated, a.Total.N)
		if a.Panel == nil {
			continue
		}
		for d, p := range a.Panel.Dimensions {
			mean, sd, _ := s.PanelChange(a.Panel, d)
			fmt.Fprintf(&out, "  %d: %d of %d and %d, change %.9f, SD %.9f\n", d, p.Differences.N, p.Before, p.After, mean, sd)
		}
	}
	return out.String()
}

// Unusable answers are counted alike, matched or not.
func TestUnusableOfMatchedPeople(t *testing.T) {
	in := &instrument.Instrument{ID: "long", Dimensions: []instrument.Dimension{{ID: "d"}},
		Attributes: []instrument.Attribute{{ID: "person", Text: "person", Kind: instrument.KindRespondent}}}
	head, row := "person", "a"
	for i := range 300 {
		id := fmt.Sprintf("q%d", i)
		in.Dimensions[0].Items = append(in.Dimensions[0].Items, instrument.Item{ID: id, Text: id, Scale: instrument.Scale{Min: 1, Max: 5}})
		head += "," + id
		if i < 299 {
			row += ",9"
		} else {
			row += ",3"
		}
	}
	for _, match := range []bool{false, true} {
		a := score(t, Options{Instrument: in, Match: match}, source("s.csv", []byte(head+"\n"+row+"\n")))[0]
		if out, _ := json.Marshal(a.Tally); a.Unusable != 299 {
			t.Errorf("matched %v: %s", match, out)
		}
	}
}

// A row without answers, such as an opened and abandoned form leaves, does not
// replace what the same person answered before.
func TestBlankRowsDoNotReplaceAnswers(t *testing.T) {
	in := small()
	in.Attributes = []instrument.Attribute{{ID: "person", Text: "person", Kind: instrument.KindRespondent}, {ID: "when", Text: "when", Kind: instrument.KindTime}}
	text := "person,when,x1,x2,y1,y2\np,2026-01-01,1,2,3,4\np,2026-01-02,,,,\nq,2026-01-01,5,4,3,2\n"
	a := score(t, Options{Instrument: in, Match: true}, source("s.csv", []byte(text)))[0]
	if a.Total.N != 2 || a.NoAnswers != 1 || a.Repeated != 0 || a.Rows != 3 {
		t.Errorf("%d respondents of %+v", a.Total.N, a.Tally)
	}
}
