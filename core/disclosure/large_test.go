package disclosure

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/score"
)

// lecturers is a survey in the shape of a real one: students rate 1,128
// lecturers in four years of study, 3,499 cells of which 907 are of fewer than
// five people.
func lecturers() string {
	rng := rand.New(rand.NewPCG(7, 8))
	var b strings.Builder
	b.WriteString("lecturer,year,y1\n")
	for i, cell := range rng.Perm(1128 * 4)[:3499] {
		people := 5 + int(17*rng.ExpFloat64())
		if i < 907 {
			people = 1 + rng.IntN(4)
		}
		liked := rng.IntN(3)
		for range people {
			fmt.Fprintf(&b, "%d,%d,%d\n", cell/4, cell%4, 1+min(4, liked+rng.IntN(4)))
		}
	}
	return b.String()
}

// BenchmarkPublishLecturers makes the record of a large crossed table: what is
// withheld, the proof that nothing follows from the rest, and the figures.
func BenchmarkPublishLecturers(b *testing.B) {
	scale := instrument.Scale{Min: 1, Max: 5, Favorable: 4, FavorableSet: true}
	in := &instrument.Instrument{
		ID: "lecturers", Version: "1", Title: "Lecturers", Direction: instrument.HighIsGood, Scale: scale,
		Policy:     instrument.Policy{Missing: instrument.MinHalf, MinGroup: 5, WeakBelow: 50},
		Dimensions: []instrument.Dimension{{ID: "y", Title: "Quality", Items: []instrument.Item{{ID: "y1", Text: "How good?", Scale: scale}}}},
	}
	src := score.Source{Path: "l.csv", Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(lecturers())), nil }}
	res, err := score.Run(context.Background(), []score.Source{src}, score.Options{
		Instrument: in, By: [][]string{{"lecturer"}, {"year"}, {"lecturer", "year"}},
	})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		rec, err := Publish(context.Background(), res.Assessments[0], Request{Instrument: in, Missing: instrument.MinHalf, MinGroup: 5})
		if err != nil {
			b.Fatal(err)
		}
		body, withheld := rec.Assessment.Body(), 0
		for _, g := range body.Groups {
			if g.Withheld || g.Dimensions[0].Withheld {
				withheld++
			}
		}
		b.ReportMetric(float64(len(body.Groups)), "cells")
		b.ReportMetric(float64(withheld), "withheld")
	}
}
