//go:build unix

package host

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net"
	"net/rpc"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/plugins/journal"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

var (
	tortureSeed  = flag.Uint64("torture.seed", 0, "seed of the killing; 0: a new one")
	tortureKills = flag.Int("torture.kills", 200, "how many times a process is killed")
)

// What the processes of the torture are told by the environment.
const (
	storeVar = "FIRSTCALL_TEST_STORE" // socket of the store
	stateVar = "FIRSTCALL_TEST_STATE" // folder of the journal
	kindVar  = "FIRSTCALL_TEST_KIND"  // "upsert" or "lookup"
)

// tortureRecords is how many records the torture exports.
const tortureRecords = 10_000

// Host and exporter are killed again and again, at any moment: between a write at
// the destination and its acknowledgement, between an acknowledgement and the
// journal, while the journal is merged. In the end every record is there once.
func TestTorture(t *testing.T) {
	if testing.Short() {
		*tortureKills = 20
	}
	for _, kind := range []string{"upsert", "lookup"} {
		t.Run(kind, func(t *testing.T) {
			seed := *tortureSeed
			if seed == 0 {
				seed = rand.Uint64()
			}
			t.Logf("seed: -torture.seed %d", seed)
			torture(t, kind, rand.New(rand.NewPCG(seed, 0)))
		})
	}
}

func torture(t *testing.T, kind string, rng *rand.Rand) {
	dir := place(t)
	s := newStore(t, filepath.Join(dir, "s"))
	state := t.TempDir()
	for kill := range *tortureKills {
		r := startTorture(t, dir, state, kind)
		// By count of operations, so that every run gets somewhere and dies at
		// the worst moments; by the clock, for the moments between.
		switch rng.IntN(4) {
		case 0:
			go func(pause time.Duration, victim int) {
				time.Sleep(pause)
				r.kill(victim)
			}(time.Duration(rng.IntN(120_000))*time.Microsecond, rng.IntN(3))
		default:
			victim := rng.IntN(3)
			s.trap(1+rng.IntN(2*tortureRecords/max(*tortureKills, 1)), func() { r.kill(victim) })
		}
		if code, n := r.wait(t), s.len(); code == 0 && n < tortureRecords {
			t.Fatalf("kill %d: the host says all is written, and %d of %d records are", kill, n, tortureRecords)
		}
		s.trap(0, nil)
	}
	if code := startTorture(t, dir, state, kind).wait(t); code != 0 {
		t.Fatalf("the last run, which nobody killed, ended with %d", code)
	}
	missing, twice := 0, 0
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range tortureRecords {
		switch n := len(s.objects[tortureKey(i)]); {
		case n == 0:
			missing++
		case n > 1:
			twice++
		}
	}
	t.Logf("%d kills, %d records: %d missing, %d twice; the destination was written to %d times", *tortureKills, tortureRecords, missing, twice, s.writes)
	if missing+twice > 0 || len(s.objects) != tortureRecords {
		t.Errorf("%d missing, %d twice, %d keys in all", missing, twice, len(s.objects))
	}
	left, _ := filepath.Glob(filepath.Join(state, "fences", "*"))
	if len(left) > 1 { // one may be of the last run that was killed, until the next sweep
		t.Errorf("fences left: %v", left)
	}
	_ = os.Remove(filepath.Join(dir, "s"))
	removeAll(t, dir)
}

// removeAll removes what killed hosts could not: the folders of their sockets.
func removeAll(t *testing.T, dir string) {
	left, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, l := range left {
		if err := os.RemoveAll(l); err != nil {
			t.Error(err)
		}
	}
}

func tortureKey(i int) string { return fmt.Sprintf("acme/job/s%06d", i) }

// tortured is one run of a host that is going to be killed.
type tortured struct {
	cmd *exec.Cmd
	pid string // file that holds the process id of the exporter
}

func startTorture(t *testing.T, dir, state, kind string) *tortured {
	t.Helper()
	r := &tortured{pid: filepath.Join(state, "pid")}
	_ = os.Remove(r.pid)
	r.cmd = exec.Command(os.Args[0], "-test.run=^$")
	r.cmd.Env = append(os.Environ(),
		modeVar+"=torture-host", pidVar+"=", "GORACE=atexit_sleep_ms=0",
		storeVar+"="+filepath.Join(dir, "s"), stateVar+"="+state, kindVar+"="+kind, "TMPDIR="+dir)
	r.cmd.Stderr = os.Stderr
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return r
}

// kill ends the host, the exporter, or both, without a warning.
func (r *tortured) kill(victim int) {
	if victim != 0 {
		if text, err := os.ReadFile(r.pid); err == nil {
			if pid, err := strconv.Atoi(string(text)); err == nil {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		}
	}
	if victim != 1 {
		_ = r.cmd.Process.Kill()
	}
}

func (r *tortured) wait(t *testing.T) int {
	t.Helper()
	_ = r.cmd.Wait()
	return r.cmd.ProcessState.ExitCode()
}

func torturePrograms() map[string]func() {
	return map[string]func(){
		"torture-host":     tortureHost,
		"torture-exporter": func() { sdk.Serve(&tortureExporter{}) },
	}
}

// tortureHost is a run of a host: it exports all records and ends with 0 when all
// are written.
func tortureHost() {
	ctx := context.Background()
	state := os.Getenv(stateVar)
	fence, err := journal.NewFence(state)
	must(err)
	defer fence.Close()
	cmd := command("torture-exporter", pidVar+"="+filepath.Join(state, "pid"), storeVar+"="+os.Getenv(storeVar), kindVar+"="+os.Getenv(kindVar))
	cmd.Fence = fence
	p, err := Launch(ctx, cmd, Options{RetryBase: time.Millisecond})
	if died(err) {
		os.Exit(5)
	}
	must(err)
	defer p.Close()
	configured, err := p.Configure(ctx, nil, false)
	if died(err) {
		os.Exit(5)
	}
	must(err)
	j, err := journal.Open(ctx, state, "test", journal.Target{ID: configured.TargetID}, fence)
	must(err)
	items := make([]Item, tortureRecords)
	for i := range items {
		items[i] = Item{Key: tortureKey(i), Kind: "job", Revision: "1", JSON: []byte(`{}`)}
	}
	result, err := p.Export(ctx, Request{Next: Each(items), Journal: j})
	if err != nil && !died(err) {
		panic(err)
	}
	must(j.Close(err == nil && result.Summary.Finished()))
	p.Close()
	must(fence.Close())
	if err != nil || result.Summary.Unwritten() > 0 {
		os.Exit(4)
	}
	os.Exit(0)
}

// died reports whether err is the end of the exporter, which was killed.
func died(err error) bool {
	var pe *PluginError
	return errors.As(err, &pe)
}

// tortureExporter writes to the store. It looks for an object only where the host
// says that there may be one: the host must not forget to.
type tortureExporter struct{ store *rpc.Client }

func (*tortureExporter) Info() sdk.Info {
	how := sdk.Upsert
	if os.Getenv(kindVar) == "lookup" {
		how = sdk.Lookup
	}
	return sdk.Info{Name: "test", Version: "1.0.0", Summary: "writes to a store", Idempotency: how, MaxBatchRecords: 20}
}

func (e *tortureExporter) Open(context.Context, sdk.Config, bool) (sdk.Session, error) {
	conn, err := net.Dial("unix", os.Getenv(storeVar))
	if err != nil {
		return nil, err
	}
	return &tortureExporter{rpc.NewClient(conn)}, nil
}

func (*tortureExporter) Target() sdk.Target { return sdk.Target{ID: "store"} }

func (*tortureExporter) Plan(context.Context, sdk.Run, []sdk.Record) ([]sdk.Outcome, error) {
	return nil, nil
}

func (e *tortureExporter) Write(_ context.Context, _ sdk.Run, batch []sdk.Record) ([]sdk.Outcome, error) {
	out := make([]sdk.Outcome, len(batch))
	for i, r := range batch {
		call := "Store.Create"
		if os.Getenv(kindVar) == "upsert" {
			call = "Store.Upsert"
		} else if r.InDoubt {
			call = "Store.FindOrCreate"
		}
		var id string
		if err := e.store.Call(call, r.Key, &id); err != nil {
			return nil, err
		}
		out[i].Remote = []sdk.RemoteObject{{Type: "object", ID: id}}
	}
	return out, nil
}

// store is the destination.
type store struct {
	mu      sync.Mutex
	objects map[string][]string // ids by key
	writes  int
	left    int // operations until the trap closes
	spring  func()
}

func newStore(t *testing.T, path string) *store {
	t.Helper()
	s := &store{objects: map[string][]string{}}
	server := rpc.NewServer()
	if err := server.RegisterName("Store", &storeCalls{s}); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return // the test is over
			}
			go server.ServeConn(conn)
		}
	}()
	return s
}

// len is how many keys there are.
func (s *store) len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.objects)
}

// trap has somebody killed in the midst of the n-th operation from now.
func (s *store) trap(n int, spring func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left, s.spring = n, spring
}

// write is one operation: before it, after it, or between it and its answer
// somebody may die.
func (s *store) write(key string, do func() string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writes++
	s.left--
	closes := s.left == 0 && s.spring != nil
	if closes && s.writes%2 == 0 {
		s.spring()
		closes = false
	}
	id := do()
	if closes {
		s.spring()
	}
	return id
}

func (s *store) create(key string) string {
	id := strconv.Itoa(s.writes)
	s.objects[key] = append(s.objects[key], id)
	return id
}

// storeCalls are what the exporter can ask for.
type storeCalls struct{ s *store }

func (c *storeCalls) Create(key string, id *string) error {
	*id = c.s.write(key, func() string { return c.s.create(key) })
	return nil
}

func (c *storeCalls) FindOrCreate(key string, id *string) error {
	*id = c.s.write(key, func() string {
		if ids := c.s.objects[key]; len(ids) > 0 {
			return strings.Join(ids, " ")
		}
		return c.s.create(key)
	})
	return nil
}

// Upsert makes an object, or finds the one there is.
func (c *storeCalls) Upsert(key string, id *string) error { return c.FindOrCreate(key, id) }
