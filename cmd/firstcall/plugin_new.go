package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// exporterTemplates are exporters to start from, a folder for each language. In
// their texts @NAME@ stands for the name, and so does the name exporter of a
// file. The ending .txt keeps Go from taking them for sources.
//
//go:embed templates/exporter
var exporterTemplates embed.FS

func pluginNewCommand() *command {
	return &command{
		name: "new", args: "NAME", summary: "start an exporter of your own", complete: nothing,
		about: "Makes a folder with an exporter that works, to be changed: in Go, a list of the keys of all records, as a program; in shell, the same as a script; in JavaScript for Node, a script that keeps records in a file, as a system with objects would. " +
			"A README says how to build, test and run it. Nothing that is there is changed.",
		examples: []example{
			{"firstcall plugin new keys --lang go", "a program in Go"},
			{"firstcall plugin new notes --lang node --dir exporters", "a script for Node, in exporters/notes"},
		},
		options: []option{
			{name: "lang", kind: text, value: "LANGUAGE", usage: "what to write it in", fallback: "go", choices: exporterLanguages()},
			{name: "dir", kind: text, value: "DIR", usage: "where to make the folder NAME", fallback: "here"},
		},
		run: runPluginNew,
	}
}

func exporterLanguages() []string { return []string{"go", "node", "sh"} }

func runPluginNew(_ context.Context, in *invocation) error {
	if len(in.args) != 1 {
		return usagef("firstcall plugin new keys --lang go", "plugin new needs a name")
	}
	name, language := in.args[0], in.text("lang")
	if language == "" {
		language = "go"
	}
	places, err := pluginPlaces(nil)
	if err != nil {
		return err
	}
	if err := places.CheckName(name); err != nil {
		return usagef(hintOf(err), "%v", err)
	}
	folder := filepath.Join(in.text("dir"), name)
	if err := emptyFolder(folder); err != nil {
		return err
	}
	files, err := scaffold(name, language)
	if err != nil {
		return err
	}
	var list strings.Builder
	for _, f := range files {
		at := filepath.Join(folder, f.name)
		if err := writeNewFile(at, f); err != nil {
			return err
		}
		fmt.Fprintln(&list, at)
	}
	if err := writeAll(in.out, list.String()); err != nil {
		return err
	}
	in.note("%s says how to build, test and run it", filepath.Join(folder, "README.md"))
	return nil
}

// emptyFolder makes sure that there is a folder with nothing in it.
func emptyFolder(folder string) error {
	entries, err := os.ReadDir(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return os.MkdirAll(folder, 0o777)
	case err != nil:
		return err
	case len(entries) > 0:
		return &hinted{fmt.Errorf("%s is there and not empty", folder), "choose another name, or another place with --dir"}
	}
	return nil
}

// newFile is a file of an exporter to start from.
type newFile struct {
	name string
	text string
	mode fs.FileMode
}

// scaffold makes the files of an exporter called name.
func scaffold(name, language string) ([]newFile, error) {
	dir := path.Join("templates/exporter", language)
	entries, err := exporterTemplates.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var files []newFile
	for _, e := range entries {
		text, err := exporterTemplates.ReadFile(path.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		f := newFile{name: strings.TrimSuffix(e.Name(), ".txt"), text: strings.ReplaceAll(string(text), "@NAME@", name), mode: 0o666}
		if base, ending, _ := strings.Cut(f.name, "."); base == "exporter" {
			f.name = name + "." + ending
		}
		if strings.HasPrefix(f.text, "#!") {
			f.mode = 0o777
		}
		files = append(files, f)
	}
	return files, nil
}

// writeNewFile writes a file that must not be there yet.
func writeNewFile(path string, f newFile) error {
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, f.mode)
	if err != nil {
		return err
	}
	_, err = out.WriteString(f.text)
	return errors.Join(err, out.Close())
}
