package survey

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// A compressed file that is cut off far behind its head says so.
func TestCutOffFarBehindTheHead(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	text := []byte("q1,note\n")
	for range 100_000 {
		text = append(text, '1'+byte(random.IntN(5)), ',', 'a'+byte(random.IntN(26)), 'a'+byte(random.IntN(26)), '\n')
	}
	data := compressed(text)
	for _, workers := range []int{1, 2} {
		rows, err := Open("a.csv.gz", bytes.NewReader(data[:len(data)/2]), Request{Instrument: likert(1), Block: 1 << 10})
		if err != nil {
			t.Fatal(err)
		}
		var parsers []*Parser
		var visits []Visit
		for range workers {
			parsers, visits = append(parsers, NewParser()), append(visits, func(*Respondent) error { return nil })
		}
		err = rows.Each(context.Background(), parsers, visits)
		var p problem.Problem
		if !errors.As(err, &p) || err.Error() != "a.csv.gz: the compressed file is cut off" || p.Hint != hintDamaged {
			t.Errorf("%d workers: got %v", workers, err)
		}
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	}
}
