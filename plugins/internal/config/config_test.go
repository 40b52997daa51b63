package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

func field(name string, t pb.Field_Type, change func(*pb.Field)) *pb.Field {
	f := &pb.Field{Name: name, Type: t, Doc: "doc of " + name}
	if change != nil {
		change(f)
	}
	return f
}

func fields() []*pb.Field {
	return []*pb.Field{
		field("title", pb.Field_TYPE_STRING, func(f *pb.Field) { f.Required = true }),
		field("limit", pb.Field_TYPE_INT, func(f *pb.Field) { f.Default = "10" }),
		field("dry", pb.Field_TYPE_BOOL, nil),
		field("wait", pb.Field_TYPE_DURATION, func(f *pb.Field) { f.Default = "90s" }),
		field("parts", pb.Field_TYPE_STRINGS, func(f *pb.Field) { f.OneOf = []string{"summary", "items", "groups"} }),
		field("mapping", pb.Field_TYPE_TABLE, nil),
		field("format", pb.Field_TYPE_STRING, func(f *pb.Field) { f.OneOf, f.Default = []string{"wide", "long"}, "wide" }),
		field("token", pb.Field_TYPE_STRING, func(f *pb.Field) { f.Secret = true }),
	}
}

func TestCheckValues(t *testing.T) {
	got, faults := Check(fields(), []byte(`{"title": "T", "limit": -3, "dry": true, "wait": "1h30m", "parts": ["items", "groups"], "mapping": {"a": "b"}}`), map[string]string{"token": "x"})
	want := Values{
		"title": "T", "limit": int64(-3), "dry": true, "wait": 90 * time.Minute, "parts": []string{"items", "groups"},
		"mapping": map[string]string{"a": "b"}, "format": "wide",
	}
	if len(faults) > 0 || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v and %v, want %v", got, faults, want)
	}
	got, faults = Check(fields(), []byte(`{"title": ""}`), nil)
	if want := (Values{"title": "", "limit": int64(10), "wait": 90 * time.Second, "format": "wide"}); len(faults) > 0 || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v and %v, want %v", got, faults, want)
	}
}

func TestCheckFaults(t *testing.T) {
	const secret = "hunter2hunter2"
	tests := []struct {
		settings string
		want     []string // code|field|part of the hint
	}{
		{`{}`, []string{"config.missing|title|doc of title"}},
		{``, []string{"config.missing|title|doc of title"}},
		{`[]`, []string{"config.syntax||write them"}},
		{`null`, []string{"config.syntax||write them"}},
		{`{"title": "T"`, []string{"config.syntax||write them"}},
		{`{"title": "T"} {}`, []string{"config.syntax||write them"}},
		{`{"title": "T", "limt": "` + secret + `"}`, []string{`config.unknown|limt|did you mean "limit"?`}},
		{`{"title": "T", "xyzzy": 1}`, []string{"config.unknown|xyzzy|the settings are title, limit"}},
		{`{"title": 1}`, []string{`config.type|title|title = "text"`}},
		{`{"title": null}`, []string{"config.type|title|"}},
		{`{"title": "T", "limit": "` + secret + `"}`, []string{"config.type|limit|limit = 10"}},
		{`{"title": "T", "limit": 1.5}`, []string{"config.type|limit|"}},
		{`{"title": "T", "limit": 9223372036854775808}`, []string{"config.type|limit|"}},
		{`{"title": "T", "dry": "true"}`, []string{"config.type|dry|"}},
		{`{"title": "T", "wait": 5}`, []string{"config.type|wait|"}},
		{`{"title": "T", "wait": "` + secret + `"}`, []string{"config.type|wait|"}},
		{`{"title": "T", "parts": "items"}`, []string{"config.type|parts|"}},
		{`{"title": "T", "parts": ["items", null]}`, []string{"config.type|parts|"}},
		{`{"title": "T", "parts": ["itms"]}`, []string{`config.value|parts|did you mean "items"?`}},
		{`{"title": "T", "mapping": {"a": null}}`, []string{"config.type|mapping|"}},
		{`{"title": "T", "mapping": {"a": 1}}`, []string{"config.type|mapping|"}},
		{`{"title": "T", "format": "` + secret + `"}`, []string{"config.value|format|it can be wide, long"}},
		{`{"title": "T", "token": "` + secret + `"}`, []string{`config.secret|token|token = "env:NAME"`}},
		{`{"limit": "x", "b": 1, "a": 1}`, []string{"config.missing|title|", "config.type|limit|", "config.unknown|a|", "config.unknown|b|"}},
	}
	for _, tt := range tests {
		values, faults := Check(fields(), []byte(tt.settings), nil)
		if values != nil {
			t.Errorf("%s: values %v beside faults", tt.settings, values)
		}
		var got []string
		for _, f := range faults {
			got = append(got, fmt.Sprintf("%s|%s|%s", f.GetCode(), f.GetField(), f.GetHint()))
			if text := f.String(); strings.Contains(text, secret) {
				t.Errorf("%s: a fault quotes the value: %s", tt.settings, text)
			}
			if f.GetSummary() == "" || f.GetSeverity() != pb.Diagnostic_SEVERITY_ERROR {
				t.Errorf("%s: fault %v", tt.settings, f)
			}
		}
		if !slices.EqualFunc(got, tt.want, matches) {
			t.Errorf("%s: faults %q, want %q", tt.settings, got, tt.want)
		}
	}
}

// matches compares code and field, and looks for the part of the hint.
func matches(got, want string) bool {
	g, w := strings.SplitN(got, "|", 3), strings.SplitN(want, "|", 3)
	return g[0] == w[0] && g[1] == w[1] && strings.Contains(g[2], w[2])
}

func TestCheckSecrets(t *testing.T) {
	all := []*pb.Field{field("token", pb.Field_TYPE_STRING, func(f *pb.Field) { f.Secret, f.Required = true, true })}
	for _, tt := range []struct {
		secrets map[string]string
		code    string
	}{
		{map[string]string{"token": "x"}, ""},
		{map[string]string{"token": ""}, CodeMissing},
		{nil, CodeMissing},
		{map[string]string{"token": "x", "other": "y"}, CodeUnknown},
	} {
		_, faults := Check(all, nil, tt.secrets)
		if code := codes(faults); code != tt.code {
			t.Errorf("%v: faults %q, want %q", tt.secrets, code, tt.code)
		}
	}
}

func codes(faults []*pb.Diagnostic) string {
	var out []string
	for _, f := range faults {
		out = append(out, f.GetCode())
	}
	return strings.Join(out, " ")
}

// What FromText makes of a user's words, Check takes.
func TestFromText(t *testing.T) {
	settings, faults := FromText(fields(), map[string]string{
		"title": "1", "limit": "7", "dry": "false", "wait": "2m", "parts": "items,groups", "mapping": "a=b,c=d=e", "token": "env:X", "new": "n",
	})
	want := `{"dry":false,"limit":7,"mapping":{"a":"b","c":"d=e"},"new":"n","parts":["items","groups"],"title":"1","token":"env:X","wait":"2m"}`
	if len(faults) > 0 || string(settings) != want {
		t.Errorf("got %s and %v\nwant %s", settings, faults, want)
	}
	for name, text := range map[string]string{"limit": "many", "dry": "maybe", "mapping": "a", "parts ": ""} {
		_, faults := FromText(fields(), map[string]string{name: text})
		if (len(faults) == 1) != (name != "parts ") {
			t.Errorf("%s=%s: faults %v", name, text, faults)
		}
	}
}

func TestCheckFields(t *testing.T) {
	if err := CheckFields(append(fields(), field("later", 99, nil))); err != nil {
		t.Error(err)
	}
	bad := map[string][]*pb.Field{
		"name":            {field("Title", pb.Field_TYPE_STRING, nil)},
		"no name":         {field("", pb.Field_TYPE_STRING, nil)},
		"twice":           {field("a", pb.Field_TYPE_STRING, nil), field("a", pb.Field_TYPE_INT, nil)},
		"no type":         {field("a", 0, nil)},
		"later type":      {field("a", 99, func(f *pb.Field) { f.Required = true })},
		"secret number":   {field("a", pb.Field_TYPE_INT, func(f *pb.Field) { f.Secret = true })},
		"secret default":  {field("a", pb.Field_TYPE_STRING, func(f *pb.Field) { f.Secret, f.Default = true, "x" })},
		"one of numbers":  {field("a", pb.Field_TYPE_INT, func(f *pb.Field) { f.OneOf = []string{"1"} })},
		"default":         {field("a", pb.Field_TYPE_INT, func(f *pb.Field) { f.Default = "x" })},
		"control":         {field("a", pb.Field_TYPE_STRING, func(f *pb.Field) { f.OneOf = []string{"x", "\x1b[2J"} })},
		"default not one": {field("a", pb.Field_TYPE_STRING, func(f *pb.Field) { f.OneOf, f.Default = []string{"x"}, "y" })},
	}
	for name, f := range bad {
		if CheckFields(f) == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// No settings make Check fail, and what it takes has the announced type.
func FuzzCheck(f *testing.F) {
	f.Add(`{"title": "T", "limit": 1, "parts": ["items"], "mapping": {"a": "b"}, "wait": "1s", "dry": true}`)
	f.Add(`{"title": null}`)
	f.Fuzz(func(t *testing.T, settings string) {
		values, faults := Check(fields(), []byte(settings), nil)
		if (values == nil) == (len(faults) == 0) {
			t.Fatalf("values %v and faults %v", values, faults)
		}
		for name, v := range values {
			ok := false
			switch name {
			case "title", "format":
				_, ok = v.(string)
			case "limit":
				_, ok = v.(int64)
			case "dry":
				_, ok = v.(bool)
			case "wait":
				_, ok = v.(time.Duration)
			case "parts":
				_, ok = v.([]string)
			case "mapping":
				_, ok = v.(map[string]string)
			}
			if !ok {
				t.Fatalf("%s is %T", name, v)
			}
		}
		plain, secrets, faults := Resolve(fields(), []byte(settings))
		if len(faults) == 0 && (plain == nil || secrets == nil) {
			t.Fatal("nothing resolved, and no fault")
		}
	})
}
