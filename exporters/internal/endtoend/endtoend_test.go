//go:build unix

// Package endtoend exports many clients to each CRM through the real program, while the
// CRM fails and the program is killed.
package endtoend

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/exporters/internal/faulty"
)

var (
	clients = flag.Int("crm.clients", 300, "how many clients are exported to each CRM")
	seed    = flag.Uint64("crm.seed", 0, "seed of the faults and kills; 0: a new one")
	binary  string // the program
)

func TestMain(m *testing.M) {
	flag.Parse()
	dir, err := os.MkdirTemp("", "firstcall-endtoend-")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "firstcall")
	build := exec.Command("go", "build", "-o", binary, "github.com/firstcall-cli/firstcall/cmd/firstcall")
	build.Stderr = os.Stderr
	code := 1
	if build.Run() == nil {
		code = m.Run()
	}
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// place is a CRM as the test sees it.
type place struct {
	exporter string
	server   http.Handler
	throttle func(http.ResponseWriter)
	settings []string // key=value
	env      []string

	// what gives, by a client's name or key, how many companies, notes and tasks it has.
	companies, notes, tasks func(t *testing.T) map[string]int
	undocumented            func() []string
	rates                   faulty.Rates
	perClient               float64 // about how many calls a client takes
	reason                  string  // for which the poisoned are refused
}

// run is one export of a folder's records.
type run struct {
	dir  string
	args []string
	env  []string
}

func (r *run) command() *exec.Cmd {
	c := exec.Command(binary, r.args...)
	c.Dir, c.Env = r.dir, append(os.Environ(), r.env...)
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return c
}

// export runs to the end, and gives the exit status and what was said.
func (r *run) export() (int, string) {
	var said strings.Builder
	c := r.command()
	c.Stderr = &said
	_ = c.Run()
	return c.ProcessState.ExitCode(), said.String()
}

// killed runs until the CRM has been asked a number of times more. Then the program is
// killed, or only its exporter, which is a process of its own.
func (r *run) killed(t *testing.T, calls *atomic.Int64, more int64, exporter bool) {
	t.Helper()
	c := r.command()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = c.Wait(); close(ended) }()
	for until := calls.Load() + more; calls.Load() < until; {
		select {
		case <-ended:
			t.Log("ended before it was killed")
			return
		case <-time.After(time.Millisecond):
		}
	}
	victim := c.Process.Pid
	if exporter {
		victim = childOf(t, victim)
	}
	_ = syscall.Kill(victim, syscall.SIGKILL)
	<-ended
	if code := c.ProcessState.ExitCode(); exporter && code != 5 {
		t.Errorf("without its exporter the program ended with %d, want 5", code)
	}
}

// childOf is the process that another has started.
func childOf(t *testing.T, pid int) int {
	t.Helper()
	out, err := exec.Command("pgrep", "-P", strconv.Itoa(pid)).Output()
	child, e := strconv.Atoi(strings.TrimSpace(string(out)))
	if err != nil || e != nil {
		t.Fatalf("no child of %d: %v, %q", pid, err, out)
	}
	return child
}

// exportMany is the test: many clients, a CRM that fails, three kills, and then each
// client stands there once. A second run writes nothing.
func exportMany(t *testing.T, p *place) {
	if *seed == 0 {
		*seed = rand.Uint64()
	}
	t.Logf("seed %d, %d clients", *seed, *clients)
	chance := rand.New(rand.NewPCG(*seed, 2))
	handler := faulty.New(p.server, p.rates, *seed)
	handler.Refusal = p.throttle
	var calls atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		handler.ServeHTTP(w, r)
	}))
	server.Config.ErrorLog = nil
	server.Start()
	defer server.Close()

	r := &run{dir: t.TempDir(), env: p.env}
	home := filepath.Join(r.dir, "home")
	r.env = append(r.env, "HOME="+home, "XDG_STATE_HOME="+filepath.Join(home, "state"), "XDG_CONFIG_HOME="+filepath.Join(home, "config"))
	writeRecords(t, filepath.Join(r.dir, "clients.ndjson"), *clients)
	settings := append([]string{"url=" + server.URL}, p.settings...)
	r.args = []string{"export", "--to", p.exporter}
	for _, s := range settings {
		r.args = append(r.args, "--set", s)
	}
	base := r.args
	r.args = append(base[:len(base):len(base)], "--provision", "apply")
	for try := 1; ; try++ { // it is begun again where an answer was lost
		code, said := r.export()
		if code == 0 {
			break
		}
		if try == 5 {
			t.Fatalf("provision ended with %d\n%s", code, said)
		}
	}
	r.args = append(base[:len(base):len(base)], "clients.ndjson")
	begun := time.Now()
	for kill := range 3 {
		r.killed(t, &calls, 5+chance.Int64N(max(1, int64(0.25*p.perClient*float64(*clients)))), kill == 1)
	}
	code, said := r.export()
	for again := 0; code != 4 || strings.Contains(said, "same command again"); again++ { // a CRM that failed too often in a row
		if again == 3 {
			t.Fatalf("ended with %d\n%s", code, said)
		}
		code, said = r.export()
	}
	tooMany, dropped := handler.Failed()
	t.Logf("%v, %d calls, of which %d were put off and %d lost; %s", time.Since(begun).Round(time.Millisecond), calls.Load(), tooMany, dropped, lastLines(said))
	checkOnce(t, p)
	checkRejected(t, r.dir, p.reason)
	if all := p.undocumented(); len(all) > 0 {
		t.Errorf("%d requests that are not documented, such as %s", len(all), all[0])
	}

	before := calls.Load()
	if code, said = r.export(); code != 4 {
		t.Errorf("the second run ended with %d\n%s", code, said)
	}
	if want := fmt.Sprintf("%d there from an earlier run, %d rejected", 2*(*clients-poisonedOf(*clients)), 2*poisonedOf(*clients)); !strings.Contains(said, want) {
		t.Errorf("the second run said not %q:\n%s", want, said)
	}
	t.Logf("second run: %d calls", calls.Load()-before)
	checkOnce(t, p)
}

func lastLines(said string) string {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	return strings.Join(lines[max(0, len(lines)-3):], " | ")
}

func poisonedOf(n int) (sum int) {
	for i := range n {
		if poisoned(i) {
			sum++
		}
	}
	return sum
}

// checkOnce holds that each client has one company, one note and one task, and that a
// poisoned one has nothing.
func checkOnce(t *testing.T, p *place) {
	t.Helper()
	for what, count := range map[string]func(*testing.T) map[string]int{"company": p.companies, "note": p.notes, "task": p.tasks} {
		got := count(t)
		wrong := 0
		for i := range *clients {
			want := 1
			if poisoned(i) {
				want = 0
			}
			if n := got[id(i)]; n != want {
				if wrong++; wrong < 5 {
					t.Errorf("%s has %d of %s, want %d", id(i), n, what, want)
				}
			}
			delete(got, id(i))
		}
		if wrong > 0 || len(got) > 0 {
			t.Errorf("%s: %d clients are not as they should be, %d objects are nobody's", what, wrong, len(got))
		}
	}
}

func modified(t *testing.T, path string) time.Time {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.ModTime()
}

// checkRejected holds that the poisoned are named with their reason, and nobody else is.
func checkRejected(t *testing.T, dir, reason string) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "rejected*.ndjson"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no file of rejected records: %v", err)
	}
	slices.SortFunc(paths, func(a, b string) int { return modified(t, a).Compare(modified(t, b)) })
	f, err := os.Open(paths[len(paths)-1]) // that of the run that came to its end
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	named := map[string]int{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if !strings.Contains(lines.Text(), reason) {
			t.Errorf("no reason in %.300s", lines.Text())
		}
		var line struct {
			Key    string
			Record struct{ Key string }
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		client, _, _ := strings.Cut(line.Key+line.Record.Key, "/")
		named[client]++
	}
	for i := range *clients {
		if want := 0; poisoned(i) {
			want = 2
			if named[id(i)] != want {
				t.Errorf("%s is named %d times", id(i), named[id(i)])
			}
			delete(named, id(i))
		}
	}
	if len(named) > 0 {
		t.Errorf("also named: %v", named)
	}
}
