package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/vision"
)

// TestStatementRecordsFitTheSchema holds the records of all sorts of statements to
// the published schema, by a validator that is not ours.
func TestStatementRecordsFitTheSchema(t *testing.T) {
	folder := t.TempDir()
	texts := []string{"", "# Vision", "Wir backen Brot für die Menschen in unserer Stadt.", "asdf qwer zxcv uiop", strings.Repeat("We answer every call. ", 5000)}
	for _, r := range vision.Rules() {
		texts = append(append(texts, r.Examples.Bad...), r.Examples.Good...)
	}
	n := 0
	for i, text := range texts {
		if strings.TrimSpace(text) == "" {
			continue
		}
		n++
		if err := os.WriteFile(filepath.Join(folder, strings.Repeat("x", i+1)+".md"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	words := filepath.Join(folder, "words.csv")
	if err := os.WriteFile(words, []byte("words\n"+strings.Repeat("fast and friendly\n", 6)), 0o644); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	s := streams{in: strings.NewReader(""), out: &out, err: &errs, width: 80}
	if status := run([]string{"lint", folder, "--words", words, "--format", "ndjson", "--config", "none", "-q"}, s); status != 0 {
		t.Fatalf("status %d: %s", status, errs.String())
	}
	if got := validate(t, out.Bytes()); got != n {
		t.Errorf("%d records of %d statements", got, n)
	}
}
