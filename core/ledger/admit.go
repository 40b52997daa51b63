package ledger

import (
	"errors"
	"fmt"

	"github.com/firstcall-cli/firstcall/core/auditor"
)

// minFigure is the smallest number of people whose figure is ever written,
// whatever a release says of its own minimum.
const minFigure = 3

// SmallFigureError refuses a release that tells of too few people. It does not
// say how many they are.
type SmallFigureError struct {
	Release string // its name
	Cell    string // "everybody", "department Kitchen, role not stated"
	Measure string
}

func (e *SmallFigureError) Error() string {
	return fmt.Sprintf("%s: %s, %s: is of fewer people than a ledger may tell of", e.Release, e.Cell, e.Measure)
}

var (
	errKeys   = errors.New("a set of people has not as many values as columns")
	errCells  = errors.New("a cell has not as many figures as there are measures")
	errScales = errors.New("there are not as many scales as measures")
)

// checkShape says what in a release would trip those who read it.
func checkShape(rel *auditor.Release) error {
	if len(rel.Scales) != len(rel.Measures) {
		return errScales
	}
	for _, cell := range rel.Cells {
		if len(cell.By) != len(cell.Key) {
			return errKeys
		}
		if len(cell.Figures) != len(rel.Measures) {
			return errCells
		}
	}
	for _, change := range rel.Changes {
		if len(change.By) != len(change.Key) {
			return errKeys
		}
	}
	return nil
}

// checkCounts refuses small counts. No release should have any; a ledger must
// not be what gives them away when one does.
func checkCounts(rel *auditor.Release) error {
	few := func(n int64) bool { return n != 0 && n < max(minFigure, rel.Min) }
	for _, cell := range rel.Cells {
		for i, figure := range cell.Figures {
			if figure != nil && few(figure.N) {
				return &SmallFigureError{Release: rel.Name, Cell: cell.String(), Measure: rel.Measures[i]}
			}
		}
	}
	for _, change := range rel.Changes {
		if change.Matched != nil && few(*change.Matched) || change.Before != nil && few(change.Before.N) {
			return &SmallFigureError{Release: rel.Name, Cell: auditor.Cell{By: change.By, Key: change.Key}.String(), Measure: change.Measure}
		}
	}
	return nil
}
