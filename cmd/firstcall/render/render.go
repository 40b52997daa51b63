// Package render writes records for people and programs: a file for each
// format. It decides how figures look, never what they are.
package render

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/record/flat"
)

// Options say how a table should look.
type Options struct {
	Width int  // columns to stay within; a table takes 56 at least
	Color bool // whether ANSI colors may be used
}

// Records writes records in one of the formats table, ndjson, json, csv and
// tsv. It returns the error of the first write that fails.
func Records(w io.Writer, format string, records []*record.Record, opt Options) error {
	switch format {
	case "ndjson":
		return ndjson(w, records)
	case "json":
		return jsonArray(w, records)
	case "csv", "tsv":
		return printed(w, format, flat.Assessments, scoreRows(records))
	case "table":
		drawn, err := assessments(records, opt)
		if err == nil {
			_, err = io.WriteString(w, drawn)
		}
		return err
	default:
		return fmt.Errorf("no renderer for format %q", format)
	}
}

func ndjson(w io.Writer, records []*record.Record) error {
	out := record.NewWriter(w)
	for _, r := range records {
		if err := out.Write(r); err != nil {
			return err
		}
	}
	return out.Flush()
}

// jsonArray writes one array with a record a line.
func jsonArray(w io.Writer, records []*record.Record) error {
	var b strings.Builder
	b.WriteString("[")
	for i, r := range records {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n")
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(r); err != nil {
			return fmt.Errorf("write record %s: %w", r.Key, err)
		}
	}
	b.WriteString("]\n")
	_, err := io.WriteString(w, b.String())
	return err
}
