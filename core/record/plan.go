package record

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Plan is the body of a plan record: what to do, made from findings, for
// people to edit.
type Plan struct {
	Of      string   `json:"of" minLength:"1" doc:"Key of the record whose findings the actions answer."`
	Title   string   `json:"title" doc:"Title for people."`
	Actions []Action `json:"actions" doc:"What to do, the most pressing first."`
}

// Action is one thing to do.
type Action struct {
	ID         string   `json:"id" minLength:"1" doc:"Identifies the action within the plan; the same finding gives the same id in every run."`
	What       string   `json:"what" minLength:"1" doc:"What to do, in plain words."`
	Why        string   `json:"why" doc:"The finding it answers, with its figure."`
	Origin     string   `json:"origin" enum:"priority,disconnect,trace,weakness,review,contents,organization,direction" doc:"The kind of finding; the last four are of job descriptions."`
	Dimension  string   `json:"dimension,omitempty" doc:"Id of the dimension."`
	Department string   `json:"department,omitempty" doc:"The group that acts, when it is not everybody."`
	By         []string `json:"by,omitempty" doc:"The columns of that group."`
	Key        []string `json:"key,omitempty" doc:"That group's values."`
	Owner      string   `json:"owner" doc:"Who might own it: a role, not a person."`
	Document   string   `json:"document,omitempty" doc:"Id of the job description that is to be changed, when it is one."`
	Documents  []string `json:"documents,omitempty" doc:"Ids of the job descriptions, when it is one action for several."`
	Effort     string   `json:"effort,omitempty" enum:"minutes,hour,half-day" doc:"About how much work it is."`
	Changes    []string `json:"changes,omitempty" doc:"What to change in it, one after the other."`
	Due        string   `json:"due,omitempty" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"When it should be done: the day of the record and the instrument's interval; absent without a day."`
}

// NewPlan makes the record of a plan that answers the findings of an assessment or
// of a folder of job descriptions. It is of the same client, subject, wave and day,
// and names the key of what it answers.
func NewPlan(of *Record, plan Plan) (*Record, error) {
	key, err := ParseKey(of.Key)
	if err != nil {
		return nil, err
	}
	if key.Kind != KindAssessment && key.Kind != KindFolder {
		return nil, fmt.Errorf("a plan answers an assessment or a folder, not %s", of.Key)
	}
	key.Kind, plan.Of = KindPlan, of.Key
	envelope := Record{Client: of.Client, AsOf: of.AsOf, Sources: slices.Clone(of.Sources), Tool: of.Tool}
	return sealBody(envelope, key, plan)
}

// Plan reads the body of a record of kind plan. The record keeps the body as
// it came, with fields that only a later version knows.
func (r *Record) Plan() (Plan, error) {
	var p Plan
	if err := r.body(KindPlan, &p); err != nil {
		return Plan{}, err
	}
	return p, p.check()
}

// check reports what makes a plan unfit to be shown: an action that can't be
// told from another or says nothing, a group without values, a day that is
// none.
func (p Plan) check() error {
	if p.Of == "" {
		return errors.New("plan does not say of which record it is")
	}
	seen := map[string]bool{}
	for i, a := range p.Actions {
		switch {
		case a.ID == "":
			return fmt.Errorf("action %d of the plan has no id", i+1)
		case seen[a.ID]:
			return fmt.Errorf("action %q stands twice in the plan", a.ID)
		case a.What == "":
			return fmt.Errorf("action %q does not say what to do", a.ID)
		case len(a.By) != len(a.Key):
			return fmt.Errorf("action %q has %d columns and %d values", a.ID, len(a.By), len(a.Key))
		}
		if _, err := time.Parse(time.DateOnly, a.Due); a.Due != "" && err != nil {
			return fmt.Errorf("action %q is due on %q, which is not a date", a.ID, a.Due)
		}
		seen[a.ID] = true
	}
	return nil
}
