package main

import (
	"archive/zip"
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
	testscript.Main(m, map[string]func(){"firstcall": main, "firstcall-export-keys": serveKeys, "firstcall-export-shop": serveShop})
}

// TestScripts runs the scripts in testdata/script. They find the sample
// engagement in $ENGAGEMENT, the sample batch in $BATCH, and a home folder of
// their own. "pack FILE FOLDER" makes a Word document or a workbook of its parts.
func TestScripts(t *testing.T) {
	testdata, err := filepath.Abs(filepath.Join(root, "testdata"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:           filepath.Join(testdata, "script"),
		UpdateScripts: *update,
		Cmds:          map[string]func(*testscript.TestScript, bool, []string){"pack": pack, "serve": serveFiles, "sum": sumFile, "crm": crmCommand},
		Setup: func(e *testscript.Env) error {
			home := filepath.Join(e.WorkDir, "home")
			e.Setenv("HOME", home)
			e.Setenv("XDG_STATE_HOME", filepath.Join(home, "state"))
			e.Setenv("ENGAGEMENT", filepath.Join(testdata, "engagement"))
			e.Setenv("BATCH", filepath.Join(testdata, "batch"))
			e.Values[crmsKey{}] = &crms{}
			return os.MkdirAll(home, 0o700)
		},
	})
}

// pack puts the files of a folder into a zip archive, which is what a workbook
// and a document of a word processor are.
func pack(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: pack FILE FOLDER")
	}
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	w := zip.NewWriter(f)
	ts.Check(w.AddFS(os.DirFS(ts.MkAbs(args[1]))))
	ts.Check(w.Close())
	ts.Check(f.Close())
}
