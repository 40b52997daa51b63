package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/plugins/host"
)

// read reads every record of the run; a key may come only once.
func (x *export) read(ctx context.Context, retried *rejectedFiles) error {
	if len(retried.files) > 0 {
		if len(x.in.args) > 0 {
			return usagef("give --retry alone", "--retry names the records already")
		}
		for _, f := range retried.files {
			if err := x.readRetried(ctx, f); err != nil {
				return err
			}
		}
	} else if err := x.readArguments(ctx); err != nil {
		return err
	}
	if x.records.Len() == 0 {
		return &hinted{errors.New("there are no records to export"), "did the command before this one say why?"}
	}
	return x.checkKeys()
}

func (x *export) readArguments(ctx context.Context) error {
	paths, err := inputPaths(x.in, "firstcall score survey.csv … | firstcall export --to markdown")
	if err != nil {
		return err
	}
	for _, path := range paths {
		var failed error
		err := eachRecord(ctx, x.in, path, func(rec *record.Record, line int) {
			if failed == nil {
				failed = x.records.Add(rec, fmt.Sprintf("%s:%d", path, line))
			}
		})
		if err = errors.Join(err, failed); err != nil {
			return err
		}
	}
	return nil
}

// checkKeys finds the keys that come twice.
func (x *export) checkKeys() error {
	var faults problem.List
	var before, first string
	err := x.records.Walk(func(item host.Item, origin string) error {
		if item.Key == before {
			hint := "export each client and wave once; pass --client or --wave to score to tell them apart"
			if len(x.in.list("retry")) > 0 {
				hint = "give each file of rejected records once"
			}
			faults.Add(problem.Problem{What: fmt.Sprintf("%s: key %s is already that of %s", origin, item.Key, first), Hint: hint})
			return nil
		}
		before, first = item.Key, origin
		return nil
	})
	return errors.Join(err, faults.Err())
}

// rejectedSchema marks the lines of a file of rejected records.
const rejectedSchema = "firstcall-rejected/1"

// rejectedLine is one record that a destination would not take, and why.
type rejectedLine struct {
	Schema   string          `json:"schema"`
	Exporter string          `json:"exporter"`
	Target   string          `json:"target,omitempty"`
	Reason   reasonLine      `json:"reason"`
	Record   json.RawMessage `json:"record"`
}

// reasonLine is a diagnostic in a file.
type reasonLine struct {
	Code    string `json:"code,omitempty"`
	Summary string `json:"summary,omitempty"`
	Hint    string `json:"hint,omitempty"`
	Field   string `json:"field,omitempty"`
}

func reasonLineOf(d *host.Diagnostic) reasonLine {
	if d == nil {
		return reasonLine{}
	}
	return reasonLine{Code: d.Code, Summary: d.Summary, Hint: d.Hint, Field: d.Field}
}

// rejectedFile is one file of --retry.
type rejectedFile struct {
	path     string
	file     *os.File
	lines    *bufio.Reader
	exporter string
	targets  []string // of its lines
}

// rejectedFiles are the files of --retry.
type rejectedFiles struct{ files []*rejectedFile }

func (r *rejectedFiles) close() {
	for _, f := range r.files {
		_ = f.file.Close()
	}
}

// openRejected opens the files of --retry and finds out which exporter they are
// for.
func openRejected(in *invocation) (*rejectedFiles, error) {
	r := &rejectedFiles{}
	for _, path := range in.list("retry") {
		file, err := os.Open(path)
		if err != nil {
			r.close()
			return nil, fmt.Errorf("read rejected records: %w", err)
		}
		f := &rejectedFile{path: path, file: file, lines: bufio.NewReaderSize(file, 64<<10)}
		r.files = append(r.files, f)
		first, err := readRejectedLine(bufio.NewReader(io.LimitReader(file, record.MaxBytes+1<<20)))
		if err == nil {
			f.exporter = first.Exporter
			_, err = file.Seek(0, io.SeekStart)
		}
		if err != nil && !errors.Is(err, io.EOF) {
			r.close()
			return nil, problem.Problem{File: path, Line: 1, What: err.Error(), Hint: "--retry reads what an export wrote to rejected.ndjson"}
		}
	}
	return r, nil
}

// readRejectedLine reads one line; io.EOF after the last.
func readRejectedLine(r *bufio.Reader) (*rejectedLine, error) {
	text, err := r.ReadBytes('\n')
	if len(text) == 0 && err != nil {
		return nil, err
	}
	var line rejectedLine
	if e := json.Unmarshal(text, &line); e != nil {
		if errors.Is(err, io.EOF) {
			return nil, errors.New("line is cut off")
		}
		return nil, errors.New("not a rejected record: no JSON object")
	}
	if line.Schema != rejectedSchema {
		return nil, fmt.Errorf("not a rejected record: schema is %q, not %q", line.Schema, rejectedSchema)
	}
	return &line, nil
}

// readRetried reads the records of one file of --retry.
func (x *export) readRetried(ctx context.Context, f *rejectedFile) error {
	out, in := io.Pipe()
	defer out.Close()
	go func() { _ = in.CloseWithError(f.unwrap(in, x.name)) }()
	reader := record.NewReader(f.path, out)
	for ctx.Err() == nil {
		rec, err := reader.Next()
		if errors.Is(err, io.EOF) {
			x.rejecters = append(x.rejecters, f.targets...)
			return nil
		}
		if err != nil {
			return err
		}
		// A record that was mended by hand is what --retry is for: no word about it.
		if err := x.records.Add(rec, fmt.Sprintf("%s:%d", f.path, reader.Line())); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// checkRejecter holds the target that rejected records against the one they would
// be sent to now. It may be another when the user names it.
func (x *export) checkRejecter() error {
	for _, target := range x.rejecters {
		if target != x.exporter.configured.TargetID && x.in.text("target") == "" {
			return &hinted{
				fmt.Errorf("the records were rejected by %s, and the settings lead to %s", target, targetName(x.exporter.configured)),
				"give the settings of the first run; to send them elsewhere, name the target: --target " + x.exporter.configured.TargetID,
			}
		}
	}
	return nil
}

// unwrap writes the records of the file, one a line.
func (f *rejectedFile) unwrap(w io.Writer, name string) error {
	for n := 1; ; n++ {
		line, err := readRejectedLine(f.lines)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return problem.Problem{File: f.path, Line: n, What: err.Error(), Hint: "--retry reads what an export wrote to rejected.ndjson"}
		case line.Exporter != name:
			return problem.Problem{File: f.path, Line: n, What: fmt.Sprintf("was rejected by exporter %s, not by %s", line.Exporter, name), Hint: "retry the records of one exporter at a time"}
		}
		if !slices.Contains(f.targets, line.Target) {
			f.targets = append(f.targets, line.Target)
		}
		if _, err := w.Write(append(line.Record, '\n')); err != nil {
			return nil // the reader has had enough and says why
		}
	}
}

// exporterName is what --to says, or the files of --retry.
func exporterName(in *invocation, retried *rejectedFiles) (string, error) {
	name := in.text("to")
	for _, f := range retried.files {
		switch {
		case name == "" && f.exporter != "":
			name = f.exporter
		case f.exporter != "" && f.exporter != name && in.values["to"].layer == fromFlag:
			return "", usagef("leave --to out, or give the files of one exporter", "%s holds records that exporter %s rejected", f.path, f.exporter)
		case f.exporter != "" && in.values["to"].layer != fromFlag:
			name = f.exporter
		}
	}
	if name == "" {
		return "", usagef("there are: "+strings.Join(exporterNames(), ", "), "export needs --to")
	}
	return name, nil
}
