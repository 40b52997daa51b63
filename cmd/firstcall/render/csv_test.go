package render

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/record/flat"
)

// TestDelimitedGuardsEveryCell: nothing that a spreadsheet would run leaves
// unguarded, and numbers stay numbers.
func TestDelimitedGuardsEveryCell(t *testing.T) {
	for cell, want := range map[string]string{
		"=1+1": "'=1+1", "+1+1": "'+1+1", "-1+1": "'-1+1", "@SUM(A1)": "'@SUM(A1)",
		"\t=1": "'\t=1", "\r=1": "'\r=1", "\n=1": "'\n=1", "-": "-", "--": "'--", "- ": "'- ", "=": "'=", "=1": "'=1",
		"+Inf": "'+Inf", "-nan": "'-nan", "+0x1p-2": "'+0x1p-2",
		"-0.5": "-0.5", "+3": "+3", "-1e-05": "-1e-05",
		"": "", "Kitchen": "Kitchen", "a=b": "a=b", "'=1": "'=1",
	} {
		for format, comma := range map[string]rune{"csv": ',', "tsv": '\t'} {
			var b strings.Builder
			if err := Delimited(&b, format, []string{"x", cell}, [][]string{{"x", cell}, {cell, "x"}}); err != nil {
				t.Fatal(err)
			}
			in := csv.NewReader(strings.NewReader(b.String()))
			in.Comma = comma
			rows, err := in.ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			if len(rows) != 3 || rows[0][1] != want || rows[1][1] != want || rows[2][0] != want {
				t.Errorf("%s of %q: got %q, want %q", format, cell, rows, want)
			}
		}
	}
}

// TestReliabilityColumns: each figure stands under its own name.
func TestReliabilityColumns(t *testing.T) {
	r := sample(t)
	body := r.Assessment.Body()
	body.Dimensions[0].Omega = ptr(0.83)
	body.Dimensions[0].Alpha = &record.Alphas{Pairwise: &record.Alpha{Raw: ptr(0.81)}, Complete: &record.Alpha{Raw: ptr(0.82)}}
	row := scoreRows([]*record.Record{r})[0]
	for column, want := range map[string]string{"alpha": "0.81", "alpha_complete": "0.82", "omega": "0.83"} {
		if got := row[flat.Assessments.Index(column)].String(); got != want {
			t.Errorf("%s is %q, want %q", column, got, want)
		}
	}
}
