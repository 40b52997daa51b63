package salesforce

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/exporters/salesforce/salesforcetest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// answering serves one answer to everything but logins.
func answering(status int, body string, next http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if next != nil && strings.HasPrefix(r.URL.Path, "/services/oauth2/") {
			next.ServeHTTP(w, r)
			return
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func code(err error) string {
	var d *sdk.Diagnostic
	var refused *web.Refused
	switch {
	case errors.As(err, &d):
		return d.Code + " " + d.Field
	case errors.As(err, new(*web.Busy)):
		return "busy"
	case errors.As(err, new(*web.Quota)):
		return "quota"
	case errors.As(err, new(*web.Unsure)):
		return "unsure"
	case errors.As(err, &refused):
		return "refused " + refused.Code
	}
	return "?"
}

func TestLogin(t *testing.T) {
	for name, c := range map[string]struct {
		org    salesforcetest.Options
		change func(*access)
		want   string
	}{
		"client_id":     {change: func(a *access) { a.id = "x" }, want: "salesforce.auth client_id"},
		"client_secret": {change: func(a *access) { a.secret = "hunter2" }, want: "salesforce.auth client_secret"},
		"run-as user":   {org: salesforcetest.Options{NoRunAs: true}, want: "salesforce.auth "},
		"version":       {change: func(a *access) { a.version = "v67" }, want: "salesforce.version api_version"},
		"other version": {change: func(a *access) { a.version = "99.0" }, want: "salesforce.access "},
		"owner":         {change: func(a *access) { a.owner = "o'nobody@example.org" }, want: "salesforce.owner owner"},
		"owner's id":    {change: func(a *access) { a.owner = "005000000000009AAA" }, want: "salesforce.owner owner"},
		"quota":         {org: salesforcetest.Options{DailyCalls: 1}, change: func(a *access) { a.owner = salesforcetest.Consultant }, want: "quota"},
	} {
		org := salesforcetest.New(c.org)
		server := httptest.NewServer(org)
		a := accessTo(server.URL)
		if c.change != nil {
			c.change(&a)
		}
		_, err := connect(t.Context(), a)
		if got := code(err); got != c.want {
			t.Errorf("%s: %s: %v", name, got, err)
		}
		if err != nil && (strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), salesforcetest.ClientSecret)) {
			t.Errorf("%s: the error tells a secret: %v", name, err)
		}
		if p := org.Problems(); len(p) > 0 {
			t.Errorf("%s: %q", name, p)
		}
		server.Close()
	}
}

func TestLoginElsewhere(t *testing.T) {
	for name, c := range map[string]struct {
		status     int
		body, want string
	}{
		"a web page":         {200, "<html>", "salesforce.url url"},
		"a redirect":         {302, "", "salesforce.url url"},
		"not found":          {404, "<html>", "salesforce.url url"},
		"an unsafe instance": {200, `{"access_token":"t","instance_url":"http://example.org"}`, "salesforce.auth url"},
		"no instance":        {200, `{"access_token":"t"}`, "salesforce.auth url"},
		"down":               {503, "", "busy"},
		"failing":            {500, "", "busy"},
		"too many logins":    {400, `{"error":"rate_limit_exceeded","error_description":"x"}`, "busy"},
	} {
		server := httptest.NewServer(answering(c.status, c.body, nil))
		_, err := connect(t.Context(), accessTo(server.URL))
		if got := code(err); got != c.want {
			t.Errorf("%s: %s: %v", name, got, err)
		}
		server.Close()
	}
}

func TestOwner(t *testing.T) {
	server := httptest.NewServer(salesforcetest.New(salesforcetest.Options{}))
	defer server.Close()
	for _, owner := range []string{salesforcetest.Consultant, salesforcetest.ConsultantID, salesforcetest.ConsultantID[:15]} {
		a := accessTo(server.URL)
		a.owner = owner
		if s, err := connect(t.Context(), a); err != nil || s.owner != salesforcetest.ConsultantID {
			t.Errorf("%s: %v", owner, err)
		}
	}
}

// What an answer means for a call that writes, and for one that reads.
func TestAnswers(t *testing.T) {
	fault := func(code, text string) string {
		return `[{"errorCode":"` + code + `","message":"` + text + `"}]`
	}
	for name, c := range map[string]struct {
		status             int
		body, write, reads string
	}{
		"quota":        {403, fault("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."), "quota", "quota"},
		"concurrent":   {403, fault("REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded."), "busy", "busy"},
		"forbidden":    {403, fault("API_DISABLED_FOR_ORG", "x"), "salesforce.access ", "salesforce.access "},
		"not found":    {404, fault("NOT_FOUND", "x"), "salesforce.access ", "salesforce.access "},
		"unavailable":  {503, fault("SERVER_UNAVAILABLE", "x"), "busy", "busy"},
		"no text":      {503, "", "unsure", "busy"},
		"a web page":   {503, "<html>", "unsure", "busy"},
		"elsewhere":    {302, "", "salesforce.url url", "salesforce.url url"},
		"moved":        {301, "<html>", "salesforce.url url", "salesforce.url url"},
		"alone":        {400, `{"errorCode":"JSON_PARSER_ERROR","message":"x"}`, "refused JSON_PARSER_ERROR", "salesforce.query "},
		"no id":        {200, `[{"success":true,"errors":[]}]`, "unsure", "salesforce.query "},
		"too many":     {429, "", "busy", "busy"},
		"failed":       {500, fault("UNKNOWN_EXCEPTION", "x"), "unsure", "busy"},
		"too long":     {400, fault("REQUEST_RUNNING_TOO_LONG", "x"), "unsure", "busy"},
		"refused":      {400, fault("JSON_PARSER_ERROR", "x"), "refused JSON_PARSER_ERROR", "salesforce.query "},
		"large":        {413, "", "refused ", "salesforce.query "},
		"several":      {300, `["/services/data/v67.0/sobjects/Account/1"]`, "refused ", "salesforce.query "},
		"unauthorized": {401, fault("INVALID_SESSION_ID", "x"), "salesforce.auth ", "salesforce.auth "},
		"cut":          {200, `[{"id":"1"`, "unsure", "salesforce.query "},
		"short":        {200, `[]`, "unsure", "salesforce.query "},
	} {
		f := start(t, salesforcetest.Options{})
		f.front.set(answering(c.status, c.body, f.org))
		_, err := f.CreateCompanies(t.Context(), key, []crm.Company{{Key: "a", Name: "A"}})
		if got := code(err); got != c.write {
			t.Errorf("%s, write: %s: %v", name, got, err)
		}
		_, err = f.Companies(t.Context(), key, []string{"a"}, nil)
		if got := code(err); got != c.reads {
			t.Errorf("%s, read: %s: %v", name, got, err)
		}
	}
}

// A write whose answer is lost is not made again here.
func TestLostAnswer(t *testing.T) {
	f := start(t, salesforcetest.Options{})
	var calls atomic.Int32
	f.front.set(func(_ http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		f.org.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	})
	_, err := f.CreateEntries(t.Context(), crm.NoteEntry, []crm.Entry{{Company: accounts(f, 1)[0], Mark: markNumber(1), Title: "x"}})
	if code(err) != "unsure" || calls.Load() != 1 || f.org.Count("Note") != 1 {
		t.Errorf("%v after %d calls, %d notes", err, calls.Load(), f.org.Count("Note"))
	}
}

func TestTokenExpires(t *testing.T) {
	f := start(t, salesforcetest.Options{TokenCalls: 2})
	for range 10 {
		results, err := f.CreateCompanies(t.Context(), key, []crm.Company{{Key: "a", Name: "A"}})
		noFaults(t, results, err, 1)
	}
	if got := f.org.Calls("PATCH /composite/sobjects/*/*"); got != 10 {
		t.Errorf("%d calls were carried out", got)
	}
}

func TestQuotaOfTheDay(t *testing.T) {
	f := start(t, salesforcetest.Options{DailyCalls: 2}) // one of which connects
	companies := []crm.Company{{Key: "a", Name: "A"}}
	results, err := f.CreateCompanies(t.Context(), key, companies)
	noFaults(t, results, err, 1)
	if _, err = f.UpdateCompanies(t.Context(), companies); code(err) != "quota" {
		t.Errorf("%v", err)
	}
	f.org.NewDay(1)
	results, err = f.CreateCompanies(t.Context(), key, companies)
	noFaults(t, results, err, 1)
}

func TestStops(t *testing.T) {
	f := start(t, salesforcetest.Options{Latency: 100 * time.Millisecond})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := f.Fields(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

// What is wrong with a record, by Salesforce's code.
func TestRowFaults(t *testing.T) {
	for _, c := range []struct{ code, message, want string }{
		{"UNABLE_TO_LOCK_ROW", "x", "busy"},
		{"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "T: execution of AfterInsert caused by: System.DmlException: Update failed; first error: UNABLE_TO_LOCK_ROW, x", "busy"},
		{"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "T: System.NullPointerException", "refused CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"},
		{"SERVER_UNAVAILABLE", "x", "busy"},
		{"STORAGE_LIMIT_EXCEEDED", "storage limit exceeded", "quota"},
		{"REQUEST_LIMIT_EXCEEDED", "x", "quota"},
		{"", "", "refused "},
	} {
		if got := code(rowFault(fault{StatusCode: c.code, Message: c.message})); got != c.want {
			t.Errorf("%s, %s: %s", c.code, c.message, got)
		}
	}
	err := rowFault(fault{StatusCode: "REQUIRED_FIELD_MISSING", Message: "Missing:\n A__c", Fields: []string{"A__c", "B__c"}})
	if got := err.Error(); got != "Salesforce refused it: Missing: A__c [B__c] (REQUIRED_FIELD_MISSING)" {
		t.Error(got)
	}
	if got := rowFault(fault{}).Error(); got != "Salesforce refused it: (no reason given)" {
		t.Error(got)
	}
}

// A query whose rest can't be asked for must not pass for a whole one.
func TestQueryWithoutItsRest(t *testing.T) {
	for _, next := range []string{`""`, `"https://example.org/services/data/v67.0/query/1"`, `"@example.org/"`} {
		f := start(t, salesforcetest.Options{})
		f.front.set(answering(200, `{"done":false,"nextRecordsUrl":`+next+`,"records":[]}`, f.org))
		if found, err := f.Companies(t.Context(), key, []string{"a"}, nil); code(err) != "salesforce.query " {
			t.Errorf("%s: %v %v", next, found, err)
		}
	}
}

func TestOwnerWhoLeft(t *testing.T) {
	org := salesforcetest.New(salesforcetest.Options{})
	org.Set("User", salesforcetest.ConsultantID, map[string]any{"IsActive": false})
	server := httptest.NewServer(org)
	defer server.Close()
	a := accessTo(server.URL)
	a.owner = salesforcetest.Consultant
	if _, err := connect(t.Context(), a); code(err) != "salesforce.owner owner" {
		t.Error(err)
	}
}
