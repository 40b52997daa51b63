package crm

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// Ways to match clients with companies.
const (
	matchUpsert = "upsert"      // a company that is not there is made
	matchUpdate = "update-only" // none is made: a mistyped key makes no company by accident
	matchCreate = "create-only" // one that is there and not ours is left alone
)

// allFigures, among the figures to clear, stands for every one.
const allFigures = "all"

// Wording is how a CRM calls things.
type Wording struct {
	Company string // "company", "account", "party"
}

// a is the word with its article.
func (w Wording) a() string {
	if strings.ContainsRune("aeiou", rune(w.Company[0])) {
		return "an " + w.Company
	}
	return "a " + w.Company
}

// many is the word for several.
func (w Wording) many() string {
	if stem, ok := strings.CutSuffix(w.Company, "y"); ok {
		return stem + "ies"
	}
	return w.Company + "s"
}

// Info describes an exporter to a CRM: own are its own settings, which come before those
// that all have. Job descriptions are not taken one by one: their folder tells of them.
func Info(name, version, summary string, how sdk.Idempotency, w Wording, own []sdk.Field) sdk.Info {
	return sdk.Info{
		Name: name, Version: version, Summary: summary, Idempotency: how, WholeClients: true,
		Kinds:  []record.Kind{record.KindAssessment, record.KindStatement, record.KindFolder, record.KindPlan},
		Config: append(slices.Clip(own), Settings(w)...),
	}
}

// Settings are the settings that all exporters to CRMs have, for Info.Config.
func Settings(w Wording) []sdk.Field {
	return []sdk.Field{
		{Name: "match", Default: matchUpsert, OneOf: []string{matchUpsert, matchUpdate, matchCreate},
			Doc: fmt.Sprintf("what happens when a client has no %[1]s yet, or has one: upsert makes or updates it, update-only makes none, create-only leaves one alone that firstcall did not make", w.Company)},
		{Name: "instrument", Doc: "id of the instrument whose figures stand at the " + w.Company + ", when clients are assessed with several; without it the latest assessment counts"},
		{Name: "scores", Type: sdk.Strings, Default: "culture,impression,implementation,training,customers,managers,communication,measurement",
			Doc: "ids of the dimensions whose scores have fields of their own"},
		{Name: "fields", Type: sdk.Table, Doc: "fields of your own to use, by figure: index = \"my_field\"; an empty name leaves the figure out"},
		{Name: "clear", Type: sdk.Strings, Doc: "figures that are emptied when an assessment does not have them any more, or all; others keep their old value"},
		{Name: "rename", Type: sdk.Bool, Default: "false", Doc: "give " + w.a() + " that is there the client's name, too"},
	}
}

// Config is what Open needs.
type Config struct {
	Exporter  string                     // the exporter's name, with which codes begin
	Wording   Wording                    // as given to Settings
	Settings  sdk.Config                 // those of Settings among them
	System    System                     // connected
	FieldName func(figure string) string // the CRM's name of the field for a figure
	Check     bool                       // look at once whether the fields are as needed

	UniqueKey bool // the field for the key must keep values unique
	OwnKeys   bool // the CRM fills the field for the key by itself, with numbers
	NoFields  bool // the CRM has no fields for figures: notes carry them

	Sleep func(ctx context.Context, d time.Duration) error // nil: of the machine
}

// session is one CRM that was connected to.
type session struct {
	Config
	match      string
	instrument string
	clear      []string
	rename     bool
	catalog    []Figure          // all figures
	field      map[string]string // the CRM's field by figure, of those that are written
	own        map[string]bool   // figures whose field the user names

	fields map[string]Field // as the CRM has them; nil: not looked yet
	waited bool             // for what an earlier run may still have under way
	sent   map[string]bool  // clients whose company this session has made, or may have
	quota  *web.Quota       // set when the CRM takes nothing more of this batch
}

var (
	_ sdk.Session     = (*session)(nil)
	_ sdk.Provisioner = (*session)(nil)
)

// Open makes the session of a CRM. The error is of the settings, or with Check of fields
// that are missing or not as needed.
func Open(ctx context.Context, c Config) (sdk.Session, error) {
	if c.Sleep == nil {
		c.Sleep = web.Sleep
	}
	s := &session{
		Config: c, match: c.Settings.String("match"), instrument: c.Settings.String("instrument"),
		clear: c.Settings.Strings("clear"), rename: c.Settings.Bool("rename"),
		catalog: Catalog(c.Settings.Strings("scores")), field: map[string]string{}, own: map[string]bool{}, sent: map[string]bool{},
	}
	if err := s.mapFields(); err != nil {
		return nil, err
	}
	if c.Check {
		if err := s.ready(ctx); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// mapFields finds the field of each figure.
func (s *session) mapFields() error {
	ids := []string{}
	for _, f := range s.catalog {
		ids = append(ids, f.ID)
	}
	var faults sdk.Diagnostics
	unknown := func(setting, id string) {
		faults = append(faults, &sdk.Diagnostic{Code: s.Exporter + ".figure", Field: setting,
			Summary: fmt.Sprintf("there is no figure %q", id), Hint: "figures are " + strings.Join(ids, ", ")})
	}
	mapped := s.Settings.Table("fields")
	for id := range mapped {
		if !slices.Contains(ids, id) {
			unknown("fields", id)
		}
	}
	for _, id := range s.clear {
		at := slices.IndexFunc(s.catalog, func(f Figure) bool { return f.ID == id })
		switch {
		case id == allFigures:
		case at < 0:
			unknown("clear", id)
		case !s.catalog[at].Assessment:
			faults = append(faults, &sdk.Diagnostic{Code: s.Exporter + ".figure", Field: "clear",
				Summary: id + " is no figure of an assessment", Hint: "only those can be missing in a later one, and be emptied"})
		}
	}
	used := map[string]string{}
	for _, id := range ids {
		name, own := mapped[id]
		if !own {
			name = s.FieldName(id)
		}
		switch {
		case name == "" && id == keyFigure:
			faults = append(faults, &sdk.Diagnostic{Code: s.Exporter + ".figure", Field: "fields",
				Summary: "the key has no field", Hint: "the key is by which a client is found again: give it a field, or leave key out of fields"})
			continue
		case name == "" || s.NoFields && id != keyFigure:
			continue
		case used[name] != "":
			faults = append(faults, &sdk.Diagnostic{Code: s.Exporter + ".figure", Field: "fields",
				Summary: fmt.Sprintf("%s and %s both go into the field %s", used[name], id, name), Hint: "give each a field of its own"})
		}
		used[name], s.field[id], s.own[id] = id, name, own
	}
	if len(faults) > 0 {
		slices.SortFunc(faults, func(a, b *sdk.Diagnostic) int { return strings.Compare(a.Summary, b.Summary) })
		return faults
	}
	return nil
}

// Target says whose data it is.
func (s *session) Target() sdk.Target { return s.System.Target() }

// keyField is the CRM's field for the key.
func (s *session) keyField() string { return s.field[keyFigure] }

// fault is a diagnostic about the export as a whole.
func (s *session) fault(code, summary, hint string) *sdk.Diagnostic {
	return &sdk.Diagnostic{Code: s.Exporter + "." + code, Summary: summary, Hint: hint}
}
