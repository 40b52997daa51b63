package xlsx

import (
	"encoding/csv"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record/flat"
	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
)

// TestLibreOffice: a spreadsheet program reads back the cells that were written.
func TestLibreOffice(t *testing.T) {
	if os.Getenv("FIRSTCALL_COUNTERPARTS") == "" {
		t.Skip("takes ten seconds and needs soffice; to run it: FIRSTCALL_COUNTERPARTS=1 go test ./exporters/xlsx -run LibreOffice -v")
	}
	if _, err := exec.LookPath("soffice"); err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	records := append(exporttest.Records(t, sample), statement(t, "_x0041_ =1+1\n two lines, “quoted”"))
	files, _ := exporttest.Render(t, Exporter{}, `{}`, records)
	book := filepath.Join(dir, fileName)
	if err := os.WriteFile(book, files[fileName], 0o600); err != nil {
		t.Fatal(err)
	}
	// Comma, quote, UTF-8, from line 1; texts quoted; what cells hold and not what they
	// show; every sheet.
	office := exec.Command("soffice", "-env:UserInstallation=file://"+filepath.ToSlash(filepath.Join(dir, "profile")), "--headless",
		"--convert-to", `csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,false,false,false,false,-1`, "--outdir", dir, book)
	if out, err := office.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cells := 0
	for name, want := range wanted(t, records) {
		got := readSheet(t, filepath.Join(dir, "firstcall-"+name+".csv"))
		if len(got) != len(want) {
			t.Errorf("%s has %d rows, want %d", name, len(got), len(want))
			continue
		}
		for i, row := range want {
			for j, w := range row {
				cells++
				if g := got[i][j]; g != w && !sameNumber(g, w) && !samePercentage(g, w) {
					t.Errorf("%s, row %d, %s: %q, want %q", name, i+1, want[0][j], g, w)
				}
			}
		}
	}
	t.Logf("%d cells are the same", cells)
	if cells < 1000 {
		t.Error("there are hardly any")
	}
	about := readSheet(t, filepath.Join(dir, "firstcall-"+aboutName+".csv"))
	if !slices.ContainsFunc(about, func(row []string) bool { return strings.HasPrefix(row[2], flat.Jobs.About) }) {
		t.Errorf("the first sheet reads\n%q", about)
	}
}

// samePercentage compares a number with one that a program writes in percent.
func samePercentage(got, want string) bool {
	digits, percent := strings.CutSuffix(got, "%")
	x, err := strconv.ParseFloat(digits, 64)
	y, bad := strconv.ParseFloat(want, 64)
	return percent && err == nil && bad == nil && math.Abs(x/100-y) <= 1e-14
}

func readSheet(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return rows
}
