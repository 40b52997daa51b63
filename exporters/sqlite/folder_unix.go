//go:build linux || darwin

package sqlite

import "syscall"

// mayMakeFiles reports whether the user may make files in a folder, without trying it.
func mayMakeFiles(folder string) bool {
	const write = 2 // W_OK
	return syscall.Access(folder, write) == nil
}
