package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Job is the body of a job record: one job description, what speaks for its being
// out of date, and what to do about it.
type Job struct {
	ID         string            `json:"id" minLength:"1" doc:"Identifies the document among the client's: its path as the user named it, with slashes."`
	Title      string            `json:"title" doc:"The job's title as the document gives it; empty when it gives none."`
	TitleFrom  string            `json:"title_from" enum:"front-matter,label,heading,text,properties,file-name" doc:"Where the title stands."`
	OtherTitle []string          `json:"other_titles,omitempty" doc:"Further titles that the document gives the same job."`
	DocKind    string            `json:"doc_kind" enum:"description,advertisement,class-specification,unknown" doc:"What sort of document it is."`
	KindWhy    string            `json:"doc_kind_why,omitempty" doc:"What says so, quoted."`
	Department string            `json:"department,omitempty" doc:"The department, by the name the client file gives it where that knows it."`
	Owner      string            `json:"owner,omitempty" doc:"Whose document it is: a role."`
	OwnerFrom  string            `json:"owner_from,omitempty" enum:"document,client-file,settings,reports-to,department" doc:"Where the owner stands."`
	ReportsTo  []ReportingLine   `json:"reports_to" doc:"To whom the job reports, each time the document says so."`
	Dates      []JobDate         `json:"dates" doc:"The dates that speak of the document, the best evidence first."`
	Review     Review            `json:"review" doc:"When the text was last gone through, as far as can be told, and when it should be next."`
	Measures   JobMeasures       `json:"measures" doc:"Figures of the text."`
	Findings   []Remark          `json:"findings" doc:"What the rules found, in the order of the text; findings about the whole document first."`
	More       map[string]int    `json:"more,omitempty" doc:"By rule, how many further findings are not listed."`
	Accepted   int               `json:"accepted,omitempty" doc:"How many findings a decision file or a comment in the text takes out; they are not listed and not counted in the staleness."`
	Staleness  *Staleness        `json:"staleness,omitempty" doc:"How far the document is out of date; absent when nothing can be told."`
	Verdict    string            `json:"verdict" enum:"current,due,overdue,stale,closed,unknown" doc:"current: gone through within its interval, and nothing in it speaks against it. due: the next review is near. overdue: its review is past. stale: something it says is no longer so. closed: an advertisement whose time is over, or a document marked as no longer in use. unknown: nothing tells."`
	Sure       string            `json:"sure" enum:"high,medium,low" doc:"How sure the verdict is: by the evidence it stands on."`
	Summary    []string          `json:"summary" doc:"The verdict and its evidence in words, the most telling first."`
	Change     []string          `json:"change,omitempty" doc:"What to change, the most pressing first."`
	Place      Place             `json:"place" doc:"Where the document is."`
	Undefined  map[string]string `json:"undefined,omitempty" doc:"What can't be told, by field name, with the reason."`
}

// ReportingLine is one place where a document says to whom the job reports.
type ReportingLine struct {
	Role  string `json:"role" minLength:"1" doc:"The role as written."`
	Known string `json:"known,omitempty" enum:"present,former,unknown" doc:"Whether the client file knows the role; absent without one."`
	Quote string `json:"quote" doc:"The words that say so."`
	Start int    `json:"start" minimum:"0" unit:"bytes" doc:"Offset of the quoted words in the document's text."`
	End   int    `json:"end" minimum:"0" unit:"bytes" doc:"Offset after them."`
	Place Place  `json:"place" doc:"Where that is in the user's file."`
}

// JobDate is a date that speaks of a document.
type JobDate struct {
	Kind      string `json:"kind" enum:"reviewed,revised,next-review,effective,approved,created,posted,closing,expires,changed" doc:"What it is the date of. changed: of the file or its text, which says nothing of a review."`
	Source    string `json:"source" enum:"text,front-matter,margin,properties,git,file" doc:"Where it stands. margin: a header, footer or note of a page."`
	From      string `json:"from" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"First day that can be meant."`
	To        string `json:"to" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"Last day that can be meant."`
	Precision string `json:"precision" enum:"day,month,quarter,year" doc:"How exactly it is given."`
	Ambiguous bool   `json:"ambiguous,omitempty" doc:"True when day and month can change places, as in 3/4/21, and no other date of the run tells which is which."`
	Quote     string `json:"quote,omitempty" doc:"The words that give it."`
	Place     Place  `json:"place" doc:"Where that is."`
	Ignored   string `json:"ignored,omitempty" doc:"Why it is not taken as evidence."`
}

// When writes a date in as much detail as it has: 2021-02-24, 2021-02, 2021.
func (d JobDate) When() string {
	switch {
	case len(d.From) < 10 || d.Ambiguous:
		return d.From + " to " + d.To
	case d.Precision == "day" || d.Precision == "quarter":
		if d.From != d.To {
			return d.From + " to " + d.To
		}
		return d.From
	case d.Precision == "month":
		return d.From[:7]
	}
	return d.From[:4]
}

// Review says when a document was last gone through, and when it should be.
type Review struct {
	Last      string `json:"last,omitempty" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"The last day on which it can have been gone through, by the best evidence; absent when nothing tells."`
	Evidence  string `json:"evidence,omitempty" doc:"What says so, in words."`
	Sure      string `json:"sure,omitempty" enum:"high,medium,low" doc:"How far that evidence goes."`
	Months    int    `json:"interval_months" minimum:"1" unit:"months" doc:"How often it should be gone through."`
	From      string `json:"interval_from" enum:"document,client-file,settings,default" doc:"Who says how often."`
	Next      string `json:"next,omitempty" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"When it should be next: the day the document names, or the last review and the interval."`
	AgeMonths *int   `json:"age_months,omitempty" minimum:"0" unit:"months" doc:"Whole months from the last review to the day of the run."`
	Severe    bool   `json:"severe,omitempty" doc:"True when that is more than the policy's limit, 5 years unless it says otherwise."`
	Bumped    int    `json:"bumped,omitempty" minimum:"0" unit:"count" doc:"How many times a review date was set anew without a change of the text since it last changed, as git knows it."`
}

// JobMeasures are the figures of a job description.
type JobMeasures struct {
	Words         int    `json:"words" minimum:"0" unit:"count" doc:"Words of the document."`
	Judged        int    `json:"judged_words" minimum:"0" unit:"count" doc:"Words in which the contents are looked for: without legal notices, questionnaires and how to apply."`
	Behavior      string `json:"behavior" enum:"standard,activity,trait,none" doc:"The most observable thing it asks for towards customers. standard: an act with its manner or measure. activity: an act. trait: a quality of the person."`
	BehaviorQuote string `json:"behavior_quote,omitempty" doc:"The words that show it."`
	Behaviors     int    `json:"behaviors" minimum:"0" unit:"count" doc:"How many passages ask for an observable act towards customers."`
	Goal          string `json:"customer_goal" enum:"measured,aspired,none" doc:"Whether it names a goal for customers, and whether with a figure, a frequency or a time."`
	GoalQuote     string `json:"customer_goal_quote,omitempty" doc:"The words that show it."`
	Mission       bool   `json:"mission" doc:"Whether it ties the job to the organization's mission, vision or values."`
	Authority     bool   `json:"authority" doc:"Whether it says what the holder may decide for a customer."`
	People        bool   `json:"people_skills" doc:"Whether it asks for skills with people."`
	Dated         int    `json:"dated" minimum:"0" unit:"count" doc:"Different things named that are discontinued, renamed or out of use."`
	Passed        int    `json:"passed" minimum:"0" unit:"count" doc:"Deadlines, promises and dated references that are over."`
}

// Staleness is how far a document is out of date.
type Staleness struct {
	Score float64         `json:"score" minimum:"0" maximum:"100" unit:"0 (nothing speaks against it) to 100" doc:"The parts added up, at most 100."`
	Parts []StalenessPart `json:"parts" doc:"What it is made of; every part is there, also when it is 0."`
}

// StalenessPart is one part of the staleness.
type StalenessPart struct {
	Name   string  `json:"name" enum:"review,contents,organization,direction" doc:"review: how long ago it was gone through. contents: things and days that are over. organization: departments, roles and reporting lines that are no longer so. direction: what it carries of the vision and asks for customers."`
	Points float64 `json:"points" minimum:"0" doc:"Its points."`
	Most   float64 `json:"most" minimum:"0" doc:"The most it can have."`
	Why    string  `json:"why,omitempty" doc:"What the points are for, in words; absent when there are none."`
}

// NewJob makes the record of a job description. The record's client, day, sources
// and tool are as in envelope; its other fields are filled in.
func NewJob(envelope Record, j Job) (*Record, error) {
	return sealBody(envelope, Key{Client: envelope.Client.ID, Kind: KindJob, Subject: j.ID}, j)
}

// sealBody makes a record of a body.
func sealBody(envelope Record, key Key, body any) (*Record, error) {
	text, err := encode(body)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", key, err)
	}
	rec := envelope
	rec.Other = text
	return &rec, rec.Seal(key)
}

// Job reads the body of a record of kind job. The record keeps the body as it came,
// with fields that only a later version knows.
func (r *Record) Job() (Job, error) {
	var j Job
	if err := r.body(KindJob, &j); err != nil {
		return Job{}, err
	}
	return j, j.check()
}

// body reads a body that is kept as text.
func (r *Record) body(kind Kind, to any) error {
	if r.Kind != kind {
		return fmt.Errorf("%s is not of kind %s but of kind %s", r.Key, kind, r.Kind)
	}
	if err := json.Unmarshal(r.Other, to); err != nil {
		return bodyFault(kind, err)
	}
	return nil
}

// Verdicts lists the verdicts on job descriptions, the most pressing first.
func Verdicts() []string { return []string{"stale", "overdue", "due", "unknown", "closed", "current"} }

// check reports what makes a job unfit to be shown: no id, an unknown verdict,
// figures out of their range, findings that end before they begin.
func (j *Job) check() error {
	if j.ID == "" {
		return errors.New("job has no id")
	}
	if !slices.Contains(Verdicts(), j.Verdict) {
		return fmt.Errorf("job %q has the unknown verdict %q", j.ID, j.Verdict)
	}
	if s := j.Staleness; s != nil && !(s.Score >= 0 && s.Score <= 100) {
		return fmt.Errorf("the staleness of job %q is not from 0 to 100", j.ID)
	}
	for i, f := range j.Findings {
		if f.Start < 0 || f.End < f.Start {
			return fmt.Errorf("finding %d of job %q ends before it begins", i+1, j.ID)
		}
	}
	return nil
}
