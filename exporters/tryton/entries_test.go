package tryton

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/tryton/trytontest"
)

// mark is a mark with an id that is all one digit.
func mark(digit, content string) crm.Mark {
	return crm.Mark{ID: strings.Repeat(digit, 20), Content: strings.Repeat(content, 8)}
}

func note(company, digit, words string) crm.Entry {
	return crm.Entry{Company: company, Mark: mark(digit, "0"), Title: "A title", Body: crm.Text{{Heading: "Words", Words: words}}}
}

func task(company, digit, title, day string) crm.Entry {
	return crm.Entry{Company: company, Mark: mark(digit, "0"), Title: title, Body: crm.Text{{Words: "Do it."}}, Day: day}
}

// found looks entries up and words them.
func found(t *testing.T, sys *system, kind crm.EntryKind, refs ...crm.Ref) []string {
	t.Helper()
	entries, err := sys.Entries(context.Background(), kind, refs)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.ID+" at "+e.Company+" "+e.Mark.ID[:1]+e.Mark.Content[:1])
	}
	return out
}

func equal(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// A note is found again by its party and mark, and changed.
func TestNotes(t *testing.T) {
	ctx := context.Background()
	s := trytontest.Start(t, trytontest.Options{})
	sys := mustOpen(t, s, nil)
	at := create(t, sys, companyOf("a", "A"), companyOf("b", "B"))
	results, err := sys.CreateEntries(ctx, crm.NoteEntry, []crm.Entry{note(at[0], "1", "one"), note(at[1], "1", "two"), note(at[0], "2", "three")})
	if err != nil {
		t.Fatal(err)
	}
	made := ids(t, results, 3)
	equal(t, s.Rows(t, "SELECT resource, message FROM ir_note WHERE id = ?", number(t, made[0])),
		[]string{"party.party," + at[0] + "|A title\n\nWords\none\n\nfirstcall-11111111111111111111-00000000"})
	equal(t, found(t, sys, crm.NoteEntry, crm.Ref{Company: at[0], Mark: mark("1", "9")}, crm.Ref{Company: at[1], Mark: mark("3", "0")}),
		[]string{made[0] + " at " + at[0] + " 10"})
	changed := note(at[0], "1", "four")
	changed.ID, changed.Mark.Content, changed.Title, changed.Day = made[0], "77777777", "Another", "2026-09-30"
	if results, err = sys.UpdateEntries(ctx, crm.NoteEntry, []crm.Entry{changed}); err != nil {
		t.Fatal(err)
	}
	ids(t, results, 1)
	equal(t, found(t, sys, crm.NoteEntry, crm.Ref{Company: at[0], Mark: mark("1", "0")}, crm.Ref{Company: at[1], Mark: mark("1", "0")}),
		[]string{made[0] + " at " + at[0] + " 17", made[1] + " at " + at[1] + " 10"})
	equal(t, s.Rows(t, "SELECT message FROM ir_note WHERE id = ?", number(t, made[0])),
		[]string{"Another · 2026-09-30\n\nWords\nfour\n\nfirstcall-11111111111111111111-77777777"})
}

// Tasks go into a project of the party, with the day they are due in the comment.
func TestTasks(t *testing.T) {
	ctx := context.Background()
	s := trytontest.Start(t, trytontest.Options{})
	sys := mustOpen(t, s, nil)
	at := create(t, sys, companyOf("a", "Alder Row"), companyOf("b", ""))
	results, err := sys.CreateEntries(ctx, crm.TaskEntry, []crm.Entry{task(at[0], "1", "One", "2026-10-31"), task(at[1], "1", "Two", ""), task(at[0], "2", "Three", "")})
	if err != nil {
		t.Fatal(err)
	}
	made := ids(t, results, 3)
	const works = `SELECT w.name, w.company, w.party, p.name FROM project_work w LEFT JOIN project_work p ON p.id = w.parent WHERE w.type = 'task' ORDER BY w.id`
	equal(t, s.Rows(t, works), []string{
		"One|1|" + at[0] + "|Culture: Alder Row", "Two|1|" + at[1] + "|Culture: [b]", "Three|1|" + at[0] + "|Culture: Alder Row",
	})
	equal(t, s.Rows(t, "SELECT comment FROM project_work WHERE id = ?", number(t, made[0])),
		[]string{"Due 2026-10-31\n\nDo it.\n\nfirstcall-11111111111111111111-00000000"})
	if n := s.Projects(t); n != 2 {
		t.Errorf("there are %d projects", n)
	}
	equal(t, found(t, sys, crm.TaskEntry, crm.Ref{Company: at[0], Mark: mark("1", "0")}, crm.Ref{Company: at[1], Mark: mark("2", "0")}),
		[]string{made[0] + " at " + at[0] + " 10"})
	equal(t, found(t, sys, crm.NoteEntry, crm.Ref{Company: at[0], Mark: mark("1", "0")}), nil)
}

// What people do with a task stays: where it is, and how far.
func TestTasksOfPeople(t *testing.T) {
	ctx := context.Background()
	s := trytontest.Start(t, trytontest.Options{})
	sys := mustOpen(t, s, nil)
	at := create(t, sys, companyOf("a", "Alder Row"))
	results, err := sys.CreateEntries(ctx, crm.TaskEntry, []crm.Entry{task(at[0], "1", "One", "2026-10-31")})
	if err != nil {
		t.Fatal(err)
	}
	made := ids(t, results, 1)
	done := s.Call(t, "model.project.work.status.search", []any{[]any{"name", "=", "Done"}}, 0, nil, nil).([]any)[0]
	own := s.Call(t, "model.project.work.create", []any{map[string]any{"name": "Ours", "type": "project", "company": 1, "party": number(t, at[0])}}).([]any)[0]
	s.Call(t, "model.project.work.write", []any{number(t, made[0])}, map[string]any{"progress": 1, "status": done, "parent": own})
	changed := task(at[0], "1", "One, again", "2026-11-30")
	changed.ID, changed.Mark.Content = made[0], "77777777"
	if _, err := sys.UpdateEntries(ctx, crm.TaskEntry, []crm.Entry{changed}); err != nil {
		t.Fatal(err)
	}
	const query = `SELECT w.name, s.name, p.name, w.comment FROM project_work w JOIN project_work_status s ON s.id = w.status JOIN project_work p ON p.id = w.parent WHERE w.id = ?`
	equal(t, s.Rows(t, query, number(t, made[0])), []string{"One, again|Done|Ours|Due 2026-11-30\n\nDo it.\n\nfirstcall-11111111111111111111-77777777"})

	// A project that is finished takes no more tasks, one that people choose does.
	first := s.Rows(t, "SELECT id FROM project_work WHERE name = 'Culture: Alder Row'")[0]
	s.Call(t, "model.project.work.write", []any{number(t, first)}, map[string]any{"progress": 1, "status": done})
	for i, want := range []string{"Culture: Alder Row", "Chosen"} {
		if want == "Chosen" {
			s.Call(t, "model.project.work.write", s.Call(t, "model.project.work.search", []any{[]any{"type", "=", "project"}}, 0, nil, nil), map[string]any{"comment": ""})
			s.Call(t, "model.project.work.create", []any{map[string]any{"name": "Chosen", "type": "project", "company": 1, "party": number(t, at[0]), "comment": "Firstcall-Tasks, please"}})
		}
		results, err := sys.CreateEntries(ctx, crm.TaskEntry, []crm.Entry{task(at[0], string(rune('2'+i)), "More", "")})
		if err != nil {
			t.Fatal(err)
		}
		id := ids(t, results, 1)[0]
		got := s.Rows(t, "SELECT p.name, p.progress FROM project_work w JOIN project_work p ON p.id = w.parent WHERE w.id = ?", number(t, id))
		equal(t, got, []string{want + "|"})
	}
	if n := s.Projects(t); n != 4 { // the finished one, the one after it, Ours, Chosen
		t.Errorf("there are %d projects", n)
	}
}

// A user needs no group for parties and notes, and one for tasks.
func TestRights(t *testing.T) {
	ctx := context.Background()
	s := trytontest.Start(t, trytontest.Options{})
	s.AddUser(t, "plain", "Sesame-open-42")
	s.AddUser(t, "worker", "Sesame-open-42", "Project Administration")
	for user, text := range map[string]string{"plain": "the user plain may not read, make and change tasks", "worker": ""} {
		values := s.Settings()
		values["user"] = user
		sys, err := quick().connect(ctx, settings(t, values, "Sesame-open-42"), true)
		if err != nil {
			t.Fatal(err)
		}
		at := create(t, sys, companyOf(user, user))
		if _, err := sys.CreateEntries(ctx, crm.NoteEntry, []crm.Entry{note(at[0], "1", "one")}); err != nil {
			t.Error(err)
		}
		equal(t, found(t, sys, crm.TaskEntry, crm.Ref{Company: at[0], Mark: mark("1", "0")}), nil)
		results, err := sys.CreateEntries(ctx, crm.TaskEntry, []crm.Entry{task(at[0], "1", "One", "")})
		if err != nil {
			t.Fatal(err)
		}
		if text != "" {
			refused(t, results[0].Err, text)
		} else {
			ids(t, results, 1)
		}
	}
	if s.Tasks(t) != 1 || s.Projects(t) != 1 {
		t.Errorf("%d tasks, %d projects", s.Tasks(t), s.Projects(t))
	}
}
