package jobs

import (
	"cmp"
	"slices"
)

// shingleWords is how many words in a row make a shingle.
const shingleWords = 5

// nearCopy is from which overlap on two documents are nearly the same.
const nearCopy = 0.8

// leastShingles is how many shingles a document must have of its own to be compared.
const leastShingles = 20

// shingles gives the different shingles of the parts of a document that are about the
// job, each as a hash of 64 bits, in order.
func (f *Facts) shingles() []uint64 {
	out := make([]uint64, 0, len(f.Text)/6)
	var last [shingleWords]uint64 // hashes of the words before, in a ring
	for i, b := range f.blocks {
		if is := f.parts[i]; is == legal || is == questionnaire || is == applying || is == benefits {
			continue
		}
		n := 0
		for at := b.Start; at < b.End; {
			var h uint64
			h, at = wordHash(f.Text, at, b.End)
			if h == 0 {
				continue
			}
			last[n%shingleWords] = h
			if n++; n < shingleWords {
				continue
			}
			sum := uint64(0)
			for k := range uint64(shingleWords) {
				sum = (sum + last[(n+int(k))%shingleWords]) * 0x9e3779b97f4a7c15
				sum ^= sum >> 29
			}
			out = append(out, sum)
		}
	}
	slices.Sort(out)
	return slices.Clip(slices.Compact(out))
}

// wordHash hashes the letters and digits of the next word, in lower case (FNV-1a), and
// says where the text goes on; 0 for a word that has none.
func wordHash(text string, at, end int) (hash uint64, next int) {
	const offset, prime = 0xcbf29ce484222325, 0x100000001b3
	h := uint64(offset)
	for ; at < end; at++ {
		c := text[at]
		switch {
		case c <= ' ':
			if h == offset {
				return 0, at + 1
			}
			return h, at + 1
		case 'A' <= c && c <= 'Z':
			h = (h ^ uint64(c|0x20)) * prime
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c >= 0x80:
			h = (h ^ uint64(c)) * prime
		}
	}
	if h == offset {
		return 0, at
	}
	return h, at
}

// copies finds documents that are nearly the same, by the exact Jaccard index of their
// shingles (Broder 1997), after those that many documents share are taken out. Each
// document is told of the first one before it that it is a copy of.
//
// Two sets whose index is at least t share one of the first n - ceil(t n) + 1 elements
// of each, in any common order (Chaudhuri, Ganti and Kaushik 2006): only pairs that do
// are compared. The rarest come first, and those of one document alone meet nobody.
func (s *Set) copies() {
	own := make([]bool, len(s.papers))
	same := map[[2]uint64][]int{} // documents by their first shingle and number of shingles
	for i := range s.papers {
		own[i] = !s.twin(i, same)
	}
	sets, alone := s.shared(own)
	first := map[int32][]int32{} // documents by the shingles at their front
	var tried marks
	for i, set := range sets {
		size := alone[i] + len(set)
		if size < leastShingles {
			continue
		}
		front := set[:max(0, min(len(set), size-ceiling(nearCopy*float64(size))+1-alone[i]))]
		best, overlap := -1, 0.0
		tried.next(len(sets))
		for _, id := range front {
			for _, k := range first[id] {
				if !tried.take(k) || best >= 0 && int(k) > best {
					continue
				}
				other := alone[k] + len(sets[k])
				if float64(min(size, other)) < nearCopy*float64(max(size, other)) {
					continue
				}
				both := common(sets[k], set)
				if j := float64(both) / float64(size+other-both); j >= nearCopy {
					best, overlap = int(k), j
				}
			}
		}
		for _, id := range front {
			first[id] = append(first[id], int32(i))
		}
		if best >= 0 {
			s.papers[i].copyOf, s.papers[i].overlap = s.papers[best], overlap
		}
	}
	for _, p := range s.papers {
		p.facts.runs = nil
	}
}

// twin finds out whether a document has just the shingles of one before it. Twins are
// no further compared: however many there are, they cost nothing.
func (s *Set) twin(i int, same map[[2]uint64][]int) bool {
	runs := s.papers[i].facts.runs
	if len(runs) < leastShingles {
		return false
	}
	key := [2]uint64{runs[0], uint64(len(runs))}
	for _, k := range same[key] {
		if slices.Equal(s.papers[k].facts.runs, runs) {
			s.papers[i].copyOf, s.papers[i].overlap = s.papers[k], 1
			return true
		}
	}
	same[key] = append(same[key], i)
	return false
}

// shared numbers the shingles that several documents have, the rarest first, without
// those that very many have: these are boilerplate. It gives for each document the
// numbers of its shingles, in order, and how many it has alone.
func (s *Set) shared(own []bool) (sets [][]int32, alone []int) {
	type pair struct {
		hash uint64
		doc  int32
	}
	n := 0
	for i, p := range s.papers {
		if own[i] {
			n += len(p.facts.runs)
		}
	}
	all := make([]pair, 0, n)
	for i, p := range s.papers {
		if own[i] {
			for _, h := range p.facts.runs {
				all = append(all, pair{h, int32(i)})
			}
		}
	}
	slices.SortFunc(all, func(a, b pair) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.doc, b.doc)) })
	boilerplate := max(10, len(s.papers)/20)
	sets, alone = make([][]int32, len(s.papers)), make([]int, len(s.papers))
	var groups [][2]int32 // of pairs with one hash
	for i := 0; i < len(all); {
		j := i + 1
		for j < len(all) && all[j].hash == all[i].hash {
			j++
		}
		switch n := j - i; {
		case n == 1:
			alone[all[i].doc]++
		case n <= boilerplate:
			groups = append(groups, [2]int32{int32(i), int32(j)})
		}
		i = j
	}
	slices.SortStableFunc(groups, func(a, b [2]int32) int { return cmp.Compare(a[1]-a[0], b[1]-b[0]) })
	for id, g := range groups {
		for _, p := range all[g[0]:g[1]] {
			sets[p.doc] = append(sets[p.doc], int32(id))
		}
	}
	return sets, alone
}

// marks remembers which of n things were taken since the last call of next.
type marks struct {
	at  []int32
	now int32
}

func (m *marks) next(n int) {
	if m.at == nil {
		m.at = make([]int32, n)
	}
	m.now++
}

// take says whether a thing is taken for the first time.
func (m *marks) take(i int32) bool {
	if m.at[i] == m.now {
		return false
	}
	m.at[i] = m.now
	return true
}

func ceiling(x float64) int {
	n := int(x)
	if float64(n) < x {
		n++
	}
	return n
}

// common counts the elements that are in both of two ordered sets.
func common(a, b []int32) int {
	n := 0
	for i, k := 0, 0; i < len(a) && k < len(b); {
		switch {
		case a[i] == b[k]:
			n++
			i++
			k++
		case a[i] < b[k]:
			i++
		default:
			k++
		}
	}
	return n
}
