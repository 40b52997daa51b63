package journal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// tryOpen opens like mustOpen and walks everything.
func tryOpen(t testing.TB, dir string, keys ...string) (entries []Entry, err error) {
	t.Helper()
	fence, err := NewFence(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer fence.Close()
	j, err := open(context.Background(), quick(), 0, dir, "hubspot", portal, fence)
	if err != nil {
		return nil, err
	}
	defer j.Close(false)
	for _, key := range keys {
		e, err := j.Look(key)
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	_, err = j.Look("\xff") // to the very end
	return entries, err
}

// withLog makes a journal folder with a log and, unless it is "", a snapshot.
func withFiles(t testing.TB, dir, snapshot, log string) {
	t.Helper()
	folder := journalFolder(t, dir)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{snapshotName: snapshot, logName: log} {
		path := filepath.Join(folder, name)
		err := os.Remove(path)
		if text != "" {
			err = os.WriteFile(path, []byte(text), 0o600)
		} else if errors.Is(err, os.ErrNotExist) {
			err = nil
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// sum makes lines of objects.
func sum(objects ...string) string {
	var out []byte
	for _, object := range objects {
		out = appendLine(out, func(b []byte) []byte { return append(b, object...) })
	}
	return string(out)
}

const (
	intentA  = `{"intent":"a","revision":"r"}`
	settledA = `{"settled":"a","revision":"r","status":"created"}`
	intentB  = `{"intent":"b","revision":"r"}`
	logHead  = `{"log":1,"follows":0}`
	runLine  = `{"run":"x","attempt":1}`
)

// A log that was cut at any byte is what a crash leaves: what is in the whole
// lines holds, and the journal goes on from there.
func TestCutLog(t *testing.T) {
	objects := []string{logHead, runLine, intentA, settledA, intentB}
	log := sum(objects...)
	dir := t.TempDir()
	for cut := range len(log) + 1 {
		withFiles(t, dir, "", log[:cut])
		whole := strings.Count(log[:cut], "\n")
		want := []Entry{{}, {InDoubt: whole > 4}}
		switch {
		case whole > 3:
			want[0] = Entry{Revision: "r", Status: "created"}
		case whole > 2:
			want[0] = Entry{InDoubt: true}
		}
		j := mustOpen(t, dir)
		if got := []Entry{mustLook(t, j, "a"), mustLook(t, j, "b")}; !reflect.DeepEqual(got, want) {
			t.Fatalf("cut at %d: %+v, want %+v", cut, got, want)
		}
		// What is added after the cut is read again.
		mustIntend(t, j, Intent{"c", "r"})
		mustClose(t, j, false)
		if got, err := tryOpen(t, dir, "a", "b", "c"); err != nil || !got[2].InDoubt || !reflect.DeepEqual(got[:2], want) {
			t.Fatalf("cut at %d, then added to: %+v, %v", cut, got, err)
		}
	}
}

// A byte that changed is found. Where the system had promised to keep it, and
// where more follows, that is damage; at the very end it is like a cut.
func TestChangedLog(t *testing.T) {
	kept := sum(logHead, runLine, intentA)
	log := kept + sum(settledA, fmt.Sprintf(`{"durable":%d}`, len(kept)))
	dir := t.TempDir()
	for at := range len(log) {
		for _, flip := range []byte{1, 0x80} {
			changed := []byte(log)
			changed[at] ^= flip
			withFiles(t, dir, "", string(changed))
			got, err := tryOpen(t, dir, "a")
			var damaged *DamagedError
			if at < len(kept) {
				line := strings.Count(log[:at], "\n") + 1
				if !errors.As(err, &damaged) || damaged.Line != line || filepath.Base(damaged.File) != logName || damaged.Hint() == "" {
					t.Fatalf("changed at %d: %+v, %v, want damage in line %d", at, got, err, line)
				}
			} else if err != nil || !got[0].InDoubt && got[0].Revision != "r" {
				t.Fatalf("changed at %d, behind what is durable: %+v, %v", at, got, err)
			}
		}
	}
}

func TestBadLogs(t *testing.T) {
	const snapshot = `{"snapshot":1,"generation":3,"run":"x","attempt":1,"finished":true}`
	good := sum(snapshot, `{"key":"a","revision":"r","status":"created"}`, `{"entries":1}`)
	tests := map[string]struct {
		snapshot, log string
		file          string // "": it is good
		line          int
	}{
		"good":                    {good, sum(`{"log":1,"follows":3}`), "", 0},
		"merged already":          {good, sum(`{"log":1,"follows":2}`, intentA), "", 0},
		"begun anew and cut":      {good, "0000", "", 0},
		"an older log":            {good, sum(`{"log":1,"follows":1}`), logName, 1},
		"a newer log":             {good, sum(`{"log":1,"follows":4}`), logName, 1},
		"no log":                  {good, "", logName, 0},
		"no snapshot":             {"", sum(`{"log":1,"follows":3}`), snapshotName, 0},
		"no object":               {"", sum(logHead, `7`), logName, 2},
		"unknown line":            {"", sum(logHead, `{"what":1}`), logName, 2},
		"unknown status":          {"", sum(logHead, `{"settled":"a","revision":"r","status":"what"}`), logName, 2},
		"nothing acknowledged":    {"", sum(logHead, `{"settled":"a","status":"created"}`), logName, 2},
		"two sorts in one":        {"", sum(logHead, `{"settled":"a","intent":"a","status":"retry"}`), logName, 2},
		"NUL in a key":            {"", sum(logHead, `{"intent":"a\u0000"}`), logName, 2},
		"no head":                 {"", sum(runLine), logName, 1},
		"bad head":                {"", "x\n" + sum(runLine, intentA), logName, 1},
		"bad head of nothing":     {"", "x\n" + sum(runLine), "", 0},
		"too long for a cut head": {"", strings.Repeat("x", maxHead+1), logName, 1},
		"durable beyond itself":   {"", sum(logHead, `{"durable":9999}`), logName, 2},
		"blank line":              {"", sum(logHead) + "\n" + sum(runLine, fmt.Sprintf(`{"durable":%d}`, len(sum(logHead))+1)), logName, 2},
	}
	for name, tt := range tests {
		dir := t.TempDir()
		withFiles(t, dir, tt.snapshot, tt.log)
		_, err := tryOpen(t, dir, "a")
		var damaged *DamagedError
		switch {
		case tt.file == "":
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		case !errors.As(err, &damaged), filepath.Base(damaged.File) != tt.file, damaged.Line != tt.line:
			t.Errorf("%s: %v, want damage in line %d of %s", name, err, tt.line, tt.file)
		}
		// What is not understood is left as it is.
		if text, err := os.ReadFile(filepath.Join(journalFolder(t, dir), logName)); tt.file != "" && tt.log != "" && (err != nil || string(text) != tt.log) {
			t.Errorf("%s: the log was changed: %v", name, err)
		}
	}
}

func TestLaterVersion(t *testing.T) {
	for name, files := range map[string][2]string{
		snapshotName: {sum(`{"snapshot":2}`), sum(logHead)},
		logName:      {"", sum(`{"log":2}`)},
	} {
		dir := t.TempDir()
		withFiles(t, dir, files[0], files[1])
		_, err := tryOpen(t, dir)
		var later *VersionError
		if !errors.As(err, &later) || later.Version != 2 || filepath.Base(later.File) != name || later.Hint() == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

var snapshotObjects = []string{
	`{"snapshot":1,"generation":1,"run":"x","attempt":1,"finished":false}`,
	`{"key":"a","revision":"r","status":"created","remote":[{"type":"company","id":"7"}]}`,
	`{"key":"b","doubt":true}`,
	`{"entries":2}`,
}

// A snapshot that was cut or changed anywhere is damage, whether it is walked
// or merged.
func TestChangedSnapshot(t *testing.T) {
	text := sum(snapshotObjects...)
	dir := t.TempDir()
	for step, log := range map[int]string{1: sum(`{"log":1,"follows":1}`), 5: sum(`{"log":1,"follows":1}`, `{"intent":"z"}`)} {
		check := func(changed string, at int) {
			t.Helper()
			withFiles(t, dir, changed, log)
			got, err := tryOpen(t, dir, "a", "b")
			var damaged *DamagedError
			line := max(1, min(strings.Count(text[:at], "\n")+1, strings.Count(changed, "\n")+1))
			if !errors.As(err, &damaged) || damaged.Line > line || damaged.Line < line-1 || filepath.Base(damaged.File) != snapshotName {
				t.Fatalf("at %d: %+v, %v, want damage in line %d", at, got, err, line)
			}
			if now, err := os.ReadFile(filepath.Join(journalFolder(t, dir), snapshotName)); err != nil || string(now) != changed {
				t.Fatalf("at %d: the snapshot was replaced", at)
			}
		}
		for at := 1; at < len(text); at += step {
			check(text[:at], at)
		}
		for at := 0; at < len(text); at += step {
			changed := []byte(text)
			changed[at] ^= 1
			check(string(changed), at)
		}
	}
}

func TestBadSnapshots(t *testing.T) {
	o := snapshotObjects
	for name, text := range map[string]string{
		"out of order":    sum(o[0], o[2], o[1], o[3]),
		"twice":           sum(o[0], o[1], o[1], o[3]),
		"miscounted":      sum(o[0], o[1], o[3]),
		"after the end":   sum(o[0], o[1], o[2], o[3], o[2]),
		"two heads":       sum(o[0], o[0], o[1], o[2], o[3]),
		"no head":         sum(o[1], o[2], o[3]),
		"no generation":   sum(`{"snapshot":1}`, o[1], o[2], o[3]),
		"bad entry":       sum(o[0], `{"key":"a","revision":7}`, o[2], o[3]),
		"empty key":       sum(o[0], `{"key":"","revision":"r"}`, `{"key":"a"}`, o[3]),
		"no object":       sum(o[0], `7`, o[1], o[2], o[3]),
		"half a line":     sum(o...)[:len(sum(o...))-1],
		"nothing":         "\n",
		"carriage return": strings.ReplaceAll(sum(o...), "\n", "\r\n"),
	} {
		dir := t.TempDir()
		withFiles(t, dir, text, sum(`{"log":1,"follows":1}`))
		_, err := tryOpen(t, dir, "a", "b")
		var damaged *DamagedError
		if !errors.As(err, &damaged) || filepath.Base(damaged.File) != snapshotName {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A journal that some other one's files were moved into is not believed.
func TestForeignFolder(t *testing.T) {
	dir := t.TempDir()
	mustClose(t, mustOpen(t, dir), true)
	path := filepath.Join(journalFolder(t, dir), aboutName)
	if err := os.WriteFile(path, []byte(`{"exporter":"hubspot","target":"148"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	var damaged *DamagedError
	if _, err := tryOpen(t, dir); !errors.As(err, &damaged) || damaged.File != path {
		t.Errorf("%v", err)
	}
	// One that can't be read is for people alone, and made anew.
	if err := os.WriteFile(path, []byte(`{`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := tryOpen(t, dir); err != nil {
		t.Error(err)
	}
	if a, err := readAbout(filepath.Dir(path)); err != nil || a.Label != "Acme" {
		t.Errorf("%+v, %v", a, err)
	}
}
