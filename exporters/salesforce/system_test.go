package salesforce

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/exporters/salesforce/salesforcetest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

const key = "Firstcall_Key__c"

// fixture is a connected system and its org.
type fixture struct {
	*system
	org   *salesforcetest.Server
	front *front
}

// front stands before an org, and can be exchanged.
type front struct{ h atomic.Value }

func (f *front) set(h http.HandlerFunc) { f.h.Store(h) }

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.h.Load().(http.HandlerFunc)(w, r)
}

func accessTo(address string) access {
	return access{
		address: address, id: salesforcetest.ClientID, secret: salesforcetest.ClientSecret, version: "67.0",
		sleep: func(context.Context, time.Duration) error { return nil },
	}
}

// start connects to an org with the fields that most tests need.
func start(t *testing.T, opt salesforcetest.Options) fixture {
	t.Helper()
	org := salesforcetest.New(opt)
	org.AddField(salesforcetest.Field{Name: key, Type: "string", Length: 255, Create: true, Update: true, ExternalID: true, Unique: true, CaseSensitive: true})
	org.AddField(salesforcetest.Field{Name: "Firstcall_Index__c", Type: "double", Digits: 18, Scale: 2, Create: true, Update: true})
	org.AddField(salesforcetest.Field{Name: "Firstcall_Date__c", Type: "date", Create: true, Update: true})
	org.AddField(salesforcetest.Field{Name: "Firstcall_Band__c", Type: "string", Length: 20, Create: true, Update: true})
	return connected(t, org)
}

func connected(t *testing.T, org *salesforcetest.Server) fixture {
	t.Helper()
	front := &front{}
	front.set(org.ServeHTTP)
	server := httptest.NewServer(front)
	t.Cleanup(server.Close)
	t.Cleanup(func() {
		if p := org.Problems(); len(p) > 0 {
			t.Errorf("requests that Salesforce does not document: %q", p)
		}
	})
	s, err := connect(t.Context(), accessTo(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	return fixture{s, org, front}
}

func noFaults(t *testing.T, results []crm.Result, err error, n int) {
	t.Helper()
	if err != nil || len(results) != n {
		t.Fatalf("%d results, %v", len(results), err)
	}
	for i, r := range results {
		if r.Err != nil || r.ID == "" {
			t.Errorf("result %d: %+v", i, r)
		}
	}
}

func TestTarget(t *testing.T) {
	if got, want := start(t, salesforcetest.Options{}).Target(), (sdk.Target{ID: "00D000000000001EAA", Label: "Wrenmoor Consulting"}); got != want {
		t.Errorf("%+v", got)
	}
	if got := start(t, salesforcetest.Options{Sandbox: true}).Target().Label; got != "Wrenmoor Consulting, a sandbox on DEU12" {
		t.Error(got)
	}
}

// The example of Salesforce's documentation of ids, and one of its examples of accounts.
func TestLongID(t *testing.T) {
	for short, long := range map[string]string{
		"001xx000003DGb1": "001xx000003DGb1AAG", "001xx000003DGb9": "001xx000003DGb9AAG",
		"00D000000000001": "00D000000000001EAA", "001xx000003DGb1AAG": "001xx000003DGb1AAG",
	} {
		if got := longID(short); got != long {
			t.Errorf("%s: %s, want %s", short, got, long)
		}
	}
}

func TestCompanies(t *testing.T) {
	f := start(t, salesforcetest.Options{})
	strange := `O'Neill \ "Söhne" 100%_`
	made := []crm.Company{
		{Key: "wrenmoor", Name: "Wrenmoor Hotels", Values: map[string]crm.Value{
			"Firstcall_Index__c": crm.Number(61), "Firstcall_Date__c": crm.Day("2026-09-30"), "Firstcall_Band__c": crm.Line("good"),
		}},
		{Key: strange, Name: "Strange", Values: map[string]crm.Value{"Firstcall_Band__c": {}}},
		{Key: "Wrenmoor", Name: "Another", Values: nil},
	}
	results, err := f.CreateCompanies(t.Context(), key, made)
	noFaults(t, results, err, 3)
	fields := []string{"Firstcall_Index__c", "Firstcall_Date__c", "Firstcall_Band__c", "Name"}
	found, err := f.Companies(t.Context(), key, []string{"wrenmoor", strange, "nobody"}, fields)
	if err != nil || len(found) != 2 {
		t.Fatalf("%+v %v", found, err)
	}
	first := found[0]
	if first.ID != results[0].ID || first.Key != "wrenmoor" || first.Name != "Wrenmoor Hotels" ||
		crm.Parse(crm.NumberType, first.Values["Firstcall_Index__c"].Text) != crm.Number(61) ||
		first.Values["Firstcall_Date__c"].Text != "2026-09-30" || first.Values["Firstcall_Band__c"] != crm.Line("good") {
		t.Errorf("%+v", first)
	}
	if _, there := found[1].Values["Firstcall_Band__c"]; there || found[1].Key != strange {
		t.Errorf("%+v", found[1])
	}
	made[0].Values["Firstcall_Band__c"] = crm.Value{} // which empties nothing that another run wrote
	again, err := f.CreateCompanies(t.Context(), key, made)
	noFaults(t, again, err, 3)
	if got := f.org.Records("Account")[0]["Firstcall_Band__c"]; got != "good" {
		t.Error(got)
	}
	if again[0].ID != results[0].ID || f.org.Count("Account") != 3 {
		t.Errorf("made twice: %v, then %v", results, again)
	}
}

func TestUpdateCompanies(t *testing.T) {
	f := start(t, salesforcetest.Options{})
	results, err := f.CreateCompanies(t.Context(), key, []crm.Company{{Key: "a", Name: "A", Values: map[string]crm.Value{"Firstcall_Index__c": crm.Number(50)}}})
	noFaults(t, results, err, 1)
	id := results[0].ID
	results, err = f.UpdateCompanies(t.Context(), []crm.Company{
		{ID: id, Key: "a", Name: "A Ltd", Values: map[string]crm.Value{"Firstcall_Index__c": {Type: crm.NumberType}, "Firstcall_Band__c": crm.Line("good")}},
		{ID: "001000000000099AAA", Values: map[string]crm.Value{"Firstcall_Band__c": crm.Line("good")}},
	})
	if err != nil || len(results) != 2 || results[0].Err != nil || !errors.As(results[1].Err, new(*web.Refused)) {
		t.Fatalf("%+v %v", results, err)
	}
	is := f.org.Records("Account")[0]
	if is["Name"] != "A Ltd" || is["Firstcall_Index__c"] != nil || is["Firstcall_Band__c"] != "good" || is[key] != "a" {
		t.Errorf("%v", is)
	}
}

// Ids of clients may be long: the question is split, whatever goes into one call.
func TestLongKeys(t *testing.T) {
	f := start(t, salesforcetest.Options{Page: 7})
	var keys []string
	var made []crm.Company
	for i := range 200 {
		k := fmt.Sprintf("%03d%s", i, strings.Repeat("é", 240))
		keys = append(keys, k)
		made = append(made, crm.Company{Key: k, Name: k[:3]})
	}
	results, err := f.CreateCompanies(t.Context(), key, made)
	noFaults(t, results, err, 200)
	found, err := f.Companies(t.Context(), key, keys, []string{"Firstcall_Band__c"})
	if err != nil || len(found) != 200 || found[199].Key != keys[199] {
		t.Fatalf("%d found, %v", len(found), err)
	}
}

// A page of 7 needs 29 requests for 200 accounts: the first and 28 that go on.
func TestPages(t *testing.T) {
	f := start(t, salesforcetest.Options{Page: 7})
	var keys []string
	for i := range 200 {
		keys = append(keys, fmt.Sprintf("k%d", i))
		f.org.Add("Account", map[string]any{"Name": "x", key: keys[i]})
	}
	found, err := f.Companies(t.Context(), key, keys, nil)
	if err != nil || len(found) != 200 {
		t.Fatalf("%d found, %v", len(found), err)
	}
	if got := f.org.Calls("GET /query/*"); got != 28 {
		t.Errorf("%d further pages", got)
	}
}

func TestSeveralByAKeyThatIsNotUnique(t *testing.T) {
	f := start(t, salesforcetest.Options{})
	f.org.AddField(salesforcetest.Field{Name: "Old_Key__c", Type: "string", Length: 255, Create: true, Update: true, ExternalID: true})
	f.org.Add("Account", map[string]any{"Name": "One", "Old_Key__c": "a"})
	f.org.Add("Account", map[string]any{"Name": "Two", "Old_Key__c": "A"})
	found, err := f.Companies(t.Context(), "Old_Key__c", []string{"a"}, nil)
	if err != nil || len(found) != 2 || found[1].Key != "A" {
		t.Errorf("%+v %v", found, err)
	}
	results, err := f.CreateCompanies(t.Context(), "Old_Key__c", []crm.Company{{Key: "a", Name: "Three"}})
	var refused *web.Refused
	if err != nil || !errors.As(results[0].Err, &refused) || refused.Code != "DUPLICATE_EXTERNAL_ID" || f.org.Count("Account") != 2 {
		t.Errorf("%+v %v", results, err)
	}
}

func TestKeyMustBeExternalID(t *testing.T) {
	f := start(t, salesforcetest.Options{})
	f.org.AddField(salesforcetest.Field{Name: "Plain__c", Type: "string", Length: 255, Create: true, Update: true, Unique: true})
	if _, err := f.Fields(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := f.CreateCompanies(t.Context(), "Plain__c", []crm.Company{{Key: "a", Name: "A"}})
	if d := (*sdk.Diagnostic)(nil); !errors.As(err, &d) || d.Code != "salesforce.key" {
		t.Errorf("%v", err)
	}
	if f.org.Count("Account") != 0 {
		t.Error("it was made")
	}
}

// What a record is refused for, and what only has to wait.
func TestRows(t *testing.T) {
	opt := salesforcetest.Options{
		Required: []string{"NumberOfEmployees"},
		Refuse: func(_ string, fields map[string]any) string {
			if fields["Name"] == "poison" {
				return "accounts need a postal address"
			}
			return ""
		},
		Alike:  func(_ string, fields map[string]any) bool { return fields["Name"] == "alike" },
		Locked: func(_ string, fields map[string]any) bool { return fields["Name"] == "locked" },
	}
	f := start(t, opt)
	names := []string{"poison", "alike", "locked", "fine"}
	var made []crm.Company
	for _, name := range names {
		made = append(made, crm.Company{Key: name, Name: name, Values: map[string]crm.Value{"NumberOfEmployees": crm.Count(5)}})
	}
	made = append(made,
		crm.Company{Key: "bare", Name: "bare"},
		crm.Company{Key: "long", Name: "long", Values: map[string]crm.Value{"NumberOfEmployees": crm.Count(5), "Firstcall_Band__c": crm.Line("excellent in every way")}},
	)
	results, err := f.CreateCompanies(t.Context(), key, made)
	if err != nil || len(results) != 6 {
		t.Fatalf("%+v %v", results, err)
	}
	for i, code := range map[int]string{0: "FIELD_CUSTOM_VALIDATION_EXCEPTION", 1: "DUPLICATES_DETECTED", 4: "REQUIRED_FIELD_MISSING", 5: "STRING_TOO_LONG"} {
		var refused *web.Refused
		if !errors.As(results[i].Err, &refused) || refused.Code != code || refused.Hint == "" {
			t.Errorf("%s: %v", made[i].Name, results[i].Err)
		}
	}
	if got := results[0].Err.Error(); got != "Salesforce refused it: accounts need a postal address (FIELD_CUSTOM_VALIDATION_EXCEPTION)" {
		t.Error(got)
	}
	if !errors.As(results[2].Err, new(*web.Busy)) || results[3].Err != nil || f.org.Count("Account") != 1 {
		t.Errorf("%v %v", results[2].Err, results[3].Err)
	}
}

// A trigger that is over its limits fails all records of a call: smaller calls can pass.
func TestTriggerOverItsLimits(t *testing.T) {
	f := start(t, salesforcetest.Options{Trigger: 2})
	made := []crm.Company{{Key: "a", Name: "A"}, {Key: "b", Name: "B"}, {Key: "c", Name: "C"}}
	_, err := f.CreateCompanies(t.Context(), key, made)
	if !errors.As(err, new(*web.Refused)) {
		t.Fatalf("%v", err)
	}
	results, err := f.CreateCompanies(t.Context(), key, made[:2])
	noFaults(t, results, err, 2)
}

func TestUnknownFieldRefusesTheCall(t *testing.T) {
	f := start(t, salesforcetest.Options{})
	_, err := f.CreateCompanies(t.Context(), key, []crm.Company{{Key: "a", Name: "A", Values: map[string]crm.Value{"Nope__c": crm.Line("x")}}})
	var refused *web.Refused
	if !errors.As(err, &refused) || refused.Status != 400 || refused.Code != "INVALID_FIELD" {
		t.Errorf("%v", err)
	}
	_, err = f.Companies(t.Context(), key, []string{"a"}, []string{"Nope__c"})
	if d := (*sdk.Diagnostic)(nil); !errors.As(err, &d) || d.Code != "salesforce.query" {
		t.Errorf("%v", err)
	}
	_, err = f.Companies(t.Context(), key, []string{"a"}, []string{"Name FROM User--"})
	if d := (*sdk.Diagnostic)(nil); !errors.As(err, &d) || d.Code != "salesforce.field" {
		t.Errorf("%v", err)
	}
}

func TestFields(t *testing.T) {
	f := start(t, salesforcetest.Options{})
	f.org.AddField(salesforcetest.Field{Name: "Seen__c", Type: "double", Scale: 1, Digits: 5})
	f.org.AddField(salesforcetest.Field{Name: "Hidden__c", Type: "string", Hidden: true})
	fields, err := f.Fields(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]crm.Field{
		key:                 {Name: key, Type: crm.LineType, Given: "string", Length: 255, Unique: true},
		"Firstcall_Date__c": {Name: "Firstcall_Date__c", Type: crm.DayType, Given: "date"},
		"Seen__c":           {Name: "Seen__c", Type: crm.NumberType, Given: "double", Decimals: 1, ReadOnly: true},
		"NumberOfEmployees": {Name: "NumberOfEmployees", Type: crm.CountType, Given: "int"},
		"IsDeleted":         {Name: "IsDeleted", Type: crm.OtherType, Given: "boolean", ReadOnly: true},
	}
	for name, w := range want {
		if fields[name] != w {
			t.Errorf("%s: %+v", name, fields[name])
		}
	}
	if _, there := fields["Hidden__c"]; there {
		t.Error("a field that the user may not see is there")
	}
}

func TestFieldName(t *testing.T) {
	long := "score_" + strings.Repeat("guest-", 10) + "focus"
	for figure, want := range map[string]string{
		"index": "Firstcall_Index__c", "instrument_version": "Firstcall_Instrument_Version__c",
		"score_guest-focus": "Firstcall_Score_Guest_Focus__c", "score_a--b_": "Firstcall_Score_A_B__c",
		long: "Firstcall_Score_Guest_Guest_Guest_2b21b1__c", // by sha256sum
	} {
		if got := fieldName(figure); got != want {
			t.Errorf("%s: %s", figure, got)
		}
	}
	if fieldName(long) == fieldName(long+"-x") || fieldName("score_é") == fieldName("score_è") {
		t.Error("two figures have one field")
	}
}

func TestCutting(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{
		{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"a 😀b", 4, "a…"}, {"a😀b", 4, "a😀b"}, {"ab cd", 4, "ab…"}, {"", 3, ""},
	} {
		if got := cutLetters(c.in, c.n); got != c.want {
			t.Errorf("%q to %d: %q", c.in, c.n, got)
		}
	}
	if got := cutBytes("éééé", 7); got != "é\n…" || len(got) > 7 {
		t.Errorf("%q", got)
	}
	if got := cutBytes("éééé", 8); got != "éééé" {
		t.Errorf("%q", got)
	}
}

func sortedIDs(entries []crm.Entry) []string {
	var ids []string
	for _, e := range entries {
		ids = append(ids, e.ID)
	}
	slices.Sort(ids)
	return ids
}
