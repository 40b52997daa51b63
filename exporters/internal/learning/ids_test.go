package learning

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestSlug(t *testing.T) {
	for name, want := range map[string]string{
		"Customer Support": "customer-support", "support": "support", " Front  Desk ": "front-desk", "2nd line": "2nd-line",
	} {
		if got := Slug(name); got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
	seen := map[string]string{}
	for _, name := range []string{"a b", "a-b", "a_b", "a/b", "ab", "é", "è", "日本", "日", "", "-", "a", strings.Repeat("a", 70), strings.Repeat("a", 71), "r&d", "r+d"} {
		slug := Slug(name)
		if other, twice := seen[slug]; twice || slug == "" || len(slug) > 60 || strings.Trim(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || strings.HasPrefix(slug, "-") {
			t.Errorf("%q: %q, as %q", name, slug, other)
		}
		seen[slug] = name
	}
}

func FuzzSlug(f *testing.F) {
	f.Add("Front Desk", "front-desk")
	f.Add("É", "e")
	f.Fuzz(func(t *testing.T, a, b string) {
		same := strings.EqualFold(strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " "))
		if utf8.ValidString(a) && utf8.ValidString(b) && !same && Slug(a) == Slug(b) && !strings.EqualFold(strings.ToLower(a), strings.ToLower(b)) {
			t.Errorf("%q and %q are both %s", a, b, Slug(a))
		}
	})
}

func TestCut(t *testing.T) {
	long := strings.Repeat("ü", 101)
	if got := Cut(long, 100); utf8.RuneCountInString(got) != 100 || !strings.HasPrefix(got, strings.Repeat("ü", 91)+"-") {
		t.Error(got)
	}
	if got := Cut(long[:200], 100); got != long[:200] {
		t.Error(got)
	}
	if Cut(long+"a", 100) == Cut(long+"b", 100) {
		t.Error("two texts are cut to the same")
	}
}
