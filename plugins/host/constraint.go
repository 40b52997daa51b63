package host

import (
	"fmt"
	"strings"

	"golang.org/x/mod/semver"
)

// checkConstraint reports whether version meets what an exporter asks for, such
// as ">= 0.3" or ">= 0.3, < 2". A version that is not a release, as of a build
// from a checkout, meets everything.
func checkConstraint(constraint, version string) error {
	// A build on the way to a release has what the release will have.
	have := "v" + strings.TrimSuffix(strings.TrimPrefix(version, "v"), "-dev")
	for term := range strings.SplitSeq(constraint, ",") {
		term = strings.TrimSpace(term)
		if term == "" {
			continue
		}
		number := strings.TrimLeft(term, "<>= ")
		op, want := strings.TrimSpace(strings.TrimSuffix(term, number)), "v"+number
		if !semver.IsValid(want) {
			return violation("%q is no constraint of versions", constraint)
		}
		met, known := compare(semver.Compare(have, want), op)
		switch {
		case !known:
			return violation("%q is no constraint of versions", constraint)
		case semver.IsValid(have) && !met:
			return fmt.Errorf("works with firstcall %s, and this is %s", constraint, version)
		}
	}
	return nil
}

// compare reads the order of two versions by an operator.
func compare(order int, op string) (met, known bool) {
	switch op {
	case ">=":
		return order >= 0, true
	case ">":
		return order > 0, true
	case "<=":
		return order <= 0, true
	case "<":
		return order < 0, true
	case "=", "":
		return order == 0, true
	}
	return false, false
}
