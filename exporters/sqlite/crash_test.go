package sqlite

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// contextCanceledAfter is canceled when it has been asked a number of times.
func contextCanceledAfter(n int32) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	return &countdown{Context: ctx, cancel: cancel, left: n}, cancel
}

type countdown struct {
	context.Context
	cancel context.CancelFunc
	left   int32
}

func (c *countdown) Err() error {
	if atomic.AddInt32(&c.left, -1) <= 0 {
		c.cancel()
	}
	return c.Context.Err()
}

// numbered makes a record of a plan that says in each of its rows which one it is.
func numbered(subject, n int) sdk.Record {
	plan := record.Plan{Of: "c/folder/x", Title: fmt.Sprint(n)}
	for i := range 40 {
		plan.Actions = append(plan.Actions, record.Action{ID: fmt.Sprint(i), What: strings.Repeat("x", 500), Origin: "review", Why: fmt.Sprint(n)})
	}
	of := &record.Record{Key: fmt.Sprintf("c/folder/%d", subject), Kind: record.KindFolder, Client: record.Client{ID: "c"}}
	rec, err := record.NewPlan(of, plan)
	if err != nil {
		panic(err)
	}
	sent, err := sdk.NewRecord(rec)
	if err != nil {
		panic(err)
	}
	return sent
}

// writeUntilKilled writes batches, the records of each of which are of one number, and
// says so. With FIRSTCALL_TEST_SPILL it stops within a transaction of which a part is in
// the file.
func writeUntilKilled(path string) {
	opened, err := Exporter{}.Open(ctx, mustConfig(path), false)
	if err != nil {
		panic(err)
	}
	s := opened.(*session)
	for n := 1; ; n++ {
		batch := []sdk.Record{numbered(1, n), numbered(2, n), numbered(3, n)}
		if os.Getenv("FIRSTCALL_TEST_SPILL") != "" && n > 1 {
			if _, err := s.db.ExecContext(ctx, "PRAGMA cache_size = 1"); err != nil {
				panic(err)
			}
			_ = s.transaction(ctx, func(w *writer) error {
				ready, _, _ := prepare(ctx, batch)
				for _, r := range ready {
					if _, err := w.write(ctx, r); err != nil {
						panic(err)
					}
				}
				fmt.Println("spilled")
				select {}
			})
		}
		if _, err := s.Write(ctx, sdk.Run{}, batch); err != nil {
			panic(err)
		}
		fmt.Println(n)
	}
}

func mustConfig(path string) sdk.Config {
	cfg, err := sdk.ParseConfig(Exporter{}.Info().Config, []byte(`{"path":"`+filepath.ToSlash(path)+`"}`), nil)
	if err != nil {
		panic(err)
	}
	return cfg
}

// killed starts a writer, and kills it some time after it has said something.
func killed(t *testing.T, path, says string, after time.Duration, env ...string) {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(append(os.Environ(), "FIRSTCALL_TEST_WRITE="+path), env...)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() && lines.Text() != says {
	}
	time.Sleep(after)
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait()
}

// consistent holds that all records of a database are of one batch, with all their rows.
func consistent(t *testing.T, path string) {
	t.Helper()
	sound(t, path)
	got := query(t, path, `SELECT count(DISTINCT why), count(*), count(DISTINCT key) FROM plans`)
	records := query(t, path, `SELECT count(*) FROM records`)
	if !slices.Equal(got, []string{"1|120|3"}) || records[0] != "3" {
		t.Fatalf("%q of %q records", got, records)
	}
}

// TestKilled: a writer that is killed at any moment leaves a whole database.
func TestKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	for i := range 6 {
		killed(t, path, "1", time.Duration(7*i)*time.Millisecond)
		s := begin(t, path) // as the next run does
		plans(t, s, numbered(1, 0))
		if got := write(t, s, numbered(1, 0), numbered(2, 0), numbered(3, 0)); !slices.Equal(got, repeat(sdk.Updated, 3)) {
			t.Errorf("%v", got)
		}
		consistent(t, path)
		s.Close()
	}
}

// TestKilledWithin: where a part of a transaction is in the file when the writer is
// killed, a plan sees what was there before it and changes no byte; the next export
// puts it in order.
func TestKilledWithin(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.db")
	killed(t, path, "spilled", 0, "FIRSTCALL_TEST_SPILL=1")
	before := folder(t, dir)
	if _, left := before["x.db-journal"]; !left {
		t.Fatal("nothing was left to be put in order")
	}
	s := begin(t, path)
	if got := statuses(plans(t, s, numbered(1, 1), numbered(2, 2), numbered(4, 1))); !slices.Equal(got, []sdk.Status{sdk.Unchanged, sdk.Updated, sdk.Created}) {
		t.Errorf("planned: %v", got)
	}
	if after := folder(t, dir); !equal(before, after) {
		t.Error("the plan left a trace")
	}
	if got := write(t, s, numbered(1, 1), numbered(2, 1), numbered(3, 1)); !slices.Equal(got, repeat(sdk.Unchanged, 3)) {
		t.Errorf("%v", got)
	}
	s.Close()
	consistent(t, path)
}

// TestLog: a database that somebody has switched to a write-ahead log is used like any
// other, and a plan leaves no trace.
func TestLog(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	dir := t.TempDir()
	path := filepath.Join(dir, "x.db")
	s := begin(t, path)
	write(t, s, numbered(1, 1))
	s.Close()
	execute(t, path, "PRAGMA journal_mode = WAL")
	look := func() {
		t.Helper()
		before := folder(t, dir)
		s := begin(t, path)
		if got := statuses(plans(t, s, numbered(1, 1), numbered(2, 1), numbered(3, 1))); !slices.Equal(got, []sdk.Status{sdk.Unchanged, sdk.Unchanged, sdk.Created}) && len(before) > 1 {
			t.Errorf("planned: %v", got)
		}
		if after := folder(t, dir); !equal(before, after) {
			t.Error("the plan left a trace")
		}
	}
	look()
	s = begin(t, path)
	write(t, s, numbered(2, 1)) // which now stands in the log
	look()
	s.Close()
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
		t.Errorf("copies are left: %v, %v", left, err)
	}
	sound(t, path)
}
