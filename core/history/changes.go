package history

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// change is one file that differs between a commit and one of its parents.
type change struct {
	status   byte   // A added, D deleted, M modified, T of another type, R renamed
	from     string // path in the parent; the same as path unless renamed
	path     string // path in the commit
	old, new entry
}

// same says whether the content is the same: a move or a new mode.
func (c change) same() bool { return c.old.blob == c.new.blob && c.status != 'A' && c.status != 'D' }

// renameLimit is for how many added and deleted files of one commit git is to
// look for those that were moved with changes; exact moves are always found.
const renameLimit = "-l400"

// pair names a commit and the parent it is held against, "" for none.
type pair struct{ commit, parent string }

// changes asks one git diff-tree which files differ between commits and their
// parents. Questions may be asked ahead of time; it answers in order.
type changes struct {
	process  *process
	in       *bufio.Reader
	question chan string
	open     []pair            // asked and not yet read
	kept     map[pair][]change // read while another was wanted
}

// lookAhead is how many questions are asked ahead of time at most. They all
// have room in the channel, so that asking never waits for answers to be read.
const lookAhead = 128

// mark follows each question. git gives back what is no hash, and sends off
// what it holds.
const mark = "=\n"

// changes starts git diff-tree. Of moves with changes it finds none when exact
// is set: those need contents, which a partial clone may not have.
func (g git) changes(ctx context.Context, exact bool) (*changes, error) {
	moves := "-M"
	if exact {
		moves = "-M100%"
	}
	p, err := g.start(ctx, true, "diff-tree", "--stdin", "--no-commit-id", "--root", "-r", "-z", "--raw",
		"--no-abbrev", moves, renameLimit, "--no-ext-diff", "--no-textconv", "--ignore-submodules=none")
	if err != nil {
		return nil, err
	}
	d := &changes{
		process: p, in: bufio.NewReaderSize(p.out, 64<<10),
		question: make(chan string, 2*lookAhead), kept: map[pair][]change{},
	}
	// Writing needs a goroutine of its own: git may wait until we read.
	go func() {
		defer p.in.Close()
		for q := range d.question {
			if _, err := io.WriteString(p.in, q); err != nil {
				for range d.question { // the reader finds out why
				}
			}
		}
	}()
	return d, nil
}

// end stops git.
func (d *changes) end() {
	close(d.question)
	d.process.end()
}

// ask asks a question, unless it has been asked, whose answer get will give.
func (d *changes) ask(p pair) {
	if _, ok := d.kept[p]; ok || slices.Contains(d.open, p) {
		return
	}
	line := p.commit
	if p.parent != "" {
		line += " " + p.parent
	}
	d.open = append(d.open, p)
	d.question <- line + "\n" + mark
}

// get gives the answer to p, which is asked now when it was not before.
func (d *changes) get(p pair) ([]change, error) {
	if answer, ok := d.kept[p]; ok {
		delete(d.kept, p)
		return answer, nil
	}
	d.ask(p)
	for {
		answer, err := readChanges(d.in)
		if err != nil {
			if err := d.process.fault(err); err != nil {
				return nil, err
			}
			return nil, errors.New("git diff-tree ended early")
		}
		first := d.open[0]
		d.open = d.open[1:]
		if first == p {
			return answer, nil
		}
		d.kept[first] = answer
	}
}

// drop reads and forgets an answer that turned out not to be needed, if it was
// asked for. Left unread, such answers would pile up.
func (d *changes) drop(p pair) error {
	if !slices.Contains(d.open, p) {
		delete(d.kept, p)
		return nil
	}
	_, err := d.get(p)
	return err
}

// readChanges reads the raw differences up to the mark.
func readChanges(in *bufio.Reader) ([]change, error) {
	var all []change
	for {
		first, err := in.Peek(1)
		if err != nil {
			return nil, err
		}
		if first[0] != ':' {
			line, err := in.ReadString('\n')
			if err != nil {
				return nil, unfinished(err, line)
			}
			if line != mark {
				return nil, fmt.Errorf("git diff-tree gave %q", oneLine(line, 80))
			}
			return all, nil
		}
		c, err := readChange(in)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
}

// readChange reads one ":mode mode hash hash status NUL path NUL", with a
// second path after a rename or copy.
func readChange(in *bufio.Reader) (change, error) {
	info, err := readPart(in)
	if err != nil {
		return change{}, err
	}
	f := strings.Split(strings.TrimPrefix(info, ":"), " ")
	if len(f) != 5 || f[4] == "" || !isHash(f[2]) || !isHash(f[3]) {
		return change{}, fmt.Errorf("git diff-tree gave %q", oneLine(info, 80))
	}
	c := change{status: f[4][0], old: entry{f[0], f[2]}, new: entry{f[1], f[3]}}
	if c.from, err = readPart(in); err != nil {
		return change{}, err
	}
	c.path = c.from
	switch c.status {
	case 'A', 'D', 'M', 'T':
		if len(f[4]) > 1 {
			if _, err := strconv.Atoi(f[4][1:]); err != nil {
				return change{}, fmt.Errorf("git diff-tree gave %q", oneLine(info, 80))
			}
		}
	case 'R':
		if c.path, err = readPart(in); err != nil {
			return change{}, err
		}
	default:
		return change{}, fmt.Errorf("git diff-tree gave %q", oneLine(info, 80))
	}
	return c, nil
}

// readPart reads up to a NUL what may not be empty.
func readPart(in *bufio.Reader) (string, error) {
	part, err := in.ReadString(0)
	if err != nil {
		return "", unfinished(err, "begun")
	}
	if part == "\x00" {
		return "", errors.New("git diff-tree gave an empty path")
	}
	return part[:len(part)-1], nil
}
