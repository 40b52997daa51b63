// Package learning is what the exporters to learning systems have in common. It joins
// the records of a client into what its people can learn from: the statements, values
// and standards that they work by, the departments with their published scores, and
// what is to be done until when.
//
// A department that is withheld in an assessment is left out, whatever else is known of
// it: its scores, what the client file says of it, what it hands to others. Texts that
// people have written stay as they are, also where they have its name in them: by looking
// for names, a department called Service would take half of all standards with it.
package learning

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// Options say how records are joined.
type Options struct {
	Exporter string // begins the codes of diagnostics
	Column   string // the column whose groups are departments, in any case
	NeedDay  bool   // refuse assessments and plans without a day
}

// ColumnField is the setting of Options.Column, which all of these exporters have.
func ColumnField() sdk.Field {
	return sdk.Field{Name: "by", Default: "department", Doc: "column of the survey whose groups are departments"}
}

// CheckColumn reports a ColumnField that names no column.
func CheckColumn(exporter string, cfg sdk.Config) *sdk.Diagnostic {
	if strings.TrimSpace(cfg.String("by")) != "" {
		return nil
	}
	return &sdk.Diagnostic{Code: exporter + ".by", Field: "by", Summary: "by names no column", Hint: "name the column of the survey whose groups are departments"}
}

// Client is what the records of one client come to.
type Client struct {
	ID   string
	Name string // for people; the id where no record gives one
	At   []int  // its records, as indexes into those given, ascending
	AsOf string // the latest day that an assessment or plan speaks of, else of any record; may be empty

	Statements  []Statement // of the company first, then by department
	Values      []record.Value
	Standards   []record.Standard // of all departments that are not left out
	Assessments []*Assessment     // in the order of their keys
	Departments []*Department     // in the order of the client file, then by name
	Actions     []Action          // of plans, in the order of their keys; not those for departments left out
	Jobs        []Job             // in the order of their keys; not those of departments left out
	Policies    []record.Policy   // in the order of the client file

	Organization *record.Organization     // nil where there is no such record
	left         map[string]bool          // departments left out, folded
	refused      []*record.AssessmentBody // that are not used, and withhold departments all the same
	warnings     map[int]*sdk.Diagnostic
}

// Warn tells what is odd about records that are used all the same, where their outcomes
// say nothing else.
func Warn(clients []*Client, outcomes []sdk.Outcome) {
	for _, c := range clients {
		for at, warning := range c.warnings {
			if outcomes[at].Diagnostic == nil {
				outcomes[at].Diagnostic = warning
			}
		}
	}
}

// Statement is a vision, a mission or the like.
type Statement struct {
	Kind       string      // as in record.Statement: vision, mission, service-vision, values, promise, slogan
	Department *Department // whose it is; nil: the company's
	Text       string      // without markup; may have several lines
}

// Assessment is one assessment record.
type Assessment struct {
	At     int // index into the records given
	Record *record.Record
	Body   record.AssessmentBody
	Latest bool    // the latest wave of its instrument
	Scores []Score // what is published: everybody first, then by department, each in the instrument's order
}

// Score is a published score of a dimension.
type Score struct {
	Instrument *record.Instrument
	Dimension  *record.DimensionText
	Department *Department // nil: everybody
	N          int64       // people
	Mean       float64     // on the answer scale, within Min and Max
	Min, Max   float64     // ends of the answer scale
	Percent    float64     // of the scale, 0 to 100
	Band       string      // the instrument's name for it; may be empty
	Weak       bool        // it lies on the weak side
}

// Department is a department of a client, as published scores, the client file or
// statements name it.
type Department struct {
	ID        string // made of the name: the same in every run, for ids and addresses
	Name      string
	FormerIDs []string          // by the names that it alone had, in the order of the client file
	Vision    string            // its own service vision; may be empty
	Standards []record.Standard // that it alone keeps
	HandsOn   []HandOff         // what it hands to others
	TakesOver []HandOff         // what it takes from others
	Scores    []Score           // of the latest assessments
	Lead      string            // title of the role that leads it; may be empty
}

// HandOff is something that goes from one department to another, by their names.
type HandOff struct {
	From, To, What     string // what is empty where only the way is known
	OwnerFrom, OwnerTo string // titles of roles; may be empty
}

// Gaps are the weak scores, the weakest first.
func (d *Department) Gaps() []Score { return gaps(d.Scores) }

// Gaps are the weak scores of everybody in the latest assessments, the weakest first.
func (c *Client) Gaps() []Score {
	var of []Score
	for _, a := range c.Assessments {
		if a.Latest {
			of = append(of, a.Everybody()...)
		}
	}
	return gaps(of)
}

func gaps(of []Score) []Score {
	var weak []Score
	for _, s := range of {
		if s.Weak {
			weak = append(weak, s)
		}
	}
	slices.SortStableFunc(weak, func(a, b Score) int { return cmp.Compare(a.fromGood(), b.fromGood()) })
	return weak
}

// fromGood is the percent of scale, turned so that high is good.
func (s Score) fromGood() float64 {
	if s.Instrument.HighIsBad() {
		return 100 - s.Percent
	}
	return s.Percent
}

// Everybody are the scores of all people.
func (a *Assessment) Everybody() []Score {
	end := slices.IndexFunc(a.Scores, func(s Score) bool { return s.Department != nil })
	if end < 0 {
		end = len(a.Scores)
	}
	return a.Scores[:end]
}

// Action is something that a plan wants done.
type Action struct {
	record.Action
	At         int         // index of the plan among the records given
	Plan       string      // key of the plan
	Of         string      // key of the assessment or the folder that the plan answers
	AsOf       string      // the day the plan speaks of; may be empty
	Department *Department // that acts; nil: everybody, or the group that Action.Department names
}

// Job is a job description. Its department is empty where that is left out.
type Job struct {
	record.Job
	At   int // index into the records given
	Key  string
	AsOf string // the day the record speaks of; may be empty
}

// Due is the earliest day on which something that an assessment found is to be done by a
// department, or else by everybody; empty where no plan of that assessment says one. With
// nil for the assessment, it is that of the latest ones.
func (c *Client) Due(of *Assessment, d *Department) string {
	own, everybody := "", ""
	for _, a := range c.Actions {
		at := slices.IndexFunc(c.Assessments, func(x *Assessment) bool { return x.Record.Key == a.Of })
		switch {
		case a.Due == "" || at < 0 || of == nil && !c.Assessments[at].Latest || of != nil && of != c.Assessments[at]:
		case d != nil && a.Department == d && (own == "" || a.Due < own):
			own = a.Due
		case a.Department == nil && a.Action.Department == "" && (everybody == "" || a.Due < everybody):
			everybody = a.Due
		}
	}
	return cmp.Or(own, everybody)
}

// Of gives the statements of a department, nil for the company's.
func (c *Client) Of(d *Department) []Statement {
	var of []Statement
	for _, s := range c.Statements {
		if s.Department == d {
			of = append(of, s)
		}
	}
	return of
}

// Join puts records together by client. The clients are in the order of their ids;
// the order of the records changes nothing but indexes. refused are those that can't
// be used, with the reason, by index.
//
// Where an assessment can't be read, nobody knows what it withholds, and all records of
// its client are refused.
func Join(records []sdk.Record, opt Options) (clients []*Client, refused map[int]sdk.Outcome) {
	refused = map[int]sdk.Outcome{}
	byID := map[string]*Client{}
	pieces, undated := map[string][]piece{}, map[string][]piece{}
	unknown := map[string]bool{}
	for i, r := range records {
		p, fault := read(i, r, opt)
		if fault != nil {
			refused[i] = *fault
			switch key, err := record.ParseKey(r.Key); {
			case p.assessment != nil:
				undated[p.rec.Client.ID] = append(undated[p.rec.Client.ID], p)
			case r.Kind == record.KindAssessment && err == nil:
				unknown[key.Client] = true
			}
			continue
		}
		id := p.rec.Client.ID
		if byID[id] == nil {
			byID[id] = &Client{ID: id, left: map[string]bool{}, warnings: map[int]*sdk.Diagnostic{}}
			clients = append(clients, byID[id])
		}
		byID[id].At = append(byID[id].At, i)
		pieces[id] = append(pieces[id], p)
	}
	clients = slices.DeleteFunc(clients, func(c *Client) bool {
		for _, i := range c.At {
			if unknown[c.ID] {
				refused[i] = sdk.Reject(opt.Exporter+".withheld", "an assessment of the client can't be read, so that nobody knows which departments it withholds",
					"make the assessment again with the version of firstcall you are using")
			}
		}
		return unknown[c.ID]
	})
	slices.SortFunc(clients, func(a, b *Client) int { return strings.Compare(a.ID, b.ID) })
	for _, c := range clients {
		all := pieces[c.ID]
		for _, p := range undated[c.ID] {
			c.refused = append(c.refused, p.assessment)
		}
		slices.SortStableFunc(all, func(a, b piece) int { return strings.Compare(a.rec.Key, b.rec.Key) })
		c.build(all, opt)
	}
	aloneIn(clients, opt.Exporter)
	return clients, refused
}

// aloneIn warns where one client has nothing but what it says about itself and another
// has all but that: one may have been given two ids.
func aloneIn(clients []*Client, exporter string) {
	other := slices.IndexFunc(clients, func(c *Client) bool { return c.Organization == nil && len(c.Assessments) > 0 })
	if other < 0 {
		return
	}
	for _, c := range clients {
		if c.Organization == nil || len(c.At) > 1 {
			continue
		}
		c.warnings[c.At[0]] = &sdk.Diagnostic{Severity: sdk.SeverityWarning, Code: exporter + ".alone",
			Summary: fmt.Sprintf("there is no other record of %s, and none like this one of %s", c.ID, clients[other].ID),
			Hint:    "if they are one client, give both the same id: that of the client file with --client"}
	}
}
