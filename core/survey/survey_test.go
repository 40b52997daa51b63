package survey

import (
	"fmt"

	"github.com/firstcall-cli/firstcall/core/instrument"
)

var agreement = instrument.Scale{Min: 1, Max: 5, MissingCodes: []int{-99},
	Labels: []string{"Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Don’t know anybody who’d disagree"}}

// likert is an instrument of n items q1 to qn, answered from 1 to 5.
func likert(n int) *instrument.Instrument {
	in := &instrument.Instrument{ID: "sample", Dimensions: []instrument.Dimension{{ID: "d"}}}
	for i := range n {
		in.Dimensions[0].Items = append(in.Dimensions[0].Items, instrument.Item{
			ID: fmt.Sprintf("q%d", i+1), Text: fmt.Sprintf("Statement number %d is true", i+1), Scale: agreement,
		})
	}
	return in
}
