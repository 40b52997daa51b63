package survey

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/problem"
)

// worded lists problems with their hints.
func worded(t *testing.T, err error) []string {
	t.Helper()
	var list problem.List
	var one problem.Problem
	if !errors.As(err, &list) && errors.As(err, &one) {
		list = problem.List{one}
	}
	if len(list) == 0 {
		t.Fatalf("got %v, want problems", err)
	}
	var out []string
	for _, p := range list {
		out = append(out, p.Error()+" | "+p.Hint)
	}
	return out
}

func TestReadMapProblems(t *testing.T) {
	const place = "case, spaces and the shape of quotes make no difference; keep one"
	for _, tt := range []struct {
		name, src string
		want      []string
	}{
		{"unknown table", "[colums]\n", []string{`m.toml:1:2: unknown key "colums" | did you mean "columns"?`}},
		{"unknown item", "[columns]\none-a = 'x'\none-c = 'y'\n", []string{`m.toml:3:1: "one-c" is no item and no attribute of "sample" | did you mean "one-a"?`}},
		{"nothing near", "columns = {zzzzzzzzz = 'y'}\n", []string{`m.toml:1:12: "zzzzzzzzz" is no item and no attribute of "sample" | on the left stands the id of an item or an attribute, or one of client, wave, respondent, time`}},
		{"item twice", "[columns]\none-a = 'x'\none-a = 'y'\n", []string{`m.toml:3:1: "one-a" stands twice in the same table | it first stands on line 2; keep one`}},
		{"blank heading", "columns = {one-a = ' '}\n", []string{`m.toml:1:12: "one-a" has a blank heading | give the heading as it stands in the file, or the number of the column`}},
		{"no column", "columns = {one-a = 0, one-b = true}\n", []string{
			`m.toml:1:12: "one-a" is column 0, which no file has | columns are counted from 1`,
			`m.toml:1:23: "one-b" must be a heading in quotes, or the number of a column | `}},
		{"answer off every scale", "[answers]\nYes = 11\n", []string{`m.toml:2:1: "Yes" stands for 11, which is not on the scale | the scale goes from 1 to 5`}},
		{"answer off the item's scale", "[answers.one-a]\nYes = 6\n", []string{`m.toml:2:1: "Yes" stands for 6, which is not on the scale | the scale goes from 1 to 5`}},
		{"answer off the dimension's scale", "[answers.two]\nYes = 0\n", []string{`m.toml:2:1: "Yes" stands for 0, which is not on the scale | the scale goes from 1 to 5`}},
		{"answer of another type", "[answers]\nYes = 4.5\nNo = 'none'\n", []string{
			`m.toml:2:1: "Yes" must stand for a whole number on the scale, or for "missing" | `,
			`m.toml:3:1: "No" must stand for a whole number on the scale, or for "missing" | `}},
		{"answer twice", "[answers]\n'It’s fine' = 4\n\"it's  FINE\" = 4\n", []string{`m.toml:3:1: "it's  FINE" is the same answer as "It’s fine" | ` + place}},
		{"blank answer", "[answers]\n' ' = 4\n", []string{`m.toml:2:1: an answer is blank | a blank cell is no answer anyway`}},
		{"answers of an unknown item", "[answers.on-a]\nYes = 4\n", []string{`m.toml:1:10: "on-a" is no item and no dimension of "sample" | did you mean "one-a"?`}},
		{"table in a table", "[answers.one-a.x]\nYes = 4\n", []string{`m.toml:1:16: "x" must stand for a whole number on the scale, or for "missing" | `}},
		{"value twice", "[values.department]\nSales = 'a'\nSALES = 'b'\n", []string{`m.toml:3:1: "SALES" is the same value as "Sales" | ` + place}},
		{"value of another type", "[values.department]\nSales = 1\n", []string{`m.toml:2:1: "Sales" must be text, not a whole number | write Sales = "1"`}},
		{"control character", "[values.department]\nSales = \"a\\u0007\"\n", []string{`m.toml:2:1: what "Sales" is called holds a control character | a name holds only letters, digits, signs and spaces`}},
		{"no TOML", "answers\n", []string{"m.toml:1:8: expected '.' or '=', but got '\\n' instead | every line is a [table], a key = value, or a # comment"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, err := ReadMap("m.toml", []byte(tt.src), sample())
			if got := worded(t, err); !reflect.DeepEqual(got, tt.want) || m != nil {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

// What a mapping file says goes before what columns are called.
func TestMapFileFindsColumns(t *testing.T) {
	src := "[columns]\none-a = 'A  longer heading'\none-b = 2\nclient = 'Firm'\ndepartment = 'Where?'\nperson = 'Mail'\ntime = 'When'\n"
	m, err := ReadMap("m.toml", []byte(src), sample())
	if err != nil {
		t.Fatal(err)
	}
	header := cells("one-a|x|a longer heading|one-b|two-a|enps|company|Firm|department|Where?|Mail|When|round")
	req := Request{Instrument: sample(), Map: m, By: [][]string{{"department"}}, Respondent: true, Time: true}
	got, err := Map("a.csv", header, req)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got.Items, []int{2, 1, 4, 5}) || got.Client != 7 || got.Wave != 12 || got.Groups[0][0] != 9 || got.Respondent != 10 || got.Time != 11 ||
		!reflect.DeepEqual(got.Unused, []string{"one-a", "one-b", "department"}) {
		t.Errorf("got %+v", got)
	}
	// A flag goes before the file.
	req.ClientColumn = "company"
	if got, err = Map("a.csv", header, req); err != nil || got.Client != 6 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestMapFileProblemsWithAFile(t *testing.T) {
	for _, tt := range []struct {
		name, src, header string
		req               Request
		want              []string
	}{
		{"no such heading", "[columns]\none-a = 'Listenz'\n", "Listens|one-a|one-b|two-a|enps", Request{}, []string{
			`m.toml:2:1: no column of a.csv is called "Listenz" | did you mean column 1, "Listens"?`}},
		{"nothing near", "[columns]\none-a = 'zzzzzzz'\n", "Listens|one-a|one-b|two-a|enps", Request{}, []string{
			`m.toml:2:1: no column of a.csv is called "zzzzzzz" | firstcall score with --explain-columns lists the columns`}},
		{"no such number", "[columns]\none-a = 6\n", "x|one-a|one-b|two-a|enps", Request{}, []string{
			`m.toml:2:1: a.csv has 5 columns, not 6 | columns are counted from 1`}},
		{"heading twice", "[columns]\none-a = 'x'\n", "x|x|one-b|two-a|enps", Request{}, []string{
			`m.toml:2:1: 2 columns of a.csv are called "x": 1 and 2 | give the number of the right one: one-a = 1`}},
		{"column for two items", "[columns]\none-a = 'x'\none-b = 1\n", "x|two-a|enps", Request{}, []string{
			`m.toml:3:1: column 1 of a.csv is given to item "one-a" already | give each item a column of its own`}},
		{"unknown column of values", "[values.departmnt]\na = 'b'\n", sampleItems + "|Department", Request{}, []string{
			`m.toml:1:9: a.csv has no column "departmnt" | did you mean column 5, "Department"?`}},
		{"values of an item", "[values.one-a]\na = 'b'\n", sampleItems, Request{}, []string{
			`m.toml:1:9: column 1 holds the answers to item "one-a", which are no names | say what answers mean under [answers]`}},
		{"a sensitive attribute's column", "columns = {illness = 'Well?'}\n", sampleItems + "|Well?", Request{By: [][]string{{"Well?"}}}, []string{
			`a.csv: attribute "illness" is marked sensitive and cannot be a group column | what it says about people must not appear in results; choose another column`}},
		{"a person's column", "columns = {person = 'Mail'}\n", sampleItems + "|Mail", Request{By: [][]string{{"Mail"}}}, []string{
			`a.csv: attribute "person" tells who the respondent is and cannot be a group column | what it says about people must not appear in results; choose another column`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := sample()
			m, err := ReadMap("m.toml", []byte(tt.src), in)
			if err != nil {
				t.Fatal(err)
			}
			tt.req.Instrument, tt.req.Map = in, m
			_, err = Map("a.csv", cells(tt.header), tt.req)
			if got := worded(t, err); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

// Answers for an item go before those for its dimension, these before those
// for all, and all before the labels of the scale. A number may be given
// another meaning, too.
func TestAnswersFromMapFile(t *testing.T) {
	src := `
[answers]
Agree = 2
"Stimme zu" = 4
"Weiß nicht" = "Missing"
A1 = 5
A5 = 1
7 = 10
8 = 3
[answers.one]
A1 = 1
[answers.one-b]
A1 = "missing"
"4" = 2
`
	in := sample()
	m, err := ReadMap("m.toml", []byte(src), in)
	if err != nil {
		t.Fatal(err)
	}
	coders := newCoders(Request{Instrument: in, Map: m}, plainLayout(nil))
	oneA, oneB, twoA, enps := coders[0], coders[1], coders[2], coders[3]
	for _, tt := range []struct {
		coder  *coder
		cell   string
		answer int32
		fault  Fault
	}{
		{oneA, "agree", 2, 0}, {oneA, "Disagree", 2, 0}, {oneA, "stimme  zu", 4, 0}, {oneA, "weiß nicht", Missing, 0}, {oneA, "Stimme zu;", 4, 0},
		{oneA, "A1", 1, 0}, {oneB, "A1", Missing, 0}, {twoA, "a1", 5, 0}, {twoA, "A5", 1, 0}, {twoA, "A2", Missing, NotAnAnswer},
		{oneA, "4", 4, 0}, {oneB, "4", 2, 0}, {oneB, "4.0", 2, 0}, {oneB, "4 - so so", 2, 0}, {oneB, "5", 5, 0},
		{oneA, "8", 3, 0}, {enps, "8", 3, 0}, {enps, "7", 10, 0}, {oneA, "7", Missing, OutOfRange}, {oneA, "7 - x", Missing, OutOfRange},
	} {
		for range 2 {
			if answer, fault := tt.coder.clone().code([]byte(tt.cell)); answer != tt.answer || fault != tt.fault {
				t.Errorf("%q: got %d, %s; want %d, %s", tt.cell, answer, fault, tt.answer, tt.fault)
			}
		}
		if len(tt.cell) == 1 && tt.fault == 0 && tt.coder.single[tt.cell[0]] != tt.answer {
			t.Errorf("%q alone: got %d, want %d", tt.cell, tt.coder.single[tt.cell[0]], tt.answer)
		}
	}
	if oneA == oneB || oneA.told == twoA.told {
		t.Error("items with different answers share a coder")
	}
}

// Codes of a survey tool are never turned into numbers by themselves.
func TestCodesAreNoNumbers(t *testing.T) {
	c := newCoder(agree)
	for _, code := range []string{"A1", "A5", "AO01", "a3", "L4", "Q1"} {
		if answer, fault := c.code([]byte(code)); answer != Missing || fault != NotAnAnswer {
			t.Errorf("%s: got %d, %s", code, answer, fault)
		}
	}
}

func FuzzReadMap(f *testing.F) {
	f.Add("[columns]\none-a = 'Q1'\none-b = 2\n[answers]\nYes = 4\n[answers.one]\nA1 = 'missing'\n[values.department]\na = 'b'\n", "Q1|x|two-a|enps|department", "Yes")
	f.Add("columns = {one-a = 99999}\n", sampleItems, "4 - yes")
	f.Add("columns = {one-a = 'Q'}\nanswers = {Half = 1.5, '-' = 9e99, x = nan}\n", "Q - Disagree|Q - Agree|Q - Half|one-b|two-a|enps", "half")
	f.Add("[answers]\n\"\\u0000\" = 1\n'-' = 2\n", "one-a", ";")
	f.Fuzz(func(t *testing.T, src, header, cell string) {
		in := sample()
		m, err := ReadMap("m.toml", []byte(src), in)
		if (m == nil) != (err != nil) {
			t.Fatalf("got %v and %v", m, err)
		}
		checkProblems(t, err)
		if m == nil {
			return
		}
		req := Request{Instrument: in, Map: m, By: [][]string{{"department"}}, Respondent: true, Time: true}
		mapping, err := Map("a.csv", cells(header), req)
		checkProblems(t, err)
		if err == nil {
			checkMapping(t, mapping, len(cells(header)))
		}
		for i, c := range newCoders(req, plainLayout(nil)) {
			answer, fault := c.code([]byte(cell))
			s := in.Items()[i].Scale
			if answer != Missing && (fault != 0 || int(answer) < s.Min || int(answer) > s.Max) {
				t.Fatalf("%q is %d with fault %s on %d to %d", cell, answer, fault, s.Min, s.Max)
			}
		}
	})
}

// checkProblems holds what every error of ours promises.
func checkProblems(t *testing.T, err error) {
	t.Helper()
	var list problem.List
	if err == nil || !errors.As(err, &list) {
		return
	}
	for _, p := range list {
		if p.What == "" || strings.HasSuffix(p.What, ".") || strings.ContainsAny(p.What+p.Hint, "\n\x00\x1b") {
			t.Fatalf("badly worded: %q, hint %q", p.What, p.Hint)
		}
	}
}

// checkMapping holds that each item has a column of its own, and that no
// column that tells people apart is shown.
func checkMapping(t *testing.T, m *Mapping, width int) {
	t.Helper()
	taken := map[int]bool{}
	for _, c := range m.Items {
		if c < 0 || c >= width || taken[c] {
			t.Fatalf("items in columns %v of %d", m.Items, width)
		}
		taken[c] = true
	}
	for _, c := range []int{m.Groups[0][0], m.Client, m.Wave} {
		if c >= width || c >= 0 && (taken[c] || c == m.Respondent || c == m.Time) {
			t.Fatalf("column %d is shown: %+v", c, m)
		}
	}
}

// Every use of a column has its reason, which the explanation shows.
func TestEveryUseHasAReason(t *testing.T) {
	in := sample()
	in.Attributes = append(in.Attributes, instrument.Attribute{ID: "when", Text: "when", Kind: instrument.KindTime})
	req := Request{Instrument: in, By: [][]string{{"department"}}, Time: true, Respondent: true}
	e, err := Explain("a.csv", strings.NewReader(strings.ReplaceAll(sampleItems, "|", ",")+",department,person,when,illness,x,client\n1,2,3,4,5,6,7,8,9,10\n"), req)
	if err != nil {
		t.Fatal(err)
	}
	var roles []string
	for _, c := range e.Columns {
		roles = append(roles, string(c.Role))
		if c.Why == "" {
			t.Errorf("no reason: %+v", c)
		}
	}
	if got := strings.Join(roles, " "); got != "item item item item group respondent time attribute  client" {
		t.Errorf("got %s", got)
	}
}

// What a mapping file says goes for decimals, too.
func TestAnswersToContinuousItems(t *testing.T) {
	in := sample()
	in.Dimensions[0].Items[0] = instrument.Item{ID: "hours", Continuous: true, Scale: instrument.Scale{Min: 0, Max: 100}}
	m, err := ReadMap("m.toml", []byte("answers = {Never = 0, 'Half  a day' = 3.75, '999' = 'missing', '1' = 80, '‚so’' = 0.1, agree = 'missing'}\n"), in)
	if err != nil {
		t.Fatal(err)
	}
	const text = `hours,one-b,two-a,enps
never,4,4,4
half a  DAY,4,4,4
999,4,4,4
1.0,4,4,4
2.5,4,4,4
'so',4,4,4
Agree,4,4,4
half,4,4,4
5,half a day,4,4
`
	const unit = 1_000_000_000_000
	rows, err := Open("a.csv", strings.NewReader(text), Request{Instrument: in, Map: m})
	if err != nil {
		t.Fatal(err)
	}
	people := []Respondent{}
	if err := each(rows, func(p *Respondent) error {
		people = append(people, Respondent{Line: p.Line, Answers: slices.Clone(p.Answers), Decimals: slices.Clone(p.Decimals)})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	want := []int64{0, 3_750_000_000_000, -1, 80 * unit, 2_500_000_000_000, unit / 10, -1, -1, 5 * unit}
	for i, p := range people {
		if given := p.Answers[0] != Missing; given != (want[i] >= 0) || given && p.Decimals[0] != want[i] {
			t.Errorf("line %d: got %d, %d, want %d", p.Line, p.Answers[0], p.Decimals[0], want[i])
		}
	}
	first := rows.Bad().First
	if len(people) != len(want) || len(first) != 2 || first[0].Line != 9 || first[0].Fault != NotAnAnswer || first[1].Item != "one-b" || first[1].Fault != Fraction {
		t.Errorf("%d people, bad %+v", len(people), first)
	}
	_, err = ReadMap("m.toml", []byte("[answers]\nx = 100.5\ny = true\n[answers.one-b]\nz = 2.5\n"), in)
	if got, want := worded(t, err), []string{
		`m.toml:2:1: "x" stands for 100.5, which is not on the scale | the scale goes from 0 to 100`,
		`m.toml:3:1: "y" must stand for a number on the scale, or for "missing" | `,
		`m.toml:5:1: "z" must stand for a whole number on the scale, or for "missing" | `,
	}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
}
