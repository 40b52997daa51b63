package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// object is a piece of a record as a stranger's program sees it.
type object map[string]any

func (o object) at(t *testing.T, path ...string) any {
	t.Helper()
	var v any = map[string]any(o)
	for _, p := range path {
		m, ok := v.(map[string]any)
		if !ok {
			t.Fatalf("%s: nothing under %q", strings.Join(path, "."), p)
		}
		v = m[p]
	}
	return v
}

func (o object) number(t *testing.T, path ...string) float64 {
	t.Helper()
	x, ok := o.at(t, path...).(float64)
	if !ok {
		t.Fatalf("%s is no number", strings.Join(path, "."))
	}
	return x
}

func (o object) list(t *testing.T, path ...string) []object {
	t.Helper()
	var out []object
	values, _ := o.at(t, path...).([]any)
	for _, v := range values {
		out = append(out, v.(map[string]any))
	}
	return out
}

func (o object) withID(t *testing.T, id string, path ...string) object {
	t.Helper()
	for _, e := range o.list(t, path...) {
		if e["id"] == id {
			return e
		}
	}
	t.Fatalf("no %s has id %q", strings.Join(path, "."), id)
	return nil
}

// TestRecordOfReferenceSurvey scores 2,800 real respondents from the command
// line and finds R's figures under the names that the schema gives them.
func TestRecordOfReferenceSurvey(t *testing.T) {
	cases := filepath.Join(root, "..", "shared", "cases")
	raw, err := os.ReadFile(filepath.Join(cases, "bfi.expected.json"))
	if err != nil {
		t.Skip("the reference survey is not here")
	}
	var want object
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	out, errs, status := firstcall(t, "score", filepath.Join(cases, "bfi.csv"), "--instrument", filepath.Join(root, "testdata/instruments/bfi.toml"),
		"--missing", "available_mean", "--by", "gender", "--by", "education")
	if status != 0 {
		t.Fatal(errs)
	}
	var rec object
	if err := json.Unmarshal([]byte(out), &rec); err != nil {
		t.Fatal(err)
	}
	validate(t, []byte(out))
	a := object(rec.at(t, "assessment").(map[string]any))
	if n := a.number(t, "n"); n != 2800 {
		t.Errorf("n is %v", n)
	}
	near := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-10 {
			t.Errorf("%s: %.17g, want %.17g", what, got, want)
		}
	}
	compare := func(what string, got, want object) {
		t.Helper()
		near(what+" n", got.number(t, "n"), want.number(t, "n"))
		near(what+" mean", got.number(t, "mean"), want.number(t, "mean"))
		near(what+" sd", got.number(t, "sd"), want.number(t, "sd"))
		near(what+" low", got.number(t, "ci", "low"), want.number(t, "lo"))
		near(what+" high", got.number(t, "ci", "high"), want.number(t, "hi"))
	}
	for scale := range want.at(t, "scales").(map[string]any) {
		w := object(want.at(t, "scales", scale).(map[string]any))
		d := a.withID(t, scale, "dimensions")
		compare(scale, d, w.at(t, "scores", "available_mean").(map[string]any))
		near(scale+" alpha", d.number(t, "alpha", "pairwise", "raw"), w.number(t, "alpha", "pairwise", "raw"))
		near(scale+" alpha n", d.number(t, "alpha", "pairwise", "n"), 2800)
		near(scale+" percent", d.number(t, "percent"), (d.number(t, "mean")-1)/5*100)
		for id := range w.at(t, "items_stats").(map[string]any) {
			item := d.withID(t, id, "items")
			near(id+" mean", item.number(t, "mean"), w.number(t, "items_stats", id, "mean"))
			near(id+" sd", item.number(t, "sd"), w.number(t, "items_stats", id, "sd"))
		}
	}
	groups := 0
	for _, g := range a.list(t, "groups") {
		by, key := fmt.Sprint(g["by"]), fmt.Sprint(g["key"])
		w, ok := want.at(t, "groups", strings.Trim(by, "[]")).(map[string]any)
		if !ok || key == "[]" {
			continue
		}
		groups++
		for scale := range w {
			compare(by+key+scale, g.withID(t, scale, "dimensions"), object(w).at(t, scale, strings.Trim(key, "[]")).(map[string]any))
		}
	}
	if groups != 7 {
		t.Errorf("compared %d groups, want 7", groups)
	}
}

// TestSampleRecordsAreValid has an independent validator look at what the
// command line makes of both samples.
func TestSampleRecordsAreValid(t *testing.T) {
	testdata := filepath.Join(root, "testdata")
	engagement, errs, status := firstcall(t, "score", filepath.Join(testdata, "engagement/survey.csv"), "-i", "eight-qualities", "--client", "wrenmoor",
		"--by", "department", "--by", "role", "--by", "department*role", "--headcounts", filepath.Join(testdata, "engagement/headcounts.csv"), "--as-of", "2026-09-30")
	if status != 0 {
		t.Fatal(errs)
	}
	files, err := filepath.Glob(filepath.Join(testdata, "batch/*.csv"))
	if err != nil || len(files) < 12 {
		t.Fatal(err, files)
	}
	batch, errs, status := firstcall(t, append([]string{"score", "-i", "four-steps", "--client-from", "stem", "--by", "role"}, files...)...)
	if status != 0 {
		t.Fatal(errs)
	}
	if lines := validate(t, []byte(engagement+batch)); lines != 2+len(files) {
		t.Errorf("validated %d records, want %d", lines, 2+len(files))
	}
}

// validate checks every record of an NDJSON text against the schema that the
// program prints, and that keys come once.
func validate(t *testing.T, ndjson []byte) (records int) {
	t.Helper()
	printed, errs, status := firstcall(t, "schema")
	if status != 0 {
		t.Fatal(errs)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(printed))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("urn:firstcall:record:1", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("urn:firstcall:record:1")
	if err != nil {
		t.Fatal(err)
	}
	keys := map[any]bool{}
	for line := range bytes.Lines(ndjson) {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Error(err)
		}
		key := v.(map[string]any)["key"]
		if keys[key] {
			t.Errorf("key %v comes twice", key)
		}
		keys[key] = true
		records++
	}
	return records
}
