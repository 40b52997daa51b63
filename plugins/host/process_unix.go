//go:build unix

package host

import (
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

// errExecFormat is what the system says of a file that is no program for it.
const errExecFormat = syscall.ENOEXEC

// passOn hands an open file on to a process that is about to start, and returns
// the name it goes by there.
func passOn(cmd *exec.Cmd, f *os.File) string {
	cmd.ExtraFiles = append(cmd.ExtraFiles, f)
	return strconv.Itoa(2 + len(cmd.ExtraFiles)) // after the standard three
}

// ownGroup keeps the terminal's Ctrl-C from the exporter, which this process
// ends in its own order, and lets it be killed with all it started.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func killGroup(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGKILL) }

// maxSocketParent is what a folder's path may have so that the socket's path,
// some 40 bytes more, fits the 104 bytes that the strictest system gives it.
const maxSocketParent = 60

// socketParent is where the private folder of the socket is made.
func socketParent(tempDir string) string {
	if len(tempDir) > maxSocketParent {
		return "/tmp"
	}
	return tempDir
}
