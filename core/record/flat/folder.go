package flat

import (
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// Folders is the table of folders of job descriptions. The command line prints none.
var Folders = newTable(Table{
	Kind: record.KindFolder, Name: "folders", Title: "Folders",
	About: "One row for a folder of job descriptions as a whole, and one for each of its subfolders and departments.",
}, nil, []Column{
	client(),
	{Name: "folder", Title: "Folder", Doc: "The folder as the user named it."},
	{Name: "by", Title: "Part by", Doc: "What the row is a part by: folder or department; empty for the whole.", Identity: true},
	{Name: "name", Title: "Part", Doc: "The subfolder or the department; empty for the whole, and for documents without one.", Identity: true},
	count("documents", "Documents", "Job descriptions that were read."),
	count("unread", "Not read", "Documents that could not be read; of the whole only."),
	count("stale", "Stale", "Something they say is no longer so."),
	count("overdue", "Overdue", "Overdue for review."),
	count("due", "Due", "Due for review soon."),
	count("unknown", "Unknown", "Nothing tells."),
	count("closed", "Closed", "No longer in use."),
	count("current", "Current", "Gone through within their interval, and nothing in them speaks against it."),
	{Name: "median_staleness", Title: "Median staleness", Type: Decimal, Unit: points, Doc: "Median of the staleness of documents in use; of the whole only."},
	{Name: "reviewed_share", Title: "Reviewed in time", Type: Share, Decimals: 1, Doc: "Share of the documents in use that were gone through within their interval; of the whole only."},
	{Name: "oldest_review", Title: "Oldest review", Type: Date, Doc: "The longest-past last review among documents in use; of the whole only."},
	summary("The folder in words; of the whole only."),
})

// count is a column of documents counted.
func count(name, title, doc string) Column {
	return Column{Name: name, Title: title, Type: Whole, Unit: documents, Doc: doc}
}

// Folder gives the rows of a folder: the whole, then its parts.
func Folder(rec *record.Record, f record.Folder) Rows {
	rows := Rows{Table: Folders}
	add := func(by, name string, documents int, unread Value, v record.VerdictCounts, rest ...Value) {
		row := append(Folders.begin(rec), clientID(rec), text(f.ID), text(by), text(name), whole(int64(documents)), unread)
		for _, n := range []int{v.Stale, v.Overdue, v.Due, v.Unknown, v.Closed, v.Current} {
			row = append(row, whole(int64(n)))
		}
		rows.Rows = append(rows.Rows, append(row, rest...))
	}
	add("", "", f.Documents, whole(int64(len(f.Unread))), f.Verdicts,
		number(Decimal, f.Median), number(Share, f.Reviewed), date(f.Oldest), text(strings.Join(f.Summary, " ")))
	for _, p := range f.Parts {
		add(p.By, p.Name, p.Documents, Value{}, p.Verdicts, Value{}, Value{}, Value{}, Value{})
	}
	return rows
}
