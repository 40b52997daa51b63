// Package csv writes records as tables in CSV: a file for each kind of record, with
// a row for each group and dimension, finding or action. The columns are those of
// core/record/flat.
package csv

import (
	"context"
	"fmt"
	"io"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/record/flat"
	"github.com/firstcall-cli/firstcall/exporters/internal/rows"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// What the exporter is called, for tables that must not start it.
const (
	Name    = "csv"
	Summary = "tables in CSV, a file for each kind of record"
)

const mediaType = "text/csv; charset=utf-8"

// byteOrderMark tells Excel on Windows that a file is UTF-8.
const byteOrderMark = "\ufeff"

// separators are what may stand between cells, by name.
var separators = map[string]rune{"comma": ',', "semicolon": ';', "tab": '\t'}

// Exporter is the exporter as firstcall sees it.
type Exporter struct{}

var _ sdk.ArtifactExporter = Exporter{}

// Info describes the exporter.
func (Exporter) Info() sdk.Info {
	return sdk.Info{
		Name: Name, Version: "1.0.0", Summary: Summary, Kinds: rows.Kinds(),
		Config: []sdk.Field{
			{Name: "separator", Default: "comma", OneOf: []string{"comma", "semicolon", "tab"}, Doc: "what stands between cells; Excel wants a semicolon where the decimal sign is a comma"},
			{Name: "bom", Type: sdk.Bool, Default: "false", Doc: "begin each file with a byte order mark, without which Excel on Windows shows é as Ã©"},
		},
	}
}

// Render emits a file for each table that the records have rows of, or could have.
// Records that can't be read are rejected.
func (Exporter) Render(ctx context.Context, cfg sdk.Config, records []sdk.Record, emit func(sdk.Artifact) error) ([]sdk.Outcome, error) {
	outcomes := make([]sdk.Outcome, len(records))
	for i, r := range records {
		if !r.Kind.Valid() { // in no table, so that nobody else says so
			outcomes[i] = rows.Refused(Name, fmt.Errorf("there is no table for kind %q", r.Kind))
		}
	}
	for _, table := range rows.Tables(records) {
		err := emit(sdk.Artifact{Name: table.Name + ".csv", MediaType: mediaType, Write: func(w io.Writer) error {
			return write(ctx, w, cfg, table, records, outcomes)
		}})
		if err != nil {
			return nil, err
		}
	}
	return outcomes, nil
}

// write writes one table.
func write(ctx context.Context, w io.Writer, cfg sdk.Config, table *flat.Table, records []sdk.Record, outcomes []sdk.Outcome) error {
	if cfg.Bool("bom") {
		if _, err := io.WriteString(w, byteOrderMark); err != nil {
			return err
		}
	}
	out := flat.NewWriter(w, separators[cfg.String("separator")])
	if err := out.Strings(flat.Names(table.Columns)); err != nil {
		return err
	}
	want := func(r sdk.Record) bool {
		return r.Kind == table.Kind || table == flat.Jobs && r.Kind == record.KindFolder
	}
	err := rows.Each(ctx, records, want, func(d rows.Decoded) error {
		if d.Err != nil {
			outcomes[d.Index] = rows.Refused(Name, d.Err)
		}
		for _, made := range d.Rows {
			if made.Table != table {
				continue
			}
			for _, row := range made.Rows {
				if err := out.Row(row); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return out.Flush()
}
