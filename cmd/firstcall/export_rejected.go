package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/firstcall-cli/firstcall/plugins/artifact"
	"github.com/firstcall-cli/firstcall/plugins/host"
)

// defaultRejected is where the records go that a destination would not take.
const defaultRejected = "rejected.ndjson"

// rejectedWriter writes the file of rejected records, if there are any. It makes
// a new file and never writes into one that is there: what an earlier run left
// may still be wanted.
type rejectedWriter struct {
	x    *export
	path string
	file *os.File
	out  *bufio.Writer
	err  error // the first: nothing more is written then
}

func (w *rejectedWriter) add(o *host.Outcome, item host.Item) {
	if w.err == nil {
		w.err = w.write(o, item)
	}
}

func (w *rejectedWriter) write(o *host.Outcome, item host.Item) error {
	if w.file == nil && w.x.exporter.configured.Artifacts && w.x.in.text("rejected") == "" {
		return nil // they are rendered anew every time
	}
	if w.file == nil {
		if err := w.open(); err != nil {
			return err
		}
	}
	text, err := json.Marshal(rejectedLine{
		Schema: rejectedSchema, Exporter: w.x.name, Target: w.x.exporter.configured.TargetID,
		Reason: reasonLineOf(o.Diagnostic), Record: item.JSON,
	})
	if err == nil {
		_, err = w.out.Write(append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("write rejected records: %w", err)
	}
	return nil
}

func (w *rejectedWriter) open() error {
	asked := w.x.in.text("rejected")
	for n := 1; ; n++ {
		w.path = asked
		if asked == "" {
			w.path = numbered(defaultRejected, n)
		}
		f, err := os.OpenFile(w.path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if asked == "" && errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("write rejected records: %w", err)
		}
		w.file, w.out = f, bufio.NewWriter(f)
		return nil
	}
}

// numbered gives rejected.ndjson, rejected-2.ndjson, rejected-3.ndjson.
func numbered(name string, n int) string {
	if n == 1 {
		return name
	}
	stem, ending, _ := strings.Cut(name, ".")
	return fmt.Sprintf("%s-%d.%s", stem, n, ending)
}

// close ends the file and returns its name, or none when nothing was rejected.
func (w *rejectedWriter) close() (string, error) {
	if w.file == nil {
		return "", w.failed()
	}
	err := w.out.Flush()
	if err == nil {
		err = w.file.Sync()
	}
	if err = errors.Join(err, w.file.Close()); w.err == nil && err != nil {
		w.err = fmt.Errorf("write rejected records: %w", err)
	}
	if w.err != nil {
		_ = os.Remove(w.path) // half of it would be taken for all
		return "", w.failed()
	}
	w.x.in.note("what was rejected is in %s", w.path)
	return w.path, nil
}

// failed is why there is no file.
func (w *rejectedWriter) failed() error {
	if w.err == nil {
		return nil
	}
	return &hinted{w.err, "make room, or name another file with --rejected, and run the same command again: what was rejected is sent again"}
}

// checkOutputs finds out before anything is sent whether files that come of it
// can be made.
func (x *export) checkOutputs() error {
	if path := x.in.text("rejected"); path != "" {
		if _, err := os.Lstat(path); err == nil {
			return &hinted{fmt.Errorf("%s is there already", path), "give --rejected a new name: what an earlier run left there may still be wanted"}
		}
		if _, err := os.Stat(filepath.Dir(path)); err != nil {
			return fmt.Errorf("--rejected: %w", err)
		}
	}
	path := x.in.text("report")
	if path == "" {
		return nil
	}
	_, err := artifact.Foresee([]string{reportName}, artifact.Options{Out: path, Force: x.in.on("force")})
	var theirs *artifact.ConflictError
	switch {
	case errors.As(err, &theirs):
		return &hinted{fmt.Errorf("--report: %s was not written by firstcall", path), "give --report another name, or replace that file with --force"}
	case err != nil:
		// What it says of --out is not what the user has to do here.
		return &hinted{fmt.Errorf("--report: %v", err), "give --report the name of a file in a folder that is there"}
	}
	return nil
}
