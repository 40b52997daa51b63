package record

import (
	"errors"
	"fmt"
)

// Folder is the body of a folder record: the job descriptions of one client and run,
// rolled up.
type Folder struct {
	ID        string            `json:"id" minLength:"1" doc:"The folder as the user named it, with slashes; of several, what their paths have in common, or a dot."`
	Documents int               `json:"documents" minimum:"0" unit:"count" doc:"Job descriptions that were read."`
	Unread    []Unread          `json:"unread,omitempty" doc:"Documents that could not be read, with the reason. They are not clean: nobody knows."`
	Verdicts  VerdictCounts     `json:"verdicts" doc:"How many documents have which verdict."`
	Kinds     map[string]int    `json:"doc_kinds" doc:"How many documents are of which kind."`
	Median    *float64          `json:"median_staleness,omitempty" minimum:"0" maximum:"100" doc:"Median of the staleness of documents that are in use."`
	Reviewed  *float64          `json:"reviewed_share,omitempty" minimum:"0" maximum:"1" unit:"share 0-1" doc:"Share of the documents in use that were gone through within their interval, by evidence of a review."`
	Oldest    string            `json:"oldest_review,omitempty" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"The longest-past last review among documents in use."`
	Parts     []FolderPart      `json:"parts" doc:"The same by subfolder and by department."`
	Themes    []Theme           `json:"themes" doc:"What is true of nearly every document, said once."`
	Rules     map[string]int    `json:"rules" doc:"In how many documents each rule found something."`
	Values    []Carried         `json:"values,omitempty" doc:"The values of the client file, and how many documents carry each."`
	Uncovered []string          `json:"uncovered_departments,omitempty" doc:"Departments of the client file that no document is of."`
	HandOffs  []HandOffGap      `json:"hand_offs,omitempty" doc:"Hand-offs of the client file that the descriptions of their owners do not speak of."`
	Copies    []Copies          `json:"copies,omitempty" doc:"Documents that are nearly the same."`
	Decisions []RulePrecision   `json:"decisions,omitempty" doc:"How often each rule's findings were accepted at this client, by the decision file."`
	Since     *FolderChange     `json:"since,omitempty" doc:"What has changed since the records of an earlier visit."`
	Summary   []string          `json:"summary" doc:"The folder in words, the most telling first."`
	Undefined map[string]string `json:"undefined,omitempty" doc:"What can't be told, by field name, with the reason."`
}

// VerdictCounts counts documents by verdict.
type VerdictCounts struct {
	Current int `json:"current" minimum:"0" unit:"count" doc:"Current."`
	Due     int `json:"due" minimum:"0" unit:"count" doc:"Due soon."`
	Overdue int `json:"overdue" minimum:"0" unit:"count" doc:"Overdue for review."`
	Stale   int `json:"stale" minimum:"0" unit:"count" doc:"Something they say is no longer so."`
	Closed  int `json:"closed" minimum:"0" unit:"count" doc:"No longer in use."`
	Unknown int `json:"unknown" minimum:"0" unit:"count" doc:"Nothing tells."`
}

// Add counts one more document of a verdict.
func (c *VerdictCounts) Add(verdict string) {
	switch verdict {
	case "current":
		c.Current++
	case "due":
		c.Due++
	case "overdue":
		c.Overdue++
	case "stale":
		c.Stale++
	case "closed":
		c.Closed++
	default:
		c.Unknown++
	}
}

// Unread is a document that could not be read.
type Unread struct {
	File   string `json:"file" doc:"Its path."`
	Reason string `json:"reason" minLength:"1" doc:"Why, in words."`
}

// FolderPart is the roll-up of a part of the documents.
type FolderPart struct {
	By        string        `json:"by" enum:"folder,department" doc:"What it is a part by."`
	Name      string        `json:"name" doc:"The subfolder or the department; empty for documents without one."`
	Documents int           `json:"documents" minimum:"0" unit:"count" doc:"How many it has."`
	Verdicts  VerdictCounts `json:"verdicts" doc:"Of which verdict."`
}

// Theme is something that is true of nearly every document.
type Theme struct {
	Rule  string  `json:"rule" doc:"The rule."`
	Files int     `json:"files" minimum:"1" unit:"count" doc:"Of how many documents it is true."`
	Share float64 `json:"share" minimum:"0" maximum:"1" unit:"share 0-1" doc:"Of what share of those in use."`
	Text  string  `json:"text" doc:"In words."`
	Fix   string  `json:"fix,omitempty" doc:"What to do about it, once."`

	// Of lists the documents; the plan of the folder carries them.
	Of []string `json:"-"`
}

// Carried says how many documents carry a value.
type Carried struct {
	Value string `json:"value" doc:"The value's name."`
	Files int    `json:"files" minimum:"0" unit:"count" doc:"Documents that use a word of it."`
}

// HandOffGap is a hand-off between departments that the descriptions of its owners do
// not speak of: where nobody is told to hand on, or to take over, the customer falls
// between the two.
type HandOffGap struct {
	From string `json:"from" doc:"The department that hands on."`
	To   string `json:"to" doc:"The department that takes over."`
	What string `json:"what" doc:"What is handed on."`
	Gap  string `json:"gap" minLength:"1" doc:"What is missing, in words."`
}

// Copies are documents that are nearly the same.
type Copies struct {
	Files   []string `json:"files" doc:"Their ids."`
	Overlap float64  `json:"overlap" minimum:"0" maximum:"1" unit:"share 0-1" doc:"The least overlap by which they hang together: the Jaccard index of their runs of five words (Broder 1997), without passages that many documents share."`
}

// RulePrecision says how often the findings of a rule were right.
type RulePrecision struct {
	Rule     string  `json:"rule" doc:"The rule."`
	Accepted int     `json:"accepted" minimum:"0" unit:"count" doc:"Findings that the client accepted as right."`
	Rejected int     `json:"rejected" minimum:"0" unit:"count" doc:"Findings that the client rejected."`
	Share    float64 `json:"precision" minimum:"0" maximum:"1" unit:"share 0-1" doc:"Accepted among those decided."`
	Low      float64 `json:"low" minimum:"0" maximum:"1" unit:"share 0-1" doc:"Lower end of its 95 % interval (Wilson 1927)."`
	High     float64 `json:"high" minimum:"0" maximum:"1" unit:"share 0-1" doc:"Upper end."`
}

// FolderChange says what has changed since an earlier visit.
type FolderChange struct {
	AsOf     string        `json:"as_of,omitempty" doc:"The day of the earlier records."`
	Before   VerdictCounts `json:"before" doc:"The verdicts then."`
	Added    []string      `json:"added,omitempty" doc:"Documents that are new."`
	Gone     []string      `json:"gone,omitempty" doc:"Documents that are no longer there."`
	Better   []string      `json:"better,omitempty" doc:"Documents whose staleness fell by 5 or more."`
	Worse    []string      `json:"worse,omitempty" doc:"Documents whose staleness rose by 5 or more."`
	Resolved int           `json:"resolved" minimum:"0" unit:"count" doc:"Findings of then that are gone."`
	New      int           `json:"new" minimum:"0" unit:"count" doc:"Findings that were not there then."`
	Open     int           `json:"open" minimum:"0" unit:"count" doc:"Findings of then that are still there."`
}

// NewFolder makes the record of a folder. The record's client, day, sources and tool
// are as in envelope; its other fields are filled in.
func NewFolder(envelope Record, f Folder) (*Record, error) {
	return sealBody(envelope, Key{Client: envelope.Client.ID, Kind: KindFolder, Subject: f.ID}, f)
}

// Folder reads the body of a record of kind folder. The record keeps the body as it
// came, with fields that only a later version knows.
func (r *Record) Folder() (Folder, error) {
	var f Folder
	if err := r.body(KindFolder, &f); err != nil {
		return Folder{}, err
	}
	return f, f.check()
}

// check reports what makes a folder unfit to be shown.
func (f *Folder) check() error {
	if f.ID == "" {
		return errors.New("folder has no id")
	}
	for _, c := range f.Copies {
		if len(c.Files) < 2 {
			return fmt.Errorf("copies in folder %q name one document", f.ID)
		}
	}
	return nil
}
