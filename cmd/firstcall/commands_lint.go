package main

import (
	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/vision"
)

func lintCommand() *command {
	return &command{
		name: "lint", args: "STATEMENTS...",
		summary: "lint vision and mission statements for clarity",
		about: "Reads vision and mission statements and tells whether each would guide what people do: whether it is simple, concrete, true and credible, each from 0 to 100, with what moved the figure and what to change first. " +
			"50 means that it would guide staff somewhat.\n\n" +
			"It takes text, Markdown, HTML, Word (.docx), OpenDocument (.odt) and PDF, folders of these, and tables (CSV, TSV, Excel, JSON, NDJSON) with a statement a row. " +
			"A file is one statement, unless its headings mark several: Mission, Our vision, Billing: service vision.\n\n" +
			"A comment in a text switches a rule off from there on: <!-- firstcall:disable clarity/buzzword --> or, on a line or in a paragraph of its own, # firstcall:disable clarity/buzzword. " +
			"\"firstcall rules list\" shows the rules.",
		examples: []example{
			{"firstcall lint vision.md", "judge one statement"},
			{"firstcall lint statements/ --format table", "a folder at a glance"},
			{"firstcall lint clients.csv --column statement --client-column client > statements.ndjson", "a table of many clients' statements"},
			{"firstcall lint - < vision.txt", "from standard input"},
			{"firstcall lint vision.md --org client.toml --culture assessment.ndjson", "with what is known of the organization"},
			{"firstcall lint vision.md --words answers.csv", "with what employees want customers to think of"},
			{"firstcall lint docs/*.md --fail-on warning --fail-under simple=60 --format github", "in a check of every change"},
			{"firstcall lint vision.md --diff", "see what safe fixes would change"},
		},
		options: []option{
			{name: "client", kind: text, value: "ID", usage: "whose statements these are", config: true, complete: nothing},
			clientNameOption(),
			{name: "kind", kind: text, value: "KIND", usage: "what sort of statements these are", fallback: "a heading's, or what the text says", choices: vision.Kinds(), config: true},
			{name: "department", kind: text, value: "NAME", usage: "whose statements these are within the client", config: true, complete: nothing},
			{name: "column", kind: text, value: "COLUMN", usage: "in a table, the column of the statements; reads any file as a table", fallback: "one called text or statement", config: true, complete: nothing},
			{name: "id-column", kind: text, value: "COLUMN", usage: "in a table, the column of the statements' ids", fallback: "one called id, or the number of the row", config: true, complete: nothing},
			{name: "client-column", kind: text, value: "COLUMN", usage: "in a table, the column of the clients", fallback: "one called client", config: true, complete: nothing},
			{name: "kind-column", kind: text, value: "COLUMN", usage: "in a table, the column of the kinds", fallback: "one called kind", config: true, complete: nothing},
			{name: "department-column", kind: text, value: "COLUMN", usage: "in a table, the column of the departments", fallback: "one called department", config: true, complete: nothing},
			{name: "sheet", kind: text, value: "NAME", usage: "the sheet of a workbook to read", fallback: "the first", config: true, complete: nothing},
			{name: "org", kind: text, value: "FILE", usage: "TOML file of what is known of the organization: values, departments, former names", config: true, path: true},
			{name: "culture", kind: list, value: "RECORDS", usage: "assessment records of the client, to hold against what a statement claims", config: true, path: true},
			{name: "words", kind: text, value: "FILE", usage: "what employees want customers to think of, a table or a text with an answer a line; tells which of their ideas a statement carries", config: true, path: true},
			{name: "words-column", kind: text, value: "COLUMN", usage: "the column of the employees' answers", fallback: "the only one, or one called words or answer", config: true, complete: nothing},
			{name: "min-group", kind: number, value: "N", usage: "how many people must have given an idea for it to be named, at least 3", fallback: "5", config: true, complete: nothing},
			asOfOption(),
			rulesOption(), valeOption(),
			{name: "severity", kind: list, value: "RULE=LEVEL", usage: "give a rule or a family (form/) another level: off, hint, warning or error", config: true, complete: nothing},
			{name: "baseline", kind: text, value: "FILE", usage: "accept the findings that the file knows", config: true, path: true},
			{name: "write-baseline", kind: text, value: "FILE", usage: "write a file that accepts all findings of this run"},
			{name: "force", kind: toggle, usage: "let --write-baseline replace a file that is no baseline"},
			{name: "fix", kind: toggle, usage: "change the files where a replacement is safe, and write no records"},
			{name: "diff", kind: toggle, usage: "show what --fix would change, and change nothing"},
			{name: "fail-on", kind: text, value: "LEVEL", noun: "level", usage: "end with status 1 when there is a finding of this level or above", choices: lint.Severities(), config: true},
			{name: "fail-under", kind: list, value: "PART=N", usage: "end with status 1 when a statement is below: simple=60, or 50 for the overall figure", config: true, complete: nothing},
			formatOption("text", "table", "ndjson", "json", "csv", "tsv", "sarif", "github", "junit", "checkstyle"),
		},
		run: runLint,
	}
}

func rulesOption() option {
	return option{name: "rules", kind: list, value: "FILE", usage: "TOML file of rules of your own; may be given several times", config: true, path: true}
}

func valeOption() option {
	return option{name: "vale", kind: list, value: "PATH", usage: "a .vale.ini, a StylesPath, or the folder of one style written for Vale; may be given several times", config: true, path: true}
}

func rulesCommand() *command {
	return &command{
		name:    "rules",
		summary: "show and test the rules of lint and check",
		about:   "Shows the rules that \"firstcall lint\" and \"firstcall check\" go by, each with its reason, its advice, its source and examples, and tests rules by their examples.",
		examples: []example{
			{"firstcall rules list", "all rules by family"},
			{"firstcall rules show clarity/buzzword", "one rule"},
			{"firstcall rules test --rules house.toml", "check your own rules by their examples"},
		},
		commands: []*command{
			{
				name: "list", summary: "list the rules",
				about:   "Lists the rules by family, with the level of their findings.",
				options: []option{rulesOption(), valeOption(), formatOption("table", "ndjson", "json")},
				run:     runRulesList,
			},
			{
				name: "show", args: "RULE...", summary: "show a rule with its reason and examples",
				about:    "Shows what a rule looks for, why it matters, what a writer can do, what it rests on, and examples.",
				options:  []option{rulesOption(), valeOption()},
				complete: completeRules,
				run:      runRulesShow,
			},
			{
				name: "test", args: "[RULE...]", summary: "test rules by their own examples",
				about:    "Runs rules on their examples: each bad one must be found and no good one. A name that ends in / stands for a family. The exit status is 1 when an example fails.",
				options:  []option{rulesOption(), valeOption()},
				complete: completeRules,
				run:      runRulesTest,
			},
		},
	}
}

// completeRules offers the built-in rules.
func completeRules(prefix string) []string {
	var ids []string
	for _, r := range builtInRules() {
		ids = append(ids, r.ID)
	}
	return words(ids...)(prefix)
}
