package hubspot

import (
	"context"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
)

// kind is how HubSpot calls a kind of entry.
type kind struct {
	objects     string // in addresses
	body        string // the property of the text
	association int    // HubSpot's type of the association with a company
}

func kindOf(k crm.EntryKind) kind {
	if k == crm.TaskEntry {
		return kind{"tasks", "hs_task_body", 192}
	}
	return kind{"notes", "hs_note_body", 190}
}

// Entries reads what is associated with the companies, and looks for marks in it.
func (s *system) Entries(ctx context.Context, of crm.EntryKind, refs []crm.Ref) ([]crm.Entry, error) {
	k := kindOf(of)
	wanted := map[string]map[string]bool{} // ids of marks by company
	var at []string
	for _, r := range refs {
		if wanted[r.Company] == nil {
			wanted[r.Company] = map[string]bool{}
			at = append(at, r.Company)
		}
		wanted[r.Company][r.Mark.ID] = true
	}
	ids, holders, err := s.associated(ctx, k.objects, at)
	if err != nil {
		return nil, err
	}
	var out []crm.Entry
	for len(ids) > 0 {
		n := min(most, len(ids))
		l := lookup{Properties: []string{k.body}}
		for _, id := range ids[:n] {
			l.Inputs = append(l.Inputs, reference{id})
		}
		found, err := s.lookUp(ctx, k.objects, l)
		if err != nil {
			return nil, err
		}
		for _, o := range found {
			mark, ok := crm.FindMark(o.Properties[k.body])
			for _, company := range holders[string(o.ID)] {
				if ok && wanted[company][mark.ID] {
					out = append(out, crm.Entry{ID: string(o.ID), Company: company, Mark: mark})
				}
			}
		}
		ids = ids[n:]
	}
	return out, nil
}

// page asks for what is associated with an object, from where an earlier answer ended.
type page struct {
	ID    string `json:"id"`
	After string `json:"after,omitempty"`
}

// associated gives the ids of the objects that are associated with companies, in the
// order in which HubSpot gives them, and for each the companies.
func (s *system) associated(ctx context.Context, objects string, with []string) (ids []string, holders map[string][]string, err error) {
	holders = map[string][]string{}
	var pending []page
	for _, id := range with {
		pending = append(pending, page{ID: id})
	}
	for len(pending) > 0 {
		n := min(most, len(pending))
		asked := map[page]bool{}
		for _, p := range pending[:n] {
			asked[p] = true
		}
		links, err := s.links(ctx, objects, pending[:n])
		if err != nil {
			return nil, nil, err
		}
		pending = pending[n:]
		for _, l := range links {
			company := string(l.From.ID)
			for _, to := range l.To {
				id := string(to.ID)
				if holders[id] == nil {
					ids = append(ids, id)
				}
				holders[id] = append(holders[id], company)
			}
			next := page{company, l.Paging.Next.After}
			if next.After == "" {
				continue
			}
			if asked[next] {
				return nil, nil, unlike("a list has no end")
			}
			pending = append(pending, next)
		}
	}
	return ids, holders, nil
}

// link is what is associated with one object.
type link struct {
	From struct {
		ID ident `json:"id"`
	} `json:"from"`
	To []struct {
		ID ident `json:"toObjectId"`
	} `json:"to"`
	Paging struct {
		Next struct {
			After string `json:"after"`
		} `json:"next"`
	} `json:"paging"`
}

// links reads a page of associations of each of some companies. Of those that have none
// HubSpot says so as an error.
func (s *system) links(ctx context.Context, objects string, inputs []page) ([]link, error) {
	var b struct {
		batch
		Results []link `json:"results"`
	}
	body := struct {
		Inputs []page `json:"inputs"`
	}{inputs}
	if err := s.find(ctx, "/crm/associations/"+version+"/companies/"+objects+"/batch/read", body, &b); err != nil {
		return nil, err
	}
	return b.Results, b.lacking()
}

// CreateEntries makes notes or tasks at their companies.
func (s *system) CreateEntries(ctx context.Context, of crm.EntryKind, entries []crm.Entry) ([]crm.Result, error) {
	k := kindOf(of)
	for _, e := range entries {
		if e.Company == "" {
			return nil, &web.Refused{Text: "the entry has no company"}
		}
	}
	return s.writeEntries(ctx, objectsPath(k.objects)+"/batch/create", entries, func(e crm.Entry) input {
		p := s.entryProperties(of, e)
		if of == crm.TaskEntry {
			p["hs_task_status"], p["hs_task_type"] = "NOT_STARTED", "TODO"
			if s.owner != "" {
				p["hubspot_owner_id"] = s.owner
			}
			if s.priority != "" {
				p["hs_task_priority"] = s.priority
			}
		}
		return input{Properties: p, Associations: []association{{
			To: reference{e.Company}, Types: []associationType{{"HUBSPOT_DEFINED", k.association}},
		}}}
	})
}

// UpdateEntries changes what is said and when. What people keep, a task's status and
// owner, is not sent.
func (s *system) UpdateEntries(ctx context.Context, of crm.EntryKind, entries []crm.Entry) ([]crm.Result, error) {
	return s.writeEntries(ctx, objectsPath(kindOf(of).objects)+"/batch/update", entries, func(e crm.Entry) input {
		return input{ID: e.ID, Properties: s.entryProperties(of, e)}
	})
}

// writeEntries writes the entries that have a day.
func (s *system) writeEntries(ctx context.Context, path string, entries []crm.Entry, form func(crm.Entry) input) ([]crm.Result, error) {
	results := make([]crm.Result, len(entries))
	var inputs []input
	var at []int
	for i, e := range entries {
		if wrong := dayless(e.Day); wrong != nil {
			results[i].Err = wrong
			continue
		}
		inputs, at = append(inputs, form(e)), append(at, i)
	}
	if len(inputs) == 0 {
		return results, nil
	}
	written, err := s.write(ctx, path, "", inputs)
	if err != nil {
		return nil, err
	}
	for i, r := range written {
		results[at[i]] = r
	}
	return results, nil
}

// entryProperties are the properties that firstcall keeps.
func (s *system) entryProperties(of crm.EntryKind, e crm.Entry) map[string]string {
	if of == crm.TaskEntry {
		return map[string]string{
			"hs_task_subject": e.Title,
			"hs_task_body":    markup(e.Body, "", e.Mark),
			"hs_timestamp":    moment(e.Day),
		}
	}
	return map[string]string{
		"hs_note_body": markup(e.Body, e.Title, e.Mark),
		"hs_timestamp": moment(e.Day),
	}
}
