package hubspot

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/firstcall-cli/firstcall/exporters/hubspot/hubspottest"
	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
)

// recorder keeps the bodies of requests.
type recorder struct {
	http.Handler
	mu     sync.Mutex
	bodies map[string][]string
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, _ := io.ReadAll(q.Body)
	r.mu.Lock()
	if r.bodies == nil {
		r.bodies = map[string][]string{}
	}
	r.bodies[q.URL.Path] = append(r.bodies[q.URL.Path], strings.TrimSpace(string(body)))
	r.mu.Unlock()
	q.Body = io.NopCloser(strings.NewReader(string(body)))
	r.Handler.ServeHTTP(w, q)
}

// TestRequests: what is sent is what is expected, to the letter.
func TestRequests(t *testing.T) {
	account := hubspottest.New(hubspottest.Options{Owners: []string{"77"}})
	account.Define(hubspottest.Property{Name: key, Label: "Key", Group: "companyinformation", Type: "string", FieldType: "text", Unique: true})
	r := &recorder{Handler: account}
	s, err := Exporter{Base: serve(t, account, r)}.connect(ctx, config(t, `{"owner":"77","task_priority":"high"}`))
	if err != nil {
		t.Fatal(err)
	}
	id := written(s.CreateCompanies(ctx, key, []crm.Company{{Key: "a", Name: "A & B"}}))(t)[0]
	note := entry(id, "1", "Culture <2026>")
	note.Day = "2026-09-30"
	noteID := written(s.CreateEntries(ctx, crm.NoteEntry, []crm.Entry{note}))(t)[0]
	task := written(s.CreateEntries(ctx, crm.TaskEntry, []crm.Entry{entry(id, "2", "Do it")}))(t)[0]
	change := entry(id, "2", "Do it")
	change.ID = task
	written(s.UpdateEntries(ctx, crm.TaskEntry, []crm.Entry{change}))(t)
	if _, err := s.Entries(ctx, crm.NoteEntry, []crm.Ref{{Company: id, Mark: note.Mark}}); err != nil {
		t.Fatal(err)
	}
	with := func(of int) string {
		return fmt.Sprintf(`"associations":[{"to":{"id":"%s"},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":%d}]}]`, id, of)
	}
	const text = `<p>Words &amp; more.</p><p>firstcall-0000000000000000000`
	for path, want := range map[string]string{
		"/crm/objects/2026-09/companies/batch/upsert": `{"inputs":[{"id":"a","idProperty":"firstcall_key","objectWriteTraceId":"0","properties":{"firstcall_key":"a","name":"A & B"}}]}`,
		"/crm/objects/2026-09/notes/batch/create": `{"inputs":[{"objectWriteTraceId":"0","properties":{"hs_note_body":"<p><strong>Culture &lt;2026&gt;</strong></p>` + text +
			`1-0000000a</p>","hs_timestamp":"2026-09-30T12:00:00Z"},` + with(190) + `}]}`,
		"/crm/objects/2026-09/tasks/batch/create": `{"inputs":[{"objectWriteTraceId":"0","properties":{"hs_task_body":"` + text +
			`2-0000000a</p>","hs_task_priority":"HIGH","hs_task_status":"NOT_STARTED","hs_task_subject":"Do it","hs_task_type":"TODO","hs_timestamp":"2026-12-31T12:00:00Z","hubspot_owner_id":"77"},` + with(192) + `}]}`,
		"/crm/objects/2026-09/tasks/batch/update": `{"inputs":[{"id":"` + task + `","objectWriteTraceId":"0","properties":{"hs_task_body":"` + text +
			`2-0000000a</p>","hs_task_subject":"Do it","hs_timestamp":"2026-12-31T12:00:00Z"}}]}`,
		"/crm/associations/2026-09/companies/notes/batch/read": `{"inputs":[{"id":"` + id + `"}]}`,
		"/crm/objects/2026-09/notes/batch/read":                `{"inputs":[{"id":"` + noteID + `"}],"properties":["hs_note_body"],"propertiesWithHistory":[]}`,
	} {
		if got := r.bodies[path]; len(got) != 1 || got[0] != want {
			t.Errorf("%s\n%s\nwant\n%s", path, got, want)
		}
	}
}
