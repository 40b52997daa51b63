package history

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// commit is a commit as git rev-list tells it.
type commit struct {
	hash    string
	parents []string
	date    string // seconds and time zone
	subject string
}

// published gives what is told to callers of the package.
func (c *commit) published() *Commit {
	return &Commit{Hash: c.hash, When: parseDate(c.date), Subject: oneLine(c.subject, 200)}
}

// parseDate reads "seconds zone" as git writes it, as in "1700000000 +0130".
// It gives the zero time for anything else, and for years past 9999.
func parseDate(s string) time.Time {
	seconds, zone, _ := strings.Cut(s, " ")
	n, err := strconv.ParseInt(seconds, 10, 64)
	const end = 253402300800 // the year 10000
	if err != nil || n <= -end || n >= end {
		return time.Time{}
	}
	offset := 0
	if z, err := strconv.Atoi(zone); err == nil && len(zone) == 5 && z > -2400 && z < 2400 {
		offset = z/100*3600 + z%100*60
	}
	return time.Unix(n, 0).In(time.FixedZone("", offset))
}

// commits reads the history from one commit back, children before parents and
// the newest first.
type commits struct {
	process *process
	in      *bufio.Reader
	over    bool
}

func (g git) commits(ctx context.Context, from string) (*commits, error) {
	p, err := g.start(ctx, false, "rev-list", "--date-order", "--date=raw", "--encoding=UTF-8",
		"--format=%P%x00%ad%x00%s", "--end-of-options", from)
	if err != nil {
		return nil, err
	}
	return &commits{process: p, in: bufio.NewReaderSize(p.out, 64<<10)}, nil
}

// next gives the next commit, or nil after the last.
func (c *commits) next() (*commit, error) {
	if c.over {
		return nil, nil
	}
	found, err := readCommit(c.in)
	if err != nil {
		c.over = true
		return nil, c.process.fault(err)
	}
	return found, nil
}

// readCommit reads "commit HASH", and on the next line parents, date and
// subject with NULs between them.
func readCommit(in *bufio.Reader) (*commit, error) {
	first, err := in.ReadString('\n')
	if err != nil {
		return nil, unfinished(err, first)
	}
	second, err := in.ReadString('\n')
	if err != nil {
		return nil, unfinished(err, first)
	}
	hash, ok := strings.CutPrefix(strings.TrimSuffix(first, "\n"), "commit ")
	parents, rest, ok2 := strings.Cut(strings.TrimSuffix(second, "\n"), "\x00")
	date, subject, ok3 := strings.Cut(rest, "\x00")
	if !ok || !ok2 || !ok3 || !isHash(hash) {
		return nil, fmt.Errorf("git rev-list gave %q", oneLine(first+second, 80))
	}
	c := &commit{hash: hash, parents: strings.Fields(parents), date: date, subject: subject}
	for _, p := range c.parents {
		if !isHash(p) {
			return nil, fmt.Errorf("git rev-list gave %q", oneLine(second, 80))
		}
	}
	return c, nil
}

// unfinished tells an end between things from one within.
func unfinished(err error, begun string) error {
	if err == io.EOF && begun != "" {
		return io.ErrUnexpectedEOF
	}
	return err
}
