package moodle

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
)

// few is how many people go into one call: PHP takes a thousand arguments.
const few = 200

// putMembers sees to it that those whom the user names are in the cohorts of their
// departments, and that each has a learning plan where a department has gaps.
func (y *sync) putMembers(ctx context.Context, cohorts map[string]int64) error {
	teams := y.teams()
	for _, c := range y.cohorts {
		team := teams[c.department]
		if len(team) == 0 {
			continue
		}
		users, err := y.findUsers(ctx, c, team)
		if err != nil {
			return err
		}
		if err := y.fill(ctx, c, cohorts[c.id], users); err != nil {
			return err
		}
		if err := y.putPlans(ctx, c, users); err != nil {
			return err
		}
	}
	return nil
}

// teams are the people of each department, which may stand there under several names.
func (y *sync) teams() map[*learning.Department][]string {
	teams := map[*learning.Department][]string{}
	strange := 0
	for _, m := range y.members {
		if m.client != y.client.ID {
			continue
		}
		d := y.client.Department(m.department)
		if d == nil {
			strange++
			continue
		}
		for _, p := range m.people {
			if p = y.called(p); !slices.Contains(teams[d], p) {
				teams[d] = append(teams[d], p)
			}
		}
	}
	if strange > 0 {
		y.warn("members names departments that the records do not have or withhold: %d", strange)
	}
	return teams
}

// findUsers finds the ids of people. None is ever made: who is not there is counted.
func (y *sync) findUsers(ctx context.Context, c cohort, team []string) ([]int64, error) {
	var ask []string
	for _, p := range team {
		if _, known := y.users[p]; !known {
			ask = append(ask, p)
		}
	}
	for part := range slices.Chunk(ask, few) {
		if err := y.lookUpAll(ctx, part); err != nil {
			return nil, err
		}
	}
	var ids []int64
	missing := 0
	for _, p := range team {
		id := y.users[p]
		switch {
		case id == 0:
			missing++
		case !slices.Contains(ids, id):
			ids = append(ids, id)
		}
	}
	if missing > 0 {
		y.warn("of the people that members names for %s, Moodle has no user, or several, or one that the token's user may not see, for %d of %d by %s", c.department.Name, missing, len(team), y.field)
	}
	return ids, nil
}

// lookUpAll asks for people, and again for one after the other when Moodle refuses all
// of them for one name that none of its users can have.
func (y *sync) lookUpAll(ctx context.Context, people []string) error {
	err := y.lookUp(ctx, people)
	if !errors.As(err, new(*web.Refused)) {
		return err
	}
	for _, p := range people {
		err := y.lookUp(ctx, []string{p})
		if errors.As(err, new(*web.Refused)) {
			y.users[p], err = 0, nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// called is what Moodle calls somebody: all user names are in small letters there.
func (y *sync) called(person string) string {
	if y.field == "username" {
		return strings.ToLower(person)
	}
	return person
}

// account is a user as Moodle has it.
type account struct {
	ID       int64  `json:"id"`
	Username string `json:"username"`
	Email    string `json:"email"`
	IDNumber string `json:"idnumber"`
}

// is reports whether the account is the one of somebody called that.
func (a account) is(field, person string) bool {
	switch field {
	case "email": // which nobody tells apart by case
		return strings.EqualFold(a.Email, person)
	case "idnumber":
		return a.IDNumber == person
	}
	return a.Username == person
}

// lookUp asks for people by what they are called. Some databases tell small letters from
// capitals in addresses, so that both are asked for.
func (y *sync) lookUp(ctx context.Context, people []string) error {
	var found []account
	args := form{}.set("field", y.field)
	for i, p := range people {
		args.set(fmt.Sprintf("values[%d]", 2*i), p)
		low := p
		if y.field == "email" {
			low = strings.ToLower(p)
		}
		args.set(fmt.Sprintf("values[%d]", 2*i+1), low)
	}
	if err := y.site.read(ctx, "core_user_get_users_by_field", args, &found); err != nil {
		return err
	}
	for _, p := range people {
		var ids []int64
		for _, a := range found {
			if a.is(y.field, p) {
				ids = append(ids, a.ID)
			}
		}
		y.users[p] = 0
		if len(ids) == 1 {
			y.users[p] = ids[0]
		}
	}
	return nil
}

// fill puts people into a cohort.
func (y *sync) fill(ctx context.Context, c cohort, id int64, users []int64) error {
	var missing []int64
	if id == 0 {
		missing = users
	} else if len(users) > 0 {
		var answer []struct {
			UserIDs []int64 `json:"userids"`
		}
		if err := y.site.read(ctx, "core_cohort_get_cohort_members", form{}.id("cohortids[0]", id), &answer); err != nil {
			return err
		}
		for _, u := range users {
			if len(answer) == 0 || !slices.Contains(answer[0].UserIDs, u) {
				missing = append(missing, u)
			}
		}
	}
	for part := range slices.Chunk(missing, few) {
		if err := y.update(fmt.Sprintf("%d more in cohort: %s", len(part), c.name), func() error { return y.addMembers(ctx, c, id, part) }); err != nil {
			return err
		}
	}
	return nil
}

// alreadyIn is the warning that somebody is in a cohort already.
const alreadyIn = "3"

func (y *sync) addMembers(ctx context.Context, c cohort, id int64, users []int64) error {
	args := form{}
	for i, u := range users {
		at := fmt.Sprintf("members[%d]", i)
		args.set(at+"[cohorttype][type]", "id").id(at+"[cohorttype][value]", id).set(at+"[usertype][type]", "id").id(at+"[usertype][value]", u)
	}
	var answer struct {
		Warnings []struct {
			Code string `json:"warningcode"`
		} `json:"warnings"`
	}
	if err := y.site.change(ctx, "core_cohort_add_cohort_members", args, &answer); err != nil {
		return err
	}
	refused := 0
	for _, w := range answer.Warnings {
		if w.Code != alreadyIn {
			refused++
		}
	}
	if refused > 0 {
		y.warn("Moodle did not put %d of %d people into the cohort %s", refused, len(users), c.name)
	}
	return nil
}
