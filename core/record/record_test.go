package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/firstcall-cli/firstcall/core/internal/seal"
	"github.com/firstcall-cli/firstcall/core/problem"
)

func sample(t *testing.T, client string) *Record {
	t.Helper()
	n, mean := int64(12), 3.25
	assessment, err := NewAssessment(seal.New(), AssessmentBody{
		Instrument: Instrument{ID: "x", Version: "1", Title: "X <&>", Direction: "high-is-good",
			Dimensions: []DimensionText{{ID: "d", Title: "D", Items: []ItemText{}}, {ID: "e", Title: "E", Items: []ItemText{}}}},
		N:          &n,
		Dimensions: []Dimension{{ID: "d", N: &n, Mean: &mean, Undefined: UndefinedNote{"alpha": "one item"}}, {ID: "e", Withheld: true}},
		Method:     Method{Missing: "min_half", MinGroup: 5, Confidence: 0.95},
	})
	if err != nil {
		t.Fatal(err)
	}
	r := &Record{
		Client: Client{ID: client}, Sources: []string{"survey.csv"}, Tool: Tool{Name: "firstcall", Version: "test"},
		Assessment: assessment,
	}
	if err := r.Seal(Key{Client: client, Kind: KindAssessment, Subject: "x", Wave: "2026-q3"}); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestKeyRoundTrip(t *testing.T) {
	for _, test := range []struct {
		key  Key
		text string
	}{
		{Key{"acme", KindAssessment, "eight-qualities", "2026-q3"}, "acme/assessment/eight-qualities/2026-q3"},
		{Key{"", KindAssessment, "x", ""}, "-/assessment/x"},
		{Key{"-", KindJob, "jobs/a b.md", ""}, "%2D/job/jobs%2Fa%20b.md"},
		{Key{"50%/é", KindStatement, "-", ""}, "50%25%2F%C3%A9/statement/%2D"},
	} {
		if got := test.key.String(); got != test.text {
			t.Errorf("%+v gives %q, want %q", test.key, got, test.text)
		}
		back, err := ParseKey(test.text)
		if err != nil || back != test.key {
			t.Errorf("%q reads as %+v, %v; want %+v", test.text, back, err, test.key)
		}
	}
	for _, bad := range []string{"", "a/b", "a//c", "a/b/c/d/e", "a/b/%zz"} {
		if _, err := ParseKey(bad); err == nil {
			t.Errorf("%q was read as a key", bad)
		}
	}
}

// The digest is sha256sum's, of the RFC 8785 text written by hand.
func TestRevisionIsOfCanonicalContent(t *testing.T) {
	r := &Record{Kind: KindPlan, Key: "acme/plan/p", Client: Client{ID: "acme"}, Other: json.RawMessage(`{ "b":1.0, "a":"é<" }`)}
	// {"client":{"id":"acme"},"key":"acme/plan/p","plan":{"a":"é<","b":1}}
	const want = "1e84f1e89a2a991b722fe2dcc6d988d652a80cccad7a01657ac1f91fc2f65329"
	got, err := r.Revise()
	if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("revision %s, want %s", got, want)
	}
}

func TestRevisionIgnoresToolDayAndSources(t *testing.T) {
	a, b := sample(t, "acme"), sample(t, "acme")
	b.Tool.Version, b.AsOf, b.Sources = "other", "2026-09-30", []string{"b.csv"}
	if err := b.Seal(Key{"acme", KindAssessment, "x", "2026-q3"}); err != nil {
		t.Fatal(err)
	}
	if a.Revision != b.Revision {
		t.Error("the tool's version, the day or the sources changed the revision")
	}
	if c := sample(t, "other"); c.Revision == a.Revision {
		t.Error("another client has the same revision")
	}
}

func TestRoundTripKeepsBytesAndRevision(t *testing.T) {
	var first, second bytes.Buffer
	w := NewWriter(&first)
	for _, c := range []string{"acme", "", "späti"} {
		if err := w.Write(sample(t, c)); err != nil {
			t.Fatal(err)
		}
	}
	plan := &Record{Client: Client{ID: "acme"}, Sources: []string{}, Tool: Tool{"firstcall", "1"}, Other: json.RawMessage(`{"actions":[],"later":{"x":1},"of":"acme/assessment/p"}`)}
	if err := plan.Seal(Key{Client: "acme", Kind: KindPlan, Subject: "p"}); err != nil {
		t.Fatal(err)
	}
	if err := w.Write(plan); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	r, w2 := NewReader("x", bytes.NewReader(first.Bytes())), NewWriter(&second)
	count := 0
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if r.Stale() {
			t.Errorf("line %d counts as changed", r.Line())
		}
		count++
		if err := w2.Write(rec); err != nil {
			t.Fatal(err)
		}
	}
	_ = w2.Flush()
	if count != 4 || first.String() != second.String() {
		t.Errorf("read %d records; the bytes changed:\n%s\n%s", count, first.String(), second.String())
	}
}

// What only a later version knows passes through untouched, and belongs to the
// revision.
func TestLaterFieldsPassThrough(t *testing.T) {
	later := []byte(`{"schema":"firstcall/1","kind":"assessment","key":"-/assessment/x","client":{"id":""},"assessment":{"n":1,"mood":{"b":1,"a":2}},"new":1}`)
	rec, err := NewReader("in", bytes.NewReader(later)).Next()
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(rec)
	if err != nil || !bytes.Contains(text, []byte(`"assessment":{"n":1,"mood":{"b":1,"a":2}}`)) {
		t.Errorf("%s %v", text, err)
	}
}

func TestReaderNamesFaults(t *testing.T) {
	var good bytes.Buffer
	w := NewWriter(&good)
	if err := errors.Join(w.Write(sample(t, "acme")), w.Flush()); err != nil {
		t.Fatal(err)
	}
	line := strings.TrimSuffix(good.String(), "\n")
	for _, test := range []struct{ name, in, want string }{
		{"cut off", line + "\n" + line[:len(line)/2], "in:2: record is cut off"},
		{"not JSON", "\n{]\n", "in:2: not a record: invalid character ']' looking for beginning of object key string"},
		{"sums", `{"schema":"firstcall-sums/1","kind":"sums"}`, `in:1: a file of sums, which holds small groups and is no record`},
		{"kind", `{"schema":"firstcall/1","kind":"x","key":"-/x/y"}`, `in:1: unknown kind "x"`},
		{"no body", `{"schema":"firstcall/1","kind":"plan","key":"-/plan/y"}`, `in:1: a record of kind plan needs a body named "plan"`},
		{"null body", `{"schema":"firstcall/1","kind":"assessment","key":"-/assessment/y","assessment":null}`, `in:1: a record of kind assessment needs a body named "assessment"`},
		{"other dimensions", strings.Replace(line, `{"id":"d","n"`, `{"id":"x","n"`, 1), `in:1: assessment has a dimension "x" that its instrument has not, or twice`},
		{"negative count", strings.Replace(line, `"n":12,`, `"n":-5,`, 1), `in:1: assessment is of -5 people`},
		{"wrong type", strings.Replace(line, `"n":12,`, `"n":"many",`, 1), `in:1: not a record: assessment.n is text and should be a whole number`},
		{"spread out", "{\n  \"schema\": 1\n}", `in:1: a record must stand on one line`},
		{"UTF-16", "\xff\xfe{\x00", `in: is in UTF-16, not UTF-8`},
		{"cut off array", "[" + line + ",\n" + line[:50], `in:2: record is cut off`},
		{"foreign key", strings.Replace(line, `"id":"acme"`, `"id":"other"`, 1), `in:1: key "acme/assessment/x/2026-q3" does not belong to kind "assessment" of client "other"`},
	} {
		r := NewReader("in", strings.NewReader(test.in))
		var err error
		for err == nil {
			_, err = r.Next()
		}
		var p problem.Problem
		if !errors.As(err, &p) || p.Error() != test.want {
			t.Errorf("%s: got %v, want %s", test.name, err, test.want)
		}
	}
	changed := strings.Replace(line, `"mean":3.25`, `"mean":4.25`, 1)
	r := NewReader("in", strings.NewReader(changed))
	if _, err := r.Next(); err != nil || !r.Stale() {
		t.Errorf("a changed record was not noticed: %v", err)
	}
}

// An array, as score --format json writes it, and a byte order mark are read
// as well.
func TestReaderTakesArrays(t *testing.T) {
	var b bytes.Buffer
	w := NewWriter(&b)
	if err := errors.Join(w.Write(sample(t, "a")), w.Write(sample(t, "b")), w.Flush()); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	for _, text := range []string{"[\n" + strings.Join(lines, ",\n") + "\n]\n", " [" + strings.Join(lines, ",") + "]", "\ufeff" + b.String()} {
		r := NewReader("in", strings.NewReader(text))
		var keys []string
		for {
			rec, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			keys = append(keys, rec.Client.ID)
		}
		if strings.Join(keys, " ") != "a b" || r.Line() != 2 {
			t.Errorf("read %v, the last as number %d", keys, r.Line())
		}
	}
	if _, err := NewReader("in", strings.NewReader("[]")).Next(); !errors.Is(err, io.EOF) {
		t.Errorf("an empty array: %v", err)
	}
}

func TestSchemaAcceptsRecordsAndRefusesOthers(t *testing.T) {
	schema := compile(t)
	var b bytes.Buffer
	w := NewWriter(&b)
	if err := errors.Join(w.Write(sample(t, "acme")), w.Flush()); err != nil {
		t.Fatal(err)
	}
	good := b.String()
	validate := func(text string) error {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return schema.Validate(v)
	}
	if err := validate(good); err != nil {
		t.Errorf("a record is not valid: %v", err)
	}
	for _, change := range [][2]string{
		{`"schema":"firstcall/1"`, `"schema":"firstcall/2"`},
		{`"min_group":5`, `"min_group":2`},
		{`"n":12`, `"n":12.5`},
		{`"assessment":{`, `"assessmint":{`},
		{`"id":"e"`, `"ID":"e"`},
		{`"sources":["survey.csv"]`, `"sources":"survey.csv"`},
	} {
		if bad := strings.Replace(good, change[0], change[1], 1); bad == good || validate(bad) == nil {
			t.Errorf("with %s the record is still valid", change[1])
		}
	}
}

func compile(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(JSONSchema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("urn:firstcall:record:1", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("urn:firstcall:record:1")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func TestOnlyAKeyMakesAnAssessment(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("an assessment was made without a key")
		}
	}()
	_, _ = NewAssessment(seal.Key{}, AssessmentBody{})
}

func FuzzReader(f *testing.F) {
	f.Add([]byte(`{"schema":"firstcall/1","kind":"plan","key":"-/plan/y","client":{"id":""},"plan":{}}`))
	f.Add([]byte(`{"schema":"firstcall/1","kind":"plan","key":"-/plan/y","client":{"id":""},"plan":{"of":"-/assessment/y","actions":[{"id":"a","what":"b","more":1}]}}`))
	f.Add([]byte(`{"schema":"firstcall/1","kind":"assessment","key":"-/assessment/y","client":{"id":""},"assessment":{"n":1e3}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := NewReader("in", bytes.NewReader(data))
		for {
			rec, err := r.Next()
			if err != nil {
				return
			}
			var b bytes.Buffer
			w := NewWriter(&b)
			if err := errors.Join(w.Write(rec), w.Flush()); err != nil {
				t.Fatalf("a record that was read can't be written: %v", err)
			}
			back, err := NewReader("out", &b).Next()
			if err != nil || back.Revision != rec.Revision {
				t.Fatalf("written record reads differently: %v", err)
			}
		}
	})
}

func TestRoundedStaysInItsBand(t *testing.T) {
	in := Instrument{Direction: "high-is-good", WeakBelow: 50, Bands: []Band{{0, "Low"}, {65, "Good"}}}
	bad := Instrument{Direction: "high-is-bad", WeakBelow: 50}
	for _, test := range []struct {
		in      Instrument
		percent float64
		want    int
	}{
		{in, 64.6, 64}, {in, 65, 65}, {in, 65.5, 66}, {in, 49.7, 49}, {in, 50, 50}, {in, 72.5, 73}, {in, 0, 0}, {in, 100.2, 100},
		{bad, 50.3, 51}, {bad, 50, 50}, {bad, 49.8, 50},
	} {
		if got := test.in.Rounded(test.percent); got != test.want {
			t.Errorf("%v (%s): %d, want %d", test.percent, test.in.Direction, got, test.want)
		}
	}
}
