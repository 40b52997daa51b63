package main

import (
	"io"
	"os/exec"
	"path/filepath"
	"testing"
)

// build makes the program as its users have it.
func build(b *testing.B) string {
	b.Helper()
	binary := filepath.Join(b.TempDir(), "firstcall")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return binary
}

// BenchmarkStart measures a process from start to end.
func BenchmarkStart(b *testing.B) {
	binary := build(b)
	for b.Loop() {
		if err := exec.Command(binary, "version").Run(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReport measures the main job on the sample engagement: score piped
// into the Markdown export, three processes with the exporter's.
func BenchmarkReport(b *testing.B) {
	binary := build(b)
	sample := filepath.Join(root, "testdata", "engagement")
	b.Setenv("XDG_STATE_HOME", b.TempDir())
	for b.Loop() {
		score := exec.Command(binary, "score", filepath.Join(sample, "survey.csv"), "-i", "eight-qualities", "--client", "wrenmoor",
			"--by", "department", "--by", "role", "--headcounts", filepath.Join(sample, "headcounts.csv"), "-q")
		export := exec.Command(binary, "export", "--to", "markdown")
		pipe, err := score.StdoutPipe()
		if err != nil {
			b.Fatal(err)
		}
		export.Stdin, export.Stdout = pipe, io.Discard
		if err := score.Start(); err != nil {
			b.Fatal(err)
		}
		if err := export.Run(); err != nil {
			b.Fatal(err)
		}
		if err := score.Wait(); err != nil {
			b.Fatal(err)
		}
	}
}
