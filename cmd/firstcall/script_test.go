package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite golden files and the expected output in scripts")

// TestMain makes the test binary firstcall itself, for scripts, and through it
// every bundled exporter.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"firstcall": main})
}

// TestScripts runs the scripts in testdata/script. They find the sample
// engagement in $ENGAGEMENT, the sample batch in $BATCH, and a home folder of
// their own.
func TestScripts(t *testing.T) {
	testdata, err := filepath.Abs(filepath.Join(root, "testdata"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:           filepath.Join(testdata, "script"),
		UpdateScripts: *update,
		Setup: func(e *testscript.Env) error {
			home := filepath.Join(e.WorkDir, "home")
			e.Setenv("HOME", home)
			e.Setenv("XDG_STATE_HOME", filepath.Join(home, "state"))
			e.Setenv("ENGAGEMENT", filepath.Join(testdata, "engagement"))
			e.Setenv("BATCH", filepath.Join(testdata, "batch"))
			return os.MkdirAll(home, 0o700)
		},
	})
}
