package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/org"
	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/tomlfile"
)

// configName is the file that is looked for in the working directory and then
// in each directory above it.
const configName = "firstcall.toml"

// config is what a firstcall.toml says. The zero value says nothing.
//
//	[score]            # and other commands: their options, by name
//	instrument = "eight-qualities"
//	by = ["department", "role"]
//	[[review]]         # how often check wants papers gone through
//	folder = "support/**"
//	every = "6 months"
//	[clients]          # names for people
//	acme = "Acme Ltd"
//	[export.markdown]  # settings of an exporter, as for --set
//	prepared_by = "J. Doe"
//	[targets]          # whose data an exporter may write, as for --target
//	hubspot = "4711"
type config struct {
	file      string
	options   map[string]map[string][]string // command, option
	clients   map[string]string
	exporters map[string]map[string]any
	targets   map[string]string
	reviews   org.Reviews
}

// loadConfig reads the named file, or the nearest one when name is empty.
func loadConfig(name string) (*config, error) {
	switch name {
	case "none":
		return &config{}, nil
	case "":
		found, err := nearestConfig()
		if err != nil || found == "" {
			return &config{}, err
		}
		name = found
	}
	src, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read settings: %w", err)
	}
	return parseConfig(name, src)
}

func nearestConfig() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("look for %s: %w", configName, err)
	}
	for {
		path := filepath.Join(dir, configName)
		_, err := os.Stat(path)
		if err == nil {
			return path, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("look for %s: %w", configName, err)
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", nil
		}
		dir = up
	}
}

// configFile is the shape of the file: a section for each command that has
// options to keep there, and clients.
type configFile struct {
	Score   map[string]any    `toml:"score"`
	Lint    map[string]any    `toml:"lint"`
	Check   map[string]any    `toml:"check"`
	Export  map[string]any    `toml:"export"`
	Clients map[string]string `toml:"clients"`
	Targets map[string]string `toml:"targets"`
	Review  []org.ReviewTable `toml:"review"`
}

func parseConfig(file string, src []byte) (*config, error) {
	var content configFile
	doc, err := tomlfile.Decode(file, src, &content)
	if doc == nil {
		return nil, err
	}
	c := &config{file: file, options: map[string]map[string][]string{}, clients: content.Clients, targets: content.Targets, exporters: map[string]map[string]any{}}
	options := configurable()
	c.readOptions(doc, "score", content.Score, options["score"])
	c.readOptions(doc, "lint", content.Lint, options["lint"])
	c.readOptions(doc, "check", content.Check, options["check"])
	c.readExport(doc, content.Export, options["export"])
	c.reviews = org.ReadReviews(doc, content.Review, "review")
	return c, doc.Err()
}

func (c *config) readExport(doc *tomlfile.Doc, table map[string]any, options []option) {
	rest := map[string]any{}
	for _, name := range sortedKeys(table) {
		if settings, ok := table[name].(map[string]any); ok {
			c.exporters[name] = settings
			continue
		}
		rest[name] = table[name]
	}
	c.readOptions(doc, "export", rest, options)
}

func (c *config) readOptions(doc *tomlfile.Doc, section string, table map[string]any, options []option) {
	var names []string
	for _, o := range options {
		names = append(names, o.name)
	}
	values := map[string][]string{}
	for _, name := range sortedKeys(table) {
		o, ok := find(options, name)
		if !ok || o.name != name {
			doc.Report(fmt.Sprintf("unknown key %q", name), problem.DidYouMean(name, names, ""), section, name)
			continue
		}
		got, err := o.fromTOML(table[name])
		for _, v := range got {
			if err == nil {
				err = o.validate(v, name)
			}
		}
		if err != nil {
			doc.Report(err.Error(), hintOf(err), section, name)
			continue
		}
		if o.path {
			for i, v := range got {
				got[i] = besideConfig(c.file, v)
			}
		}
		values[name] = got
	}
	c.options[section] = values
}

// fromTOML reads a value of the type that fits the option.
func (o option) fromTOML(v any) ([]string, error) {
	switch v := v.(type) {
	case string:
		if o.kind == text || o.kind == list {
			return []string{v}, nil
		}
	case bool:
		if o.kind == toggle {
			return []string{fmt.Sprint(v)}, nil
		}
	case int64:
		if o.kind == number {
			return []string{fmt.Sprint(v)}, nil
		}
	case []any:
		if o.kind != list {
			break
		}
		out := []string{}
		for _, e := range v {
			s, ok := e.(string)
			if !ok {
				return nil, fmt.Errorf("%s must be a list of texts", o.name)
			}
			out = append(out, s)
		}
		return out, nil
	}
	return nil, fmt.Errorf("%s must be %s", o.name, map[kind]string{toggle: "true or false", text: "text", list: "a list of texts", number: "a whole number"}[o.kind])
}

// besideConfig makes a relative path relative to the folder of the file it
// stands in. A word without separator or ending may be an id and is kept.
func besideConfig(file, value string) string {
	if filepath.IsAbs(value) || (!strings.ContainsAny(value, `/\`) && filepath.Ext(value) == "") {
		return value
	}
	return filepath.Join(filepath.Dir(file), filepath.FromSlash(value))
}

// option returns what the file says about an option of the command at path.
func (c *config) option(path []string, o option) []string {
	if !o.config || len(path) == 0 {
		return nil
	}
	section := path[0]
	if section == "rules" {
		section = "lint" // whose rules they are
	}
	return c.options[section][o.name]
}

// strayPin is an error when targets pins an exporter by a name that looks like
// one mistyped: a pin that pins nothing is worse than none. Names of exporters
// that are not on this machine are nobody's mistake.
func (c *config) strayPin(name string) error {
	if _, pinned := c.targets[name]; pinned {
		return nil
	}
	for _, other := range sortedKeys(c.targets) {
		if problem.Nearest(other, []string{name}) == name && !slices.Contains(exporterNames(), other) {
			return problem.Problem{File: c.file, What: fmt.Sprintf("[targets] names %q, and no exporter is called so", other), Hint: fmt.Sprintf("did you mean %q?", name)}
		}
	}
	return nil
}

// configurable lists, by command, the options that may stand in the file.
func configurable() map[string][]option {
	out := map[string][]option{}
	for _, c := range program().commands {
		for _, o := range c.options {
			if o.config {
				out[c.name] = append(out[c.name], o)
			}
		}
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func oneOf(word string, choices []string) string {
	return problem.DidYouMean(word, choices, "one of: "+strings.Join(choices, ", "))
}
