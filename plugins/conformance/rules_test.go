package conformance

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite docs/plugin-rules.md")

const pagePath = "../../docs/plugin-rules.md"

// head and foot are what the page says around the rules.
const head = `# What an exporter must do

An exporter is a program that firstcall starts, hands records to and stops. It
can be written in any language: by hand on
[exporter.proto](../plugins/exporterpb/exporter.proto), which says how the two
talk, in Go with the kit in plugins/sdk, or as a script behind the bridge (see
[plugins](plugins.md)). Whichever way, these are the rules. The kit and the
bridge keep most of them for you.

    firstcall plugin test ./my-exporter

starts the exporter many times and tries every rule below that can be seen from
outside. It tells for each fault the number of the rule, what was seen and what
to do. A rule's number never changes and is never used again.

A run of the test needs no network of its own, takes some ten seconds for a fast
program, and leaves nothing running. Exporters of files write nothing. One that
writes to a target of its own is given made-up records of clients whose ids begin
with ` + "`firstcall-test`" + `, and only with ` + "`--target ID`" + `: use a target for tests, since
nothing removes them afterwards.
`

const foot = `
## What the checks are called

| check | asks whether | rule |
| --- | --- | --- |
`

// page is docs/plugin-rules.md.
func page() []byte {
	var b bytes.Buffer
	b.WriteString(head)
	for _, g := range Rules() {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n", g.Title, g.About)
		for _, r := range g.Rules {
			fmt.Fprintf(&b, "- **%s.** %s\n", r.ID, r.Text)
			if r.Unchecked != "" {
				fmt.Fprintf(&b, "  (Not tested: %s.)\n", r.Unchecked)
			} else {
				fmt.Fprintf(&b, "  (Tested by %s.)\n", strings.Join(checksOf(r.ID), ", "))
			}
		}
	}
	b.WriteString(foot)
	for _, c := range Checks() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.ID, c.Title, c.Rule)
	}
	return b.Bytes()
}

func checksOf(rule string) []string {
	var ids []string
	for _, c := range Checks() {
		if c.Rule == rule {
			ids = append(ids, "`"+c.ID+"`")
		}
	}
	return ids
}

func TestRulesPage(t *testing.T) {
	if *update {
		if err := os.WriteFile(pagePath, page(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(pagePath)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, page()) {
		t.Errorf("%s is not what the rules are: go test ./plugins/conformance -run RulesPage -update", pagePath)
	}
}

// Every rule has checks or says why it has none, and every check has a rule.
func TestRulesAndChecks(t *testing.T) {
	seen := map[string]bool{}
	for _, g := range Rules() {
		last := 0 // numbers of rules that were added later are higher than those of the next group
		for _, r := range g.Rules {
			var n int
			if _, err := fmt.Sscanf(r.ID, "R%d", &n); err != nil || n <= last || seen[r.ID] {
				t.Errorf("rule %s comes after R%d, or a second time", r.ID, last)
			}
			last = n
			if (len(checksOf(r.ID)) == 0) != (r.Unchecked != "") {
				t.Errorf("rule %s has the checks %q, and says %q", r.ID, checksOf(r.ID), r.Unchecked)
			}
			if !strings.HasSuffix(r.Text, ".") || strings.Contains(r.Text, "\n") {
				t.Errorf("rule %s is not a sentence: %q", r.ID, r.Text)
			}
			seen[r.ID] = true
		}
	}
	ids, name := map[string]bool{}, regexp.MustCompile(`^[a-z]+\.[a-z]+(-[a-z]+)*$`)
	for _, c := range Checks() {
		switch {
		case !seen[c.Rule]:
			t.Errorf("check %s enforces %q, which is no rule", c.ID, c.Rule)
		case ids[c.ID] || !name.MatchString(c.ID):
			t.Errorf("check %q is not well named, or there are two", c.ID)
		case c.Title == "" || strings.HasSuffix(c.Title, "."):
			t.Errorf("check %s has the title %q", c.ID, c.Title)
		}
		for _, needed := range c.needs {
			if !ids[needed] {
				t.Errorf("check %s stands on %s, which does not run before it", c.ID, needed)
			}
		}
		ids[c.ID] = true
	}
	if len(ids) < 50 || len(seen) < 50 {
		t.Errorf("only %d checks and %d rules: the lists are broken", len(ids), len(seen))
	}
}
