package host

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strconv"
	"strings"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

var (
	errLate   = errors.New("timeout")
	errMemory = errors.New("memory")
)

// hintedError is a fault with what the user can do about it.
type hintedError struct{ what, hint string }

func (e *hintedError) Error() string { return e.what }

// startFault says why the process did not come up, where the process knows it
// better than go-plugin.
func (p *Plugin) startFault(err error) error {
	switch {
	case p.proc.handshakeFault() != nil:
		return p.proc.handshakeFault()
	case p.proc.startErr != nil:
		return unstartable(p.proc.cmd, p.proc.startErr)
	case p.proc.reason() == errMemory:
		return p.memoryFault()
	case p.proc.reason() == errLate:
		return p.misunderstanding(fmt.Sprintf("not ready within %s of its start", p.opts.StartTimeout))
	case p.proc.exitedWithin(killedGrace):
		return p.misunderstanding("ended before it was ready: " + p.proc.exit())
	}
	return err
}

func (p *Plugin) memoryFault() error {
	return &hintedError{
		fmt.Sprintf("used more than %d MiB of memory and was stopped", p.opts.MemoryLimit>>20),
		"export fewer records at a time, and tell the author of the exporter",
	}
}

// unstartable says in plain words why the system would not start a program.
func unstartable(cmd *exec.Cmd, err error) error {
	switch {
	case errors.Is(err, errExecFormat):
		return &hintedError{
			"is no program for this machine",
			"it may be built for another system, or be a page that was saved instead of the program; a script needs a first line such as #!/bin/sh",
		}
	case errors.Is(err, fs.ErrPermission):
		return &hintedError{"may not be run: " + err.Error(), "make it executable: chmod +x"}
	case errors.Is(err, fs.ErrNotExist):
		if _, there := os.Stat(cmd.Path); there == nil {
			return &hintedError{"needs another program that is not there", "a script names it in its first line, and other programs the library that loads them"}
		}
	}
	return err
}

// misunderstanding adds to what happened a hint that what the program printed
// gives. What it printed is shown elsewhere.
func (p *Plugin) misunderstanding(what string) error {
	printed := strings.TrimSpace(p.proc.output.String())
	switch {
	case strings.HasPrefix(printed, "{"):
		return &hintedError{what + ", and printed JSON", "a script that reads and writes JSON lines runs through the bridge: firstcall plugin lock NAME --bridge"}
	case strings.HasPrefix(strings.ToLower(printed), "usage"):
		return &hintedError{what + ", and printed its usage", "it is no exporter of firstcall, or wants arguments that it was not given"}
	case printed == "":
		return &hintedError{what + ", and printed nothing", "it is no exporter of firstcall, or does not print the line that says where it listens"}
	}
	return errors.New(what)
}

// checkHandshake holds the line that a program prints when it listens against
// what this host understands, before go-plugin sees it.
func checkHandshake(line []byte) error {
	parts := bytes.Split(bytes.TrimSpace(line), []byte("|"))
	if string(parts[0]) != "1" {
		return &hintedError{fmt.Sprintf("uses version %s of the handshake, and this firstcall knows version 1", parts[0]), "look for an exporter made for this firstcall"}
	}
	if major, err := strconv.Atoi(string(parts[1])); err != nil || major != pb.ProtocolMajor {
		hint := "a newer version of the exporter may fit"
		if err != nil || major > pb.ProtocolMajor {
			hint = "a newer firstcall may fit, or an older version of the exporter"
		}
		return &hintedError{fmt.Sprintf("speaks version %s of the protocol, and this firstcall speaks version %d", parts[1], pb.ProtocolMajor), hint}
	}
	if len(parts) < 5 || string(parts[4]) != "grpc" {
		return &hintedError{"does not speak gRPC", "it is a plugin of another program, or the line in which it says where it listens lacks its fifth part"}
	}
	return nil
}
