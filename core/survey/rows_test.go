package survey

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/problem"
)

// respondents reads all of a file and keeps copies.
func respondents(t *testing.T, in io.Reader, req Request) ([]Respondent, *Rows) {
	t.Helper()
	rows, err := Open("a.csv", in, req)
	if err != nil {
		t.Fatal(err)
	}
	var all []Respondent
	if err := each(rows, func(r *Respondent) error { all = append(all, kept(r)); return nil }); err != nil {
		t.Fatal(err)
	}
	return all, rows
}

// each reads all rows with one parser.
func each(rows *Rows, visit Visit) error {
	return rows.Each(context.Background(), []*Parser{NewParser()}, []Visit{visit})
}

// kept is a copy of a respondent that holds beyond the visit, without numbers
// that mean something to one parser only.
func kept(r *Respondent) Respondent {
	k := *r
	k.Answers, k.Decimals, k.Keys, k.Groups = slices.Clone(r.Answers), nil, nil, nil
	for i, x := range r.Answers {
		if x == 0 && r.Decimals[i] != 0 {
			k.Decimals = append(k.Decimals, r.Decimals[i])
		}
	}
	for _, g := range r.Groups {
		k.Groups = append(k.Groups, slices.Clone(g))
	}
	return k
}

// However a table is written down, it says the same.
func TestRowsOfEveryDialectAreTheSame(t *testing.T) {
	table := [][]string{
		{"client", "department", "one-a", "one-b", "two-a", "note", "enps", "round"},
		{"Acme", "Front desk", "1", "agree", "4,0", "so; so, \"fine\"\tor", "10", "2026-q1"},
		{" Acme", "Front  desk ", "", "N/A", "-99", "", "-", "2026-q1"},
		{"", "", "6", "1.5", "A1", "x", "0", ""},
		{"Acme", "Sales", "1", "2", "3", "x", "4", "2026-q1"},
	}
	want := []Respondent{
		{Client: "Acme", Wave: "2026-q1", Groups: [][]string{{"Front desk", "Acme"}, {"Front desk"}}, Answers: []int32{1, 4, 4, 10}, Line: 2},
		{Client: "Acme", Wave: "2026-q1", Groups: [][]string{{"Front desk", "Acme"}, {"Front desk"}}, Answers: []int32{Missing, Missing, Missing, Missing}, Line: 3},
		{Groups: [][]string{{"", ""}, {""}}, Answers: []int32{Missing, Missing, Missing, 0}, Bad: 3, Line: 4},
		{Client: "Acme", Wave: "2026-q1", Groups: [][]string{{"Sales", "Acme"}, {"Sales"}}, Answers: []int32{1, 2, 3, 4}, Line: 5},
	}
	wantBad := Bad{Total: 3, Items: []BadItem{{"one-a", 1, 0, 0}, {"one-b", 0, 0, 1}, {"two-a", 0, 1, 0}},
		First: []BadCell{{"a.csv", 4, 3, "one-a", OutOfRange, ""}, {"a.csv", 4, 4, "one-b", Fraction, ""}, {"a.csv", 4, 5, "two-a", NotAnAnswer, ""}}}
	req := Request{Instrument: sample(), By: [][]string{{"department", "client"}, {"department"}}}
	n := 0
	for _, bom := range []string{"", "\uFEFF"} {
		for _, eol := range []string{"\n", "\r\n", "\r"} {
			for _, delim := range []string{",", ";", "\t"} {
				for _, always := range []bool{false, true} {
					for _, last := range []bool{false, true} {
						text := bom + written(table, eol, delim, always)
						if !last {
							text = strings.TrimSuffix(text, eol)
						}
						got, rows := respondents(t, strings.NewReader(text), req)
						bad := rows.Bad()
						bad.Hint = ""
						if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(bad, wantBad) || rows.Read() != 4 {
							t.Errorf("%q\ngot  %v %+v\nwant %v %+v", text, got, bad, want, wantBad)
						}
						n++
					}
				}
			}
		}
	}
	if n != 72 {
		t.Errorf("%d ways tried", n)
	}
}

func written(table [][]string, eol, delim string, always bool) string {
	var b strings.Builder
	for _, row := range table {
		for i, cell := range row {
			if i > 0 {
				b.WriteString(delim)
			}
			if always || strings.ContainsAny(cell, "\"\r\n"+delim) {
				cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
			}
			b.WriteString(cell)
		}
		b.WriteString(eol)
	}
	return b.String()
}

func TestRowsCountWhatIsLeftOut(t *testing.T) {
	in := sampleItems + "|Note\n,,,,\n1,2,3,4,\n , ,\u00A0,,\n,,,,only a note\n"
	got, rows := respondents(t, strings.NewReader(strings.Replace(in, "|", ",", -1)), Request{Instrument: sample()})
	if len(got) != 2 || rows.Read() != 2 || rows.Blank() != 2 || got[1].Line != 5 {
		t.Errorf("got %v, %d read, %d blank", got, rows.Read(), rows.Blank())
	}
	if m := rows.Mapping(); !reflect.DeepEqual(m.Unused, []string{"Note"}) {
		t.Errorf("unused %q", m.Unused)
	}
}

func TestRowsFaults(t *testing.T) {
	const head = "one-a,one-b,two-a,enps,department,client\n1,2,3,4,Sales,Acme\n"
	const remove = "remove the character; a name holds only letters, digits, signs and spaces"
	for _, tt := range []struct{ name, row, want, hint string }{
		{"answer in Latin-1", "1,2,v\xF6llig,4,Sales,Acme", "a.csv:3:3: this cell is not UTF-8", hintUTF8},
		{"group in Latin-1", "1,2,3,4,B\xFCro,Acme", "a.csv:3:5: this cell is not UTF-8", hintUTF8},
		{"control character", "1,2,3,4,Sales,Ac\x1Bme", "a.csv:3:6: a control character (U+001B) stands in this cell", remove},
		{"delete character", "1,2,3,4,Sa\x7Fles,Acme", "a.csv:3:5: a control character (U+007F) stands in this cell", remove},
		{"broken row", "1,2,3", "a.csv:3:4: this row ends after 3 cells, but the header names 6", "a cell with a line break in it must stand in quotes"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rows, err := Open("a.csv", strings.NewReader(head+tt.row+"\n1,2,3,4,Sales,Acme\n"), Request{Instrument: sample(), By: [][]string{{"department"}}, Encoding: "utf-8"})
			if err != nil {
				t.Fatal(err)
			}
			visited := 0
			err = each(rows, func(*Respondent) error { visited++; return nil })
			var p problem.Problem
			if !errors.As(err, &p) || p.Error() != tt.want || p.Hint != tt.hint {
				t.Errorf("got %v (%s), want %s (%s)", err, p.Hint, tt.want, tt.hint)
			}
			if rows.Read() != 1 || visited != 1 {
				t.Errorf("%d read, %d visited", rows.Read(), visited)
			}
		})
	}
}

func TestOpenPassesOnFaults(t *testing.T) {
	if _, err := Open("a.csv", strings.NewReader(""), Request{Instrument: sample()}); !errors.As(err, new(problem.Problem)) {
		t.Errorf("empty file: got %v", err)
	}
	if _, err := Open("a.csv", strings.NewReader("x,y\n"), Request{Instrument: sample()}); !errors.As(err, new(problem.List)) {
		t.Errorf("other instrument: got %v", err)
	}
	broken := func(rows int) io.Reader {
		text := "one-a,one-b,two-a,enps\n" + strings.Repeat("1,2,3,4\n", rows) + "1,"
		return io.MultiReader(strings.NewReader(text), iotest.ErrReader(io.ErrUnexpectedEOF))
	}
	if _, err := Open("a.csv", broken(1), Request{Instrument: sample()}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("broken near the start: got %v", err)
	}
	rows, err := Open("a.csv", broken(100_000), Request{Instrument: sample()})
	if err != nil {
		t.Fatal(err)
	}
	// The row before the break may or may not be read: all is lost either way.
	if err := each(rows, func(*Respondent) error { return nil }); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("broken source: got %v after %d", err, rows.Read())
	}
}

func TestBad(t *testing.T) {
	in := "one-a,one-b,two-a,enps\n" + strings.Repeat("9,2.5,maybe,4\n", 30)
	_, rows := respondents(t, strings.NewReader(in), Request{Instrument: sample()})
	bad := rows.Bad()
	want := []BadItem{{"one-a", 30, 0, 0}, {"one-b", 0, 0, 30}, {"two-a", 0, 30, 0}}
	if bad.Total != 90 || !reflect.DeepEqual(bad.Items, want) || len(bad.First) != 20 {
		t.Errorf("got %+v", bad)
	}
	for i, want := range []string{
		`a.csv:2:1: the cell for item "one-a" is outside the scale`,
		`a.csv:2:2: the cell for item "one-b" is between two steps of the scale`,
		`a.csv:2:3: the cell for item "two-a" is not an answer`,
	} {
		if got := bad.First[i].Problem().Error(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	// What many gave is quoted as a label that the scale does not know, and
	// nothing else is; see TestUnknownLabels.
	bad.Labels = nil
	if text := fmt.Sprintf("%+v", bad); strings.Contains(text, "maybe") || strings.Contains(text, "2.5") {
		t.Errorf("an answer is quoted: %s", text)
	}
	_, rows = respondents(t, strings.NewReader("one-a,one-b,two-a,enps\n"+strings.Repeat("9,2.5,maybe,4\n", 4)), Request{Instrument: sample()})
	if text := fmt.Sprintf("%+v", rows.Bad()); strings.Contains(text, "maybe") || strings.Contains(text, "2.5") {
		t.Errorf("an answer that few gave is quoted: %s", text)
	}
}

// The hint comes when most answers to an item are unknown, not for single ones.
func TestBadHint(t *testing.T) {
	labels := `item "q1" is answered by a number from 1 to 5 or by one of its scale's labels: "Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Don’t know anybody who’d disagree"`
	none := `item "q1" is answered by a number from 1 to 5; its scale has no labels, so words cannot be read until the instrument gives some`
	codes := "; codes such as A1 are not read, since they may run either way: export the full answers instead, or say what the codes stand for under [answers] in a mapping file"
	bare := likert(1)
	bare.Dimensions[0].Items[0].Scale = instrument.Scale{Min: 1, Max: 5}
	for _, tt := range []struct {
		name, cells string
		in          *instrument.Instrument
		want        string
	}{
		{"all fine", "1 2 3", likert(1), ""},
		{"half", "1 2 gut schlecht", likert(1), ""},
		{"most", "1 gut schlecht", likert(1), labels},
		{"most of those given", "NA NA NA NA gut 4 schlecht", likert(1), labels},
		{"numbers outside", "9 9 9 9 9", likert(1), `many answers to item "q1" are off its scale from 1 to 5: were they coded in another way, such as from 0?`},
		{"few numbers outside", "1 9 9 9 9", likert(1), ""},
		{"no labels", "gut schlecht", bare, none},
		{"codes", "A1 A5 A3", bare, none + codes},
		{"codes with labels", "A1 AO02", likert(1), labels + codes},
	} {
		_, rows := respondents(t, strings.NewReader("q1\n"+strings.ReplaceAll(tt.cells, " ", "\n")), Request{Instrument: tt.in})
		if got := rows.Bad().Hint; got != tt.want {
			t.Errorf("%s: got  %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// The hint is that of the first such item.
func TestBadHintOfFirstItem(t *testing.T) {
	_, rows := respondents(t, strings.NewReader("q1,q2,q3\n1,x,x\n"), Request{Instrument: likert(3)})
	if hint := rows.Bad().Hint; !strings.HasPrefix(hint, `item "q2" `) {
		t.Errorf("got %s", hint)
	}
}

// Items with one range but other labels or missing codes are read each by its
// own.
func TestRowsKeepScalesApart(t *testing.T) {
	in := likert(4)
	items := in.Dimensions[0].Items
	items[1].Scale = instrument.Scale{Min: 1, Max: 5, MissingCodes: agreement.MissingCodes, Labels: []string{"Agree", "B", "C", "D", "E"}}
	items[2].Scale = instrument.Scale{Min: 1, Max: 5, MissingCodes: []int{8}, Labels: agreement.Labels}
	items[3].Scale = instrument.Scale{Min: 0, Max: 8}
	all, rows := respondents(t, strings.NewReader("q1,q2,q3,q4\nAgree,Agree,Agree,8\n5,5,8,0\n"), Request{Instrument: in})
	if want := []int32{4, 1, 4, 8}; !slices.Equal(all[0].Answers, want) {
		t.Errorf("got %v, want %v", all[0].Answers, want)
	}
	if want := []int32{5, 5, Missing, 0}; !slices.Equal(all[1].Answers, want) || rows.Bad().Total != 0 {
		t.Errorf("got %v, want %v", all[1].Answers, want)
	}
}

// Names have one number however they are written, memory for how they are
// written is bounded, and too many names are refused.
func TestNames(t *testing.T) {
	p := NewParser()
	p.rows = &Rows{source: &source{layout: &layout{}}}
	var column textColumn
	for i := range 2000 {
		for _, spelling := range []string{"name %d", " name %d", "name  %d\u00A0"} {
			if fault := p.set(&column, fmt.Appendf(nil, spelling, i)); fault != "" || column.value != fmt.Sprint("name ", i) || column.number != int32(i) {
				t.Fatalf("%d: %q is number %d, %s", i, column.value, column.number, fault)
			}
		}
	}
	written := len(p.names)
	long := strings.Repeat("x", maxSpelledName+1)
	for range 2 {
		if fault := p.set(&column, []byte(long)); fault != "" || column.value != long || column.number != 2000 || len(p.names) != written {
			t.Errorf("long name: %d bytes, number %d, %d known, %s", len(column.value), column.number, len(p.names), fault)
		}
	}
	for i := len(p.numbers); i < maxNames; i++ {
		p.numbers[strconv.Itoa(i)] = int32(i)
	}
	if fault := p.set(&column, []byte("one more")); fault != tooManyNames {
		t.Errorf("one name too many: %q", fault)
	}
	if fault := p.set(&column, []byte("name  7")); fault != "" || column.number != 7 {
		t.Errorf("a known name afterwards: number %d, %q", column.number, fault)
	}
	private := textColumn{private: true}
	if fault := p.set(&private, []byte("anna@example.org")); fault != "" || private.value != "anna@example.org" || p.names["anna@example.org"].text != "" {
		t.Errorf("an id: %q, %q; it is remembered: %v", private.value, fault, p.names["anna@example.org"])
	}
}

// What is read of a file is allocated once, not for each row.
func TestRowsDoNotAllocate(t *testing.T) {
	few := allocations(t, 1_000)
	if many := allocations(t, 21_000); many > few+10 {
		t.Errorf("%v allocations for 20,000 rows more", many-few)
	}
}

// allocations is how many there are for a file of so many times three rows,
// in which all names, labels and the first twenty bad cells come early.
func allocations(t *testing.T, times int) float64 {
	in := sample()
	in.Dimensions[1].Items = append(in.Dimensions[1].Items, instrument.Item{ID: "hours", Text: "Hours", Continuous: true, Scale: instrument.Scale{Min: 0, Max: 100}})
	text := "client,department,one-a,one-b,two-a,x,enps,hours\n" + strings.Repeat("Acme,Sales,1,Agree, 4.0 ,,10,7.25\nBeta,\"Front desk\",5,strongly disagree,NA,9,-99,1e1\n"+
		"Beta,\"Front desk\",5,1,\"3\",9,9,\"0,5\"\n", times)
	req := Request{Instrument: in, By: [][]string{{"department"}, {"department", "client"}}, Block: 16 << 10}
	p := NewParser()
	return testing.AllocsPerRun(1, func() {
		rows, err := Open("a.csv", strings.NewReader(text), req)
		if err != nil {
			t.Fatal(err)
		}
		if err := rows.Each(context.Background(), []*Parser{p}, []Visit{func(*Respondent) error { return nil }}); err != nil || rows.Read() != 3*times {
			t.Fatal(err, rows.Read())
		}
	})
}

// The answers of a real survey come out so that each item has the number of
// answers and the mean that R finds (psych 2.2.9, items reversed where the
// scale says so).
func TestRowsOfRealSurvey(t *testing.T) {
	data, err := os.ReadFile("../../../shared/cases/bfi.csv")
	if err != nil {
		t.Skip("reference data not there: ", err)
	}
	values, err := os.ReadFile("../../../shared/cases/bfi.expected.json")
	if err != nil {
		t.Skip("reference data not there: ", err)
	}
	var expected struct {
		Scales map[string]struct {
			Items []string
			Stats map[string]struct {
				N    int
				Mean float64
			} `json:"items_stats"`
		}
	}
	if err := json.Unmarshal(values, &expected); err != nil {
		t.Fatal(err)
	}
	in := &instrument.Instrument{ID: "bfi"}
	for name, s := range expected.Scales {
		d := instrument.Dimension{ID: name}
		for _, id := range s.Items {
			id, reverse := strings.CutPrefix(id, "-")
			d.Items = append(d.Items, instrument.Item{ID: id, Text: id, Reverse: reverse, Scale: instrument.Scale{Min: 1, Max: 6}})
		}
		in.Dimensions = append(in.Dimensions, d)
	}
	all, rows := respondents(t, bytes.NewReader(data), Request{Instrument: in, By: [][]string{{"gender"}}})
	if bad := rows.Bad(); len(all) != 2800 || bad.Total != 0 || rows.Mapping().Client != -1 {
		t.Fatalf("%d respondents, %+v", len(all), bad)
	}
	checked := 0
	for i, it := range in.Items() {
		n, sum := 0, 0
		for _, r := range all {
			if x := int(r.Answers[i]); r.Answers[i] != Missing {
				if it.Reverse {
					x = it.Scale.Min + it.Scale.Max - x
				}
				n++
				sum += x
			}
		}
		for _, s := range expected.Scales {
			if want, ok := s.Stats[it.ID]; ok {
				checked++
				if n != want.N || math.Abs(float64(sum)/float64(n)-want.Mean) > 1e-12 {
					t.Errorf("%s: %d answers with mean %v, want %d with %v", it.ID, n, float64(sum)/float64(n), want.N, want.Mean)
				}
			}
		}
	}
	men := 0
	for _, r := range all {
		if r.Groups[0][0] == "1" {
			men++
		}
	}
	if checked != 25 || men != 919 {
		t.Errorf("%d items checked, %d men; want 25 and 919", checked, men)
	}
}
