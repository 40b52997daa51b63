package salesforcetest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// client asks a server.
type client struct {
	t     *testing.T
	s     *Server
	token string
}

func (c client) ask(method, path, kind, body string) (int, string) {
	c.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+c.token)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	w := httptest.NewRecorder()
	c.s.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func (c client) json(method, path, body string) (int, string) {
	c.t.Helper()
	kind := "application/json"
	if body == "" {
		kind = ""
	}
	return c.ask(method, "/services/data/v67.0"+path, kind, body)
}

func login(t *testing.T, s *Server) client {
	t.Helper()
	c := client{t: t, s: s}
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {ClientID}, "client_secret": {ClientSecret}}
	code, body := c.ask("POST", "/services/oauth2/token", "application/x-www-form-urlencoded", form.Encode())
	var given struct {
		Token string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(body), &given); err != nil || code != 200 {
		t.Fatalf("%d %s", code, body)
	}
	c.token = given.Token
	return c
}

func ours(opt Options) *Server {
	s := New(opt)
	s.AddField(Field{Name: "Key__c", Type: "string", Length: 10, Create: true, Update: true, ExternalID: true, Unique: true})
	s.AddField(Field{Name: "Score__c", Type: "double", Digits: 4, Scale: 1, Create: true, Update: true})
	return s
}

func account(members string) string {
	return `{"records":[{"attributes":{"type":"Account"},` + members + `}]}`
}

// What the documentation does not describe is refused, and listed.
func TestUndocumented(t *testing.T) {
	many := `{"records":[` + strings.Repeat(`{"attributes":{"type":"Account"},"Name":"a"},`, 200) + `{"attributes":{"type":"Account"},"Name":"a"}]}`
	ask := func(soql string) string { return "/query/?q=" + url.QueryEscape(soql) }
	for _, c := range []struct{ method, path, body string }{
		{"GET", "/sobjects/Account", ""},
		{"DELETE", "/composite/sobjects", ""},
		{"GET", "/query?q=x", ""},
		{"GET", "/query/", ""},
		{"GET", "/sobjects/Account/describe?x=1", ""},
		{"POST", "/composite/sobjects", account(`"Name":"a"`)[1:]},
		{"POST", "/composite/sobjects", `{"records":[],"x":1}`},
		{"POST", "/composite/sobjects", `{"records":[]}`},
		{"POST", "/composite/sobjects", `{"records":[{"Name":"a"}]}`},
		{"POST", "/composite/sobjects", `{"records":[{"attributes":{"type":"Lead"},"Name":"a"}]}`},
		{"POST", "/composite/sobjects", many},
		{"POST", "/composite/sobjects", account(`"Name":5`)},
		{"POST", "/composite/sobjects", account(`"Name":"a","Score__c":"5"`)},
		{"GET", ask("SELECT Id FROM Account WHERE Name = 'a' AND Name = 'b' OR Name = 'c'"), ""},
		{"GET", ask("SELECT Id FROM Account WHERE Name = 'O'Neill'"), ""},
		{"GET", ask(`SELECT Id FROM Account WHERE Name = 'a\c'`), ""},
		{"GET", ask("SELECT Id FROM Account WHERE Name IN ()"), ""},
		{"GET", ask("SELECT Id FROM Note WHERE Body LIKE '%a%'"), ""},
		{"GET", ask("SELECT Id, id FROM Account"), ""},
		{"POST", "/tooling/sobjects/CustomField", `{"FullName":"Account.a__b__c","Metadata":{"label":"a","type":"Text","length":255}}`},
		{"POST", "/tooling/sobjects/CustomField", `{"FullName":"Account.A__c","Metadata":{"label":"a","type":"Text","length":"255"}}`},
		{"POST", "/tooling/sobjects/CustomField", `{"FullName":"Account.A__c","Metadata":{"label":"a","type":"Number","precision":18}}`},
	} {
		s := ours(Options{})
		code, body := login(t, s).json(c.method, c.path, c.body)
		if code != http.StatusBadRequest || len(s.Problems()) != 1 || s.Count("Account") != 0 {
			t.Errorf("%s %s %.80s: %d %s, %q", c.method, c.path, c.body, code, body, s.Problems())
		}
	}
}

// What can happen to a request that is documented.
func TestRefused(t *testing.T) {
	s := ours(Options{DailyCalls: 100, TokenCalls: 50})
	c := login(t, s)
	s.Add("Account", map[string]any{"Name": "a", "Key__c": "taken"})
	for _, one := range []struct {
		method, path, body string
		code               int
		want               string
	}{
		{"POST", "/composite/sobjects", account(`"Name":"b","Gone__c":"x"`), 400, `"errorCode":"INVALID_FIELD"`},
		{"POST", "/composite/sobjects", account(`"Name":"b","IsDeleted":true`), 200, "INVALID_FIELD_FOR_INSERT_UPDATE"},
		{"POST", "/composite/sobjects", account(`"Key__c":"b"`), 200, "REQUIRED_FIELD_MISSING"},
		{"POST", "/composite/sobjects", account(`"Name":"b","Key__c":"TAKEN"`), 200, "DUPLICATE_VALUE"},
		{"POST", "/composite/sobjects", account(`"Name":"b","Key__c":"12345678901"`), 200, "STRING_TOO_LONG"},
		{"POST", "/composite/sobjects", account(`"Name":"b","Score__c":1000`), 200, "NUMBER_OUTSIDE_VALID_RANGE"},
		{"PATCH", "/composite/sobjects", account(`"id":"001000000000009AAA"`), 200, "INVALID_CROSS_REFERENCE_KEY"},
		{"PATCH", "/composite/sobjects/Account/Name", account(`"Name":"b"`), 400, "INVALID_FIELD"},
		{"PATCH", "/composite/sobjects/Account/Key__c", account(`"Name":"b","Key__c":"Taken","Score__c":999.9`), 200, `"created":false`},
		{"GET", "/query/?q=" + url.QueryEscape("SELECT Score__c FROM Account WHERE Key__c = 'TAKEN'"), "", 200, `"Score__c":999.9`},
		{"GET", "/query/01g000000000009AAA-1", "", 400, "INVALID_QUERY_LOCATOR"},
		{"GET", "/query/?q=" + strings.Repeat("a", 16400), "", 414, "URI_TOO_LONG"},
	} {
		if code, body := c.json(one.method, one.path, one.body); code != one.code || !strings.Contains(body, one.want) {
			t.Errorf("%s %.60s %s: %d %s", one.method, one.path, one.body, code, body)
		}
	}
	if code, body := (client{t: t, s: s, token: "x"}).json("GET", "/sobjects/Account/describe", ""); code != 401 || !strings.Contains(body, "INVALID_SESSION_ID") {
		t.Errorf("%d %s", code, body)
	}
	s.NewDay(1)
	c.json("GET", "/sobjects/Account/describe", "")
	if code, body := c.json("GET", "/sobjects/Account/describe", ""); code != 403 || !strings.Contains(body, "REQUEST_LIMIT_EXCEEDED") {
		t.Errorf("%d %s", code, body)
	}
	if s.Count("Account") != 1 || len(s.Problems()) != 0 {
		t.Errorf("%d accounts, %q", s.Count("Account"), s.Problems())
	}
}

func TestManyAtOnce(t *testing.T) {
	s := ours(Options{})
	c := login(t, s)
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			c.json("PATCH", "/composite/sobjects/Account/Key__c", account(fmt.Sprintf(`"Name":"b","Key__c":"%d"`, i%10)))
			s.Records("Account")
		})
	}
	wg.Wait()
	if s.Count("Account") != 10 {
		t.Errorf("%d accounts", s.Count("Account"))
	}
}
