package custom

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/lint/internal/runs"
	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// rules reads rules that must be right.
func rules(t *testing.T, src string) []*lint.Rule {
	t.Helper()
	list, err := Read("house.toml", []byte(src), nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	return list
}

// find runs rules over a text and shows each place as "quote > replacement".
func find(list []*lint.Rule, text string) string {
	var got []string
	for _, d := range lint.Run(list, lint.Pieces(prose.Parse(text)), lint.Options{}).Diagnostics {
		s := d.Span.In(text)
		if d.Fix != nil {
			s += " > " + d.Fix.Replacement
		}
		got = append(got, s)
	}
	return strings.Join(got, "; ")
}

func TestPhrases(t *testing.T) {
	for _, test := range []struct{ keys, text, want string }{
		{`phrases = ["leverage"]`, "We leverage it. Leverage! LEVERAGE, leveraged; leverage’s.", "leverage; Leverage; LEVERAGE; leverage"},
		{`phrases = ["best in class"]`, "Best  in\nclass, best-in-class, best in. Class. best in  class", "Best  in\nclass; best in  class"},
		{`phrases = ["best-in-class"]`, "best‑in-class and best in class", "best‑in-class"},
		{`phrases = ["we don't"]`, "We don’t and we don't. We do not.", "We don’t; we don't"},
		{`phrases = ["we don’t"]`, "we don't", "we don't"},
		{`phrases = ["customer needs"]`, "Our customer’s needs. Customer needs’ end. Customer need.", "Customer needs"},
		{`phrases = ["in order", "in order to", "order to go"]`, "in order to go in order.", "in order to; in order"},
		{`phrases = ["to go", "in order to"]`, "in order to go", "in order to"},
		{`phrases = ["C++", "100%", "and/or", "etc."]`, "C++, C+, C. 100 percent or 100%; and / or, and or. Etc. and etc", "C++; 100%; and / or; Etc."},
		{`phrases = ["not only, but"]`, "Not only, but. Not only but.", "Not only, but"},
		{`phrases = ["“wow” effect"]`, "a \"Wow\" effect", "\"Wow\" effect"},
		{`phrases = ["(sic)"]`, "This (sic) and sic.", "(sic)"},
		{`phrases = ["naïve"]`, "Nai\u0308ve NAÏVE na\u00adïve naive", "Nai\u0308ve; NAÏVE; na\u00adïve"},
		{`phrases = ["go on"]`, "# Go\n\non. We go. On.\n\n- go\n- on", ""},
		{`phrases = ["a"]` + "\nreplacement = 'b'", "a A aa", "a > b; A > B"},
		{`phrases = ["very"]` + "\nreplacement = ''", "very good", "very > "},
		{`swap = { leverage = "use", "in order to" = "to" }`, "Leverage it in order to win. IN ORDER TO LEVERAGE", "Leverage > Use; in order to > to; IN ORDER TO > TO; LEVERAGE > USE"},
		{`swap = { javascript = "JavaScript", NGO = "charity" }`, "JavaScript Javascript javascript NGO ngo", "Javascript > JavaScript; javascript > JavaScript; NGO > charity; ngo > charity"},
	} {
		list := rules(t, "[[rule]]\nid = 'house/x'\n"+test.keys)
		if got := find(list, test.text); got != test.want {
			t.Errorf("%s in %q: got %q, want %q", test.keys, test.text, got, test.want)
		}
	}
}

// TestPhrasesOfManyRules checks that rules with the same words keep apart.
func TestPhrasesOfManyRules(t *testing.T) {
	list := rules(t, `
[[rule]]
id = "house/a"
phrases = ["in order", "world class"]
[[rule]]
id = "house/b"
swap = { "in order to" = "to", "in order" = "tidy" }
[[rule]]
id = "house/c"
require = ["in order to"]
[[rule]]
id = "house/d"
require = ["customer"]
severity = "hint"
`)
	text := "In order to be world class, in order."
	var got []string
	for _, d := range lint.Run(list, lint.Pieces(prose.Parse(text)), lint.Options{}).Diagnostics {
		got = append(got, fmt.Sprintf("%s %s %s", d.Rule.ID, d.Severity, d.Message))
	}
	want := `house/d hint house/d: "customer" is not there
house/a warning house/a: "In order"
house/b warning house/b: "In order to" can be "To"
house/a warning house/a: "world class"
house/a warning house/a: "in order"
house/b warning house/b: "in order" can be "tidy"`
	if s := strings.Join(got, "\n"); s != want {
		t.Errorf("got\n%s\nwant\n%s", s, want)
	}
	// One rule alone, as when the others are turned off.
	if got := find(list[1:2], text); got != "In order to > To; in order > tidy" {
		t.Errorf("alone: %q", got)
	}
}

func TestPatterns(t *testing.T) {
	for _, test := range []struct{ keys, text, want string }{
		{`pattern = 'synerg\w+'`, "Synergy and synergies", "Synergy; synergies"},
		{`pattern = '(?-i)\b[A-Z]{3,}\b'`, "The NGO and the ngo", "NGO"},
		{`pattern = '^we\b'`, "We do.\n\nWe do. We\nwe", "We; We"},
		{`pattern = 'x|\b'`, "x y", "x"},
		{`pattern = '(\w+) +(\w+)ing'` + "\nreplacement = '${2} $1 $$'", "are going", "are going > go are $"},
		{`pattern = '(?P<n>\d+) percent'` + "\nreplacement = '${n}%'", "90 percent", "90 percent > 90%"},
		{`pattern = 'colou?r'` + "\nreplacement = 'color'", "color colour", "colour > color"},
	} {
		src := "[[rule]]\nid = 'house/x'\n" + test.keys
		if got := find(rules(t, src), test.text); got != test.want {
			t.Errorf("%s in %q: got %q, want %q", test.keys, test.text, got, test.want)
		}
	}
}

// TestLongParagraphs checks that what is cut to be matched is matched once.
func TestLongParagraphs(t *testing.T) {
	list := rules(t, "[[rule]]\nid = 'house/x'\npattern = 'wow+'")
	for _, sep := range []string{". ", ", "} {
		text := strings.Repeat("We say wow to them"+sep, 3000)
		r := lint.Run(list, lint.Pieces(prose.Parse(text)), lint.Options{PerRule: 5000})
		if len(r.Diagnostics) != 3000 {
			t.Errorf("%q: %d found", sep, len(r.Diagnostics))
		}
		longest := 0
		eachRun(prose.Parse(text), func(s prose.Span) { longest = max(longest, s.End-s.Start) })
		if longest > runs.Max || longest < runs.Max/2 {
			t.Errorf("%q: longest run %d", sep, longest)
		}
	}
}

func TestThresholds(t *testing.T) {
	const text = "# A heading that is not counted\n\nWe serve people. We serve all people of our town well.\n\nWe care."
	for _, test := range []struct{ threshold, message, want string }{
		{`measure = "words", above = 12`, "", `0-0 T: words is 13, above 12`},
		{`measure = "words", above = 13`, "", ""},
		{`measure = "words", below = 13`, "", ""},
		{`measure = "words", below = 14`, "", `0-0 T: words is 13, below 14`},
		{`measure = "words", above = 20, below = 14`, "too few: {value} < {limit}", `0-0 too few: 13 < 14`},
		{`measure = "sentences", above = 2`, "", `0-0 T: sentences is 3, above 2`},
		{`measure = "paragraphs", above = 1`, "", `0-0 T: paragraphs is 2, above 1`},
		{`measure = "longest_sentence", above = 7`, "", `50-87 T: sentence has 8 words, above 7`},
		{`measure = "longest_sentence", above = 1.5`, "", `33-49 T: sentence has 3 words, above 1.5; 50-87 T: sentence has 8 words, above 1.5; 89-97 T: sentence has 2 words, above 1.5`},
		{`measure = "longest_sentence", below = 9`, "", `0-0 T: longest sentence is 8, below 9`},
		{`measure = "words_per_sentence", above = 4`, "", `0-0 T: words per sentence is 4.3, above 4`},
		{`measure = "syllables_per_word", above = 1`, "", `0-0 T: syllables per word is 1.2, above 1`},
		{`measure = "letters_per_word", above = 3`, "", `0-0 T: letters per word is 3.7, above 3`},
		{`measure = "flesch", above = 90`, "", `0-0 T: flesch is 104.8, above 90`},
		{`measure = "flesch_kincaid", below = 6`, "", `0-0 T: flesch kincaid is -0.3, below 6`},
		{`measure = "gunning_fog", below = 6`, "", `0-0 T: gunning fog is 1.7, below 6`},
		{`measure = "smog", below = 6`, "", `0-0 T: smog is 3.1, below 6`},
		{`measure = "lix", below = 6`, "", `0-0 T: lix is 4.3, below 6`},
	} {
		list := rules(t, fmt.Sprintf("[[rule]]\nid = 'house/x'\ntitle = 'T'\nmessage = '%s'\nthreshold = { %s }", test.message, test.threshold))
		// A second rule must not count everything twice.
		list = append(list, rules(t, "[[rule]]\nid = 'house/y'\nthreshold = { measure = 'words', above = 1e9 }")...)
		whole := prose.Parse(text)
		cut := strings.LastIndex(text, "We")
		pieces := func(yield func(lint.Piece) bool) {
			_ = yield(lint.Piece{Text: prose.Parse(text[:cut])}) && yield(lint.Piece{Text: prose.Parse(text[cut:]), Base: cut})
		}
		for i, r := range []lint.Result{lint.Run(list, lint.Pieces(whole), lint.Options{}), lint.Run(list, pieces, lint.Options{})} {
			var got []string
			for _, d := range r.Diagnostics {
				got = append(got, fmt.Sprintf("%d-%d %s", d.Span.Start, d.Span.End, d.Message))
			}
			if s := strings.Join(got, "; "); s != test.want {
				t.Errorf("%s, in pieces %d: got %q, want %q", test.threshold, i, s, test.want)
			}
		}
	}
	for _, name := range Measures() {
		list := rules(t, fmt.Sprintf("[[rule]]\nid = 'house/x'\nthreshold = { measure = '%s', below = 1e9 }", name))
		if got := len(lint.Run(list, lint.Pieces(prose.Parse("# Heading")), lint.Options{}).Diagnostics); got > 0 && strings.Contains(name, "_per_") || got > 1 {
			t.Errorf("%s of an empty text: %d found", name, got)
		}
	}
}

func TestRequire(t *testing.T) {
	for _, test := range []struct{ keys, text, want string }{
		{`require = ["customer", "our guests"]`, "We serve.\n\nOur guests.", ""},
		{`require = ["customer", "our guests"]`, "We serve.\n\nCustomer’s.", ""},
		{`require = ["customer", "our guests"]`, "We serve customers.", `T: none of "customer", "our guests" is there`},
		{`require = ["a1", "a2", "a3", "a4"]`, "We.", `T: none of "a1", "a2", "a3" and 1 more is there`},
		{`require_pattern = 'by \d{4}'`, "We.\n\nWin by 2030.", ""},
		{`require_pattern = 'by \d{4}'`, "We win.", `T: nothing of it is there`},
		{"require_pattern = 'by \\d{4}'\nrequire = ['soon']", "We win soon.", ""},
		{"require = ['soon']\nmessage = 'Say when'", "We win.", "Say when"},
		{`require = ["customer"]`, " \n", ""},
	} {
		list := rules(t, "[[rule]]\nid = 'house/x'\ntitle = 'T'\n"+test.keys)
		got := ""
		for _, d := range lint.Run(list, lint.Pieces(prose.Parse(test.text)), lint.Options{}).Diagnostics {
			got += d.Message
		}
		if got != test.want {
			t.Errorf("%s in %q: got %q, want %q", test.keys, test.text, got, test.want)
		}
	}
}

func TestRuleIsFilledIn(t *testing.T) {
	list := rules(t, `
[[rule]]
id = "house/leverage"
title = "Say use"
why = """
Nobody says
it."""
fix = "Say it."
source = "House style, 2024"
severity = "error"
message = "{found} is {replacement}"
swap = { leverage = "use" }
safe = true
examples = { bad = ["We leverage it."], good = ["We use it.", "Leverage."] }
`)
	r := list[0]
	if r.ID != "house/leverage" || r.Title != "Say use" || r.Why != "Nobody says it." || r.Fix != "Say it." || r.Source != "House style, 2024" || r.Severity != lint.Error {
		t.Errorf("got %+v", r)
	}
	failures := lint.TestExamples(r, lint.Plain)
	if len(failures) != 1 || failures[0].String() != "house/leverage: Leverage is Use, in good example 2" || !failures[0].Found[0].Fix.Safe {
		t.Errorf("got %v", failures)
	}
}

func TestFaults(t *testing.T) {
	long := strings.Repeat("x", maxPattern+1)
	for _, test := range []struct{ name, keys, want string }{
		{"no kind", "", `1: rule looks for nothing`},
		{"two kinds", "phrases = ['a']\npattern = 'b'", `4: rule has phrases and pattern`},
		{"unknown key", "phrase = ['a']", `3: unknown key "phrase"`},
		{"wrong type", "phrases = 'a'", `3: "phrases" must be a list, not text`},
		{"empty list", "phrases = []", `3: rule looks for nothing`},
		{"no word", "phrases = ['a', '—']", `3: phrase "—" has no word in it`},
		{"sentences", "swap = { a = 'b', 'We do. They go' = 'x' }", `3: phrase "We do. They go" is more than one sentence`},
		{"long phrase", "phrases = ['" + strings.Repeat("a ", 21) + "']", `3: phrase "` + strings.Repeat("a ", 20) + `a" has more than 20 words`},
		{"twice", "phrases = ['we Don’t', \"We don't\"]", `3: phrase "We don't" is there twice`},
		{"severity", "phrases = ['a']\nseverity = 'warn'", `4: unknown severity "warn"`},
		{"replacement", "threshold = { measure = 'words', above = 3 }\nreplacement = 'x'", `4: replacement goes with phrases or a pattern only`},
		{"swap and replacement", "swap = { a = 'b' }\nreplacement = 'x'", `4: replacement is for phrases, and swap has its own`},
		{"safe", "phrases = ['a']\nsafe = true", `4: rule is safe to apply but has nothing to write instead`},
		{"half safe", "phrases = ['a']\nswap = { b = 'c' }\nsafe = true", `5: phrases have nothing to write instead`},
		{"message", "phrases = ['a']\nmessage = '{value}'", `4: message has {value}, which the rule does not know`},
		{"measure", "threshold = { measure = 'flech', above = 3 }", `3: unknown measure "flech"`},
		{"no measure", "threshold = { above = 3 }", `3: threshold has no measure`},
		{"no limit", "threshold = { measure = 'words' }", `3: threshold has no limit`},
		{"crossed", "threshold = { measure = 'words', above = 3, below = 5 }", `3: everything is above or below these limits`},
		{"empty require", "require = []", `3: rule requires nothing`},
		{"long pattern", "pattern = '" + long + "'", `3: pattern is longer than 2000 bytes`},
		{"huge pattern", "pattern = '(abcdefgh){900}'", `3: pattern repeats too much`},
		{"empty match", "pattern = 'x*'", `3: pattern matches the empty text`},
		{"required pattern", "require_pattern = '('", "3: pattern is not a regular expression: missing closing ) \"(?i)(\""},
		{"group", "pattern = '(a)'\nreplacement = '$1x ${2} ${1} $$'", "4: replacement has $1x, which is no group of the pattern\nhouse.toml:4:1: replacement has ${2}, which is no group of the pattern"},
	} {
		_, err := Read("house.toml", []byte("[[rule]]\nid = 'house/x'\n"+test.keys), nil)
		var list problem.List
		if !errors.As(err, &list) {
			t.Errorf("%s: got %v", test.name, err)
			continue
		}
		line, what, _ := strings.Cut(strings.TrimPrefix(list.Error(), "house.toml:"), ":")
		_, what, _ = strings.Cut(what, ": ") // the column
		if got := line + ": " + what; got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
		for _, p := range list {
			if p.Hint == "" {
				t.Errorf("%s: no hint", test.name)
			}
		}
	}
}

func TestIDs(t *testing.T) {
	const src = `
[[rule]]
phrases = ["a"]
[[rule]]
id = "House/x"
phrases = ["a"]
[[rule]]
id = "house/x"
phrases = ["a"]
[[rule]]
id = "house/x"
phrases = ["a"]
[[rule]]
id = "clarity/buzzword"
phrases = ["a"]
`
	_, err := Read("h", []byte(src), []string{"clarity/buzzword"})
	want := `h:2:3: rule has no id
h:5:1: "House/x" is not the id of a rule
h:11:1: rule "house/x" is there already, in line 8
h:14:1: there is a rule "clarity/buzzword" already`
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
	if _, err := Read("h", []byte("# nothing"), nil); err == nil || err.Error() != "h: file has no rules" {
		t.Errorf("got %v", err)
	}
}

func TestHintsOfPatterns(t *testing.T) {
	for _, test := range []struct{ pattern, hint string }{
		{`a(?=b)`, "lookahead"}, {`(?<!a)b`, "lookahead"}, {`(a)\1`, `references such as \1`}, {`(?>a)`, "atomic"},
		{`a{2000}`, "1000 times"}, {`a)`, `write \(`}, {`[a`, "syntax is that of Go"}, {`a\\\1`, "references"},
	} {
		_, err := Read("h", []byte("[[rule]]\nid = 'house/x'\npattern = '"+test.pattern+"'"), nil)
		var list problem.List
		if !errors.As(err, &list) || !strings.Contains(list[0].Hint, test.hint) {
			t.Errorf("%s: got %v", test.pattern, list)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("[[rule]]\nid = 'house/x'\nphrases = ['a b', 'C++']\nreplacement = 'b'\nsafe = true", "A b. C++")
	f.Add("[[rule]]\nid = 'house/x'\nswap = {'a’s' = 'b'}\nmessage = '{found}'", "a’s's")
	f.Add("[[rule]]\nid = 'house/x'\npattern = '(a+)+$'\nreplacement = '$1'", "aaaaaaaaaaaaa!")
	f.Add("[[rule]]\nid = 'house/x'\nthreshold = {measure = 'lix', above = 3}", "a b c.")
	f.Add("[[rule]]\nid = 'house/x'\nrequire = ['a']\nrequire_pattern = 'b'", "c")
	f.Fuzz(func(t *testing.T, src, text string) {
		began := time.Now()
		defer func() {
			if took := time.Since(began); took > 5*time.Second {
				t.Fatalf("took %s", took)
			}
		}()
		list, err := Read("h", []byte(src), []string{"house/taken"})
		var faults problem.List
		if err != nil && !errors.As(err, &faults) {
			t.Fatalf("not a list: %v", err)
		}
		for _, d := range lint.Run(list, lint.Pieces(prose.Parse(text)), lint.Options{}).Diagnostics {
			if d.Span.Start < 0 || d.Span.End > len(text) || d.Span.Start > d.Span.End {
				t.Fatalf("span %v of %d bytes", d.Span, len(text))
			}
		}
	})
}
