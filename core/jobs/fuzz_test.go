package jobs

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/document"
	"github.com/firstcall-cli/firstcall/core/prose"
	"github.com/firstcall-cli/firstcall/core/record"
)

// FuzzRead reads any text as Markdown and as plain text, beside another document: all
// that is found lies in the text and cuts no character, and records, roll-up and plan
// are fit to be read again.
func FuzzRead(f *testing.F) {
	for _, d := range folderTexts {
		f.Add(d[1], "clerk.md")
	}
	for _, text := range []string{
		"", "\u00a0", "İİİİİİİİİİİİİİİİİİİİİİ\nReports to: Head of Support\n", "Job title:\u2003\u2003é\nx", "REPORTS TO:\tSr. Cook (acting)\tGrade: 7", "• \n1. \na) x\n=====\n#### ####\n",
		"Under the direction of\nthe", "Reports to", "---\ntitle: \"\"\nreview_in: 6 months\nlast_reviewed: 3/4/21\nactive: no\n---\n# **\n", "| Reports to | Board Chair, X |\n| --- | --- |\n| Job title |",
		"Is now Help-\nDesk’s Acme Brothers’ Smith & Sons", "Closing Date: 3/4/21\nExpires: 2020\nNext review: 2027\nReviewed annually", "As Head of X, you help customers 95 % within 3 hours each day", "To become the largest plumber of the county",
	} {
		f.Add(text, "a.txt")
	}
	known := NewKnown(testClient)
	f.Fuzz(func(t *testing.T, text, name string) {
		if len(text) > 20000 {
			t.Skip()
		}
		for _, id := range []string{name + ".md", name + ".txt"} {
			doc, err := document.Read(id, []byte(text))
			if err != nil {
				continue
			}
			reader := NewReader(known, asOf)
			p := reader.Read(id, doc)
			checkFacts(t, p.facts)
			s := NewSet(known, asOf)
			s.Add(p)
			s.Add(paperOf(t, known, asOf, folderTexts[3][0], folderTexts[3][1]))
			s.Settle()
			checkRecords(t, s)
		}
	})
}

// checkFacts holds what was found in a text against the text.
func checkFacts(t *testing.T, f *Facts) {
	t.Helper()
	end := 0
	for i, b := range f.blocks {
		checkSpan(t, f.Text, b.Span, "a block")
		if b.Start < end || b.Start == b.End {
			t.Fatalf("block %d %v is empty or begins before %d", i, b.Span, end)
		}
		end = b.End
	}
	if len(f.parts) != len(f.blocks) {
		t.Fatalf("%d parts of %d blocks", len(f.parts), len(f.blocks))
	}
	spans := map[string][]prose.Span{"kind": {f.KindWhy}, "purpose": f.Purpose, "authority": f.Authority, "people": f.People, "vision": f.Vision}
	for _, n := range slices.Concat(f.Titles, f.Department, f.Owners) {
		spans["name"] = append(spans["name"], n.Span)
	}
	for _, l := range f.ReportsTo {
		spans["line"] = append(spans["line"], l.Span, l.Role)
		if l.Name == "" || l.Name != oneLine(l.Role.In(f.Text)) || l.Role.Start < l.Start || l.Role.End > l.End {
			t.Fatalf("the role %q at %v of the line %v", l.Name, l.Role, l.Span)
		}
	}
	for _, b := range f.Behaviors {
		spans["behavior"] = append(spans["behavior"], b.Span)
		if b.level < Trait || b.level > Standard || b.Start == b.End {
			t.Fatalf("a behavior %+v", b)
		}
	}
	for _, g := range f.Goals {
		spans["goal"] = append(spans["goal"], g.Span)
	}
	for _, e := range f.Excluding {
		spans["excluding"] = append(spans["excluding"], e.Span)
	}
	for _, s := range f.Stamps {
		spans["stamp"] = append(spans["stamp"], s.Label)
		if s.source == "text" {
			spans["stamp"] = append(spans["stamp"], s.Span)
		}
	}
	for _, i := range f.Intervals {
		spans["interval"] = append(spans["interval"], i.Span)
	}
	for _, d := range f.Dated {
		spans["dated"] = append(spans["dated"], d.Span)
	}
	for _, n := range f.Names {
		spans["former"] = append(spans["former"], n.Span)
	}
	for what, all := range spans {
		for _, s := range all {
			checkSpan(t, f.Text, s, what)
		}
	}
	if len(f.Titles) == 0 || f.Titles[0].Name == "" || f.Kind > ClassSpec || f.Judged > f.Words {
		t.Fatalf("titles %v, kind %d, %d of %d words judged", f.Titles, f.Kind, f.Judged, f.Words)
	}
}

// checkRecords makes the records of a set and reads them again.
func checkRecords(t *testing.T, s *Set) {
	t.Helper()
	envelope := record.Record{Client: record.Client{ID: "acme"}, AsOf: s.AsOf.Format("2006-01-02")}
	jobs := judgeAll(s)
	again, _ := json.Marshal(judgeAll(s))
	if first, err := json.Marshal(jobs); err != nil || !bytes.Equal(first, again) {
		t.Fatalf("judged again it is otherwise (%v)\n%s\n%s", err, first, again)
	}
	for i, j := range jobs {
		text := s.Papers()[i].facts.Text
		for _, f := range j.Findings {
			checkSpan(t, text, prose.Span{Start: f.Start, End: f.End}, f.Rule)
		}
		for _, l := range j.ReportsTo {
			checkSpan(t, text, prose.Span{Start: l.Start, End: l.End}, l.Role)
		}
		if j.Staleness != nil {
			sum := 0.0
			for _, part := range j.Staleness.Parts {
				sum += part.Points
			}
			if math.Abs(sum-j.Staleness.Score) > 1e-9 {
				t.Fatalf("the parts sum to %v, not %v", sum, j.Staleness.Score)
			}
		}
		rec, err := record.NewJob(envelope, *j)
		if err == nil {
			_, err = rec.Job()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	folder := s.RollUp(jobs, Roll{ID: "."})
	rec, err := record.NewFolder(envelope, folder)
	if err == nil {
		_, err = rec.Folder()
	}
	if err != nil {
		t.Fatal(err)
	}
	plan, err := record.NewPlan(rec, Plan(folder, jobs, s.AsOf))
	if err == nil {
		_, err = json.Marshal(plan)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// FuzzDecisions writes and reads any table of decisions: nothing is lost, and no cell
// begins like a formula.
func FuzzDecisions(f *testing.F) {
	f.Add("a.md", "dated/tool", "typewriter", "yes", "we have none")
	f.Add("=x", "@rule", "'+1", "No", "two\nlines, \"quoted\"")
	f.Add("'", "''", "\t", "?", "\r")
	f.Add("", "-", "-1", "", "'=x")
	f.Fuzz(func(t *testing.T, doc, rule, quote, decision, note string) {
		d := NewDecisions()
		err := d.Add(doc, rule, quote, decision, note)
		if err != nil && len(d.made) > 0 {
			t.Fatal("what is no decision is taken in")
		}
		rejected := err == nil && d.made[finding{unguarded(doc), unguarded(rule), oneLine(unguarded(quote))}].Verdict == Rejected
		if got := d.Meet(unguarded(doc), unguarded(rule), unguarded(quote)); got != rejected {
			t.Fatalf("rejected is %v, want %v", got, rejected)
		}
		data := written(t, d)
		rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
					t.Fatalf("a spreadsheet takes %q for a formula", cell)
				}
			}
		}
		again := readBack(t, data)
		if !bytes.Equal(written(t, again), bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))) {
			t.Fatalf("written again\n%q\nis\n%q", data, written(t, again))
		}
	})
}
