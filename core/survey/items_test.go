package survey

import (
	"reflect"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/instrument"
)

// Statements that end like others, or hold the marks between question and
// line themselves, go to their own columns.
func TestItemsByPartOfHeading(t *testing.T) {
	for _, tt := range []struct {
		name, header string
		texts        []string
		want         []int
	}{
		{"behind a dash", "How far? - We care|How far? - We know", []string{"We care", "We know"}, []int{0, 1}},
		{"behind a longer dash", "How far? – We care|How far? – We know", []string{"We care", "We know"}, []int{0, 1}},
		{"in brackets", "How far? [We know]|How far? [We care]", []string{"We care", "We know"}, []int{1, 0}},
		{"behind a number", "1. We care|12. How far? - We know", []string{"We care", "We know"}, []int{0, 1}},
		{"a dash in the statement", "Q - We care - a lot|Q - a lot", []string{"a lot", "We care - a lot"}, []int{1, 0}},
		{"a dash in the question", "Work - and life - We care|x", []string{"We care"}, []int{0}},
		{"a dash in both", "Work - and life - We care - a lot|Work - and life - a lot", []string{"a lot", "We care - a lot"}, []int{1, 0}},
		{"a comma in the statement", "Q - We care, mostly|Q - We care", []string{"We care", "We care, mostly"}, []int{1, 0}},
		{"brackets in the statement", "Q [We [really] care]|Q [really] care]", []string{"We [really] care"}, []int{0}},
		{"whole before part", "Q - We care|We care", []string{"We care"}, []int{1}},
		{"case and quotes", "Q - we’re  told|x", []string{"We're told"}, []int{0}},
		{"exactly before loosely", "Q - WE CARE|Q - We care too", []string{"We care", "We care too"}, []int{0, 1}},
		{"a line break in the question", "How far?\nOne a line. - We care|x", []string{"We care"}, []int{0}},
	} {
		in := &instrument.Instrument{ID: "x", Dimensions: []instrument.Dimension{{ID: "d"}}}
		for i, text := range tt.texts {
			in.Dimensions[0].Items = append(in.Dimensions[0].Items, instrument.Item{ID: "item-" + string(rune('a'+i)), Text: text, Scale: agree})
		}
		m, err := Map("a.csv", cells(tt.header), Request{Instrument: in})
		if err != nil || !reflect.DeepEqual(m.Items, tt.want) {
			t.Errorf("%s: got %v, %v; want %v", tt.name, m, err, tt.want)
		}
	}
}

func TestItemsByPartAmbiguous(t *testing.T) {
	in := asked(agree, "", "care=We care", "know=We know")
	for _, tt := range []struct {
		name, header, dialect string
		want                  []string
	}{
		{"two questions with one line", "Ideal - We care|Practice - We care|know", "plain", []string{
			`a.csv: item "care" has 2 columns: 1 and 2 | keep the right one and rename or remove the rest`}},
		{"questions of different length", "Work - and life - We care|Q9 - We care|know", "plain", []string{
			`a.csv: item "care" has 2 columns: 1 and 2 | keep the right one and rename or remove the rest`}},
		{"in a tool's export", "Ideal [We care]|Practice [We care]|know", "google-forms", []string{
			`a.csv: item "care" has 2 columns: 1 and 2 | choose one: write care = 1, say, under [columns] in a mapping file`}},
		{"cut short alike", "We car..|know", "limesurvey", []string{
			`a.csv: no column for item "care" | if it is column 1, "We car..", write care = 1 under [columns] in a mapping file`}},
		{"nothing near", "Something else|know", "google-forms", []string{
			`a.csv: no column for item "care" | write care = "its heading" under [columns] in a mapping file`}},
	} {
		v, err := vendorNamed(tt.dialect)
		if err != nil {
			t.Fatal(err)
		}
		_, err = mapLayout("a.csv", newLayout(v, [][]string{cells(tt.header)}, 1), Request{Instrument: in})
		if got := worded(t, err); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
		}
	}
}

// LimeSurvey's abbreviations are recognized as long as only one item begins so.
func TestItemsCutShort(t *testing.T) {
	lime, err := vendorNamed("limesurvey")
	if err != nil {
		t.Fatal(err)
	}
	header := cells("How far do you .. [We are told why.. ]|How far do you .. [We are told whe.. ]|How do you like.. ")
	in := asked(agree, "", "why=We are told why we do things", "when=We are told when to stop", "like=How do you like it here?")
	m, err := mapLayout("a.csv", newLayout(lime, [][]string{header}, 1), Request{Instrument: in})
	if err != nil || !reflect.DeepEqual(m.Items, []int{0, 1, 2}) {
		t.Errorf("got %v, %v", m, err)
	}
	in = asked(agree, "", "why=We are told why we do things", "when=We are told why we stop", "like=How do you like it here?")
	_, err = mapLayout("a.csv", newLayout(lime, [][]string{header}, 1), Request{Instrument: in})
	if err == nil || len(worded(t, err)) != 2 {
		t.Errorf("got %v", err)
	}
}

func TestMapRespondentAndTime(t *testing.T) {
	in := sample()
	in.Attributes = append(in.Attributes, instrument.Attribute{ID: "answered", Text: "answered", Kind: instrument.KindTime})
	header := cells(sampleItems + "|person|answered|Mail|When|department")
	const people = "what it says about people must not appear in results; choose another column"
	for _, tt := range []struct {
		name             string
		req              Request
		respondent, time int
		want             string
	}{
		{"not asked", Request{}, -1, -1, ""},
		{"the instrument's", Request{Respondent: true, Time: true}, 4, 5, ""},
		{"as told", Request{RespondentColumn: "Mail", TimeColumn: "when"}, 6, 7, ""},
		{"not there", Request{RespondentColumn: "Mai", TimeColumn: "Wen"}, 0, 0, `no respondent column "Mai" | did you mean "Mail"?; no time column "Wen" | did you mean "When"?`},
		{"as group", Request{RespondentColumn: "Mail", By: [][]string{{"Mail"}}}, 0, 0, `column 7 tells the respondents apart and cannot be a group column | ` + people},
		{"time as wave", Request{Time: true, WaveColumn: "answered"}, 0, 0, `column 6 tells the respondents apart and cannot be a wave column | ` + people},
		{"an item", Request{RespondentColumn: "one-a"}, 0, 0, `column 1 holds the answers to item "one-a" and cannot be a respondent column | choose a column that says something about the respondent`},
	} {
		tt.req.Instrument = in
		m, err := Map("a.csv", header, tt.req)
		if tt.want != "" {
			if got := strings.ReplaceAll(strings.Join(worded(t, err), "; "), "a.csv: ", ""); got != tt.want {
				t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
			}
			continue
		}
		if err != nil || m.Respondent != tt.respondent || m.Time != tt.time {
			t.Errorf("%s: got %+v, %v", tt.name, m, err)
		}
	}
	// For want of anything better, when somebody was done is what the tool
	// says.
	google, _ := vendorNamed("google-forms")
	m, err := mapLayout("a.csv", newLayout(google, [][]string{cells("Timestamp|" + sampleItems)}, 1), Request{Instrument: sample(), Time: true})
	if err != nil || m.Time != 0 || m.Respondent != -1 {
		t.Errorf("got %+v, %v", m, err)
	}
}
