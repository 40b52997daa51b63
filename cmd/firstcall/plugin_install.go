package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/plugins/trust"
	"github.com/firstcall-cli/firstcall/plugins/trust/fetch"
)

func pluginInstallCommand() *command {
	return &command{
		name: "install", args: "[FILE|URL]", summary: "put a program into the plugin folder, and let it run",
		about: "Copies a program, or downloads it, into the plugin folder under the name it calls itself, and locks it. " +
			"Its hash is checked before anything runs; a download needs the hash that its author publishes. Then it is started once, to learn what it is. " +
			"When anything fails, everything is as it was.\n\n" +
			"A download goes by https, and through the proxy of the variable HTTPS_PROXY; http is for this machine itself.",
		examples: []example{
			{"firstcall plugin install ./firstcall-export-keys", "a program you have built"},
			{"firstcall plugin install https://example.org/keys-linux-amd64 --sha256 f4c5...", "a download"},
		},
		options: []option{
			{name: "path", kind: text, value: "FILE|URL", usage: "the program, instead of the argument"},
			{name: "sha256", kind: text, value: "HEX", usage: "the hash it must have; needed for a URL", complete: nothing},
			{name: "name", kind: text, value: "NAME", usage: "what it must call itself", fallback: "whatever it does", complete: nothing},
			projectOption(),
			{name: "force", kind: toggle, usage: "replace another program of that name"},
		},
		run: runPluginInstall,
	}
}

func runPluginInstall(ctx context.Context, in *invocation) error {
	from, err := installed(in)
	if err != nil {
		return err
	}
	sum, name := strings.ToLower(in.text("sha256")), in.text("name")
	isURL := strings.Contains(from, "://")
	switch {
	case sum != "" && !trust.ValidSum(sum):
		return usagef("a SHA-256 has 64 hexadecimal digits", "--sha256: %q is no SHA-256", sum)
	case isURL && sum == "":
		return usagef("its author publishes the hash beside the file; to take a file without one, download it, look at it, and give its path", "a download needs --sha256")
	}
	places, folder, err := chosenFolder(in)
	if err != nil {
		return err
	}
	if name != "" {
		if err := places.CheckName(name); err != nil {
			return err
		}
	}
	lock, err := places.Open(folder)
	if err != nil {
		return err
	}
	if name != "" && sum != "" {
		if _, err := places.MayInstall(folder, lock, name, sum, in.on("force")); err != nil {
			return err
		}
	}
	var draft *trust.Draft
	if isURL {
		draft, err = download(ctx, in, places, from, sum)
	} else {
		if draft, err = places.DraftProgram(from, filepath.Base(from), sum); err == nil {
			draft.Entry.Source = sourcePath(folder, places.Project, from)
		}
	}
	if err != nil {
		return err
	}
	defer draft.Ready.Close()
	return install(ctx, in, places, folder, lock, draft, name)
}

// installed is the file or address of the program.
func installed(in *invocation) (string, error) {
	named := in.args
	if path := in.text("path"); path != "" {
		named = append(named, path)
	}
	if len(named) != 1 {
		return "", usagef("firstcall plugin install FILE", "plugin install needs one program")
	}
	return named[0], nil
}

// install starts the program once, and puts it in place under the name it gives.
func install(ctx context.Context, in *invocation, places trust.Places, folder trust.Folder, lock *trust.Lock, draft *trust.Draft, name string) error {
	info, err := ask(ctx, in, name, draft.Ready)
	if err != nil {
		return err
	}
	if err := places.CheckName(info.GetName()); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	draft.Entry.Name, draft.Entry.Version = info.GetName(), info.GetVersion()
	forgot, err := places.Install(folder, lock, draft, in.on("force"))
	if err != nil {
		return err
	}
	if len(forgot) > 0 {
		in.note("%s: the hashes for %s were of another version, and are no longer in the lock", info.GetName(), strings.Join(forgot, ", "))
	}
	remember(in, places, draft.Ready.Sum, info)
	return writeAll(in.out, printableLines(fmt.Sprintf("%s is installed as %s\nand locked in %s (sha256 %s)\n",
		versioned(info.GetName(), info.GetVersion()), folder.Program(info.GetName()), folder.Lock, draft.Ready.Sum)))
}

// sourcePath is the path that a lock notes. A project's lock is read by others,
// who need not know where on this machine things lie.
func sourcePath(f trust.Folder, project, from string) string {
	path, err := filepath.Abs(from)
	if err != nil {
		path = from
	}
	if f.Where != trust.Project {
		return path
	}
	if inside, err := filepath.Rel(project, path); err == nil && filepath.IsLocal(inside) {
		return filepath.ToSlash(inside)
	}
	return filepath.Base(path)
}

// download reads a program from the network.
func download(ctx context.Context, in *invocation, places trust.Places, from, sum string) (*trust.Draft, error) {
	body, err := fetch.Open(ctx, from)
	if err != nil {
		return nil, err
	}
	shown := &downloading{Body: body, progress: newProgress(in)}
	draft, err := places.DraftStream(shown, body.Name(), sum)
	shown.done()
	if err := errors.Join(err, body.Close()); err != nil {
		if draft != nil {
			_ = draft.Ready.Close()
		}
		return nil, err
	}
	draft.Entry.Source = body.Source
	return draft, nil
}

// downloading shows on a terminal how far a download is.
type downloading struct {
	*fetch.Body
	*progress
	read int64
}

var _ io.Reader = (*downloading)(nil)

// Read implements io.Reader.
func (d *downloading) Read(into []byte) (int, error) {
	n, err := d.Body.Read(into)
	d.read += int64(n)
	now := time.Now()
	if d.in.errTerminal && !d.in.quiet && now.Sub(d.started) >= progressDelay && now.Sub(d.shown) >= progressStep {
		d.shown = now
		of := ""
		if d.Size > 0 {
			of = fmt.Sprintf(" of %.1f", float64(d.Size)/1e6)
		}
		fmt.Fprintf(d.in.err, "\r\x1b[K%.1f%s MB", float64(d.read)/1e6, of)
	}
	return n, err
}
