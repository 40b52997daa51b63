package trust

import (
	"crypto/rand"
	"testing"
)

// BenchmarkPrepare copies and checks a program of 15 MB, as before every start.
func BenchmarkPrepare(b *testing.B) {
	p := newPlaces(b)
	text := make([]byte, 15<<20)
	_, _ = rand.Read(text)
	put(b, p.UserFolder(), "large", string(text))
	lockNow(b, p, p.UserFolder(), "large")
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		program, err := Find(p, "large")
		if err != nil {
			b.Fatal(err)
		}
		ready, err := program.Prepare()
		if err != nil {
			b.Fatal(err)
		}
		if err := ready.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
