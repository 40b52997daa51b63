package markdown

import (
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// planOf returns the plan that answers an assessment: of the same client,
// instrument and wave.
func (c client) planOf(v view) *record.Plan {
	of, err := record.ParseKey(v.rec.Key)
	if err != nil {
		return nil
	}
	of.Kind = record.KindPlan
	for _, p := range c.plans {
		if p.key != of {
			continue
		}
		return &p.body
	}
	return nil
}

// planRecord is a plan with its key.
type planRecord struct {
	key  record.Key
	body record.Plan
}

// plan reads a plan record, if it can be joined to an assessment by its key.
func planFrom(r *record.Record) (planRecord, bool) {
	key, err := record.ParseKey(r.Key)
	if err != nil || r.Kind != record.KindPlan {
		return planRecord{}, false
	}
	body, err := r.Plan()
	return planRecord{key, body}, err == nil && len(body.Actions) > 0
}

// shownPlans returns the keys of the plans that reports of these records show:
// those that answer a survey's latest wave.
func shownPlans(records []*record.Record) map[string]bool {
	shown := map[string]bool{}
	for _, c := range gather(records) {
		for _, s := range c.surveys {
			if key, err := record.ParseKey(s.latest().rec.Key); err == nil && c.planOf(s.latest()) != nil {
				key.Kind = record.KindPlan
				shown[key.String()] = true
			}
		}
	}
	return shown
}

// untold is a text without the sentences that are told already.
func (w *writer) untold(text string) string {
	for _, t := range w.told {
		text = strings.ReplaceAll(text, t, "")
	}
	return strings.TrimSpace(text)
}

// todo is the plan as a list to tick off.
func (w *writer) todo() {
	if w.plan == nil {
		return
	}
	w.section("What to do next")
	w.para("A suggestion to start from: change it as you see fit, and put a name to each role.")
	var lines []string
	for _, a := range w.plan.Actions {
		line := "[ ] **" + esc(a.What) + "**"
		if why := w.untold(a.Why); why != "" {
			line += "\n  - Why: " + esc(why)
		}
		var who []string
		if owner := esc(a.Owner); owner != "" {
			who = append(who, "Owner: "+owner)
		}
		if a.Due != "" {
			who = append(who, "Due: "+longDay(a.Due))
		}
		if len(who) > 0 {
			line += "\n  - " + strings.Join(who, " · ")
		}
		lines = append(lines, line)
	}
	w.bullets(lines)
	if !slices.ContainsFunc(w.plan.Actions, func(a record.Action) bool { return a.Due != "" }) {
		w.para("No day is set: the results do not say what day they are of.")
	}
}
