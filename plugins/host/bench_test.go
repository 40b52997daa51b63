package host

import (
	"context"
	"fmt"
	"testing"
)

// BenchmarkExport sends records to an exporter in a process of its own that
// acknowledges them and does nothing.
func BenchmarkExport(b *testing.B) {
	p := launch(b, "destination", Options{})
	configure(b, p, "")
	for _, size := range []int{200, 20000} {
		b.Run(fmt.Sprintf("bytes=%d", size), func(b *testing.B) {
			records := jobs(b, 1000, size)
			for b.Loop() {
				if _, err := p.Export(context.Background(), Request{Records: records}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N*len(records))/b.Elapsed().Seconds(), "records/s")
		})
	}
}

// BenchmarkLaunch is from the call of Launch to the answer of Describe.
func BenchmarkLaunch(b *testing.B) {
	for b.Loop() {
		p, err := Launch(context.Background(), command("files"), Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		p.Close()
		b.StartTimer()
	}
}

func BenchmarkClose(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		p, err := Launch(context.Background(), command("files"), Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		p.Close()
	}
}
