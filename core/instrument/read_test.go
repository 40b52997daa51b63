package instrument_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/problem"
)

// describe gives problems one a line, each with its hint on the next.
func describe(err error) string {
	var list problem.List
	if !errors.As(err, &list) {
		return fmt.Sprint(err)
	}
	var b strings.Builder
	for _, p := range list {
		b.WriteString(p.Error() + "\n")
		if p.Hint != "" {
			b.WriteString("  hint: " + p.Hint + "\n")
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func TestDefaults(t *testing.T) {
	got, err := instrument.Read("x.toml", []byte(`
id = "x"
scale = {min = 1, max = 5}
[[dimension]]
id = "d"
item = [{id = "Q 1"}]
[[attribute]]
id = "team"
kind = "group"
`))
	if err != nil {
		t.Fatal(err)
	}
	scale := instrument.Scale{Min: 1, Max: 5}
	want := &instrument.Instrument{
		ID: "x", Version: "1", Title: "x", Direction: "high-is-good", Scale: scale,
		Policy: instrument.Policy{Missing: "min_half", MinGroup: 5, WeakBelow: 50, ActWithin: 90},
		Dimensions: []instrument.Dimension{{ID: "d", Title: "d", Items: []instrument.Item{
			{ID: "Q 1", Text: "Q 1", Scale: scale, Type: "likert"},
		}}},
		Attributes: []instrument.Attribute{{ID: "team", Text: "team", Kind: "group"}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestEverythingGiven(t *testing.T) {
	got, err := instrument.Read("x.toml", []byte(`
id = "x-2"
version = "2.1"
title = " Title "
about = """
One
paragraph.  """
source = "us"
direction = "high-is-bad"
[policy]
missing = "item_median_imputed"
min_group = 3
weak_below = 33.3
act_within = 30
bands = [{at = 0, name = "low"}, {at = 50.5, name = "high"}]
[[attribute]]
id = "role"
text = "Your role?"
kind = "group"
values = ["boss", "staff"]
leaders = ["boss"]
sensitive = true
[[dimension]]
id = "upper"
title = "Upper"
about = "About."
action = """
Do
this. """
owner = " Boss "
level = 2
scale = {min = 0, max = 10}
[[dimension.item]]
id = "u1"
text = "First?"
reverse = true
continuous = true
facet = "care"
aspect = "ideal"
pair = "u2"
[[dimension.item]]
id = "u2"
text = "Second?"
type = "enps"
aspect = "practice"
pair = "u1"
[[dimension]]
id = "lower"
level = 1
[dimension.scale]
min = 1
max = 2
[[dimension.item]]
id = "l1"
[[outcome]]
id = "o1"
continuous = true
scale = {min = -2, max = 5000}
`))
	if err != nil {
		t.Fatal(describe(err))
	}
	ten := instrument.Scale{Min: 0, Max: 10}
	want := &instrument.Instrument{
		ID: "x-2", Version: "2.1", Title: "Title", About: "One paragraph.", Source: "us", Direction: "high-is-bad",
		Policy: instrument.Policy{Missing: "item_median_imputed", MinGroup: 3, WeakBelow: 33.3, ActWithin: 30,
			Bands: []instrument.Band{{At: 0, Name: "low"}, {At: 50.5, Name: "high"}}},
		Dimensions: []instrument.Dimension{
			{ID: "upper", Title: "Upper", About: "About.", Action: "Do this.", Owner: "Boss", Level: 2, Items: []instrument.Item{
				{ID: "u1", Text: "First?", Reverse: true, Scale: ten, Continuous: true, Type: "likert", Facet: "care", Aspect: "ideal", Pair: "u2"},
				{ID: "u2", Text: "Second?", Scale: ten, Type: "enps", Aspect: "practice", Pair: "u1"},
			}},
			{ID: "lower", Title: "lower", Level: 1, Items: []instrument.Item{
				{ID: "l1", Text: "l1", Scale: instrument.Scale{Min: 1, Max: 2}, Type: "likert"},
			}},
		},
		Outcomes: []instrument.Item{{ID: "o1", Text: "o1", Scale: instrument.Scale{Min: -2, Max: 5000}, Continuous: true, Type: "likert"}},
		Attributes: []instrument.Attribute{{ID: "role", Text: "Your role?", Kind: "group",
			Values: []string{"boss", "staff"}, Leaders: []string{"boss"}, Sensitive: true}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// TestScaleInheritance takes the rule from the format's description: a narrower
// scale takes over what it does not say, labels and favorable only while the
// range stays the same.
func TestScaleInheritance(t *testing.T) {
	in, err := instrument.Read("x.toml", []byte(`
id = "x"
[scale]
min = 1
max = 3
labels = ["no", "so so", "yes"]
favorable = 3
missing_codes = [-9]
[[dimension]]
id = "same"
scale = {missing_codes = [-1, 99]}
item = [{id = "a"}, {id = "b", scale = {labels = ["1", "2", "3"]}}, {id = "c", scale = {labels = [], favorable = 2, missing_codes = []}}]
[[dimension]]
id = "other"
scale = {max = 4}
item = [{id = "d"}]
`))
	if err != nil {
		t.Fatal(describe(err))
	}
	for i, want := range []instrument.Scale{
		{Min: 1, Max: 3, Labels: []string{"no", "so so", "yes"}, Favorable: 3, FavorableSet: true, MissingCodes: []int{-1, 99}},
		{Min: 1, Max: 3, Labels: []string{"1", "2", "3"}, Favorable: 3, FavorableSet: true, MissingCodes: []int{-1, 99}},
		{Min: 1, Max: 3, Favorable: 2, FavorableSet: true, MissingCodes: []int{}},
		{Min: 1, Max: 4, MissingCodes: []int{-9}},
	} {
		if got := in.Items()[i].Scale; !reflect.DeepEqual(got, want) {
			t.Errorf("item %d: got %+v, want %+v", i, got, want)
		}
	}
}

// fixtures of real data sets, with the shape that their documentation in R's
// psychTools and multilevel packages gives them.
func TestFixtures(t *testing.T) {
	for _, c := range []struct {
		file       string
		dimensions string
		reversed   string
		ranges     string
		attributes string
	}{
		{"bfi", "agree conscientious extraversion neuroticism openness", "A1 C4 C5 E1 E2 O2 O5", "1-6 1-6 1-6 1-6 1-6", "id gender education"},
		{"lq2002", "lead tsig hostil", "", "1-5 1-5 0-4", "COMPID SUB"},
		{"cohesion", "cohesion", "", "1-5", "UNIT PLATOON"},
	} {
		in, err := instrument.Open("../../testdata/instruments/" + c.file + ".toml")
		if err != nil {
			t.Errorf("%s: %s", c.file, describe(err))
			continue
		}
		var dimensions, reversed, ranges, attributes []string
		for _, d := range in.Dimensions {
			dimensions = append(dimensions, d.ID)
			ranges = append(ranges, fmt.Sprintf("%d-%d", d.Scale().Min, d.Scale().Max))
		}
		for _, it := range in.Items() {
			if it.Reverse {
				reversed = append(reversed, it.ID)
			}
		}
		for _, a := range in.Attributes {
			attributes = append(attributes, a.ID)
		}
		got := []string{strings.Join(dimensions, " "), strings.Join(reversed, " "), strings.Join(ranges, " "), strings.Join(attributes, " ")}
		if want := []string{c.dimensions, c.reversed, c.ranges, c.attributes}; !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", c.file, got, want)
		}
	}
}

// TestFixturesMatchTheirData compares the fixtures' columns with the head of
// the data they are for.
func TestFixturesMatchTheirData(t *testing.T) {
	for _, name := range []string{"bfi", "lq2002", "cohesion"} {
		data, err := os.ReadFile("../../../shared/cases/" + name + ".csv")
		if err != nil {
			t.Skip("reference data is not here: ", err)
		}
		head, _, _ := strings.Cut(string(data), "\n")
		columns := strings.Split(strings.TrimSpace(head), ",")
		in, err := instrument.Open("../../testdata/instruments/" + name + ".toml")
		if err != nil {
			t.Fatal(describe(err))
		}
		known := map[string]bool{"age": name == "bfi"} // a number, not a group to report by
		for _, a := range in.Attributes {
			known[a.ID] = true
		}
		for _, it := range in.Items() {
			known[it.ID] = true
			if !slices.Contains(columns, it.ID) {
				t.Errorf("%s: item %s has no column", name, it.ID)
			}
		}
		for _, c := range columns {
			if !known[c] {
				t.Errorf("%s: column %s is not in the instrument", name, c)
			}
		}
	}
}

func TestBuiltins(t *testing.T) {
	// The order of the models in the product's domain.
	want := []string{"eight-qualities", "four-steps", "improvement-plan", "warning-signs", "service-system", "purpose-centered"}
	if got := instrument.Builtins(); !slices.Equal(got, want) {
		t.Fatalf("got %q, want %q", got, want)
	}
	texts := map[string]string{}
	for _, id := range instrument.Builtins() {
		in, err := instrument.Builtin(id)
		if err != nil {
			t.Errorf("%s", describe(err))
			continue
		}
		if in.ID != id || in.Title == id || in.About == "" {
			t.Errorf("%s: id %q, title %q, about %q", id, in.ID, in.Title, in.About)
		}
		reversed := 0
		for _, d := range in.Dimensions {
			if len(d.Items) < 4 {
				t.Errorf("%s: dimension %s has %d items, want at least 4", id, d.ID, len(d.Items))
			}
			if len(d.Scale().Labels) == 0 || !d.Scale().FavorableSet {
				t.Errorf("%s: dimension %s has no labels or no favorable step", id, d.ID)
			}
			if words := len(strings.Fields(d.Action)); words < 15 || words > 40 || !strings.HasSuffix(d.Action, ".") || d.Owner == "" {
				t.Errorf("%s: dimension %s has the action %q (%d words) of %q", id, d.ID, d.Action, words, d.Owner)
			}
		}
		for _, it := range in.Items() {
			if it.Reverse {
				reversed++
			}
			key := strings.ToLower(it.Text)
			if other, taken := texts[key]; taken && other != id {
				t.Errorf("%q is asked in %s and in %s", it.Text, other, id)
			}
			texts[key] = id
		}
		if reversed == 0 {
			t.Errorf("%s: no item is reverse-keyed", id)
		}
		if src, ok := instrument.BuiltinSource(id); !ok || !strings.Contains(string(src), in.Items()[0].Text) {
			t.Errorf("%s: source is not that of the instrument", id)
		}
	}
	if _, ok := instrument.BuiltinSource("../builtin/four-steps"); ok {
		t.Error("a path is no id")
	}
}

func TestBuiltinModels(t *testing.T) {
	// What each model is made of, and what the product must be able to tell
	// apart in it: levels for tracing, risks for which high is bad, ideals
	// against practice, service against care.
	for _, c := range []struct {
		id         string
		dimensions int
		direction  instrument.Direction
		leveled    bool
		paired     bool
	}{
		{"eight-qualities", 8, "high-is-good", false, false},
		{"four-steps", 4, "high-is-good", false, false},
		{"improvement-plan", 8, "high-is-good", false, true},
		{"warning-signs", 3, "high-is-bad", false, false},
		{"service-system", 8, "high-is-good", false, false},
		{"purpose-centered", 6, "high-is-good", true, false},
	} {
		in, err := instrument.Builtin(c.id)
		if err != nil {
			t.Errorf("%s", describe(err))
			continue
		}
		if len(in.Dimensions) != c.dimensions || in.Direction != c.direction || in.Hierarchical() != c.leveled {
			t.Errorf("%s: %d dimensions, %s, hierarchical %v", c.id, len(in.Dimensions), in.Direction, in.Hierarchical())
		}
		found := map[string]bool{}
		for _, it := range in.Items() {
			found[it.Aspect], found[it.Facet], found["pair"] = true, true, found["pair"] || it.Pair != ""
		}
		for _, mark := range []string{"ideal", "practice", "service", "care", "pair"} {
			if c.paired && !found[mark] {
				t.Errorf("%s: no item is marked %s", c.id, mark)
			}
		}
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	valid := "id = 'mine'\nscale = {min = 1, max = 5}\ndimension = [{id = 'd', item = [{id = 'a'}]}]\n"
	for name, text := range map[string]string{"mine.toml": valid, "plain": valid, "four-steps": valid, "bad.toml": "id = 'mine'\nx = 1\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for ref, want := range map[string]string{
		"four-steps": "four-steps", "./four-steps": "mine", "mine.toml": "mine", "plain": "mine", filepath.Join(dir, "plain"): "mine",
	} {
		if in, err := instrument.Open(ref); err != nil || in.ID != want {
			t.Errorf("Open(%q): %v", ref, err)
		}
	}
	for ref, hint := range map[string]string{
		"four-step":   `did you mean "four-steps"?`,
		"Four Steps":  `did you mean "four-steps"?`,
		"employeenps": "built in are eight-qualities, four-steps, improvement-plan, warning-signs, service-system, purpose-centered; or give the path of a .toml file",
	} {
		_, err := instrument.Open(ref)
		var unknown *instrument.UnknownError
		if !errors.As(err, &unknown) || unknown.Ref != ref || unknown.Hint() != hint {
			t.Errorf("Open(%q): %v", ref, err)
		} else if want := fmt.Sprintf("unknown instrument %q", ref); err.Error() != want {
			t.Errorf("Open(%q): %q, want %q", ref, err, want)
		}
	}
	for _, ref := range []string{"absent.toml", "./four-step"} {
		if _, err := instrument.Open(ref); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("Open(%q): %v", ref, err)
		}
	}
	if _, err := instrument.Open(dir); err == nil || !strings.HasPrefix(err.Error(), "read instrument: ") {
		t.Errorf("a folder: %v", err)
	}
	var list problem.List
	if _, err := instrument.Open("bad.toml"); !errors.As(err, &list) || list[0].File != "bad.toml" {
		t.Errorf("bad.toml: %v", err)
	}
}

func BenchmarkBuiltin(b *testing.B) {
	for b.Loop() {
		if _, err := instrument.Builtin("improvement-plan"); err != nil {
			b.Fatal(err)
		}
	}
}
