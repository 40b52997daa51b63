package stats

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
)

// comparison compares figures with those of others and remembers how far they
// are apart: relatively, or absolutely where that is less than 1e-14, since
// what is 0 but for rounding in R has no digits to compare.
type comparison struct {
	t         *testing.T
	tolerance float64
	compared  int
	worst     float64
}

func (r *comparison) same(name string, got float64, why Undefined, want float64) {
	r.t.Helper()
	if why != "" {
		r.t.Errorf("%s is undefined: %s", name, why)
		return
	}
	d := apart(got, want)
	if small := got - want; -1e-14 < small && small < 1e-14 {
		d = max(small, -small)
	}
	r.compared++
	r.worst = max(r.worst, d)
	if !(d <= r.tolerance) {
		r.t.Errorf("%s = %.17g, want %.17g: %.2g apart", name, got, want, d)
	}
}

// report fails when fewer figures than expected were compared.
func (r *comparison) report(least int) {
	r.t.Helper()
	r.t.Logf("%d figures compared, at most %.2g apart", r.compared, r.worst)
	if r.compared < least {
		r.t.Errorf("%d figures compared, want at least %d", r.compared, least)
	}
}

// readFigures reads names and values that an R script wrote to testdata.
func readFigures(t *testing.T, path string) map[string]float64 {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	figures := map[string]float64{}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "\t")
		figures[name] = number(t, value)
	}
	return figures
}

// decodeCase reads the expected figures of a case, of which every test has its
// own view.
func decodeCase(t *testing.T, name string, into any) {
	t.Helper()
	path := cases + name + ".expected.json"
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no reference case at %s; the figures in testdata stand in for it", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}
