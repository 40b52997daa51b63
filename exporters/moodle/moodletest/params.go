package moodletest

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Types of values, as Moodle calls them.
const (
	typeRaw       = "raw"
	typeInt       = "int"
	typeText      = "text"
	typeBool      = "bool"
	typeAlpha     = "alpha"
	typeAlphaExt  = "alphanumext"
	typeCleanHTML = "cleanhtml"
)

// spec is what a parameter must be: a value, a structure or a list.
type spec struct {
	value  string
	fields []field
	list   *spec
}

// field is a part of a structure. One that is optional and has no default stays out.
type field struct {
	name     string
	of       spec
	optional bool
	byItself any // the default; nil: none
}

func value(kind string) spec       { return spec{value: kind} }
func object(fields ...field) spec  { return spec{fields: fields} }
func listOf(of spec) spec          { return spec{list: &of} }
func need(name, kind string) field { return field{name: name, of: value(kind)} }
func may(name, kind string) field  { return field{name: name, of: value(kind), optional: true} }
func def(name, kind string, v any) field {
	return field{name: name, of: value(kind), optional: true, byItself: v}
}
func part(name string, of spec) field { return field{name: name, of: of} }

// nest makes a tree of arguments, as PHP does with brackets in their names.
func nest(args url.Values) any {
	tree := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(args)) {
		path := strings.Split(strings.ReplaceAll(name, "]", ""), "[")
		at := tree
		for _, p := range path[:len(path)-1] {
			below, ok := at[p].(map[string]any)
			if !ok {
				below = map[string]any{}
				at[p] = below
			}
			at = below
		}
		at[path[len(path)-1]] = args.Get(name)
	}
	return tree
}

// read checks an argument and gives it in its type.
func (p spec) read(arg any) (any, *failure) {
	tree, isTree := arg.(map[string]any)
	switch {
	case p.value != "":
		text, ok := arg.(string)
		if !ok {
			return nil, invalid("Scalar type expected, array or object received.")
		}
		return readValue(p.value, text)
	case !isTree:
		return nil, invalid("Only arrays accepted.")
	case p.list != nil:
		return p.readList(tree)
	}
	out := map[string]any{}
	for _, f := range p.fields {
		below, there := tree[f.name]
		delete(tree, f.name)
		switch {
		case there:
			v, bad := f.of.read(below)
			if bad != nil {
				return nil, invalid("%s => %s", f.name, bad.DebugInfo)
			}
			out[f.name] = v
		case !f.optional:
			return nil, invalid("Missing required key in single structure: %s", f.name)
		case f.byItself != nil:
			out[f.name] = f.byItself
		}
	}
	if len(tree) > 0 {
		return nil, invalid("Unexpected keys (%s) detected in parameter array.", strings.Join(slices.Sorted(maps.Keys(tree)), ", "))
	}
	return out, nil
}

func (p spec) readList(tree map[string]any) (any, *failure) {
	out := make([]any, len(tree))
	for i := range out {
		below, there := tree[strconv.Itoa(i)]
		if !there {
			return nil, invalid("a list without %d", i)
		}
		v, bad := p.list.read(below)
		if bad != nil {
			return nil, invalid("%d => %s", i, bad.DebugInfo)
		}
		out[i] = v
	}
	return out, nil
}

var (
	alpha    = regexp.MustCompile(`^[a-zA-Z]*$`)
	alphaExt = regexp.MustCompile(`^[a-zA-Z0-9_-]*$`)
	aTag     = regexp.MustCompile(`<(\S|$)`) // what PHP's strip_tags begins to take away at

	// purified is HTML that Moodle's cleaner leaves as it is, of the little that is needed:
	// paragraphs of text in which only three characters are written as entities.
	purified = regexp.MustCompile(`^(<p>([^<>&\p{Cc}\s]|&amp;|&lt;|&gt;)([^<>&\p{Cc}]|&amp;|&lt;|&gt;)*</p>)*$`)
)

// readValue cleans a value: what cleaning would change is refused.
func readValue(kind, text string) (any, *failure) {
	wrong := invalid("Invalid external api parameter: the value is \"%s\", the server was expecting \"%s\" type", text, kind)
	if strings.ContainsRune(text, 0) || strings.ToValidUTF8(text, "") != text {
		return nil, wrong
	}
	switch kind {
	case typeInt:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || fmt.Sprint(n) != text {
			return nil, wrong
		}
		return n, nil
	case typeBool:
		if text != "0" && text != "1" {
			return nil, wrong
		}
		return text == "1", nil
	case typeText:
		if aTag.MatchString(text) {
			return nil, wrong
		}
	case typeAlpha:
		if !alpha.MatchString(text) {
			return nil, wrong
		}
	case typeAlphaExt:
		if !alphaExt.MatchString(text) {
			return nil, wrong
		}
	case typeCleanHTML:
		if !purified.MatchString(text) {
			return nil, wrong
		}
	}
	return text, nil
}
