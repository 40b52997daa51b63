package jsonrows

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"testing"
)

// wideFile is 20,000 respondents with a department and 42 answers from 1 to 5,
// one in fifty left out.
var wideFile = sync.OnceValue(func() []byte {
	random := rand.New(rand.NewPCG(1, 2))
	departments := []string{"Front desk", "Kitchen", "Sales", "Workshop"}
	var b bytes.Buffer
	for i := range 20_000 {
		fmt.Fprintf(&b, `{"id": %d, "department": %q, "culture": {"q0": 3`, i, departments[random.IntN(len(departments))])
		for q := range 41 {
			if random.IntN(50) > 0 {
				fmt.Fprintf(&b, `, "q%d": %d`, q+1, 1+random.IntN(5))
			}
		}
		b.WriteString("}}\n")
	}
	return b.Bytes()
})

func BenchmarkReader(b *testing.B) {
	file := wideFile()
	b.Run("jsonrows", func(b *testing.B) {
		b.SetBytes(int64(len(file)))
		b.ReportAllocs()
		for b.Loop() {
			r, err := Open("bench.ndjson", bytes.NewReader(file))
			if err != nil {
				b.Fatal(err)
			}
			for err == nil {
				_, err = r.Next()
			}
			if err != io.EOF {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.SetBytes(int64(len(file)))
		b.ReportAllocs()
		for b.Loop() {
			d := json.NewDecoder(bytes.NewReader(file))
			var err error
			for err == nil {
				var v map[string]any
				err = d.Decode(&v)
			}
			if err != io.EOF {
				b.Fatal(err)
			}
		}
	})
}
