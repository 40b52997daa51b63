package stats

import (
	"math"
	"slices"
)

// Resampling says how a bootstrap is run.
type Resampling struct {
	// Key determines the random numbers: the same key gives the same interval,
	// to the last bit, on every machine. It should name what is estimated.
	Key string
	// Replicates is how many samples are drawn; 0 stands for
	// DefaultReplicates.
	Replicates int
	// Level is the confidence, 0 to 1 exclusive.
	Level float64
}

// DefaultReplicates leaves an end of an interval at 0.95 uncertain by 6 % of
// the standard error of the estimate.
const DefaultReplicates = 2000

func (r Resampling) replicates() int {
	if r.Replicates > 0 {
		return r.Replicates
	}
	return DefaultReplicates
}

// interval is the percentile interval of an estimate (Efron 1979) from its
// replicates, which it reorders.
func (r Resampling) interval(replicates []float64) Interval {
	tail := (1 - r.Level) / 2
	return Interval{quantile(replicates, tail), quantile(replicates, 1-tail)}
}

// MeanBootstrap is what resampling says of a mean.
type MeanBootstrap struct {
	Interval Interval
	SD       float64 // of the resampled means
	Exact    bool    // all possible resamples were taken, none by chance
}

// enough is the number of all resamples up to which each of them is taken.
const enough = 1_000_000

// BootstrapMean is the percentile interval of the mean of values (Efron 1979):
// from as many values drawn from them with replacement, again and again, with
// R's quantile type 7. The order of the values does not matter. Up to seven
// values all resamples are taken, 7⁷ = 823,543 at most, and chance has no part
// in it.
//
// For small samples it is too short: MeanInterval is the better one, unless the
// values are far from normally distributed.
//
// It is undefined without values (NoAnswers), for values that are not finite
// (Contradiction) and an impossible level (BadLevel).
func BootstrapMean(values []float64, how Resampling) (MeanBootstrap, Undefined) {
	switch {
	case !(how.Level > 0 && how.Level < 1):
		return MeanBootstrap{}, BadLevel
	case len(values) == 0:
		return MeanBootstrap{}, NoAnswers
	case slices.ContainsFunc(values, func(v float64) bool { return !(math.Abs(v) < 1e150) }):
		return MeanBootstrap{}, Contradiction
	}
	values = slices.Clone(values)
	slices.Sort(values)
	means := allMeans(values)
	exact := means != nil
	if !exact {
		means = drawnMeans(values, newStream(how.Key), how.replicates())
	}
	return MeanBootstrap{SD: spread(means, exact), Interval: how.interval(means), Exact: exact}, ""
}

// allMeans are the means of all resamples, or nil if there are too many.
func allMeans(values []float64) []float64 {
	n := len(values)
	count := 1
	for range n {
		if count *= n; count > enough {
			return nil
		}
	}
	means := make([]float64, 0, count)
	drawn := make([]int, n) // counts up in base n
	for range count {
		sum := 0.0
		for _, i := range drawn {
			sum += values[i]
		}
		means = append(means, sum/float64(n))
		for at := range drawn {
			if drawn[at]++; drawn[at] < n {
				break
			}
			drawn[at] = 0
		}
	}
	return means
}

func drawnMeans(values []float64, random *stream, replicates int) []float64 {
	n := uint64(len(values))
	means := make([]float64, replicates)
	for b := range means {
		sum := 0.0
		for range n {
			sum += values[random.below(n)]
		}
		means[b] = sum / float64(n)
	}
	return means
}

// spread is the standard deviation of replicates: with n where they are all
// there are, else with n-1.
func spread(replicates []float64, all bool) float64 {
	n, mean, squares := float64(len(replicates)), 0.0, 0.0
	for _, v := range replicates {
		mean += v / n
	}
	for _, v := range replicates {
		squares += float64((v - mean) * (v - mean))
	}
	if !all {
		n = max(n-1, 1)
	}
	return math.Sqrt(squares / n)
}

// quantile is the value under which lies the share p of all values, between
// neighbors by straight line: type 7 of Hyndman and Fan (1996), R's default.
// It reorders the values, of which there must be one or more.
func quantile(values []float64, p float64) float64 {
	place := float64(p * float64(len(values)-1))
	below := int(place)
	partition(values, below)
	low := values[below]
	share := place - float64(below)
	if share == 0 || below+1 == len(values) {
		return low
	}
	high := slices.Min(values[below+1:])
	return low + float64(share*(high-low))
}

// partition reorders values so that the one with that rank stands at its place
// and none after it is smaller (Hoare 1961). It is much faster than sorting.
func partition(values []float64, rank int) {
	low, high := 0, len(values)-1
	for low < high {
		middle := values[low+(high-low)/2]
		i, j := low, high
		for i <= j {
			for values[i] < middle {
				i++
			}
			for values[j] > middle {
				j--
			}
			if i <= j {
				values[i], values[j] = values[j], values[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case rank <= j:
			high = j
		case rank >= i:
			low = i
		default:
			return
		}
	}
}
