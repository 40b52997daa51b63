package survey

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/instrument"
)

var three = instrument.Scale{Min: 0, Max: 2, Labels: []string{"No", "Perhaps", "Yes"}}

// wide is an instrument of two items on a scale of three steps, and its columns
// with one for each answer. The first item may be declined, and its columns
// stand in no order.
func wide() (in *instrument.Instrument, header string) {
	in = asked(three, "", "care=We care", "know=We know")
	return in, "We care - Yes,We care - N/A,We care - No,We know - No,We know - Perhaps,We know - Yes,We care - Other,We care - Perhaps,department"
}

func TestTicks(t *testing.T) {
	in, header := wide()
	in.Dimensions[0].Items[0].Scale.MissingCodes = []int{-99}
	for _, tt := range []struct {
		cells      string
		care, know int32
		bad        string // columns of bad cells
	}{
		{"Yes,,,No,,,,,x", 2, 0, ""},
		{"1,,,,x,,,,x", 2, 1, ""},
		{"3,,,,,yes;,,,x", 2, 2, ""},
		{",,1,,,1,,,x", 0, 2, ""},
		{"TRUE,False,no,,,,,nein,x", 2, none, ""},
		{",N/A,,,,,,,x", none, none, ""}, // declined: missing
		{",1,,,,,my own words,1,x", 1, none, ""},
		{",,,,,,,,x", none, none, ""},
		{"-99,,-99,,,,,-99,x", none, none, ""},
		{"1,,1,,,1,,,x", none, 2, "3"},
		{"Yes,,no,No,,Yes,,,x", 2, none, "6"},   // "No" in the column No is a tick, "no" is none
		{"Perhaps,,,,,Yes,,,x", none, 2, "1"},   // not what the heading says
		{"Yes,,,Yes,Yes,Yes,,,x", 2, none, "4"}, // the first cell at odds
		{",,0,,,1,,,x", 0, 2, ""},               // what the answer No is worth
		{"0,0,0,0,1,0,0,0,x", none, 1, ""},      // boxes that are not ticked
		{"0,0,1,0,0,0,0,0,x", 0, none, ""},
		{"0,0,,,,,,,x", none, none, ""},
		{"\u00A0,,\u200B, , ,Yes,,,x", none, 2, ""},
	} {
		for _, slowly := range []bool{false, true} {
			got := outcomeOf(t, []byte(header+"\n"+tt.cells+"\n"), Request{Instrument: in, By: [][]string{{"department"}}}, 1, slowly)
			bad := ""
			for _, b := range got.bad.First {
				bad += fmt.Sprint(b.Column)
				if b.Fault != Contradiction {
					t.Errorf("%s: got %s", tt.cells, b.Fault)
				}
			}
			if len(got.people) != 1 || !reflect.DeepEqual(got.people[0].Answers, []int32{tt.care, tt.know}) || bad != tt.bad || got.bad.Total != len(tt.bad) || got.people[0].Bad != len(tt.bad) {
				t.Errorf("%s, slowly %t: got %+v, bad in %s, %s", tt.cells, slowly, got.people, bad, got.err)
			}
		}
	}
	got := outcomeOf(t, []byte(header+"\n,,,\xFF,,,,,x\n"), Request{Instrument: in, Encoding: "utf-8"}, 1, false)
	if got.err != "a.csv:2:4: this cell is not UTF-8" {
		t.Errorf("got %s", got.err)
	}
	book := workbook(t, []string{"S"}, [][]string{strings.Split(header, ","), {"1", "", "1"}})
	_, rows := respondents(t, bytes.NewReader(book), Request{Instrument: in})
	if first := rows.Bad().First; len(first) != 1 || first[0].Problem().Error() != `a.csv: S!C2: the cell for item "care" is at odds with another of its cells or with the heading` {
		t.Errorf("got %+v", first)
	}
}

// Words that the mapping file knows are at odds with the heading, too.
func TestTicksInWordsThatAreTold(t *testing.T) {
	in := asked(three, "", "care=We care")
	m, err := ReadMap("m.toml", []byte("answers = {Ja = 2, '?' = 'missing', Acht = 2}"), in)
	if err != nil {
		t.Fatal(err)
	}
	const text = `We care - No,We care - Perhaps,We care - Ja,We care - ?
,,ja,
,JA,,
,,acht,
,?,,
,,x,x
,,,x
`
	got := readExport(t, "a.csv", strings.NewReader(text), Request{Instrument: in, Map: m})
	if want := [][]int32{{2}, {none}, {2}, {none}, {2}, {none}}; !reflect.DeepEqual(got.answers, want) || got.bad != 1 {
		t.Errorf("got %v, %d bad", got.answers, got.bad)
	}
}

// However ticks are written, and in whatever order columns stand, they say what
// one column with labels says.
func TestTicksSayWhatOneColumnSays(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	in := asked(agree, "", "care=We care - always", "know=We know", "plain=Plain")
	for range 200 {
		header := []string{"plain", "care"}
		type place struct{ item, answer int }
		var places []place
		for item := range 2 {
			for answer := range agree.Labels {
				places = append(places, place{item, answer})
			}
		}
		random.Shuffle(len(places), func(i, j int) { places[i], places[j] = places[j], places[i] })
		rows := [][]string{{"plain"}}
		for _, p := range places {
			rows[0] = append(rows[0], []string{"2. How? - We care - always", "We know"}[p.item]+" - "+agree.Labels[p.answer])
		}
		one := [][]string{{"Plain", "We care - always", "We know"}}
		for range 20 {
			care, know, plain := random.IntN(6)-1, random.IntN(6)-1, fmt.Sprint(1+random.IntN(5))
			row := []string{plain}
			for _, p := range places {
				chosen := []int{care, know}[p.item] == p.answer
				row = append(row, map[bool]string{true: []string{"1", agree.Labels[p.answer], " x ", "Yes"}[random.IntN(4)]}[chosen])
			}
			rows = append(rows, row)
			labels := append([]string{""}, agree.Labels...)
			one = append(one, []string{plain, labels[care+1], labels[know+1]})
		}
		want := readExport(t, "a.csv", strings.NewReader(written(one, "\n", ",", false)), Request{Instrument: in})
		for _, always := range []bool{false, true} {
			got := readExport(t, "a.csv", strings.NewReader(written(rows, "\n", ",", always)), Request{Instrument: in})
			if !reflect.DeepEqual(got.answers, want.answers) || got.bad != 0 || want.bad != 0 {
				t.Fatalf("%v\n%q: got %v, want %v", header, rows, got.answers, want.answers)
			}
		}
	}
}

// An item never takes columns that fit in part only without saying so.
func TestExpandedProblems(t *testing.T) {
	const other = `if these are all the answers that people could give, write care = 1 under [columns] in a mapping file`
	for _, tt := range []struct{ name, header, mapping, want string }{
		{"one lacks", "We care - No,We care - Yes", "", `a.csv: item "care" has a column for each answer, but none for "Perhaps" | ` + other},
		{"one in other words", "We care - No,We care - Maybe,We care - Yes", "", `a.csv: item "care" has a column for each answer, but none for "Perhaps" | say under [answers] in a mapping file what "Maybe" stands for: a number on the scale, or "missing"`},
		{"all in other words", "We care - Nein,We care - Ja", "", `a.csv: item "care" has a column for each answer, but none for "No", "Perhaps", "Yes" | say under [answers] in a mapping file what "Nein", "Ja" stand for: a number on the scale, or "missing"`},
		{"one only", "We care - No,x", "", `a.csv: item "care" has a column for each answer, but none for "Perhaps", "Yes" | ` + other},
		{"one twice", "We care - No,We care - Perhaps,We care - Yes,2. We care - yes", "", `a.csv: item "care" has several columns for the answer "yes": 3 and 4 | keep the right one and rename or remove the rest, or name the question under [columns] in a mapping file`},
		{"told, and in other words", "We care - No,We care - Maybe", "columns = {care = 'We care'}", `a.csv: item "care" has a column for each answer, but none for "Perhaps", "Yes" | say under [answers] in a mapping file what "Maybe" stands for: a number on the scale, or "missing"`},
		{"a column of its own goes first", "We care - No,We care - Yes,We care", "", ""},
		{"told by the number of one", "x,We care - No,We care - Yes", "columns = {care = 3}", ""},
		{"told by the question", "x,Our care - No,Our care - Yes", "columns = {care = 'our care'}", ""},
		{"told, of which there are two", "A - We care - No,A - We care - Yes,B - We care - No,B - We care - Yes", "columns = {care = 'B - We care'}", ""},
		{"words told", "We care - No,We care - Maybe,We care - Yes,We care - ?", "answers = {Maybe = 1, '?' = 'missing'}", ""},
		{"numbers", "We care [0],We care [1],We care [2 - Yes]", "", ""},
		{"told, and none is an answer", "We care - ?", "answers = {'?' = 'missing'}\ncolumns = {care = 'We care'}", `a.csv: item "care" has a column for each answer, but none for "No", "Perhaps", "Yes" | ` + other},
		{"told for decimals", "We care - No,We care - Yes", "columns = {hours = 'We care'}", `m.toml:1:12: no column of a.csv is called "We care" | firstcall score with --explain-columns lists the columns`},
		{"told what is not there", "We care - No,We care - Yes", "columns = {care = 'Our care'}", `m.toml:1:12: no column of a.csv is called "Our care" | firstcall score with --explain-columns lists the columns`},
	} {
		in := asked(three, "", "care=We care")
		if strings.Contains(tt.mapping, "hours") {
			in.Dimensions[0].Items[0] = instrument.Item{ID: "hours", Continuous: true, Scale: three}
		}
		req := Request{Instrument: in}
		var err error
		if req.Map, err = ReadMap("m.toml", []byte(tt.mapping+"\n"), in); err != nil {
			t.Fatal(err)
		}
		m, err := Map("a.csv", strings.Split(tt.header, ","), req)
		if tt.want == "" {
			if err != nil || len(m.choices[0]) < 2 && !slices.Contains(strings.Split(tt.header, ","), "We care") {
				t.Errorf("%s: got %+v, %v", tt.name, m, err)
			}
			continue
		}
		if err == nil {
			t.Errorf("%s: no problem", tt.name)
		} else if got := worded(t, err); !reflect.DeepEqual(got, []string{tt.want}) {
			t.Errorf("%s: got\n%q", tt.name, got)
		}
	}
}

// Columns of answers are no groups, and none is taken for two items.
func TestExpandedColumnsAreTaken(t *testing.T) {
	in, header := wide()
	_, err := Map("a.csv", strings.Split(header, ","), Request{Instrument: in, By: [][]string{{"We care - Other"}}})
	if err == nil || err.Error() != `a.csv: column 7 holds the answers to item "care" and cannot be a group column` {
		t.Errorf("got %v", err)
	}
	in.Dimensions[0].Items[1].Text = "WE CARE"
	if _, err := Map("a.csv", strings.Split(header, ","), Request{Instrument: in}); err == nil {
		t.Error("two items share columns")
	}
}

// FuzzTicks reads columns of answers slowly, by the fast path and by several
// parsers: all must come to the same.
func FuzzTicks(f *testing.F) {
	for _, body := range []string{
		"Yes,,,No,,,,,x\n,,0,0,1,0,,,y\n", "\"Yes\",\"\",\"\",1,,,,,\n", "1,,1,,,\xFF,,,\n", ",,,,,,,,\n\n", "Perhaps;,,,no,no,Yes,\"a\nb\",,z\r\n", "-1,NA,0.5,,,,,,q",
	} {
		f.Add([]byte(body), 16)
	}
	in, header := wide()
	in.Dimensions[0].Items = append(in.Dimensions[0].Items, instrument.Item{ID: "hours", Continuous: true, Scale: three}, instrument.Item{ID: "digit", Scale: three})
	f.Fuzz(func(t *testing.T, body []byte, size int) {
		data := slices.Concat([]byte(header+",hours,digit\n"), body)
		req := Request{Instrument: in, By: [][]string{{"department"}}, Encoding: "utf-8", Block: min(max(size, 1), 1<<16)}
		want := outcomeOf(t, data, req, 1, true)
		for _, parsers := range []int{1, 3} {
			if got := outcomeOf(t, data, req, parsers, false); !reflect.DeepEqual(got, want) {
				t.Fatalf("%q: %d parsers\ngot  %+v\nwant %+v", data, parsers, got, want)
			}
		}
		for _, p := range want.people {
			for _, a := range p.Answers[:2] {
				if a != Missing && (a < 0 || a > 2) {
					t.Fatalf("%q: answers %v", data, p.Answers)
				}
			}
		}
	})
}

// FuzzExpanded maps any headings: an item with a column for each answer has
// them on its scale, each once, or says what is wrong.
func FuzzExpanded(f *testing.F) {
	_, header := wide()
	f.Add(header, "")
	f.Add("care - 0,care - 1,care [2],know", "columns = {care = 1}")
	f.Add("Q - We care - No,We care - Maybe,We know [Yes]", "answers = {Maybe = 1}")
	f.Add("We care -  - - No - Yes, - , [],[", "columns = {know = 'We care'}")
	f.Fuzz(func(t *testing.T, header, mapping string) {
		in, _ := wide()
		req := Request{Instrument: in}
		req.Map, _ = ReadMap("m.toml", []byte(mapping), in)
		names := strings.Split(header, ",")
		m, err := Map("a.csv", names, req)
		checkProblems(t, err)
		if err != nil {
			return
		}
		taken := map[int]bool{}
		for i, c := range m.Items {
			columns := []int{c}
			if options := m.choices[i]; len(options) > 0 {
				columns = nil
				for _, o := range options {
					columns = append(columns, o.column)
					if o.answer < 0 || o.answer > 2 {
						t.Fatalf("%q: %+v", header, o)
					}
				}
				if columns[0] != c {
					t.Fatalf("%q: items in %v, answers in %v", header, m.Items, columns)
				}
			}
			for _, c := range columns {
				if c < 0 || c >= len(names) || taken[c] {
					t.Fatalf("%q: column %d", header, c)
				}
				taken[c] = true
			}
		}
	})
}
