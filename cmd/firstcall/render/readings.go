package render

import (
	"fmt"
	"math"
	"strings"

	"github.com/clipperhouse/displaywidth"

	"github.com/firstcall-cli/firstcall/core/record"
)

// mostChanges is how many changes a table tells about; a report has them all.
const mostChanges = 4

// readings writes, below the tables, what the record says about them in
// sentences: the same that a report begins with, and what else is beyond
// chance.
func (v view) readings() string {
	var lines []string
	for _, f := range v.body.StandOut() {
		lines = append(lines, f.About+". "+strings.Join(f.Sentences, " "))
	}
	lines = append(lines, v.changes()...)
	for _, r := range v.body.Rankings {
		if len(r.By) == 1 {
			lines = append(lines, r.Text)
		}
	}
	for _, x := range v.body.ServiceCare {
		if len(x.Key) == 0 {
			lines = append(lines, x.Text)
		}
	}
	for _, x := range v.body.Drivers {
		lines = append(lines, x.Text)
	}
	lines = append(lines, v.netScores()...)
	var b strings.Builder
	for _, line := range lines {
		if line != "" {
			b.WriteString(v.point("- ", line))
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "\n" + v.paint(bold, "Worth a look") + "\n" + b.String()
}

// changes are those of everyone that are beyond chance, in the instrument's
// order, or a sentence that there are none.
func (v view) changes() []string {
	var texts []string
	since, compared := "", false
	for _, c := range v.body.Changes {
		if len(c.Key) > 0 {
			continue
		}
		since, compared = c.Since, true
		if c.Test.Chance().Beyond() {
			texts = append(texts, c.Text)
		}
	}
	switch n := len(texts); {
	case !compared:
		return nil
	case n == 0 && since != "":
		return []string{fmt.Sprintf("Nothing has changed since %s by more than chance would easily explain.", since)}
	case n == 0:
		return []string{"Nothing has changed by more than chance would easily explain."}
	case n > mostChanges:
		return append(texts[:mostChanges], fmt.Sprintf("%d more dimensions changed.", n-mostChanges))
	}
	return texts
}

// netScores are the employee net promoter scores of all people.
func (v view) netScores() []string {
	texts := map[string]string{}
	for _, d := range v.body.Instrument.Dimensions {
		for _, it := range d.Items {
			texts[it.ID] = it.Text
		}
	}
	for _, it := range v.body.Instrument.Outcomes {
		texts[it.ID] = it.Text
	}
	var lines []string
	add := func(items []record.Item) {
		for _, it := range items {
			if e := it.ENPS; e != nil && !it.Withheld {
				line := fmt.Sprintf("eNPS %+d", int(math.Round(e.Score)))
				if e.Low != nil && e.High != nil {
					line += fmt.Sprintf(" (likely %+d to %+d)", int(math.Round(*e.Low)), int(math.Round(*e.High)))
				}
				lines = append(lines, fmt.Sprintf("%s for “%s”", line, texts[it.ID]))
			}
		}
	}
	for _, d := range v.body.Dimensions {
		if !d.Withheld {
			add(d.Items)
		}
	}
	add(v.body.Outcomes)
	return lines
}

func (v view) point(mark, text string) string { return point(mark, text, v.opt) }

// point writes a text after a mark, broken into lines that stand below each
// other.
func point(mark, text string, opt Options) string {
	indent := strings.Repeat(" ", displaywidth.String(mark))
	wrapped := wrapTo(Printable(text), indent, min(max(opt.Width, leastTable), LineWidth))
	return mark + strings.TrimPrefix(wrapped, indent)
}

// writePlan writes a plan as a short list.
func writePlan(b *strings.Builder, r *record.Record, opt Options) error {
	plan, err := r.Plan()
	if err != nil {
		return err
	}
	name := r.Client.Name
	if name == "" {
		name = r.Client.ID
	}
	wave := ""
	if key, err := record.ParseKey(r.Key); err == nil {
		wave = key.Wave
	}
	b.WriteString(view{opt: opt}.paint(bold, Printable(joined([]string{name, plan.Title, wave}, " · "))) + "\n")
	if len(plan.Actions) == 0 {
		b.WriteString("Nothing to do.\n")
	}
	for i, a := range plan.Actions {
		mark := fmt.Sprintf("%2d. ", i+1)
		b.WriteString(point(mark, a.What, opt))
		who := a.Owner
		if a.Due != "" {
			who = joined([]string{who, "due " + a.Due}, ", ")
		}
		if who != "" {
			b.WriteString(point("    ", who, opt))
		}
	}
	return nil
}
