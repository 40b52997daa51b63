package tryton

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
)

// projectMark stands in the comment of the project that a party's tasks are made in. Who
// wants them in another project puts it there.
const projectMark = "firstcall-tasks"

// taskState is whether there can be tasks.
type taskState struct {
	refused *web.Refused // why not; nil: there can
}

// lookAtTasks finds out whether there can be tasks, once.
func (s *system) lookAtTasks(ctx context.Context) (*taskState, error) {
	if s.tasks != nil {
		return s.tasks, nil
	}
	there, err := s.hasModel(ctx, workModel)
	if err != nil {
		return nil, err
	}
	state := &taskState{}
	switch {
	case !there:
		state.refused = &web.Refused{Code: "module", Text: "tasks need the module project, which is not activated in this database",
			Hint: "activate it: trytond-admin -d " + s.server.database + " -u project --activate-dependencies"}
	case s.company == 0:
		state.refused = &web.Refused{Code: "company", Text: "tasks are made in a company, and the user " + s.server.user + " works in none",
			Hint: "give the user a company in Tryton, or name one in the setting company"}
	default:
		may, err := s.access(ctx, workModel)
		if err != nil {
			return nil, err
		}
		if !may[workModel].all() {
			state.refused = &web.Refused{Code: "rights", Text: "the user " + s.server.user + " may not read, make and change tasks",
				Hint: "add the group Project Administration to the user"}
		}
	}
	s.tasks = state
	return state, nil
}

// projects gives the project for the tasks of each party, by the party's id. One that is
// missing is made.
func (s *system) projects(ctx context.Context, entries []crm.Entry) (map[int64]int64, error) {
	var companies []string
	for _, e := range entries {
		companies = append(companies, e.Company)
	}
	parties, err := numbers(unique(companies))
	if err != nil {
		return nil, err
	}
	out, err := s.findProjects(ctx, parties)
	if err != nil {
		return nil, err
	}
	var missing []int64
	for _, p := range parties {
		if out[p] == 0 {
			missing = append(missing, p)
		}
	}
	if len(missing) == 0 {
		return out, nil
	}
	names, err := s.names(ctx, missing)
	if err != nil {
		return nil, err
	}
	var lost losses
	for _, p := range missing {
		id, err := s.createWork(ctx, map[string]any{
			"type": "project", "party": p, "name": "Culture: " + names[p],
			"comment": "The actions of the plan. firstcall finds this project by the next line; to have its tasks made in another one, put the line there instead.\n" + projectMark,
		})
		if lost.add(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if out[p], err = strconv.ParseInt(id, 10, 64); err != nil {
			return nil, err
		}
	}
	return out, lost.last
}

// findProjects finds the projects that are there. One that is finished takes no tasks.
func (s *system) findProjects(ctx context.Context, parties []int64) (map[int64]int64, error) {
	var rows []map[string]any
	err := s.server.read(ctx, &rows, "model."+workModel+".search_read",
		all(in("party", parties), is("type", "project"), is("company", s.company), []any{"comment", "ilike", "%" + projectMark + "%"},
			oneOf(is("progress", nil), []any{"progress", "<", 1})),
		0, nil, byID, []string{"party"}, s.inCompany())
	if err != nil {
		return nil, err
	}
	out := map[int64]int64{}
	for _, row := range rows {
		if p := whole(row["party"]); out[p] == 0 {
			out[p] = whole(row["id"])
		}
	}
	return out, nil
}

// names gives the names of parties.
func (s *system) names(ctx context.Context, parties []int64) (map[int64]string, error) {
	var rows []map[string]any
	if err := s.server.read(ctx, &rows, "model.party.party.read", parties, []string{"rec_name"}, none()); err != nil {
		return nil, err
	}
	out := map[int64]string{}
	for _, row := range rows {
		name, _ := row["rec_name"].(string)
		if out[whole(row["id"])] = strings.TrimSpace(name); out[whole(row["id"])] == "" {
			out[whole(row["id"])] = fmt.Sprintf("party %d", whole(row["id"]))
		}
	}
	return out, nil
}
