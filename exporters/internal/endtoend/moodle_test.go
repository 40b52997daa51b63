//go:build unix

package endtoend

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/internal/faulty"
	"github.com/firstcall-cli/firstcall/exporters/moodle/moodletest"
)

const moodleToken = "0123456789abcdef0123456789abcdef"

// TestKitOnMoodle runs firstcall plugin test on the exporter to Moodle, which writes to a
// site instead of making files.
func TestKitOnMoodle(t *testing.T) {
	site := moodletest.New(moodletest.Options{Token: moodleToken})
	c := crmUnderTest{"moodle", site, []string{"push=true", "token=env:SECRET"}, []string{"SECRET=" + moodleToken}, site.Problems}
	c.keepsRules(t)
}

// TestMoodle exports many clients: each has a framework, a course, and each dimension once.
func TestMoodle(t *testing.T) {
	site := moodletest.New(moodletest.Options{Token: moodleToken, Refuse: func(_ string, args url.Values) string {
		if strings.Contains(args.Encode(), "REFUSED") {
			return "the name is poison"
		}
		return ""
	}})
	count := func(numbers func() []string, end string) func(*testing.T) map[string]int {
		return func(*testing.T) map[string]int {
			out := counter{}
			site.Look(func() {
				for _, n := range numbers() {
					if rest, ours := strings.CutSuffix(strings.TrimPrefix(n, "firstcall:"), end); ours {
						out[rest]++
					}
				}
			})
			return out
		}
	}
	exportMany(t, &place{
		exporter: "moodle", server: site, rates: rates, reason: "poison", perClient: 12,
		settings: []string{"push=true", "token=env:TOKEN"}, env: []string{"TOKEN=" + moodleToken},
		companies: count(func() (all []string) {
			for _, f := range site.Frameworks {
				all = append(all, f.IDNumber)
			}
			return all
		}, ""),
		notes: count(func() (all []string) {
			for _, c := range site.Courses {
				all = append(all, c.IDNumber)
			}
			return all
		}, ""),
		tasks: count(func() (all []string) {
			for _, c := range site.Competencies {
				all = append(all, c.IDNumber)
			}
			return all
		}, "/eight-qualities/training"),
		undocumented: site.Problems,
	})
}

// What TestMoodlePeople exports.
const (
	teamClients = 20
	teamSize    = 4
)

const planComplete = 2 // the state of a learning plan

// TestMoodlePeople is of what Moodle itself does not keep from being there twice: learning
// plans. Through faults and kills everybody gets one, with what the department has to
// work on, and is in its cohort.
func TestMoodlePeople(t *testing.T) {
	site := moodletest.New(moodletest.Options{Token: moodleToken})
	number := rand.Uint64()
	t.Logf("seed %d", number)
	line := faulty.New(site, rates, number)
	var calls atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		line.ServeHTTP(w, r)
	}))
	defer server.Close()

	dir := t.TempDir()
	home := filepath.Join(dir, "home")
	r := &run{dir: dir, env: []string{"TOKEN=" + moodleToken, "HOME=" + home, "XDG_STATE_HOME=" + filepath.Join(home, "state"), "XDG_CONFIG_HOME=" + filepath.Join(home, "config")}}
	writeTeams(t, filepath.Join(dir, "teams.ndjson"), "2026-q3")
	settings := fmt.Sprintf("[export.moodle]\npush = true\nurl = %q\ntoken = \"env:TOKEN\"\n[export.moodle.members]\n", server.URL)
	for i := range teamClients {
		var team []string
		for n := range teamSize {
			name := fmt.Sprintf("user-%d-%d", i, n)
			site.AddUser(name, "", "")
			team = append(team, name)
		}
		settings += fmt.Sprintf("\"%s/Front Desk\" = %q\n", id(i), strings.Join(team, ", "))
	}
	if err := os.WriteFile(filepath.Join(dir, "firstcall.toml"), []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	r.args = []string{"export", "--to", "moodle", "teams.ndjson"}
	chance := rand.New(rand.NewPCG(number, 2))
	through := func(kills int) {
		t.Helper()
		for kill := range kills {
			r.killed(t, &calls, 20+chance.Int64N(120), kill%2 == 1)
		}
		status, said := r.export()
		for again := 0; status != 0 && again < 5; again++ {
			status, said = r.export()
		}
		if status != 0 {
			t.Fatalf("ended with %d\n%s", status, said)
		}
	}
	through(4)
	checkPeople(t, site, 1)
	// Moodle completes the plans when they are due, and the next wave finds a gap again.
	site.Look(func() {
		for _, p := range site.Plans {
			p.Status = planComplete
		}
	})
	writeTeams(t, filepath.Join(dir, "teams.ndjson"), "2027-q2")
	through(2)
	checkPeople(t, site, 2)
	tooMany, dropped := line.Failed()
	t.Logf("%d calls, of which %d were put off and %d lost", calls.Load(), tooMany, dropped)
	if odd := site.Problems(); len(odd) > 0 {
		t.Errorf("%d calls that Moodle would not take, such as %s", len(odd), odd[0])
	}
}

// checkPeople looks whether everybody has one plan for each wave, of which the last one
// is in work.
func checkPeople(t *testing.T, site *moodletest.Server, waves int) {
	t.Helper()
	plans, inWork := map[int64]int{}, map[int64]int{}
	for _, p := range site.Plans {
		plans[p.User]++
		if p.Status != planComplete {
			inWork[p.User]++
		}
		if len(p.Competencies) != 1 {
			t.Errorf("a plan with %d competencies", len(p.Competencies))
		}
	}
	for _, u := range site.Users {
		if plans[u.ID] != waves || inWork[u.ID] != 1 {
			t.Errorf("%s has %d plans, %d in work", u.Username, plans[u.ID], inWork[u.ID])
		}
	}
	if len(site.Plans) != teamClients*teamSize*waves || len(site.Cohorts) != teamClients || len(site.Courses) != teamClients {
		t.Errorf("%d plans, %d cohorts, %d courses", len(site.Plans), len(site.Cohorts), len(site.Courses))
	}
	for _, c := range site.Cohorts {
		if len(c.Members) != teamSize {
			t.Errorf("%d people in %s", len(c.Members), c.Name)
		}
	}
}

// writeTeams writes an assessment for each client, by which its one department has one
// gap.
func writeTeams(t *testing.T, path, wave string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	for i := range teamClients {
		text := fmt.Sprintf(strings.ReplaceAll(assessment, "\n", ""), 30, 70.0, 70.0, 60.0)
		group := `"groups":[{"by":["department"],"key":["Front Desk"],"n":20,"dimensions":[{"id":"culture","n":20,"mean":3.9,"percent":72.5},{"id":"training","n":20,"mean":2.2,"percent":30}]}],"method":`
		var rec record.Record
		if err := json.Unmarshal([]byte(strings.NewReplacer(`"method":`, group, `"wave":"2026-q3"`, `"wave":"`+wave+`"`).Replace(text)), &rec); err != nil {
			t.Fatal(err)
		}
		rec.Client = record.Client{ID: id(i), Name: fmt.Sprintf("Client %05d", i)}
		if err := rec.Seal(record.Key{Client: id(i), Kind: record.KindAssessment, Subject: "eight-qualities", Wave: wave}); err != nil {
			t.Fatal(err)
		}
		if err := json.NewEncoder(w).Encode(&rec); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
}
