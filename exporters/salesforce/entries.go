package salesforce

import (
	"context"
	"net/http"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
)

// Lengths that Salesforce takes. Those of bodies are given as characters in one place and
// as bytes in another; bytes are the safe ones.
const (
	longestTitle   = 80
	longestSubject = 255
	longestBody    = 32000
)

// begins is how the titles of our notes and the subjects of our tasks begin. The mark
// stands in the text, where it does not disturb and people rarely change anything, but
// which no query can filter; this, and who made it, keeps queries from reading all notes
// and tasks of an account.
const begins = "Firstcall: "

// shape is how an object keeps an entry.
type shape struct {
	object, company, title, text string
	longest                      int  // characters of a title
	archived                     bool // Salesforce archives old ones
}

func shapeOf(kind crm.EntryKind) shape {
	if kind == crm.TaskEntry {
		return shape{"Task", "WhatId", "Subject", "Description", longestSubject, true}
	}
	return shape{"Note", "ParentId", "Title", "Body", longestTitle, false}
}

// Entries implements crm.System. Queries read what is there now: SOQL has no index that
// follows later, as SOSL has.
func (s *system) Entries(ctx context.Context, kind crm.EntryKind, refs []crm.Ref) ([]crm.Entry, error) {
	wanted := map[string]bool{}
	var companies []string
	seen := map[string]bool{}
	for _, r := range refs {
		wanted[r.Company+" "+r.Mark.ID] = true
		if !seen[r.Company] {
			seen[r.Company] = true
			companies = append(companies, r.Company)
		}
	}
	sh := shapeOf(kind)
	head := "SELECT Id," + sh.company + "," + sh.text + " FROM " + sh.object + " WHERE " + sh.company + " IN "
	tail := " AND " + sh.title + " LIKE " + quote(begins+"%")
	if s.user != "" { // a title can be changed; who made it can't
		tail = " AND (" + sh.title + " LIKE " + quote(begins+"%") + " OR CreatedById = " + quote(s.user) + ")"
	}
	if sh.archived {
		tail += " AND IsDeleted = false"
	}
	var found []map[string]any
	if err := queryIn(ctx, s, sh.archived, head, companies, tail, &found); err != nil {
		return nil, err
	}
	var out []crm.Entry
	for _, record := range found {
		id, _ := record["Id"].(string)
		company, _ := record[sh.company].(string)
		body, _ := record[sh.text].(string)
		if mark, ok := crm.FindMark(body); ok && wanted[company+" "+mark.ID] {
			out = append(out, crm.Entry{ID: id, Company: company, Mark: mark})
		}
	}
	return out, nil
}

// CreateEntries implements crm.System. Status and priority of a task are left to the
// org's defaults, as each org has its own words for them.
func (s *system) CreateEntries(ctx context.Context, kind crm.EntryKind, entries []crm.Entry) ([]crm.Result, error) {
	rows := make([]row, len(entries))
	for i, e := range entries {
		rows[i] = entryRow(kind, e)
		rows[i][shapeOf(kind).company] = e.Company
		if kind == crm.TaskEntry && s.owner != "" {
			rows[i]["OwnerId"] = s.owner
		}
	}
	return s.save(ctx, http.MethodPost, "/composite/sobjects", rows)
}

// UpdateEntries implements crm.System.
func (s *system) UpdateEntries(ctx context.Context, kind crm.EntryKind, entries []crm.Entry) ([]crm.Result, error) {
	rows := make([]row, len(entries))
	for i, e := range entries {
		rows[i] = entryRow(kind, e)
		rows[i]["id"] = e.ID
		if kind == crm.TaskEntry && e.Day == "" {
			rows[i]["ActivityDate"] = nil
		}
	}
	return s.save(ctx, http.MethodPatch, "/composite/sobjects", rows)
}

// entryRow is what is written of an entry, made and changed alike. A note has no date of
// its own that could be set.
func entryRow(kind crm.EntryKind, e crm.Entry) row {
	sh := shapeOf(kind)
	r := rowOf(sh.object)
	r[sh.title] = cutLetters(begins+e.Title, sh.longest)
	mark := "\n\n" + e.Mark.String()
	r[sh.text] = cutBytes(e.Body.Plain(), longestBody-len(mark)) + mark
	if kind == crm.TaskEntry && e.Day != "" {
		r["ActivityDate"] = e.Day
	}
	return r
}

// cutLetters cuts a line to n characters. Salesforce counts those outside the basic
// plane, such as emoji, twice.
func cutLetters(s string, n int) string {
	size := 0
	end := 0 // where the line is cut if it has to be
	for i, r := range s {
		if size <= n-1 {
			end = i
		}
		if size++; r > 0xffff {
			size++
		}
	}
	if size <= n {
		return s
	}
	return strings.TrimRight(s[:end], " ") + "…"
}

// cutBytes cuts a text to n bytes, between characters.
func cutBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	const more = "\n…"
	end := 0
	for i := range s {
		if i <= n-len(more) {
			end = i
		}
	}
	return strings.TrimRight(s[:end], " \n") + more
}
