package canvasoutcomes

import (
	"bytes"
	"encoding/csv"
	"fmt"
)

// columns are those of Canvas's format that are used. The ratings come last, in as many
// columns as are needed, of which only the first has a name.
var columns = [...]string{"vendor_guid", "object_type", "title", "description", "calculation_method", "calculation_int", "workflow_state", "parent_guids", "mastery_points", "ratings"}

// write gives the file with rows: row n of it, counted from 1, is the header and rows[n-2].
func (set settings) write(rows []row) ([]byte, error) {
	width := len(columns)
	for _, r := range rows {
		width = max(width, len(columns)-1+2*len(r.tiers))
	}
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	out.UseCRLF = true
	cells := make([]string, width)
	copy(cells, columns[:])
	if err := out.Write(cells); err != nil {
		return nil, err
	}
	for _, r := range rows {
		clear(cells)
		copy(cells, []string{r.guid, "group", r.title, r.about, "", "", "active", r.parent})
		if !r.group {
			copy(cells[1:], []string{"outcome", r.title, r.about, set.method, set.number, "active", r.parent, fmt.Sprint(r.mastery)})
			for i, t := range r.tiers {
				cells[len(columns)-1+2*i] = fmt.Sprint(t.points)
				cells[len(columns)+2*i] = t.name
			}
		}
		if err := out.Write(cells); err != nil {
			return nil, err
		}
	}
	out.Flush()
	return b.Bytes(), out.Error()
}
