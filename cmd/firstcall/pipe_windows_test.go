package main

import "syscall"

// From winerror.h: ERROR_BROKEN_PIPE, ERROR_NO_DATA, ERROR_DISK_FULL.
var (
	closedPipes = []syscall.Errno{109, 232}
	diskFulls   = []syscall.Errno{112}
)
