package markdown

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/firstcall-cli/firstcall/core/record"
)

// agreementNotes says how much of what people answer goes with their group,
// and how far a group is of one mind.
func (w *writer) agreementNotes() {
	all := without(w.body.Agreement, func(x record.Agreement) bool { return x.Groups < 2 })
	if single := without(all, func(x record.Agreement) bool { return len(x.By) != 1 }); len(single) > 0 {
		all = single // crossed groups say it over again
	}
	if len(all) == 0 {
		return
	}
	w.sub("How far groups agree")
	for len(all) > 0 {
		by := all[0].By
		of := without(all, func(x record.Agreement) bool { return !slices.Equal(x.By, by) })
		all = without(all, func(x record.Agreement) bool { return slices.Equal(x.By, by) })
		w.para("**By "+byName(by)+"**, "+things(int64(of[0].Groups), "group", "groups")+".", w.mostBetween(of))
		var rows [][]string
		for _, x := range of {
			rows = append(rows, []string{w.titleOf(x.Dimension), betweenCell(x.ICC1), figureCell(x.ICC2), figureCell(x.MeanRWGJ)})
		}
		w.table([]column{{"Dimension", false}, {"Between groups", true}, {"Steadiness", true}, {"Agreement", true}}, rows)
	}
	w.bullets([]string{
		"**Between groups** (ICC(1)): how much of the differences between people goes with their group. At 0% it makes no difference in which group one works; from about 10% on it clearly does.",
		"**Steadiness** (ICC(2)): how far the groups’ scores would come out the same if other people of the same groups had answered. 0.70 or more is good; below that, do not make much of the order of the groups.",
		"**Agreement** (rwg(j), averaged over the groups): how far the people of a group answer alike. It is 1 when all of them do and 0 when they answer as if at random; from 0.70 on, a group’s score speaks for the group.",
	})
}

// mostBetween names the dimension in which the group makes most of a
// difference.
func (w *writer) mostBetween(of []record.Agreement) string {
	known := without(of, func(x record.Agreement) bool { return x.ICC1 == nil || !x.F.Chance().Beyond() || *x.ICC1 <= 0 })
	if len(known) == 0 {
		return "In no dimension do the differences between these groups go beyond chance."
	}
	most := bySize(known, func(x record.Agreement) float64 { return *x.ICC1 })[0]
	return fmt.Sprintf("It matters most in **%s**, where %s of the differences between people go with it.", w.titleOf(most.Dimension), betweenCell(most.ICC1))
}

// betweenCell is a share of differences for a table. A negative one says no
// more than none.
func betweenCell(x *float64) string {
	if x == nil {
		return notAvailable
	}
	return strconv.Itoa(percentOf(*x)) + "%"
}

// figureCell is a figure that is at most 1, for a table; negative values say
// no more than 0.
func figureCell(x *float64) string {
	if x == nil {
		return notAvailable
	}
	return decimals(max(0, *x))
}

// carelessNotes says how many answered as if without reading.
func carelessNotes(c *record.Careless) []string {
	if c == nil {
		return nil
	}
	var notes []string
	if c.LongRuns != nil {
		text := fmt.Sprintf("People who gave the same answer %d or more times in a row, perhaps without reading: %s", c.LongRun, count(*c.LongRuns))
		switch {
		case c.Excluded:
			text += "; they were left out"
		case *c.LongRuns > 0:
			text += "; they are counted like all others"
		}
		notes = append(notes, text+".")
	}
	if c.LongestRun != nil {
		notes = append(notes, "The longest run of the same answer: "+count(*c.LongestRun)+".")
	}
	if c.MeanIRV != nil {
		notes = append(notes, "How much one person’s answers vary, on average: "+decimals(*c.MeanIRV)+
			" (standard deviation). Near 0, people would have given one and the same answer throughout.")
	}
	return notes
}
