// Package instrument defines survey instruments: what is asked, on which
// scale, how the items form dimensions, and how answers are to be treated. It
// reads and validates instruments from TOML and carries the built-in ones.
//
// An Instrument that Read, Builtin or Open returned is complete and consistent:
// every item has its resolved scale, ids are unique, and no defaults are left
// open. Treat it as read-only.
package instrument

import "slices"

// Instrument is a validated questionnaire with its scoring rules.
type Instrument struct {
	ID      string // letters, digits, hyphens and underscores; part of record keys
	Version string // of the wording; "1" when the file says nothing
	Title   string
	About   string // one paragraph for the reader of a report
	Source  string // where the model comes from

	Direction  Direction
	Scale      Scale // default of every item
	Policy     Policy
	Dimensions []Dimension // in the order of the file; never empty
	Outcomes   []Item      // items to be explained by the dimensions; may be empty
	Attributes []Attribute // columns about the respondent; may be empty
}

// Direction says which end of the scale is the good one.
type Direction string

const (
	HighIsGood Direction = "high-is-good" // the default
	HighIsBad  Direction = "high-is-bad"  // as for warning signs: a high score is a high risk
)

// Scale is the range of answers to an item. All bounds are inclusive.
type Scale struct {
	Min, Max int      // Min < Max
	Labels   []string // one for each step from Min to Max, or none
	// Favorable is the first step that counts as favorable, after reverse
	// keying: answers at or above it for a high-is-good instrument, at or
	// below it for a high-is-bad one. FavorableSet is false when the
	// instrument does not say; favorable shares are undefined then.
	Favorable    int
	FavorableSet bool
	MissingCodes []int // codes outside Min..Max that mean "no answer", such as -99
}

// Equal reports whether two scales offer the same answers with the same
// meaning. What counts as missing does not matter.
func (s Scale) Equal(o Scale) bool {
	return s.Min == o.Min && s.Max == o.Max && slices.Equal(s.Labels, o.Labels) &&
		s.FavorableSet == o.FavorableSet && s.Favorable == o.Favorable
}

// Options is the number of steps from Min to Max.
func (s Scale) Options() int { return s.Max - s.Min + 1 }

// MissingPolicy says when a respondent's answers to a dimension make a score.
type MissingPolicy string

const (
	AvailableMean     MissingPolicy = "available_mean"      // any answer is enough; mean of those given
	MinHalf           MissingPolicy = "min_half"            // at least half of the items answered; the default
	Min80Pct          MissingPolicy = "min_80pct"           // at least four fifths of the items answered
	CompleteOnly      MissingPolicy = "complete_only"       // every item answered
	ItemMeanImputed   MissingPolicy = "item_mean_imputed"   // a missing answer counts as the item's mean
	ItemMedianImputed MissingPolicy = "item_median_imputed" // a missing answer counts as the item's median
)

// Smallest group an instrument may publish, and the default. The floor holds
// whatever an instrument or a flag says.
const (
	MinGroupFloor   = 3
	MinGroupDefault = 5
)

// ActWithinDefault is how many days an action has when the instrument does not
// say, and ActWithinMost how many it may have.
const (
	ActWithinDefault = 90
	ActWithinMost    = 730
)

// Policy holds the instrument's rules for scoring and reading the results.
type Policy struct {
	Missing   MissingPolicy
	MinGroup  int     // smallest group whose figures are published; at least MinGroupFloor
	WeakBelow float64 // percent of scale, 0-100; a dimension below it is weak (above 100 minus it when high is bad)
	ActWithin int     // days from the day of the results to the due date of an action
	Bands     []Band  // ascending At, the first at 0; may be empty
}

// Band names a range of percent of scale, from At up to the next band's At.
type Band struct {
	At   float64 // percent, 0-100
	Name string
}

// Band returns the name of the band that percent (0-100) falls in, or "" when
// the instrument has no bands.
func (p Policy) Band(percent float64) string {
	name := ""
	for _, b := range p.Bands {
		if percent >= b.At {
			name = b.Name
		}
	}
	return name
}

// Dimension is a set of items that measure one quality.
type Dimension struct {
	ID     string
	Title  string
	About  string // one sentence for the reader of a report
	Action string // what to do when it is weak, for an action plan; may be empty
	Owner  string // who might own that action: a role, not a person; may be empty
	Level  int    // order in a hierarchical instrument, 1 at the bottom; 0 when the instrument has none
	Items  []Item // never empty; all items share one range
}

// Scale is the range that all items of the dimension share.
func (d Dimension) Scale() Scale { return d.Items[0].Scale }

// Item is one question or statement.
type Item struct {
	ID         string
	Text       string // as asked; the id when the file says nothing
	Reverse    bool   // agreement is bad news: the answer counts as Min+Max-x
	Scale      Scale  // resolved: the item's own, its dimension's or the instrument's
	Continuous bool   // answers are decimals within the scale
	Type       ItemType
	Facet      string // "service" or "care", or "" (see the improvement plan)
	Aspect     string // "ideal" or "practice", or ""
	Pair       string // id of the item that asks the other aspect of the same thing, or ""
}

// ItemType is how an item is answered.
type ItemType string

const (
	Likert ItemType = "likert" // the default
	ENPS   ItemType = "enps"   // 0-10, read as employee net promoter score
)

// Attribute is a column that says something about the respondent or the row.
type Attribute struct {
	ID        string
	Text      string // as asked, when it is; the id when the file says nothing
	Kind      AttributeKind
	Values    []string // the answers offered by a form; empty: free
	Leaders   []string // values that mark leaders, for leaders against front line
	Sensitive bool     // never a group to report by
}

// AttributeKind is what an attribute's column is used for.
type AttributeKind string

const (
	KindClient     AttributeKind = "client"     // splits rows into clients
	KindWave       AttributeKind = "wave"       // splits rows into waves
	KindGroup      AttributeKind = "group"      // may be reported by
	KindRespondent AttributeKind = "respondent" // a person's id; never published
	KindTime       AttributeKind = "time"       // when the row was answered
	KindHeadcount  AttributeKind = "headcount"  // how many people were asked
)

// Items lists the items of all dimensions and then the outcomes, in file order.
func (in *Instrument) Items() []Item {
	var all []Item
	for _, d := range in.Dimensions {
		all = append(all, d.Items...)
	}
	return append(all, in.Outcomes...)
}

// Attribute returns the attribute with that id, and whether there is one.
func (in *Instrument) Attribute(id string) (Attribute, bool) {
	for _, a := range in.Attributes {
		if a.ID == id {
			return a, true
		}
	}
	return Attribute{}, false
}

// Hierarchical reports whether the dimensions stand on each other, that is
// whether they carry levels.
func (in *Instrument) Hierarchical() bool { return in.Dimensions[0].Level > 0 }
