package crm

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// grace is how long a run that follows one that was interrupted waits before it looks
// what is there: the CRM may still be at work on what it was sent last.
const grace = 2 * time.Second

// work is what is to be done for a client, and what came of it.
type work struct {
	*client
	doubt   bool     // an earlier run may have written something of it
	known   string   // the id of the company that an earlier run wrote to
	found   *Company // what is there; nil: nothing
	id      string   // of the company, once it is there
	change  Company  // what is written: all of a new company, else what changes
	changed []string // figures that change
	status  sdk.Status
	fault   error // why the client can't be written: a *web.Refused, *web.Busy or *web.Quota
	entries []*entryWork
	warned  []string
}

// entryWork is what is to be done for a note or a task.
type entryWork struct {
	draft
	status sdk.Status
	fault  error
}

// begin joins a batch and looks what is there of it. Records that no client has are in
// the outcomes.
func (s *session) begin(ctx context.Context, batch []sdk.Record) ([]*work, map[int]sdk.Outcome, error) {
	s.quota = nil
	if err := s.ready(ctx); err != nil {
		return nil, nil, err
	}
	clients, outcomes := join(batch, joinOptions{
		exporter: s.Exporter, scores: s.Settings.Strings("scores"), instrument: s.instrument, plainFigures: s.NoFields,
	})
	works := make([]*work, len(clients))
	doubt := false
	for i, c := range clients {
		w := &work{client: c}
		for _, at := range c.records {
			r := batch[at]
			w.doubt = w.doubt || r.InDoubt
			for _, o := range r.Remote {
				if o.Type == s.Wording.Company {
					w.known = o.ID
				}
			}
		}
		there := map[string]bool{}
		for _, d := range c.entries {
			if id := d.kind.Object() + d.entry.Mark.ID; !there[id] { // of a record that comes twice
				there[id] = true
				w.entries = append(w.entries, &entryWork{draft: d})
			}
		}
		doubt = doubt || w.doubt
		works[i] = w
	}
	if doubt && !s.waited {
		s.waited = true
		if err := s.Sleep(ctx, grace); err != nil {
			return nil, nil, err
		}
	}
	s.collide(works)
	if err := s.lookUp(ctx, works); err != nil {
		return nil, nil, err
	}
	s.shared(works)
	for _, w := range works {
		if w.fault == nil {
			s.decide(w)
		}
	}
	return works, outcomes, s.lookUpEntries(ctx, works)
}

// shared refuses clients whose company is that of another: two that were merged, for
// instance.
func (s *session) shared(works []*work) {
	of := map[string]*work{}
	for _, w := range works {
		if w.fault != nil || w.found == nil {
			continue
		}
		first := of[w.id]
		if first == nil {
			of[w.id] = w
			continue
		}
		w.fault = &web.Refused{Code: "several", Text: fmt.Sprintf("the %s %s is that of the client %s, too", s.Wording.Company, w.id, first.client.id),
			Hint: "use one id for both, if they are one client"}
	}
}

// collide refuses clients whose keys a CRM could take for one and the same.
func (s *session) collide(works []*work) {
	seen := map[string]string{}
	for _, w := range works {
		folded := strings.ToLower(w.client.id)
		if other, taken := seen[folded]; taken {
			w.fault = &web.Refused{Code: "key", Text: fmt.Sprintf("the clients %s and %s differ in upper and lower case only, and a CRM may take them for one", other, w.client.id),
				Hint: "give one of them another id"}
			continue
		}
		seen[folded] = w.client.id
		if f := s.fields[s.keyField()]; f.Length > 0 && len(utf16.Encode([]rune(w.client.id))) > f.Length {
			w.fault = &web.Refused{Code: "key", Text: fmt.Sprintf("the client's id is longer than the %d characters that the field %s takes", f.Length, f.Name), Hint: "give the client a shorter id"}
		}
	}
}

// lookUp finds the companies of clients that have no fault.
func (s *session) lookUp(ctx context.Context, works []*work) error {
	var open []*work
	for _, w := range works {
		if w.fault == nil {
			open = append(open, w)
		}
	}
	var names []string
	for _, f := range s.catalog {
		if name := s.field[f.ID]; name != "" && f.ID != keyFigure {
			names = append(names, name)
		}
	}
	return chunks(open, s.System.Limits().Find, func(some []*work) error {
		keys := make([]string, len(some))
		for i, w := range some {
			keys[i] = w.client.id
		}
		if s.quota != nil {
			return s.notFound(some, s.quota)
		}
		found, err := s.System.Companies(ctx, s.keyField(), keys, names)
		if err != nil {
			return s.notFound(some, err)
		}
		byKey := map[string][]Company{}
		for _, c := range found {
			byKey[strings.ToLower(c.Key)] = append(byKey[strings.ToLower(c.Key)], c)
		}
		for _, w := range some {
			s.recognize(w, byKey[strings.ToLower(w.client.id)])
		}
		return nil
	})
}

// notFound says what it means for clients that their companies could not be looked up.
func (s *session) notFound(some []*work, err error) error {
	later := s.passing(err)
	if later == nil {
		return s.ends(err)
	}
	for _, w := range some {
		w.fault = later
	}
	return nil
}

// recognize takes a company for that of a client.
func (s *session) recognize(w *work, found []Company) {
	company := s.Wording.Company
	switch {
	case len(found) == 0:
		w.found = nil
	case len(found) > 1:
		ids := make([]string, len(found))
		for i, c := range found {
			ids[i] = c.ID
		}
		slices.Sort(ids)
		if len(ids) > 5 {
			ids = append(ids[:5], "…")
		}
		w.fault = &web.Refused{Code: "several", Text: fmt.Sprintf("%d %s carry the key %s: %s", len(found), s.Wording.many(), w.client.id, strings.Join(ids, ", ")),
			Hint: "leave the key at one of them, or merge them"}
	case found[0].Key != w.client.id:
		w.fault = &web.Refused{Code: "key", Text: fmt.Sprintf("the %s %s carries the key %s, which differs from %s in upper and lower case only", company, found[0].ID, found[0].Key, w.client.id),
			Hint: "write the key and the client's id alike"}
	case s.OwnKeys && !s.own[keyFigure] && number(w.client.id) && !w.doubt && w.known != found[0].ID && !strings.EqualFold(found[0].Name, w.client.name):
		w.fault = &web.Refused{Code: "key", Text: fmt.Sprintf("the %s that carries the key %s is called %s, and the key may be a number that was given to it by itself", company, w.client.id, found[0].Name),
			Hint: fmt.Sprintf("give the client an id with a letter in it, or, if it is the same, give the client and the %s one name", company)}
	default:
		w.found, w.id = &found[0], found[0].ID
	}
}

// number reports whether a key is made of digits alone.
func number(key string) bool { return strings.Trim(key, "0123456789") == "" }

// decide says what is to be written of a client.
func (s *session) decide(w *work) {
	company := s.Wording.Company
	if w.found == nil {
		if s.match == matchUpdate {
			w.fault = &web.Refused{Code: "match", Text: fmt.Sprintf("no %s carries the key %s", company, w.client.id),
				Hint: fmt.Sprintf("put the key into the field %s of the client's %s, mend the client's id, or let it be made with match = %q", s.keyField(), company, matchUpsert)}
			return
		}
		if w.known != "" {
			w.warned = append(w.warned, fmt.Sprintf("the %s %s that an earlier run wrote to carries the key no more: a new one is made", company, w.known))
		}
		w.status = sdk.Created
		w.change = Company{Key: w.client.id, Name: cmp.Or(w.client.name, w.client.id), Values: map[string]Value{}}
		s.compare(w, nil)
		return
	}
	if s.match == matchCreate && !s.ours(w) {
		w.fault = &web.Refused{Code: "match", Text: fmt.Sprintf("the %s %s carries the key %s already", company, w.found.ID, w.client.id),
			Hint: fmt.Sprintf("let it be updated with match = %q", matchUpsert)}
		return
	}
	w.change = Company{ID: w.found.ID, Key: w.client.id, Values: map[string]Value{}}
	s.compare(w, w.found.Values)
	if s.rename && w.client.name != "" && w.client.name != w.found.Name {
		w.change.Name = w.client.name
	}
	w.status = sdk.Unchanged
	if w.change.Name != "" || len(w.change.Values) > 0 {
		w.status = sdk.Updated
	}
}

// ours reports whether a company was made by firstcall: by an earlier run, by this one, or
// perhaps by one that was interrupted. A company that is made has its figures from the
// first moment: one without them was there before that run, and one that has them all to
// the letter is what a run made that could not write all else, of which nothing is
// remembered.
func (s *session) ours(w *work) bool {
	if w.known == w.found.ID || s.sent[w.client.id] {
		return true
	}
	expected, there, equal := 0, 0, 0
	for id, value := range w.figures {
		name := s.field[id]
		if name == "" || id == keyFigure {
			continue
		}
		expected++
		is := Parse(value.Type, w.found.Values[name].Text)
		if !is.Empty() {
			there++
		}
		if value, _ := fit(value, s.fields[name]); is == value {
			equal++
		}
	}
	if w.doubt {
		return there > 0 || expected == 0
	}
	return expected > 0 && equal == expected
}

// later is the day of the figures that are there, if they are of a later day than the
// client's assessment, which then must not overwrite them. One without a day is before
// any. The same record, made again for another day, may.
func (s *session) later(w *work, there map[string]Value) string {
	day := Parse(DayType, there[s.field[dateFigure]].Text).Text
	if s.field[dateFigure] == "" || w.headline < 0 || day <= w.day {
		return ""
	}
	if name := s.field[assessmentFigure]; name != "" {
		is, whole := fit(w.figures[assessmentFigure], s.fields[name])
		if whole && there[name].Text == is.Text {
			return ""
		}
	}
	if name := s.field[instrumentFigure]; name != "" && s.instrument != "" {
		if is := there[name]; !is.Empty() && is.Text != s.instrument {
			return "" // those that were asked for take the place of others
		}
	}
	return day
}

// compare puts the figures that differ from what is there into the change.
func (s *session) compare(w *work, there map[string]Value) {
	later := s.later(w, there)
	switch {
	case later != "" && w.day == "":
		w.warned = append(w.warned, fmt.Sprintf("the assessment has no day, and the figures of %s that are there are of %s: they were kept; --as-of gives it its day", w.client.id, later))
	case later != "":
		w.warned = append(w.warned, fmt.Sprintf("the figures of %s that are there are of a later day, %s, and were kept", w.client.id, later))
	}
	var kept []string
	for _, f := range s.catalog {
		name := s.field[f.ID]
		if name == "" || f.ID == keyFigure || later != "" && f.Assessment {
			continue
		}
		value, known := w.figures[f.ID]
		is := Parse(f.Type, there[name].Text)
		if !known {
			if !f.Assessment || w.headline < 0 || is.Empty() {
				continue
			}
			if !slices.Contains(s.clear, f.ID) && !slices.Contains(s.clear, allFigures) {
				kept = append(kept, f.ID)
				continue
			}
			value = Value{Type: f.Type}
		}
		value, whole := fit(value, s.fields[name])
		if !whole {
			w.warned = append(w.warned, fmt.Sprintf("%s was cut to what the field %s takes", f.ID, name))
		}
		if value != is {
			w.change.Values[name] = value
			w.changed = append(w.changed, f.ID)
		}
	}
	if len(kept) > 0 {
		w.warned = append(w.warned, missingFigures(kept, w.absent))
	}
}

// missingFigures says that old values of figures were kept, and why there are no new ones:
// once for figures in a row that have the same reason.
func missingFigures(ids []string, why map[string]string) string {
	var b strings.Builder
	b.WriteString("the assessment does not have ")
	for i, id := range ids {
		b.WriteString(id)
		last := i == len(ids)-1
		if reason := why[id]; reason != "" && (last || why[ids[i+1]] != reason) {
			b.WriteString(" (" + reason + ")")
		}
		if !last {
			b.WriteString(", ")
		}
	}
	if len(ids) == 1 {
		return b.String() + ": the old value was kept; the setting clear empties it"
	}
	return b.String() + ": the old values were kept; the setting clear empties them"
}

// lookUpEntries finds the notes and tasks that are there of clients whose company is.
func (s *session) lookUpEntries(ctx context.Context, works []*work) error {
	for _, kind := range []EntryKind{NoteEntry, TaskEntry} {
		var open []*entryWork
		of := map[*entryWork]*work{}
		for _, w := range works {
			for _, e := range w.entries {
				if e.kind != kind {
					continue
				}
				if e.status = sdk.Created; w.fault != nil || w.found == nil {
					continue
				}
				e.entry.Company = w.id
				of[e] = w
				open = append(open, e)
			}
		}
		if err := s.findEntries(ctx, kind, open, func(e *entryWork, err error) { of[e].fault = err }); err != nil {
			return err
		}
	}
	return nil
}

// findEntries finds entries, and says of each whether it must be changed.
func (s *session) findEntries(ctx context.Context, kind EntryKind, open []*entryWork, fault func(*entryWork, error)) error {
	return chunks(open, s.System.Limits().Find, func(some []*entryWork) error {
		refs := make([]Ref, len(some))
		for i, e := range some {
			refs[i] = Ref{Company: e.entry.Company, Mark: e.entry.Mark}
		}
		var later error
		var found []Entry
		if s.quota != nil {
			later = s.quota
		} else if all, err := s.System.Entries(ctx, kind, refs); err == nil {
			found = all
		} else if later = s.passing(err); later == nil {
			return s.ends(err)
		}
		if later != nil {
			for _, e := range some {
				fault(e, later)
			}
			return nil
		}
		there := map[Ref]Entry{}
		for _, e := range found {
			at := Ref{Company: e.Company, Mark: Mark{ID: e.Mark.ID}}
			if first, twice := there[at]; !twice || earlier(e.ID, first.ID) {
				there[at] = e
			}
		}
		for _, e := range some {
			is, ok := there[Ref{Company: e.entry.Company, Mark: Mark{ID: e.entry.Mark.ID}}]
			if !ok {
				continue
			}
			e.entry.ID, e.status = is.ID, sdk.Updated
			if is.Mark.Content == e.entry.Mark.Content {
				e.status = sdk.Unchanged
			}
		}
		return nil
	})
}

// earlier orders ids, so that those that are numbers are in the order of numbers.
func earlier(a, b string) bool {
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b)) < 0
}
