package hubspot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/exporters/hubspot/hubspottest"
	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

var ctx = context.Background()

const key = "firstcall_key"

// clock is a clock that only sleeping moves.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(_ context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now, c.slept = c.now.Add(d), append(c.slept, d)
	return nil
}

// serve starts a server, and holds at the end that it was asked nothing undocumented.
func serve(t *testing.T, account *hubspottest.Server, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(func() {
		server.Close()
		for _, u := range account.Undocumented() {
			t.Errorf("undocumented: %s", u)
		}
	})
	return server.URL
}

func config(t *testing.T, settings string) sdk.Config {
	t.Helper()
	cfg, err := sdk.ParseConfig(Exporter{}.Info().Config, []byte(settings), map[string]string{"token": hubspottest.Token})
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// connect gives an account with the key's property, and a system that is connected to it.
func connect(t *testing.T, o hubspottest.Options) (*hubspottest.Server, *system, *clock) {
	t.Helper()
	c := newClock()
	o.Now = c.Now
	account := hubspottest.New(o)
	account.Define(hubspottest.Property{Name: key, Label: "Key", Group: "companyinformation", Type: "string", FieldType: "text", Unique: true})
	account.Define(hubspottest.Property{Name: "index", Label: "Index", Group: "companyinformation", Type: "number", FieldType: "number"})
	account.Define(hubspottest.Property{Name: "seen", Label: "Seen", Group: "companyinformation", Type: "date", FieldType: "date"})
	e := Exporter{Base: serve(t, account, account), Now: c.Now, Sleep: c.Sleep}
	s, err := e.connect(ctx, config(t, `{"owner":"77","task_priority":"high"}`))
	if err != nil {
		t.Fatal(err)
	}
	return account, s, c
}

// written gives the ids of objects, all of which must be written.
func written(results []crm.Result, err error) func(*testing.T) []string {
	return func(t *testing.T) []string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, r := range results {
			if r.Err != nil || r.ID == "" {
				t.Fatalf("%+v", r)
			}
			ids = append(ids, r.ID)
		}
		return ids
	}
}

// refusedBy is what a refusal says, and the hint.
func refusedBy(t *testing.T, err error) string {
	t.Helper()
	var r *web.Refused
	if !errors.As(err, &r) {
		t.Fatalf("%v (%T) is no refusal", err, err)
	}
	return r.Text + " | " + r.Hint
}

// code is the code of a diagnostic, which must say what to do.
func code(t *testing.T, err error) string {
	t.Helper()
	var d *sdk.Diagnostic
	if !errors.As(err, &d) {
		t.Fatalf("%v (%T) is no diagnostic", err, err)
	}
	if d.Hint == "" || strings.HasSuffix(d.Summary, ".") {
		t.Errorf("%+v", d)
	}
	return d.Code
}

func TestTarget(t *testing.T) {
	for _, c := range []struct {
		o    hubspottest.Options
		want string
	}{
		{hubspottest.Options{}, "HubSpot account 4242 at app.hubspot.com"},
		{hubspottest.Options{PortalName: "Wren Advisors"}, "Wren Advisors, HubSpot account 4242"},
		{hubspottest.Options{PortalName: "Wren Advisors", AccountType: "SANDBOX"}, "Wren Advisors, HubSpot account 4242 (sandbox)"},
		{hubspottest.Options{AccountType: "DEVELOPER_TEST"}, "HubSpot account 4242 at app.hubspot.com (developer test account)"},
	} {
		_, s, _ := connect(t, c.o)
		if got := s.Target(); got.ID != "4242" || got.Label != c.want {
			t.Errorf("%+v, want %s", got, c.want)
		}
	}
}

// TestCompanies: what was made is found by its key, changed by its id, and keeps what is
// not in a change.
func TestCompanies(t *testing.T) {
	account, s, _ := connect(t, hubspottest.Options{})
	account.Put("company", "", map[string]string{"name": "Somebody else", "domain": "example.org"})
	made := written(s.CreateCompanies(ctx, key, []crm.Company{
		{Key: "wrenmoor", Name: "Wrenmoor Hotels", Values: map[string]crm.Value{"index": crm.Number(61.25), "seen": crm.Day("2026-09-30")}},
		{Key: "alder-row", Name: "Alder Row"},
	}))(t)
	found, err := s.Companies(ctx, key, []string{"alder-row", "nobody", "wrenmoor"}, []string{"index", "seen"})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(found, func(a, b crm.Company) int { return strings.Compare(b.Key, a.Key) })
	want := fmt.Sprintf("[{%s wrenmoor Wrenmoor Hotels map[index:61.25 seen:2026-09-30]} {%s alder-row Alder Row map[]}]", made[0], made[1])
	if got := shown(found); got != want {
		t.Errorf("found %s\nwant  %s", got, want)
	}
	account.Put("company", made[0], map[string]string{"name": "Renamed by people"})
	written(s.UpdateCompanies(ctx, []crm.Company{
		{ID: made[1], Name: "Alder Row Ltd", Values: map[string]crm.Value{"index": crm.Number(50)}},
		{ID: made[0], Key: "wrenmoor", Values: map[string]crm.Value{"index": {}, "seen": crm.Day("2026-10-01")}},
	}))(t)
	list := account.Companies()
	if p := list[1].Properties; len(list) != 3 || p["name"] != "Renamed by people" || p["seen"] != "2026-10-01" || p["index"] != "" || p[key] != "wrenmoor" {
		t.Errorf("%d: %v", len(list), p)
	}
	if p := list[2].Properties; p["name"] != "Alder Row Ltd" || p["index"] != "50" {
		t.Errorf("%v", p)
	}
}

func shown(found []crm.Company) string {
	var all []string
	for _, c := range found {
		values := map[string]string{}
		for name, v := range c.Values {
			values[name] = v.Text
		}
		all = append(all, fmt.Sprintf("{%s %s %s %v}", c.ID, c.Key, c.Name, values))
	}
	return fmt.Sprint(all)
}

// TestRepeated: making what was made already makes nothing.
func TestRepeated(t *testing.T) {
	account, s, _ := connect(t, hubspottest.Options{})
	company := []crm.Company{{Key: "a", Name: "A"}}
	first := written(s.CreateCompanies(ctx, key, company))(t)
	second := written(s.CreateCompanies(ctx, key, company))(t)
	if companies, _, _ := account.Count(); companies != 1 || first[0] != second[0] {
		t.Errorf("%d companies, %v and %v", companies, first, second)
	}
}

// TestPoison: of a batch, what HubSpot takes is written, and of the rest is told which it
// is and why.
func TestPoison(t *testing.T) {
	account, s, _ := connect(t, hubspottest.Options{Required: []string{"name"}, Refuse: func(_ string, p map[string]any) string {
		if p["name"] == "Bad" {
			return "A rule of this account forbids it."
		}
		return ""
	}})
	taken := account.Put("company", "", map[string]string{key: "taken"})
	number := map[string]crm.Value{"index": crm.Line("many")}
	results, err := s.CreateCompanies(ctx, key, []crm.Company{
		{Key: "one", Name: "One"}, {Key: "two", Name: "Bad"}, {Key: "three"}, {Key: "four", Name: "Four", Values: number}, {Key: "five", Name: "Five"},
	})
	if err != nil || len(results) != 5 {
		t.Fatal(results, err)
	}
	if results[0].ID == "" || results[4].ID == "" || results[0].Err != nil || results[4].Err != nil {
		t.Errorf("%+v", results)
	}
	rules := "look in HubSpot, under Settings, Properties, at the rules of the property and at which are required"
	for i, want := range map[int]string{
		1: "HubSpot refused it: A rule of this account forbids it | " + rules,
		2: "HubSpot refused it: Error creating COMPANY. Some required properties were not set: name | " + rules,
		3: "HubSpot refused it: index: many was not a valid number | " + rules,
	} {
		if got := refusedBy(t, results[i].Err); got != want {
			t.Errorf("%d: %q\nwant %q", i, got, want)
		}
	}
	results, err = s.UpdateCompanies(ctx, []crm.Company{
		{ID: results[0].ID, Values: map[string]crm.Value{"gone": crm.Line("x")}},
		{ID: results[4].ID, Values: map[string]crm.Value{"num_notes": crm.Count(1)}},
		{ID: "1", Values: map[string]crm.Value{"index": crm.Count(1)}},
		{ID: taken, Values: map[string]crm.Value{"index": crm.Count(1), "name": crm.Line("x")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		`HubSpot refused it: Property "gone" does not exist | the property was deleted or renamed in HubSpot: run export with --provision apply, or mend its name in the setting fields`,
		`HubSpot refused it: "num_notes" is a read only property; its value cannot be set | HubSpot keeps this property itself: name another in the setting fields`,
		`HubSpot refused it: Could not get some COMPANY objects, they may be deleted or not exist. Check that ids are valid | it was deleted or merged in HubSpot meanwhile: export again`,
	} {
		if got := refusedBy(t, results[i].Err); got != want {
			t.Errorf("%d: %q", i, got)
		}
	}
	if results[3] != (crm.Result{ID: taken}) {
		t.Errorf("%+v", results[3])
	}
}

// TestWhole: a batch that HubSpot refuses as a whole is told as such, and none of it is
// written.
func TestWhole(t *testing.T) {
	account, s, _ := connect(t, hubspottest.Options{Whole: true, Refuse: func(_ string, p map[string]any) string {
		if p["name"] == "Bad" {
			return "no"
		}
		return ""
	}})
	results, err := s.CreateCompanies(ctx, key, []crm.Company{{Key: "one", Name: "One"}, {Key: "two", Name: "Bad"}})
	if got := refusedBy(t, err); results != nil || !strings.HasPrefix(got, "HubSpot refused it: no |") {
		t.Error(results, got)
	}
	if companies, _, _ := account.Count(); companies != 0 {
		t.Errorf("%d companies", companies)
	}
}

func entry(company, id, title string) crm.Entry {
	return crm.Entry{Company: company, Mark: crm.Mark{ID: strings.Repeat("0", 20-len(id)) + id, Content: "0000000a"}, Title: title, Body: crm.Text{{Words: "Words & more."}}, Day: "2026-12-31"}
}

// TestDayless: an entry without a day is refused, and those beside it are written.
func TestDayless(t *testing.T) {
	account, s, _ := connect(t, hubspottest.Options{Owners: []string{"77"}})
	company := written(s.CreateCompanies(ctx, key, []crm.Company{{Key: "a", Name: "A"}}))(t)[0]
	for _, kind := range []crm.EntryKind{crm.NoteEntry, crm.TaskEntry} {
		none, some := entry(company, "1", "None"), entry(company, "2", "Some")
		none.Day = ""
		results, err := s.CreateEntries(ctx, kind, []crm.Entry{none, some, none})
		if err != nil || len(results) != 3 || results[0].Err == nil || results[1].Err != nil || results[1].ID == "" || results[2].Err == nil {
			t.Errorf("%+v, %v", results, err)
		}
		if results, err = s.UpdateEntries(ctx, kind, []crm.Entry{none}); err != nil || len(results) != 1 || results[0].Err == nil {
			t.Errorf("%+v, %v", results, err)
		}
	}
	if _, notes, tasks := account.Count(); notes != 1 || tasks != 1 {
		t.Errorf("%d notes, %d tasks", notes, tasks)
	}
}

// TestEntries: notes and tasks are found at their company by their mark, over several
// pages, and among what others wrote; a change leaves what people keep.
func TestEntries(t *testing.T) {
	account, s, _ := connect(t, hubspottest.Options{PageSize: 2, Owners: []string{"77"}})
	companies := written(s.CreateCompanies(ctx, key, []crm.Company{{Key: "a", Name: "A"}, {Key: "b", Name: "B"}, {Key: "c", Name: "C"}}))(t)
	a, b, none := companies[0], companies[1], companies[2]
	for i := range 5 {
		account.Put("note", "", map[string]string{"hs_note_body": fmt.Sprint("call ", i), "hs_timestamp": "2026-01-01T00:00:00Z"}, a)
	}
	for _, kind := range []crm.EntryKind{crm.NoteEntry, crm.TaskEntry} {
		first, second := entry(a, "1", "First"), entry(b, "1", "At b")
		first.Day = "2026-09-30"
		made := written(s.CreateEntries(ctx, kind, []crm.Entry{first, entry(a, "2", "Second"), second}))(t)
		found, err := s.Entries(ctx, kind, []crm.Ref{{Company: b, Mark: second.Mark}, {Company: a, Mark: first.Mark}, {Company: none, Mark: first.Mark}})
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(found, func(x, y crm.Entry) int { return strings.Compare(x.ID, y.ID) })
		if len(found) != 2 || found[0].ID != made[0] || found[0].Company != a || found[1].ID != made[2] || found[1].Company != b || found[1].Mark != second.Mark {
			t.Fatalf("%v: %+v", kind, found)
		}
		first.ID, first.Title, first.Day, first.Mark.Content = made[0], "Changed", "2026-10-31", "0000000b"
		written(s.UpdateEntries(ctx, kind, []crm.Entry{first}))(t)
		if found, err = s.Entries(ctx, kind, []crm.Ref{{Company: a, Mark: first.Mark}}); err != nil || len(found) != 1 || found[0].Mark != first.Mark {
			t.Errorf("%+v, %v", found, err)
		}
	}
	if c, notes, tasks := account.Count(); c != 3 || notes != 8 || tasks != 3 {
		t.Errorf("%d companies, %d notes, %d tasks", c, notes, tasks)
	}
	both := entry("", "5", "At both")
	account.Put("note", "", map[string]string{"hs_note_body": markup(both.Body, "", both.Mark)}, a, b)
	found, err := s.Entries(ctx, crm.NoteEntry, []crm.Ref{{Company: a, Mark: both.Mark}, {Company: b, Mark: both.Mark}})
	slices.SortFunc(found, func(x, y crm.Entry) int { return strings.Compare(x.Company, y.Company) })
	if err != nil || len(found) != 2 || found[0].Company != a || found[1].Company != b || found[0].ID != found[1].ID {
		t.Errorf("%+v, %v", found, err)
	}
	quoting := entry(a, "6", "Quoting")
	quoting.Body = crm.Text{{Words: "see " + both.Mark.String()}}
	quotes := written(s.CreateEntries(ctx, crm.NoteEntry, []crm.Entry{quoting}))(t)
	found, err = s.Entries(ctx, crm.NoteEntry, []crm.Ref{{Company: a, Mark: both.Mark}, {Company: a, Mark: quoting.Mark}})
	if err != nil || len(found) != 2 || found[1].ID != quotes[0] || found[1].Mark != quoting.Mark {
		t.Errorf("a note that names another's mark: %+v, %v", found, err)
	}
	if _, err := s.CreateEntries(ctx, crm.NoteEntry, []crm.Entry{entry("", "9", "")}); err == nil {
		t.Error("a note without a company is taken")
	}
	results, err := s.CreateEntries(ctx, crm.NoteEntry, []crm.Entry{entry("123", "9", "")})
	if err != nil {
		t.Fatal(err)
	}
	if got := refusedBy(t, results[0].Err); !strings.Contains(got, "123") {
		t.Error(got)
	}
}

// TestMarkup: a text that is too long is cut between its parts and says so; the mark is
// there.
func TestMarkup(t *testing.T) {
	mark := crm.Mark{ID: strings.Repeat("a", 20), Content: "12345678"}
	foot := "<p>firstcall-aaaaaaaaaaaaaaaaaaaa-12345678</p>" // 46 characters
	long := strings.Repeat("x", 40000)
	items := slices.Repeat([]string{"&" + strings.Repeat("é", 989)}, 70) // 1003 characters each, with their tags
	for _, c := range []struct {
		name string
		text crm.Text
		want string
	}{
		{"short", crm.Text{{Words: "a"}}, "<p>a</p>" + foot},
		{"second block", crm.Text{{Words: long}, {Words: long}, {Words: "z"}}, "<p>" + long + "</p>" + cut + foot},
		{"one block", crm.Text{{Words: long + long}}, cut + foot},
		{"items", crm.Text{{Heading: "h", Items: items}}, "<p><strong>h</strong></p><ul>" + strings.Repeat("<li>&amp;"+strings.Repeat("é", 989)+"</li>", 65) + "</ul>" + cut + foot},
		{"heading alone", crm.Text{{Words: long}, {Heading: "h", Items: []string{long}}}, "<p>" + long + "</p>" + cut + foot},
		{"pairs", crm.Text{{Words: strings.Repeat("😀", 33000)}}, cut + foot},
	} {
		got := markup(c.text, "", mark)
		if got != c.want {
			t.Errorf("%s: %d characters, %.80s", c.name, len(got), got)
		}
		if m, found := crm.FindMark(got); units(got) > 65536 || !found || m != mark {
			t.Errorf("%s: %d, %v", c.name, units(got), m)
		}
	}
	exact := strings.Repeat("x", 65536-46-7)
	if got := markup(crm.Text{{Words: exact}}, "", mark); len(got) != 65536 || strings.Contains(got, cut) {
		t.Errorf("%d characters", len(got))
	}
	if got := markup(crm.Text{{Words: exact}, {Words: "z"}}, "", mark); got != cut+foot { // no room to say that something is left out
		t.Errorf("%d characters, %.80s", len(got), got)
	}
}

func TestMoment(t *testing.T) {
	if got := moment("2026-09-30"); got != "2026-09-30T12:00:00Z" {
		t.Error(got)
	}
	for day, wrong := range map[string]bool{"2026-09-30": false, "": true, "soon": true, "2026-02-30": true} {
		if got := dayless(day); (got != nil) != wrong {
			t.Errorf("%q: %v", day, got)
		}
	}
}

func TestFieldName(t *testing.T) {
	for figure, want := range map[string]string{"key": "firstcall_key", "instrument_version": "firstcall_instrument_version", "score_first-line": "firstcall_score_first_line"} {
		if got := fieldName(figure); got != want {
			t.Errorf("%s: %s", figure, got)
		}
	}
	if got := fieldName("score_" + strings.Repeat("x", 200)); len(got) != 100 {
		t.Errorf("%d characters", len(got))
	}
}

// TestFields: properties are told as they are, and those that are missing are made, in a
// group of their own.
func TestFields(t *testing.T) {
	account, s, _ := connect(t, hubspottest.Options{})
	have, err := s.Fields(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if f := have[key]; f.Type != crm.LineType || !f.Unique || f.ReadOnly || f.Length != 65536 {
		t.Errorf("%+v", f)
	}
	if f := have["num_notes"]; f.Type != crm.NumberType || !f.ReadOnly || f.Unique {
		t.Errorf("%+v", f)
	}
	if f := have["notes_last_updated"]; f.Type != crm.OtherType || f.Given != "datetime" {
		t.Errorf("%+v", f)
	}
	fields := []crm.Field{
		{Name: "firstcall_id", Label: "Id", Type: crm.LineType, Unique: true},
		{Name: "index", Label: "Index", Type: crm.NumberType},
		{Name: "firstcall_n", Label: "N", Doc: "How many.", Type: crm.CountType},
		{Name: "firstcall_day", Label: "Day", Type: crm.DayType},
	}
	results, err := s.AddFields(ctx, fields)
	if err != nil {
		t.Fatal(err)
	}
	if got := refusedBy(t, results[1].Err); !strings.Contains(got, "index") {
		t.Error(got)
	}
	written([]crm.Result{results[0], results[2], results[3]}, nil)(t)
	p := account.Properties()
	if got := p["firstcall_id"]; got != (hubspottest.Property{Name: "firstcall_id", Label: "Id", Group: "firstcall", Type: "string", FieldType: "text", Unique: true}) {
		t.Errorf("%+v", got)
	}
	if got := p["firstcall_n"]; got != (hubspottest.Property{Name: "firstcall_n", Label: "N", Description: "How many.", Group: "firstcall", Type: "number", FieldType: "number"}) {
		t.Errorf("%+v", got)
	}
	if got := p["firstcall_day"]; got.Type != "date" || got.FieldType != "date" || got.Unique {
		t.Errorf("%+v", got)
	}
	written(s.AddFields(ctx, []crm.Field{{Name: "firstcall_later", Label: "Later"}}))(t) // the group is there
	if n := account.Calls()["POST /crm/properties/2026-09/companies/groups"]; n != 1 {
		t.Errorf("the group was made %d times", n)
	}
}

// TestSettings: what is wrong with the settings is told before anything is sent.
func TestSettings(t *testing.T) {
	open := func(settings, token string) error {
		cfg, err := sdk.ParseConfig(Exporter{}.Info().Config, []byte(settings), map[string]string{"token": token})
		if err != nil {
			t.Fatal(err)
		}
		_, err = Exporter{Base: "http://127.0.0.1:1", Sleep: newClock().Sleep}.Open(ctx, cfg, false)
		if strings.Contains(fmt.Sprint(err), "secret") {
			t.Errorf("the token is shown: %v", err)
		}
		return err
	}
	for _, c := range []struct{ settings, token, want string }{
		{`{}`, "\"secret\"", "hubspot.auth"},
		{`{}`, "secret\nsecret", "hubspot.auth"},
		{`{}`, " ", "hubspot.auth"},
		{`{"owner":"jo@example.org"}`, "secret", "hubspot.owner"},
		{`{"url":"http://api.example.org"}`, "secret", "address"},
		{`{}`, " secret\n", "hubspot.busy"}, // nobody is there
	} {
		if got := code(t, open(c.settings, c.token)); got != c.want {
			t.Errorf("%s: %s", c.settings, got)
		}
	}
	account := hubspottest.New(hubspottest.Options{Token: "other"})
	url, err := json.Marshal(map[string]string{"url": serve(t, account, account) + "/"})
	if err != nil {
		t.Fatal(err)
	}
	if got := code(t, open(string(url), "secret")); got != "hubspot.auth" {
		t.Error(got)
	}
}
