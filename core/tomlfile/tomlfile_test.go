package tomlfile_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/tomlfile"
)

type base struct {
	ID    string `toml:"id"`
	About string `toml:"about"`
}

type scale struct {
	Min    *int     `toml:"min"`
	Max    *int     `toml:"max"`
	Labels []string `toml:"labels"`
}

type item struct {
	base
	Reverse bool   `toml:"reverse"`
	Scale   *scale `toml:"scale"`
}

type level int

func (l *level) UnmarshalText(text []byte) error {
	switch string(text) {
	case "low":
		*l = 1
	case "high":
		*l = 2
	default:
		return fmt.Errorf("%q is neither low nor high", text)
	}
	return nil
}

type file struct {
	base
	Weight  float64           `toml:"weight"`
	Since   time.Time         `toml:"since"`
	Level   level             `toml:"level"`
	Any     any               `toml:"any"`
	Scale   scale             `toml:"scale"`
	Groups  []item            `toml:"group"`
	Answers map[string]int    `toml:"answers"`
	Columns map[string]scale  `toml:"columns"`
	Codes   []int             `toml:"codes"`
	Matrix  [][]float64       `toml:"matrix"`
	Names   map[string]string `toml:"names"`
	Ignored string
	Skipped string `toml:"-"`
}

// describe gives problems one a line, each with its hint on the next.
func describe(err error) string {
	var list problem.List
	if !errors.As(err, &list) {
		return fmt.Sprint(err)
	}
	var b strings.Builder
	for _, p := range list {
		b.WriteString(p.Error() + "\n")
		if p.Hint != "" {
			b.WriteString("  hint: " + p.Hint + "\n")
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func TestDecodeFillsEverything(t *testing.T) {
	src := "\uFEFF" + `
id = "x"                 # a comment
weight = 3
since = 2026-09-30
level = "high"
any = [1, "two"]
codes = [ -99,
  0x10, ]
matrix = [[1, 2.5], []]
answers = { "Strongly agree" = 5, never = 1 }
names.first = 'a'
names."last one" = """
b"""
[scale]
min = 0
max = 4
labels = ["no", "yes"]
[[group]]
id = "g1"
reverse = true
[group.scale]
max = 7
[[group]]
id = "g2"
[columns.Q1]
min = 1
`
	var got file
	doc, err := tomlfile.Decode("x.toml", []byte(src), &got)
	if err != nil {
		t.Fatal(err)
	}
	zero, one, four, seven := 0, 1, 4, 7
	want := file{
		base: base{ID: "x"}, Weight: 3, Level: 2, Since: got.Since,
		Any: []any{int64(1), "two"}, Codes: []int{-99, 16}, Matrix: [][]float64{{1, 2.5}, {}},
		Answers: map[string]int{"Strongly agree": 5, "never": 1},
		Names:   map[string]string{"first": "a", "last one": "b"},
		Scale:   scale{&zero, &four, []string{"no", "yes"}},
		Groups:  []item{{base: base{ID: "g1"}, Reverse: true, Scale: &scale{Max: &seven}}, {base: base{ID: "g2"}}},
		Columns: map[string]scale{"Q1": {Min: &one}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if y, m, d := got.Since.Date(); y != 2026 || m != time.September || d != 30 {
		t.Errorf("since is %v", got.Since)
	}
	if keys := strings.Join(doc.Keys("answers"), "|"); keys != "Strongly agree|never" {
		t.Errorf("keys of answers: %s", keys)
	}
	for _, c := range []struct {
		path []any
		want string
	}{
		{nil, "x.toml: here"},
		{[]any{"id"}, "x.toml:2:1: here"}, // the byte order mark takes no column
		{[]any{"nothing"}, "x.toml: here"},
		{[]any{"codes", 1}, "x.toml:8:3: here"},
		{[]any{"codes", 2}, "x.toml:7:1: here"},
		{[]any{"codes", "x"}, "x.toml:7:1: here"},
		{[]any{"matrix", 0, 1}, "x.toml:9:15: here"},
		{[]any{"answers", "never"}, "x.toml:10:35: here"},
		{[]any{"names", "last one"}, "x.toml:12:7: here"},
		{[]any{"scale"}, "x.toml:14:2: here"},
		{[]any{"group"}, "x.toml:18:3: here"},
		{[]any{"group", 0, "scale", "max"}, "x.toml:22:1: here"},
		{[]any{"group", 0, "scale", "min"}, "x.toml:21:8: here"},
		{[]any{"group", 1, "about"}, "x.toml:23:3: here"},
		{[]any{"group", 2, "id"}, "x.toml:18:3: here"},
	} {
		if got := doc.Problem("here", "", c.path...).Error(); got != c.want {
			t.Errorf("%v: %s, want %s", c.path, got, c.want)
		}
	}
	if !doc.Defined("group", 1, "id") || doc.Defined("group", 1, "reverse") || doc.Defined("group", 2) || !doc.Defined() {
		t.Error("Defined is wrong")
	}
}

func TestDecodeFindsEveryFault(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"unknown keys, nearest, misplaced and known", `
idd = "x"
labels = ["a"]
Weight = 1
zzzzzzzzzz = 1
[scale]
id = "x"
[[group]]
codes = []
"é".reverse = true
`, `f.toml:2:1: unknown key "idd"
  hint: did you mean "id"?
f.toml:3:1: unknown key "labels"
  hint: "labels" belongs in [scale]; known here: id, about, weight, since, level, any, scale, group, answers, columns, codes, matrix, names
f.toml:4:1: unknown key "Weight"
  hint: did you mean "weight"?
f.toml:5:1: unknown key "zzzzzzzzzz"
  hint: known here: id, about, weight, since, level, any, scale, group, answers, columns, codes, matrix, names
f.toml:7:1: unknown key "id"
  hint: "id" belongs at the top of the file, above the first [table] or in [[group]]; known here: min, max, labels
f.toml:9:1: unknown key "codes"
  hint: "codes" belongs at the top of the file, above the first [table]; known here: id, about, reverse, scale
f.toml:10:1: unknown key "é"
  hint: known here: id, about, reverse, scale`},
		{"wrong types", `
id = 5
about = 2026-01-02
weight = "1.5"
since = "2026-01-01"
level = 3
codes = 7
matrix = [1, [true]]
answers = { a = 1.5, b = "2" }
[[scale]]
[group]
id = "g"
`, `f.toml:2:1: "id" must be text, not a whole number
  hint: write id = "5"
f.toml:3:1: "about" must be text, not a date or time
  hint: write about = "2026-01-02"
f.toml:4:1: "weight" must be a number, not text
  hint: write weight = 1.5, without quotes
f.toml:5:1: "since" must be a date, not text
  hint: write since = 2026-01-01, without quotes
f.toml:6:1: "level" must be text, not a whole number
  hint: write level = "3"
f.toml:7:1: "codes" must be a list, not a whole number
  hint: write codes = [7]
f.toml:8:11: entry 1 of "matrix" must be a list, not a whole number
  hint: write [1]
f.toml:8:15: entry 1 of entry 2 of "matrix" must be a number, not true
f.toml:9:13: "a" must be a whole number, not a decimal number
f.toml:9:22: "b" must be a whole number, not text
  hint: write b = 2, without quotes
f.toml:10:3: "scale" must be a table, not a list of tables
  hint: write [scale], with one pair of brackets
f.toml:11:2: "group" must be a list of tables, not a table
  hint: write [[group]], with two pairs of brackets`},
		{"wrong types inside entries", `
level = "middle"
weight = inf
scale.labels = ["a", 2]
[[group]]
[[group]]
reverse = "true"
scale = 5
`, `f.toml:2:1: "level": "middle" is neither low nor high
f.toml:3:1: "weight" must be a number, not infinite or undefined
f.toml:4:22: entry 2 of "labels" must be text, not a whole number
  hint: write "2"
f.toml:7:1: "reverse" must be true or false, not text
  hint: write reverse = true, without quotes
f.toml:8:1: "scale" must be a table, not a whole number`},
		{"keys and tables that stand twice", `
id = "a"
id = "b"
codes = [1]
codes.x = 2
any = { a = 1, "a" = 2 }
any.b = 3
[scale]
[group]
[scale]
[[group]]
[[scale]]
`, `f.toml:3:1: "id" stands twice in the same table
  hint: it first stands on line 2; keep one
f.toml:5:1: "codes" stands twice in the same table
  hint: it first stands on line 4; keep one
f.toml:6:16: "a" stands twice in the same table
  hint: it first stands on line 6; keep one
f.toml:7:1: "any" stands twice in the same table
  hint: it first stands on line 6; keep one
f.toml:10:2: "scale" stands twice in the same table
  hint: it first stands on line 8; keep one, or write [[scale]] each time if there are several
f.toml:11:3: "group" stands twice in the same table
  hint: it first stands on line 9; keep one, or write [[group]] each time if there are several
f.toml:12:3: "scale" stands twice in the same table
  hint: it first stands on line 8; keep one, or write [[scale]] each time if there are several`},
		{"key without a name", `names = { "" = "x" }`, `f.toml:1:11: key without a name`},
		{"unquoted text", "id = \"é\"\nabout = Eight", `f.toml:2:9: expected value but found "Eight" instead
  hint: put text in quotes; true and false are written in lower case without them`},
		{"curly quotes", "id = “x”", `f.toml:1:6: expected value but found '“' instead
  hint: use straight quotes (") around text`},
		{"backslash", `id = "C:\Users"`, `f.toml:1:7: expected eight hexadecimal digits after '\U', but got "C:\\Us" instead
  hint: write \\ for a backslash, or put the text in single quotes`},
		{"text that does not end", `id = "é`, `f.toml:1:7: unexpected EOF; expected '"'`},
		{"no assignment", "id = \"x\"\nhello\n", `f.toml:2:6: expected '.' or '=', but got '\n' instead
  hint: every line is a [table], a key = value, or a # comment`},
		{"two values", `id = "x"  é`, `f.toml:1:11: expected a top-level item to end with a newline, comment, or EOF, but got 'é' instead`},
		{"not UTF-8", "id = \"x\" # é\nabout = \"\xe9\"", `f.toml:2:10: byte 0xe9 is not UTF-8
  hint: save the file as UTF-8`},
		{"UTF-16", "\xff\xfei\x00d\x00", `f.toml: file is UTF-16, not UTF-8
  hint: save it as UTF-8`},
		{"NUL", "id = \"\x00\"", `f.toml:1:7: there is a NUL byte in the file
  hint: save the file as UTF-8`},
		{"control character", "id = \"é\x1b[0m\"", `f.toml:1:8: control character U+001B
  hint: delete it, or write it as an escape such as "\u001b"`},
		{"line ends of old", "id = 'x'\rabout = 'y'", `f.toml:1:9: carriage return without a line feed
  hint: save the file with Unix or Windows line endings`},
		{"too deep", "any = " + strings.Repeat("[", 100000), `f.toml:1:71: tables and lists stand more than 64 deep in each other`},
		{"too deep by dots", strings.Repeat("a.", 100000) + "a = 1", `f.toml:1:129: tables and lists stand more than 64 deep in each other`},
		{"too large", strings.Repeat("#", tomlfile.MaxSize+1), `f.toml: file is larger than 8 MiB
  hint: is this the right file? Answers and other data are not kept in TOML`},
		{"number that does not fit", "codes = [99999999999999999999]", `f.toml:1:10: 99999999999999999999 is out of range for int64`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := tomlfile.Decode("f.toml", []byte(c.src), &file{})
			if got := describe(err); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestReportIsQuietWhereAFaultIsKnown(t *testing.T) {
	src := `
idd = "x"
[scale]
min = "one"
[[group]]
scale = 5
`
	var into file
	doc, err := tomlfile.Decode("f.toml", []byte(src), &into)
	if doc == nil || err == nil {
		t.Fatal("want a Doc and an error")
	}
	if into.Scale.Min != nil || into.Groups[0].Scale != nil {
		t.Error("a pointer to a value of the wrong type must stay nil")
	}
	before := describe(err)
	doc.Report("missing", "", "id")
	doc.Report("min must be below max", "", "scale", "min")
	doc.Report("max is missing", "", "group", 0, "scale", "max")
	if got := describe(doc.Err()); got != before {
		t.Errorf("got\n%s\nwant\n%s", got, before)
	}
	doc.Report("max is missing", "add it", "scale", "max")
	doc.Report("max is missing", "add it", "scale", "max")
	doc.Report("text is missing", "", "group", 0, "text")
	want := `f.toml:2:1: unknown key "idd"
  hint: did you mean "id"?
f.toml:3:2: max is missing
  hint: add it
f.toml:4:1: "min" must be a whole number, not text
f.toml:5:3: text is missing
f.toml:6:1: "scale" must be a table, not a whole number`
	if got := describe(doc.Err()); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if doc.Defined("id") || !doc.Defined("scale", "min") {
		t.Error("a misspelt key does not define the one meant; one of a wrong type is defined")
	}
}

func TestDecodePanicsOnlyOnWrongTargets(t *testing.T) {
	for _, into := range []any{nil, file{}, (*file)(nil), &[]int{}, new(struct {
		ID chan int `toml:"id"`
	})} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%T: want a panic", into)
				}
			}()
			_, _ = tomlfile.Decode("f.toml", []byte("id = 1"), into)
		}()
	}
}

func TestSameFaultsInSameOrder(t *testing.T) {
	b := new(strings.Builder)
	b.WriteString("idd = 'x'\nidx = 'y'\nidz = 'z'\nidy = 'a'\n") // any of them could be the id
	r := rand.New(rand.NewPCG(5, 6))
	for i := range 200 {
		fmt.Fprintf(b, "k%d = { a = %d, b = [ %d ] }\n", r.Uint32(), i, i)
	}
	doc, first := tomlfile.Decode("f.toml", []byte(b.String()), &file{})
	for range 20 {
		again, err := tomlfile.Decode("f.toml", []byte(b.String()), &file{})
		if describe(err) != describe(first) {
			t.Fatal("the order of problems changes from run to run")
		}
		if got, want := again.Problem("", "", "id"), doc.Problem("", "", "id"); got != want {
			t.Fatalf("the place of a problem changes from run to run: line %d, then %d", want.Line, got.Line)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("id = 5\n[scale]\nmin = \"x\"\n[[group]]\nscale = {max = 1}\nabout = '''x'''\n"))
	f.Add([]byte("answers = { a = 1.5 }\nany = [[{b=1}],[2026-01-01]]\n[names]\n[columns.q]\nlabels=['a']\n"))
	f.Add([]byte("id = [\n# é\n\"a\"]\nweight = nan\nlevel = \"low\"\nmatrix = [[1],2]\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		var into file
		doc, err := tomlfile.Decode("f.toml", src, &into)
		if doc == nil && err == nil {
			t.Fatal("neither a Doc nor an error")
		}
		var list problem.List
		if err != nil && (!errors.As(err, &list) || len(list) == 0) {
			t.Fatalf("error is a %T", err)
		}
		lines := strings.Split(string(src), "\n")
		for _, p := range list {
			if p.Line < 1 && p.What != "file is UTF-16, not UTF-8" || p.Line > len(lines) {
				t.Fatalf("%v is outside of the file", p)
			}
			if p.Column > len([]rune(lines[max(p.Line, 1)-1]))+1 {
				t.Fatalf("%v is outside of its line", p)
			}
			if strings.ContainsAny(p.What+p.Hint, "\n\r\x00") {
				t.Fatalf("%q spans lines", p.What+p.Hint)
			}
		}
	})
}
