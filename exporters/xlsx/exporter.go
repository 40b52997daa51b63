// Package xlsx writes records as one Excel workbook: a sheet for each kind of record,
// with the rows and columns of core/record/flat, and before them one that says what
// is in the workbook. A text is a text, whatever it looks like; numbers, dates, and
// yes and no are what they are.
package xlsx

import (
	"context"
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
	return sdk.Info{Name: Name, Version: "1.0.0", Summary: Summary}
}

// Render emits one workbook. Records that can't be read are rejected; one of which a
// text is too long for a cell is written with a warning. Large sheets wait in
// temporary files.
func (Exporter) Render(ctx context.Context, _ sdk.Config, records []sdk.Record, emit func(sdk.Artifact) error) ([]sdk.Outcome, error) {
	return render(ctx, records, emit, mostRows)
}

// render is Render with the number of rows that go on one sheet.
func render(ctx context.Context, records []sdk.Record, emit func(sdk.Artifact) error, mostRows int) (_ []sdk.Outcome, err error) {
	outcomes := make([]sdk.Outcome, len(records))
	tables := rows.Tables(records)
	if len(tables) == 0 {
		return outcomes, nil
	}
	book, err := newWorkbook(tables, mostRows)
	if err != nil {
		return nil, err
	}
	defer book.close()
	every := func(sdk.Record) bool { return true }
	err = rows.Each(ctx, records, every, func(d rows.Decoded) error {
		if d.Err != nil {
			outcomes[d.Index] = rows.Refused(Name, d.Err)
			return nil
		}
		book.about.note(d.Record)
		for _, made := range d.Rows {
			cut, err := book.add(made)
			if err != nil {
				return err
			}
			if cut != "" {
				outcomes[d.Index] = tooLong(cut)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return outcomes, emit(sdk.Artifact{Name: fileName, MediaType: mediaType, Write: func(w io.Writer) error {
		return book.write(w)
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
