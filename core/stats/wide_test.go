package stats

import (
	"encoding/json"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// Int does what math/big does, modulo 2^128.
func TestIntAgreesWithBig(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	edges := []int64{0, 1, -1, 2, -2, math.MaxInt64, math.MinInt64, 1 << 62, -(1 << 62)}
	number := func() int64 {
		if r.IntN(3) == 0 {
			return edges[r.IntN(len(edges))]
		}
		return int64(r.Uint64()) >> r.IntN(64)
	}
	modulus := new(big.Int).Lsh(big.NewInt(1), 128)
	same := func(what string, got Int, want *big.Int) {
		t.Helper()
		diff := new(big.Int).Sub(got.Big(), want)
		if diff.Mod(diff, modulus).Sign() != 0 {
			t.Fatalf("%s = %v, want %v", what, got.Big(), want)
		}
	}
	for range 20_000 {
		x, y, z := number(), number(), number()
		a, b := Product(x, y), Product(y, z)
		same("product", a, new(big.Int).Mul(big.NewInt(x), big.NewInt(y)))
		same("whole", Whole(x), big.NewInt(x))
		same("plus", a.Plus(b), new(big.Int).Add(a.Big(), b.Big()))
		same("minus", a.Minus(b), new(big.Int).Sub(a.Big(), b.Big()))
		same("times", a.Times(z), new(big.Int).Mul(a.Big(), big.NewInt(z)))
		text, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		var back Int
		if err := json.Unmarshal(text, &back); err != nil || back != a {
			t.Fatalf("%s read back as %v, %v", text, back.Big(), err)
		}
	}
}

func TestIntRefusesWhatItCannotHold(t *testing.T) {
	for _, text := range []string{"1.5", "1e3", `"7"`, "170141183460469231731687303715884105728", "null", "--1"} {
		var i Int
		if err := i.UnmarshalJSON([]byte(text)); err == nil {
			t.Errorf("%s was read as %v", text, i.Big())
		}
	}
}
