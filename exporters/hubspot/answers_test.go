package hubspot

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/exporters/hubspot/hubspottest"
	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// answered is a server that gives one answer.
func answered(t *testing.T, status int, header map[string]string, body string) (*system, *clock, *atomic.Int32) {
	t.Helper()
	var calls atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		for name, value := range header {
			w.Header().Set(name, value)
		}
		if status == 0 {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	c := newClock()
	s := &system{client: newClient(server.URL, hubspottest.Token)}
	s.client.Now, s.client.Sleep = c.Now, c.Sleep
	return s, c, &calls
}

// TestAnswers: what each answer means for a write, how often the write is made, and how
// long is waited in between.
func TestAnswers(t *testing.T) {
	const second = time.Second
	for _, c := range []struct {
		name   string
		status int
		header map[string]string
		body   string
		want   string
		calls  int
		wait   time.Duration // the first
	}{
		{name: "token", status: 401, body: `{"category":"INVALID_AUTHENTICATION","message":"no"}`, want: "hubspot.auth: HubSpot does not take the token", calls: 1},
		{name: "scopes", status: 403, body: `{"category":"MISSING_SCOPES","message":"no","errors":[{"message":"m","context":{"requiredGranularScopes":["b","a"]}}]}`,
			want: "hubspot.scopes: the token lacks scopes in HubSpot: a, b", calls: 1},
		{name: "scopes, elsewhere", status: 403, body: `{"category":"MISSING_SCOPES","context":{"missingScopes":["a"]}}`, want: "hubspot.scopes: the token lacks scopes in HubSpot: a", calls: 1},
		{name: "forbidden, said", status: 403, body: `{"message":"The account is suspended."}`, want: "hubspot.scopes: the token may not do this in HubSpot: The account is suspended", calls: 1},
		{name: "a context of text", status: 400, body: `{"category":"VALIDATION_ERROR","message":"No.","errors":[{"message":"Why","context":"{missingScopes=[scope1, scope2]}"}]}`,
			want: "refused: HubSpot refused it: No; Why", calls: 1},
		{name: "forbidden", status: 403, body: `<html>`, want: "hubspot.scopes: the token may not do this in HubSpot", calls: 1},
		{name: "elsewhere", status: 302, header: map[string]string{"Location": "http://127.0.0.1:1/"}, want: "hubspot.address: the server does not answer like HubSpot: it sends requests elsewhere", calls: 1},
		{name: "no such address", status: 404, body: `<html>`, want: "hubspot.address: the server does not answer like HubSpot: it does not know the address (404)", calls: 1},
		{name: "gone", status: 404, body: `{"category":"OBJECT_NOT_FOUND","message":"gone."}`, want: "refused: HubSpot refused it: gone", calls: 1},
		{name: "conflict", status: 409, body: `{"category":"CONFLICT","message":"There is one."}`, want: "refused: HubSpot refused it: There is one", calls: 1},
		{name: "too large", status: 413, want: "refused: HubSpot refused it: 413 Request Entity Too Large", calls: 1},
		{name: "day", status: 429, body: `{"policyName":"DAILY"}`, want: "quota: the account's calls to HubSpot are used up for today; they are renewed at midnight of its time zone", calls: 1},
		{name: "day, by a header", status: 429, header: map[string]string{"X-HubSpot-RateLimit-Daily-Remaining": "0"}, want: "quota: the account's calls to HubSpot are used up for today; they are renewed at midnight of its time zone", calls: 1},
		{name: "ten seconds", status: 429, body: `{"policyName":"TEN_SECONDLY_ROLLING"}`, want: "busy: HubSpot takes only so many calls in some seconds, from all programs together", calls: 6, wait: 10 * second},
		{name: "interval", status: 429, header: map[string]string{"X-HubSpot-RateLimit-Interval-Milliseconds": "3000"}, want: "busy: HubSpot takes only so many calls in some seconds, from all programs together", calls: 6, wait: 3 * second},
		{name: "second", status: 429, body: `{"policyName":"SECONDLY"}`, want: "busy: HubSpot takes only so many calls in some seconds, from all programs together", calls: 6, wait: second},
		{name: "told", status: 429, header: map[string]string{"Retry-After": "4"}, want: "busy: HubSpot takes only so many calls in some seconds, from all programs together", calls: 6, wait: 4 * second},
		{name: "locked", status: 423, want: "busy: HubSpot has locked the objects for a moment", calls: 6, wait: 2 * second},
		{name: "moving", status: 477, header: map[string]string{"Retry-After": "7200"}, want: "busy: HubSpot is moving the account to another data center", calls: 1},
		{name: "failed", status: 502, body: `<html>`, want: "unsure: HubSpot failed (502)", calls: 1},
		{name: "down", status: 503, want: "unsure: HubSpot failed (503)", calls: 1},
		{name: "cut", want: "unsure: no answer came: EOF", calls: 1},
		{name: "nonsense", status: 200, body: `<html>`, want: "unsure: HubSpot's answer can't be read", calls: 1},
		{name: "unfinished", status: 200, body: `{"status":"PENDING","results":[]}`, want: "unsure: HubSpot left a batch at pending", calls: 1},
		{name: "silent", status: 200, body: `{"status":"COMPLETE","results":[]}`, want: "unsure: HubSpot did not say what became of 1 of 1 objects", calls: 1},
	} {
		s, clock, calls := answered(t, c.status, c.header, c.body)
		_, err := s.UpdateCompanies(ctx, []crm.Company{{ID: "1"}})
		if got := sortOf(err); got != c.want || int(calls.Load()) != c.calls {
			t.Errorf("%s: %q in %d calls", c.name, got, calls.Load())
		}
		if c.wait > 0 && (len(clock.slept) != 5 || clock.slept[0] != c.wait) {
			t.Errorf("%s: waited %v", c.name, clock.slept)
		}
		if err == nil || strings.Contains(fmt.Sprintf("%v %+v", err, err), hubspottest.Token) {
			t.Errorf("%s: the token is shown", c.name)
		}
	}
}

// sortOf is the sort of an error, and what it says.
func sortOf(err error) string {
	var d *sdk.Diagnostic
	switch {
	case errors.As(err, &d):
		return d.Code + ": " + d.Summary
	case errors.As(err, new(*web.Refused)):
		return "refused: " + err.Error()
	case errors.As(err, new(*web.Busy)):
		return "busy: " + err.Error()
	case errors.As(err, new(*web.Quota)):
		return "quota: " + err.Error()
	case errors.As(err, new(*web.Unsure)):
		return "unsure: " + err.Error()
	}
	return fmt.Sprint(err)
}

// TestReading: reading is repeated, whatever became of it, and what is refused ends the
// export.
func TestReading(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		want   string
		calls  int
	}{
		{0, "", "busy: no answer came: EOF", 6},
		{500, "", "busy: HubSpot failed (500)", 6},
		{400, `{"category":"VALIDATION_ERROR","message":"No."}`, "hubspot.refused: HubSpot refused it: No", 1},
		{200, `{}x`, "hubspot.address: the server does not answer like HubSpot: what came is no JSON of the expected form", 1},
		{207, `{"status":"COMPLETE","results":[],"errors":[{"category":"RATE_LIMITS","message":"Slow."}]}`, "busy: HubSpot could not read everything: Slow", 1},
		{200, `{"status":"PROCESSING","results":[]}`, "busy: HubSpot has not finished reading", 1},
	} {
		s, _, calls := answered(t, c.status, nil, c.body)
		_, err := s.Companies(ctx, key, []string{"a"}, nil)
		if got := sortOf(err); got != c.want || int(calls.Load()) != c.calls {
			t.Errorf("%d: %q in %d calls", c.status, got, calls.Load())
		}
	}
}

// TestTally: results are brought to their objects when HubSpot does not repeat the
// trace, and when it does not say which object a failure is of.
func TestTally(t *testing.T) {
	company := []crm.Company{{ID: "1"}, {ID: "2"}}
	for _, c := range []struct{ name, body, want string }{
		{"by id", `{"results":[{"id":"2"},{"id":1}]}`, "[{1 <nil>} {2 <nil>}]"},
		{"trace first", `{"results":[{"id":"9","objectWriteTraceId":"1"},{"id":"1","objectWriteTraceId":"0"}]}`, "[{1 <nil>} {9 <nil>}]"},
		{"failure that names nothing", `{"results":[{"id":"2"}],"errors":[{"message":"no"}]}`, "[{ HubSpot refused it: no} {2 <nil>}]"},
		{"failure by id", `{"results":[{"id":"2"}],"errors":[{"message":"no","context":{"ids":["1"]}}]}`, "[{ HubSpot refused it: no} {2 <nil>}]"},
		{"failure of both", `{"errors":[{"message":"no","context":{"ids":["1","2"]}}]}`, "[{ HubSpot refused it: no} { HubSpot refused it: no}]"},
		{"later", `{"results":[{"id":"2"}],"errors":[{"category":"RATE_LIMITS","message":"slow","context":{"objectWriteTraceId":"0"}}]}`, "[{ HubSpot could not do it just now: slow} {2 <nil>}]"},
		{"contexts of text", `{"results":[{"id":"2"}],"errors":[{"message":"no","context":{"ids":["1"]},"errors":[{"message":"why","context":"{a=[b]}"}]}]}`, "[{ HubSpot refused it: no; why} {2 <nil>}]"},
		{"no id", `{"results":[{"id":"2"},{"id":null,"objectWriteTraceId":"0"}]}`, "HubSpot did not say what became of 1 of 2 objects"},
		{"fewer failures than objects", `{"errors":[{"message":"no"}]}`, "HubSpot did not say what became of 2 of 2 objects"},
		{"wild trace", `{"results":[{"id":"7","objectWriteTraceId":"-1"},{"id":"8","objectWriteTraceId":"00"}]}`, "HubSpot did not say what became of 2 of 2 objects"},
	} {
		s, _, _ := answered(t, 207, nil, c.body)
		results, err := s.UpdateCompanies(ctx, company)
		got := fmt.Sprint(results)
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}

// TestEndless: a list that begins again and again is no list.
func TestEndless(t *testing.T) {
	s, _, calls := answered(t, 200, nil, `{"results":[{"from":{"id":"1"},"to":[{"toObjectId":5}],"paging":{"next":{"after":"x"}}}]}`)
	_, err := s.Entries(ctx, crm.NoteEntry, []crm.Ref{{Company: "1"}})
	if got := sortOf(err); got != "hubspot.address: the server does not answer like HubSpot: a list has no end" || calls.Load() != 2 {
		t.Errorf("%s in %d calls", got, calls.Load())
	}
}

// TestLimits: the limit of ten seconds is waited for, that of the day is told.
func TestLimits(t *testing.T) {
	account, s, c := connect(t, hubspottest.Options{PerTenSeconds: 3})
	for range 10 {
		if _, err := s.Fields(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if len(c.slept) == 0 || len(c.slept) > 5 {
		t.Errorf("waited %v", c.slept)
	}
	if n := account.Calls()["GET /crm/properties/2026-09/companies"]; n > 14 {
		t.Errorf("%d calls", n)
	}
	account, s, _ = connect(t, hubspottest.Options{DailyQuota: 2})
	if _, err := s.Fields(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := s.CreateCompanies(ctx, key, []crm.Company{{Key: "a", Name: "A"}}); !errors.As(err, new(*web.Quota)) {
		t.Error(err)
	}
	account.Renew(10)
	written(s.CreateCompanies(ctx, key, []crm.Company{{Key: "a", Name: "A"}}))(t)
}
