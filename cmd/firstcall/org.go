package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/firstcall-cli/firstcall/cmd/firstcall/render"
	"github.com/firstcall-cli/firstcall/core/record"
)

func orgCommand() *command {
	return &command{
		name: "org", args: "CLIENTFILE...",
		summary: "make a record of what a client says about itself",
		about: "Reads client files and writes an organization record of each: the statements, values, standards, departments and hand-offs that people at the client can learn. " +
			"Exporters to learning systems need it to make a self-study module and a list of competencies.\n\n" +
			"Titles of roles and the days of policies go along. What serves only to find outdated papers stays in the file: former names of the client and former values, people who have left, headcounts.",
		examples: []example{
			{"firstcall org acme/client.toml", "read it as others will"},
			{"firstcall org acme/client.toml --as-of 2026-09-30 > acme.ndjson", "make the record"},
			{"firstcall export --to scorm acme.ndjson --out acme.zip", "make a self-study module of it"},
		},
		options: []option{asOfOption(), formatOption("text", "ndjson", "json")},
		run:     runOrg,
	}
}

func runOrg(ctx context.Context, in *invocation) error {
	if len(in.args) == 0 {
		return usagef("firstcall init writes one to begin with", "firstcall org needs a client file")
	}
	paths, err := inputPaths(in, "")
	if err != nil {
		return err
	}
	if slices.Contains(paths, "-") {
		return usagef("name the file: the statements that it keeps in files of their own are looked for beside it", "a client file is not read from standard input")
	}
	day := in.text("as-of")
	if err := checkDay(day); err != nil {
		return err
	}
	var records []*record.Record
	var bad error
	of := map[string]string{}
	for _, path := range paths {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		client, err := readClient(path)
		if err != nil {
			bad = errors.Join(bad, err)
			continue
		}
		if other, twice := of[client.ID]; twice {
			return usagef("a client has one", "%s and %s are both about %s", other, path, client.ID)
		}
		of[client.ID] = path
		rec, err := client.Record(day, []string{filepath.Base(path)}, record.Tool{Name: "firstcall", Version: version})
		if err != nil {
			bad = errors.Join(bad, fmt.Errorf("%s: %w", path, err))
			continue
		}
		if len(client.Values) == 0 && len(client.Standards) == 0 && client.Vision+client.Mission+client.ServiceVision == "" {
			in.note("%s says nothing to learn from yet: no vision, no values, no standards", path)
		}
		records = append(records, rec)
	}
	if len(records) == 0 && bad != nil {
		return bad
	}
	return errors.Join(outputError(render.Organizations(in.out, textFormat(in), records, render.Options{Width: in.width, Color: in.color})), bad)
}
