package survey

import (
	"bytes"
	"slices"
	"strings"
)

// noWords are how tools say no: that somebody did not finish, or did not tick
// a box. They do so in the languages that they speak to their users.
var noWords = []string{
	"0", "false", "no", "falsch", "nein", "faux", "non", "falso", "onwaar", "nee", "falskt", "usann", "falsk", "epätosi", "fałsz", "nepravda", "hamis",
}

// vendorQualtrics is the layout of Qualtrics since 2017, as CSV and as TSV: a
// row of codes, a row of texts and a row of ids in JSON.
//
// The row of texts, or of ids, or both, may have been taken out by hand.
func vendorQualtrics() *vendor {
	return &vendor{
		dialect: "qualtrics", title: "Qualtrics export", usual: 3,
		headers: qualtricsHeaders,
		repair:  evenRows,
		names:   qualtricsNames,
		filters: []vendorFilter{
			// The status is a set of flags, of which the last is a preview
			// and the one before it a test; or it is words, in the language
			// of the user. The channel is in English always.
			{[]string{"DistributionChannel"}, isOneOf("preview"), reasonPreview},
			{[]string{"DistributionChannel"}, isOneOf("test"), reasonTest},
			{[]string{"Status"}, isOneOf("1", "9", "17", "Survey Preview", "Offline Survey Preview", "Umfragenvorschau", "Umfragevorschau"), reasonPreview},
			{[]string{"Status"}, isOneOf("2", "Survey Test"), reasonTest},
			{[]string{"Finished"}, isOneOf(noWords...), reasonUnfinished},
			{[]string{"Progress"}, belowHundred, reasonUnfinished},
		},
		completed: []string{"RecordedDate", "EndDate"},
		codes:     []int{-99}, // seen, but not answered
	}
}

func qualtricsHeaders(rows [][]string) int {
	for i := 1; i < min(3, len(rows)); i++ {
		if isImportIDs(rows[i]) {
			return i + 1
		}
	}
	if len(rows) == 0 || has(rows[0], "StartDate", "EndDate", "Status", "Progress", "Finished", "RecordedDate", "ResponseId", "DistributionChannel", "UserLanguage") < 5 {
		return 0
	}
	// Without the row of ids, what stands under the dates tells whether there
	// are texts.
	texts := 1
	for i, h := range rows[0] {
		if has([]string{"RecordedDate", "StartDate", "EndDate"}, folded(h)) == 0 {
			continue
		}
		under := folded(cell(rows, 1, i))
		if under == "" || strings.ContainsAny(under, "0123456789") {
			return 1
		}
		texts = 2
	}
	return texts
}

const importID = `{"ImportId":`

// isImportIDs reports whether a row is Qualtrics' row of ids: every cell is
// one.
func isImportIDs(row []string) bool {
	ids := 0
	for _, c := range row {
		if c = folded(c); c == "" {
			continue
		}
		if !strings.HasPrefix(c, importID) {
			return false
		}
		ids++
	}
	return ids > 0
}

// evenRows makes sure that what stands below a code belongs to it. A row of
// another width has been written with quotes in the wrong places, which happens
// where CSV was turned into TSV. If the quotes held tabs and the row is right
// without them, it is cut there; else nobody knows what belongs where, and only
// the codes are left.
func evenRows(headers [][]string) [][]string {
	even := slices.Clone(headers)
	width := widthOf(headers[:1])
	for i := 1; i < len(even); i++ {
		if widthOf(even[i:i+1]) == width {
			continue
		}
		even[i] = strings.Split(strings.Join(even[i], "\t"), "\t")
		if widthOf(even[i:i+1]) != width {
			even[i] = nil
		}
	}
	return even
}

func qualtricsNames(headers [][]string, column int) columnNames {
	names := []string{cell(headers, 0, column)}
	for i := 1; i < len(headers); i++ {
		name := folded(cell(headers, i, column))
		if id, ok := strings.CutPrefix(name, importID); ok {
			// The id is followed by more in columns of dates.
			_, id, _ = strings.Cut(id, `"`)
			name, _, _ = strings.Cut(id, `"`)
		}
		names = append(names, name)
	}
	return newNames(names...)
}

// vendorQualtricsLegacy is what Qualtrics wrote until 2017: a row of codes and
// one of texts, with a comma at the end of every row. Nine of its own columns
// are called V1 to V10.
func vendorQualtricsLegacy() *vendor {
	return &vendor{
		dialect: "qualtrics-legacy", title: "Qualtrics export of the old form", usual: 2,
		headers: func(rows [][]string) int {
			if len(rows) > 1 && has(rows[0], "V1", "V8", "V9", "V10") == 4 && has(rows[1], "ResponseID", "ResponseSet", "StartDate", "EndDate", "Finished") >= 3 {
				return 2
			}
			return 0
		},
		repair: evenRows,
		names:  qualtricsNames,
		filters: []vendorFilter{
			{[]string{"Status"}, isOneOf("1", "9", "17"), reasonPreview},
			{[]string{"Status"}, isOneOf("2"), reasonTest},
			{[]string{"Finished"}, isOneOf(noWords...), reasonUnfinished},
		},
		completed: []string{"EndDate"},
		codes:     []int{-99},
	}
}

// vendorLimeSurvey is LimeSurvey's CSV and Excel export, with headings as
// codes, texts, both, or abbreviated texts.
//
// A row without a date of submission is a respondent who stopped on the way:
// it is left out, as in other tools' exports.
func vendorLimeSurvey() *vendor {
	submitted := []string{"submitdate", "Date submitted", "Datum Abgeschickt", "Date de soumission", "Fecha de envío", "Datum ingezonden", "Data invio"}
	return &vendor{
		dialect: "limesurvey", title: "LimeSurvey export", usual: 1,
		headers: func(rows [][]string) int {
			if len(rows) == 0 {
				return 0
			}
			var codes, texts []string
			for _, h := range rows[0] {
				h = folded(h)
				code, text, ok := splitCodeText(h)
				if !ok {
					code, text = h, h
				}
				codes, texts = append(codes, code), append(texts, text)
			}
			known := max(
				has(codes, "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp"),
				has(texts, "Date submitted", "Last page", "Start language", "Seed", "Date started", "Date last action"),
				has(texts, "Datum Abgeschickt", "Letzte Seite", "Start-Sprache", "Zufallsstartwert", "Datum gestartet", "Datum letzte Aktivität"),
				has(texts, "Date de soumission", "Dernière page", "Langue de départ", "Tête de série", "Date de lancement", "Date de la dernière action"),
			)
			if known < 3 || has(append(codes, texts...), submitted...) == 0 {
				return 0
			}
			return 1
		},
		names: limeSurveyNames,
		filters: []vendorFilter{
			{submitted, func(cell []byte) bool { return isBlank(cell) || bytes.Equal(cell, []byte("N")) }, reasonUnfinished},
		},
		completed: submitted,
		clean:     unmasked,
	}
}

// unmasked takes the apostrophe away that LimeSurvey puts before an answer
// that begins with an equals sign, so that no spreadsheet calculates it.
func unmasked(cell []byte) []byte {
	if len(cell) > 1 && cell[0] == '\'' && cell[1] == '=' {
		return cell[1:]
	}
	return cell
}

// LimeSurvey's code for an answer in the respondent's own words, and what it
// writes instead when answers are exported in full.
const (
	otherCode = "-oth-"
	otherText = "Other"
)

func limeSurveyNames(headers [][]string, column int) columnNames {
	heading := folded(cell(headers, 0, column))
	if code, text, ok := splitCodeText(heading); ok {
		return newNames(slices.Concat(codeNames(code), []string{text, heading})...)
	}
	if isQuestionCode(heading) {
		return newNames(codeNames(heading)...)
	}
	if !strings.Contains(heading, " ") {
		// An option of the export writes underscores for spaces.
		return newNames(heading, strings.ReplaceAll(heading, "_", " "))
	}
	return newNames(heading)
}

// vendorFormbricks is Formbricks' CSV and XLSX export. Which columns of its
// own it has differs from version to version.
func vendorFormbricks() *vendor {
	return &vendor{
		dialect: "formbricks", title: "Formbricks export", usual: 1,
		headers: func(rows [][]string) int {
			if len(rows) > 0 && has(rows[0], "Response ID", "Finished") == 2 && has(rows[0], "Survey ID", "Formbricks ID (internal)", "No.", "Timestamp", "User ID") >= 2 {
				return 1
			}
			return 0
		},
		names:     firstRow,
		filters:   []vendorFilter{{[]string{"Finished"}, isOneOf(noWords...), reasonUnfinished}},
		completed: []string{"Timestamp", "Response Timestamp", "Created At"},
	}
}

// vendorSurveyMonkey is SurveyMonkey's export: the questions in one row, each
// only above its first column, and what the columns hold in the next.
func vendorSurveyMonkey() *vendor {
	return &vendor{
		dialect: "surveymonkey", title: "SurveyMonkey export", usual: 2,
		headers:   surveyMonkeyHeaders,
		repair:    aboveEveryLine,
		names:     surveyMonkeyNames,
		completed: []string{"End Date", "Date Modified"},
	}
}

// surveyMonkeyOwn are the columns of SurveyMonkey's that tell who answered, and
// when. Its second heading row has nothing there.
var surveyMonkeyOwn = []string{
	"Respondent ID", "RespondentID", "Collector ID", "CollectorID", "Start Date", "StartDate", "End Date", "EndDate",
	"Date Created", "Date Modified", "IP Address", "Email Address",
}

func surveyMonkeyHeaders(rows [][]string) int {
	if len(rows) < 2 || !begins(rows[0], []string{"Respondent ID", "RespondentID"}) || folded(cell(rows, 1, 0)) != "" {
		return 0
	}
	for i, h := range rows[0] {
		// A question may be called like one of them.
		if c := folded(cell(rows, 1, i)); c != "" && has(surveyMonkeyOwn, folded(h)) > 0 && !isResponse(c) {
			return 0
		}
	}
	for i, c := range rows[1] {
		c = folded(c)
		if isResponse(c) || c != "" && folded(cell(rows, 0, i)) == "" {
			return 2
		}
	}
	return 0
}

// isResponse reports whether SurveyMonkey says no more of a column than that
// it holds the answer to its question.
func isResponse(heading string) bool {
	return slices.Contains([]string{"response", "open-ended response"}, strings.ToLower(heading))
}

// aboveEveryLine writes each question above all of its columns.
func aboveEveryLine(headers [][]string) [][]string {
	if len(headers) < 2 {
		return headers
	}
	questions := make([]string, widthOf(headers))
	last := ""
	for i := range questions {
		if q := folded(cell(headers, 0, i)); q != "" {
			last = q
			questions[i] = q
		} else if folded(cell(headers, 1, i)) != "" {
			questions[i] = last
		}
	}
	return [][]string{questions, headers[1]}
}

func surveyMonkeyNames(headers [][]string, column int) columnNames {
	question, line := folded(cell(headers, 0, column)), folded(cell(headers, 1, column))
	switch {
	case line == "" || isResponse(line):
		return newNames(question)
	case question == "":
		return newNames(line)
	}
	c := newNames(question + " - " + line)
	if !slices.Contains(c.parts, line) {
		c.parts = append([]string{line}, c.parts...)
	}
	return c
}

// vendorMicrosoftForms is the workbook of Microsoft Forms: a column for each
// line of a question, with the question's own text lost. Its headings are in
// the language of the user.
func vendorMicrosoftForms() *vendor {
	return &vendor{
		dialect: "microsoft-forms", title: "Microsoft Forms export", usual: 1,
		headers: func(rows [][]string) int {
			if len(rows) > 0 && begins(rows[0], []string{"ID"},
				[]string{"Start time", "Startzeit", "Heure de début", "Hora de inicio", "Ora di inizio", "Begintijd", "Hora de início"},
				[]string{"Completion time", "Fertigstellungszeit", "Heure de fin", "Hora de finalización", "Ora di completamento", "Tijd van voltooien", "Hora de conclusão"}) {
				return 1
			}
			return 0
		},
		names:     firstRow,
		completed: []string{"Completion time", "Fertigstellungszeit", "Heure de fin", "Hora de finalización", "Ora di completamento", "Tijd van voltooien", "Hora de conclusão"},
	}
}

// vendorGoogleForms is what Google Forms and the sheet behind a form give: the
// time first, then a column for each question or line of one. Its first
// heading is in the language of the user.
func vendorGoogleForms() *vendor {
	stamps := []string{"Timestamp", "Zeitstempel", "Horodateur", "Marca temporal", "Informazioni cronologiche", "Tijdstempel", "Carimbo de data/hora", "Tidsstämpel", "Tidsstempel"}
	return &vendor{
		dialect: "google-forms", title: "Google Forms export", usual: 1,
		headers: func(rows [][]string) int {
			if len(rows) > 0 && begins(rows[0], stamps) {
				return 1
			}
			return 0
		},
		names:     firstRow,
		completed: stamps,
	}
}

// vendorJSON is what a page with SurveyJS stores, and other programs: an object
// for each respondent, in which a question with several lines is an object
// again. It is told by being JSON, not by its headings.
func vendorJSON() *vendor {
	return &vendor{
		dialect: "json", title: "JSON answers", usual: 1,
		headers: func([][]string) int { return 0 },
		names: func(headers [][]string, column int) columnNames {
			name := folded(cell(headers, 0, column))
			c := newNames(name)
			for rest, found := name, true; found; {
				if _, rest, found = strings.Cut(rest, "."); found && rest != "" {
					c.parts = append(c.parts, rest)
				}
			}
			return c
		},
	}
}
