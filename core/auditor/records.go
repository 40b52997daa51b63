package auditor

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// Source is a record and what messages call it.
type Source struct {
	Name   string // a file's name; "" for the record's key
	Record *record.Record
}

// Records finds what could be worked out from records that are read together,
// of any clients, instruments and waves and of any origin. Records that are no
// assessments are left alone. When ctx is done it stops and what it found so
// far is not all there is.
func Records(ctx context.Context, sources []Source, rules Rules) []Finding {
	var releases []*Release
	var out []Finding
	names := namesOf(sources)
	for i, s := range sources {
		if !s.assessment() {
			continue
		}
		if ctx.Err() != nil {
			break
		}
		r, findings := releaseOf(ctx, names[i], s.Record.Assessment.Body(), s.Record.Client.ID)
		releases = append(releases, r)
		out = append(out, findings...)
	}
	said := map[[3]string]bool{}
	for _, f := range out {
		said[[3]string{f.Release, f.Cell, f.Measure}] = true
	}
	for _, f := range Releases(ctx, releases, nil, rules) {
		// Too few people, or all alike, in a published cell: its form says so
		// in better words.
		if (f.What == faultFew || f.What == faultAlike) && said[[3]string{f.Release, f.Cell, f.Measure}] {
			continue
		}
		out = append(out, f)
	}
	return tidy(out)
}

// assessment reports whether it is a record of answers to a survey.
func (s Source) assessment() bool {
	return s.Record != nil && s.Record.Kind == record.KindAssessment && s.Record.Assessment != nil
}

// namesOf says how messages call each record: by its file and, where this
// holds several, its key.
func namesOf(sources []Source) []string {
	names, count := make([]string, len(sources)), map[string]int{}
	for _, s := range sources {
		if s.assessment() {
			count[s.Name]++
		}
	}
	for i, s := range sources {
		switch {
		case !s.assessment():
		case s.Name == "":
			names[i] = s.Record.Key
		case count[s.Name] > 1:
			names[i] = s.Name + " (" + s.Record.Key + ")"
		default:
			names[i] = s.Name
		}
	}
	return names
}

// tidy puts findings in an order that does not depend on how they were found,
// each once.
func tidy(findings []Finding) []Finding {
	slices.SortFunc(findings, func(a, b Finding) int {
		return cmp.Or(record.CompareNatural(a.Release, b.Release), record.CompareNatural(a.Cell, b.Cell),
			record.CompareNatural(a.Measure, b.Measure), strings.Compare(a.What, b.What))
	})
	return slices.Compact(findings)
}

// everybody is how messages call all respondents.
const everybody = "everybody"

// cellName is a set of people in words: "department Kitchen, role not stated".
func cellName(by, key []string) string { return Cell{By: by, Key: key}.String() }

// String is the set of people in words: "everybody", "department Kitchen".
func (c Cell) String() string {
	by, key := c.By, c.Key
	var parts []string
	for i := range min(len(by), len(key)) {
		parts = append(parts, by[i]+" "+cmp.Or(key[i], "not stated"))
	}
	if len(parts) == 0 {
		return everybody
	}
	return strings.Join(parts, ", ")
}

// cellID is the same for the same set of people, in whatever order its columns
// stand.
func cellID(by, key []string) string {
	var parts []string
	for i := range min(len(by), len(key)) {
		parts = append(parts, strconv.Quote(by[i])+"="+strconv.Quote(key[i]))
	}
	slices.Sort(parts)
	return strings.Join(slices.Compact(parts), ",")
}

// columnsID is the same for the same columns in whatever order.
func columnsID(by []string) string {
	parts := make([]string, len(by))
	for i, column := range by {
		parts[i] = strconv.Quote(column)
	}
	slices.Sort(parts)
	return strings.Join(slices.Compact(parts), ",")
}
