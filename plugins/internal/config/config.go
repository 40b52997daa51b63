// Package config checks an exporter's settings against the fields that the
// exporter announces. The host checks before it starts an export, so that the
// user is told in the same words whatever the exporter; the kit for exporters
// checks again, so that an exporter can rely on it whatever the host.
//
// No text of this package quotes a value: someone may have put a secret where
// it does not belong.
package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/core/problem"
	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// Codes of the diagnostics.
const (
	CodeSyntax  = "config.syntax"  // the settings are not one JSON object
	CodeUnknown = "config.unknown" // no such setting
	CodeMissing = "config.missing" // a required setting is not made
	CodeType    = "config.type"    // the value has another type
	CodeValue   = "config.value"   // the value is not one of those allowed
	CodeSecret  = "config.secret"  // a secret is not given as a reference, or the reference leads nowhere
)

// Values are settings by name, with defaults filled in: string, int64, bool,
// time.Duration, []string or map[string]string according to the field's type.
// Secrets are not among them.
type Values map[string]any

// Check reads settings, one JSON object or nothing, and the names of the
// secrets given, against fields. It returns every fault: those of known fields
// in the order of fields, then the unknown ones by name.
func Check(fields []*pb.Field, settings []byte, secrets map[string]string) (Values, []*pb.Diagnostic) {
	members, fault := object(settings)
	if fault != nil {
		return nil, []*pb.Diagnostic{fault}
	}
	values := Values{}
	var faults []*pb.Diagnostic
	for _, f := range fields {
		raw, given := members[f.GetName()]
		if f.GetSecret() {
			if d := checkSecret(f, given, secrets); d != nil {
				faults = append(faults, d)
			}
			continue
		}
		switch v, d := value(f, raw, given); {
		case d != nil:
			faults = append(faults, d)
		case v != nil:
			values[f.GetName()] = v
		}
	}
	faults = append(faults, unknown(fields, slices.Sorted(maps.Keys(members)))...)
	faults = append(faults, unknown(fields, slices.Sorted(maps.Keys(secrets)))...)
	if len(faults) > 0 {
		return nil, faults
	}
	return values, nil
}

// object takes a JSON object apart without reading its values.
func object(text []byte) (map[string]json.RawMessage, *pb.Diagnostic) {
	members := map[string]json.RawMessage{}
	if len(bytes.TrimSpace(text)) == 0 {
		return members, nil
	}
	if err := json.Unmarshal(text, &members); err != nil || members == nil {
		return nil, fault(CodeSyntax, "", "the settings are not one JSON object", `write them as {"name": value}`)
	}
	return members, nil
}

func checkSecret(f *pb.Field, inSettings bool, secrets map[string]string) *pb.Diagnostic {
	name := f.GetName()
	switch {
	case inSettings:
		return fault(CodeSecret, name, fmt.Sprintf("setting %q is a secret and came among the plain settings", name), secretHint(name))
	case f.GetRequired() && secrets[name] == "":
		return fault(CodeMissing, name, fmt.Sprintf("setting %q is missing", name), join(f.GetDoc(), secretHint(name)))
	}
	return nil
}

// value decodes one setting; nil when it is neither given nor has a default.
func value(f *pb.Field, raw json.RawMessage, given bool) (any, *pb.Diagnostic) {
	if !given {
		switch {
		case later(f):
			return nil, nil
		case f.GetDefault() != "":
			v, err := Parse(f, f.GetDefault())
			if err != nil {
				return nil, fault(CodeType, f.GetName(), fmt.Sprintf("the default of setting %q is not %s", f.GetName(), TypeName(f)), "tell the author of the exporter")
			}
			return v, nil
		case f.GetRequired():
			return nil, fault(CodeMissing, f.GetName(), fmt.Sprintf("setting %q is missing", f.GetName()), f.GetDoc())
		}
		return nil, nil
	}
	v, ok := decode(f.GetType(), raw)
	if !ok {
		return nil, fault(CodeType, f.GetName(), fmt.Sprintf("setting %q must be %s", f.GetName(), TypeName(f)), "for example "+example(f))
	}
	return v, allowed(f, v)
}

func decode(t pb.Field_Type, raw json.RawMessage) (any, bool) {
	switch t {
	case pb.Field_TYPE_STRING:
		return into[string](raw)
	case pb.Field_TYPE_INT:
		return into[int64](raw)
	case pb.Field_TYPE_BOOL:
		return into[bool](raw)
	case pb.Field_TYPE_STRINGS:
		return intoAll[[]string](raw)
	case pb.Field_TYPE_TABLE:
		return intoAll[map[string]string](raw)
	case pb.Field_TYPE_DURATION:
		text, ok := into[string](raw)
		if !ok {
			return nil, false
		}
		d, err := time.ParseDuration(text.(string))
		return d, err == nil
	}
	return nil, false
}

// into decodes raw strictly: null is no value of any type.
func into[T any](raw json.RawMessage) (any, bool) {
	if bytes.Equal(bytes.TrimSpace(raw), []byte("null")) {
		return nil, false
	}
	var v T
	if err := json.Unmarshal(raw, &v); err != nil {
		return nil, false
	}
	return v, true
}

// intoAll is into for lists and tables, whose members must not be null either.
func intoAll[T any](raw json.RawMessage) (any, bool) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	for {
		token, err := dec.Token()
		switch {
		case errors.Is(err, io.EOF):
			return into[T](raw)
		case err != nil, token == nil:
			return nil, false
		}
	}
}

// allowed checks one_of.
func allowed(f *pb.Field, v any) *pb.Diagnostic {
	if len(f.GetOneOf()) == 0 {
		return nil
	}
	var given []string
	switch v := v.(type) {
	case string:
		given = []string{v}
	case []string:
		given = v
	}
	for _, s := range given {
		if !slices.Contains(f.GetOneOf(), s) {
			hint := problem.DidYouMean(s, f.GetOneOf(), "it can be "+strings.Join(f.GetOneOf(), ", "))
			return fault(CodeValue, f.GetName(), fmt.Sprintf("setting %q has a value that is not allowed", f.GetName()), hint)
		}
	}
	return nil
}

func unknown(fields []*pb.Field, names []string) []*pb.Diagnostic {
	known := make([]string, len(fields))
	for i, f := range fields {
		known[i] = f.GetName()
	}
	fallback := "the settings are " + strings.Join(known, ", ")
	if len(known) == 0 {
		fallback = "this exporter takes no settings"
	}
	var faults []*pb.Diagnostic
	for _, name := range names {
		if !slices.Contains(known, name) {
			faults = append(faults, fault(CodeUnknown, name, fmt.Sprintf("unknown setting %q", name), problem.DidYouMean(name, known, fallback)))
		}
	}
	return faults
}

// Parse reads a value as a user writes it on a command line, or an author as a
// default: a list is separated by commas, a table is a list of name=value.
func Parse(f *pb.Field, text string) (any, error) {
	switch f.GetType() {
	case pb.Field_TYPE_STRING:
		return text, nil
	case pb.Field_TYPE_INT:
		n, err := strconv.ParseInt(text, 10, 64)
		return n, plain(err, f)
	case pb.Field_TYPE_BOOL:
		b, err := strconv.ParseBool(text)
		return b, plain(err, f)
	case pb.Field_TYPE_DURATION:
		d, err := time.ParseDuration(text)
		return d, plain(err, f)
	case pb.Field_TYPE_STRINGS:
		return strings.Split(text, ","), nil
	case pb.Field_TYPE_TABLE:
		table := map[string]string{}
		for _, pair := range strings.Split(text, ",") {
			name, v, found := strings.Cut(pair, "=")
			if !found || name == "" {
				return nil, plain(errors.New("no name"), f)
			}
			table[name] = v
		}
		return table, nil
	}
	return nil, fmt.Errorf("setting %q has no type", f.GetName())
}

// plain replaces err, which may quote the value, by one that does not.
func plain(err error, f *pb.Field) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("setting %q must be %s", f.GetName(), TypeName(f))
}

// TypeName says in words what a value of the field is.
func TypeName(f *pb.Field) string {
	switch f.GetType() {
	case pb.Field_TYPE_STRING:
		return "a text"
	case pb.Field_TYPE_INT:
		return "a whole number"
	case pb.Field_TYPE_BOOL:
		return "true or false"
	case pb.Field_TYPE_DURATION:
		return "a duration"
	case pb.Field_TYPE_STRINGS:
		return "a list of texts"
	case pb.Field_TYPE_TABLE:
		return "a table of texts"
	}
	return "of a type that this version does not know"
}

// example is a TOML line with a value of the field.
func example(f *pb.Field) string {
	v := map[pb.Field_Type]string{
		pb.Field_TYPE_STRING:   `"text"`,
		pb.Field_TYPE_INT:      "10",
		pb.Field_TYPE_BOOL:     "true",
		pb.Field_TYPE_DURATION: `"90s"`,
		pb.Field_TYPE_STRINGS:  `["one", "two"]`,
		pb.Field_TYPE_TABLE:    `{ from = "to" }`,
	}[f.GetType()]
	return f.GetName() + " = " + v
}

func fault(code, field, summary, hint string) *pb.Diagnostic {
	return &pb.Diagnostic{Severity: pb.Diagnostic_SEVERITY_ERROR, Code: code, Field: field, Summary: summary, Hint: hint}
}

func secretHint(name string) string {
	return fmt.Sprintf(`give a reference: %s = "env:NAME" or "file:PATH"`, name)
}

func join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "; ")
}
