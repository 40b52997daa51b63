package survey

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// The same answers in the layout of every tool. Quotes, delimiters and line
// ends stand in headings and cells; what is beyond ASCII is in Windows-1252,
// too. The last answer is in words that only [answers] knows.
const (
	agreeText = "We’re told why; and - when"
	whyText   = "“Why” is asked, often"
)

// exported is a file as a tool lays it out.
type exported struct {
	dialect string
	rows    [][]string
	leftOut string
	blank   bool // an empty line stands at the end
	quoted  bool // every cell stands in quotes
}

func exports() []exported {
	question := "How far do you agree?\nTick \"one\" a line."
	dash := func(text string) string { return question + " - " + text }
	bracket := func(text string) string { return question + " [" + text + "]" }
	people := func(before func(i int) []string, after ...string) [][]string {
		var rows [][]string
		for i, p := range [][]string{
			{"Büro", "5 - Größte Zustimmung", "Disagree"},
			{"Sales, \"EMEA\"", "Strongly agree", ""},
			{"Büro", "1", "stimme  ZU"},
		} {
			rows = append(rows, slices.Concat(before(i), p, after))
		}
		return rows
	}
	rows := func(headers [][]string, body [][]string, more ...[]string) [][]string {
		return slices.Concat(headers, body, more)
	}
	// One column for each answer, the one to the second item in other words.
	spread := func(heading func(item, answer string) string) (headings []string) {
		for _, label := range append(slices.Clone(agree.Labels), "Don't know", "Other (please specify)") {
			headings = append(headings, heading(agreeText, label))
		}
		for _, label := range []string{"Strongly agree", "Stimme zu", "N/A", "Neutral", "Disagree", "Strongly disagree"} {
			headings = append(headings, heading(whyText, label))
		}
		return headings
	}
	ticking := func(before func(i int) []string, yes func(label string, place int) string, no string) [][]string {
		var rows [][]string
		for i, p := range [][]string{{"Büro", "Strongly agree", "Disagree"}, {"Sales, \"EMEA\"", "Strongly agree", "N/A"}, {"Büro", "Strongly disagree", "Stimme zu"}} {
			answers := spread(func(item, answer string) string {
				if item == agreeText && answer == p[1] || item == whyText && answer == p[2] {
					return yes(answer, 1+slices.Index(agree.Labels, answer))
				}
				return no
			})
			rows = append(rows, slices.Concat(before(i), p[:1], answers))
		}
		return rows
	}
	label := func(label string, _ int) string { return label }
	place := func(_ string, place int) string { return fmt.Sprint(max(place, 1)) }
	one := func(string, int) string { return "1" }
	joined := func(item, answer string) string { return item + " - " + answer }
	bracketed := func(item, answer string) string { return item + " [" + answer + "]" }
	monkey := func(int) []string { return []string{"118052219061", "446111201", "06/10/2022 07:48:07 AM"} }
	day := func(int) []string { return []string{"2026-03-01 09:00:00"} }
	nothing := func(int) []string { return nil }
	return []exported{
		{dialect: "plain", rows: rows([][]string{{"department", "why-1", "why-2"}}, people(nothing))},
		{dialect: "plain", rows: rows([][]string{{"Your department", agreeText, whyText, ""}}, people(nothing, ""))},
		{dialect: "qualtrics", leftOut: "1 preview of the survey; 1 generated test data; 1 not finished; ", rows: rows([][]string{
			{"StartDate", "Status", "Finished", "ResponseId", "UserLanguage", "Q1", "Q13_1", "Q13_2"},
			{"Start Date", "Response Type", "Finished", "Response ID", "User Language", "Your department", dash(agreeText), dash(whyText)},
			{`{"ImportId":"startDate","timeZone":"Europe/Berlin"}`, `{"ImportId":"status"}`, `{"ImportId":"finished"}`, `{"ImportId":"_recordId"}`, `{"ImportId":"userLanguage"}`, `{"ImportId":"QID1"}`, `{"ImportId":"QID20_3"}`, `{"ImportId":"QID20_7"}`},
		}, people(func(i int) []string {
			return []string{"2026-03-01 09:00:00", []string{"IP Address", "0", "4"}[i], []string{"True", "1", "Wahr"}[i], "R_1", "DE"}
		}), []string{"2026-03-01 09:00:00", "Survey Preview", "True", "R_2", "DE", "Büro", "1", "1"},
			[]string{"2026-03-01 09:00:00", "2", "1", "R_3", "DE", "Büro", "1", "1"},
			[]string{"2026-03-01 09:00:00", "0", "Falsch", "R_4", "DE", "Büro", "1", "1"})},
		{dialect: "qualtrics-legacy", leftOut: "1 preview of the survey; ", rows: rows([][]string{
			{"V1", "V2", "V7", "V8", "V9", "V10", "Q1", "Q2_1", "Q2_2", ""},
			{"ResponseID", "ResponseSet", "Status", "StartDate", "EndDate", "Finished", "department", dash(agreeText), dash(whyText), ""},
		}, people(func(int) []string { return []string{"R_1", "Standard", "0", "2017-07-18", "2017-07-18", "1"} }, ""),
			[]string{"R_1", "Standard", "1", "2017-07-18", "2017-07-18", "1", "Büro", "1", "1", ""})},
		{dialect: "limesurvey", quoted: true, blank: true, leftOut: "1 not finished; ", rows: rows([][]string{
			{"id", "submitdate", "lastpage", "startlanguage", "seed", "department", "why[1]", "why[2]"},
		}, people(func(i int) []string { return []string{fmt.Sprint(i), "2026-03-01 09:05:00", "3", "de", "17"} }),
			[]string{"9", "", "1", "de", "18", "Büro", "1", ""})},
		{dialect: "limesurvey", quoted: true, blank: true, rows: rows([][]string{
			{"Response ID", "Date submitted", "Last page", "Start language", "Seed", "Your department", bracket(agreeText), bracket(whyText)},
		}, people(func(i int) []string { return []string{fmt.Sprint(i), "1980-01-01 00:00:00", "3", "de", "17"} }))},
		{dialect: "limesurvey", quoted: true, rows: rows([][]string{
			{"id. Antwort ID", "submitdate. Datum Abgeschickt", "lastpage. Letzte Seite", "startlanguage. Start-Sprache", "seed. Zufallsstartwert",
				"DEPT. Your department", "CULT[SQ001]. " + bracket(agreeText), "CULT[SQ002]. " + bracket(whyText)},
		}, people(func(i int) []string { return []string{fmt.Sprint(i), "2026-03-01 09:05:00", "3", "de", "17"} }))},
		{dialect: "limesurvey", quoted: true, rows: rows([][]string{
			{"Response ID", "Date submitted", "Last page", "Start language", "Seed", "Your department", "How far do you .. [We’re told why;.. ]", "How far do you .. [“Why” is asked,.. ]"},
		}, people(func(i int) []string { return []string{fmt.Sprint(i), "2026-03-01 09:05:00", "3", "de", "17"} }))},
		{dialect: "surveymonkey", rows: rows([][]string{
			{"Respondent ID", "Collector ID", "Start Date", "Your department", "", question, "", "Anything else?"},
			{"", "", "", "Response", "Other (please specify)", agreeText, whyText, "Open-Ended Response"},
		}, func() [][]string {
			var all [][]string
			for _, p := range people(nothing) {
				all = append(all, []string{"118052219061", "446111201", "06/10/2022 07:48:07 AM", p[0], "", p[1], p[2], "no"})
			}
			return all
		}())},
		{dialect: "surveymonkey", rows: rows([][]string{ // expanded, with the lines of a grid
			append([]string{"Respondent ID", "Collector ID", "Start Date", "Your department", question}, make([]string, 12)...),
			append([]string{"", "", "", "Response"}, spread(joined)...),
		}, ticking(monkey, label, ""))},
		{dialect: "surveymonkey", rows: rows([][]string{ // expanded, with a question for each item
			append(append([]string{"Respondent ID", "Collector ID", "Start Date", "Your department", "1. " + agreeText}, make([]string, 6)...), append([]string{"2. " + whyText}, make([]string, 5)...)...),
			append([]string{"", "", "", "Response"}, spread(func(_, answer string) string { return answer })...),
		}, ticking(monkey, place, ""))},
		{dialect: "qualtrics-legacy", rows: rows([][]string{
			append([]string{"V1", "V8", "V9", "V10", "Q1"}, spread(func(item, answer string) string { return fmt.Sprintf("Q2_%d_%d", len(item), len(answer)) })...),
			append([]string{"ResponseID", "StartDate", "EndDate", "Finished", "department"}, spread(func(item, answer string) string { return dash(item) + " - " + answer })...),
		}, ticking(func(int) []string { return []string{"R_1", "2017-07-18", "2017-07-18", "1"} }, one, ""))},
		{dialect: "limesurvey", quoted: true, rows: rows([][]string{
			append([]string{"Response ID", "Date submitted", "Last page", "Start language", "Seed", "Your department"}, spread(bracketed)...),
		}, ticking(func(i int) []string { return []string{fmt.Sprint(i), "2026-03-01 09:05:00", "3", "de", "17"} }, func(string, int) string { return "Yes" }, "No"))},
		{dialect: "plain", rows: rows([][]string{append([]string{"department"}, spread(joined)...)}, ticking(nothing, one, "0"))},
		{dialect: "google-forms", rows: rows([][]string{{"Zeitstempel", "Your department", bracket(agreeText), bracket(whyText)}}, people(day))},
		{dialect: "microsoft-forms", rows: rows([][]string{{"ID", "Startzeit", "Fertigstellungszeit", "E-Mail", "Name", "Your\u00A0department", agreeText, whyText, agreeText + "2"}},
			people(func(i int) []string {
				return []string{fmt.Sprint(i), "2026-03-01", "2026-03-01", "anonymous", ""}
			}, "Agree;"))},
		{dialect: "formbricks", quoted: true, leftOut: "1 not finished; ", rows: rows([][]string{
			{"No.", "Response ID", "Timestamp", "Finished", "Survey ID", "1. Your department", "2. " + dash(agreeText), "2. " + dash(whyText)},
		}, people(func(i int) []string { return []string{fmt.Sprint(i), "r", "2024-06-15 10:00:00", "Yes", "s"} }),
			[]string{"4", "r", "2024-06-15 10:00:00", "No", "s", "Büro", "1", "1"})},
	}
}

func (x exported) text(eol, delim string) string {
	text := written(x.rows, eol, delim, x.quoted)
	if x.blank {
		text += eol
	}
	return text
}

// codings are the ways to encode a text: its bytes, and the encoding that is to
// be found.
func codings(text string) map[string][]byte {
	encode := func(e encoding.Encoding) []byte {
		b, err := e.NewEncoder().Bytes([]byte(text))
		if err != nil {
			panic(err)
		}
		return b
	}
	return map[string][]byte{
		"UTF-8":               []byte(text),
		"UTF-8 marked":        []byte("\uFEFF" + text),
		"UTF-16LE marked":     encode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)),
		"UTF-16BE marked":     encode(unicode.UTF16(unicode.BigEndian, unicode.UseBOM)),
		"UTF-16LE not marked": encode(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)),
		"UTF-16BE not marked": encode(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)),
		"Windows-1252":        encode(charmap.Windows1252),
	}
}

func compressed(data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(data)
	_ = z.Close()
	return b.Bytes()
}

// However answers are laid out, encoded, delimited and compressed, they are the
// same.
func TestEveryWayToWriteAnswersSaysTheSame(t *testing.T) {
	in := asked(agree, "", "why-1="+agreeText, "why-2="+whyText)
	in.Dimensions[0].Items[0].ID, in.Dimensions[0].Items[1].ID = "why-1", "why-2"
	want := [][]int32{{5, 2}, {5, none}, {1, 4}}
	groups := []string{"Office", `Sales, "EMEA"`, "Office"}
	n := 0
	for i, x := range exports() {
		mapping := "answers = {'Stimme zu' = 4}\nvalues.department = {'büro' = 'Office'}\n"
		if x.dialect == "limesurvey" && strings.HasPrefix(x.rows[0][6], "why[") {
			mapping = "columns = {why-1 = 'why[1]', why-2 = 8}\n" + mapping
		}
		m, err := ReadMap("m.toml", []byte(mapping), in)
		if err != nil {
			t.Fatal(err)
		}
		for _, eol := range []string{"\n", "\r\n", "\r"} {
			for _, delim := range []string{",", ";", "\t"} {
				text := x.text(eol, delim)
				for coding, data := range codings(text) {
					for _, zipped := range []bool{false, true} {
						if zipped && eol != "\n" {
							continue // once is enough
						}
						if zipped {
							data = compressed(data)
						}
						name := fmt.Sprintf("export %d, %s, %s, %q, %q, gzip %t", i, x.dialect, coding, eol, delim, zipped)
						req := Request{Instrument: in, By: [][]string{{"department"}}, Map: m}
						got, err := tryExport("a.csv", iotest.HalfReader(bytes.NewReader(data)), req)
						if err != nil {
							t.Fatalf("%s: %v", name, err)
						}
						coding, _, _ = strings.Cut(coding, " ")
						if !reflect.DeepEqual(got.answers, want) || !reflect.DeepEqual(got.groups, groups) || got.leftOut != x.leftOut || got.bad != 0 ||
							!strings.Contains(got.format, coding) || !strings.Contains(got.format, vendorTitle(x.dialect)) {
							t.Fatalf("%s:\n%q\ngot %v %q, left out %q, %d bad, %s", name, text, got.answers, got.groups, got.leftOut, got.bad, got.format)
						}
						n++
					}
				}
			}
		}
	}
	if n != len(exports())*(3+1)*3*7 {
		t.Errorf("%d ways tried", n)
	}
}

func vendorTitle(dialect string) string {
	v, err := vendorNamed(dialect)
	if err != nil {
		panic(err)
	}
	return v.title
}

// A dialect can be told, also of a file that shows nothing of it.
func TestDialectAsTold(t *testing.T) {
	rows := "a,b\nWhy?,Who?\n{},{}\n4,5\n"
	in := asked(agree, "", "a", "b")
	got := readExport(t, "a.csv", strings.NewReader(rows), Request{Instrument: in, Dialect: "Qualtrics"})
	if !reflect.DeepEqual(got.answers, [][]int32{{4, 5}}) || got.bad != 0 {
		t.Errorf("got %+v", got)
	}
	// And a file that shows one can be told to be none.
	got = readExport(t, "a.csv", strings.NewReader("Timestamp,a,b\nx,4,5\n"), Request{Instrument: in, Dialect: "plain"})
	if !strings.HasPrefix(got.format, "plain table") {
		t.Errorf("got %+v", got)
	}
	_, err := tryExport("a.csv", strings.NewReader(rows), Request{Instrument: in, Dialect: "qualtrix"})
	if err == nil || err.Error() != `unknown dialect "qualtrix"` {
		t.Errorf("got %v", err)
	}
	_, err = tryExport("a.csv", strings.NewReader(rows), Request{Instrument: in, Encoding: "utf-9"})
	if err == nil || err.Error() != `unknown encoding "utf-9"` {
		t.Errorf("got %v", err)
	}
}

// Header rows that somebody has taken out are not missed.
func TestQualtricsWithFewerHeaders(t *testing.T) {
	x := exports()[2]
	in := asked(agree, "", "Q13_1", "Q13_2")
	for name, rows := range map[string][][]string{
		"no texts":        slices.Delete(slices.Clone(x.rows), 1, 2),
		"no ids":          slices.Delete(slices.Clone(x.rows), 2, 3),
		"neither":         slices.Delete(slices.Clone(x.rows), 1, 3),
		"nobody answered": x.rows[:3],
	} {
		got := readExport(t, "a.csv", strings.NewReader(written(rows, "\n", ",", false)), Request{Instrument: in})
		want := 3
		if name == "nobody answered" {
			want = 0
		}
		if len(got.answers) != want || !strings.HasPrefix(got.format, "Qualtrics") {
			t.Errorf("%s: %d answers, %s", name, len(got.answers), got.format)
		}
	}
}

// Qualtrics says in the user's language what sort of row it is, but names the
// channel in English.
func TestQualtricsPreviewByChannel(t *testing.T) {
	rows := "Status,Finished,Progress,DistributionChannel,UserLanguage,RecordedDate,a\nx,x,x,x,x,x,x\n" + strings.Repeat(`"{""ImportId"":""q""}",`, 6) + `"{""ImportId"":""b""}"` +
		"\nIP-Adresse,Wahr,100,email,DE,2026-03-01,4\nVorschau,Wahr,100,preview,DE,2026-03-01,1\nTest,Wahr,100,test,DE,2026-03-01,2\nIP-Adresse,?,99,email,DE,2026-03-01,3\n"
	got := readExport(t, "a.csv", strings.NewReader(rows), Request{Instrument: asked(agree, "", "a")})
	if !reflect.DeepEqual(got.answers, [][]int32{{4}}) || got.leftOut != "1 preview of the survey; 1 generated test data; 1 not finished; " {
		t.Errorf("got %+v", got)
	}
}

// A text is ASCII as long as one likes before it turns out to be Windows-1252.
func TestEncodingFoundLate(t *testing.T) {
	in := asked(agree, "", "a", "b")
	for _, lines := range []int{1, 10, 40_000} {
		for _, tt := range []struct{ last, encoding, group string }{
			{"B\xFCro", "Windows-1252", "Büro"}, {"Büro", "UTF-8", "Büro"}, {"\x80", "Windows-1252", "€"},
		} {
			text := "a,b,department\n" + strings.Repeat("1,2,Sales\n", lines) + "3,4," + tt.last + "\n"
			for _, r := range []io.Reader{strings.NewReader(text), iotest.DataErrReader(strings.NewReader(text))} {
				got := readExport(t, "a.csv", r, Request{Instrument: in, By: [][]string{{"department"}}})
				if len(got.answers) != lines+1 || got.groups[lines] != tt.group || !strings.Contains(got.format, tt.encoding) {
					t.Errorf("%d lines, %q: got %d answers, %q, %s", lines, tt.last, len(got.answers), got.groups[lines], got.format)
				}
			}
		}
	}
}

// A byte order mark is no part of the text, whether the encoding is found or
// told.
func TestByteOrderMarks(t *testing.T) {
	for name, data := range codings("\"a\",b\n") {
		found, _, marked := strings.Cut(name, " ")
		for _, told := range []string{"", found} {
			d := newDecoder(bufio.NewReaderSize(bytes.NewReader(data), sniffed), told)
			text, err := io.ReadAll(d)
			if err != nil || string(text) != "\"a\",b\n" || marked && d.name() != found {
				t.Errorf("%s, told %q: got %q in %s, %v", name, told, text, d.name(), err)
			}
		}
	}
}

func TestJudge(t *testing.T) {
	for _, tt := range []struct{ sample, want string }{
		{"\xFC", encodingWestern}, {"ü", encodingUTF8}, {"ü \xFC", encodingUTF8}, {"ü \xFC \xFC", encodingWestern},
		{"“", encodingUTF8}, {"\x93Hi\x94", encodingWestern}, {"\xC3", encodingWestern}, {"日本語", encodingUTF8},
		{strings.Repeat("ü", judged) + "\xC3", encodingUTF8},
	} {
		if got := judge([]byte(tt.sample)); got != tt.want {
			t.Errorf("%.20q: got %s, want %s", tt.sample, got, tt.want)
		}
	}
}

func TestArchives(t *testing.T) {
	in := asked(agree, "", "a", "b")
	data := []byte("a,b\n1,2\n3,4\n")
	for name, tt := range map[string]struct {
		data []byte
		want string // the error, or ""
	}{
		"gzip":             {compressed(data), ""},
		"gzip of gzip":     {compressed(compressed(data)), ""},
		"gzip three times": {compressed(compressed(compressed(data))), "a.csv.gz: is compressed with gzip"},
		"two members":      {slices.Concat(compressed(data[:6]), compressed(data[6:])), ""},
		"zip":              {zipped(t, "__MACOSX/._a.csv", "x", "a.csv", string(data)), ""},
		"zip of gzip":      {zipped(t, "a.csv.gz", string(compressed(data))), ""},
		"zip of two":       {zipped(t, "a.csv", "x", "b.csv", "y"), "a.csv.gz: is a zip archive, not a text file"},
		"zip of nothing":   {zipped(t, "a/", ""), "a.csv.gz: is an empty zip archive, not a text file"},
		"OpenDocument":     {zipped(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", "<x/>"), "a.csv.gz: is an OpenDocument file, not a text file or an Excel workbook"},
		"cut off":          {compressed(data)[:20], "a.csv.gz: the compressed file is cut off"},
		"damaged":          {slices.Concat(compressed(data)[:25], []byte{1, 2, 3, 4, 5, 6, 7, 8, 9}), "a.csv.gz: the compressed file is damaged"},
		"no gzip":          {[]byte("\x1F\x8Babcdefghijk"), "a.csv.gz: the compressed file is damaged"},
		"SPSS":             {[]byte("$FL2@(#) SPSS"), "a.csv.gz: is an SPSS file, not a text file"},
		"binary":           {[]byte("\x00\x01\x02\xFF\xFE\x00\x00"), "a.csv.gz: seems to be a binary file, not a text file"},
	} {
		got, err := tryExport("a.csv.gz", bytes.NewReader(tt.data), Request{Instrument: in})
		switch {
		case tt.want != "" && (err == nil || err.Error() != tt.want):
			t.Errorf("%s: got %v, want %s", name, err, tt.want)
		case tt.want == "" && (err != nil || !reflect.DeepEqual(got.answers, [][]int32{{1, 2}, {3, 4}})):
			t.Errorf("%s: got %v, %v", name, got.answers, err)
		}
	}
}
