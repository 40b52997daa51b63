package render

import (
	"io"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/record/flat"
)

// printed writes rows of a table as the command line prints them: without the
// columns that are for exporters alone.
func printed(w io.Writer, format string, table *flat.Table, rows []flat.Row) error {
	out := delimited(w, format)
	if err := out.Strings(flat.Names(flat.Printed(table, table.Columns))); err != nil {
		return err
	}
	for _, row := range rows {
		if err := out.Row(flat.Printed(table, row)); err != nil {
			return err
		}
	}
	return out.Flush()
}

// scoreRows gives the rows of assessments.
func scoreRows(records []*record.Record) []flat.Row {
	var rows []flat.Row
	for _, r := range records {
		if r.Assessment != nil {
			rows = append(rows, flat.Assessment(r).Rows...)
		}
	}
	return rows
}

// Delimited writes a table with its header in one of the formats csv and tsv,
// quoted where needed and with every cell guarded against spreadsheets.
func Delimited(w io.Writer, format string, header []string, rows [][]string) error {
	out := delimited(w, format)
	if err := out.Strings(header); err != nil {
		return err
	}
	for _, row := range rows {
		if err := out.Strings(row); err != nil {
			return err
		}
	}
	return out.Flush()
}

func delimited(w io.Writer, format string) *flat.Writer {
	if format == "tsv" {
		return flat.NewWriter(w, '\t')
	}
	return flat.NewWriter(w, ',')
}
