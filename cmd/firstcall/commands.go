package main

import (
	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/survey"
)

// program is the whole command line as data. Help, the command reference, the
// man page, completion and firstcall.toml are all made from it.
func program() *command {
	return &command{
		name:    "firstcall",
		summary: "tools for people who build customer-service cultures",
		about: "firstcall scores culture self-assessments, lints vision and mission statements, and hands the results on.\n\n" +
			"Commands read files, or standard input when no file is named, and write to standard output. " +
			"On a terminal you get a table; in a pipe, one JSON record a line.",
		commands: []*command{
			scoreCommand(), mergeCommand(), verifyCommand(), lintCommand(), checkCommand(), orgCommand(), rulesCommand(), exportCommand(), pluginCommand(), instrumentCommand(), initCommand(), schemaCommand(),
			completionCommand(), versionCommand(), docsCommand(), completeCommand(), serveCommand(),
		},
	}
}

func scoreCommand() *command {
	return &command{
		name: "score", args: "RESPONSES...",
		summary: "score a culture self-assessment",
		about: "Reads survey answers, one row a respondent, and writes one assessment record for each client and wave. " +
			"It takes CSV, TSV, Excel workbooks (.xlsx), JSON and NDJSON, also compressed (.gz, .zip), as Qualtrics, LimeSurvey, SurveyMonkey, Google Forms, Microsoft Forms, Formbricks and SurveyJS export them. " +
			"Rows of people who did not finish, and previews, are left out and counted.\n\n" +
			"A column belongs to an item of the instrument when its heading is the item's id or its exact words, alone or behind the question it is a line of. " +
			"Answers are numbers on the scale or the scale's words. A column called client splits the rows into clients, one called wave into waves. " +
			"A mapping file says what headings and answers mean that go by other words; --explain-columns shows what each column is taken for.\n\n" +
			"Groups that are too small to protect people's answers are withheld, and whatever else would give them away.",
		examples: []example{
			{"firstcall score survey.csv --instrument eight-qualities --client acme", "score one client"},
			{"firstcall score survey.csv -i eight-qualities --client acme --by department --by 'department*role'", "also by department, and by role within department"},
			{"firstcall score clients/*.csv -i four-steps --client-from stem --format csv > all.csv", "one file a client, one spreadsheet"},
			{"firstcall score export.xlsx -i eight-qualities --map mapping.toml --explain-columns", "see what the columns are taken for"},
			{"firstcall score survey.csv -i eight-qualities --client acme | firstcall export --to markdown > acme.md", "make a report"},
		},
		options: []option{
			instrumentOption(),
			{name: "client", kind: text, value: "ID", usage: "whose answers these are", config: true, complete: nothing},
			clientNameOption(),
			{name: "client-from", kind: text, value: "dir|stem", usage: "take each file's client from its folder or from its name without ending", choices: []string{"dir", "stem"}, config: true},
			{name: "client-column", kind: text, value: "COLUMN", usage: "the column that names the client", fallback: "the instrument's, or one called client", config: true, complete: nothing},
			{name: "wave", kind: text, value: "WAVE", usage: "when people were asked, in your words: 2026-q3", config: true, complete: nothing},
			{name: "wave-column", kind: text, value: "COLUMN", usage: "the column that names the wave", fallback: "the instrument's, or one called wave", config: true, complete: nothing},
			{name: "by", kind: list, value: "COLUMN", usage: "also report by the groups of a column; 'department*role' crosses two; may be given several times", config: true, complete: nothing},
			{name: "map", kind: text, value: "FILE", usage: "TOML file that says which column is which, and what answers and values mean", config: true, path: true},
			{name: "explain-columns", kind: toggle, usage: "show what each column is taken for and why, and score nothing"},
			{name: "dialect", kind: text, value: "NAME", usage: "the survey tool that wrote the files", fallback: "found out", choices: survey.Dialects(), config: true},
			{name: "encoding", kind: text, value: "NAME", usage: "how text is encoded: utf-8, utf-16le, windows-1252 and others", fallback: "found out", config: true, complete: words(survey.Encodings()...)},
			{name: "sheet", kind: text, value: "NAME", usage: "the sheet of a workbook to read", fallback: "the first", config: true, complete: nothing},
			{name: "unfinished", kind: toggle, usage: "keep the rows of people who did not finish", config: true},
			headcountsOption(),
			{name: "missing", kind: text, value: "POLICY", usage: "when a respondent's answers make a score", fallback: "the instrument's", choices: missingPolicies(), config: true},
			minGroupOption(),
			asOfOption(),
			{name: "match", kind: toggle, usage: "match people by their ids: waves are compared by those who answered in both, and who answered twice counts once; takes about 250 bytes of memory or disk a row", config: true},
			{name: "respondent-column", kind: text, value: "COLUMN", usage: "the column of people's ids, for --match", fallback: "the instrument's", config: true, complete: nothing},
			{name: "time-column", kind: text, value: "COLUMN", usage: "the column that tells when somebody answered, for --match", fallback: "the instrument's", config: true, complete: nothing},
			previousOption(),
			{name: "long-run", kind: number, value: "N", usage: "how many same answers in a row look careless", fallback: "half of the items, but at least 6", config: true, complete: nothing},
			{name: "exclude", kind: text, value: "careless", usage: "leave out people whose answers look careless", choices: []string{"careless"}, config: true},
			planOption(),
			ledgerOption(), ledgerKeyOption(),
			{name: "partial", kind: text, value: "FILE", usage: "write sums to a file for \"firstcall merge\", and no record; the file holds small groups"},
			{name: "workers", kind: number, value: "N", usage: "how many processors to use; the result is the same", fallback: "half of them", config: true, complete: nothing},
			{name: "force", kind: toggle, usage: "let --partial replace a file"},
			{name: "strict", kind: toggle, usage: "end with status 3 when any answer is not usable", config: true},
			formatOption("table", "ndjson", "json", "csv", "tsv"),
		},
		run: runScore,
	}
}

func mergeCommand() *command {
	return &command{
		name: "merge", args: "PARTS...",
		summary: "add up parts that score made, into records",
		about: "Reads files that \"firstcall score --partial FILE\" wrote and writes the records that one run over all survey files would have written, to the byte. " +
			"The parts must have been made with the same instrument, groups and settings.",
		examples: []example{
			{"firstcall score north.csv -i eight-qualities --by department --partial north.sums", "on one machine"},
			{"firstcall merge north.sums south.sums -i eight-qualities --client-name Acme > acme.ndjson", "where the parts come together"},
		},
		options: []option{
			instrumentOption(),
			clientNameOption(),
			headcountsOption(),
			minGroupOption(),
			asOfOption(),
			previousOption(),
			planOption(),
			ledgerOption(), ledgerKeyOption(),
			formatOption("table", "ndjson", "json", "csv", "tsv"),
		},
		run: runMerge,
	}
}

func instrumentOption() option {
	return option{name: "instrument", short: "i", kind: text, value: "ID|FILE", usage: "what was asked: a built-in instrument or a TOML file", config: true, path: true, complete: completeInstruments}
}

func clientNameOption() option {
	return option{name: "client-name", kind: text, value: "NAME", usage: "the client's name in reports", config: true, complete: nothing}
}

func headcountsOption() option {
	return option{name: "headcounts", kind: text, value: "FILE", usage: "CSV file of how many people were asked: a headcount column and the columns it is counted by", config: true, path: true}
}

func minGroupOption() option {
	return option{name: "min-group", kind: number, value: "N", usage: "smallest group to publish, at least 3", fallback: "the instrument's, or 5", config: true, complete: nothing}
}

func asOfOption() option {
	return option{name: "as-of", kind: text, value: "DATE", usage: "the day the records speak of, as 2026-09-30", complete: nothing}
}

func previousOption() option {
	return option{name: "previous", kind: list, value: "RECORDS", usage: "records of an earlier wave to compare with; may be given several times", path: true}
}

func planOption() option {
	return option{name: "plan", kind: toggle, usage: "also write a plan record for the latest wave: what to do next, with owners and, given --as-of, due dates"}
}

func ledgerOption() option {
	return option{name: "ledger", kind: text, value: "FILE", usage: "note what is released in this file, and release nothing that gives people away together with what was released before", config: true, path: true}
}

func ledgerKeyOption() option {
	return option{name: "ledger-key", kind: text, value: "env:NAME|file:PATH", usage: "where the ledger's key is found", fallback: "a key of your own, made when first needed", config: true, complete: nothing}
}

func verifyCommand() *command {
	return &command{
		name: "verify", args: "RECORDS...",
		summary: "find out whether anything withheld can be worked out from records",
		about: "Reads assessment records of any origin and looks for what somebody could work out from them who knows the organization, the answer scale and how firstcall works: " +
			"groups that are too small or of one mind, groups that follow from others by adding and subtracting, figures that are made of withheld ones. " +
			"Records of several runs are looked at together, so that you can check two reports before you send both.\n\n" +
			"Ends with status 1 when it finds something, and writes each finding. score and merge do the same before they write anything.",
		examples: []example{
			{"firstcall verify acme.ndjson", "check what you have"},
			{"firstcall verify by-department.ndjson by-role.ndjson", "check two runs together before sending both"},
		},
		options: []option{formatOption("table", "ndjson", "json", "csv", "tsv")},
		run:     runVerify,
	}
}

// formatOption is the form of the output; the first is what a terminal gets.
func formatOption(formats ...string) option {
	return option{name: "format", short: "f", kind: text, value: "FORMAT", usage: "form of the output", fallback: formats[0] + " on a terminal, ndjson in a pipe", choices: formats, config: true}
}

func missingPolicies() []string {
	return []string{
		string(instrument.AvailableMean), string(instrument.MinHalf), string(instrument.Min80Pct), string(instrument.CompleteOnly),
		string(instrument.ItemMeanImputed), string(instrument.ItemMedianImputed),
	}
}

func exportCommand() *command {
	return &command{
		name: "export", args: "[RECORDS...]",
		summary: "hand records to an exporter",
		about: "Reads records that score, lint and check made and hands them to an exporter, a program of its own that firstcall starts, watches and stops.\n\n" +
			"An exporter that makes one file writes it to standard output, or where --out says. " +
			"A file that is already there is replaced only when firstcall wrote it and nobody has changed it since.\n\n" +
			"An exporter that writes to a system of its own, such as a database, is sent each record once: firstcall keeps a journal of what the system acknowledged, for each target. " +
			"After an interruption run the same command again, and it goes on where it stopped. " +
			"What the system will not take goes to rejected.ndjson with the reason; mend it there and send it again with --retry.\n\n" +
			"Settings of an exporter are listed by \"firstcall plugin show NAME\". Secrets are never given themselves but by reference, env:NAME or file:PATH.",
		examples: []example{
			{"firstcall export --to markdown acme.ndjson > acme.md", "write a report"},
			{"firstcall export --to markdown all.ndjson --out reports/", "write a report for each client"},
			{"firstcall export --to markdown acme.ndjson --set prepared_by='J. Doe' --out acme.md", "with a setting of the exporter"},
			{"firstcall export --to sqlite acme.ndjson --set path=results.db --dry-run", "show what would be written, and write nothing"},
			{"firstcall export --to sqlite acme.ndjson --set path=results.db --report report.json", "write, and say what became of each record"},
			{"firstcall export --retry rejected.ndjson", "send again what was rejected"},
		},
		options: []option{
			{name: "to", short: "t", kind: text, value: "NAME", usage: "the exporter", config: true, complete: completeExporters},
			{name: "set", kind: list, value: "KEY=VALUE", usage: "a setting of the exporter; may be given several times", completeIn: completeSettings},
			{name: "out", short: "o", kind: text, value: "DIR|FILE", usage: "where to write files", fallback: "standard output"},
			{name: "dry-run", kind: toggle, usage: "show what would happen to each record, and write nothing"},
			{name: "force", kind: toggle, usage: "replace files even if firstcall did not write them; send records even if they were acknowledged before"},
			{name: "retry", kind: list, value: "FILE", usage: "send the records of a file of rejected ones again; may be given several times"},
			{name: "rejected", kind: text, value: "FILE", usage: "a new file for the records that are rejected", fallback: defaultRejected + ", where a destination rejects any"},
			{name: "report", kind: text, value: "FILE", usage: "write what became of each record, as JSON"},
			{name: "target", kind: text, value: "ID", usage: "write only to this target of the exporter", fallback: "that of [targets] in firstcall.toml, or any", complete: nothing},
			{name: "provision", kind: text, value: "plan|apply", usage: "show or make what the target needs before records fit in, and end; nothing is ever deleted", choices: []string{"plan", "apply"}},
			{name: "allow-duplicates", kind: toggle, usage: "send records in doubt to an exporter that cannot find out whether they are there"},
			{name: "plugins", kind: list, value: "DIR", usage: "another folder to look for exporters in; may be given several times", config: true, path: true},
		},
		run: runExport,
	}
}

func instrumentCommand() *command {
	choose := option{name: "format", short: "f", kind: text, value: "FORMAT", usage: "form of the output", config: false}
	withFormats := func(fallback string, formats ...string) option {
		o := choose
		o.choices, o.fallback = formats, fallback
		return o
	}
	return &command{
		name: "instrument", summary: "look at instruments, check them, print questionnaires",
		about: "An instrument says what is asked, on which scale, and which items belong together. Six are built in; your own is a TOML file.",
		commands: []*command{
			{
				name: "list", summary: "list the built-in instruments",
				examples: []example{{"firstcall instrument list", "see what there is"}},
				options:  []option{withFormats("table on a terminal, ndjson in a pipe", "table", "ndjson", "json", "csv", "tsv")},
				run:      runInstrumentList,
			},
			{
				name: "show", args: "ID|FILE", summary: "print an instrument", complete: completeInstruments,
				about: "Prints what is asked and how it is scored. The toml format is a good start for an instrument of your own.",
				examples: []example{
					{"firstcall instrument show eight-qualities", "read it"},
					{"firstcall instrument show eight-qualities --format toml > mine.toml", "start your own"},
				},
				options: []option{withFormats("text", "text", "toml", "json", "csv")},
				run:     runInstrumentShow,
			},
			{
				name: "check", args: "FILE...", summary: "check instruments of your own",
				about:    "Reads instrument files and tells every fault with its line. Ends with status 1 when there is one, and with 3 when a file can't be read.",
				examples: []example{{"firstcall instrument check mine.toml", "find mistakes before people are asked"}},
				run:      runInstrumentCheck,
			},
			{
				name: "form", args: "ID|FILE", summary: "print the questionnaire", complete: completeInstruments,
				about: "Prints the questionnaire to hand out: as Markdown, as a CSV header row to fill, or as one HTML file that works without a network and saves each person's answers as a CSV that score reads.",
				examples: []example{
					{"firstcall instrument form eight-qualities --format html --client acme --wave 2026-q3 > form.html", "a form to hand out"},
					{"firstcall instrument form eight-qualities --format html --choice department=Kitchen --choice department='Front desk' > form.html", "offer departments to choose from"},
				},
				options: []option{
					withFormats("md", "md", "csv", "html"),
					{name: "client", kind: text, value: "ID", usage: "write this client into each person's answers", complete: nothing},
					{name: "wave", kind: text, value: "WAVE", usage: "write this wave into each person's answers", complete: nothing},
					{name: "choice", kind: list, value: "COLUMN=ANSWER", usage: "an answer to choose from in a column about the person; may be given several times", complete: nothing},
				},
				run: runInstrumentForm,
			},
		},
	}
}

func schemaCommand() *command {
	return &command{
		name: "schema", summary: "print the JSON Schema of records",
		examples: []example{{"firstcall schema > firstcall.schema.json", "for a validator or an editor"}},
		run:      runSchema,
	}
}

func completionCommand() *command {
	return &command{
		name: "completion", args: "bash|zsh|fish", summary: "print a script that completes commands in your shell",
		examples: []example{
			{"source <(firstcall completion bash)", "bash: add this to ~/.bashrc"},
			{"source <(firstcall completion zsh)", "zsh: add this to ~/.zshrc, after compinit"},
			{"firstcall completion fish > ~/.config/fish/completions/firstcall.fish", "fish"},
		},
		complete: words("bash", "zsh", "fish"),
		run:      runCompletion,
	}
}

func versionCommand() *command {
	return &command{
		name: "version", summary: "print the version",
		run: runVersion,
	}
}

func docsCommand() *command {
	return &command{
		name: "docs", args: "man|reference", summary: "print the manual page or the command reference",
		examples: []example{
			{"firstcall docs man > firstcall.1", "then: man ./firstcall.1"},
			{"firstcall docs reference > reference.md", "every command and flag"},
		},
		complete: words("man", "reference"),
		run:      runDocs,
	}
}

// completeCommand is what the completion scripts ask.
func completeCommand() *command {
	return &command{name: "__complete", args: "WORDS...", summary: "offer completions", hidden: true, run: runComplete}
}

// serveCommand is how a bundled exporter is started: this program again.
func serveCommand() *command {
	return &command{name: "__exporter", args: "NAME", summary: "run a bundled exporter", hidden: true, run: runExporter}
}

func completeInstruments(prefix string) []string {
	if found := words(instrument.Builtins()...)(prefix); len(found) > 0 {
		return found
	}
	return nil // files
}
