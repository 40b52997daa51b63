package jobs

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// bruteForce finds for each document the first one before it that it is a copy of,
// and their Jaccard index, by comparing all pairs. It works on the sets as copies is
// to see them: exact twins of an earlier document stand apart, and what more than max(10,
// n/20) of the others share is left out.
func bruteForce(sets [][]uint64) (of []int, overlap []float64) {
	n := len(sets)
	of, overlap = make([]int, n), make([]float64, n)
	twin := make([]bool, n)
	for i := range sets {
		of[i] = -1
		for k := 0; k < i && len(sets[i]) >= leastShingles && !twin[i]; k++ {
			if !twin[k] && slices.Equal(sets[i], sets[k]) {
				twin[i], of[i], overlap[i] = true, k, 1
			}
		}
	}
	in := map[uint64]int{}
	for i, set := range sets {
		for _, h := range set {
			if !twin[i] {
				in[h]++
			}
		}
	}
	kept := make([]map[uint64]bool, n)
	for i, set := range sets {
		kept[i] = map[uint64]bool{}
		for _, h := range set {
			if !twin[i] && in[h] <= max(10, n/20) {
				kept[i][h] = true
			}
		}
	}
	for i := range sets {
		for k := 0; k < i && of[i] < 0; k++ {
			if twin[i] || len(kept[i]) < leastShingles || len(kept[k]) < leastShingles {
				continue
			}
			both := 0
			for h := range kept[i] {
				if kept[k][h] {
					both++
				}
			}
			union := len(kept[i]) + len(kept[k]) - both
			if 5*both >= 4*union { // whole numbers: an overlap of just four fifths counts
				of[i], overlap[i] = k, float64(both)/float64(union)
			}
		}
	}
	return of, overlap
}

// copiesOf runs copies over documents with the shingles given.
func copiesOf(sets [][]uint64) (of []int, overlap []float64) {
	s := &Set{}
	at := map[*Paper]int{}
	for i, set := range sets {
		p := &Paper{ID: fmt.Sprint(i), facts: &Facts{runs: slices.Clone(set)}}
		at[p] = i
		s.papers = append(s.papers, p)
	}
	s.copies()
	for _, p := range s.papers {
		if p.copyOf == nil {
			of, overlap = append(of, -1), append(overlap, 0)
		} else {
			of, overlap = append(of, at[p.copyOf]), append(overlap, p.overlap)
		}
	}
	return of, overlap
}

// ordered is a set as shingles gives it.
func ordered(set []uint64) []uint64 {
	slices.Sort(set)
	return slices.Compact(set)
}

func TestCopiesAgainstBruteForce(t *testing.T) {
	const spread = 0x9e3779b97f4a7c15 // over all first bytes, as hashes are
	random := rand.New(rand.NewPCG(3, 4))
	found, edges := 0, 0
	for round := range 300 {
		n := 2 + random.IntN(40)
		sets := make([][]uint64, n)
		for i := range sets {
			if i > 0 && random.IntN(3) > 0 {
				// A copy with some exchanged, dropped or added.
				sets[i] = slices.Clone(sets[random.IntN(i)])
				for range random.IntN(1 + len(sets[i])/4) {
					switch at := random.IntN(len(sets[i])); random.IntN(3) {
					case 0:
						sets[i][at] = random.Uint64()
					case 1:
						sets[i] = append(sets[i], spread*random.Uint64N(1000))
					default:
						sets[i] = slices.Delete(sets[i], at, at+1)
					}
					if len(sets[i]) == 0 {
						break
					}
				}
			} else {
				for range 15 + random.IntN(120) {
					sets[i] = append(sets[i], spread*random.Uint64N(uint64(200+random.IntN(2)*100000)))
				}
			}
			sets[i] = ordered(sets[i])
		}
		wantOf, wantOverlap := bruteForce(sets)
		of, overlap := copiesOf(sets)
		if !slices.Equal(of, wantOf) || !slices.Equal(overlap, wantOverlap) {
			t.Fatalf("round %d: copies of %v (%v), want %v (%v)", round, of, overlap, wantOf, wantOverlap)
		}
		for _, o := range overlap {
			if o > 0 && o < 1 {
				found++
			}
			if o == 0.8 {
				edges++
			}
		}
	}
	if found < 300 || edges == 0 {
		t.Errorf("only %d copies, %d of them at the threshold: the test tells little", found, edges)
	}
}

// Just at the threshold, for all sizes: 4k common of 5k.
func TestCopiesAtTheThreshold(t *testing.T) {
	for k := uint64(5); k < 400; k++ {
		var a, b, c []uint64
		for i := range 5 * k {
			a = append(a, i+1)
			if i < 4*k {
				b = append(b, i+1)
			}
			if i < 4*k-1 {
				c = append(c, i+1)
			}
		}
		if of, overlap := copiesOf([][]uint64{a, b}); of[1] != 0 || overlap[1] != 0.8 {
			t.Fatalf("%d of %d common: copies of %v, overlap %v", 4*k, 5*k, of, overlap)
		}
		if of, _ := copiesOf([][]uint64{b, a}); of[1] != 0 {
			t.Fatalf("%d of %d common, the small one first: copies of %v", 4*k, 5*k, of)
		}
		if of, _ := copiesOf([][]uint64{a, c}); of[1] != -1 {
			t.Fatalf("%d of %d common: copies of %v", 4*k-1, 5*k, of)
		}
	}
}

// What more than ten documents share is boilerplate: it makes none of them a copy.
func TestBoilerplate(t *testing.T) {
	// Each document has the same 200 shingles and some of its own.
	alike := func(n, own int) [][]uint64 {
		var sets [][]uint64
		for d := range n {
			var set []uint64
			for i := range 200 {
				set = append(set, uint64(i+1))
			}
			for i := range own {
				set = append(set, uint64(1000+100*d+i))
			}
			sets = append(sets, set)
		}
		return sets
	}
	for _, c := range []struct {
		n, own, last int
		what         string
	}{
		{10, 25, 0, "200 of 250 are four fifths"},
		{10, 26, -1, "200 of 252 are less"},
		{11, 25, -1, "what eleven share does not count"},
	} {
		if of, _ := copiesOf(alike(c.n, c.own)); of[c.n-1] != c.last {
			t.Errorf("%s, but the documents are copies of %v", c.what, of)
		}
	}
}

// However many documents are the same, each is held against the first alone.
func TestManyTwins(t *testing.T) {
	const n = 3000
	text := exampleDuties + " " + strings.ToUpper(exampleDuties[:40])
	f := factsIn(t, "a.txt", "Clerk\n"+text+"\n")
	runs := f.shingles()
	if len(runs) < leastShingles {
		t.Fatalf("only %d shingles", len(runs))
	}
	s := &Set{}
	for i := range n {
		s.papers = append(s.papers, &Paper{ID: fmt.Sprint(i), facts: &Facts{runs: runs}})
	}
	same := map[[2]uint64][]int{}
	for i := range s.papers {
		if twin := s.twin(i, same); twin != (i > 0) {
			t.Fatalf("document %d: twin is %v", i, twin)
		}
	}
	kept := 0
	for _, all := range same {
		kept += len(all)
	}
	if kept != 1 {
		t.Errorf("%d documents are kept to compare with, want 1", kept)
	}
	s.copies()
	for _, p := range s.papers[1:] {
		if p.copyOf != s.papers[0] || p.overlap != 1 {
			t.Fatalf("%s is no copy of the first", p.ID)
		}
	}
}

func TestShingles(t *testing.T) {
	count := func(text string) int {
		return len(slices.Compact(slices.Sorted(slices.Values(factsIn(t, "a.txt", text).shingles()))))
	}
	for text, want := range map[string]int{
		"one two three four": 0, "one two three four five": 1, "one two three four five six": 2,
		"one two three four five one two three four five": 5, // five that differ, the sixth is the first again
		"One, two - three; four (five)":                   1, // signs are no words
		"One two three\nFour five six":                    0, // no run goes over a block
		"1 2 3 4 5":                                       1, // but numbers are
		"Duties:\none two three four five\nHow to apply:\nsix seven eight nine ten": 1, // how to apply is not about the job
	} {
		if got := count(text); got != want {
			t.Errorf("%q has %d shingles, want %d", text, got, want)
		}
	}
	a := factsIn(t, "a.txt", "one two three four five").shingles()
	for text, same := range map[string]bool{"ONE  two, three four five.": true, "two one three four five": false, "one two three four fives": false, "onetwo three four five six": false} {
		if got := slices.Equal(a, factsIn(t, "a.txt", text).shingles()); got != same {
			t.Errorf("%q has the same shingle: %v", text, got)
		}
	}
}

func TestCopiesAreTold(t *testing.T) {
	longer := exampleDuties + " Sweeps the yard on Mondays and on Fridays."
	s := setOf(t, nil, asOf, "c.txt", "Clerk\n"+longer, "a.txt", "Clerk\n"+exampleDuties, "b.txt", "Clerk\n"+exampleDuties, "d.txt", "Cook\nCooks for all who come to the house and keeps the kitchen clean and in good order all day long, from the first guest to the last one at night.")
	jobs := judgeAll(s)
	var got []string
	for _, j := range jobs {
		if f, found := findingOf(*j, "org/near-copy"); found {
			got = append(got, j.ID+": "+f.Message)
		}
	}
	if len(got) != 2 || got[0] != "b.txt: 100 % of its passages stand in a.txt as well" || !strings.HasPrefix(got[1], "c.txt: 8") && !strings.HasPrefix(got[1], "c.txt: 9") {
		t.Errorf("%q", got)
	}
	folder := s.RollUp(jobs, Roll{ID: "."})
	if len(folder.Copies) != 1 || !slices.Equal(folder.Copies[0].Files, []string{"a.txt", "b.txt", "c.txt"}) || folder.Copies[0].Overlap >= 1 || folder.Copies[0].Overlap < 0.8 {
		t.Errorf("%+v", folder.Copies)
	}
}
