package vision

import (
	"os"
	"strings"
	"testing"
)

// proseOf gives so many bytes of prose made of the public statements, or of our
// examples where those are not there.
func proseOf(b *testing.B, size int) string {
	var texts []string
	if data, err := os.ReadFile(sharedRatings); err == nil {
		for i, line := range strings.Split(string(data), "\n") {
			if c := strings.Split(line, "\t"); i > 0 && len(c) > 3 {
				texts = append(texts, c[3])
			}
		}
	} else {
		for _, r := range Rules() {
			texts = append(append(texts, r.Examples.Bad...), r.Examples.Good...)
		}
	}
	var out strings.Builder
	for i := 0; out.Len() < size; i++ {
		out.WriteString(texts[i%len(texts)])
		out.WriteString(" ")
		if i%5 == 4 {
			out.WriteString("\n\n")
		}
	}
	return out.String()
}

// BenchmarkJudge looks through long and short texts with all rules.
func BenchmarkJudge(b *testing.B) {
	for _, size := range []struct {
		name  string
		bytes int
	}{{"1MB", 1 << 20}, {"10KB", 10 << 10}, {"400B", 400}} {
		text := proseOf(b, size.bytes)
		rules := Rules()
		memory := &Memory{}
		b.Run(size.name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				Judge(Statement{ID: "x", Text: text}, Options{Rules: rules, Memory: memory})
			}
		})
	}
}
