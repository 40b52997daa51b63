// Package xlsx writes records as one Excel workbook: a sheet for each kind of record,
// with the rows and columns of core/record/flat, and before them one that says what
// is in the workbook. A text is a text, whatever it looks like; numbers, dates, and
// yes and no are what they are.
package xlsx

import (
	"context"
	"fmt"
	"io"

	"github.com/firstcall-cli/firstcall/exporters/internal/rows"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// What the exporter is called, for tables that must not start it.
const (
	Name    = "xlsx"
	Summary = "an Excel workbook, a sheet for each kind of record"
)

const (
	fileName  = "firstcall.xlsx"
	mediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// Exporter is the exporter as firstcall sees it.
type Exporter struct{}

var _ sdk.ArtifactExporter = Exporter{}

// Info describes the exporter. It has no settings.
func (Exporter) Info() sdk.Info {
	return sdk.Info{Name: Name, Version: "1.0.0", Summary: Summary, Kinds: rows.Kinds()}
}

// Render emits one workbook. Records that can't be read are rejected; one of which a
// text is too long for a cell is written with a warning.
func (Exporter) Render(ctx context.Context, _ sdk.Config, records []sdk.Record, emit func(sdk.Artifact) error) ([]sdk.Outcome, error) {
	outcomes := make([]sdk.Outcome, len(records))
	for i, r := range records {
		if !r.Kind.Valid() { // on no sheet, so that nobody else says so
			outcomes[i] = rows.Refused(Name, fmt.Errorf("there is no sheet for kind %q", r.Kind))
		}
	}
	if len(rows.Tables(records)) == 0 {
		return outcomes, nil
	}
	return outcomes, emit(sdk.Artifact{Name: fileName, MediaType: mediaType, Write: func(w io.Writer) error {
		return write(ctx, w, records, outcomes, mostRows)
	}})
}

// tooLong is the outcome of a record of which a text was cut.
func tooLong(column string) sdk.Outcome {
	return sdk.Outcome{Diagnostic: &sdk.Diagnostic{
		Severity: sdk.SeverityWarning, Code: "xlsx.cut",
		Summary: "a text under “" + column + "” was cut: a cell of Excel takes 32,767 characters",
		Hint:    "the exporters csv and ndjson write the whole text",
	}}
}
