package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/firstcall-cli/firstcall/core/disclosure"
	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/score"
)

func runMerge(ctx context.Context, in *invocation) error {
	instr, err := instrumentOf(in, "merge")
	if err != nil {
		return err
	}
	if err := checkDay(in.text("as-of")); err != nil {
		return err
	}
	min, err := minGroup(in, instr)
	if err != nil {
		return err
	}
	counts, err := headcounts(in, instr)
	if err != nil {
		return err
	}
	paths, err := inputPaths(in, `"firstcall score --partial FILE" makes a part`)
	if err != nil {
		return err
	}
	b, err := openBook(ctx, in)
	if err != nil {
		return err
	}
	defer b.close()
	var parts []score.Source
	for _, path := range paths {
		parts = append(parts, score.Source{Path: path, Open: func() (io.ReadCloser, error) { return openInput(ctx, in, path) }})
	}
	result, opt, err := score.MergePartials(parts, score.Options{Instrument: instr})
	if err != nil {
		return err
	}
	result.Lacking = b.further(instr, opt.By)
	tellFiles(in, result)
	return publishAll(ctx, in, result, disclosure.Request{
		Instrument: instr, Missing: opt.Missing, MinGroup: min, Headcounts: counts,
		ClientName: in.text("client-name"), AsOf: in.text("as-of"),
		Tool: record.Tool{Name: "firstcall", Version: version}, LongRun: opt.LongRun, Excluded: opt.ExcludeCareless,
	}, b, nil)
}

// instrumentOf opens the instrument that a command was given.
func instrumentOf(in *invocation, command string) (*instrument.Instrument, error) {
	ref := in.text("instrument")
	if ref == "" {
		return nil, usagef("built in are "+strings.Join(instrument.Builtins(), ", ")+"; or give a .toml file", "%s needs --instrument", command)
	}
	return instrument.Open(ref)
}

// minGroup is the smallest group to publish.
func minGroup(in *invocation, instr *instrument.Instrument) (int, error) {
	n, ok := in.number("min-group")
	switch {
	case !ok:
		return instr.Policy.MinGroup, nil
	case n < instrument.MinGroupFloor:
		return 0, usagef("smaller groups would give people's answers away", "--min-group must be at least %d", instrument.MinGroupFloor)
	}
	return n, nil
}

// checkPartial refuses a place for sums before anything is counted: a screen, a
// pipe, or a file that is there and not to be replaced.
func checkPartial(in *invocation, opt score.Options) error {
	path := in.text("partial")
	if path == "" {
		return nil
	}
	if in.text("ledger") != "" {
		return usagef("name the ledger when the parts are merged", "--partial and --ledger do not go together: sums are no release")
	}
	if opt.Match {
		return usagef("leave one of them out", "--partial and --match do not go together: people can't be matched across parts")
	}
	if path == "-" {
		return usagef("name a file", "--partial writes a file: sums of small groups do not belong on a screen or in a pipe")
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return usagef("name a file", "--partial: %s is no file", path)
	}
	if _, err := os.Lstat(path); err == nil && !in.on("force") {
		return &hinted{fmt.Errorf("%s exists already", path), "name another file, or replace it with --force"}
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("write sums: %w", err)
	}
	return nil
}

// writePartial writes the sums of a run to a file that only its owner may
// read, whole or not at all. It replaces nothing unless told to.
func writePartial(in *invocation, path string, result *score.Result, opt score.Options, readErr error) error {
	if readErr != nil {
		return readErr // a part that lacks a file would be merged without a word
	}
	var text bytes.Buffer
	if err := score.WritePartial(&text, result, opt); err != nil {
		return err
	}
	if err := replaceFile(path, text.Bytes(), 0o600); err != nil {
		return fmt.Errorf("write sums: %w", err)
	}
	return nil
}
