package espocrm

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/exporters/espocrm/espocrmtest"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

func TestFieldName(t *testing.T) {
	for figure, want := range map[string]string{
		"key": "cFirstcallKey", "instrument_version": "cFirstcallInstrumentVersion",
		"score_customer-focus": "cFirstcallScoreCustomerFocus", "score_4-eyes": "cFirstcallScore4Eyes",
	} {
		if got := fieldName(figure); got != want {
			t.Errorf("%s: %s", figure, got)
		}
	}
	long := "score_" + strings.Repeat("abc-", 15)
	got := fieldName(long)
	if got == fieldName(long+"d") || len(got) != 28 || got[:18] != "cFirstcallScoreAbc" {
		t.Errorf("%s", got)
	}
}

// TestTarget: the address that the user gave is the identity, whatever way it is written.
func TestTarget(t *testing.T) {
	_, address := site(t, espocrmtest.Options{Path: "/crm"})
	host := strings.TrimPrefix(address, "http://")
	for _, given := range []string{address + "/crm", address + "/crm/", address + "/crm/api/v1", " " + address + "/crm/api/v1/"} {
		got := connected(t, given).Target()
		if want := (sdk.Target{ID: host + "/crm", Label: "EspoCRM (" + host + "/crm)"}); got != want {
			t.Errorf("%q: %+v", given, got)
		}
	}
	s, err := Exporter{Base: address + "/crm", Sleep: asleep}.system(t.Context(), config(t, "https://other.example"))
	if err != nil || s.Target().ID != host+"/crm" {
		t.Errorf("%v %v", s, err)
	}
}

func TestConnectFails(t *testing.T) {
	_, ready := site(t, espocrmtest.Options{})
	_, teams := site(t, espocrmtest.Options{Roles: map[string]map[string]string{"Account": {"create": "yes", "read": "team", "edit": "all"}}})
	_, reads := site(t, espocrmtest.Options{Roles: map[string]map[string]string{"Account": {"create": "no", "read": "all", "edit": "all"}}})
	_, owns := site(t, espocrmtest.Options{Roles: map[string]map[string]string{"Account": {"create": "yes", "read": "all", "edit": "no"}}})
	serve := func(h http.HandlerFunc) string {
		s := httptest.NewServer(h)
		t.Cleanup(s.Close)
		return s.URL
	}
	page := serve(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>welcome")) })
	empty := serve(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) })
	moved := serve(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "https://crm.example/api?key=x")
		w.WriteHeader(http.StatusMovedPermanently)
	})
	for _, c := range []struct {
		address  string
		settings []string
		code     string
		says     string
	}{
		{ready, []string{"api_key", "another"}, "espocrm.auth", "credentials"},
		{ready + "/crm", nil, "espocrm.address", "no EspoCRM"},
		{page, nil, "espocrm.address", "no EspoCRM"},
		{empty, nil, "espocrm.address", "no EspoCRM"},
		{moved, nil, "espocrm.address", "to https://crm.example"},
		{"http://crm.example", nil, "address", "https"},
		{teams, nil, "espocrm.permission", "Account: read all, and has team"},
		{reads, nil, "espocrm.permission", "Account: create yes, and has no"},
		{owns, nil, "espocrm.permission", "Account: edit all, and has no"},
		{ready, []string{"owner", "nobody"}, "espocrm.owner", "nobody"},
		{ready, []string{"admin_user", "admin"}, "espocrm.admin", "only one"},
		{ready, []string{"admin_password", "x"}, "espocrm.admin", "only one"},
	} {
		_, err := Exporter{Sleep: asleep}.system(t.Context(), config(t, c.address, c.settings...))
		if got := code(t, err); got != c.code || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "key=x") {
			t.Errorf("%s %v: %s: %v", c.address, c.settings, got, err)
		}
	}
}

func TestOwner(t *testing.T) {
	o := espocrmtest.Options{}
	server, address := site(t, o)
	anna := server.Put("User", map[string]any{"userName": "Anna", "name": "Anna A."})
	server.Put("User", map[string]any{"userName": "annabel"})
	for given, want := range map[string]string{"": espocrmtest.APIUser, "anna": anna, "abcdef0123456789a": "abcdef0123456789a"} {
		if got := connected(t, address, "owner", given); got.owner != want {
			t.Errorf("%q: %s", given, got.owner)
		}
	}
	if n := server.Requests("GET /User"); n != 1 {
		t.Errorf("users were looked at %d times", n)
	}
}

// TestUpdateOnly: who has no accounts made need not be allowed to.
func TestUpdateOnly(t *testing.T) {
	_, address := site(t, espocrmtest.Options{Roles: map[string]map[string]string{"Account": {"create": "no", "read": "all", "edit": "own"}}})
	connected(t, address, "match", "update-only")
}

// TestOwnerNotSeen: an API user that may not look at users is told what to do.
func TestOwnerNotSeen(t *testing.T) {
	_, address := site(t, espocrmtest.Options{Roles: map[string]map[string]string{"Account": {"create": "yes", "read": "all", "edit": "all"}}})
	_, err := Exporter{Sleep: asleep}.system(t.Context(), config(t, address, "owner", "anna"))
	if got := code(t, err); got != "espocrm.owner" {
		t.Errorf("%s: %v", got, err)
	}
}

func TestJudge(t *testing.T) {
	answer := func(status int, reason, body string) *web.Answer {
		h := http.Header{}
		if reason != "" {
			h.Set("X-Status-Reason", reason)
		}
		return &web.Answer{Status: status, Header: h, Body: []byte(body)}
	}
	for _, c := range []struct {
		answer *web.Answer
		text   string
		as     any
	}{
		{answer(200, "", ""), "", nil},
		{answer(400, "Bad thing", ""), "EspoCRM does not take it: Bad thing", new(*web.Refused)},
		{answer(400, "validationFailure", `{"messageTranslation":{"label":"x","data":[]}}`), "EspoCRM does not take it: validationFailure", new(*web.Refused)},
		{answer(400, "", `{"messageTranslation":{"data":{"field":"industry","type":"required"}}}`), "EspoCRM does not take the field industry: it must not be empty", new(*web.Refused)},
		{answer(400, "", `{"messageTranslation":{"data":{"field":"phone","type":"odd"}}}`), "EspoCRM does not take the field phone: the check failed: odd", new(*web.Refused)},
		{answer(403, "No edit access.", ""), "EspoCRM does not allow it to the API user: No edit access.", new(*web.Refused)},
		{answer(404, "", "<html>"), "EspoCRM does not have it", new(*web.Refused)},
		{answer(409, "modified", `{"values":{}}`), "EspoCRM reports a conflict: modified", new(*web.Refused)},
		{answer(409, "duplicate", `[{"id":"a","name":"A"},{"id":"b"}]`), "EspoCRM has a record that looks the same and does not carry the key: a, b", new(*web.Refused)},
		{answer(409, "duplicate", `[{"id":"1"},{"id":"2"},{"id":"3"},{"id":"4"},{"id":"5"},{"id":"6"},{"id":"7"}]`), "EspoCRM has a record that looks the same and does not carry the key: 1, 2, 3, 4, 5, and 2 more", new(*web.Refused)},
		{answer(500, "Cannot save.", ""), "the server failed (500 Internal Server Error): Cannot save.", new(*web.Unsure)},
		{answer(503, "", ""), "the server asks for a pause (503 Service Unavailable)", new(*web.Busy)},
		{answer(429, "", ""), "the server asks for a pause (429 Too Many Requests)", new(*web.Busy)},
		{answer(401, "second-step-required", ""), "the administrator logs in with a second factor, which firstcall can't give", new(*sdk.Diagnostic)},
	} {
		err := judge(c.answer)
		if c.as == nil {
			if err != nil {
				t.Errorf("%v", err)
			}
			continue
		}
		if err == nil || err.Error() != c.text || !errors.As(err, c.as) {
			t.Errorf("%d: %T %v", c.answer.Status, err, err)
		}
	}
}

// TestPlainWords: what comes from a server does not fill the screen or move the cursor.
func TestPlainWords(t *testing.T) {
	if got := plainWords("a\x1b[2J\nb  c"); got != "a [2J b c" {
		t.Errorf("%q", got)
	}
	if got := []rune(plainWords(strings.Repeat("ä", 500))); len(got) != 200 || got[199] != '…' {
		t.Errorf("%d", len(got))
	}
}

// TestEach: results come in order, and what happens to one decides about those that are
// not begun.
func TestEach(t *testing.T) {
	busy, no := &web.Busy{Text: "busy"}, &web.Refused{Text: "no"}
	run := func(at map[int]error) ([]int, []error, error) {
		var begun []int
		lock := make(chan struct{}, 1)
		results, err := each(t.Context(), 40, func(_ context.Context, i int) (string, error) {
			lock <- struct{}{}
			begun = append(begun, i)
			<-lock
			return fmt.Sprint(i), at[i]
		})
		var errs []error
		for i, r := range results {
			if r.Err == nil && r.ID != fmt.Sprint(i) {
				t.Errorf("%d: %s", i, r.ID)
			}
			errs = append(errs, r.Err)
		}
		return begun, errs, err
	}
	begun, errs, err := run(map[int]error{3: no})
	if err != nil || len(begun) != 40 || errs[3] != no || slices.ContainsFunc(slices.Delete(errs, 3, 4), func(e error) bool { return e != nil }) {
		t.Errorf("refused: %v %v %v", begun, errs, err)
	}
	begun, errs, err = run(map[int]error{3: busy})
	if err != nil || len(begun) > 8 || errs[39] != busy || errs[0] != nil {
		t.Errorf("busy: %v %v %v", begun, errs, err)
	}
	unsure, ends := &web.Unsure{Text: "lost"}, errors.New("ends")
	if begun, _, err = run(map[int]error{3: unsure}); err != unsure || len(begun) > 8 {
		t.Errorf("unsure: %v %v", begun, err)
	}
	if _, _, err = run(map[int]error{0: unsure, 1: ends, 2: unsure, 3: ends}); err != ends && err != unsure {
		t.Errorf("ends: %v", err)
	}
}
