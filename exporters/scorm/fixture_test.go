package scorm

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// sample are records of a made-up group of hotels: an assessment that withholds its
// Spa, a plan, what the client file says, and a promise.
const sample = "testdata/wrenmoor.ndjson"

// organized is a record of what a client says about itself.
func organized(t testing.TB, client record.Client, o record.Organization) sdk.Record {
	t.Helper()
	rec, err := record.NewOrganization(record.Record{Client: client, Sources: []string{"client.toml"}, Tool: record.Tool{Name: "firstcall", Version: "test"}}, o)
	if err != nil {
		t.Fatal(err)
	}
	return sent(t, rec)
}

func sent(t testing.TB, rec *record.Record) sdk.Record {
	t.Helper()
	r, err := sdk.NewRecord(rec)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// only renders records of one client, which must be taken, and gives the files in its
// package.
func only(t testing.TB, settings string, records ...sdk.Record) map[string][]byte {
	t.Helper()
	packages, outcomes := exporttest.Render(t, Exporter{}, settings, records)
	for i, o := range outcomes {
		if o.Status != sdk.Created {
			t.Fatalf("%s: %+v", records[i].Key, o.Diagnostic)
		}
	}
	if len(packages) != 1 {
		t.Fatalf("%d packages", len(packages))
	}
	for _, body := range packages {
		return unzipped(t, body)
	}
	return nil
}

func unzipped(t testing.TB, body []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(in); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// onDisk writes the files of a package into a folder and gives its path.
func onDisk(t testing.TB, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range files {
		if err := os.WriteFile(filepath.Join(dir, name), body, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
