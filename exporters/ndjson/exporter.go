// Package ndjson passes records on as they are: one JSON object a line, in one file.
package ndjson

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"

	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// What the exporter is called, for tables that must not start it.
const (
	Name    = "ndjson"
	Summary = "the records themselves, one a line"
)

const (
	fileName  = "records.ndjson"
	mediaType = "application/x-ndjson"
)

// Exporter is the exporter as firstcall sees it.
type Exporter struct{}

var _ sdk.ArtifactExporter = Exporter{}

// Info describes the exporter. It has no settings.
func (Exporter) Info() sdk.Info {
	return sdk.Info{Name: Name, Version: "1.0.0", Summary: Summary}
}

// Render emits one file with every record, byte for byte as it came. A record that
// is written on several lines is put on one. One that is no JSON is rejected.
func (Exporter) Render(ctx context.Context, _ sdk.Config, records []sdk.Record, emit func(sdk.Artifact) error) ([]sdk.Outcome, error) {
	outcomes := make([]sdk.Outcome, len(records))
	return outcomes, emit(sdk.Artifact{Name: fileName, MediaType: mediaType, Write: func(w io.Writer) error {
		out := bufio.NewWriterSize(w, 64<<10)
		for i, r := range records {
			if err := ctx.Err(); err != nil {
				return err
			}
			line, err := oneLine(r.JSON)
			if err != nil {
				outcomes[i] = sdk.Reject("ndjson.record", "not JSON: "+err.Error(), "make it again with the version of firstcall you are using")
				continue
			}
			_, _ = out.Write(line)
			if err := out.WriteByte('\n'); err != nil {
				return err
			}
		}
		return out.Flush()
	}})
}

// oneLine is a record without line ends. Within a text JSON has none.
func oneLine(record []byte) ([]byte, error) {
	if !json.Valid(record) {
		var any json.RawMessage
		return nil, json.Unmarshal(record, &any)
	}
	if !bytes.ContainsAny(record, "\r\n") {
		return record, nil
	}
	var b bytes.Buffer
	err := json.Compact(&b, record)
	return b.Bytes(), err
}
