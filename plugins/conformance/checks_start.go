package conformance

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/journal"
)

func startChecks() []*Check {
	return []*Check{
		{
			ID: "start.ready", Title: "it is ready within 10 s of its start", Rule: "R1", learns: true,
			Hint: "exporter.proto says under STARTING what the line looks like and when it must come",
			run:  checkReady,
		},
		{
			ID: "start.by-hand", Title: "started by hand it says what it is and ends with status 1", Rule: "R2",
			Hint: "look for FIRSTCALL_EXPORTER first of all",
			run:  checkByHand,
		},
		{
			ID: "start.fence", Title: "it leaves the descriptor of the fence open", Rule: "R9",
			Hint: "close no descriptor that you did not open: a later run learns from this one whether a process of an earlier one may still be writing",
			run:  checkFence,
		},
		{
			ID: "end.shutdown", Title: "it ends within 2 s when it is told to", Rule: "R3",
			Hint: "read standard input to its end and exit then, or serve the call Shutdown of plugin.GRPCController",
			run:  checkShutdown,
		},
		{
			ID: "end.folder", Title: "it leaves nothing in the folder of its socket", Rule: "R4", needs: []string{"end.shutdown"},
			Hint: "remove the socket before the process ends",
			run:  checkFolder,
		},
		{
			ID: "end.host-gone", Title: "it ends within 2 s when its host dies", Rule: "R5",
			Hint: "read standard input in a thread of its own and exit when it ends",
			run:  checkHostGone,
		},
	}
}

func checkReady(t *trial) error {
	_, err := t.start()
	failure, ok := startFault(err)
	if !ok {
		return err
	}
	failure.Name = cmp.Or(failure.Name, filepath.Base(t.program.Command.Path))
	t.fatal = failure
	return &fault{seen: failure.Err.Error(), hint: failure.Hint()}
}

func checkByHand(t *trial) error {
	printed, exit, err := t.opts.launcher.byHand(t.ctx, t.program.Command, t.opts.Start)
	switch {
	case err != nil:
		return broken("%v", err)
	case exit != 1:
		return broken("it ended with status %d", exit)
	case printed == "":
		return broken("it printed nothing")
	case strings.HasPrefix(printed, "1|1|"):
		return broken("it printed the line that says where it listens")
	}
	return nil
}

// checkFence lets go of a fence while the exporter runs. Its file is removed then
// if nobody else holds it.
func checkFence(t *trial) error {
	dir, err := os.MkdirTemp(t.opts.TempDir, "firstcall-fence-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fence, err := journal.NewFence(dir)
	if err != nil {
		return err
	}
	defer fence.Close()
	t.program.Command.Fence = fence
	defer func() { t.program.Command.Fence = nil }()
	r, err := t.start()
	if err != nil {
		return err
	}
	if _, err := r.describe(&pb.DescribeRequest{}); err != nil {
		return &unknowable{why: "Describe failed: " + why(err)}
	}
	name := fence.File().Name()
	if err := fence.Close(); err != nil {
		return err
	}
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		return broken("it closed the descriptor")
	}
	return nil
}

func checkShutdown(t *trial) error {
	r, err := t.start()
	if err != nil {
		return err
	}
	if !r.Shutdown(t.opts.Prompt) {
		return broken("it was still running %s after it was told to end", t.opts.Prompt)
	}
	return nil
}

func checkFolder(t *trial) error {
	if runtime.GOOS == "windows" {
		return skip("there is no such folder on Windows")
	}
	r, err := t.start()
	if err != nil {
		return err
	}
	if !r.Shutdown(t.opts.Prompt) {
		return &unknowable{why: "it did not end this time"}
	}
	if left := r.Left(); len(left) > 0 {
		return broken("%s left in the folder", plural(len(left), "file was", "files were"))
	}
	return nil
}

func checkHostGone(t *trial) error {
	r, err := t.start()
	if err != nil {
		return err
	}
	if _, err := r.describe(&pb.DescribeRequest{}); err != nil {
		return &unknowable{why: "Describe failed: " + why(err)}
	}
	return r.abandoned()
}

// abandoned lets the host die and waits for the exporter to notice.
func (r *running) abandoned() error {
	r.Abandon()
	if _, gone := r.Exited(r.t.opts.Prompt); !gone {
		return broken("it was still running %s after the end of its host", r.t.opts.Prompt)
	}
	return nil
}

// checkPrints looks back at what was printed.
func checkPrints(t *trial) error {
	if len(t.ear.prints) > 0 {
		return broken("%s", t.ear.prints[0])
	}
	if t.ear.noise > 0 {
		t.note = "it printed something; users see that only when it fails"
	}
	return nil
}

func plural(n int, one, many string) string {
	if n == 1 {
		return fmt.Sprintf("%d %s", n, one)
	}
	return fmt.Sprintf("%d %s", n, many)
}
