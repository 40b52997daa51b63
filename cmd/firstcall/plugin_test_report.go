package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/firstcall-cli/firstcall/cmd/firstcall/render"
	"github.com/firstcall-cli/firstcall/plugins/conformance"
)

// testReport writes what came of a test in the form that the user wants. end is
// why the test was not led to its end; nil when it was.
func testReport(in *invocation, report *conformance.Report, end error) string {
	format := in.text("format")
	switch {
	case format == "json":
		return testJSON(report, end)
	case format == "tap", format == "" && !in.outTerminal:
		return testTAP(report, end)
	}
	return testTable(report)
}

// testedLine says what was tested.
func testedLine(report *conformance.Report) string {
	switch {
	case report.Name == "":
		return ""
	case report.Files:
		return fmt.Sprintf("%s %s makes files", report.Name, report.Version)
	case report.Target == "":
		return fmt.Sprintf("%s %s", report.Name, report.Version)
	}
	return fmt.Sprintf("%s %s writes to %s", report.Name, report.Version, report.Target)
}

// statusColumn is what a status is called in the table: what needs the user
// stands out.
var statusColumn = map[conformance.Status]string{
	conformance.Passed: "ok", conformance.Failed: "FAILED", conformance.Skipped: "skipped", conformance.NotRun: "NOT RUN",
}

// testTable is for people.
func testTable(report *conformance.Report) string {
	var b strings.Builder
	if line := testedLine(report); line != "" {
		fmt.Fprintf(&b, "%s\n\n", render.Printable(line))
	}
	const line, more = "%-7s  %-21s  %s\n", "         "
	for _, r := range report.Results {
		if r.Status == conformance.Skipped || r.Status == conformance.NotRun {
			continue // told together below
		}
		fmt.Fprintf(&b, line, statusColumn[r.Status], r.Check.ID, r.Check.Title)
		if r.Status == conformance.Failed {
			rule, _ := conformance.RuleOf(r.Check.Rule)
			fmt.Fprintf(&b, more+"%s: %s\n", rule.ID, rule.Text)
		}
		for _, said := range []struct{ label, text string }{{"seen: ", r.Seen}, {"hint: ", r.Hint}, {"note: ", r.Note}} {
			if said.text != "" {
				fmt.Fprintf(&b, more+"%s%s\n", said.label, render.Printable(said.text))
			}
		}
		for _, line := range r.Printed {
			fmt.Fprintf(&b, more+"printed: %s\n", render.Printable(line))
		}
	}
	for _, status := range []conformance.Status{conformance.NotRun, conformance.Skipped} {
		for _, s := range together(report, status) {
			fmt.Fprintf(&b, line, statusColumn[status], s.what, render.Printable(s.why))
			if s.hint != "" {
				fmt.Fprintf(&b, more+"hint: %s\n", render.Printable(s.hint))
			}
		}
	}
	fmt.Fprintf(&b, "\n%d passed, %d failed, %d skipped, %d not run\n", report.Count(conformance.Passed),
		report.Count(conformance.Failed), report.Count(conformance.Skipped), report.Count(conformance.NotRun))
	return b.String()
}

// silent is why some checks said nothing.
type silent struct{ what, why, hint string }

// together tells once why several checks ended so.
func together(report *conformance.Report, status conformance.Status) []silent {
	ids := map[silent][]string{}
	var reasons []silent
	for _, r := range report.Results {
		if r.Status != status {
			continue
		}
		why := silent{why: r.Seen, hint: r.Hint}
		if ids[why] == nil {
			reasons = append(reasons, why)
		}
		ids[why] = append(ids[why], r.Check.ID)
	}
	for i, why := range reasons {
		reasons[i].what = ids[why][0]
		if n := len(ids[why]); n > 1 {
			reasons[i].what = count(n, "check")
		}
	}
	return reasons
}

// testTAP is version 14 of the Test Anything Protocol, which harnesses of many
// languages read. What could not be run is not ok.
func testTAP(report *conformance.Report, end error) string {
	var b strings.Builder
	fmt.Fprintf(&b, "TAP version 14\n1..%d\n", len(report.Results))
	if line := testedLine(report); line != "" {
		fmt.Fprintf(&b, "# %s\n", render.Printable(line))
	}
	for i, r := range report.Results {
		word := "ok"
		if r.Status == conformance.Failed || r.Status == conformance.NotRun {
			word = "not ok"
		}
		fmt.Fprintf(&b, "%s %d - %s: %s", word, i+1, r.Check.ID, inTAP(r.Check.Title))
		if r.Status == conformance.Skipped {
			fmt.Fprintf(&b, " # SKIP %s\n", inTAP(r.Seen))
			continue
		}
		b.WriteString("\n")
		if r.Status == conformance.Passed {
			if r.Note != "" {
				fmt.Fprintf(&b, "  # note: %s\n", render.Printable(r.Note))
			}
			continue
		}
		rule, _ := conformance.RuleOf(r.Check.Rule)
		fmt.Fprintf(&b, "  ---\n  status: %s\n  rule: %s\n  sentence: %s\n  seen: %s\n", r.Status, rule.ID, inYAML(rule.Text), inYAML(r.Seen))
		if r.Hint != "" {
			fmt.Fprintf(&b, "  hint: %s\n", inYAML(r.Hint))
		}
		if r.Note != "" {
			fmt.Fprintf(&b, "  note: %s\n", inYAML(r.Note))
		}
		if len(r.Printed) > 0 {
			b.WriteString("  printed:\n")
		}
		for _, line := range r.Printed {
			fmt.Fprintf(&b, "    - %s\n", inYAML(line))
		}
		b.WriteString("  ...\n")
	}
	if end != nil {
		fmt.Fprintf(&b, "Bail out! %s\n", render.Printable(end.Error()))
	}
	return b.String()
}

// inTAP makes a text safe for a line of TAP, where # begins a directive.
func inTAP(text string) string {
	return strings.NewReplacer(`\`, `\\`, "#", `\#`).Replace(render.Printable(text))
}

// inYAML writes a text as YAML reads it in double quotes, which is as JSON does.
func inYAML(text string) string {
	quoted, err := json.Marshal(render.Printable(text))
	if err != nil {
		return `""`
	}
	return string(quoted)
}

// testedJSON is the report for programs.
type testedJSON struct {
	Exporter string      `json:"exporter"` // what it calls itself; empty when it did not say
	Version  string      `json:"version"`
	Makes    string      `json:"makes"` // "files", or "objects" in a target
	Target   string      `json:"target,omitempty"`
	Complete bool        `json:"complete"` // every check that applies could be run
	Passed   int         `json:"passed"`
	Failed   int         `json:"failed"`
	Skipped  int         `json:"skipped"`
	NotRun   int         `json:"not_run"`
	Checks   []checkJSON `json:"checks"`
}

// checkJSON is what came of one check.
type checkJSON struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Rule   string `json:"rule"`
	Text   string `json:"rule_text"`
	Status string `json:"status"` // "passed", "failed", "skipped", "not run"
	Seen   string `json:"seen,omitempty"`
	Hint   string `json:"hint,omitempty"`
	Note   string `json:"note,omitempty"`

	Printed []string `json:"printed,omitempty"` // of a check that failed: the last lines of what the exporter printed
}

func testJSON(report *conformance.Report, end error) string {
	out := testedJSON{
		Exporter: report.Name, Version: report.Version, Makes: "objects", Target: report.Target,
		Passed: report.Count(conformance.Passed), Failed: report.Count(conformance.Failed),
		Skipped: report.Count(conformance.Skipped), NotRun: report.Count(conformance.NotRun),
	}
	out.Complete = end == nil && out.NotRun == 0
	if report.Files {
		out.Makes = "files"
	}
	for _, r := range report.Results {
		rule, _ := conformance.RuleOf(r.Check.Rule)
		out.Checks = append(out.Checks, checkJSON{
			ID: r.Check.ID, Title: r.Check.Title, Rule: rule.ID, Text: rule.Text,
			Status: string(r.Status), Seen: r.Seen, Hint: r.Hint, Note: r.Note, Printed: r.Printed,
		})
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(out); err != nil {
		return ""
	}
	return b.String()
}
