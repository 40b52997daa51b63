package xapi

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
	"github.com/firstcall-cli/firstcall/exporters/xapi/lrstest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// between stands before an LRS and does as it likes with what is posted. It counts that.
type between struct {
	*lrstest.Server
	posts atomic.Int64
	post  func(s *lrstest.Server, w http.ResponseWriter, r *http.Request)
}

func (b *between) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		b.Server.ServeHTTP(w, r)
		return
	}
	b.posts.Add(1)
	b.post(b.Server, w, r)
}

// TestLostAnswer: what was stored is looked up, and not sent again; what was not is sent
// again, and left for later at last.
func TestLostAnswer(t *testing.T) {
	carriedOut := func(s *lrstest.Server, _ http.ResponseWriter, r *http.Request) {
		s.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	}
	for name, test := range map[string]struct {
		post          func(s *lrstest.Server, w http.ResponseWriter, r *http.Request)
		status        sdk.Status
		posts, stored int
	}{
		"carried out":        {carriedOut, sdk.Created, 1, ofAcme},
		"not carried out":    {func(*lrstest.Server, http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, sdk.Retry, mostTries, 0},
		"failed":             {func(_ *lrstest.Server, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, sdk.Retry, mostTries, 0},
		"answered by others": {func(_ *lrstest.Server, w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("[]")) }, sdk.Retry, mostTries, 0},
	} {
		b := &between{Server: lrstest.New(lrstest.Options{}), post: test.post}
		out := write(t, serve(t, b), acme().record(t))
		if live, _, _ := b.Count(); out[0].Status != test.status || int(b.posts.Load()) != test.posts || live != test.stored {
			t.Errorf("%s: %v after %d requests, and %d are there: %+v", name, out[0].Status, b.posts.Load(), live, out[0].Diagnostic)
		}
	}
}

// TestLostWaves: nothing is doubled where each answer is lost, wave after wave.
func TestLostWaves(t *testing.T) {
	b := &between{Server: lrstest.New(lrstest.Options{})}
	b.post = func(s *lrstest.Server, _ http.ResponseWriter, r *http.Request) {
		s.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	}
	address := serve(t, b)
	first, second := acme(), acme()
	second.wave, second.day = "2027-q1", "2027-03-31"
	for range 2 {
		write(t, address, first.record(t))
		write(t, address, second.record(t))
		counts(t, b.Server, 6+7, 1, 1)
	}
	if got := assigned(b.Server); got != "acme/front-desk 2027-q1" || b.posts.Load() != 3 {
		t.Errorf("%s after %d requests", got, b.posts.Load())
	}
}

// TestTakenBackTwice: an assignment that another record takes back at the same time is
// taken back.
func TestTakenBackTwice(t *testing.T) {
	b := &between{Server: lrstest.New(lrstest.Options{Once: true})}
	address := serve(t, b)
	pass := func(s *lrstest.Server, w http.ResponseWriter, r *http.Request) { s.ServeHTTP(w, r) }
	b.post = pass
	first, second := acme(), acme()
	second.wave, second.day = "2027-q1", "2027-03-31"
	write(t, address, first.record(t))
	clients, _ := learning.Join([]sdk.Record{first.record(t)}, options(config(t, `{}`, nil)))
	m := newMaker(config(t, `{}`, nil))
	old := newFound(b.Live()[6])
	text, err := json.Marshal(m.void(clients[0], clients[0].Assessments[0], str(old.content, "context", "registration"), old.id))
	if err != nil {
		t.Fatal(err)
	}
	var other map[string]any
	if err := json.Unmarshal(text, &other); err != nil {
		t.Fatal(err)
	}
	b.post = func(s *lrstest.Server, w http.ResponseWriter, r *http.Request) {
		if b.posts.Load() == 3 { // the assignments and scores are there, and now comes the voiding
			s.Put(other)
		}
		s.ServeHTTP(w, r)
	}
	wants(t, write(t, address, second.record(t)), sdk.Created)
	counts(t, b.Server, 6+7, 1, 1)
}

// TestConflictWithNothing: a conflict with a statement that is not there is tried once
// more, and told when it comes again.
func TestConflictWithNothing(t *testing.T) {
	for most, want := range map[int64]sdk.Status{3: sdk.Created, 1000: sdk.Rejected} {
		b := &between{Server: lrstest.New(lrstest.Options{})}
		b.post = func(s *lrstest.Server, w http.ResponseWriter, r *http.Request) {
			if b.posts.Load() <= most {
				w.WriteHeader(http.StatusConflict)
				return
			}
			s.ServeHTTP(w, r)
		}
		// Seven are divided into three and four, three into one and two: the fourth request
		// is of one again.
		out := write(t, serve(t, b), acme().record(t))
		if out[0].Status != want {
			t.Errorf("%d conflicts: %v %+v", most, out[0].Status, out[0].Diagnostic)
		}
	}
}

// TestVoidIsTheClients: what takes a statement back names no department.
func TestVoidIsTheClients(t *testing.T) {
	clients, _ := learning.Join([]sdk.Record{acme().record(t)}, options(config(t, `{}`, nil)))
	m := newMaker(config(t, `{}`, nil))
	const id = "6690e6c9-3ef0-4ed3-8b37-7f3964730bee"
	v := m.void(clients[0], clients[0].Assessments[0], registrationOfNobody, id)
	if v.Actor.Account.Name != "acme" || v.Actor.Name != "Acme Ltd" || v.Object != (activity{ObjectType: "StatementRef", ID: id}) || v.Verb.ID != "http://adlnet.gov/expapi/verbs/voided" {
		t.Errorf("%+v", v)
	}
	if again := m.void(clients[0], clients[0].Assessments[0], registrationOfNobody, id); again.ID != v.ID {
		t.Error("a statement is voided by two")
	}
}
