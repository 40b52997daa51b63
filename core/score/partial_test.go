package score

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/problem"
)

// partial runs over some files and returns what stands in the partial file.
func partial(t *testing.T, opt Options, sources ...Source) []byte {
	t.Helper()
	opt.Part = true
	res, err := Run(context.Background(), sources, opt)
	if err != nil {
		t.Fatal(err)
	}
	return written(t, res, opt)
}

func written(t *testing.T, res *Result, opt Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WritePartial(&b, res, opt); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestPartsAddUp merges parts in any order and number; what comes of them are
// the assessments and the bytes of one run over all files.
func TestPartsAddUp(t *testing.T) {
	worlds(t, 8, func(t *testing.T, w *world) {
		files := w.files(6)
		res, err := Run(context.Background(), files, w.opt)
		if err != nil {
			t.Fatal(err)
		}
		want, wantFile := text(res.Assessments), string(written(t, res, w.opt))
		merged := func(parts ...[]byte) (*Result, Options) {
			var sources []Source
			for i, p := range parts {
				sources = append(sources, source(fmt.Sprintf("p%d.sums", i), p))
			}
			res, opt, err := MergePartials(sources, Options{Instrument: w.in})
			if err != nil {
				t.Fatal(err)
			}
			return res, opt
		}
		for range 2 {
			cut := 1 + w.IntN(4)
			order := w.Perm(len(files))
			var parts [][]byte
			for _, of := range [][]int{order[:cut], order[cut : cut+1], order[cut+1:]} {
				var some []Source
				for _, at := range of {
					some = append(some, files[at])
				}
				parts = append(parts, partial(t, w.opt, some...))
			}
			w.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
			res, opt := merged(parts...)
			if got := text(res.Assessments); got != want {
				t.Fatalf("merged: %s", firstDifference(got, want))
			}
			if got := string(written(t, res, opt)); got != wantFile {
				t.Fatalf("merged and written: %s", firstDifference(got, wantFile))
			}
			// Parts may be merged by and by.
			res, opt = merged(parts[0], parts[1])
			res, _ = merged(parts[2], written(t, res, opt))
			if got := text(res.Assessments); got != want {
				t.Fatalf("merged by and by: %s", firstDifference(got, want))
			}
		}
	})
}

// A part may look as if a column told people apart where the whole does not.
func TestColumnsOfParts(t *testing.T) {
	part := func(each int) string {
		text := "team,x1,x2,y1,y2\n"
		for i := range 12 {
			text += strings.Repeat(fmt.Sprintf("team %d,1,2,3,4\n", i), each)
		}
		return text
	}
	opt := Options{Instrument: small(), Missing: instrument.AvailableMean, By: [][]string{{"team"}}}
	a := partial(t, opt, source("a.csv", []byte(part(2))))
	b := partial(t, opt, source("b.csv", []byte(part(3))))
	if _, _, err := MergePartials([]Source{source("a", a), source("b", b)}, Options{Instrument: small()}); err != nil {
		t.Errorf("two parts: %v", err)
	}
	if _, _, err := MergePartials([]Source{source("a", a)}, Options{Instrument: small()}); err == nil {
		t.Error("a column that tells people apart is shown after all")
	}
}

// everything is a small instrument with all that sums can hold, with decimals
// or with counts of careless answers.
func everything(decimals bool) *instrument.Instrument {
	s := instrument.Scale{Min: 1, Max: 5, Favorable: 4, FavorableSet: true}
	item := func(id, facet string) instrument.Item {
		return instrument.Item{ID: id, Text: id, Scale: s, Facet: facet}
	}
	in := &instrument.Instrument{ID: "all", Version: "1", Title: "All", Direction: instrument.HighIsGood, Scale: s,
		Policy: instrument.Policy{Missing: instrument.MinHalf, MinGroup: 3, WeakBelow: 90},
		Dimensions: []instrument.Dimension{
			{ID: "a", Title: "A", Level: 2, Items: []instrument.Item{item("a1", "service"), item("a2", "care"), item("a3", "service")}},
			{ID: "b", Title: "B", Level: 1, Items: []instrument.Item{item("b1", "care"), item("b2", "service")}},
		}}
	in.Dimensions[0].Items[1].Reverse = true
	in.Dimensions[0].Items[0].Aspect, in.Dimensions[0].Items[0].Pair = "ideal", "b1"
	in.Dimensions[1].Items[0].Aspect, in.Dimensions[1].Items[0].Pair = "practice", "a1"
	in.Outcomes = []instrument.Item{item("o1", "")}
	if decimals {
		in.Dimensions[1].Items[1].Continuous = true
		in.Outcomes = append(in.Outcomes, instrument.Item{ID: "o2", Text: "o2", Scale: instrument.Scale{Min: 0, Max: 100}, Continuous: true})
	}
	return in
}

// everythingAnswered is a survey of it.
func everythingAnswered(decimals bool) string {
	text := "client,wave,team,a1,a2,a3,b1,b2,o1,o2\n"
	for i := range 60 {
		answers := fmt.Sprintf("%d,%d,%d,%d,%d,%d,%d.5", 1+i%5, 1+i*i%5, 1+i/3%5, 1+i*7%5, 1+i%4, 1+i/5%5, i)
		if decimals {
			answers = fmt.Sprintf("%d,%d,%d,%d,%d.25,%d,%d.5", 1+i%5, 1+i*i%5, 1+i/3%5, 1+i*7%5, 1+i%4, 1+i/5%5, i)
		}
		if i%9 == 4 {
			answers = fmt.Sprintf(",%d,,%d,,,", 1+i%4, 1+i%3)
		}
		text += fmt.Sprintf("acme,q%d,%s,%s\n", 1+i%2, []string{"x", "y"}[i/30], answers)
	}
	return text
}

func everythingOptions() Options {
	return Options{Instrument: everything(true), By: [][]string{{"team"}}}
}

func TestPartsThatCannotBeMerged(t *testing.T) {
	opt := everythingOptions()
	good := string(partial(t, opt, source("s.csv", []byte(everythingAnswered(true)))))
	lines := strings.SplitAfter(good, "\n")
	other := func(change func(*Options)) string {
		o := everythingOptions()
		change(&o)
		return string(partial(t, o, source("s.csv", []byte(everythingAnswered(true)))))
	}
	instead := func(old, new string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("%s does not stand in the file", old)
		}
		return strings.Replace(good, old, new, 1)
	}
	for _, tt := range []struct{ name, text, want string }{
		{"nothing", "", "b.sums: the file is empty"},
		{"cut between lines", strings.Join(lines[:4], ""), "b.sums:5: the end is missing"},
		{"cut within a line", good[:len(good)/2], "b.sums:4: the last line is not complete"},
		{"no end of the last line", strings.TrimSuffix(good, "\n"), "b.sums:8: the last line is not complete"},
		{"a line lost", strings.Join(append(append([]string{}, lines[:3]...), lines[4:]...), ""), "b.sums:7: 7 lines should stand before this one"},
		{"a line more behind", good + lines[2], "b.sums:9: something follows the end"},
		{"an empty line behind", good + "\n", "b.sums:9: something follows the end"},
		{"more on a line", instead(`"x"]`, `"x"] `)[:len(lines[0])+len(lines[1])] + strings.TrimSuffix(lines[2], "\n") + " {}\n", "b.sums:3: something stands behind the sums"},
		{"a record", `{"schema":"firstcall/1","kind":"assessment"}` + "\n", "b.sums:1: is no line of a file of sums"},
		{"another schema", instead("firstcall-sums/1", "firstcall-sums/2"), `b.sums:1: schema is "firstcall-sums/2", not "firstcall-sums/1"`},
		{"a table", "a,b\n1,2\n", "b.sums:1: is no line of a file of sums"},
		{"an unknown member", instead(`"tally":{`, `"tally":{"x":1,`), "b.sums:2: is no line of a file of sums"},
		{"the wrong type", instead(`"rows":30`, `"rows":30.5`), "b.sums:2: is no line of a file of sums"},
		{"a number too large", instead(`"n":15`, `"n":1e9`), "b.sums:3: is no line of a file of sums"},
		{"a client changed", strings.Replace(good, lines[2], strings.Replace(lines[2], "acme", "bell", 1), 1), "b.sums:3: a group stands before the line of its client and wave"},
		{"a group twice", strings.Replace(good, lines[3], strings.Replace(lines[3], `["y"]`, `["x"]`, 1), 1), "b.sums:4: the same group stands twice"},
		{"a group lost its key", instead(`"key":["x"],`, ``), "b.sums:3: the sums do not fit the groups"},
		{"a wave twice", strings.Replace(good, lines[4], lines[1], 1), "b.sums:5: the same client and wave stand twice"},
		{"a control character", instead(`["x"]`, `["\u001b[31m"]`), "b.sums:3: a name can't be used: it has a control character"},
		{"rows changed", instead(`"rows":30`, `"rows":31`), "b.sums:2: the numbers of rows contradict each other"},
		{"people of a file changed", instead(`"s.csv":30`, `"s.csv":29`), "b.sums:2: the groups do not add up to the people of the files"},
		{"a path for a file", instead(`"s.csv":30`, `"../s.csv":30`), "b.sums:2: a source has an impossible name or number of people"},
		{"a histogram changed", instead(`"histogram":[`, `"histogram":[1`), "b.sums:3: the sums contradict each other"},
		{"another policy", other(func(o *Options) { o.Missing = instrument.CompleteOnly }), `b.sums:1: was made with another missing-answer policy: "complete_only", not "min_half"`},
		{"no policy", instead(`"missing":"min_half"`, `"missing":"any"`), `b.sums:1: unknown missing-answer policy "any"`},
		{"other groups", other(func(o *Options) { o.By = nil }), `b.sums:1: was made with another groups: "[]", not "[[team]]"`},
		{"another run", other(func(o *Options) { o.LongRun = 9 }), `b.sums:1: was made with another longest run allowed: "9", not "6"`},
		{"careless left out", other(func(o *Options) { o.ExcludeCareless = true }), `b.sums:1: was made with another treatment of careless answers: "true", not "false"`},
		{"other words", other(func(o *Options) { o.Instrument.Dimensions[0].Items[0].Text = "A1" }), "b.sums:1: was made with another version of the instrument: "},
		{"another instrument", other(func(o *Options) { o.Instrument.ID = "some" }), `b.sums:1: was made with another instrument: "some", not "all"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res, _, err := MergePartials([]Source{source("a.sums", []byte(good)), source("b.sums", []byte(tt.text))}, Options{Instrument: everything(true)})
			var p problem.Problem
			if res != nil || !errors.As(err, &p) || !strings.HasPrefix(err.Error(), tt.want) || p.Hint == "" && tt.name != "a control character" {
				t.Errorf("got %v (hint %q), want %s", err, p.Hint, tt.want)
			}
		})
	}
	// The same faults of the first file are found without another to compare.
	for _, text := range []string{
		instead(`"by":[["team"]]`, `"by":[[]]`), instead(`"by":[["team"]]`, `"by":[[""]]`), instead(`"by":[["team"]]`, `"by":[["team"],["team"]]`),
		instead(`"by":[["team"]]`, `"by":[["te\u0000am"]]`), instead(`"long_run":6`, `"long_run":0`), instead(`"missing":"min_half"`, `"missing":""`),
	} {
		if res, _, err := MergePartials([]Source{source("a.sums", []byte(text))}, Options{Instrument: everything(true)}); err == nil || res != nil {
			t.Errorf("taken: %s", strings.SplitAfter(text, "\n")[0])
		}
	}
}

// What a part was made with may be asked for, in any spelling.
func TestMergeAsksForGroups(t *testing.T) {
	file := partial(t, everythingOptions(), source("s.csv", []byte(everythingAnswered(true))))
	want, opt, err := MergePartials([]Source{source("a.sums", file)}, Options{Instrument: everything(true)})
	if err != nil || opt.Missing != instrument.MinHalf || opt.LongRun != 6 || opt.ExcludeCareless {
		t.Fatal(err, opt)
	}
	got, _, err := MergePartials([]Source{source("a.sums", file)}, Options{Instrument: everything(true), By: [][]string{{"team"}, {"team"}}})
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("asked for twice: %v", err)
	}
	if _, _, err := MergePartials([]Source{source("a.sums", file)}, Options{Instrument: everything(true), By: [][]string{}}); err == nil {
		t.Error("groups that nobody asked for were taken")
	}
}
