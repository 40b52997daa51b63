package espocrm

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/exporters/espocrm/espocrmtest"
	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
)

// mark is one of 20 and 8 digits.
func mark(id, content int) crm.Mark {
	return crm.Mark{ID: fmt.Sprintf("%020x", id), Content: fmt.Sprintf("%08x", content)}
}

func TestNotes(t *testing.T) {
	server, address := site(t, espocrmtest.Options{})
	account := server.Put("Account", map[string]any{"name": "A", key: "a"})
	s := connected(t, address)
	note := crm.Entry{Company: account, Mark: mark(1, 1), Title: "Culture, 2026-H2", Day: "2026-09-30", Body: crm.Text{{Words: "Ask @anna."}}}
	results, err := s.CreateEntries(t.Context(), crm.NoteEntry, []crm.Entry{note})
	good(t, results, err)
	o := server.Objects("Note")[0]
	want := "**Culture, 2026-H2 · 2026-09-30**\n\nAsk &#64;anna.\n\nfirstcall-00000000000000000001-00000001"
	if o["post"] != want || o["parentType"] != "Account" || o["parentId"] != account || o["type"] != "Post" || o["isInternal"] != true {
		t.Errorf("%v", o)
	}
	note.ID, note.Mark, note.Title, note.Body = results[0].ID, mark(1, 2), "Culture of 2026-09-30", nil
	results, err = s.UpdateEntries(t.Context(), crm.NoteEntry, []crm.Entry{note})
	good(t, results, err)
	if o := server.Objects("Note")[0]; o["post"] != "**Culture of 2026-09-30**\n\nfirstcall-00000000000000000001-00000002" || o["isInternal"] != true {
		t.Errorf("%v", o)
	}
	found, err := s.Entries(t.Context(), crm.NoteEntry, []crm.Ref{{Company: account, Mark: mark(1, 9)}, {Company: account, Mark: mark(2, 1)}})
	if err != nil || len(found) != 1 || found[0].ID != note.ID || found[0].Company != account || found[0].Mark != mark(1, 2) {
		t.Errorf("%+v %v", found, err)
	}
}

// TestNotesOfOthers: a post that an API user made that was there before is found, and one
// that people have nothing to do with is not.
func TestNotesOfOthers(t *testing.T) {
	server, address := site(t, espocrmtest.Options{ListLimit: 3})
	account := server.Put("Account", map[string]any{"name": "A"})
	other := server.Put("Account", map[string]any{"name": "B"})
	post := func(parent string, m crm.Mark) string {
		return server.Put("Note", map[string]any{"type": "Post", "parentType": "Account", "parentId": parent, "post": "x\n\n" + m.String(), "createdById": "1"})
	}
	first := post(account, mark(1, 1))
	post(other, mark(1, 1)) // an account that is not asked for
	server.Put("Note", map[string]any{"type": "Post", "parentType": "Task", "parentId": "t", "superParentId": account, "post": mark(2, 1).String(), "createdById": "1"})
	for i := range 5 {
		post(account, mark(10+i, 1))
	}
	server.Put("Note", map[string]any{"type": "Post", "parentType": "Account", "parentId": account, "post": "I like firstcall-", "createdById": "1"})
	found, err := connected(t, address).Entries(t.Context(), crm.NoteEntry, []crm.Ref{{Company: account, Mark: mark(1, 1)}, {Company: account, Mark: mark(2, 1)}, {Company: "gone", Mark: mark(3, 1)}})
	if err != nil || len(found) != 1 || found[0].ID != first {
		t.Errorf("%+v %v", found, err)
	}
}

// TestOldNote: EspoCRM lets nobody but administrators change a post after 7 days.
func TestOldNote(t *testing.T) {
	now := time.Date(2026, 9, 30, 12, 0, 0, 0, time.UTC)
	server, address := site(t, espocrmtest.Options{Now: func() time.Time { return now }})
	account := server.Put("Account", map[string]any{"name": "A"})
	s := connected(t, address)
	note := crm.Entry{Company: account, Mark: mark(1, 1), Title: "T"}
	results, err := s.CreateEntries(t.Context(), crm.NoteEntry, []crm.Entry{note})
	good(t, results, err)
	note.ID, note.Mark = results[0].ID, mark(1, 2)
	now = now.Add(7*24*time.Hour + time.Second)
	results, err = s.UpdateEntries(t.Context(), crm.NoteEntry, []crm.Entry{note})
	if err != nil || !strings.Contains(refused(t, results[0]).Hint, "noteEditThresholdPeriod") {
		t.Errorf("%+v %v", results, err)
	}
}

func TestTasks(t *testing.T) {
	server, address := site(t, espocrmtest.Options{})
	anna := server.Put("User", map[string]any{"userName": "anna"})
	account := server.Put("Account", map[string]any{"name": "A"})
	s := connected(t, address, "owner", "anna")
	task := crm.Entry{Company: account, Mark: mark(1, 1), Title: " Turnover <= 5% = good\n<b>", Day: "2026-09-30", Body: crm.Text{{Heading: "Why", Words: "So *that*."}}}
	plain := crm.Entry{Company: account, Mark: mark(2, 1), Title: "Plain"}
	results, err := s.CreateEntries(t.Context(), crm.TaskEntry, []crm.Entry{task, plain})
	good(t, results, err)
	by := map[string]map[string]any{}
	for _, o := range server.Objects("Task") {
		by[o["id"].(string)] = o
	}
	want := map[string]any{
		"name": "Turnover ≤ 5% ＝ good ‹b›", "description": "**Why**\n\nSo \\*that\\*.\n\nfirstcall-00000000000000000001-00000001",
		"dateEndDate": "2026-09-30", "assignedUserId": anna, "parentType": "Account", "parentId": account, "status": "Not Started",
	}
	for name, value := range want {
		if got := by[results[0].ID][name]; got != value {
			t.Errorf("%s: %q", name, got)
		}
	}
	if o := by[results[1].ID]; o["description"] != "firstcall-00000000000000000002-00000001" || o["dateEndDate"] != nil {
		t.Errorf("%v", o)
	}
	server.Set("Task", results[0].ID, map[string]any{"status": "Completed", "assignedUserId": espocrmtest.APIUser})
	task.ID, task.Mark, task.Day = results[0].ID, mark(1, 2), ""
	results, err = s.UpdateEntries(t.Context(), crm.TaskEntry, []crm.Entry{task})
	good(t, results, err)
	if n := server.Requests("POST /Task"); n != 2 {
		t.Errorf("%d", n)
	}
	for _, o := range server.Objects("Task") {
		if o["id"] == task.ID && (o["dateEndDate"] != nil || o["dateEnd"] != nil || o["status"] != "Completed" || o["assignedUserId"] != espocrmtest.APIUser) {
			t.Errorf("%v", o)
		}
	}
	found, err := s.Entries(t.Context(), crm.TaskEntry, []crm.Ref{{Company: account, Mark: mark(1, 1)}, {Company: account, Mark: mark(2, 1)}})
	slices.SortFunc(found, func(a, b crm.Entry) int { return strings.Compare(a.Mark.ID, b.Mark.ID) })
	if err != nil || len(found) != 2 || found[0].ID != task.ID || found[0].Mark != mark(1, 2) || found[1].Mark != mark(2, 1) {
		t.Errorf("%+v %v", found, err)
	}
}

// TestLongText: a text of which lists show only the beginning is found by its mark.
func TestLongText(t *testing.T) {
	server, address := site(t, espocrmtest.Options{})
	account := server.Put("Account", map[string]any{"name": "A"})
	s := connected(t, address)
	task := crm.Entry{Company: account, Mark: mark(1, 1), Title: strings.Repeat("ä", 300), Body: crm.Text{{Words: strings.Repeat("ö", 12000)}}}
	results, err := s.CreateEntries(t.Context(), crm.TaskEntry, []crm.Entry{task})
	good(t, results, err)
	found, err := s.Entries(t.Context(), crm.TaskEntry, []crm.Ref{{Company: account, Mark: mark(1, 1)}})
	if err != nil || len(found) != 1 {
		t.Errorf("%+v %v", found, err)
	}
	if name := server.Objects("Task")[0]["name"]; name != strings.Repeat("ä", 254)+"…" {
		t.Errorf("%v", name)
	}
}

// TestEntryRights: who writes no tasks need not be allowed to.
func TestEntryRights(t *testing.T) {
	server, address := site(t, espocrmtest.Options{Roles: map[string]map[string]string{"Account": {"create": "yes", "read": "all", "edit": "all", "stream": "no"}}})
	account := server.Put("Account", map[string]any{"name": "A"})
	s := connected(t, address)
	for kind, says := range map[crm.EntryKind]string{crm.NoteEntry: "Account: stream all", crm.TaskEntry: "Task: create yes"} {
		refs, entries := []crm.Ref{{Company: account, Mark: mark(1, 1)}}, []crm.Entry{{Company: account, Mark: mark(1, 1), Title: "T"}}
		for name, ask := range map[string]func() error{
			"find":   func() error { _, err := s.Entries(t.Context(), kind, refs); return err },
			"create": func() error { _, err := s.CreateEntries(t.Context(), kind, entries); return err },
			"update": func() error { _, err := s.UpdateEntries(t.Context(), kind, entries); return err },
		} {
			if err := ask(); code(t, err) != "espocrm.permission" || !strings.Contains(err.Error(), says) {
				t.Errorf("%s %v: %v", name, kind, err)
			}
		}
	}
}

// TestTaskFields: EspoCRM leaves a field out that the role keeps from the API user. A task
// without its mark or account would be made again each time, so that none is made.
func TestTaskFields(t *testing.T) {
	for field, action := range map[string]string{"description": "edit", "parent": "read", "name": "edit", "dateEnd": "edit", "assignedUser": "edit"} {
		server, address := site(t, espocrmtest.Options{NoTask: map[string]string{field: action}})
		account := server.Put("Account", map[string]any{"name": "A"})
		s := connected(t, address)
		_, err := s.CreateEntries(t.Context(), crm.TaskEntry, []crm.Entry{{Company: account, Mark: mark(1, 1), Title: "T"}})
		if code(t, err) != "espocrm.permission" || !strings.Contains(err.Error(), action+" the field "+field+" of Task") || server.Count("Task") != 0 {
			t.Errorf("%s: %v, %d tasks", field, err, server.Count("Task"))
		}
		results, err := s.CreateEntries(t.Context(), crm.NoteEntry, []crm.Entry{{Company: account, Mark: mark(2, 1), Title: "T"}})
		good(t, results, err)
	}
}

// TestOrphans: an entry that lost its account is not told to be there, and no more follow.
func TestOrphans(t *testing.T) {
	for _, kind := range []crm.EntryKind{crm.NoteEntry, crm.TaskEntry} {
		server, address := site(t, espocrmtest.Options{Orphans: true})
		account := server.Put("Account", map[string]any{"name": "A"})
		var entries []crm.Entry
		for i := range 20 {
			entries = append(entries, crm.Entry{Company: account, Mark: mark(i+1, 1), Title: "T"})
		}
		_, err := connected(t, address).CreateEntries(t.Context(), kind, entries)
		if made := server.Count("Note") + server.Count("Task"); code(t, err) != "espocrm.parent" || made > atOnce {
			t.Errorf("%v, %d made", err, made)
		}
	}
}

// TestEntryRefused: a task of an unknown owner, and one at no account.
func TestEntryRefused(t *testing.T) {
	server, address := site(t, espocrmtest.Options{})
	account := server.Put("Account", map[string]any{"name": "A"})
	s := connected(t, address, "owner", "abcdef0123456789a")
	results, err := s.CreateEntries(t.Context(), crm.TaskEntry, []crm.Entry{{Company: account, Mark: mark(1, 1), Title: "T"}})
	if err != nil || !strings.Contains(refused(t, results[0]).Hint, "assignment permission") {
		t.Errorf("%+v %v", results, err)
	}
	results, err = s.CreateEntries(t.Context(), crm.NoteEntry, []crm.Entry{{Company: "gone", Mark: mark(1, 1), Title: "T"}, {Company: account, Mark: mark(2, 1), Title: "T"}})
	if err != nil || results[1].Err != nil || !strings.Contains(refused(t, results[0]).Text, "No access to parent") {
		t.Errorf("%+v %v", results, err)
	}
}

// TestCanceled: a run that is ended asks nothing any more.
func TestCanceled(t *testing.T) {
	server, address := site(t, espocrmtest.Options{})
	s := connected(t, address)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.CreateEntries(ctx, crm.NoteEntry, []crm.Entry{{Company: "x"}}); err == nil || server.Requests("POST /Note") != 0 {
		t.Errorf("%v", err)
	}
}
