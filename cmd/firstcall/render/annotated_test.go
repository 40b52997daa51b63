package render

import (
	"strings"
	"testing"

	"github.com/clipperhouse/displaywidth"

	"github.com/firstcall-cli/firstcall/core/record"
)

// without gives a statement that is not judged.
func without(why string) record.Statement {
	s := record.Statement{ID: "leitbild", Kind: "mission", Language: "de", Text: "Wir helfen."}
	if why != "" {
		s.Undefined = map[string]string{"verdict": why}
	}
	return s
}

// TestNotJudged: a statement without a verdict does not look like one that
// nothing is wrong with.
func TestNotJudged(t *testing.T) {
	for why, want := range map[string]string{"it is German": "ot judged: it is German", "": "ot judged"} {
		for format, first := range map[string]string{"text": "N", "table": "n", "junit": "N", "sarif": "N"} {
			got := draw(t, format, lintOf(Linted{nil, without(why)}), Options{Width: 80})
			if !strings.Contains(got, first+want) || strings.Contains(got, "Nothing found") {
				t.Errorf("%s:\n%s", format, got)
			}
		}
	}
	two := draw(t, "text", lintOf(Linted{nil, without("x")}, Linted{nil, without("x")}), Options{Width: 80})
	if !strings.HasSuffix(two, "\n2 statements: none is judged.\n") || strings.Count(two, "Not judged: x.\n") != 2 {
		t.Errorf("got\n%s", two)
	}
	one := draw(t, "text", lintOf(samples()[1], Linted{nil, without("x")}), Options{Width: 80})
	if !strings.HasSuffix(one, "\n2 statements: nothing found. Not judged: 1.\n") {
		t.Errorf("got\n%s", one)
	}
}

// TestClients: there is a column for the client when there are several, and the
// table keeps to the screen for it.
func TestClients(t *testing.T) {
	of := func(client string) Linted {
		l := linted()
		l.Record = &record.Record{Client: record.Client{ID: client, Name: "Name"}}
		l.Statement.Kind = "service-vision"
		return l
	}
	if got := draw(t, "table", lintOf(of("acme"), of("acme")), Options{Width: 80}); strings.Contains(got, "Client") || strings.Contains(got, "acme ") {
		t.Errorf("one client:\n%s", got)
	}
	lint := lintOf(of("acme"), of("a very long name of a client that has it"), of(""))
	for width, kind := range map[int]bool{80: false, 120: true} {
		got := draw(t, "table", lint, Options{Width: width})
		if !strings.HasPrefix(got, "Client ") || !strings.Contains(got, "\nacme ") || !strings.Contains(got, "\na very ") || !strings.Contains(got, "\n– ") {
			t.Errorf("%d:\n%s", width, got)
		}
		if strings.Contains(got, "service vision") != kind {
			t.Errorf("%d: the kind is not as it should be:\n%s", width, got)
		}
		for line := range strings.Lines(got) {
			if n := displaywidth.String(strings.TrimSuffix(line, "\n")); n > width {
				t.Errorf("%d columns: %s", n, line)
			}
		}
	}
}

// TestFewVoices: of too few answers nothing is said, no share least of all.
func TestFewVoices(t *testing.T) {
	few := map[string]string{"voices": "there are too few answers to say anything of them: 5 are needed"}
	for _, c := range []struct {
		voices    record.Voices
		undefined map[string]string
		want      string
	}{
		{record.Voices{Answers: 2}, few, "There are too few answers to say anything of them: 5 are needed. 2 answers gave\nan idea.\n"},
		{record.Voices{Answers: 2}, nil, "There are too few answers to say anything of them. 2 answers gave an idea.\n"},
		{record.Voices{Answers: 90, Rare: 70}, nil, "No idea was given by enough people to be named. 90 answers gave an idea.\n"},
	} {
		l := linted()
		l.Statement.Voices, l.Statement.Undefined = &c.voices, c.undefined
		got := draw(t, "text", lintOf(l), Options{Width: 80})
		if !strings.HasSuffix(got, "\nWhat employees said\n"+c.want) || strings.Contains(got, "0%") || strings.Contains(got, "Not told") {
			t.Errorf("got\n%s", got)
		}
	}
}

// TestCut: of a text that is cut, what is found behind the cut is not taken to
// be about the whole, and what is not listed is said in a line.
func TestCut(t *testing.T) {
	text := strings.Repeat("We bake bread. ", 64<<10/15)
	s := record.Statement{ID: "long", Text: text, Cut: true, Verdict: &record.Verdict{}, More: map[string]int{"b/c": 3, "a/b": 20}, Findings: []record.Remark{
		{Rule: "a/b", Severity: "hint", Message: "“x” is far", Start: len(text) + 5, End: len(text) + 9, Place: record.Place{File: "x.md", Line: 71, Column: 2}},
	}}
	got := draw(t, "text", lintOf(Linted{nil, s}), Options{Width: 80})
	for _, want := range []string{
		"\nOnly the first 64 KiB of the text are shown. The verdict is of all of it.\n", " 1 hint: “x” is far (line 71) [a/b]\n",
		"\nMore findings, not listed: a/b (20), b/c (3).\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// TestWithoutLines: in formats without lines, the part of the document tells where
// a finding is, wherever the text does not show it.
func TestWithoutLines(t *testing.T) {
	of := func(text string) Lint {
		at := strings.Index(text, "value")
		return lintOf(Linted{nil, record.Statement{ID: "v.docx#vision", Text: text, Place: record.Place{File: "v.docx", Part: "paragraph 2"}, Verdict: &record.Verdict{}, Findings: []record.Remark{
			{Rule: "a/b", Severity: "warning", Message: "“value” is vague", Quote: "value", Start: at, End: at + 5, Place: record.Place{File: "v.docx", Part: "paragraph 3"}}}}})
	}
	short, long := of("We give.\n\nMore value."), of("More value."+strings.Repeat("\nWe give.", 50))
	for _, c := range []struct {
		lint         Lint
		format, want string
	}{
		{short, "text", "v.docx#vision · paragraph 2\n"},
		{short, "text", " 1 warning: “value” is vague [a/b]\n"},
		{long, "text", " 1 warning: “value” is vague (paragraph 3) [a/b]\n"},
		{short, "csv", ",v.docx,,,,,paragraph 3,\n"},
		{short, "github", "::warning file=v.docx,title=a/b::paragraph 3: “value” is vague\n"},
		{short, "checkstyle", `<error line="0" severity="warning" message="paragraph 3: “value” is vague"`},
		{short, "sarif", `"fullyQualifiedName": "v.docx#vision/paragraph 3"`},
		{short, "junit", "\nv.docx, paragraph 3: warning: “value” is vague [a/b]\n"},
	} {
		if got := draw(t, c.format, c.lint, Options{Width: 80}); !strings.Contains(got, c.want) {
			t.Errorf("%s: no %q in\n%s", c.format, c.want, got)
		}
	}
	if got := draw(t, "sarif", short, Options{}); strings.Contains(got, `"region"`) {
		t.Errorf("a region without lines:\n%s", got)
	}
}

// TestGroups: what a rule says of several words is said once, with all of them,
// and each replacement with its words.
func TestGroups(t *testing.T) {
	text := "We utilize, Utilize, facilitate and very much ensure it. Twelve words."
	by := func(f record.Remark, with string) record.Remark { f.Replacement = &with; return f }
	of := func(rule, severity, words, what string, n int) record.Remark {
		return remark(text, rule, severity, "“"+words+"” "+what, words, n)
	}
	s := record.Statement{ID: "x", Text: text, Verdict: &record.Verdict{}, Findings: []record.Remark{
		by(of("a/plain", "hint", "utilize", "has a plainer word", 1), "use"),
		by(of("a/plain", "hint", "Utilize", "has a plainer word", 1), "Use"),
		by(of("a/plain", "hint", "facilitate", "has a plainer word", 1), "help"),
		by(of("a/plain", "hint", "very ", "says nothing", 1), ""),
		of("a/vague", "warning", "ensure", "names no act", 1),
		of("a/vague", "warning", "facilitate", "names no act", 1),
		remark(text, "a/length", "hint", "a sentence of 10 words", "We utilize", 1),
		remark(text, "a/length", "hint", "a sentence of 2 words", "Twelve words.", 1),
	}}
	s.Findings[0].Why, s.Findings[0].Fix = "Reasons are for warnings", "Use the plain word"
	s.Findings[4].Why, s.Findings[4].Fix = "Nobody sees it", "Say the act."
	want := `
 1 warning: “facilitate” names no act; likewise “ensure” [a/vague]
   why: Nobody sees it
   fix: Say the act.
 2 hint: a sentence of 10 words; a sentence of 2 words [a/length]
 3 hint: “utilize” has a plainer word; likewise “facilitate”; “very ” says
   nothing [a/plain]
   try: “use” for “utilize”, “help” for “facilitate”, leave out “very”
`
	got := draw(t, "text", lintOf(Linted{nil, s}), Options{Width: 80})
	if !strings.HasSuffix(got, want) || !strings.Contains(got, " ^^^^^^^^^^ 1, 3 ") {
		t.Errorf("got\n%s", got)
	}
	// Advice that the list of what to change has is not repeated.
	s.Summary = &record.Summary{Change: []string{"Vague. Say the act."}}
	if got := draw(t, "text", lintOf(Linted{nil, s}), Options{Width: 80}); strings.Contains(got, "fix:") {
		t.Errorf("got\n%s", got)
	}
}

// TestToldOnce: what holds for all statements of a run is told with the first.
func TestToldOnce(t *testing.T) {
	l := linted()
	l.Statement.Undefined = map[string]string{"organization": "nothing is known of it", "measures.smog": "it is too short"}
	other := l
	other.Statement.StaffTest = []string{"Another question?"}
	got := draw(t, "text", lintOf(l, l, other), Options{Width: 80})
	for text, n := range map[string]int{
		"Nothing is known of it.\n": 1, "Not told (measures smog): it is too short.\n": 3, "1. What would you do differently": 1,
		"The same questions as above.\n": 1, "1. Another question?\n": 1, "(provisional)": 3,
	} {
		if strings.Count(got, text) != n {
			t.Errorf("%q is not told %d times:\n%s", text, n, got)
		}
	}
}

func TestNarrowStart(t *testing.T) {
	for _, c := range []struct {
		name string
		most int
		want string
	}{
		{"vision.md", 12, "vision.md"},
		{"handbook.md#mission", 12, "….md#mission"},
		{"日本語の名前", 7, "…の名前"},
		{strings.Repeat("x", 1<<20) + "#end", 6, "…x#end"},
	} {
		if got := narrowStart(c.name, c.most); got != c.want {
			t.Errorf("%.40q in %d columns: %q, want %q", c.name, c.most, got, c.want)
		}
	}
}
