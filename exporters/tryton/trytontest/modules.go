package trytontest

import (
	"embed"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// strictName is the module that refuses words.
const strictName = "firstcall_strict"

//go:embed all:strict
var strict embed.FS

// files are those of the modules that a server has beyond the usual ones.
func (o Options) files() (map[string][]byte, error) {
	out := maps.Clone(o.Files)
	if out == nil {
		out = map[string][]byte{}
	}
	if !o.Strict {
		return out, nil
	}
	for _, name := range []string{"tryton.cfg", "__init__.py"} {
		body, err := strict.ReadFile("strict/" + name)
		if err != nil {
			return nil, err
		}
		out[strictName+"/"+name] = body
	}
	return out, nil
}

// install puts modules below a folder, as an installation with pip does, and gives their
// names.
func install(folder string, files map[string][]byte) ([]string, error) {
	names := map[string]bool{}
	for name, body := range files {
		module, _, _ := strings.Cut(name, "/")
		names[module] = true
		at := filepath.Join(folder, "trytond", "modules", filepath.FromSlash(path.Clean("/"+name)))
		if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
			return nil, err
		}
		if err := os.WriteFile(at, body, 0o600); err != nil {
			return nil, err
		}
	}
	for name := range names {
		info := filepath.Join(folder, name+".egg-info")
		if err := os.MkdirAll(info, 0o700); err != nil {
			return nil, err
		}
		for file, text := range map[string]string{
			"PKG-INFO":         fmt.Sprintf("Metadata-Version: 1.0\nName: %s\nVersion: 6.0.0\n", name),
			"entry_points.txt": fmt.Sprintf("[trytond.modules]\n%[1]s = trytond.modules.%[1]s\n", name),
		} {
			if err := os.WriteFile(filepath.Join(info, file), []byte(text), 0o600); err != nil {
				return nil, err
			}
		}
	}
	return slices.Sorted(maps.Keys(names)), nil
}
