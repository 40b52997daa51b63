package auditor

// Release is what one assessment record tells of one survey: which sets of
// people it names, and the figures of each that it gives or withholds.
type Release struct {
	Name       string   `json:"name"` // how messages call it: the record's key, a file
	Client     string   `json:"client"`
	Instrument string   `json:"instrument"` // id
	Version    string   `json:"version"`    // of the instrument's wording
	Wave       string   `json:"wave,omitempty"`
	Missing    string   `json:"missing"`   // missing-answer policy
	Min        int64    `json:"min_group"` // smallest set of people it means to publish
	Measures   []string `json:"measures"`  // what the figures are of, see MeasurePeople
	Scales     []Scale  `json:"scales"`    // of the answers, parallel to Measures
	// Decimals is how many decimals means were printed with, 0 for all there are.
	Decimals int      `json:"decimals,omitempty"`
	Cells    []Cell   `json:"cells"`             // everybody first, then the groups
	Changes  []Change `json:"changes,omitempty"` // what it tells of an earlier wave
}

// Scale is the range of the answers that a measure is of. A range from 0 to 0
// is that of no answers: people are counted only, or the range is not known.
type Scale struct {
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Whole bool    `json:"whole,omitempty"` // all answers are whole numbers
}

// Change is what a release tells of the same set of people in an earlier wave.
type Change struct {
	Since   string   `json:"since"` // the earlier wave
	Measure string   `json:"measure"`
	By      []string `json:"by,omitempty"`
	Key     []string `json:"key,omitempty"`
	Matched *int64   `json:"matched,omitempty"` // people whose answers of both waves were matched
	Before  *Figure  `json:"before,omitempty"`  // figure of the earlier wave
}

// Measures are told apart by these names; a dimension's and an item's are
// followed by the id: "dimension culture", "item c1". Outcomes are items.
const (
	MeasurePeople    = "people"     // how many there are
	MeasureDimension = "dimension " // the people who have a score in it
	MeasureItem      = "item "      // the people who answered it
)

// Cell is a set of people that a release names: everybody, or the respondents
// who share the values Key of the columns By.
type Cell struct {
	By      []string  `json:"by,omitempty"`
	Key     []string  `json:"key,omitempty"`
	Within  []Within  `json:"within,omitempty"`
	Figures []*Figure `json:"figures"` // parallel to Release.Measures; nil where withheld or absent
}

// Within says that all people of a cell share the value of a column that the
// cell does not name: a store lies in one region.
type Within struct {
	Column string `json:"column"`
	Value  string `json:"value"`
}

// Figure is the exact sums that published figures reveal: a mean of n whole
// numbers is their sum.
type Figure struct {
	N int64 `json:"n"` // people
	// Sum and Squares are Σx and Σx² on the answer scale, after reverse keying,
	// where they are told or follow from what is told.
	Sum     *float64 `json:"sum,omitempty"`
	Squares *float64 `json:"squares,omitempty"`
	// Histogram counts the answers by step of the scale after reverse keying,
	// lowest first; nil where none is told. It is never written down: its
	// counts may be small.
	Histogram []int64 `json:"-"`
	// Alike says that everybody's figure is at one end, or the same: a share of
	// 0 or 1, a spread of 0.
	Alike bool `json:"-"`
}

// Known is what is known of the people behind a survey beyond what records
// tell: by the run that counted them, and by whoever knows the organization.
type Known struct {
	Columns []string // every column by which any release groups
	Atoms   []Atom   // the people who share the values of all columns; each set has somebody
}

// Atom is the people who share the values of all columns.
type Atom struct {
	Values []string // parallel to Known.Columns; "" is not stated
	// People is how many of them each measure counts, by its name.
	People map[string]int64
	// Figures are the sums of their answers, by the measure's name; nil where
	// they are not known.
	Figures map[string]*Figure
}

// Finding is one way in which something that is withheld, or the answers of
// too few people, could be worked out. It is a plain value, for reports sort,
// compare and print findings by their parts; and it is an error, for each is the
// reason why a record is not published and has to be told in one line.
type Finding struct {
	Release string // the name of the release it was found in; the later one where several are needed
	Cell    string // the set of people, in words: "everybody", "department Kitchen"
	Measure string // the measure's name
	What    string // lower case, no full stop: "can be computed from what is published"
}

// Error is the finding in one line.
func (f Finding) Error() string {
	return f.Release + ": " + f.Cell + ", " + f.Measure + ": " + f.What
}
