package record

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Statement is the body of a statement record: one vision or mission statement,
// what was found in it and what it is worth to the people who should act on it.
type Statement struct {
	ID         string            `json:"id" minLength:"1" doc:"Identifies the statement among the client's: its id in a table, or its path and heading."`
	Kind       string            `json:"kind" enum:"vision,mission,service-vision,values,promise,slogan" doc:"What sort of statement it is."`
	Scope      string            `json:"scope" enum:"company,department" doc:"Whom it is for."`
	Department string            `json:"department,omitempty" doc:"Name of the department, when the scope is one and it is known."`
	KindFrom   string            `json:"kind_from" enum:"given,heading,text,default" doc:"How the kind is known: given by the user, read from a heading, read from the text, or taken for granted."`
	Language   string            `json:"language" doc:"Language of the text as a BCP 47 tag: en. A text in a language that is not known well enough has no verdict."`
	Text       string            `json:"text" doc:"The statement without markup; of one longer than 64 KiB the beginning."`
	Cut        bool              `json:"cut,omitempty" doc:"True when text is only the beginning."`
	Place      Place             `json:"place" doc:"Where the statement begins."`
	Measures   Measures          `json:"measures" doc:"Figures of the text."`
	Findings   []Remark          `json:"findings" doc:"What the rules found, in the order of the text; findings about the whole statement first."`
	More       map[string]int    `json:"more,omitempty" doc:"By rule, how many further findings are not listed."`
	Accepted   int               `json:"accepted,omitempty" doc:"How many findings a baseline or a comment in the text accepts; they are not listed and still count in the verdict."`
	Verdict    *Verdict          `json:"verdict,omitempty" doc:"Absent when there is nothing to judge; undefined says why."`
	Summary    *Summary          `json:"summary,omitempty" doc:"The verdict in words."`
	Worksheet  *Worksheet        `json:"worksheet,omitempty" doc:"What the statement already says of who does what for whom, with blanks for the rest."`
	StaffTest  []string          `json:"staff_test,omitempty" doc:"Questions for a test with five employees."`
	Standing   *Standing         `json:"standing,omitempty" doc:"Where the statement stands among others."`
	Voices     *Voices           `json:"voices,omitempty" doc:"Which of the words employees gave the statement carries."`
	Undefined  map[string]string `json:"undefined,omitempty" doc:"What can't be told, by field name, with the reason."`
}

// Place is a place in a file of the user's.
type Place struct {
	File   string `json:"file" doc:"As the user named it; - is standard input."`
	Line   int    `json:"line,omitempty" minimum:"1" doc:"Line, or row of a table; absent in formats without lines."`
	Column int    `json:"column,omitempty" minimum:"1" doc:"Column, in characters."`
	Part   string `json:"part,omitempty" doc:"Where there are no lines: page 2, paragraph 14, Sheet1!C7."`
}

// Measures are the figures of a statement.
type Measures struct {
	Sentences     int      `json:"sentences" minimum:"0" unit:"count" doc:"Sentences."`
	Words         int      `json:"words" minimum:"0" unit:"count" doc:"Words."`
	WordsSentence float64  `json:"words_per_sentence" unit:"words" doc:"Words a sentence."`
	LongestWords  int      `json:"longest_sentence" unit:"words" doc:"Words of the longest sentence."`
	Syllables     float64  `json:"syllables_per_word" unit:"syllables" doc:"Syllables a word."`
	Flesch        *float64 `json:"flesch,omitempty" unit:"0 (hard) to 100 (easy)" doc:"Reading ease (Flesch 1948)."`
	FleschKincaid *float64 `json:"flesch_kincaid,omitempty" unit:"school grade" doc:"Kincaid et al. 1975."`
	GunningFog    *float64 `json:"gunning_fog,omitempty" unit:"school grade" doc:"Gunning 1952."`
	SMOG          *float64 `json:"smog,omitempty" unit:"school grade" doc:"McLaughlin 1969; made for 30 sentences."`
	ARI           *float64 `json:"ari,omitempty" unit:"school grade" doc:"Automated readability index (Senter and Smith 1967)."`
	ColemanLiau   *float64 `json:"coleman_liau,omitempty" unit:"school grade" doc:"Coleman and Liau 1975."`
	LIX           *float64 `json:"lix,omitempty" unit:"20 (easy) to 60 (hard)" doc:"Bjoernsson 1968."`
	Features      []Figure `json:"features" doc:"What the verdict is made of, each a figure with its meaning; the weights are documented."`
	Components    []string `json:"components" doc:"Which of the mission statement components of Pearce and David (1987) the text touches: customers, products, markets, technology, survival, philosophy, self-concept, public-image, employees. For information only."`
}

// Figure is one named figure.
type Figure struct {
	Name  string  `json:"name" minLength:"1" doc:"Name of the figure."`
	Value float64 `json:"value" doc:"Its value."`
}

// Remark is one finding: a place in a text where a rule has something to say.
type Remark struct {
	Rule        string  `json:"rule" minLength:"1" doc:"Id of the rule: clarity/buzzword."`
	Severity    string  `json:"severity" enum:"hint,warning,error" doc:"How much it weighs."`
	Message     string  `json:"message" minLength:"1" doc:"What is there, a sentence without a full stop."`
	Why         string  `json:"why,omitempty" doc:"Why it matters."`
	Fix         string  `json:"fix,omitempty" doc:"What a writer can do."`
	Start       int     `json:"start" minimum:"0" unit:"bytes" doc:"Offset of the first byte in the text of the record; start and end are equal when the whole text is meant."`
	End         int     `json:"end" minimum:"0" unit:"bytes" doc:"Offset after the last byte."`
	Quote       string  `json:"quote,omitempty" doc:"The words meant; of long ones the beginning."`
	Place       Place   `json:"place" doc:"Where that is in the user's file."`
	EndLine     int     `json:"end_line,omitempty" minimum:"1" doc:"Line of the last byte, in formats with lines."`
	EndColumn   int     `json:"end_column,omitempty" minimum:"1" doc:"Column after the last character, in formats with lines."`
	Replacement *string `json:"replacement,omitempty" doc:"What could stand there instead; empty means nothing."`
	Safe        bool    `json:"safe,omitempty" doc:"True when lint --fix would put the replacement there."`
}

// Verdict answers the questions that practitioners ask, each from 0 (no) to
// 100 (yes); 50 means that the statement would guide staff somewhat.
type Verdict struct {
	Overall     float64  `json:"overall" minimum:"0" maximum:"100" doc:"Would it guide what employees do?"`
	Simple      float64  `json:"simple" minimum:"0" maximum:"100" doc:"Can a new employee understand and repeat it?"`
	Concrete    float64  `json:"concrete" minimum:"0" maximum:"100" doc:"Could one see or check who does what for whom?"`
	True        float64  `json:"true" minimum:"0" maximum:"100" doc:"Does it fit this organization?"`
	Credible    float64  `json:"credible" minimum:"0" maximum:"100" doc:"Can it be kept?"`
	Provisional []string `json:"provisional,omitempty" doc:"Parts that rest on the text alone: true, when nothing is known of the organization."`
	Reasons     []Reason `json:"reasons" doc:"What moved the parts, the most first within each."`
}

// Reason is one thing that moved a part of the verdict.
type Reason struct {
	Part     string  `json:"part" enum:"simple,concrete,true,credible" doc:"The part it moved."`
	Points   float64 `json:"points" doc:"By how many points, up or down, from where a statement of the public corpus stands on average."`
	Text     string  `json:"text" minLength:"1" doc:"What it is, in plain words."`
	Rule     string  `json:"rule,omitempty" doc:"Id of the rule whose findings show it."`
	Findings []int   `json:"findings,omitempty" doc:"Indexes into findings."`
}

// Summary says in plain words what to do.
type Summary struct {
	Line   string   `json:"line" doc:"The verdict in a sentence or two."`
	Keep   []string `json:"keep,omitempty" doc:"What to keep."`
	Change []string `json:"change,omitempty" doc:"What to change, the most pressing first."`
}

// Worksheet holds the parts of a statement that guides. Each is a quotation
// from the text or empty: nothing is made up.
type Worksheet struct {
	Who     []string `json:"who" doc:"Who acts."`
	Does    []string `json:"does" doc:"What they do."`
	ForWhom []string `json:"for_whom" doc:"For whom."`
	Seen    []string `json:"seen" doc:"How one would see it."`
	When    []string `json:"when" doc:"By when, how often or how fast."`
}

// Standing compares the overall verdict with others.
type Standing struct {
	Rank         int     `json:"rank,omitempty" minimum:"1" doc:"Place among the client's statements of this run, 1 the best; equal ones share it."`
	Among        int     `json:"among,omitempty" minimum:"1" doc:"How many statements of the client there are in this run."`
	CorpusMedian float64 `json:"corpus_median" doc:"Median of the overall verdict over a public corpus."`
	CorpusShare  float64 `json:"corpus_share" minimum:"0" maximum:"1" unit:"share 0-1" doc:"Share of that corpus with a lower overall verdict; equal ones count half."`
	CorpusN      int     `json:"corpus_n" minimum:"1" unit:"count" doc:"How many statements the corpus has."`
}

// Voices says which words and ideas of the employees a statement carries.
type Voices struct {
	Answers int     `json:"answers" unit:"count" doc:"Answers that give at least one idea."`
	Carried float64 `json:"carried" minimum:"0" maximum:"1" unit:"share 0-1" doc:"About what share of those answers gives a named idea that the statement carries; coarse, so that nobody can be told from it. 0 and without meaning when there are too few answers; undefined says so."`
	Ideas   []Idea  `json:"ideas" doc:"The ideas most often given, the most frequent first; those of too few people are only counted, in rare."`
	Rare    int     `json:"rare" unit:"count" doc:"How many ideas too few people gave to be named."`
}

// Idea is a word of the employees with its forms and near relations.
type Idea struct {
	Word    string   `json:"word" doc:"A form that enough people gave, or the word that stands for the idea."`
	Answers int      `json:"answers" unit:"count" doc:"Answers that give it."`
	Carried bool     `json:"carried" doc:"Whether the statement carries it."`
	By      []string `json:"by,omitempty" doc:"The words of the statement that carry it."`
}

// NewStatement makes the record of a statement. The record's client, day, sources
// and tool are as in envelope; its other fields are filled in.
func NewStatement(envelope Record, s Statement) (*Record, error) {
	return sealBody(envelope, Key{Client: envelope.Client.ID, Kind: KindStatement, Subject: s.ID}, s)
}

// Statement reads the body of a record of kind statement. The record keeps the
// body as it came, with fields that only a later version knows.
func (r *Record) Statement() (Statement, error) {
	var s Statement
	if err := r.body(KindStatement, &s); err != nil {
		return Statement{}, err
	}
	return s, s.check()
}

// bodyFault words why a body is none of its kind.
func bodyFault(kind Kind, err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return fmt.Errorf("%s: %s", kind, wrongType(wrong))
	}
	return fmt.Errorf("%s: %w", kind, err)
}

// check reports what makes a statement unfit to be shown: no id, figures out of
// their range, findings outside the text, reasons that point at no finding.
func (s *Statement) check() error {
	if s.ID == "" {
		return errors.New("statement has no id")
	}
	for i, f := range s.Findings {
		if f.Start < 0 || f.End < f.Start || f.End > len(s.Text) && !s.Cut {
			return fmt.Errorf("finding %d of statement %q lies outside its text", i+1, s.ID)
		}
	}
	if s.Verdict == nil {
		return nil
	}
	v := s.Verdict
	for _, x := range []float64{v.Overall, v.Simple, v.Concrete, v.True, v.Credible} {
		if !(x >= 0 && x <= 100) {
			return fmt.Errorf("the verdict of statement %q is not from 0 to 100", s.ID)
		}
	}
	for _, r := range v.Reasons {
		for _, at := range r.Findings {
			if at < 0 || at >= len(s.Findings) {
				return fmt.Errorf("a reason of statement %q points at a finding it has not", s.ID)
			}
		}
	}
	return nil
}
