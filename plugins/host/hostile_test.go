package host

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/journal"
)

// hostile are destinations that mean no good, or might as well not. Each takes
// one batch as it should before it shows what it is.
func hostile() map[string]func() {
	after := func(n int, evil func(s exportServer, b *pb.Batch)) func() {
		seen := 0
		return func() {
			serveRaw(raw{caps: oneByOne(), export: func(s exportServer) error {
				return batches(s, func(b *pb.Batch) *pb.Ack {
					if seen++; seen > n {
						evil(s, b)
					}
					return accepted(b)
				})
			}})
		}
	}
	return map[string]func(){
		"hostile:floods": after(1, func(exportServer, *pb.Batch) {
			for line := []byte(strings.Repeat("all work and no play ", 50) + "\n"); ; {
				_, _ = os.Stdout.Write(line)
			}
		}),
		"hostile:never ready": func() {
			fmt.Println("almost there")
			forever()
		},
		"hostile:hangs": after(1, func(exportServer, *pb.Batch) { forever() }),
		"hostile:hungry": after(1, func(exportServer, *pb.Batch) {
			var held [][]byte
			for {
				piece := make([]byte, 16<<20)
				for i := 0; i < len(piece); i += 4096 {
					piece[i] = 1
				}
				held = append(held, piece)
				runtime.KeepAlive(held)
				time.Sleep(time.Millisecond)
			}
		}),
		"hostile:acks twice": after(1, func(s exportServer, b *pb.Batch) {
			_ = s.Send(&pb.ExportResponse{Message: &pb.ExportResponse_Ack{Ack: accepted(b)}})
			_ = s.Send(&pb.ExportResponse{Message: &pb.ExportResponse_Ack{Ack: accepted(b)}})
			forever()
		}),
		"hostile:leaves": after(1, func(exportServer, *pb.Batch) { os.Exit(0) }),
		"hostile:liar":   func() { serveRaw(raw{name: "markdown", caps: oneByOne()}) },
	}
}

func oneByOne() *pb.Capabilities {
	return &pb.Capabilities{Idempotency: pb.Capabilities_IDEMPOTENCY_LOOKUP, MaxBatchRecords: 1, MaxInFlight: 1}
}

// Whatever an exporter does, the host ends in bounded time and says what it was,
// nothing is left running, and the journal knows what was acknowledged and what
// is in doubt.
func TestHostile(t *testing.T) {
	tests := []struct {
		name, want string
		known      int    // records that the journal knows as acknowledged
		doubt      string // the one that is in doubt, or may be
	}{
		{"floods", "silent for 700ms", 1, "s000001?"},
		{"never ready", "not ready within 1.5s", 0, ""},
		{"hangs", "silent for 700ms", 1, "s000001?"},
		{"hungry", "used more than 150 MiB of memory", 1, "s000001?"},
		{"acks twice", "acknowledged batch 2, which was not sent or was acknowledged before", 2, "s000002?"},
		{"leaves", "ended: exit status 0", 1, "s000001?"},
		{"liar", "calls itself markdown", 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.name == "hungry" && runtime.GOOS != "linux" {
				t.Skip("how much memory a process holds is known on Linux only")
			}
			state, pid := t.TempDir(), filepath.Join(t.TempDir(), "pid")
			within(t, 25*time.Second, func() { exportToHostile(t, tt.name, tt.want, state, pid) })
			wantGone(t, pid)
			after := &portal1{&shelf{}}
			r, err := remembered(context.Background(), t, state, after, Request{}, jobs(t, 4, 1))
			if err != nil || r.Summary != (Summary{Known: tt.known, Created: 4 - tt.known}) {
				t.Errorf("the next run: %+v, error %v", r, err)
			}
			doubted := strings.Join(slices.DeleteFunc(sent(after.shelf), func(line string) bool { return !strings.Contains(line, "?") }), " ")
			// The next batch may have gone before the second answer came, or not.
			if may := tt.name == "acks twice" && doubted == ""; doubted != tt.doubt && !may {
				t.Errorf("in doubt are %q, want %q", doubted, tt.doubt)
			}
		})
	}
}

func exportToHostile(t *testing.T, name, want, state, pid string) {
	fence, err := journal.NewFence(state)
	if err != nil {
		t.Fatal(err)
	}
	defer fence.Close()
	cmd := command("hostile:"+name, pidVar+"="+pid)
	cmd.Fence = fence
	opts := Options{
		TempDir: place(t), StartTimeout: 1500 * time.Millisecond, StallTimeout: 700 * time.Millisecond,
		CloseTimeout: 200 * time.Millisecond, MemoryLimit: 150 << 20,
	}
	if name == "hungry" {
		opts.StallTimeout = 20 * time.Second // it takes as long as the machine needs to hand out memory
	}
	p, err := Launch(context.Background(), cmd, opts)
	if err != nil {
		wantPluginError(t, err, map[bool]Stage{true: StageDescribe, false: StageStart}[name == "liar"], want)
		return
	}
	defer p.Close()
	c := configure(t, p, "")
	j, err := journal.Open(context.Background(), state, "test", journal.Target{ID: c.TargetID}, fence)
	if err != nil {
		t.Fatal(err)
	}
	r, err := runWith(context.Background(), t, p.Export, Request{Journal: j}, jobs(t, 4, 1))
	pe := wantPluginError(t, err, StageExport, want)
	if len(pe.Stderr) > 2*ringBytes || r.Summary.Records() != 4 {
		t.Errorf("%d bytes of output, %+v", len(pe.Stderr), r.Summary)
	}
	if err := j.Close(false); err != nil {
		t.Error(err)
	}
}
