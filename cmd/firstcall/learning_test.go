package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestLearningRecords: the records that exporters to learning systems are tried on are
// those that the program makes. -update makes them again.
func TestLearningRecords(t *testing.T) {
	var made bytes.Buffer
	for _, args := range [][]string{
		{"org", "engagement/client.toml", "--as-of", "2026-09-30"},
		{"score", "engagement/survey.csv", "-i", "eight-qualities", "--client", "wrenmoor", "--client-name", "Wrenmoor Hotels", "--by", "department", "--headcounts", "engagement/headcounts.csv", "--as-of", "2026-09-30", "--plan"},
		{"lint", "engagement/vision.md", "--org", "engagement/client.toml", "--as-of", "2026-09-30"},
		{"check", "jobs/concierge.md", "jobs/front-desk-agent.md", "--client", "wrenmoor", "--client-name", "Wrenmoor Hotels", "--as-of", "2026-09-30", "--no-git"},
		{"org", "learning/odd.toml", "--as-of", "2026-09-30"},
	} {
		c := exec.Command("firstcall", append(args, "--format", "ndjson")...)
		home := t.TempDir()
		c.Dir, c.Env = filepath.Join(root, "testdata"), append(os.Environ(), "HOME="+home, "XDG_STATE_HOME="+filepath.Join(home, "state"))
		var notes bytes.Buffer
		c.Stdout, c.Stderr = &made, &notes
		if err := c.Run(); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, &notes)
		}
	}
	path := filepath.Join(root, "testdata", "learning", "records.ndjson")
	if *update {
		if err := os.WriteFile(path, made.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(made.Bytes(), want) {
		t.Error("testdata/learning/records.ndjson is not what the program makes; run go test ./cmd/firstcall -run LearningRecords -update")
	}
}
