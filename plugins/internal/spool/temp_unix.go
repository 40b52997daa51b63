//go:build unix

package spool

import "os"

// detach removes the file's name at once: whatever becomes of the process, the
// system frees the file with it.
func detach(file *os.File) error { return os.Remove(file.Name()) }

func discard(file *os.File) error { return file.Close() }
