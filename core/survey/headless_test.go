package survey

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/problem"
)

func TestOddityOf(t *testing.T) {
	for _, tt := range []struct {
		want  oddity
		cells []string
	}{
		{personal, []string{
			"198.51.100.7", "198.51.100.7, 10.0.0.1", "2001:db8::1", "a@b.org; c@b.org", "::1", "a@b.org", " jane.doe+x@mail.example.com ", "Jane Doe <jane@example.com>",
			"2026-03-01 09:00:00", "2026-03-01T09:00:00Z", "2026-03-01T09:00:00.123+01:00", "06/10/2022 07:48:07 AM", "2026/03/01 9:00:00 AM GMT+1", "1.3.2026, 9:05", "01.03.26 09:05 Europe/Berlin",
			"123e4567-e89b-12d3-a456-426614174000", "{123E4567-E89B-12D3-A456-426614174000}",
			"+49 171 1234567", "0171 1234567", "030/12345678", "(555) 123-4567", "555-123-4567", "1 555 123 4567", "06 12 34 56 78", "9977310000", "118052219061",
			"-7.773190", "52.5200", "52,5200", "52.52001, 13.40495", "52.52001 13.40495",
		}},
		{fraction, []string{"3.5", "-0.5", "1.10", "7,25", "+2.0"}},
		{fitting, []string{
			"", "listen", "Email Address", "IP Address", "Start Date", "Q13_1", "CULT[SQ001]", "12345X67X890", "1. Your department", "2.1 We listen", "1.2.3", "12", "2026", "123456789",
			"2026-03-01", "01/03/2026", "1.3.2026", "2025-2026", "2025/26 - 2026/27", "01/2026 - 03/2026", "18-24", "0-10", "1000000 - 2000000", "09:00", "9:00-17:00", "24:7", "@", "@work", "a@b", "me @ work.example",
			"How often do you call 555-123-4567?", "Which mail do you use, a@b.org?", "On 2026-03-01 09:00 we met", "2026-03-01 09:00 was when we met last, was it not?", "3.5 stars", "{\"ImportId\":\"QID1\"}", "No.", "V10", "4+", "a::b c", "123e4567-e89b-12d3-a456-42661417400g",
			strings.Repeat("1", 20), strings.Repeat("1", 500) + "@b.org",
		}},
	} {
		for _, c := range tt.cells {
			if got := oddityOf(c); got != tt.want {
				t.Errorf("%q: got %d, want %d", c, got, tt.want)
			}
		}
	}
}

// explained reads the head of a file and returns what is said of it.
func explained(t *testing.T, text, mapping string, req Request) (*Explanation, error) {
	t.Helper()
	if mapping != "" {
		var err error
		if req.Map, err = ReadMap("m.toml", []byte(mapping), req.Instrument); err != nil {
			t.Fatal(err)
		}
	}
	return Explain("a.csv", strings.NewReader(text), req)
}

func TestFirstRowOfAnswers(t *testing.T) {
	const looks = `a.csv:1: the first row looks like answers, not like headings | add a row of headings`
	in := asked(agree, "", "listen", "forget", "follow")
	for _, tt := range []struct {
		name, text, mapping string
		want                []string // problems
		numbers             bool     // columns are shown, and go by their numbers
	}{
		{"an address", "Canary,198.51.100.1,Bar,4\n", "", []string{looks}, false},
		{"a mail address", "Canary,c@x.example,Bar,4\n", "", []string{looks}, false},
		{"decimals", "Canary,Bar,3.5\n", "", []string{looks}, false},
		{"one item's id", "listen,Canary,2026-03-01 09:00\n", "", []string{looks}, false},
		{"answers", "4,Canary,5,3\n", "", []string{`a.csv: the first line seems to hold answers, not the names of the columns | put a line with the names of the columns before it; "firstcall instrument form FILE --format csv" prints the columns it should have`}, false},
		{"answers, by numbers", "4,Canary,5,3\n", "columns = {listen = 1, forget = 3, follow = 4}\n", nil, true},
		{"by numbers", "Canary,198.51.100.1,4,5,3\n", "columns = {listen = 3, forget = 4, follow = 5}\n", nil, true},
		{"by a number and a heading", "Canary,198.51.100.1,4,5,3\n", "columns = {listen = 3, forget = 4, follow = 'Follow'}\n",
			[]string{`m.toml:1:36: no column of a.csv is called "Follow" | the first line of the file seems to hold answers, not the names of the columns`}, true},
	} {
		e, err := explained(t, tt.text, tt.mapping, Request{Instrument: in})
		var got []string
		if err != nil {
			got = worded(t, err)
		}
		if !slices.Equal(got, tt.want) || (e != nil) != tt.numbers {
			t.Errorf("%s: got %q\n%+v", tt.name, got, e)
			continue
		}
		if e != nil && (!e.Headless || slices.ContainsFunc(e.Columns, func(c ExplainedColumn) bool { return c.Heading != "" || strings.Contains(c.Why, "Canary") })) {
			t.Errorf("%s: got %+v", tt.name, e)
		}
	}
}

// What is scored or missing is told by number, too.
func TestHintsOfFirstRowOfAnswers(t *testing.T) {
	in := asked(agree, "", "listen", "forget", "follow")
	for _, tt := range []struct{ name, text, mapping, want string }{
		{"group", "Canary,198.51.100.1,4,5,3\n", "columns = {listen = 3, forget = 4, follow = 5}\n",
			`a.csv: no group column "team" | the first row looks like answers, not like headings: add a row of headings`},
		{"near miss", "Canary,198.51.100.1,4,5,folow\n", "columns = {listen = 3, forget = 4}\n",
			`a.csv: no column for item "follow" | if it is column 5, write follow = 5 under [columns] in a mapping file`},
	} {
		m, err := ReadMap("m.toml", []byte(tt.mapping), in)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Map("a.csv", strings.Split(strings.TrimSpace(tt.text), ","), Request{Instrument: in, Map: m, By: [][]string{{"team"}}})
		if got := worded(t, err); !slices.Contains(got, tt.want) || strings.Contains(strings.Join(got, ""), "Canary") {
			t.Errorf("%s: got %q", tt.name, got)
		}
	}
	m, err := ReadMap("m.toml", []byte("columns = {listen = 3, forget = 4, follow = 5}\n"), in)
	if err != nil {
		t.Fatal(err)
	}
	mapping, err := Map("a.csv", strings.Split("Canary,198.51.100.1,4,5,3", ","), Request{Instrument: in, Map: m})
	if err != nil || !slices.Equal(mapping.Unused, []string{"column 1", "column 2"}) {
		t.Errorf("got %+v, %v", mapping, err)
	}
}

// A row that names the items is one of headings, whatever else stands in it, and
// what the user calls a column by is a heading, however it looks.
func TestOddHeadings(t *testing.T) {
	in := asked(agree, "", "listen", "forget", "follow")
	for _, tt := range []struct {
		name, text, mapping string
		req                 Request
		want                string // headings
	}{
		{"all items", "listen,forget,follow,1.1,1.2\n1,2,3,4,5\n", "", Request{}, "listen|forget|follow|1.1|1.2"},
		{"all items, and somebody", "listen,forget,follow,c@x.example\n1,2,3,4\n", "", Request{}, "listen|forget|follow|"},
		{"items in two rows", "Respondent ID,How?,,\n,listen,forget,follow\n", "", Request{}, "Respondent ID|How? - listen|How? - forget|How? - follow"},
		{"options", "1.5,listen - Disagree,forget - Agree\n", "", Request{}, "1.5|listen - Disagree|forget - Agree"},
		{"told", "1.1,1.2,1.3,x\n", "columns = {listen = '1.1', forget = '1.2', follow = '1.3'}\n", Request{}, "1.1|1.2|1.3|x"},
		{"told numbers", "1,2,3,x\n", "columns = {listen = '1', forget = '2', follow = '3'}\n", Request{}, "1|2|3|x"},
		{"asked for", "x,3.5,a,b,c\n", "", Request{By: [][]string{{"3.5"}}}, "x|3.5|a|b|c"},
		{"a tool's", "Timestamp,1.1,1.2,x\n", "", Request{}, "Timestamp|1.1|1.2|x"},
	} {
		tt.req.Instrument = in
		e, err := explained(t, tt.text, tt.mapping, tt.req)
		if e == nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var got []string
		for _, c := range e.Columns {
			got = append(got, c.Heading)
		}
		if strings.Join(got, "|") != tt.want || e.Headless {
			t.Errorf("%s: got %q, headless %v", tt.name, got, e.Headless)
		}
	}
}

// No export of a tool's is taken for one without headings, be it for another
// instrument.
func TestHeadingsOfToolsAreHeadings(t *testing.T) {
	other := asked(somewhat, "", "xx=Something else", "yy=And this", "zz=And that")
	check := func(name string, r io.Reader) {
		e, err := Explain(name, r, Request{Instrument: other})
		if e == nil || e.Headless {
			t.Errorf("%s: %+v, %v", name, e, err)
		} else if i := slices.IndexFunc(e.Columns, func(c ExplainedColumn) bool { return c.Heading == "" }); i >= 0 {
			t.Errorf("%s: column %d is hidden", name, i+1)
		}
	}
	for _, x := range exports() {
		check(x.dialect, strings.NewReader(x.text("\n", ",")))
	}
	for _, name := range []string{
		"formbricks_constructed.csv", "google_forms_zip_constructed.csv", "google_sheets_csv_constructed.csv", "limesurvey_code_codes_constructed.csv", "limesurvey_full_fulltext_constructed.csv",
		"msforms_constructed.xlsx", "qualtrics_legacy_real.csv", "qualtrics_likert_numeric_constructed.csv", "qualtrics_likert_text_constructed.csv", "qualtrics_likert_text_constructed.tsv_utf16le",
		"qualtrics_standard_real.csv", "surveyjs_ndjson_constructed.ndjson", "surveymonkey_condensed_constructed.csv", "surveymonkey_starwars_CRonly.csv",
	} {
		check(name, sampleFile(t, name))
	}
}

func TestFirstRowOfAnswersInWorkbook(t *testing.T) {
	book := workbook(t, []string{"Answers"}, [][]string{{"Canary", "198.51.100.1", "Bar", "4"}})
	_, err := Explain("a.xlsx", strings.NewReader(string(book)), Request{Instrument: asked(agree, "", "listen", "forget", "follow")})
	want := `a.xlsx: Answers!1:1: the first row looks like answers, not like headings | add a row of headings`
	if got := worded(t, err); !slices.Equal(got, []string{want}) {
		t.Errorf("got %q", got)
	}
}

// The first respondent is no row of headings, with an id or without.
func TestSecondRowOfHeadings(t *testing.T) {
	monkey := []string{"Respondent ID", "Collector ID", "Start Date", "IP Address", "Email Address", "Your team?", "How often?", ""}
	qualtrics := []string{"StartDate", "EndDate", "Status", "Progress", "Finished", "RecordedDate", "ResponseId", "Q1"}
	for _, tt := range []struct {
		name    string
		rows    [][]string
		dialect string
		headers int
	}{
		{"headings", [][]string{monkey, {"", "", "", "", "", "Response", "listen", "forget"}}, "surveymonkey", 2},
		{"a question called like the tool's column", [][]string{monkey, {"", "", "", "", "Open-Ended Response", "Response", "listen", "forget"}}, "surveymonkey", 2},
		{"no id", [][]string{monkey, {"", "446111201", "06/10/2022 07:48:07 AM", "198.51.100.1", "", "Bar", "4", "5"}}, dialectPlain, 1},
		{"no id, but a mail address", [][]string{monkey, {"", "", "", "", "c@x.example", "Bar", "4", "5"}}, dialectPlain, 1},
		{"no id, but a date", [][]string{monkey, {" ", "", "06/10/2022", "", "", "Response", "4", "5"}}, dialectPlain, 1},
		{"texts", [][]string{qualtrics, {"Start Date", "End Date", "Response Type", "Progress", "Finished", "Recorded Date", "Response ID", "How?"}}, "qualtrics", 2},
		{"a respondent without a day", [][]string{qualtrics, {"2026-03-01 09:00", "2026-03-01 09:00", "0", "100", "1", "day", "R_1", "4"}}, "qualtrics", 1},
	} {
		l, err := detect(tt.rows, "")
		if err != nil || l.vendor.dialect != tt.dialect || l.headers != tt.headers {
			t.Errorf("%s: %d heading rows of %s, %v", tt.name, l.headers, l.vendor.dialect, err)
		}
	}
	// By the user's word the respondent is headings all the same, and not quoted.
	text := written([][]string{monkey, {"", "446111201", "06/10/2022 07:48:07 AM", "198.51.100.1", "", "Bar", "Canary", "5"}}, "\n", ",", false)
	_, err := explained(t, text, "", Request{Instrument: asked(agree, "", "listen", "forget", "follow"), Dialect: "surveymonkey"})
	if got := worded(t, err); len(got) != 1 || !strings.HasPrefix(got[0], "a.csv:1: the first row looks like answers") {
		t.Errorf("got %q", got)
	}
}

// Whatever a cell holds, white space around it makes no difference.
func FuzzOddityOf(f *testing.F) {
	for _, c := range []string{"198.51.100.7", "a@b.org", "2026-03-01 09:00:00", "+49 171 1234567", "(555) 123-4567", "52.52001, 13.40495", "3.5", "1.2.3", "T0:0", "<", "+"} {
		f.Add(c)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		if got, spaced := oddityOf(cell), oddityOf("\t"+cell+" \n"); got != spaced && len(cell)+3 <= longestOdd {
			t.Fatalf("%q: %d, and %d with spaces around it", cell, got, spaced)
		}
	})
}

// Whatever else stands in a first row with somebody's address, it is not told.
func FuzzFirstRowOfAnswers(f *testing.F) {
	f.Add("4,5,3", "listen = 1")
	f.Add("a - Agree,b [Disagree]", "follow = 'x'")
	in := asked(agree, "", "listen", "forget", "follow")
	f.Fuzz(func(t *testing.T, row, columns string) {
		if strings.Contains(row+columns, "198.51") || strings.ContainsAny(row, "\t;") { // or another delimiter
			return
		}
		req := Request{Instrument: in, By: [][]string{{"team"}}}
		if m, err := ReadMap("m.toml", []byte("[columns]\n"+columns), in); err == nil {
			req.Map = m
		}
		e, err := Explain("a.csv", strings.NewReader("198.51.100.1,"+row+"\n"), req)
		if err != nil && strings.Contains(err.Error()+hints(err), "198.51") {
			t.Fatal(err)
		}
		if e == nil {
			return
		}
		for _, c := range e.Columns {
			if strings.Contains(c.Heading+c.Why, "198.51") || e.Headless && c.Heading != "" {
				t.Fatalf("%+v", c)
			}
		}
	})
}

// hints are those of all problems.
func hints(err error) string {
	var list problem.List
	text := ""
	if errors.As(err, &list) {
		for _, p := range list {
			text += p.Hint
		}
	}
	return text
}
