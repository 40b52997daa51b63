package main

// checkOutcomes are what --fail-on of check can name: levels of findings, and verdicts.
var checkOutcomes = []string{"hint", "warning", "error", "overdue", "stale"}

func checkCommand() *command {
	return &command{
		name: "check", args: "DOCUMENTS...",
		summary: "check job descriptions for staleness",
		about: "Reads job descriptions and tells which are out of date, why, how sure that is, and what to do; then the folder at a glance. " +
			"Age alone makes nothing stale: a document is stale when something it says is no longer so, overdue when nobody has gone through it in time.\n\n" +
			"It takes text, Markdown, HTML, Word (.docx), OpenDocument (.odt) and PDF, and folders of these; what .gitignore leaves out is passed over. " +
			"Dates of reviews are looked for in the text, in front matter, in headers and footers, then in the file's properties, then in git, then the time of the file counts. " +
			"Git is only read from, and no network is used.\n\n" +
			"A comment in a text switches a rule off from there on: <!-- firstcall:disable org/two-titles --> or, on a line of its own, # firstcall:disable org/two-titles. " +
			"\"firstcall rules list\" shows the rules.",
		examples: []example{
			{"firstcall check jobs/", "a folder, for reading"},
			{"firstcall check jobs/ --format table", "at a glance"},
			{"firstcall check jobs/ --org client.toml --as-of 2026-09-01 > jobs.ndjson", "with what is known of the organization, as records"},
			{"firstcall check jobs/ --org client.toml --plan", "a schedule to hand out"},
			{"firstcall check jobs/ --since last-visit.ndjson", "what has changed since the last visit"},
			{"firstcall check jobs/ --base main --fail-on warning --format github", "in a check of every change"},
			{"firstcall check jobs/ --decisions decisions.csv --write-decisions decisions.csv", "let the client say which findings are right"},
		},
		options: []option{
			{name: "client", kind: text, value: "ID", usage: "whose documents these are", config: true, complete: nothing},
			clientNameOption(),
			{name: "org", kind: text, value: "FILE", usage: "client file: departments, roles, reporting lines, former names, vision, reviews; \"firstcall init\" writes one", config: true, path: true},
			{name: "as-of", kind: text, value: "DATE", usage: "the day of the check, as 2026-09-30", fallback: "today", complete: nothing},
			{name: "date-order", kind: text, value: "ORDER", noun: "order", usage: "how dates such as 3/4/21 are read: month first or day first", fallback: "as the other dates tell", choices: []string{"month-first", "day-first"}, config: true},
			{name: "no-git", kind: toggle, usage: "do not ask git when texts were changed", config: true},
			{name: "base", kind: text, value: "REV", usage: "tell only findings that are new against a revision of git", complete: nothing},
			{name: "since", kind: list, value: "RECORDS", usage: "job records of an earlier visit, to say what has changed since", path: true},
			{name: "plan", kind: toggle, usage: "print the review list as a schedule: owner, document, what to change, effort, by when"},
			{name: "decisions", kind: text, value: "FILE", usage: "table in which the client has accepted or rejected findings; rejected ones are not told", config: true, path: true},
			{name: "write-decisions", kind: text, value: "FILE", usage: "write a table (CSV) of all findings for the client to decide, with the decisions already made"},
			{name: "force", kind: toggle, usage: "let --write-decisions replace a file that is no table of decisions"},
			rulesOption(), valeOption(),
			{name: "severity", kind: list, value: "RULE=LEVEL", usage: "give a rule or a family (org/) another level: off, hint, warning or error", config: true, complete: nothing},
			{name: "fail-on", kind: text, value: "WHAT", noun: "outcome", usage: "end with status 1 when there is a finding of this level or above, or a document that is stale (overdue: or overdue)", choices: checkOutcomes, config: true},
			formatOption("text", "table", "ndjson", "json", "csv", "tsv", "sarif", "github", "junit", "checkstyle", "md"),
		},
		run: runCheck,
	}
}
