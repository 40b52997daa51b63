package tryton

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
)

// lostAnswers is how many answers of a call of crm's are lost before it goes no further:
// the server is hardly well.
const lostAnswers = 3

// losses are the answers that were lost while objects are made one by one. The others are
// made all the same, so that few have to be looked for.
type losses struct {
	n    int
	last error
}

// add counts an error, and reports whether to go on nevertheless.
func (l *losses) add(err error) bool {
	if !errors.As(err, new(*web.Unsure)) {
		return false
	}
	l.n++
	l.last = err
	return l.n < lostAnswers
}

// Entries finds notes or tasks by the party that they are at and the mark in their text,
// in the database itself.
func (s *system) Entries(ctx context.Context, kind crm.EntryKind, refs []crm.Ref) ([]crm.Entry, error) {
	if kind == crm.TaskEntry {
		if state, err := s.lookAtTasks(ctx); err != nil || state.refused != nil {
			return nil, err // without tasks there is none to be found
		}
	}
	var marks []any
	var parties []string
	text := textOf(kind)
	for _, r := range refs {
		parties = append(parties, r.Company)
		marks = append(marks, []any{text, "like", "%" + r.Mark.Prefix() + "%"})
	}
	parties = unique(parties)
	domain := all(in("resource", resources(parties)), oneOf(marks...))
	at, context := "resource", none()
	if kind == crm.TaskEntry {
		ids, err := numbers(parties)
		if err != nil {
			return nil, err
		}
		domain = all(in("party", ids), is("company", s.company), oneOf(marks...))
		at, context = "party", s.inCompany()
	}
	var rows []map[string]any
	if err := s.server.read(ctx, &rows, "model."+modelOf(kind)+".search_read",
		domain, 0, nil, byID, []string{at, text}, context); err != nil {
		return nil, err
	}
	wanted := map[crm.Ref]bool{}
	for _, r := range refs {
		wanted[crm.Ref{Company: r.Company, Mark: crm.Mark{ID: r.Mark.ID}}] = true
	}
	var out []crm.Entry
	for _, row := range rows {
		words, _ := row[text].(string)
		mark, ok := crm.FindMark(words)
		party := partyOf(row[at])
		if ok && wanted[crm.Ref{Company: party, Mark: crm.Mark{ID: mark.ID}}] {
			out = append(out, crm.Entry{ID: strconv.FormatInt(whole(row["id"]), 10), Company: party, Mark: mark})
		}
	}
	return out, nil
}

// CreateEntries makes notes or tasks: notes all or none, each task by itself.
func (s *system) CreateEntries(ctx context.Context, kind crm.EntryKind, entries []crm.Entry) ([]crm.Result, error) {
	if kind == crm.TaskEntry {
		return s.createTasks(ctx, entries)
	}
	rows := make([]map[string]any, len(entries))
	for i, e := range entries {
		rows[i] = map[string]any{"resource": partyModel + "," + e.Company, "message": message(e)}
	}
	return s.create(ctx, noteModel, rows, none())
}

// UpdateEntries changes notes or tasks, all or none.
func (s *system) UpdateEntries(ctx context.Context, kind crm.EntryKind, entries []crm.Entry) ([]crm.Result, error) {
	ids := make([]string, len(entries))
	rows := make([]map[string]any, len(entries))
	for i, e := range entries {
		ids[i] = e.ID
		if kind == crm.TaskEntry {
			rows[i] = map[string]any{"name": e.Title, "comment": comment(e)}
		} else {
			rows[i] = map[string]any{"message": message(e)}
		}
	}
	if kind == crm.TaskEntry {
		return s.update(ctx, workModel, ids, rows, s.inCompany())
	}
	return s.update(ctx, noteModel, ids, rows, none())
}

// createTasks makes tasks one by one: after more than one at once Tryton numbers all
// projects and tasks of the database anew, which takes seconds when they are thousands.
func (s *system) createTasks(ctx context.Context, entries []crm.Entry) ([]crm.Result, error) {
	state, err := s.lookAtTasks(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]crm.Result, len(entries))
	if state.refused != nil {
		for i := range out {
			out[i].Err = state.refused
		}
		return out, nil
	}
	projects, err := s.projects(ctx, entries)
	if err != nil {
		return nil, err
	}
	var lost losses
	var stop error // no more tasks can be made
	for i, e := range entries {
		if stop != nil {
			out[i].Err = stop
			continue
		}
		party, err := strconv.ParseInt(e.Company, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%q is no id of a party", e.Company)
		}
		id, err := s.createWork(ctx, map[string]any{
			"type": "task", "name": e.Title, "comment": comment(e), "party": party, "parent": projects[party],
		})
		out[i] = crm.Result{ID: id, Err: err}
		switch {
		case err == nil || errors.As(err, new(*web.Refused)) || lost.add(err):
		case errors.As(err, new(*web.Busy)), errors.As(err, new(*web.Quota)):
			stop = err
		default:
			return nil, err
		}
	}
	return out, lost.last
}

// createWork makes a task or project in the company.
func (s *system) createWork(ctx context.Context, row map[string]any) (string, error) {
	row["company"] = s.company
	made, err := s.create(ctx, workModel, []map[string]any{row}, s.inCompany())
	if err != nil {
		return "", err
	}
	return made[0].ID, nil
}

func (s *system) inCompany() map[string]any { return map[string]any{"company": s.company} }

func modelOf(kind crm.EntryKind) string {
	if kind == crm.TaskEntry {
		return workModel
	}
	return noteModel
}

// textOf is the field with the text.
func textOf(kind crm.EntryKind) string {
	if kind == crm.TaskEntry {
		return "comment"
	}
	return "message"
}

// message is the text of a note: Tryton has neither a title nor a day for it.
func message(e crm.Entry) string {
	title := e.Title
	if e.Day != "" && !strings.Contains(title, e.Day) {
		title = strings.TrimSpace(title + " · " + e.Day)
	}
	return join(title, e.Body.Plain(), e.Mark.String())
}

// comment is the text of a task. Tryton has no day on which one is due.
func comment(e crm.Entry) string {
	due := ""
	if e.Day != "" {
		due = "Due " + e.Day
	}
	return join(due, e.Body.Plain(), e.Mark.String())
}

func join(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, "\n\n")
}

func resources(parties []string) []string {
	out := make([]string, len(parties))
	for i, p := range parties {
		out[i] = partyModel + "," + p
	}
	return out
}

func numbers(parties []string) ([]int64, error) {
	out := make([]int64, len(parties))
	for i, p := range parties {
		n, err := strconv.ParseInt(p, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%q is no id of a party", p)
		}
		out[i] = n
	}
	return out, nil
}

// partyOf is the id of a party that a note is at, as party.party,7, or a task, as 7.
func partyOf(v any) string {
	if text, ok := v.(string); ok {
		return strings.TrimPrefix(text, partyModel+",")
	}
	return strconv.FormatInt(whole(v), 10)
}
