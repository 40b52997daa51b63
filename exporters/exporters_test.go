package exporters

import (
	"slices"
	"testing"
)

// The table is read where no exporter is started, so it must agree with what
// the exporters say of themselves.
func TestAllAgreesWithInfo(t *testing.T) {
	var names []string
	for _, b := range All() {
		info := b.New().Info()
		if info.Name != b.Name || info.Summary != b.Summary {
			t.Errorf("%q, %q in the table; %q, %q in Info", b.Name, b.Summary, info.Name, info.Summary)
		}
		if got, ok := Find(b.Name); !ok || got.Summary != b.Summary {
			t.Errorf("Find(%q) does not find it", b.Name)
		}
		names = append(names, b.Name)
	}
	if !slices.IsSorted(names) || len(slices.Compact(names)) != len(All()) {
		t.Errorf("names are not in order or not unique: %q", names)
	}
	if _, ok := Find("markdwn"); ok {
		t.Error("Find finds a name that is not there")
	}
}
