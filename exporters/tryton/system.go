package tryton

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// The models that are written.
const (
	partyModel = "party.party"
	noteModel  = "ir.note"
	workModel  = "project.work"
)

// system is a database as crm sees it.
//
// A write does not ask Tryton to compare the time of the last change, with _timestamp in
// the context: it changes fields of firstcall's alone, so that nobody's change is lost
// when somebody saves the same party meanwhile.
type system struct {
	server  *server
	target  sdk.Target
	company int64             // that tasks are made in; 0: none
	types   map[string]string // Tryton's types of the party's fields; nil: not read yet
	tasks   *taskState        // nil: not looked at yet
}

var (
	_ crm.System   = (*system)(nil)
	_ crm.Packager = (*system)(nil)
)

// none is the context of a call that needs none.
func none() map[string]any { return map[string]any{} }

// begin logs in, and finds out whose data it is.
func (s *system) begin(ctx context.Context, company string, check bool) error {
	label, err := s.chooseCompany(ctx, company)
	if err != nil {
		return err
	}
	var modules []struct {
		Created any `json:"create_date"`
	}
	// The module ir is made with the database, and readable for everybody.
	if err := s.server.read(ctx, &modules, "model.ir.module.search_read",
		all(is("name", "ir")), 0, 1, nil, []string{"create_date"}, none()); err != nil {
		return err
	}
	made := ""
	if len(modules) == 1 {
		made = moment(modules[0].Created)
	}
	s.target = sdk.Target{
		ID:    fmt.Sprintf("%s%s/%s/%d/%s", strings.ToLower(s.server.at.Host), strings.TrimRight(s.server.at.Path, "/"), s.server.database, s.company, made),
		Label: label,
	}
	if check {
		return s.mayWrite(ctx)
	}
	return nil
}

// company is a company of the user's.
type company struct {
	ID   int64  `json:"id"`
	Name string `json:"rec_name"`
}

// chooseCompany finds the company that is asked for by name or id, or else the one that
// the user works in. It gives the target a name.
func (s *system) chooseCompany(ctx context.Context, wanted string) (label string, err error) {
	var prefs struct {
		Company int64  `json:"company"`
		Name    string `json:"company.rec_name"`
	}
	if err := s.server.read(ctx, &prefs, "model.res.user.get_preferences", true, none()); err != nil {
		return "", err
	}
	database := "database " + s.server.database
	if wanted == "" {
		if s.company = prefs.Company; s.company == 0 {
			return database, nil
		}
		return prefs.Name + ", " + database, nil
	}
	var companies []company
	if there, err := s.hasModel(ctx, "company.company"); err != nil {
		return "", err
	} else if there {
		if err := s.server.read(ctx, &companies, "model.company.company.search_read",
			all(), 0, nil, byID, []string{"rec_name"}, none()); err != nil {
			return "", err
		}
	}
	var names []string
	for _, c := range companies {
		if strconv.FormatInt(c.ID, 10) == wanted || c.Name == wanted {
			s.company = c.ID
			return c.Name + ", " + database, nil
		}
		names = append(names, fmt.Sprintf("%s (%d)", c.Name, c.ID))
	}
	hint := "there is none yet: leave the setting out"
	if len(names) > 0 {
		hint = "there are " + strings.Join(names[:min(len(names), 10)], ", ")
	}
	return "", fault("company", "company", fmt.Sprintf("there is no company %q", wanted), hint)
}

// hasModel reports whether a module that brings a model is activated.
func (s *system) hasModel(ctx context.Context, model string) (bool, error) {
	var n int
	err := s.server.read(ctx, &n, "model.ir.model.search_count", all(is("model", model)), none())
	return n > 0, err
}

// access is what the user may do with a model.
type access struct {
	Read   flag `json:"read"`
	Write  flag `json:"write"`
	Create flag `json:"create"`
}

// all reports whether the user may read, make and change.
func (a access) all() bool { return bool(a.Read && a.Write && a.Create) }

// flag is a truth that Tryton writes as one or as a number.
type flag bool

// UnmarshalJSON implements json.Unmarshaler.
func (f *flag) UnmarshalJSON(b []byte) error {
	text := string(b)
	*f = text != "false" && text != "0" && text != "null"
	return nil
}

// access gives what the user may do with some models.
func (s *system) access(ctx context.Context, models ...string) (map[string]access, error) {
	var got map[string]access
	err := s.server.read(ctx, &got, "model.ir.model.access.get_access", models, none())
	return got, err
}

// mayWrite makes sure that the user may write parties and notes. Tasks are looked at
// when there are some.
func (s *system) mayWrite(ctx context.Context) error {
	if there, err := s.hasModel(ctx, partyModel); err != nil {
		return err
	} else if !there {
		return fault("module", "database", "the module party is not activated in this database", "activate it: trytond-admin -d "+s.server.database+" -u party --activate-dependencies")
	}
	may, err := s.access(ctx, partyModel, noteModel)
	if err != nil {
		return err
	}
	for _, of := range [][2]string{{partyModel, "parties"}, {noteModel, "notes"}} {
		model, what := of[0], of[1]
		if !may[model].all() {
			return fault("rights", "user", fmt.Sprintf("the user %s may not read, make and change %s", s.server.user, what), "change the model access of "+model+" in Tryton, or add a group to the user")
		}
	}
	return nil
}

// Target says whose data it is.
func (s *system) Target() sdk.Target { return s.target }

// Limits are chosen by measurement: from a hundred objects on, a call gets hardly faster
// for each.
func (s *system) Limits() crm.Limits { return crm.Limits{Find: 100, Write: 100, Entries: 100} }

// Close ends the session.
func (s *system) Close() error { return s.server.logout(context.Background()) }

// Parts of what Tryton calls a domain.

var byID = [][2]string{{"id", "ASC"}}

func all(clauses ...any) []any { return append([]any{}, clauses...) }

func oneOf(clauses ...any) []any { return append([]any{"OR"}, clauses...) }

func is(field string, value any) []any { return []any{field, "=", value} }

func in[T any](field string, values []T) []any { return []any{field, "in", values} }

// moment writes a moment of Tryton's in digits, to the second; empty: it is none.
func moment(v any) string {
	m, ok := v.(map[string]any)
	if !ok || m["__class__"] != "datetime" {
		return ""
	}
	n := func(name string) int64 { return whole(m[name]) }
	return fmt.Sprintf("%04d%02d%02d%02d%02d%02d", n("year"), n("month"), n("day"), n("hour"), n("minute"), n("second"))
}

// whole reads a whole number of an answer; 0: it is none.
func whole(v any) int64 {
	n, _ := v.(json.Number)
	i, _ := n.Int64()
	return i
}

// unique are the values without repetitions, in the order of the first.
func unique[T comparable](values []T) []T {
	var out []T
	for _, v := range values {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}
