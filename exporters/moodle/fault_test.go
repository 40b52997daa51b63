package moodle

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
	"github.com/firstcall-cli/firstcall/exporters/internal/faulty"
	"github.com/firstcall-cli/firstcall/exporters/moodle/moodletest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// TestFaults: through a bad line, all is there once in the end.
func TestFaults(t *testing.T) {
	tooMany, dropped := 0, 0
	for seed := range uint64(8) {
		var line *faulty.Handler
		s, address := place(t, moodletest.Options{}, func(h http.Handler) http.Handler {
			line = faulty.New(h, faulty.Rates{TooMany: 0.05, Dropped: 0.05}, seed)
			if seed%2 == 1 {
				line.Refusal = func(w http.ResponseWriter) {
					w.Header().Set("Retry-After", "1")
					w.WriteHeader(http.StatusServiceUnavailable)
				}
			}
			return line
		})
		for _, name := range []string{"anna", "bert", "cleo"} {
			s.AddUser(name, "", "")
		}
		batch := of(records(t), "wrenmoor")
		for range 3 {
			exporttest.Write(t, connected(t, address, people), batch)
		}
		isThere(t, s)
		a, b := line.Failed()
		tooMany, dropped = tooMany+a, dropped+b
	}
	t.Logf("%d refused, %d cut off", tooMany, dropped)
	if tooMany < 20 || dropped < 20 {
		t.Error("too few faults to prove anything")
	}
}

// TestLost: of something made whose answer was lost there is one all the same, whatever
// it is.
func TestLost(t *testing.T) {
	for _, function := range []string{"create_competency_framework", "create_competency", "create_cohorts", "create_courses", "create_plan"} {
		for _, before := range []bool{false, true} {
			t.Run(fmt.Sprint(function, before), func(t *testing.T) {
				left := 1
				s, address := place(t, moodletest.Options{}, func(h http.Handler) http.Handler {
					return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						body := readBody(r)
						if left == 0 || !strings.HasSuffix(body.Get("wsfunction"), function) {
							h.ServeHTTP(w, r)
							return
						}
						left--
						if !before { // it was carried out
							h.ServeHTTP(httptest.NewRecorder(), r)
						}
						panic(http.ErrAbortHandler)
					})
				})
				for _, name := range []string{"anna", "bert", "cleo"} {
					s.AddUser(name, "", "")
				}
				exporttest.Write(t, connected(t, address, people), of(records(t), "wrenmoor"))
				if left != 0 {
					t.Error("nothing was lost")
				}
				isThere(t, s)
			})
		}
	}
}

// readBody reads a request's form and puts it back.
func readBody(r *http.Request) url.Values {
	var b strings.Builder
	buffer := make([]byte, 1<<16)
	for {
		n, err := r.Body.Read(buffer)
		b.Write(buffer[:n])
		if err != nil {
			break
		}
	}
	values, _ := url.ParseQuery(b.String())
	r.Body = body{strings.NewReader(b.String())}
	return values
}

type body struct{ *strings.Reader }

func (body) Close() error { return nil }

// TestInDoubt: what an earlier run may still have under way is waited for, once.
func TestInDoubt(t *testing.T) {
	s, address := staffed(t, moodletest.Options{})
	batch := of(records(t), "wrenmoor")
	wrote(t, connected(t, address, people), batch)
	for i := range batch {
		batch[i].InDoubt = true
	}
	var slept []time.Duration
	e := Exporter{Now: today, Sleep: func(_ context.Context, d time.Duration) error { slept = append(slept, d); return nil }}
	session, err := e.Open(t.Context(), config(t, address, token, people), false)
	if err != nil {
		t.Fatal(err)
	}
	all(t, wrote(t, session, batch), sdk.Unchanged)
	all(t, wrote(t, session, batch), sdk.Unchanged)
	if len(slept) != 1 || slept[0] != lingering {
		t.Errorf("%v", slept)
	}
	isThere(t, s)
}

// TestMaintenance: a site that is down for a moment is waited for, and one that is down
// for long comes again later.
func TestMaintenance(t *testing.T) {
	s, address := place(t, moodletest.Options{}, nil)
	session := connected(t, address, "")
	s.Maintenance(3)
	all(t, wrote(t, session, of(records(t), "wrenmoor")), sdk.Created)
	s.Maintenance(1000)
	outcomes := wrote(t, session, of(records(t), "wrenmoor"))
	all(t, outcomes, sdk.Retry)
	if d := outcomes[0].Diagnostic; d.Code != "moodle.busy" || !strings.Contains(d.Summary, "maintenance") {
		t.Errorf("%+v", d)
	}
	if _, err := try(t, address, ""); code(t, err) != "moodle.unreachable" {
		t.Error(err)
	}
}

// TestRefused: what the site refuses is told with its words, and other clients go on.
func TestRefused(t *testing.T) {
	s, address := place(t, moodletest.Options{Refuse: func(_ string, args url.Values) string {
		if strings.Contains(args.Encode(), "ltd") || strings.Contains(args.Encode(), "Ltd") {
			return "No <b>companies</b> here."
		}
		return ""
	}}, nil)
	batch := records(t)
	outcomes := wrote(t, connected(t, address, ""), batch)
	for i, o := range outcomes {
		if strings.HasPrefix(batch[i].Key, "wrenmoor/") != (o.Status == sdk.Created) {
			t.Errorf("%s: %+v", batch[i].Key, o)
		}
		if o.Status == sdk.Rejected && (o.Diagnostic.Code != "moodle.refused" || !strings.HasSuffix(o.Diagnostic.Summary, ": No companies here")) {
			t.Errorf("%+v", o.Diagnostic)
		}
	}
	if len(s.Frameworks) != 1 {
		t.Errorf("%d frameworks", len(s.Frameworks))
	}
}

// TestSeveral: what is there twice is named, and nothing is written.
func TestSeveral(t *testing.T) {
	s, address := staffed(t, moodletest.Options{})
	batch := of(records(t), "wrenmoor")
	wrote(t, connected(t, address, people), batch)
	twice := *s.Plans[0]
	twice.ID = 9000
	s.Plans = append(s.Plans, &twice)
	outcomes := wrote(t, connected(t, address, people), batch)
	all(t, outcomes, sdk.Rejected)
	if d := outcomes[0].Diagnostic; d.Code != "moodle.several" || !strings.Contains(d.Summary, fmt.Sprintf("%d, 9000", s.Plans[0].ID)) {
		t.Errorf("%+v", d)
	}
	cohort := *s.Cohorts[0]
	cohort.ID = 9001
	s.Cohorts = append(s.Cohorts, &cohort)
	if d := wrote(t, connected(t, address, ""), batch)[0].Diagnostic; d == nil || d.Code != "moodle.several" || !strings.Contains(d.Summary, "9001") {
		t.Errorf("%+v", d)
	}
}

// TestScale: a new framework needs a scale; one that is there keeps its own.
func TestScale(t *testing.T) {
	s, address := place(t, moodletest.Options{}, nil)
	batch := of(records(t), "wrenmoor")
	for settings, want := range map[string]string{`"scale":["no","yes"]`: "no scale with the words no, yes", `"scale_id":40`: "scale_id"} {
		if _, err := connected(t, address, settings).Write(t.Context(), sdk.Run{}, batch); code(t, err) != "moodle.scale" || !strings.Contains(err.Error(), want) {
			t.Errorf("%v", err)
		}
	}
	if s.Calls("create") != 0 {
		t.Error("something was made before the settings were known not to fit")
	}
	if n := s.Calls("get_scale_values"); n > 20 {
		t.Errorf("%d calls", n)
	}
	all(t, wrote(t, connected(t, address, `"scale_id":2`), batch), sdk.Created)
	if f := s.Frameworks[0]; f.ScaleID != 2 || f.ScaleConfiguration != `[{"scaleid":"2"},{"id":1,"scaledefault":0,"proficient":0},{"id":2,"scaledefault":1,"proficient":1}]` {
		t.Errorf("%+v", f)
	}
	all(t, wrote(t, connected(t, address, `"scale":["no","yes"]`), batch), sdk.Unchanged)
}

// TestCategory: new courses go where the user says, or where there is no choice.
func TestCategory(t *testing.T) {
	s, address := place(t, moodletest.Options{}, nil)
	batch := of(records(t), "wrenmoor")
	s.Categories = []moodletest.Category{{ID: 1}, {ID: 4, IDNumber: "clients"}, {ID: 5, IDNumber: "1"}}
	for settings, want := range map[string]string{"": "moodle.category", `"category":"9"`: "moodle.category", `"category":"1"`: "moodle.category"} {
		if _, err := connected(t, address, settings).Write(t.Context(), sdk.Run{}, batch); code(t, err) != want {
			t.Errorf("%s: %v", settings, err)
		}
	}
	if len(s.Frameworks) != 0 {
		t.Error("something was made before the settings were known not to fit")
	}
	all(t, wrote(t, connected(t, address, `"course":false`), batch), sdk.Created)
	if len(s.Courses) != 0 {
		t.Error("a course was made")
	}
	wrote(t, connected(t, address, `"category":"clients"`), batch)
	if len(s.Courses) != 1 || s.Courses[0].Category != 4 {
		t.Errorf("%+v", s.Courses)
	}
	s.Look(func() { s.Courses = nil })
	hidden, at := place(t, moodletest.Options{Lacks: []string{"moodle/category:manage"}}, nil)
	hidden.Categories = s.Categories
	if _, err := connected(t, at, `"category":"clients"`).Write(t.Context(), sdk.Run{}, batch); code(t, err) != "moodle.category" || hidden.Calls("create") != 0 {
		t.Errorf("%v: who may not manage categories is shown no ID numbers", err)
	}
	wrote(t, connected(t, at, `"category":"5"`), batch)
	if len(hidden.Courses) != 1 || hidden.Courses[0].Category != 5 {
		t.Errorf("%+v", hidden.Courses)
	}
	s.Categories = nil
	if _, err := connected(t, address, "").Write(t.Context(), sdk.Run{}, records(t)); code(t, err) != "moodle.category" {
		t.Error(err)
	}
}

// TestMemberFields: people are found by what the user calls them, in any case, and never
// made; whom the name does not tell apart is left out.
func TestMemberFields(t *testing.T) {
	s, address := staffed(t, moodletest.Options{})
	s.AddUser("twin", "anna@wrenmoor.example", "")
	s.AddUser("erik", "Erik@Wrenmoor.example", "")
	for settings, want := range map[string]int{
		`"member_field":"email","members":{"wrenmoor/Maintenance":"BERT@wrenmoor.example, Erik@Wrenmoor.example, anna@wrenmoor.example"}`: 2,
		`"member_field":"idnumber","members":{"wrenmoor/Reservations and Sales":"N-bert,n-bert,N-cleo"}`:                                  2,
	} {
		wrote(t, connected(t, address, settings), of(records(t), "wrenmoor"))
		total := 0
		for _, c := range s.Cohorts {
			total += len(c.Members)
			c.Members = nil
		}
		if total != want {
			t.Errorf("%s: %d", settings, total)
		}
	}
	if len(s.Users) != 6 {
		t.Error("a user was made")
	}
	blind, address := staffed(t, moodletest.Options{Lacks: []string{"moodle/site:viewuseridentity"}})
	outcomes := wrote(t, connected(t, address, `"member_field":"email","members":{"wrenmoor/Maintenance":"bert@wrenmoor.example"}`), of(records(t), "wrenmoor"))
	if d := outcomes[0].Diagnostic; d == nil || !strings.Contains(d.Summary, "1 of 1 by email") || !strings.Contains(d.Hint, "--force") || len(blind.Users) != 4 {
		t.Errorf("%+v", d)
	}
}

// TestNewCourse: a course begins on the day on which it is made, which stays, and is
// hidden; where Moodle shows it all the same, that is told.
func TestNewCourse(t *testing.T) {
	batch := of(records(t), "wrenmoor")
	for capability, visible := range map[string]bool{"": false, "moodle/course:visibility": true} {
		s, address := place(t, moodletest.Options{Lacks: []string{capability}}, nil)
		outcomes := wrote(t, connected(t, address, ""), batch)
		if s.Courses[0].Visible != visible {
			t.Fatalf("%q: %+v", capability, s.Courses[0])
		}
		if d := outcomes[0].Diagnostic; (d != nil) != visible || visible && !strings.Contains(d.Summary, "moodle/course:visibility") {
			t.Errorf("%q: %+v", capability, d)
		}
		if want := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC).Unix(); s.Courses[0].Start != want {
			t.Errorf("begins %d, not %d", s.Courses[0].Start, want)
		}
		later, err := Exporter{Now: func() time.Time { return today().AddDate(0, 1, 0) }, Sleep: asleep}.Open(t.Context(), config(t, address, token, ""), false)
		if err != nil {
			t.Fatal(err)
		}
		if o := wrote(t, later, batch); o[0].Status != sdk.Unchanged || o[0].Diagnostic != nil {
			t.Errorf("%+v", o[0])
		}
	}
}

// TestCompetenciesOff: a site without competencies ends the export with the switch.
func TestCompetenciesOff(t *testing.T) {
	s, address := place(t, moodletest.Options{Off: true}, nil)
	_, err := connected(t, address, "").Write(t.Context(), sdk.Run{}, records(t))
	var d *sdk.Diagnostic
	if !errors.As(err, &d) || d.Code != "moodle.competencies" || !strings.Contains(d.Hint, "Site administration > Competencies > Enable") || s.Calls("create") != 0 {
		t.Errorf("%v", err)
	}
}
