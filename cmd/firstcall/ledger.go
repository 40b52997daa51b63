package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/firstcall-cli/firstcall/core/auditor"
	"github.com/firstcall-cli/firstcall/core/disclosure"
	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/ledger"
	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/score"
	"github.com/firstcall-cli/firstcall/core/survey"
)

// book is the ledger of a run: what was released before, to be held against
// what is about to be. The zero value is no ledger.
type book struct {
	*ledger.Ledger
	name     string
	releases []*auditor.Release // those before this run, called by their place; see further
}

// nameKey is what to do where there is no key.
const nameKey = "name one with --ledger-key file:PATH or env:NAME"

// openBook opens the ledger that the user named, if any. Close it after use.
func openBook(ctx context.Context, in *invocation) (*book, error) {
	path := in.text("ledger")
	if path == "" {
		if in.text("ledger-key") != "" {
			return nil, usagef("name the ledger with --ledger FILE", "--ledger-key needs --ledger")
		}
		return &book{}, nil
	}
	dir, err := os.UserConfigDir()
	if err != nil && in.text("ledger-key") == "" {
		return nil, &hinted{fmt.Errorf("there is no place for the ledger's key: %w", err), nameKey}
	}
	key, err := ledger.OpenKey(in.text("ledger-key"), filepath.Join(dir, "firstcall"))
	if err != nil {
		return nil, ledgerError(err)
	}
	l, err := ledger.Open(ctx, path, key)
	if err != nil {
		return nil, ledgerError(err)
	}
	b := &book{Ledger: l, name: path}
	for i, r := range l.Releases() {
		named := *r
		named.Name = fmt.Sprintf("release %d of %s", i+1, filepath.Base(path))
		b.releases = append(b.releases, &named)
	}
	return b, nil
}

// close ends the use of the ledger.
func (b *book) close() {
	if b.Ledger != nil {
		_ = b.Ledger.Close() // what counts was saved
	}
}

// further prepares the releases for a run of an instrument by some columns: it
// keeps those of that instrument and has them spell columns as the run does. It
// lists the columns by which they group and the run does not.
func (b *book) further(instr *instrument.Instrument, by [][]string) []string {
	known := map[string]string{} // this run's spelling of a folded name
	for _, names := range score.Canonical(instr, by) {
		for _, name := range names {
			known[survey.Fold(name)] = name
		}
	}
	var out []string
	spell := func(column string) string {
		name := score.Canonical(instr, [][]string{{column}})[0][0]
		folded := survey.Fold(name)
		if _, ok := known[folded]; !ok {
			known[folded], out = name, append(out, name)
		}
		return known[folded]
	}
	var kept []*auditor.Release
	for _, r := range b.releases {
		if r.Instrument == instr.ID {
			kept = append(kept, respelled(r, spell))
		}
	}
	b.releases = kept
	return out
}

// respelled is a copy of a release with other names of columns.
func respelled(r *auditor.Release, spell func(column string) string) *auditor.Release {
	all := func(columns []string) []string {
		var out []string
		for _, column := range columns {
			out = append(out, spell(column))
		}
		return out
	}
	out := *r
	out.Cells, out.Changes = slices.Clone(r.Cells), slices.Clone(r.Changes)
	for i := range out.Cells {
		c := &out.Cells[i]
		c.By, c.Within = all(c.By), slices.Clone(c.Within)
		for j := range c.Within {
			c.Within[j].Column = spell(c.Within[j].Column)
		}
	}
	for i := range out.Changes {
		out.Changes[i].By = all(out.Changes[i].By)
	}
	return &out
}

// enter writes down what is about to be released. It must succeed before
// anything is.
func (b *book) enter(records []*record.Record) error {
	if b.Ledger == nil {
		return nil
	}
	for _, rec := range records {
		if rec.Kind != record.KindAssessment {
			continue
		}
		release, _ := auditor.ReleaseOf(rec.Key, rec.Assessment.Body(), rec.Client.ID) // it was audited before
		told, err := json.Marshal(rec.Assessment)
		if err != nil {
			return fmt.Errorf("ledger %s: add %s: %w", b.name, rec.Key, err)
		}
		if _, err := b.Add(release, told); err != nil {
			return ledgerError(err)
		}
	}
	if err := b.Save(); err != nil {
		return ledgerError(err)
	}
	return nil
}

// ledgerError words what is wrong with a ledger or its key.
func ledgerError(err error) error {
	var (
		tampered *ledger.TamperedError
		version  *ledger.VersionError
		locked   *ledger.LockedError
		mode     *ledger.KeyModeError
		key      *ledger.KeyError
	)
	switch {
	case errors.As(err, &tampered):
		return problem.Problem{File: tampered.File, Line: tampered.Line, What: tampered.What,
			Hint: "take the ledger from a backup; without it nobody knows what was released"}
	case errors.As(err, &version):
		return &hinted{err, "use the version of firstcall that wrote it, or a newer one"}
	case errors.As(err, &locked):
		return &hinted{err, "wait until the other run ends"}
	case errors.As(err, &mode):
		return &hinted{err, "let nobody else read it: chmod 600 " + mode.File}
	case errors.As(err, &key) && errors.Is(err, fs.ErrPermission):
		return err // errors.go has a hint for that
	case errors.As(err, &key) && !key.Unfit:
		return &hinted{err, nameKey}
	case errors.As(err, &key):
		return &hinted{err, "give 32 random bytes in hex, as \"openssl rand -hex 32\" prints them"}
	case errors.Is(err, ledger.ErrWrongKey):
		return &hinted{err, "name the right key with --ledger-key"}
	case errors.Is(err, ledger.ErrNotLedger):
		return &hinted{err, "name another file: the ledger is made when it is not there"}
	}
	return err
}

// What gives people away, and what to do about it.
const (
	blameProgram = "nothing was written. Ask for fewer groups; this is a fault in firstcall, please report it"
	blameLedger  = "nothing was written. What was released can't be taken back: ask for the same groups of the same people, " +
		"or for all groups in one run; if the earlier results never left your hands, begin a new ledger"
	blamePrevious = "nothing was written. It gives people away together with the records that --previous names: " +
		"ask for the same groups of the same people as they tell of; if they never left your hands, leave them out"
)

// leakError words what the auditor found, a finding a line.
func leakError(err error, hint string) error {
	var leak *disclosure.LeakError
	if !errors.As(err, &leak) {
		return err
	}
	var all []error
	for _, f := range leak.Findings {
		all = append(all, &hinted{f, hint})
	}
	return errors.Join(all...)
}
