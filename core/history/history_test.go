package history

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestOneBranch(t *testing.T) {
	for _, test := range []struct {
		name  string
		build func(r *repo)
		want  string
	}{
		{"added once", func(r *repo) {
			r.save("2020-01-01", "a.md", prose)
			r.save("2020-01-02", "b.md", "other")
		}, "changed=2020-01-01 added=2020-01-01"},
		{"changed twice", func(r *repo) {
			r.save("2020-01-01", "a.md", prose)
			r.save("2020-01-02", "a.md", prose+"More.")
			r.save("2020-01-03", "a.md", prose+"Less.")
		}, "changed=2020-01-03 added=2020-01-01"},
		{"white space", func(r *repo) {
			r.save("2020-01-01", "a.md", prose)
			r.save("2020-01-02", "a.md", strings.ReplaceAll(prose, "\n", "\r\n\r\n"))
			r.save("2020-01-03", "a.md", strings.ReplaceAll(prose, " ", "\n"))
		}, "changed=2020-01-01 added=2020-01-01 layout=2"},
		{"mode", func(r *repo) {
			r.save("2020-01-01", "a.md", prose)
			r.git("update-index", "--chmod=+x", "a.md")
			r.gitOn("2020-01-02", "commit", "-q", "-m", "mode")
		}, "changed=2020-01-01 added=2020-01-01 layout=1"},
		{"bumps", func(r *repo) {
			r.save("2020-01-01", "a.md", "reviewed: 2018\n"+prose)
			r.save("2020-01-02", "a.md", "reviewed: 2019\n"+prose)
			r.save("2020-01-03", "a.md", "reviewed: 2019\n"+prose+"More.")
			r.save("2020-01-04", "a.md", "reviewed: 2020\n"+prose+"More.")
			r.save("2020-01-05", "a.md", "reviewed: 2021\n\n"+prose+"More.")
		}, "changed=2020-01-03 added=2020-01-01 bump=2020-01-05(reviewed: 2021) bump=2020-01-04(reviewed: 2020)"},
		{"moved", func(r *repo) {
			r.save("2020-01-01", "old name.md", prose)
			r.git("mv", "old name.md", "b.md")
			r.commit("2020-01-02")
			r.git("mv", "b.md", "a.md")
			r.commit("2020-01-03")
		}, "changed=2020-01-01 added=2020-01-01 moves=2"},
		{"moved with a bump and with layout", func(r *repo) {
			r.save("2020-01-01", "b.md", "reviewed: 2018\n"+prose)
			r.git("mv", "b.md", "c.md")
			r.save("2020-01-02", "c.md", "reviewed: 2018\n"+prose+"\n")
			r.git("mv", "c.md", "a.md")
			r.save("2020-01-03", "a.md", "reviewed: 2019\n"+prose)
		}, "changed=2020-01-01 added=2020-01-01 moves=1 bump=2020-01-03(reviewed: 2019)"},
		{"moved with other words", func(r *repo) {
			r.save("2020-01-01", "b.md", prose)
			r.git("mv", "b.md", "a.md")
			r.save("2020-01-02", "a.md", prose+"More.")
		}, "changed=2020-01-02 added=2020-01-01"},
		{"taken over by another file in one commit", func(r *repo) {
			r.write("b.md", prose)
			r.save("2020-01-01", "a.md", "Something wholly different stands here.\n")
			r.git("mv", "a.md", "c.md")
			r.git("mv", "b.md", "a.md")
			r.commit("2020-01-02")
		}, "changed=2020-01-02 added=2020-01-01"},
		{"deleted and put back", func(r *repo) {
			r.save("2020-01-01", "a.md", prose)
			r.git("rm", "-q", "a.md")
			r.commit("2020-01-02")
			r.save("2020-01-03", "a.md", prose)
		}, "changed=2020-01-01 added=2020-01-01 restored=1"},
		{"deleted and written anew", func(r *repo) {
			r.save("2020-01-01", "a.md", prose)
			r.git("rm", "-q", "a.md")
			r.commit("2020-01-02")
			r.save("2020-01-03", "a.md", "New words.")
		}, "changed=2020-01-03 added=2020-01-01"},
		{"ignored", func(r *repo) {
			r.save("2020-01-01", "a.md", prose)
			r.save("2020-01-02", "a.md", prose+"2")
			one := r.head()
			r.save("2020-01-03", "a.md", prose+"3")
			two := r.head()
			r.save("2020-01-04", ignoreFile, "# sweeps\n\n"+one+" # why\n"+strings.ToUpper(two[:9])+"\n")
		}, "changed=2020-01-01 added=2020-01-01 ignored=2"},
		{"ignored from the first", func(r *repo) {
			r.save("2020-01-01", "a.md", prose)
			r.save("2020-01-02", ignoreFile, r.head())
		}, "stood=2020-01-01 added=2020-01-01 why=5 ignored=1"},
		{"from a link to a file", func(r *repo) {
			r.write("b.md", prose)
			if os.Symlink("b.md", r.at("a.md")) != nil {
				r.t.Skip("no symbolic links")
			}
			r.commit("2020-01-01")
			os.Remove(r.at("a.md"))
			r.save("2020-01-02", "a.md", prose)
		}, "changed=2020-01-02 added=2020-01-01"},
		{"empty commits and detached", func(r *repo) {
			r.save("2020-01-01", "a.md", prose)
			r.commit("2020-01-02")
			r.git("checkout", "-q", "--detach")
			r.save("2020-01-03", "a.md", prose+"3")
			r.commit("2020-01-04")
		}, "changed=2020-01-03 added=2020-01-01"},
		{"emptied", func(r *repo) {
			r.save("2020-01-01", "a.md", prose)
			r.save("2020-01-02", "a.md", "")
		}, "changed=2020-01-02 added=2020-01-01"},
		{"dirty", func(r *repo) {
			r.save("2020-01-01", "a.md", prose)
			r.write("a.md", prose+"More")
		}, "changed=2020-01-01 added=2020-01-01 dirty=2"},
		{"dirty with a bump", func(r *repo) {
			r.save("2020-01-01", "a.md", "reviewed: 1\n")
			r.write("a.md", "reviewed: 2\n")
		}, "changed=2020-01-01 added=2020-01-01 dirty=1"},
		{"other line ends on disk", func(r *repo) {
			r.save("2020-01-01", "a.md", prose)
			r.write("a.md", strings.ReplaceAll(prose, "\n", "\r\n"))
		}, "changed=2020-01-01 added=2020-01-01"},
		{"deleted on disk", func(r *repo) {
			r.save("2020-01-01", "a.md", prose)
			os.Remove(r.at("a.md"))
		}, "changed=2020-01-01 added=2020-01-01 dirty=2"},
		{"not committed", func(r *repo) {
			r.save("2020-01-01", "b.md", prose)
			r.write("a.md", prose)
			r.git("add", "a.md")
		}, "why=4"},
		{"kept by LFS", func(r *repo) {
			r.save("2020-01-01", "a.md", "version https://git-lfs.github.com/spec/v1\n"+
				"oid sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae\nsize 3\n")
			r.write("a.md", "foo")
		}, "changed=2020-01-01 added=2020-01-01"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := newRepo(t)
			test.build(r)
			f, repository := r.read("a.md", Options{Compare: judge, Added: true})
			expect(t, f, repository, test.want)
			// Without Added nothing else may differ, though the walk ends earlier.
			if !strings.Contains(test.want, "moves") && !strings.Contains(test.want, "bump") {
				return
			}
			f, repository = r.read("a.md", Options{Compare: judge})
			var want []string
			for part := range strings.SplitSeq(test.want, " ") {
				if !strings.HasPrefix(part, "added=") {
					want = append(want, part)
				}
			}
			expect(t, f, repository, strings.Join(want, " "))
		})
	}
}

func TestBranches(t *testing.T) {
	for _, test := range []struct {
		name  string
		build func(r *repo)
		want  string
	}{
		{"changed on a side branch", func(r *repo) {
			r.save("2020-01-01", "a.md", prose)
			r.git("checkout", "-q", "-b", "side")
			r.save("2020-01-02", "a.md", prose+"side")
			r.git("checkout", "-q", "main")
			r.save("2020-01-03", "b.md", "other")
			r.gitOn("2020-01-04", "merge", "-q", "-m", "merge", "side")
		}, "changed=2020-01-02 added=2020-01-01"},
		{"moved on main, changed under the old name on a side branch", func(r *repo) {
			r.save("2020-01-01", "old.md", prose)
			r.git("checkout", "-q", "-b", "side")
			r.save("2020-01-03", "old.md", prose+"side\n")
			r.git("checkout", "-q", "main")
			r.git("mv", "old.md", "a.md")
			r.commit("2020-01-02")
			r.gitOn("2020-01-04", "merge", "-q", "-m", "merge", "side")
		}, "changed=2020-01-03 added=2020-01-01"},
		{"changed on both, brought together", func(r *repo) {
			r.save("2020-01-01", "a.md", prose)
			r.git("checkout", "-q", "-b", "side")
			r.save("2020-01-03", "a.md", prose+"side\n")
			r.git("checkout", "-q", "main")
			r.save("2020-01-02", "a.md", "main\n"+prose)
			r.gitOn("2020-01-04", "merge", "-q", "-m", "merge", "side")
		}, "changed=2020-01-03 added=2020-01-01"},
		{"changed on a side branch, thrown away", func(r *repo) {
			r.save("2020-01-01", "a.md", prose)
			r.git("checkout", "-q", "-b", "side")
			r.save("2020-01-02", "a.md", prose+"side")
			r.git("checkout", "-q", "main")
			r.save("2020-01-03", "b.md", "other")
			r.gitOn("2020-01-04", "merge", "-q", "-s", "ours", "-m", "merge", "side")
		}, "changed=2020-01-01 added=2020-01-01"},
		{"changed by the merge", func(r *repo) {
			r.save("2020-01-01", "a.md", prose)
			r.git("checkout", "-q", "-b", "side")
			r.save("2020-01-02", "b.md", "side")
			r.git("checkout", "-q", "main")
			r.save("2020-01-03", "c.md", "other")
			r.gitOn("2020-01-04", "merge", "-q", "--no-commit", "side")
			r.save("2020-01-05", "a.md", prose+"evil")
		}, "changed=2020-01-05 added=2020-01-01"},
		{"brought in by the merge", func(r *repo) {
			r.save("2020-01-01", "b.md", prose)
			r.git("checkout", "-q", "-b", "side")
			r.save("2020-01-02", "c.md", "side")
			r.git("checkout", "-q", "main")
			r.save("2020-01-03", "d.md", "other")
			r.gitOn("2020-01-04", "merge", "-q", "--no-commit", "side")
			r.save("2020-01-05", "a.md", "evil")
		}, "changed=2020-01-05 added=2020-01-05"},
		{"octopus", func(r *repo) {
			r.save("2020-01-01", "a.md", prose)
			for i, name := range []string{"one", "two", "three"} {
				r.git("checkout", "-q", "-b", name, "main")
				if i == 2 {
					r.save("2020-01-05", "a.md", prose+"octopus")
				} else {
					r.save("2020-01-06", name, name)
				}
			}
			r.git("checkout", "-q", "main")
			r.gitOn("2020-01-07", "merge", "-q", "-m", "merge", "one", "two", "three")
		}, "changed=2020-01-05 added=2020-01-01"},
		{"unrelated history as a subfolder", func(r *repo) {
			r.save("2020-01-01", "a.txt", "main")
			r.git("checkout", "-q", "--orphan", "other")
			r.git("rm", "-q", "-rf", ".")
			r.save("2020-01-02", "b.md", prose)
			r.git("checkout", "-q", "main")
			r.gitOn("2020-01-03", "merge", "-q", "--no-commit", "-s", "ours", "--allow-unrelated-histories", "other")
			r.git("read-tree", "--prefix=sub/", "-u", "other")
			r.gitOn("2020-01-03", "commit", "-q", "-m", "merge")
			r.git("mv", "sub/b.md", "a.md")
			r.commit("2020-01-04")
		}, "changed=2020-01-02 added=2020-01-02 moves=1"},
		{"a clock that runs back", func(r *repo) {
			r.save("2020-01-05", "a.md", prose)
			r.git("checkout", "-q", "-b", "side")
			r.save("2019-01-01", "a.md", prose+"side")
			r.save("2018-01-01", "b.md", "other")
			r.git("checkout", "-q", "main")
			r.save("2020-01-06", "c.md", "other")
			r.gitOn("2017-01-01", "merge", "-q", "-m", "merge", "side")
		}, "changed=2019-01-01 added=2020-01-05"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := newRepo(t)
			test.build(r)
			f, repository := r.read("a.md", Options{Compare: judge, Added: true})
			expect(t, f, repository, test.want)
		})
	}
}

func TestBulk(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	var names []string
	for i := range 30 {
		names = append(names, filepath.Join("jobs", string(rune('a'+i%26))+string(rune('a'+i/26))+".md"))
	}
	all := func(day string, n int, content string) {
		for _, name := range names[:n] {
			r.write(name, name+"\n"+content)
		}
		r.commit(day)
	}
	all("2020-01-01", 30, "reviewed: 1\n"+prose)                  // an import
	r.save("2020-01-02", names[0], "words of its own\n")          // real
	all("2020-01-03", 30, "reviewed: 1\n"+prose+"new template\n") // bulk: 30 of 30
	all("2020-01-04", 19, "reviewed: 1\n"+prose+"nineteen\n")     // not bulk: under 20
	all("2020-01-05", 30, "reviewed: 1\n"+prose+"again\n")        // bulk
	all("2020-01-06", 30, "reviewed: 2\n"+prose+"again\n")        // a bump over all
	all("2020-01-07", 30, "reviewed: 2\n\n"+prose+"again\n")      // layout over all

	files, repositories := r.readAll(names, Options{Compare: judge, Added: true})
	if repositories[0].Bulk != 20 || repositories[0].Files != 30 || repositories[0].Commits != 7 {
		t.Errorf("got %+v", repositories[0])
	}
	for i, f := range files {
		want := "changed=2020-01-04 added=2020-01-01 bulk=1 layout=1 bump=2020-01-06(reviewed: 2)"
		if i >= 19 {
			want = "stood=2020-01-05 added=2020-01-01 why=5 bulk=3 layout=1 bump=2020-01-06(reviewed: 2)"
		}
		expect(t, f, repositories[0], want)
	}

	// The number that makes a sweep can be given, or none.
	for _, test := range []struct {
		bulk int
		want string
	}{
		{19, "changed=2020-01-02 bulk=3 layout=1 bump=2020-01-06(reviewed: 2)"},
		{31, "changed=2020-01-05 layout=1 bump=2020-01-06(reviewed: 2)"},
		{-1, "changed=2020-01-05 layout=1 bump=2020-01-06(reviewed: 2)"},
	} {
		files, repositories = r.readAll(names, Options{Compare: judge, Bulk: test.bulk})
		expect(t, files[0], repositories[0], test.want)
	}
}

func TestBulkLimit(t *testing.T) {
	for _, test := range []struct{ asked, n, want int }{
		{0, 5, 20}, {0, 39, 20}, {0, 40, 21}, {0, 500, 251}, {7, 500, 7}, {-1, 500, 0},
	} {
		if got := bulkLimit(test.asked, test.n); got != test.want {
			t.Errorf("bulkLimit(%d, %d) = %d, want %d", test.asked, test.n, got, test.want)
		}
	}
}

// TestPutBackLate has a file come back after so many commits that it counts as
// new, which must not need the first commit.
func TestPutBackLate(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		between int
		want    string
	}{
		{restoreWithin - 1, "changed=first restored=1"},
		{restoreWithin, "changed=back"},
	} {
		r := newRepo(t)
		s := newStream(r)
		s.commit("first", map[string]string{"a.md": prose})
		s.commit("gone", map[string]string{"a.md": ""})
		for range test.between - 1 {
			s.commit("between", nil)
		}
		s.commit("back", map[string]string{"a.md": prose})
		s.run()
		f, repository := r.read("a.md", Options{})
		expect(t, f, repository, test.want)
	}
}

func TestPaths(t *testing.T) {
	r := newRepo(t)
	names := []string{"a b.md", "ünïcode.md", "deep/er/\"quoted\".md", "-dash.md", "new\nline.md", "tab\t.md", ":(top)x", "la\xfft.md", "*.md"}
	for i, name := range names {
		r.save(time.Date(2020, 1, 1+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), name, prose+name)
	}
	files, repositories := r.readAll(names, Options{})
	for i, f := range files {
		expect(t, f, repositories[0], "changed="+time.Date(2020, 1, 1+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
	}

	// The same file in several ways, from within.
	t.Chdir(r.at("deep"))
	if err := os.Symlink(filepath.Join("..", "a b.md"), "link.md"); err != nil {
		t.Skip("no symbolic links")
	}
	ways := []string{"../a b.md", "er/../../a b.md", "link.md", r.at("a b.md")}
	got, repositories, err := Read(t.Context(), ways, Options{})
	if err != nil || len(repositories) != 1 || repositories[0].Files != 1 {
		t.Fatalf("%+v %v", repositories, err)
	}
	for i, f := range got {
		if f.Path != ways[i] {
			t.Errorf("path %q, want %q", f.Path, ways[i])
		}
		expect(t, f, repositories[0], "changed=2020-01-01")
	}
}

func TestCommit(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	r.write("a.md", prose)
	r.git("add", "-A")
	r.gitOn("2020-02-29", "commit", "-q", "-m", "A \x1b[31msubject\u202e  of "+strings.Repeat("ä", 300)+"\n\nBody")
	f, _ := r.read("a.md", Options{})
	c := f.Changed
	if c.Hash != r.head() {
		t.Errorf("hash %s", c.Hash)
	}
	if got := c.When.Format(time.RFC3339); got != "2020-02-29T12:00:00+02:00" {
		t.Errorf("when %s", got)
	}
	if want := "A [31msubject of " + strings.Repeat("ä", 182) + "…"; c.Subject != want {
		t.Errorf("subject %q (%d)", c.Subject, len([]rune(c.Subject)))
	}
}

func TestAuthorDate(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	r.write("a.md", prose)
	r.git("add", "-A")
	r.gitOn("2020-05-05", "commit", "-q", "-m", "x", "--date", "2019-03-03T01:00:00-0930")
	f, _ := r.read("a.md", Options{})
	if got := f.Changed.When.Format(time.RFC3339); got != "2019-03-03T01:00:00-09:30" {
		t.Errorf("when %s", got)
	}
}

func TestParseDate(t *testing.T) {
	for in, want := range map[string]string{
		"0 +0000":               "1970-01-01T00:00:00Z",
		"1700000000 +0545":      "2023-11-15T03:58:20+05:45",
		"1700000000 -0330":      "2023-11-14T18:43:20-03:30",
		"-86400 +0000":          "1969-12-31T00:00:00Z",
		"1700000000 nonsense":   "2023-11-14T22:13:20Z",
		"":                      "0001-01-01T00:00:00Z",
		"99999999999999 +0000":  "0001-01-01T00:00:00Z",
		"253402300799 +0000":    "9999-12-31T23:59:59Z",
		"253402300800 +0000":    "0001-01-01T00:00:00Z",
		"18446744073709551615 ": "0001-01-01T00:00:00Z",
	} {
		if got := parseDate(in).Format(time.RFC3339); got != want {
			t.Errorf("parseDate(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestParseIgnored(t *testing.T) {
	full := strings.Repeat("0123456789", 4)
	list, notes := parseIgnored("\uFEFF# a comment\n\n " + full + " # why\r\nABCDEF0\nabc\nnonsense\n#\n")
	if !list.has(full) || !list.has("abcdef0"+full[7:]) || list.has("abc"+full[3:]) {
		t.Errorf("got %+v", list)
	}
	want := []string{ignoreFile + `:5: "abc" is no commit`, ignoreFile + `:6: "nonsense" is no commit`}
	if !slices.Equal(notes, want) {
		t.Errorf("notes %q", notes)
	}
}

func TestLargeContents(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	r.save("2020-01-01", "a.bin", strings.Repeat(" ", 100))
	r.save("2020-01-02", "a.bin", strings.Repeat(" ", largest+1))
	r.save("2020-01-03", "b.md", "x")
	r.save("2020-01-04", "b.md", " x")
	files, repositories := r.readAll([]string{"a.bin", "b.md"}, Options{Compare: func(path string, older, newer []byte) (Difference, string) {
		if max(len(older), len(newer)) > largest {
			t.Error("asked about a large file")
		}
		return foldedCompare(path, older, newer)
	}})
	expect(t, files[0], repositories[0], "changed=2020-01-02")
	expect(t, files[1], repositories[0], "changed=2020-01-03 layout=1")
}

func TestCancel(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	r.save("2020-01-01", "a.md", prose)
	r.save("2020-01-02", "a.md", " "+prose)
	ctx, cancel := context.WithCancel(t.Context())
	_, repositories, err := Read(ctx, []string{r.at("a.md")}, Options{Compare: func(string, []byte, []byte) (Difference, string) {
		cancel() // while all processes run
		return Same, ""
	}})
	if !errors.Is(err, context.Canceled) || len(repositories[0].Notes) > 0 {
		t.Errorf("error %v, notes %q", err, repositories[0].Notes)
	}
}

func TestFoldedCompare(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want Difference
	}{
		{"", "", Same}, {"a b", " a\r\n\tb\u00a0", Same}, {"a b", "ab", Text}, {"a", "a b", Text}, {"a b", "a", Text},
		{"\xff", "\xfe", Text}, {"", " \n", Same}, {"", "a", Text},
	} {
		if got, _ := foldedCompare("", []byte(test.a), []byte(test.b)); got != test.want {
			t.Errorf("%q, %q: %d, want %d", test.a, test.b, got, test.want)
		}
	}
}
