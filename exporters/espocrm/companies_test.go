package espocrm

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/exporters/espocrm/espocrmtest"
	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
)

func TestCompanies(t *testing.T) {
	server, address := site(t, espocrmtest.Options{ListLimit: 2})
	a := server.Put("Account", map[string]any{"name": "A", key: "a", "cFirstcallIndex": json.Number("61.0"), "cFirstcallDate": "2026-09-30", "cFirstcallBand": nil})
	for _, k := range []string{"B", "b", "B ", "c", "d", ""} {
		server.Put("Account", map[string]any{"name": k, key: k})
	}
	s := connected(t, address)
	got, err := s.Companies(t.Context(), key, []string{"a", "b", "d", "x"}, []string{"cFirstcallIndex", "cFirstcallDate", "cFirstcallBand"})
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, c := range got {
		keys = append(keys, c.Key)
		if c.ID != a {
			continue
		}
		want := map[string]crm.Value{"cFirstcallIndex": crm.Number(61), "cFirstcallDate": crm.Day("2026-09-30")}
		if fmt.Sprint(c.Values) != fmt.Sprint(want) || c.Name != "A" {
			t.Errorf("%+v", c)
		}
	}
	slices.Sort(keys)
	if want := []string{"B", "B ", "a", "b", "d"}; !slices.Equal(keys, want) {
		t.Errorf("%q", keys)
	}
}

// TestCompaniesMany: many long keys go into several requests, none of which is too long
// for a web server.
func TestCompaniesMany(t *testing.T) {
	server, address := site(t, espocrmtest.Options{})
	var keys []string
	for i := range 100 {
		keys = append(keys, fmt.Sprintf("kundin-%s-%d", strings.Repeat("ü", 30), i))
		server.Put("Account", map[string]any{"name": "x", key: keys[i]})
	}
	got, err := connected(t, address).Companies(t.Context(), key, keys, nil)
	if n := server.Requests("GET /Account"); err != nil || len(got) != 100 || n < 4 || n > 6 {
		t.Errorf("%d in %d requests: %v", len(got), n, err)
	}
}

func TestCompaniesFail(t *testing.T) {
	_, bare := site(t, espocrmtest.Options{Fields: map[string]string{"cOther": "varchar"}})
	if _, err := connected(t, bare).Companies(t.Context(), key, []string{"a"}, nil); code(t, err) != "espocrm.key" {
		t.Errorf("%v", err)
	}
	_, hidden := site(t, espocrmtest.Options{Denied: map[string]string{key: "read"}})
	if _, err := connected(t, hidden).Companies(t.Context(), key, []string{"a"}, nil); code(t, err) != "espocrm.permission" || !strings.Contains(err.Error(), key) {
		t.Errorf("%v", err)
	}
}

// company is one with a value of each type.
func company(k string) crm.Company {
	return crm.Company{Key: k, Name: "Company " + k, Values: map[string]crm.Value{
		"cFirstcallIndex": crm.Number(61), "cFirstcallRespondents": crm.Count(14), "cFirstcallDate": crm.Day("2026-09-30"), "cFirstcallBand": crm.Line("Good <b> = ü"),
	}}
}

func TestCreateCompanies(t *testing.T) {
	server, address := site(t, espocrmtest.Options{})
	s := connected(t, address)
	results, err := s.CreateCompanies(t.Context(), key, []crm.Company{company("a"), company("b")})
	good(t, results, err)
	for i, o := range []string{"a", "b"} {
		objects := server.Objects("Account")
		at := slices.IndexFunc(objects, func(m map[string]any) bool { return m[key] == o })
		if at < 0 || objects[at]["id"] != results[i].ID {
			t.Fatalf("%v", objects)
		}
		want := map[string]any{"name": "Company " + o, "cFirstcallIndex": json.Number("61.0"), "cFirstcallRespondents": json.Number("14"), "cFirstcallDate": "2026-09-30", "cFirstcallBand": "Good <b> = ü"}
		for name, value := range want {
			if objects[at][name] != value {
				t.Errorf("%s: %v", name, objects[at][name])
			}
		}
	}
}

// TestCreateRefused: each object is refused by itself, and the others are made.
func TestCreateRefused(t *testing.T) {
	server, address := site(t, espocrmtest.Options{Refuse: func(_ string, o map[string]any) string {
		if o[key] == "poison" {
			return "no poison"
		}
		return ""
	}})
	server.Put("Account", map[string]any{"name": "company TWIN"})
	bad := company("bad")
	bad.Name = "A <b>"
	long := company("long")
	long.Values["cFirstcallBand"] = crm.Line(strings.Repeat("x", 256))
	results, err := connected(t, address).CreateCompanies(t.Context(), key, []crm.Company{company("a"), company("poison"), company("twin"), bad, long, company("z")})
	if err != nil {
		t.Fatal(err)
	}
	if results[0].Err != nil || results[5].Err != nil || server.Count("Account") != 3 {
		t.Fatalf("%+v", results)
	}
	for i, says := range map[int]string{1: "no poison", 2: "looks the same", 3: "the field name: it has characters", 4: "the field cFirstcallBand: the text is too long"} {
		if got := refused(t, results[i]); !strings.Contains(got.Text, says) {
			t.Errorf("%d: %s", i, got.Text)
		}
	}
	if got := refused(t, results[2]); !strings.Contains(got.Hint, "put twin into its field "+key) {
		t.Errorf("%s", got.Hint)
	}
}

// TestLost: what EspoCRM leaves out without a word is told.
func TestLost(t *testing.T) {
	server, address := site(t, espocrmtest.Options{Dropped: []string{"cFirstcallBand"}, Denied: map[string]string{"cFirstcallIndex": "edit", "cFirstcallDate": "read"}})
	s := connected(t, address)
	results, err := s.CreateCompanies(t.Context(), key, []crm.Company{company("a")})
	if err != nil {
		t.Fatal(err)
	}
	got := refused(t, results[0])
	if results[0].ID != server.Objects("Account")[0]["id"] || !strings.HasSuffix(got.Text, "did not keep cFirstcallBand, cFirstcallDate, cFirstcallIndex") {
		t.Errorf("%+v %s", results[0], got.Text)
	}
	c := company("a")
	c.ID, c.Values = results[0].ID, map[string]crm.Value{"cFirstcallRespondents": crm.Count(15)}
	updated, err := s.UpdateCompanies(t.Context(), []crm.Company{c})
	good(t, updated, err)
	c.Values["cFirstcallIndex"] = crm.Number(1)
	if results, err = s.UpdateCompanies(t.Context(), []crm.Company{c}); err != nil || !strings.HasSuffix(refused(t, results[0]).Text, "did not keep cFirstcallIndex") {
		t.Errorf("%+v %v", results, err)
	}
}

// TestKeyLost: without its key an account would be made again and again, so that none is.
func TestKeyLost(t *testing.T) {
	server, address := site(t, espocrmtest.Options{Denied: map[string]string{key: "edit"}})
	if _, err := connected(t, address).CreateCompanies(t.Context(), key, []crm.Company{company("a")}); code(t, err) != "espocrm.key" || server.Count("Account") != 0 {
		t.Errorf("%v", err)
	}
	server, address = site(t, espocrmtest.Options{Dropped: []string{key}})
	var many []crm.Company
	for i := range 40 {
		many = append(many, company(fmt.Sprint(i)))
	}
	if _, err := connected(t, address).CreateCompanies(t.Context(), key, many); code(t, err) != "espocrm.key" || server.Count("Account") > 8 {
		t.Errorf("%d made: %v", server.Count("Account"), err)
	}
}

func TestUpdateCompanies(t *testing.T) {
	server, address := site(t, espocrmtest.Options{UpdateDuplicate: true})
	s := connected(t, address)
	made, err := s.CreateCompanies(t.Context(), key, []crm.Company{company("a"), company("b")})
	good(t, made, err)
	results, err := s.UpdateCompanies(t.Context(), []crm.Company{
		{ID: made[0].ID, Name: "Company b", Values: map[string]crm.Value{"cFirstcallIndex": crm.Number(61.25), "cFirstcallDate": {Type: crm.DayType}}},
		{ID: "gone"},
	})
	if err != nil || results[0].Err != nil || refused(t, results[1]).Status != http.StatusNotFound {
		t.Fatalf("%+v %v", results, err)
	}
	for _, o := range server.Objects("Account") {
		if o["id"] == made[0].ID && (o["name"] != "Company b" || o["cFirstcallIndex"] != json.Number("61.25") || o["cFirstcallDate"] != nil || o[key] != "a" || o["cFirstcallBand"] != "Good <b> = ü") {
			t.Errorf("%v", o)
		}
	}
}

// TestLostAnswer: nobody knows what became of a list in which an answer was lost; a change
// is made again, since it is then the same.
func TestLostAnswer(t *testing.T) {
	server, _ := site(t, espocrmtest.Options{})
	lossy := &cut{next: server, method: http.MethodPost, nth: 1}
	h := httptest.NewServer(lossy)
	t.Cleanup(h.Close)
	s := connected(t, h.URL)
	if _, err := s.CreateCompanies(t.Context(), key, []crm.Company{company("a")}); !errors.As(err, new(*web.Unsure)) || server.Count("Account") != 1 {
		t.Fatalf("%T %v", err, err)
	}
	found, err := s.Companies(t.Context(), key, []string{"a"}, nil)
	if err != nil || len(found) != 1 {
		t.Fatalf("%v %v", found, err)
	}
	lossy.method, lossy.nth, lossy.seen = http.MethodPut, 1, 0
	results, err := s.UpdateCompanies(t.Context(), []crm.Company{{ID: found[0].ID, Name: "New"}})
	good(t, results, err)
	if n := server.Requests("PUT /Account/{id}"); n != 2 {
		t.Errorf("%d requests", n)
	}
}

// TestUnreadableWrite: an answer that is none of EspoCRM's says nothing about what was
// written.
func TestUnreadableWrite(t *testing.T) {
	server, _ := site(t, espocrmtest.Options{})
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			_, _ = w.Write([]byte("<html>please log in"))
			return
		}
		server.ServeHTTP(w, r)
	}))
	t.Cleanup(h.Close)
	if _, err := connected(t, h.URL).CreateCompanies(t.Context(), key, []crm.Company{company("a")}); !errors.As(err, new(*web.Unsure)) {
		t.Errorf("%T %v", err, err)
	}
}
