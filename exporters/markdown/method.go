package markdown

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// methodNotes says how the figures came about and how far they reach.
func (w *writer) methodNotes() {
	w.section("Method notes")
	w.sub("The survey")
	w.para(sentence(esc(w.in.About)))
	w.bullets(w.surveyNotes())
	if w.body.Withheld {
		return
	}
	w.sub("The figures")
	w.bullets(w.figureNotes())
	w.sub("How sure the scores are")
	w.precision()
	w.agreementNotes()
	w.sub("What was counted and what was left out")
	w.bullets(w.dataNotes())
	w.undefinedNotes()
	w.sub("What these results cannot tell")
	w.bullets(w.limits())
}

// missingPolicies words the missing-answer policies.
var missingPolicies = map[string]string{
	"available_mean":      "A person counts in a dimension as soon as one of its questions is answered; the score is the average of the answers given.",
	"min_half":            "A person counts in a dimension when at least half of its questions are answered; the score is the average of the answers given.",
	"min_80pct":           "A person counts in a dimension when at least four out of five of its questions are answered; the score is the average of the answers given.",
	"complete_only":       "A person counts in a dimension only when all of its questions are answered.",
	"item_mean_imputed":   "A question left empty counts as the average answer that the others gave to it.",
	"item_median_imputed": "A question left empty counts as the middle answer that the others gave to it (the median).",
}

// surveyNotes says what was asked and how answers were treated.
func (w *writer) surveyNotes() []string {
	notes := []string{fmt.Sprintf("Instrument: %s (%s), version %s.", w.view.title(), esc(w.in.ID), esc(w.in.Version))}
	if w.in.Source != "" {
		notes = append(notes, "Where it comes from: "+sentence(esc(w.in.Source)))
	}
	if s := w.in.Scale; s != nil {
		notes = append(notes, scaleNote(s))
	} else {
		for _, d := range w.dims {
			if d.scale != nil {
				notes = append(notes, d.title()+": "+scaleNote(d.scale))
			}
		}
	}
	if n := w.reversed(); n > 0 {
		notes = append(notes, fmt.Sprintf("%s that disagreeing is %s (“reverse-keyed”). Answers to such questions are turned around before anything is computed. "+
			"Where a report shows how often each answer was chosen, it shows answers as they were given.",
			things(int64(n), "question is worded so", "questions are worded so"), goodOrBad(w.bad)))
	}
	if text := missingPolicies[w.body.Method.Missing]; text != "" {
		notes = append(notes, "Questions left empty: "+text)
	}
	return notes
}

func scaleNote(s *record.Scale) string {
	if labeled(s) {
		return fmt.Sprintf("Answers run from %d (“%s”) to %d (“%s”).", s.Min, esc(s.Labels[0]), s.Max, esc(s.Labels[len(s.Labels)-1]))
	}
	return fmt.Sprintf("Answers run from %d to %d.", s.Min, s.Max)
}

func (v view) reversed() int {
	n := 0
	for _, d := range v.in.Dimensions {
		for _, it := range d.Items {
			if it.Reverse {
				n++
			}
		}
	}
	return n
}

// figureNotes explains what each kind of figure means.
func (w *writer) figureNotes() []string {
	worst, best := "the least favorable", "the most favorable"
	if w.bad {
		worst, best = best, worst
	}
	notes := []string{
		fmt.Sprintf("**Score** (percent of scale): the average answer, moved to a range where 0 means that everyone gave %s answer and 100 that everyone gave %s one. "+
			"50 is the middle of the scale. It is not a share of people.", worst, best),
		"**Overall score** (index): the plain average of the dimensions’ scores; each dimension counts the same, whatever its number of questions.",
	}
	if w.anyFavorable() {
		notes = append(notes, "**Favorable:** of all answers to the questions of a dimension, the share that is good news"+w.favorableNote()+".")
	}
	level := number(float64(roundHalfUp(float64(w.body.Method.Confidence * 100))))
	return append(notes,
		fmt.Sprintf("**Likely range** (%s%% confidence interval): how far a score could be off by chance alone. "+
			"If many groups like this one were asked, about %s%% of such ranges would include the score that all of them together have.",
			level, level),
		"**Split opinions:** at least a third of the answers lie in the lowest two fifths of the scale, and at least a third in the highest.",
		"**Rounding:** scores are rounded to whole numbers, but never across the edge of a band. Differences are taken between the rounded scores, so that they agree with the numbers you see.")
}

func (w *writer) favorableNote() string {
	words := favorableAnswers(w.in.Scale, false, w.bad)
	if words == "" {
		return ""
	}
	if turned := favorableAnswers(w.in.Scale, true, w.bad); w.reversed() > 0 && turned != words {
		return " (" + words + "; where a question is reverse-keyed, " + turned + ")"
	}
	return " (" + words + ")"
}

// precision is the table of averages, likely ranges and consistency.
func (w *writer) precision() {
	more := w.reliability()
	var rows [][]string
	for _, d := range w.dims {
		row := []string{d.title(), countCell(d.fig.N, d.fig.Withheld)}
		if d.fig.Withheld {
			row = append(row, withheldWord, withheldWord, withheldWord)
			rows = append(rows, append(append(row, more.blank(withheldWord)...), ""))
			continue
		}
		mean, likely := notAvailable, notAvailable
		if d.fig.Mean != nil {
			mean = decimals(*d.fig.Mean)
		}
		if r, ok := d.likely(); ok {
			likely = fmt.Sprintf("%d to %d", r.low, r.high)
		}
		alpha, reading := alphaReading(d.fig.Alpha)
		row = append(row, mean, likely, alpha)
		rows = append(rows, append(append(row, more.cells(d)...), reading))
	}
	cols := []column{{"Dimension", false}, {"Answered", true}, {"Average answer", true}, {"Likely range of score", true}, {"Consistency", true}}
	w.table(append(append(cols, more.columns()...), column{"Reading", false}), rows)
	w.para("“Consistency” is Cronbach’s alpha: it shows whether the questions of a dimension move together, "+
		"as they should when they ask about one thing. 0.80 or more is good, 0.70 to 0.79 is fair; below that, look at the single questions rather than at the score.", more.words())
}

// reliability says which further figures of consistency the record has.
type reliability struct{ complete, omega bool }

func (w *writer) reliability() reliability {
	return reliability{
		complete: slices.ContainsFunc(w.dims, func(d dim) bool { return completeAlpha(d) != nil }),
		omega:    slices.ContainsFunc(w.dims, func(d dim) bool { return d.fig.Omega != nil }),
	}
}

func completeAlpha(d dim) *float64 {
	if a := d.fig.Alpha; a != nil && a.Complete != nil {
		return a.Complete.Raw
	}
	return nil
}

func (r reliability) columns() []column {
	var cols []column
	if r.complete {
		cols = append(cols, column{"When complete", true})
	}
	if r.omega {
		cols = append(cols, column{"Omega", true})
	}
	return cols
}

func (r reliability) cells(d dim) []string {
	var cells []string
	add := func(x *float64) {
		if x == nil {
			cells = append(cells, notAvailable)
			return
		}
		cells = append(cells, decimals(float64(roundHalfUp(float64(*x*100)))/100))
	}
	if r.complete {
		add(completeAlpha(d))
	}
	if r.omega {
		add(d.fig.Omega)
	}
	return cells
}

func (r reliability) blank(word string) []string {
	cells := make([]string, len(r.columns()))
	for i := range cells {
		cells[i] = word
	}
	return cells
}

func (r reliability) words() string {
	var words []string
	if r.complete {
		words = append(words, "“When complete” is the same, from the people who answered every question of the dimension.")
	}
	if r.omega {
		words = append(words, "“Omega” (McDonald’s) is read in the same way, and does not take for granted that every question weighs the same.")
	}
	return strings.Join(words, " ")
}

// decimals prints a mean on the answer scale.
func decimals(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) }

// alphaReading prints alpha and reads what is printed.
func alphaReading(a *record.Alphas) (figure, reading string) {
	if a == nil || a.Pairwise == nil || a.Pairwise.Raw == nil {
		return notAvailable, ""
	}
	hundredths := roundHalfUp(float64(*a.Pairwise.Raw * 100))
	figure = decimals(float64(hundredths) / 100)
	switch {
	case hundredths >= 80:
		return figure, "good"
	case hundredths >= 70:
		return figure, "fair"
	}
	return figure, "read with care"
}

// dataNotes accounts for every row and answer.
func (w *writer) dataNotes() []string {
	protection := fmt.Sprintf("To protect people’s answers, no group of fewer than %d is shown, and further results are withheld where that is needed.", w.body.Method.MinGroup)
	data := w.body.Data
	if data == nil {
		return []string{protection}
	}
	notes := []string{"Questionnaires read: " + count(data.Rows) + "."}
	for _, l := range data.LeftOut {
		notes = append(notes, "Questionnaires left out: "+count(l.Rows)+" ("+esc(l.Reason)+").")
	}
	if len(data.LeftOut) == 0 {
		notes = append(notes, "Questionnaires left out: none.")
	}
	if data.Answers != nil && data.Missing != nil {
		notes = append(notes, "Answers used: "+count(*data.Answers)+".", "Questions left empty: "+count(*data.Missing)+".")
	}
	notes = append(notes, "Answers that could not be used because they are not on the scale: "+count(data.Unusable)+"; they count as left empty.")
	return append(append(notes, carelessNotes(data.Careless)...), protection)
}

// limits says what the reader should not conclude.
func (w *writer) limits() []string {
	notes := []string{
		"This is a self-assessment. It shows how people inside see their own place, not what customers experience. Set it beside what customers say and what you can observe.",
		"A difference between groups can be chance, above all in small groups. With many comparisons some will look large by chance alone. Treat a difference as a reason to ask, not as proof.",
		"The scores show where things stand. They do not show what caused it.",
	}
	if recorded := w.recorded(); len(recorded) > 0 && recorded[0].Paired {
		notes = append(notes, "The change of the same people (“paired”) is that of those who answered both times and gave the same sign to be known by. They need not be like everyone else.")
	} else if len(w.earlier)+len(recorded) > 0 {
		notes = append(notes, "Waves are put in order by their names. They are compared as wholes (“unpaired”): no person’s answers were followed from one wave to the next.")
	}
	return notes
}

// figureNames words the figures that can be undefined.
var figureNames = map[string]string{
	"index": "overall score", "percent": "score", "mean": "average answer", "sd": "spread of answers",
	"ci": "likely range", "favorable": "favorable share", "alpha": "consistency", "raw": "consistency",
	"omega": "consistency (omega)", "enps": "net score", "band": "band", "histogram": "counts of answers", "n": "number of people", "rate": "response rate",
	"response": "response rate",
}

// unshownFigures are those that a report leaves out anyway: nobody misses them.
var unshownFigures = map[string]bool{"standardized": true, "low": true, "high": true, "item_rest": true, "alpha_if_dropped": true}

// undefinedFigure is a figure that can't be computed in some places for one
// reason.
type undefinedFigure struct {
	figure, why string
	places      []string
}

// maxPlaces is how many places are named for one reason.
const maxPlaces = 6

// undefinedNotes lists the figures that can't be computed, with the reasons.
func (w *writer) undefinedNotes() {
	var all []undefinedFigure
	add := func(place string, notes record.UndefinedNote) {
		for _, name := range sortedKeys(notes) {
			if whole, _, _ := strings.Cut(name, "."); unshownFigures[whole] {
				continue
			}
			figure := figureNames[name]
			if figure == "" {
				figure = esc(name)
			}
			why := esc(notes[name])
			at := slices.IndexFunc(all, func(u undefinedFigure) bool { return u.figure == figure && u.why == why })
			if at < 0 {
				at = len(all)
				all = append(all, undefinedFigure{figure: figure, why: why})
			}
			all[at].places = append(all[at].places, place)
		}
	}
	add("all answers", w.body.Undefined)
	if w.body.Response != nil {
		add("all answers", w.body.Response.Undefined)
	}
	w.addDims(add, "", w.dims)
	for _, it := range w.outcomes() {
		add(it.quoted(), it.fig.Undefined)
	}
	for _, g := range w.body.Groups {
		name := groupName(g)
		add(name, g.Undefined)
		if g.Response != nil {
			add(name, g.Response.Undefined)
		}
		w.addDims(add, name+", ", w.join(g.Dimensions))
	}
	if len(all) == 0 {
		return
	}
	w.para("These figures cannot be computed:")
	var lines []string
	for _, u := range all {
		places := u.places
		if len(places) > maxPlaces {
			places = append(slices.Clone(places[:maxPlaces]), fmt.Sprintf("and %d more", len(places)-maxPlaces))
		}
		line := upperFirst(u.figure) + " of " + strings.Join(places, "; ")
		if u.why != "" {
			line += ": " + u.why
		}
		lines = append(lines, sentence(line))
	}
	w.bullets(lines)
}

// addDims adds what is undefined in dimensions and their items.
func (w *writer) addDims(add func(string, record.UndefinedNote), prefix string, dims []dim) {
	for _, d := range dims {
		add(prefix+d.title(), d.fig.Undefined)
		if a := d.fig.Alpha; a != nil && a.Pairwise != nil {
			add(prefix+d.title(), a.Pairwise.Undefined)
		}
		if a := d.fig.Alpha; a != nil && a.Complete != nil {
			add(prefix+d.title()+" (when complete)", a.Complete.Undefined)
		}
		for _, it := range d.items() {
			add(prefix+it.quoted(), it.fig.Undefined)
		}
	}
}

func sortedKeys(notes record.UndefinedNote) []string {
	keys := make([]string, 0, len(notes))
	for k := range notes {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
