package moodle

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/core/record"
)

// States of a learning plan.
const (
	active   = 1
	complete = 2
)

// learningPlan is a learning plan as Moodle has it.
type learningPlan struct {
	ID          int64  `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
	Due         int64  `json:"duedate"`
	Status      int64  `json:"status"`
	Template    *int64 `json:"templateid"`
}

// program is what the plans of a department's people have in common.
type program struct {
	bases        []string // what marks begin with: by the department's name, and by those that it had
	period       string   // of the assessment that found what is to be worked on
	name, about  string
	due          int64 // in seconds since 1970; 0: none
	competencies []string
	names        []string
}

// mark stands in the description: by it the plan is found again.
func (p program) mark() string {
	if p.period == "" {
		return p.bases[0]
	}
	return p.bases[0] + "#" + url.PathEscape(p.period)
}

// periodOf reads the mark in a plan's description.
func (p program) periodOf(description string) (period string, marked bool) {
	for _, word := range strings.Fields(plain(description)) {
		base, rest, _ := strings.Cut(word, "#")
		if period, err := url.PathUnescape(rest); err == nil && slices.Contains(p.bases, base) {
			return period, true
		}
	}
	return "", false
}

// follows reports whether the assessment of this program comes after another. Where
// their names do not tell, the records do: they hold this one for the latest.
func (p program) follows(period string) bool {
	switch {
	case p.period == period || p.period == "":
		return false
	case period == "":
		return true
	}
	return !record.WavesCertain(p.period, period) || record.CompareWaves(p.period, period) > 0
}

// putPlans sees to it that each of a department's people has a plan, where the
// department has gaps.
func (y *sync) putPlans(ctx context.Context, c cohort, users []int64) error {
	ids, names := y.gaps(c.department)
	if len(ids) == 0 || len(users) == 0 {
		return nil
	}
	if y.hidden {
		y.warn("the framework is hidden in Moodle, so that nobody of %s got a learning plan", c.name)
		return nil
	}
	due := y.client.Due(nil, c.department)
	p := program{
		bases: append([]string{c.id}, c.former...), period: y.period(c.department), name: short("Service culture: " + c.department.Name),
		competencies: ids, names: names, due: y.deadline(due),
	}
	p.about = markup("What the assessment found for "+c.department.Name+" to work on at "+y.client.Name+".") + markup(p.mark())
	if due != "" && p.due == 0 {
		y.warn("%s is over, so that the learning plans of %s have no due date", due, c.name)
	}
	left := map[string]int{}
	for _, user := range users {
		why, err := y.putPlan(ctx, p, user)
		if err != nil {
			return err
		}
		left[why]++
	}
	for _, why := range []string{isComplete, isDraft, isTemplated} {
		if left[why] > 0 {
			y.warn("learning plans of %s were left alone, since they are %s: %d", p.name, why, left[why])
		}
	}
	return nil
}

// deadline is noon in Greenwich of a day, which is that day nearly everywhere; 0 when it
// is over, since Moodle takes no such due date.
func (y *sync) deadline(day string) int64 {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 0
	}
	at = at.Add(12 * time.Hour)
	if at.Before(y.now().Add(time.Hour)) {
		return 0
	}
	return at.Unix()
}

// findPlan finds somebody's plan by its mark: the one in work, or else a complete one
// that the assessment does not follow. It is nil when there is none.
func (y *sync) findPlan(ctx context.Context, p program, user int64) (*learningPlan, error) {
	var all []learningPlan
	if err := y.site.read(ctx, "core_competency_list_user_plans", form{}.id("userid", user), &all); err != nil {
		return nil, err
	}
	var open []int64
	var inWork, over, done *learningPlan
	for i := range all {
		plan := &all[i]
		period, marked := p.periodOf(plan.Description)
		switch {
		case !marked:
		case plan.Status != complete:
			open, inWork = append(open, plan.ID), plan
		case period == p.period:
			done = plan
		case !p.follows(period):
			over = plan
		}
	}
	if done != nil {
		return done, nil
	}
	if _, err := one(open, "the learning plan "+p.mark()+" of one user"); err != nil || inWork != nil {
		return inWork, err
	}
	return over, nil
}

// Why a plan is left alone.
const (
	isComplete  = "complete"
	isDraft     = "drafts"
	isTemplated = "made from a template"
)

// leftAlone says why a plan is; empty when it is not.
func (p *learningPlan) leftAlone() string {
	switch {
	case p.Status == complete:
		return isComplete
	case p.Status != active: // also those that somebody is to review
		return isDraft
	case p.Template != nil && *p.Template != 0:
		return isTemplated
	}
	return ""
}

// putPlan sees to it that somebody has the plan, or says why one is left alone.
func (y *sync) putPlan(ctx context.Context, p program, user int64) (why string, err error) {
	have, err := y.findPlan(ctx, p, user)
	if err != nil {
		return "", err
	}
	if have == nil {
		id, err := y.createPlan(ctx, p, user)
		if err != nil {
			return "", err
		}
		y.is("plan", id)
		return "", y.linkPlan(ctx, p, id, nil)
	}
	y.found++
	y.is("plan", have.ID)
	if why := have.leftAlone(); why != "" {
		return why, nil
	}
	if err := y.updatePlan(ctx, p, have); err != nil {
		return "", err
	}
	linked, err := y.linked(ctx, "core_competency_list_plan_competencies", have.ID)
	if err != nil {
		return "", err
	}
	return "", y.linkPlan(ctx, p, have.ID, linked)
}

func (y *sync) linkPlan(ctx context.Context, p program, id int64, linked []int64) error {
	for i, competency := range p.competencies {
		of := y.ids[competency]
		if of != 0 && slices.Contains(linked, of) {
			continue
		}
		args := form{}.id("planid", id).id("competencyid", of)
		if err := y.update("plan asks for: "+p.names[i], func() error {
			return y.site.change(ctx, "core_competency_add_competency_to_plan", args, nil)
		}); err != nil {
			return err
		}
	}
	return nil
}

func (y *sync) updatePlan(ctx context.Context, p program, have *learningPlan) error {
	args := form{}.id("plan[id]", have.ID)
	var what []string
	if differs(have.Name, p.name) {
		args.set("plan[name]", p.name)
		what = append(what, "name")
	}
	if differs(have.Description, p.about) {
		args.set("plan[description]", p.about).set("plan[descriptionformat]", "1")
		what = append(what, "description")
	}
	if p.due != 0 && p.due != have.Due {
		args.id("plan[duedate]", p.due)
		what = append(what, "due date")
	}
	if len(what) == 0 {
		return nil
	}
	return y.update(fmt.Sprintf("changed plan: %s of %s", strings.Join(what, ", "), p.name), func() error {
		return y.site.change(ctx, "core_competency_update_plan", args, nil)
	})
}

// createPlan makes a plan. Moodle would make a second one without a word, so that it is
// sent once, and looked for when the answer is lost.
func (y *sync) createPlan(ctx context.Context, p program, user int64) (int64, error) {
	args := form{}.set("plan[name]", p.name).set("plan[description]", p.about).set("plan[descriptionformat]", "1").
		id("plan[userid]", user).id("plan[status]", active).id("plan[duedate]", p.due)
	return y.create(ctx, "plan", p.name, func() (int64, error) {
		var made learningPlan
		err := y.site.make(ctx, "core_competency_create_plan", args, &made)
		return made.ID, err
	}, func() (int64, error) {
		if err := y.sleep(ctx, lingering); err != nil {
			return 0, err
		}
		there, err := y.findPlan(ctx, p, user)
		switch {
		case err != nil:
			return 0, err
		case there == nil:
			return 0, nil
		}
		return there.ID, nil
	})
}
