// Package history says when the text of each of many files was last really
// changed, as git knows it. Commits that only moved a file, laid it out anew,
// swept over most of the files at once or moved a review date are seen through.
//
// For a repository one git rev-list names the commits, one git diff-tree is
// asked which files differ between a commit and its parent, and one git
// cat-file is asked for the few contents that must be compared; there is no
// process a file, and all three end as soon as every file is settled. They are
// git's plumbing, since git log heeds more of the user's configuration. Git is
// only ever read from, never made to reach for the network, and nothing that a
// repository's configuration names is run.
//
// A file is followed back from commit to parent. Where branches were merged it
// goes to the branch whose content the merge took, so that a change is dated by
// the commit that made it, not by the merge. When a merge brought changes of
// several branches together, the newest of them counts; words that a merge
// commit itself brought in are seen only when the branches agreed before it.
package history

import (
	"context"
	"time"
)

// Difference is what a change of a file's content amounts to.
type Difference uint8

// Differences, from the least to the most.
const (
	Same  Difference = iota // white space, front matter or layout only
	Dates                   // only a review date was moved: a bump
	Text                    // the words changed
)

// Compare judges what lies between two contents of the file at path, a
// slash-separated path under the top of its work tree. With Dates it also gives
// a note on the date, which ends up in [Bump.Note]. It must not keep or change
// the contents.
type Compare func(path string, older, newer []byte) (Difference, string)

// Options say what counts as a change. The zero value is ready.
type Options struct {
	// Compare judges changes. When it is nil, a change of anything but white
	// space is one of the text.
	// It is not asked about contents over 64 MiB, those that Git LFS keeps and
	// symbolic links: whenever these differ, that counts as Text.
	Compare Compare

	// Bulk is how many of the files asked for in one repository a commit must
	// add or change, moves alone not counted, to be taken for a sweep (an
	// import, a new template, a formatter) that says nothing about a single
	// text. 0 stands for more than half of them and at least 20; a negative
	// number for never.
	Bulk int

	// Added asks for [File.Added]. The walk then goes on to the commits in
	// which the files first appear, which are often the oldest.
	Added bool
}

// Commit is a commit without the people who made it.
type Commit struct {
	Hash    string    // full, in hexadecimal digits
	When    time.Time // when its author worked, with the author's time zone; zero when the commit does not say
	Subject string    // first line of the message, without control characters, at most 200 characters
}

// Bump is a commit in which a review date was moved and nothing else.
type Bump struct {
	Commit
	Note string // what Compare said of the date
}

// Reason is why history does not tell when a text was last changed.
type Reason uint8

// Reasons.
const (
	Told         Reason = iota // it does tell
	NoGit                      // git is not installed or too old
	NoRepository               // the file is in no repository
	NoCommits                  // the repository has no commits yet
	Untracked                  // the file is not in the last commit
	NothingReal                // all commits are seen through: bulk or ignored ones brought the text as it is
	Cut                        // the repository is a shallow clone, whose history ends before the answer
	NoContent                  // a content to compare is not there, as in a partial clone, or can't be read
	Failed                     // git failed; the repository's notes say how
)

// String words the reason as a phrase that completes "not known: ".
func (r Reason) String() string {
	switch r {
	case Told:
		return "told by git"
	case NoGit:
		return "git is not installed or too old"
	case NoRepository:
		return "in no git repository"
	case NoCommits:
		return "the repository has no commits yet"
	case Untracked:
		return "not in the last commit"
	case NothingReal:
		return "only commits over many files at once, or ignored ones, touched the text"
	case Cut:
		return "the history is cut off (a shallow clone)"
	case NoContent:
		return "former contents are not at hand (a partial clone?)"
	case Failed:
		return "git could not read the history"
	}
	return "unknown"
}

// Skipped counts the commits that touched a file and were seen through, from
// the newest to the one that changed the text. Bumps are not among them.
type Skipped struct {
	Bulk     int // changed many files at once
	Layout   int // changed no words: white space, front matter, file mode
	Moves    int // moved or renamed the file and changed no words
	Ignored  int // named in .git-blame-ignore-revs
	Restored int // brought a deleted file back as it was
}

// File is what the history of one file says.
type File struct {
	Path       string     // as given
	Repository int        // index of its repository in what Read returned; -1 for none
	Tracked    bool       // is in the last commit
	Dirty      Difference // how the file on disk differs from the last commit; Text when it is gone
	Changed    *Commit    // last commit that really changed the text; nil when history does not tell
	Why        Reason     // why Changed is nil
	Stood      *Commit    // when Changed is nil: a commit since which the text has stood unchanged, so that it is at least as old; nil when there is none
	Added      *Commit    // where the file first appears, moves followed; nil when not asked for or not known
	Skipped    Skipped
	Bumps      []Bump // since the last change of the text, newest first
}

// Repository is what was met in one repository.
type Repository struct {
	Top     string   // absolute path of the top of its work tree
	Head    string   // hash of the last commit; empty when there is none
	Shallow bool     // history is cut off
	Partial bool     // contents may be missing
	Files   int      // how many different files of it were asked for and are tracked
	Bulk    int      // how many of them make a commit a bulk one; 0 for never
	Commits int      // how many commits were looked at
	Notes   []string // what went wrong, one line each, for the user
}

// Read follows the history of files, which may be absolute or relative to the
// working directory and lie in several repositories or in none. It gives one
// File for each path, in the order given, and the repositories ordered by
// their tops. A symbolic link stands for the file it leads to.
//
// A file that was moved is followed to its old path; whether its words changed
// on the way is for Compare to say. One that was deleted and put back within a
// thousand commits is held against what it was before. Commits named in
// .git-blame-ignore-revs at the top of the work tree do not count.
//
// Whatever is wrong with git or a repository is told in File.Why and
// Repository.Notes. The error is that of ctx, or of finding the working
// directory.
func Read(ctx context.Context, files []string, opt Options) ([]File, []Repository, error) {
	if opt.Compare == nil {
		opt.Compare = foldedCompare
	}
	trees, places, err := locate(files)
	if err != nil {
		return nil, nil, err
	}
	answers := make([]File, len(files))
	for i, p := range places {
		answers[i] = File{Path: files[i], Repository: p.tree, Why: NoRepository}
	}
	if len(trees) == 0 {
		return answers, nil, ctx.Err()
	}
	repositories := make([]Repository, len(trees))
	program, gitErr := findGit(ctx)
	for t, top := range trees {
		repositories[t].Top = top
		if gitErr != nil {
			repositories[t].Notes = []string{gitErr.Error()}
			for i := range answers {
				if places[i].tree == t {
					answers[i].Why = NoGit
				}
			}
			continue
		}
		r := &reader{git: program.in(top), opt: opt, repository: &repositories[t]}
		for i, p := range places {
			if p.tree == t {
				r.add(p, &answers[i])
			}
		}
		r.read(ctx)
	}
	return answers, repositories, ctx.Err()
}
