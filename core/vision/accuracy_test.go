package vision

import (
	"fmt"
	"slices"
	"testing"

	"github.com/firstcall-cli/firstcall/core/lint"
)

func TestWarnings(t *testing.T) {
	all := readRated(t, "../../../shared/statements-rated.tsv")
	rules := Rules()
	by := map[string][3]int{}
	warned := [3]int{}
	total := [3]int{}
	for _, r := range all {
		group := 1
		switch {
		case r.verdicts == [2]string{"good", "good"}:
			group = 0
		case r.verdicts == [2]string{"bad", "bad"}:
			group = 2
		}
		total[group]++
		facts, pieces := Example(r.text)
		res := lint.Run(rules, pieces, lint.Options{Facts: facts})
		seen := map[string]bool{}
		w := false
		for _, d := range res.Diagnostics {
			seen[d.Rule.ID+" "+d.Severity.String()] = true
			w = w || d.Severity >= lint.Warning
		}
		if w {
			warned[group]++
		}
		if group == 0 && w || group == 2 && !w {
			fmt.Println(group, r.id, r.text)
			for _, d := range res.Diagnostics {
				if d.Severity >= lint.Warning {
					fmt.Println("    ", d.Rule.ID, d.Message)
				}
			}
		}
		for id := range seen {
			c := by[id]
			c[group]++
			by[id] = c
		}
	}
	var ids []string
	for id := range by {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		fmt.Printf("%-40s good %d/%d  between %d/%d  bad %d/%d\n", id, by[id][0], total[0], by[id][1], total[1], by[id][2], total[2])
	}
	fmt.Println("warned", warned, total)
}
