package host

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
)

// usesTCP reports whether exporters listen on a port rather than a socket.
// Everybody on the machine can reach a port: certificates of both sides guard
// it, where a private folder guards a socket.
func (o Options) usesTCP() bool { return o.tcp || runtime.GOOS == "windows" }

var errAddress = errors.New("listens where it was not told to")

// checkAddress refuses an exporter that listens elsewhere than it was told to,
// since only that place is private.
func (p *process) checkAddress(network, address string) error {
	fault := fmt.Errorf("%w: a socket of the network %q", errAddress, network)
	if p.tcp {
		host, _, err := net.SplitHostPort(address)
		if ip := net.ParseIP(host); network != "tcp" || err != nil || !ip.IsLoopback() {
			return fault
		}
		return nil
	}
	if network != "unix" {
		return fault
	}
	want, err := os.Stat(p.socketDir)
	if err != nil {
		return err
	}
	// By identity: the exporter may have resolved links in the path.
	if got, err := os.Stat(filepath.Dir(address)); err != nil || !os.SameFile(got, want) {
		return fault
	}
	return nil
}
