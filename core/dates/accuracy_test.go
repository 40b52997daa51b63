package dates

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// sharedJobs is where labeled job descriptions lie.
const sharedJobs = "../../../shared/jobs"

// Floors under which the finder is not good enough on job descriptions.
const (
	minDocumentDates = .95 // of the texts, with the date of the document right or rightly none
	minClosing       = .95 // of the closing days found, and of those said the right ones
	minExpired       = .95 // of the texts, rightly with or without a reference that has passed
)

// labeledOn is the day on which the job descriptions were judged.
var labeledOn = time.Date(2026, time.September, 1, 0, 0, 0, 0, time.UTC)

// labeledJob is a row of the table of labels with its text.
type labeledJob struct {
	name, text string
	label      map[string]string
}

// readJobs gives the labeled job descriptions, and skips the test where there are none.
func readJobs(t *testing.T) []labeledJob {
	t.Helper()
	table, err := os.ReadFile(filepath.Join(sharedJobs, "labels.tsv"))
	if err != nil {
		t.Skip("the labeled job descriptions are not here")
	}
	lines := strings.Split(strings.TrimSpace(string(table)), "\n")
	head := strings.Split(lines[0], "\t")
	var jobs []labeledJob
	for _, line := range lines[1:] {
		job := labeledJob{label: map[string]string{}}
		for i, cell := range strings.Split(strings.TrimRight(line, "\r"), "\t") {
			job.label[head[i]] = cell
		}
		job.name = job.label["file"]
		text, err := os.ReadFile(filepath.Join(sharedJobs, "files", job.name))
		if err != nil {
			t.Fatal(err)
		}
		job.text = string(text)
		jobs = append(jobs, job)
	}
	return jobs
}

// documentDate gives the date of a document as a reader would: the latest review or
// revision that stands before any other date, else the first day of posting or making.
func documentDate(stamps []Stamp) string {
	for _, kinds := range [][]Kind{{Reviewed, Revised}, {Posted, Created, Approved, Effective}} {
		for _, s := range stamps {
			if slices.Contains(kinds, s.Kind) {
				return s.In(MonthFirst).String()
			}
		}
	}
	return ""
}

func TestAccuracyOfDocumentDates(t *testing.T) {
	right, all := 0, 0
	for _, job := range readJobs(t) {
		got := documentDate(Stamps(job.text))
		all++
		if got == job.label["doc_date_iso"] {
			right++
		} else {
			t.Logf("%s: got %q, labeled %q", job.name, got, job.label["doc_date_iso"])
		}
	}
	t.Logf("date of the document right in %d of %d", right, all)
	if float64(right) < minDocumentDates*float64(all) {
		t.Errorf("under %v", minDocumentDates)
	}
}

// closingDays are all days on which applications close in the labeled texts, by hand.
var closingDays = map[string][]string{
	"elections--03-directordeputy-director.txt":              {"2021-05-11"},
	"elections--06-operations-manager.txt":                   {"2023-09-05"},
	"elections--01-deputy-registrar-of-voters.txt":           {"2019-09-30"},
	"elections--09-software-developer.txt":                   {"2019-08-23"},
	"elections--01-absentee-voting-elections-specialist.txt": {"2026-05-21"},
	"la--principal-clerk-utility-1202-100518-rev-101718.txt": {"2018-10-25"},
	"la--librarian-6152-051217-rev-020218.txt":               {"2018-02-16", "2018-06-08", "2018-09-28"},
}

func TestAccuracyOfClosingDates(t *testing.T) {
	hits, found, want := 0, 0, 0
	for _, job := range readJobs(t) {
		days := closingDays[job.name]
		want += len(days)
		for _, s := range Stamps(job.text) {
			if s.Kind != Closing {
				continue
			}
			found++
			if slices.Contains(days, s.In(MonthFirst).String()) {
				hits++
			} else {
				t.Logf("%s: %v is no closing day", job.name, s.Phrase)
			}
		}
	}
	t.Logf("closing days: %d found, %d of them right, %d in the texts", found, hits, want)
	if float64(hits) < minClosing*float64(found) || float64(hits) < minClosing*float64(want) {
		t.Errorf("under %v", minClosing)
	}
}

func TestAccuracyOfExpiredReferences(t *testing.T) {
	right, all := 0, 0
	for _, job := range readJobs(t) {
		passed := false
		for _, s := range Stamps(job.text) {
			if s.Kind.Passes() && s.In(Unknown).Last.Before(labeledOn) {
				passed = true
			}
		}
		all++
		if passed == (job.label["expired_time_ref"] == "yes") {
			right++
		} else {
			t.Logf("%s: got %v, labeled %s %s", job.name, passed, job.label["expired_time_ref"], job.label["expired_quote"])
		}
	}
	t.Logf("expired references right in %d of %d texts", right, all)
	if float64(right) < minExpired*float64(all) {
		t.Errorf("under %v", minExpired)
	}
}
