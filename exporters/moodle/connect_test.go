package moodle

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/exporters/moodle/moodletest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// TestTarget: the site says who it is, by whatever way it is reached.
func TestTarget(t *testing.T) {
	_, address := place(t, moodletest.Options{URL: "https://Moodle.example.org/learn/", Path: "/learn"}, nil)
	for _, given := range []string{address + "/learn", address + "/learn/", " " + address + "/learn" + endpoint} {
		if got, want := connected(t, given, "").Target(), (sdk.Target{ID: "moodle.example.org/learn", Label: "Moodle (Learning & growing moodle.example.org/learn)"}); got != want {
			t.Errorf("%q: %+v", given, got)
		}
	}
	s, err := Exporter{}.Open(t.Context(), configOf(t, `{}`), true)
	if s != nil || err != nil {
		t.Errorf("without push: %v, %v", s, err)
	}
}

func configOf(t *testing.T, settings string) sdk.Config {
	t.Helper()
	cfg, err := sdk.ParseConfig(Exporter{}.Info().Config, []byte(settings), nil)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func TestConnectFails(t *testing.T) {
	serve := func(status int, body string) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://learn.example"+endpoint+"?wstoken=x")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}))
		t.Cleanup(s.Close)
		return s.URL
	}
	_, ready := place(t, moodletest.Options{}, nil)
	_, lacking := place(t, moodletest.Options{Without: []string{"core_cohort_update_cohorts", "core_competency_create_plan"}}, nil)
	_, closed := place(t, moodletest.Options{Without: []string{"core_webservice_get_site_info"}}, nil)
	for _, c := range []struct{ address, secret, more, code, says string }{
		{ready, "another", "", "moodle.token", "does not know the token"},
		{ready, "", "", "token moodle.setting", "token is needed"},
		{"", token, "", "url moodle.setting", "url is needed"},
		{ready, token, `"members":{"Front Desk":"anna"},"scale":["x"]`, "scale moodle.scale, members moodle.members", "does not say whose"},
		{"http://moodle.example.org", token, "", "address", "https"},
		{ready + "/moodle", token, "", "moodle.address", "no Moodle"},
		{lacking, token, "", "moodle.functions", "lacks core_cohort_update_cohorts"},
		{lacking, token, `"members":{"a/b":"c"}`, "moodle.functions", "core_cohort_update_cohorts, core_competency_create_plan"},
		{closed, token, "", "moodle.access", "core_webservice_get_site_info"},
		{serve(200, "<html>welcome"), token, "", "moodle.address", "no Moodle"},
		{serve(200, "{}"), token, "", "moodle.address", "no Moodle"},
		{serve(200, ""), token, "", "moodle.address", "no Moodle"},
		{serve(200, `{"siteurl":5}`), token, "", "moodle.address", "no Moodle"},
		{serve(301, ""), token, "", "moodle.address", "refers to https://learn.example"},
		{serve(403, ""), token, "", "moodle.rest", "REST"},
		{serve(503, ""), token, "", "moodle.unreachable", "pause"},
		{serve(200, `{"exception":"moodle_exception","errorcode":"sitepolicynotagreed","message":"Agree first."}`), token, "", "moodle.access", "Agree first"},
	} {
		_, err := Exporter{Sleep: asleep}.Open(t.Context(), config(t, c.address, c.secret, c.more), true)
		if got := code(t, err); got != c.code || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "wstoken") {
			t.Errorf("%s %s: %s: %v", c.address, c.more, got, err)
		}
	}
}

// TestPermission: a missing capability ends the export with the name of what to allow,
// whatever the function is.
func TestPermission(t *testing.T) {
	needed := (&session{course: true, members: []member{{}}}).functions()
	s := moodletest.New(moodletest.Options{})
	for _, function := range needed {
		if !slices.Contains(s.Functions(), function) {
			t.Errorf("Moodle has no %s", function)
		}
		if function == "core_competency_get_scale_values" { // which needs none
			continue
		}
		if capabilities[function] == "" {
			t.Errorf("nothing is known to allow for %s", function)
		}
		// In a run that makes everything, or in a second one that changes everything.
		denied := moodletest.Options{}
		s, address := staffed(t, denied)
		batch := of(records(t), "wrenmoor")
		if strings.Contains(function, "update") || strings.Contains(function, "list") {
			wrote(t, connected(t, address, people), batch)
			batch = edited(t, edited(t, edited(t, batch, "We greet first", "We greet at once"), `"name":"Wrenmoor Hotels"`, `"name":"Other"`), "2026-12-29", "2027-01-15")
		}
		s.Deny(function)
		_, err := connected(t, address, people).Write(t.Context(), sdk.Run{}, batch)
		var d *sdk.Diagnostic
		if !errors.As(err, &d) || d.Code != "moodle.permission" || !strings.Contains(d.Summary, function) || !strings.Contains(d.Hint, capabilities[function]) {
			t.Errorf("%s: %v", function, err)
		}
	}
}

func TestJudge(t *testing.T) {
	for body, as := range map[string]any{
		`null`: nil, `[]`: nil, ` {"id":1}`: nil, `true`: nil, `[{"exception":"in a list"}]`: nil,
		`{"exception":"dml_read_exception","errorcode":"dmlreadexception","message":"Error reading from database"}`: new(*web.Unsure),
		`{"exception":"dml_write_exception","errorcode":"dmlwriteexception","message":"Error writing to database"}`: new(*web.Unsure),
		`{"exception":"invalid_response_exception","errorcode":"invalidresponse","message":"Invalid response"}`:     new(*web.Unsure),
		`{"exception":"moodle_exception","errorcode":"competenciesarenotenabled","message":"Off"}`:                  new(*sdk.Diagnostic),
		`{"exception":"moodle_exception","errorcode":"upgraderunning","message":"Upgrading"}`:                       new(*web.Busy),
		`{"exception":"Error","message":"Call to a member function"}`:                                               new(*web.Refused),
		`<p>Fatal error`: new(*web.Unsure), "": new(*web.Unsure),
		`{"exception":"moodle_exception","errorcode":"invalidtoken","message":"Invalid token - token not found"}`: new(*sdk.Diagnostic),
	} {
		err := judge(&web.Answer{Status: 200, Body: []byte(body)})
		if as == nil && err == nil {
			continue
		}
		if as == nil || err == nil || !errors.As(err, as) {
			t.Errorf("%s: %T %v", body, err, err)
		}
	}
	if err := judge(&web.Answer{Status: 500}); !errors.As(err, new(*web.Unsure)) {
		t.Errorf("%v", err)
	}
}

// FuzzJudge: whatever a server answers, the judgment is short and printable.
func FuzzJudge(f *testing.F) {
	f.Add(200, `{"exception":"a","errorcode":"b","message":"\u001b[2J<c>"}`)
	f.Add(301, "")
	f.Add(200, "<html>")
	f.Fuzz(func(t *testing.T, status int, body string) {
		err := judge(&web.Answer{Status: status, Header: http.Header{"Location": {body}}, Body: []byte(body)})
		if err == nil {
			return
		}
		if text := err.Error(); len([]rune(text)) > 300 || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			t.Errorf("%q", text)
		}
	})
}
