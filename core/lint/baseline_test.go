package lint

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/problem"
)

func TestBaselineRoundTrip(t *testing.T) {
	var b Baseline
	b.Add("acme/vision", "clarity/buzzword", "world  class\nservice")
	b.Add("acme/mission", "form/length", "")
	b.Add("acme/vision", "clarity/buzzword", "world class service")
	b.Add("acme/mission", "clarity/buzzword", "synergy")
	var out bytes.Buffer
	if err := b.Write(&out); err != nil {
		t.Fatal(err)
	}
	// The hashes are those of sha256sum.
	want := `{"firstcall-baseline":1}
{"text":"acme/mission","rule":"clarity/buzzword","quote":"290abd3147a14f4d","count":1}
{"text":"acme/mission","rule":"form/length","quote":"e3b0c44298fc1c14","count":1}
{"text":"acme/vision","rule":"clarity/buzzword","quote":"349f940c6ce43913","count":2}
`
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
	lines := strings.SplitAfter(want, "\n")
	shuffled := lines[0] + lines[3] + "\r\n\n" + lines[1] + lines[2]
	read, err := ReadBaseline("b.ndjson", []byte(strings.TrimSuffix(shuffled, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if err := read.Write(&again); err != nil || again.String() != want {
		t.Errorf("read and written again: %v\n%s", err, again.String())
	}
}

func TestBaselineMatch(t *testing.T) {
	var b Baseline
	for range 2 {
		b.Add("t", "a/a", "one two")
	}
	b.Add("t", "a/b", "gone")
	b.Add("other", "a/a", "one two")
	for range 2 { // a match leaves the baseline as it is
		m := b.Match()
		var got []bool
		for _, f := range [][3]string{{"t", "a/a", " one\ttwo "}, {"t", "a/b", "One two"}, {"t", "a/a", "one two"}, {"t", "a/a", "one two"}, {"u", "a/a", "one two"}} {
			got = append(got, m.Accept(f[0], f[1], f[2]))
		}
		if fmt.Sprint(got) != "[true false true false false]" {
			t.Errorf("accepted %v", got)
		}
		stale := m.Stale(func(text, rule string) bool { return text == "t" })
		if len(stale) != 1 || stale[0] != (Entry{"t", "a/b", QuoteHash("gone"), 1}) {
			t.Errorf("stale %v", stale)
		}
		if all := m.Stale(func(string, string) bool { return true }); len(all) != 2 || all[0].Text != "other" {
			t.Errorf("stale %v", all)
		}
	}
	if (&Baseline{}).Match().Accept("t", "a/a", "x") {
		t.Error("an empty baseline accepts")
	}
}

func TestBaselineFaults(t *testing.T) {
	const head, good = `{"firstcall-baseline":1}` + "\n", `{"text":"t","rule":"a/a","quote":"0123456789abcdef","count":1}` + "\n"
	change := func(old, new string) string { return head + good + "\n" + strings.Replace(good, old, new, 1) }
	for _, test := range []struct{ name, src, want string }{
		{"empty", "\n \n", "b: file is empty"},
		{"no header", good, "b:1: file is not a baseline"},
		{"garbage", "hello", "b:1: file is not a baseline"},
		{"newer", `{"firstcall-baseline":2}`, "b:1: baseline is of version 2, this program reads 1"},
		{"older", `{"firstcall-baseline":0}`, "b:1: file is not a baseline"},
		{"twice", change("x", "x"), "b:4: same entry as in line 2"},
		{"unknown key", change(`"count"`, `"line":4,"count"`), `b:4: unknown key "line"`},
		{"type", change("1}", `"1"}`), `b:4: "count" has a wrong value`},
		{"count", change("1}", "0}"), `b:4: "count" must be 1 or more`},
		{"no count", change(`,"count":1`, ""), `b:4: "count" must be 1 or more`},
		{"fraction", change("1}", "1.5}"), `b:4: "count" has a wrong value`},
		{"no rule", change("a/a", ""), `b:4: entry has no "rule"`},
		{"short", change("0123", "012"), `b:4: "quote" must be 16 hexadecimal digits`},
		{"upper", change("abc", "ABC"), `b:4: "quote" must be 16 hexadecimal digits`},
		{"not hex", change("abc", "xyz"), `b:4: "quote" must be 16 hexadecimal digits`},
		{"cut", change("}", ""), "b:4: line is not JSON"},
		{"key twice", change(`{`, `{"rule":"a/b",`), "b:4: line is not JSON"},
		{"all", head + "x\n" + good + "y", "b:2: line is not JSON\nb:4: line is not JSON"},
	} {
		_, err := ReadBaseline("b", []byte(test.src))
		var list problem.List
		if !errors.As(err, &list) || list.Error() != test.want {
			t.Errorf("%s: got %v, want %s", test.name, err, test.want)
		}
	}
}

func FuzzReadBaseline(f *testing.F) {
	f.Add([]byte(`{"firstcall-baseline":1}` + "\n" + `{"text":"t","rule":"a/a","quote":"0123456789abcdef","count":1}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		b, err := ReadBaseline("b", src)
		if err != nil {
			return
		}
		var out, again bytes.Buffer
		if err := b.Write(&out); err != nil {
			t.Fatal(err)
		}
		b, err = ReadBaseline("b", out.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Write(&again); err != nil || !bytes.Equal(out.Bytes(), again.Bytes()) {
			t.Errorf("written %q, then %q", out.Bytes(), again.Bytes())
		}
	})
}
