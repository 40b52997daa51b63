package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/plugins/conformance"
	"github.com/firstcall-cli/firstcall/plugins/host"
)

// examplesOf are the exporters in docs/examples: what plugin new makes for that
// name and language, and the word by which the guide marks its text.
var examplesOf = []struct{ name, language, file, path, mark string }{
	{"keys", "go", "main.go", "keys/main.go", "go"},
	{"keys-sh", "sh", "keys-sh.sh", "keys.sh", "sh"},
	{"upsert", "node", "upsert.mjs", "upsert.mjs", "js"},
}

// TestExamples holds that the examples, what plugin new makes and what the guide
// shows are the same texts.
func TestExamples(t *testing.T) {
	guide, err := os.ReadFile(filepath.Join(root, "docs", "plugins.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range examplesOf {
		text, err := os.ReadFile(filepath.Join(root, "docs", "examples", e.path))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(guide), "```"+e.mark+"\n"+string(text)+"```\n") {
			t.Errorf("docs/plugins.md does not show docs/examples/%s as it is", e.path)
		}
		files, err := scaffold(e.name, e.language)
		if err != nil {
			t.Fatal(err)
		}
		made := ""
		for _, f := range files {
			if f.name == e.file {
				made = f.text
			}
			if strings.Contains(f.text, "@NAME@") || strings.HasSuffix(f.text, "\n\n") {
				t.Errorf("%s of %s is not filled in", f.name, e.language)
			}
		}
		if made != string(text) {
			t.Errorf("plugin new %s --lang %s makes another %s than docs/examples/%s", e.name, e.language, e.file, e.path)
		}
	}
}

// makeExporter makes an exporter to start from, in a folder of the test's.
func makeExporter(t *testing.T, name, language string) string {
	t.Helper()
	files, err := scaffold(name, language)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range files {
		if err := writeNewFile(filepath.Join(dir, f.name), f); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// buildExporter builds an exporter in Go as its README says, with this checkout
// in place of a copy of the sources.
func buildExporter(t *testing.T, dir string) string {
	t.Helper()
	here, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	replaced := strings.Replace(string(mod), "=> ../firstcall", "=> "+filepath.ToSlash(here), 1)
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil || replaced == string(mod) {
		t.Fatalf("the line to replace is not in go.mod, or %v", err)
	}
	for name, text := range map[string]string{"go.mod": replaced, "go.sum": string(sums)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, words := range [][]string{{"build"}, {"test"}} {
		cmd := exec.Command("go", words...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("go %s: %v\n%s", words[0], err, out)
		}
	}
	built, err := filepath.Glob(filepath.Join(dir, "firstcall-export-*"))
	if err != nil || len(built) != 1 {
		t.Fatalf("go build made %q: %v", built, err)
	}
	return built[0]
}

// TestNewExportersKeepTheRules holds what plugin new makes against every rule
// for exporters, through the program itself.
func TestNewExportersKeepTheRules(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds each")
	}
	firstcall, err := exec.LookPath("firstcall")
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range exporterLanguages() {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			dir := makeExporter(t, "mine", language)
			program := conformance.Program{Command: host.Command{Name: "mine", Path: firstcall, Args: []string{"plugin", "bridge", "--"}}}
			switch language {
			case "go":
				program.Command.Path, program.Command.Args = buildExporter(t, dir), nil
			case "sh":
				if runtime.GOOS == "windows" {
					t.Skip("a shell script")
				}
				program.Command.Args = append(program.Command.Args, filepath.Join(dir, "mine.sh"))
			case "node":
				node, err := exec.LookPath("node")
				if err != nil {
					t.Skip("there is no node")
				}
				program.Command.Args = append(program.Command.Args, node, filepath.Join(dir, "mine.mjs"))
				program.Target = filepath.Join(dir, "objects.json")
				program.Settings = map[string]string{"path": program.Target}
			}
			report, err := conformance.Run(context.Background(), program, conformance.Options{HostVersion: version})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range report.Results {
				if r.Status == conformance.Failed || r.Status == conformance.NotRun {
					t.Errorf("%s: %s: %s (%s)", r.Check.ID, r.Status, r.Seen, r.Hint)
				}
			}
			if report.Count(conformance.Passed) < 30 {
				t.Errorf("only %d checks passed", report.Count(conformance.Passed))
			}
		})
	}
}
