package hubspottest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// ask sends a request, and gives the status and the answer.
func ask(s *Server, call, body string) (int, string) {
	method, path, _ := strings.Cut(call, " ")
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+Token)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// TestStrict: each way in which a request is not as documented is refused and kept.
func TestStrict(t *testing.T) {
	const upsert = "POST /crm/objects/2026-09/companies/batch/upsert"
	for _, c := range []struct{ call, body, want string }{
		{"GET /crm/objects/2026-09/companies", "", "no such call"},
		{"GET /crm/properties/2026-09/companies?archived=false", "", "no such call"},
		{"POST /crm/objects/v3/companies/batch/upsert", "{}", "no such call"},
		{"GET /crm/properties/2026-09/companies", "{}", "it has a body"},
		{upsert, "x", "the body is no JSON object"},
		{upsert, `{}`, "body lacks inputs"},
		{upsert, `{"inputs":{}}`, "body.inputs is no list"},
		{upsert, `{"inputs":[]}`, "body.inputs has 0 elements, and takes 1 to 100"},
		{upsert, `{"inputs":[` + strings.Repeat("1,", 100) + `1]}`, "body.inputs has 101 elements, and takes 1 to 100"},
		{upsert, `{"inputs":[{"id":"1","properties":{}}],"more":1}`, "body has members that are not documented"},
		{upsert, `{"inputs":[{"id":1,"properties":{}}]}`, "body.inputs[0].id is no string"},
		{upsert, `{"inputs":[{"id":"1","properties":{"n":1}}]}`, "body.inputs[0].properties.n is no string"},
		{upsert, `{"inputs":[{"id":"1","properties":{},"associations":[]}]}`, "body.inputs[0] has members that are not documented"},
		{"POST /crm/objects/2026-09/notes/batch/create", `{"inputs":[{"properties":{}}]}`, "body.inputs[0] lacks associations"},
		{"POST /crm/objects/2026-09/notes/batch/create", `{"inputs":[{"properties":{},"associations":[{"to":{"id":"1"},"types":[{"associationCategory":"X","associationTypeId":1}]}]}]}`,
			"body.inputs[0].associations[0].types[0].associationCategory is not one of HUBSPOT_DEFINED, USER_DEFINED, INTEGRATOR_DEFINED, WORK"},
	} {
		s := New(Options{})
		status, _ := ask(s, c.call, c.body)
		if faults := s.Undocumented(); status != http.StatusBadRequest || len(faults) != 1 || !strings.HasSuffix(faults[0], ": "+c.want) {
			t.Errorf("%s %.60s: %d, %q", c.call, c.body, status, faults)
		}
	}
}

// TestRules: what HubSpot refuses although it is documented.
func TestRules(t *testing.T) {
	s := New(Options{Required: []string{"domain"}})
	s.Define(Property{Name: "k", Type: "string", FieldType: "text", Unique: true})
	s.Define(Property{Name: "l", Type: "string", FieldType: "text", Unique: true})
	s.Put("company", "", map[string]string{"l": "taken"})
	company := s.Put("company", "", map[string]string{"k": "known", "domain": "x"})
	const upsert, notes, tasks = "POST /crm/objects/2026-09/companies/batch/upsert", "POST /crm/objects/2026-09/notes/batch/create", "POST /crm/objects/2026-09/tasks/batch/create"
	note := func(properties, to string, of int) string {
		return fmt.Sprintf(`{"inputs":[{"objectWriteTraceId":"0","properties":%s,"associations":[{"to":{"id":"%s"},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":%d}]}]}]}`, properties, to, of)
	}
	const timed = `{"hs_timestamp":"2026-01-01T00:00:00Z"}`
	for _, c := range []struct {
		call, body string
		status     int
		want       string
	}{
		{upsert, `{"inputs":[{"id":"a","idProperty":"name","properties":{}}]}`, 400, "non-unique"},
		{upsert, `{"inputs":[{"id":"a","idProperty":"k","properties":{}},{"id":"a","idProperty":"k","properties":{}}]}`, 400, "Duplicate"},
		{upsert, `{"inputs":[{"id":"a","idProperty":"k","properties":{}}]}`, 400, "required properties"},
		{upsert, `{"inputs":[{"id":"a","idProperty":"k","objectWriteTraceId":"7","properties":{}}]}`, 207, `"objectWriteTraceId":["7"]`},
		{upsert, `{"inputs":[{"id":"a","idProperty":"k","properties":{"domain":"x","l":"taken"}}]}`, 409, "CONFLICT"},
		{upsert, `{"inputs":[{"id":"known","idProperty":"k","properties":{"domain":""}}]}`, 400, "required properties"},
		{upsert, `{"inputs":[{"id":"known","idProperty":"k","properties":{"num_notes":"1"}}]}`, 400, "READ_ONLY_VALUE"},
		{upsert, `{"inputs":[{"id":"known","idProperty":"k","properties":{}}]}`, 200, company},
		{notes, note(`{}`, company, 190), 207, "hs_timestamp"},
		{notes, note(timed, company, 192), 207, "association type 192"},
		{notes, note(timed, "1", 190), 207, "does not exist"},
		{notes, note(`{"hs_timestamp":"today"}`, company, 190), 207, "INVALID_DATE"},
		{notes, note(timed, company, 190), 201, "COMPLETE"},
		{tasks, note(`{"hs_timestamp":"0","hs_task_status":"OPEN"}`, company, 192), 207, "INVALID_OPTION"},
		{tasks, note(`{"hs_timestamp":"0","hubspot_owner_id":"5"}`, company, 192), 207, "INVALID_OWNER_ID"},
		{"POST /crm/objects/2026-09/companies/batch/read", `{"idProperty":"k","inputs":[{"id":"known"},{"id":"no"}],"properties":["name"],"propertiesWithHistory":[]}`, 207, `"ids":["no"]`},
		{"POST /crm/objects/2026-09/companies/batch/read", `{"idProperty":"name","inputs":[{"id":"known"}],"properties":[],"propertiesWithHistory":[]}`, 400, "non-unique"},
		{"POST /crm/associations/2026-09/companies/tasks/batch/read", `{"inputs":[{"id":"` + company + `"}]}`, 207, "NO_ASSOCIATIONS_FOUND"},
	} {
		if status, answer := ask(s, c.call, c.body); status != c.status || !strings.Contains(answer, c.want) {
			t.Errorf("%s\n%s\n%d %s", c.call, c.body, status, answer)
		}
	}
	if faults := s.Undocumented(); len(faults) > 0 {
		t.Errorf("%q", faults)
	}
}

// TestAccess: tokens, scopes and limits.
func TestAccess(t *testing.T) {
	const fields = "GET /crm/properties/2026-09/companies"
	if status, _ := ask(New(Options{Token: "other"}), fields, ""); status != http.StatusUnauthorized {
		t.Errorf("%d", status)
	}
	if status, answer := ask(New(Options{Scopes: []string{}}), fields, ""); status != http.StatusForbidden || !strings.Contains(answer, "crm.schemas.companies.read") {
		t.Errorf("%d %s", status, answer)
	}
	for policy, o := range map[string]Options{"DAILY": {DailyQuota: 2}, "TEN_SECONDLY_ROLLING": {PerTenSeconds: 2}} {
		s := New(o)
		for range 2 {
			if status, _ := ask(s, fields, ""); status != http.StatusOK {
				t.Errorf("%d", status)
			}
		}
		if status, answer := ask(s, fields, ""); status != http.StatusTooManyRequests || !strings.Contains(answer, policy) {
			t.Errorf("%s: %d %s", policy, status, answer)
		}
	}
}

// TestTogether: several programs make a company once.
func TestTogether(t *testing.T) {
	s := New(Options{})
	s.Define(Property{Name: "k", Type: "string", FieldType: "text", Unique: true})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for i := range 50 {
				ask(s, "POST /crm/objects/2026-09/companies/batch/upsert", fmt.Sprintf(`{"inputs":[{"id":"%d","idProperty":"k","properties":{}}]}`, i))
				s.Companies()
			}
		})
	}
	all.Wait()
	if companies, _, _ := s.Count(); companies != 50 {
		t.Errorf("%d companies", companies)
	}
}
