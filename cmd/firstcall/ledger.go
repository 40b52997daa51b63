package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/firstcall-cli/firstcall/core/auditor"
	"github.com/firstcall-cli/firstcall/core/disclosure"
	"github.com/firstcall-cli/firstcall/core/ledger"
	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/survey"
)

// book is the ledger of a run: what was released before, to be held against
// what is about to be. The zero value is no ledger.
type book struct {
	*ledger.Ledger
	name     string
	releases []*auditor.Release // those before this run, called by their place
}

// openBook opens the ledger that the user named, if any. Close it after use.
func openBook(in *invocation) (*book, error) {
	path := in.text("ledger")
	if path == "" {
		if in.text("ledger-key") != "" {
			return nil, usagef("name the ledger with --ledger FILE", "--ledger-key needs --ledger")
		}
		return &book{}, nil
	}
	dir, err := os.UserConfigDir()
	if err != nil && in.text("ledger-key") == "" {
		return nil, &hinted{fmt.Errorf("there is no place for the ledger's key: %w", err), "name one with --ledger-key file:PATH"}
	}
	key, err := ledger.OpenKey(in.text("ledger-key"), filepath.Join(dir, "firstcall"))
	if err != nil {
		return nil, ledgerError(path, err)
	}
	l, err := ledger.Open(path, key)
	if err != nil {
		return nil, ledgerError(path, err)
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

// further lists the columns by which earlier releases of an instrument group
// and this run does not.
func (b *book) further(instrumentID string, by [][]string) []string {
	var known, out []string
	for _, names := range by {
		for _, n := range names {
			known = append(known, survey.Fold(n))
		}
	}
	for _, r := range b.releases {
		for _, c := range r.Cells {
			for _, column := range c.By {
				if r.Instrument == instrumentID && !slices.Contains(known, survey.Fold(column)) {
					known, out = append(known, survey.Fold(column)), append(out, column)
				}
			}
		}
	}
	return out
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
			return err
		}
		if _, err := b.Add(release, told); err != nil {
			return ledgerError(b.name, err)
		}
	}
	if err := b.Save(); err != nil {
		return ledgerError(b.name, err)
	}
	return nil
}

// ledgerError words what is wrong with a ledger or its key.
func ledgerError(path string, err error) error {
	var (
		tampered *ledger.TamperedError
		version  *ledger.VersionError
		locked   *ledger.LockedError
		mode     *ledger.KeyModeError
		key      *ledger.KeyError
	)
	switch {
	case errors.As(err, &tampered):
		return problem.Problem{File: path, Line: tampered.Line, What: tampered.What,
			Hint: "take the ledger from a backup; without it nobody knows what was released"}
	case errors.As(err, &version):
		return &hinted{err, "use the version of firstcall that wrote it, or a newer one"}
	case errors.As(err, &locked):
		return &hinted{err, "wait until the other run ends"}
	case errors.As(err, &mode):
		return &hinted{err, "let nobody else read it: chmod 600 " + mode.File}
	case errors.As(err, &key):
		return &hinted{err, "give 32 random bytes in hex, as \"openssl rand -hex 32\" prints them"}
	case errors.Is(err, ledger.ErrWrongKey):
		return &hinted{fmt.Errorf("%s: %w", path, err), "name the right key with --ledger-key"}
	case errors.Is(err, ledger.ErrNotLedger):
		return &hinted{fmt.Errorf("%s: %w", path, err), "name another file: the ledger is made when it is not there"}
	}
	return fmt.Errorf("ledger %s: %w", path, err)
}

// leakError words what the auditor found, a finding a line.
func leakError(err error, released bool) error {
	var leak *disclosure.LeakError
	if !errors.As(err, &leak) {
		return err
	}
	hint := "nothing was written. Ask for fewer groups; this is a fault in firstcall, please report it"
	if released {
		hint = "nothing was written. What was released can't be taken back: ask for the same groups of the same people, " +
			"or for all groups in one run; if the earlier results never left your hands, begin a new ledger"
	}
	var all []error
	for _, f := range leak.Findings {
		all = append(all, &hinted{f, hint})
	}
	return errors.Join(all...)
}
