package lint

import (
	"fmt"
	"iter"
	"reflect"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// wordRule reports each place of a word.
func wordRule(id, word string) *Rule {
	return &Rule{ID: id, Severity: Warning, Check: func(p *Pass) {
		for i, w := range p.Text.Words {
			if strings.EqualFold(p.Text.Word(i), word) {
				p.Report(w.Span, "%q", p.Text.Word(i))
			}
		}
	}}
}

// pieces cuts a text into paragraphs, at empty lines.
func pieces(text string) iter.Seq[Piece] {
	return func(yield func(Piece) bool) {
		base := 0
		for part := range strings.SplitAfterSeq(text, "\n\n") {
			if !yield(Piece{prose.Parse(part), base}) {
				return
			}
			base += len(part)
		}
	}
}

func show(list []Diagnostic) string {
	var b strings.Builder
	for _, d := range list {
		fmt.Fprintf(&b, "%d-%d %s %s\n", d.Span.Start, d.Span.End, d.Rule.ID, d.Message)
	}
	return b.String()
}

func TestRunOrdersAndDropsEqualOnes(t *testing.T) {
	text := "We serve. We care.\n\nThey serve us, and we serve."
	twice := wordRule("b/twice", "serve")
	check := twice.Check
	twice.Check = func(p *Pass) { check(p); check(p) }
	wide := &Rule{ID: "a/sentence", Severity: Hint, Check: func(p *Pass) {
		for i := len(p.Text.Sentences) - 1; i >= 0; i-- {
			p.Report(p.Text.Sentences[i].Span, "sentence")
		}
	}}
	whole := &Rule{ID: "z/whole", Severity: Error,
		Check: func(p *Pass) { *PerText(p, "sentences", func() *int { return new(int) }) += len(p.Text.Sentences) },
		Whole: func(p *Pass) {
			if p.Text != nil || p.Base() != 0 {
				t.Error("Whole sees a piece")
			}
			p.Report(prose.Span{}, "%d sentences", *PerText(p, "sentences", func() *int { return new(int) }))
			p.Report(prose.Span{Start: 3, End: 8}, "first verb")
		}}
	late := &Rule{ID: "z/late", Severity: Hint, Check: func(p *Pass) {
		if p.Base() > 0 {
			p.Report(prose.Span{Start: 2, End: 2}, "empty")
		}
	}}
	for range 3 { // nothing stays from one run to the next
		got := show(Run([]*Rule{whole, twice, wide, late}, pieces(text), Options{}).Diagnostics)
		want := `0-0 z/late empty
0-0 z/whole 3 sentences
0-9 a/sentence sentence
3-8 b/twice "serve"
3-8 z/whole first verb
10-18 a/sentence sentence
20-48 a/sentence sentence
25-30 b/twice "serve"
42-47 b/twice "serve"
`
		if got != want {
			t.Fatalf("got\n%swant\n%s", got, want)
		}
	}
}

func TestRunLimits(t *testing.T) {
	text := strings.Repeat("We serve and serve.\n\n", 5)
	both := wordRule("a/both", "serve")
	both.Whole = func(p *Pass) {
		p.Report(prose.Span{}, "whole")
		p.Report(prose.Span{}, "whole")
	}
	var quotes []string
	got := Run([]*Rule{both, wordRule("b/we", "we")}, pieces(text), Options{
		PerRule:  4,
		Suppress: func(d Diagnostic) bool { return d.Span.Start == 3 },
		Accept: func(d Diagnostic, quote string) bool {
			quotes = append(quotes, quote)
			return d.Span.Start == 0 && d.Span.End == 2
		},
	})
	// 10 serves: 1 suppressed; and the whole text.
	want := "0-0 a/both whole\n13-18 a/both \"serve\"\n21-23 b/we \"We\"\n24-29 a/both \"serve\"\n34-39 a/both \"serve\"\n42-44 b/we \"We\"\n63-65 b/we \"We\"\n84-86 b/we \"We\"\n"
	if s := show(got.Diagnostics); s != want {
		t.Errorf("got\n%swant\n%s", s, want)
	}
	for _, m := range []struct {
		name      string
		got, want map[string]int
	}{
		{"more", got.More, map[string]int{"a/both": 6}},
		{"suppressed", got.Suppressed, map[string]int{"a/both": 1}},
		{"accepted", got.Accepted, map[string]int{"b/we": 1}},
	} {
		if !reflect.DeepEqual(m.got, m.want) {
			t.Errorf("%s: %v, want %v", m.name, m.got, m.want)
		}
	}
	if want := "serve We serve serve We"; strings.Join(quotes[:5], " ") != want || quotes[len(quotes)-1] != "" {
		t.Errorf("quotes %q", quotes)
	}
	if r := Run([]*Rule{wordRule("b/we", "we")}, pieces(strings.Repeat("We. ", 101)), Options{}); len(r.Diagnostics) != 100 || r.More["b/we"] != 1 || r.Suppressed != nil {
		t.Errorf("default limit: %d, more %v", len(r.Diagnostics), r.More)
	}
}

// TestRunAcceptsEqualOnesOnce checks that a baseline's count is not used up by
// a rule that says the same twice.
func TestRunAcceptsEqualOnesOnce(t *testing.T) {
	rule := wordRule("a/we", "we")
	check := rule.Check
	rule.Check = func(p *Pass) { check(p); check(p) }
	asked := 0
	got := Run([]*Rule{rule}, pieces("We and we."), Options{Accept: func(Diagnostic, string) bool { asked++; return asked == 1 }})
	if asked != 2 || got.Accepted["a/we"] != 1 || len(got.Diagnostics) != 1 {
		t.Errorf("asked %d times, accepted %v, listed %d", asked, got.Accepted, len(got.Diagnostics))
	}
}

func TestRunSharesAndFails(t *testing.T) {
	made := 0
	rule := func(id string) *Rule {
		return &Rule{ID: id, Severity: Hint, Check: func(p *Pass) {
			n := PerPiece(p, "n", func() int { made++; return made })
			if p.Facts != "facts" {
				t.Error("no facts")
			}
			p.Fail(problem.Problem{File: "house.toml", What: fmt.Sprintf("piece %d", n)})
		}}
	}
	got := Run([]*Rule{rule("a/a"), rule("a/b")}, pieces("One.\n\nTwo."), Options{Facts: "facts"})
	if made != 2 {
		t.Errorf("made %d times for 2 pieces", made)
	}
	if err := got.Failed.Error(); err != "house.toml: piece 1\nhouse.toml: piece 1" {
		t.Error(err)
	}
}

func TestRunLetsPanicsThrough(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a panic was swallowed")
		}
	}()
	Run([]*Rule{{ID: "a/a", Check: func(*Pass) { panic("broken") }}}, pieces("One."), Options{})
}

func TestExamplesOfRules(t *testing.T) {
	rule := wordRule("a/we", "we")
	rule.Examples = Examples{Bad: []string{"We serve.", "They serve."}, Good: []string{"They serve.", "So we serve."}}
	var got []string
	for _, f := range TestExamples(rule, Plain) {
		got = append(got, f.String())
	}
	if want := "a/we: nothing found in bad example 2; a/we: \"we\", in good example 2"; strings.Join(got, "; ") != want {
		t.Errorf("got %q", got)
	}
	rule.Check = func(p *Pass) { p.Fail(problem.Problem{What: "too long"}) }
	if f := TestExamples(rule, Plain); len(f) != 4 || f[3].String() != "a/we: example could not be looked at: too long" {
		t.Errorf("got %v", f)
	}
}
