package render

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"

	"github.com/firstcall-cli/firstcall/core/record"
)

// ruleTexts are the rules of the samples.
func ruleTexts() []RuleText {
	return []RuleText{
		{"clarity/buzzword", "Buzzwords", "Nobody can tell from it what to do differently", "Say what one would see", "Williams 1990", "warning"},
		{"clarity/hedge", "Promises to try", "It promises an effort, not a result", "Say what you do", "", "hint"},
		{"clarity/long-sentence", "Long sentences", "Readers lose the thread after about 25 words", "Make two sentences of it", "", "warning"},
		{"concrete/no-actor", "Nobody acts", "Staff can't tell that it is about them", "Name who acts", "", "error"},
	}
}

// remark is a finding of the n-th occurrence of words in a text of one line
// each; n counts from 1, and no words mean the whole text.
func remark(text, rule, severity, message, words string, n int) record.Remark {
	f := record.Remark{Rule: rule, Severity: severity, Message: message, Quote: words, Place: record.Place{File: "docs/vision 1.md", Line: 3, Column: 1}}
	for _, r := range ruleTexts() {
		if r.ID == rule {
			f.Why, f.Fix = r.Why, r.Fix
		}
	}
	if words == "" {
		return f
	}
	for ; n > 0; n-- {
		f.Start = f.End + strings.Index(text[f.End:], words)
		f.End = f.Start + len(words)
	}
	lines := func(at int) (line, column int) {
		before := text[:at]
		return 3 + strings.Count(before, "\n"), 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	}
	f.Place.Line, f.Place.Column = lines(f.Start)
	f.EndLine, f.EndColumn = lines(f.End)
	return f
}

const sampleText = "We strive to deliver world-class service to our valued customers and partners through innovative, best-in-class solutions, so that every stakeholder benefits from a seamless experience.\r\nOur 台所 is world-class."

// linted is a statement with everything that a record may have.
func linted() Linted {
	remark := func(rule, severity, message, words string, n int) record.Remark {
		return remark(sampleText, rule, severity, message, words, n)
	}
	s := record.Statement{
		ID: "acme-vision", Kind: "vision", Scope: "department", Department: "Front desk", KindFrom: "heading", Language: "en", Text: sampleText,
		Place: record.Place{File: "docs/vision 1.md", Line: 3, Column: 1},
		Findings: []record.Remark{
			remark("concrete/no-actor", "error", "nobody in particular acts", "", 0),
			remark("clarity/long-sentence", "warning", "this sentence has 26 words", "We strive to deliver world-class service to our valued customers and partners through innovative, best-in-class solutions, so that every stakeholder benefits from a seamless experience.", 1),
			remark("clarity/hedge", "hint", "“strive to” promises an attempt", "strive to ", 1),
			remark("clarity/buzzword", "warning", "“world-class” says nothing that one could see", "world-class", 1),
			remark("clarity/buzzword", "warning", "“best-in-class” says nothing that one could see", "best-in-class", 1),
			remark("clarity/buzzword", "warning", "“台所” says nothing that one could see", "台所", 1),
			remark("clarity/buzzword", "warning", "“world-class” says nothing that one could see", "world-class", 2),
		},
		More: map[string]int{"clarity/buzzword": 2}, Accepted: 1,
		Verdict: &record.Verdict{Overall: 31.4, Simple: 22, Concrete: 18.5, True: 50, Credible: 61, Provisional: []string{"true"}, Reasons: []record.Reason{
			{Part: "simple", Points: -14.2, Text: "26 words a sentence", Rule: "clarity/long-sentence", Findings: []int{1}},
			{Part: "simple", Points: 3, Text: "few long words"}, {Part: "simple", Points: 0.2, Text: "nothing to speak of"},
			{Part: "concrete", Points: -21, Text: "empty words where one would like to read what happens", Findings: []int{3, 4, 5, 6}},
		}},
		Summary: &record.Summary{
			Line: "This would hardly guide anyone: it is hard to repeat and names nothing that one could see.",
			Keep: []string{"“service to our … customers”: it says for whom"}, Change: []string{"Say who does what, in place of “world-class service”", "Make two sentences of the first one"},
		},
		Worksheet: &record.Worksheet{Does: []string{"deliver"}, ForWhom: []string{"customers", "partners"}},
		StaffTest: []string{"What would you do differently tomorrow because of it?", "Whom is it for?"},
		Standing:  &record.Standing{Rank: 4, Among: 5, CorpusMedian: 47.5, CorpusShare: 0.12, CorpusN: 140},
		Voices: &record.Voices{Answers: 120, Carried: 0.41, Rare: 7, Ideas: []record.Idea{
			{Word: "help", Answers: 34, Carried: true, By: []string{"service"}}, {Word: "time", Answers: 30}}},
	}
	fixes := []string{"excellent", ""}
	s.Findings[3].Replacement, s.Findings[2].Replacement = &fixes[0], &fixes[1]
	return Linted{&record.Record{Client: record.Client{ID: "acme", Name: "Acme & Söhne"}}, s}
}

// samples are statements with much, with nothing and without a verdict, one of
// them out to harm a terminal.
func samples() []Linted {
	plain := record.Statement{ID: "=cmd()", Kind: "service-vision", Scope: "company", KindFrom: "default", Language: "en",
		Text: "We answer within two minutes.", Place: record.Place{File: "-", Line: 1, Column: 1},
		Verdict: &record.Verdict{Overall: 81, Simple: 90, Concrete: 85, True: 70, Credible: 74}, Summary: &record.Summary{Line: "This guides."}}
	foreign := record.Statement{ID: "leitbild", Kind: "mission", Scope: "company", KindFrom: "given", Language: "de",
		Text: "Wir sind\x1b[31m da\u202e.\tImmer.", Place: record.Place{File: "leitbild.docx", Part: "paragraph 2"},
		Undefined: map[string]string{"verdict": "the text is in a language that is not known well enough"}}
	foreign.Findings = []record.Remark{remark(foreign.Text, "format/control", "warning", "control \x1b[31m characters {0} [a](1),\r\n::error::50% of: them", "\x1b[31m", 1)}
	foreign.Findings[0].Place, foreign.Findings[0].EndLine, foreign.Findings[0].EndColumn = record.Place{File: "leitbild.docx", Part: "paragraph 3"}, 0, 0
	return []Linted{linted(), {nil, plain}, {&record.Record{Client: record.Client{ID: "b"}}, foreign}}
}

func lintOf(statements ...Linted) Lint {
	return Lint{Statements: statements, Rules: ruleTexts(), Version: "1.2.3"}
}

func draw(t *testing.T, format string, lint Lint, opt Options) string {
	t.Helper()
	var b strings.Builder
	if err := Statements(&b, format, lint, opt); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestStatements holds how statements look in every format.
func TestStatements(t *testing.T) {
	for _, c := range []struct {
		name, format string
		opt          Options
	}{
		{"annotated-80.txt", "text", Options{Width: 80}},
		{"annotated-80-color.txt", "text", Options{Width: 80, Color: true}},
		{"annotated-40.txt", "text", Options{Width: 40}},
		{"statements-80.txt", "table", Options{Width: 80}},
		{"statements-120.txt", "table", Options{Width: 120}},
		{"statements.csv", "csv", Options{}},
		{"statements.tsv", "tsv", Options{}},
		{"statements.sarif", "sarif", Options{}},
		{"statements.github", "github", Options{}},
		{"statements.junit.xml", "junit", Options{}},
		{"statements.checkstyle.xml", "checkstyle", Options{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			golden(t, c.name, draw(t, c.format, lintOf(samples()...), c.opt))
		})
	}
}

// many are statements without and with findings.
func many(n int) []Linted {
	statements := make([]Linted, n)
	for i := range statements {
		statements[i] = samples()[i%3]
	}
	return statements
}

// long is a statement of 100 KB with a finding about all of it and one about
// each of its sentences.
func long() Linted {
	const one = "We deliver world-class service to all of our customers. "
	text := strings.Repeat(one, 100<<10/len(one))
	s := record.Statement{ID: "long", Kind: "mission", Text: text, Place: record.Place{File: "x.md", Line: 1}}
	s.Findings = append(s.Findings, record.Remark{Rule: "a/b", Severity: "hint", Message: "long", End: len(text), Place: s.Place})
	for at := 0; at < len(text); at += len(one) {
		s.Findings = append(s.Findings, record.Remark{
			Rule: "clarity/buzzword", Severity: "warning", Message: fmt.Sprint("at ", at), Start: at + 11, End: at + 22, Place: s.Place})
	}
	return Linted{nil, s}
}

// TestManyAndLong: ten thousand statements and a very long one are drawn
// without delay.
func TestManyAndLong(t *testing.T) {
	for name, lint := range map[string]Lint{"many": lintOf(many(10000)...), "long": lintOf(long())} {
		for _, format := range []string{"text", "table", "csv", "sarif", "github", "junit", "checkstyle"} {
			start := time.Now()
			drawn := draw(t, format, lint, Options{Width: 80, Color: true})
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("%s as %s took %v", name, format, took)
			} else {
				t.Logf("%s as %s: %d KB in %v", name, format, len(drawn)>>10, took.Round(time.Millisecond))
			}
		}
	}
	if text := draw(t, "text", lintOf(long()), Options{Width: 80}); strings.Count(text, "^ 1") < 1800 {
		t.Error("not every finding is marked")
	}
}

// TestNoControlsOnScreen: nothing of the input reaches a terminal as a control.
func TestNoControlsOnScreen(t *testing.T) {
	bad := "a\x1b[2Jb\x07\u009bc\u202ed\r"
	s := linted().Statement
	s.ID, s.Department, s.Text, s.Language, s.Place.File = bad, bad, bad+"\n"+bad, bad, bad
	s.Undefined, s.More = map[string]string{bad: bad}, map[string]int{bad: 1}
	s.Findings = []record.Remark{{Rule: bad, Severity: "warning", Message: bad, Why: bad, Fix: bad, Quote: bad, Start: 1, End: 9, Replacement: &bad, Place: record.Place{File: bad, Part: bad}}}
	s.Verdict.Reasons = []record.Reason{{Part: "simple", Points: 5, Text: bad}}
	s.Summary = &record.Summary{Line: bad, Keep: []string{bad}, Change: []string{bad}}
	s.Worksheet.Who, s.StaffTest = []string{bad}, []string{bad}
	s.Voices.Ideas = []record.Idea{{Word: bad, By: []string{bad}, Carried: true}}
	lint := lintOf(Linted{&record.Record{Client: record.Client{ID: bad}}, s})
	lint.Rules = append(lint.Rules, RuleText{ID: bad, Title: bad})
	for _, format := range []string{"text", "table", "github"} {
		for _, r := range draw(t, format, lint, Options{Width: 80}) {
			if r != '\n' && Printable(string(r)) != string(r) {
				t.Errorf("%s: %q is written", format, r)
			}
		}
	}
	if got := draw(t, "github", lint, Options{}); strings.Count(got, "\n") != 1 {
		t.Errorf("more than a command: %q", got)
	}
}

// TestUnderlines: marks stand below the words meant, whatever the width of the
// characters before and in them.
func TestUnderlines(t *testing.T) {
	for _, c := range []struct{ text, words, want string }{
		{"plain words here", "words", "      ^^^^^ 1"},
		{"台所 kitchen", "kitchen", "     ^^^^^^^ 1"},
		{"the 台所", "台所", "    ^^^^ 1"},
		{"e\u0301te\u0301 words", "words", "    ^^^^^ 1"},
		{"👩‍👩‍👧 words", "words", "   ^^^^^ 1"},
		{"\ttab words", "words", "        ^^^^^ 1"},
		{"a\x1bb words", "words", "    ^^^^^ 1"},
		{"at the end", "end", "       ^^^ 1"},
		{"\xff\xfe words", "words", "   ^^^^^ 1"},
		{"cafe\u0301", "\u0301", "   ^ 1"},
		{"two  spaces", "  ", "   ^ 1"},
	} {
		s := record.Statement{ID: "x", Text: c.text, Findings: []record.Remark{remark(c.text, "a/b", "hint", "m", c.words, 1)}}
		got := draw(t, "text", lintOf(Linted{nil, s}), Options{Width: 80})
		if !strings.Contains(got, "   │ "+c.want+"\n") {
			t.Errorf("%q in %q:\n%s", c.words, c.text, got)
		}
	}
}

// TestExcerpts: every finding is explained and marked once, and no line is
// wider than the screen, wherever it begins and ends.
func TestExcerpts(t *testing.T) {
	texts := []string{
		"", "\n\n", "one", "one\r\ntwo\r\n", strings.Repeat("word ", 60) + "\n\n" + strings.Repeat("word ", 200), strings.Repeat("x", 500),
		strings.Repeat("台所", 200), strings.Repeat("a\tb ", 60), "\n \nlate\n\n",
	}
	for _, text := range texts {
		for _, width := range []int{40, 80} {
			for _, ends := range [][2]int{{0, 1}, {0, len(text)}, {len(text) - 1, len(text)}, {len(text) / 2, len(text)/2 + 2}, {len(text) / 3, 2 * len(text) / 3},
				{-5, len(text) + 9}, {len(text) + 3, len(text) + 4}, {3, 1}, {0, 0}} {
				f := record.Remark{Rule: "a/b", Severity: "hint", Message: "here", Start: ends[0], End: ends[1]}
				whole := span(f, text).start == span(f, text).end
				got := draw(t, "text", lintOf(Linted{nil, record.Statement{ID: "x", Text: text, Findings: []record.Remark{f}}}), Options{Width: width})
				marks := len(regexp.MustCompile(`(?m)[\^-] 1$| 1 \^+$`).FindAllString(got, -1))
				blank := strings.TrimSpace(text) == ""
				if strings.Count(got, " 1 hint: here") != 1 || marks > 1 || marks == 0 && !whole && !blank {
					t.Errorf("%v of %.20q: %d marks\n%s", ends, text, marks, got)
				}
				for line := range strings.Lines(got) {
					if n := displaywidth.String(strings.TrimSuffix(line, "\n")); n > max(width, leastTable) {
						t.Errorf("%d columns: %s", n, line)
					}
				}
			}
		}
	}
}

// TestRows: rows leave out nothing but line ends.
func TestRows(t *testing.T) {
	text := "first line\r\n\r\n" + strings.Repeat("words 台所 and\tmore ", 20) + "\nlast"
	at := 0
	for _, r := range rowsOf(text, 30) {
		if strings.Trim(text[at:r.start], "\r\n") != "" || r.end < r.start {
			t.Errorf("row %+v after %d leaves out %q", r, at, text[at:r.start])
		}
		if n := displaywidth.String(strings.TrimRight(shown(text[r.start:r.end]), " ")); n > 30 {
			t.Errorf("row %q has %d columns", text[r.start:r.end], n)
		}
		at = r.end
	}
	if at != len(text) {
		t.Errorf("the last row ends at %d of %d", at, len(text))
	}
}

// TestRowsAreEven: a line that was wrapped for a wider screen leaves no word
// alone; paragraphs are filled; where there is room, lines stay as they are.
func TestRowsAreEven(t *testing.T) {
	line := "We answer every call before the third ring, and stay on the line with the caller" // 80 columns
	for _, c := range []struct {
		text  string
		width int
		want  []int // columns of the rows
	}{
		{line, 80, []int{80}},
		{line, 75, []int{37, 42}},
		{line + "\n" + line, 75, []int{37, 42, 37, 42}},
		{strings.Repeat("word ", 30), 75, []int{74, 74}},
		{strings.Repeat("word ", 76), 75, []int{74, 74, 74, 74, 74, 4}},
		{strings.Repeat("x", 80), 75, []int{40, 40}},
	} {
		var got []int
		for _, r := range rowsOf(c.text, c.width) {
			got = append(got, displaywidth.String(strings.TrimSpace(c.text[r.start:r.end])))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%.20q in %d: rows of %d, want %d", c.text, c.width, got, c.want)
		}
	}
	s := record.Statement{ID: "x", Text: line, Findings: []record.Remark{remark(line, "a/b", "hint", "m", "caller", 1)}}
	if got := draw(t, "text", lintOf(Linted{nil, s}), Options{Width: 120}); !strings.Contains(got, "│ "+line+"\n") {
		t.Errorf("broken without need:\n%s", got)
	}
}

// TestLabels: a label stands behind its mark, over its end or in front, but never
// off the screen, and never where it could be the label of another.
func TestLabels(t *testing.T) {
	for _, c := range []struct {
		marks []marked
		want  string
	}{
		{[]marked{{0, 4, "^", "1", ""}, {6, 9, "^", "12", ""}}, "^^^^ 1\n      ^^^ 12"},
		{[]marked{{0, 4, "^", "1", ""}, {7, 9, "^", "12", ""}}, "^^^^ 1 ^^ 12"},
		{[]marked{{0, 4, "^", "1", ""}, {17, 20, "^", "2", ""}}, "^^^^ 1\n               2 ^^^"},
		{[]marked{{10, 20, "^", "2", ""}}, "          ^^^^^^^^ 2"},
		{[]marked{{0, 20, "-", "", ""}, {0, 20, "-", "12", ""}}, "--------------------\n----------------- 12"},
		{[]marked{{1, 20, "^", strings.Repeat("9", 18), ""}}, " ^ " + strings.Repeat("9", 18)},
	} {
		if got := strings.Join(underlines(c.marks, 20, Options{}), "\n"); got != c.want {
			t.Errorf("%v: got\n%s\nwant\n%s", c.marks, got, c.want)
		}
	}
}

// TestColorChangesNothingElse: without its colors the text is the plain one.
func TestColorChangesNothingElse(t *testing.T) {
	plain, colored := draw(t, "text", lintOf(samples()...), Options{Width: 80}), draw(t, "text", lintOf(samples()...), Options{Width: 80, Color: true})
	for _, code := range []string{bold, dim, red, green, yellow, cyan, "0"} {
		if !strings.Contains(colored, "\x1b["+code+"m") {
			t.Errorf("color %s is never used", code)
		}
		colored = strings.ReplaceAll(colored, "\x1b["+code+"m", "")
	}
	if plain != colored {
		t.Errorf("without its colors:\n%s\nplain:\n%s", colored, plain)
	}
}

// failing refuses to be written to.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("disk full") }

// TestStatementsFail: a failed write is told, and a format that is none.
func TestStatementsFail(t *testing.T) {
	for _, format := range []string{"text", "table", "csv", "tsv", "sarif", "github", "junit", "checkstyle", "nothing"} {
		if err := Statements(failing{}, format, lintOf(samples()...), Options{Width: 80}); err == nil {
			t.Errorf("%s: the failure is lost", format)
		}
		if format == "nothing" {
			continue
		}
		a, b := draw(t, format, lintOf(samples()...), Options{Width: 80}), draw(t, format, lintOf(samples()...), Options{Width: 80})
		if !bytes.Equal([]byte(a), []byte(b)) {
			t.Errorf("%s: not the same bytes twice", format)
		}
		draw(t, format, Lint{}, Options{Width: 80}) // no statements at all
	}
}
