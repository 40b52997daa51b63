package moodle

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
)

// file is a file of a client.
type file struct {
	ending string // of its name
	body   []byte
}

// files are those that a client's framework and cohorts are imported from.
func files(w *wanted, scale []string) []file {
	var made []file
	if w.framework != nil {
		made = append(made, file{"-framework.csv", table(frameworkRows(w, scale))})
	}
	if len(w.cohorts) > 0 {
		rows := [][]string{{"name", "idnumber", "description", "descriptionformat"}}
		for _, c := range w.cohorts {
			rows = append(rows, []string{c.name, c.id, c.about, "1"})
		}
		made = append(made, file{"-cohorts.csv", table(rows)})
	}
	return made
}

// frameworkRows are the fourteen columns that Moodle reads by their place: the framework
// first, then each competency after its parent.
func frameworkRows(w *wanted, scale []string) [][]string {
	rows := [][]string{
		{"Parent ID number", "ID number", "Short name", "Description", "Description format", "Scale values", "Scale configuration",
			"Rule type (optional)", "Rule outcome (optional)", "Rule config (optional)", "Cross-referenced competency ID numbers",
			"Exported ID (optional)", "Is framework", "Taxonomy"},
		// Moodle knows its scales by their words with commas and no blanks between them. It
		// puts the id of the one it finds, or makes, in place of that in the configuration.
		{"", w.id, w.framework.name, w.framework.about, "1", strings.Join(scale, ","), scaleConfiguration(1, len(scale)), "", "", "", "", "", "1", taxonomies},
	}
	for _, c := range w.framework.competencies {
		rows = append(rows, []string{c.parent, c.id, c.name, c.about, "1", "", "", "", "0", "null", "", "", "", ""})
	}
	return rows
}

// scaleConfiguration says that the last of n words of a scale means proficient, and is
// the one given when Moodle rates by itself.
func scaleConfiguration(scale int64, n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, `[{"scaleid":"%d"}`, scale)
	for i := 1; i <= n; i++ {
		last := 0
		if i == n {
			last = 1
		}
		fmt.Fprintf(&b, `,{"id":%d,"scaledefault":%d,"proficient":%[2]d}`, i, last)
	}
	return b.String() + "]"
}

// table writes rows as PHP reads them, which does not see the end of a cell where a
// backslash stands before a quotation mark.
func table(rows [][]string) []byte {
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			if strings.HasPrefix(cell, "<p>") { // HTML can say it without
				cell = strings.ReplaceAll(cell, `"`, "&quot;")
			}
			cell = strings.ReplaceAll(cell, `\"`, `\ "`)
			if strings.HasSuffix(cell, `\`) {
				cell += " "
			}
			cells[i] = cell
		}
		_ = out.Write(cells) // a buffer takes everything
	}
	out.Flush()
	return b.Bytes()
}

// fileNames gives each client a name for its files. Clients whose ids would share one
// all get part of a hash of the id.
func fileNames(clients []*learning.Client) []string {
	taken := map[string]int{}
	for _, c := range clients {
		taken[learning.Slug(c.ID)]++
	}
	names := make([]string, len(clients))
	for i, c := range clients {
		names[i] = learning.Slug(c.ID)
		if taken[names[i]] > 1 {
			sum := sha256.Sum256([]byte(c.ID))
			names[i] += "-" + hex.EncodeToString(sum[:4])
		}
	}
	return names
}
