package canvasoutcomes

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/canvasoutcomes/canvastest"
	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
	"github.com/firstcall-cli/firstcall/plugins/artifact"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

var update = flag.Bool("update", false, "rewrite golden files")

func TestGolden(t *testing.T) {
	files, outcomes := exporttest.Render(t, Exporter{}, `{}`, taken(t))
	if got := statuses(outcomes) + " / " + codes(outcomes); got != "created created created created / canvas-outcomes.empty - - -" {
		t.Errorf("outcomes %s", got)
	}
	if got := slices.Sorted(maps.Keys(files)); !slices.Equal(got, []string{"ivy-corner-outcomes.csv", "wrenmoor-outcomes.csv"}) {
		t.Errorf("files %q", got)
	}
	for name, got := range files {
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, got, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not as it was (run with -update and read the diff): %v", path, err)
		}
	}
	back := taken(t)
	slices.Reverse(back)
	if again, _ := exporttest.Render(t, Exporter{}, `{}`, back); !reflect.DeepEqual(again, files) {
		t.Error("backwards, they are others")
	}
}

// TestImported: Canvas's importer takes the files, twice, and comes to what they mean.
func TestImported(t *testing.T) {
	c := canvastest.New(canvastest.Options{})
	files, _ := exporttest.Render(t, Exporter{}, `{}`, taken(t))
	for range 2 {
		for name, body := range files {
			if errs := c.Import(body); len(errs) > 0 {
				t.Errorf("%s: %v", name, errs)
			}
		}
	}
	want := map[string]string{
		"firstcall.ivy-corner":                "Account > The ivy-corner",
		"firstcall.ivy-corner.four-steps":     "Account > The ivy-corner > Four steps to better service",
		"firstcall.wrenmoor.values":           "Account > The wrenmoor > What The wrenmoor stands for",
		"firstcall.wrenmoor.values.warmth":    "Account > The wrenmoor > What The wrenmoor stands for > Warmth",
		"firstcall.wrenmoor.values.care":      "Account > The wrenmoor > What The wrenmoor stands for > Care",
		"firstcall.wrenmoor.values.standards": "Account > The wrenmoor > What The wrenmoor stands for > Service standards",
	}
	all := c.GUIDs()
	for guid, trail := range want {
		if got := all[guid]; len(got) != 1 || got[0] != trail {
			t.Errorf("%s is at %q, want %q; there are %q", guid, got, trail, slices.Sorted(maps.Keys(all)))
		}
	}
	for guid, trails := range all {
		if len(trails) != 1 {
			t.Errorf("%s is there %d times: %q", guid, len(trails), trails)
		}
	}
	var standard, dimension *canvastest.Outcome
	for guid := range all {
		switch o := c.Outcome(guid); {
		case o == nil:
		case strings.HasPrefix(guid, "firstcall.wrenmoor.values.warmth."):
			standard = o
		case strings.HasPrefix(guid, "firstcall.ivy-corner.four-steps"):
			dimension = o
		}
	}
	if standard == nil || standard.Title != "Every guest is greeted within ten seconds." || standard.Description != "looks up<br>says “welcome”" || standard.Mastery != 3 || standard.Method != "latest" ||
		!slices.Equal(standard.Ratings, []canvastest.Rating{{Points: 3, Text: "Every time"}, {Points: 2, Text: "Most of the time"}, {Points: 1, Text: "Not yet"}}) {
		t.Errorf("standard %+v", standard)
	}
	if dimension == nil || len(dimension.Ratings) < 3 || dimension.Mastery <= 0 || dimension.Mastery > dimension.Ratings[0].Points {
		t.Errorf("dimension %+v", dimension)
	}
	if g := c.Group("firstcall.wrenmoor.values.warmth"); g.Description != "We mean it &lt;when&gt; we say “welcome” &amp; smile." {
		t.Errorf("meaning %q", g.Description)
	}
}

// TestOddTexts: whatever stands in a record, Canvas's importer takes it, and no two clients
// or texts share an id.
func TestOddTexts(t *testing.T) {
	long := strings.Repeat("ä<&", 30_000)
	odd := func(o *record.Organization) {
		o.Values = append(o.Values, record.Value{Name: "a\nb\x00c", Meaning: long}, record.Value{Name: " "}, record.Value{Name: long}, record.Value{Name: "warmth"}, record.Value{Name: "canvas_outcome:7"})
		o.Standards = append(o.Standards, record.Standard{Text: `says "yes, please"; never 'no'`}, record.Standard{Text: "東京 😀"}, record.Standard{Text: long + "1"}, record.Standard{Text: long + "2"},
			record.Standard{Text: "The same", Department: "desk"}, record.Standard{Text: "The same", Department: "sup"})
	}
	c := canvastest.New(canvastest.Options{})
	names := map[string]bool{}
	clients := []string{"acme", "ACME", "Acme", "a b", "a  b", "東京", "con", "north-hotel", strings.Repeat("x", 300), "é", "É", "-", "a/b"}
	for _, client := range clients {
		files, _ := exporttest.Render(t, Exporter{}, `{}`, []sdk.Record{organization(t, client, odd)})
		for name, body := range files {
			if err := artifact.CheckName(name); err != nil || names[strings.ToLower(name)] {
				t.Errorf("%q: %v", name, err)
			}
			names[strings.ToLower(name)] = true
			if errs := c.Import(body); len(errs) > 0 {
				t.Errorf("%q: %v", client, errs[0])
			}
		}
	}
	if len(names) != len(clients) {
		t.Errorf("%d files of %d clients", len(names), len(clients))
	}
	tops := 0
	for guid, trails := range c.GUIDs() {
		if len(trails) != 1 {
			t.Errorf("%s is there %d times", guid, len(trails))
		}
		if strings.Count(guid, ".") == 1 {
			tops++
		}
	}
	if tops != len(clients) {
		t.Errorf("%d groups of %d clients", tops, len(clients))
	}
}

// TestLeftOut: a department that an assessment withholds is in no byte.
func TestLeftOut(t *testing.T) {
	records := exporttest.Taken(t, Exporter{}, sample)
	records = append(records, organization(t, "ivy-corner", func(o *record.Organization) {
		o.Standards = append(o.Standards, record.Standard{Text: "Files are closed daily.", Department: "sup"},
			record.Standard{Text: "Nobody waits.", Behaviors: []string{"offers a seat"}})
	}))
	files, _ := exporttest.Render(t, Exporter{}, `{}`, records)
	body := strings.ToLower(string(files["ivy-corner-outcomes.csv"]))
	for _, word := range []string{"supervisor", "shift lead", "files are closed"} {
		if strings.Contains(body, word) {
			t.Errorf("%q stands in\n%s", word, body)
		}
	}
	for _, text := range []string{"nobody waits.", "offers a seat", "keys are never"} {
		if !strings.Contains(body, text) {
			t.Errorf("%q is missing in\n%s", text, body)
		}
	}
}

// TestSettings: every fault is told, with the setting it is of.
func TestSettings(t *testing.T) {
	for settings, want := range map[string][]string{
		`{}`: nil,
		`{"calculation":"n_mastery","calculation_int":5}`:                             nil,
		`{"calculation":"decaying_average","calculation_int":99}`:                     nil,
		`{"calculation":"n_mastery","calculation_int":6,"prefix":"a b"}`:              {"prefix", "calculation_int"},
		`{"calculation_int":1}`:                                                       {"calculation_int"},
		`{"prefix":""}`:                                                               {"prefix"},
		`{"prefix":"a:1"}`:                                                            {"prefix"},
		`{"push":true}`:                                                               {"url", "token"},
		`{"push":true,"url":"http://canvas.example.org"}`:                             {"url", "token"},
		`{"push":true,"url":"https://canvas.example.org","account":"x","group":"1a"}`: {"token", "account", "group"},
		`{"push":true,"url":"https://canvas.example.org","account":"","prefix":"é"}`:  {"prefix", "token", "account"},
	} {
		cfg := exporttest.Config(t, Exporter{}, settings)
		_, err := Exporter{}.Open(t.Context(), cfg, false)
		if err == nil {
			err = Exporter{}.CheckConfig(cfg)
		}
		var faults sdk.Diagnostics
		if err != nil && !errors.As(err, &faults) {
			t.Errorf("%s: %v", settings, err)
		}
		var got []string
		for _, d := range faults {
			got = append(got, d.Field)
			if !strings.HasPrefix(d.Code, "canvas-outcomes.") || d.Hint == "" {
				t.Errorf("%s: %+v", settings, d)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: faults of %q, want %q", settings, got, want)
		}
	}
}

// TestCalculation: the way of calculating stands with every outcome, and with no group.
func TestCalculation(t *testing.T) {
	c := canvastest.New(canvastest.Options{})
	files, _ := exporttest.Render(t, Exporter{}, `{"calculation":"n_mastery","calculation_int":3,"prefix":"x"}`, []sdk.Record{organization(t, "acme")})
	if errs := c.Import(files["acme-outcomes.csv"]); len(errs) > 0 {
		t.Fatal(errs)
	}
	n := 0
	for guid := range c.GUIDs() {
		if o := c.Outcome(guid); o != nil {
			n++
			if o.Method != "n_mastery" || o.Int != "3" || !strings.HasPrefix(guid, "x.acme.") {
				t.Errorf("%+v", o)
			}
		}
	}
	if n != 2 {
		t.Errorf("%d outcomes", n)
	}
}

// TestNothing: a client without anything to master gets no file, and is told.
func TestNothing(t *testing.T) {
	empty := organization(t, "acme", func(o *record.Organization) { *o = record.Organization{Vision: "V"} })
	files, out := exporttest.Render(t, Exporter{}, `{}`, []sdk.Record{empty})
	if len(files) != 0 || statuses(out) != "created" || codes(out) != "canvas-outcomes.empty" {
		t.Errorf("%d files, %+v", len(files), out)
	}
	s := open(t, serve(t, canvastest.New(canvastest.Options{}), nil))
	if out := write(t, s, []sdk.Record{empty}); statuses(out) != "unchanged" || codes(out) != "canvas-outcomes.empty" {
		t.Errorf("%+v", out)
	}
}

// FuzzTexts: whatever a title and a text have, Canvas's importer takes them as they are.
func FuzzTexts(f *testing.F) {
	for _, s := range []string{"a", "a\"b,c\r\nd", "<b>&amp;", "\x00\xff", strings.Repeat("é<", 7000), " ", "=1+1", "\u00a0x", "a\fb"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, title, text string) {
		set := settings{prefix: "p", method: "latest"}
		rows := []row{{guid: "p.g", group: true, title: oneLine("G " + title), about: html(text)}, {guid: "p.g.o", parent: "p.g", title: oneLine("O " + title), about: html(text), tiers: []tier{{2, oneLine(title)}, {1, "x"}}, mastery: 2}}
		file, err := set.write(rows)
		if err != nil {
			t.Fatal(err)
		}
		c := canvastest.New(canvastest.Options{})
		if errs := c.Import(file); len(errs) > 0 {
			t.Fatalf("%v in %q", errs, file)
		}
		o := c.Outcome("p.g.o")
		if o.Title != rows[1].title || o.Description != rows[1].about || o.Ratings[0].Text != rows[1].tiers[0].name {
			t.Errorf("%+v of %+v", o, rows[1])
		}
		if want := strings.Join(strings.Fields(clean(text)), " "); len([]rune(text)) < longestText && plain(o.Description) != want && !strings.ContainsAny(text, "\u00a0") {
			t.Errorf("%q comes back as %q", want, plain(o.Description))
		}
	})
}

// FuzzAnswers: no answer of a server's makes the exporter fail.
func FuzzAnswers(f *testing.F) {
	f.Add(`{"errors":[{"message":"no"}]}`, `<https://x/y?page=2>; rel="next"`)
	f.Add(`{"message":"no","errors":{"a":1}}`, `<%>; rel="next",;>`)
	f.Add(`{"id":1,"workflow_state":"failed","progress":"3","processing_errors":[[2,"x"],[],["a",null]]}`, "")
	f.Fuzz(func(t *testing.T, body, link string) {
		if m := message([]byte(body)); len([]rune(m)) > 200 || strings.ContainsAny(m, "\r\n") {
			t.Errorf("%q", m)
		}
		nextPage(http.Header{"Link": {link}})
		var i imported
		if json.Unmarshal([]byte(body), &i) == nil {
			for _, e := range i.Errors {
				_, _ = e.row(), e.text()
			}
		}
	})
}
