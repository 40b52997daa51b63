// Command firstcall-export-keys is an exporter for firstcall. It makes one text
// file: the key of every record, and beside it the index of an assessment.
package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// exporter is an sdk.ArtifactExporter: it makes files and touches no disk.
type exporter struct{}

func main() { sdk.Serve(exporter{}) }

// Info says what the exporter is. firstcall checks settings against it.
func (exporter) Info() sdk.Info {
	return sdk.Info{
		Name: "keys", Version: "1.0.0", Summary: "a list of the keys of all records",
		Config: []sdk.Field{{Name: "title", Doc: "first line of the list", Default: "Keys"}},
	}
}

// Render is given all records of a run, ordered by client, kind and key.
func (exporter) Render(_ context.Context, cfg sdk.Config, records []sdk.Record, emit func(sdk.Artifact) error) ([]sdk.Outcome, error) {
	outcomes := make([]sdk.Outcome, len(records)) // the zero Outcome says "written"
	lines := []string{cfg.String("title")}
	for i, r := range records {
		line, err := describe(r)
		if err != nil {
			outcomes[i] = sdk.Reject("keys.broken", "the record can't be read", "make it again with this version of firstcall")
			continue
		}
		lines = append(lines, line)
	}
	return outcomes, emit(sdk.Artifact{
		Name: "keys.txt", MediaType: "text/plain; charset=utf-8",
		Body: []byte(strings.Join(lines, "\n") + "\n"),
	})
}

// describe gives the line of a record. An index that is withheld is not there.
func describe(r sdk.Record) (string, error) {
	rec, err := r.Decode()
	if err != nil || rec.Assessment == nil || rec.Assessment.Body().Index == nil {
		return r.Key, err
	}
	return fmt.Sprintf("%s\t%.1f", r.Key, *rec.Assessment.Body().Index), nil
}
