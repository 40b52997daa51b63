package lrstest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// sound is a statement, with %s for its id.
const sound = `{"id":%q,"actor":{"objectType":"Group","name":"A","account":{"homePage":"https://x.example","name":"a"}},
"verb":{"id":"http://adlnet.gov/expapi/verbs/scored","display":{"en":"scored"}},
"object":{"objectType":"Activity","id":"https://x.example/d","definition":{"type":"https://x.example/t","name":{"en":"D"}}},
"result":{"score":{"scaled":0.5,"raw":3,"min":1,"max":5},"extensions":{"https://x.example/n":3}},
"context":{"registration":"6690e6c9-3ef0-4ed3-8b37-7f3964730bee","platform":"p","contextActivities":{"parent":[{"id":"https://x.example/i"}]},"extensions":{"https://x.example/r":"k"}},
"timestamp":"2026-09-30T00:00:00.000Z"}`

const void = `{"id":%q,"actor":{"objectType":"Group","account":{"homePage":"https://x.example","name":"a"}},"verb":{"id":"http://adlnet.gov/expapi/verbs/voided"},"object":{"objectType":"StatementRef","id":%q}}`

// id is the nth id.
func id(n int) string { return fmt.Sprintf("6690e6c9-3ef0-4ed3-8b37-%012d", n) }

// ask asks, and gives status and body.
func ask(s *Server, method, target, body string) (int, string) {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("X-Experience-API-Version", s.header())
	r.Header.Set("Content-Type", "application/json")
	r.SetBasicAuth(User, Password)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func post(s *Server, statements ...string) int {
	code, _ := ask(s, http.MethodPost, "/xapi/statements", "["+strings.Join(statements, ",")+"]")
	return code
}

// TestStrict: each of these is refused, and so is all that comes with it.
func TestStrict(t *testing.T) {
	good := fmt.Sprintf(sound, id(1))
	for _, version := range []string{"1.0.3", "2.0"} {
		for _, change := range [][2]string{
			{`"id":"` + id(1) + `"`, `"id":"x"`}, {`"actor":{`, `"extra":1,"actor":{`}, {`"objectType":"Group"`, `"objectType":"Agent"`},
			{`,"account":{"homePage":"https://x.example","name":"a"}`, ``}, {`"homePage":"https://x.example"`, `"homePage":"x.example"`},
			{`"account":{`, `"mbox":"mailto:a@x.example","account":{`}, {`"name":"a"`, `"name":""`}, {`"en":"scored"`, `"English text":"scored"`},
			{`"id":"https://x.example/d"`, `"id":"d"`}, {`"objectType":"Activity"`, `"objectType":"Thing"`}, {`"scaled":0.5`, `"scaled":1.62`},
			{`"raw":3`, `"raw":6`}, {`"raw":3`, `"raw":"3"`}, {`"min":1`, `"min":5`}, {`"https://x.example/n":3`, `"n":3`},
			{`"registration":"6690e6c9`, `"registration":"x690e6c9`}, {`"platform":"p"`, `"platform":null`}, {`[{"id":"https://x.example/i"}]`, `{"id":"https://x.example/i"}`},
			{`"result":{`, `"result":{"good":true,`}, {`00:00:00.000Z`, `00:00`}, {`00:00:00.000Z`, `00:00:00.000-00:00`},
			{`verbs/scored`, `verbs/voided`},
		} {
			bad := strings.Replace(good, change[0], change[1], 1)
			if bad == good || !json.Valid([]byte(bad)) {
				t.Fatalf("no change, or no JSON: %v", change)
			}
			s := New(Options{Version: version})
			if code := post(s, fmt.Sprintf(sound, id(2)), bad); code != http.StatusBadRequest || len(s.order) > 0 {
				t.Errorf("%v: %d, and %d are there", change, code, len(s.order))
			}
		}
		east := strings.Replace(good, "00:00:00.000Z", "02:00:00+02:00", 1)
		if code := post(New(Options{Version: version}), east); (code == http.StatusOK) != (version == "1.0.3") {
			t.Errorf("a time that is not UTC: %d in %s", code, version)
		}
	}
}

// TestBatches: a batch is stored whole or not at all.
func TestBatches(t *testing.T) {
	s := New(Options{MostPost: 3})
	one, two := fmt.Sprintf(sound, id(1)), fmt.Sprintf(sound, id(2))
	other := strings.Replace(one, `"raw":3`, `"raw":4`, 1)
	for i, step := range []struct {
		statements []string
		code, n    int
	}{
		{[]string{one, one}, 400, 0}, {[]string{one}, 200, 1}, {[]string{one}, 200, 1}, {[]string{two, other}, 409, 1}, {[]string{two, one}, 200, 2},
		{[]string{strings.Replace(one, "2026-09-30", "2026-09-29", 1)}, 200, 2}, {[]string{one, two, other, other}, 413, 2},
	} {
		if code := post(s, step.statements...); code != step.code || len(s.order) != step.n {
			t.Errorf("step %d: %d, and %d are there", i, code, len(s.order))
		}
	}
}

// TestVoid: what is void is in no list and is found as such; what voids is in the list.
func TestVoid(t *testing.T) {
	s := New(Options{Page: 2})
	for n := range 5 {
		if code := post(s, fmt.Sprintf(sound, id(n))); code != 200 {
			t.Fatal(code)
		}
	}
	if code := post(s, fmt.Sprintf(void, id(9), strings.ToUpper(id(3)))); code != 200 {
		t.Fatal(code)
	}
	if code := post(s, fmt.Sprintf(void, id(10), id(9))); code != 400 {
		t.Errorf("a voiding statement was voided: %d", code)
	}
	var found []string
	for next := "/xapi/statements?registration=6690E6C9-3ef0-4ed3-8b37-7f3964730bee"; next != ""; {
		_, body := ask(s, http.MethodGet, next, "")
		var page struct {
			Statements []struct{ ID, Stored, Version string }
			More       string
		}
		if err := json.Unmarshal([]byte(body), &page); err != nil {
			t.Fatal(err)
		}
		for _, x := range page.Statements {
			found = append(found, strings.TrimLeft(x.ID[24:], "0"))
			if x.Stored == "" || x.Version != "1.0.0" {
				t.Errorf("%+v", x)
			}
		}
		next = page.More
	}
	if got := strings.Join(found, " "); got != "9 4 2 1 " { // the newest first
		t.Errorf("%q", got)
	}
	for query, want := range map[string]int{"statementId=" + id(3): 404, "voidedStatementId=" + id(3): 200, "statementId=" + id(2): 200, "voidedStatementId=" + id(2): 404,
		"statementId=" + id(9): 200, "statementId=" + id(2) + "&limit=1": 400, "agents=x": 400, "limit=x": 400, "limit=1": 200} {
		if code, _ := ask(s, http.MethodGet, "/xapi/statements?"+query, ""); code != want {
			t.Errorf("%s: %d, want %d", query, code, want)
		}
	}
	if live, voided, voiding := s.Count(); live != 4 || voided != 1 || voiding != 1 {
		t.Errorf("%d %d %d", live, voided, voiding)
	}
}

// TestWho: without credentials and version nothing is told.
func TestWho(t *testing.T) {
	s := New(Options{})
	for want, set := range map[int]func(r *http.Request){
		401: func(r *http.Request) { r.SetBasicAuth(User, "x") },
		400: func(r *http.Request) {
			r.SetBasicAuth(User, Password)
			r.Header.Set("X-Experience-API-Version", "2.0.0")
		},
		200: func(r *http.Request) {
			r.SetBasicAuth(User, Password)
			r.Header.Set("X-Experience-API-Version", "1.0.1")
		},
	} {
		r := httptest.NewRequest(http.MethodGet, "/xapi/statements", nil)
		set(r)
		w := httptest.NewRecorder()
		if s.ServeHTTP(w, r); w.Code != want {
			t.Errorf("%d, want %d", w.Code, want)
		}
	}
}
