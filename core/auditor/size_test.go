package auditor

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/core/record"
)

// wide is a record of many groups and of eight dimensions, with a gap and a
// change since 2025 for each, as a large survey has it. Of single items it may
// tell or not.
type wide struct {
	groups int
	items  bool
	hidden int // groups withheld
}

const wideDimensions, wideItems = 8, 5

func (w wide) instrument() record.Instrument {
	in := pollInstrument()
	in.Dimensions, in.Outcomes = nil, nil
	for d := range wideDimensions {
		text := record.DimensionText{ID: fmt.Sprint("d", d)}
		for i := range wideItems {
			text.Items = append(text.Items, record.ItemText{ID: fmt.Sprint("d", d, "i", i)})
		}
		in.Dimensions = append(in.Dimensions, text)
	}
	return in
}

// cell is the figures of a set of people, from the answers by dimension and step
// that all their items have alike.
func (w wide) cell(answers [][]int64) record.Group {
	n := countAnswers(answers[0])
	g := record.Group{N: &n}
	for d, text := range w.instrument().Dimensions {
		var xs []float64
		for step, count := range answers[d] {
			xs = append(xs, slices.Repeat([]float64{float64(step + 1)}, int(count))...)
		}
		of := record.Dimension{ID: text.ID}
		of.N, of.Mean, of.SD = momentsOf(xs)
		for _, t := range text.Items {
			if w.items {
				of.Items = append(of.Items, record.Item{ID: t.ID, N: of.N, Mean: of.Mean, SD: of.SD, Histogram: answers[d]})
			}
		}
		g.Dimensions = append(g.Dimensions, of)
	}
	return g
}

func (w wide) body(wave string) record.AssessmentBody {
	r := rand.New(rand.NewPCG(uint64(len(wave)), 3))
	b := record.AssessmentBody{Instrument: w.instrument(), Wave: wave,
		Method: record.Method{Missing: "available_mean", MinGroup: 5, Confidence: 0.95}}
	all := make([][]int64, wideDimensions)
	for d := range all {
		all[d] = make([]int64, 5)
	}
	for i := range w.groups {
		n := 8 + r.IntN(40)
		answers := make([][]int64, wideDimensions)
		for d := range answers {
			answers[d] = make([]int64, 5)
			for p := range n {
				step := (p + r.IntN(4)) % 5
				answers[d][step]++
				all[d][step]++
			}
		}
		g := w.cell(answers)
		if i < w.hidden {
			g = record.Group{Withheld: true}
		}
		g.By, g.Key = []string{"lecturer"}, []string{fmt.Sprint("lecturer ", i)}
		b.Groups = append(b.Groups, g)
	}
	total := wide{items: true}.cell(all)
	b.N, b.Dimensions = total.N, total.Dimensions
	if !w.items {
		b.Undefined = record.UndefinedNote{"groups.items": "there are too many groups to tell of each question"}
	}
	w.compare(&b)
	return b
}

// compare adds what is made of the groups.
func (w wide) compare(b *record.AssessmentBody) {
	for d, text := range b.Instrument.Dimensions {
		var members []member
		for _, g := range b.Groups[w.hidden:] {
			of := g.Dimensions[d]
			members = append(members, member{cellID(g.By, g.Key), *of.N, *of.Mean, *of.SD})
		}
		of := newCohort(members)
		a := record.Agreement{By: []string{"lecturer"}, Dimension: text.ID, Groups: len(members), N: pool(members).n}
		for i, g := range b.Groups[w.hidden:] {
			a.RWGJ = append(a.RWGJ, record.GroupFigure{Key: g.Key, Value: ptr(0.5)})
			n, mean := of.rest(members[i].id)
			diff := members[i].mean - mean
			b.Gaps = append(b.Gaps, record.Gap{By: g.By, Key: g.Key, Dimension: text.ID, N: members[i].n, NRest: n, Difference: diff, Points: 25 * diff})
			after := record.Side{N: members[i].n, Mean: members[i].mean, SD: members[i].sd}
			b.Changes = append(b.Changes, record.Change{Since: "2025", Dimension: text.ID, By: g.By, Key: g.Key, Paired: true, N: &members[i].n, After: &after})
		}
		b.Agreement = append(b.Agreement, a)
	}
}

// sources is two waves.
func (w wide) sources(t testing.TB) []Source {
	var out []Source
	for _, wave := range []string{"2025", "2026"} {
		b := w.body(wave)
		if wave == "2025" {
			b.Changes = nil
		}
		rec := recordOf(t, b)
		out = append(out, Source{Name: wave, Record: rec})
	}
	return out
}

// BenchmarkRecords is of two waves, each to be audited in about a second.
func BenchmarkRecords(b *testing.B) {
	for _, w := range []wide{{groups: 1128}, {groups: 1128, hidden: 100}, {groups: 1128, items: true, hidden: 100}, {groups: 4512, hidden: 100}} {
		b.Run(fmt.Sprintf("%+v", w), func(b *testing.B) {
			sources := w.sources(b)
			for b.Loop() {
				if findings := Records(b.Context(), sources, testRules); len(findings) > 0 {
					b.Fatal(findings[0], len(findings))
				}
			}
		})
	}
}

// stops holds how long after the end of ctx do returns against a fifth of a
// second (it takes half of that on an idle machine), or more where all goes
// slowly, as under the race detector.
func stops(t *testing.T, name string, do func(ctx context.Context)) {
	t.Helper()
	start := time.Now()
	do(t.Context())
	soon := max(200*time.Millisecond, time.Since(start)/4)
	for _, after := range []time.Duration{0, 10 * time.Millisecond, 50 * time.Millisecond, 150 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(t.Context(), after)
		start := time.Now()
		do(ctx)
		cancel()
		if late := time.Since(start) - after; late > soon {
			t.Error(name, "was to end after", after, "and ended", late, "later")
		}
	}
}

// TestStops ends soon after it is told to, whatever it is doing.
func TestStops(t *testing.T) {
	table, measures := lecturers()
	all := slices.Repeat(measures, 4)
	stops(t, "the table", func(ctx context.Context) {
		if faults := table.Check(ctx, all, standard); ctx.Err() != nil && len(faults) == 0 {
			t.Error("what was not proven passed")
		}
	})
	measures[0].People = nil
	stops(t, "the table of unknown people", func(ctx context.Context) { table.Check(ctx, measures[:1], standard) })
	sources := wide{groups: 1128, items: true, hidden: 100}.sources(t)
	stops(t, "the audit of records", func(ctx context.Context) { Records(ctx, sources, testRules) })
}
