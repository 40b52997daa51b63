package vision

import (
	"cmp"
	_ "embed" // for the corpus
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/firstcall-cli/firstcall/core/record"
)

// corpusFile holds the overall figures of a public corpus; its head says which.
//
//go:embed corpus.txt
var corpusFile string

// corpus is the overall figures of the public corpus, in ascending order.
var corpus = sync.OnceValue(func() []float64 {
	var figures []float64
	for line := range strings.Lines(corpusFile) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for word := range strings.FieldsSeq(line) {
			x, err := strconv.ParseFloat(word, 64)
			if err != nil {
				panic(err) // the file is part of the program
			}
			figures = append(figures, x)
		}
	}
	slices.Sort(figures)
	return figures
})

// standing compares an overall figure with the public corpus.
func standing(overall float64) *record.Standing {
	all := corpus()
	n := len(all)
	below := 0.0
	for _, x := range all {
		switch {
		case x < overall:
			below++
		case x == overall:
			below += .5
		}
	}
	return &record.Standing{CorpusMedian: places((all[(n-1)/2]+all[n/2])/2, 1), CorpusShare: places(below/float64(n), 3), CorpusN: n}
}

// Rank fills in where each of the client's statements stands among them, when
// there are several.
func Rank(statements []*record.Statement) {
	var judged []*record.Statement
	for _, s := range statements {
		if s.Verdict != nil {
			judged = append(judged, s)
		}
	}
	if len(judged) < 2 {
		return
	}
	slices.SortStableFunc(judged, func(a, b *record.Statement) int { return -cmp.Compare(a.Verdict.Overall, b.Verdict.Overall) })
	for i, s := range judged {
		s.Standing.Rank, s.Standing.Among = i+1, len(judged)
		if i > 0 && judged[i-1].Verdict.Overall == s.Verdict.Overall {
			s.Standing.Rank = judged[i-1].Standing.Rank
		}
	}
}
