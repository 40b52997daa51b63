package markdown

import (
	"slices"
	"strings"
	"testing"
)

func TestFileNames(t *testing.T) {
	for _, c := range []struct{ id, want string }{
		{"", "report.md"},
		{"acme", "acme.md"},
		{"Acme & Sons, Ltd.", "Acme-Sons-Ltd.md"},
		{"../../etc/passwd", "etc-passwd.md"},
		{".hidden", "hidden.md"},
		{`C:\x`, "C-x.md"},
		{"con", "client-con.md"},
		{"LPT1.x", "client-LPT1.x.md"},
		{"com10", "com10.md"},
		{"Hôtel", "Hôtel.md"},
		{"Ho\u0302tel", "Hotel.md"}, // a combining accent
		{"株式会社", "株式会社.md"},
		{"///", "client.md"},
		{"line\nfeed", "line-feed.md"},
	} {
		if got := fileNames([]string{c.id})[c.id]; got != c.want {
			t.Errorf("%q is written to %q, want %q", c.id, got, c.want)
		}
	}
}

func TestFileNamesAreUnique(t *testing.T) {
	long := strings.Repeat("x", 300)
	ids := []string{"", "report", "REPORT", "acme", "ACME", "a b", "a/b", "a-b", "!", "?", long + "1", long + "2"}
	names := fileNames(ids)
	seen := map[string]string{}
	for id, name := range names {
		folded := strings.ToLower(name)
		if other, ok := seen[folded]; ok {
			t.Errorf("%q and %q are both written to %q", id, other, name)
		}
		seen[folded] = id
		if len(name) > 150 {
			t.Errorf("%q is %d bytes long", name, len(name))
		}
	}
	// A name does not depend on the order of the clients.
	slices.Reverse(ids)
	for id, name := range fileNames(ids) {
		if names[id] != name {
			t.Errorf("%q is written to %q or %q", id, names[id], name)
		}
	}
}
