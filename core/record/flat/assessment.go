package flat

import (
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// The units of figures.
const (
	people    = "people"
	scale     = "answer scale"
	points    = "points, 0 to 100"
	documents = "documents"
)

// Assessments is the table of assessments. It is the same for every instrument,
// so that the tables of many runs can be put below each other.
var Assessments = newTable(Table{
	Kind: record.KindAssessment, Name: "assessments", Title: "Assessments",
	About: "One row for each client, instrument, wave, group and dimension. Rows without a group are about everybody who answered.",
}, []Column{
	client(),
	{Name: "instrument", Title: "Instrument", Doc: "Id of the instrument.", Identity: true},
	{Name: "wave", Title: "Wave", Doc: "When it was asked, in the user's words.", Identity: true},
	{Name: "as_of", Title: "As of", Type: Date, Doc: "The day the record speaks of."},
	{Name: "by", Title: "Grouped by", Doc: "The columns of answers that the group is by, with * between them; empty for everybody.", Identity: true},
	{Name: "group", Title: "Group", Doc: "The group's values in those columns, with * between them; empty for everybody, (not stated) for people who did not say.", Identity: true},
	{Name: "dimension", Title: "Dimension id", Doc: "Id of the dimension.", Identity: true},
	{Name: "title", Title: "Dimension", Doc: "The dimension's title."},
	{Name: "withheld", Title: "Withheld", Type: YesNo, Doc: "Whether the figures are withheld to protect those who answered. They are empty then."},
	{Name: "n", Title: "People", Type: Whole, Unit: people, Doc: "How many people have a score in the dimension."},
	{Name: "mean", Title: "Mean", Type: Decimal, Unit: scale, Decimals: 2, Doc: "Mean of their scores, after reverse keying."},
	{Name: "sd", Title: "SD", Type: Decimal, Unit: scale, Decimals: 2, Doc: "Standard deviation of the scores (n-1)."},
	{Name: "ci_low", Title: "Mean, low", Type: Decimal, Unit: scale, Decimals: 2, Doc: "Lower bound of the mean's 95 % confidence interval (Student's t)."},
	{Name: "ci_high", Title: "Mean, high", Type: Decimal, Unit: scale, Decimals: 2, Doc: "Upper bound of that interval."},
	{Name: "percent", Title: "Percent of scale", Type: Percent, Decimals: 1, Doc: "The mean as percent of the scale: 100 (mean-min)/(max-min)."},
	{Name: "band", Title: "Band", Doc: "The instrument's name for where percent falls."},
	{Name: "favorable", Title: "Favorable", Type: Share, Decimals: 1, Doc: "Share of favorable answers, pooled over the items."},
	{Name: "favorable_low", Title: "Favorable, low", Type: Share, Decimals: 1, Doc: "Lower bound of its 95 % interval, clustered by respondent."},
	{Name: "favorable_high", Title: "Favorable, high", Type: Share, Decimals: 1, Doc: "Upper bound of that interval."},
	{Name: "alpha", Title: "Alpha", Type: Decimal, Decimals: 2, Doc: "Cronbach's alpha, raw, from covariances over the rows that answered both items of a pair."},
	{Name: "group_n", Title: "People in group", Type: Whole, Unit: people, Doc: "How many people the group has among those who answered."},
	{Name: "headcount", Title: "Headcount", Type: Whole, Unit: people, Doc: "How many people of the group were asked."},
	{Name: "response_rate", Title: "Response rate", Type: Share, Decimals: 1, Doc: "People who answered divided by people asked."},
	{Name: "index", Title: "Index", Type: Percent, Decimals: 1, Doc: "Unweighted mean of the dimensions' percent. It is the same in every row of a group."},
	{Name: "alpha_complete", Title: "Alpha, complete", Type: Decimal, Decimals: 2, Doc: "Cronbach's alpha, raw, from the rows that answered every item."},
	{Name: "omega", Title: "Omega", Type: Decimal, Decimals: 2, Doc: "Omega total of a one-factor model (McDonald, 1999); of everybody only."},
}, nil)

// Assessment gives the rows of an assessment: all respondents first, with nothing
// under by and group, then each group.
func Assessment(rec *record.Record) Rows {
	body := rec.Assessment.Body()
	all := record.Group{
		Withheld: body.Withheld, N: body.N, Response: body.Response, Index: body.Index, Dimensions: body.Dimensions,
	}
	rows := Rows{Assessments, make([]Row, 0, (1+len(body.Groups))*len(body.Instrument.Dimensions))}
	for _, g := range append([]record.Group{all}, body.Groups...) {
		if g.Withheld { // nothing more is said of it, whatever the record holds
			g = record.Group{By: g.By, Key: g.Key, Withheld: true}
		}
		by, name := strings.Join(g.By, "*"), GroupName(g.Key)
		for i, asked := range body.Instrument.Dimensions {
			row := Assessments.begin(rec)
			row = append(row,
				text(rec.Client.ID), text(body.Instrument.ID), text(body.Wave), date(rec.AsOf),
				text(by), text(name), text(asked.ID), text(asked.Title))
			rows.Rows = append(rows.Rows, row.addFigures(g, dimension(g, i, asked.ID)))
		}
	}
	return rows
}

// dimension is the dimension of a group that stands at a place in the instrument.
func dimension(g record.Group, at int, id string) record.Dimension {
	d := record.Dimension{Withheld: g.Withheld}
	if at < len(g.Dimensions) && g.Dimensions[at].ID == id {
		d = g.Dimensions[at]
	} else if i := slices.IndexFunc(g.Dimensions, func(d record.Dimension) bool { return d.ID == id }); i >= 0 {
		d = g.Dimensions[i]
	}
	if d.Withheld {
		return record.Dimension{Withheld: true}
	}
	return d
}

func (row Row) addFigures(g record.Group, d record.Dimension) Row {
	row = append(row, yesNo(d.Withheld), wholeOf(d.N), number(Decimal, d.Mean), number(Decimal, d.SD))
	var low, high, favorable *float64
	if d.CI != nil {
		low, high = &d.CI.Low, &d.CI.High
	}
	row = append(row, number(Decimal, low), number(Decimal, high), number(Percent, d.Percent), text(d.Band))
	low, high = nil, nil
	if d.Favorable != nil {
		favorable, low, high = &d.Favorable.Share, d.Favorable.Low, d.Favorable.High
	}
	pairwise, complete := alphas(d.Alpha)
	row = append(row, number(Share, favorable), number(Share, low), number(Share, high), number(Decimal, pairwise), wholeOf(g.N))
	var asked Value
	var rate *float64
	if g.Response != nil {
		asked, rate = whole(g.Response.Headcount), g.Response.Rate
	}
	return append(row, asked, number(Share, rate), number(Percent, g.Index), number(Decimal, complete), number(Decimal, d.Omega))
}

// alphas are the raw alphas under each treatment of missing answers.
func alphas(a *record.Alphas) (pairwise, complete *float64) {
	if a == nil {
		return nil, nil
	}
	if a.Pairwise != nil {
		pairwise = a.Pairwise.Raw
	}
	if a.Complete != nil {
		complete = a.Complete.Raw
	}
	return pairwise, complete
}

// GroupName is a group's key in one cell. A blank value means not stated.
func GroupName(key []string) string {
	named := make([]string, len(key))
	for i, k := range key {
		if named[i] = k; k == "" {
			named[i] = notStated
		}
	}
	return strings.Join(named, " * ")
}

const notStated = "(not stated)"
