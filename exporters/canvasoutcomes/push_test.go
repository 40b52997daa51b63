package canvasoutcomes

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/canvasoutcomes/canvastest"
	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
	"github.com/firstcall-cli/firstcall/exporters/internal/faulty"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// twice reports groups and outcomes that are not there exactly once.
func twice(t *testing.T, c *canvastest.Server) {
	t.Helper()
	for guid, trails := range c.GUIDs() {
		if len(trails) != 1 {
			t.Errorf("%s is there %d times: %q", guid, len(trails), trails)
		}
	}
}

// TestPush: made, left alone, changed.
func TestPush(t *testing.T) {
	c := canvastest.New(canvastest.Options{Steps: 3})
	address := serve(t, c, nil)
	records := taken(t) // of ferry-landing, which is withheld, of ivy-corner twice, and of wrenmoor
	s := open(t, address)
	if id := s.Target().ID; id != strings.TrimPrefix(address, "http://")+"/accounts/1" || s.Target().Label != "Account 1" {
		t.Errorf("target %+v", s.Target())
	}
	plan, err := s.Plan(t.Context(), sdk.Run{}, records)
	if err != nil || statuses(plan) != "unchanged created created created" || c.Imports() != 0 {
		t.Errorf("plan %s, %v, %d imports", statuses(plan), err, c.Imports())
	}
	if want := "new group: The wrenmoor\nnew group: What The wrenmoor stands for\nnew group: Warmth\nnew outcome: Every guest is greeted within ten seconds.\nnew group: Care\nnew group: Service standards\nnew outcome: Keys are never handed over without a name."; plan[3].Diff != want {
		t.Errorf("plan %q", plan[3].Diff)
	}
	first := write(t, s, records)
	if statuses(first) != "unchanged created created created" || c.Imports() != 1 {
		t.Errorf("first %s in %d imports", statuses(first), c.Imports())
	}
	if got := fmt.Sprint(first[1].Remote, first[2].Remote); got != "[{outcome_group firstcall.ivy-corner.four-steps}] [{outcome_group firstcall.ivy-corner.values}]" {
		t.Errorf("remote %s", got)
	}
	for name, s := range map[string]sdk.Session{"the same process": s, "another": open(t, address, `"account":"1"`)} {
		if again := write(t, s, records); statuses(again) != "unchanged unchanged unchanged unchanged" || c.Imports() != 1 || fmt.Sprint(again[3].Remote) != fmt.Sprint(first[3].Remote) {
			t.Errorf("%s: again %s in %d imports", name, statuses(again), c.Imports())
		}
	}
	id := c.Group("firstcall.wrenmoor.values").ID
	records[3] = changed(t, records[3], "We mean it", "We always mean it")
	out := write(t, s, records)
	if statuses(out) != "unchanged unchanged unchanged updated" || c.Imports() != 2 || c.Group("firstcall.wrenmoor.values").ID != id {
		t.Errorf("changed %s in %d imports", statuses(out), c.Imports())
	}
	if got := c.Group("firstcall.wrenmoor.values.warmth").Description; !strings.HasPrefix(got, "We always mean it") {
		t.Errorf("meaning %q", got)
	}
	twice(t, c)
}

// TestPutRight: what somebody changed in Canvas is put right, each difference by itself.
func TestPutRight(t *testing.T) {
	c := canvastest.New(canvastest.Options{})
	s := open(t, serve(t, c, nil))
	records := []sdk.Record{organization(t, "acme")}
	write(t, s, records)
	var guid string
	for g := range c.GUIDs() {
		if strings.HasPrefix(g, "firstcall.acme.values.warmth.") {
			guid = g
		}
	}
	elsewhere := c.AddGroup(canvastest.Account, "By hand")
	for name, change := range map[string]func(){
		"title":       func() { c.Outcome(guid).Title = "Other" },
		"description": func() { c.Outcome(guid).Description = "Other" },
		"mastery":     func() { c.Outcome(guid).Mastery = 2 },
		"points":      func() { c.Outcome(guid).Ratings[1].Points = 2.5 },
		"words":       func() { c.Outcome(guid).Ratings[1].Text = "Often" },
		"tiers":       func() { c.Outcome(guid).Ratings = c.Outcome(guid).Ratings[:2] },
		"removed":     func() { c.Outcome(guid).Groups = nil },
		"moved":       func() { c.Outcome(guid).Groups = []int64{elsewhere} },
		"group":       func() { c.Group("firstcall.acme.values.warmth").Title = "Other" },
		"meaning":     func() { c.Group("firstcall.acme.values.warmth").Description = "" },
		"group moved": func() { c.Group("firstcall.acme.values.warmth").Parent = elsewhere },
		"client":      func() { c.Group("firstcall.acme").Title = "Other" },
	} {
		write(t, s, records)
		before := c.Imports()
		change()
		fresh := open(t, "http://"+strings.Split(s.Target().ID, "/")[0])
		if out := write(t, fresh, records); statuses(out) != "updated" || c.Imports() != before+1 {
			t.Errorf("%s: %s in %d imports", name, statuses(out), c.Imports()-before)
		}
		if out := write(t, fresh, records); statuses(out) != "unchanged" {
			t.Errorf("%s: then %s", name, statuses(out))
		}
	}
	twice(t, c)
}

// TestFaults: requests that are refused for a while and answers that are lost change
// nothing about what is there in the end.
func TestFaults(t *testing.T) {
	for seed := range uint64(25) {
		c := canvastest.New(canvastest.Options{Steps: 2})
		wire := faulty.New(c, faulty.Rates{TooMany: 0.15, Dropped: 0.15}, seed)
		wire.Refusal = func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			w.Header().Set("X-Rate-Limit-Remaining", "0.0")
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprintln(w, "403 Forbidden (Rate Limit Exceeded)")
		}
		address := serve(t, c, wire)
		var s sdk.Session
		for try := 0; s == nil && try < 20; try++ { // that it opens is for the user to try again
			s, _ = Exporter{Sleep: (&asleep{}).sleep}.Open(t.Context(), config(t, address), true)
		}
		if s == nil {
			t.Fatal("never opened")
		}
		records := taken(t)
		exporttest.Write(t, s, records)
		records[3] = changed(t, records[3], "We mean it", "We always mean it")
		if count := exporttest.Write(t, s, records); count[sdk.Updated]+count[sdk.Unchanged] != 4 {
			t.Errorf("seed %d: %v", seed, count)
		}
		tooMany, dropped := wire.Failed()
		if seed == 0 && (tooMany == 0 || dropped == 0) {
			t.Errorf("nothing failed: %d, %d", tooMany, dropped)
		}
		twice(t, c)
		if n := len(c.GUIDs()); n != 6+6+7 {
			t.Errorf("seed %d: %d groups and outcomes", seed, n)
		}
		if s, err := (Exporter{}).Open(t.Context(), config(t, serve(t, c, nil)), true); err != nil || statuses(write(t, s, records)) != "unchanged unchanged unchanged unchanged" {
			t.Errorf("seed %d: at the end it is not as wanted: %v", seed, err)
		}
	}
}

// TestLostAnswer: an import whose answer was lost is waited for and sent again, which
// makes nothing twice.
func TestLostAnswer(t *testing.T) {
	c := canvastest.New(canvastest.Options{Steps: 5})
	lose := 1
	address := serve(t, c, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && lose > 0 {
			lose--
			c.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
		c.ServeHTTP(w, r)
	}))
	s := open(t, address)
	if out := write(t, s, taken(t)); statuses(out) != "unchanged created created created" || c.Imports() != 2 {
		t.Errorf("%s in %d imports", statuses(out), c.Imports())
	}
	twice(t, c)
	lose = 100
	records := taken(t)
	records[3] = changed(t, records[3], "We mean it", "We always mean it")
	if out := write(t, s, records); statuses(out) != "unchanged unchanged unchanged retry" || codes(out) != "canvas-outcomes.empty - - canvas-outcomes.busy" {
		t.Errorf("%s: %s", statuses(out), codes(out))
	}
	if n := c.Imports(); n != 2+rounds {
		t.Errorf("%d imports", n)
	}
}

// TestInDoubt: what an earlier run may have sent is waited for, then looked for.
func TestInDoubt(t *testing.T) {
	c := canvastest.New(canvastest.Options{Steps: 4})
	records := taken(t)
	for i := range records {
		records[i].InDoubt = true
	}
	address := serve(t, c, nil)
	if out := write(t, open(t, address), records); statuses(out) != "unchanged created created created" { // never sent
		t.Errorf("never sent: %s", statuses(out))
	}
	files, _ := exporttest.Render(t, Exporter{}, `{"prefix":"other"}`, records)
	s := open(t, address, `"prefix":"other"`)
	for name, body := range files { // sent, and under way
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/api/v1/accounts/1/outcome_imports?import_type=instructure_csv", strings.NewReader(string(body)))
		if err != nil {
			t.Fatal(err)
		}
		request.Header = http.Header{"Authorization": {"Bearer " + canvastest.Token}, "Content-Type": {"text/csv"}}
		answer, err := http.DefaultClient.Do(request)
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatalf("%s: %v, %v", name, answer, err)
		}
		answer.Body.Close()
	}
	out := write(t, s, records)
	c.Run()
	if got := statuses(out); strings.Contains(got, "retry") || strings.Contains(got, "rejected") {
		t.Errorf("under way: %s, %s", got, codes(out))
	}
	twice(t, c)
}

// TestRefusedRow: a row that Canvas refuses is told with its record, and the rest is kept.
func TestRefusedRow(t *testing.T) {
	c := canvastest.New(canvastest.Options{Refuse: func(r canvastest.Row) string {
		if r.Title == "Every guest is greeted within ten seconds." && strings.Contains(r.GUID, "wrenmoor") {
			return "Title is not to our taste."
		}
		return ""
	}})
	s := open(t, serve(t, c, nil))
	out := write(t, s, taken(t))
	if statuses(out) != "unchanged created created rejected" || codes(out) != "canvas-outcomes.empty - - canvas-outcomes.row" {
		t.Fatalf("%s: %s", statuses(out), codes(out))
	}
	if want := "Canvas refuses “Every guest is greeted within ten seconds”: Title is not to our taste"; out[3].Diagnostic.Summary != want {
		t.Errorf("summary %q", out[3].Diagnostic.Summary)
	}
	if c.Group("firstcall.wrenmoor.values.standards") == nil || c.Group("firstcall.ivy-corner.values") == nil {
		t.Error("what is right was not kept")
	}
}

// TestManyErrors: Canvas tells 25 errors. What it does not tell about is looked at: what is
// there counts as written, the rest comes again.
func TestManyErrors(t *testing.T) {
	var records []sdk.Record
	for i := range 40 {
		records = append(records, organization(t, fmt.Sprintf("client-%02d", i)))
	}
	bad := func(r canvastest.Row) bool {
		return strings.HasPrefix(r.Title, "Keys") && !strings.Contains(r.GUID, "client-3")
	}
	c := canvastest.New(canvastest.Options{Refuse: func(r canvastest.Row) string {
		if bad(r) {
			return "no"
		}
		return ""
	}})
	s := open(t, serve(t, c, nil))
	out := write(t, s, records)
	count := map[sdk.Status]int{}
	for i, o := range out {
		count[o.Status]++
		if i >= 30 && o.Status != sdk.Created {
			t.Errorf("client-%d: %+v", i, o)
		}
	}
	if count[sdk.Rejected] != 25 || count[sdk.Retry] != 5 || count[sdk.Created] != 10 {
		t.Errorf("%v", count)
	}
	var again []sdk.Record
	for i, o := range out {
		if o.Status == sdk.Retry {
			again = append(again, records[i])
		}
	}
	if out := write(t, s, again); statuses(out) != "rejected rejected rejected rejected rejected" {
		t.Errorf("then %s", statuses(out))
	}
	twice(t, c)
}

// TestBreaks: an import that breaks as a whole, or never ends, comes again later.
func TestBreaks(t *testing.T) {
	c := canvastest.New(canvastest.Options{Breaks: true})
	address := serve(t, c, nil)
	s := open(t, address)
	out := write(t, s, taken(t))
	if statuses(out) != "unchanged retry retry retry" || codes(out) != "canvas-outcomes.empty canvas-outcomes.import canvas-outcomes.import canvas-outcomes.import" {
		t.Errorf("%s: %s", statuses(out), codes(out))
	}
	c.Breaks, c.Hangs = false, true
	clock := &asleep{}
	slow, err := Exporter{Sleep: clock.sleep}.Open(t.Context(), config(t, address), false)
	if err != nil {
		t.Fatal(err)
	}
	if out := write(t, slow, taken(t)); statuses(out) != "unchanged retry retry retry" || clock.slept < longestImport || clock.slept > longestImport+longestPause {
		t.Errorf("%s after %s", statuses(out), clock.slept)
	}
	imports := c.Imports()
	if out := write(t, slow, taken(t)); statuses(out) != "retry retry retry retry" || c.Imports() != imports {
		t.Errorf("while it hangs, nothing more is sent: %s, %d imports more", statuses(out), c.Imports()-imports)
	}
	c.Hangs = false
	if out := write(t, slow, taken(t)); statuses(out) != "unchanged unchanged unchanged unchanged" || c.Imports() != imports {
		t.Errorf("%s", statuses(out))
	}
}

// TestPages: more groups and outcomes than fit on a page.
func TestPages(t *testing.T) {
	var records []sdk.Record
	for i := range 60 {
		records = append(records, organization(t, fmt.Sprintf("client-%02d", i)))
	}
	many := organization(t, "many", func(o *record.Organization) {
		for i := range 250 {
			o.Standards = append(o.Standards, record.Standard{Text: fmt.Sprintf("Standard %d", i), Value: "Care"})
		}
	})
	records = append(records, many)
	c := canvastest.New(canvastest.Options{})
	address := serve(t, c, nil)
	s := open(t, address)
	write(t, s, records)
	before := c.Count("GET outcome_groups")
	out := write(t, open(t, address), records)
	for i, o := range out {
		if o.Status != sdk.Unchanged {
			t.Errorf("%s: %+v", records[i].Key, o)
		}
	}
	// 60 clients with 5 groups and one more are 4 pages; outcomes are read in 2 groups of
	// each client, and in one of them there are 3 pages.
	if n := c.Count("GET outcome_groups") - before; n != 4+60*2+2+3 {
		t.Errorf("%d lists were read", n)
	}
}

// TestGroup: the groups of clients can be put into another.
func TestGroup(t *testing.T) {
	c := canvastest.New(canvastest.Options{})
	id := c.AddGroup(canvastest.Account, "Clients")
	address := serve(t, c, nil)
	group := fmt.Sprintf(`"group":"%d"`, id)
	s := open(t, address, group)
	if !strings.HasSuffix(s.Target().ID, fmt.Sprintf("/accounts/1/groups/%d", id)) || s.Target().Label != "Account 1, Clients" {
		t.Errorf("target %+v", s.Target())
	}
	records := []sdk.Record{organization(t, "acme")}
	if out := write(t, s, records); statuses(out) != "created" || c.GUIDs()["firstcall.acme"][0] != "Account > Clients > The acme" {
		t.Errorf("%s: %q", statuses(out), c.GUIDs())
	}
	if out := write(t, open(t, address), records); statuses(out) != "unchanged" { // where it is was said by nobody
		t.Errorf("without the setting: %s", statuses(out))
	}
	c.Group("firstcall.acme").Parent = c.Group("firstcall.acme").Parent - 1
	if out := write(t, open(t, address, group), records); statuses(out) != "updated" || c.GUIDs()["firstcall.acme"][0] != "Account > Clients > The acme" {
		t.Errorf("moved: %s: %q", statuses(out), c.GUIDs()["firstcall.acme"])
	}
	_, err := Exporter{Sleep: (&asleep{}).sleep}.Open(t.Context(), config(t, address, `"group":"999999"`), false)
	if d := (*sdk.Diagnostic)(nil); !errors.As(err, &d) || d.Field != "group" {
		t.Errorf("unknown group: %v", err)
	}
}

// TestOtherAccount: an id that another account has is refused with what to do about it,
// and with another prefix there is no trouble.
func TestOtherAccount(t *testing.T) {
	c := canvastest.New(canvastest.Options{})
	address := serve(t, c, nil)
	records := []sdk.Record{organization(t, "acme")}
	write(t, open(t, address, `"account":"2"`), records)
	out := write(t, open(t, address), records)
	if statuses(out) != "rejected" || !strings.Contains(out[0].Diagnostic.Summary, "belongs to the account 2") || !strings.Contains(out[0].Diagnostic.Hint, "prefix") {
		t.Errorf("%+v", out[0].Diagnostic)
	}
	if out := write(t, open(t, address, `"prefix":"second"`), records); statuses(out) != "created" {
		t.Errorf("%+v", out[0].Diagnostic)
	}
}

// TestScales: where the account's own mastery scales count, an outcome never looks as it
// was sent. It is sent again only when its record comes.
func TestScales(t *testing.T) {
	c := canvastest.New(canvastest.Options{Scales: true})
	s := open(t, serve(t, c, nil))
	records := []sdk.Record{organization(t, "acme")}
	if out := write(t, s, records); statuses(out) != "created" {
		t.Errorf("%s", statuses(out))
	}
	if out := write(t, s, records); statuses(out) != "updated" {
		t.Errorf("%s", statuses(out))
	}
	twice(t, c)
}

// TestRights: what the user may not do ends the export, whatever status says it, and is
// told from being asked to wait.
func TestRights(t *testing.T) {
	for name, c := range map[string]struct {
		options canvastest.Options
		token   string
		want    string
	}{
		"wrong token":         {canvastest.Options{}, "wrong", "canvas-outcomes.token"},
		"account":             {canvastest.Options{Rights: func(m string) bool { return false }}, canvastest.Token, "canvas-outcomes.permission"},
		"imports":             {canvastest.Options{Rights: func(m string) bool { return !strings.Contains(m, "outcome_imports") }}, canvastest.Token, "canvas-outcomes.permission"},
		"imports, old answer": {canvastest.Options{Old: true, Rights: func(m string) bool { return !strings.Contains(m, "outcome_imports") }}, canvastest.Token, "canvas-outcomes.permission"},
	} {
		address := serve(t, canvastest.New(c.options), nil)
		cfg, err := sdk.ParseConfig(Exporter{}.Info().Config, []byte(`{"push":true,"url":"`+address+`"}`), map[string]string{"token": c.token})
		if err != nil {
			t.Fatal(err)
		}
		_, err = Exporter{Sleep: (&asleep{}).sleep}.Open(t.Context(), cfg, true)
		var d *sdk.Diagnostic
		if !errors.As(err, &d) || d.Code != c.want || strings.Contains(d.Summary+d.Hint, c.token) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Rights that are taken away later end the export, too.
	options := canvastest.New(canvastest.Options{})
	s := open(t, serve(t, options, nil))
	options.Rights = func(m string) bool { return !strings.HasPrefix(m, "POST") }
	var d *sdk.Diagnostic
	if _, err := s.Write(t.Context(), sdk.Run{}, taken(t)); !errors.As(err, &d) || d.Code != "canvas-outcomes.permission" {
		t.Errorf("%v", err)
	}
}

// TestWrongPlace: an address that is no Canvas is told as such.
func TestWrongPlace(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		field  string
	}{
		"a page": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") }, "url"},
		"moved": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://elsewhere.example", http.StatusFound)
		}, "url"},
		"no account": {func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, `{"errors":[{"message":"there is no such thing"}]}`, 404)
		}, "account"},
	} {
		h := httptest.NewServer(c.answer)
		_, err := Exporter{Sleep: (&asleep{}).sleep}.Open(t.Context(), config(t, h.URL), false)
		h.Close()
		var d *sdk.Diagnostic
		if !errors.As(err, &d) || d.Field != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCanceled: a call that is canceled ends, also while an import is waited for.
func TestCanceled(t *testing.T) {
	c := canvastest.New(canvastest.Options{Hangs: true})
	s, err := Exporter{}.Open(t.Context(), config(t, serve(t, c, nil)), false)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := contextOf(t, 300*time.Millisecond)
	defer cancel()
	begun := time.Now()
	if _, err := s.Write(ctx, sdk.Run{}, taken(t)); err == nil || time.Since(begun) > 2*time.Second {
		t.Errorf("%v after %s", err, time.Since(begun))
	}
}

// TestRefusedRecords: what can't be read is refused beside what can.
func TestRefusedRecords(t *testing.T) {
	torn := organization(t, "torn")
	torn.JSON = torn.JSON[:20]
	out := write(t, open(t, serve(t, canvastest.New(canvastest.Options{}), nil)), []sdk.Record{organization(t, "acme"), torn})
	if statuses(out) != "created rejected" || !slices.Equal(strings.Fields(codes(out)), []string{"-", "canvas-outcomes.record"}) {
		t.Errorf("%s: %s", statuses(out), codes(out))
	}
}

// TestWaves: all waves of an instrument are one group, worded as in the latest.
func TestWaves(t *testing.T) {
	latest := taken(t)[1]
	earlier := changed(t, changed(t, changed(t, latest, `"as_of":"2026-09-30"`, `"as_of":"2025-09-30"`), `"ivy-corner/assessment/four-steps"`, `"ivy-corner/assessment/four-steps/2025"`), `Working climate`, `Climate at work`)
	c := canvastest.New(canvastest.Options{})
	s := open(t, serve(t, c, nil))
	if out := write(t, s, []sdk.Record{latest, earlier}); statuses(out) != "created created" || fmt.Sprint(out[0].Remote) != fmt.Sprint(out[1].Remote) {
		t.Errorf("%s: %+v", statuses(out), out)
	}
	if o := c.Outcome("firstcall.ivy-corner.four-steps.climate"); o == nil || o.Title != "Working climate" {
		t.Errorf("%+v", o)
	}
	twice(t, c)
}

// TestUnnamed: records that only know a client's id leave the title as it is.
func TestUnnamed(t *testing.T) {
	c := canvastest.New(canvastest.Options{})
	s := open(t, serve(t, c, nil))
	named := taken(t)[1]
	title := c.Group
	write(t, s, []sdk.Record{named, organization(t, "ivy-corner")})
	was := title("firstcall.ivy-corner").Title
	bare := changed(t, named, "Working climate", "Climate at work")
	if out := write(t, s, []sdk.Record{bare}); statuses(out) != "updated" {
		t.Errorf("%s", statuses(out))
	}
	if now := title("firstcall.ivy-corner").Title; was == "ivy-corner" || now != was {
		t.Errorf("%q, and it was %q", now, was)
	}
}
