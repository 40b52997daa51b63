package history

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// stream makes histories with git fast-import, a commit a minute.
type stream struct {
	repo    *repo
	out     bytes.Buffer
	commits int
}

func newStream(r *repo) *stream { return &stream{repo: r} }

// commit adds a commit that sets contents of files, "" to delete one. It goes
// on from the last commit or has the given parents, and its number is given
// back.
func (s *stream) commit(subject string, files map[string]string, parents ...int) int {
	s.commits++
	fmt.Fprintf(&s.out, "commit refs/heads/main\nmark :%d\ncommitter W <w@x.example> %d +0000\ndata %d\n%s\n",
		s.commits, 1_500_000_000+s.commits*60, len(subject), subject)
	for i, p := range parents {
		fmt.Fprintf(&s.out, "%s :%d\n", []string{"from", "merge"}[min(i, 1)], p)
	}
	for _, path := range slices.Sorted(maps.Keys(files)) {
		if content := files[path]; content == "" {
			fmt.Fprintf(&s.out, "D %s\n", path)
		} else {
			fmt.Fprintf(&s.out, "M 100644 inline %s\ndata %d\n%s\n", path, len(content), content)
		}
	}
	return s.commits
}

// run makes the commits and checks the last one out.
func (s *stream) run() {
	s.repo.t.Helper()
	// With large windows git maps the growing pack anew for each commit.
	cmd := exec.Command("git", "-c", "core.packedGitWindowSize=64k", "fast-import", "--quiet", "--force")
	cmd.Dir, cmd.Stdin = s.repo.dir, strings.NewReader(s.out.String())
	if out, err := cmd.CombinedOutput(); err != nil {
		s.repo.t.Fatalf("fast-import: %v\n%s", err, out)
	}
	s.repo.git("reset", "-q", "--hard")
}

// TestAgainstGitLog makes histories by chance, with branches and merges, and
// asks git log for each file. Merges take each file from one of their parents
// or, where these differ, bring both together.
func TestAgainstGitLog(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := newRepo(t)
			chance := rand.New(rand.NewPCG(seed, 1))
			s := newStream(r)
			names := []string{"a.md", "b.md", "c/d.md"}
			content := map[int]map[string]string{} // by commit
			first := map[string]string{}
			for _, name := range names {
				first[name] = name + " first"
			}
			tips := []int{s.commit("first", first)}
			content[tips[0]] = first
			for i := range 60 {
				at := chance.IntN(len(tips))
				tree := maps.Clone(content[tips[at]])
				name := names[chance.IntN(len(names))]
				parents := []int{tips[at]}
				switch k := chance.IntN(10); {
				case k < 2: // a branch
					tips = append(tips, tips[at])
					at = len(tips) - 1
					tree[name] = fmt.Sprint(name, i)
				case k < 5 && len(tips) > 1 || i > 55 && len(tips) > 1: // a merge
					other := (at + 1 + chance.IntN(len(tips)-1)) % len(tips)
					if tips[other] == tips[at] {
						continue
					}
					parents = append(parents, tips[other])
					for _, name := range names {
						mine, theirs := tree[name], content[tips[other]][name]
						if mine != theirs {
							tree[name] = []string{mine, theirs, mine + " and " + theirs}[chance.IntN(3)]
						}
					}
					tips = slices.Delete(tips, other, other+1)
					at = slices.Index(tips, parents[0])
				default:
					tree[name] = fmt.Sprint(name, i)
				}
				tips[at] = s.commit(fmt.Sprint(i), tree, parents...)
				content[tips[at]] = tree
			}
			// All ends in one.
			last := maps.Clone(content[tips[0]])
			s.commit("last", last, slices.Compact(slices.Sorted(slices.Values(tips)))...)
			s.run()
			files, repositories := r.readAll(names, Options{})
			for i, f := range files {
				want := r.git("log", "-1", "--no-merges", "--format=%s", "--", names[i])
				expect(t, f, repositories[0], "changed="+want)
			}
		})
	}
}
