package host

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// residentBytes is how much memory a process and those that it started hold, and
// whether that is known.
func residentBytes(pid int) (int64, bool) {
	held, known := residentAlone(pid)
	for _, child := range children(pid) {
		more, _ := residentBytes(child) // it may have ended just now
		held += more
	}
	return held, known
}

func residentAlone(pid int) (int64, bool) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0, false
	}
	fields := bytes.Fields(text)
	if len(fields) < 2 {
		return 0, false
	}
	pages, err := strconv.ParseInt(string(fields[1]), 10, 64)
	return pages * int64(os.Getpagesize()), err == nil
}

// children lists the processes that one has started, by any of its threads.
func children(pid int) []int {
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	var out []int
	for _, list := range lists {
		text, _ := os.ReadFile(list) // not there when the kernel does not keep it
		for _, word := range bytes.Fields(text) {
			if child, err := strconv.Atoi(string(word)); err == nil {
				out = append(out, child)
			}
		}
	}
	return out
}
