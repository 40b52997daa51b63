package score

import (
	"math"

	"github.com/firstcall-cli/firstcall/core/stats"
	"github.com/firstcall-cli/firstcall/core/survey"
)

// This file is the inner loop of counting: a cell holds the same sums as Sums
// in small counters that lie close together, so that the cells of some hundred
// groups stay in the processor's cache. A row in which a dimension is
// answered in full, as most are, costs one table look-up and one counter an
// answer, and one multiplication for two pairs of items. What does not fit
// (decimals, very wide scales) is added to Sums directly.

// Limits of what a compact cell can count.
const (
	compactOptions = 128  // steps of a scale
	compactItems   = 32   // items of a dimension
	compactTotals  = 4096 // different totals of a dimension
)

// compactDim is where a dimension's counters stand in a compact cell.
type compactDim struct {
	compact bool
	low     int32 // the lowest answer
	options int
	// table has an entry for each item and step: what its answer adds to the
	// row's sums, see entry.
	table  []uint64
	counts int // histograms of the items, over those who answered all
	totals int // histogram of totals above the lowest, over those who answered all
	favors int // histogram of the number of favorable answers
	lanes  int // sums of products, two a word
	words  int // how many words they take

	// The same of those who left answers out, in the cell's parts, but for what
	// is said here.
	partCounts int
	partScores int // for each number of answers: respondents, Σ and Σ² of their totals
	partFavors int // for each number of answers: histogram of favorable ones
	partPairs  int // for each pair of items: respondents who answered both, Σu, Σv, Σuv
}

// entry packs what an answer adds to a row: from the lowest bit its steps above
// the lowest answer after reverse keying (16 bits), whether it is favorable (8),
// its steps as given (16) and their square (24). Fields of up to compactItems
// entries do not run over.
func entry(keyed, given int, favorable bool) uint64 {
	e := uint64(keyed) | uint64(given)<<24 | uint64(given*given)<<40
	if favorable {
		e |= 1 << 16
	}
	return e
}

// compact decides which dimensions are counted in compact cells and where.
func (l *layout) compact() {
	l.most = math.MaxUint16
	for i := range l.dims {
		d := &l.dims[i]
		d.options, d.low = l.items[d.first].options, int32(l.items[d.first].min)
		d.compact = d.unit == 1 && d.k <= compactItems && d.options <= compactOptions && d.k*(d.options-1) < compactTotals
		if !d.compact {
			continue
		}
		d.counts = reserve(&l.counts, d.k*d.options)
		d.totals = reserve(&l.counts, d.k*(d.options-1)+1)
		d.favors = reserve(&l.counts, d.k+1)
		d.lanes = l.lanes
		for j := 1; j < d.k; j++ {
			d.words += (j + 1) / 2
		}
		l.lanes += d.words
		d.partCounts = reserve(&l.parts, d.k*d.options)
		d.partScores = reserve(&l.parts, 3*d.k)
		d.partFavors = reserve(&l.parts, d.k*d.k)
		d.partPairs = reserve(&l.parts, 4*d.k*(d.k-1)/2)
		highest := uint32(d.k * (d.options - 1))
		l.most = min(l.most, math.MaxUint32/max(1, highest*highest))
		for _, it := range l.items[d.first : d.first+d.k] {
			for given := range d.options {
				keyed := it.keyed(int64(it.min + given))
				d.table = append(d.table, entry(int(keyed)-it.min, given, it.favors(keyed)))
			}
		}
	}
	for i := l.asked; i < len(l.items); i++ {
		if it := &l.items[i]; it.unit == 1 && it.options <= compactTotals {
			it.count = reserve(&l.counts, it.options)
		}
	}
}

func reserve(size *int, n int) int {
	at := *size
	*size += n
	return at
}

// cell collects the sums of one atom. The zero value is empty and ready.
type cell struct {
	sums   *Sums // exact; what the counters hold is not in it yet
	rows   uint32
	counts []uint16
	parts  []uint32
	lanes  []uint64
}

// early is how many rows of an atom are counted slowly, before it gets
// counters of its own: where there are very many atoms, most are small.
const early = 32

// row is what counting one respondent leaves behind for what is summed up
// beyond groups.
type row struct {
	answered []int   // items answered, of each dimension
	totals   []int64 // of the answers after reverse keying, in the dimension's unit

	// Over the answers to items of dimensions, as given; when packed is false
	// they have yet to be counted.
	packed  bool
	given   int64 // how many
	steps   int64 // Σ of the steps above the lowest
	squares int64 // Σ of their squares

	keyed     []int64 // scratch: answers after reverse keying
	variables []int64 // scratch

	// Scratch: of the answers to a dimension, the steps after reverse keying and
	// the items they belong to.
	answeredSteps [compactItems]uint64
	answeredItems [compactItems]int32

	spreadOf int     // see spread
	spreads  []int64 // one more than the spread, or 0 while it is not known
}

// mostSpreads is how many different spreads are remembered: all of 40 answers
// from 1 to 5.
const mostSpreads = 6401

func (l *layout) newRow() *row {
	return &row{
		answered: make([]int, len(l.dims)), totals: make([]int64, len(l.dims)),
		keyed: make([]int64, len(l.items)), variables: make([]int64, 0, len(l.dims)+1),
		spreadOf: l.asked, spreads: make([]int64, mostSpreads),
	}
}

// add counts one respondent.
func (c *cell) add(l *layout, p *survey.Respondent, r *row) {
	if c.sums == nil {
		c.sums = l.newSums()
	}
	if c.counts == nil {
		if c.sums.N < early || l.counts == 0 {
			l.keyedAnswers(r.keyed, p)
			c.sums.add(l, p, r)
			return
		}
		c.counts, c.parts, c.lanes = make([]uint16, l.counts), make([]uint32, l.parts), make([]uint64, l.lanes)
	}
	if c.rows == l.most {
		c.empty(l)
	}
	c.rows++
	r.packed, r.given, r.steps, r.squares = true, 0, 0, 0
	keyed := false
	if len(l.pairs) > 0 || len(l.facets) > 0 {
		l.keyedAnswers(r.keyed, p)
		keyed = true
		c.sums.addBeyond(l, r.keyed)
	}
	for i := range l.dims {
		d := &l.dims[i]
		if d.compact {
			if answers := p.Answers[d.first : d.first+d.k]; !c.addComplete(d, answers, r, i) {
				c.addPartly(d, answers, r, i)
			}
			continue
		}
		if !keyed {
			l.keyedAnswers(r.keyed, p)
			keyed = true
		}
		r.packed = false
		c.addExactly(l, d, i, p, r)
	}
	for i := l.asked; i < len(l.items); i++ {
		c.addOutcome(l, i, p)
	}
}

// addComplete counts a respondent who answered every item of a dimension, and
// reports whether this one did.
func (c *cell) addComplete(d *dimLayout, answers []int32, r *row, at int) bool {
	for _, x := range answers {
		if x == survey.Missing {
			return false
		}
	}
	steps := &r.answeredSteps
	table := d.table
	counts := c.counts[d.counts : d.counts+len(table)]
	sum := uint64(0)
	base := -int(d.low)
	for j, x := range answers {
		place := base + int(x)
		base += d.options
		e := table[place]
		counts[place]++
		sum += e
		steps[j%compactItems] = e & 0xffff
	}
	c.counts[d.totals+int(sum&0xffff)]++
	c.counts[d.favors+int(sum>>16&0xff)]++
	r.answered[at], r.totals[at] = len(answers), int64(sum&0xffff)+int64(len(answers))*int64(d.low)
	r.given += int64(len(answers))
	r.steps += int64(sum >> 24 & 0xffff)
	r.squares += int64(sum >> 40)
	addProducts(c.lanes[d.lanes:d.lanes+d.words], steps[:len(answers)])
	return true
}

// addProducts adds the products of each step with those before it, two a word:
// a step times a word that holds two others. Dimensions of four and five items,
// the commonest, are written out.
func addProducts(lanes, steps []uint64) {
	switch len(steps) {
	case 4:
		s, to := (*[4]uint64)(steps), (*[4]uint64)(lanes)
		first := s[0] | s[1]<<32
		to[0] += s[1] * first
		to[1] += s[2] * first
		to[2] += s[3] * first
		to[3] += s[3] * s[2]
	case 5:
		s, to := (*[5]uint64)(steps), (*[6]uint64)(lanes)
		first, second := s[0]|s[1]<<32, s[2]|s[3]<<32
		to[0] += s[1] * first
		to[1] += s[2] * first
		to[2] += s[3] * first
		to[3] += s[3] * second
		to[4] += s[4] * first
		to[5] += s[4] * second
	default:
		var words [compactItems / 2]uint64
		n := 0
		for j, u := range steps {
			for w := range (j + 1) / 2 {
				lanes[n] += u * words[w%(compactItems/2)]
				n++
			}
			words[j/2%(compactItems/2)] |= u << (32 * (j & 1))
		}
	}
}

// addPartly counts a respondent who left out some of a dimension's answers, or
// all of them.
func (c *cell) addPartly(d *dimLayout, answers []int32, r *row, at int) {
	steps, which := &r.answeredSteps, &r.answeredItems
	m := 0
	sum := uint64(0)
	counts := c.parts[d.partCounts : d.partCounts+len(answers)*d.options]
	pairs := c.parts[d.partPairs : d.partPairs+2*len(answers)*(len(answers)-1)]
	for j, x := range answers {
		if x == survey.Missing {
			continue
		}
		place := j*d.options + int(x-d.low)
		counts[place]++
		e := d.table[place]
		sum += e
		v := e & 0xffff
		for i := range m {
			u := steps[i%compactItems]
			pair := 4 * (j*(j-1)/2 + int(which[i%compactItems]))
			p := pairs[pair : pair+4 : pair+4]
			p[0]++
			p[1] += uint32(u)
			p[2] += uint32(v)
			p[3] += uint32(u * v)
		}
		steps[m%compactItems], which[m%compactItems] = v, int32(j)
		m++
	}
	total := uint32(sum & 0xffff)
	score := c.parts[d.partScores+3*m : d.partScores+3*m+3]
	score[0]++
	score[1] += total
	score[2] += total * total
	c.parts[d.partFavors+m*len(answers)+int(sum>>16&0xff)]++
	r.answered[at], r.totals[at] = m, int64(total)+int64(m)*int64(d.low)
	r.given += int64(m)
	r.steps += int64(sum >> 24 & 0xffff)
	r.squares += int64(sum >> 40)
}

// addExactly counts a respondent in a dimension that has no counters.
func (c *cell) addExactly(l *layout, d *dimLayout, at int, p *survey.Respondent, r *row) {
	for i := d.first; i < d.first+d.k; i++ {
		c.sums.addItem(l, i, p.Answers[i], r.keyed[i])
	}
	r.answered[at], r.totals[at] = c.sums.Dimensions[at].add(d, l.items[d.first:d.first+d.k], r.keyed[d.first:d.first+d.k])
}

func (c *cell) addOutcome(l *layout, i int, p *survey.Respondent) {
	it := &l.items[i]
	x := p.Answers[i]
	switch {
	case x == survey.Missing:
	case it.count >= 0:
		c.counts[it.count+int(x)-it.min]++
	case it.unit > 1:
		c.sums.Items[i].Decimals.Add(it.keyed(p.Decimals[i]))
	default:
		c.sums.Items[i].Histogram[int(x)-it.min]++
	}
}

// empty moves what the counters hold to the exact sums.
func (c *cell) empty(l *layout) {
	if c.rows == 0 {
		return
	}
	c.sums.N += int64(c.rows)
	for i := range l.dims {
		if d := &l.dims[i]; d.compact {
			c.emptyDim(l, d, &c.sums.Dimensions[i])
		}
	}
	for i := l.asked; i < len(l.items); i++ {
		if at := l.items[i].count; at >= 0 {
			for step := range c.sums.Items[i].Histogram {
				c.sums.Items[i].Histogram[step] += int64(c.counts[at+step])
			}
		}
	}
	c.rows = 0
	clear(c.counts)
	clear(c.parts)
	clear(c.lanes)
}

func (c *cell) emptyDim(l *layout, d *dimLayout, to *DimensionSums) {
	low := int64(d.low)
	moments := make([]stats.Moments, d.k)
	above := make([]int64, d.k) // Σ of steps above the lowest answer, after reverse keying
	for j := range d.k {
		it := &l.items[d.first+j]
		for step := range d.options {
			n := int64(c.counts[d.counts+j*d.options+step])
			c.sums.Items[d.first+j].Histogram[step] += n
			to.Complete.Histograms[j][step] += n
			y := it.keyed(int64(it.min + step))
			above[j] += n * (y - low)
			moments[j] = moments[j].Plus(stats.Moments{N: n, Sum: stats.Product(n, y), SumSquares: stats.Product(n*y, y)})
		}
		to.Complete.Items[j] = to.Complete.Items[j].Plus(moments[j])
	}
	n := moments[0].N
	lane := d.lanes
	for j := 1; j < d.k; j++ {
		for i := range j {
			products := c.lanes[lane+i/2] >> (32 * (i & 1)) & math.MaxUint32
			xy := stats.Whole(int64(products)).Plus(stats.Product(low, above[i]+above[j])).Plus(stats.Product(low*low, n))
			pair := stats.PairSums{N: n, SumX: moments[i].Sum, SumY: moments[j].Sum, SumXY: xy}
			at := stats.PairIndex(i, j)
			to.Pairs[at], to.Complete.Pairs[at] = to.Pairs[at].Plus(pair), to.Complete.Pairs[at].Plus(pair)
		}
		lane += (j + 1) / 2
	}
	c.emptyTotals(d, to)
	c.emptyPartly(l, d, to)
}

func (c *cell) emptyPartly(l *layout, d *dimLayout, to *DimensionSums) {
	low := int64(d.low)
	for j := range d.k {
		for step := range d.options {
			c.sums.Items[d.first+j].Histogram[step] += int64(c.parts[d.partCounts+j*d.options+step])
		}
	}
	for m := range d.k {
		at := d.partScores + 3*m
		n, sum, squares := int64(c.parts[at]), int64(c.parts[at+1]), int64(c.parts[at+2])
		shift := int64(m) * low
		to.Scores[m] = to.Scores[m].Plus(stats.Moments{
			N: n, Sum: stats.Whole(sum).Plus(stats.Product(n, shift)),
			SumSquares: stats.Whole(squares).Plus(stats.Product(2*shift, sum)).Plus(stats.Product(n, shift).Times(shift)),
		})
		for f := range min(m+1, d.k) {
			to.Shares = to.Shares.Plus(shares(int64(c.parts[d.partFavors+m*d.k+f]), int64(f), int64(m)))
		}
	}
	for at := range to.Pairs {
		p := c.parts[d.partPairs+4*at : d.partPairs+4*at+4]
		n, u, v, uv := int64(p[0]), int64(p[1]), int64(p[2]), int64(p[3])
		to.Pairs[at] = to.Pairs[at].Plus(stats.PairSums{
			N: n, SumX: stats.Whole(u).Plus(stats.Product(n, low)), SumY: stats.Whole(v).Plus(stats.Product(n, low)),
			SumXY: stats.Whole(uv).Plus(stats.Product(low, u+v)).Plus(stats.Product(low*low, n)),
		})
	}
}

// shares are those of n respondents who gave m answers each, f of them
// favorable; of none when they gave none.
func shares(n, f, m int64) stats.ShareSums {
	if m == 0 {
		return stats.ShareSums{}
	}
	return stats.ShareSums{
		Respondents: n, Favorable: n * f, Answers: n * m,
		FavorableSquares: n * f * f, Products: n * f * m, AnswerSquares: n * m * m,
	}
}

func (c *cell) emptyTotals(d *dimLayout, to *DimensionSums) {
	k := int64(d.k)
	for t := range d.k*(d.options-1) + 1 {
		n, total := int64(c.counts[d.totals+t]), int64(t)+k*int64(d.low)
		to.Scores[d.k] = to.Scores[d.k].Plus(stats.Moments{N: n, Sum: stats.Product(n, total), SumSquares: stats.Product(n*total, total)})
	}
	for f := range d.k + 1 {
		to.Shares = to.Shares.Plus(shares(int64(c.counts[d.favors+f]), int64(f), k))
	}
}
