package stats

import (
	"crypto/sha256"
	"math"
	"math/bits"
	"math/rand/v2"
)

// stream is a stream of random numbers that a key determines: ChaCha8 seeded
// with the key's SHA-256. Only the generator's raw bits are taken from the
// standard library, which guarantees them; what is made from them uses nothing
// whose last bit depends on the processor. It is for one goroutine.
type stream struct {
	bits  *rand.ChaCha8
	edge  [layers + 1]float64 // right edges of the ziggurat's layers, from the widest
	share [layers]float64     // of a layer's width that the one above it covers
}

// The ziggurat covers half of the normal density with layers of one area.
const (
	layers = 128
	// lastEdge is where the tail begins, which belongs to the lowest layer: the
	// one place from which 128 layers of equal area end at the top.
	lastEdge = 3.442619855896652
)

func newStream(key string) *stream {
	s := &stream{bits: rand.NewChaCha8(sha256.Sum256([]byte(key)))}
	area := float64(lastEdge*bell(lastEdge)) + float64(root2Pi*NormalCDF(-lastEdge))
	s.edge[0], s.edge[1] = area/bell(lastEdge), lastEdge
	for i := 1; i < layers-1; i++ {
		s.edge[i+1] = math.Sqrt(-2 * ln(area/s.edge[i]+bell(s.edge[i])))
	}
	for i := range s.share {
		s.share[i] = s.edge[i+1] / s.edge[i]
	}
	return s
}

// bell is the normal density, with 1 at its top.
func bell(x float64) float64 { return exp(-float64(x*x) / 2) }

// uniform is evenly distributed over 0-1, both ends excluded.
func (s *stream) uniform() float64 {
	return (float64(s.bits.Uint64()>>12) + 0.5) * 0x1p-52
}

// below is evenly distributed over 0 to n-1, for n > 0 (Lemire 2019).
func (s *stream) below(n uint64) uint64 {
	high, low := bits.Mul64(s.bits.Uint64(), n)
	if low < n {
		for least := -n % n; low < least; {
			high, low = bits.Mul64(s.bits.Uint64(), n)
		}
	}
	return high
}

// normal is a standard normal variable, by the ziggurat method (Marsaglia and
// Tsang 2000) with Doornik's (2005) correction: layer and place in it come from
// different bits.
func (s *stream) normal() float64 {
	for {
		raw := s.bits.Uint64()
		i := raw % layers
		u := (float64(raw>>12)+0.5)*0x1p-51 - 1
		x := float64(u * s.edge[i])
		switch {
		case math.Abs(u) < s.share[i]:
			return x
		case i == 0:
			return math.Copysign(s.tail(), u)
		}
		low, high := bell(s.edge[i]), bell(s.edge[i+1])
		if low+float64(s.uniform()*(high-low)) < bell(x) {
			return x
		}
	}
}

// tail is the absolute value of a normal variable that exceeds lastEdge
// (Marsaglia 1964).
func (s *stream) tail() float64 {
	for {
		x := -ln(s.uniform()) / lastEdge
		if -2*ln(s.uniform()) > float64(x*x) {
			return lastEdge + x
		}
	}
}

// chiSquare is a chi-squared variable with df >= 1 degrees of freedom, by the
// method of Marsaglia and Tsang (2000), which needs 2 of them.
func (s *stream) chiSquare(df float64) float64 {
	if df < 2 {
		x := s.normal()
		return float64(x * x)
	}
	d := df/2 - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := s.normal()
		v := 1 + float64(c*x)
		if v <= 0 {
			continue
		}
		v = float64(v * v * v)
		u, square := s.uniform(), float64(x*x)
		if u < 1-float64(0.0331*float64(square*square)) ||
			ln(u) < square/2+float64(d*(1-v+ln(v))) {
			return 2 * d * v
		}
	}
}
