package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/core/form/formtest"
	"github.com/firstcall-cli/firstcall/core/record"
)

const threeQuestions = `id = "three"
[scale]
min = 1
max = 5
labels = ["Never", "Seldom", "Sometimes", "Often", "Always"]
[[attribute]]
id = "wave"
kind = "wave"
[[attribute]]
id = "team"
text = "Which team are you in?"
kind = "group"
[[dimension]]
id = "care"
  [[dimension.item]]
  id = "listen"
  text = "We listen."
  [[dimension.item]]
  id = "forget"
  text = "We forget to call back."
  reverse = true
  [[dimension.item]]
  id = "follow"
  text = "We follow up."
`

// firstcall runs a command line in this process and returns what it printed.
func firstcall(t *testing.T, args ...string) (out, errs string, status int) {
	t.Helper()
	var o, e bytes.Buffer
	status = run(append(args, "--config", "none"), streams{in: bytes.NewReader(nil), out: &o, err: &e, width: 80})
	return o.String(), e.String(), status
}

// TestFormComesBack prints a form, has five people fill it in by keyboard in a
// browser, and scores the files it saves as they are.
func TestFormComesBack(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	dir := t.TempDir()
	instrument := filepath.Join(dir, "three.toml")
	if err := os.WriteFile(instrument, []byte(threeQuestions), 0o600); err != nil {
		t.Fatal(err)
	}
	html, errs, status := firstcall(t, "instrument", "form", instrument, "--format", "html", "--client", "acme", "--wave", "2026-q3",
		"--choice", "team=Front desk, bar", "--choice", "team=Kitchen")
	if status != 0 {
		t.Fatal(errs)
	}
	page := filepath.Join(dir, "form.html")
	if err := os.WriteFile(page, []byte(html), 0o600); err != nil {
		t.Fatal(err)
	}
	browser, err := formtest.Start(ctx)
	if errors.Is(err, formtest.ErrNoBrowser) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer browser.Close()
	saved := t.TempDir()
	for _, answers := range [][3]int{{5, 1, 4}, {4, 2, 4}, {1, 5, 2}, {3, 3, 0}, {2, 2, 1}} {
		given := map[string]string{"team": "Front desk, bar"}
		for i, id := range []string{"listen", "forget", "follow"} {
			if answers[i] > 0 {
				given[id] = strconv.Itoa(answers[i])
			}
		}
		fill(t, browser, page, saved, given)
	}
	files, err := filepath.Glob(filepath.Join(saved, "*.csv"))
	if err != nil || len(files) != 5 {
		t.Fatalf("saved files: %v %v", files, err)
	}
	out, errs, status := firstcall(t, append([]string{"score", "-q", "-i", instrument, "--by", "team"}, files...)...)
	if status != 0 || errs != "" {
		t.Fatalf("score ended with %d and said %q", status, errs)
	}
	var rec record.Record
	if err := json.Unmarshal([]byte(out), &rec); err != nil {
		t.Fatal(err)
	}
	body := rec.Assessment.Body()
	if rec.Key != "acme/assessment/three/2026-q3" || *body.N != 5 {
		t.Errorf("key %s, n %d", rec.Key, *body.N)
	}
	if len(body.Groups) != 1 || body.Groups[0].Key[0] != "Front desk, bar" {
		t.Errorf("groups %+v", body.Groups)
	}
	// By hand, after reverse keying: (5 5 4) (4 4 4) (1 1 2) (3 3 -) (2 4 1).
	// One of the items has four answers, so all of them are withheld.
	for _, item := range body.Dimensions[0].Items {
		if !item.Withheld {
			t.Errorf("item %s is published", item.ID)
		}
	}
	if mean, want := *body.Dimensions[0].Mean, 46.0/15; math.Abs(mean-want) > 1e-12 { // (14/3 + 4 + 4/3 + 3 + 7/3) / 5
		t.Errorf("mean %v, want %v", mean, want)
	}
}

func fill(t *testing.T, browser *formtest.Browser, page, saved string, answers map[string]string) {
	t.Helper()
	p, err := browser.Open(page)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if err := p.Answer(answers); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Save(saved); err != nil {
		t.Fatal(err)
	}
}
