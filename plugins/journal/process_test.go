package journal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestMain lets tests start this binary as another run of the program.
func TestMain(m *testing.M) {
	if role := os.Getenv("JOURNAL_TEST_ROLE"); role != "" {
		if err := play(role, os.Getenv("JOURNAL_TEST_DIR")); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func play(role, dir string) error {
	if role == "exporter" { // it lives until it is killed, and at most a minute
		time.Sleep(time.Minute)
		return nil
	}
	fence, err := NewFence(dir)
	if err != nil {
		return err
	}
	switch role {
	case "race":
		return playRace(dir, fence)
	case "host":
		return playHost(dir, fence)
	case "write":
		return playWriter(dir, fence)
	case "full":
		return playFull(dir, fence)
	}
	return errors.New("no such role")
}

// playRace waits for a byte, opens the journal, and keeps it until the end of
// its input.
func playRace(dir string, fence *Fence) error {
	fmt.Println("ready")
	if _, err := io.ReadFull(os.Stdin, make([]byte, 1)); err != nil {
		return err
	}
	_, err := open(context.Background(), &disk{}, 0, dir, "hubspot", portal, fence)
	var busy *BusyError
	switch {
	case err == nil:
		fmt.Println("won", os.Getpid())
	case errors.As(err, &busy):
		fmt.Println("busy", busy.PID)
	default:
		return err
	}
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// other is another process that plays a role.
type other struct {
	t   testing.TB
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
}

func start(t testing.TB, role, dir string, more ...string) *other {
	t.Helper()
	o := &other{t: t, cmd: exec.Command(os.Args[0])}
	o.cmd.Env = append(append(os.Environ(), "JOURNAL_TEST_ROLE="+role, "JOURNAL_TEST_DIR="+dir), more...)
	in, err := o.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := o.cmd.StdoutPipe()
	if err == nil {
		err = o.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	o.in, o.out = in, bufio.NewScanner(out)
	t.Cleanup(o.kill)
	return o
}

// says returns the next line that the process prints, and "" when it ended.
func (o *other) says() string {
	o.out.Scan()
	if text := o.out.Text(); !strings.HasPrefix(text, "error:") {
		return text
	}
	o.t.Helper()
	o.t.Fatal(o.out.Text())
	return ""
}

// kill ends the process at once, and waits for that.
func (o *other) kill() {
	_ = o.cmd.Process.Kill()
	_ = o.cmd.Wait()
}

// Of several runs that open a journal at once exactly one gets it, and it is
// the next one's when that has been killed.
func TestOneOfManyRuns(t *testing.T) {
	dir := t.TempDir()
	for range 3 {
		var runs []*other
		for range 5 {
			runs = append(runs, start(t, "race", dir))
		}
		for _, run := range runs {
			if got := run.says(); got != "ready" {
				t.Fatalf("a run says %q", got)
			}
		}
		for _, run := range runs {
			if _, err := run.in.Write([]byte("g")); err != nil {
				t.Fatal(err)
			}
		}
		var won []*other
		for _, run := range runs {
			switch got := run.says(); {
			case got == fmt.Sprint("won ", run.cmd.Process.Pid):
				won = append(won, run)
			case !strings.HasPrefix(got, "busy "):
				t.Fatalf("a run says %q", got)
			}
		}
		if len(won) != 1 {
			t.Fatalf("%d runs have the journal", len(won))
		}
		busyWith(t, dir, won[0].cmd.Process.Pid)
		for _, run := range runs {
			run.kill()
		}
	}
	mustClose(t, mustOpen(t, dir), true)
}

// busyWith expects that the journal of mustOpen is held by a process.
func busyWith(t testing.TB, dir string, pid int) {
	t.Helper()
	fence, err := NewFence(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer fence.Close()
	_, err = open(context.Background(), quick(), 0, dir, "hubspot", portal, fence)
	var busy *BusyError
	if !errors.As(err, &busy) || busy.PID != pid || busy.Exporter != "hubspot" || busy.Target != portal || busy.Hint() == "" {
		t.Fatalf("%v, want it to be busy with %d", err, pid)
	}
	list, err := List(context.Background(), dir)
	if err != nil || len(list) != 1 || !list[0].Busy {
		t.Errorf("the list says %+v, %v", list, err)
	}
}

// Open waits for a run that is about to end, and stops waiting when it is told.
func TestWaiting(t *testing.T) {
	dir := t.TempDir()
	j := mustOpen(t, dir)
	fence, err := NewFence(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer fence.Close()
	time.AfterFunc(300*time.Millisecond, func() { mustClose(t, j, true) })
	after, err := Open(context.Background(), dir, "hubspot", portal, fence)
	if err != nil {
		t.Fatal(err)
	}
	other, err := NewFence(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	ctx, stop := context.WithCancel(context.Background())
	time.AfterFunc(50*time.Millisecond, stop)
	begun := time.Now()
	if _, err := Open(ctx, dir, "hubspot", portal, other); !errors.Is(err, context.Canceled) || time.Since(begun) > 2*time.Second {
		t.Errorf("%v after %v", err, time.Since(begun))
	}
	if err := after.Close(true); err != nil {
		t.Error(err)
	}
}

// A fence opens a journal once at a time, and several journals.
func TestFenceTwice(t *testing.T) {
	dir := t.TempDir()
	fence, err := NewFence(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer fence.Close()
	open := func(dir string, target Target) (*Journal, error) {
		return open(context.Background(), quick(), 0, dir, "hubspot", target, fence)
	}
	first, err := open(dir, portal)
	if err != nil {
		t.Fatal(err)
	}
	other, err := open(dir, Target{ID: "148"})
	if err != nil {
		t.Fatal(err)
	}
	var busy *BusyError
	if _, err := open(dir, portal); !errors.As(err, &busy) || busy.PID != os.Getpid() {
		t.Errorf("a second time: %v", err)
	}
	if err := errors.Join(first.Close(true), other.Close(true)); err != nil {
		t.Fatal(err)
	}
	if first, err = open(dir, portal); err != nil {
		t.Fatalf("again: %v", err)
	}
	if err := first.Close(true); err != nil {
		t.Error(err)
	}
	if _, err := open(t.TempDir(), portal); err != errAbroad {
		t.Errorf("in another folder: %v", err)
	}
	for range 2 {
		if err := fence.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := open(dir, portal); err != errShut {
		t.Errorf("with a closed fence: %v", err)
	}
	if left, err := os.ReadDir(filepath.Join(dir, fencesName)); err != nil || len(left) > 0 {
		t.Errorf("fences %v, %v", left, err)
	}
}

// Fences of runs that are over are removed, those of others stay.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	fences := filepath.Join(dir, fencesName)
	run := start(t, "race", dir)
	if got := run.says(); got != "ready" {
		t.Fatal(got)
	}
	dead := filepath.Join(fences, strings.Repeat("a", 26))
	strange := filepath.Join(fences, "README.md")
	for _, path := range []string{dead, strange} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	fence, err := NewFence(dir)
	if err != nil {
		t.Fatal(err)
	}
	names := func() []string {
		list, err := os.ReadDir(fences)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, entry := range list {
			out = append(out, entry.Name())
		}
		return out
	}
	if got := names(); len(got) != 3 || slices.Contains(got, filepath.Base(dead)) || !slices.Contains(got, fence.name) {
		t.Errorf("%v", got)
	}
	if text, err := os.ReadFile(filepath.Join(fences, fence.name)); err == nil && string(text) != fmt.Sprintln(os.Getpid()) {
		t.Errorf("the fence says %q", text)
	}
	run.kill()
	if err := fence.Close(); err != nil {
		t.Error(err)
	}
	if fence, err = NewFence(dir); err != nil {
		t.Fatal(err)
	}
	if got := names(); len(got) != 2 {
		t.Errorf("%v", got)
	}
	if err := fence.Close(); err != nil {
		t.Error(err)
	}
}

// A new fence is held under its name, whoever sweeps just then.
func TestFencesAtOnce(t *testing.T) {
	dir := t.TempDir()
	var wait sync.WaitGroup
	for range 6 {
		wait.Go(func() {
			for range 100 {
				fence, err := NewFence(dir)
				if err != nil {
					t.Error(err)
					return
				}
				if err := probe(fence.file.Name()); err != errHeld {
					t.Errorf("a new fence: %v", err)
				}
				if err := fence.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	sweep(filepath.Join(dir, fencesName), "")
	if left, err := os.ReadDir(filepath.Join(dir, fencesName)); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
}

// A fence file that says nonsense is not taken for a free one.
func TestBadHolder(t *testing.T) {
	dir := t.TempDir()
	mustClose(t, mustOpen(t, dir), true)
	for _, text := range []string{"", "{}", `{"fence":"../../x","pid":1}`} {
		path := filepath.Join(journalFolder(t, dir), fenceName)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var damaged *DamagedError
		if _, err := tryOpen(t, dir); !errors.As(err, &damaged) || damaged.File != path || !strings.Contains(damaged.Hint(), "remove the file") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

var writerKeys = func() []string {
	var keys []string
	for i := range 40 {
		keys = append(keys, fmt.Sprintf("acme/job/%03d", i))
	}
	return keys
}()

// script is what a writer does: calls of Intend and Settle, by turns.
func script(seed uint64) (calls [][]any) {
	r := rand.New(rand.NewPCG(seed, 1))
	statuses := []string{"created", "updated", "unchanged", "rejected", "retry", "deferred"}
	for n := range 1000 {
		var sent, answered []any
		revision := fmt.Sprint(seed, ".", n)
		for _, i := range r.Perm(len(writerKeys))[:1+r.IntN(8)] {
			sent = append(sent, Intent{writerKeys[i], revision})
			if r.IntN(5) > 0 {
				answered = append(answered, Settlement{Key: writerKeys[i], Revision: revision, Status: statuses[r.IntN(6)], Remote: remote(revision)})
			}
		}
		calls = append(calls, sent, answered)
	}
	return calls
}

// playWriter follows the script and reports each call that has returned.
func playWriter(dir string, fence *Fence) error {
	seed, err := strconv.ParseUint(os.Getenv("JOURNAL_TEST_SEED"), 10, 64)
	if err != nil {
		return err
	}
	calls := script(seed)
	j, err := open(context.Background(), quick(), 0, dir, "hubspot", portal, fence)
	if err != nil {
		return err
	}
	fmt.Println("open")
	for i, call := range calls {
		if err := j.say(call); err != nil {
			return err
		}
		fmt.Println(i + 1)
	}
	return j.Close(true)
}

func (j *Journal) say(call []any) error {
	var (
		sent     []Intent
		answered []Settlement
	)
	for _, s := range call {
		switch s := s.(type) {
		case Intent:
			sent = append(sent, s)
		case Settlement:
			answered = append(answered, s)
		}
	}
	if sent != nil {
		return j.Intend(sent)
	}
	return j.Settle(answered)
}

// TestKilled kills a writing process at any point, many times in a row, and
// holds what the journal has against what the process had reported.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	r := rand.New(rand.NewPCG(1, 2))
	var said []any
	total := 0
	for seed := range uint64(30) {
		writer := start(t, "write", dir, fmt.Sprint("JOURNAL_TEST_SEED=", seed))
		calls, opened := 0, false
		reads := func() bool {
			line := writer.says()
			opened = opened || line != ""
			if n, err := strconv.Atoi(line); err == nil {
				calls = n
			}
			return line != ""
		}
		time.Sleep(time.Duration(r.IntN(5_000)) * time.Microsecond)
		for n := r.IntN(120) - 20; n > 0; n-- { // it goes on while this reads
			reads()
		}
		_ = writer.cmd.Process.Kill()
		for reads() { // to the end: what it reported counts
		}
		_ = writer.cmd.Wait()
		total += calls
		least := len(said)
		said = append(said, begin{})
		script := script(seed)
		for i, call := range script[:min(calls+1, len(script))] {
			said = append(said, call...)
			if opened && i < calls {
				least = len(said)
			}
		}
		has, err := check(t, dir, writerKeys, said, least)
		if err != nil {
			t.Fatalf("killed %d times, last after %d calls: %v", seed+1, calls, err)
		}
		said = append(said[:has], begin{})
	}
	t.Logf("%d calls", total)
	if total < 100 {
		t.Errorf("only %d calls were made", total)
	}
}
