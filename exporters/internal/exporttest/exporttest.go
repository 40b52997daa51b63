// Package exporttest helps to test exporters of files: it reads records that the
// program made, and renders without a host.
package exporttest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// Records are those of a file of NDJSON, in the order in which the host sends them.
func Records(t testing.TB, path string) []sdk.Record {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []sdk.Record
	for in := record.NewReader(path, f); ; {
		rec, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		sent, err := sdk.NewRecord(rec)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, sent)
	}
	slices.SortFunc(all, func(a, b sdk.Record) int { return strings.Compare(record.Order(a.Key), record.Order(b.Key)) })
	return all
}

// Config checks settings, one JSON object, as the host would.
func Config(t testing.TB, e sdk.Exporter, settings string) sdk.Config {
	t.Helper()
	cfg, err := sdk.ParseConfig(e.Info().Config, []byte(settings), nil)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// Render gives the files that an exporter makes, and one outcome a record.
func Render(t testing.TB, e sdk.ArtifactExporter, settings string, records []sdk.Record) (map[string][]byte, []sdk.Outcome) {
	t.Helper()
	files := map[string][]byte{}
	outcomes, err := e.Render(context.Background(), Config(t, e, settings), records, func(a sdk.Artifact) error {
		if _, twice := files[a.Name]; twice || a.MediaType == "" {
			t.Errorf("artifact %s comes twice or has no media type", a.Name)
		}
		b := bytes.NewBuffer(a.Body)
		if a.Write != nil {
			if err := a.Write(b); err != nil {
				return err
			}
		}
		files[a.Name] = b.Bytes()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if outcomes == nil {
		outcomes = make([]sdk.Outcome, len(records))
	}
	return files, outcomes
}
