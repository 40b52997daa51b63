package crm

import (
	"regexp"
	"testing"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/record"
)

func TestCatalog(t *testing.T) {
	all := Catalog([]string{"care", "follow-up", "care"})
	want := []string{
		"key", "assessment", "instrument", "instrument_version", "date", "index", "change", "band", "respondents", "weakest", "score_care", "score_follow-up",
		"lint_errors", "stale_jobs", "open_actions", "next_review",
	}
	if len(all) != len(want) {
		t.Fatalf("%d figures, want %d", len(all), len(want))
	}
	ofAssessment := map[string]bool{}
	for i, f := range all {
		if f.ID != want[i] {
			t.Errorf("figure %d is %s, want %s", i, f.ID, want[i])
		}
		if n := utf8.RuneCountInString(f.Label); n == 0 || n > 40 {
			t.Errorf("the label of %s has %d characters", f.ID, n)
		}
		if !regexp.MustCompile(`^[A-Z].*\.$`).MatchString(f.Doc) {
			t.Errorf("%s is told by %q", f.ID, f.Doc)
		}
		if (f.Decimals != 0) != (f.Type == NumberType) {
			t.Errorf("%s is a %s with %d decimals", f.ID, f.Type, f.Decimals)
		}
		ofAssessment[f.ID] = f.Assessment
	}
	for _, id := range []string{"key", "lint_errors", "stale_jobs", "open_actions", "next_review"} {
		if ofAssessment[id] {
			t.Errorf("%s is not of the assessment", id)
		}
	}
	if !ofAssessment["index"] || !ofAssessment["score_care"] {
		t.Error("index and scores are of the assessment")
	}
}

// everyFigure are the ids of all figures.
func everyFigure() []string {
	var ids []string
	for _, f := range Catalog(everyDimension) {
		ids = append(ids, f.ID)
	}
	return ids
}

func TestFiguresOfAnAssessment(t *testing.T) {
	// 59.95 less the mean of 70, 40 and 61, which is 57.
	body := since(found(asked("three", "Three questions", "high-is-good"), "2026-q3"), "2026-q1", 70, 40, 61)
	c := aJoin(t, joinOptions{scores: everyDimension}, assessed(t, aRecord("inn", "The Inn", "2026-09-30"), body))
	want := "key inn; assessment inn/assessment/three/2026-q3; instrument three; instrument_version 1.0; date 2026-09-30; index 59.95; change 2.95; band Mixed; " +
		"respondents 40; weakest Keeping everyone informed; score_care 71.25; score_news 44; score_follow-up 64.6; " +
		"lint_errors is not there; stale_jobs is not there; open_actions is not there; next_review is not there; "
	if got := texts(c, everyFigure()...); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, f := range Catalog(everyDimension) {
		if v, known := c.figures[f.ID]; known && v.Type != f.Type {
			t.Errorf("%s is a %s, and its field a %s", f.ID, v.Type, f.Type)
		}
	}
	if c.headline != 0 || c.day != "2026-09-30" || c.name != "The Inn" || len(c.warnings) > 0 {
		t.Errorf("%d, %s, %s, %v", c.headline, c.day, c.name, c.warnings)
	}
}

func TestPairedChangeIsThatOfTheIndex(t *testing.T) {
	body := since(found(asked("three", "Three", "high-is-good"), "2026-q3"), "2026-q1", 70, 40, 61)
	body.Changes[0].Paired, body.Changes[0].Points = true, 30
	c := aJoin(t, joinOptions{}, assessed(t, aRecord("inn", "", "2026-09-30"), body))
	if got := texts(c, "change"); got != "change 2.95; " {
		t.Error(got)
	}
}

func TestFiguresThatAreMissing(t *testing.T) {
	in := asked("three", "Three", "high-is-good")
	full := func() record.AssessmentBody { return since(found(in, "q3"), "q1", 70, 40, 61) }
	for name, test := range map[string]struct {
		change func(*record.AssessmentBody)
		want   string
	}{
		"nothing to compare with": {func(b *record.AssessmentBody) { b.Changes = nil }, "index 59.95; change: there is no earlier wave to compare with; "},
		"groups alone":            {func(b *record.AssessmentBody) { b.Changes = b.Changes[3:] }, "index 59.95; change: there is no earlier wave to compare with; "},
		"one is not compared":     {func(b *record.AssessmentBody) { b.Changes = b.Changes[1:] }, "index 59.95; change: “Care for customers” is not compared with the earlier wave; "},
		"no score then":           {func(b *record.AssessmentBody) { b.Changes[1].Before = nil }, "index 59.95; change: “Keeping everyone informed” is not compared with the earlier wave; "},
		"the later of two waves": {func(b *record.AssessmentBody) {
			for _, x := range b.Changes[:3] {
				x.Since, x.Before = "q0", &record.Side{Percent: 0}
				b.Changes = append(b.Changes, x)
			}
		}, "index 59.95; change 2.95; "},
		"a dimension is withheld": {func(b *record.AssessmentBody) {
			b.Index, b.Band, b.Dimensions[0] = nil, "", record.Dimension{ID: "care", Withheld: true}
		}, "index: " + whyPart + "; change: " + whyPart + "; band: " + whyPart + "; weakest: “Care for customers” has no score: withheld to protect respondents; score_care: withheld to protect respondents; score_news 44; "},
		"a dimension is undefined": {func(b *record.AssessmentBody) {
			b.Index, b.Band, b.Undefined = nil, "", record.UndefinedNote{"index": "needs all dimensions"}
			b.Dimensions[1] = record.Dimension{ID: "news", Undefined: record.UndefinedNote{"percent": "nobody answered"}}
		}, "index: needs all dimensions; change: needs all dimensions; band: needs all dimensions; weakest: “Keeping everyone informed” has no score: nobody answered; score_news: nobody answered; score_care 71.25; "},
		"no reason":        {func(b *record.AssessmentBody) { b.Index, b.N = nil, nil }, "index: the record does not have it; respondents: the record does not have it; "},
		"no bands":         {func(b *record.AssessmentBody) { b.Band = "" }, "index 59.95; band: the instrument has no names for ranges of the index; "},
		"dimension absent": {func(b *record.AssessmentBody) { b.Dimensions = b.Dimensions[:2] }, "score_follow-up: the record does not have it; weakest: “Follow-up” has no score: the record does not have it; "},
	} {
		body := full()
		test.change(&body)
		c := aJoin(t, joinOptions{scores: everyDimension}, assessed(t, aRecord("inn", "", ""), body))
		var ids []string
		for _, m := range regexp.MustCompile(`(?:^|; )([a-z_-]+)(?::| )`).FindAllStringSubmatch(test.want, -1) {
			ids = append(ids, m[1])
		}
		if got := texts(c, ids...); got != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, test.want)
		}
		if got := texts(c, "date"); got != "date: the record does not have it; " || c.day != "" {
			t.Errorf("%s: %s %q", name, got, c.day)
		}
	}
}

func TestWithheldAssessment(t *testing.T) {
	body := record.AssessmentBody{Instrument: asked("three", "Three", "high-is-good"), Wave: "q3", Withheld: true, Method: record.Method{MinGroup: 5}}
	c := aJoin(t, joinOptions{scores: everyDimension}, assessed(t, aRecord("inn", "", "2026-09-30"), body))
	const why = "withheld: too few people answered; "
	want := "instrument three; date 2026-09-30; index: " + why + "change: " + why + "band: " + why + "respondents: " + why + "weakest: " + why + "score_care: " + why + "score_news: " + why
	if got := texts(c, "instrument", "date", "index", "change", "band", "respondents", "weakest", "score_care", "score_news"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestWeakest(t *testing.T) {
	for name, test := range map[string]struct {
		direction string
		percents  [3]float64
		want      string
	}{
		"lowest":                    {"high-is-good", [3]float64{60, 70, 50}, "weakest Follow-up; "},
		"highest where high is bad": {"high-is-bad", [3]float64{60, 70, 50}, "weakest Keeping everyone informed; "},
		"first of equal":            {"high-is-good", [3]float64{60, 50, 50}, "weakest Keeping everyone informed; "},
		"first of equal, bad":       {"high-is-bad", [3]float64{50, 60, 60}, "weakest Keeping everyone informed; "},
	} {
		body := found(asked("three", "Three", test.direction), "")
		for i := range test.percents {
			body.Dimensions[i].Percent = &test.percents[i]
		}
		c := aJoin(t, joinOptions{scores: everyDimension}, assessed(t, aRecord("inn", "", ""), body))
		if got := texts(c, "weakest"); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func TestInstrumentWithoutWords(t *testing.T) {
	in := asked("three", "", "high-is-good")
	for i := range in.Dimensions {
		in.Dimensions[i].Title = " "
	}
	c := aJoin(t, joinOptions{scores: everyDimension}, assessed(t, aRecord("inn", "", ""), found(in, "")))
	if got := texts(c, "weakest"); got != "weakest news; " {
		t.Error(got)
	}
	in.Version, in.Dimensions = "", nil
	body := record.AssessmentBody{Instrument: in, Index: ptr(50.0), Changes: []record.Change{{Since: "q1"}}}
	c = aJoin(t, joinOptions{}, assessed(t, aRecord("inn", "", ""), body))
	if got, want := texts(c, "instrument_version", "weakest", "change"), "instrument_version: the record does not have it; weakest: the instrument has no dimensions; change: the instrument has no dimensions; "; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestScoreOfAnotherInstrument(t *testing.T) {
	c := aJoin(t, joinOptions{scores: []string{"care", "training"}}, assessed(t, aRecord("inn", "", ""), found(asked("three", "Three", "high-is-good"), "")))
	if got, want := texts(c, "score_care", "score_training"), "score_care 71.25; score_training: the instrument three has no dimension training; "; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	w := c.warnings[0]
	if w == nil || w.Code != "acme.scores" || w.Summary != "no field for the scores of news, follow-up: they stand in the note alone" {
		t.Errorf("%+v", w)
	}
}

func TestFiguresOfOtherRecords(t *testing.T) {
	remark := func(rule, severity string) record.Remark {
		return record.Remark{Rule: rule, Severity: severity, Message: "something"}
	}
	jobs, more := folder(t, "inn", "jobs", record.VerdictCounts{Current: 1, Due: 2, Overdue: 4, Stale: 8, Closed: 16, Unknown: 32}), folder(t, "inn", "more", record.VerdictCounts{Stale: 3, Overdue: 5})
	survey := assessed(t, aRecord("inn", "", "2026-09-30"), found(asked("three", "Three", "high-is-good"), "q3"))
	c := aJoin(t, joinOptions{scores: everyDimension},
		survey,
		statement(t, "inn", "a", []record.Remark{remark("x/a", "error"), remark("x/a", "error"), remark("x/b", "error"), remark("x/b", "warning"), remark("x/c", "hint")},
			map[string]int{"x/a": 5, "x/b": 7, "x/c": 11, "x/d": 13}), // 3 and 5 that must be errors
		statement(t, "inn", "b", []record.Remark{remark("x/a", "error")}, nil),
		sent(t, jobs, nil), sent(t, more, nil),
		planned(t, decoded(t, survey), "Plan", record.Action{ID: "1", What: "Talk.", Due: "2026-01-01", Origin: "review"}, record.Action{ID: "2", What: "Walk."}),
		planned(t, jobs, "Review", record.Action{ID: "1", What: "Correct it.", Due: "2026-11-02", Origin: "contents"}, record.Action{ID: "2", What: "Read it.", Due: "2026-10-14", Origin: "review"}, record.Action{ID: "3", What: "No day."}),
	)
	if got, want := texts(c, "lint_errors", "stale_jobs", "open_actions", "next_review"), "lint_errors 9; stale_jobs 11; open_actions 5; next_review 2026-10-14; "; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	none := aJoin(t, joinOptions{}, statement(t, "inn", "a", nil, nil))
	if got, want := texts(none, "key", "index", "lint_errors", "stale_jobs"), "key inn; index is not there; lint_errors 0; stale_jobs is not there; "; got != want || none.headline != -1 || none.day != "" {
		t.Errorf("%s, want %s; %d", got, want, none.headline)
	}
}
