package exporttest

import (
	"slices"
	"testing"

	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// Taken are the records of a file of NDJSON that an exporter takes.
func Taken(t testing.TB, e sdk.Exporter, path string) []sdk.Record {
	t.Helper()
	kinds := e.Info().Kinds
	return slices.DeleteFunc(Records(t, path), func(r sdk.Record) bool { return !slices.Contains(kinds, r.Kind) })
}

// Write writes records until none is to be tried again, as a host does, and counts what
// became of them. None may be rejected.
func Write(t testing.TB, s sdk.Session, records []sdk.Record) map[sdk.Status]int {
	t.Helper()
	count := map[sdk.Status]int{}
	for range 50 {
		outcomes, err := s.Write(t.Context(), sdk.Run{}, records)
		if err != nil {
			t.Fatal(err)
		}
		var again []sdk.Record
		for i, o := range outcomes {
			if o.Status == sdk.Retry {
				again = append(again, records[i])
				continue
			}
			if o.Status == sdk.Rejected {
				t.Errorf("%s: %+v", records[i].Key, o.Diagnostic)
			}
			count[o.Status]++
		}
		if records = again; len(records) == 0 {
			return count
		}
	}
	t.Fatalf("%d records are never written", len(records))
	return nil
}

// Apart takes the files out of what a target needs, and counts them.
func Apart(all []sdk.Provisioned) (objects []sdk.Provisioned, files int) {
	for _, p := range all {
		if p.File != nil {
			files++
		} else {
			objects = append(objects, p)
		}
	}
	return objects, files
}
