package dates

import (
	"strconv"
	"strings"
	"testing"
)

// stamped gives stamps as "closing 2021-03-04; revised 2020-01".
func stamped(text string) string {
	var out []string
	for _, s := range Stamps(text) {
		out = append(out, s.Kind.String()+" "+s.Date.String())
	}
	return strings.Join(out, "; ")
}

type stampTest struct{ text, want string }

func checkStamps(t *testing.T, tests []stampTest) {
	t.Helper()
	for _, test := range tests {
		if got := stamped(test.text); got != test.want {
			t.Errorf("%q: %q, want %q", test.text, got, test.want)
		}
	}
}

func TestDocumentDates(t *testing.T) {
	checkStamps(t, []stampTest{
		{"**Revised:** 10/17/18", "revised 2018-10-17"},
		{"**Revised**: 10/17/18", "revised 2018-10-17"},
		{"*Revised 6/2015*", "revised 2015-06"},
		{"_Last updated: 14 June 2021_", "revised 2021-06-14"},
		{"<li><strong>Last updated:</strong> 14 June 2021</li>", "revised 2021-06-14"},
		{"10-17-18 REV", "revised 2018-10-17"},
		{"Class Code 6152 . . . . . .05-12-17 REV 02-02-18", "revised 2018-02-02"},
		{"6-13-97 (Rev 07-22-03)", "revised 2003-07-22"},
		{"Rev. 10-17-18", "revised 2018-10-17"},
		{"(Rev 3/19)", "revised 2019-03"},
		{"Rev: 02-18", "revised 2018-02"},
		{"HR-101 (Rev. 5/14)", "revised 2014-05"},
		{"Page 2 of 4   Rev 02/18/2015", "revised 2015-02-18"},
		{"EOE. Rev 10/2014", "revised 2014-10"},
		{"Updated as of March 2021", "revised 2021-03"},
		{"Date of last revision: Mar. 4th 2021", "revised 2021-03-04"},
		{"Last Revision Date: 6/1/2015", "revised 2015-06-01"},
		{"Date Revised\n6/1/2015", "revised 2015-06-01"},
		{"Version 2.1 - March 2020", "revised 2020-03"},
		{"Last Revised: 20210304", "revised 2021-03-04"},
		{"Last updated 2021", "revised 2021"},
		{"This job description was last updated on 6/14/2021.", "revised 2021-06-14"},
		{"Last updated by HR Dept. on 4 March 2021", "revised 2021-03-04"},
		{"Last edited by : M. T. Islam on 3/18/2019.", "revised 2019-03-18"},
		{"Revised: 6/1/2012; 7/1/2014; 8/15/2016", "revised 2012-06-01; revised 2014-07-01; revised 2016-08-15"},
		{"Approved: 6/1/2012, Revised 6/1/2014, 7/1/2016", "approved 2012-06-01; revised 2014-06-01; revised 2016-07-01"},
		{"Adopted: July 2004 Revised: Aug 2010", "approved 2004-07; revised 2010-08"},
		{"Established 1/2/90; Revised 3/4/95", "created 1990-01-02; revised 1995-03-04"},
		{"| Reviewed | 2021-03-04 |", "reviewed 2021-03-04"},
		{"Reviewed: 2019", "reviewed 2019"},
		{"Reviewed April 2023", "reviewed 2023-04"},
		{"Review Date: 01/2020", "reviewed 2020-01"},
		{"Last reviewed by Jane Doe on March 4, 2021", "reviewed 2021-03-04"},
		{"Last reviewed: September 2021 Next review: September 2023", "reviewed 2021-09; next review 2023-09"},
		{"This page was last reviewed on 4 March 2021. It needs to be reviewed again on 4 September 2021.", "reviewed 2021-03-04; next review 2021-09-04"},
		{"Next review due by 3/2022", "next review 2022-03"},
		{"This document will be reviewed in March 2023", "next review 2023-03"},
		{"Approved by City Council 3/4/2019", "approved 2019-03-04"},
		{"Approved by: Jane Doe, HR Director  Date: 3/4/2019", "approved 2019-03-04"},
		{"Approved by\tJane Doe\t3/4/2019", "approved 2019-03-04"},
		{"Adopted by Resolution 2019-45 on June 4, 2019", "approved 2019-06-04"},
		{"Board Approved: 6-1-2009", "approved 2009-06-01"},
		{"Effective: 07/01/19", "effective 2019-07-01"},
		{"Effective date of this job description is 1 May 2020", "effective 2020-05-01"},
		{"Created 20210304", "created 2021-03-04"},
		{"Prepared By: J. Smith    Date Prepared: 6/1/2012", "created 2012-06-01"},
		{"Date: January 2015", "created 2015-01"},
		{"Class established 6/1/1990", "created 1990-06-01"},
		{"Original: 3/4/2001 Revised 5/6/2010", "created 2001-03-04; revised 2010-05-06"},
		{"Revision Date(s): 3/2015", "revised 2015-03"},
		{"Last Revised (3/2015)", "revised 2015-03"},
		{"Reviewed/Revised: 3/4/2019", "revised 2019-03-04"},
		{"Rev. Date 3/15", "revised 2015-03"},
		{"CSC Approved 6/4/19", "approved 2019-06-04"},
		{"Job code 1234, revised 6/4/2019.", "revised 2019-06-04"},
		{"v1.2 (May 2019)", "revised 2019-05"},
		{"title:  \"A title that is longer than fifty bytes in all\"\ndate:   2018-08-03", "created 2018-08-03"},
		{"Print date: 3/4/2021", ""},
		{"Peer review: 3/4/2021", ""},
		{"Election Date: November 3, 2020", "event 2020-11-03"},
		{"Open Date:     10-05-18\nRevised: 10-17-18", "posted 2018-10-05; revised 2018-10-17"},
		{"OPENING DATE: 08/08/2019", "posted 2019-08-08"},
		{"posted: 2021-02-24T10:30:00Z", "posted 2021-02-24"},
		{"Posted Date\t3/1/2021\tClose Date\t3/15/2021", "posted 2021-03-01; closing 2021-03-15"},
		{"Issue Date\tReview Date\nJuly 2015\tJuly 2018", "created 2015-07; reviewed 2018-07"},
		{"| Version | Date | By |\n|---|---|---|\n| 1.0 | 2020-03-01 | A |\n| 1.1 | 2021-03-01 | B |", "revised 2020-03-01; revised 2021-03-01"},
	})
}

func TestClosingDates(t *testing.T) {
	checkStamps(t, []stampTest{
		{"CLOSING DATE: 8/23/2019 11:59 PM", "closing 2019-08-23"},
		{"Closing Date\t5/21/2026", "closing 2026-05-21"},
		{"Closing Date\n5/21/2026", "closing 2026-05-21"},
		{"## Closing Date\n\n5/21/2026", "closing 2026-05-21"},
		{"Posted\tClosing\n3/1/2021\t3/15/2021", "posted 2021-03-01; closing 2021-03-15"},
		{"Closing date: midnight on Sunday 3rd October 2021", "closing 2021-10-03"},
		{"Closing date for applications: 12 noon, 12th May 2021", "closing 2021-05-12"},
		{"Closing Date for receipt of applications: October 19, 2018", "closing 2018-10-19"},
		{"Vacancy closing: 31.01.2022", "closing 2022-01-31"},
		{"OPEN: 3/1/21   CLOSE: 3/15/21", "posted 2021-03-01; closing 2021-03-15"},
		{"Applications must be received by\nTHURSDAY, OCTOBER 25, 2018.", "closing 2018-10-25"},
		{"Applications must be received no later than 5:00 p.m. on May 1, 2020.", "closing 2020-05-01"},
		{"All applications must be submitted prior to 4:00 p.m. on Wednesday, September 1, 2021.", "closing 2021-09-01"},
		{"Applications will be accepted until 5:00 pm, Friday, March 12, 2021 (no exceptions)", "closing 2021-03-12"},
		{"Applications are due May 1, 2020.", "closing 2020-05-01"},
		{"Applications close 11:59 pm Sunday 4 July 2021.", "closing 2021-07-04"},
		{"Applications open 1 October 2026 and close 30 November 2026.", "posted 2026-10-01; closing 2026-11-30"},
		{"Please apply by June 5, 2021.", "closing 2021-06-05"},
		{"Apply no later than: 14-08-2026", "closing 2026-08-14"},
		{"To be considered, submit your application on or before June 4, 2020.", "closing 2020-06-04"},
		{"please email cover letter and resume by April 7, 2017 to: B. Kenney", "closing 2017-04-07"},
		{"Please submit a resume to jobs@x.org by close of business on June 1, 2019.", "closing 2019-06-01"},
		{"For full consideration, all materials should be submitted by October 15, 2026.", "closing 2026-10-15"},
		{"Application Deadline: July 31, 2023", "closing 2023-07-31"},
		{"**Application deadline**: **March 1st, 2022**", "closing 2022-03-01"},
		{"Deadline for applications is 5pm on Friday 14 May 2021", "closing 2021-05-14"},
		{"The application deadline has been extended to June 1, 2019.", "closing 2019-06-01"},
		{"The deadline to submit your application is March 15, 2021.", "closing 2021-03-15"},
		{"### To Apply###\n\nPlease use the link.  Deadline is May 6, 2017.", "closing 2017-05-06"},
		{"Final filing date: Friday, 5/7/21 at 5:00 p.m.", "closing 2021-05-07"},
		{"The posting closes on Monday, May 3rd, 2021", "closing 2021-05-03"},
		{"This position closes at 11:59pm on 5/3/2021.", "closing 2021-05-03"},
		{"Open until 3 May 2021", "closing 2021-05-03"},
		{"Posted through 6/1/2020", "closing 2020-06-01"},
		{"must be postmarked by November 29th, 2021", "closing 2021-11-29"},
		{"Filing Period: March 4-8, 2019", "closing 2019-03-04/2019-03-08"},
		{"Applications are accepted from March 4 to April 8, 2019.", "closing 2019-03-04/2019-04-08"},
		{"Filing Period 1: From 8:00 a.m. MONDAY, FEBRUARY 12, 2018 to 11:59 p.m. FRIDAY, FEBRUARY 16, 2018", "closing 2018-02-16"},
		{"APPLICATION DEADLINE\n\nFrom 8:00 a.m. MONDAY, SEPTEMBER 24, 2018 to 11:59 p.m. FRIDAY, SEPTEMBER 28, 2018", "closing 2018-09-28"},
		{"Applications should be submitted here; the vacancy will close on 14 June 2021 at 23:59.", "closing 2021-06-14"},
		{"Last date for receipt of applications: 14/03/2022", "closing 2022-03-14"},
		{"We will take applications until 30 June 2021.", "closing 2021-06-30"},
		{"Application period: 9/1/2021 to 9/15/2021", "closing 2021-09-15"},
		// The same words about other things.
		{"Regularly meets deadlines; files tax returns by April 15, 2020", ""},
		{"The deadline to submit grant reports is March 15, 2021.", "deadline 2021-03-15"},
		{"Deadline: July 31, 2023", "deadline 2023-07-31"},
		{"First review of applications: May 5, 2021", "deadline 2021-05-05"},
		{"Open until filled. First review of applications begins on May 5, 2021.", "deadline 2021-05-05"},
		{"Open Date: 3/1/21 Close Date: Continuous", "posted 2021-03-01"},
		{"Opening and closing library locations, 3/4/2021", ""},
		{"Applicants must have graduated by June 2021.", ""},
		{"Closed December 25, 2021 for the holiday", ""},
	})
}

func TestReferences(t *testing.T) {
	checkStamps(t, []stampTest{
		// Deadlines and promises.
		{"They will then be placed back here again by the end of July 2025.", "promise 2025-07-31"},
		{"This policy will take effect in January 2020.", "promise 2020-01"},
		{"The Hub for adults will open in fall, 2017.", "promise 2017-09/2017-11"},
		{"By March 2020, we will have moved.", "promise 2020-03"},
		{"By 2025, we aim to double it.", "promise 2025"},
		{"We plan to hire two more clerks in 2021.", "promise 2021"},
		{"Effective July 13, 2024, there will be a raise", "promise 2024-07-13"},
		{"The report is due by 30 June 2021.", "deadline 2021-06-30"},
		{"Please return the form no later than May 1, 2020.", "deadline 2020-05-01"},
		{"All employees must be fully vaccinated by November 1, 2021.", "deadline 2021-11-01"},
		{"Position is grant funded through June 30, 2023.", "deadline 2023-06-30"},
		{"Fixed term until March 2024", "deadline 2024-03"},
		{"The contract expires on December 31, 2023", "expires 2023-12-31"},
		{"This grant-funded position ends June 30, 2022.", "expires 2022-06-30"},
		{"Temporary assignment from June 1, 2021 through December 31, 2021.", "expires 2021-12-31"},
		{"Start date: September 1, 2021", "start 2021-09-01"},
		{"Starts On: April 25, 2016", "start 2016-04-25"},
		{"The position will start on August 1, 2021.", "start 2021-08-01"},
		{"Anticipated start date: Fall 2022", "start 2022-09/2022-11"},
		{"Interviews will be held on APRIL 28, 2018 or MAY 5, 2018.", "event 2018-04-28; event 2018-05-05"},
		{"Proposed interview date: 24/05/2021", "event 2021-05-24"},
		{"Training begins March 4, 2021", "event 2021-03-04"},
		{"The selected candidate must attend training on June 14, 2021.", "event 2021-06-14"},
		{"Training will take place June 14 - 18, 2021.", "event 2021-06-14/2021-06-18"},
		{"The November 3, 2020 General Election", "event 2020-11-03"},
		{"This position runs from October 5, 2020 to November 6, 2020.", "expires 2020-11-06"},
		{"EFFECTIVE: July 1, 2019 – June 30, 2020", "effective 2019-07-01; expires 2020-06-30"},
		{"The Eligibility list will remain in effect until June 30, 2022.", "expires 2022-06-30"},
		// Times the text is about.
		{"Season: April 2021 - October 2021", "period 2021-04; period 2021-10"},
		{"in the coming 2020 election", "period 2020"},
		{"Support the 2020 census count.", "period 2020"},
		{"FY 2019 goals", "period 2019"},
		{"for the 2018-2019 school year", "period 2018/2019"},
		{"the 2018-19 school year", "period 2018/2019"},
		{"Q2 2023 goals", "period 2023-Q2"},
		{"our 2023 summer internship", "period 2023"},
		{"As of 2012 we have 30 staff", "as of 2012"},
		{"As of March 3, 2012 we have 30 staff", "as of 2012-03-03"},
		// History and names.
		{"The library has been open since 2010. Founded in 1962. Graduated in 2015.", ""},
		{"Established in 1962, the library serves 3 towns.", ""},
		{"Civil Rights Act of 1990, (2018), ©2019, Copyright 2019, elected in 2016", ""},
		{"In 2019, we served 10,000 people. It attracted more in March 2020.", ""},
		{"We grew to 50 staff by 2018. She served as director until March 3, 2018.", ""},
		{"He led the team from 2010 until 2018.", ""},
		{"Employees hired on or before June 30, 2012 are in Tier 1.", ""},
		{"Members enrolled prior to January 1, 2013 are classic members.", ""},
		{"The census was completed by April 1, 2020.", ""},
		{"You will join a team that launched Vote.gov in September 2015.", ""},
		{"You will support an agency established in 1962.", ""},
		{"Experience with the 2016 presidential election campaign", ""},
		{"Our process was revised in 2019", ""},
		{"For employees hired after January 1, 2013, the formula will be 2% at 62.", ""},
		{"The council adopted a climate plan in 2019.", ""},
		{"The strike began March 3, 2019 and ended April 2019", ""},
		{"Ohio Revised Code 3501.05, revised 1990 budget of 2019", ""},
		{"until 2000 hours; will open in 2000 locations; open 1900 Main Street", ""},
		{"Meeting minutes 10/17/18; DD-214; Form 990-2019", ""},
		{"Job Number: 202300182 Posted 2023", ""},
	})
}

func TestLabel(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"The posting's closing date: 3/4/2021", "closing date"},
		{"**Last reviewed** by Jane on March 4, 2021", "Last reviewed** by"},
		{"received no later than 5 p.m. on May 1, 2020", "no later than"},
		{"10-17-18 REV", "REV"},
		{"Posted\tClosing\n3/1/2021\tMarch 15, 2021", "Posted"},
	} {
		s := Stamps(test.text)
		if len(s) == 0 || s[0].Label.In(test.text) != test.want {
			t.Errorf("%q: %v, want the label %q", test.text, s, test.want)
		}
	}
}

func TestIntervals(t *testing.T) {
	for text, want := range map[string]int{
		"This job description is reviewed annually.":             12,
		"Reviewed annually":                                      12,
		"Review cycle: 12 months":                                12,
		"Review Cycle Three years":                               36,
		"Review frequency: semi-annually":                        6,
		"To be reviewed every two years":                         24,
		"This policy is to be reviewed every other year.":        24,
		"This page will be reviewed and updated every 6 months.": 6,
		"The document is reviewed once a year":                   12,
		"Review every 90 days":                                   3,
		"Performance is reviewed annually.":                      0,
		"Reviews budgets every 3 months and policies annually":   0,
		"Salaries are reviewed every year":                       0,
		"Application Review 100% ANNUAL SALARY":                  0,
		"Last reviewed 2021":                                     0,
	} {
		got := Intervals(text)
		switch {
		case want == 0 && len(got) > 0:
			t.Errorf("%q: %d months, want none", text, got[0].Months)
		case want > 0 && (len(got) != 1 || got[0].Months != want):
			t.Errorf("%q: %v, want %d months", text, got, want)
		}
	}
}

func TestKey(t *testing.T) {
	for _, test := range []struct{ key, value, want string }{
		{"last_reviewed_on", "2021-03-04", "reviewed 2021-03-04"},
		{"lastReviewedOn", "'4 March 2021'", "reviewed 2021-03-04"},
		{"review_in", "6 months", "6"},
		{"review-cycle", "P1Y", "12"},
		{"Review frequency", "annual", "12"},
		{"ms.date", "03/04/2021", "revised 2021-03-04"},
		{"date", "  2018-08-03", "posted 2018-08-03"},
		{"lastmod", "2021-03-04T10:30:00+02:00", "revised 2021-03-04"},
		{"Updated", "March 2021", "revised 2021-03"},
		{"closing_date", "20210304", "closing 2021-03-04"},
		{"validThrough", "2021-03-04", "expires 2021-03-04"},
		{"datePosted", "2021-03-04", "posted 2021-03-04"},
		{"effective", "2021", "effective 2021"},
		{"expires", "never", ""},
		{"title", "2021-03-04", ""},
		{"date", "see 2021-03-04", ""},
		{"review_in", "a while", ""},
		{"", "", ""},
	} {
		stamp, interval, ok := Key(test.key, test.value)
		got := ""
		switch {
		case ok && interval.Months > 0:
			got = strconv.Itoa(interval.Months)
		case ok:
			got = stamp.Kind.String() + " " + stamp.Date.String()
		}
		if got != test.want {
			t.Errorf("Key(%q, %q) = %q, want %q", test.key, test.value, got, test.want)
		}
	}
	if stamp, _, _ := Key("ms.date", "03/04/2021"); stamp.Other != nil {
		t.Error("ms.date has one reading only")
	}
	if stamp, _, _ := Key("date", "03/04/2021"); stamp.Other == nil {
		t.Error("a date with slashes has two readings")
	}
}
