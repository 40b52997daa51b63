package tryton

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/exporters/tryton/trytontest"
)

// A database is named by where it is, when it was made and the company.
func TestTarget(t *testing.T) {
	s := trytontest.Start(t, trytontest.Options{})
	made := s.Rows(t, `SELECT strftime('%Y%m%d%H%M%S', create_date) FROM ir_module WHERE name = 'ir'`)[0]
	first := mustOpen(t, s, nil)
	host := strings.TrimPrefix(s.URL, "http://")
	if id, want := first.Target().ID, host+"/firstcall/1/"+made; id != want {
		t.Errorf("id %q, want %q", id, want)
	}
	if label := first.Target().Label; label != "Harborlight Consulting, database firstcall" {
		t.Errorf("label %q", label)
	}
	for _, company := range []string{"1", "Harborlight Consulting"} {
		again := mustOpen(t, s, map[string]any{"company": company, "url": s.URL + "/"})
		if again.Target() != first.Target() {
			t.Errorf("with company %q: %+v, want %+v", company, again.Target(), first.Target())
		}
	}
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	_, err := open(t, s, map[string]any{"company": "Harbor"})
	diagnosed(t, err, "tryton.company", "company")
}

// What keeps somebody out is told, and a wrong password is tried once only.
func TestKeptOut(t *testing.T) {
	s := trytontest.Start(t, trytontest.Options{})
	_, err := open(t, s, map[string]any{"database": "nowhere"})
	diagnosed(t, err, "tryton.database", "database")
	if err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("error %v", err)
	}
	_, err = quick().connect(context.Background(), settings(t, s.Settings(), "wrong"), false)
	diagnosed(t, err, "tryton.auth", "password")
	if tries := s.Rows(t, "SELECT COUNT(*) FROM res_user_login_attempt"); tries[0] != "1" {
		t.Errorf("%s tries with a wrong password", tries[0])
	}
	s.LockOut(t, trytontest.User)
	before := s.Rows(t, "SELECT COUNT(*) FROM res_user_login_attempt")
	_, err = open(t, s, nil)
	diagnosed(t, err, "tryton.locked", "user")
	if after := s.Rows(t, "SELECT COUNT(*) FROM res_user_login_attempt"); after[0] != next(before[0]) {
		t.Errorf("%s tries counted, %s before", after[0], before[0])
	}
}

func next(n string) string {
	i, _ := strconv.Atoi(n)
	return strconv.Itoa(i + 1)
}

// Parties are made, found and changed; a code that differs in case only is shown.
func TestParties(t *testing.T) {
	ctx := context.Background()
	s := trytontest.Start(t, trytontest.Options{})
	sys := mustOpen(t, s, nil)
	made := create(t, sys, companyOf("wrenmoor", "Wrenmoor Hotels"), companyOf("Elm_Court", "Elm Court"), companyOf("elmxcourt", "Another"))
	find := func(keys ...string) []string {
		t.Helper()
		found, err := sys.Companies(ctx, keyField, keys, nil)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, c := range found {
			out = append(out, c.ID+" "+c.Key+" "+c.Name)
		}
		return out
	}
	same := func(got, want []string) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("found %q, want %q", got, want)
		}
	}
	same(find("wrenmoor", "nobody"), []string{made[0] + " wrenmoor Wrenmoor Hotels"})
	same(find("elm_court"), []string{made[1] + " Elm_Court Elm Court"})
	same(find("Elm_Court", "elm_court"), []string{made[1] + " Elm_Court Elm Court"})

	// One that was put away still has its code.
	s.Call(t, "model.party.party.write", []any{number(t, made[0])}, map[string]any{"active": false})
	same(find("wrenmoor"), []string{made[0] + " wrenmoor Wrenmoor Hotels"})

	// What was merged into another is that one.
	s.Call(t, "model.party.party.write", []any{number(t, made[0])}, map[string]any{"replaced_by": number(t, made[2])})
	same(find("wrenmoor"), []string{made[2] + " wrenmoor Another"})

	results, err := sys.UpdateCompanies(ctx, []crm.Company{{ID: made[1], Key: "Elm_Court", Name: "Elm Court Inn"}, {ID: made[2], Name: "Elm X"}})
	if err != nil {
		t.Fatal(err)
	}
	ids(t, results, 2)
	same(s.Rows(t, "SELECT code, name FROM party_party WHERE id > 1 ORDER BY id"), []string{"wrenmoor|Wrenmoor Hotels", "Elm_Court|Elm Court Inn", "elmxcourt|Elm X"})
	if n := s.Rows(t, "SELECT COUNT(*) FROM party_address"); n[0] != "0" {
		t.Errorf("%s addresses were made", n[0])
	}
}

func number(t *testing.T, id string) int {
	t.Helper()
	n, err := strconv.Atoi(id)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A list with one that is refused is refused whole.
func TestAllOrNone(t *testing.T) {
	ctx := context.Background()
	s := trytontest.Start(t, trytontest.Options{Strict: true})
	sys := mustOpen(t, s, nil)
	made := create(t, sys, companyOf("a", "A"))
	for _, c := range []struct {
		bad  crm.Company
		text string
	}{
		{companyOf("a", "A again"), "The code on party must be unique."},
		{companyOf("c", "REFUSED"), "The word REFUSED is not wanted. Use another."},
		{companyOf("c", "WARNED"), "Tryton wants somebody to confirm this: The word WARNED is not nice."},
		{companyOf("c", "BROKEN"), "Tryton failed at it: 'broken'"},
	} {
		_, err := sys.CreateCompanies(ctx, keyField, []crm.Company{companyOf("b", "B"), c.bad})
		refused(t, err, c.text)
		if n := s.Parties(t); n != 2 {
			t.Errorf("%s: there are %d parties", c.bad.Name, n)
		}
		if c.bad.Key == "a" {
			continue
		}
		_, err = sys.UpdateCompanies(ctx, []crm.Company{{ID: made[0], Name: c.bad.Name}})
		refused(t, err, c.text)
		_, err = sys.CreateEntries(ctx, crm.NoteEntry, []crm.Entry{note(made[0], "1", "fine"), note(made[0], "2", c.bad.Name)})
		refused(t, err, c.text)
		if n := s.Notes(t); n != 0 {
			t.Errorf("%s: there are %d notes", c.bad.Name, n)
		}
	}
	// A task that is refused leaves the others alone.
	results, err := sys.CreateEntries(ctx, crm.TaskEntry, []crm.Entry{task(made[0], "1", "one", ""), task(made[0], "2", "REFUSED", ""), task(made[0], "3", "three", "")})
	if err != nil {
		t.Fatal(err)
	}
	refused(t, results[1].Err, "The word REFUSED is not wanted. Use another.")
	if results[0].Err != nil || results[2].Err != nil || s.Tasks(t) != 2 || s.Projects(t) != 1 {
		t.Errorf("results %+v, %d tasks in %d projects", results, s.Tasks(t), s.Projects(t))
	}
}

// A session that expires in the middle is made anew, and the call is made once.
func TestSessionExpires(t *testing.T) {
	s := trytontest.Start(t, trytontest.Options{})
	sys := mustOpen(t, s, nil)
	create(t, sys, companyOf("a", "A"))
	s.ForgetSessions(t)
	create(t, sys, companyOf("b", "B"))
	if n := s.Parties(t); n != 3 {
		t.Errorf("there are %d parties", n)
	}
	if n := s.Rows(t, "SELECT COUNT(*) FROM ir_session"); n[0] != "2" { // of the test, and the new one
		t.Errorf("there are %s sessions", n[0])
	}
}

// What somebody else has changed meanwhile is for later.
func TestConcurrency(t *testing.T) {
	s := trytontest.Start(t, trytontest.Options{})
	sys := mustOpen(t, s, nil)
	made := create(t, sys, companyOf("a", "A"))
	err := sys.server.write(context.Background(), nil, "model.party.party.write", []int{number(t, made[0])}, map[string]any{"name": "B"},
		map[string]any{"_timestamp": map[string]any{"party.party," + made[0]: "1000000000.0"}})
	if busy := new(web.Busy); !errors.As(err, &busy) || busy.Text != "somebody else changed it at the same moment: Records were modified in the meanwhile" {
		t.Errorf("error %#v", err)
	}
	if got := s.Rows(t, "SELECT name FROM party_party WHERE code = 'a'"); got[0] != "A" {
		t.Errorf("the name is %q", got[0])
	}
}

// The fields of a module are written and read in their types.
func TestTypedFields(t *testing.T) {
	ctx := context.Background()
	s := trytontest.Start(t, trytontest.Options{Files: filesOf(t, moduleFields)})
	sys := mustOpen(t, s, nil)
	fields, err := sys.Fields(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]crm.Field{
		"firstcall_index":       {Name: "firstcall_index", Label: `Culture "index"`, Type: crm.NumberType, Given: "numeric", Decimals: 2},
		"firstcall_respondents": {Name: "firstcall_respondents", Label: "Respondents", Doc: "How many answered.", Type: crm.CountType, Given: "integer"},
		"firstcall_date":        {Name: "firstcall_date", Label: "Date", Type: crm.DayType, Given: "date"},
		"firstcall_band":        {Name: "firstcall_band", Label: "firstcall_band", Type: crm.LineType, Given: "char"},
		"code":                  {Name: "code", Label: "Code", Doc: "The unique identifier of the party.", Type: crm.LineType, Given: "char", Unique: true},
		"full_name":             {Name: "full_name", Label: "Full Name", Type: crm.LineType, Given: "char", ReadOnly: true},
	} {
		if fields[name] != want {
			t.Errorf("%+v, want %+v", fields[name], want)
		}
	}
	names := []string{"firstcall_index", "firstcall_respondents", "firstcall_date", "firstcall_band"}
	values := map[string]crm.Value{"firstcall_index": crm.Number(61.25), "firstcall_respondents": crm.Count(48), "firstcall_date": crm.Day("2026-09-30"), "firstcall_band": crm.Line("good")}
	look := func(want map[string]crm.Value) {
		t.Helper()
		found, err := sys.Companies(ctx, keyField, []string{"a"}, names)
		if err != nil || len(found) != 1 {
			t.Fatalf("%d parties, error %v", len(found), err)
		}
		got := map[string]crm.Value{}
		for name, v := range found[0].Values {
			got[name] = crm.Parse(want[name].Type, v.Text)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("read %v, want %v", got, want)
		}
	}
	id := create(t, sys, crm.Company{Key: "a", Name: "A", Values: values})[0]
	look(values)
	row := s.Rows(t, "SELECT firstcall_index, firstcall_respondents, substr(firstcall_date, 1, 10), firstcall_band FROM party_party WHERE code = 'a'")
	if row[0] != "61.25|48|2026-09-30|good" {
		t.Errorf("in the database stands %q", row[0])
	}
	if _, err := sys.UpdateCompanies(ctx, []crm.Company{{ID: id, Values: map[string]crm.Value{"firstcall_index": crm.Number(62), "firstcall_band": {Type: crm.LineType}, "firstcall_date": {Type: crm.DayType}}}}); err != nil {
		t.Fatal(err)
	}
	look(map[string]crm.Value{"firstcall_index": crm.Number(62), "firstcall_respondents": crm.Count(48)})
	if view := s.View(t, "party.party", "form"); !strings.Contains(view, `<field name="firstcall_index"`) {
		t.Error("the form of a party does not show the fields")
	}
}

// moduleFields are fields of each type.
var moduleFields = []crm.Field{
	{Name: "code", Type: crm.LineType},
	{Name: "firstcall_index", Label: `Culture "index"`, Type: crm.NumberType, Decimals: 2},
	{Name: "firstcall_respondents", Label: "Respondents", Doc: "How many answered.", Type: crm.CountType},
	{Name: "firstcall_date", Label: "Date", Type: crm.DayType},
	{Name: "firstcall_band", Type: crm.LineType},
}
