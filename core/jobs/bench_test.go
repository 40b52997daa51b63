package jobs

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/document"
	"github.com/firstcall-cli/firstcall/core/record"
)

// description makes a description of about size bytes, of sentences picked by a seed.
func description(seed uint64, size int) string {
	r := rand.New(rand.NewPCG(seed, 1))
	sentences := []string{
		"Answers calls from residents and tells them when the plumber comes.", "Records all deliveries in the book and checks them against the order.",
		"Ability to deal tactfully with upset customers.", "Works with the Head of Support on the schedule of each month.", "Ensures that guests feel welcome in the lobby.",
		"Takes part in fire drills and knows the rules for storing paint.", "Five years of experience in a similar position are required.", "Sends reports to the head office by the tenth of each month.",
		"Uses a typewriter, a calculator and a telephone.", "Keeps customer satisfaction at 95 %.", "The contents of this description may be changed at any time.",
	}
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: Clerk %d\nlast_reviewed_on: 20%02d-03-0%d\n---\n\n# Clerk %d\n\nReports to: Head of Support\n\n## Duties\n\n", seed, 15+r.IntN(11), 1+r.IntN(9), seed)
	for b.Len() < size {
		fmt.Fprintf(&b, "- %s In room %d of house %d.\n", sentences[r.IntN(len(sentences))], r.IntN(1000), r.IntN(1000))
		if r.IntN(12) == 0 {
			b.WriteString("\n## Requirements\n\n")
		}
	}
	return b.String()
}

// BenchmarkCheck reads, settles and judges a thousand descriptions of 4 KB and makes
// their records, on one processor but for what Settle does.
func BenchmarkCheck(b *testing.B) {
	const n = 1000
	texts := make([][]byte, n)
	size := 0
	for i := range texts {
		texts[i] = []byte(description(uint64(i), 4<<10))
		size += len(texts[i])
	}
	b.SetBytes(int64(size))
	for b.Loop() {
		set, reader := NewSet(nil, asOf), NewReader(nil, asOf)
		for i, text := range texts {
			name := fmt.Sprintf("%04d.md", i)
			doc, err := document.Read(name, text)
			if err != nil {
				b.Fatal(err)
			}
			set.Add(reader.Read(name, doc))
		}
		set.Settle()
		for _, p := range set.Papers() {
			j := p.Judge(Options{})
			if _, err := record.NewJob(record.Record{}, j.Job); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*n), "us/document")
}
