package host

import (
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

// errExecFormat is ERROR_BAD_EXE_FORMAT: the file is no program for this system.
const errExecFormat = syscall.Errno(193)

// passOn hands an open file on to a process that is about to start, and returns
// the name it goes by there.
func passOn(cmd *exec.Cmd, f *os.File) string {
	handle := syscall.Handle(f.Fd())
	cmd.SysProcAttr.AdditionalInheritedHandles = append(cmd.SysProcAttr.AdditionalInheritedHandles, handle)
	return strconv.FormatUint(uint64(handle), 10)
}

// ownGroup keeps the console's Ctrl-C from the exporter, which this process
// ends in its own order.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP, HideWindow: true}
}

func killGroup(p *os.Process) { _ = p.Kill() }

func socketParent(tempDir string) string { return tempDir }
