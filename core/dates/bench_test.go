package dates

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// prose is text as job descriptions have it, with a date in about every 500 bytes.
const sample = `The Circulation Clerk greets patrons at the desk, answers the telephone within three rings and
checks materials in and out. The clerk works 20 hours a week between 9-5, 24/7 coverage is not required, and lifts
up to 40 pounds. Salary range: $41,500.00 - $52,300.00. Applicants need two years of experience with Windows 7 or
SQL Server 2008+, and a valid license (42 U.S.C. 12101). This job description was last revised on 4 March 2021.
`

func BenchmarkStamps(b *testing.B) {
	text := strings.Repeat(sample, 200)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		Stamps(text)
	}
}

func BenchmarkStampsJobs(b *testing.B) {
	files, _ := filepath.Glob("../../../shared/jobs/files/*")
	if len(files) == 0 {
		b.Skip("the job descriptions are not here")
	}
	var all strings.Builder
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			b.Fatal(err)
		}
		all.Write(text)
	}
	b.SetBytes(int64(all.Len()))
	b.ReportAllocs()
	for b.Loop() {
		Stamps(all.String())
	}
}

func TestNoAllocations(t *testing.T) {
	text := strings.Repeat("Answers 80 calls a day, 24/7, within 3 to 5 rings, as in Section 4-2-18 of 1990; call 213-473-9100. ", 50)
	if n := testing.AllocsPerRun(10, func() {
		if Find(text) != nil || Stamps(text) != nil || Intervals(text) != nil {
			t.Error("found a date where there is none")
		}
	}); n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
}
