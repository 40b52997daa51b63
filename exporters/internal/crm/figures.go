package crm

import (
	"fmt"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// The figures, by their ids.
const (
	keyFigure         = "key"
	assessmentFigure  = "assessment"
	instrumentFigure  = "instrument"
	versionFigure     = "instrument_version"
	dateFigure        = "date"
	indexFigure       = "index"
	changeFigure      = "change"
	bandFigure        = "band"
	respondentsFigure = "respondents"
	weakestFigure     = "weakest"
	lintErrorsFigure  = "lint_errors"
	staleJobsFigure   = "stale_jobs"
	openActionsFigure = "open_actions"
	nextReviewFigure  = "next_review"
	scoreFigure       = "score_" // and the id of a dimension
)

// Figure is something that is known of a client, and has a field at its company.
type Figure struct {
	ID         string
	Label      string // for people, at most 40 characters where the id of a dimension is short
	Doc        string // for people, a sentence
	Type       Type
	Decimals   int  // of a number
	Assessment bool // it is one of the leading assessment: they stand and fall together
}

// Catalog gives all figures. scores are the ids of the dimensions that have a field of
// their own.
func Catalog(scores []string) []Figure {
	all := []Figure{
		{ID: keyFigure, Label: "Firstcall client id", Doc: "The client's id at firstcall, by which the client is found again: leave it as it is."},
		{ID: assessmentFigure, Assessment: true, Label: "Service culture record", Doc: "The record that the service culture figures are of."},
		{ID: instrumentFigure, Assessment: true, Label: "Service culture instrument", Doc: "The id of the questionnaire that was used."},
		{ID: versionFigure, Assessment: true, Label: "Service culture instrument version", Doc: "The version of the questionnaire's wording."},
		{ID: dateFigure, Assessment: true, Type: DayType, Label: "Service culture date", Doc: "The day that the service culture figures speak of."},
		{ID: indexFigure, Assessment: true, Type: NumberType, Decimals: 2, Label: "Service culture index", Doc: "The overall score from 0 to 100: the mean of the dimensions' scores."},
		{ID: changeFigure, Assessment: true, Type: NumberType, Decimals: 2, Label: "Service culture change", Doc: "The index less that of the earlier wave, in points, over everybody who answered in each."},
		{ID: bandFigure, Assessment: true, Label: "Service culture band", Doc: "The questionnaire's name for where the index falls."},
		{ID: respondentsFigure, Assessment: true, Type: CountType, Label: "Service culture respondents", Doc: "How many people answered."},
		{ID: weakestFigure, Assessment: true, Label: "Service culture weakest dimension", Doc: "The dimension with the worst score; where a high score is bad, that with the highest."},
	}
	for i, id := range scores {
		if !slices.Contains(scores[:i], id) {
			all = append(all, Figure{ID: scoreFigure + id, Assessment: true, Type: NumberType, Decimals: 2, Label: "Service culture score: " + strings.ReplaceAll(id, "-", " "),
				Doc: fmt.Sprintf("The score of the dimension %s, from 0 to 100.", id)})
		}
	}
	return append(all,
		Figure{ID: lintErrorsFigure, Type: CountType, Label: "Statement errors", Doc: "Errors found in the client's vision and mission statements; hints, warnings and accepted findings do not count."},
		Figure{ID: staleJobsFigure, Type: CountType, Label: "Stale job descriptions", Doc: "Job descriptions that say something which is no longer so; those that are only overdue for review do not count."},
		Figure{ID: openActionsFigure, Type: CountType, Label: "Service culture actions", Doc: "Actions in the client's plans."},
		Figure{ID: nextReviewFigure, Type: DayType, Label: "Next job description review", Doc: "The first day by which a job description is to be gone through, by the plan for them."})
}

// Why a figure is not there.
const (
	whyWithheld = "withheld: too few people answered"
	whyPart     = "withheld: the score of a dimension is withheld to protect respondents"
	whyNothing  = "the record does not have it"
)

// assessmentFigures are the figures of the leading assessment, and why others are
// missing.
func (c *client) assessmentFigures(rec *record.Record, b record.AssessmentBody, scores []string) {
	put := func(id string, v Value, why string) {
		switch {
		case why != "":
			c.absent[id] = why
		case v.Empty():
			c.absent[id] = whyNothing
		default:
			c.figures[id] = v
		}
	}
	put(assessmentFigure, Line(rec.Key), "")
	put(instrumentFigure, Line(oneLine(b.Instrument.ID)), "")
	put(versionFigure, Line(oneLine(b.Instrument.Version)), "")
	put(dateFigure, Day(rec.AsOf), "")
	index, why := indexOf(b)
	put(indexFigure, Number(index), why)
	bandWhy := why
	if why == "" && b.Band == "" {
		bandWhy = "the instrument has no names for ranges of the index"
	}
	put(bandFigure, Line(oneLine(b.Band)), bandWhy)
	was, _, changeWhy := indexBefore(b)
	put(changeFigure, Number(index-was), changeWhy)
	n, why := respondentsOf(b)
	put(respondentsFigure, Count(n), why)
	title, why := weakestOf(b)
	put(weakestFigure, Line(title), why)
	for _, id := range scores {
		percent, why := scoreOf(b, id)
		put(scoreFigure+id, Number(percent), why)
	}
}

// indexOf is the index, or why there is none.
func indexOf(b record.AssessmentBody) (index float64, why string) {
	switch {
	case b.Withheld:
		return 0, whyWithheld
	case b.Index != nil:
		return *b.Index, ""
	case slices.ContainsFunc(b.Dimensions, func(d record.Dimension) bool { return d.Withheld }):
		return 0, whyPart
	}
	return 0, undefined(b.Undefined, "index")
}

// indexBefore is the index that an earlier wave had over the same dimensions, made of
// what the record says of everybody then. Where one dimension is not compared there is
// none: the mean of the others would be of another thing.
//
// People who answered both times are not followed here, also where the record does that
// for a dimension: whoever adds the change to the earlier index should get the index.
func indexBefore(b record.AssessmentBody) (index float64, since, why string) {
	if _, why := indexOf(b); why != "" {
		return 0, "", why
	}
	everybody := slices.DeleteFunc(slices.Clone(b.Changes), func(x record.Change) bool { return len(x.By)+len(x.Key) > 0 })
	if len(everybody) == 0 {
		return 0, "", "there is no earlier wave to compare with"
	}
	last := slices.MaxFunc(everybody, func(x, y record.Change) int { return record.CompareWaves(x.Since, y.Since) })
	sum := 0.0
	for _, d := range b.Instrument.Dimensions {
		at := slices.IndexFunc(everybody, func(x record.Change) bool { return x.Since == last.Since && x.Dimension == d.ID && x.Before != nil })
		if at < 0 {
			return 0, "", fmt.Sprintf("“%s” is not compared with the earlier wave", titleOf(d))
		}
		sum += everybody[at].Before.Percent
	}
	if len(b.Instrument.Dimensions) == 0 {
		return 0, "", "the instrument has no dimensions"
	}
	return sum / float64(len(b.Instrument.Dimensions)), last.Since, ""
}

// respondentsOf is how many people answered.
func respondentsOf(b record.AssessmentBody) (n int64, why string) {
	switch {
	case b.Withheld:
		return 0, whyWithheld
	case b.N == nil:
		return 0, undefined(b.Undefined, "n")
	}
	return *b.N, ""
}

// scoreOf is the score of a dimension of all respondents.
func scoreOf(b record.AssessmentBody, id string) (percent float64, why string) {
	if !slices.ContainsFunc(b.Instrument.Dimensions, func(d record.DimensionText) bool { return d.ID == id }) {
		return 0, fmt.Sprintf("the instrument %s has no dimension %s", b.Instrument.ID, id)
	}
	at := slices.IndexFunc(b.Dimensions, func(d record.Dimension) bool { return d.ID == id })
	switch {
	case b.Withheld:
		return 0, whyWithheld
	case at < 0:
		return 0, whyNothing
	case b.Dimensions[at].Withheld:
		return 0, "withheld to protect respondents"
	case b.Dimensions[at].Percent == nil:
		return 0, undefined(b.Dimensions[at].Undefined, "percent")
	}
	return *b.Dimensions[at].Percent, ""
}

// weakestOf is the title of the weakest dimension. It is not known where one has no
// score: that could be it.
func weakestOf(b record.AssessmentBody) (title, why string) {
	shown, missing := shownDimensions(b)
	switch {
	case b.Withheld:
		return "", whyWithheld
	case missing != "":
		return "", missing
	case len(shown) == 0:
		return "", "the instrument has no dimensions"
	}
	worst, _ := extremes(b, shown)
	return worst.title, ""
}

// shownDimension is a dimension that has a score.
type shownDimension struct {
	title   string
	percent float64
}

// shownDimensions are the dimensions with a score, in the instrument's order, and why
// the first of the others has none.
func shownDimensions(b record.AssessmentBody) (shown []shownDimension, missing string) {
	for _, d := range b.Instrument.Dimensions {
		percent, why := scoreOf(b, d.ID)
		if why == "" {
			shown = append(shown, shownDimension{titleOf(d), percent})
		} else if missing == "" {
			missing = fmt.Sprintf("“%s” has no score: %s", titleOf(d), why)
		}
	}
	return shown, missing
}

// extremes are the worst and the best of some dimensions, of equal ones the first.
func extremes(b record.AssessmentBody, shown []shownDimension) (worst, best shownDimension) {
	worst, best = shown[0], shown[0]
	for _, d := range shown[1:] {
		if d.percent < worst.percent {
			worst = d
		}
		if d.percent > best.percent {
			best = d
		}
	}
	if b.Instrument.HighIsBad() {
		return best, worst
	}
	return worst, best
}

// titleOf names a dimension.
func titleOf(d record.DimensionText) string {
	if title := oneLine(d.Title); title != "" {
		return title
	}
	return d.ID
}

// undefined is why a figure can't be computed.
func undefined(notes record.UndefinedNote, figure string) string {
	if why := oneLine(notes[figure]); why != "" {
		return why
	}
	return whyNothing
}

// tally counts what the records of a client other than assessments come to.
type tally struct {
	statements, lintErrors int
	folders, documents     int
	verdicts               record.VerdictCounts
	plans, actions         int
	nextReview             string
	day                    string // the latest of statements and folders
	first                  int    // index of the first of them; -1: there is none
}

// count adds a record.
func (t *tally) count(p piece) {
	switch {
	case p.statement != nil:
		t.statements++
		t.lintErrors += lintErrors(p.statement)
	case p.folder != nil:
		v := p.folder.Verdicts
		t.folders, t.documents = t.folders+1, t.documents+p.folder.Documents
		t.verdicts.Current += v.Current
		t.verdicts.Due += v.Due
		t.verdicts.Overdue += v.Overdue
		t.verdicts.Stale += v.Stale
		t.verdicts.Closed += v.Closed
		t.verdicts.Unknown += v.Unknown
	case p.plan != nil:
		t.plans++
		t.actions += len(p.plan.Actions)
		if of, err := record.ParseKey(p.plan.Of); err != nil || of.Kind != record.KindFolder {
			return
		}
		for _, a := range p.plan.Actions {
			if a.Due != "" && (t.nextReview == "" || a.Due < t.nextReview) {
				t.nextReview = a.Due
			}
		}
		return
	default:
		return
	}
	t.day = max(t.day, p.rec.AsOf)
	if t.first < 0 {
		t.first = p.at
	}
}

// lintErrors counts the findings of severity error. Those that are too many to be listed
// are told by rule alone; they count where all listed ones of their rule are errors.
func lintErrors(s *record.Statement) int {
	errors, others := map[string]int{}, map[string]bool{}
	n := 0
	for _, f := range s.Findings {
		if f.Severity == "error" {
			n++
			errors[f.Rule]++
		} else {
			others[f.Rule] = true
		}
	}
	for rule, more := range s.More {
		if errors[rule] > 0 && !others[rule] {
			n += more
		}
	}
	return n
}

// tallyFigures are the figures of the other records, of those kinds that there are.
func (c *client) tallyFigures(t tally) {
	if t.statements > 0 {
		c.figures[lintErrorsFigure] = Count(int64(t.lintErrors))
	}
	if t.folders > 0 {
		c.figures[staleJobsFigure] = Count(int64(t.verdicts.Stale))
	}
	if t.plans > 0 {
		c.figures[openActionsFigure] = Count(int64(t.actions))
	}
	if t.nextReview != "" {
		c.figures[nextReviewFigure] = Day(t.nextReview)
	}
}

// oneLine takes line breaks and other control characters out of a text.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, breaks), " ")
}
