package tryton

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// The answers with an error are taken for what they mean.
func TestRefusal(t *testing.T) {
	for in, want := range map[string]string{
		`["UserError",["No.","Because.",null]]`:                             "*web.Refused UserError: No. Because.",
		`["UserError",["Two\n lines","",null]]`:                             "*web.Refused UserError: Two lines",
		`["UserWarning",["id.1","Sure?","It is late."]]`:                    "*web.Refused UserWarning: Tryton wants somebody to confirm this: Sure? It is late.",
		`["ConcurrencyException","Records were modified in the meanwhile"]`: "*web.Busy: somebody else changed it at the same moment: Records were modified in the meanwhile",
		`["'nope'",""]`:             "*web.Refused : Tryton failed at it: 'nope'",
		`["database is locked",""]`: "*web.Busy: the database is busy: database is locked",
		`["deadlock detected\nDETAIL: Process 1 waits",""]`: "*web.Busy: the database is busy: deadlock detected DETAIL: Process 1 waits",
		`["UserError"]`: "*web.Refused : Tryton failed at it: UserError",
		`[]`:            "*web.Refused : Tryton refused it without a reason",
		`"text"`:        "*web.Refused : Tryton refused it without a reason",
		`["LoginException",["sms","Code sent by SMS","char"]]`: "*sdk.Diagnostic tryton.auth: Tryton asks for more than a password: Code sent by SMS",
	} {
		err := refusal(json.RawMessage(in))
		got := ""
		switch err := err.(type) {
		case *web.Refused:
			got = fmt.Sprintf("%T %s: %s", err, err.Code, err.Text)
		case *sdk.Diagnostic:
			got = fmt.Sprintf("%T %s: %s", err, err.Code, err.Summary)
		default:
			got = fmt.Sprintf("%T: %v", err, err)
		}
		if got != want {
			t.Errorf("%s is\n%s, want\n%s", in, got, want)
		}
	}
}

// fake is a server that answers each call as it is told.
type fake struct {
	login func(w http.ResponseWriter, try int)
	call  func(w http.ResponseWriter, method string, n int)

	logins, calls atomic.Int32
}

const (
	hidden = "a-secret-password"
	opened = `{"id":1,"result":[1,"token"]}`
)

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body struct{ Method string }
	text, _ := io.ReadAll(r.Body)
	if err := json.Unmarshal(text, &body); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	switch {
	case body.Method == "common.db.login" && f.login != nil:
		f.login(w, int(f.logins.Add(1)))
	case body.Method == "common.db.login":
		f.logins.Add(1)
		io.WriteString(w, opened)
	case body.Method == "common.db.list" && r.URL.Path == "/":
		io.WriteString(w, `{"id":1,"result":["alpha","beta"]}`)
	case f.call != nil:
		f.call(w, body.Method, int(f.calls.Add(1)))
	}
}

// status answers with a status, and a body that looks like a page.
func status(code int, header ...string) func(http.ResponseWriter, int) {
	return func(w http.ResponseWriter, _ int) {
		if len(header) == 2 {
			w.Header().Set(header[0], header[1])
		}
		w.WriteHeader(code)
		io.WriteString(w, "<!doctype html><title>no</title>")
	}
}

func dialFake(t *testing.T, f *fake) *server {
	t.Helper()
	at := httptest.NewServer(f)
	t.Cleanup(at.Close)
	u, err := web.Address("url", at.URL)
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(u, "firstcall", "admin", hidden)
	nap := func(context.Context, time.Duration) error { return nil }
	s.rpc.Sleep, s.door.Sleep = nap, nap
	return s
}

// A login that fails says why, and is sent as often as is safe.
func TestLogin(t *testing.T) {
	drop := func(http.ResponseWriter, int) { panic(http.ErrAbortHandler) }
	say := func(text string) func(http.ResponseWriter, int) {
		return func(w http.ResponseWriter, _ int) { io.WriteString(w, text) }
	}
	for name, c := range map[string]struct {
		answer func(http.ResponseWriter, int)
		want   string // the diagnostic's code, or the type of the error
		tries  int32
	}{
		"wrong password":    {status(401), "tryton.auth", 1},
		"locked out":        {status(429), "tryton.locked", 1},
		"a proxy's pause":   {status(429, "Retry-After", "0"), "*web.Busy", 6},
		"no database":       {status(404), "tryton.database", 1},
		"a broken database": {say(`{"id":1,"error":["no such table: res_user",""]}`), "tryton.database", 1},
		"a second factor":   {say(`{"id":1,"error":["LoginException",["sms","Code","char"]]}`), "tryton.auth", 1},
		"elsewhere":         {status(308, "Location", "https://new.example.org"), "tryton.url", 1},
		"forbidden":         {status(403), "tryton.forbidden", 1},
		"another server":    {status(200), "tryton.url", 1},
		"other JSON":        {say(`{"hello":1}`), "tryton.url", 1},
		"an odd result":     {say(`{"id":1,"result":null}`), "tryton.url", 1},
		"an answer is lost": {drop, "*web.Unsure", 3},
		"a broken proxy":    {status(502), "*web.Unsure", 3},
	} {
		f := &fake{login: c.answer}
		s := dialFake(t, f)
		err := s.login(context.Background())
		got := fmt.Sprintf("%T", err)
		var d *sdk.Diagnostic
		if errors.As(err, &d) {
			got = d.Code
			if d.Code == "tryton.database" && d.Hint != "databases there: alpha, beta" {
				t.Errorf("%s: hint %q", name, d.Hint)
			}
			if strings.Contains(d.Summary+d.Hint, hidden) {
				t.Errorf("%s: the password is in %v", name, d)
			}
		}
		if got != c.want || f.logins.Load() != c.tries {
			t.Errorf("%s: %s (%v) after %d tries, want %s after %d", name, got, err, f.logins.Load(), c.want, c.tries)
		}
	}
}

// What answers a call, and is no answer of Tryton's methods.
func TestCall(t *testing.T) {
	plain := func(code int, header ...string) func(http.ResponseWriter, string, int) {
		return func(w http.ResponseWriter, _ string, n int) { status(code, header...)(w, n) }
	}
	for name, c := range map[string]struct {
		answer        func(w http.ResponseWriter, method string, n int)
		want          string
		calls, logins int32
	}{
		"the session is never taken": {plain(401), "tryton.auth", 2, 2},
		"the session has expired once": {func(w http.ResponseWriter, _ string, n int) {
			if n == 1 {
				w.WriteHeader(401)
				return
			}
			io.WriteString(w, `{"id":1,"result":[7]}`)
		}, "<nil>", 2, 2},
		"too large":       {plain(413), "*web.Refused", 1, 1},
		"not a page":      {plain(200), "*web.Unsure", 1, 1},
		"an odd result":   {func(w http.ResponseWriter, _ string, _ int) { io.WriteString(w, `{"id":1,"result":"x"}`) }, "*web.Unsure", 1, 1},
		"the server fell": {plain(500), "*web.Unsure", 1, 1},
		"a pause":         {plain(503, "Retry-After", "0"), "*web.Busy", 6, 1},
		"locked": {func(w http.ResponseWriter, _ string, n int) {
			if n < 3 {
				io.WriteString(w, `{"id":1,"error":["database is locked",""]}`)
				return
			}
			io.WriteString(w, `{"id":1,"result":[7]}`)
		}, "<nil>", 3, 1},
	} {
		f := &fake{call: c.answer}
		s := dialFake(t, f)
		var ids []int64
		err := s.write(context.Background(), &ids, "model.party.party.create", []any{}, none())
		got := fmt.Sprintf("%T", err)
		var d *sdk.Diagnostic
		if errors.As(err, &d) {
			got = d.Code
		}
		if got != c.want || f.calls.Load() != c.calls || f.logins.Load() != c.logins {
			t.Errorf("%s: %s (%v) after %d calls and %d logins, want %s after %d and %d", name, got, err, f.calls.Load(), f.logins.Load(), c.want, c.calls, c.logins)
		}
		if err == nil && (len(ids) != 1 || ids[0] != 7) {
			t.Errorf("%s: ids %v", name, ids)
		}
	}
}

// A list that comes back with another number of ids is not taken for done.
func TestOddIDs(t *testing.T) {
	f := &fake{call: func(w http.ResponseWriter, _ string, _ int) { io.WriteString(w, `{"id":1,"result":[7]}`) }}
	sys := &system{server: dialFake(t, f)}
	_, err := sys.create(context.Background(), partyModel, []map[string]any{{}, {}}, none())
	if !errors.As(err, new(*web.Unsure)) {
		t.Errorf("error %v", err)
	}
}

// A key is no pattern: one with % must not find all parties, and PostgreSQL fails at one
// that ends with a backslash.
func TestKeyAsPattern(t *testing.T) {
	var mu sync.Mutex
	var asked []string
	at := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		if strings.Contains(string(text), "common.db.login") {
			io.WriteString(w, opened)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, string(text))
		rows := `{"id":1,"result":[]}`
		if len(asked) == 2 {
			rows = `{"id":1,"result":[{"id":7,"name":"A","code":"AbC","replaced_by":null},{"id":8,"name":"B","code":"A%\\","replaced_by":null}]}`
		}
		io.WriteString(w, rows)
	}))
	defer at.Close()
	u, err := web.Address("url", at.URL)
	if err != nil {
		t.Fatal(err)
	}
	sys := &system{server: newServer(u, "firstcall", "admin", hidden)}
	got, err := sys.Companies(context.Background(), keyField, []string{`a%\`}, nil)
	if err != nil || len(got) != 1 || got[0].ID != "8" || got[0].Key != `A%\` {
		t.Errorf("%+v, error %v", got, err)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(asked) != 2 || !strings.Contains(asked[0], `["code","in",["a%\\"]]`) || !strings.Contains(asked[1], `["code","ilike","a__"]`) {
		t.Errorf("asked %q", asked)
	}
}

// Addresses and names that can't be right are told before anything is sent.
func TestSettings(t *testing.T) {
	for _, c := range []struct{ url, database, code, field string }{
		{"http://tryton.example.org", "firstcall", "address", "url"},
		{"https://admin:pw@tryton.example.org", "firstcall", "address", "url"},
		{"https://tryton.example.org", "a/b", "tryton.database", "database"},
		{"https://tryton.example.org", "", "tryton.database", "database"},
	} {
		_, err := quick().Open(context.Background(), settings(t, map[string]any{"url": c.url, "database": c.database, "user": "u"}, hidden), true)
		diagnosed(t, err, c.code, c.field)
	}
	_, err := quick().Open(context.Background(), settings(t, map[string]any{"url": "http://127.0.0.1:1", "database": "d", "user": "u"}, hidden), false)
	diagnosed(t, err, "tryton.unreachable", "url")
}

func TestFieldName(t *testing.T) {
	for figure, want := range map[string]string{"key": "code", "index": "firstcall_index", "score_follow-up": "firstcall_score_follow_up"} {
		if got := fieldName(figure); got != want {
			t.Errorf("%s is in %s, want %s", figure, got, want)
		}
	}
}
