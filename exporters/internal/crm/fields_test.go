package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

var actionWords = map[sdk.Action]string{sdk.ActionCreate: "create", sdk.ActionExists: "exists", sdk.ActionMismatch: "mismatch"}

// provisioned says what came of provisioning, but for fields that are there.
func provisioned(t *testing.T, b *bench, apply bool) string {
	t.Helper()
	all, err := b.Provision(context.Background(), apply)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	exist := 0
	for _, p := range all {
		switch {
		case p.File != nil:
			lines = append(lines, "file "+p.File.Name+": "+string(p.File.Body))
		case p.Action == sdk.ActionExists && p.Diagnostic == nil:
			exist++
		default:
			line := p.Object + " " + actionWords[p.Action]
			if p.Diagnostic != nil {
				line += ": " + p.Diagnostic.Summary + " (" + p.Diagnostic.Code + ")"
			}
			lines = append(lines, line)
		}
	}
	return fmt.Sprint(exist, " exist; ", strings.Join(lines, "; "))
}

func TestProvision(t *testing.T) {
	m := newMemory() // has 17 fields
	delete(m.fields, "f_index")
	delete(m.fields, "f_next_review")
	delete(m.fields, "f_change")
	m.fields["f_date"] = Field{Name: "f_date", Type: LineType, Given: "varchar"}
	m.fields["f_respondents"] = Field{Name: "f_respondents", Type: NumberType, Given: "float"} // takes whole numbers, too
	m.fields["f_band"] = Field{Name: "f_band", ReadOnly: true}
	m.fields["f_key"] = Field{Name: "f_key", Given: "varchar"}
	b := opened(t, m, "fields=change:mine")
	const broken = "company.f_key mismatch: it does not keep values unique, so that two companies could have the same key (acme.field); " +
		"company.f_date mismatch: it is of the type varchar, and date is a date (acme.field); "
	const more = "company.mine mismatch: it is named in the setting fields and is not there (acme.field); " +
		"company.f_band mismatch: it can't be written with these credentials (acme.field)"
	expect(t, "plan", provisioned(t, b, false), "11 exist; "+broken+"company.f_index create; "+more+"; company.f_next_review create")
	if m.writes > 0 {
		t.Error("a plan wrote")
	}
	m.refuse["f_next_review"] = "there are too many fields"
	expect(t, "apply", provisioned(t, b, true), "11 exist; "+broken+"company.f_index create; "+more+"; company.f_next_review mismatch: there are too many fields (acme.refused)")
	if f := m.fields["f_index"]; f.Type != NumberType || f.Decimals != 2 || f.Label != "Service culture index" || f.Doc == "" || f.Unique {
		t.Errorf("made %+v", f)
	}
	delete(m.refuse, "f_next_review")
	expect(t, "apply again", provisioned(t, b, true), "12 exist; "+broken+more+"; company.f_next_review create")
	expect(t, "in the end", provisioned(t, b, true), "13 exist; "+broken+more)
	if m.writes != 2 || len(m.broken) > 0 {
		t.Errorf("%d writes, %q", m.writes, m.broken)
	}
	if f := m.fields["f_date"]; f.Type != LineType {
		t.Errorf("the type of a field was changed: %+v", f)
	}
}

func TestProvisionAll(t *testing.T) {
	m := newMemory()
	m.fields = map[string]Field{}
	b := opened(t, m, "")
	if got := provisioned(t, b, true); strings.Count(got, " create") != 17 || !m.fields["f_key"].Unique {
		t.Error(got)
	}
	expect(t, "then", said(b.wrote(everything(t, "inn")...)), "created company:8 note:9; created company:8 task:10; created company:8")
}

func TestProvisionFails(t *testing.T) {
	for call, want := range map[string]int{"fields": 0, "add fields": 5} {
		m := newMemory()
		delete(m.fields, "f_index")
		delete(m.fields, "f_next_review")
		b := opened(t, m, "")
		m.fault = failing(call, "busy")
		all, err := b.Provision(context.Background(), true)
		var d *sdk.Diagnostic
		if len(all) != want || !errors.As(err, &d) || d.Code != "acme.busy" || d.Summary != errBusy.Text {
			t.Errorf("%s: %d told, error %v", call, len(all), err)
		}
	}
	m := newMemory()
	delete(m.fields, "f_index")
	m.each = func(string, string) error { return errors.New("odd") }
	expect(t, "odd", provisioned(t, opened(t, m, ""), true), "16 exist; company.f_index mismatch: odd (acme.field)")
	if _, err := (&session{Config: Config{System: short{m}, FieldName: fieldOf}, catalog: Catalog(nil), field: map[string]string{"index": "f_index"}}).Provision(context.Background(), true); err == nil || err.Error() != "0 results came for 1 objects" {
		t.Errorf("error %v", err)
	}
}

// TestProvisionSplit: one field that the CRM refuses together with all others keeps none of
// them from being made, and has its reason.
func TestProvisionSplit(t *testing.T) {
	m := newMemory()
	for _, name := range []string{"f_index", "f_date", "f_band", "f_change"} {
		delete(m.fields, name)
	}
	b := opened(t, m, "")
	b.System = jealous{m}
	expect(t, "split", provisioned(t, b, true), "13 exist; company.f_date create; company.f_index mismatch: taken (acme.refused); company.f_change create; company.f_band create")
	if len(m.fields) != 16 || m.fields["f_date"].Name == "" || m.fields["f_index"].Name != "" {
		t.Errorf("%d fields", len(m.fields))
	}
}

// jealous refuses a call as a whole that has the field f_index in it.
type jealous struct{ *memory }

func (w jealous) AddFields(ctx context.Context, fields []Field) ([]Result, error) {
	if slices.ContainsFunc(fields, func(f Field) bool { return f.Name == "f_index" }) {
		return nil, &web.Refused{Text: "taken"}
	}
	return w.memory.AddFields(ctx, fields)
}

// short gives no results.
type short struct{ *memory }

func (short) AddFields(context.Context, []Field) ([]Result, error) { return nil, nil }

// packager has files for those who make fields by hand.
type packager struct{ *memory }

func (packager) Package(fields []Field) ([]sdk.Artifact, error) {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	return []sdk.Artifact{{Name: "package.xml", Body: []byte(strings.Join(names, " "))}}, nil
}

func TestProvisionFiles(t *testing.T) {
	m := newMemory()
	delete(m.fields, "f_index")
	m.fields["mine"] = Field{Name: "mine", Type: LineType}
	b, err := tried(t, m, "scores=care fields=band:mine,weakest:,date:,change:", func(c *Config) { c.System = packager{m} })
	if err != nil {
		t.Fatal(err)
	}
	// Not the user's own, and those that are there as well.
	const file = "file package.xml: f_key f_assessment f_instrument f_instrument_version f_index f_respondents f_score_care f_lint_errors f_stale_jobs f_open_actions f_next_review"
	expect(t, "plan", provisioned(t, b, false), "11 exist; company.f_index create; "+file)
	expect(t, "apply", provisioned(t, b, true), "11 exist; company.f_index create; "+file)
	expect(t, "again", provisioned(t, b, true), "12 exist; "+file)
}

// Without its fields nothing is written, and the message says how to come by them.
func TestReady(t *testing.T) {
	const missing = "firstcall export --to acme --provision plan shows what is missing, and --provision apply makes it"
	const own = "fields that you name yourself must be there: look at the spelling in the setting fields; the others are made by --provision apply"
	const wrong = "change it there, or name another in the setting fields"
	for name, test := range map[string]struct {
		settings      string
		change        func(map[string]Field)
		summary, hint string
	}{
		"one":     {"", func(f map[string]Field) { delete(f, "f_index") }, "a field is missing at the company: f_index", missing},
		"two":     {"", func(f map[string]Field) { delete(f, "f_index"); delete(f, "f_key") }, "2 fields are missing at the company: f_key, f_index", missing},
		"own":     {"fields=index:mine", func(f map[string]Field) { delete(f, "f_band") }, "2 fields are missing at the company: mine, f_band", own},
		"left":    {"fields=index:", func(f map[string]Field) { delete(f, "f_index") }, "", ""},
		"a float": {"", func(f map[string]Field) { f["f_respondents"] = Field{Name: "f_respondents", Type: NumberType} }, "", ""},
		"an int": {"", func(f map[string]Field) { f["f_index"] = Field{Name: "f_index", Type: CountType, Given: "int"} },
			"the field f_index can't be used: it is of the type int, and index is a number", wrong},
		"wrong": {"", func(f map[string]Field) {
			f["f_date"], f["f_band"], f["f_key"] = Field{Type: OtherType, Given: "enum"}, Field{ReadOnly: true}, Field{}
			delete(f, "f_index")
		}, "the field f_key can't be used: it does not keep values unique, so that two companies could have the same key; " +
			"the field f_date can't be used: it is of the type enum, and date is a date; the field f_band can't be used: it can't be written with these credentials", wrong},
	} {
		m := newMemory()
		test.change(m.fields)
		_, atOnce := tried(t, m, test.settings, func(c *Config) { c.Check = true })
		_, later := opened(t, m, test.settings).Write(context.Background(), sdk.Run{}, everything(t, "inn"))
		for _, err := range []error{atOnce, later} {
			var d *sdk.Diagnostic
			if test.summary == "" {
				if err != nil {
					t.Errorf("%s: error %v", name, err)
				}
				continue
			}
			if !errors.As(err, &d) || d.Code != "acme.field" || m.writes > 0 {
				t.Errorf("%s: error %v, %d writes", name, err, m.writes)
				continue
			}
			expect(t, name, d.Summary+": "+d.Hint, test.summary+": "+test.hint)
		}
	}
	// A CRM that need not keep keys unique does not have to.
	m := newMemory()
	m.fields["f_key"] = Field{Name: "f_key"}
	if _, err := tried(t, m, "", func(c *Config) { c.Check, c.UniqueKey = true, false }); err != nil {
		t.Error(err)
	}
}

// The fields are looked at once, but again after a failure.
func TestReadyOnce(t *testing.T) {
	m := newMemory()
	b, err := tried(t, m, "", func(c *Config) { c.Check = true })
	if err != nil {
		t.Fatal(err)
	}
	b.wrote(everything(t, "inn")...)
	b.planned(everything(t, "inn")...)
	if strings.Contains(strings.Join(m.calls, " "), "fields") {
		t.Errorf("%q", m.calls)
	}
	for how, code := range map[string]string{"busy": "busy", "quota": "quota", "before": "unreachable"} {
		m.fault = failing("fields", how)
		b = opened(t, m, "")
		_, err := b.Write(context.Background(), sdk.Run{}, nil)
		var d *sdk.Diagnostic
		if !errors.As(err, &d) || d.Code != "acme."+code || d.Hint == "" {
			t.Errorf("%s: error %v", how, err)
		}
		b.wrote(everything(t, "inn")...)
	}
	m.fault = func(string) (error, error) { return &web.Refused{Text: "no such object", Hint: "look"}, nil }
	_, err = tried(t, m, "", func(c *Config) { c.Check = true })
	var d *sdk.Diagnostic
	if !errors.As(err, &d) || d.Code != "acme.refused" || d.Hint != "look" {
		t.Errorf("error %v", err)
	}
}
