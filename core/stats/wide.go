package stats

import (
	"fmt"
	"math/big"
	"math/bits"
)

// Int is a whole number of 128 bits, for sums that an int64 may not hold:
// those of squares of decimals in small units. It wraps around like Go's own
// integers. The zero value is 0.
type Int struct {
	hi int64
	lo uint64
}

// Whole is x as an Int.
func Whole(x int64) Int { return Int{x >> 63, uint64(x)} }

// Product is the exact product of two factors.
func Product(x, y int64) Int {
	hi, lo := bits.Mul64(uint64(x), uint64(y))
	// Mul64 takes its factors as unsigned: a negative one counts 2^64 too much.
	return Int{int64(hi) - (x>>63)&y - (y>>63)&x, lo}
}

// Plus is a + b.
func (a Int) Plus(b Int) Int {
	lo, carry := bits.Add64(a.lo, b.lo, 0)
	hi, _ := bits.Add64(uint64(a.hi), uint64(b.hi), carry)
	return Int{int64(hi), lo}
}

// Minus is a - b.
func (a Int) Minus(b Int) Int {
	lo, borrow := bits.Sub64(a.lo, b.lo, 0)
	hi, _ := bits.Sub64(uint64(a.hi), uint64(b.hi), borrow)
	return Int{int64(hi), lo}
}

// Times is a · x.
func (a Int) Times(x int64) Int {
	hi, lo := bits.Mul64(a.lo, uint64(x))
	return Int{int64(hi) + a.hi*x - int64(a.lo&uint64(x>>63)), lo}
}

// Big is the same number as a big.Int of its own.
func (a Int) Big() *big.Int {
	b := big.NewInt(a.hi)
	return b.Lsh(b, 64).Add(b, new(big.Int).SetUint64(a.lo))
}

// short is the same number where it has no more than 31 bits, so that a
// difference of products of two such numbers fits an int64.
func (a Int) short() (x int64, ok bool) {
	x = int64(a.lo)
	return x, a.hi == x>>63 && x > -1<<31 && x < 1<<31
}

// MarshalText writes the number in decimal.
// Float64 gives the number, rounded to the nearest.
func (a Int) Float64() float64 {
	if x, ok := a.short(); ok {
		return float64(x)
	}
	x, _ := new(big.Float).SetInt(a.Big()).Float64()
	return x
}

func (a Int) MarshalText() ([]byte, error) { return a.Big().Append(nil, 10), nil }

// MarshalJSON writes the number as a JSON number, with all its digits.
func (a Int) MarshalJSON() ([]byte, error) { return a.MarshalText() }

// UnmarshalJSON reads a JSON number without a fraction or exponent. It fails
// when the number has more than 128 bits.
func (a *Int) UnmarshalJSON(text []byte) error {
	b, ok := new(big.Int).SetString(string(text), 10)
	if !ok || b.BitLen() > 127 {
		return fmt.Errorf("%.50q is not a whole number of up to 128 bits", text)
	}
	a.lo = new(big.Int).And(b, new(big.Int).SetUint64(^uint64(0))).Uint64()
	a.hi = new(big.Int).Rsh(b, 64).Int64()
	return nil
}
