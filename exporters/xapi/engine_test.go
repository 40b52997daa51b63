package xapi

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
	"github.com/firstcall-cli/firstcall/exporters/internal/nodetest"
	"github.com/firstcall-cli/firstcall/exporters/xapi/lrstest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// engineStore is the engine, asked without an exporter between.
func engineStore(t *testing.T, address string) *store {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return newStore(u, "1.0.3", lrstest.User, lrstest.Password, "", nil, nil)
}

// inEngine counts the statements that count, and those that void, of a survey.
func inEngine(t *testing.T, address string, s survey) (live, voiding int) {
	t.Helper()
	m := newMaker(pushConfig(t, address))
	all, err := engineStore(t, address).of(context.Background(), m.registration(s.client+"/assessment/"+s.instrument+"/"+s.wave))
	if err != nil {
		t.Fatal(err)
	}
	assigned, err := engineStore(t, address).of(context.Background(), m.assignmentsOf(s.client, s.instrument))
	if err != nil {
		t.Fatal(err)
	}
	all = append(all, assigned...)
	for _, f := range all {
		if _, voids := f.voids(); voids {
			voiding++
		} else {
			live++
		}
	}
	return live, voiding
}

// TestEngine: what the fake LRS bears out holds for a real one.
func TestEngine(t *testing.T) {
	address := lrstest.Engine(t)
	a, b := acme(), acme()
	b.departments = []department{{"Front desk", [2]float64{2.75, 4}}, b.departments[1]}
	holds := func(live, voiding int) {
		t.Helper()
		if l, v := inEngine(t, address, a); l != live || v != voiding {
			t.Fatalf("%d statements count and %d void others, want %d and %d", l, v, live, voiding)
		}
	}
	wants(t, write(t, address, a.record(t)), sdk.Created)
	holds(ofAcme, 0)
	wants(t, write(t, address, a.record(t)), sdk.Unchanged)
	holds(ofAcme, 0)
	for i := 1; i <= 3; i++ {
		wants(t, write(t, address, []survey{a, b}[i%2].record(t)), sdk.Updated)
		holds(ofAcme, i)
		wants(t, write(t, address, []survey{a, b}[i%2].record(t)), sdk.Unchanged)
		holds(ofAcme, i)
	}
}

// TestEngineWaves: waves that are sent one after the other leave one assignment.
func TestEngineWaves(t *testing.T) {
	address := lrstest.Engine(t)
	first, second := acme(), acme()
	second.wave, second.day = "2027-q1", "2027-03-31"
	wants(t, write(t, address, first.record(t)), sdk.Created)
	wants(t, write(t, address, second.record(t)), sdk.Created)
	if live, voiding := inEngine(t, address, second); live != ofAcme || voiding != 1 {
		t.Errorf("%d statements count and %d void others", live, voiding)
	}
	wants(t, write(t, address, first.record(t)), sdk.Unchanged)
	wants(t, write(t, address, first.record(t), second.record(t)), sdk.Unchanged, sdk.Unchanged)
}

// TestEnginePages: a record of more statements than a page has is found whole.
func TestEnginePages(t *testing.T) {
	address := lrstest.Engine(t)
	s := acme()
	s.departments = nil
	for i := range 80 {
		s.departments = append(s.departments, department{"Store " + strings.Repeat("i", i+1), [2]float64{4, 4.5}})
	}
	wants(t, write(t, address, s.record(t)), sdk.Created)
	if live, _ := inEngine(t, address, s); live != 2+160 {
		t.Errorf("%d statements", live)
	}
	wants(t, write(t, address, s.record(t)), sdk.Unchanged)
}

// TestEngineConflict: a statement of our id that somebody else made is named, as is one
// that the LRS refuses, and the rest is stored.
func TestEngineConflict(t *testing.T) {
	address := lrstest.Engine(t)
	all := planted(t, acme())
	bad := all[2]
	bad["context"].(map[string]any)["registration"] = registrationOfNobody
	bad["result"].(map[string]any)["score"].(map[string]any)["raw"] = 1.5
	body, err := json.Marshal([]any{bad})
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequest(http.MethodPost, address+"/statements", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = http.Header{"Content-Type": {"application/json"}, "X-Experience-Api-Version": {"1.0.3"}, "Authorization": {"Basic eDp5"}}
	answer, err := http.DefaultClient.Do(request)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%v %v", answer, err)
	}
	answer.Body.Close()
	spoiled := spoil(t, address, str(all[4], "id"))
	out := write(t, spoiled, acme().record(t))
	wants(t, out, sdk.Rejected)
	d := out[0].Diagnostic.Summary
	if !strings.Contains(d, "2 of 7 statements") || !strings.Contains(d, "Managers, of Front desk (id "+str(bad, "id")+"): the LRS has another statement of this id") ||
		!strings.Contains(d, "Managers, of House (id "+str(all[4], "id")+"): the server refused it (400 Bad Request): ") || !strings.Contains(d, "scaled") {
		t.Errorf("%s", d)
	}
	if live, _ := inEngine(t, address, acme()); live != ofAcme-2 {
		t.Errorf("%d statements", live)
	}
}

// spoil stands before an LRS, and writes nonsense into a statement on its way.
func spoil(t *testing.T, address, id string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: u.Scheme, Host: u.Host})
	return serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var all []map[string]any
		if r.Method == http.MethodPost && json.NewDecoder(r.Body).Decode(&all) == nil {
			for _, s := range all {
				if s["id"] == id {
					s["result"].(map[string]any)["score"].(map[string]any)["scaled"] = 1.62
				}
			}
			body, _ := json.Marshal(all)
			r.Body, r.ContentLength = http.NoBody, int64(len(body))
			r.Body = readCloser{bytes.NewReader(body)}
		}
		proxy.ServeHTTP(w, r)
	}))
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }

// TestValidator: no statement of any sort, in a file or on its way, has a fault that the
// validator of Learning Locker finds.
func TestValidator(t *testing.T) {
	modules := nodetest.Modules(t, "xapi")
	bad := acme()
	bad.direction, bad.instrument, bad.client = "high-is-bad", "warning-signs", "Söhne & Co/7 %"
	files, _ := exporttest.Render(t, Exporter{}, `{"language":"de-AT","base":"https://learn.example.org/a/"}`, []sdk.Record{acme().record(t), bad.record(t), acme().plan(t, "Front desk", "2026-10-01")})
	var all []json.RawMessage
	for _, body := range files {
		var some []json.RawMessage
		if err := json.Unmarshal(body, &some); err != nil {
			t.Fatal(err)
		}
		all = append(all, some...)
	}
	var sent bodies
	server := lrstest.New(lrstest.Options{})
	address := serve(t, sent.before(server))
	write(t, address, acme().record(t))
	gone := acme()
	gone.departments = gone.departments[:1]
	write(t, address, gone.record(t))
	all = append(all, sent.all...)
	if len(all) != 7+8+7+2 { // where high is bad, both departments have a gap
		t.Fatalf("%d statements", len(all))
	}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	node := exec.Command("node", "-e", `
const check = require('@learninglocker/xapi-validation/dist/factory').statement;
let text = '';
process.stdin.on('data', (d) => { text += d; });
process.stdin.on('end', () => {
  const all = JSON.parse(text);
  for (const s of all) for (const w of check(s, ['statement'])) console.log(JSON.stringify(w), JSON.stringify(s));
  const broken = check({ ...all[0], result: { score: { scaled: 2 } } }, ['statement']).length;
  console.log(all.length + ' looked at, ' + (broken > 0 ? 'and it finds faults' : 'but it finds none'));
});`)
	node.Dir, node.Stdin = modules, bytes.NewReader(text)
	out, err := node.CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "24 looked at, and it finds faults" {
		t.Errorf("%v\n%s", err, out)
	}
}

// bodies keeps the statements on their way to an LRS.
type bodies struct {
	mu  sync.Mutex
	all []json.RawMessage
}

func (b *bodies) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			var buffer bytes.Buffer
			_, _ = buffer.ReadFrom(r.Body)
			var some []json.RawMessage
			_ = json.Unmarshal(buffer.Bytes(), &some)
			b.mu.Lock()
			b.all = append(b.all, some...)
			b.mu.Unlock()
			r.Body = readCloser{bytes.NewReader(buffer.Bytes())}
		}
		next.ServeHTTP(w, r)
	})
}
