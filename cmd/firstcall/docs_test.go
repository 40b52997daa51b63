package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestReferenceIsCurrent keeps docs/reference.md equal to what the program
// says of itself; -update writes it.
func TestReferenceIsCurrent(t *testing.T) {
	path := filepath.Join(root, "docs", "reference.md")
	want := reference(program())
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/reference.md is not what the program says; run go test ./cmd/firstcall -update")
	}
}

// TestFlagsAgree holds that a flag means and takes the same in every command:
// a command line is taken apart before its command is known.
func TestFlagsAgree(t *testing.T) {
	kinds, shorts := map[string]kind{}, map[string]string{}
	walk(program(), nil, func(c *command, path []string) {
		for _, o := range slices.Concat(c.options, globalOptions) {
			if k, ok := kinds[o.name]; ok && k != o.kind {
				t.Errorf("--%s of %s takes another kind of value elsewhere", o.name, strings.Join(path, " "))
			}
			kinds[o.name] = o.kind
			if o.short == "" {
				continue
			}
			if name, ok := shorts[o.short]; ok && name != o.name {
				t.Errorf("-%s is --%s and --%s", o.short, o.name, name)
			}
			shorts[o.short] = o.name
		}
	})
}

// TestEverythingIsDescribed holds that what the help is made of is there.
func TestEverythingIsDescribed(t *testing.T) {
	walk(program(), nil, func(c *command, path []string) {
		name := strings.Join(path, " ")
		if c.summary == "" || strings.HasSuffix(c.summary, ".") || strings.ToLower(c.summary[:1]) != c.summary[:1] {
			t.Errorf("%s: summary %q is not one line in lower case without a full stop", name, c.summary)
		}
		if c.run == nil && len(c.commands) == 0 {
			t.Errorf("%s does nothing", name)
		}
		for _, o := range c.options {
			if o.usage == "" || (o.takesValue() && o.value == "") {
				t.Errorf("%s --%s is not described", name, o.name)
			}
		}
		for _, e := range c.examples {
			for part := range strings.SplitSeq(e.line, "|") {
				checkExample(t, part)
			}
		}
	})
}

// checkExample holds that the flags of an example exist.
func checkExample(t *testing.T, line string) {
	t.Helper()
	line, _, _ = strings.Cut(strings.TrimSpace(line), " >")
	line = strings.TrimSuffix(strings.TrimPrefix(line, "source <("), ")")
	words := strings.Fields(strings.NewReplacer("'", "", `"`, "").Replace(line))
	if len(words) == 0 || words[0] != "firstcall" {
		t.Errorf("example %q does not begin with firstcall", line)
		return
	}
	if _, err := arrange(program(), words[1:]); err != nil {
		t.Errorf("example %q: %v", line, err)
	}
}
