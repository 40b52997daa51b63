package main

import (
	"errors"
	"io/fs"
	"reflect"
	"testing"

	"github.com/firstcall-cli/firstcall/core/auditor"
	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/ledger"
)

// Releases of other instruments are none of a run's business, and columns are
// the same however they are spelled.
func TestFurther(t *testing.T) {
	instr, err := instrument.Open("eight-qualities")
	if err != nil {
		t.Fatal(err)
	}
	of := func(name, id string, by ...string) *auditor.Release {
		return &auditor.Release{
			Name: name, Instrument: id,
			Cells:   []auditor.Cell{{}, {By: by, Within: []auditor.Within{{Column: by[0]}}}},
			Changes: []auditor.Change{{By: by}},
		}
	}
	kept := of("1", instr.ID, "DEPT", "which department do you work in?")
	b := &book{releases: []*auditor.Release{kept, of("2", "other", "shift"), of("3", instr.ID, "Site"), of("4", instr.ID, "site", "Dept")}}
	if got, want := b.further(instr, [][]string{{"dept"}}), []string{"department", "Site"}; !reflect.DeepEqual(got, want) {
		t.Errorf("further columns %q, want %q", got, want)
	}
	want := []*auditor.Release{of("1", instr.ID, "dept", "department"), of("3", instr.ID, "Site"), of("4", instr.ID, "Site", "dept")}
	if !reflect.DeepEqual(b.releases, want) {
		t.Errorf("releases %+v", b.releases)
	}
	if kept.Cells[1].By[0] != "DEPT" || kept.Cells[1].Within[0].Column != "DEPT" || kept.Changes[0].By[0] != "DEPT" {
		t.Error("the ledger's own release was changed")
	}
}

func TestLedgerHints(t *testing.T) {
	random := `give 32 random bytes in hex, as "openssl rand -hex 32" prints them`
	tests := []struct {
		err  error
		hint string
	}{
		{&ledger.KeyError{Where: "key file x", What: "is too short", Unfit: true}, random},
		{&ledger.KeyError{Where: "environment variable", What: "is not set"}, nameKey},
		{&ledger.KeyError{Where: "key file", What: "can't be opened", Err: fs.ErrNotExist}, nameKey},
		{&ledger.KeyError{Where: "key file x", What: "can't be opened", Err: fs.ErrPermission}, "check who may read or write that path"},
	}
	for _, tt := range tests {
		err := ledgerError(tt.err)
		if hint := hintOf(err); hint != tt.hint || err.Error() != tt.err.Error() || !errors.Is(err, tt.err) {
			t.Errorf("%v: hint %q, want %q", err, hint, tt.hint)
		}
	}
}
