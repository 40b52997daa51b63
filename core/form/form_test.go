package form

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/problem"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// renderers are the three ways to render, by the ending of their files.
func renderers() map[string]func(io.Writer, *instrument.Instrument, Options) error {
	return map[string]func(io.Writer, *instrument.Instrument, Options) error{"md": Markdown, "csv": CSV, "html": HTML}
}

// desk is a small instrument that holds every sort of question once.
func desk() *instrument.Instrument {
	agree := instrument.Scale{
		Min: 1, Max: 5, Favorable: 4, FavorableSet: true, MissingCodes: []int{-99},
		Labels: []string{"Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"},
	}
	often := instrument.Scale{Min: 0, Max: 3, Labels: []string{"Never", "Sometimes", "Often", "Always"}}
	months := instrument.Scale{Min: 1, Max: 12, Labels: []string{"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December"}}
	return &instrument.Instrument{
		ID: "help-desk", Version: "1", Title: "Service at the help desk",
		About: "For the reader of a report. A high score is good.", Direction: instrument.HighIsGood, Scale: agree,
		Policy: instrument.Policy{Missing: instrument.MinHalf, MinGroup: 5, WeakBelow: 50},
		Dimensions: []instrument.Dimension{
			{ID: "promise", Title: "Our promise", About: "Whether the promise is kept.", Items: []instrument.Item{
				{ID: "promise-1", Text: "Everyone here knows what we promise our customers.", Scale: agree},
				{ID: "promise-2", Text: "We make promises that we can't keep.", Reverse: true, Scale: agree},
			}},
			{ID: "calls", Title: "Calls", Items: []instrument.Item{
				{ID: "calls-1", Text: "How often is a call answered within a minute?", Scale: often},
			}},
			{ID: "ease", Title: "Ease", Items: []instrument.Item{
				{ID: "ease-1", Text: "How easy is it to find an answer?", Scale: instrument.Scale{Min: 1, Max: 7}},
			}},
			{ID: "time", Title: "Time", Items: []instrument.Item{
				{ID: "time-1", Text: "How much of your day goes to customers, in percent?", Scale: instrument.Scale{Min: 0, Max: 100}},
				{ID: "time-2", Text: "How many of those hours are calm?", Scale: instrument.Scale{Min: 0, Max: 8}, Continuous: true},
				{ID: "time-3", Text: "Which month brings the most calls?", Scale: months},
			}},
		},
		Outcomes: []instrument.Item{{
			ID: "recommend", Text: "How likely are you to recommend this place to work?",
			Scale: instrument.Scale{Min: 0, Max: 10}, Type: instrument.ENPS,
		}},
		Attributes: []instrument.Attribute{
			{ID: "person", Kind: instrument.KindRespondent, Text: "person"},
			{ID: "client", Kind: instrument.KindClient, Text: "client"},
			{ID: "department", Kind: instrument.KindGroup, Text: "Which department do you work in?"},
			{ID: "role", Kind: instrument.KindGroup, Text: "role", Values: []string{"Front line", "Manager"}, Leaders: []string{"Manager"}},
			{ID: "years-here", Kind: instrument.KindGroup, Text: "years-here",
				Values: []string{"0", "1", "2", "3 to 5", "6 to 10", "11 to 20", "21 or more"}},
			{ID: "health", Kind: instrument.KindGroup, Text: "How is your health?", Values: []string{"Good", "Poor"}, Sensitive: true},
			{ID: "answered-at", Kind: instrument.KindTime, Text: "answered-at"},
			{ID: "staff", Kind: instrument.KindHeadcount, Text: "staff"},
		},
	}
}

func render(t *testing.T, format string, in *instrument.Instrument, opt Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := renderers()[format](&b, in, opt); err != nil {
		t.Fatalf("render %s: %v", format, err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	opt := Options{
		Client: "acme", Wave: "2026-q3", Intro: "We would like to know how the help desk works, as you see it.",
		Choices: map[string][]string{"role": {"Agent", "Team lead", "Manager"}},
	}
	for format := range renderers() {
		t.Run(format, func(t *testing.T) {
			got := render(t, format, desk(), opt)
			path := filepath.Join("testdata", "help-desk."+format)
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs from what was rendered; look at the difference and rewrite it with -update", path)
			}
			if again := render(t, format, desk(), opt); again != got {
				t.Error("the same input gave other bytes the second time")
			}
		})
	}
}

func TestCSVColumns(t *testing.T) {
	bare := desk()
	bare.Attributes = nil
	const items = "promise-1,promise-2,calls-1,ease-1,time-1,time-2,time-3,recommend\n"
	tests := []struct {
		name string
		in   *instrument.Instrument
		opt  Options
		want string
	}{
		{"declared", desk(), Options{}, "client,person,department,role,years-here,answered-at," + items},
		{"wave by option", desk(), Options{Wave: "2026-q3"}, "client,wave,person,department,role,years-here,answered-at," + items},
		{"no attributes", bare, Options{}, items},
		{"client by option", bare, Options{Client: "acme"}, "client," + items},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := render(t, "csv", tt.in, tt.opt); got != tt.want {
				t.Errorf("got  %swant %s", got, tt.want)
			}
		})
	}
}

// Whoever answers must not be able to tell how an answer is scored: two
// instruments that differ in scoring alone give the same questionnaire.
func TestScoringDoesNotShow(t *testing.T) {
	other := desk()
	other.About, other.Direction = "Another text.", instrument.HighIsBad
	other.Policy = instrument.Policy{
		Missing: instrument.CompleteOnly, MinGroup: 10, WeakBelow: 70,
		Bands: []instrument.Band{{At: 0, Name: "Poor"}, {At: 50, Name: "Fine"}},
	}
	for i := range other.Dimensions {
		d := &other.Dimensions[i]
		d.About, d.Level = "Something else.", i+1
		for j := range d.Items {
			it := &d.Items[j]
			it.Reverse = !it.Reverse
			it.Facet, it.Aspect, it.Pair = "service", "ideal", "promise-2"
			it.Scale.Favorable, it.Scale.FavorableSet, it.Scale.MissingCodes = 3, true, []int{-1}
		}
	}
	for i := range other.Attributes {
		other.Attributes[i].Leaders = nil
	}
	for format := range renderers() {
		if render(t, format, desk(), Options{}) != render(t, format, other, Options{}) {
			t.Errorf("%s: the scoring can be told from the questionnaire", format)
		}
	}
}

func TestNotAsked(t *testing.T) {
	for _, format := range []string{"md", "html"} {
		got := render(t, format, desk(), Options{})
		for _, hidden := range []string{"health", "person\"", "answered-at", "staff", "A high score"} {
			if strings.Contains(got, hidden) {
				t.Errorf("%s: shows %q", format, hidden)
			}
		}
	}
}

// Every built-in instrument makes a questionnaire that asks each item once.
func TestBuiltins(t *testing.T) {
	for _, id := range instrument.Builtins() {
		in, err := instrument.Builtin(id)
		if err != nil {
			t.Fatal(err)
		}
		header := strings.Split(strings.TrimSuffix(render(t, "csv", in, Options{}), "\n"), ",")
		page, paper := render(t, "html", in, Options{}), render(t, "md", in, Options{})
		for _, it := range in.Items() {
			if n := strings.Count(page, `data-column="`+it.ID+`"`); n != 1 {
				t.Errorf("%s: the form asks %s %d times", id, it.ID, n)
			}
			if n := strings.Count(paper, EscapeMarkdown(it.Text)+"\n"); n != 1 {
				t.Errorf("%s: the sheet asks %s %d times", id, it.ID, n)
			}
		}
		if len(header) != len(slices.Compact(slices.Sorted(slices.Values(header)))) || len(header) < len(in.Items()) {
			t.Errorf("%s: the columns are %q", id, header)
		}
	}
}

func TestTitle(t *testing.T) {
	for format, want := range map[string]string{"md": "# How we serve\n", "html": "<h1>How we serve</h1>"} {
		got := render(t, format, desk(), Options{Title: " How we\nserve "})
		if !strings.Contains(got, want) || strings.Contains(got, "Service at the help desk") {
			t.Errorf("%s: the title was not replaced", format)
		}
	}
}

func TestOptionsThatDoNotFit(t *testing.T) {
	taken := desk()
	taken.Dimensions[0].Items[0].ID = "wave"
	tests := []struct {
		name       string
		in         *instrument.Instrument
		opt        Options
		what, hint string
	}{
		{"unknown attribute", desk(), Options{Choices: map[string][]string{"rolle": {"A"}}}, `choices for "rolle"`, `did you mean "role"?`},
		{"attribute not asked", desk(), Options{Choices: map[string][]string{"staff": {"A"}}}, `choices for "staff"`, "it asks department, role, years-here"},
		{"sensitive attribute", desk(), Options{Choices: map[string][]string{"health": {"A"}}}, `choices for "health"`, "it asks department"},
		{"empty choice", desk(), Options{Choices: map[string][]string{"role": {"A", " "}}}, `choice 2 for "role" is empty`, "leave it out"},
		{"choice twice", desk(), Options{Choices: map[string][]string{"role": {"A", "B", "A "}}}, `choice 3 for "role" repeats "A"`, "once"},
		{"choice of two lines", desk(), Options{Choices: map[string][]string{"role": {"A\nB"}}}, `choice 1 for "role" holds a line break`, "one line"},
		{"client of two lines", desk(), Options{Client: "a\nb"}, "client holds a line break", "one line"},
		{"wave is an item", taken, Options{Wave: "2026"}, `uses the id "wave" for something else`, `kind = "wave"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for format, render := range renderers() {
				var b bytes.Buffer
				err := render(&b, tt.in, tt.opt)
				var p problem.Problem
				if !errors.As(err, &p) {
					t.Fatalf("%s: got error %v, want a problem", format, err)
				}
				if !strings.Contains(p.What, tt.what) || !strings.Contains(p.Hint, tt.hint) {
					t.Errorf("%s: got %q, hint %q; want %q, hint %q", format, p.What, p.Hint, tt.what, tt.hint)
				}
				if b.Len() > 0 {
					t.Errorf("%s: wrote %d bytes before it failed", format, b.Len())
				}
			}
		})
	}
}

// full takes a few bytes and then fails, like a disk.
type full struct{ left int }

var errFull = errors.New("no space left")

func (f *full) Write(p []byte) (int, error) {
	if len(p) > f.left {
		return 0, errFull
	}
	f.left -= len(p)
	return len(p), nil
}

func TestWriteFails(t *testing.T) {
	for format, render := range renderers() {
		if err := render(&full{left: 10}, desk(), Options{}); !errors.Is(err, errFull) {
			t.Errorf("%s: got error %v, want the writer's", format, err)
		}
	}
}

// An empty list of choices asks for free text; a long one becomes a list to
// pick from.
func TestChoicesDecideTheKind(t *testing.T) {
	six := []string{"a", "b", "c", "d", "e", "f"}
	for _, tt := range []struct {
		name    string
		choices []string
		want    questionKind
	}{
		{"none", []string{}, text}, {"one", six[:1], oneOf}, {"six", six, oneOf}, {"seven", append(six[:6:6], "g"), pick},
	} {
		s, err := newSheet(desk(), Options{Choices: map[string][]string{"role": tt.choices}})
		if err != nil {
			t.Fatal(err)
		}
		if got := s.AboutYou[1].Kind; got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestItemQuestionKinds(t *testing.T) {
	words := func(n int) []string { return strings.Split(strings.Repeat("w,", n-1)+"w", ",") }
	scale := func(lo, hi int, labels []string) instrument.Scale {
		return instrument.Scale{Min: lo, Max: hi, Labels: labels}
	}
	tests := []struct {
		name    string
		item    instrument.Item
		kind    questionKind
		layout  layout
		choices int
		hint    string
	}{
		{"seven words", instrument.Item{Scale: scale(1, 7, words(7))}, oneOf, row, 7, ""},
		{"eight words", instrument.Item{Scale: scale(1, 8, words(8))}, oneOf, stack, 8, ""},
		{"twelve words", instrument.Item{Scale: scale(1, 12, words(12))}, pick, row, 13, ""},
		{"eleven numbers", instrument.Item{Scale: scale(-5, 5, nil)}, oneOf, steps, 11, "-5 is the lowest answer, 5 the highest."},
		{"twelve numbers", instrument.Item{Scale: scale(1, 12, nil)}, number, row, 0, "A whole number from 1 to 12."},
		{"decimals", instrument.Item{Scale: scale(1, 5, words(5)), Continuous: true}, number, row, 0, "A number from 1 to 5."},
		{"enps", instrument.Item{Scale: scale(0, 10, nil), Type: instrument.ENPS}, oneOf, steps, 11, "0 means not at all likely, 10 means extremely likely."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := itemQuestion(tt.item)
			if q.Kind != tt.kind || q.Layout != tt.layout || len(q.Choices) != tt.choices || q.Hint != tt.hint {
				t.Errorf("got %q %q, %d choices, hint %q", q.Kind, q.Layout, len(q.Choices), q.Hint)
			}
		})
	}
}

func TestRenderLeavesOptionsAlone(t *testing.T) {
	choices := map[string][]string{"role": {" A ", "B"}}
	before := maps.Clone(choices)
	render(t, "html", desk(), Options{Choices: choices})
	if !maps.EqualFunc(choices, before, func(a, b []string) bool { return strings.Join(a, "|") == strings.Join(b, "|") }) {
		t.Error("the caller's choices were changed")
	}
}
