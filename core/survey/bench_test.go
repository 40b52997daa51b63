package survey

import (
	"bytes"
	"encoding/csv"
	"io"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
)

// wideFile is 200,000 rows of a department and 39 answers from 1 to 5, one in
// fifty left out.
var wideFile = sync.OnceValue(func() []byte {
	random := rand.New(rand.NewPCG(1, 2))
	departments := []string{"Front desk", "Kitchen", "Sales", "Workshop"}
	b := []byte("Department")
	for i := range 39 {
		b = append(b, ",q"...)
		b = strconv.AppendInt(b, int64(i+1), 10)
	}
	for range 200_000 {
		b = append(b, '\n')
		b = append(b, departments[random.IntN(len(departments))]...)
		for range 39 {
			b = append(b, ',')
			if random.IntN(50) > 0 {
				b = append(b, byte('1'+random.IntN(5)))
			}
		}
	}
	return append(b, '\n')
})

// quotedFile is wideFile with every cell in quotes, as some tools write it.
var quotedFile = sync.OnceValue(func() []byte {
	b := bytes.ReplaceAll(wideFile(), []byte(","), []byte(`","`))
	b = bytes.ReplaceAll(b[:len(b)-1], []byte("\n"), []byte("\"\n\""))
	return append(append([]byte(`"`), b...), "\"\n"...)
})

func BenchmarkReader(b *testing.B) {
	for _, file := range []struct {
		name string
		data []byte
	}{{"plain", wideFile()}, {"quoted", quotedFile()}} {
		b.Run(file.name+"/survey", func(b *testing.B) {
			b.SetBytes(int64(len(file.data)))
			b.ReportAllocs()
			for b.Loop() {
				r, err := NewReader("bench.csv", bytes.NewReader(file.data))
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
		b.Run(file.name+"/encoding-csv", func(b *testing.B) {
			b.SetBytes(int64(len(file.data)))
			b.ReportAllocs()
			for b.Loop() {
				r := csv.NewReader(bytes.NewReader(file.data))
				r.ReuseRecord = true
				var err error
				for err == nil {
					_, err = r.Read()
				}
				if err != io.EOF {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRows(b *testing.B) {
	req := Request{Instrument: likert(39), By: [][]string{{"Department"}}}
	b.SetBytes(int64(len(wideFile())))
	b.ReportAllocs()
	for b.Loop() {
		rows, err := Open("bench.csv", bytes.NewReader(wideFile()), req)
		if err != nil {
			b.Fatal(err)
		}
		if err := each(rows, func(*Respondent) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
