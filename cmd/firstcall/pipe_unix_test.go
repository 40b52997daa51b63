//go:build !windows

package main

import "syscall"

var (
	closedPipes = []syscall.Errno{syscall.EPIPE}
	diskFulls   = []syscall.Errno{syscall.ENOSPC}
)
