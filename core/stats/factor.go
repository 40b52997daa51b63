package stats

import (
	"cmp"
	"math"
	"slices"
)

const (
	// heywood is the share of an item's variance under which its own part is
	// taken for zero. Where zero is just the best value the misfit is so flat
	// that a search ends a little before it.
	heywood = 1e-5
	// curvature is how much the misfit must at least bend in every direction
	// for the loadings to be determined: with less, they would be known to
	// less than half of their digits.
	curvature = 1e-8
	// settled is how far from the best loadings a search may end; some 1e-15
	// is usual.
	settled = 1e-9
	// noise is what rounding can make of a misfit, as a share of the absolute
	// values that are summed in it.
	noise = 1e-14

	warmUp   = 12  // steps of the EM algorithm before Newton's method
	maxSteps = 200 // of Newton's method; some ten are usual

	// startWork is how many items may have a turn as a start, times the square
	// of the number of items: 1/k² of it each.
	startWork = 1200
)

// factorModel is a one-factor model of k items of variance 1: loadings and the
// square roots of the uniquenesses. With roots for parameters no uniqueness
// can become negative, and where the best one would be, the search runs
// into zero as fast as into any other solution.
type factorModel struct {
	k               int
	loadings, roots []float64
}

// factorFit fits the one-factor model to positive definite correlations by
// maximum likelihood. Some matrices have several best fits in their own
// neighborhood, so the search is made from every start; the one with the least
// misfit counts, the earlier start where rounding can't tell two apart. That is
// so for an end that is no answer as well: what fits worse than it is none
// either.
func factorFit(correlations Symmetric) (factorModel, Undefined) {
	best := factorPoint{misfit: math.Inf(1)}
	for _, start := range factorStarts(correlations) {
		end := searchFactor(correlations, start)
		if end.misfit < best.misfit-end.noise {
			best = end
		}
	}
	if math.IsInf(best.misfit, 1) {
		return factorModel{}, Unidentified
	}
	why := best.proper()
	for i, x := range best.roots {
		best.roots[i] = math.Abs(x)
	}
	return best.factorModel, why
}

// factorStarts are where the search for the best fit sets out from: loadings of
// .6 and uniquenesses of .64, even-handed; the item that is most correlated with
// the others; and each item in turn, as if it were all but the factor itself,
// since a fit that another one hides from these two has a leading item. A search
// takes time by k³ and more, and many items have hardly more than one best fit.
// So only as many items have a turn as startWork allows, those first that are
// most correlated with the others: all of up to ten, three of 20, none of 40.
func factorStarts(correlations Symmetric) []factorModel {
	even := newFactorModel(correlations.k)
	for i := range even.k {
		even.loadings[i], even.roots[i] = 0.6, 0.8
	}
	order := byCorrelation(correlations)
	starts := []factorModel{even, startFrom(correlations, order[0], 0.8)}
	for _, item := range order[:min(even.k, startWork/(even.k*even.k))] {
		starts = append(starts, startFrom(correlations, item, 0.97))
	}
	return starts
}

// proper says why the end of a search is not an answer: an item's own part
// is gone, the misfit does not bend upwards in all directions, or it still
// leads somewhere.
func (p factorPoint) proper() Undefined {
	if slices.ContainsFunc(p.roots, func(x float64) bool { return float64(x*x) < heywood }) {
		return Heywood
	}
	factor, _, ok := decompose(p.hessian.plusDiagonal(-curvature), 0)
	if !ok {
		return Unidentified
	}
	ahead := slices.Clone(p.gradient)
	factor.solve(ahead)
	if !(longest(ahead) < settled) {
		return Unidentified
	}
	return ""
}

func newFactorModel(k int) factorModel {
	return factorModel{k, make([]float64, k), make([]float64, k)}
}

// byCorrelation are the places of the items, the one that is most correlated
// with the others first.
func byCorrelation(correlations Symmetric) []int {
	order, sums := make([]int, correlations.k), make([]float64, correlations.k)
	for i := range correlations.k {
		order[i] = i
		for j := range correlations.k {
			sums[i] += float64(correlations.At(i, j) * correlations.At(i, j))
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(sums[j], sums[i]) })
	return order
}

// startFrom makes a start from one item, taken for a mixture of factor and
// noise in which the factor has this loading.
func startFrom(correlations Symmetric, item int, loading float64) factorModel {
	m := newFactorModel(correlations.k)
	for i := range m.k {
		m.loadings[i] = loading * correlations.At(i, item)
		m.roots[i] = math.Sqrt(1 - float64(m.loadings[i]*m.loadings[i]))
	}
	return m
}

// improve makes one step of the EM algorithm (Rubin and Thayer 1982), which
// never worsens the fit and leaves uniquenesses positive.
func (m factorModel) improve(correlations Symmetric) {
	weights := make([]float64, m.k) // of the items in the estimate of the factor
	precision := 1.0
	for i, x := range m.roots {
		weights[i] = m.loadings[i] / x / x
		precision += float64(weights[i] * m.loadings[i])
	}
	for i := range weights {
		weights[i] /= precision
	}
	shared, spread := make([]float64, m.k), 1/precision
	for i := range m.k {
		for j, w := range weights {
			shared[i] += float64(correlations.At(i, j) * w)
		}
		spread += float64(shared[i] * weights[i])
	}
	for i, s := range shared {
		m.loadings[i] = s / spread
		m.roots[i] = math.Sqrt(max(1-float64(m.loadings[i]*s), heywood))
	}
}

// factorPoint is a model with its misfit to the correlations R and the
// derivatives of that by loadings and roots, in this order. For the model's
// correlations S the misfit is log|S| + tr(R/S), up to a constant and a
// factor minus the log likelihood.
type factorPoint struct {
	factorModel
	misfit   float64
	noise    float64 // what of misfit may be rounding
	gradient []float64
	slope    float64 // largest absolute value in the gradient
	hessian  Symmetric
}

// searchFactor goes downhill to the nearest best fit: with some steps of the
// EM algorithm into its neighborhood, then by Newton's method, damped
// (Levenberg 1944; Marquardt 1963) where that would lead astray. It ends when
// steps have no length, or floating point leads no further down.
func searchFactor(correlations Symmetric, m factorModel) factorPoint {
	for range warmUp {
		m.improve(correlations)
	}
	at, ok := factorAt(correlations, m)
	if !ok {
		return factorPoint{factorModel: m, misfit: math.Inf(1)}
	}
	damping, refused := 0.0, 0
	for range maxSteps {
		move, gain, ok := at.move(damping)
		if ok {
			next, possible := factorAt(correlations, at.minus(move))
			ok = possible && at.better(next, gain)
			if !ok && gain < at.noise {
				refused++
			}
			if ok {
				at = next
			}
			if (damping == 0 && longest(move) < 1e-14) || refused > 3 {
				break
			}
		}
		if ok {
			damping, refused = damping/8, 0
			if damping < 1e-9 {
				damping = 0
			}
		} else {
			damping = max(4*damping, 1e-6)
		}
	}
	return at
}

// better says that the next point is progress. Close to the end, misfits
// differ by less than their rounding, and slopes decide.
func (p factorPoint) better(next factorPoint, gain float64) bool {
	if gain < p.noise {
		return next.slope < p.slope
	}
	return next.misfit <= p.misfit-gain/1e4
}

// move is a damped Newton step, downhill and not longer than half a unit, and
// gain the improvement of the fit that the derivatives promise for it. There
// is none where the damping is too small for the misfit to bend upwards.
func (p factorPoint) move(damping float64) (move []float64, gain float64, ok bool) {
	factor, _, ok := decompose(p.hessian.plusDiagonal(damping), 0)
	if !ok {
		return nil, 0, false
	}
	move = slices.Clone(p.gradient)
	factor.solve(move)
	part := min(1, 0.5/longest(move))
	if !(part > 0) {
		return nil, 0, false
	}
	gain = float64(part*(1-part/2)) * dot(p.gradient, move)
	for i := range move {
		move[i] = float64(move[i] * part)
	}
	return move, gain, true
}

func longest(move []float64) float64 {
	most := 0.0
	for _, d := range move {
		most = max(most, math.Abs(d))
	}
	return most
}

// minus is the model after a move downhill.
func (m factorModel) minus(move []float64) factorModel {
	next := newFactorModel(m.k)
	for i := range m.k {
		next.loadings[i] = m.loadings[i] - move[i]
		next.roots[i] = m.roots[i] - move[m.k+i]
	}
	return next
}

func (s Symmetric) plusDiagonal(v float64) Symmetric {
	sum := Symmetric{s.k, slices.Clone(s.cells)}
	for i := range s.k {
		sum.Set(i, i, s.At(i, i)+v)
	}
	return sum
}

// factorAt computes misfit and derivatives at a model; there are none where
// the model's correlations have no inverse.
func factorAt(correlations Symmetric, m factorModel) (p factorPoint, ok bool) {
	model, excess := NewSymmetric(m.k), NewSymmetric(m.k)
	for i := range m.k {
		for j := range i + 1 {
			s := float64(m.loadings[i] * m.loadings[j])
			if i == j {
				s += float64(m.roots[i] * m.roots[i])
			}
			model.Set(i, j, s)
			excess.Set(i, j, s-correlations.At(i, j))
		}
	}
	factor, _, ok := decompose(model, 1e-14)
	if !ok {
		return p, false
	}
	w := factor.inverse()
	a, surplus := sandwich(w, excess)
	p = factorPoint{factorModel: m, misfit: factor.logDeterminant() - surplus}
	for i, v := range model.cells {
		p.noise += math.Abs(float64(noise * v * w.cells[i]))
	}
	p.differentiate(w, a)
	return p, true
}

// sandwich is WEW and tr(EW), for the inverse W of the model's correlations
// S and their excess E = S-R. W - WRW and k - tr(RW) are the same, but lose
// their digits where items are much alike and W is large.
func sandwich(w, excess Symmetric) (a Symmetric, trace float64) {
	k := w.k
	full, half := w.square(), make([]float64, k*k) // W, and EW
	for i := range k {
		row := half[i*k : i*k+k]
		for l := range k {
			e := excess.At(i, l)
			for j, v := range full[l*k : l*k+k] {
				row[j] += float64(e * v)
			}
		}
		trace += row[i]
	}
	a = NewSymmetric(k)
	for i := range k {
		row := make([]float64, k)
		for l, v := range full[i*k : i*k+k] {
			for j, h := range half[l*k : l*k+i+1] {
				row[j] += float64(v * h)
			}
		}
		for j := range i + 1 {
			a.Set(i, j, row[j])
		}
	}
	return a, trace
}

// square is the matrix with all its cells, row by row.
func (s Symmetric) square() []float64 {
	full := make([]float64, s.k*s.k)
	for i := range s.k {
		for j := range s.k {
			full[i*s.k+j] = s.At(i, j)
		}
	}
	return full
}

// differentiate makes the gradient and the Hessian from W and a = WEW. The
// first differential of the misfit is tr(a dS), the second one
// tr(W dS W dS) - 2 tr(W dS a dS) + tr(a d²S), for S = λλ' + diag(x²).
func (p *factorPoint) differentiate(w, a Symmetric) {
	k := p.k
	p.gradient, p.hessian = make([]float64, 2*k), NewSymmetric(2*k)
	wl, al := w.times(p.loadings), a.times(p.loadings)
	c, d := dot(p.loadings, wl), dot(p.loadings, al)
	for i := range k {
		p.gradient[i] = 2 * al[i]
		p.gradient[k+i] = 2 * float64(p.roots[i]*a.At(i, i))
		p.slope = max(p.slope, math.Abs(p.gradient[i]), math.Abs(p.gradient[k+i]))
		for j := range i + 1 {
			wij, aij := w.At(i, j), a.At(i, j)
			p.hessian.Set(i, j, 2*(float64((c-d)*wij)+float64((1-c)*aij)+
				float64(wl[i]*wl[j])-float64(al[i]*wl[j])-float64(wl[i]*al[j])))
			xx := float64(p.roots[i] * p.roots[j])
			p.hessian.Set(k+i, k+j, 4*float64(float64(xx*wij)*(wij-2*aij)))
		}
		p.hessian.Set(k+i, k+i, p.hessian.At(k+i, k+i)+2*a.At(i, i))
		for j := range k {
			wij, aij := w.At(i, j), a.At(i, j)
			cross := float64(wij*(wl[i]-al[i])) - float64(aij*wl[i])
			p.hessian.Set(k+i, j, 4*float64(p.roots[i]*cross))
		}
	}
}

// times is the product of the matrix with a vector.
func (s Symmetric) times(v []float64) []float64 {
	product := make([]float64, s.k)
	for i := range product {
		for j, x := range v {
			product[i] += float64(s.At(i, j) * x)
		}
	}
	return product
}
