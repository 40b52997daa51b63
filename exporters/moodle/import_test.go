package moodle

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/exporters/moodle/moodletest"
)

// phpCSV reads CSV as PHP's fgetcsv does with the escape character that Moodle leaves in
// use: within quotation marks, a backslash keeps the mark after it from ending the cell.
func phpCSV(text string) [][]string {
	var rows [][]string
	for len(text) > 0 {
		var row []string
		for {
			cell, rest, more := phpCell(text)
			row = append(row, cell)
			if text = rest; !more {
				break
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// phpCell reads one cell; more reports whether another follows in the row.
func phpCell(text string) (cell, rest string, more bool) {
	end := func(text string) (string, bool) { return text[min(1, len(text)):], strings.HasPrefix(text, ",") }
	if !strings.HasPrefix(text, `"`) {
		at := strings.IndexAny(text+"\n", ",\n")
		rest, more = end(text[at:])
		return text[:at], rest, more
	}
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text):
			cell += text[i : i+2]
			i++
		case text[i] == '"' && strings.HasPrefix(text[i+1:], `"`):
			cell += `"`
			i++
		case text[i] == '"':
			rest, more = end(text[i+1:])
			return cell, rest, more
		default:
			cell += text[i : i+1]
		}
	}
	return cell, "", false
}

// imported is what Moodle's import of competency frameworks makes of a file.
type imported struct {
	framework []string
	scale     int64
	nodes     []importedNode
}

type importedNode struct {
	parent, id, name, about string
	depth                   int
}

// importFramework does with a file what Moodle's import does: it takes the columns by
// their place, cleans and cuts names, hangs each row under the one whose ID number it
// names, and makes only what hangs on the framework in the end.
func importFramework(t *testing.T, text string, scales map[int64][]string) imported {
	t.Helper()
	rows := phpCSV(text)
	var in imported
	flat := map[string][]string{}
	var order []string
	for i, row := range rows {
		if len(row) != 14 {
			t.Fatalf("row %d has %d columns: %q", i, len(row), row)
		}
		for _, at := range []int{1, 2} {
			if i > 0 && (utf8.RuneCountInString(row[at]) > 100 || tagLike.MatchString(row[at]) || row[at] == "") {
				t.Errorf("Moodle would change %q", row[at])
			}
		}
		switch {
		case i == 0:
		case row[12] == "1":
			in.framework = row
		default:
			if flat[row[1]] != nil {
				t.Errorf("two rows have the ID number %s", row[1])
			}
			flat[row[1]] = row
			order = append(order, row[1])
		}
	}
	if in.framework == nil || in.framework[0] != "" || !slices.Equal(rows[1], in.framework) {
		t.Fatal("the framework does not come first")
	}
	in.scale = importScale(t, in.framework, scales)
	var hang func(parent string, depth int)
	hang = func(parent string, depth int) {
		for _, id := range order {
			if row := flat[id]; row[0] == parent {
				in.nodes = append(in.nodes, importedNode{row[0], row[1], row[2], row[3], depth})
				hang(id, depth+1)
			}
		}
	}
	hang("", 1)
	if len(in.nodes) != len(order) {
		t.Errorf("%d of %d rows hang on the framework", len(in.nodes), len(order))
	}
	return in
}

// importScale finds a scale by its words with commas between them, or makes it, and puts
// its id into the configuration.
func importScale(t *testing.T, row []string, scales map[int64][]string) int64 {
	t.Helper()
	id := int64(77)
	for n, words := range scales {
		if strings.Join(words, ",") == row[5] {
			id = n
		}
	}
	var configuration []map[string]any
	if err := json.Unmarshal([]byte(row[6]), &configuration); err != nil {
		t.Fatal(err)
	}
	configuration[0]["scaleid"] = fmt.Sprint(id)
	proficient := 0
	for i, c := range configuration[1:] {
		if c["id"] != float64(i+1) || c["scaledefault"] != c["proficient"] {
			t.Errorf("word %d: %v", i+1, c)
		}
		if c["proficient"] == float64(1) {
			proficient++
		}
	}
	if proficient != 1 || len(configuration)-1 != len(strings.Split(row[5], ",")) {
		t.Errorf("scale %s: %s", row[5], row[6])
	}
	return id
}

// A reader that trips over a backslash is what the files are made for: show that it does.
func TestPHPReader(t *testing.T) {
	if got := phpCSV("a,\"b \"\"c\"\",\nd\",\ne,f,g\n"); !slices.EqualFunc(got, [][]string{{"a", "b \"c\",\nd", ""}, {"e", "f", "g"}}, slices.Equal[[]string]) {
		t.Errorf("%q", got)
	}
	if got := phpCSV(`"C:\""",x` + "\n"); len(got[0]) == 2 {
		t.Errorf("%q", got)
	}
	rows := [][]string{{`C:\"`, `\`, `a "\`, `<p>"\"\\"</p>`, "end"}, {"1", "2", "3", "4", "5"}}
	got := phpCSV(string(table(rows)))
	for i, want := range []string{`C:\ "`, `\ `, `a "\ `, `<p>&quot;\&quot;\\&quot;</p>`, "end"} {
		if len(got) != 2 || len(got[0]) != 5 || got[0][i] != want {
			t.Fatalf("%q", got)
		}
	}
}

func siteScales() map[int64][]string { return moodletest.New(moodletest.Options{}).Scales }
