package vision

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the files made from the ratings anew")

// sharedRatings is where the rated statements lie on the authors' machines.
const sharedRatings = "../../../shared/statements-rated.tsv"

func TestCorpusIsAsJudged(t *testing.T) {
	var figures []float64
	for _, r := range readRated(t, sharedRatings) {
		j := Judge(Statement{ID: r.id, Text: r.text}, Options{})
		figures = append(figures, j.Body.Verdict.Overall)
	}
	slices.Sort(figures)
	var b strings.Builder
	fmt.Fprintf(&b, "# Overall figures of the %d public statements that the weights are fitted to, as\n# this version judges them, in ascending order. Made by\n# go test ./core/vision -run Corpus -update\n", len(figures))
	for i, x := range figures {
		fmt.Fprintf(&b, "%.1f", x)
		if i%14 == 13 || i == len(figures)-1 {
			b.WriteString("\n")
		} else {
			b.WriteString(" ")
		}
	}
	if *update {
		if err := os.WriteFile("corpus.txt", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if b.String() != corpusFile {
		t.Error("the corpus is judged otherwise now; run again with -update")
	}
}
