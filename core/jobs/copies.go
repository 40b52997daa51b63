package jobs

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// shingleWords is how many words in a row make a shingle.
const shingleWords = 5

// nearCopy is from which overlap on two documents are nearly the same.
const nearCopy = 0.8

// leastShingles is how many shingles a document must have of its own to be compared.
const leastShingles = 20

// shingles gives the shingles of the parts of a document that are about the job, each as
// a hash of 64 bits, in the order of the text. Some may come again.
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
	return slices.Clip(out)
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
	same := map[[2]uint64][]int{} // documents by the sum and the number of their shingles
	for i := range s.papers {
		own[i] = !s.twin(i, same)
	}
	c := s.shared(own)
	c.index()
	each(len(s.papers), func() func(int) {
		tried := make([]int32, len(s.papers)) // by which document one was tried last, and one more
		return func(i int) {
			if k, overlap := c.first(i, tried); k >= 0 {
				s.papers[i].copyOf, s.papers[i].overlap = s.papers[k], overlap
			}
		}
	})
	for _, p := range s.papers {
		p.facts.runs = nil
	}
}

// each calls do with each of n numbers, on all processors. Every worker has a do of its
// own.
func each(n int, worker func() (do func(int))) {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			do := worker()
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				do(int(i))
			}
		})
	}
	workers.Wait()
}

// compared is what documents are compared by.
type compared struct {
	sets  [][]int32 // of each document the numbers of the shingles it shares, the rarest first
	alone []int     // how many shingles it has alone
	ids   int       // how many numbers there are

	// The documents that have a shingle at their front: where its list begins, and
	// what goes on after each entry; in the order of the documents, backwards.
	head, next, doc []int32
}

// size is how many shingles a document has.
func (c *compared) size(i int) int { return c.alone[i] + len(c.sets[i]) }

// front is the shingles of which a document shares one with any that is nearly the same.
func (c *compared) front(i int) []int32 {
	size := c.size(i)
	if size < leastShingles {
		return nil
	}
	return c.sets[i][:max(0, min(len(c.sets[i]), size-ceiling(nearCopy*float64(size))+1-c.alone[i]))]
}

// index lists the documents by the shingles at their fronts.
func (c *compared) index() {
	c.head = slices.Repeat([]int32{-1}, c.ids)
	for i := range c.sets {
		for _, id := range c.front(i) {
			c.next, c.doc = append(c.next, c.head[id]), append(c.doc, int32(i))
			c.head[id] = int32(len(c.doc) - 1)
		}
	}
}

// first gives the first document before the i-th that is nearly the same, and how far;
// -1 for none.
func (c *compared) first(i int, tried []int32) (best int, overlap float64) {
	best = -1
	size := c.size(i)
	for _, id := range c.front(i) {
		for at := c.head[id]; at >= 0; at = c.next[at] {
			k := int(c.doc[at])
			if k >= i || best >= 0 && k > best || tried[k] == int32(i+1) {
				continue
			}
			tried[k] = int32(i + 1)
			other := c.size(k)
			if float64(min(size, other)) < nearCopy*float64(max(size, other)) {
				continue
			}
			// That many must be in both for the index to be reached.
			both := common(c.sets[k], c.sets[i], ceiling(nearCopy/(1+nearCopy)*float64(size+other)))
			if j := float64(both) / float64(size+other-both); j >= nearCopy {
				best, overlap = k, j
			}
		}
	}
	return best, overlap
}

// twin finds out whether a document has just the shingles of one before it. Twins are
// no further compared: however many there are, they cost nothing.
func (s *Set) twin(i int, same map[[2]uint64][]int) bool {
	runs := s.papers[i].facts.runs
	if len(runs) < leastShingles {
		return false
	}
	sum := uint64(0)
	for _, h := range runs {
		sum += h
	}
	key := [2]uint64{sum, uint64(len(runs))}
	for _, k := range same[key] {
		if slices.Equal(slices.Sorted(slices.Values(s.papers[k].facts.runs)), slices.Sorted(slices.Values(runs))) {
			s.papers[i].copyOf, s.papers[i].overlap = s.papers[k], 1
			return true
		}
	}
	same[key] = append(same[key], i)
	return false
}

// shingle is a shingle in a document.
type shingle struct {
	hash uint64
	doc  int32
}

// parcels is into how many parts shingles are cut, so that they can be sorted at the
// same time.
const parcels = 256

// parcelled gives the shingles of documents, by the first byte of their hashes, each
// part in order.
func (s *Set) parcelled(own []bool) [parcels][]shingle {
	var sizes [parcels]int
	for i, p := range s.papers {
		if own[i] {
			for _, h := range p.facts.runs {
				sizes[h>>56]++
			}
		}
	}
	var out [parcels][]shingle
	for b, n := range sizes {
		out[b] = make([]shingle, 0, n)
	}
	for i, p := range s.papers {
		if own[i] {
			for _, h := range p.facts.runs {
				out[h>>56] = append(out[h>>56], shingle{h, int32(i)})
			}
		}
	}
	each(parcels, func() func(int) {
		return func(b int) {
			// By hash, then in the order of the documents.
			slices.SortFunc(out[b], func(x, y shingle) int { return cmp.Or(cmp.Compare(x.hash, y.hash), cmp.Compare(x.doc, y.doc)) })
			out[b] = slices.Compact(out[b]) // a document may have a shingle twice
		}
	})
	return out
}

// shared numbers the shingles that several documents have, the rarest first, without
// those that very many have: these are boilerplate.
func (s *Set) shared(own []bool) *compared {
	c := &compared{sets: make([][]int32, len(s.papers)), alone: make([]int, len(s.papers))}
	boilerplate := max(10, len(s.papers)/20)
	var groups [][]shingle // with one hash
	for _, all := range s.parcelled(own) {
		for i := 0; i < len(all); {
			j := i + 1
			for j < len(all) && all[j].hash == all[i].hash {
				j++
			}
			switch n := j - i; {
			case n == 1:
				c.alone[all[i].doc]++
			case n <= boilerplate:
				groups = append(groups, all[i:j])
			}
			i = j
		}
	}
	slices.SortStableFunc(groups, func(a, b []shingle) int { return cmp.Compare(len(a), len(b)) })
	c.ids = len(groups)
	for id, g := range groups {
		for _, p := range g {
			c.sets[p.doc] = append(c.sets[p.doc], int32(id))
		}
	}
	return c
}

func ceiling(x float64) int {
	n := int(x)
	if float64(n) < x {
		n++
	}
	return n
}

// common counts the elements that are in both of two ordered sets; it gives up, and
// tells less, once there can't be as many as are needed.
func common(a, b []int32, needed int) int {
	n := 0
	for i, k := 0, 0; i < len(a) && k < len(b); {
		if n+min(len(a)-i, len(b)-k) < needed {
			return 0
		}
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
