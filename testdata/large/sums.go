//go:build ignore

// Sums reads a survey made by generate.go with encoding/csv and does nothing
// but count and sum up the answers to each item by department: the least that a
// program in Go does without a reader of its own. See compare.go.
package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
)

type sums struct{ n, x, xx [40]int64 }

func main() {
	f, err := os.Open(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.ReuseRecord = true
	if _, err := r.Read(); err != nil {
		log.Fatal(err)
	}
	groups := map[string]*sums{}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			log.Fatal(err)
		}
		s := groups[row[0]]
		if s == nil {
			s = &sums{}
			groups[string([]byte(row[0]))] = s
		}
		for i, cell := range row[2:] {
			if cell == "" {
				continue
			}
			x := int64(cell[0] - '0')
			s.n[i]++
			s.x[i] += x
			s.xx[i] += x * x
		}
	}
	fmt.Println(len(groups), "groups")
}
