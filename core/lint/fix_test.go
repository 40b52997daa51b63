package lint

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/prose"
)

// replace makes a diagnostic with a safe fix for the n-th place of old in text.
func replace(text, old string, n int, replacement string) Diagnostic {
	at := -1
	for range n {
		at += 1 + strings.Index(text[at+1:], old)
	}
	return Diagnostic{Rule: &Rule{ID: "a/a"}, Span: prose.Span{Start: at, End: at + len(old)}, Fix: &Fix{Replacement: replacement, Safe: true}}
}

func TestApply(t *testing.T) {
	const text = "We leverage synergies & leverage them very well."
	unsafe := replace(text, "We", 1, "They")
	unsafe.Fix.Safe = false
	bare := replace(text, "them", 1, "x")
	bare.Fix = nil
	whole := replace(text, "W", 1, "x")
	whole.Span = prose.Span{}
	beyond := replace(text, "well.", 1, "x")
	beyond.Span.End++
	for _, test := range []struct {
		name  string
		fixes []Diagnostic
		want  string
		skips string
	}{
		{"none", nil, text, ""},
		{"not asked for", []Diagnostic{unsafe, bare}, text, ""},
		{"two", []Diagnostic{replace(text, "leverage", 1, "use"), replace(text, "leverage", 2, "useful")}, "We use synergies & useful them very well.", ""},
		{"overlap", []Diagnostic{replace(text, "leverage synergies", 1, "work"), replace(text, "synergies", 1, "x"), replace(text, "& ", 1, "and ")},
			"We work and leverage them very well.", "12 another fix changes the same words; "},
		{"touching", []Diagnostic{replace(text, "We", 1, "They"), replace(text, " ", 1, "_")}, "They_leverage synergies & leverage them very well.", ""},
		{"out of order", []Diagnostic{replace(text, "well", 1, "good"), replace(text, "We", 1, "They")}, "They leverage synergies & leverage them very good.", ""},
		{"delete", []Diagnostic{replace(text, "We", 1, ""), replace(text, "very", 1, "")}, "leverage synergies & leverage them well.", ""},
		{"delete at the end", []Diagnostic{replace(text, "well", 1, "")}, "We leverage synergies & leverage them very .", ""},
		{"deleted space is taken", []Diagnostic{replace(text, "very", 1, ""), replace(text, " well", 1, " x")}, "We leverage synergies & leverage them well.", "42 another fix changes the same words; "},
		{"no place", []Diagnostic{whole, beyond}, text, "0 the words have no place of their own in the file; 43 the words have no place of their own in the file; "},
	} {
		f := Apply(Source{Bytes: []byte(text), Text: text}, test.fixes)
		skips := ""
		for _, s := range f.Skipped {
			skips += fmt.Sprintf("%d %s; ", s.Diagnostic.Span.Start, s.Reason)
		}
		if string(f.Bytes) != test.want || skips != test.skips {
			t.Errorf("%s: got %q, %s; want %q, %s", test.name, f.Bytes, skips, test.want, test.skips)
		}
		safe := 0
		for _, d := range test.fixes {
			if d.Fix != nil && d.Fix.Safe {
				safe++
			}
		}
		if len(f.Applied)+len(f.Skipped) != safe {
			t.Errorf("%s: %d applied, %d skipped of %d", test.name, len(f.Applied), len(f.Skipped), safe)
		}
	}
}

func TestApplyThroughMarkup(t *testing.T) {
	// The second "great" has a tag within, "great" and "Q&A" follow an entity.
	const source = "<p>We leverage <b>gr</b>eat&nbsp;Q&amp;A and great care</p>"
	const text = "We leverage great Q&A and great care"
	at := map[int]int{}
	for _, part := range []struct {
		words, markup string
		from          int
	}{{"We leverage ", "We leverage ", 0}, {"gr", "gr", 12}, {"eat", "eat", 14}, {"Q", "Q", 18}, {"A and great care", "A and great care", 20}} {
		where := strings.Index(source, part.markup)
		for i := range part.words {
			at[part.from+i] = where + i
		}
	}
	at[19] = strings.Index(source, "&amp;")
	src := Source{
		Bytes:  []byte(source),
		Text:   text,
		Escape: func(s string) string { return strings.ReplaceAll(s, "&", "&amp;") },
		At: func(i int) int {
			if where, ok := at[i]; ok {
				return where
			}
			return -1
		},
	}
	f := Apply(src, []Diagnostic{
		replace(text, "leverage", 1, "use & love"), replace(text, "great", 1, "good"), replace(text, "great Q", 1, "good Q"),
		replace(text, " Q", 1, "x"), replace(text, "Q&A", 1, "questions"), replace(text, "great", 2, "good"),
	})
	if want := "<p>We use &amp; love <b>gr</b>eat&nbsp;Q&amp;A and good care</p>"; string(f.Bytes) != want {
		t.Errorf("got  %s\nwant %s", f.Bytes, want)
	}
	got := ""
	for _, s := range f.Skipped {
		got += s.Diagnostic.Span.In(text) + ":" + fmt.Sprint(uint8(s.Reason)) + " "
	}
	if got != "great:2 great Q:2  Q:1 Q&A:2 " || len(f.Applied) != 2 {
		t.Errorf("skipped %q, applied %d", got, len(f.Applied))
	}
}

// TestDiffIsTakenByTools applies diffs with the tools that people have.
func TestDiffIsTakenByTools(t *testing.T) {
	long := strings.Repeat("We care.\nWe serve.\n", 30)
	cases := []struct{ name, before, after string }{
		{"a.md", "We leverage it.\n", "We use it.\n"},
		{"no end.txt", "one\ntwo\nthree\nfour\nWe leverage it.", "one\ntwo\nthree\nfour\nWe use it."},
		{"crlf.txt", "one\r\nleverage\r\nthree\r\n", "one\r\nuse\r\nthree\r\n"},
		{"long.md", long + "leverage\n" + long + "leverage", long + "use\n" + long + "use"},
		{"gone.md", "x", ""},
		{"new end.md", "x", "x\n"},
		{"ünï.md", "x\n", "y\n"},
	}
	for _, tool := range [][]string{{"patch", "-p1", "-s"}, {"git", "apply", "-p1"}} {
		if _, err := exec.LookPath(tool[0]); err != nil {
			t.Logf("%s is not there", tool[0])
			continue
		}
		for _, test := range cases {
			dir := t.TempDir()
			path := filepath.Join(dir, test.name)
			if err := os.WriteFile(path, []byte(test.before), 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(tool[0], tool[1:]...)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir))
			if tool[0] == "patch" {
				cmd.Args = append(cmd.Args, "--binary")
			}
			text := Diff(test.name, []byte(test.before), []byte(test.after))
			cmd.Stdin = bytes.NewReader(text)
			out, err := cmd.CombinedOutput()
			got, _ := os.ReadFile(path)
			if err != nil || string(got) != test.after {
				t.Errorf("%s, %s: %v: %s\n%s", tool[0], test.name, err, out, text)
			}
		}
	}
}

func TestDiffText(t *testing.T) {
	if got := Diff("a", []byte("x"), []byte("x")); got != nil {
		t.Errorf("got %q for no change", got)
	}
	got := string(Diff("dir/my \"file\"\n.md", []byte("1\n2\n3\n4\n5\n6\n7"), []byte("1\n2\n3\n4\nfive\n6\n7")))
	want := "--- \"a/dir/my \\\"file\\\"\\012.md\"\n+++ \"b/dir/my \\\"file\\\"\\012.md\"\n@@ -2,6 +2,6 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n\\ No newline at end of file\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := string(Diff("my file", []byte("a\n"), []byte("b\n"))); !strings.HasPrefix(got, "--- a/my file\t\n+++ b/my file\t\n@@") {
		t.Errorf("got %q", got)
	}
}
