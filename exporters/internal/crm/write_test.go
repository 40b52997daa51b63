package crm

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

var (
	errBusy  = &web.Busy{After: 3 * time.Second, Text: "a row is locked"}
	errQuota = &web.Quota{Text: "the calls of the day are used up"}
	errLost  = &web.Unsure{Text: "no answer came"}
)

// failing fails calls of one sort one after the other: "before" is lost on the way there,
// "after" on the way back, "busy" and "quota" are not carried out, "-" is well.
func failing(which string, how ...string) func(string) (before, after error) {
	return func(call string) (error, error) {
		if call != which || len(how) == 0 {
			return nil, nil
		}
		now := how[0]
		how = how[1:]
		switch now {
		case "before":
			return errLost, nil
		case "after":
			return nil, errLost
		case "busy":
			return errBusy, nil
		case "quota":
			return errQuota, nil
		}
		return nil, nil
	}
}

const whole = "8 inn The inn index=59.95; 9 note at 8 Service culture, Three, q3; 10 task at 8 Do one"

// An answer that is lost is no reason to make a thing twice, nor to leave it out.
func TestLostAnswers(t *testing.T) {
	ways := [][]string{{}}
	for begin := 0; len(ways) < 1+2+4+8; {
		some := ways[begin:]
		begin = len(ways)
		for _, w := range some {
			ways = append(ways, append(slices.Clone(w), "before"), append(slices.Clone(w), "after"))
		}
	}
	for _, call := range []string{"create companies", "create notes", "create tasks"} {
		for _, how := range ways {
			m := newMemory()
			b := opened(t, m, "match=create-only")
			m.fault = failing(call, how...)
			name := fmt.Sprint(call, how)
			expect(t, name, said(b.wrote(everything(t, "inn")...)), "created company:8 note:9; created company:8 task:10; created company:8")
			expect(t, name, m.there("index"), whole)
			var waits []time.Duration
			for i, h := range how { // what was carried out is found, and not sent again
				waits = append(waits, []time.Duration{100, 200, 400}[i]*time.Millisecond)
				if h == "after" {
					break
				}
			}
			if !slices.Equal(b.pauses, waits) {
				t.Errorf("%s: waited %v, want %v", name, b.pauses, waits)
			}
			expect(t, name+" again", said(b.wrote(everything(t, "inn")...)), "unchanged company:8 note:9; unchanged company:8 task:10; unchanged company:8")
		}
	}
}

// One that is found again was made by this run, and is no older one.
func TestLostAndFound(t *testing.T) {
	m := newMemory()
	b := opened(t, m, "")
	b.wrote(everything(t, "inn")...)
	m.entries = map[EntryKind][]Entry{}
	m.fault = failing("create notes", "after")
	expect(t, "outcomes", said(b.wrote(everything(t, "inn")...)), "created company:8 note:11; created company:8 task:12; unchanged company:8")
}

func TestLostAgainAndAgain(t *testing.T) {
	for call, test := range map[string][2]string{
		"create companies": {"retry acme.busy; retry acme.busy; retry acme.busy", ""},
		"create notes":     {"retry company:8 acme.busy; retry company:8 task:9 acme.busy; retry company:8 acme.busy", "8 inn The inn; 9 task at 8 Do one"},
	} {
		m := newMemory()
		m.fault = failing(call, "before", "before", "before", "before")
		b := opened(t, m, "")
		out := b.wrote(everything(t, "inn")...)
		expect(t, call, said(out), test[0])
		expect(t, call, summary(out[0]), "the answers of the server were lost again and again")
		expect(t, call, m.there(), test[1])
		expect(t, call, fmt.Sprint(b.pauses), "[100ms 200ms 400ms 800ms]")
		b.wrote(everything(t, "inn")...)
		if len(m.companies) != 1 || len(m.entries[NoteEntry]) != 1 || len(m.entries[TaskEntry]) != 1 {
			t.Errorf("%s: %s", call, m.there())
		}
	}
	// The fourth was carried out.
	m := newMemory()
	m.fault = failing("create companies", "before", "before", "before", "after")
	expect(t, "at last", said(opened(t, m, "").wrote(everything(t, "inn")...)), "created company:8 note:9; created company:8 task:10; created company:8")
}

// A change whose answer is lost is made again.
func TestLostUpdates(t *testing.T) {
	for _, call := range []string{"update companies", "update notes", "update tasks"} {
		for _, how := range []string{"before", "after"} {
			m := newMemory()
			b := opened(t, m, "")
			b.wrote(everything(t, "inn")...)
			s := aSurvey(t, "inn", "q3", "2026-09-30", index(61))
			task := aPlan(t, s, "one", "two")
			m.entries[TaskEntry][0].Mark.Content = "00000000" // older words
			m.fault = failing(call, how, how)
			expect(t, call+" "+how, said(b.wrote(s, task)), "updated company:8 note:9; created company:8 task:10 task:11")
			expect(t, call+" "+how, m.there("index"), strings.Replace(whole, "59.95", "61", 1)+"; 11 task at 8 Do two")
			expect(t, call+" "+how, said(b.wrote(s, task)), "unchanged company:8 note:9; unchanged company:8 task:10 task:11")
		}
	}
}

// The look-up after a lost answer fails, too.
func TestLookUpAfterLossFails(t *testing.T) {
	for _, call := range []string{"companies", "notes", "tasks"} {
		for _, how := range []string{"busy", "before", "quota"} {
			m := newMemory()
			lost, unseen := failing("create "+call, "after"), func(string) (error, error) { return nil, nil }
			m.fault = func(c string) (error, error) {
				before, after := lost(c)
				if after != nil {
					unseen = failing("find "+call, how)
					return before, after
				}
				return unseen(c)
			}
			b := opened(t, m, "match=create-only")
			out := b.wrote(everything(t, "inn")...)
			want := "retry"
			if how == "quota" {
				want = "deferred"
			}
			for _, o := range out {
				expect(t, call+" "+how, statusWords[o.Status], want)
			}
			m.companies[0].Values["f_index"] = Value{NumberType, "50"} // somebody was there
			if again := b.wrote(everything(t, "inn")...); again[0].Status > sdk.Updated {
				t.Errorf("%s %s: %s", call, how, said(again))
			}
			if len(m.companies) != 1 || len(m.entries[NoteEntry]) != 1 || len(m.entries[TaskEntry]) != 1 {
				t.Errorf("%s %s: %s", call, how, m.there())
			}
		}
	}
}

func TestOnePoisonCompany(t *testing.T) {
	for _, whole := range []bool{true, false} {
		m := newMemory()
		m.whole, m.refuse["client23"] = whole, "the name is not allowed"
		var batch []sdk.Record
		for i := range 50 {
			batch = append(batch, statement(t, fmt.Sprint("client", i), "1", nil, nil))
		}
		out := opened(t, m, "").wrote(batch...)
		for i, o := range out {
			if (o.Status == sdk.Created) != (i != 23) {
				t.Errorf("%d: %+v", i, o)
			}
		}
		expect(t, "outcome", said(out[23:24])+": "+summary(out[23]), "rejected acme.refused: the name is not allowed")
		// 50, 25, 25, 12, 13, 6, 7, ...: at most two for each halving, and the two look-ups.
		if len(m.companies) != 49 || m.writes != 49 || len(m.calls) > 13+2 || !whole && len(m.calls) != 3 {
			t.Errorf("%d companies, %d writes, calls %q", len(m.companies), m.writes, m.calls)
		}
	}
}

// A note or a task that is refused is a matter of its record alone.
func TestRefusedEntry(t *testing.T) {
	for _, whole := range []bool{true, false} {
		m := newMemory()
		m.whole, m.refuse["Do two"] = whole, "the words are not allowed"
		s := aSurvey(t, "inn", "q3", "2026-09-30")
		batch := []sdk.Record{s, aPlan(t, s, "one", "two", "three"), statement(t, "inn", "1", nil, nil)}
		batch = append(batch, everything(t, "bar")...)
		b := opened(t, m, "")
		out := b.wrote(batch...)
		expect(t, "outcomes", said(out), "created company:8 note:10; rejected company:8 task:12 task:13 acme.refused; created company:8; "+
			"created company:9 note:11; created company:9 task:14; created company:9")
		expect(t, "reason", summary(out[1]), "the words are not allowed")

		m = newMemory()
		m.whole, m.refuse["Service culture, Three, q3"] = whole, "no notes"
		expect(t, "note", said(opened(t, m, "").wrote(everything(t, "inn")...)), "rejected company:8 acme.refused; created company:8 task:9; created company:8")
	}
}

// A company that is refused takes all its records with it, and nothing is put at it.
func TestRefusedCompany(t *testing.T) {
	m := newMemory()
	m.aCompany("inn", "The Inn")
	m.refuse["inn"], m.refuse["bar"] = "locked for good", "not allowed"
	out := opened(t, m, "").wrote(append(everything(t, "inn"), everything(t, "bar")...)...)
	for i, o := range out {
		expect(t, fmt.Sprint(i), statusWords[o.Status], "rejected")
	}
	expect(t, "there", m.there(), "8 inn The Inn")
}

// When a quota is used up nothing more is asked, of any sort.
func TestQuotaStops(t *testing.T) {
	for call, want := range map[string]string{
		"find companies":   "fields 1; find companies 2",
		"find notes":       "fields 1; find companies 2; find companies 2; find notes 1",
		"find tasks":       "fields 1; find companies 2; find companies 2; find notes 1; find tasks 1",
		"create companies": "fields 1; find companies 2; find companies 2; find notes 1; find tasks 1; create companies 2",
		"update companies": "fields 1; find companies 2; find companies 2; find notes 1; find tasks 1; create companies 2; create companies 1; update companies 1",
		"create notes":     "fields 1; find companies 2; find companies 2; find notes 1; find tasks 1; create companies 2; create companies 1; update companies 1; create notes 2",
	} {
		for _, object := range []bool{false, true} {
			if object && !strings.HasPrefix(call, "create") {
				continue
			}
			m := newMemory()
			m.aCompany("d", "Company")
			m.limits = Limits{Find: 2, Write: 2, Entries: 2}
			if m.fault = failing(call, "quota"); object {
				m.fault = nil
				m.each = func(c, _ string) error {
					if c == call {
						return errQuota
					}
					return nil
				}
			}
			var batch []sdk.Record
			for _, client := range []string{"a", "b", "c", "d"} {
				batch = append(batch, everything(t, client)...)
			}
			b := opened(t, m, "")
			out := b.wrote(batch...)
			expect(t, call, strings.Join(m.calls, "; "), want)
			for i, o := range out {
				if o.Status != sdk.Deferred || o.Diagnostic.Code != "acme.quota" || o.Diagnostic.Summary != errQuota.Text {
					t.Errorf("%s: %d: %+v", call, i, o)
				}
			}
			// The limit is renewed.
			m.each = nil
			for i, o := range b.wrote(batch...) {
				if o.Status > sdk.Unchanged {
					t.Errorf("%s: %d: %+v", call, i, o)
				}
			}
		}
	}
}

// What is not looked at yet is not looked at any more.
func TestQuotaStopsLookUps(t *testing.T) {
	m := newMemory()
	m.limits.Find = 1
	m.aCompany("inn", "The Inn")
	m.aCompany("bar", "Bar")
	m.fault = failing("find notes", "quota")
	out := opened(t, m, "").wrote(append(everything(t, "inn"), everything(t, "bar")...)...)
	expect(t, "calls", strings.Join(m.calls, "; "), "fields 1; find companies 1; find companies 1; find notes 1")
	for i, o := range out {
		expect(t, fmt.Sprint(i), statusWords[o.Status], "deferred")
	}
}

// The records of a client come back together, others do not; of two reasons the one
// counts that lasts longer.
func TestComeBackTogether(t *testing.T) {
	for name, test := range map[string]struct {
		fault map[string]error // by the object
		want  string
	}{
		"busy": {map[string]error{"Do one": errBusy},
			"retry company:8 note:10 acme.busy; retry company:8 task:12 acme.busy; retry company:8 acme.busy; created company:9 note:11"},
		"busy and refused": {map[string]error{"Do one": errBusy, "Do two": &web.Refused{Text: "no"}, "Service culture, Three, q3": &web.Refused{Text: "no"}},
			"retry company:8 acme.busy; retry company:8 acme.busy; retry company:8 acme.busy; rejected company:9 acme.refused"},
		"refused and busy": {map[string]error{"Do one": &web.Refused{Text: "no"}, "Do two": errBusy},
			"retry company:8 note:10 acme.busy; retry company:8 acme.busy; retry company:8 acme.busy; created company:9 note:11"},
		"busy and a quota": {map[string]error{"Do one": errBusy, "Do two": errQuota},
			"deferred company:8 note:10 acme.quota; deferred company:8 acme.quota; deferred company:8 acme.quota; created company:9 note:11"},
		"a quota and busy": {map[string]error{"Do one": errQuota, "Do two": errBusy},
			"deferred company:8 note:10 acme.quota; deferred company:8 acme.quota; deferred company:8 acme.quota; created company:9 note:11"},
		"a quota, and another record is busy": {map[string]error{"Do one": errQuota, "Service culture, Three, q3": errBusy},
			"deferred company:8 acme.quota; deferred company:8 task:10 acme.quota; deferred company:8 acme.quota; retry company:9 acme.busy"},
		"a company": {map[string]error{"inn": errBusy}, "retry acme.busy; retry acme.busy; retry acme.busy; created company:8 note:9"},
	} {
		m := newMemory()
		m.each = func(_, object string) error { return test.fault[object] }
		s := aSurvey(t, "inn", "q3", "2026-09-30")
		out := opened(t, m, "").wrote(s, aPlan(t, s, "one", "two"), statement(t, "inn", "1", nil, nil), aSurvey(t, "bar", "q3", "2026-09-30"))
		expect(t, name, said(out), test.want)
		for i, o := range out {
			if (o.Status == sdk.Retry) != (o.RetryAfter == 3*time.Second) {
				t.Errorf("%s: %d comes back after %s", name, i, o.RetryAfter)
			}
		}
	}
}

// Errors that end the export are worded for people.
func TestEnds(t *testing.T) {
	own := &sdk.Diagnostic{Code: "acme.auth", Summary: "the token is not valid"}
	for _, call := range []string{"fields", "find companies", "create companies", "update companies", "find notes", "create notes", "find tasks", "create tasks"} {
		m := newMemory()
		m.aCompany("bar", "Bar")
		b := opened(t, m, "")
		m.fault = func(c string) (error, error) {
			if c == call {
				return fmt.Errorf("it ends: %w", own), nil
			}
			return nil, nil
		}
		out, err := b.Write(context.Background(), sdk.Run{}, append(everything(t, "inn"), everything(t, "bar")...))
		if out != nil || !errors.Is(err, own) {
			t.Errorf("%s: %v, error %v", call, out, err)
		}
		if last := m.calls[len(m.calls)-1]; !strings.HasPrefix(last, call+" ") {
			t.Errorf("%s: went on to %s", call, last)
		}
	}
}

// schedule fails calls and objects at random.
func schedule(random *rand.Rand, m *memory) {
	m.fault = func(string) (error, error) {
		switch x := random.Float64(); {
		case x < 0.10:
			return errBusy, nil
		case x < 0.20:
			return errLost, nil
		case x < 0.32:
			return nil, errLost
		case x < 0.35:
			return errors.New("killed"), nil
		case x < 0.38:
			return nil, errors.New("killed")
		case x < 0.41:
			return errQuota, nil
		}
		return nil, nil
	}
	m.each = func(string, string) error {
		if random.Float64() < 0.1 {
			return errBusy
		}
		return nil
	}
}

// journal is what a host remembers of records, and sends until they are done.
type journal struct {
	batch  []sdk.Record // as this process sends them
	done   []bool
	doubt  []bool               // sent and not answered
	remote [][]sdk.RemoteObject // told with the last success
}

// again begins another process, which sends records with what is remembered of them.
func (j *journal) again() {
	for i := range j.batch {
		j.batch[i].InDoubt, j.batch[i].Remote = j.doubt[i], j.remote[i]
	}
}

// attempt sends what is not done, and whatever else is of the same clients. It reports
// whether the process goes on.
func (j *journal) attempt(b *bench) bool {
	open := map[string]bool{}
	client := func(i int) string { name, _, _ := strings.Cut(j.batch[i].Key, "/"); return name }
	for i := range j.batch {
		open[client(i)] = open[client(i)] || !j.done[i]
	}
	var at []int
	for i := range j.batch {
		if open[client(i)] {
			at = append(at, i)
		}
	}
	out, err := b.Write(context.Background(), sdk.Run{}, pick(j.batch, at))
	later := false
	for n, i := range at {
		j.done[i], j.doubt[i] = false, err != nil
		switch {
		case err != nil:
		case out[n].Status == sdk.Rejected:
			b.t.Fatalf("%s was rejected: %s", j.batch[i].Key, summary(out[n]))
		case out[n].Status < sdk.Rejected:
			j.done[i], j.remote[i] = true, out[n].Remote
		}
		later = later || err == nil && out[n].Status == sdk.Deferred
	}
	return err == nil && !later
}

// Whatever fails in whatever order, in the end each thing is there once.
func TestAnySchedule(t *testing.T) {
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 7))
		m := newMemory()
		m.limits = Limits{Find: 1 + random.IntN(4), Write: 1 + random.IntN(4), Entries: 1 + random.IntN(4)}
		match := []string{matchUpsert, matchCreate}[seed%2]
		clients := []string{"a", "b", "c", "d", "e"}[:1+random.IntN(5)]
		var j journal
		for _, c := range clients {
			j.batch = append(j.batch, everything(t, c)...)
		}
		n := len(j.batch)
		j.done, j.doubt, j.remote = make([]bool, n), make([]bool, n), make([][]sdk.RemoteObject, n)
		b := opened(t, m, "match="+match)
		schedule(random, m)
		for n := 0; slices.Contains(j.done, false); n++ {
			if n == 2000 {
				t.Fatalf("seed %d: it does not end: %s", seed, m.there())
			}
			if !j.attempt(b) || random.Float64() < 0.1 {
				j.again()
				b = opened(t, m, "match="+match)
			}
		}
		m.fault, m.each = nil, nil
		for _, o := range opened(t, m, "match="+match).wrote(j.batch...) {
			if o.Status != sdk.Unchanged {
				t.Errorf("seed %d: in the end %s", seed, said([]sdk.Outcome{o}))
			}
		}
		if m.writes > 0 || len(m.companies) != len(clients) || len(m.entries[NoteEntry]) != len(clients) || len(m.entries[TaskEntry]) != len(clients) {
			t.Fatalf("seed %d: %d writes more, there is %s", seed, m.writes, m.there())
		}
		for _, c := range m.companies {
			if c.Values["f_index"].Text != "59.95" || c.Values["f_open_actions"].Text != "1" || c.Values["f_lint_errors"].Text != "0" {
				t.Errorf("seed %d: %v", seed, c)
			}
		}
	}
}
