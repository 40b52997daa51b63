package canvastest

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Group is an outcome group.
type Group struct {
	ID, Account, Parent      int64
	GUID, Title, Description string
	imported                 int64
}

// Outcome is an outcome.
type Outcome struct {
	ID, Account                      int64
	GUID, Title, Description, Method string
	Int                              string
	Mastery                          float64
	Ratings                          []Rating
	Groups                           []int64 // in which it is linked
	imported                         int64
}

// Rating is a tier of an outcome.
type Rating struct {
	Points float64
	Text   string
}

// store is what a Canvas keeps.
type store struct {
	last     int64
	groups   []*Group
	outcomes []*Outcome
}

func (s *store) next() int64 {
	s.last++
	return s.last
}

func (s *store) groupByID(id int64) *Group {
	at := slices.IndexFunc(s.groups, func(g *Group) bool { return g.ID == id })
	if at < 0 {
		return nil
	}
	return s.groups[at]
}

// groupByGUID finds a group of an account.
func (s *store) groupByGUID(account int64, guid string) *Group {
	at := slices.IndexFunc(s.groups, func(g *Group) bool { return g.Account == account && g.GUID == guid })
	if at < 0 {
		return nil
	}
	return s.groups[at]
}

// outcomeByGUID finds an outcome, of whatever account.
func (s *store) outcomeByGUID(guid string) *Outcome {
	at := slices.IndexFunc(s.outcomes, func(o *Outcome) bool { return o.GUID == guid })
	if at < 0 {
		return nil
	}
	return s.outcomes[at]
}

func (s *store) root(account int64) int64 {
	at := slices.IndexFunc(s.groups, func(g *Group) bool { return g.Account == account && g.Parent == 0 })
	return s.groups[at].ID
}

// GUIDs are those of all groups and outcomes, each as often as it is there, with the path
// of its titles.
func (s *Server) GUIDs() map[string][]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[string][]string{}
	for _, g := range s.store.groups {
		if g.GUID != "" {
			all[g.GUID] = append(all[g.GUID], s.store.trail(g.ID))
		}
	}
	for _, o := range s.store.outcomes {
		if len(o.Groups) == 0 {
			all[o.GUID] = append(all[o.GUID], "nowhere")
		}
		for _, g := range o.Groups {
			all[o.GUID] = append(all[o.GUID], s.store.trail(g)+" > "+o.Title)
		}
	}
	return all
}

func (s *store) trail(id int64) string {
	var names []string
	for g := s.groupByID(id); g != nil; g = s.groupByID(g.Parent) {
		names = append(names, g.Title)
	}
	slices.Reverse(names)
	return strings.Join(names, " > ")
}

// Outcome gives an outcome by its guid, to look at and change; nil when there is none.
func (s *Server) Outcome(guid string) *Outcome {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.store.outcomeByGUID(guid)
}

// Group gives a group of the topmost account by its guid; nil when there is none.
func (s *Server) Group(guid string) *Group {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.store.groupByGUID(Account, guid)
}

// AddGroup adds a group that somebody made by hand to an account, and gives its id.
func (s *Server) AddGroup(account int64, title string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := &Group{ID: s.store.next(), Account: account, Parent: s.store.root(account), Title: title}
	s.store.groups = append(s.store.groups, g)
	return g.ID
}

// AddOutcome adds an outcome of another account.
func (s *Server) AddOutcome(guid string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.store.outcomes = append(s.store.outcomes, &Outcome{ID: s.store.next(), Account: Other, GUID: guid, Title: "Theirs", Groups: []int64{s.store.root(Other)}})
}

// Imports is how many imports there were.
func (s *Server) Imports() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.imports)
}

// Count is how many requests there were, by method and first part of the path.
func (s *Server) Count(what string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts[what]
}

// Problems are requests that Canvas does not document.
func (s *Server) Problems() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.problems)
}

func (s *Server) groupJSON(g *Group) object {
	out := object{
		"id": g.ID, "title": g.Title, "vendor_guid": nil, "description": html(g.Description), "context_id": g.Account, "context_type": "Account",
		"url": fmt.Sprintf("/api/v1/accounts/%d/outcome_groups/%d", g.Account, g.ID), "can_edit": true,
	}
	if g.GUID != "" {
		out["vendor_guid"] = g.GUID
	}
	if p := s.store.groupByID(g.Parent); p != nil {
		out["parent_outcome_group"] = object{"id": p.ID, "title": p.Title, "vendor_guid": p.GUID}
	}
	return out
}

func (s *Server) groupsJSON(account int64) []object {
	var all []object
	for _, g := range s.store.groups {
		if g.Account == account {
			all = append(all, s.groupJSON(g))
		}
	}
	return all
}

func (s *Server) oneGroup(w http.ResponseWriter, account int64, id string) {
	for _, g := range s.store.groups {
		if g.Account == account && fmt.Sprint(g.ID) == id {
			reply(w, http.StatusOK, s.groupJSON(g))
			return
		}
	}
	missing(w)
}

// outcomesOf lists the outcomes of a group.
func (s *Server) outcomesOf(w http.ResponseWriter, r *http.Request, q url.Values, account int64, id string) {
	var all []object
	known := slices.ContainsFunc(s.store.groups, func(g *Group) bool { return g.Account == account && fmt.Sprint(g.ID) == id })
	if !known {
		missing(w)
		return
	}
	for _, o := range s.store.outcomes {
		if slices.ContainsFunc(o.Groups, func(g int64) bool { return fmt.Sprint(g) == id }) {
			all = append(all, object{"outcome_group": object{"id": id}, "outcome": s.outcomeJSON(o, q.Get("outcome_style") == "full")})
		}
	}
	s.list(w, r, q, all)
}

func (s *Server) outcomeJSON(o *Outcome, full bool) object {
	out := object{"id": o.ID, "title": o.Title, "vendor_guid": o.GUID, "context_id": o.Account, "context_type": "Account", "display_name": nil}
	if !full {
		return out
	}
	out["description"], out["mastery_points"], out["calculation_method"] = html(o.Description), o.Mastery, o.Method
	var ratings []object
	for _, t := range o.Ratings {
		ratings = append(ratings, object{"points": t.Points, "description": t.Text})
	}
	if s.Scales {
		out["mastery_points"] = 3
		ratings = []object{{"points": 3, "description": "Mastery", "mastery": true, "color": "0B874B"}}
	}
	out["ratings"] = ratings
	return out
}

// html is a description as Canvas writes it, after reading it as HTML.
func html(text string) string {
	return strings.NewReplacer("\u00a0", "&nbsp;").Replace(text)
}
