package history

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// largest is how many bytes of a content are read at most; longer ones count
// as another text whenever they differ.
const largest = 64 << 20

// Faults of single contents.
var (
	errMissing  = errors.New("content is missing")
	errTooLarge = errors.New("content is too large")
)

// blobs asks one git cat-file for contents.
type blobs struct {
	git     git
	partial bool     // contents may be missing
	ends    int      // how often git ended for want of a content
	process *process // nil until the first is asked for
	in      *bufio.Reader
}

// mostEnds is how often git is started again in a partial clone after it ended
// for want of a content. Some versions do rather than say "missing". After that
// all contents count as missing, so that there is no process a file.
const mostEnds = 8

// get gives the content with the hash. errMissing and errTooLarge are about
// that content only; after another error nothing more can be had.
func (b *blobs) get(ctx context.Context, hash string) ([]byte, error) {
	if b.ends >= mostEnds {
		return nil, errMissing
	}
	content, err := b.ask(ctx, hash)
	if err == nil || errors.Is(err, errMissing) || errors.Is(err, errTooLarge) || !b.partial || ctx.Err() != nil {
		return content, err
	}
	b.end()
	b.ends++
	return nil, errMissing
}

func (b *blobs) ask(ctx context.Context, hash string) ([]byte, error) {
	if b.process == nil {
		p, err := b.git.start(ctx, true, "cat-file", "--batch")
		if err != nil {
			return nil, err
		}
		b.process, b.in = p, bufio.NewReaderSize(p.out, 64<<10)
	}
	if _, err := io.WriteString(b.process.in, hash+"\n"); err != nil {
		return nil, b.fault(err)
	}
	content, err := readBlob(b.in)
	switch {
	case err == nil || errors.Is(err, errMissing):
		return content, err
	case errors.Is(err, errTooLarge):
		b.end() // rather than read all of it; the next question starts git anew
		return nil, err
	}
	return nil, b.fault(err)
}

func (b *blobs) fault(err error) error {
	if err := b.process.fault(err); err != nil {
		return err
	}
	return errors.New("git cat-file ended early")
}

// end stops git.
func (b *blobs) end() {
	if b.process != nil {
		b.process.end()
		b.process = nil
	}
}

// readBlob reads "hash type size", content and a line feed.
func readBlob(in *bufio.Reader) ([]byte, error) {
	line, err := in.ReadString('\n')
	if err != nil {
		return nil, unfinished(err, line)
	}
	f := strings.Fields(line)
	if len(f) == 2 && isHash(f[0]) && f[1] == "missing" {
		return nil, errMissing
	}
	if len(f) != 3 || !isHash(f[0]) {
		return nil, fmt.Errorf("git cat-file gave %q", oneLine(line, 80))
	}
	size, err := strconv.ParseInt(f[2], 10, 64)
	if err != nil || size < 0 {
		return nil, fmt.Errorf("git cat-file gave %q", oneLine(line, 80))
	}
	if size > largest {
		return nil, errTooLarge
	}
	content := make([]byte, size+1)
	if _, err := io.ReadFull(in, content); err != nil {
		return nil, unfinished(err, "begun")
	}
	if content[size] != '\n' {
		return nil, errors.New("git cat-file gave more than it said")
	}
	return content[:size], nil
}
