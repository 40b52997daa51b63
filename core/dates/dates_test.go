package dates

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// written gives dates as "2021-03-04, 2021-Q1"; both readings as "2021-03-04 or 2021-04-03".
func written(mentions []Mention) string {
	var out []string
	for _, m := range mentions {
		s := m.Date.String()
		if m.Other != nil {
			s += " or " + m.Other.String()
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

func TestFind(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		// One day.
		{"2021-03-04", "2021-03-04"},
		{"2021/3/4", "2021-03-04"},
		{"2021.03.04", "2021-03-04"},
		{"at 2021-03-04T10:30:00Z.", "2021-03-04"},
		{"4 March 2021", "2021-03-04"},
		{"4th of March, 2021", "2021-03-04"},
		{"March 4, 2021", "2021-03-04"},
		{"Mar. 4th 2021", "2021-03-04"},
		{"march 4 2021", "2021-03-04"},
		{"THURSDAY, OCTOBER 25, 2018", "2018-10-25"},
		{"Sept. 3, 2020", "2020-09-03"},
		{"4-Mar-21 and 04-Mar-2021", "2021-03-04, 2021-03-04"},
		{"March\n4,\u00a02021", "2021-03-04"},
		{"**March 4**, 2021", "2021-03-04"},
		{"November 24, 2025From then on", "2025-11-24"},
		{"February 29, 2020; February 29, 2021", "2020-02-29"},
		// Numbers whose order is open, and those whose order isn't.
		{"3/4/21", "2021-03-04 or 2021-04-03"},
		{"10-17-18", "2018-10-17"},
		{"10.17.2018", "2018-10-17"},
		{"17.10.2018", "2018-10-17"},
		{"3/3/2021", "2021-03-03"},
		{"02/25/2021 5:00 PM Pacific", "2021-02-25"},
		{"6-13-97", "1997-06-13"},
		{"1/2/69, 1/2/70", "2069-01-02 or 2069-02-01, 1970-01-02 or 1970-02-01"},
		{"31/2/2021, 13/13/2021, 0/4/2021", ""},
		// Longer stretches.
		{"March 2021", "2021-03"},
		{"March, 2021 and March of 2021", "2021-03, 2021-03"},
		{"March '21 and Mar ’21", "2021-03, 2021-03"},
		{"Q2 2023", "2023-Q2"},
		{"2nd quarter of 2023, the second quarter 2023", "2023-Q2, 2023-Q2"},
		{"Spring 2022, fall of 2022, winter 2022", "2022-03/2022-05, 2022-09/2022-11, 2022-12/2023-02"},
		{"FY2023, FY 2019, FY19, fiscal year 2020", "2023, 2019, 2019, 2020"},
		{"January to March 2021", "2021-01/2021-03"},
		{"March 4-8, 2019", "2019-03-04/2019-03-08"},
		{"March 4–8, 2019", "2019-03-04/2019-03-08"},
		{"24-28 September 2018", "2018-09-24/2018-09-28"},
		{"September 24 to October 2, 2018", "2018-09-24/2018-10-02"},
		{"24 September to 2 October 2018", "2018-09-24/2018-10-02"},
		{"from September 24, 2018 to September 28, 2018", "2018-09-24, 2018-09-28"},
		{"3/4/2021-3/8/2021", "2021-03-04 or 2021-04-03, 2021-03-08 or 2021-08-03"},
		{"March 8-4, 2019", ""},
		// Parts of a stretch.
		{"by the end of July 2025", "2025-07-31"},
		{"the beginning of 2024", "2024-01-01"},
		{"mid 2024 and mid-2024", "2024-05/2024-08, 2024-05/2024-08"},
		{"early March 2021", "2021-03-01/2021-03-10"},
		{"late in 2022", "2022-09/2022-12"},
		{"middle of Q2 2023", "2023-05"},
		{"end of the fiscal year 2023", "2023-12-31"},
		// What needs a label or a year.
		{"by March 4; on 3/19; 03-21; 2021; 20210304; 10.17.18", ""},
		// What is something else.
		{"Open 24/7, 80/20, you may 3 to 5, 9-5, 1/2 day, 3/4 time, $4,493.00", ""},
		{"(213) 473-9100, 213-473-9100, zip 90012-1801, SSN 123-45-6789", ""},
		{"42 U.S.C. 12101, 29 CFR 1910.120, Section 4-2-18, Rule 4.2, § 3-4-21", ""},
		{"Windows 7, SQL Server 2008+, ISO 9001:2015, v2.10.18", ""},
		{"$55,000-$65,000; 2000-2080 hours; lifts 10-20-30 lbs; 50/50/2000", ""},
		{"https://x.org/2015/05/28/a, www.x.org/2018/04/01, 18f.gsa.gov/2015/05/28", ""},
		{"report_2019-03-04.pdf, 2019-03-04.docx, a@2019-03-04.org", ""},
		{"[on 2021-03-04](https://x.org/2015/05/28)", "2021-03-04"},
		{"DD-214, Form 990-2019, 1.2.3.2018, 1/2/3/2018, 12-10-17-18", ""},
		{"march 45, 2021", ""},
	} {
		if got := written(Find(test.text)); got != test.want {
			t.Errorf("Find(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}

func TestMention(t *testing.T) {
	text := "Closes **THURSDAY,\n  OCTOBER 25, 2018** at noon, or by the end of July 2025, or 3/4/21"
	got := Find(text)
	if len(got) != 3 {
		t.Fatalf("%d mentions, want 3", len(got))
	}
	if want := "THURSDAY, OCTOBER 25, 2018"; got[0].Phrase != want {
		t.Errorf("phrase %q, want %q", got[0].Phrase, want)
	}
	if want := "THURSDAY,\n  OCTOBER 25, 2018"; got[0].Span.In(text) != want {
		t.Errorf("span %q, want %q", got[0].Span.In(text), want)
	}
	if got[1].Edge != End || got[1].Precision != Day || got[1].Phrase != "end of July 2025" {
		t.Errorf("got %v %v %q, want the end of July as a day", got[1].Edge, got[1].Precision, got[1].Phrase)
	}
	m := got[2]
	if !m.Numeric || m.Other == nil {
		t.Fatal("3/4/21 has two readings")
	}
	for order, want := range map[Order]string{MonthFirst: "2021-03-04", DayFirst: "2021-04-03", Unknown: "2021-03-04/2021-04-03"} {
		if d := m.In(order).String(); d != want {
			t.Errorf("%v: %s, want %s", order, d, want)
		}
	}
	if one := got[0]; one.In(DayFirst) != one.Date || one.Numeric {
		t.Error("a date with one reading has the same in every order")
	}
}

func TestOrderOf(t *testing.T) {
	for text, want := range map[string]Order{
		"3/4/21 and 4/5/21":          Unknown,
		"3/4/21 and 13/4/21":         DayFirst,
		"4/13/21, 3/4/21":            MonthFirst,
		"4/13/21 and 13/4/21":        Unknown,
		"2021-04-13 and 13 May 2021": Unknown,
		"13/13/21":                   Unknown,
		"":                           Unknown,
	} {
		if got := OrderOf(slices.Values(Find(text))); got != want {
			t.Errorf("OrderOf(%q) = %v, want %v", text, got, want)
		}
	}
}

func TestDateString(t *testing.T) {
	d := func(y int, m time.Month, day int) time.Time { return time.Date(y, m, day, 0, 0, 0, 0, time.UTC) }
	for want, date := range map[string]Date{
		"2021-02-24":            {d(2021, 2, 24), d(2021, 2, 24), Day},
		"2018-09-24/2018-09-28": {d(2018, 9, 24), d(2018, 9, 28), Day},
		"2021-02":               {d(2021, 2, 1), d(2021, 2, 28), Month},
		"2021-Q4":               {d(2021, 10, 1), d(2021, 12, 31), Quarter},
		"2022-03/2022-05":       {d(2022, 3, 1), d(2022, 5, 31), Quarter},
		"2021":                  {d(2021, 1, 1), d(2021, 12, 31), Year},
		"2018/2019":             {d(2018, 1, 1), d(2019, 12, 31), Year},
	} {
		if got := date.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if !date.Equal(date) || date.Equal(Date{date.First, date.Last.AddDate(0, 0, 1), date.Precision}) {
			t.Errorf("%s: Equal is wrong", want)
		}
	}
}

func TestNames(t *testing.T) {
	got := fmt.Sprint(Day, Quarter, MonthFirst, Middle, NextReview, AsOf, Kind(99))
	if want := "day quarter month first middle next review as of unknown (99)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for k := None; k <= AsOf; k++ {
		if k.OfDocument() && k.Passes() {
			t.Errorf("%v both dates the document and passes", k)
		}
	}
	if !Posted.OfDocument() || None.OfDocument() || NextReview.OfDocument() || !Period.Passes() || AsOf.Passes() || !NextReview.Passes() {
		t.Error("the groups of kinds have other bounds")
	}
}
