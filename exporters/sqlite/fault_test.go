package sqlite

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// execute runs SQL on a database, which it makes if need be.
func execute(t testing.TB, path string, statements ...string) {
	t.Helper()
	db, err := open(ctx, path, "rwc")
	if err != nil {
		t.Fatal(err)
	}
	defer db.close()
	for _, s := range statements {
		if _, err := db.ExecContext(ctx, s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// TestRefuses: what is not a database of ours is told at once and left alone.
func TestRefuses(t *testing.T) {
	for _, c := range []struct {
		name, code string
		make       func(t *testing.T, path string)
		path       string
	}{
		{"no folder", "sqlite.folder", nil, "missing/x.db"},
		{"a home that only a shell knows", "sqlite.folder", nil, "~/x.db"},
		{"a folder", "sqlite.path", func(t *testing.T, path string) { os.Mkdir(path, 0o700) }, ""},
		{"text", "sqlite.no-database", func(t *testing.T, path string) { os.WriteFile(path, []byte("id,mean\na,1\n"), 0o600) }, ""},
		{"long text", "sqlite.no-database", func(t *testing.T, path string) {
			os.WriteFile(path, []byte(strings.Repeat("id,mean\na,1\n", 1000)), 0o600)
		}, ""},
		{"another program's", "sqlite.foreign", func(t *testing.T, path string) {
			execute(t, path, "PRAGMA application_id = 252006673", "CREATE TABLE records (x)")
		}, ""},
		{"another program's that is empty", "sqlite.foreign", func(t *testing.T, path string) { execute(t, path, "PRAGMA application_id = 7") }, ""},
		{"somebody's", "sqlite.foreign", func(t *testing.T, path string) { execute(t, path, "CREATE TABLE mine (x)") }, ""},
		{"a later version", "sqlite.version", func(t *testing.T, path string) { execute(t, path, "PRAGMA user_version = 2") }, "ours"},
		{"an earlier version", "sqlite.version", func(t *testing.T, path string) { execute(t, path, "PRAGMA user_version = 0") }, "ours"},
		{"one without id", "sqlite.damaged", func(t *testing.T, path string) { execute(t, path, "DROP TABLE firstcall") }, "ours"},
		{"half of one", "sqlite.damaged", func(t *testing.T, path string) { os.Truncate(path, 3*4096) }, "ours"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "x.db")
			switch c.path {
			case "", "ours":
				if c.path == "ours" {
					s := begin(t, path)
					write(t, s, exporttest.Records(t, sample)...)
					s.Close()
				}
				c.make(t, path)
			default:
				t.Chdir(dir)
				path = c.path
			}
			before := folderOrNothing(t, dir)
			s, err := tryBegin(t, path, false)
			if err == nil {
				_, err = s.Write(ctx, sdk.Run{}, exporttest.Records(t, sample))
			}
			if err == nil {
				t.Fatal("it is written")
			}
			if got := fault(t, err); got != c.code {
				t.Errorf("%s: %v", got, err)
			}
			if after := folderOrNothing(t, dir); !equal(before, after) {
				t.Error("it changed")
			}
		})
	}
}

// folderOrNothing is folder without the folders in it.
func folderOrNothing(t *testing.T, dir string) map[string]string {
	if info, err := os.Stat(filepath.Join(dir, "x.db")); err == nil && info.IsDir() {
		return nil
	}
	return folder(t, dir)
}

// TestLocked: another program's lock is waited for by trying again.
func TestLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	records := exporttest.Records(t, sample)
	s := begin(t, path)
	write(t, s, records[0])
	other, err := open(ctx, path, "rw")
	if err != nil {
		t.Fatal(err)
	}
	defer other.close()
	if _, err := other.ExecContext(ctx, "BEGIN EXCLUSIVE"); err != nil {
		t.Fatal(err)
	}
	for name, do := range map[string]func() ([]sdk.Outcome, error){
		"write": func() ([]sdk.Outcome, error) { return s.Write(ctx, sdk.Run{}, records[:3]) },
		"plan":  func() ([]sdk.Outcome, error) { return s.Plan(ctx, sdk.Run{}, records[:3]) },
	} {
		outcomes, err := do()
		if err != nil || !slices.Equal(statuses(outcomes), repeat(sdk.Retry, 3)) || outcomes[0].Diagnostic.Code != "sqlite.locked" {
			t.Errorf("%s: %+v, %v", name, outcomes, err)
		}
	}
	if _, err := tryBegin(t, path, false); fault(t, err) != "sqlite.locked" {
		t.Error(err)
	}
	if _, err := other.ExecContext(ctx, "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	// Somebody who reads keeps only the end of the transaction out.
	if _, err := other.ExecContext(ctx, "BEGIN"); err != nil {
		t.Fatal(err)
	}
	if _, err := other.ExecContext(ctx, "SELECT count(*) FROM records"); err != nil {
		t.Fatal(err)
	}
	rows, err := other.QueryContext(ctx, "SELECT key FROM records")
	if err != nil || !rows.Next() {
		t.Fatal(err)
	}
	if got := write(t, s, records[:3]...); !slices.Equal(got, repeat(sdk.Retry, 3)) {
		t.Errorf("%v", got)
	}
	rows.Close()
	if _, err := other.ExecContext(ctx, "COMMIT"); err != nil {
		t.Fatal(err)
	}
	if got := write(t, s, records[:3]...); !slices.Equal(got, []sdk.Status{sdk.Unchanged, sdk.Created, sdk.Created}) {
		t.Errorf("%v", got)
	}
	sound(t, path)
}

// TestFull: what does not fit is not there by half, and there is room for less.
func TestFull(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	records := exporttest.Records(t, sample)
	s := begin(t, path)
	write(t, s, records[0])
	before := dump(t, path)
	if _, err := s.db.ExecContext(ctx, "PRAGMA max_page_count = 40"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Write(ctx, sdk.Run{}, records); fault(t, err) != "sqlite.full" {
		t.Error(err)
	}
	if after := dump(t, path); after != before {
		t.Error("half a batch is there")
	}
	if got := write(t, s, records[:2]...); !slices.Equal(got, []sdk.Status{sdk.Unchanged, sdk.Created}) {
		t.Errorf("%v", got)
	}
	sound(t, path)
}

func TestReadOnly(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.db")
	records := exporttest.Records(t, sample)
	write(t, begin(t, path), records[0])
	s := begin(t, path)
	var err error
	if s.db, err = open(ctx, path, "ro"); err != nil { // as SQLite opens a file that can't be written
		t.Fatal(err)
	}
	if _, err := s.Write(ctx, sdk.Run{}, records); fault(t, err) != "sqlite.readonly" {
		t.Error(err)
	}
	if os.Geteuid() == 0 {
		t.Skip("root may write everything")
	}
	// Found out before anything is sent: nothing is in doubt then.
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	for _, check := range []bool{true, false} {
		if _, err := tryBegin(t, path, check); fault(t, err) != "sqlite.readonly" {
			t.Error(err)
		}
	}
	if err := errors.Join(os.Chmod(path, 0o600), os.Chmod(dir, 0o500)); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o700)
	if runtime.GOOS != "linux" && runtime.GOOS != "darwin" {
		return
	}
	for _, path := range []string{path, filepath.Join(dir, "new.db")} {
		if _, err := tryBegin(t, path, false); fault(t, err) != "sqlite.readonly" {
			t.Error(err)
		}
	}
}

// TestExchanged: when the file is another than the one that was opened, what the host
// has not sent again would be missing.
func TestExchanged(t *testing.T) {
	records := exporttest.Records(t, sample)
	for name, c := range map[string]func(t *testing.T, path string, s *session){
		"deleted before the first batch": func(t *testing.T, path string, s *session) { os.Remove(path) },
		"emptied":                        func(t *testing.T, path string, s *session) { os.Truncate(path, 0) },
		"deleted between batches":        func(t *testing.T, path string, s *session) { write(t, s, records[1]); os.Remove(path) },
		"made anew": func(t *testing.T, path string, s *session) {
			os.Remove(path)
			write(t, begin(t, path), records[2])
		},
		"made anew between batches": func(t *testing.T, path string, s *session) {
			write(t, s, records[1])
			os.Rename(path, path+".old")
			write(t, begin(t, path), records[2])
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.db")
			first := begin(t, path)
			write(t, first, records[0])
			first.Close()
			s := begin(t, path)
			c(t, path, s)
			if _, err := s.Write(ctx, sdk.Run{}, records); fault(t, err) != "sqlite.changed" {
				t.Error(err)
			}
		})
	}
	t.Run("made by two", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "x.db")
		a, b := begin(t, path), begin(t, path)
		write(t, a, records[0])
		if _, err := b.Write(ctx, sdk.Run{}, records); fault(t, err) != "sqlite.changed" {
			t.Error(err)
		}
	})
}

// TestCanceled: a run that is stopped leaves the database as it was.
func TestCanceled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	records := exporttest.Records(t, sample)
	s := begin(t, path)
	write(t, s, records[0])
	before := dump(t, path)
	stopped, cancel := contextCanceledAfter(2)
	defer cancel()
	if _, err := s.Write(stopped, sdk.Run{}, records); err == nil {
		t.Error("no error")
	}
	if after := dump(t, path); after != before {
		t.Error("half a batch is there")
	}
	if got := write(t, s, records[:2]...); !slices.Equal(got, []sdk.Status{sdk.Unchanged, sdk.Created}) {
		t.Errorf("%v", got)
	}
}

// FuzzDatabase: whatever bytes a database has, it is refused or used, and never is
// something written into one that is another program's.
func FuzzDatabase(f *testing.F) {
	path := filepath.Join(f.TempDir(), "x.db")
	records := exporttest.Records(f, sample)[:3]
	s := begin(f, path)
	write(f, s, records...)
	s.Close()
	whole, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(0, byte(0))
	f.Add(60, byte(9))
	f.Add(4096, byte(255))
	f.Add(3921, byte(16)) // rows whose record is gone
	f.Fuzz(func(t *testing.T, at int, to byte) {
		path := filepath.Join(t.TempDir(), "x.db")
		broken := slices.Clone(whole)
		if at < 0 || at >= len(broken) {
			return
		}
		broken[at] = to
		if err := os.WriteFile(path, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := tryBegin(t, path, false)
		if err != nil {
			fault(t, err)
			return
		}
		if _, err := s.Plan(ctx, sdk.Run{}, records); err != nil {
			fault(t, err)
		}
		if _, err := s.Write(ctx, sdk.Run{}, records); err != nil {
			fault(t, err)
		}
	})
}
