package dated

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/prose"
)

// sharedJobs is where job descriptions with labels lie.
const sharedJobs = "../../../shared/jobs"

// readJobs gives the labels as rows by column, or skips the test.
func readJobs(t *testing.T) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(sharedJobs, "labels.tsv"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the labeled job descriptions are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes = '\t', true
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, fields := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = fields[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// TestJobs measures the catalogue against labels: of the phrases that a reader called
// dated three in four are found, and of all descriptions without one at most one has
// a sure finding without an excuse.
func TestJobs(t *testing.T) {
	rows := readJobs(t)
	c := English()
	wanted, found, wrong := 0, 0, 0
	for _, row := range rows {
		text, err := os.ReadFile(filepath.Join(sharedJobs, "files", row["file"]))
		if err != nil {
			t.Fatal(err)
		}
		p := prose.Parse(string(text))
		hits := c.Find(p, today)
		sure := ""
		for _, h := range hits {
			if h.Fault() {
				sure += strings.ToLower(h.In(p.Source)) + "\n"
			}
		}
		t.Logf("%s %s: %s", row["file"], row["dated_content"], describe(p, hits))
		if row["dated_content"] == "yes" {
			for phrase := range strings.SplitSeq(row["dated_phrases"], " | ") {
				wanted++
				if hit(sure, strings.ToLower(phrase)) {
					found++
				} else {
					t.Logf("not found: %s in %s", phrase, row["file"])
				}
			}
		} else if sure != "" {
			wrong++
			t.Logf("sure in a description without dated content: %s: %q", row["file"], sure)
		}
	}
	t.Logf("%d of %d phrases found; %d of %d descriptions with a false finding", found, wanted, wrong, len(rows))
	if 4*found < 3*wanted {
		t.Errorf("found %d of %d phrases, want three in four", found, wanted)
	}
	if wrong > 1 {
		t.Errorf("%d descriptions without dated content have a sure finding, want one at most", wrong)
	}
}

// hit says whether one of the found names is in the phrase or has it in itself.
func hit(found, phrase string) bool {
	for name := range strings.Lines(found) {
		name = strings.TrimSuffix(name, "\n")
		if strings.Contains(phrase, name) || strings.Contains(name, phrase) {
			return true
		}
	}
	return false
}
