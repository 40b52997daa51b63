package conformance

// Rule is one sentence that an exporter has to keep.
type Rule struct {
	ID   string // "R1"; never used again for another sentence
	Text string
	// Unchecked says why no check looks at it; empty for a rule that has checks.
	Unchecked string
}

// RuleGroup is the rules about one thing.
type RuleGroup struct {
	Title string
	About string // a paragraph that says why, or how; may be empty
	Rules []Rule
}

// Rules returns the rules for exporters, in the order in which an author meets
// them.
func Rules() []RuleGroup {
	return []RuleGroup{
		{"Starting and ending", "The host starts an exporter for one run and ends it after. It may die at any moment, and so may the exporter.", startRules()},
		{"Describing", "The description is what the host checks settings against, and what help and completion are made from.", describeRules()},
		{"Settings and secrets", "The host checks settings before it hands them over, but it is not the only host there may ever be: an exporter checks them too.", configureRules()},
		{"Preparing and planning", "What a user sees in a dry run is what happens later.", planRules()},
		{"Exporting", "The host sends records in batches and has several of them under way.", exportRules()},
		{"Files", "An exporter of files is given all records of a run every time. The host puts the files where the user wants them.", fileRules()},
		{"Writing once", "A destination writes to a system of its own. Runs are cut off and started again; a record must be one object all the same. An exporter that says it can't keep this (`IDEMPOTENCY_NONE`) is not held to it, and its runs are not resumed without the user's consent.", onceRules()},
	}
}

// RuleOf returns the rule of that id, and whether there is one.
func RuleOf(id string) (Rule, bool) {
	for _, g := range Rules() {
		for _, r := range g.Rules {
			if r.ID == id {
				return r, true
			}
		}
	}
	return Rule{}, false
}

func startRules() []Rule {
	return []Rule{
		{ID: "R1", Text: "An exporter listens in the folder `PLUGIN_UNIX_SOCKET_DIR` (on Windows on a port of 127.0.0.1), says where in one line on standard output, and takes connections within 10 s of its start."},
		{ID: "R2", Text: "Started without `FIRSTCALL_EXPORTER` in its environment, it says what it is and ends with status 1."},
		{ID: "R3", Text: "It ends within 2 s when it is told to by the call Shutdown or, if it does not know that call, by the end of standard input."},
		{ID: "R4", Text: "It leaves nothing in the folder `PLUGIN_UNIX_SOCKET_DIR` when it ends in good order."},
		{ID: "R5", Text: "It ends within 2 s when its host dies, which it learns from the end of standard input, whatever it is doing."},
		{ID: "R6", Text: "It stops working on a call that the host cancels, and takes the next within 2 s."},
		{ID: "R7", Text: "What it prints holds no sentence and no figure of a record; keys may stand there."},
		{ID: "R8", Text: "It takes less than 2 GiB of memory.", Unchecked: "a host on Linux ends a process that takes more; the records of the kit do not need that much"},
		{ID: "R9", Text: "It leaves the file descriptor that `FIRSTCALL_FENCE` names open as long as it may write, and hands it on to programs that it starts to write for it."},
	}
}

func describeRules() []Rule {
	return []Rule{
		{ID: "R10", Text: "Describe answers within 5 s, before Configure, without settings and secrets."},
		{ID: "R11", Text: "Describe needs no network.", Unchecked: "the kit can't take the network away from one process"},
		{ID: "R12", Text: "Describe answers the same every time."},
		{ID: "R13", Text: "Name, version, summary, settings and capabilities have the form that `exporter.proto` gives them."},
		{ID: "R14", Text: "Fields, kinds of messages and minor versions that an exporter does not know are ignored, in messages and in the JSON of records."},
	}
}

func configureRules() []Rule {
	return []Rule{
		{ID: "R15", Text: "Before Configure, every call but Describe ends with a status other than OK, and the process goes on."},
		{ID: "R16", Text: "Configure takes settings that are right and answers the same every time: with the id of the target, one line, for a destination, and without one for files; a target that is yet to be made may get its id then."},
		{ID: "R17", Text: "With check_connection, Configure answers as without, if the credentials work."},
		{ID: "R18", Text: "A setting that Describe does not announce is refused."},
		{ID: "R19", Text: "Settings that lack a required one are refused."},
		{ID: "R20", Text: "A value of another type than announced is refused."},
		{ID: "R21", Text: "A value that is not one of those announced is refused."},
		{ID: "R22", Text: "Every fault of the settings is told at once, each in a diagnostic of severity ERROR that names the setting in its field."},
		{ID: "R23", Text: "An exporter that has refused settings still answers Describe, and refuses other calls."},
		{ID: "R24", Text: "A second Configure is refused, by a diagnostic or a status."},
		{ID: "R25", Text: "A diagnostic has a code and a summary of one line without a full stop at its end."},
		{ID: "R26", Text: "The value of a secret stands in nothing that an exporter prints, answers or makes."},
	}
}

func planRules() []Rule {
	return []Rule{
		{ID: "R27", Text: "Provision without apply changes nothing: it lists the same objects and files every time; an exporter of files lists none."},
		{ID: "R28", Text: "After Provision with apply, everything is there, or needs the user."},
		{ID: "R29", Text: "Plan writes nothing, and answers the same as long as nothing else does."},
		{ID: "R30", Text: "Plan foresees what Export does: CREATED for a record that is not there, UNCHANGED for one that is there with the same revision."},
		{ID: "R31", Text: "Plan names every file that Export would make, in the same order, each in one message with its size and without content."},
		{ID: "R61", Text: "A message of Provision has an object with an action, or a piece of a file and nothing else."},
		{ID: "R62", Text: "Files of Provision, by which users make what is needed by hand, come as those of Export do: with portable names and a media type, in pieces of at most 1 MiB, in order, the last marked as such."},
	}
}

func exportRules() []Rule {
	return []Rule{
		{ID: "R32", Text: "Sound records of the announced kinds are written, and the stream ends with status OK."},
		{ID: "R33", Text: "Every batch is acknowledged with its outcomes once."},
		{ID: "R34", Text: "An acknowledgement has exactly one outcome a record, in the order of the batch, with a status of this sort of exporter: CREATED or REJECTED for files, any for a destination."},
		{ID: "R35", Text: "Only an exporter of files acknowledges a batch for now, once and without outcomes, and gives the outcomes before Done."},
		{ID: "R36", Text: "Done comes once, as the last message, after the host has ended its side, and the status OK after it."},
		{ID: "R37", Text: "A batch is acknowledged without waiting for another one, or for the end of the run."},
		{ID: "R38", Text: "As many batches as announced, 4 if nothing is, can be under way at a time."},
		{ID: "R39", Text: "A batch can have as many records as announced, 100 if nothing is."},
		{ID: "R40", Text: "A record can have 32 MiB."},
		{ID: "R41", Text: "A record can have any text that JSON can have, and its key any text, percent-escaped. A target may have rules of its own for some: what it refuses is REJECTED, and what it takes is there unchanged."},
		{ID: "R42", Text: "A run can be empty."},
		{ID: "R43", Text: "A process can be asked for several runs, one after the other."},
		{ID: "R44", Text: "A record of an unknown kind gets an outcome like any other, written or REJECTED."},
		{ID: "R45", Text: "An outcome that is no success says why in a diagnostic."},
		{ID: "R46", Text: "A remote object has a type and an id."},
		{ID: "R47", Text: "A text of Progress is one line."},
		{ID: "R48", Text: "An exporter that is busy says something, Progress or anything else, at least every five minutes.", Unchecked: "it would take too long; the kit waits for less, see --patience"},
		{ID: "R63", Text: "With `whole_clients`, all records of a client come in one batch, which for one client alone can have more of them, and more bytes, than announced, up to 32 MiB."},
		{ID: "R64", Text: "With `whole_clients`, records that are there already come again when another of their client has to be sent; they get an outcome like any other, UPDATED or UNCHANGED."},
	}
}

func fileRules() []Rule {
	return []Rule{
		{ID: "R49", Text: "A destination makes no files."},
		{ID: "R50", Text: "The name of a file is relative and portable, as `exporter.proto` says, and differs from others in more than upper and lower case."},
		{ID: "R51", Text: "A file comes in pieces of at most 1 MiB, in order, without another's between them, the last marked as such."},
		{ID: "R52", Text: "The first piece of a file carries its media type."},
		{ID: "R53", Text: "Same records and settings make the same files, byte by byte, however the records are cut into batches."},
	}
}

func onceRules() []Rule {
	return []Rule{
		{ID: "R54", Text: "A record whose key is there already is not created again, in the same run or in a later one; the objects made of it stay the same."},
		{ID: "R55", Text: "A record whose key is there with another revision updates what is there. Only an exporter with `whole_clients`, which keeps a part of what records say, may answer UNCHANGED, where nothing of that part has changed."},
		{ID: "R56", Text: "A record in doubt is looked for before it is written: one that is there is not created again."},
		{ID: "R57", Text: "A record in doubt that is not there is created."},
		{ID: "R58", Text: "What is acknowledged is there, whatever happens to the process next, and a run that is started again ends as if it had not been cut off."},
		{ID: "R59", Text: "In the mode REPLACE, objects of the run's clients that are not in the run are removed, and no others."},
		{ID: "R60", Text: "In the mode APPEND, objects are only added.", Unchecked: "what was there before can't be seen through the protocol"},
	}
}
