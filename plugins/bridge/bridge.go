// Package bridge makes an exporter of a script that reads and writes lines of
// JSON. It starts the script, serves the protocol of firstcall's exporters in
// its place, and translates: a call becomes a line on the script's standard
// input, a line on its standard output becomes an answer. The script knows
// nothing of gRPC, sockets or handshakes.
//
// The messages are those of exporter.proto with three differences that make a
// script short: a record's content is JSON within JSON, values of enumerations
// are plain words, and what follows from the rest can be left out. docs/plugins.md
// shows every one of them.
//
// A script that breaks the rules is ended, and the call with it. What the error
// says names the line and what was expected there, and quotes nothing of it.
package bridge

import (
	"os"
	"os/signal"
	"syscall"
	"time"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

const (
	// endGrace is how long a script has to end by itself once its standard
	// input has ended.
	endGrace = 800 * time.Millisecond
	// cancelGrace is how long it has after a cancel.
	cancelGrace = time.Second
	// linger is how long the last words of a script are waited for once its
	// process has ended.
	linger = 250 * time.Millisecond
	// deafGrace is how long a script may live that has closed its standard
	// input.
	deafGrace = time.Second
)

// Hosted reports whether firstcall started this process as an exporter.
func Hosted() bool { return os.Getenv(pb.HandshakeKey) == pb.HandshakeValue }

// Serve starts the script, a program that is looked for in [Path] unless its
// name has a slash, and serves it to the firstcall that started this process. It
// returns when firstcall is done and the script has ended, and never when
// firstcall dies: then script and process end within a second. The error is a
// [*StartError].
func Serve(program string, args []string) error {
	// A closed pipe must end in an error of the write in this process, and in
	// the usual signal in the script's, which would inherit that it is ignored.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	s, err := start(program, args)
	if err != nil {
		return err
	}
	sdk.ServeServer("bridge", newServer(s), func() {
		s.stop(endGrace)
		killOwnGroup()
	})
	s.stop(endGrace)
	return nil
}
