package record

// This file holds what a consultant reads between the figures: how far groups
// agree and differ, what changed, what drives an outcome, where trouble
// starts. Everything that compares groups is made from published figures
// alone. Each reading says in Text, in one plain sentence, what it means and
// how sure it is.

// Test is a test of a difference against none.
type Test struct {
	Statistic float64  `json:"statistic" doc:"Value of the test statistic: t, or F."`
	DF        float64  `json:"df" minimum:"0" doc:"Degrees of freedom; of the denominator for F."`
	DF1       *float64 `json:"df1,omitempty" minimum:"0" doc:"Degrees of freedom of the numerator, for F."`
	P         float64  `json:"p" unit:"share 0-1" minimum:"0" maximum:"1" doc:"Two-sided p-value of this test alone; one-sided for F."`
	PHolm     *float64 `json:"p_holm,omitempty" unit:"share 0-1" minimum:"0" maximum:"1" doc:"The p-value after Holm's correction over all tests of the table."`
}

// Effect is a standardized difference with its interval.
type Effect struct {
	Value float64 `json:"value" unit:"standard deviations" doc:"The effect."`
	Low   float64 `json:"low" unit:"standard deviations" doc:"Lower bound of its 95 % interval."`
	High  float64 `json:"high" unit:"standard deviations" doc:"Upper bound of its 95 % interval."`
}

// Side is one side of a comparison.
type Side struct {
	N       int64   `json:"n" unit:"people" minimum:"0" doc:"People."`
	Mean    float64 `json:"mean" unit:"answer scale" doc:"Mean score, after reverse keying."`
	SD      float64 `json:"sd" unit:"answer scale" minimum:"0" doc:"Standard deviation (n-1)."`
	Percent float64 `json:"percent" unit:"percent 0-100" minimum:"0" maximum:"100" doc:"The mean as percent of the scale."`
}

// Agreement says how far the members of groups agree on a dimension and how
// much of the differences lies between groups. It rests on published groups
// only.
type Agreement struct {
	By        []string      `json:"by" doc:"The columns grouped by."`
	Dimension string        `json:"dimension" doc:"Id of the dimension."`
	Groups    int           `json:"groups" minimum:"0" doc:"Groups it rests on: those whose figures are published."`
	N         int64         `json:"n" unit:"people" minimum:"0" doc:"People in these groups who have a score."`
	ICC1      *float64      `json:"icc1,omitempty" maximum:"1" doc:"ICC(1), share of the variance that lies between groups, with n0 as group size."`
	ICC2      *float64      `json:"icc2,omitempty" maximum:"1" doc:"ICC(2), reliability of the groups' means."`
	F         *Test         `json:"f,omitempty" doc:"One-way analysis of variance between the groups."`
	EtaSq     *float64      `json:"eta_sq,omitempty" unit:"share 0-1" minimum:"0" maximum:"1" doc:"Share of the sum of squares that lies between groups."`
	RWGJ      []GroupFigure `json:"rwg_j,omitempty" doc:"rwg(j) of each group (James, Demaree and Wolf, 1984), negative values as 0."`
	RWGStar   []GroupFigure `json:"rwg_star,omitempty" doc:"r*wg(j) of each group (Lindell and Brandt, 1997)."`
	AWG       []GroupFigure `json:"awg,omitempty" doc:"awg(j) of each group (Brown and Hauenstein, 2005)."`
	AD        []GroupFigure `json:"ad,omitempty" doc:"Mean absolute deviation from the item means, on the answer scale (Burke, Finkelstein and Dusig, 1999)."`
	MeanRWGJ  *float64      `json:"mean_rwg_j,omitempty" doc:"Mean of rwg(j) over these groups."`
	Capped    int           `json:"capped,omitempty" minimum:"0" doc:"Groups whose rwg(j) was negative and counts as 0."`
	Undefined UndefinedNote `json:"undefined,omitempty" doc:"Figures that can't be computed: name and reason."`
}

// GroupFigure is one figure of one group.
type GroupFigure struct {
	Key       []string `json:"key" doc:"The group's values of the columns grouped by."`
	Value     *float64 `json:"value,omitempty" doc:"The figure."`
	Undefined string   `json:"undefined,omitempty" doc:"Why there is none."`
}

// Gap compares one group with the rest: with all other published groups of the
// same grouping taken together.
type Gap struct {
	By         []string      `json:"by" doc:"The columns grouped by."`
	Key        []string      `json:"key" doc:"The group."`
	Dimension  string        `json:"dimension" doc:"Id of the dimension."`
	N          int64         `json:"n" unit:"people" minimum:"0" doc:"People of the group who have a score."`
	NRest      int64         `json:"n_rest" unit:"people" minimum:"0" doc:"People of the other published groups who have a score."`
	Difference float64       `json:"difference" unit:"answer scale" doc:"Mean of the group less that of the rest."`
	Points     float64       `json:"points" unit:"percent 0-100" doc:"The difference in points of percent of scale."`
	CI         *Interval     `json:"ci,omitempty" unit:"answer scale" doc:"Interval of the difference (Welch, 1947)."`
	G          *Effect       `json:"g,omitempty" doc:"Hedges g, with the exact correction (Hedges, 1981)."`
	Test       *Test         `json:"test,omitempty" doc:"Welch's t test; Holm's correction runs over all groups and dimensions of the grouping."`
	Undefined  UndefinedNote `json:"undefined,omitempty" doc:"Figures that can't be computed: name and reason."`
}

// Ranking puts the published groups of a grouping in order, the best first.
type Ranking struct {
	By      []string `json:"by" doc:"The columns grouped by."`
	Entries []Ranked `json:"entries" doc:"Groups with an index, the best first; equal ones share a rank."`
	Text    string   `json:"text" doc:"What it means and how sure it is."`
}

// Ranked is a group's place.
type Ranked struct {
	Rank  int      `json:"rank" minimum:"1" doc:"Its place, 1 the best."`
	Key   []string `json:"key" doc:"The group."`
	Index float64  `json:"index" unit:"percent 0-100" minimum:"0" maximum:"100" doc:"Its index."`
}

// Disconnect is a dimension on which the best and the worst group of a grouping
// lie far apart.
type Disconnect struct {
	By        []string `json:"by" doc:"The columns grouped by."`
	Dimension string   `json:"dimension" doc:"Id of the dimension."`
	Best      []string `json:"best" doc:"The group with the best score."`
	Worst     []string `json:"worst" doc:"The group with the worst score."`
	BestSide  Side     `json:"best_side" doc:"Figures of the best group."`
	WorstSide Side     `json:"worst_side" doc:"Figures of the worst group."`
	Points    float64  `json:"points" unit:"percent 0-100" doc:"How far they are apart, in points of percent of scale."`
	G         *Effect  `json:"g,omitempty" doc:"Hedges g between the two."`
	Test      *Test    `json:"test,omitempty" doc:"Welch's t test between the two; Holm's correction runs over all pairs of groups that were looked at to find them."`
	Text      string   `json:"text" doc:"What it means and how sure it is."`
}

// Leaders compares leaders with the front line, on the scores of one
// dimension.
type Leaders struct {
	By         string    `json:"by" doc:"The column that tells leaders."`
	Dimension  string    `json:"dimension" doc:"Id of the dimension."`
	Leaders    Side      `json:"leaders" doc:"Those who lead others."`
	FrontLine  Side      `json:"front_line" doc:"The others."`
	Difference float64   `json:"difference" unit:"answer scale" doc:"Mean of leaders less that of the front line."`
	Points     float64   `json:"points" unit:"percent 0-100" doc:"The difference in points of percent of scale."`
	CI         *Interval `json:"ci,omitempty" unit:"answer scale" doc:"Interval of the difference."`
	G          *Effect   `json:"g,omitempty" doc:"Hedges g."`
	Test       *Test     `json:"test,omitempty" doc:"Welch's t test; Holm's correction runs over the dimensions."`
	Text       string    `json:"text" doc:"What it means and how sure it is."`
}

// Pair compares two figures of the same people: the ideal and the practice of
// one thing, or service and care.
type Pair struct {
	N          int64     `json:"n" unit:"people" minimum:"0" doc:"People who have both."`
	First      float64   `json:"first" unit:"percent 0-100" doc:"Mean of the first, as percent of scale."`
	Second     float64   `json:"second" unit:"percent 0-100" doc:"Mean of the second, as percent of scale."`
	Difference float64   `json:"difference" unit:"answer scale" doc:"Mean of the first less the second, within people."`
	Points     float64   `json:"points" unit:"percent 0-100" doc:"The difference in points of percent of scale."`
	SD         float64   `json:"sd" unit:"answer scale" minimum:"0" doc:"Standard deviation of people's differences (n-1)."`
	CI         *Interval `json:"ci,omitempty" unit:"answer scale" doc:"Interval of the difference."`
	DZ         *float64  `json:"dz,omitempty" unit:"standard deviations" doc:"The mean difference over the SD of the differences."`
	Test       *Test     `json:"test,omitempty" doc:"Paired t test."`
}

// IdealPractice compares what people hold to be right with what is done.
type IdealPractice struct {
	Ideal    string   `json:"ideal" doc:"Id of the item about the ideal."`
	Practice string   `json:"practice" doc:"Id of the item about the practice."`
	By       []string `json:"by,omitempty" doc:"The columns grouped by; absent for all people."`
	Key      []string `json:"key,omitempty" doc:"The group; absent for all people."`
	Pair     Pair     `json:"pair" doc:"The ideal first, the practice second."`
	Text     string   `json:"text,omitempty" doc:"What it means and how sure it is."`
}

// ServiceCare reports service (helping to choose, use and complain) and care
// (listening, solving, following up) apart. A person's score in either is the
// mean over its items under the missing-answer policy.
type ServiceCare struct {
	By      []string `json:"by,omitempty" doc:"The columns grouped by; absent for all people."`
	Key     []string `json:"key,omitempty" doc:"The group; absent for all people."`
	Service Side     `json:"service" doc:"Everyone who has a service score."`
	Care    Side     `json:"care" doc:"Everyone who has a care score."`
	CIs     FacetCIs `json:"cis" doc:"Intervals of both means."`
	Pair    *Pair    `json:"pair,omitempty" doc:"Service first, care second, of those who have both."`
	Text    string   `json:"text,omitempty" doc:"What it means and how sure it is."`
}

// FacetCIs are the intervals of the two means.
type FacetCIs struct {
	Service *Interval `json:"service,omitempty" unit:"answer scale" doc:"Of the service score."`
	Care    *Interval `json:"care,omitempty" unit:"answer scale" doc:"Of the care score."`
}

// Change is what became of a dimension since an earlier wave. It stands in the
// later wave's record.
type Change struct {
	Since      string    `json:"since" doc:"The earlier wave."`
	Dimension  string    `json:"dimension" doc:"Id of the dimension."`
	By         []string  `json:"by,omitempty" doc:"The columns grouped by; absent for all people."`
	Key        []string  `json:"key,omitempty" doc:"The group; absent for all people."`
	Paired     bool      `json:"paired" doc:"Whether the same people's answers were matched; otherwise the waves are compared as wholes."`
	N          *int64    `json:"n,omitempty" unit:"people" minimum:"0" doc:"People matched, when paired."`
	Before     *Side     `json:"before,omitempty" doc:"Everyone in the earlier wave."`
	After      *Side     `json:"after,omitempty" doc:"Everyone in this wave."`
	Difference float64   `json:"difference" unit:"answer scale" doc:"This wave less the earlier one; of the people matched, when paired."`
	Points     float64   `json:"points" unit:"percent 0-100" doc:"The difference in points of percent of scale."`
	SD         *float64  `json:"sd,omitempty" unit:"answer scale" minimum:"0" doc:"Standard deviation of people's differences, when paired."`
	CI         *Interval `json:"ci,omitempty" unit:"answer scale" doc:"Interval of the difference."`
	G          *Effect   `json:"g,omitempty" doc:"Hedges g, when not paired."`
	DZ         *float64  `json:"dz,omitempty" unit:"standard deviations" doc:"Mean difference over the SD of the differences, when paired."`
	Test       *Test     `json:"test,omitempty" doc:"Welch's t test, or the paired one; Holm's correction runs over the dimensions."`
	Text       string    `json:"text,omitempty" doc:"What it means and how sure it is."`
}

// Drivers explain one outcome by the dimensions, over everybody who has a score
// in all of them and answered the outcome.
type Drivers struct {
	Outcome    string        `json:"outcome" doc:"Id of the outcome item."`
	N          *int64        `json:"n,omitempty" unit:"people" minimum:"0" doc:"People it rests on."`
	RSq        *float64      `json:"r_sq,omitempty" unit:"share 0-1" minimum:"0" maximum:"1" doc:"Share of the outcome's variance that the dimensions explain together."`
	Dimensions []Driver      `json:"dimensions,omitempty" doc:"Each dimension's part, in the instrument's order."`
	Interval   string        `json:"interval,omitempty" doc:"How the intervals were made: a parametric (Wishart) bootstrap, with how many replicates."`
	Text       string        `json:"text,omitempty" doc:"What it means and how sure it is."`
	Undefined  UndefinedNote `json:"undefined,omitempty" doc:"Figures that can't be computed: name and reason."`
}

// Driver is one dimension's part in explaining an outcome.
type Driver struct {
	Dimension string   `json:"dimension" doc:"Id of the dimension."`
	R         *float64 `json:"r,omitempty" minimum:"-1" maximum:"1" doc:"Correlation with the outcome."`
	Beta      *float64 `json:"beta,omitempty" doc:"Standardized regression coefficient."`
	Weight    *float64 `json:"weight,omitempty" unit:"share 0-1" minimum:"0" doc:"Johnson's relative weight (Johnson, 2000); the weights add up to r_sq."`
	Low       *float64 `json:"low,omitempty" unit:"share 0-1" doc:"Lower bound of the weight's 95 % interval."`
	High      *float64 `json:"high,omitempty" unit:"share 0-1" doc:"Upper bound of the weight's 95 % interval."`
	Share     *float64 `json:"share,omitempty" unit:"share 0-1" minimum:"0" maximum:"1" doc:"The weight as a share of all weights."`
}

// Priority is a dimension to work on first: a low score that drives an
// outcome strongly, where anything is known to drive one.
type Priority struct {
	Rank      int      `json:"rank" minimum:"1" doc:"Its place, 1 the most pressing."`
	Dimension string   `json:"dimension" doc:"Id of the dimension."`
	Percent   float64  `json:"percent" unit:"percent 0-100" minimum:"0" maximum:"100" doc:"Its score."`
	Room      float64  `json:"room" unit:"percent 0-100" minimum:"0" maximum:"100" doc:"How far it is from the best possible score."`
	Outcome   string   `json:"outcome,omitempty" doc:"The outcome by whose drivers the order goes; absent when no dimension in question drives one beyond chance and the right way, and only the score counts."`
	Share     *float64 `json:"share,omitempty" unit:"share 0-1" minimum:"0" maximum:"1" doc:"Its share in what drives the outcome; 0 where it is no driver, or a better score in it goes with a worse outcome."`
	Pressing  float64  `json:"pressing" unit:"percent 0-100" minimum:"0" doc:"What the order rests on: room times share, or room alone."`
	Text      string   `json:"text" doc:"What it means and how sure it is."`
}

// Trace follows a weak level of a hierarchical instrument down to where the
// trouble starts.
type Trace struct {
	Dimension string `json:"dimension" doc:"The weak level that the trace starts from."`
	Root      string `json:"root" doc:"The lowest weak level that it stands on without a break."`
	Links     []Link `json:"links,omitempty" doc:"The way down, level by level; empty when the trouble starts here."`
	Text      string `json:"text" doc:"What it means and how sure it is."`
}

// Link ties a level to the one below it, by how people's scores go together.
type Link struct {
	Upper     string        `json:"upper" doc:"Id of the upper level's dimension."`
	Lower     string        `json:"lower" doc:"Id of the lower level's dimension."`
	N         *int64        `json:"n,omitempty" unit:"people" minimum:"0" doc:"People who have a score in both."`
	R         *float64      `json:"r,omitempty" minimum:"-1" maximum:"1" doc:"Correlation of the two scores."`
	CI        *Interval     `json:"ci,omitempty" doc:"Its interval (Fisher, 1921)."`
	Undefined UndefinedNote `json:"undefined,omitempty" doc:"Figures that can't be computed: name and reason."`
}

// Careless counts answers that look as if they were given without reading.
type Careless struct {
	LongRun    int      `json:"long_run" unit:"answers" minimum:"0" doc:"From how many same answers in a row, in the instrument's order, a respondent counts as careless."`
	LongRuns   *int64   `json:"long_runs,omitempty" unit:"people" minimum:"0" doc:"Respondents with such a run."`
	LongestRun *int64   `json:"longest_run,omitempty" unit:"answers" minimum:"0" doc:"The longest run of all."`
	MeanIRV    *float64 `json:"mean_irv,omitempty" unit:"answer scale" minimum:"0" doc:"Mean over respondents of the SD of a person's answers as given (n-1), where all items share one scale."`
	Excluded   bool     `json:"excluded,omitempty" doc:"Whether respondents with a long run were left out on request."`
}
