package main

import (
	"errors"
	"syscall"
)

// Errors of Windows that package syscall has no names for.
const (
	errorDiskFull syscall.Errno = 112
	errorNoData   syscall.Errno = 232 // the pipe is being closed
)

// closedPipe reports whether a write failed because nobody reads any more.
func closedPipe(err error) bool {
	return errors.Is(err, syscall.ERROR_BROKEN_PIPE) || errors.Is(err, errorNoData)
}

// diskFull reports whether a write failed for want of room.
func diskFull(err error) bool { return errors.Is(err, errorDiskFull) }
