//go:build !windows

package main

import (
	"errors"
	"syscall"
)

// closedPipe reports whether a write failed because nobody reads any more.
func closedPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }

// diskFull reports whether a write failed for want of room.
func diskFull(err error) bool { return errors.Is(err, syscall.ENOSPC) }
