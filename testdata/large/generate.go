//go:build ignore

// Generate writes a large survey to standard output, always the same one: 40
// items in 8 dimensions on a scale from 1 to 5, 200 departments, 3 roles, one
// answer in fifty left empty.
//
//	go run testdata/large/generate.go -rows 10000000 > /tmp/large.csv
//
// Score it with testdata/large/survey.toml.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
)

const (
	departments = 200
	dimensions  = 8
	items       = 5
)

var roles = [...]string{"Front line", "Front line", "Front line", "Supervisor", "Manager"}

func main() {
	rows := flag.Int("rows", 10_000_000, "how many respondents")
	flag.Parse()
	if err := write(*rows); err != nil {
		log.Fatal(err)
	}
}

func write(rows int) error {
	w := bufio.NewWriterSize(os.Stdout, 1<<20)
	fmt.Fprint(w, "department,role")
	for d := range dimensions {
		for i := range items {
			fmt.Fprintf(w, ",d%d-%d", d+1, i+1)
		}
	}
	r := rand.New(rand.NewPCG(20, 26))
	line := make([]byte, 0, 256)
	for range rows {
		department := r.IntN(departments)
		line = fmt.Appendf(line[:0], "\nDepartment %03d,%s", department+1, roles[r.IntN(len(roles))])
		mood := r.IntN(5) - 2
		for d := range dimensions {
			level := 2*d + department%7 + 3*mood + r.IntN(9) // what the person thinks of the dimension
			for i := range items {
				line = append(line, ',')
				if r.IntN(50) == 0 {
					continue
				}
				answer := 1 + min(4, max(0, (level+r.IntN(16)-6)/5))
				if i == items-1 { // reverse-keyed
					answer = 6 - answer
				}
				line = append(line, byte('0'+answer))
			}
		}
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	fmt.Fprintln(w)
	return w.Flush()
}
