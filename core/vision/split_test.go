package vision

import (
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/document"
	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/record"
)

func TestKindOfHeading(t *testing.T) {
	for heading, want := range map[string][2]string{
		"Mission":                              {KindMission, ""},
		"Our Mission Statement":                {KindMission, ""},
		"OUR VISION:":                          {KindVision, ""},
		"Customer service vision":              {KindServiceVision, ""},
		"Billing: service vision":              {KindServiceVision, "Billing"},
		"Mission of the Registrar's Office":    {KindMission, "Registrar's Office"},
		"Core Values":                          {KindValues, ""},
		"Tagline":                              {KindSlogan, ""},
		"Our promise to you":                   {KindPromise, "to you"},
		"Front Desk – Customer Service Vision": {KindServiceVision, "Front Desk"},
	} {
		kind, department, ok := KindOfHeading(heading)
		if !ok || kind != want[0] || department != want[1] {
			t.Errorf("%q: %q of %q, %v", heading, kind, department, ok)
		}
	}
	for _, heading := range []string{"History", "Provision of services", "Commissions", "About us", "", strings.Repeat("vision ", 20)} {
		if kind, _, ok := KindOfHeading(heading); ok {
			t.Errorf("%q is taken for a %s", heading, kind)
		}
	}
}

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		file, text string
		want       []string // id: text
		left       int
	}{
		{"a.md", "We bake bread.", []string{"a.md: We bake bread."}, 0},
		{"a.md", "# Acme\n\nWe bake bread.", []string{"a.md: Acme\n\nWe bake bread."}, 0},
		{"a.md", "Hello there.\n\n# Mission\n\nWe bake.\n\nAt night.\n\n# Vision\n\nA warm town.\n\n# History\n\nLong ago.",
			[]string{"a.md#mission: We bake.\n\nAt night.", "a.md#vision: A warm town."}, 4},
		{"a.md", "# Mission\n\n## For whom\n\nWe bake.\n", []string{"a.md#mission: For whom\n\nWe bake."}, 0},
		{"a.md", "# Mission\n\nWe bake.\n\n# Mission\n\nWe sell.\n", []string{"a.md#mission: We bake.", "a.md#mission-two: We sell."}, 0},
		{"a.md", "**Mission:** We bake.\n\n**Vision:** A warm town.", []string{"a.md#mission: We bake.", "a.md#vision: A warm town."}, 0},
		{"a.txt", "Our Mission\n\nWe bake.\n\nOur Vision\n\nA warm town.", []string{"a.txt#our-mission: We bake.", "a.txt#our-vision: A warm town."}, 0},
		{"a.md", "# Mission\n\n# Vision\n\nA warm town.", []string{"a.md#vision: A warm town."}, 0},
	} {
		doc, err := document.Read(c.file, []byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		found, left := Split(c.file, doc)
		var got []string
		for _, f := range found {
			got = append(got, f.ID+": "+f.Text)
			if doc.Text[f.Start:f.Start+len(f.Text)] != f.Text {
				t.Errorf("%q: %s does not begin at %d", c.text, f.ID, f.Start)
			}
		}
		if !slices.Equal(got, c.want) || left != c.left {
			t.Errorf("%q: %q and %d words left, want %q and %d", c.text, got, left, c.want, c.left)
		}
	}
}

// TestJudgeInPieces holds that a text of many pieces is counted like its parts.
func TestJudgeInPieces(t *testing.T) {
	part := "We answer every call within three rings. We strive to leverage synergies.\n\n"
	n := 3 * pieceSize / len(part)
	long := Judge(Statement{ID: "x", Text: strings.Repeat(part, n)}, Options{})
	short := Judge(Statement{ID: "x", Text: part}, Options{})
	if long.facts.Counts.Words != n*short.facts.Counts.Words || long.facts.Hits != times(short.facts.Hits[:], n) {
		t.Errorf("%d words and hits %v", long.facts.Counts.Words, long.facts.Hits)
	}
	if !long.Body.Cut || len(long.Body.Text) > keptText || long.Body.More["clarity/buzzword"] != 2*n-MostListed {
		t.Errorf("cut %v at %d, more %v", long.Body.Cut, len(long.Body.Text), long.Body.More)
	}
}

func times(hits []int, n int) (out [len(Facts{}.Hits)]int) {
	for i, h := range hits {
		out[i] = n * h
	}
	return out
}

// TestJudgeAgain holds that a memory used again changes nothing.
func TestJudgeAgain(t *testing.T) {
	memory := &Memory{}
	Judge(Statement{ID: "x", Text: strings.Repeat("We leverage world-class OIT synergies; we (always) exceed. ", 300)}, Options{Memory: memory})
	text := "We answer the phone within three rings and say our name."
	again := judged(t, Judge(Statement{ID: "y", Text: text}, Options{Memory: memory}), text)
	fresh := judged(t, Judge(Statement{ID: "y", Text: text}, Options{}), text)
	if again != fresh {
		t.Errorf("%s\n%s", again, fresh)
	}
}

func judged(t *testing.T, j Judged, text string) string {
	t.Helper()
	j.Locate(text, func(offset int) record.Place { return record.Place{File: "f", Line: 1, Column: offset + 1} })
	r, err := record.NewStatement(record.Record{Sources: []string{}}, j.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(r.Other)
}

func FuzzJudge(f *testing.F) {
	for _, s := range []string{"", "We bake.", "# Mission\n\n- a; b (c) d\n", "By 2015 [company] will be the leading ____ !", "ABC/DEF “x” 24/7 $5 9%", "Wir backen Brot für die Stadt.", "\xff\xfe the the"} {
		f.Add(s)
	}
	known := exampleOrganization()
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "")
		j := Judge(Statement{ID: "x", Text: text}, Options{Organization: known})
		if v := j.Body.Verdict; v != nil {
			for _, x := range []float64{v.Overall, v.Simple, v.Concrete, v.True, v.Credible} {
				if !(x >= 0 && x <= 100) {
					t.Fatalf("%q: %+v", text, v)
				}
			}
		} else if j.Body.Undefined["verdict"] == "" {
			t.Fatalf("%q: no verdict and no reason", text)
		}
		for _, d := range j.Result.Diagnostics {
			if d.Span.Start < 0 || d.Span.End > len(text) || d.Span.Start > d.Span.End || d.Message == "" || d.Severity < lint.Hint {
				t.Fatalf("%q: %+v", text, d)
			}
		}
		first := judged(t, j, text)
		if r, err := record.NewStatement(record.Record{}, j.Body); err != nil || r.Check() != nil && r.Client.ID != "" {
			t.Fatalf("%q: %v", text, err)
		}
		if first != judged(t, Judge(Statement{ID: "x", Text: text}, Options{Organization: known}), text) {
			t.Fatalf("%q: two runs differ", text)
		}
	})
}
