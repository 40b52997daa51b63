package main

import (
	"cmp"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	_ "modernc.org/sqlite" // reads what the exporter has written

	"github.com/firstcall-cli/firstcall/core/record/flat"
	"github.com/firstcall-cli/firstcall/exporters"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// TestExportersPage keeps docs/exporters.md true: its tables of settings and columns are
// those of the program, its commands and queries answer what it says. -update writes it.
func TestExportersPage(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the examples need a POSIX shell")
	}
	path := filepath.Join(root, "docs", "exporters.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	p := &examplePage{t: t, dir: t.TempDir()}
	testdata, err := filepath.Abs(filepath.Join(root, "testdata"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(testdata, filepath.Join(p.dir, "testdata")); err != nil {
		t.Fatal(err)
	}
	got := p.fill(strings.Split(string(text), "\n"))
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != string(text) {
		t.Errorf("docs/exporters.md is not what the program says; run go test ./cmd/firstcall -run ExportersPage -update\n%s", firstDifference(got, string(text)))
	}
	if p.commands < 10 || p.queries < 4 || p.tables < 4 {
		t.Errorf("found %d commands, %d queries and %d tables only", p.commands, p.queries, p.tables)
	}
}

// TestPagesOfExporters keeps the tables of settings on the pages of single exporters true,
// and holds that each exporter that has a page has one table. -update writes them.
func TestPagesOfExporters(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join(root, "docs", "exporters", "*.md"))
	if err != nil || len(pages) < 4 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	for _, path := range pages {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		p := &examplePage{t: t, dir: t.TempDir()}
		got := p.fill(strings.Split(string(text), "\n"))
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		name := strings.TrimSuffix(filepath.Base(path), ".md")
		if got != string(text) {
			t.Errorf("%s is not what the program says; run go test ./cmd/firstcall -run PagesOfExporters -update\n%s", path, firstDifference(got, string(text)))
		}
		if p.tables != 1 || !strings.Contains(got, "<!-- settings "+name+" -->") {
			t.Errorf("%s has %d tables of settings", path, p.tables)
		}
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d\n got %s\nwant %s", i+1, g[i], w[i])
		}
	}
	return "one is longer"
}

// examplePage is a page of documentation whose examples are run in a folder.
type examplePage struct {
	t                         *testing.T
	dir                       string
	commands, queries, tables int
}

// fill gives the page with what is made anew: tables between comments, what follows
// commands after "$" in an indented block, and the block after a query.
func (p *examplePage) fill(lines []string) string {
	var out []string
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		out = append(out, line)
		switch {
		case strings.HasPrefix(line, "<!-- ") && line != endMark:
			p.tables++
			out = append(out, p.table(strings.Fields(line)[1:])...)
			for lines[i+1] != endMark {
				i++
			}
		case strings.HasPrefix(line, "    $ "):
			p.commands++
			out = append(out, indented(p.run(strings.TrimPrefix(line, "    $ ")))...)
			i += answered(lines[i+1:])
		case line == "```sql":
			p.queries++
			end := i + slices.Index(lines[i:], "```")
			out = append(append(out, lines[i+1:end+1]...), "")
			out = append(append(out, indented(p.query(strings.Join(lines[i+1:end], "\n")))...), "")
			for i = end + 1; lines[i] == "" || strings.HasPrefix(lines[i], "    "); i++ {
			}
			i--
		}
	}
	return strings.Join(out, "\n")
}

// answered is how many lines at the beginning are of a command's answer, which may have
// blank ones in it.
func answered(lines []string) int {
	n := 0
	for i, line := range lines {
		if line == "" {
			continue
		}
		if !strings.HasPrefix(line, "    ") || strings.HasPrefix(line, "    $ ") {
			break
		}
		n = i + 1
	}
	return n
}

const endMark = "<!-- end -->"

func indented(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		out = append(out, strings.TrimRight("    "+strings.TrimSuffix(line, "\n"), " "))
	}
	return out
}

// anyID is an id that a database draws.
var anyID = regexp.MustCompile(`\b[A-Z2-7]{26}\b`)

// patientHead is a head that reads to the end. The real one stops reading, and whether
// the command before it still comes to its last note is then a matter of luck.
const patientHead = `head() { sed -n "1,${1#-}p"; }; `

// run runs a command of the page, and gives what one would see of it on a screen: notes,
// then results. Which of the two a screen shows first is a race when a pipe is between.
func (p *examplePage) run(line string) string {
	p.t.Helper()
	c := exec.Command("sh", "-c", patientHead+line)
	c.Dir = p.dir
	c.Env = append(os.Environ(), "HOME="+p.dir, "XDG_STATE_HOME="+filepath.Join(p.dir, ".state"), "LC_ALL=C")
	var results, notes strings.Builder
	c.Stdout, c.Stderr = &results, &notes
	if err := c.Run(); err != nil {
		p.t.Fatalf("%s: %v\n%s%s", line, err, notes.String(), results.String())
	}
	return anyID.ReplaceAllString(notes.String()+results.String(), "K3RZ5DQ2WQ6JYX7A4TLMEVN2IU")
}

// query asks the database of the page, and writes the answer as sqlite3 -header -column
// does.
func (p *examplePage) query(q string) string {
	p.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(p.dir, "results.db")+"?mode=ro")
	if err != nil {
		p.t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(q)
	if err != nil {
		p.t.Fatalf("%s\n%v", q, err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		p.t.Fatal(err)
	}
	all := [][]string{names, make([]string, len(names))}
	for rows.Next() {
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			p.t.Fatal(err)
		}
		row := make([]string, len(names))
		for i, v := range values {
			switch v := v.(type) {
			case nil:
			case float64:
				row[i] = fmt.Sprintf("%.1f", v)
			default:
				row[i] = fmt.Sprint(v)
			}
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil || len(all) < 3 {
		p.t.Fatalf("%s\n%d rows, %v", q, len(all)-2, err)
	}
	widths := make([]int, len(names))
	for _, row := range all {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for n, row := range all {
		for i, cell := range row {
			if n == 1 {
				cell = strings.Repeat("-", widths[i])
			}
			fmt.Fprintf(&b, "%-*s", widths[i]+2, cell)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// table writes a table of the page by what its comment asks for.
func (p *examplePage) table(words []string) []string {
	p.t.Helper()
	switch words[0] {
	case "settings":
		bundled, ok := exporters.Find(words[1])
		if !ok {
			p.t.Fatalf("no exporter %s", words[1])
		}
		return settingsTable(bundled.New().Info().Config)
	case "columns":
		return columnTables()
	}
	p.t.Fatalf("no table %q", words)
	return nil
}

func settingsTable(fields []sdk.Field) []string {
	out := []string{"| setting | is | without it |", "| --- | --- | --- |"}
	for _, f := range fields {
		doc := f.Doc
		if len(f.OneOf) > 0 {
			doc += ": " + strings.Join(f.OneOf, ", ")
		}
		without := cmp.Or(f.Default, "nothing")
		if f.Required {
			without = "needed"
		}
		out = append(out, fmt.Sprintf("| `%s` | %s | %s |", f.Name, doc, without))
	}
	return out
}

func columnTables() []string {
	out := []string{""}
	for _, table := range flat.Tables() {
		out = append(out, "### "+table.Name, "", table.About, "", "| column | type | what it says |", "| --- | --- | --- |")
		for _, c := range table.Columns {
			of := c.Type.String()
			if c.Unit != "" {
				of += ", " + c.Unit
			}
			out = append(out, fmt.Sprintf("| `%s` | %s | %s |", c.Name, of, c.Doc))
		}
		out = append(out, "")
	}
	return out
}
