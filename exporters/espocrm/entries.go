package espocrm

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// shape is how a kind of entry is kept.
type shape struct {
	entity string // EspoCRM's name
	text   string // the attribute with the body and the mark
}

func shapeOf(kind crm.EntryKind) shape {
	if kind == crm.TaskEntry {
		return shape{"Task", "description"}
	}
	return shape{"Note", "post"}
}

// anyMark is how every mark begins.
const anyMark = "firstcall-"

// may reports that the API user lacks a right for a kind of entry. It is asked when there
// are some, so that who writes no tasks need not be allowed to.
func (s *system) may(kind crm.EntryKind) error {
	if kind == crm.NoteEntry {
		return s.rights.need("Account", "stream", "all")
	}
	for _, need := range [][2]string{{"create", "yes"}, {"read", "all"}, {"edit", ""}} {
		if err := s.rights.need("Task", need[0], need[1]); err != nil {
			return err
		}
	}
	for _, field := range []string{"name", "description", "parent", "dateEnd", "assignedUser"} {
		if err := s.rights.needField("Task", field); err != nil {
			return err
		}
	}
	return nil
}

// Entries finds posts or tasks by their marks.
func (s *system) Entries(ctx context.Context, kind crm.EntryKind, refs []crm.Ref) ([]crm.Entry, error) {
	if err := s.may(kind); err != nil {
		return nil, err
	}
	wanted := map[crm.Ref]bool{}
	for _, r := range refs {
		wanted[plain(r)] = true
	}
	var found []crm.Entry
	have, seen := map[crm.Ref]bool{}, map[string]bool{}
	take := func(e crm.Entry) {
		r := plain(crm.Ref{Company: e.Company, Mark: e.Mark})
		if wanted[r] && !seen[e.ID] {
			found, have[r], seen[e.ID] = append(found, e), true, true
		}
	}
	for _, some := range portions(companiesOf(refs)) {
		if err := s.entriesOf(ctx, kind, some, take); err != nil {
			return nil, err
		}
	}
	if kind == crm.TaskEntry {
		return found, nil
	}
	// The list of notes has those of the API user alone. Others, of an API user that was
	// there before, stand in the streams.
	var missing []crm.Ref
	for _, r := range refs {
		if !have[plain(r)] {
			missing = append(missing, r)
		}
	}
	return found, s.inStreams(ctx, companiesOf(missing), take)
}

// plain is a ref without the content of what it names.
func plain(r crm.Ref) crm.Ref { return crm.Ref{Company: r.Company, Mark: crm.Mark{ID: r.Mark.ID}} }

// companiesOf are the companies of refs, each once.
func companiesOf(refs []crm.Ref) []string {
	var ids []string
	seen := map[string]bool{}
	for _, r := range refs {
		if !seen[r.Company] {
			seen[r.Company] = true
			ids = append(ids, r.Company)
		}
	}
	return ids
}

// entriesOf finds entries with a mark at some accounts.
func (s *system) entriesOf(ctx context.Context, kind crm.EntryKind, companies []string, take func(crm.Entry)) error {
	sh := shapeOf(kind)
	query := strings.Join([]string{
		condition(0, "equals", "parentType", "Account"), oneOf(1, "parentId", companies),
		condition(2, "contains", sh.text, anyMark), "select=id,parentId," + sh.text,
	}, "&")
	err := s.list(ctx, "/"+sh.entity, query, func(i item) {
		if mark, ok := crm.FindMark(i.text(sh.text)); ok {
			take(crm.Entry{ID: i.text("id"), Company: i.text("parentId"), Mark: mark})
		}
	})
	return reading(err, sh.entity)
}

// inStreams finds posts with a mark in the streams of accounts.
func (s *system) inStreams(ctx context.Context, companies []string, take func(crm.Entry)) error {
	query := condition(0, "contains", "post", anyMark)
	var mu sync.Mutex
	results, err := each(ctx, len(companies), func(ctx context.Context, at int) (string, error) {
		id := companies[at]
		return "", s.list(ctx, "/Account/"+url.PathEscape(id)+"/posts", query, func(i item) {
			mark, ok := crm.FindMark(i.text("post"))
			if !ok || i.text("parentId") != id { // a stream has posts of what belongs to the account, too
				return
			}
			mu.Lock()
			defer mu.Unlock()
			take(crm.Entry{ID: i.text("id"), Company: id, Mark: mark})
		})
	})
	if err != nil {
		return reading(err, "the stream of an account")
	}
	for _, r := range results {
		var refused *web.Refused
		if errors.As(r.Err, &refused) && refused.Status == http.StatusNotFound {
			continue // the account is gone, and its stream with it
		}
		if r.Err != nil {
			return reading(r.Err, "the stream of an account")
		}
	}
	return nil
}

// CreateEntries makes posts or tasks.
func (s *system) CreateEntries(ctx context.Context, kind crm.EntryKind, entries []crm.Entry) ([]crm.Result, error) {
	if err := s.may(kind); err != nil {
		return nil, err
	}
	return each(ctx, len(entries), func(ctx context.Context, i int) (string, error) {
		e := entries[i]
		body := attributesOf(kind, e)
		body["parentType"], body["parentId"] = "Account", e.Company
		if kind == crm.TaskEntry {
			body["assignedUserId"] = s.owner
		} else {
			// Internal posts are not shown to a client's people who log in to a portal.
			body["type"], body["isInternal"] = "Post", true
		}
		made, err := s.write(ctx, web.Request{Method: http.MethodPost, Path: "/" + shapeOf(kind).entity, Body: body})
		if err != nil {
			return "", err
		}
		if made.text("parentId") != e.Company {
			return made.text("id"), astray(kind, made)
		}
		return made.text("id"), kept(kind, made, e)
	})
}

// UpdateEntries changes posts or tasks. Whose a task is, and how far it is, stays.
func (s *system) UpdateEntries(ctx context.Context, kind crm.EntryKind, entries []crm.Entry) ([]crm.Result, error) {
	if err := s.may(kind); err != nil {
		return nil, err
	}
	return each(ctx, len(entries), func(ctx context.Context, i int) (string, error) {
		e := entries[i]
		changed, err := s.write(ctx, web.Request{
			Method: http.MethodPut, Path: "/" + shapeOf(kind).entity + "/" + url.PathEscape(e.ID), Body: attributesOf(kind, e), Safe: true,
		})
		var refused *web.Refused
		if errors.As(err, &refused) && refused.Status == http.StatusForbidden && kind == crm.NoteEntry {
			refused.Text = "EspoCRM does not let the API user change the post " + e.ID + " any more"
			refused.Hint = "an API user may change its own posts for 7 days: raise noteEditThresholdPeriod in data/config.php, or delete the post by hand and export again"
		}
		if err != nil {
			return e.ID, err
		}
		return e.ID, kept(kind, changed, e)
	})
}

// kept reports that EspoCRM has not kept an entry as it was sent: without its mark it
// would not be found again.
func kept(kind crm.EntryKind, after item, e crm.Entry) error {
	text := shapeOf(kind).text
	if mark, ok := crm.FindMark(after.text(text)); ok && mark == e.Mark {
		return nil
	}
	return &web.Refused{Code: "lost", Text: "the " + kind.Object() + " " + after.text("id") + " was written, but EspoCRM did not keep its text",
		Hint: "let the role of the API user read and edit the field " + text + ", and see that no formula changes it"}
}

// astray says that an entry was made that is not at its account, where it is looked for.
// It ends the export: each further one would go astray, too, and be made again next time.
func astray(kind crm.EntryKind, made item) error {
	return &sdk.Diagnostic{Code: Name + ".parent", Summary: "EspoCRM made the " + kind.Object() + " " + made.text("id") + ", and did not keep the account as its parent",
		Hint: "delete it by hand; let the role of the API user read and edit the field parent, and see that no formula changes it"}
}

// attributesOf is what is sent of an entry, new or not.
func attributesOf(kind crm.EntryKind, e crm.Entry) map[string]any {
	if kind == crm.NoteEntry {
		title := e.Title
		if e.Day != "" && !strings.Contains(title, e.Day) {
			title = strings.TrimSpace(title + " · " + e.Day)
		}
		return map[string]any{"post": marked(append(crm.Text{{Heading: title}}, e.Body...), e.Mark)}
	}
	task := map[string]any{"name": taskName(e.Title), "description": marked(e.Body, e.Mark), "dateEndDate": nil}
	if e.Day == "" {
		task["dateEnd"] = nil // the moment that EspoCRM keeps beside the day
	} else {
		task["dateEndDate"] = e.Day
	}
	return task
}

// longestShown is how many characters of a text EspoCRM's lists show less a margin: by
// default they are cut after 10,000 (maxSelectTextAttributeLengthForList).
const longestShown = 9000

// marked is a text in Markdown with its mark: at the end, or before a text so long that
// lists do not show its end.
func marked(text crm.Text, mark crm.Mark) string {
	body := text.Markdown()
	switch {
	case body == "":
		return mark.String()
	case utf8.RuneCountInString(body) > longestShown:
		return mark.String() + "\n\n" + body
	}
	return body + "\n\n" + mark.String()
}

// longestTask is how long the name of a task may be, in characters.
const longestTask = 255

// taskName is a name without the characters that EspoCRM forbids in names.
func taskName(title string) string {
	title = strings.NewReplacer("<=", "≤", ">=", "≥", "<", "‹", ">", "›", "=", "＝").Replace(strings.Join(strings.Fields(title), " "))
	if runes := []rune(title); len(runes) > longestTask {
		return string(runes[:longestTask-1]) + "…"
	}
	return title
}
