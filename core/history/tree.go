package history

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Modes of the entries of git's trees.
const (
	modeLink   = "120000"
	modeModule = "160000"
)

// entry is a file as a tree holds it.
type entry struct {
	mode string
	blob string
}

// regular says whether e is a file with content of its own.
func (e entry) regular() bool { return strings.HasPrefix(e.mode, "100") }

// listTree gives the files of a commit for which want is true, by path.
func (g git) listTree(ctx context.Context, commit string, want func(path string) bool) (map[string]entry, error) {
	p, err := g.start(ctx, false, "ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit)
	if err != nil {
		return nil, err
	}
	defer p.end()
	files := map[string]entry{}
	in := bufio.NewReaderSize(p.out, 64<<10)
	for {
		path, e, err := readTreeEntry(in)
		if err != nil {
			if err := p.fault(err); err != nil {
				return nil, err
			}
			return files, nil
		}
		if want(path) {
			files[path] = e
		}
	}
}

// readTreeEntry reads one "mode type hash TAB path NUL" of git ls-tree -z.
func readTreeEntry(in *bufio.Reader) (string, entry, error) {
	line, err := in.ReadString(0)
	if err != nil {
		if err == io.EOF && line != "" {
			err = io.ErrUnexpectedEOF
		}
		return "", entry{}, err
	}
	info, path, ok := strings.Cut(line[:len(line)-1], "\t")
	fields := strings.Split(info, " ")
	if !ok || path == "" || len(fields) != 3 || !isHash(fields[2]) {
		return "", entry{}, fmt.Errorf("git ls-tree gave %q", oneLine(line, 80))
	}
	return path, entry{mode: fields[0], blob: fields[2]}, nil
}

// isHash says whether s is a full hash, SHA-1 or SHA-256, as git writes it.
func isHash(s string) bool {
	return (len(s) == 40 || len(s) == 64) && strings.Trim(s, "0123456789abcdef") == ""
}

// errNoCommit says that HEAD leads to no commit yet.
var errNoCommit = errors.New("no commits yet")

// headCommit gives the hash of the last commit.
func (g git) headCommit(ctx context.Context) (string, error) {
	// git rev-parse --quiet ends with 1 where there is no such revision and
	// with 128 where it can't or won't read the repository.
	out, err := g.output(ctx, "rev-parse", "--verify", "--quiet", "HEAD")
	if exitCode(err) == 1 {
		return "", errNoCommit
	}
	if err != nil {
		return "", err
	}
	hash := strings.TrimSpace(string(out))
	if !isHash(hash) {
		return "", fmt.Errorf("git rev-parse gave %q", oneLine(hash, 80))
	}
	return hash, nil
}
