package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/firstcall-cli/firstcall/core/auditor"
)

var testKey = newKey([]byte("sixteen and more bytes of secret"))

func number(x float64) *float64 { return &x }

// release is one of n people in the kitchen and 9 elsewhere.
func release(name string, n int64) *auditor.Release {
	figure := func(n int64) *auditor.Figure {
		return &auditor.Figure{N: n, Sum: number(float64(3*n) + 0.1), Squares: number(float64(9*n) / 7)}
	}
	return &auditor.Release{
		Name: name, Client: "café <ü>\u2028", Instrument: "pulse", Version: "2", Wave: "2026-Q1", Missing: "half", Min: 5,
		Measures: []string{auditor.MeasurePeople, auditor.MeasureItem + "c1"},
		Scales:   []auditor.Scale{{}, {Low: 1, High: 5, Whole: true}},
		Cells: []auditor.Cell{
			{Figures: []*auditor.Figure{{N: n + 9}, figure(n + 9)}},
			{By: []string{"dept"}, Key: []string{"Kitchen"}, Within: []auditor.Within{{Column: "site", Value: "North"}},
				Figures: []*auditor.Figure{{N: n}, figure(n)}},
			{By: []string{"dept"}, Key: []string{"Bar\n\"1\""}, Figures: []*auditor.Figure{{N: 9}, nil}},
		},
	}
}

// sameReleases compares what is written of releases: no list is an empty one.
func sameReleases(t testing.TB, got, want []*auditor.Release) {
	t.Helper()
	a, errA := json.Marshal(got)
	b, errB := json.Marshal(want)
	if err := errors.Join(errA, errB); err != nil || !bytes.Equal(a, b) {
		t.Errorf("%v, got\n%s\nwant\n%s", err, a, b)
	}
}

func mustOpen(t testing.TB, path string) *Ledger {
	t.Helper()
	l, err := Open(t.Context(), path, testKey)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func mustAdd(t testing.TB, l *Ledger, rel *auditor.Release, told string) {
	t.Helper()
	if added, err := l.Add(rel, []byte(told)); err != nil || !added {
		t.Fatalf("added %t, %v", added, err)
	}
}

func mustSave(t testing.TB, l *Ledger) {
	t.Helper()
	if err := l.Save(); err != nil {
		t.Fatal(err)
	}
}

// written makes a ledger of some releases and gives its text.
func written(t testing.TB, releases int) (path string, text []byte) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "acme.ledger")
	l := mustOpen(t, path)
	for i := range releases {
		mustAdd(t, l, release(fmt.Sprint("r", i), int64(5+i)), fmt.Sprint("told", i))
	}
	mustSave(t, l)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, text
}

func TestRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "acme.ledger")
	var want []*auditor.Release
	for i := range 4 {
		l := mustOpen(t, path)
		sameReleases(t, l.Releases(), want)
		rel := release(fmt.Sprint("r", i), int64(5+i))
		mustAdd(t, l, rel, "told")
		want = append(want, rel)
		sameReleases(t, l.Releases(), want)
		mustSave(t, l)
		second := release(fmt.Sprint("second", i), int64(50+i))
		mustAdd(t, l, second, "told")
		want = append(want, second)
		mustSave(t, l) // a second time in the same run
		if err := errors.Join(l.Close(), l.Close()); err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 && os.PathSeparator == '/' {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	hidden, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*"))
	if len(left) != 2 || len(hidden) != 0 {
		t.Errorf("files left: %v %v", left, hidden)
	}
}

// A ledger that was written once can be read for ever, and the lines of
// releases stay as they are.
func TestKeptLedger(t *testing.T) {
	text, err := os.ReadFile("testdata/one.ledger")
	if err != nil {
		t.Fatal(err)
	}
	c, err := parse("one.ledger", text, testKey)
	if err != nil {
		t.Fatal(err)
	}
	sameReleases(t, c.releases, []*auditor.Release{release("r", 5)})
	head, err := c.header(testKey)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := writeLines(&b, head, c.lines); err != nil || b.String() != string(text) {
		t.Errorf("%v, got\n%s\nwant\n%s", err, b.String(), text)
	}
}

func TestIdenticalOnce(t *testing.T) {
	path, _ := written(t, 1)
	l := mustOpen(t, path)
	same := release("another name", 5)
	same.Cells[0].Figures[0].Histogram = []int64{1, 2, 3}
	if added, err := l.Add(same, []byte("told0")); added || err != nil {
		t.Errorf("added %t, %v", added, err)
	}
	other := release("r0", 5)
	other.Client = "other"
	for _, tt := range []struct {
		rel  *auditor.Release
		told string
	}{{same, "told1"}, {other, "told0"}, {release("r0", 6), "told0"}} {
		mustAdd(t, l, tt.rel, tt.told)
	}
}

// Nothing added is nothing written, not even a header.
func TestSaveNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "acme.ledger")
	mustSave(t, mustOpen(t, path))
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func TestClosed(t *testing.T) {
	path, _ := written(t, 1)
	l := mustOpen(t, path)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Add(release("r", 7), nil); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	if err := l.Save(); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
}

func TestRefused(t *testing.T) {
	small := func(n, least int64) *auditor.Release {
		r := release("r", 12)
		r.Min = least
		r.Cells[1].Figures[1].N = n
		return r
	}
	path, before := written(t, 1)
	l := mustOpen(t, path)
	for _, rel := range []*auditor.Release{small(1, 0), small(2, 1), small(2, 5), small(4, 5), small(-7, 3)} {
		_, err := l.Add(rel, nil)
		var e *SmallFigureError
		if !errors.As(err, &e) || e.Cell != "dept Kitchen" || e.Measure != "item c1" {
			t.Errorf("%d of %d: %v", rel.Cells[1].Figures[1].N, rel.Min, err)
		}
	}
	notNumber := release("r", 5)
	notNumber.Cells[0].Figures[1].Sum = number(0)
	*notNumber.Cells[0].Figures[1].Sum /= *notNumber.Cells[0].Figures[1].Sum
	notText := release("r\xff", 5)
	scaleless := release("r", 5)
	scaleless.Scales = nil
	changeless := release("r", 5)
	changeless.Changes = []auditor.Change{{By: []string{"dept"}}}
	fewer := release("r", 5)
	fewer.Cells[1].Figures = fewer.Cells[1].Figures[:1]
	keyless := release("r", 5)
	keyless.Cells[1].Key = nil
	for i, rel := range []*auditor.Release{notNumber, notText, fewer, keyless, scaleless, changeless} {
		if added, err := l.Add(rel, nil); added || err == nil {
			t.Errorf("%d: added %t, %v", i, added, err)
		}
	}
	for _, rel := range []*auditor.Release{small(3, 0), small(5, 5), small(0, 5)} {
		mustAdd(t, l, rel, "")
	}
	mustSave(t, l)
	after, err := os.ReadFile(path)
	if err != nil || bytes.Count(after, []byte("\n")) != bytes.Count(before, []byte("\n"))+3 {
		t.Errorf("%v\n%s", err, after)
	}
}

// Of a release nothing is written but what is listed here. Whoever adds a field
// to auditor.Release has to say whether it may stand in a file.
func TestNothingButLabelsAndSums(t *testing.T) {
	var full auditor.Release
	fill(reflect.ValueOf(&full).Elem())
	full.Min = 3
	path := filepath.Join(t.TempDir(), "acme.ledger")
	l := mustOpen(t, path)
	mustAdd(t, l, &full, "Ada Lovelace answered 31337")
	mustSave(t, l)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, canary := range []string{"istogram", "Ada", "31337", "1234567", "like"} {
		if bytes.Contains(text, []byte(canary)) {
			t.Errorf("%s is in the ledger:\n%s", canary, text)
		}
	}
	allowed := strings.Fields("ledger id check releases last digest release figures " +
		"name client instrument version wave missing min_group measures scales low high whole decimals " +
		"cells by key within column value n sum squares changes since measure matched before")
	d := jsontext.NewDecoder(bytes.NewReader(text))
	for {
		token, err := d.ReadToken()
		if err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if kind, n := d.StackIndex(d.StackDepth()); kind == '{' && n%2 == 1 && token.Kind() == '"' && !slices.Contains(allowed, token.String()) {
			t.Errorf("%s is in the ledger", token)
		}
	}
	for _, figure := range l.Releases()[0].Cells[0].Figures {
		if figure.Histogram != nil || figure.Alike {
			t.Errorf("%+v is kept in memory", figure)
		}
	}
}

// Whatever number of people a release may tell of, a small one is refused.
func TestEveryCount(t *testing.T) {
	var full auditor.Release
	fill(reflect.ValueOf(&full).Elem())
	full.Min = 3
	l := mustOpen(t, filepath.Join(t.TempDir(), "acme.ledger"))
	tried := 0
	var try func(v reflect.Value)
	try = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				if tag := v.Type().Field(i).Tag.Get("json"); tag != "-" && tag != "min_group" {
					try(v.Field(i))
				}
			}
		case reflect.Slice, reflect.Pointer:
			if v.Kind() == reflect.Slice {
				v = v.Index(0)
			}
			try(reflect.Indirect(v))
		case reflect.Int64:
			tried++
			v.SetInt(2)
			defer v.SetInt(77)
			var e *SmallFigureError
			if _, err := l.Add(&full, nil); !errors.As(err, &e) {
				t.Errorf("%v: %+v", err, full)
			}
		}
	}
	try(reflect.ValueOf(&full).Elem())
	mustAdd(t, l, &full, "")
	if tried < 3 {
		t.Errorf("only %d counts found", tried)
	}
}

// fill sets every field there is to something.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Name == "Histogram" {
				v.Field(i).Set(reflect.ValueOf([]int64{1234567, 1234567}))
				continue
			}
			fill(v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.String:
		v.SetString("text")
	case reflect.Int, reflect.Int64:
		v.SetInt(77)
	case reflect.Float64:
		v.SetFloat(77)
	case reflect.Bool:
		v.SetBool(true)
	default:
		panic("a kind of field that this test does not know: " + v.Kind().String())
	}
}

// The same releases give the same bytes but for the id and what hangs on it.
func TestDeterministic(t *testing.T) {
	rel := release("r", 5)
	a, err := json.Marshal(entry{Release: rel})
	if err != nil {
		t.Fatal(err)
	}
	var read entry
	if err := json.Unmarshal(a, &read); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(read)
	if err != nil || !bytes.Equal(a, b) {
		t.Errorf("%v\n%s\n%s", err, a, b)
	}
	_, one := written(t, 3)
	_, two := written(t, 3)
	if bytes.Equal(one, two) {
		t.Error("two ledgers have the same id")
	}
	for i, line := range bytes.Split(one, []byte("\n"))[1:4] {
		other := bytes.Split(two, []byte("\n"))[1+i]
		at := bytes.Index(line, []byte(`,"figures":"`)) // those of the line, not of a cell, which are a list
		if at < 0 || !bytes.Equal(line[:at], other[:at]) {
			t.Errorf("%s\n%s", line, other)
		}
		if bytes.Equal(line[at:], other[at:]) {
			t.Error("the digests of two ledgers can be set beside each other")
		}
	}
}

func TestLinkedLedger(t *testing.T) {
	path, _ := written(t, 1)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(path, link); err != nil {
		t.Skip(err)
	}
	l := mustOpen(t, link)
	mustAdd(t, l, release("r", 9), "")
	var locked *LockedError
	if _, err := open(t.Context(), path, testKey, 1); !errors.As(err, &locked) {
		t.Errorf("open by two names: %v", err)
	}
	mustSave(t, l)
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link was replaced: %v", err)
	}
	_ = l.Close()
	if n := len(mustOpen(t, path).Releases()); n != 2 {
		t.Errorf("%d releases", n)
	}
	nowhere := filepath.Join(t.TempDir(), "nowhere")
	if err := os.Symlink(nowhere+"x", nowhere); err != nil {
		t.Fatal(err)
	}
	if l, err := Open(t.Context(), nowhere, testKey); err == nil {
		_ = l.Close()
		t.Error("a link to nothing is opened")
	}
}

func TestMessages(t *testing.T) {
	tests := map[string]error{
		"x.ledger:3: was changed": &TamperedError{"x.ledger", 3, "was changed"},
		`x.ledger: is of version "firstcall-ledger/2", not "firstcall-ledger/1"`:              &VersionError{"x.ledger", "firstcall-ledger/2"},
		"r: dept Kitchen, item c1: is of fewer people than a ledger may tell of":              &SmallFigureError{"r", auditor.Cell{By: []string{"dept"}, Key: []string{"Kitchen"}}.String(), "item c1"},
		"r: everybody, people: is of fewer people than a ledger may tell of":                  &SmallFigureError{"r", auditor.Cell{}.String(), "people"},
		"r: dept not stated, role Cook, people: is of fewer people than a ledger may tell of": &SmallFigureError{"r", auditor.Cell{By: []string{"dept", "role"}, Key: []string{"", "Cook"}}.String(), "people"},
		"x.ledger: is in use by process 1 on host a":                                          &LockedError{"x.ledger", "process 1 on host a"},
		"key file a.key may be used by others than its owner (mode 0644)":                     &KeyModeError{"a.key", 0o644},
		"key file can't be opened: file does not exist":                                       &KeyError{Where: "key file", What: "can't be opened", Err: os.ErrNotExist},
		"the reference to a key is neither env:NAME nor file:PATH":                            &KeyError{What: "the reference to a key is neither env:NAME nor file:PATH"},
		"environment variable A is too short for a key: less than 16 bytes or characters":     parseError(t, "environment variable A", "short"),
		"key file a.key is not a key: neither hex nor base64 nor one line of text":            parseError(t, "key file a.key", "two\nlines"),
	}
	for want, err := range tests {
		if err.Error() != want {
			t.Errorf("%s, want %s", err, want)
		}
	}
	if !errors.Is(&KeyError{Err: os.ErrNotExist}, os.ErrNotExist) {
		t.Error("what lies behind a KeyError is lost")
	}
}

func parseError(t *testing.T, where, text string) error {
	t.Helper()
	_, err := parseKey(where, []byte(text))
	if err == nil {
		t.Fatalf("%q is a key", text)
	}
	return err
}
