package vale

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// rule reads a rule that must be right and whole.
func rule(t *testing.T, src string) *lint.Rule {
	t.Helper()
	r, notes, err := ReadRule("House/Test", "styles/House/Test.yml", []byte(src))
	if err != nil || len(notes) > 0 || r == nil {
		t.Fatalf("%v, notes %v\n%s", err, notes, src)
	}
	return r
}

// find runs rules over a text and shows each place as "quote > replacement".
func find(text string, rules ...*lint.Rule) string {
	result := lint.Run(rules, lint.Pieces(prose.Parse(text)), lint.Options{})
	var got []string
	for _, d := range result.Diagnostics {
		s := d.Span.In(text)
		if d.Span.Start == d.Span.End {
			s = d.Message
		}
		if d.Fix != nil {
			s += " > " + d.Fix.Replacement
		}
		got = append(got, s)
	}
	for _, p := range result.Failed {
		got = append(got, p.Error())
	}
	return strings.Join(got, "; ")
}

func TestChecks(t *testing.T) {
	for _, test := range []struct{ name, src, text, want string }{
		{"tokens", "extends: existence\nignorecase: true\ntokens:\n - leverag\\w+\n - in order to", "Leveraging, in order to. Inorder to leverage.", "Leveraging; in order to; leverage"},
		{"words only", "extends: existence\ntokens: [port]", "port, ports, Port, airport, port's", "port; port"},
		{"nonword", "extends: existence\nnonword: true\ntokens: [port, '\\.{3}']", "airports...", "port; ..."},
		{"letters beyond ASCII", "extends: existence\ntokens: [caf, naïve, 'café']", "café naïve naïves caf na", "café; naïve; caf"},
		{"letters beyond ASCII around", "extends: existence\ntokens: [caf, ve]", "café caf naïve ve", "caf; ve"},
		{"raw", "extends: existence\nraw:\n - '\\b(?:is|are)\\s+'\ntokens: ['\\w+ed']", "It is   loved, are feed, is on.", "is   loved; are feed"},
		{"raw after", "extends: existence\nappend: true\nraw: ['\\s+for']\ntokens: [ready, fit]", "fit for, ready  for, unfit for", "fit for; ready  for"},
		{"raw alone", "extends: existence\nignorecase: true\nraw:\n - 'wow'\n - '!+'", "Wow!! wow", "Wow!!"},
		{"lookaround", "extends: existence\ntokens: ['(?<!the )team(?! of)']", "the team, a team of, team", "team"},
		{"backreference", "extends: existence\nraw: ['\\b(\\w+) \\1\\b']", "so so it is is on", "so so; is is"},
		{"space around", "extends: existence\nnonword: true\nraw: ['\\s+foo\\s*']", "a  foo b", "foo"},
		{"exceptions", "extends: existence\ntokens: ['[A-Z]{3}', 'high']\nexceptions: [NGO, 'high quality']", "NGO, USA, high quality, high", "USA; high"},
		{"exceptions have case", "extends: existence\nignorecase: true\ntokens: ['ngo']\nexceptions: [NGO]", "NGO ngo", "ngo"},
		{"remove", "extends: existence\ntokens: [very]\naction: {name: remove}", "very", "very > "},
		{"replace", "extends: existence\ntokens: [teh]\naction: {name: replace, params: [the]}", "teh", "teh > the"},
		{"several", "extends: existence\ntokens: [teh]\naction: {name: replace, params: [the, a]}", "teh", "teh"},
		{"edits", "extends: existence\nnonword: true\ntokens: ['\\w+ly-\\w+']\naction: {name: edit, params: [replace, '-', ' ']}", "a newly-made one", "newly-made > newly made"},
		{"edit regex", "extends: existence\nnonword: true\ntokens: ['\\d+ percent']\naction: {name: edit, params: [regex, '(\\d+) percent', '$1%']}", "9 percent", "9 percent > 9%"},
		{"edit split", "extends: existence\nnonword: true\ntokens: ['a/b']\naction: {name: edit, params: [split, /, '1']}", "a/b", "a/b > b"},
		{"edit trim", "extends: existence\nnonword: true\ntokens: ['x[.?!]']\naction: {name: edit, params: [trim_right, '.?!']}", "x!", "x! > x"},

		{"swap", "extends: substitution\nswap:\n utilize: use\n utilizes: uses", "utilize utilizes Utilize", "utilize; utilizes"},
		{"swap with action", "extends: substitution\nignorecase: true\naction: {name: replace}\nswap:\n utilize: use\n UI-Kit: UI Kit", "Utilize UTILIZE ui-kit", "Utilize > Use; UTILIZE > use; ui-kit > UI Kit"},
		{"swap keys are patterns", "extends: substitution\naction: {name: replace}\nswap:\n '(?:e-mail|E-mail)': email\n 'web(s| )ite': website", "e-mail E-mail web ite website", "e-mail > email; E-mail > email; web ite > website"},
		{"swap with groups", "extends: substitution\naction: {name: replace}\nswap:\n '(\\d+) percent': $1%\n '(a)(b)': '$2$1'", "90 percent ab", "90 percent > 90%; ab > ba"},
		{"swap what is right", "extends: substitution\nignorecase: true\naction: {name: replace}\nswap: {javascript: JavaScript}", "JavaScript javascript", "javascript > JavaScript"},
		{"swap to a pattern", "extends: substitution\nignorecase: true\nswap: {'py.*?\\b': '[pP]ython'}", "python Python pyton", "pyton"},
		{"longer first", "extends: substitution\naction: {name: replace}\nswap: {check: select, check box: checkbox}", "check box, check", "check box > checkbox; check > select"},
		{"two to choose from", "extends: substitution\naction: {name: replace}\nmessage: Use '%s' not '%s'.\nswap: {kill: 'stop|end'}", "kill stop", "kill"},
		{"nonword swap", "extends: substitution\nnonword: true\naction: {name: replace}\nswap: {'\\.\\.\\.': …}", "so...", "... > …"},
		{"capitalize", "extends: substitution\ncapitalize: true\naction: {name: replace}\nswap: {'[Uu]tilize': use}", "Utilize utilize", "Utilize > Use; utilize > use"},
		{"swap exceptions", "extends: substitution\nswap: {'admin': administrator}\nexceptions: ['admin panel']", "admin panel, admin", "admin"},

		{"occurrence", "extends: occurrence\nscope: sentence\nmax: 3\ntoken: '\\b(\\w+)\\b'", "One two three. One two three four.", "One"},
		{"occurrence in a paragraph", "extends: occurrence\nscope: paragraph\nmax: 1\ntoken: '!'", "Wow! Wow!\n\nWow!", "!"},
		{"too few", "extends: occurrence\nscope: paragraph\nmin: 2\ntoken: 'we'\nignorecase: true", "We and we.\n\nNone here.", "None here."},
		{"none in all", "extends: occurrence\nscope: summary\nmin: 1\ntoken: 'customer'\nmessage: no customer.", "We.\n\nThey.", "no customer"},
		{"one in all", "extends: occurrence\nscope: summary\nmin: 1\ntoken: 'customer'", "We.\n\nThe customer.", ""},
		{"headings are no summary", "extends: occurrence\nscope: summary\nmin: 1\ntoken: 'customer'\nmessage: no customer", "# customer\n\nWe.", "no customer"},
		{"raw has all", "extends: occurrence\nscope: raw\nmax: 1\ntoken: '#'", "# We\n\nWe.\n\n# We\n\nWe.", "#"},

		{"repetition", "extends: repetition\nignorecase: true\ntokens: ['[^\\s]+']\naction: {name: edit, params: [truncate, ' ']}", "The the cat. It is is on. On we go go, now", "The the > The; is is > is"},
		{"repeated words", "extends: repetition\nalpha: true\ntokens: ['\\b\\w+\\b']", "so so, 5 5", "so so"},
		{"repeated in two sentences", "extends: repetition\nignorecase: true\ntokens: ['\\w+']", "We know that. That is that, that is so so.", "that, that; so so"},
		{"may be repeated", "extends: repetition\nmax: 1\ntokens: ['\\w+']", "so so. no no no", "no no"},
		{"repetition exceptions", "extends: repetition\ntokens: ['\\w+']\nexceptions: ['bye bye']", "bye bye, so so", "so so"},

		{"consistency", "extends: consistency\neither: {advisor: adviser, centre: center}\nignorecase: true", "The advisor, an adviser. Center.\n\nAdviser, advisor, centre", "adviser; Adviser; centre"},
		{"consistent", "extends: consistency\neither: {advisor: adviser}", "adviser advisers Adviser advisor's", "advisor"},

		{"conditional", "extends: conditional\nfirst: '\\b([A-Z]{3,5})\\b'\nsecond: '(?:\\b[A-Z][a-z]+ )+\\(([A-Z]{3,5})\\)'\nexceptions: [USA]", "WHO. The World Health Organization (WHO). The USA and NGOs and NGO.\n\nWHO is here.", "NGO"},
		{"conditional by paragraph", "extends: conditional\nfirst: 'because'\nsecond: 'therefore'", "because, therefore.\n\nbecause.", "because"},

		{"title", "extends: capitalization\nscope: heading\nmatch: $title", "# Our Mission and Vision\n\ntext\n\n# Our mission and Vision\n\ntext", "Our mission and Vision"},
		{"title by length", "extends: capitalization\nscope: heading\nmatch: $title\nstyle: AP", "# Life With a Dog\n\ntext\n\n# Life with a dog\n\ntext", "Life with a dog"},
		{"title in Chicago", "extends: capitalization\nscope: heading\nstyle: Chicago\nthreshold: 0.9\nmatch: $title", "# Life with a Dog\n\ntext\n\n# Life With a Dog\n\ntext", "Life With a Dog"},
		{"sentence", "extends: capitalization\nscope: heading\nmatch: $sentence\nindicators: [':']\nexceptions: [Azure, New York]", "# Our mission: We go on Azure\n\ntext\n\n# our mission\n\ntext\n\n# Our Big Mission\n\ntext\n\n# The NGO in New York\n\ntext", "our mission; Our Big Mission"},
		{"lower", "extends: capitalization\nscope: list\nmatch: $lower", "Text.\n\n- one\n- Two", "Two"},
		{"upper", "extends: capitalization\nscope: heading\nmatch: $upper", "# ONE TWO\n\ntext\n\n# One\n\ntext", "One"},
		{"pattern", "extends: capitalization\nscope: heading\nmatch: '^[A-Z]'", "# one\n\ntext\n\n# Two\n\ntext", "one"},

		{"metric", "extends: metric\nmessage: Grade %s.\nformula: |\n  (0.39 * (words / sentences)) + (11.8 * (syllables / words)) - 15.59\ncondition: '> 0'", "# Head\n\nWe serve communities. We care.", "Grade 4.27"},
		{"metric holds not", "extends: metric\nformula: words\ncondition: '> 5'", "We serve people. We care.", ""},
		{"metric of lists", "extends: metric\nmessage: '%s'\nformula: list + paragraphs * 10\ncondition: '>= 1 && list > 1'", "We.\n\n- one\n- two", "32.00"},
		{"metric with a function", "extends: metric\nmessage: '%s'\nformula: math.sqrt(words * 4.0) - -1\ncondition: == 5", "One two three four.", "5.00"},
		{"no words", "extends: metric\nformula: words\ncondition: < 5", "# Head\n\n", ""},
		{"readability", "extends: readability\nmessage: '%s'\nmetrics: [Flesch-Kincaid, SMOG]\ngrade: 1", "We serve communities. We care.", "5.72"},

		{"scopes", "extends: existence\nscope: [heading, list]\ntokens: [x]", "# x a\n\nx b\n\n- x c", "x; x"},
		{"no scope", "extends: existence\nscope: ~heading & ~list\ntokens: ['x \\w']", "# x a\n\nx b\n\n- x c", "x b"},
		{"and", "extends: existence\nscope: sentence & list\ntokens: ['x \\w']", "x b.\n\n- x c. x d", "x c; x d"},
		{"format", "extends: existence\nscope: text.md\ntokens: [x]", "x", "x"},
		{"ends of sentences", "extends: existence\nscope: sentence\nnonword: true\ntokens: ['^So\\b']", "So we go. So what", "So; So"},
	} {
		src := test.src
		if !strings.Contains(src, "message:") {
			src += "\nmessage: found '%s'."
		}
		r := rule(t, src)
		if got := find(test.text, r); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestMessages(t *testing.T) {
	for _, test := range []struct{ src, text, want string }{
		{"extends: existence\nmessage: \"Don't use '%s'.\"\ntokens: [x]", "x", "Don't use 'x'"},
		{"extends: existence\nmessage: 'Well...'\ntokens: [x]", "x", "Well..."},
		{"extends: existence\nmessage: '100%% %s %s'\ntokens: [x]", "x", "100% x %s"},
		{"extends: substitution\nmessage: \"Use '%s', not '%s'\"\naction: {name: replace}\nswap: {x: 'y|z|a'}", "x", "Use 'y', 'z', or 'a', not 'x'"},
		{"extends: substitution\nmessage: \"Use '%s', not '%s'\"\naction: {name: replace}\nswap: {x: 'y\\|z'}", "x", "Use 'y|z', not 'x'"},
		{"extends: substitution\nmessage: \"Use %s, not '%s'\"\nswap: {x: 'y'}", "x", "Use y, not 'x'"},
		{"extends: substitution\nmessage: \"%[2]s is %[1]s\"\nswap: {x: 'y'}", "x", "x is y"},
	} {
		r := lint.Run([]*lint.Rule{rule(t, test.src)}, lint.Pieces(prose.Parse(test.text)), lint.Options{})
		if len(r.Diagnostics) != 1 || r.Diagnostics[0].Message != test.want {
			t.Errorf("%s: got %v, want %s", test.src, r.Diagnostics, test.want)
		}
	}
}

func TestRuleIsFilledIn(t *testing.T) {
	r, _, _ := ReadRule("House/HeadingPunctuation", "f", []byte("extends: existence\nlevel: suggestion\nlink: https://example.com\nmessage: \"Don't use '%s'.\"\ntokens: [x]"))
	if r.ID != "House/HeadingPunctuation" || r.Source != "https://example.com" || r.Severity != lint.Hint {
		t.Errorf("got %+v", r)
	}
	if r, _, _ = ReadRule("House/URLFormat", "f", []byte("extends: existence\nmessage: x\ntokens: [x]")); r.Severity != lint.Warning {
		t.Errorf("got %+v", r)
	}
}

// TestDocumentation checks what rules say of themselves, where messages are made
// for one finding.
func TestDocumentation(t *testing.T) {
	const existence, substitution = "extends: existence\ntokens: [x]\n", "extends: substitution\nswap: {x: y}\n"
	for _, test := range []struct{ id, src, title, why string }{
		{"HeadingPunctuation", existence + "message: \"Don't use '%s'.\"", "Heading punctuation", "Don't use '…'."},
		{"URLFormat", existence + "message: \"'%s' is wrong!\"", "URLFormat", "'…' is wrong!"},
		{"WordList", substitution + "message: Use '%s' instead of '%s'.", "Word list", "Use one word instead of another."},
		{"Word-List", substitution + "message: Use _`%s`_, not \"%s\" (in any case)", "Word list", "Use one word, not another (in any case)."},
		{"Other", substitution + "message: '%[2]s should be %[1]s.'", "Other", "One word should be another."},
		{"One", substitution + "message: '%s is 100%% better.'", "One", "… is 100% better."},
		{"Three", substitution + "message: \"'%s', '%s', '%s'?\"", "Three", "'…', '…', '…'?"},
		{"EmDash", existence + "message: No space\\n before a dash.", "No space\\n before a dash", "The style House asks for it."},
		{"Half", existence + "message: 50%% of it.", "50% of it", "The style House asks for it."},
		{"Long", existence + "message: " + strings.Repeat("Say no more. ", 8), "Long", strings.TrimSpace(strings.Repeat("Say no more. ", 8))},
		{"Described", substitution + "message: Use '%s' not '%s'\ndescription: >\n  Nobody\n  says '%s'", "Described", "Nobody says '…'."},
		{"So", existence + "message: No!\ndescription: Because.", "No!", "Because."},
	} {
		r, _, err := ReadRule("House/"+test.id, "f", []byte(test.src))
		if err != nil || r.Title != test.title || r.Why != test.why {
			t.Errorf("%s: %v, got\n%q %q, want\n%q %q", test.id, err, r.Title, r.Why, test.title, test.why)
		}
	}
}

func TestFaultsAndNotes(t *testing.T) {
	const ok = "extends: existence\nmessage: x\ntokens: [x]\n"
	for _, test := range []struct{ name, src, want, note string }{
		{"empty", "", "file is not the file of a rule", ""},
		{"list", "- a", "file is not the file of a rule", ""},
		{"not YAML", "extends: existence\nmessage: 'x\ntokens: [", "2: file is not YAML", ""},
		{"no extends", "message: x", "1: rule does not say what it extends", ""},
		{"unknown check", "message: x\nextends: existance", `2: unknown check "existance"`, ""},
		{"no message", "extends: existence\ntokens: [x]", "1: rule has no message", ""},
		{"level", ok + "level: warn", `4: unknown level "warn"`, ""},
		{"no tokens", "extends: existence\nmessage: x", "1: rule has no tokens", ""},
		{"no swap", "extends: substitution\nmessage: x", "1: rule has no swap", ""},
		{"no token", "extends: occurrence\nmessage: x\nmax: 2", "1: rule has no token", ""},
		{"no max", "extends: occurrence\nmessage: x\ntoken: x", "1: rule has neither max nor min", ""},
		{"no either", "extends: consistency\nmessage: x", "1: rule has no pairs", ""},
		{"no first", "extends: conditional\nmessage: x\nsecond: y", "1: rule has no first and second", ""},
		{"no match", "extends: capitalization\nmessage: x", "1: rule has no match", ""},
		{"list for a text", ok + "link: [a]", `4: "link" must be a text`, ""},
		{"table for a list", "extends: existence\nmessage: x\ntokens: {a: b}", `3: "tokens" must be a list`, ""},
		{"text for a table", "extends: substitution\nmessage: x\nswap: a", `3: "swap" must be a table`, ""},
		{"deep", "extends: existence\nmessage: x\ntokens: [[a]]", `3: "entry of tokens" must be a text`, ""},
		{"truth", ok + "ignorecase: maybe", `4: "ignorecase" must be true or false`, ""},
		{"number", "extends: occurrence\nmessage: x\ntoken: x\nmax: .nan", `4: "max" must be a number`, ""},
		{"pattern", "extends: existence\nmessage: x\ntokens:\n - fine\n - '(x'", `3: "(x" is not a regular expression: missing closing )`, ""},
		{"exception", ok + "exceptions: ['*']", `4: "*" is not a regular expression`, ""},
		{"formula", "extends: metric\nmessage: x\nformula: words +\ncondition: '> 3'", "3: formula can't be read: it ends too early", ""},
		{"variable", "extends: metric\nmessage: x\nformula: wrods\ncondition: '> 3'", "3: formula can't be read: wrods is not counted", ""},
		{"condition", "extends: metric\nmessage: x\nformula: words\ncondition: '> 3)'", `4: condition can't be read: ")" is left over`, ""},
		{"bracket", "extends: metric\nmessage: x\nformula: (words\ncondition: '> 3'", "3: formula can't be read: a bracket is not closed", ""},
		{"brackets", "extends: metric\nmessage: x\nformula: " + strings.Repeat("(", 60) + "\ncondition: '> 3'", "3: formula can't be read: there are too many brackets inside each other", ""},
		{"metrics", "extends: readability\nmessage: x\nmetrics: [Fog]", `3: unknown metric "Fog"`, ""},

		{"spelling", "extends: spelling\nmessage: x", "", "1: rule is left out: spelling is not checked"},
		{"script", "message: x\nextends: script\nscript: |\n  x", "", "2: rule is left out: scripts are not run"},
		{"sequence", "extends: sequence\nmessage: |\n  '%[4]s' after 'be' requires 'to'.\ntokens:\n  - tag: MD\n  - pattern: be\n    negate: false\n    skip: 3\n  - tag: VB|VBN\nwhatever: {a: [b]}", "", "1: rule is left out: sequences of parts of speech are not told"},
		{"sequence by its last key", "message: x\ntokens:\n  - pattern: \\w+\n    tag: VB*\nmax: many\naction: [a]\nscope: {a: b}\nExtends: sequence", "", "8: rule is left out: sequences of parts of speech are not told"},
		{"script by its text", "extends: script\nmessage: Consider a heading.\nlevel: none\nscope: raw\nscript: |\n  text := import(\"text\")\n  matches := []\n  for m in text.re_find(`(?m)^#+ (`, scope, -1) {\n  }\nparams: {limit: 3}\n? [a, b]\n: c", "", "1: rule is left out: scripts are not run"},
		{"spelling by its keys", "extends: spelling\nmessage: \"Did you really mean '%s'?\"\nlevel: error\ncustom: true\nappend: maybe\nfilters:\n  - '[pP]y.*\\b'\n  - '(('\naction:\n  name: suggest\n  params: [spellings]\ndictionaries: [en_GB]\nignore:\n  - vocab.txt\nexceptions: {a: b}", "", "1: rule is left out: spelling is not checked"},
		{"kind that is a list", "extends: [sequence]\nmessage: x", `1: "extends" must be a text`, ""},
		{"scope", ok + "scope: table.header", "", `4: rule is left out: there is no scope "table.header" here`},
		{"level of headings", ok + "scope: heading.h1", "", `4: rule is left out: there is no scope "heading.h1" here`},
		{"scope of several", ok + "scope: [text, code]", "", `4: there is no scope "code" here, the rule looks at its others`},
		{"unknown key in capitals", ok + "Tokes: [x]", "", `4: key "Tokes" is not known and not followed`},
		{"line of a key in capitals", ok + "Level: warn", `4: unknown level "warn"`, ""},
		{"level of headings in a formula", "extends: metric\nmessage: x\nformula: words + heading.h2 * 2\ncondition: '> 3'", "", "3: rule is left out: levels of headings are not told apart"},
		{"levels in a formula", "extends: metric\nmessage: x\nformula: heading.h1\ncondition: '> 3'", "", "3: rule is left out: levels of headings are not told apart"},
		{"pos", ok + "pos: NN", "", "4: parts of speech are not told, the rule finds its words whatever they are"},
		{"suggest", ok + "action: {name: suggest, params: [spellings]}", "", `4: action "suggest" is not offered`},
		{"unknown key", ok + "tokes: [x]", "", `4: key "tokes" is not known and not followed`},
		{"key twice", ok + "tokens: [y]", "", `3: key "tokens" is there twice, the last one counts`},
		{"alias", "extends: existence\nmessage: &m x\ndescription: *m\ntokens: [*m, *m]", "", ""},
	} {
		_, notes, err := ReadRule("House/Test", "f", []byte(test.src))
		got := ""
		if err != nil {
			got = err.Error()
		}
		if !strings.HasPrefix(strings.TrimPrefix(strings.TrimPrefix(got, "f:"), " "), test.want) || (got == "") != (test.want == "") {
			t.Errorf("%s: got error %s, want %s", test.name, got, test.want)
		}
		note := strings.TrimPrefix(notes.Error(), "f:")
		if note != test.note {
			t.Errorf("%s: got note %s, want %s", test.name, note, test.note)
		}
	}
}

func TestReadStyles(t *testing.T) {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	const good = "extends: existence\nmessage: x\ntokens: [x]\n"
	fsys := fstest.MapFS{
		"B/Two.yml": file(good), "B/One.yml": file(good), "B/meta.json": file("{}"), "B/sub/Three.yml": file(good),
		"A/Bad.yml": file("extends: existence"), "A/Spell.yml": file("extends: spelling\nmessage: x"), "A/Good.yml": file(good),
		"Taken/Rule.yml": file(good), "config/vocabularies/x.txt": file("x"),
	}
	rules, notes, err := Read(fsys, "my/styles", []string{"B", "A", "Taken", "Googel"}, []string{"Taken/Rule"})
	var ids []string
	for _, r := range rules {
		ids = append(ids, r.ID)
	}
	if got := strings.Join(ids, " "); got != "A/Good B/One B/Three B/Two" {
		t.Errorf("got %s", got)
	}
	if got := notes.Error(); got != "my/styles/A/Spell.yml:1: rule is left out: spelling is not checked" {
		t.Errorf("notes %s", got)
	}
	var list problem.List
	if !errors.As(err, &list) || list.Error() != "my/styles/A/Bad.yml:1: rule has no message\nmy/styles/Googel: style can't be read: file does not exist\nmy/styles/Taken/Rule.yml: there is a rule \"Taken/Rule\" already" {
		t.Errorf("got %v", err)
	}
}

// TestNothingHangs checks that patterns that would go back for ages are given up
// and say so, once, and that those that Go's engine takes are not.
func TestNothingHangs(t *testing.T) {
	text := strings.Repeat(strings.Repeat("a", 60)+"! ", 50)
	text = strings.Repeat(text+"\n\n", 30)
	slow := rule(t, "extends: existence\nmessage: x\nnonword: true\ntokens: ['(?=a)(a+a+)+b']")
	began := time.Now()
	got := find(text, slow)
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("took %s", took)
	}
	if got != "styles/House/Test.yml:1: rule House/Test was given up: its pattern takes too long" {
		t.Errorf("got %q", got)
	}
	if got := find(text, rule(t, "extends: existence\nmessage: x\nnonword: true\ntokens: ['(a+a+)+b']")); got != "" {
		t.Errorf("got %q", got)
	}
}

// TestPieces checks that what goes over a text is the same in pieces.
func TestPieces(t *testing.T) {
	text := "The advisor is one of us.\n\nAn adviser is a customer. A customer is WHO.\n\nThe World Health Organization (WHO) is an adviser. WHO knows?"
	var rules []*lint.Rule
	for i, src := range []string{
		"extends: consistency\neither: {advisor: adviser}", "extends: metric\nformula: words\ncondition: '> 3'",
		"extends: occurrence\nscope: raw\nmax: 1\ntoken: customer", "extends: conditional\nfirst: '[A-Z]{3}'\nsecond: '\\(([A-Z]{3})\\)'",
	} {
		r := rule(t, src+"\nmessage: '%s'")
		r.ID = fmt.Sprint("House/", i)
		rules = append(rules, r)
	}
	show := func(r lint.Result) string {
		s := ""
		for _, d := range r.Diagnostics {
			s += fmt.Sprintf("%d-%d %s %s; ", d.Span.Start, d.Span.End, d.Rule.ID, d.Message)
		}
		return s
	}
	whole := show(lint.Run(rules, lint.Pieces(prose.Parse(text)), lint.Options{}))
	cut := show(lint.Run(rules, func(yield func(lint.Piece) bool) {
		base := 0
		for part := range strings.SplitAfterSeq(text, "\n\n") {
			yield(lint.Piece{Text: prose.Parse(part), Base: base})
			base += len(part)
		}
	}, lint.Options{}))
	want := "0-0 House/1 25.00; 30-37 House/0 adviser; 43-51 House/2 %s; 67-70 House/3 WHO; 115-122 House/0 adviser; "
	if whole != want || cut != want {
		t.Errorf("got\n%s\n%s\nwant\n%s", whole, cut, want)
	}
}

func TestConfig(t *testing.T) {
	const src = `# comment
StylesPath = "ci/styles"
MinAlertLevel = warning
Vocab = Base
Packages = Google
[formats]
mdx = md
[*]
BasedOnStyles = Vale, A
A.Hint = error
Vale.Spelling = NO
[*.{md,txt}]
BasedOnStyles = A, B
A.Off = NO
[docs/*.md]
C.One = YES
B.Rule = suggestion
`
	c, notes, err := ReadConfig(".vale.ini", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	if got := notes.Error(); got != ".vale.ini:4: Vocab is not followed\n.vale.ini:9: Vale's own style is left out: spelling and vocabularies are not checked" {
		t.Errorf("notes %s", got)
	}
	if c.StylesPath != "ci/styles" || strings.Join(c.Styles(), " ") != "A B C" {
		t.Errorf("got %+v", c)
	}
	all := []*lint.Rule{
		{ID: "A/Hint", Severity: lint.Hint}, {ID: "A/Other", Severity: lint.Hint}, {ID: "A/Off", Severity: lint.Error},
		{ID: "B/Rule", Severity: lint.Warning}, {ID: "C/One", Severity: lint.Warning}, {ID: "C/Two", Severity: lint.Error},
	}
	for file, want := range map[string]string{
		"a.html":      "A/Hint=error A/Off=error ",
		"sub/a.md":    "A/Hint=error B/Rule=warning ",
		"docs/x/a.md": "A/Hint=error C/One=warning ",
	} {
		got := ""
		for _, r := range c.For(file, all) {
			got += r.ID + "=" + r.Severity.String() + " "
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", file, got, want)
		}
	}
	if all[0].Severity != lint.Hint {
		t.Error("a rule was changed")
	}
	_, _, err = ReadConfig("v", []byte("MinAlertLevel = bad\nnonsense\n[*.md\n[*.md]\nA.b = maybe\n[[z-a]]"))
	if err == nil || err.Error() != "v:1: unknown level \"bad\"\nv:2: line is neither [section] nor key = value\nv:3: header is not closed\nv:5: A.b is \"maybe\"\nv:6: \"[z-a]\" is no pattern of file names" {
		t.Errorf("got %v", err)
	}
}

// TestConfigAsWritten checks what people write in .vale.ini besides.
func TestConfigAsWritten(t *testing.T) {
	const src = "StylesPath = 'my styles' # where they are\nMinAlertLevel = warning ; or suggestion\n" +
		"[*.{md,mdx}] # texts\nBasedOnStyles = A, \\\n  B # both\nA.One = NO\t# not ours, \\ and never\nB.Two: error\n# more = A \\\n" +
		"[*.txt]\nBasedOnStyles = A\n[*.{md,mdx}]\nBasedOnStyles = C#1\nBasedOnStyles = # none\n"
	c, notes, err := ReadConfig("f", []byte(src))
	if err != nil || len(notes) > 0 {
		t.Fatal(err, notes)
	}
	if c.StylesPath != "my styles" || c.Least != lint.Warning || strings.Join(c.Styles(), "|") != "A|B|C#1" {
		t.Errorf("got %+v, styles %q", c, c.Styles())
	}
	all := []*lint.Rule{
		{ID: "A/One", Severity: lint.Error}, {ID: "A/Two", Severity: lint.Error}, {ID: "B/Two", Severity: lint.Hint}, {ID: "C#1/One", Severity: lint.Error},
	}
	if got := idsOf(c.For("a.mdx", all)); got != "A/Two B/Two C#1/One" {
		t.Errorf("got %s", got)
	}
	if got := idsOf(c.For("a.txt", all)); got != "A/One A/Two" {
		t.Errorf("got %s", got)
	}
}

func FuzzReadRule(f *testing.F) {
	for _, seed := range []string{
		"extends: existence\nmessage: '%s'\nraw: ['a']\ntokens: [b, '(?=x)y']\nexceptions: [c d]",
		"extends: substitution\nmessage: '%s'\nignorecase: true\naction: {name: replace}\nswap: {'(a)b': '$1', c: 'd|e'}",
		"extends: occurrence\nmessage: x\nscope: [raw, sentence]\nmax: 1\ntoken: '\\w'",
		"extends: repetition\nmessage: x\nalpha: true\ntokens: ['\\w+']\naction: {name: edit, params: [truncate, ' ']}",
		"extends: consistency\nmessage: x\neither: {a: b}", "extends: conditional\nmessage: x\nfirst: a\nsecond: (b)",
		"extends: capitalization\nmessage: x\nmatch: $title\nexceptions: [a b]", "extends: capitalization\nmessage: x\nmatch: $sentence",
		"extends: metric\nmessage: '%s'\nformula: math.sqrt(words / -sentences) + list\ncondition: '> 3 || words < 2'",
		"a: &a [*a, *a]\nextends: *a",
	} {
		f.Add(seed, "Aab the the b café. A B, c d!\n\n- xy\n\n# a B\n\nb")
	}
	f.Fuzz(func(t *testing.T, src, text string) {
		if len(text) > 2000 {
			return
		}
		began := time.Now()
		r, _, err := ReadRule("House/Fuzz", "f", []byte(src))
		var list problem.List
		if err != nil && !errors.As(err, &list) {
			t.Fatalf("not a list: %v", err)
		}
		if r != nil {
			for _, d := range lint.Run([]*lint.Rule{r}, lint.Pieces(prose.Parse(text)), lint.Options{}).Diagnostics {
				if d.Span.Start < 0 || d.Span.End > len(text) || d.Span.Start > d.Span.End {
					t.Fatalf("span %v of %d bytes", d.Span, len(text))
				}
			}
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Fatalf("took %s", took)
		}
	})
}

func FuzzReadConfig(f *testing.F) {
	f.Add("StylesPath = a\n[*.{md,txt}]\nBasedOnStyles = A, Vale\nA.b = NO")
	f.Fuzz(func(t *testing.T, src string) {
		c, _, err := ReadConfig("f", []byte(src))
		var list problem.List
		if err != nil && !errors.As(err, &list) {
			t.Fatalf("not a list: %v", err)
		}
		if c != nil {
			c.For("a/b.md", []*lint.Rule{{ID: "A/b", Severity: lint.Hint}})
		}
	})
}
