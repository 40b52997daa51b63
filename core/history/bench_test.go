package history

import (
	"flag"
	"fmt"
	"maps"
	"testing"
	"time"
)

// long makes the histories as long as promised: go test -run LongHistory -v -long.
// To make them takes minutes.
var long = flag.Bool("long", false, "measure on 20,000 commits instead of 1,000")

// longHistory makes 500 files in a repository of so many commits. Each commit
// changes one of 2,000 other files; every 40th one of the 500, of which the
// first is never changed after it was added in the first commit. With branches,
// seven commits of ten are on the main branch, two on a side branch of it and
// one merges the two.
func longHistory(r *repo, commits int, branches bool) []string {
	s := newStream(r)
	name := func(i int) string { return fmt.Sprintf("jobs/%02d/%03d.md", i%25, i) }
	other := func(i int) string { return fmt.Sprintf("other/%02d/%04d.txt", i%40, i) }
	var paths []string
	all := map[string]string{}
	for i := range 500 {
		paths = append(paths, name(i))
		all[name(i)] = fmt.Sprint(i, "\n", prose)
	}
	for i := range 2000 {
		all[other(i)] = fmt.Sprint(i)
	}
	tip, side := s.commit("first", all), 0
	var sideFiles map[string]string
	for i := range commits - 1 {
		files := map[string]string{other(i % 2000): fmt.Sprint(i, " times")}
		if i%40 == 0 || i%40 == 27 {
			n := 1 + i/40%499
			content := fmt.Sprint(n, "\n", prose, i)
			if i%3 == 0 {
				content = fmt.Sprint(n, "\n\n", prose)
			}
			files[name(n)] = content
		}
		switch step := i % 10; {
		case branches && step == 2:
			side, sideFiles = s.commit("side", files, tip), files
		case branches && step == 7:
			side = s.commit("side", files, side)
			maps.Copy(sideFiles, files)
		case branches && step == 9 && side > 0:
			tip = s.commit("merge", sideFiles, tip, side)
		default:
			tip = s.commit("main", files, tip)
		}
	}
	s.run()
	return paths
}

// TestLongHistory holds the time to what is promised: under 5 seconds.
func TestLongHistory(t *testing.T) {
	commits := 1_000
	if *long {
		commits = 20_000
	}
	measure(t, commits, false)
	if *long {
		measure(t, commits, true)
	}
}

func measure(t *testing.T, commits int, branches bool) {
	r := newRepo(t)
	paths := longHistory(r, commits, branches)
	for _, test := range []struct {
		name  string
		paths []string
		opt   Options
	}{
		{"all, one of them only in the first commit", paths, Options{Bulk: -1}},
		{"all, and where they were added", paths, Options{Added: true}},
		{"all but that one", paths[1:], Options{}},
		{"ten", paths[489:499], Options{}},
		{"the oldest", paths[:1], Options{}},
	} {
		began := time.Now()
		files, repositories := r.readAll(test.paths, test.opt)
		took := time.Since(began)
		t.Logf("%s: %v, %d commits", test.name, took.Round(time.Millisecond), repositories[0].Commits)
		for i, f := range files {
			if f.Changed == nil && f.Why != NothingReal {
				t.Errorf("%s: %s", f.Path, f.Why)
			}
			if test.paths[i] == paths[0] && repositories[0].Commits < commits-3 { // a last side branch is not merged
				t.Errorf("stopped after %d commits", repositories[0].Commits)
			}
		}
		if took > 5*time.Second {
			t.Errorf("%s took %v", test.name, took)
		}
	}
}
