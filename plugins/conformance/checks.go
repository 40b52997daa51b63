package conformance

import "slices"

// Sort is the sort of exporter that a check is for.
type Sort int

// The sorts.
const (
	Any Sort = iota
	Files
	Destinations
)

// Check is one question to an exporter. It enforces one rule.
type Check struct {
	ID    string // "export.done"
	Title string // what is asked, as a statement: lower case, no full stop
	Rule  string // id of the rule that it enforces
	For   Sort
	Hint  string // what to do when it fails and nothing better is known

	needs  []string // checks without which nothing can be said
	writes bool     // it writes to a target
	learns bool     // later checks stand on what it finds out
	run    func(t *trial) error
}

// Checks returns all checks in the order in which they run.
func Checks() []*Check {
	return slices.Concat(startChecks(), describeChecks(), configureChecks(), planChecks(), exportChecks(), fileChecks(), onceChecks(), wholeChecks(), lastChecks())
}

// atTheEnd reports whether a check judges all that was heard in a run, so that
// its faults are no other check's business.
func atTheEnd(id string) bool {
	return slices.ContainsFunc(lastChecks(), func(c *Check) bool { return c.ID == id })
}

// lastChecks look back at all that was heard.
func lastChecks() []*Check {
	return []*Check{
		{
			ID: "diagnostics.form", Title: "diagnostics have a code and a summary of one line", Rule: "R25",
			Hint: "give each diagnostic a stable code and a summary in lower case, on one line, without a full stop",
			run: func(t *trial) error {
				return lookBack(t.ear.seen, t.ear.diagnostics, "it gave no diagnostic")
			},
		},
		{
			ID: "outcomes.reasons", Title: "an outcome that is no success says why", Rule: "R45",
			Hint: "put a diagnostic with a summary into every outcome that is not CREATED, UPDATED or UNCHANGED",
			run: func(t *trial) error {
				return lookBack(t.ear.refusals, t.ear.reasons, "no record was refused")
			},
		},
		{
			ID: "outcomes.remote", Title: "remote objects have a type and an id", Rule: "R46", For: Destinations,
			Hint: "leave objects out whose id is not known",
			run: func(t *trial) error {
				return lookBack(t.ear.objects, t.ear.remotes, "it named no remote object")
			},
		},
		{
			ID: "progress.form", Title: "a text of Progress is one line", Rule: "R47",
			run: func(t *trial) error {
				return lookBack(t.ear.steps, t.ear.progress, "it sent no Progress")
			},
		},
		{
			ID: "files.media", Title: "files have a media type", Rule: "R52", For: Files,
			Hint: "set media_type in the first piece of a file: \"text/csv; charset=utf-8\"",
			run: func(t *trial) error {
				return lookBack(t.ear.files, t.ear.media, "it made no file")
			},
		},
		{
			ID: "prints.records", Title: "nothing of a record's content is printed", Rule: "R7",
			Hint: "print keys, never bodies; what is printed is shown to users and may end up in logs",
			run:  checkPrints,
		},
		{
			ID: "secrets.kept", Title: "the values of secrets stand in nothing that comes from the exporter", Rule: "R26",
			Hint: "name the setting and not its value, also in what libraries print and in errors of a server that are handed on",
			run:  checkSecrets,
		},
	}
}

// lookBack judges what was noted of n things.
func lookBack(n int, faults []string, none string) error {
	switch {
	case len(faults) > 0:
		return broken("%s", faults[0])
	case n == 0:
		return skip(none)
	}
	return nil
}
