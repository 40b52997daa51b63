package moodletest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Category is a category of courses.
type Category struct {
	ID             int64
	Name, IDNumber string
}

// Cohort is a cohort.
type Cohort struct {
	ID                          int64
	Name, IDNumber, Description string
	Category                    bool // it belongs to a category
	Members                     []int64
}

// Course is a course with the competencies that it teaches.
type Course struct {
	ID, Category                           int64
	FullName, ShortName, IDNumber, Summary string
	Visible                                bool
	Start                                  int64
	Competencies                           []int64
}

// User is somebody with an account.
type User struct {
	ID                        int64
	Username, Email, IDNumber string
}

// Plan is somebody's learning plan.
type Plan struct {
	ID, User, Due, Status, Template int64
	Name, Description               string
	Competencies                    []int64
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

func integer(text string) int64 {
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}

func (c *call) cohortAnswer(x *Cohort) map[string]any {
	return map[string]any{"id": x.ID, "name": c.shown(x.Name), "idnumber": x.IDNumber, "description": x.Description, "descriptionformat": 1, "visible": true, "theme": nil}
}

func searchCohorts(c *call, in map[string]any) (any, *failure) {
	if bad := inSystem(in["context"].(map[string]any)); bad != nil {
		return nil, bad
	}
	query, includes := strings.ToLower(str(in, "query")), str(in, "includes")
	if !slices.Contains([]string{"all", "parents", "self"}, includes) {
		return nil, thrown("coding_exception", "codingerror", "Invalid parameter value for 'includes'.")
	}
	found := []any{}
	for _, x := range c.Cohorts {
		match := strings.Contains(strings.ToLower(x.Name+"\n"+x.IDNumber+"\n"+x.Description), query)
		if match && (includes == "all" || !x.Category) {
			found = append(found, c.cohortAnswer(x))
		}
	}
	from := min(num(in, "limitfrom")*num(in, "limitnum"), int64(len(found))) // it counts pages
	to := min(from+num(in, "limitnum"), int64(len(found)))
	return map[string]any{"cohorts": found[from:to]}, nil
}

func (c *call) readCohort(in map[string]any) (*Cohort, *failure) {
	kind := in["categorytype"].(map[string]any)
	if str(kind, "type") != "system" {
		return nil, invalid("category not exists")
	}
	x := &Cohort{Name: str(in, "name"), IDNumber: str(in, "idnumber"), Description: str(in, "description")}
	if strings.TrimSpace(x.Name) == "" {
		return nil, invalid("Invalid cohort name")
	}
	if bad := tooLong(x.Name, 254); bad != nil {
		return nil, bad
	}
	return x, tooLong(x.IDNumber, 100)
}

func createCohorts(c *call, in map[string]any) (any, *failure) {
	out := []any{}
	for _, one := range in["cohorts"].([]any) {
		x, bad := c.readCohort(one.(map[string]any))
		if bad != nil {
			return nil, bad
		}
		for _, other := range c.Cohorts {
			if strings.EqualFold(other.IDNumber, x.IDNumber) {
				return nil, invalid("record already exists: idnumber=%s", x.IDNumber)
			}
		}
		x.ID = c.next()
		c.Cohorts = append(c.Cohorts, x)
		out = append(out, c.cohortAnswer(x))
	}
	return out, nil
}

func (c *call) cohortOf(id int64) *Cohort {
	at := slices.IndexFunc(c.Cohorts, func(x *Cohort) bool { return x.ID == id })
	if at < 0 {
		return nil
	}
	return c.Cohorts[at]
}

func updateCohorts(c *call, in map[string]any) (any, *failure) {
	for _, one := range in["cohorts"].([]any) {
		in := one.(map[string]any)
		have := c.cohortOf(num(in, "id"))
		x, bad := c.readCohort(in)
		if bad != nil {
			return nil, bad
		}
		if have == nil {
			return nil, thrown("dml_missing_record_exception", "invalidrecord", "Can't find data record in database table cohort.")
		}
		have.Name, have.IDNumber, have.Description, have.Category = x.Name, x.IDNumber, x.Description, false
	}
	return nil, nil
}

func cohortMembers(c *call, in map[string]any) (any, *failure) {
	out := []any{}
	for _, id := range in["cohortids"].([]any) {
		x := c.cohortOf(id.(int64))
		if x == nil {
			return nil, thrown("dml_missing_record_exception", "invalidrecord", "Can't find data record in database table cohort.")
		}
		out = append(out, map[string]any{"cohortid": x.ID, "userids": append([]int64{}, x.Members...)})
	}
	return out, nil
}

func addMembers(c *call, in map[string]any) (any, *failure) {
	warnings := []any{}
	warn := func(code, message string) {
		warnings = append(warnings, map[string]any{"warningcode": code, "message": message})
	}
	for _, one := range in["members"].([]any) {
		in := one.(map[string]any)
		of, who := in["cohorttype"].(map[string]any), in["usertype"].(map[string]any)
		x := c.cohortOf(integer(str(of, "value")))
		id := integer(str(who, "value"))
		user := slices.ContainsFunc(c.Users, func(u *User) bool { return u.ID == id })
		switch {
		case str(of, "type") != "id" || str(who, "type") != "id":
			warn("1", "invalid parameter")
		case x == nil, !user:
			warn("2", "not exists")
		case slices.Contains(x.Members, id):
			warn("3", "record already exists")
		default:
			x.Members = append(x.Members, id)
		}
	}
	return map[string]any{"warnings": warnings}, nil
}

var username = regexp.MustCompile(`^[-.@_a-z0-9]*$`)

func usersByField(c *call, in map[string]any) (any, *failure) {
	name := str(in, "field")
	of := map[string]func(*User) string{
		"username": func(u *User) string { return u.Username }, "email": func(u *User) string { return u.Email }, "idnumber": func(u *User) string { return u.IDNumber },
	}[name]
	if of == nil {
		return nil, thrown("coding_exception", "codingerror", "invalid field parameter")
	}
	out := []any{}
	for _, v := range in["values"].([]any) {
		if name == "username" && !username.MatchString(v.(string)) {
			return nil, invalid("The field 'username' value is invalid: %s", v)
		}
	}
	for _, u := range c.Users {
		if slices.ContainsFunc(in["values"].([]any), func(v any) bool { return v.(string) == of(u) }) {
			answer := map[string]any{"id": u.ID, "username": u.Username, "idnumber": u.IDNumber, "fullname": "Somebody"}
			if !c.lacks("moodle/site:viewuseridentity") {
				answer["email"] = u.Email
			}
			out = append(out, answer)
		}
	}
	return out, nil
}

func categories(c *call, _ map[string]any) (any, *failure) {
	out := []any{}
	for _, x := range c.Categories {
		answer := map[string]any{"id": x.ID, "name": x.Name, "parent": 0}
		if !c.lacks("moodle/category:manage") {
			answer["idnumber"] = x.IDNumber
		}
		out = append(out, answer)
	}
	return out, nil
}

func coursesByField(c *call, in map[string]any) (any, *failure) {
	if str(in, "field") != "idnumber" {
		return nil, invalid("Invalid field name")
	}
	out := []any{}
	for _, x := range c.Courses {
		if strings.EqualFold(x.IDNumber, str(in, "value")) {
			out = append(out, map[string]any{"id": x.ID, "fullname": c.shown(x.FullName), "shortname": c.shown(x.ShortName), "idnumber": x.IDNumber, "categoryid": x.Category, "visible": map[bool]int{true: 1}[x.Visible]})
		}
	}
	return map[string]any{"courses": out, "warnings": []any{}}, nil
}

func createCourses(c *call, in map[string]any) (any, *failure) {
	out := []any{}
	for _, one := range in["courses"].([]any) {
		in := one.(map[string]any)
		x := &Course{Category: num(in, "categoryid"), FullName: str(in, "fullname"), ShortName: str(in, "shortname"), IDNumber: str(in, "idnumber"), Summary: str(in, "summary"), Visible: num(in, "visible") == 1, Start: num(in, "startdate")}
		if c.lacks("moodle/course:visibility") {
			x.Visible = true // as its category is
		}
		if !slices.ContainsFunc(c.Categories, func(k Category) bool { return k.ID == x.Category }) {
			return nil, thrown("moodle_exception", "errorcatcontextnotvalid", "You cannot execute functions in the category context")
		}
		for _, other := range c.Courses {
			switch {
			case strings.EqualFold(other.ShortName, x.ShortName):
				return nil, thrown("moodle_exception", "shortnametaken", "Short name is already used for another course ("+x.ShortName+")")
			case strings.EqualFold(other.IDNumber, x.IDNumber):
				return nil, thrown("moodle_exception", "courseidnumbertaken", "ID number is already used for another course ("+x.IDNumber+")")
			}
		}
		if bad := tooLong(x.IDNumber, 100); bad != nil {
			return nil, bad
		}
		if bad := tooLong(x.ShortName, 255); bad != nil {
			return nil, bad
		}
		x.ID = c.next()
		c.Courses = append(c.Courses, x)
		out = append(out, map[string]any{"id": x.ID, "shortname": x.ShortName})
	}
	return out, nil
}

// links answers with the competencies of a course or a plan.
func (c *call) links(ids []int64, also string) any {
	out := []any{}
	for _, id := range ids {
		out = append(out, map[string]any{"competency": c.competencyAnswer(c.competencyOf(id)), also: map[string]any{"competencyid": id}})
	}
	return out
}

// link adds a competency to those of a course or a plan.
func (c *call) link(to *[]int64, id int64) (bool, *failure) {
	x := c.competencyOf(id)
	switch {
	case x == nil:
		return false, thrown("dml_missing_record_exception", "invalidrecord", "Can't find data record in database table competency.")
	case !c.frameworkOf(x.FrameworkID).Visible:
		return false, thrown("coding_exception", "codingerror", "A competency belonging to hidden framework can not be linked")
	case slices.Contains(*to, id):
		return false, nil
	}
	*to = append(*to, id)
	return true, nil
}
