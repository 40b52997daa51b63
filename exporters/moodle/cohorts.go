package moodle

import "context"

// page is how many cohorts are asked for at once.
const page = 1000

// listed is a cohort as Moodle has it.
type listed struct {
	ID          int64  `json:"id"`
	Name        string `json:"name"`
	IDNumber    string `json:"idnumber"`
	Description string `json:"description"`
}

// findCohorts finds the client's cohorts by their ID numbers, in the whole site or only
// among those that belong to no category.
func (y *sync) findCohorts(ctx context.Context, includes string) (map[string][]listed, error) {
	found := map[string][]listed{}
	seen := map[int64]bool{}
	for n := int64(0); ; n++ {
		var answer struct {
			Cohorts []listed `json:"cohorts"`
		}
		// What Moodle calls limitfrom counts pages.
		args := form{}.set("query", y.stem()).set("context[contextlevel]", "system").set("context[instanceid]", "0").
			set("includes", includes).id("limitfrom", n).id("limitnum", page)
		if err := y.site.read(ctx, "core_cohort_search_cohorts", args, &answer); err != nil {
			return nil, err
		}
		for _, c := range answer.Cohorts {
			if !seen[c.ID] {
				seen[c.ID] = true
				found[c.IDNumber] = append(found[c.IDNumber], c)
			}
		}
		if len(answer.Cohorts) < page {
			return found, nil
		}
	}
}

// findCohort finds one cohort; nil when it is not there.
func findCohort(all map[string][]listed, id string) (*listed, error) {
	var ids []int64
	for _, c := range all[id] {
		ids = append(ids, c.ID)
	}
	if _, err := one(ids, "the cohort "+id); err != nil || len(ids) == 0 {
		return nil, err
	}
	return &all[id][0], nil
}

// putCohorts sees to it that each department has a cohort, and gives their ids by ID
// number.
func (y *sync) putCohorts(ctx context.Context) (map[string]int64, error) {
	ids := map[string]int64{}
	if len(y.cohorts) == 0 {
		return ids, nil
	}
	all, err := y.findCohorts(ctx, "all")
	if err != nil {
		return nil, err
	}
	for _, c := range y.cohorts {
		have, err := findCohort(all, c.id)
		for i := 0; have == nil && err == nil && i < len(c.former); i++ {
			have, err = findCohort(all, c.former[i])
		}
		if err != nil {
			return nil, err
		}
		if have == nil {
			id, err := y.createCohort(ctx, c)
			if err != nil {
				return nil, err
			}
			ids[c.id] = id
			y.is("cohort", id)
			continue
		}
		y.found++
		ids[c.id] = have.ID
		y.is("cohort", have.ID)
		if have.IDNumber == c.id && !differs(have.Name, c.name) && !differs(have.Description, c.about) {
			continue
		}
		if err := y.updateCohort(ctx, have, c); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

func (y *sync) createCohort(ctx context.Context, c cohort) (int64, error) {
	args := cohortArgs(c)
	return y.create(ctx, "cohort", c.name, func() (int64, error) {
		var made []listed
		err := y.site.make(ctx, "core_cohort_create_cohorts", args, &made)
		if len(made) == 0 {
			return 0, err
		}
		return made[0].ID, err
	}, func() (int64, error) {
		all, err := y.findCohorts(ctx, "all")
		if err != nil {
			return 0, err
		}
		there, err := findCohort(all, c.id)
		if there == nil {
			return 0, err
		}
		return there.ID, err
	})
}

// updateCohort changes a cohort. Moodle wants to be told where it belongs, and does not
// tell: one that somebody has moved to a category is left alone, or it would move back.
func (y *sync) updateCohort(ctx context.Context, have *listed, c cohort) error {
	here, err := y.findCohorts(ctx, "self")
	if err != nil {
		return err
	}
	if len(here[have.IDNumber]) == 0 {
		y.warn("the cohort %s belongs to a course category now, and keeps its name and description", c.name)
		return nil
	}
	args := cohortArgs(c).id("cohorts[0][id]", have.ID)
	return y.update("changed cohort: "+c.name, func() error {
		return y.site.change(ctx, "core_cohort_update_cohorts", args, nil)
	})
}

func cohortArgs(c cohort) form {
	return form{}.set("cohorts[0][categorytype][type]", "system").set("cohorts[0][categorytype][value]", "").set("cohorts[0][name]", c.name).
		set("cohorts[0][idnumber]", c.id).set("cohorts[0][description]", c.about).set("cohorts[0][descriptionformat]", "1")
}
