package instrument_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/problem"
)

func FuzzRead(f *testing.F) {
	for _, id := range instrument.Builtins() {
		src, _ := instrument.BuiltinSource(id)
		f.Add(src)
	}
	f.Add([]byte("id = 'x'\nscale = {min = 1, max = 5}\ndimension = [{id = 'd', level = 1, item = [{id = 'a', pair = 'b'}]}]\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		in, err := instrument.Read("f.toml", src)
		var list problem.List
		switch {
		case err == nil:
			checkInvariants(t, in)
		case in != nil:
			t.Fatal("an instrument and an error")
		case !errors.As(err, &list) || len(list) == 0:
			t.Fatalf("error is a %T", err)
		}
		for _, p := range list {
			if p.What == "" || p.What[0] >= 'A' && p.What[0] <= 'Z' || strings.HasSuffix(p.What, ".") || strings.ContainsAny(p.What+p.Hint, "\n\x00\x1b") {
				t.Fatalf("badly worded: %q, hint %q", p.What, p.Hint)
			}
		}
	})
}

// checkInvariants checks what an Instrument promises to its readers.
func checkInvariants(t *testing.T, in *instrument.Instrument) {
	t.Helper()
	if in.ID == "" || in.Title == "" || in.Version == "" || in.Direction == "" || in.Policy.Missing == "" ||
		in.Policy.MinGroup < 3 || in.Policy.WeakBelow < 0 || in.Policy.WeakBelow > 100 || len(in.Dimensions) == 0 {
		t.Fatalf("incomplete: %+v", in)
	}
	if len(in.Policy.Bands) > 0 && in.Policy.Band(0) == "" {
		t.Fatal("a score of 0 has no band")
	}
	levels := map[int]bool{}
	for _, d := range in.Dimensions {
		levels[d.Level] = true
		if d.ID == "" || d.Title == "" || len(d.Items) == 0 {
			t.Fatalf("incomplete: %+v", d)
		}
		for _, it := range d.Items {
			if it.Scale.Min != d.Scale().Min || it.Scale.Max != d.Scale().Max {
				t.Fatalf("ranges differ in %s", d.ID)
			}
		}
	}
	for level := 1; in.Hierarchical() && level <= len(in.Dimensions); level++ {
		if !levels[level] {
			t.Fatalf("level %d is missing", level)
		}
	}
	seen := map[string]bool{}
	for _, it := range in.Items() {
		s := it.Scale
		if it.ID == "" || it.Text == "" || it.Type == "" || s.Min >= s.Max || seen[it.ID] || !it.Continuous && s.Options() > 1001 {
			t.Fatalf("bad item: %+v", it)
		}
		if len(s.Labels) > 0 && len(s.Labels) != s.Options() || s.FavorableSet && (s.Favorable < s.Min || s.Favorable > s.Max) {
			t.Fatalf("bad scale: %+v", s)
		}
		if slices.ContainsFunc(s.MissingCodes, func(c int) bool { return c >= s.Min && c <= s.Max }) {
			t.Fatalf("missing code is an answer: %+v", s)
		}
		seen[it.ID] = true
	}
	for _, it := range in.Items() {
		if it.Pair != "" && !seen[it.Pair] {
			t.Fatalf("pair %q is no item", it.Pair)
		}
	}
	for _, a := range in.Attributes {
		if a.ID == "" || a.Text == "" || a.Kind == "" || seen[a.ID] {
			t.Fatalf("bad attribute: %+v", a)
		}
	}
}
