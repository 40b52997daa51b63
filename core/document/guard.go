package document

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// guardedTime is how long a file may take whose reader does not say.
	guardedTime = 10 * time.Second

	// guardedSize is how many bytes a file may have. Even one with large
	// pictures has fewer.
	guardedSize = 256 << 20
)

// ReadGuarded is [Read] for files that nobody has looked at: whatever they hold,
// it returns. It gives up when the context is done, or after ten seconds if the
// context has no deadline; the work ends then, it does not go on behind. A file
// of more than 256 MiB is not read.
//
// Beside the errors of Read it gives ErrTimeout when the time is up, and
// ErrDamaged where the file makes a reader panic. When the context was
// canceled the error is its own.
func ReadGuarded(ctx context.Context, name string, data []byte) (d *Document, err error) {
	if _, bounded := ctx.Deadline(); !bounded {
		limited, cancel := context.WithTimeout(ctx, guardedTime)
		defer cancel()
		ctx = limited
	}
	defer func() {
		if what := recover(); what != nil {
			d, err = nil, named(name, damaged("is damaged in a way that firstcall cannot cope with", hintAgain))
		}
	}()
	if len(data) > guardedSize {
		return nil, named(name, tooLarge("is larger than 256 MiB"))
	}
	d, err = read(ctx, name, data)
	switch {
	case errors.Is(err, context.Canceled):
		return nil, fmt.Errorf("read %s: %w", name, err)
	case err != nil:
		return nil, named(name, err)
	}
	return d, nil
}

// clock ends work whose time is up. To ask it costs next to nothing.
type clock struct {
	ctx  context.Context
	work int   // since it was last looked at
	err  error // why the work is to end
}

// watched is how many bytes of work may pass between two looks at the clock. It
// is less than a thousandth of a second.
const watched = 16 << 10

// up takes notice of n bytes of work and says whether the time is up.
func (c *clock) up(n int) bool {
	if c.work += n; c.work < watched || c.err != nil {
		return c.err != nil
	}
	c.work = 0
	c.err = c.ctx.Err()
	return c.err != nil
}

// fault gives the error of a clock whose time is up, else nil.
func (c *clock) fault() error {
	switch {
	case c.err == nil:
		return nil
	case errors.Is(c.err, context.DeadlineExceeded):
		return newFault(ErrTimeout, "takes too long to read", "give the part of it that is to be read, or save it again in another format")
	}
	return c.err
}
