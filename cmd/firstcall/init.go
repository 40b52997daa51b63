package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/firstcall-cli/firstcall/core/org"
	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/plugins/artifact"
)

// The files that init writes, with @MARKS@ for what the user gives. A line that
// begins with # and a blank is there to be read; one that begins with # alone, or
// with # and two blanks where there is a choice, is an example to be used.
var (
	//go:embed templates/client.toml
	clientTemplate string
	//go:embed templates/firstcall.toml
	configTemplate string
)

// clientFileName is what init calls a client file.
const clientFileName = "client.toml"

func initCommand() *command {
	return &command{
		name: "init", args: "[FOLDER]",
		summary: "write a client file and settings to begin with",
		about: "Writes client.toml, which tells firstcall about a client: its names, values, departments, roles, what it gave up. " +
			"Every key stands in it as a comment, with an example; use what you need. " +
			"Beside it goes firstcall.toml, with settings that hold in the folder and below it, unless the folder lies below one that has such a file.\n\n" +
			"The folder is made when it is missing; without one, the working directory is used. " +
			"A file that you have changed, or that firstcall did not write, is left alone.",
		examples: []example{
			{"firstcall init acme --client acme --client-name 'Acme Ltd'", "a folder for a new client"},
			{"firstcall init --print", "see every key of a client file"},
			{"firstcall lint vision.md --org acme/client.toml", "then use it"},
		},
		options: []option{
			{name: "client", kind: text, value: "ID", usage: "what records call the client", fallback: "made from its name, or from the folder's", complete: nothing},
			{name: "client-name", kind: text, value: "NAME", usage: "how the client writes itself", complete: nothing},
			{name: "print", kind: toggle, usage: "write client.toml to standard output, and no files"},
			{name: "force", kind: toggle, usage: "replace files even if firstcall did not write them, or you have changed them"},
		},
		run: runInit,
	}
}

func runInit(ctx context.Context, in *invocation) error {
	folder := "."
	switch len(in.args) {
	case 0:
	case 1:
		folder = in.args[0]
	default:
		return usagef("firstcall init acme", "init takes one folder, but got %d", len(in.args))
	}
	if folder == "" || folder == "-" {
		return usagef("firstcall init acme, or firstcall init --print for standard output", "init needs the name of a folder, not %q", folder)
	}
	id, name, err := newClient(in, folder)
	if err != nil {
		return err
	}
	client, err := clientFile(id, name)
	if err != nil {
		return err
	}
	if in.on("print") {
		return writeAll(in.out, client)
	}
	files := []artifact.File{artifact.NewFile(clientFileName, "application/toml", []byte(client))}
	above, err := configAbove(folder)
	if err != nil {
		return err
	}
	if above == "" {
		files = append(files, artifact.NewFile(configName, "application/toml", []byte(configFor(id, name))))
	}
	if err := writeNew(ctx, in, folder, files); err != nil {
		return err
	}
	if above != "" {
		in.note("no %s is written, since the settings of %s hold here", configName, above)
	}
	return nil
}

// newClient gives the id and the name of the client, the name empty when the user
// gives none.
func newClient(in *invocation, folder string) (id, name string, err error) {
	id, name = strings.TrimSpace(in.text("client")), strings.TrimSpace(in.text("client-name"))
	if err := record.CheckName(id); err != nil {
		return "", "", usagef("", "--client: %v", err)
	}
	if err := record.CheckName(name); err != nil {
		return "", "", usagef("", "--client-name: %v", err)
	}
	if id == "" {
		id = slug(name)
	}
	if id == "" {
		path, err := filepath.Abs(folder)
		if err != nil {
			return "", "", fmt.Errorf("find out what the folder is called: %w", err)
		}
		id = slug(filepath.Base(path))
	}
	if id == "" {
		id = "client"
	}
	return id, name, nil
}

var noSlug = regexp.MustCompile(`[^a-z0-9]+`)

// slug makes an id of a name, without accents; empty when it has no Latin letters
// or digits.
func slug(name string) string {
	bare := strings.Map(func(c rune) rune {
		if unicode.Is(unicode.Mn, c) {
			return -1
		}
		return c
	}, norm.NFD.String(strings.ToLower(name)))
	return strings.Trim(noSlug.ReplaceAllString(bare, "-"), "-")
}

// clientFile fills in the client file, and holds that it can be read: what the user
// gives may be too long for one.
func clientFile(id, name string) (string, error) {
	line := `#name = "Acme Ltd"`
	if name != "" {
		line = "name = " + quoteTOML(name)
	}
	text := strings.NewReplacer("@ID@", quoteTOML(id), "@NAME@", line).Replace(clientTemplate)
	_, err := org.ReadClient(clientFileName, []byte(text))
	var faults problem.List
	if errors.As(err, &faults) {
		return "", usagef(faults[0].Hint, "--client or --client-name can't stand in a client file: %s", faults[0].What)
	}
	return text, err
}

// configFor fills in the settings.
func configFor(id, name string) string {
	line := quoteTOML(id) + " = "
	if name == "" {
		line = "#" + line + `"Acme Ltd"`
	} else {
		line += quoteTOML(name)
	}
	return strings.NewReplacer("@ID@", quoteTOML(id), "@CLIENT@", line).Replace(configTemplate)
}

// quoteTOML writes a text without control characters as TOML has it.
func quoteTOML(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

// configAbove gives the settings that hold in a folder because they stand above it.
// The folder need not be there yet.
func configAbove(folder string) (string, error) {
	dir, err := filepath.Abs(folder)
	if err != nil {
		return "", fmt.Errorf("look for %s: %w", configName, err)
	}
	for up := filepath.Dir(dir); up != dir; up = filepath.Dir(dir) {
		dir = up
		if _, err := os.Stat(filepath.Join(dir, configName)); err == nil {
			return filepath.Join(dir, configName), nil
		}
	}
	return "", nil
}

// writeNew puts files into a folder, which is made when it is missing. Nothing is
// written when one of them is in the way of a file of the user's.
func writeNew(ctx context.Context, in *invocation, folder string, files []artifact.File) error {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	report, err := artifact.Place(ctx, files, artifact.Options{Out: folder, Force: in.on("force"), Stdout: in.out})
	var conflict *artifact.ConflictError
	if errors.As(err, &conflict) {
		var mine problem.List
		for _, p := range conflict.Files {
			p.Hint = "--force replaces it; firstcall init --print shows what a client file may hold"
			if p.What == "is a folder" || p.What == "is a symbolic link" || p.What == "is not a regular file" {
				p.Hint = "name another folder, or move it away"
			}
			mine.Add(p)
		}
		return mine
	}
	if err != nil {
		return err
	}
	for _, f := range report.Written {
		if f.Unchanged {
			in.note("%s is as it was", f.Path)
		} else {
			in.note("wrote %s", f.Path)
		}
	}
	for _, w := range report.Warnings {
		in.note("%s", w)
	}
	return nil
}
