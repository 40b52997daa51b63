//go:build unix

package endtoend

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/internal/faulty"
	"github.com/firstcall-cli/firstcall/exporters/xapi/lrstest"
)

// What is sent to an LRS: of each client eight dimensions of everybody and of three
// departments, and a module for two departments that have gaps.
const (
	lrsClients   = 60
	perLRSClient = 8*4 + 2
)

// lrsAssessment is the record of a client, with scores that tell clients apart.
func lrsAssessment(t *testing.T, client int) *record.Record {
	t.Helper()
	var texts []string
	figures := func(group int) string {
		var all []string
		for d := range 8 {
			mean := 3.5 + float64(client%50)/100
			if group == d && group < 3 && group > 0 {
				mean = 2
			}
			all = append(all, fmt.Sprintf(`{"id":"d%d","n":20,"mean":%v,"percent":%v}`, d, mean, (mean-1)*25))
		}
		return "[" + strings.Join(all, ",") + "]"
	}
	for d := range 8 {
		texts = append(texts, fmt.Sprintf(`{"id":"d%d","title":"Dimension %[1]d","about":"What dimension %[1]d is about.","items":[{"id":"d%[1]d-1","text":"We serve."}]}`, d))
	}
	var groups []string
	for g := 1; g <= 3; g++ {
		groups = append(groups, fmt.Sprintf(`{"by":["department"],"key":["Department %d"],"n":20,"dimensions":%s}`, g, figures(g)))
	}
	text := fmt.Sprintf(`{"schema":"firstcall/1","kind":"assessment","key":"x","revision":"x","client":{"id":%q,"name":%q},"as_of":"2025-09-30","sources":[],"tool":{"name":"firstcall","version":"test"},
"assessment":{"instrument":{"id":"pulse","version":"1.0","title":"Pulse","direction":"high-is-good","weak_below":50,"scale":{"min":1,"max":5},"dimensions":[%s]},
"wave":"2025-q3","n":60,"dimensions":%s,"groups":[%s],"method":{"missing":"min_half","min_group":5,"confidence":0.95}}}`, id(client), name(client), strings.Join(texts, ","), figures(0), strings.Join(groups, ","))
	var rec record.Record
	if err := json.Unmarshal([]byte(text), &rec); err != nil {
		t.Fatal(err)
	}
	if err := rec.Seal(record.Key{Client: id(client), Kind: record.KindAssessment, Subject: "pulse", Wave: "2025-q3"}); err != nil {
		t.Fatal(err)
	}
	return &rec
}

func writeLRSRecords(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	for client := range lrsClients {
		if err := json.NewEncoder(w).Encode(lrsAssessment(t, client)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
}

// conflicts answers some requests that would store something with 409, and does not look
// at them.
type conflicts struct {
	next http.Handler
	rate float64

	mu     sync.Mutex
	random *rand.Rand
	made   int
}

func (c *conflicts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	hit := r.Method == http.MethodPost && c.random.Float64() < c.rate
	if hit {
		c.made++
	}
	c.mu.Unlock()
	if hit {
		w.WriteHeader(http.StatusConflict)
		return
	}
	c.next.ServeHTTP(w, r)
}

// toLRS is an export to an LRS that fails as LRSs do.
type toLRS struct {
	*run
	calls    atomic.Int64
	posts    atomic.Int64 // of those, the ones that would store something
	conflict *conflicts
	faults   *faulty.Handler
}

func exportToLRS(t *testing.T, lrs http.Handler) *toLRS {
	t.Helper()
	if *seed == 0 {
		*seed = rand.Uint64()
	}
	t.Logf("seed %d", *seed)
	x := &toLRS{conflict: &conflicts{next: lrs, rate: 0.05, random: rand.New(rand.NewPCG(*seed, 3))}}
	x.faults = faulty.New(x.conflict, rates, *seed)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x.calls.Add(1)
		if r.Method == http.MethodPost {
			x.posts.Add(1)
		}
		x.faults.ServeHTTP(w, r)
	}))
	server.Config.ErrorLog = nil
	server.Start()
	t.Cleanup(server.Close)
	x.run = &run{dir: t.TempDir()}
	home := filepath.Join(x.dir, "home")
	x.env = []string{"LRS=" + lrstest.Password, "HOME=" + home, "XDG_STATE_HOME=" + filepath.Join(home, "state"), "XDG_CONFIG_HOME=" + filepath.Join(home, "config")}
	x.args = []string{"export", "--to", "xapi", "--set", "push=true", "--set", "url=" + server.URL + "/xapi", "--set", "user=" + lrstest.User, "--set", "password=env:LRS", "clients.ndjson"}
	writeLRSRecords(t, filepath.Join(x.dir, "clients.ndjson"))
	return x
}

// finish runs until all is there, and says how that went.
func (x *toLRS) finish(t *testing.T) {
	t.Helper()
	for try := 1; ; try++ {
		code, said := x.export()
		if code == 0 {
			tooMany, dropped := x.faults.Failed()
			t.Logf("run %d ended: %d calls so far, of which %d were put off, %d lost, and %d a conflict; %s", try, x.calls.Load(), tooMany, dropped, x.conflict.made, lastLines(said))
			return
		}
		if try == 4 {
			t.Fatalf("ended with %d\n%s", code, said)
		}
	}
}

// TestXAPI: some 2,000 statements reach an LRS that fails, each once and soon.
func TestXAPI(t *testing.T) {
	lrs := lrstest.New(lrstest.Options{MostPost: 50})
	x := exportToLRS(t, lrs)
	begun := time.Now()
	x.finish(t)
	took := time.Since(begun)
	t.Logf("%d statements in %.1f s", lrsClients*perLRSClient, took.Seconds())
	if live, void, voiding := lrs.Count(); live != lrsClients*perLRSClient || void+voiding > 0 {
		t.Errorf("%d statements count, %d are void, %d void others", live, void, voiding)
	}
	before := lrs.Requests()["POST"]
	x.args = append(x.args, "--force")
	x.finish(t)
	if n := lrs.Requests()["POST"]; n != before {
		t.Errorf("sent again, though all is there: %d requests more", n-before)
	}
}

// TestXAPIKilled: the program and its exporter are killed on the way, and each statement
// is there once in the end.
func TestXAPIKilled(t *testing.T) {
	lrs := lrstest.New(lrstest.Options{})
	x := exportToLRS(t, lrs)
	chance := rand.New(rand.NewPCG(*seed, 2))
	for kill := range 2 {
		x.killed(t, &x.posts, 6+chance.Int64N(8), kill == 1) // so many are not all refused
		live, _, _ := lrs.Count()
		t.Logf("killed with %d statements there", live)
		if live == 0 || kill == 0 && live == lrsClients*perLRSClient {
			t.Error("it was not killed on the way")
		}
	}
	x.finish(t)
	if live, void, voiding := lrs.Count(); live != lrsClients*perLRSClient || void+voiding > 0 {
		t.Errorf("%d statements count, %d are void, %d void others", live, void, voiding)
	}
}

// lrsRecord makes a record that stands beside the assessment of a client.
func lrsRecord(t *testing.T, client int, key record.Key, body string) *record.Record {
	t.Helper()
	key.Client = id(client)
	text := fmt.Sprintf(`{"schema":"firstcall/1","kind":%q,"key":"x","revision":"x","client":{"id":%q,"name":%q},"as_of":"2025-09-30","sources":[],"tool":{"name":"firstcall","version":"test"},%q:%s}`,
		key.Kind, id(client), name(client), key.Kind, body)
	var rec record.Record
	if err := json.Unmarshal([]byte(text), &rec); err != nil {
		t.Fatal(err)
	}
	if err := rec.Seal(key); err != nil {
		t.Fatal(err)
	}
	return &rec
}

// TestXAPIRetry: where one statement is refused, the file of rejected records has all of
// its client's, and sent again these make the statements that were missing and no others.
func TestXAPIRetry(t *testing.T) {
	var refuse atomic.Bool
	refuse.Store(true)
	lrs := lrstest.New(lrstest.Options{Refuse: func(s map[string]any) string {
		object, _ := s["object"].(map[string]any)
		actor, _ := s["actor"].(map[string]any)
		of, _ := object["id"].(string)
		if refuse.Load() && strings.HasSuffix(of, "/d3") && strings.HasPrefix(fmt.Sprint(actor["account"]), "map[homePage:https://github.com/firstcall-cli/firstcall/xapi name:"+id(1)) {
			return "no d3"
		}
		return ""
	}})
	server := httptest.NewServer(lrs)
	t.Cleanup(server.Close)
	x := &run{dir: t.TempDir()}
	home := filepath.Join(x.dir, "home")
	x.env = []string{"LRS=" + lrstest.Password, "HOME=" + home, "XDG_STATE_HOME=" + filepath.Join(home, "state"), "XDG_CONFIG_HOME=" + filepath.Join(home, "config")}
	to := []string{"export", "--to", "xapi", "--set", "push=true", "--set", "url=" + server.URL + "/xapi", "--set", "user=" + lrstest.User, "--set", "password=env:LRS"}
	var lines strings.Builder
	for client := 1; client <= 2; client++ {
		of := lrsAssessment(t, client)
		for _, rec := range []*record.Record{of,
			lrsRecord(t, client, record.Key{Kind: record.KindPlan, Subject: "pulse", Wave: "2025-q3"},
				fmt.Sprintf(`{"of":%q,"title":"Plan","actions":[{"id":"a","what":"Train","why":"Weak","origin":"weakness","dimension":"d1","owner":"Managers","due":"2025-12-01"}]}`, of.Key)),
			lrsRecord(t, client, record.Key{Kind: record.KindOrganization, Subject: id(client)}, `{"departments":[{"id":"one","name":"Team One","former_names":["Department 1"]}]}`),
		} {
			if err := json.NewEncoder(&lines).Encode(rec); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.WriteFile(filepath.Join(x.dir, "clients.ndjson"), []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	x.args = append(to, "clients.ndjson")
	code, said := x.export()
	rejected, err := os.ReadFile(filepath.Join(x.dir, "rejected.ndjson"))
	if err != nil || code != 4 || strings.Count(string(rejected), "\n") != 3 || strings.Contains(string(rejected), id(2)) || !strings.Contains(said, "no d3") {
		t.Fatalf("status %d, %v\n%s\n%s", code, err, rejected, said)
	}
	if live, void, voiding := lrs.Count(); live != 2*perLRSClient-4 || void+voiding > 0 {
		t.Errorf("%d statements count, %d are void, %d void others", live, void, voiding)
	}
	refuse.Store(false)
	x.args = append(to, "--retry", "rejected.ndjson")
	if code, said := x.export(); code != 0 {
		t.Fatalf("status %d\n%s", code, said)
	}
	if live, void, voiding := lrs.Count(); live != 2*perLRSClient || void+voiding > 0 {
		t.Errorf("sent again: %d statements count, %d are void, %d void others", live, void, voiding)
	}
	x.args = append(to, "--force", "clients.ndjson")
	before := lrs.Requests()["POST"]
	if code, said := x.export(); code != 0 || lrs.Requests()["POST"] != before {
		t.Errorf("status %d, and something was sent\n%s", code, said)
	}
}

// TestXAPIEngine does both with an LRS of other people's making, which is asked what is
// there.
func TestXAPIEngine(t *testing.T) {
	address, err := url.Parse(lrstest.Engine(t))
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: address.Scheme, Host: address.Host})
	proxy.ErrorLog = log.New(io.Discard, "", 0)
	x := exportToLRS(t, proxy)
	begun := time.Now()
	for kill := range 2 {
		x.killed(t, &x.posts, 10, kill == 1)
	}
	x.finish(t)
	t.Logf("%d statements in %.1f s, with two kills", lrsClients*perLRSClient, time.Since(begun).Seconds())
	if n := inEngine(t, address); n != lrsClients*perLRSClient {
		t.Errorf("%d statements", n)
	}
}

// inEngine counts all statements of an LRS.
func inEngine(t *testing.T, address *url.URL) (n int) {
	t.Helper()
	for next := address.Path + "/statements"; next != ""; {
		r, err := http.NewRequest(http.MethodGet, address.Scheme+"://"+address.Host+next, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.SetBasicAuth(lrstest.User, lrstest.Password)
		r.Header.Set("X-Experience-API-Version", "1.0.3")
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		var page struct {
			Statements []struct{}
			More       string
		}
		if err := json.NewDecoder(answer.Body).Decode(&page); err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		n, next = n+len(page.Statements), page.More
	}
	return n
}

// TestKitOnXAPI runs firstcall plugin test on the exporter, as it makes files and as it
// sends statements to an LRS.
func TestKitOnXAPI(t *testing.T) {
	if testing.Short() {
		t.Skip("the kit starts the exporter a hundred times")
	}
	server := httptest.NewServer(lrstest.New(lrstest.Options{}))
	defer server.Close()
	home := t.TempDir()
	kit := func(args ...string) (string, error) {
		command := exec.Command(binary, append([]string{"plugin", "test", "xapi"}, args...)...)
		command.Dir = home
		command.Env = append(os.Environ(), "LRS="+lrstest.Password, "HOME="+home, "XDG_STATE_HOME="+filepath.Join(home, "state"), "XDG_CONFIG_HOME="+filepath.Join(home, "config"))
		out, err := command.CombinedOutput()
		return string(out), err
	}
	if out, err := kit(); err != nil {
		t.Errorf("files: %v\n%s", err, faultsOf(out))
	}
	push := []string{"--set", "push=true", "--set", "url=" + server.URL + "/xapi", "--set", "user=" + lrstest.User, "--set", "password=env:LRS"}
	out, _ := kit(append(push, "--check", "export.accepts")...)
	target := anyTarget.FindStringSubmatch(out)
	if target == nil {
		t.Fatalf("no target:\n%s", out)
	}
	out, err := kit(append(push, "--target", target[1])...)
	if err != nil {
		t.Errorf("%v\n%s", err, faultsOf(out))
	}
	if !strings.Contains(out, " - whole.known: ") {
		t.Errorf("the kit did not come to its end:\n%s", out)
	}
	t.Log(skippedOf(out))
}
