package conformance

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/plugins/host"
)

// programVar tells the test binary which exporter to be; without it, it runs
// the tests.
const programVar = "FIRSTCALL_TEST_EXPORTER"

func TestMain(m *testing.M) {
	if mode, ok := os.LookupEnv(programVar); ok {
		be(mode)
		return
	}
	os.Exit(m.Run())
}

// program is this binary as an exporter: "files" or "destination", and after a
// space what it does wrong.
func program(t testing.TB, mode string) Program {
	t.Helper()
	p := Program{
		Command: host.Command{
			Name: "test", Path: os.Args[0], Args: []string{"-test.run=^$"},
			// Under the race detector a program sleeps before it ends, unless
			// told not to.
			Env: []string{programVar + "=" + mode, "GORACE=atexit_sleep_ms=0"},
		},
		Settings: map[string]string{"state": "-"},
	}
	if strings.HasPrefix(mode, "destination") {
		p.Settings["state"] = filepath.Join(t.TempDir(), "shelf.json")
		p.Target = "shelf-1"
	}
	return p
}

// quick is patient enough for a busy machine, and not more. Its large record is
// none.
func quick(t testing.TB) Options {
	return Options{HostVersion: "0.1.0", TempDir: place(t), Patience: 3 * time.Second, LargeRecord: 64 << 10}
}

// tooLarge is more than most gRPC libraries take unless told otherwise.
const tooLarge = 4<<20 + 1

// place is a folder for sockets. At the end of the test nothing may be left in
// it.
func place(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "fc")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
		_ = os.RemoveAll(dir)
	})
	return dir
}

// test runs the kit, which is expected to come to its end.
func test(t testing.TB, p Program, opts Options) *Report {
	t.Helper()
	report, err := Run(context.Background(), p, opts)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// ids lists the checks that ended so.
func ids(r *Report, s Status) []string {
	var out []string
	for _, one := range r.Results {
		if one.Status == s {
			out = append(out, one.Check.ID)
		}
	}
	return out
}

// tell logs what failed, for whoever has to find out why.
func tell(t testing.TB, r *Report) {
	t.Helper()
	for _, one := range r.Results {
		if one.Status == Failed || one.Status == NotRun {
			t.Logf("%s %s: %s", one.Check.ID, one.Status, one.Seen)
		}
	}
}

// wantIDs checks which checks ended so.
func wantIDs(t testing.TB, r *Report, s Status, want ...string) bool {
	t.Helper()
	got := ids(r, s)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", s, got, want)
		tell(t, r)
		return false
	}
	return true
}
