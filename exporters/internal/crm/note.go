package crm

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// Limits of a note, so that it is read, and fits in what a CRM takes: with them it has
// no more than about 60 lines and 6,000 characters.
const (
	mostTitle   = 200 // characters
	mostScores  = 20
	mostName    = 60 // characters
	mostReading = 3
	mostText    = 360 // characters
	mostWhy     = 160 // characters
)

// noteOf is the note about an assessment.
func noteOf(p piece) draft {
	n := assessmentNote{*p.assessment}
	title := "Service culture, " + cut(n.Instrument.Title, 100)
	if n.Instrument.Title == "" {
		title = "Service culture, " + n.Instrument.ID
	}
	if wave := oneLine(n.Wave); wave != "" {
		title += ", " + wave
	}
	title = cut(title, mostTitle)
	body := Text{{Heading: "In brief", Words: n.brief()}}
	if !n.Withheld {
		body = append(body,
			Block{Heading: "Scores", Items: n.scores(), Words: n.bestAndWorst()},
			Block{Heading: "What to work on first", Items: n.priorities()},
			Block{Heading: "Where groups differ", Items: n.disconnects()},
		)
	}
	body = append(body, Block{Words: n.protection()}, Block{Words: n.source(p.rec)})
	return newDraft(p.at, NoteEntry, p.rec.Key, "", title, kept(body), p.rec.AsOf)
}

// newDraft is an entry with its mark.
func newDraft(at int, kind EntryKind, key, part, title string, body Text, day string) draft {
	return draft{at, kind, Entry{Mark: markOf(key, part, title, day, body.Plain()), Title: title, Body: body, Day: day}, cut(title, 80)}
}

// kept leaves out the blocks that say nothing.
func kept(t Text) Text {
	return slices.DeleteFunc(t, func(b Block) bool { return b.Words == "" && len(b.Items) == 0 })
}

// assessmentNote words what an assessment publishes.
type assessmentNote struct{ record.AssessmentBody }

// brief says how the client stands and who took part.
func (n assessmentNote) brief() string {
	if n.Withheld {
		return "Too few people answered. The results are withheld to protect them."
	}
	return sentences(n.overall(), n.since(), n.answered())
}

func (n assessmentNote) overall() string {
	index, why := indexOf(n.AssessmentBody)
	if why != "" {
		return "There is no overall score (" + cut(why, mostWhy) + ")."
	}
	text := fmt.Sprintf("The overall score is %d of 100", n.Instrument.Rounded(index))
	if band := cut(n.Band, mostName); band != "" {
		text += ", which counts as " + band
	}
	if n.Instrument.HighIsBad() {
		text += " (lower is better)"
	}
	return text + "."
}

// since compares the scores that are shown, so that they agree with the difference.
func (n assessmentNote) since() string {
	before, since, why := indexBefore(n.AssessmentBody)
	if why != "" {
		return ""
	}
	wave := cut(since, mostName)
	if wave == "" {
		wave = "the earlier survey"
	}
	was, is := n.Instrument.Rounded(before), n.Instrument.Rounded(*n.Index)
	if was == is {
		return fmt.Sprintf("In %s it was the same.", wave)
	}
	better := "better"
	if (is > was) == n.Instrument.HighIsBad() {
		better = "worse"
	}
	return fmt.Sprintf("In %s it was %d, so it is %s %s.", wave, was, things(int64(max(is-was, was-is)), "point", "points"), better)
}

func (n assessmentNote) answered() string {
	people, why := respondentsOf(n.AssessmentBody)
	if why != "" {
		return ""
	}
	r := n.Response
	if r == nil || r.Rate == nil {
		return things(people, "person", "people") + " took part."
	}
	return fmt.Sprintf("%d of the %s who were asked took part, a response rate of %d%%.", people, things(r.Headcount, "person", "people"), wholePercent(*r.Rate))
}

// scores lists the dimensions with their scores and bands.
func (n assessmentNote) scores() []string {
	var lines []string
	for i, d := range n.Instrument.Dimensions {
		if i == mostScores {
			return append(lines, fmt.Sprintf("and %d more", len(n.Instrument.Dimensions)-mostScores))
		}
		line := cut(titleOf(d), mostName) + ": "
		percent, why := scoreOf(n.AssessmentBody, d.ID)
		if why != "" {
			lines = append(lines, line+cut("no score, "+why, mostName))
			continue
		}
		line += strconv.Itoa(n.Instrument.Rounded(percent))
		at := slices.IndexFunc(n.Dimensions, func(x record.Dimension) bool { return x.ID == d.ID })
		if band := cut(n.Dimensions[at].Band, mostName/2); band != "" {
			line += " (" + band + ")"
		}
		lines = append(lines, line)
	}
	return lines
}

// bestAndWorst names the strongest and the weakest dimension.
func (n assessmentNote) bestAndWorst() string {
	shown, missing := shownDimensions(n.AssessmentBody)
	if len(shown) < 2 {
		return ""
	}
	the := "The"
	if missing != "" {
		the = "Among those that can be shown, the"
	}
	worst, best := extremes(n.AssessmentBody, shown)
	low, high := n.Instrument.Rounded(worst.percent), n.Instrument.Rounded(best.percent)
	switch {
	case low == high && missing == "":
		return fmt.Sprintf("All have the same score, %d.", low)
	case low == high:
		return fmt.Sprintf("Those that can be shown have the same score, %d.", low)
	case n.Instrument.HighIsBad():
		return fmt.Sprintf("%s clearest warning sign is “%s” (%d); the faintest is “%s” (%d).", the, cut(worst.title, mostName), low, cut(best.title, mostName), high)
	}
	return fmt.Sprintf("%s weakest is “%s” (%d); the strongest is “%s” (%d).", the, cut(worst.title, mostName), low, cut(best.title, mostName), high)
}

func (n assessmentNote) priorities() []string {
	var lines []string
	for _, x := range n.Priorities {
		lines = append(lines, x.Text)
	}
	return readings(lines)
}

// disconnects says where groups differ. Crossed groups are left out where single ones
// differ: they are the same people over again.
func (n assessmentNote) disconnects() []string {
	var single, crossed []string
	for _, x := range n.Disconnects {
		switch {
		case n.hides(x.By, x.Best) || n.hides(x.By, x.Worst):
		case len(x.By) == 1:
			single = append(single, x.Text)
		default:
			crossed = append(crossed, x.Text)
		}
	}
	if len(single) > 0 {
		return readings(single)
	}
	return readings(crossed)
}

// hides reports whether a group is withheld. No reading of a record that firstcall made
// names one; a record that was made by other means gets no further by a note.
func (n assessmentNote) hides(by, key []string) bool {
	return slices.ContainsFunc(n.Groups, func(g record.Group) bool {
		return g.Withheld && slices.Equal(g.By, by) && slices.Equal(g.Key, key)
	})
}

// readings are the first texts of those that say something.
func readings(texts []string) []string {
	var lines []string
	for _, text := range texts {
		if text = cut(text, mostText); text != "" && len(lines) < mostReading {
			lines = append(lines, text)
		}
	}
	return lines
}

func (n assessmentNote) protection() string {
	return fmt.Sprintf("Groups of fewer than %d people are not shown, and more is left out where it would give one away.", n.Method.MinGroup)
}

// source says where the figures come from. The version of firstcall stays out: with it, a
// new version would change every note.
func (n assessmentNote) source(rec *record.Record) string {
	return fmt.Sprintf("Made by firstcall from the questionnaire %s, version %s. Record: %s", cut(n.Instrument.ID, mostName), cut(n.Instrument.Version, mostName), cut(rec.Key, mostTitle))
}

// papersNote tells what became of statements and job descriptions, where no field does.
func papersNote(id string, t tally) draft {
	var body Text
	if t.statements > 0 {
		body = append(body, Block{Heading: "Statements", Items: []string{
			"Read: " + strconv.Itoa(t.statements),
			"Errors: " + strconv.Itoa(t.lintErrors),
		}})
	}
	if t.folders > 0 {
		v := t.verdicts
		items := []string{"Read: " + strconv.Itoa(t.documents), "Stale, they say something that is no longer so: " + strconv.Itoa(v.Stale)}
		for _, x := range []struct {
			words string
			n     int
		}{{"Overdue for review", v.Overdue}, {"Due for review soon", v.Due}, {"Current", v.Current}, {"No longer in use", v.Closed}, {"Not known", v.Unknown}} {
			items = append(items, fmt.Sprintf("%s: %d", x.words, x.n))
		}
		body = append(body, Block{Heading: "Job descriptions", Items: items})
	}
	if t.plans > 0 {
		items := []string{"In all plans: " + strconv.Itoa(t.actions)}
		if t.nextReview != "" {
			items = append(items, "Next review of a job description: "+t.nextReview)
		}
		body = append(body, Block{Heading: "Actions", Items: items})
	}
	// An escaped id has no slash, so that it is no record's key.
	return newDraft(t.first, NoteEntry, url.PathEscape(id), "papers", "Statements and job descriptions", body, t.day)
}

// sentences puts sentences after one another.
func sentences(all ...string) string {
	return strings.Join(slices.DeleteFunc(all, func(s string) bool { return s == "" }), " ")
}

// things is a number with the noun that goes with it.
func things(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.FormatInt(n, 10) + " " + many
}

// wholePercent rounds a share; 0 and 100 are kept for none and all.
func wholePercent(share float64) int {
	share = min(1, max(0, share))
	p := int(math.Floor(float64(share*100) + 0.5 + 1e-9)) // the small addend takes up what binary fractions lose
	switch {
	case p == 0 && share > 0:
		return 1
	case p == 100 && share < 1:
		return 99
	}
	return p
}
