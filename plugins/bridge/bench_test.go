package bridge

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/plugins/host"
)

// BenchmarkExport sends records to a destination that acknowledges them and does
// nothing: one in Go on package sdk, and scripts behind the bridge.
func BenchmarkExport(b *testing.B) {
	exporters := map[string][]string{
		"sdk":   {"sdk"},
		"go":    {"bridge", os.Args[0], "lazy"},
		"shell": {"bridge", "sh", "-c", lazyShell},
		"node":  {"bridge", "node", "-e", lazyNode},
	}
	for _, size := range []int{200, 20000} {
		var records []*record.Record
		for i := range 1000 {
			records = append(records, job(b, fmt.Sprintf("s%06d", i), strings.Repeat("x", size)))
		}
		items, err := host.Items(records)
		if err != nil {
			b.Fatal(err)
		}
		for _, name := range []string{"sdk", "go", "node", "shell"} {
			if name == "shell" && size > 1000 {
				continue // a shell reads a byte at a time
			}
			b.Run(fmt.Sprintf("%s/bytes=%d", name, size), func(b *testing.B) {
				p, err := host.Launch(context.Background(), host.Command{Path: os.Args[0], Args: exporters[name]}, host.Options{})
				if err != nil {
					b.Skip(err)
				}
				defer p.Close()
				if _, err := p.Configure(context.Background(), nil, false); err != nil {
					b.Fatal(err)
				}
				for b.Loop() {
					r, err := p.Export(context.Background(), host.Request{Next: host.Each(items), Count: len(items)})
					if err != nil {
						b.Fatal(err)
					}
					_ = r.Close()
				}
				b.ReportMetric(float64(b.N*len(records))/b.Elapsed().Seconds(), "records/s")
			})
		}
	}
}

const lazyDescription = `{"description":{"name":"test","version":"1.0.0","summary":"does nothing","capabilities":{"idempotency":"upsert"}}}`

const lazyShell = `while read -r line; do case $line in
'{"describe"'*) echo '` + lazyDescription + `';;
'{"configure"'*) echo '{"configured":{"target":{"id":"t"}}}';;
'{"batch"'*) seq=${line#*:*:}; echo '{"ack":{"seq":'${seq%%,*}'}}';;
'{"end"'*) echo '{"done":{}}';;
esac; done`

const lazyNode = `
const say = (m) => process.stdout.write(JSON.stringify(m) + "\n");
require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
	const m = JSON.parse(line);
	if (m.describe) console.log('` + lazyDescription + `');
	if (m.configure) say({ configured: { target: { id: "t" } } });
	if (m.batch) say({ ack: { seq: m.batch.seq } });
	if (m.end) say({ done: {} });
});`
