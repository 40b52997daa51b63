package record

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// JSONSchema returns the JSON Schema (draft 2020-12) of a record, made from
// the Go types of this package, indented and ended by a line feed. Readers
// must ignore fields they do not know, so the schema allows them.
func JSONSchema() []byte {
	g := generator{defs: map[string]any{}}
	root := g.object(reflect.TypeFor[Record]())
	var bodies []any
	for _, k := range Kinds() {
		bodies = append(bodies, map[string]any{
			"if":   map[string]any{"properties": map[string]any{"kind": map[string]any{"const": k}}, "required": []string{"kind"}},
			"then": map[string]any{"required": []string{string(k)}},
		})
		switch k {
		case KindAssessment: // a field of Record
		default:
			body := g.of(map[Kind]reflect.Type{
				KindPlan: reflect.TypeFor[Plan](), KindStatement: reflect.TypeFor[Statement](),
				KindJob: reflect.TypeFor[Job](), KindFolder: reflect.TypeFor[Folder](),
				KindOrganization: reflect.TypeFor[Organization](),
			}[k])
			body["description"] = "Body of kind " + string(k) + "."
			root["properties"].(map[string]any)[string(k)] = body
		}
	}
	root["allOf"] = bodies
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["$id"] = "urn:firstcall:record:1"
	root["title"] = "firstcall record"
	root["$defs"] = g.defs
	// A map marshals with sorted keys: the same bytes every time.
	out, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic(err) // the types are fixed: a test would have seen it
	}
	return append(out, '\n')
}

// generator makes schemas of Go types; named structs become definitions.
type generator struct{ defs map[string]any }

func (g generator) of(t reflect.Type) map[string]any {
	switch t.Kind() {
	case reflect.Pointer:
		return g.of(t.Elem())
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": g.of(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": g.of(t.Elem())}
	case reflect.Struct:
		return g.reference(t)
	default:
		panic("record: no schema for " + t.String())
	}
}

// reference defines a struct once and refers to it. The sealed assessment
// appears as its body.
func (g generator) reference(t reflect.Type) map[string]any {
	if t == reflect.TypeFor[Assessment]() {
		t = reflect.TypeFor[AssessmentBody]()
	}
	name := strings.ToLower(strings.TrimSuffix(t.Name(), "Body"))
	if _, known := g.defs[name]; !known {
		g.defs[name] = nil // keeps a type that holds itself from recursing
		g.defs[name] = g.object(t)
	}
	return map[string]any{"$ref": "#/$defs/" + name}
}

func (g generator) object(t reflect.Type) map[string]any {
	properties := map[string]any{}
	var required []string
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || name == "" {
			continue
		}
		if options != "omitempty" {
			required = append(required, name)
		}
		properties[name] = g.property(f)
	}
	slices.Sort(required)
	out := map[string]any{"type": "object", "properties": properties}
	if len(required) > 0 {
		out["required"] = required
	}
	return out
}

// property is the schema of a field with what its tags add.
func (g generator) property(f reflect.StructField) map[string]any {
	p := g.of(f.Type)
	if doc := f.Tag.Get("doc"); doc != "" {
		p["description"] = doc
	}
	if unit := f.Tag.Get("unit"); unit != "" {
		p["x-unit"] = unit
	}
	if c := f.Tag.Get("const"); c != "" {
		p["const"] = c
	}
	if e := f.Tag.Get("enum"); e != "" {
		p["enum"] = strings.Split(e, ",")
	}
	if s := f.Tag.Get("pattern"); s != "" {
		p["pattern"] = s
	}
	for _, bound := range []string{"minimum", "maximum", "minLength"} {
		if n, err := strconv.Atoi(f.Tag.Get(bound)); err == nil {
			p[bound] = n
		}
	}
	return p
}
