package host

import (
	"net"
	"os"
	"syscall"
)

// ownGroup keeps the console's Ctrl-C from the exporter, which this process
// ends in its own order.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP, HideWindow: true}
}

func killGroup(p *os.Process) { _ = p.Kill() }

func socketParent(tempDir string) string { return tempDir }

func checkAddress(network, address, _ string) error {
	host, _, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); network != "tcp" || err != nil || !ip.IsLoopback() {
		return wrongAddress(network)
	}
	return nil
}
