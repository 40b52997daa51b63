// Package jobs says which job descriptions are out of date, why, how sure that is, and
// what to do.
//
// A Reader takes each document apart: sections, titles, reporting lines, dates, what it
// names that is out of use, what it asks for towards customers. A Set holds the
// documents of one client against each other and against what is known of the
// organization. Then each Paper is judged by rules and evidence, and RollUp and Plan
// sum the folder up. Judge, RollUp and Plan need a settled Set.
//
// It opens no file and asks no program: documents and their histories are given to it.
package jobs

import (
	"context"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/core/document"
	"github.com/firstcall-cli/firstcall/core/history"
	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/org"
	"github.com/firstcall-cli/firstcall/core/prose"
	"github.com/firstcall-cli/firstcall/core/record"
)

// Paper is one document, read and still to be examined beside the others. What is
// exported may be set by who reads it, before Examine.
type Paper struct {
	ID       string                     // its path with slashes, as the user named it
	Modified time.Time                  // when its file was last written; the zero time when that says nothing
	History  *history.File              // what git knows of it; nil when it was not asked
	Suppress func(lint.Diagnostic) bool // whether a comment in the document switches a diagnostic off; nil for never
	Rules    []*lint.Rule               // rules of the user's for this document

	doc   *document.Document
	facts *Facts

	// What is known only beside the others.
	set       *Set
	evidence  []evidence
	policy    Policy
	review    record.Review
	ended     *evidence // the day on which an advertisement closed, or the document ran out
	inactive  bool      // it says that it is no longer in use
	lines     []reported
	circle    []string // titles that report to each other in a circle, with this one at both ends
	clash     []Line   // reporting lines that contradict the first
	elsewhere string   // the role that the client file says this title reports to, when that is another
	copyOf    *Paper   // an earlier document that is nearly the same
	overlap   float64  // with it
}

// reported is a reporting line with what the client file knows of the role.
type reported struct {
	Line
	known string // present, former, unknown; empty without roles in a client file
	now   string // of a former title the present one
}

// Policy is how often a document is to be gone through.
type Policy struct {
	org.Review
	From string // who says so: client-file, settings or default
}

// Who can say how often a document is gone through, as records have it.
const (
	FromDocument   = "document"
	FromClientFile = "client-file"
	FromSettings   = "settings"
	FromDefault    = "default"
)

// Reader reads documents one after the other in the same memory. It is not for use
// by several goroutines at the same time; make one for each.
type Reader struct{ memory memory }

// NewReader makes a reader. known may be nil; asOf is the day of the check, on which
// hangs what is out of date in the world by then.
func NewReader(known *Known, asOf time.Time) *Reader {
	return &Reader{memory{known: known, asOf: asOf}}
}

// Read takes a document apart. Which of its dates are over, and what it has in common
// with others, is for Examine.
func (r *Reader) Read(id string, doc *document.Document) *Paper {
	return &Paper{ID: id, doc: doc, facts: factsOf(id, doc, &r.memory)}
}

// readVersion reads a version of a document that a repository has.
func readVersion(path string, data []byte) (*document.Document, error) {
	return document.ReadGuarded(context.Background(), path, data)
}

// Document is what the paper was read from.
func (p *Paper) Document() *document.Document { return p.doc }

// Title is what the document calls the job.
func (p *Paper) Title() string { return p.facts.Titles[0].Name }

// at gives the place of a byte of the text in the user's file.
func (p *Paper) at(offset int) record.Place {
	return p.placed(p.doc.Place(offset))
}

func (p *Paper) placed(place document.Place) record.Place {
	if place.Part != "" {
		return record.Place{File: p.ID, Part: place.Part} // its lines are not the file's
	}
	return record.Place{File: p.ID, Line: place.Line, Column: place.Column}
}

// piece makes of the text what rules look at. Built-in rules know where everything is;
// rules of the user's look at words.
func (p *Paper) piece(words bool) *prose.Text {
	if !words {
		return &prose.Text{Source: p.facts.Text}
	}
	if p.doc.Blocks == nil {
		return prose.Parse(p.facts.Text)
	}
	t := prose.English().Parse("")
	prose.English().ParseAgain(t, p.facts.Text, func(yield func(prose.Span, prose.Block) bool) {
		for _, b := range p.facts.blocks {
			if !yield(b.Span, b.kind) {
				return
			}
		}
	})
	return t
}

// longestQuoted is how many bytes of a text a finding quotes.
const longestQuoted = 120

// clip gives text on one line, of at most so many bytes and a sign that it goes on.
func clip(text string, most int) string {
	text = oneLine(text)
	if len(text) <= most {
		return text
	}
	cut := strings.ToValidUTF8(text[:most], "")
	if at := strings.LastIndexByte(cut, ' '); at > most/2 {
		cut = cut[:at]
	}
	return cut + "…"
}
