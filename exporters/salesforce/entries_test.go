package salesforce

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/exporters/salesforce/salesforcetest"
)

func markNumber(i int) crm.Mark { return crm.Mark{ID: fmt.Sprintf("%020x", i), Content: "0123abcd"} }

func accounts(f fixture, n int) []string {
	var ids []string
	for i := range n {
		ids = append(ids, f.org.Add("Account", map[string]any{"Name": "x", key: fmt.Sprint(i)}))
	}
	return ids
}

func TestEntries(t *testing.T) {
	for _, kind := range []crm.EntryKind{crm.NoteEntry, crm.TaskEntry} {
		f := start(t, salesforcetest.Options{Page: 50})
		at := accounts(f, 200)
		var made []crm.Entry
		var refs []crm.Ref
		for i, company := range at {
			e := crm.Entry{Company: company, Mark: markNumber(i), Title: "Title", Day: "2026-09-30", Body: crm.Text{{Heading: "Why", Words: "because"}, {Items: []string{"one", "two"}}}}
			made, refs = append(made, e), append(refs, crm.Ref{Company: company, Mark: crm.Mark{ID: e.Mark.ID, Content: "ffffffff"}})
		}
		results, err := f.CreateEntries(t.Context(), kind, made)
		noFaults(t, results, err, 200)
		found, err := f.Entries(t.Context(), kind, refs)
		if err != nil || len(found) != 200 {
			t.Fatalf("%s: %d found, %v", kind.Object(), len(found), err)
		}
		for i, e := range found {
			if e.ID != results[i].ID || e.Company != at[i] || e.Mark != made[i].Mark {
				t.Fatalf("%s %d: %+v", kind.Object(), i, e)
			}
		}
		found, err = f.Entries(t.Context(), kind, []crm.Ref{{Company: at[0], Mark: markNumber(1)}, {Company: at[1], Mark: markNumber(0)}})
		if err != nil || len(found) != 0 {
			t.Errorf("%s: found at another company: %+v %v", kind.Object(), found, err)
		}
	}
}

func TestNoteAsWritten(t *testing.T) {
	f := start(t, salesforcetest.Options{})
	at := accounts(f, 1)[0]
	e := crm.Entry{Company: at, Mark: markNumber(1), Title: strings.Repeat("long title ", 10), Body: crm.Text{{Words: strings.Repeat("ä", 40000)}}}
	results, err := f.CreateEntries(t.Context(), crm.NoteEntry, []crm.Entry{e})
	noFaults(t, results, err, 1)
	is := f.org.Records("Note")[0]
	title, body := is["Title"].(string), is["Body"].(string)
	if title != "Firstcall: long title long title long title long title long title long title lo…" || len([]rune(title)) != 80 {
		t.Errorf("%q", title)
	}
	if len(body) > 32000 || !strings.HasSuffix(body, "ä\n…\n\nfirstcall-00000000000000000001-0123abcd") {
		t.Errorf("%d bytes, …%q", len(body), body[len(body)-60:])
	}
	if is["ParentId"] != at {
		t.Errorf("%v", is)
	}
	e.ID, e.Title, e.Body, e.Mark.Content = results[0].ID, "Short", crm.Text{{Words: "new"}}, "99999999"
	results, err = f.UpdateEntries(t.Context(), crm.NoteEntry, []crm.Entry{e})
	noFaults(t, results, err, 1)
	is = f.org.Records("Note")[0]
	if is["Title"] != "Firstcall: Short" || is["Body"] != "new\n\nfirstcall-00000000000000000001-99999999" {
		t.Errorf("%v", is)
	}
}

func TestTaskAsWritten(t *testing.T) {
	f := start(t, salesforcetest.Options{})
	f.owner = salesforcetest.ConsultantID
	at := accounts(f, 1)[0]
	e := crm.Entry{Company: at, Mark: markNumber(1), Title: "Brief the night shift", Day: "2026-10-15", Body: crm.Text{{Words: "how"}}}
	results, err := f.CreateEntries(t.Context(), crm.TaskEntry, []crm.Entry{e})
	noFaults(t, results, err, 1)
	is := f.org.Records("Task")[0]
	want := map[string]any{"Subject": "Firstcall: Brief the night shift", "Description": "how\n\nfirstcall-00000000000000000001-0123abcd", "ActivityDate": "2026-10-15",
		"WhatId": at, "OwnerId": salesforcetest.ConsultantID, "Status": "Not Started", "Priority": "Normal"}
	for name, w := range want {
		if is[name] != w {
			t.Errorf("%s: %v", name, is[name])
		}
	}
	// What people do with it stays.
	f.org.Set("Task", results[0].ID, map[string]any{"Status": "Done", "OwnerId": salesforcetest.UserID})
	e.ID, e.Day = results[0].ID, ""
	results, err = f.UpdateEntries(t.Context(), crm.TaskEntry, []crm.Entry{e})
	noFaults(t, results, err, 1)
	is = f.org.Records("Task")[0]
	if is["Status"] != "Done" || is["OwnerId"] != salesforcetest.UserID || is["ActivityDate"] != nil {
		t.Errorf("%v", is)
	}
}

// What people do to an entry does not hide it, and what they did elsewhere is not it.
func TestEntriesAmongOthers(t *testing.T) {
	f := start(t, salesforcetest.Options{})
	at := accounts(f, 1)[0]
	task := func(by string, fields map[string]any) string {
		all := map[string]any{"WhatId": at, "CreatedById": by, "Description": "text\r\n\r\n" + markNumber(1).String()}
		for name, value := range fields {
			all[name] = value
		}
		return f.org.Add("Task", all)
	}
	other, me := salesforcetest.ConsultantID, salesforcetest.UserID
	want := []string{
		task(me, map[string]any{"Subject": "a new name"}),
		task(other, map[string]any{"Subject": "Firstcall: by an earlier user"}),
		task(me, map[string]any{"Subject": "Firstcall: old", "IsArchived": true}),
		task(me, map[string]any{"Subject": "Firstcall: x", "Description": "see " + markNumber(9).String() + "\n" + markNumber(1).String()}),
	}
	task(other, map[string]any{"Subject": "call them"})
	task(me, map[string]any{"Subject": "Firstcall: x", "IsDeleted": true})
	task(me, map[string]any{"Subject": "Firstcall: x", "Description": markNumber(1).String() + "\n" + markNumber(9).String()})
	task(me, map[string]any{"Subject": "Firstcall: x", "Description": nil})
	found, err := f.Entries(t.Context(), crm.TaskEntry, []crm.Ref{{Company: at, Mark: markNumber(1)}})
	slices.Sort(want)
	if got := sortedIDs(found); err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, want %v, %v", got, want, err)
	}
}

func TestEntriesAtACompanyThatIsGone(t *testing.T) {
	f := start(t, salesforcetest.Options{})
	at := accounts(f, 2)
	f.org.Set("Account", at[1], map[string]any{"IsDeleted": true})
	results, err := f.CreateEntries(t.Context(), crm.NoteEntry, []crm.Entry{{Company: at[0], Mark: markNumber(1), Title: "a"}, {Company: at[1], Mark: markNumber(2), Title: "b"}})
	if err != nil || results[0].Err != nil || !errors.As(results[1].Err, new(*web.Refused)) {
		t.Errorf("%+v %v", results, err)
	}
}
