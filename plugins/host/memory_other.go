//go:build !linux

package host

// residentBytes is how much memory a process holds, and whether that is known.
func residentBytes(int) (int64, bool) { return 0, false }
