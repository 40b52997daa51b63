package stats

import (
	"math"
	"slices"
)

// DriverIntervals are the confidence intervals of Drivers.
type DriverIntervals struct {
	R2                     Interval
	Betas, Weights, Shares []Interval
	Replicates             int // how many samples they are made from
}

// BootstrapDrivers gives Drivers their intervals by a parametric bootstrap:
// it draws correlation matrices as n respondents would have them whose
// answers are normally distributed with the observed correlations (their
// covariances times n-1 follow Wishart's distribution, drawn after Bartlett
// 1933), weighs the predictors anew in each, and takes the percentiles of what
// comes out (Tonidandel, LeBreton and Johnson 2009 do so with resampled
// respondents). Predictors and outcome are those of RelativeWeights, n is the
// number of respondents behind them.
//
// Weights, shares and R2 can't be negative, so that their intervals always
// lie above 0: they say how certain a weight is and can't serve as a test of
// whether there is any. And chance adds to what seems explained, once in the
// survey and again in each sample: for few respondents or weak relations the
// intervals of R2 and of small weights lie too high.
//
// It is undefined where RelativeWeights is, when nothing is explained
// (NoRelation), when there are no more respondents than predictors and outcome
// together (Dependent), and for an impossible level (BadLevel). Should samples
// come out singular, they are left out; when more than a tenth are, it is
// undefined (Dependent).
func BootstrapDrivers(predictors Symmetric, outcome []float64, n int64, how Resampling) (DriverIntervals, Undefined) {
	if !(how.Level > 0 && how.Level < 1) {
		return DriverIntervals{}, BadLevel
	}
	observed, why := RelativeWeights(predictors, outcome)
	if why == "" {
		_, why = observed.Shares()
	}
	k := predictors.k
	if why == "" && n <= int64(k)+1 {
		why = Dependent
	}
	if why != "" {
		return DriverIntervals{}, why
	}
	w := newWishart(predictors, outcome, n)
	random, tried := newStream(how.Key), how.replicates()
	columns := make([][]float64, 1+3*k)
	cells := make([]float64, len(columns)*tried)
	for c := range columns {
		columns[c] = cells[c*tried : c*tried : (c+1)*tried]
	}
	for range tried {
		w.draw(random)
		if w.weigh() != "" {
			continue
		}
		columns[0] = append(columns[0], min(w.r2, 1))
		for j := range k {
			columns[1+j] = append(columns[1+j], w.betas[j])
			columns[1+k+j] = append(columns[1+k+j], w.weights[j])
			columns[1+2*k+j] = append(columns[1+2*k+j], w.weights[j]/w.r2)
		}
	}
	done := len(columns[0])
	if done*10 < tried*9 {
		return DriverIntervals{}, Dependent
	}
	ends := make([]Interval, len(columns))
	for c, values := range columns {
		ends[c] = how.interval(values)
	}
	return DriverIntervals{ends[0], ends[1 : 1+k], ends[1+k : 1+2*k], ends[1+2*k:], done}, ""
}

// wishart draws correlation matrices of k predictors and an outcome, and
// brings those among the predictors to diagonal form.
type wishart struct {
	*weigher
	df       float64
	start    []float64   // eigenvectors of the observed correlations, in rows
	lower    cholesky    // of all observed correlations, the outcome last
	bartlett [][]float64 // Bartlett's lower triangle
	sample   [][]float64 // their product, each row scaled to length 1
	half     []float64   // sample in terms of start
}

func newWishart(predictors Symmetric, outcome []float64, n int64) *wishart {
	k := predictors.k
	e := predictors.rotate()
	w := &wishart{
		weigher: newWeigher(e), df: float64(n - 1), start: slices.Clone(e.v),
		lower: withOutcome(predictors, outcome), half: make([]float64, k*k),
	}
	for i := range k + 1 {
		w.bartlett = append(w.bartlett, make([]float64, i+1))
		w.sample = append(w.sample, make([]float64, i+1))
	}
	return w
}

// withOutcome is the Cholesky factor of all correlations. In the last row the
// diagonal may be 0, when nothing of the outcome remains unexplained.
func withOutcome(predictors Symmetric, outcome []float64) cholesky {
	k := predictors.k
	all := NewSymmetric(k + 1)
	copy(all.cells, predictors.cells)
	c, _, _ := decompose(all, 0) // ends at the last row, which is empty yet
	last := c.row(k)
	for j, r := range outcome {
		last[j] = (r - dot(c.row(j)[:j], last[:j])) / c.row(j)[j]
	}
	last[k] = math.Sqrt(max(0, 1-dot(last[:k], last[:k])))
	return c
}

// draw draws a matrix. Rows of L·B of length 1 are a triangle of its
// correlations. Turned by the observed eigenvectors they are already nearly
// diagonal, so that few rotations remain.
func (w *wishart) draw(random *stream) {
	for i, row := range w.bartlett {
		for j := range i {
			row[j] = random.normal()
		}
		row[i] = math.Sqrt(random.chiSquare(w.df - float64(i)))
	}
	for i, row := range w.sample {
		clear(row)
		for m, l := range w.lower.row(i) {
			for j, b := range w.bartlett[m] {
				row[j] += float64(l * b)
			}
		}
		length := math.Sqrt(dot(row, row))
		for j := range row {
			row[j] /= length
		}
	}
	last := w.sample[w.k]
	for i := range w.k {
		w.outcome[i] = dot(w.sample[i], last)
	}
	w.turn()
}

// turn makes the predictors' part of the sample a matrix in terms of the
// observed eigenvectors, and finishes its diagonal form.
func (w *wishart) turn() {
	k := w.k
	copy(w.v, w.start)
	clear(w.half)
	for m := range k {
		row := w.half[m*k : m*k+k]
		for i, v := range w.start[m*k : m*k+k] {
			for j, x := range w.sample[i] {
				row[j] += float64(v * x)
			}
		}
	}
	for p := range k {
		for q := range p + 1 {
			sum := dot(w.half[p*k:p*k+k], w.half[q*k:q*k+k])
			w.a[p*k+q], w.a[q*k+p] = sum, sum
		}
	}
	// Chance leaves two or three digits of the ends of an interval.
	w.diagonalize(1e-5)
}
