package moodletest

import (
	"slices"
	"time"
)

// States of a learning plan.
const (
	draft    = 0
	active   = 1
	complete = 2
)

func (c *call) courseOf(id int64) (*Course, *failure) {
	for _, x := range c.Courses {
		if x.ID == id {
			return x, nil
		}
	}
	return nil, thrown("dml_missing_record_exception", "invalidrecord", "Can't find data record in database table course.")
}

func (c *call) planOf(id int64) (*Plan, *failure) {
	for _, x := range c.Plans {
		if x.ID == id {
			return x, nil
		}
	}
	return nil, thrown("dml_missing_record_exception", "invalidrecord", "Can't find data record in database table competency_plan.")
}

func courseCompetencies(c *call, in map[string]any) (any, *failure) {
	x, bad := c.courseOf(num(in, "id"))
	if bad != nil {
		return nil, bad
	}
	return c.links(x.Competencies, "coursecompetency"), nil
}

func addToCourse(c *call, in map[string]any) (any, *failure) {
	x, bad := c.courseOf(num(in, "courseid"))
	if bad != nil {
		return nil, bad
	}
	return c.link(&x.Competencies, num(in, "competencyid"))
}

func (c *call) planAnswer(x *Plan) map[string]any {
	var template any
	if x.Template != 0 {
		template = x.Template
	}
	return map[string]any{
		"id": x.ID, "name": c.shown(x.Name), "description": x.Description, "descriptionformat": 1, "userid": x.User, "status": x.Status,
		"duedate": x.Due, "templateid": template, "origtemplateid": nil, "reviewerid": nil, "canbeedited": x.Status != complete,
	}
}

func userPlans(c *call, in map[string]any) (any, *failure) {
	out := []any{}
	for _, x := range c.Plans {
		hidden := x.Status != active && x.Status != complete && c.lacks("moodle/competency:planmanagedraft")
		if x.User == num(in, "userid") && !hidden {
			out = append(out, c.planAnswer(x))
		}
	}
	return out, nil
}

// Cron does what Moodle does by itself as time goes by: a plan in use is complete when its
// due date is over.
func (s *Server) Cron(now time.Time) {
	s.Look(func() {
		for _, x := range s.Plans {
			if x.Status == active && x.Due != 0 && x.Due < now.Unix() {
				x.Status = complete
			}
		}
	})
}

// checkDue refuses due dates of plans in use that are over, or nearly.
func (c *call) checkDue(x *Plan) *failure {
	if x.Status == active && x.Due != 0 && x.Due <= c.options.Now().Unix()+600 {
		return notValid("duedate: You cannot set the due date in the past")
	}
	return tooLong(x.Name, 100)
}

// createPlan makes a plan: a second one with the same content, too.
func createPlan(c *call, in map[string]any) (any, *failure) {
	in = in["plan"].(map[string]any)
	x := &Plan{User: num(in, "userid"), Due: num(in, "duedate"), Status: num(in, "status"), Name: str(in, "name"), Description: str(in, "description")}
	switch {
	case !slices.ContainsFunc(c.Users, func(u *User) bool { return u.ID == x.User }):
		return nil, thrown("dml_missing_record_exception", "invalidrecord", "Can't find data record in database table context.")
	case x.Status == complete:
		return nil, thrown("coding_exception", "codingerror", "A plan cannot be created as complete.")
	}
	if bad := c.checkDue(x); bad != nil {
		return nil, bad
	}
	x.ID = c.next()
	c.Plans = append(c.Plans, x)
	return c.planAnswer(x), nil
}

func updatePlan(c *call, in map[string]any) (any, *failure) {
	in = in["plan"].(map[string]any)
	x, bad := c.planOf(num(in, "id"))
	switch {
	case bad != nil:
		return nil, bad
	case x.Status == complete:
		return nil, thrown("coding_exception", "codingerror", "Completed plan cannot be edited.")
	case x.Template != 0:
		return nil, thrown("coding_exception", "codingerror", "Cannot update a plan that is based on a template.")
	}
	changed := *x
	set(&changed.Name, in, "name")
	set(&changed.Description, in, "description")
	if due, there := in["duedate"].(int64); there && due != x.Due {
		changed.Due = due
		if bad := c.checkDue(&changed); bad != nil {
			return nil, bad
		}
	}
	*x = changed
	return c.planAnswer(x), nil
}

func planCompetencies(c *call, in map[string]any) (any, *failure) {
	x, bad := c.planOf(num(in, "id"))
	if bad != nil {
		return nil, bad
	}
	return c.links(x.Competencies, "usercompetency"), nil
}

func addToPlan(c *call, in map[string]any) (any, *failure) {
	x, bad := c.planOf(num(in, "planid"))
	switch {
	case bad != nil:
		return nil, bad
	case x.Template != 0, x.Status == complete:
		return nil, thrown("coding_exception", "codingerror", "A competency can not be added to a learning plan completed")
	}
	if _, bad := c.link(&x.Competencies, num(in, "competencyid")); bad != nil {
		return nil, bad
	}
	return true, nil
}
