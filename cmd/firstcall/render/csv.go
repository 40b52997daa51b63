package render

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// scoreHeader names the columns of an assessment as a table: a row for each
// client, wave, group and dimension. It is the same for every instrument, so
// that the tables of many runs can be put below each other; new columns come
// last, so that those of earlier versions keep their places.
var scoreHeader = []string{
	"client", "instrument", "wave", "as_of", "by", "group", "dimension", "title", "withheld",
	"n", "mean", "sd", "ci_low", "ci_high", "percent", "band",
	"favorable", "favorable_low", "favorable_high", "alpha",
	"group_n", "headcount", "response_rate", "index",
	"alpha_complete", "omega",
}

// scoreRows gives the rows of the table: all respondents first, with nothing
// under by and group, then each group.
func scoreRows(records []*record.Record) [][]string {
	var rows [][]string
	for _, r := range records {
		if r.Assessment == nil {
			continue
		}
		body := r.Assessment.Body()
		all := record.Group{
			Withheld: body.Withheld, N: body.N, Response: body.Response, Index: body.Index, Dimensions: body.Dimensions,
		}
		rows = append(rows, groupRows(r, body, all)...)
		for _, g := range body.Groups {
			rows = append(rows, groupRows(r, body, g)...)
		}
	}
	return rows
}

func groupRows(r *record.Record, body record.AssessmentBody, g record.Group) [][]string {
	var rows [][]string
	for i, text := range body.Instrument.Dimensions {
		d := record.Dimension{ID: text.ID, Withheld: true}
		if !g.Withheld {
			d = g.Dimensions[i]
		}
		row := []string{
			r.Client.ID, body.Instrument.ID, body.Wave, r.AsOf,
			strings.Join(g.By, "*"), groupName(g.Key), text.ID, text.Title, strconv.FormatBool(d.Withheld),
			integer(d.N), decimal(d.Mean), decimal(d.SD),
		}
		row = append(row, interval(d.CI)...)
		row = append(row, decimal(d.Percent), d.Band)
		row = append(row, share(d.Favorable)...)
		alpha, complete := alphas(d.Alpha)
		row = append(row, alpha, integer(g.N))
		row = append(row, response(g.Response)...)
		rows = append(rows, append(row, decimal(g.Index), complete, decimal(d.Omega)))
	}
	return rows
}

// alphas are the raw alphas under each treatment of missing answers.
func alphas(a *record.Alphas) (pairwise, complete string) {
	if a == nil {
		return "", ""
	}
	if a.Pairwise != nil {
		pairwise = decimal(a.Pairwise.Raw)
	}
	if a.Complete != nil {
		complete = decimal(a.Complete.Raw)
	}
	return pairwise, complete
}

// groupName is a group's key in one cell. A blank value means not stated.
func groupName(key []string) string {
	named := make([]string, len(key))
	for i, k := range key {
		if named[i] = k; k == "" {
			named[i] = notStated
		}
	}
	return strings.Join(named, " * ")
}

const notStated = "(not stated)"

func interval(ci *record.Interval) []string {
	if ci == nil {
		return []string{"", ""}
	}
	return []string{decimal(&ci.Low), decimal(&ci.High)}
}

func share(s *record.Share) []string {
	if s == nil {
		return []string{"", "", ""}
	}
	return []string{decimal(&s.Share), decimal(s.Low), decimal(s.High)}
}

func response(r *record.Response) []string {
	if r == nil {
		return []string{"", ""}
	}
	return []string{strconv.FormatInt(r.Headcount, 10), decimal(r.Rate)}
}

func decimal(x *float64) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'g', -1, 64)
}

func integer(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}

// cell guards a spreadsheet, which runs what begins like a formula. Numbers may
// begin with their sign, and a minus sign alone, as standard input is called, is
// none.
func cell(s string) string {
	if s == "" || s == "-" || !strings.ContainsRune("=+-@\t\r\n", rune(s[0])) || isNumber(s) {
		return s
	}
	return "'" + s
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil && strings.Trim(s, "+-.0123456789eE") == "" // neither words nor hexadecimal
}

// Delimited writes a table with its header in one of the formats csv and tsv,
// quoted where needed and with every cell guarded against spreadsheets.
func Delimited(w io.Writer, format string, header []string, rows [][]string) error {
	out := csv.NewWriter(w)
	if format == "tsv" {
		out.Comma = '\t'
	}
	for _, row := range slices.Concat([][]string{header}, rows) {
		guarded := make([]string, len(row))
		for i, s := range row {
			guarded[i] = cell(harmless(s))
		}
		if err := out.Write(guarded); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
