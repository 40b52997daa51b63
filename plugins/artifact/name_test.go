package artifact

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestCheckName(t *testing.T) {
	good := []string{
		"report.md", "acme/report.md", "a/b/c.csv", "Übersicht 2026.md", "گزارش\u200cها.md", "console.md", "com.md", "COM10.txt",
		"nullable", "x..y", "-", strings.Repeat("a", 200),
	}
	for _, name := range good {
		if err := CheckName(name); err != nil {
			t.Errorf("CheckName(%q) = %v, want nil", name, err)
		}
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			t.Errorf("CheckName(%q) passes what is not local", name)
		}
	}
	bad := []string{
		"", "/etc/passwd", "../evil", "a/../../evil", "a/..", "..", ".", "./a", "a//b", "a/", "/", ".bashrc", ".git/hooks/pre-commit",
		`a\b`, `..\evil`, `C:\evil`, "C:evil", "c:/evil", "a:stream", "a\x00b", "a\nb", "a\x1b[31m", "a\u0085b", "a\u202eb", "a\u2028b",
		"CON", "con.txt", "nul", "NUL.tar.gz", "a/aux.md", "com1", "LPT9.log", "COM¹.txt", "conin$", "prn .txt",
		"trailing.", "trailing ", " leading", "a./b", "what?", "a*b", `a"b`, "a<b", "a>b", "a|b", "bad\xff",
		strings.Repeat("a", 201), strings.Repeat("abcd/", 51) + "a",
	}
	for _, name := range bad {
		if CheckName(name) == nil {
			t.Errorf("CheckName(%q) = nil, want an error", name)
		}
	}
}

// Whatever passes stays below the folder it is written to, on every system.
func FuzzCheckName(f *testing.F) {
	for _, s := range []string{"a/b.md", "../x", "a/./b", "CON.x", `a\b`, "a:b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if CheckName(name) != nil {
			return
		}
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			t.Fatalf("%q is not local", name)
		}
		below := filepath.Join("/base", filepath.FromSlash(name))
		if !strings.HasPrefix(below, "/base/") || below != "/base/"+name {
			t.Fatalf("%q leads to %q", name, below)
		}
		if strings.ContainsAny(name, "\\:\x00\n\x1b") {
			t.Fatalf("%q means something else elsewhere", name)
		}
	})
}
