package vale

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/problem"
)

// write makes files below a folder.
func write(t *testing.T, root string, files map[string]string) {
	t.Helper()
	for name, data := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func idsOf(rules []*lint.Rule) string {
	var ids []string
	for _, r := range rules {
		ids = append(ids, r.ID)
	}
	return strings.Join(ids, " ")
}

func TestOpen(t *testing.T) {
	const good = "extends: existence\nmessage: x\ntokens: [x]\n"
	root := t.TempDir()
	write(t, root, map[string]string{
		"styles/A/One.yml": good, "styles/A/more/Two.yml": good, "styles/A/.hidden.yml": "x", "styles/A/meta.json": "{}",
		"styles/B/One.yml": good, "styles/vocab.txt": "x", "styles/config/vocabularies/House/accept.txt": "x",
		"styles/.git/x.yml": "x", "styles/empty/README.md": "x",
		".vale.ini":      "StylesPath = styles\n[*]\nBasedOnStyles = A\nB.One = error\nGone.Rule = NO",
		"absolute.ini":   "StylesPath = " + filepath.Join(root, "styles") + "\n[*]\nBasedOnStyles = B",
		"misspelt.ini":   "\nStylesPath = style\n[*]\nBasedOnStyles = B",
		"outside.ini":    "StylesPath = styles\n[*]\nBasedOnStyles = ../A, AA",
		"none.ini":       "StylesPath = styles\n[*]\nBasedOnStyles = Vale",
		"broken/C/C.yml": "extends: existence", "deep/styles/A/One.yml": good,
		"both/One.yml": good, "both/sub/Two.yml": good,
	})
	for _, test := range []struct{ in, path, ids, problem, note string }{
		{".", "styles", "A/One A/Two B/One", "", ""},
		{".", "styles/", "A/One A/Two B/One", "", ""},
		{"styles", ".", "A/One A/Two B/One", "", ""},
		{"styles/A", "..", "A/One A/Two B/One", "", ""},
		{"styles/A", ".", "A/One A/Two", "", ""},
		{"styles/A", "../B", "B/One", "", ""},
		{"styles/A/more", "..", "A/One A/Two", "", ""},
		{".", "styles/A", "A/One A/Two", "", ""},
		{".", filepath.Join(root, "styles", "B"), "B/One", "", ""},
		{".", filepath.Join(root, "styles"), "A/One A/Two B/One", "", ""},
		{".", "both", "both/One both/Two", "", ""},
		{".", ".vale.ini", "A/One A/Two B/One", "", ".vale.ini: there is no style \"Gone\", what is set of its rules has no effect"},
		{"styles", "../.vale.ini", "A/One A/Two B/One", "", "../.vale.ini: there is no style \"Gone\", what is set of its rules has no effect"},
		{".", "absolute.ini", "B/One", "", ""},
		{".", "misspelt.ini", "", `misspelt.ini:2: StylesPath "style" is no folder`, ""},
		{".", "outside.ini", "", "styles/../A: style can't be read: file does not exist\nstyles/AA: style can't be read: no such file or directory", ""},
		{".", "none.ini", "", "", "none.ini:3: Vale's own style is left out: spelling and vocabularies are not checked\nnone.ini: file names no styles, nothing is checked by it"},
		{".", ".", "", `.: folder is no style; did you mean ".vale.ini"?`, ""},
		{".", "deep", "", `deep: folder is neither a style nor has any in it; did you mean "deep/styles"?`, ""},
		{".", "styles/empty", "", "styles/empty: folder is neither a style nor has any in it; a style is a folder of .yml files", ""},
		{".", "styles/A/One.yml", "", "styles/A/One.yml: file is one rule, not a .vale.ini; name the folder of its style, styles/A", ""},
		{".", "broken", "", "broken/C/C.yml:1: rule has no message", ""},
		{"broken/C", ".", "", "C.yml:1: rule has no message", ""},
	} {
		t.Chdir(filepath.Join(root, filepath.FromSlash(test.in)))
		config, rules, notes, err := Open(filepath.FromSlash(test.path), nil)
		if got := idsOf(rules); got != test.ids {
			t.Errorf("%s in %s: got rules %s, want %s", test.path, test.in, got, test.ids)
		}
		if (config != nil) != (strings.HasSuffix(test.path, ".ini") && test.path != "misspelt.ini") {
			t.Errorf("%s in %s: config %v", test.path, test.in, config)
		}
		got := ""
		var list problem.List
		if errors.As(err, &list) {
			if got = strings.ReplaceAll(list.Error(), "The system cannot find the file specified.", "no such file or directory"); len(list) == 1 && strings.Contains(test.problem, ";") {
				got += "; " + list[0].Hint
			}
		} else if err != nil {
			t.Errorf("%s in %s: not a list: %v", test.path, test.in, err)
		}
		got = strings.ReplaceAll(got, root, "")
		if filepath.ToSlash(got) != test.problem {
			t.Errorf("%s in %s: got\n%s\nwant\n%s", test.path, test.in, got, test.problem)
		}
		if got := filepath.ToSlash(notes.Error()); got != test.note {
			t.Errorf("%s in %s: got note %s, want %s", test.path, test.in, got, test.note)
		}
	}
	t.Chdir(root)
	if _, _, _, err := Open("nowhere", nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if _, _, _, err := Open("styles", []string{"B/One"}); err == nil || filepath.ToSlash(err.Error()) != `styles/B/One.yml: there is a rule "B/One" already` {
		t.Errorf("got %v", err)
	}
}

// TestLinkedStyle checks that a style may be a link to its folder.
func TestLinkedStyle(t *testing.T) {
	root := t.TempDir()
	write(t, root, map[string]string{"shared/One.yml": "extends: existence\nmessage: x\ntokens: [x]", "styles/readme.txt": "x"})
	if err := os.Symlink(filepath.Join(root, "shared"), filepath.Join(root, "styles", "House")); err != nil {
		t.Skip("no links here:", err)
	}
	for _, path := range []string{"styles", "styles/House"} {
		if _, rules, _, err := Open(filepath.Join(root, path), nil); err != nil || idsOf(rules) != "House/One" {
			t.Errorf("%s: got %s, %v", path, idsOf(rules), err)
		}
	}
}
