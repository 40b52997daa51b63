package survey

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/problem"
)

// fullSample is sample with an item that is answered by decimals and one on a
// scale of several digits.
func fullSample() *instrument.Instrument {
	in := sample()
	in.Dimensions = append(in.Dimensions, instrument.Dimension{ID: "three", Items: []instrument.Item{
		{ID: "hours", Text: "Hours a week", Continuous: true, Scale: instrument.Scale{Min: 0, Max: 100, MissingCodes: []int{-99}}},
		{ID: "percent", Text: "How many percent?", Scale: instrument.Scale{Min: 0, Max: 100}},
	}})
	in.Attributes = append(in.Attributes, instrument.Attribute{ID: "when", Text: "When", Kind: instrument.KindTime})
	return in
}

// outcome is all that comes of reading a file. Of a file with a fault, that is
// the fault alone: which rows were handed out before it was met is not
// promised.
type outcome struct {
	people      []Respondent // in the order of the file
	read, blank int
	leftOut     []LeftOut
	bad         Bad
	err         string
}

// outcomeOf reads a file with so many parsers.
func outcomeOf(t *testing.T, data []byte, req Request, parsers int, slowly bool) outcome {
	t.Helper()
	rows, err := Open("a.csv", bytes.NewReader(data), req)
	if err != nil {
		return outcome{err: err.Error()}
	}
	defer rows.Close()
	var lock sync.Mutex
	var out outcome
	var all []*Parser
	var visits []Visit
	for range parsers {
		p := NewParser()
		p.slowly = slowly
		numbers := newNumbering()
		line := 0
		all = append(all, p)
		visits = append(visits, func(r *Respondent) error {
			if r.Line <= line {
				return fmt.Errorf("line %d comes after line %d", r.Line, line)
			}
			line = r.Line
			lock.Lock()
			defer lock.Unlock()
			out.people = append(out.people, kept(r))
			return numbers.check(rows, r)
		})
	}
	if err := rows.Each(context.Background(), all, visits); err != nil {
		if errors.As(err, new(problem.Problem)) {
			checkOne(t, err)
			return outcome{err: err.Error()}
		}
		t.Fatal(err)
	}
	slices.SortFunc(out.people, func(a, b Respondent) int { return cmp.Compare(a.Line, b.Line) })
	out.read, out.blank, out.leftOut, out.bad = rows.Read(), rows.Blank(), rows.LeftOut(), rows.Bad()
	return out
}

// numbering checks that equal names have equal numbers, and others others.
type numbering struct {
	names   map[string]string
	numbers map[string]string
}

func newNumbering() numbering { return numbering{map[string]string{}, map[string]string{}} }

func (n numbering) check(rows *Rows, r *Respondent) error {
	named := []string{}
	if rows.mapping.Client >= 0 {
		named = append(named, r.Client)
	}
	if rows.mapping.Wave >= 0 {
		named = append(named, r.Wave)
	}
	names, keys := fmt.Sprintf("%q%q", named, r.Groups), fmt.Sprint(r.Keys)
	if have, ok := n.names[keys]; ok && have != names {
		return fmt.Errorf("%s and %s have the numbers %s", have, names, keys)
	}
	if have, ok := n.numbers[names]; ok && have != keys {
		return fmt.Errorf("%s has the numbers %s and %s", names, have, keys)
	}
	n.names[keys], n.numbers[names] = names, keys
	return nil
}

// heads are first lines of files that the instrument can be found in.
var heads = []string{
	"client,department,one-a,one-b,two-a,enps,hours,percent,note\n",
	"note;two-a;one-b;one-a;percent;hours;department;enps;round;person;when\n",
	"hours\tenps\tpercent\tperson\tone-a\tone-b\tx\ty\ttwo-a\r\n",
	"one-a,one-b,two-a,enps,percent,note,hours\n",
	"\"percent\",\"hours\",\"person\",\"when\",\"department\",\"company\",\"round\",\"one-a\",\"one-b\",\"two-a\",\"enps\"\r\n",
	"id,submitdate,lastpage,startlanguage,seed,department,one-a,one-b,two-a,enps,hours,percent\n",
	"", // whatever the file begins with
}

func headed(head int, body []byte) ([]byte, Request) {
	text := heads[head%len(heads)]
	req := Request{Instrument: fullSample(), Encoding: "utf-8"}
	if strings.Contains(text, "department") {
		req.By = [][]string{{"department"}}
	}
	if strings.Contains(text, "person") {
		req.Respondent, req.Time = true, true
	}
	return slices.Concat([]byte(text), body), req
}

// FuzzRows reads a file in every way there is: slowly row by row, by the fast
// path, and in blocks of any size by several parsers. All must come to the
// same: people, blank rows, bad cells, and which fault is met first.
func FuzzRows(f *testing.F) {
	for i, body := range []string{
		"Acme,Sales,1,2,3,4,5.5,60,fine\nAcme,\"Front desk\",\"1\",,5,10,\"0,5\",7,\"a\nb\"\n,,,,,,,,\n,,1,Agree,A1,11,101,-1,\"\"\"x\"\"\"\n",
		"x;1;2;3;50;7,25;Sales;9;2026-q1;anna;2026-01-02 10:00\r\n;5;5;5;;1e1;;0;;;\r\n\"a;b\";1;;1;1;1;x;1;y;ANNA;\r",
		"1.5\t0\t100\tid\t1\t1\t\t\t1\r1\t1\t1\tid\t1\t1\t\t\t1\n",
		"1,2,3,4,5,\"open\n1,2,3,4,5,,6\n",
		"\"1\",\"2\",\"b\",\"\",\"Sales\",\"Acme\",\"q1\",\"1\",\"2\",\"3\",\"4\"\r\n\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"\r\n",
		"1,2026-03-01 09:05:00,3,de,17,Sales,1,2,3,4,5,6\n2,,1,de,18,Sales,1,,,,,\n",
		"one-a,one-b,two-a,enps,percent,hours\n1,2,3,4,5,6\n1,2,3,4,5,6,\n1,2,3,4,5,6,x\n",
		"1,2,3,4,5,x\x00,6\n", "1,2,3\n", "1,2,3,4,5,\xff,6\n1,2,\xff,4,5,,6\n", "1,2,3,4,5,\"a\"b,6\n", " 1,2 ,03,+4,5,  ,6\n",
	} {
		f.Add(min(i, 6)%7, 1+7*i, []byte(body))
		f.Add(3, 1+i, []byte(body))
	}
	f.Fuzz(func(t *testing.T, head, block int, body []byte) {
		if len(body) > 1<<14 {
			return
		}
		data, req := headed(max(0, head), body)
		want := outcomeOf(t, data, req, 1, true)
		compare := func(how string, got outcome) {
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("%s: %q\ngot  %+v\nwant %+v", how, data, got, want)
			}
		}
		compare("fast", outcomeOf(t, data, req, 1, false))
		req.Block = 1 + max(0, block)%200
		compare(fmt.Sprintf("in blocks of %d", req.Block), outcomeOf(t, data, req, 1, false))
		compare(fmt.Sprintf("slowly in blocks of %d", req.Block), outcomeOf(t, data, req, 1, true))
		compare(fmt.Sprintf("three parsers, blocks of %d", req.Block), outcomeOf(t, data, req, 3, false))
	})
}

// Which of many bad cells are told depends neither on the number of parsers
// nor on the order of columns.
func TestFirstBadCells(t *testing.T) {
	text := "two-a,one-b,one-a,enps,hours,percent\n" + strings.Repeat("9,9,9,99,999,999\n", 50)
	req := Request{Instrument: fullSample(), Block: 20}
	want := outcomeOf(t, []byte(text), req, 1, true).bad
	if len(want.First) != maxBadCells || want.First[0].Column != 1 || want.First[19].Line != 5 || want.First[19].Column != 2 {
		t.Fatalf("got %+v", want.First)
	}
	for range 20 {
		if got := outcomeOf(t, []byte(text), req, 4, false).bad; !reflect.DeepEqual(got, want) {
			t.Fatalf("got  %+v\nwant %+v", got, want)
		}
	}
}

// The fault that is told is that of the first row that has one, whoever meets
// it first; so is the error of a visit.
func TestFirstFault(t *testing.T) {
	var text strings.Builder
	text.WriteString("one-a,one-b,two-a,enps\n")
	for i := range 400 {
		switch {
		case i%7 == 3 && i > 50:
			text.WriteString("1,2,3\n")
		default:
			text.WriteString("1,2,3,4\n")
		}
	}
	for _, block := range []int{1, 40, 300} {
		for parsers := 1; parsers < 6; parsers++ {
			rows, err := Open("a.csv", strings.NewReader(text.String()), Request{Instrument: sample(), Block: block})
			if err != nil {
				t.Fatal(err)
			}
			var all []*Parser
			var visits []Visit
			for range parsers {
				all, visits = append(all, NewParser()), append(visits, func(r *Respondent) error {
					if r.Line > 100 {
						return errors.New("too far")
					}
					return nil
				})
			}
			err = rows.Each(context.Background(), all, visits)
			if want := "a.csv:54:4: this row ends after 3 cells, but the header names 4"; err == nil || err.Error() != want {
				t.Errorf("%d parsers, blocks of %d: got %v, want %s", parsers, block, err, want)
			}
		}
	}
}

// A context that has ended stops the reading within a few blocks.
func TestEachStops(t *testing.T) {
	text := "one-a,one-b,two-a,enps\n" + strings.Repeat("1,2,3,4\n", 100_000)
	for parsers := range 3 {
		ctx, cancel := context.WithCancelCause(context.Background())
		defer cancel(nil)
		stop := errors.New("stop")
		rows, err := Open("a.csv", strings.NewReader(text), Request{Instrument: sample(), Block: 8000})
		if err != nil {
			t.Fatal(err)
		}
		var all []*Parser
		var visits []Visit
		for range parsers + 1 {
			all, visits = append(all, NewParser()), append(visits, func(*Respondent) error { cancel(stop); return nil })
		}
		if err := rows.Each(ctx, all, visits); !errors.Is(err, stop) || rows.Read() > 20_000 {
			t.Errorf("%d parsers: got %v after %d rows", parsers+1, err, rows.Read())
		}
	}
}

// A row that is too long is refused, even when none of its cells is and it
// could be taken for a whole one where it was cut.
func TestRowTooLong(t *testing.T) {
	head := "one-a,one-b,two-a,enps"
	for i := range 16 {
		head += fmt.Sprintf(",note%d", i)
	}
	// 15 cells of just under a MiB, and a last one that goes on and on.
	row := "1,2,3,4" + strings.Repeat(","+strings.Repeat("x", MaxCell-10), 15) + ","
	for _, tt := range []struct{ name, row, want string }{
		{"cells of the right length", row + "y", ""},
		{"a cell too long", "1,2,3,4," + strings.Repeat("x", MaxCell+1) + strings.Repeat(",", 15), "a.csv:3:5: this cell is longer than 1 MiB"},
		{"a quoted cell too long", "1,2,3,4,\"" + strings.Repeat("x", MaxCell+1) + "\"" + strings.Repeat(",", 15), "a.csv:3:5: this cell is longer than 1 MiB"},
		{"the last cell too long", row + strings.Repeat("x", MaxCell+1), "a.csv:3:20: this cell is longer than 1 MiB"},
		{"a row too long", row + strings.Repeat("x", MaxCell-10) + strings.Repeat(","+strings.Repeat(" ", MaxCell-10), 3), "a.csv:3: row is longer than 16 MiB"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := io.MultiReader(strings.NewReader(head+"\n1,2,3,4,,,,,,,,,,,,,,,,\n"), strings.NewReader(tt.row+"\n1,2,3,4,,,,,,,,,,,,,,,,\n"))
			rows, err := Open("a.csv", in, Request{Instrument: sample()})
			if err == nil {
				err = each(rows, func(*Respondent) error { return nil })
			}
			if tt.want == "" && (err != nil || rows.Read() != 3) || tt.want != "" && (err == nil || err.Error() != tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

// Whatever goes on and on is given up before more is read than the limits allow
// for.
func TestRowsMemoryIsBounded(t *testing.T) {
	for _, start := range []string{"", "\""} {
		for _, text := range []string{"x", ",", "\"\"", " ", ", ", "x,"} {
			e := &endless{text: text}
			rows, err := Open("a.csv", io.MultiReader(strings.NewReader("one-a,one-b,two-a,enps\n"+strings.Repeat("1,2,3,4\n", 20_000)+start), e), Request{Instrument: sample()})
			if err != nil {
				t.Fatal(err)
			}
			if err := each(rows, func(*Respondent) error { return nil }); !errors.As(err, new(problem.Problem)) || e.taken > 2*MaxRow {
				t.Errorf("%q after %q: error %v after %d bytes", text, start, err, e.taken)
			}
		}
	}
}

// An item whose column is also looked at to tell who finished is read all the
// same.
func TestItemInColumnOfTheTool(t *testing.T) {
	in := &instrument.Instrument{ID: "i", Dimensions: []instrument.Dimension{{ID: "d", Items: []instrument.Item{
		{ID: "Finished", Text: "Finished", Scale: instrument.Scale{Min: 0, Max: 1}},
		{ID: "Q1", Text: "Q1", Scale: instrument.Scale{Min: 1, Max: 5}},
	}}}}
	text := "StartDate,Status,Finished,ResponseId,UserLanguage,Q1\nStart Date,Response Type,Finished,Response ID,User Language,Q1\n" +
		`"{""ImportId"":""startDate""}","{""ImportId"":""status""}","{""ImportId"":""finished""}","{""ImportId"":""_recordId""}","{""ImportId"":""userLanguage""}","{""ImportId"":""QID1""}"` +
		"\n2026-03-01 09:00:00,0,1,R_1,DE,5\n2026-03-01 09:00:00,0,0,R_2,DE,4\n2026-03-01 09:00:00,0,1,R_3,DE,3\n"
	for _, slowly := range []bool{true, false} {
		got := outcomeOf(t, []byte(text), Request{Instrument: in, Unfinished: true}, 1, slowly)
		if len(got.people) != 3 || !slices.Equal(got.people[1].Answers, []int32{0, 4}) || !slices.Equal(got.people[2].Answers, []int32{1, 3}) {
			t.Errorf("slowly %v: %+v", slowly, got)
		}
		got = outcomeOf(t, []byte(text), Request{Instrument: in}, 1, slowly)
		if len(got.people) != 2 || !slices.Equal(got.people[1].Answers, []int32{1, 3}) {
			t.Errorf("slowly %v: %+v", slowly, got)
		}
	}
}

// In a workbook, cells are called as a spreadsheet calls them.
func TestPlacesInWorkbook(t *testing.T) {
	head := []string{"department", "one-a", "one-b", "two-a", "enps"}
	read := func(rows ...[]string) outcome {
		data := workbook(t, []string{"Answers"}, append([][]string{head}, rows...))
		return outcomeOf(t, data, Request{Instrument: sample(), By: [][]string{{"department"}}}, 2, false)
	}
	bad := read([]string{"Sales", "1", "9", "3", "4"}, []string{"Sales", "1", "2", "3", "maybe"}).bad
	var got []string
	for _, b := range bad.First {
		got = append(got, b.Problem().Error())
	}
	if want := `a.csv: Answers!C2: the cell for item "one-b" is outside the scale|a.csv: Answers!E3: the cell for item "enps" is not an answer`; strings.Join(got, "|") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "|"), want)
	}
	if got, want := read([]string{"Sales", "1", "2", "3", "4"}, []string{"Sa\x7Fles", "1", "2", "3", "4"}).err, "a.csv: Answers!A3: a control character (U+007F) stands in this cell"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
