package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/firstcall-cli/firstcall/core/internal/seal"
)

// Assessment is the body of an assessment record. It can be read by anybody,
// through Body, and read back from JSON, but only core/disclosure can make a
// new one: what stands in it has passed the rules that protect respondents.
type Assessment struct {
	body AssessmentBody
	// text is the body's JSON. One that was read is passed on as it came, with
	// the fields that only a later version knows.
	text json.RawMessage
}

// NewAssessment makes an assessment from what disclosure let through. It
// panics without a key, which only core/disclosure has. The error is that of a
// figure JSON can't hold.
func NewAssessment(key seal.Key, body AssessmentBody) (*Assessment, error) {
	if !key.Valid() {
		panic("record: an assessment is made by core/disclosure alone")
	}
	text, err := encode(body)
	if err != nil {
		return nil, fmt.Errorf("write assessment: %w", err)
	}
	return &Assessment{body: body, text: text}, nil
}

// Body returns the figures. Do not change what its slices and pointers hold.
func (a *Assessment) Body() AssessmentBody { return a.body }

// MarshalJSON writes the body.
func (a *Assessment) MarshalJSON() ([]byte, error) { return a.text, nil }

// UnmarshalJSON reads a body that an earlier run made.
func (a *Assessment) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return errors.New("assessment is null")
	}
	if err := json.Unmarshal(data, &a.body); err != nil {
		return err
	}
	var text bytes.Buffer
	if err := json.Compact(&text, data); err != nil {
		return err
	}
	a.text = text.Bytes()
	return nil
}

// AssessmentBody is what an assessment says. Shares run from 0 to 1, percent
// from 0 to 100. A figure that can't be computed is absent and named in the
// undefined member beside it, with the reason; a cell that is withheld says
// so and nothing more.
type AssessmentBody struct {
	Instrument    Instrument      `json:"instrument" doc:"What was asked, complete, so that a reader needs nothing else."`
	Wave          string          `json:"wave,omitempty" doc:"When it was asked, in the user's words."`
	Withheld      bool            `json:"withheld,omitempty" doc:"Too few people answered to say anything."`
	N             *int64          `json:"n,omitempty" unit:"people" minimum:"0" doc:"Respondents who gave at least one answer."`
	Response      *Response       `json:"response,omitempty" doc:"How many of those asked answered, when headcounts were given."`
	Index         *float64        `json:"index,omitempty" unit:"percent 0-100" minimum:"0" maximum:"100" doc:"Unweighted mean of the dimensions' percent."`
	Band          string          `json:"band,omitempty" doc:"The instrument's name for where the index falls."`
	Dimensions    []Dimension     `json:"dimensions,omitempty" doc:"Figures of all respondents, in the instrument's order."`
	Outcomes      []Item          `json:"outcomes,omitempty" doc:"Figures of the instrument's outcome items."`
	Groups        []Group         `json:"groups,omitempty" doc:"Figures by group: in the order of the groupings asked for, then by name."`
	Agreement     []Agreement     `json:"agreement,omitempty" doc:"How far groups agree within and differ between, by grouping and dimension."`
	Gaps          []Gap           `json:"gaps,omitempty" doc:"Each published group against the rest."`
	Rankings      []Ranking       `json:"rankings,omitempty" doc:"The published groups in order."`
	Disconnects   []Disconnect    `json:"disconnects,omitempty" doc:"Dimensions on which the best and the worst group lie far apart, the widest first."`
	Leaders       []Leaders       `json:"leaders,omitempty" doc:"Leaders against the front line."`
	IdealPractice []IdealPractice `json:"ideal_practice,omitempty" doc:"Ideals against practice."`
	ServiceCare   []ServiceCare   `json:"service_care,omitempty" doc:"Service against care."`
	Changes       []Change        `json:"changes,omitempty" doc:"What changed since an earlier wave."`
	Drivers       []Drivers       `json:"drivers,omitempty" doc:"What drives each outcome."`
	Priorities    []Priority      `json:"priorities,omitempty" doc:"Where to begin."`
	Traces        []Trace         `json:"traces,omitempty" doc:"From each weak level down to its root, in a hierarchical instrument."`
	Method        Method          `json:"method" doc:"The rules by which the figures were made."`
	Data          *DataQuality    `json:"data,omitempty" doc:"What was read and what was left out; absent when all is withheld."`
	Undefined     UndefinedNote   `json:"undefined,omitempty" doc:"Figures that can't be computed: name and reason."`
}

// UndefinedNote names figures that can't be computed and says why, in words a
// client can read.
type UndefinedNote map[string]string

// Instrument is the wire form of what was asked.
type Instrument struct {
	ID         string          `json:"id" doc:"Id of the instrument."`
	Version    string          `json:"version" doc:"Version of its wording."`
	Title      string          `json:"title" doc:"Title for people."`
	About      string          `json:"about,omitempty" doc:"What it measures."`
	Source     string          `json:"source,omitempty" doc:"The model it comes from."`
	Direction  string          `json:"direction" enum:"high-is-good,high-is-bad" doc:"Which end of the scale is the good one."`
	Scale      *Scale          `json:"scale,omitempty" doc:"The scale that all items share; absent when they differ."`
	WeakBelow  float64         `json:"weak_below" unit:"percent 0-100" doc:"A dimension below it is weak; above 100 minus it when high is bad."`
	Bands      []Band          `json:"bands,omitempty" doc:"Names for ranges of percent, ascending."`
	Dimensions []DimensionText `json:"dimensions" doc:"The dimensions with their items."`
	Outcomes   []ItemText      `json:"outcomes,omitempty" doc:"Items to be explained by the dimensions."`
}

// Scale is a range of answers.
type Scale struct {
	Min       int      `json:"min" doc:"Lowest answer."`
	Max       int      `json:"max" doc:"Highest answer."`
	Labels    []string `json:"labels,omitempty" doc:"Words for the answers, lowest first."`
	Favorable *int     `json:"favorable,omitempty" doc:"Answers at or above it, after reverse keying, are favorable; at or below it when high is bad."`
}

// Band names a range of percent of scale, from At up to the next band.
type Band struct {
	At   float64 `json:"at" unit:"percent 0-100" doc:"Where the band begins."`
	Name string  `json:"name" doc:"Its name for people."`
}

// DimensionText is a dimension as asked.
type DimensionText struct {
	ID    string     `json:"id" doc:"Id of the dimension."`
	Title string     `json:"title" doc:"Title for people."`
	About string     `json:"about,omitempty" doc:"What it measures."`
	Level int        `json:"level,omitempty" minimum:"1" doc:"Order in a hierarchical instrument, 1 at the bottom."`
	Scale *Scale     `json:"scale,omitempty" doc:"Scale of its items, when the instrument has no common one."`
	Items []ItemText `json:"items" doc:"Its items in the order asked."`
}

// ItemText is an item as asked.
type ItemText struct {
	ID      string `json:"id" doc:"Id of the item."`
	Text    string `json:"text" doc:"The words of the item."`
	Reverse bool   `json:"reverse,omitempty" doc:"Reverse-keyed: an answer x counts as min+max-x."`
	Facet   string `json:"facet,omitempty" enum:"service,care" doc:"Whether the item asks about service or about care."`
	Aspect  string `json:"aspect,omitempty" enum:"ideal,practice" doc:"Whether the item asks about the ideal or the practice."`
	Pair    string `json:"pair,omitempty" doc:"Id of the item that asks the other aspect."`
	Scale   *Scale `json:"scale,omitempty" doc:"Its scale, when it is not that of its dimension."`
}

// Dimension holds the figures of one dimension. Mean, SD and interval are of
// the respondents' dimension scores, on the answer scale, after reverse
// keying.
type Dimension struct {
	ID        string        `json:"id" doc:"Id of the dimension."`
	Withheld  bool          `json:"withheld,omitempty" doc:"Withheld to protect respondents; no figure is given."`
	N         *int64        `json:"n,omitempty" unit:"people" minimum:"0" doc:"Respondents with a score under the missing-answer policy."`
	Mean      *float64      `json:"mean,omitempty" unit:"answer scale" doc:"Mean score."`
	SD        *float64      `json:"sd,omitempty" unit:"answer scale" minimum:"0" doc:"Standard deviation of the scores (n-1)."`
	CI        *Interval     `json:"ci,omitempty" unit:"answer scale" doc:"Confidence interval of the mean (Student's t)."`
	Percent   *float64      `json:"percent,omitempty" unit:"percent 0-100" minimum:"0" maximum:"100" doc:"The mean as percent of the scale: 100 (mean-min)/(max-min)."`
	Favorable *Share        `json:"favorable,omitempty" doc:"Share of favorable answers, pooled over the items; interval clustered by respondent."`
	Band      string        `json:"band,omitempty" doc:"The instrument's name for where percent falls."`
	Alpha     *Alphas       `json:"alpha,omitempty" doc:"Cronbach's alpha."`
	Omega     *float64      `json:"omega,omitempty" minimum:"0" maximum:"1" doc:"Omega total of a one-factor model (McDonald, 1999), by maximum likelihood over complete cases; of everybody only."`
	Items     []Item        `json:"items,omitempty" doc:"Figures of the items."`
	Undefined UndefinedNote `json:"undefined,omitempty" doc:"Figures that can't be computed: name and reason."`
}

// Interval is a confidence interval.
type Interval struct {
	Level float64 `json:"level" unit:"share 0-1" doc:"Confidence level, 0.95."`
	Low   float64 `json:"low" doc:"Lower bound."`
	High  float64 `json:"high" doc:"Upper bound."`
}

// Share is a proportion with its interval.
type Share struct {
	Share float64  `json:"share" unit:"share 0-1" minimum:"0" maximum:"1" doc:"The proportion."`
	Low   *float64 `json:"low,omitempty" unit:"share 0-1" minimum:"0" maximum:"1" doc:"Lower bound of its 95 % interval."`
	High  *float64 `json:"high,omitempty" unit:"share 0-1" minimum:"0" maximum:"1" doc:"Upper bound of its 95 % interval."`
}

// Alphas holds Cronbach's alpha under each treatment of missing answers.
type Alphas struct {
	Pairwise *Alpha `json:"pairwise,omitempty" doc:"From covariances over the rows that answered both items of a pair."`
	Complete *Alpha `json:"complete,omitempty" doc:"From the rows that answered every item."`
}

// Alpha is Cronbach's alpha (Cronbach, 1951).
type Alpha struct {
	N            *int64        `json:"n,omitempty" unit:"people" minimum:"0" doc:"Respondents it rests on."`
	Raw          *float64      `json:"raw,omitempty" maximum:"1" doc:"From covariances."`
	Standardized *float64      `json:"standardized,omitempty" maximum:"1" doc:"From correlations."`
	Low          *float64      `json:"low,omitempty" doc:"Lower bound of the raw alpha's 95 % interval (Feldt, 1965)."`
	High         *float64      `json:"high,omitempty" doc:"Upper bound of that interval."`
	Undefined    UndefinedNote `json:"undefined,omitempty" doc:"Figures that can't be computed: name and reason."`
}

// Item holds the figures of one item.
type Item struct {
	ID             string        `json:"id" doc:"Id of the item."`
	Withheld       bool          `json:"withheld,omitempty" doc:"Withheld to protect respondents; no figure is given."`
	N              *int64        `json:"n,omitempty" unit:"people" minimum:"0" doc:"Respondents who answered it."`
	Mean           *float64      `json:"mean,omitempty" unit:"answer scale" doc:"Mean answer after reverse keying."`
	SD             *float64      `json:"sd,omitempty" unit:"answer scale" minimum:"0" doc:"Standard deviation (n-1)."`
	CI             *Interval     `json:"ci,omitempty" unit:"answer scale" doc:"Confidence interval of the mean (Student's t)."`
	Percent        *float64      `json:"percent,omitempty" unit:"percent 0-100" minimum:"0" maximum:"100" doc:"The mean as percent of the scale."`
	Favorable      *Share        `json:"favorable,omitempty" doc:"Share of favorable answers, with a Wilson interval."`
	ItemRest       *ByTreatment  `json:"item_rest,omitempty" doc:"Correlation with the sum of the dimension's other items; of everybody only."`
	AlphaIfDropped *ByTreatment  `json:"alpha_if_dropped,omitempty" doc:"Raw alpha of the dimension without this item; of everybody only."`
	ENPS           *ENPS         `json:"enps,omitempty" doc:"Employee net promoter score, for an item of that type."`
	Histogram      []int64       `json:"histogram,omitempty" unit:"people" doc:"How many gave each answer, lowest answer first, as given: before reverse keying."`
	Undefined      UndefinedNote `json:"undefined,omitempty" doc:"Figures that can't be computed: name and reason."`
}

// ByTreatment is one figure under each treatment of missing answers.
type ByTreatment struct {
	Pairwise *float64 `json:"pairwise,omitempty" doc:"From covariances over the rows that answered both items of a pair."`
	Complete *float64 `json:"complete,omitempty" doc:"From the rows that answered every item."`
}

// ENPS is an employee net promoter score.
type ENPS struct {
	Promoters  float64  `json:"promoters" unit:"share 0-1" minimum:"0" maximum:"1" doc:"Share that answered 9 or 10."`
	Detractors float64  `json:"detractors" unit:"share 0-1" minimum:"0" maximum:"1" doc:"Share that answered 0 to 6."`
	Score      float64  `json:"score" unit:"-100 to 100" minimum:"-100" maximum:"100" doc:"100 times promoters less detractors."`
	Low        *float64 `json:"low,omitempty" unit:"-100 to 100" doc:"Lower bound of its 95 % interval."`
	High       *float64 `json:"high,omitempty" unit:"-100 to 100" doc:"Upper bound of its 95 % interval."`
}

// Group holds the figures of the respondents who share the values Key of the
// columns By.
type Group struct {
	By         []string      `json:"by" doc:"The columns grouped by; several when crossed."`
	Key        []string      `json:"key" doc:"The values of those columns; an empty one means not stated."`
	Within     []Within      `json:"within,omitempty" doc:"Larger groups that each group of these columns lies in, such as a store's region."`
	Withheld   bool          `json:"withheld,omitempty" doc:"Withheld to protect respondents; no figure is given."`
	N          *int64        `json:"n,omitempty" unit:"people" minimum:"0" doc:"Respondents in the group."`
	Response   *Response     `json:"response,omitempty" doc:"How many of those asked answered, when the group's headcount was given."`
	Index      *float64      `json:"index,omitempty" unit:"percent 0-100" minimum:"0" maximum:"100" doc:"Unweighted mean of the dimensions' percent."`
	Band       string        `json:"band,omitempty" doc:"The instrument's name for where the index falls."`
	Dimensions []Dimension   `json:"dimensions,omitempty" doc:"Figures of the group, in the instrument's order."`
	Outcomes   []Item        `json:"outcomes,omitempty" doc:"Figures of the instrument's outcome items."`
	Undefined  UndefinedNote `json:"undefined,omitempty" doc:"Figures that can't be computed: name and reason."`
}

// Within is a value that everybody in a group shares, of a column that the
// group is not by.
type Within struct {
	Column string `json:"column" doc:"The column."`
	Value  string `json:"value" doc:"Its value; empty means not stated."`
}

// Response compares those who answered with those who were asked.
type Response struct {
	Headcount int64         `json:"headcount" unit:"people" minimum:"1" doc:"People asked."`
	Rate      *float64      `json:"rate,omitempty" unit:"share 0-1" minimum:"0" maximum:"1" doc:"Respondents divided by headcount."`
	Undefined UndefinedNote `json:"undefined,omitempty" doc:"Why there is no rate."`
}

// Method records the rules by which the figures were made.
type Method struct {
	Missing    string  `json:"missing" enum:"available_mean,min_half,min_80pct,complete_only,item_mean_imputed,item_median_imputed" doc:"Missing-answer policy."`
	MinGroup   int     `json:"min_group" minimum:"3" unit:"people" doc:"Smallest group whose figures are published."`
	Confidence float64 `json:"confidence" unit:"share 0-1" doc:"Level of all intervals."`
	Waves      string  `json:"waves,omitempty" enum:"paired,unpaired" doc:"Whether people's answers were matched across waves; absent without an earlier wave."`
	Exclude    string  `json:"exclude,omitempty" enum:"careless" doc:"Respondents left out on request."`
}

// DataQuality counts what was read and what was left out, over all rows of
// the client and wave.
type DataQuality struct {
	Rows     int64     `json:"rows" minimum:"0" doc:"Rows read."`
	LeftOut  []LeftOut `json:"left_out,omitempty" doc:"Rows that are not among the respondents, by reason."`
	Answers  *int64    `json:"answers,omitempty" minimum:"0" doc:"Answers used; absent when the figures of an item are withheld, whose count it would give away."`
	Missing  *int64    `json:"missing,omitempty" minimum:"0" doc:"Empty answers of the respondents; absent when answers is."`
	Unusable int64     `json:"unusable" minimum:"0" doc:"Answers off the scale, counted as missing."`
	Careless *Careless `json:"careless,omitempty" doc:"Answers that look as if given without reading."`
}

// LeftOut counts rows left out for one reason.
type LeftOut struct {
	Reason string `json:"reason" doc:"Why, in plain words."`
	Rows   int64  `json:"rows" minimum:"1" doc:"How many."`
}
