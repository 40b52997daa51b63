package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	module = "github.com/firstcall-cli/firstcall/"
	root   = "../.."
)

// TestHouse holds the lines between the parts of the project: who may import
// whom, and what stands at top level.
func TestHouse(t *testing.T) {
	seen := 0
	eachImport(t, func(file, imported string, test bool) {
		seen++
		dir := filepath.ToSlash(filepath.Dir(file))
		part, _, _ := strings.Cut(dir, "/")
		own, inside := strings.CutPrefix(imported, module)
		if why := forbidden(part, dir, imported, own, inside, test); why != "" {
			t.Errorf("%s imports %s: %s", file, imported, why)
		}
	})
	if seen < 100 {
		t.Fatalf("saw only %d imports: the walk is broken", seen)
	}
}

// forbidden says why a file in dir may not import a package. own is the path
// within this module when inside is true.
func forbidden(part, dir, imported, own string, inside, test bool) string {
	target, _, _ := strings.Cut(own, "/")
	under := func(paths ...string) bool {
		return slices.ContainsFunc(paths, func(p string) bool { return own == p || strings.HasPrefix(own, p+"/") })
	}
	switch {
	case inside && part == "core" && target != "core":
		return "core knows no screen, no flags and no plugins"
	case inside && part == "plugins" && target == "core" && !under("core/record", "core/problem", "core/tomlfile"):
		return "plugins know records, not how they are made"
	case inside && part == "plugins" && target != "core" && target != "plugins":
		return "plugins know neither the command line nor an exporter"
	case inside && part == "exporters" && !under("plugins/sdk", "core/record", "exporters") && !test:
		return "an exporter is a plugin like any vendor's"
	case own == "core/internal/seal" && dir != "core/record" && dir != "core/disclosure":
		return "core/disclosure alone makes assessments"
	case own == "core/disclosure" && part != "cmd" && !test:
		return "only a command publishes"
	case strings.HasPrefix(imported, "github.com/urfave/cli") && dir != "cmd/firstcall":
		return "the command line stays in cmd"
	case strings.HasPrefix(imported, "github.com/olekukonko/") && part != "cmd":
		return "tables for terminals are drawn in cmd"
	case strings.HasPrefix(imported, "github.com/hashicorp/") && part != "plugins":
		return "only plugins knows how processes talk"
	case strings.HasPrefix(imported, "github.com/BurntSushi/") && dir != "core/tomlfile" && !test:
		return "all TOML is read by core/tomlfile"
	}
	return ""
}

func eachImport(t *testing.T, visit func(file, imported string, test bool)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".go" {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		file, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			visit(file, imported, strings.HasSuffix(file, "_test.go"))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTopLevel(t *testing.T) {
	agreed := []string{"cmd", "core", "plugins", "exporters", "testdata", "docs", "go.mod", "go.sum", "README.md"}
	list, err := exec.Command("git", "-C", root, "ls-files", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		t.Skip("not in a git checkout: which files belong to the project is not known")
	}
	for file := range strings.Lines(string(list)) {
		top, _, _ := strings.Cut(strings.TrimSpace(file), "/")
		if !strings.HasPrefix(top, ".") && !slices.Contains(agreed, top) {
			t.Errorf("%s stands at top level", top)
		}
	}
}
