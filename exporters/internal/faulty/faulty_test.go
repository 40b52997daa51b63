package faulty

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// notes is a server that keeps what it is sent.
type notes struct {
	mu  sync.Mutex
	all []string
}

func (n *notes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.all = append(n.all, string(body))
	fmt.Fprint(w, "kept ", string(body))
}

// sent posts a hundred notes one after the other, and says of each whether it was
// answered (.), turned away (4) or lost (-).
func sent(t *testing.T, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	how := ""
	for i := range 100 {
		answer, err := http.Post(server.URL, "text/plain", strings.NewReader(fmt.Sprint("note ", i)))
		if err != nil {
			how += "-"
			continue
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		switch {
		case err == nil && answer.StatusCode == http.StatusOK && string(body) == fmt.Sprint("kept note ", i):
			how += "."
		case err == nil && answer.StatusCode == http.StatusTooManyRequests && answer.Header.Get("Retry-After") == "0" && len(body) == 0:
			how += "4"
		default:
			t.Errorf("%d: %s %q, error %v", i, answer.Status, body, err)
		}
	}
	return how
}

func TestFaults(t *testing.T) {
	kept := &notes{}
	h := New(kept, Rates{TooMany: 0.2, Dropped: 0.1}, 1)
	how := sent(t, h)
	tooMany, dropped := h.Failed()
	if tooMany < 8 || tooMany > 35 || dropped < 3 || dropped > 22 || tooMany != strings.Count(how, "4") || dropped != strings.Count(how, "-") {
		t.Errorf("%d turned away, %d lost: %s", tooMany, dropped, how)
	}
	// What was lost was carried out, once; what was turned away was not.
	var want []string
	for i, c := range how {
		if c != '4' {
			want = append(want, fmt.Sprint("note ", i))
		}
	}
	if strings.Join(kept.all, ",") != strings.Join(want, ",") {
		t.Errorf("%s: kept %q", how, kept.all)
	}
	if again := sent(t, New(&notes{}, Rates{TooMany: 0.2, Dropped: 0.1}, 1)); again != how {
		t.Errorf("the same seed gives\n%s and\n%s", how, again)
	}
	if other := sent(t, New(&notes{}, Rates{TooMany: 0.2, Dropped: 0.1}, 2)); other == how {
		t.Error("another seed gives the same")
	}
}

func TestRates(t *testing.T) {
	for _, test := range []struct {
		rates Rates
		want  string
		kept  int
	}{{Rates{}, ".", 100}, {Rates{TooMany: 1}, "4", 0}, {Rates{Dropped: 1}, "-", 100}} {
		kept := &notes{}
		if got := sent(t, New(kept, test.rates, 1)); got != strings.Repeat(test.want, 100) || len(kept.all) != test.kept {
			t.Errorf("%+v: %s, %d kept", test.rates, got, len(kept.all))
		}
	}
}

func TestRefusal(t *testing.T) {
	h := New(&notes{}, Rates{TooMany: 1}, 1)
	h.Refusal = func(w http.ResponseWriter) {
		w.Header().Set("X-Limit", "1")
		w.WriteHeader(http.StatusTooManyRequests)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != http.StatusTooManyRequests || w.Header().Get("X-Limit") != "1" || w.Header().Get("Retry-After") != "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

// The server behind is safe to be asked by several at once, and so is this.
func TestAtOnce(t *testing.T) {
	kept := &notes{}
	h := New(kept, Rates{TooMany: 0.5}, 1)
	var wait sync.WaitGroup
	for range 50 {
		wait.Go(func() {
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/", strings.NewReader("x")))
		})
	}
	wait.Wait()
	if tooMany, dropped := h.Failed(); tooMany+len(kept.all) != 50 || dropped != 0 {
		t.Errorf("%d turned away, %d kept, %d lost", tooMany, len(kept.all), dropped)
	}
}
