package crm

import (
	"regexp"
	"testing"
)

func TestMarkInText(t *testing.T) {
	m := markOf("inn/plan/three", "priority/care", "title", "", "body")
	if !regexp.MustCompile(`^firstcall-[0-9a-f]{20}-[0-9a-f]{8}$`).MatchString(m.String()) {
		t.Fatal(m)
	}
	if m.Prefix()+m.Content != m.String() {
		t.Errorf("prefix %s of %s", m.Prefix(), m)
	}
	for _, text := range []string{m.String(), "<p>Text.</p><p><small>" + m.String() + "</small></p>", "a\n" + m.String() + "\nb"} {
		if got, ok := FindMark(text); !ok || got != m {
			t.Errorf("in %q: %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "firstcall-1234-5678", "firstcall-" + m.ID, m.String()[1:]} {
		if got, ok := FindMark(text); ok {
			t.Errorf("in %q: %v", text, got)
		}
	}
	if escaped := escapeMarkdown(m.String()); escaped != m.String() {
		t.Errorf("as Markdown it is %s", escaped)
	}
}

func TestMarksDiffer(t *testing.T) {
	seen := map[Mark]bool{}
	for _, m := range []Mark{
		markOf("a", "", "x"), markOf("a", "b", "x"), markOf("ab", "", "x"), markOf("", "ab", "x"), markOf("", "a", "x"), markOf("b", "a", "x"),
		markOf("a", "", "x", ""), markOf("a", "", "", "x"), markOf("a", ""), markOf("a", "", ""),
	} {
		if seen[m] {
			t.Errorf("%v comes twice", m)
		}
		seen[m] = true
	}
	// As it stands in CRMs: another mark would make every note and task anew. The parts are
	// hashed (SHA-256) one by one, and their hashes together.
	if got, want := markOf("inn/assessment/three/2026-q3", "", "t", "d", "b").String(), "firstcall-7bc4a2657160ca59a66c-a8c50a86"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
