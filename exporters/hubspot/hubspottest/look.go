package hubspottest

import (
	"maps"
	"slices"
)

// Undocumented are the requests that HubSpot's documentation does not know, with what is
// wrong with each. There should be none.
func (s *Server) Undocumented() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.faults)
}

// Calls counts the calls that were made, by method and path.
func (s *Server) Calls() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.calls)
}

// Renew begins a new day, on which the quota is calls.
func (s *Server) Renew(calls int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.total, s.options.DailyQuota = 0, calls
}

// Companies are the companies, in the order in which they were made.
func (s *Server) Companies() []Object { return s.list(s.companies) }

// Notes are the notes, in the order in which they were made.
func (s *Server) Notes() []Object { return s.list(s.notes) }

// Tasks are the tasks, in the order in which they were made.
func (s *Server) Tasks() []Object { return s.list(s.tasks) }

func (s *Server) list(t *table) []Object {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Object, len(t.ids))
	for i, id := range t.ids {
		o := t.byID[id]
		out[i] = Object{ID: id, Properties: maps.Clone(o.Properties), Companies: slices.Clone(o.Companies)}
	}
	return out
}

// Count is how many companies, notes and tasks there are.
func (s *Server) Count() (companies, notes, tasks int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.companies.ids), len(s.notes.ids), len(s.tasks.ids)
}

// Properties are the properties of companies, by name.
func (s *Server) Properties() map[string]Property {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]Property{}
	for name, p := range s.properties {
		out[name] = *p
	}
	return out
}

// Define makes or changes a property, as people do under Settings.
func (s *Server) Define(p Property) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.properties[p.Name] = &p
}

// Put makes an object, or changes the one with that id, as people do, past all checks.
// object is "company", "note" or "task". It gives the id.
func (s *Server) Put(object, id string, properties map[string]string, companies ...string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.table(object + "s")
	return s.store(t, t.byID[id], properties, companies).ID
}

// Remove deletes an object, as people do.
func (s *Server) Remove(object, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(s.table(object+"s"), id)
}
