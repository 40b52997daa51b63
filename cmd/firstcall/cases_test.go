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

func (o object) object(t *testing.T, path ...string) object {
	t.Helper()
	v, ok := o.at(t, path...).(map[string]any)
	if !ok {
		t.Fatalf("%s is no object", strings.Join(path, "."))
	}
	return v
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

// comparison sets figures of a record against those of R.
type comparison struct {
	*testing.T
	figures int
}

func (c *comparison) near(what string, got, want float64) {
	c.Helper()
	c.figures++
	if !(math.Abs(got-want) <= 1e-10*max(1, math.Abs(want))) {
		c.Errorf("%s: %.17g, want %.17g", what, got, want)
	}
}

// each compares figures of two objects, named in pairs: in the record, and in
// R's file. A dot stands between the names of objects within objects.
func (c *comparison) each(what string, got, want object, names ...string) {
	c.Helper()
	for i := 0; i < len(names); i += 2 {
		c.near(what+" "+names[i], got.number(c.T, strings.Split(names[i], ".")...), want.number(c.T, strings.Split(names[i+1], ".")...))
	}
}

// scores compares the figures of a dimension's scores.
func (c *comparison) scores(what string, got, want object) {
	c.Helper()
	c.each(what, got, want, "n", "n", "mean", "mean", "sd", "sd", "ci.low", "lo", "ci.high", "hi")
}

// dimension compares all figures of a dimension.
func (c *comparison) dimension(what string, got, want object, policy string) {
	c.Helper()
	c.scores(what+" "+policy, got, want.object(c.T, "scores", policy))
	low, high := want.number(c.T, "min"), want.number(c.T, "max")
	c.near(what+" percent", got.number(c.T, "percent"), (want.number(c.T, "scores", policy, "mean")-low)/(high-low)*100)
	c.each(what, got, want, "alpha.pairwise.n", "n_rows", "alpha.pairwise.raw", "alpha.pairwise.raw", "alpha.pairwise.standardized", "alpha.pairwise.std",
		"alpha.pairwise.low", "alpha.pairwise.feldt95_n_rows.lo", "alpha.pairwise.high", "alpha.pairwise.feldt95_n_rows.hi",
		"alpha.complete.n", "alpha.complete.n", "alpha.complete.raw", "alpha.complete.raw", "alpha.complete.standardized", "alpha.complete.std",
		"alpha.complete.low", "alpha.complete.feldt95.lo", "alpha.complete.high", "alpha.complete.feldt95.hi", "omega", "omega.omega_total")
	for id := range want.object(c.T, "items_stats") {
		c.each(id, got.withID(c.T, id, "items"), want.object(c.T, "items_stats", id), "n", "n", "mean", "mean", "sd", "sd",
			"item_rest.pairwise", "item_rest_r_pairwise", "item_rest.complete", "item_rest_r_complete",
			"alpha_if_dropped.pairwise", "raw_alpha_if_dropped_pairwise", "alpha_if_dropped.complete", "raw_alpha_if_dropped_complete")
	}
}

// groups compares the groups of one grouping, and returns how many there are.
func (c *comparison) groups(by string, body, want object, dimension string) (groups int) {
	c.Helper()
	for _, g := range body.list(c.T, "groups") {
		if fmt.Sprint(g["by"]) != "["+by+"]" || fmt.Sprint(g["key"]) == "[]" {
			continue
		}
		groups++
		key := strings.Trim(fmt.Sprint(g["key"]), "[]")
		c.scores(by+" "+key+" "+dimension, g.withID(c.T, dimension, "dimensions"), want.object(c.T, key))
	}
	return groups
}

// agreement finds what is said of one grouping and dimension.
func agreement(t *testing.T, body object, by, dimension string) object {
	t.Helper()
	for _, a := range body.list(t, "agreement") {
		if fmt.Sprint(a["by"]) == "["+by+"]" && a["dimension"] == dimension {
			return a
		}
	}
	t.Fatalf("nothing is said of %s by %s", dimension, by)
	return nil
}

// anova compares what an analysis of variance says.
func (c *comparison) anova(what string, got, want object) {
	c.Helper()
	c.each(what, got, want, "groups", "G", "n", "N", "icc1", "icc1_n0", "icc2", "icc2_multilevel", "eta_sq", "eta2", "f.statistic", "F", "f.p", "p")
	c.near(what+" df", got.number(c.T, "f", "df"), want.number(c.T, "N")-want.number(c.T, "G"))
}

// referenceCase reads what R says of a survey.
func referenceCase(t *testing.T, name string) object {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root, "..", "shared", "cases", name+".expected.json"))
	if err != nil {
		t.Skip("the reference surveys are not here")
	}
	var want object
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	return want
}

// scored scores a reference survey from the command line.
func scored(t *testing.T, name string, flags ...string) object {
	t.Helper()
	out, errs, status := firstcall(t, append([]string{"score", filepath.Join(root, "..", "shared", "cases", name+".csv"),
		"--instrument", filepath.Join(root, "testdata/instruments", name+".toml")}, flags...)...)
	if status != 0 {
		t.Fatal(errs)
	}
	validate(t, []byte(out))
	var rec object
	if err := json.Unmarshal([]byte(out), &rec); err != nil {
		t.Fatal(err)
	}
	return rec.object(t, "assessment")
}

// policies are all policies for missing answers.
var policies = []string{"available_mean", "min_half", "min_80pct", "complete_only", "item_mean_imputed", "item_median_imputed"}

// TestRecordOfBFI scores 2,800 real respondents and finds R's figures under the
// names that the schema gives them.
func TestRecordOfBFI(t *testing.T) {
	want := referenceCase(t, "bfi")
	c := &comparison{T: t}
	for _, policy := range policies {
		body := scored(t, "bfi", "--missing", policy, "--by", "gender", "--by", "education", "--long-run", "8")
		c.near("n", body.number(t, "n"), 2800)
		for scale := range want.object(t, "scales") {
			c.dimension(scale, body.withID(t, scale, "dimensions"), want.object(t, "scales", scale), policy)
		}
		if policy != "available_mean" {
			continue // R's groups are of that
		}
		c.each("careless", body.object(t, "data", "careless"), want.object(t, "careless"), "long_runs", "n_longstring_ge_8", "longest_run", "max_longstring", "mean_irv", "mean_irv")
		for scale := range want.object(t, "scales") {
			for by, groups := range map[string]int{"gender": 2, "education": 5} {
				if n := c.groups(by, body, want.object(t, "groups", by, scale), scale); n != groups {
					t.Errorf("compared %d groups by %s, want %d", n, by, groups)
				}
			}
			for _, by := range []string{"gender", "education"} {
				c.anova(scale+" by "+by, agreement(t, body, by, scale), want.object(t, "anova_by_"+by, scale))
			}
			c.gap(scale, body, want.object(t, "gap_gender_1_minus_2", scale))
		}
	}
	if c.figures < 6*5*50 {
		t.Errorf("compared only %d figures", c.figures)
	}
}

// gap compares men with the rest.
func (c *comparison) gap(scale string, body, want object) {
	c.Helper()
	for _, g := range body.list(c.T, "gaps") {
		if fmt.Sprint(g["by"], g["key"]) == "[gender] [1]" && g["dimension"] == scale {
			c.each(scale+" of men", g, want, "n", "n1", "n_rest", "n2", "difference", "diff", "ci.low", "lo", "ci.high", "hi",
				"test.statistic", "welch_t", "test.df", "welch_df", "test.p", "p", "g.value", "hedges_g_exact")
			return
		}
	}
	c.Errorf("no gap of men in %s", scale)
}

// TestRecordOfLQ2002 scores 2,042 soldiers in 49 companies.
func TestRecordOfLQ2002(t *testing.T) {
	want := referenceCase(t, "lq2002")
	c := &comparison{T: t}
	for _, policy := range policies {
		body := scored(t, "lq2002", "--missing", policy, "--by", "COMPID")
		for name := range want.object(t, "sets") {
			set, id := want.object(t, "sets", name), strings.ToLower(name)
			c.dimension(id, body.withID(t, id, "dimensions"), set.object(t, "scale"), policy)
			if n := c.groups("COMPID", body, set.object(t, "group_means"), id); n != 49 {
				t.Errorf("compared %d companies", n)
			}
			a := agreement(t, body, "COMPID", id)
			c.anova(id, a, set.object(t, "anova"))
			c.within(id, a, set.list(t, "agreement", "per_group"), map[string]int{"hostil": 4, "lead": 3}[id])
		}
		favorable := want.object(t, "favourable_1to5")
		for item := range favorable {
			d := strings.ToLower(strings.TrimRight(item, "0123456789"))
			c.each(item, body.withID(t, d, "dimensions").withID(t, item, "items"), favorable.object(t, item), "favorable.share", "fav.p", "favorable.low", "fav.lo", "favorable.high", "fav.hi")
		}
	}
	if c.figures < 6*3*(49*9+20) {
		t.Errorf("compared only %d figures", c.figures)
	}
}

// within compares agreement within groups. So many of them are
// of one mind about an item, alike or all on one side, and are withheld.
func (c *comparison) within(what string, got object, want []object, withheld int) {
	c.Helper()
	mean, published := 0.0, 0
	for _, w := range want {
		for ours, theirs := range map[string]string{"rwg_j": "rwgj", "rwg_star": "rwgj_lindell", "awg": "awg", "ad": "adm"} {
			g := ofGroup(c.T, got, ours, w["group"].(string))
			if g["undefined"] == "the figures of its items are withheld" {
				continue
			}
			c.near(what+" "+ours+" of "+w["group"].(string), g.number(c.T, "value"), w.number(c.T, theirs))
			if ours == "rwg_j" {
				mean, published = mean+w.number(c.T, theirs), published+1
			}
		}
	}
	c.near(what+" mean rwg(j)", got.number(c.T, "mean_rwg_j"), mean/float64(published))
	if published != len(want)-withheld {
		c.Errorf("%s: %d groups compared of %d", what, published, len(want))
	}
}

// ofGroup finds the figure of one group.
func ofGroup(t *testing.T, a object, name, group string) object {
	t.Helper()
	for _, g := range a.list(t, name) {
		if fmt.Sprint(g["key"]) == "["+group+"]" {
			return g
		}
	}
	t.Fatalf("group %s has no %s", group, name)
	return nil
}

// TestRecordOfCohesion scores eleven soldiers, one of whom left an answer out.
func TestRecordOfCohesion(t *testing.T) {
	want := referenceCase(t, "cohesion")
	c := &comparison{T: t}
	for _, policy := range policies {
		body := scored(t, "cohesion", "--missing", policy, "--min-group", "3")
		c.dimension("cohesion", body.withID(t, "cohesion", "dimensions"), want.object(t, "scale"), policy)
	}
	if c.figures != 6*(5+1+11+5*7) {
		t.Errorf("compared %d figures", c.figures)
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
