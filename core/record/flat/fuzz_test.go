package flat

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/record"
)

// FuzzRecord: whatever a record holds, it has rows that fit the table or is refused.
func FuzzRecord(f *testing.F) {
	lines, err := os.ReadFile("testdata/records.ndjson")
	if err != nil {
		f.Fatal(err)
	}
	for line := range bytes.Lines(lines) {
		f.Add(line)
	}
	f.Add([]byte(`{"kind":"assessment","assessment":{"dimensions":null,"groups":[{}]}}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		var rec record.Record
		if json.Unmarshal(line, &rec) != nil {
			return
		}
		made, err := Record(&rec)
		if err != nil {
			return
		}
		for _, rows := range made {
			for _, row := range rows.Rows {
				if len(row) != len(rows.Table.Columns) {
					t.Fatalf("%s: %d values for %d columns", rows.Table.Name, len(row), len(rows.Table.Columns))
				}
			}
		}
	})
}

// FuzzDelimited: what is written is read back cell by cell, and no spreadsheet runs
// any of it.
func FuzzDelimited(f *testing.F) {
	for _, s := range []string{"", "x", "=1", "-", "-1", "+1e5", "a\nb", `"`, "\r\n", "\xff", " x", "\u202e", `\.`, "@", "é;\t,"} {
		f.Add(s, "y", true)
	}
	f.Fuzz(func(t *testing.T, a, b string, comma bool) {
		separator := ';'
		if comma {
			separator = ','
		}
		var out strings.Builder
		w := NewWriter(&out, separator)
		row := Row{text(a), text(b), whole(-3)}
		if w.Row(row) != nil || w.Strings([]string{a, b, "-3"}) != nil || w.Flush() != nil {
			t.Fatal("not written")
		}
		if !utf8.ValidString(out.String()) {
			t.Fatal("not UTF-8")
		}
		in := csv.NewReader(strings.NewReader(out.String()))
		in.Comma = separator
		rows, err := in.ReadAll()
		if err != nil || len(rows) != 2 {
			t.Fatalf("read back: %v, %v", rows, err)
		}
		for _, cells := range rows {
			for i, s := range []string{a, b, "-3"} {
				// The reader of encoding/csv makes a line feed of both line ends.
				if want := strings.ReplaceAll(Guard(s), "\r\n", "\n"); cells[i] != want {
					t.Errorf("%q came back as %q", s, cells[i])
				}
				if c := cells[i]; c != "" && c != "-" && strings.Contains("=+-@\t\r\n", c[:1]) && !isNumber(c) {
					t.Errorf("%q begins like a formula", c)
				}
			}
		}
	})
}
