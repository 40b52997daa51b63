package tryton

import (
	"errors"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// usual are the fields that are needed with the usual settings.
func usual(t *testing.T) []crm.Field {
	t.Helper()
	cfg := settings(t, map[string]any{"url": "https://tryton.example.org", "database": "d", "user": "u"}, "pw")
	var out []crm.Field
	for _, f := range crm.Catalog(cfg.Strings("scores")) {
		out = append(out, crm.Field{Name: fieldName(f.ID), Label: f.Label, Doc: f.Doc, Type: f.Type, Decimals: f.Decimals})
	}
	return out
}

// filesOf are the files of a module with fields.
func filesOf(t *testing.T, fields []crm.Field) map[string][]byte {
	t.Helper()
	made, err := modulePackage(fields)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, a := range made {
		if _, twice := files[a.Name]; twice || a.MediaType == "" {
			t.Errorf("%s comes twice or has no media type", a.Name)
		}
		files[a.Name] = a.Body
	}
	return files
}

// Texts can't end a text of Python's, and names must be its names.
func TestModuleWords(t *testing.T) {
	made, err := modulePackage([]crm.Field{{Name: "x", Label: `a"\b`, Doc: "c\nd", Type: crm.LineType}})
	if err != nil {
		t.Fatal(err)
	}
	const want = "    x = fields.Char(\n        \"a\\\"\\\\b\",\n        help=\"c d\")\n"
	if got := string(made[4].Body); !strings.HasSuffix(got, want) {
		t.Errorf("party.py is\n%s", got)
	}
	for _, name := range []string{"", "1x", "x-y", "X", "x y", "x=1"} {
		_, err := modulePackage([]crm.Field{{Name: name}})
		if d := new(sdk.Diagnostic); !errors.As(err, &d) || d.Code != "tryton.field" {
			t.Errorf("%q: error %v", name, err)
		}
	}
}
