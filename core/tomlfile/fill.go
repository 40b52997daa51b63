package tomlfile

import (
	"encoding"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// filler puts the parser's values into Go values and reports those that do not
// fit at their places in doc.
type filler struct {
	doc    *Doc
	schema reflect.Type // of the outermost struct
}

// value fills dst with v, which the parser found at path, and reports whether
// v is of the right type. A pointer stays nil when it is not.
func (f filler) value(dst reflect.Value, v any, path []any) (fits bool) {
	if dst.Kind() == reflect.Pointer {
		inner := reflect.New(dst.Type().Elem())
		if fits = f.value(inner.Elem(), v, path); fits {
			dst.Set(inner)
		}
		return fits
	}
	if reader, ok := dst.Addr().Interface().(encoding.TextUnmarshaler); ok && dst.Type() != timeType {
		return f.text(reader, v, path)
	}
	switch kind := dst.Kind(); {
	case dst.Type() == timeType:
		fits = set[time.Time](dst, v)
	case kind == reflect.Struct:
		fits = f.table(dst, v, path)
	case kind == reflect.Map:
		fits = f.tableMap(dst, v, path)
	case kind == reflect.Slice:
		fits = f.list(dst, v, path)
	case kind == reflect.Interface:
		fits = set[any](dst, v)
	case kind == reflect.String:
		fits = set[string](dst, v)
	case kind == reflect.Bool:
		fits = set[bool](dst, v)
	case kind == reflect.Float64:
		fits = setFloat(dst, v)
	case kind == reflect.Int || kind == reflect.Int64:
		return f.integer(dst, v, path)
	default:
		panic(fmt.Sprintf("tomlfile: cannot decode into a %s", dst.Type()))
	}
	if !fits {
		f.misfit(dst.Type(), v, path)
	}
	return fits
}

var (
	timeType = reflect.TypeFor[time.Time]()
	textType = reflect.TypeFor[encoding.TextUnmarshaler]()
)

func set[T any](dst reflect.Value, v any) bool {
	t, ok := v.(T)
	if ok {
		dst.Set(reflect.ValueOf(t).Convert(dst.Type()))
	}
	return ok
}

// integer fills an int, which has 32 bits on some machines.
func (f filler) integer(dst reflect.Value, v any, path []any) bool {
	n, ok := v.(int64)
	switch {
	case !ok:
		f.misfit(dst.Type(), v, path)
	case dst.OverflowInt(n):
		ok = false
		f.reject(problem.Problem{What: nameOf(path) + " is too large"}, path)
	default:
		dst.SetInt(n)
	}
	return ok
}

// setFloat accepts any number but infinities and NaN, for which no file of ours
// has a use.
func setFloat(dst reflect.Value, v any) bool {
	switch v := v.(type) {
	case int64:
		dst.SetFloat(float64(v))
		return true
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
		dst.SetFloat(v)
		return true
	}
	return false
}

// text fills a type that reads itself from text.
func (f filler) text(dst encoding.TextUnmarshaler, v any, path []any) bool {
	s, ok := v.(string)
	if !ok {
		f.misfit(reflect.TypeFor[string](), v, path)
		return false
	}
	err := dst.UnmarshalText([]byte(s))
	if err != nil {
		f.reject(problem.Problem{What: fmt.Sprintf("%s: %v", nameOf(path), err)}, path)
	}
	return err == nil
}

// table fills a struct, and reports keys that it does not have.
func (f filler) table(dst reflect.Value, v any, path []any) bool {
	values, ok := v.(map[string]any)
	if !ok {
		return false
	}
	known := fieldsOf(dst.Type())
	for _, name := range slices.Sorted(maps.Keys(values)) {
		at := append(slices.Clip(path), name)
		i := slices.IndexFunc(known, func(k field) bool { return k.name == name })
		if i < 0 {
			f.unknown(known, name, at)
			continue
		}
		f.value(dst.FieldByIndex(known[i].index), values[name], at)
	}
	return true
}

func (f filler) tableMap(dst reflect.Value, v any, path []any) bool {
	values, ok := v.(map[string]any)
	if !ok {
		return false
	}
	dst.Set(reflect.MakeMapWithSize(dst.Type(), len(values)))
	for _, name := range slices.Sorted(maps.Keys(values)) {
		entry := reflect.New(dst.Type().Elem()).Elem()
		f.value(entry, values[name], append(slices.Clip(path), name))
		dst.SetMapIndex(reflect.ValueOf(name).Convert(dst.Type().Key()), entry)
	}
	return true
}

func (f filler) list(dst reflect.Value, v any, path []any) bool {
	entries := reflect.ValueOf(v)
	if entries.Kind() != reflect.Slice {
		return false
	}
	dst.Set(reflect.MakeSlice(dst.Type(), entries.Len(), entries.Len()))
	for i := range entries.Len() {
		f.value(dst.Index(i), entries.Index(i).Interface(), append(slices.Clip(path), i))
	}
	return true
}

// reject records p at path and marks the value there as unusable.
func (f filler) reject(p problem.Problem, path []any) {
	f.doc.faults.Add(f.doc.Problem(p.What, p.Hint, path...))
	if n, exact := f.doc.find(path); exact {
		n.unusable = true
	}
}

// unknown reports a key that the struct at its place does not have.
func (f filler) unknown(known []field, name string, path []any) {
	names := make([]string, len(known))
	for i, k := range known {
		names[i] = k.name
	}
	near := problem.Nearest(name, names)
	hint := "known here: " + strings.Join(names, ", ")
	if places := placesOf(f.schema, name); places != "" {
		hint = fmt.Sprintf("%q belongs %s; %s", name, places, hint)
	} else if near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
		if in, _ := f.doc.find(path[:len(path)-1]); in.keys[near] == nil {
			if in.misspelt == nil {
				in.misspelt = map[string]*node{}
			}
			in.misspelt[near] = in.keys[name]
		}
	}
	f.reject(problem.Problem{What: fmt.Sprintf("unknown key %q", name), Hint: hint}, path)
}

// misfit reports a value of the wrong type.
func (f filler) misfit(want reflect.Type, v any, path []any) {
	n, _ := f.doc.find(path)
	what := fmt.Sprintf("%s must be %s, not %s", nameOf(path), wanted(want), given(v))
	f.reject(problem.Problem{What: what, Hint: remedy(want, v, path, n)}, path)
}

// nameOf names the place at path: "min", or entry 3 of "labels".
func nameOf(path []any) string {
	switch last := path[len(path)-1].(type) {
	case int:
		return fmt.Sprintf("entry %d of %s", last+1, nameOf(path[:len(path)-1]))
	default:
		return fmt.Sprintf("%q", last)
	}
}

// wanted says in the reader's words what a Go type takes.
func wanted(t reflect.Type) string {
	switch {
	case t == timeType:
		return "a date"
	case holdsTables(t):
		return "a list of tables"
	}
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return "a table"
	case reflect.Slice:
		return "a list"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	}
	return "text"
}

func holdsTables(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct &&
		t.Elem() != timeType && !reflect.PointerTo(t.Elem()).Implements(textType)
}

// given says in the reader's words what the parser found.
func given(v any) string {
	switch v := v.(type) {
	case string:
		return "text"
	case int64:
		return "a whole number"
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return "infinite or undefined"
		}
		return "a decimal number"
	case bool:
		return strconv.FormatBool(v)
	case time.Time:
		return "a date or time"
	case map[string]any:
		return "a table"
	case []map[string]any:
		return "a list of tables"
	}
	return "a list"
}

// remedy shows how to write a value of the wrong type rightly, where that can
// be told.
func remedy(want reflect.Type, v any, path []any, n *node) string {
	write := func(format string, value string) string {
		if name, ok := path[len(path)-1].(string); ok {
			format = name + " = " + format
		}
		return "write " + fmt.Sprintf(format, value)
	}
	text, isText := v.(string)
	text = strings.TrimSpace(text)
	switch {
	case holdsTables(want) && (n.kind == headed || n.kind == implied):
		return fmt.Sprintf("write [[%s]], with two pairs of brackets", header(path))
	case want.Kind() == reflect.Struct && n.kind == tableList:
		return fmt.Sprintf("write [%s], with one pair of brackets", header(path))
	case want.Kind() == reflect.Slice && n.kind == scalar && oneLine(n.raw):
		return write("[%s]", n.raw)
	case want.Kind() == reflect.String && n.kind == scalar:
		return write("%q", n.raw)
	case want.Kind() == reflect.Bool && isText && (text == "true" || text == "false"):
		return write("%s", text) + ", without quotes"
	case isText && readsAs(want, text):
		return write("%s", text) + ", without quotes"
	}
	return ""
}

// readsAs reports whether text would be a number or date of type want without
// its quotes.
func readsAs(want reflect.Type, text string) bool {
	var err error
	switch {
	case want == timeType:
		_, err = time.Parse(time.DateOnly, text)
	case want.Kind() == reflect.Int || want.Kind() == reflect.Int64:
		_, err = strconv.ParseInt(text, 10, 64)
	case want.Kind() == reflect.Float64:
		var f float64
		f, err = strconv.ParseFloat(text, 64)
		return err == nil && !math.IsNaN(f) && !math.IsInf(f, 0)
	default:
		return false
	}
	return err == nil
}

func oneLine(raw string) bool { return !strings.Contains(raw, "\n") && len(raw) < 60 }

// header gives a path as it is written in a table header.
func header(path []any) string {
	var names []string
	for _, step := range path {
		if name, ok := step.(string); ok {
			names = append(names, name)
		}
	}
	return strings.Join(names, ".")
}

// field is one key that a struct takes.
type field struct {
	name  string
	index []int
	typ   reflect.Type
}

// fieldsOf lists the keys of a struct in the order of its fields.
func fieldsOf(t reflect.Type) []field {
	var fields []field
	for _, sf := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(sf.Tag.Get("toml"), ",")
		if name != "" && name != "-" && sf.IsExported() {
			fields = append(fields, field{name, sf.Index, sf.Type})
		}
	}
	return fields
}

// placesOf says in which tables of t a key of that name belongs: "in [scale]".
// The commonest slip in TOML is a key that has ended up under the wrong header.
func placesOf(t reflect.Type, name string) string {
	type table struct {
		typ         reflect.Type
		path, words string
	}
	var places []string
	seen := map[reflect.Type]bool{t: true}
	for queue := []table{{t, "", "at the top of the file, above the first [table]"}}; len(queue) > 0; queue = queue[1:] {
		for _, k := range fieldsOf(queue[0].typ) {
			if k.name == name {
				places = append(places, queue[0].words)
			}
			inner, words := k.typ, "in [%s]"
			for inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Slice {
				if inner.Kind() == reflect.Slice {
					words = "in [[%s]]"
				}
				inner = inner.Elem()
			}
			if inner.Kind() == reflect.Struct && !seen[inner] {
				seen[inner] = true
				path := strings.TrimPrefix(queue[0].path+"."+k.name, ".")
				queue = append(queue, table{inner, path, fmt.Sprintf(words, path)})
			}
		}
	}
	return strings.Join(places, " or ")
}
