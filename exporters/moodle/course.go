package moodle

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// findCourse finds the client's course; 0 when it is not there, or the token's user may
// not see it.
func (y *sync) findCourse(ctx context.Context) (id int64, visible bool, err error) {
	var answer struct {
		Courses []struct {
			ID       int64  `json:"id"`
			IDNumber string `json:"idnumber"` // given to those who may change the course
			Visible  *yesNo `json:"visible"`
		} `json:"courses"`
	}
	args := form{}.set("field", "idnumber").set("value", y.wanted.id)
	if err := y.site.read(ctx, "core_course_get_courses_by_field", args, &answer); err != nil {
		return 0, false, err
	}
	var ids []int64
	for _, c := range answer.Courses {
		if c.IDNumber == "" || c.IDNumber == y.wanted.id {
			ids, visible = append(ids, c.ID), c.Visible != nil && bool(*c.Visible)
		}
	}
	id, err = one(ids, "the course "+y.wanted.id)
	return id, visible, err
}

// lookForCourse finds the course, or the category in which it is to be made: settings
// that do not fit the site are told before anything is made.
func (y *sync) lookForCourse(ctx context.Context) (course, category int64, err error) {
	if !y.session.course {
		return 0, 0, nil
	}
	if course, _, err = y.findCourse(ctx); err != nil || course != 0 {
		return course, 0, err
	}
	category, err = y.category(ctx)
	return 0, category, err
}

// putCourse sees to it that there is a course for the module, and that what it teaches
// is linked to it. A course that is there is its teachers' and stays as it is.
func (y *sync) putCourse(ctx context.Context, id, category int64) error {
	if !y.session.course {
		return nil
	}
	if id != 0 {
		y.found++
	} else {
		var err error
		if id, err = y.createCourse(ctx, category); err != nil {
			return err
		}
		if err := y.lookIfHidden(ctx); err != nil {
			return err
		}
	}
	y.is("course", id)
	return y.linkCourse(ctx, id)
}

// lookIfHidden warns when the new course is not: without a word, Moodle shows it where the
// user of the token may not hide courses.
func (y *sync) lookIfHidden(ctx context.Context) error {
	if y.dry {
		return nil
	}
	_, visible, err := y.findCourse(ctx)
	if visible {
		y.warn("the new course is visible, since the user of the token may not hide it: hide it in Moodle, and allow moodle/course:visibility for the next one")
	}
	return err
}

func (y *sync) createCourse(ctx context.Context, category int64) (int64, error) {
	c := y.wanted.course
	args := form{}
	// It is hidden until its teacher has put the module in.
	for _, p := range [][2]string{{"fullname", c.name}, {"shortname", c.short}, {"idnumber", y.wanted.id}, {"summary", c.about}, {"summaryformat", "1"}, {"visible", "0"}} {
		args.set("courses[0]["+p[0]+"]", p[1])
	}
	args.id("courses[0][categoryid]", category).id("courses[0][startdate]", y.now().UTC().Truncate(24*time.Hour).Unix())
	return y.create(ctx, "course", c.name+" (hidden)", func() (int64, error) {
		var made []struct {
			ID int64 `json:"id"`
		}
		err := y.site.make(ctx, "core_course_create_courses", args, &made)
		if len(made) == 0 {
			return 0, err
		}
		return made[0].ID, err
	}, func() (int64, error) {
		there, _, err := y.findCourse(ctx)
		return there, err
	})
}

// category is the one for new courses. It ends the export when it can't be told, since no
// client would get further.
func (y *sync) category(ctx context.Context) (int64, error) {
	if y.categoryID != 0 {
		return y.categoryID, nil
	}
	var all []struct {
		ID       int64  `json:"id"`
		IDNumber string `json:"idnumber"`
	}
	if err := y.site.read(ctx, "core_course_get_categories", nil, &all); err != nil {
		return 0, err
	}
	wrong := func(summary, hint string) error {
		return &sdk.Diagnostic{Code: Name + ".category", Field: "category", Summary: summary, Hint: hint}
	}
	var ids []int64
	for _, c := range all {
		if y.place == "" || y.place == strconv.FormatInt(c.ID, 10) || y.place == c.IDNumber {
			ids = append(ids, c.ID)
		}
	}
	switch {
	case len(ids) == 1:
		y.categoryID = ids[0]
		return ids[0], nil
	case y.place != "" && len(ids) == 0:
		return 0, wrong("the site has no course category that category means, or the user of the token may not see it",
			"give its id, which stands in the address of its page; ID numbers are shown to users with moodle/category:manage alone")
	case y.place != "":
		return 0, wrong("category means several course categories", "give the id of one, which stands in the address of its page")
	case len(ids) == 0:
		return 0, wrong("the user of the token sees no course category", "allow it to see one, or set course to false")
	}
	return 0, wrong(fmt.Sprintf("the site has %d course categories", len(ids)), "say by category in which one new courses are made, or set course to false")
}

// linkCourse links what people are rated on to the course.
func (y *sync) linkCourse(ctx context.Context, course int64) error {
	if y.framework == nil {
		return nil
	}
	if y.hidden {
		y.warn("the framework is hidden in Moodle, which takes no links to it then")
		return nil
	}
	var linked []int64
	if course != 0 {
		var err error
		if linked, err = y.linked(ctx, "core_competency_list_course_competencies", course); err != nil {
			return err
		}
	}
	for _, c := range y.framework.competencies {
		id := y.ids[c.id]
		if !c.leaf || id != 0 && slices.Contains(linked, id) {
			continue
		}
		args := form{}.id("courseid", course).id("competencyid", id)
		if err := y.update("course teaches: "+c.name, func() error {
			return y.site.change(ctx, "core_competency_add_competency_to_course", args, nil)
		}); err != nil {
			return err
		}
	}
	return nil
}

// linked are the ids of the competencies of a course or a plan.
func (y *sync) linked(ctx context.Context, function string, of int64) ([]int64, error) {
	var all []struct {
		Competency node `json:"competency"`
	}
	err := y.site.read(ctx, function, form{}.id("id", of), &all)
	var ids []int64
	for _, c := range all {
		ids = append(ids, c.Competency.ID)
	}
	return ids, err
}
