package score

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/survey"
)

// What is put on disk has neither a name nor anybody's id in it, and is gone
// however the run ends.
func TestRowsOnDisk(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	m := newMatching(1)
	opt := Options{Instrument: m.in, Missing: m.policy, Match: true, Workers: 1}
	opt = opt.withDefaults()
	r := newRun(opt)
	roster, err := newRoster(r.layout)
	if err != nil {
		t.Fatal(err)
	}
	r.roster = roster
	roster.sorter.budget = 10
	if _, err := r.file(context.Background(), m.files(1)[0], ""); err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(left) != 0 {
		t.Errorf("the file has a name: %v, %v", left, err)
	}
	info, err := roster.sorter.file.Stat()
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	held, err := io.ReadAll(io.NewSectionReader(roster.sorter.file, 0, 1<<30))
	if err != nil || len(held) < 100*roster.size {
		t.Fatalf("%d bytes on disk, %v", len(held), err)
	}
	for _, row := range m.rows {
		if row.id != "" && bytes.Contains(held, []byte(row.id)) || bytes.Contains(held, []byte("example.org")) {
			t.Fatal("somebody's id is on disk")
		}
	}
	roster.sorter.close()
	if err := roster.sorter.file.Close(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("the file is still open: %v", err)
	}
}

// Two runs know one person by different digests.
func TestDigestsAreSecret(t *testing.T) {
	l := newLayout(small(), instrument.AvailableMean, 6)
	row := func() []byte {
		r, err := newRoster(l)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.keep(&leaf{}, "acme", &survey.Respondent{ID: "anna", Answers: make([]int32, 4)}); err != nil {
			t.Fatal(err)
		}
		return r.sorter.buf[:atLeaf]
	}
	if bytes.Equal(row(), row()) {
		t.Error("the digest of an id can be looked up")
	}
}

func TestSorter(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	random := rand.New(rand.NewPCG(3, 4))
	for _, budget := range []int{1, 2, 3, 10, 100, 1000} {
		s := newSorter(9, 5)
		s.budget = budget
		var want []string
		for range 200 {
			row := s.row()
			for i := range row {
				row[i] = byte(random.IntN(3))
			}
			want = append(want, string(row[:5]))
			if err := s.add(); err != nil {
				t.Fatal(err)
			}
		}
		slices.Sort(want)
		next, err := s.sorted()
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; ; i++ {
			row, err := next()
			if err != nil {
				t.Fatal(err)
			}
			if row == nil {
				if i != len(want) {
					t.Errorf("budget %d: %d rows, want %d", budget, i, len(want))
				}
				break
			}
			if string(row[:5]) != want[i] {
				t.Fatalf("budget %d: row %d is out of order", budget, i)
			}
		}
		s.close()
	}
	empty := newSorter(9, 5)
	next, err := empty.sorted()
	if row, err2 := next(); err != nil || err2 != nil || row != nil {
		t.Errorf("an empty sorter gives %v, %v, %v", row, err, err2)
	}
}
