package web

import "time"

// Refused says that the server will not do what it was asked, and has not: asked again it
// would refuse again.
type Refused struct {
	Status int    // of HTTP; 0 when it is about one part of a request
	Code   string // the server's own word; may be empty
	Text   string // for people: what is wrong
	Hint   string // for people: what to do; may be empty
}

func (e *Refused) Error() string { return e.Text }

// Busy says that the server has not done what it was asked, and may later.
type Busy struct {
	After time.Duration // not before
	Known bool          // the server said so
	Text  string        // for people
}

func (e *Busy) Error() string { return e.Text }

// Quota says that a limit is used up that is counted by the day or longer. Nothing was
// done.
type Quota struct{ Text string }

func (e *Quota) Error() string { return e.Text }

// Unsure says that nobody knows whether the server did what it was asked: the answer was
// lost, or the server failed.
type Unsure struct{ Text string }

func (e *Unsure) Error() string { return e.Text }
