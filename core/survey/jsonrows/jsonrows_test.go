package jsonrows

import (
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// row is a Row that outlives the next call.
type row struct {
	Line  int
	Cells []string
}

// stream is a source that cannot go back.
func stream(in string) io.Reader { return struct{ io.Reader }{strings.NewReader(in)} }

// readAll reads a whole table. The error is nil at the end.
func readAll(in io.Reader, window int) (header []string, rows []row, err error) {
	r, err := open("a.json", in, window)
	if err != nil {
		return nil, nil, err
	}
	for {
		got, err := r.Next()
		if err != nil {
			if _, again := r.Next(); !reflect.DeepEqual(again, err) {
				return nil, nil, fmt.Errorf("error %v became %v", err, again)
			}
			if err == io.EOF {
				err = nil
			}
			return r.Header(), rows, err
		}
		kept := row{Line: got.Line}
		for _, c := range got.Cells {
			kept.Cells = append(kept.Cells, string(c))
		}
		rows = append(rows, kept)
	}
}

func TestReads(t *testing.T) {
	tests := []struct {
		name, in string
		header   []string
		rows     []row
	}{
		{"lines", "{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"b\":\"y\"}\n", []string{"a", "b"}, []row{{1, []string{"1", "x"}}, {2, []string{"2", "y"}}}},
		{"no line end at the end", "{\"a\":1}\r\n\r\n{\"a\":2}", []string{"a"}, []row{{1, []string{"1"}}, {3, []string{"2"}}}},
		{"objects over several lines", "{\n \"a\": 1\n}\n{\n \"a\": 2\n}\n", []string{"a"}, []row{{1, []string{"1"}}, {4, []string{"2"}}}},
		{"array", "[\n {\"a\":1},\n {\"a\":2} ]\n", []string{"a"}, []row{{2, []string{"1"}}, {3, []string{"2"}}}},
		{"array on one line", `[{"a":1},{"a":2}]`, []string{"a"}, []row{{1, []string{"1"}}, {1, []string{"2"}}}},
		{"byte order mark", "\uFEFF[{\"a\":1}]", []string{"a"}, []row{{1, []string{"1"}}}},
		{"numbers as written", `[{"a":1.50,"b":-0,"c":1E+3,"d":12345678901234567890,"e":0.1}]`, []string{"a", "b", "c", "d", "e"}, []row{{1, []string{"1.50", "-0", "1E+3", "12345678901234567890", "0.1"}}}},
		{"words", `[{"a":true,"b":false,"c":null}]`, []string{"a", "b", "c"}, []row{{1, []string{"true", "false", ""}}}},
		{"escapes", `[{"a\n\u00e9":"\"\\\/\b\f\n\r\t\ud83d\ude00"}]`, []string{"a\né"}, []row{{1, []string{"\"\\/\b\f\n\r\t😀"}}}},
		{"objects within", `[{"culture":{"listens":5,"deep":{"er":1}},"nps":9}]`, []string{"culture.listens", "culture.deep.er", "nps"}, []row{{1, []string{"5", "1", "9"}}}},
		{"empty object within", `[{"a":1,"culture":{}}]`, []string{"a"}, []row{{1, []string{"1"}}}},
		{"lists", `[{"a":["x","y"],"b":[1,true,null,"z"],"c":[],"d":[null],"e":["",null,""]}]`, []string{"a", "b", "c", "d", "e"}, []row{{1, []string{"x;y", "1;true;z", "", "", ""}}}},
		{"lists of objects", `[{"v":[{"r":1},{"r":2,"s":3}],"w":[[1,2],[3]],"m":["a",{"k":1},"b"]}]`, []string{"v.1.r", "v.2.r", "v.2.s", "w.1", "w.2", "m", "m.2.k"}, []row{{1, []string{"1", "2", "3", "1;2", "3", "a;b", "1"}}}},
		{"keys that appear later", "{\"a\":1}\n{\"b\":2}\n{\"c\":{\"d\":3},\"a\":4}\n", []string{"a", "b", "c.d"}, []row{{1, []string{"1", "", ""}}, {2, []string{"", "2", ""}}, {3, []string{"4", "", "3"}}}},
		{"other order", "{\"a\":1,\"b\":2,\"c\":3}\n{\"c\":6,\"a\":4,\"b\":5}\n", []string{"a", "b", "c"}, []row{{1, []string{"1", "2", "3"}}, {2, []string{"4", "5", "6"}}}},
		{"scalar here, object there", "{\"a\":1}\n{\"a\":{\"b\":2}}\n{\"a\":[3,4]}\n", []string{"a", "a.b"}, []row{{1, []string{"1", ""}}, {2, []string{"", "2"}}, {3, []string{"3;4", ""}}}},
		{"a key with a point", "{\"a.b\":1}\n{\"a\":{\"b\":2}}\n", []string{"a.b"}, []row{{1, []string{"1"}}, {2, []string{"2"}}}},
		{"comments of SurveyJS", `{"role":"other","role-Comment":"Trainer"}`, []string{"role", "role-Comment"}, []row{{1, []string{"other", "Trainer"}}}},
		{"wrapped", "{\"count\":2,\"data\":[],\n\"responses\":[\n{\"a\":1},{\"a\":2}],\"next\":{\"data\":[{}]},\"rows\":[1,[2]]}\n", []string{"a"}, []row{{3, []string{"1"}}, {3, []string{"2"}}}},
		{"wrapped, other key", `{"Results":[{"a":1}]}`, []string{"a"}, []row{{1, []string{"1"}}}},
		{"no wrapper", "{\"data\":[1,2],\"rows\":{\"x\":[{\"y\":1}]}}\n{\"data\":[{\"z\":3}]}", []string{"data", "rows.x.1.y", "data.1.z"}, []row{{1, []string{"1;2", "1", ""}}, {2, []string{"", "", "3"}}}},
		{"empty key", `[{"":1,"a":{"":2}}]`, []string{"", "a."}, []row{{1, []string{"1", "2"}}}},
		{"an empty respondent", "{}\n{\"a\":1}\n", []string{"a"}, []row{{1, []string{""}}, {2, []string{"1"}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for kind, in := range map[string]io.Reader{
				"file": strings.NewReader(tt.in), "stream": stream(tt.in), "bytes": iotest.OneByteReader(strings.NewReader(tt.in)), "data with the end": iotest.DataErrReader(stream(tt.in)),
			} {
				header, rows, err := readAll(in, Window)
				if err != nil || !reflect.DeepEqual(header, tt.header) || !reflect.DeepEqual(rows, tt.rows) {
					t.Errorf("%s: got %q %+v, error %v\nwant %q %+v", kind, header, rows, err, tt.header, tt.rows)
				}
			}
		})
	}
}

func TestFaults(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40)
	tests := []struct{ name, in, want string }{
		{"empty", "", "a.json: the file is empty"},
		{"blank", " \n\n", "a.json: the file is empty"},
		{"UTF-16", "\xFF\xFE[\x00", "a.json: is in UTF-16, not UTF-8"},
		{"binary", "\x00\x01", "a.json: is no text, or not in UTF-8"},
		{"no objects", "[]", "a.json: holds no respondent"},
		{"empty objects", "[{},{}]", "a.json: its objects have no keys"},
		{"scalar", "5", "a.json:1:1: " + errNoObject.what},
		{"array of arrays", "[\n[1,2]]", "a.json:2:1: " + errNoObject.what},
		{"array of scalars", "[\n{\"a\":1}, 5]", "a.json:2:10: " + errNoObject.what},
		{"null among objects", `[{"a":1},null]`, "a.json:1:13: " + errNoObject.what},
		{"lines, then an array", "{\"a\":1}\n[{\"a\":2}]", "a.json:2:1: " + errMixed.what},
		{"array, then lines", "[{\"a\":1}]\n{\"a\":2}", "a.json:2:1: " + errTrailing.what},
		{"two arrays", "[{\"a\":1}]\n[]", "a.json:2:1: " + errTrailing.what},
		{"trailing garbage", "[{\"a\":1}]\n,", "a.json:2:1: " + errSyntax.what},
		{"after a wrapper", "{\"data\":[{\"a\":1}]}\n{\"data\":[]}", "a.json:2:1: " + errTrailing.what},
		{"two wrapped lists", `{"data":[{"a":1}],"rows":[{"a":1}]}`, "a.json:1:26: " + errTwoLists.what},
		{"cut off in an object", "{\"a\":1}\n{\"a\":", "a.json:2:6: " + errCut.what},
		{"cut off in a text", "{\"a\":1}\n{\"a\":\"x", "a.json:2:8: " + errCut.what},
		{"cut off in an array", `[{"a":1},`, "a.json:1:10: " + errCut.what},
		{"cut off in a wrapper", `{"data":[{"a":1}]`, "a.json:1:18: " + errCut.what},
		{"comma missing", `[{"a":1} {"a":2}]`, "a.json:1:10: " + errSyntax.what},
		{"comma too many", `[{"a":1,}]`, "a.json:1:8: " + errSyntax.what},
		{"comma between lines", "{\"a\":1},\n{\"a\":2}", "a.json:1:8: " + errSyntax.what},
		{"colon missing", `{"a" 1}`, "a.json:1:6: " + errSyntax.what},
		{"key without quotes", `{a:1}`, "a.json:1:2: " + errLiteral.what},
		{"key that is a number", `{1:1}`, "a.json:1:2: " + errSyntax.what},
		{"single quotes", `{'a':1}`, "a.json:1:2: " + errQuotes.what},
		{"comment", "{\"a\":1}\n// x\n", "a.json:2:1: " + errComment.what},
		{"comment within", `{/**/"a":1}`, "a.json:1:2: " + errComment.what},
		{"NaN", `{"é":1,"a":NaN}`, "a.json:1:12: " + errNaN.what},
		{"Infinity", `{"a":-Infinity}`, "a.json:1:7: " + errNaN.what},
		{"word", `{"a":True}`, "a.json:1:6: " + errLiteral.what},
		{"zero first", `{"a":01}`, "a.json:1:7: " + errSyntax.what},
		{"line end in a text", "{\"a\":\"x\ny\"}", "a.json:1:8: " + errSyntax.what},
		{"unknown escape", `{"a":"\x41"}`, "a.json:1:7: " + errSyntax.what},
		{"half a surrogate pair", `{"a":"\ud83d"}`, "a.json:1:7: " + errSyntax.what},
		{"not UTF-8", "{\"a\":\"Caf\xE9\"}", "a.json:1:10: " + errNotUTF8.what},
		{"key twice", "{\"b\":0}\n{\"a\":1,\"a\":2}", `a.json:2:10: key "a" stands twice in this object`},
		{"object twice", `{"a":{"x":1},"a":{"y":2}}`, `a.json:1:16: key "a" stands twice in this object`},
		{"column twice", `{"a.b":1,"a":{"b":2}}`, `a.json:1:19: key "a.b" stands twice in this object`},
		{"too deep", deep, "a.json:1:161: " + errDepth.what},
		{"too deep in a list", `{"a":` + strings.Repeat("[", 5000), "a.json:1:37: " + errDepth.what},
		{"too deep behind a wrapper", `{"data":[{"a":1}],"x":` + strings.Repeat("[", 5000), "a.json:1:56: " + errDepth.what},
		{"long text", `{"a":"` + strings.Repeat("x", MaxCell+1) + `"}`, "a.json:1:1048584: " + errLongCell.what},
		{"long list", `{"a":[` + strings.Repeat("1,", MaxCell) + `1]}`, "a.json:1:1048583: " + errLongCell.what},
		{"long key", `{"` + strings.Repeat("x", MaxName+1) + `":1}`, "a.json:1:16388: " + errLongKey.what},
		{"long object", `{"a":1,"b":[` + strings.Repeat(" ", MaxRow+lookahead+8192) + `]}`, "a.json:1:1: " + errLongRow.what},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for kind, in := range map[string]io.Reader{"file": strings.NewReader(tt.in), "stream": stream(tt.in)} {
				_, _, err := readAll(in, Window)
				var p problem.Problem
				if !errors.As(err, &p) || p.Error() != tt.want || p.Hint == "" {
					t.Errorf("%s: got %v, hint %q\nwant %s", kind, err, p.Hint, tt.want)
				}
			}
			// With a window that ends early the fault is found later, if no
			// key is too late before.
			_, _, err := readAll(stream(tt.in), max(3, len(tt.in)-1))
			if err != nil && err.Error() != tt.want && !strings.Contains(err.Error(), "for the first time") && !strings.Contains(err.Error(), "no keys") {
				t.Errorf("short window: got %v, want %s", err, tt.want)
			}
		})
	}
}

// manyKeys is an object with more keys than there may be.
func manyKeys() string {
	var b strings.Builder
	b.WriteString(`{"k":0`)
	for i := range MaxColumns {
		fmt.Fprintf(&b, `,"k%d":0`, i)
	}
	b.WriteString("}")
	return b.String()
}

func TestLateKeys(t *testing.T) {
	in := "{\"a\":1}\n{\"a\":2}\n{\"b\":3,\"a\":4,\"c\":{\"d\":[5]}}\n{\"b\":6}\n"
	const late = `a.json:3:6: key "b" appears here for the first time, too late to become a column`
	header, rows, err := readAll(stream(in), 10)
	if !reflect.DeepEqual(header, []string{"a"}) || len(rows) != 2 || err == nil || err.Error() != late {
		t.Errorf("got %q %+v, error %v", header, rows, err)
	}
	header, rows, err = readAll(strings.NewReader(in), 10)
	if !reflect.DeepEqual(header, []string{"a", "b", "c.d"}) || len(rows) != 4 || err != nil {
		t.Errorf("a source that can go back: got %q %+v, error %v", header, rows, err)
	}

	r, err := open("a.json", stream(in), 10)
	if err != nil {
		t.Fatal(err)
	}
	r.AllowLate(func(name string) bool { return name != "x" })
	n := 0
	for ; err == nil; n++ {
		_, err = r.Next()
	}
	if got := r.LateKeys(); n != 5 || err != io.EOF || !reflect.DeepEqual(got, []string{"b", "c.d"}) {
		t.Errorf("got %d rows, late %q, error %v", n-1, got, err)
	}

	r, err = open("a.json", stream(in), 10)
	if err != nil {
		t.Fatal(err)
	}
	r.AllowLate(func(name string) bool { return name == "b" })
	for err == nil {
		_, err = r.Next()
	}
	if want := `a.json:3:24: key "c.d" appears here for the first time, too late to become a column`; err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestLateList has the list of respondents start behind the window.
func TestLateList(t *testing.T) {
	_, _, err := readAll(stream(`{"n":1,"data":[{"a":1}]}`), 10)
	if err == nil || err.Error() != "a.json:1:15: "+errLateList.what {
		t.Error(err)
	}
}

// TestGoesBackToWhereItWas starts in the middle of a source.
func TestGoesBackToWhereItWas(t *testing.T) {
	in := strings.NewReader("xxx{\"a\":1}")
	if _, err := in.Seek(3, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if header, rows, err := readAll(in, Window); err != nil || len(header) != 1 || len(rows) != 1 {
		t.Errorf("got %q %v, error %v", header, rows, err)
	}
}

func TestSourceErrors(t *testing.T) {
	want := errors.New("disk on fire")
	in := "{\"a\":1}\n{\"a\":2}\n"
	for i, src := range []io.Reader{
		io.MultiReader(strings.NewReader(in), iotest.ErrReader(want)),
		iotest.ErrReader(want),
		&noSeekBack{strings.NewReader(in), want},
	} {
		_, _, err := readAll(src, 12)
		if !errors.Is(err, want) || err.Error() != "read a.json: disk on fire" {
			t.Errorf("%d: error %v", i, err)
		}
	}
	// A pipe has a Seek that fails.
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := io.WriteString(w, in); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, rows, err := readAll(r, Window); err != nil || len(rows) != 2 {
		t.Errorf("pipe: got %v, error %v", rows, err)
	}
}

// noSeekBack can tell where it is, but not go there.
type noSeekBack struct {
	*strings.Reader
	err error
}

func (n *noSeekBack) Seek(offset int64, whence int) (int64, error) {
	if whence == io.SeekCurrent {
		return n.Reader.Seek(offset, whence)
	}
	return 0, n.err
}

// endless repeats a text many times, without taking memory itself.
type endless struct {
	text  string
	times int // how often still
	at    int // in text
}

func (e *endless) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) && e.times > 0 {
		k := copy(p[n:], e.text[e.at:])
		n += k
		if e.at += k; e.at == len(e.text) {
			e.at = 0
			e.times--
		}
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// TestMemory reads what would fill the memory, as a stream.
func TestMemory(t *testing.T) {
	const large = 1 << 20 // times 64 bytes
	pad := func(s string) string { return s + strings.Repeat(" ", 64-len(s)) }
	for _, tt := range []struct {
		name, start, piece string
		mib                uint64 // that may be taken in all, the window included
		want               string
	}{
		{"a long text", `{"a":"`, strings.Repeat("x", 64), 240, errLongRow.what},
		{"a long number", `{"a":`, strings.Repeat("1", 64), 240, errLongRow.what},
		{"a long key", `{"`, strings.Repeat("x", 64), 240, errLongRow.what},
		{"a long list", `{"a":[0`, strings.Repeat(",1", 32), 80, errLongCell.what},
		{"a long list of nothing", `{"a":[0`, pad(",{}"), 240, errManyKeys.what},
		{"nothing", "[", strings.Repeat(" ", 64), 240, errLongRow.what},
		{"objects", "[{\"a\":0}", pad(`,{"a":1}`), 40, errCut.what},
		{"behind a wrapper", `{"rows":[{"a":0}],"b":[0`, pad(",[1]"), 40, errCut.what},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			r, err := Open("a.json", io.MultiReader(strings.NewReader(tt.start), &endless{text: tt.piece, times: large}))
			for err == nil {
				_, err = r.Next()
			}
			runtime.ReadMemStats(&after)
			if taken := (after.TotalAlloc - before.TotalAlloc) >> 20; taken > tt.mib {
				t.Errorf("%d MiB were taken", taken)
			}
			var p problem.Problem
			if !errors.As(err, &p) || p.What != tt.want {
				t.Errorf("error %v", err)
			}
		})
	}
	_, _, err := readAll(strings.NewReader(manyKeys()), Window)
	if err == nil || !strings.HasSuffix(err.Error(), errManyKeys.what) {
		t.Error(err)
	}
}

// TestSample reads a file in the layout of SurveyJS.
func TestSample(t *testing.T) {
	f, err := os.Open("../../../../shared/survey-formats/surveyjs_ndjson_constructed.ndjson")
	if err != nil {
		t.Skip("the samples of survey formats are not at hand: ", err)
	}
	defer f.Close()
	header, rows, err := readAll(f, Window)
	wantHeader := []string{"department", "culture.mgr_listens", "culture.respect", "culture.leaving", "nps", "channels", "role", "role-Comment"}
	want := []row{
		{1, []string{"support", "5", "4", "1", "9", "phone;chat", "other", "Trainer"}},
		{2, []string{"sales", "4", "", "", "10", "", "", ""}},
		{3, []string{"sales", "5", "n/a", "", "", "", "", ""}},
	}
	if err != nil || !reflect.DeepEqual(header, wantHeader) || !reflect.DeepEqual(rows, want) {
		t.Errorf("got %q\n%+v, error %v\nwant %q\n%+v", header, rows, err, wantHeader, want)
	}
}
