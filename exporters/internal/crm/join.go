package crm

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// client is what the records of one client in a batch come to.
type client struct {
	id, name string                  // the name is empty where no record gives one
	records  []int                   // indexes into the batch, ascending
	figures  map[string]Value        // by the figure's id, those that are known
	absent   map[string]string       // by the figure's id: why the leading assessment has none
	day      string                  // that the leading assessment speaks of
	headline int                     // index of the leading assessment; -1: there is none
	entries  []draft                 // in the order of their records' keys
	warnings map[int]*sdk.Diagnostic // by index into the batch
}

// draft is a note or a task as it is to be, of a company that is not known yet.
type draft struct {
	record int // index into the batch of the record that it is made of
	kind   EntryKind
	entry  Entry  // without ID and Company
	label  string // what it is, in a few words
}

// joinOptions are the settings of a join.
type joinOptions struct {
	exporter     string   // begins the codes of diagnostics
	scores       []string // ids of dimensions that have a field
	instrument   string   // whose assessments can lead; empty: any
	plainFigures bool     // there are no fields: notes carry all figures
}

// piece is a record that was read: one of the bodies is set.
type piece struct {
	at         int // index into the batch
	rec        *record.Record
	assessment *record.AssessmentBody
	statement  *record.Statement
	folder     *record.Folder
	plan       *record.Plan
}

// join puts the records of a batch together by client. The clients are in the order of
// their first records; beyond that, the order of the records changes nothing. refused
// are those that no client has.
func join(batch []sdk.Record, opt joinOptions) (clients []*client, refused map[int]sdk.Outcome) {
	refused = map[int]sdk.Outcome{}
	byID := map[string]*client{}
	pieces := map[*client][]piece{}
	for i, r := range batch {
		p, fault := read(i, r, opt.exporter)
		if fault != nil {
			refused[i] = *fault
			continue
		}
		c := byID[p.rec.Client.ID]
		if c == nil {
			c = &client{id: p.rec.Client.ID, headline: -1, figures: map[string]Value{}, absent: map[string]string{}, warnings: map[int]*sdk.Diagnostic{}}
			byID[c.id] = c
			clients = append(clients, c)
		}
		c.records = append(c.records, i)
		pieces[c] = append(pieces[c], p)
	}
	for _, c := range clients {
		all := pieces[c]
		slices.SortStableFunc(all, func(a, b piece) int { return strings.Compare(a.rec.Key, b.rec.Key) })
		c.build(all, opt)
	}
	return clients, refused
}

// read decodes a record, or gives the outcome of one that can't be written.
func read(at int, r sdk.Record, exporter string) (piece, *sdk.Outcome) {
	p := piece{at: at}
	fail := func(err error) (piece, *sdk.Outcome) {
		o := sdk.Reject(exporter+".record", "not a record that can be read: "+err.Error(), "make it again with the version of firstcall you are using")
		return p, &o
	}
	rec, err := r.Decode()
	switch {
	case err != nil:
		return fail(err)
	case rec.Key != r.Key || rec.Kind != r.Kind:
		return fail(fmt.Errorf("it is sent as %s and is %s", r.Key, rec.Key))
	}
	if err := rec.Check(); err != nil {
		return fail(err)
	}
	p.rec = rec
	switch rec.Kind {
	case record.KindAssessment:
		body := rec.Assessment.Body()
		p.assessment = &body
	case record.KindStatement:
		p.statement, err = held(rec.Statement())
	case record.KindFolder:
		p.folder, err = held(rec.Folder())
	case record.KindPlan:
		p.plan, err = held(rec.Plan())
	default:
		err = fmt.Errorf("a record of the kind %s is not written to a CRM", rec.Kind)
	}
	if err != nil {
		return fail(err)
	}
	if rec.Client.ID == "" {
		o := sdk.Reject(exporter+".client", "the record names no client whose company it could go to", "make it again with --client ID")
		return p, &o
	}
	return p, nil
}

func held[T any](body T, err error) (*T, error) { return &body, err }

// build makes everything of a client's records, which are in the order of their keys.
func (c *client) build(all []piece, opt joinOptions) {
	for _, p := range all {
		c.name = cmp.Or(c.name, oneLine(p.rec.Client.Name))
	}
	if p, ok := c.lead(all, opt); ok {
		c.headline, c.day = p.at, p.rec.AsOf
		c.name = cmp.Or(oneLine(p.rec.Client.Name), c.name)
		c.assessmentFigures(p.rec, *p.assessment, opt.scores)
		if !opt.plainFigures {
			c.unnamed(p, opt)
		}
	}
	c.figures[keyFigure] = Line(c.id)
	t := tally{first: -1}
	for _, p := range all {
		t.count(p)
		switch {
		case p.assessment != nil:
			c.entries = append(c.entries, noteOf(p))
		case p.plan != nil:
			c.entries = append(c.entries, tasksOf(p)...)
		}
	}
	c.tallyFigures(t)
	if opt.plainFigures && t.first >= 0 {
		c.entries = append(c.entries, papersNote(c.id, t))
	}
}

// lead finds the assessment whose figures stand at the company: of the instrument that
// was asked for, or of any, the latest.
func (c *client) lead(all []piece, opt joinOptions) (piece, bool) {
	var ids []string
	byInstrument := map[string][]piece{}
	for _, p := range all {
		if p.assessment == nil {
			continue
		}
		id := p.assessment.Instrument.ID
		if byInstrument[id] == nil {
			ids = append(ids, id)
		}
		byInstrument[id] = append(byInstrument[id], p)
	}
	if opt.instrument != "" {
		if some := byInstrument[opt.instrument]; some != nil {
			return c.latest(some, opt.exporter), true
		}
		for _, p := range all {
			if p.assessment != nil {
				c.warn(p.at, opt.exporter+".instrument", fmt.Sprintf("the figures are those of the instrument %s, and this is an assessment with %s: it makes a note alone", opt.instrument, p.assessment.Instrument.ID),
					"look at the setting instrument")
			}
		}
		return piece{}, false
	}
	slices.Sort(ids)
	var best []piece // the latest of each instrument, of the latest day
	for _, id := range ids {
		p := c.latest(byInstrument[id], opt.exporter)
		if len(best) > 0 && p.rec.AsOf > best[0].rec.AsOf {
			best = nil
		}
		if len(best) == 0 || p.rec.AsOf == best[0].rec.AsOf {
			best = append(best, p)
		}
	}
	if len(best) == 0 {
		return piece{}, false
	}
	return c.choose(best, opt.exporter), true
}

// latest finds the latest of some assessments with one instrument, and warns where that
// is a guess.
func (c *client) latest(some []piece, exporter string) piece {
	best := some[0]
	for _, p := range some[1:] {
		if order, _ := compareTime(p, best); order > 0 {
			best = p
		}
	}
	for _, p := range some {
		if _, sure := compareTime(p, best); p.at != best.at && !sure {
			c.warn(best.at, exporter+".wave", fmt.Sprintf("nothing tells which of the waves %q and %q came last: the figures are those of %q", p.assessment.Wave, best.assessment.Wave, best.assessment.Wave),
				"give each its day with --as-of, or call waves for example 2026-q1 and 2026-q3")
			break
		}
	}
	return best
}

// compareTime tells which of two assessments with one instrument is of a later time:
// by their days, by what one says of the other, by the names of their waves.
func compareTime(a, b piece) (order int, sure bool) {
	wave, other := a.assessment.Wave, b.assessment.Wave
	switch day := strings.Compare(a.rec.AsOf, b.rec.AsOf); {
	case day != 0:
		return day, true
	case wave == other:
		return -strings.Compare(a.rec.Key, b.rec.Key), true
	case follows(a, other):
		return 1, true
	case follows(b, wave):
		return -1, true
	}
	return record.CompareWaves(wave, other), record.WavesCertain(wave, other)
}

// follows reports whether an assessment is compared with an earlier wave of that name.
func follows(p piece, wave string) bool {
	return slices.ContainsFunc(p.assessment.Changes, func(x record.Change) bool { return x.Since == wave })
}

// choose takes one of several assessments that are of one day and of different
// instruments: that of the latest wave, if the names tell, else the first by instrument.
func (c *client) choose(some []piece, exporter string) piece {
	for i, p := range some {
		wave := p.assessment.Wave
		if !slices.ContainsFunc(slices.Delete(slices.Clone(some), i, i+1), func(q piece) bool {
			return record.CompareWaves(wave, q.assessment.Wave) <= 0 || !record.WavesCertain(wave, q.assessment.Wave)
		}) {
			return p
		}
	}
	ids := make([]string, len(some))
	for i, p := range some {
		ids[i] = p.assessment.Instrument.ID
	}
	for _, p := range some {
		c.warn(p.at, exporter+".instrument", fmt.Sprintf("there are assessments of one day with several instruments (%s): the figures are those of %s", strings.Join(ids, ", "), ids[0]),
			"say in the setting instrument whose figures should stand there")
	}
	return some[0]
}

// mostNamed is how many dimensions a warning names.
const mostNamed = 10

// unnamed warns of dimensions whose scores have no field.
func (c *client) unnamed(p piece, opt joinOptions) {
	var ids []string
	for _, d := range p.assessment.Instrument.Dimensions {
		if !slices.Contains(opt.scores, d.ID) {
			ids = append(ids, d.ID)
		}
	}
	if len(ids) == 0 {
		return
	}
	named := strings.Join(ids[:min(len(ids), mostNamed)], ", ")
	if more := len(ids) - mostNamed; more > 0 {
		named += fmt.Sprintf(" and %d more", more)
	}
	c.warn(p.at, opt.exporter+".scores", fmt.Sprintf("no field for the scores of %s: they stand in the note alone", named), "name them in the setting scores")
}

// warn adds a warning to a record.
func (c *client) warn(at int, code, summary, hint string) {
	if w := c.warnings[at]; w != nil {
		w.Summary += "; " + summary
		if hint != "" && !strings.Contains(w.Hint, hint) {
			w.Hint += "; " + hint
		}
		return
	}
	c.warnings[at] = &sdk.Diagnostic{Severity: sdk.SeverityWarning, Code: code, Summary: summary, Hint: hint}
}

// breaks reports whether a character ends a word or must not stand in a line.
func breaks(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

// cut shortens a line to at most so many characters, at the end of a word where there is
// one.
func cut(s string, most int) string {
	s = oneLine(s)
	letters := []rune(s)
	if len(letters) <= most {
		return s
	}
	head := string(letters[:most-1])
	if at := strings.LastIndexByte(head, ' '); at > len(head)/2 && letters[most-1] != ' ' {
		head = head[:at]
	}
	return strings.TrimRight(head, " ,;:–") + "…"
}
