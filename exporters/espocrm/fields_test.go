package espocrm

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/exporters/espocrm/espocrmtest"
	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
)

func TestFields(t *testing.T) {
	for _, whole := range []bool{false, true} {
		_, address := site(t, espocrmtest.Options{WholeMetadata: whole, Denied: map[string]string{"cFirstcallBand": "edit", "cFirstcallDate": "read"}})
		got, err := connected(t, address).Fields(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]crm.Field{
			"name":                  {Type: crm.LineType, Given: "varchar", Length: 249},
			"description":           {Type: crm.LineType, Given: "text"},
			"createdAt":             {Type: crm.OtherType, Given: "datetime", ReadOnly: true},
			"type":                  {Type: crm.OtherType, Given: "enum"},
			key:                     {Type: crm.LineType, Given: "varchar", Length: 255},
			"cFirstcallIndex":       {Type: crm.NumberType, Given: "float", Decimals: 10},
			"cFirstcallRespondents": {Type: crm.CountType, Given: "int"},
			"cFirstcallDate":        {Type: crm.DayType, Given: "date", ReadOnly: true},
			"cFirstcallBand":        {Type: crm.LineType, Given: "varchar", Length: 255, ReadOnly: true},
		} {
			want.Name, want.Label = name, name
			if got[name] != want {
				t.Errorf("%v: %+v", whole, got[name])
			}
		}
	}
}

// TestDefinitions: what the metadata may say.
func TestDefinitions(t *testing.T) {
	text := `{"fields":{"cA":{"type":"decimal","scale":8},"cB":{"type":"decimal"},"cC":{"type":"varchar","maxLength":40,"readOnlyAfterCreate":true},
		"cD":{"type":"float","notStorable":true},"cE":{"type":"varchar","disabled":true}},
		"indexes":{"x":{"unique":true,"columns":["cC","deleteId"]},"y":{"unique":true,"columns":["cA","cB"]},"z":{"columns":["cB"]}}}`
	s := connected(t, serveMetadata(t, text))
	got, err := s.Fields(t.Context())
	if err != nil || len(got) != 4 || got["cA"].Decimals != 8 || got["cB"].Decimals != 4 || got["cA"].Unique || got["cB"].Unique ||
		!got["cC"].Unique || got["cC"].Length != 40 || !got["cC"].ReadOnly || !got["cD"].ReadOnly {
		t.Errorf("%+v %v", got, err)
	}
	body := s.attributes(got, crm.Company{Values: map[string]crm.Value{"cA": crm.Number(1.5), "cD": crm.Number(1.5)}})
	if body["cA"] != "1.5" || body["cD"] != json.Number("1.5") {
		t.Errorf("%v", body)
	}
	if _, err := connected(t, serveMetadata(t, "null")).Fields(t.Context()); code(t, err) != "espocrm.permission" {
		t.Errorf("%v", err)
	}
	if _, err := connected(t, serveMetadata(t, "[]")).Fields(t.Context()); code(t, err) != "espocrm.answer" {
		t.Errorf("%v", err)
	}
}

// serveMetadata is a site that gives that metadata.
func serveMetadata(t *testing.T, text string) string {
	t.Helper()
	server, _ := site(t, espocrmtest.Options{})
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/Metadata") {
			_, _ = io.WriteString(w, text)
			return
		}
		server.ServeHTTP(w, r)
	}))
	t.Cleanup(h.Close)
	return h.URL
}

// wanted are fields to make.
func wanted() []crm.Field {
	return []crm.Field{
		{Name: key, Label: "Firstcall client id", Doc: "The id.", Type: crm.LineType},
		{Name: "cFirstcallIndex", Label: "Index", Type: crm.NumberType, Decimals: 2},
		{Name: "cFirstcallRespondents", Label: "Respondents", Type: crm.CountType},
		{Name: "cFirstcallDate", Label: "Date", Type: crm.DayType},
	}
}

func TestAddFields(t *testing.T) {
	server, address := site(t, espocrmtest.Options{Fields: map[string]string{"cOther": "int"}, AdminUser: "root", AdminPassword: "p:w"})
	s := connected(t, address, "admin_user", "root", "admin_password", "p:w")
	results, err := s.AddFields(t.Context(), wanted())
	good(t, results, err)
	got, err := s.Fields(t.Context())
	for _, f := range wanted() {
		if got[f.Name].Type != f.Type || got[f.Name].ReadOnly {
			t.Errorf("%+v %v", got[f.Name], err)
		}
	}
	results, err = s.AddFields(t.Context(), wanted()[:1]) // somebody was faster
	good(t, results, err)
	if n := server.Requests("POST /Admin/fieldManager/Account"); n != 5 {
		t.Errorf("%d requests", n)
	}
	results, err = s.AddFields(t.Context(), []crm.Field{{Name: "cultureIndex", Type: crm.NumberType}, {Name: "cOther", Type: crm.DayType}})
	if err != nil || !strings.Contains(refused(t, results[0]).Text, "has none") || refused(t, results[1]).Status != http.StatusConflict {
		t.Errorf("%+v %v", results, err)
	}
}

func TestAddFieldsFails(t *testing.T) {
	_, address := site(t, espocrmtest.Options{AdminUser: "root", AdminPassword: "pw", PrefixDisabled: true, Fields: map[string]string{"cOther": "int"}})
	if _, err := connected(t, address).AddFields(t.Context(), wanted()); code(t, err) != "espocrm.admin" {
		t.Errorf("%v", err)
	}
	if _, err := connected(t, address, "admin_user", "root", "admin_password", "other").AddFields(t.Context(), wanted()); code(t, err) != "espocrm.auth" {
		t.Errorf("%v", err)
	}
	results, err := connected(t, address, "admin_user", "root", "admin_password", "pw").AddFields(t.Context(), wanted()[:1])
	if err != nil || !strings.Contains(refused(t, results[0]).Text, "not as "+key) {
		t.Errorf("%+v %v", results, err)
	}
}

// TestAddFieldsLost: a field that was made counts, though the answer was lost.
func TestAddFieldsLost(t *testing.T) {
	server, _ := site(t, espocrmtest.Options{AdminUser: "root", AdminPassword: "pw", Fields: map[string]string{"cOther": "int"}})
	h := httptest.NewServer(&cut{next: server, method: http.MethodPost, nth: 2})
	t.Cleanup(h.Close)
	results, err := connected(t, h.URL, "admin_user", "root", "admin_password", "pw").AddFields(t.Context(), wanted())
	good(t, results, err)
}

// TestPackage: the extension has the fields, and is the same for the same fields.
func TestPackage(t *testing.T) {
	s := &system{}
	a, err := s.Package(wanted())
	if err != nil || len(a) != 1 {
		t.Fatal(err)
	}
	if b, _ := s.Package(wanted()); !bytes.Equal(a[0].Body, b[0].Body) {
		t.Error("two extensions differ")
	}
	z, err := zip.NewReader(bytes.NewReader(a[0].Body), int64(len(a[0].Body)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	files := map[string]map[string]any{}
	for _, f := range z.File {
		names = append(names, f.Name)
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var content map[string]any
		if err := json.NewDecoder(r).Decode(&content); err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		files[f.Name] = content
	}
	in := "files/custom/Espo/Modules/Firstcall/Resources/"
	if want := []string{"manifest.json", in + "module.json", in + "metadata/entityDefs/Account.json", in + "i18n/en_US/Account.json"}; !slices.Equal(names, want) {
		t.Errorf("%q", names)
	}
	fields := files[in+"metadata/entityDefs/Account.json"]["fields"].(map[string]any)
	if got, _ := json.Marshal(fields); string(got) != `{"cFirstcallDate":{"type":"date"},"cFirstcallIndex":{"type":"float"},"cFirstcallKey":{"index":true,"maxLength":255,"tooltip":true,"type":"varchar"},"cFirstcallRespondents":{"type":"int"}}` {
		t.Errorf("%s", got)
	}
	if got := files[in+"i18n/en_US/Account.json"]["fields"].(map[string]any)[key]; got != "Firstcall client id" {
		t.Errorf("%v", got)
	}
}
