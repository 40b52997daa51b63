package vale

import (
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
)

// checkStarts checks that a pattern's matches are those that the engine finds
// when it looks everywhere.
func checkStarts(t *testing.T, p *pattern, text string) {
	t.Helper()
	var got [][]int
	for at := range p.eachLinear(text) {
		if at[0] < at[1] {
			got = append(got, at)
		}
	}
	var want [][]int
	for _, at := range p.linear.FindAllStringSubmatchIndex(text, -1) {
		if at[0] < at[1] {
			want = append(want, at)
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s in %.200q:\ngot  %v\nwant %v", p.linear, text, got, want)
	}
}

func TestStarts(t *testing.T) {
	const text = "In order to go, e-mail us; Emails? No. İs ıs it? K9 \u212A9 kit \u017Fo SO so.\nAm\u00E9 ab\u00E9 abe is éis isé 10 percent, x!  Y\n is seen. aa aaa as a whole (a lot), ab ac, thethe the the"
	for _, test := range []struct {
		expression string
		known      bool
	}{
		{`(?i)\b(?:in order to|e-?mails?|is|am)\b`, true},
		{`\b(?:(?<swap0>in order to)|(?<swap1>[Ee]-?mail))\b`, true},
		{`(?i)k9|so`, true},
		{`(?i)(?:kit|sit|[kst]o)\b`, true},
		{`ab[\x{E9}x]|am\x{E9}|Am\x{E9}`, true},
		{`[\x{E9}]is|\x{E9}`, true},
		{`^is\b|^Am`, true},
		{`\Ain|(?i)\Ain`, true},
		{`(?i)\b(am|are|is)\b\s*(\w+en|seen)\b`, true},
		{`a{1,2}b?|(the)+`, true},
		{`(?:as )?a (?:lot|whole)`, true},
		{`[a-z][.?!] {2,}[A-Z]|[a-z]! {2}Y`, true},
		{`\d+ percent|,`, true},
		{`\B(?:s|e)\b`, true},
		{`(?:a|aa|aaa)+?`, true},
		{`\w+ly`, true},
		{`x*`, false},
		{`\s+so`, true},
		{`[^a]b`, false},
		{`.s`, false},
		{`(?:a|)s?`, false},
		{`a|.b`, false},
	} {
		p, err := compile(test.expression)
		if err != nil {
			t.Fatalf("%s: %v", test.expression, err)
		}
		if (p.starts != nil) != test.known {
			t.Errorf("%s: beginnings are known: %v, want %v", test.expression, p.starts != nil, test.known)
		}
		checkStarts(t, p, text)
		checkStarts(t, p, "is")
		checkStarts(t, p, "")
	}
}

// TestStartsAreNotSlow checks that a pattern without end does not look at all of
// a text from each place for long, and finds the same when it is stopped.
func TestStartsAreNotSlow(t *testing.T) {
	p, err := compile(`\ba[\s\S]*(?:z|b!)|\bc`)
	if err != nil || p.starts == nil {
		t.Fatal(err, p)
	}
	text := strings.Repeat("a ", 100_000) + "c c"
	began := time.Now()
	checkStarts(t, p, text)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
}

func FuzzStarts(f *testing.F) {
	for _, seed := range []string{`(?i)\b(?:ab|ba+|[ks]o)\b`, `a(?:b|c)*|^b`, `(?:|a)b`, `[^a]`, `a|\x{E9}`} {
		f.Add(seed, "ab ba baa\nb so \u017Fo \u212A é aé")
	}
	f.Fuzz(func(t *testing.T, expression, text string) {
		text = strings.ToValidUTF8(text, "?")
		if len(expression) > 100 || len(text) > 500 || strings.ContainsRune(text, '\uFFFD') {
			return
		}
		if _, err := regexp.Compile("(?m)" + expression); err != nil {
			return
		}
		if p, err := compile(expression); err == nil && p.linear != nil {
			checkStarts(t, p, text)
		}
	})
}
