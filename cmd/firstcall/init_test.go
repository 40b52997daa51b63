package main

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/org"
)

// inUse takes the # from the examples of a template. With other it takes the other
// one where there is a choice.
func inUse(template string, other bool) string {
	example, choice := regexp.MustCompile(`^#(\S.*)`), regexp.MustCompile(`^#  (\S.*)`)
	first := regexp.MustCompile(`^#((former_|service_)?vision|mission|values) =`)
	var b strings.Builder
	for line := range strings.Lines(template) {
		line = strings.TrimSuffix(line, "\n")
		if m := choice.FindStringSubmatch(line); m != nil && other {
			line = m[1]
		} else if m := example.FindStringSubmatch(line); m != nil && (!other || !first.MatchString(line)) {
			line = m[1]
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}

// TestClientTemplateInUse holds that every example of the client file is right.
func TestClientTemplateInUse(t *testing.T) {
	text, err := clientFile("acme", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range []bool{false, true} {
		c, err := org.ReadClient("client.toml", []byte(inUse(text, other)))
		if err != nil {
			t.Fatal(err)
		}
		if c.Name != "Acme Ltd" || len(c.FormerPeople) == 0 || len(c.Departments) != 3 || len(c.Reviews) != 2 || len(c.Systems) != 2 {
			t.Errorf("other way %v: not everything was read: %+v", other, c)
		}
		if got := len(c.StatementFiles()) > 0; got != other {
			t.Errorf("other way %v: statements in files %v", other, got)
		}
	}
}

// TestClientTemplateAsIs holds that nothing is set but what the user gives.
func TestClientTemplateAsIs(t *testing.T) {
	text, err := clientFile(`a"c\me`, "Ärger & Söhne")
	if err != nil {
		t.Fatal(err)
	}
	c, err := org.ReadClient("client.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if want := (&org.Client{ID: `a"c\me`, Name: "Ärger & Söhne"}); !reflect.DeepEqual(c, want) {
		t.Errorf("got %+v, want %+v", c, want)
	}
}

func TestConfigTemplate(t *testing.T) {
	text := configFor("acme", "Acme Ltd")
	c, err := parseConfig("firstcall.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.clients) != 1 || c.clients["acme"] != "Acme Ltd" || len(c.options["score"])+len(c.options["lint"])+len(c.options["export"]) > 0 {
		t.Errorf("as written it holds %+v", c)
	}
	c, err = parseConfig("firstcall.toml", []byte(inUse(text, false)))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.options["score"]) < 5 || len(c.options["lint"]) < 5 || len(c.options["export"]) == 0 || len(c.exporters["markdown"]) == 0 {
		t.Errorf("in use it holds %+v", c)
	}
}

// TestClientKeysAreTold holds that every key of a client file stands in the
// template and, in the section of its table, in the page about the file.
func TestClientKeysAreTold(t *testing.T) {
	src, err := os.ReadFile(filepath.Join(root, "docs", "client-file.md"))
	if err != nil {
		t.Fatal(err)
	}
	sections := strings.Split("\n"+string(src), "\n## ")
	told := func(table, key string) bool {
		return slices.ContainsFunc(sections, func(s string) bool {
			heading, body, _ := strings.Cut(s, "\n")
			right := strings.Contains(heading, "[["+table+"]]")
			if table == "" {
				right = !strings.Contains(heading, "[[")
			}
			return right && strings.Contains(body, "`"+key+"`")
		})
	}
	template := inUse(clientTemplate, false) + "\n" + inUse(clientTemplate, true)
	check := func(table, key string) {
		found := strings.Contains(template, "\n"+key+" = ")
		if table != "" {
			found = false
			for _, part := range strings.Split(template, "\n[[") {
				found = found || strings.HasPrefix(part, table+"]]") && strings.Contains(part, "\n"+key+" = ")
			}
		}
		if !found {
			t.Errorf("%s %s is not in templates/client.toml", table, key)
		}
		if !told(table, key) {
			t.Errorf("%s %s is not in docs/client-file.md", table, key)
		}
	}
	tables := 0
	table := func(name string, entry reflect.Type) {
		tables++
		for f := range fieldsOf(entry) {
			check(name, f.Tag.Get("toml"))
		}
	}
	check("", "values") // in place of [[value]]
	for f := range fieldsOf(reflect.TypeFor[org.Client]()) {
		key := f.Tag.Get("toml")
		if f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct {
			table(key, f.Type.Elem())
		} else {
			check("", key)
		}
	}
	table("review", reflect.TypeFor[org.ReviewTable]())
	if tables < 8 {
		t.Errorf("saw only %d tables", tables)
	}
}

// fieldsOf gives the fields of a struct that are keys.
func fieldsOf(typ reflect.Type) func(yield func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range typ.NumField() {
			if f := typ.Field(i); f.Tag.Get("toml") != "" && !yield(f) {
				return
			}
		}
	}
}
