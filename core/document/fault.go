package document

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// Why a file could not be read, for errors.Is.
var (
	ErrEmpty     = errors.New("no text")            // nothing in it, or nothing but space or pictures
	ErrProtected = errors.New("protected")          // encrypted with a password
	ErrForeign   = errors.New("not a known format") // a file of another kind
	ErrDamaged   = errors.New("damaged")            // not as its format wants it, such as cut off
	ErrTooLarge  = errors.New("too large")          // more than a document has, such as a file that inflates without end
	ErrTimeout   = errors.New("takes too long")     // more time than ReadGuarded was given

	// ErrScanned is ErrEmpty too: the pages are pictures of a text, and need
	// text recognition (OCR).
	ErrScanned = fmt.Errorf("%w, only pictures of one", ErrEmpty)
)

// fault is a problem of a file, with its cause.
type fault struct {
	problem.Problem
	cause error
}

// Unwrap gives the problem, which is what a user is told.
func (f fault) Unwrap() error { return f.Problem }

// Is says whether the fault has the cause.
func (f fault) Is(cause error) bool { return errors.Is(f.cause, cause) }

const hintOCR = "run text recognition (OCR) over it, or give the document it was made from"

const hintAgain = "get the file again, or open it in the program it was made with and save it again"

func empty(what, hint string) error   { return newFault(ErrEmpty, what, hint) }
func foreign(what, hint string) error { return newFault(ErrForeign, what, hint) }
func damaged(what, hint string) error { return newFault(ErrDamaged, what, hint) }
func tooLarge(what string) error {
	return newFault(ErrTooLarge, what, "give the part of it that is to be read")
}

func scanned() error {
	return newFault(ErrScanned, "is made of scanned pictures, in which there is no text yet: it needs text recognition (OCR)",
		hintOCR)
}

func protected() error {
	return newFault(ErrProtected, "is protected with a password", "open it, save a copy without a password and give that one")
}

func newFault(cause error, what, hint string) error {
	return fault{problem.Problem{What: what, Hint: hint}, cause}
}

// named adds the name of the file to a fault.
func named(file string, err error) error {
	var f fault
	if errors.As(err, &f) {
		f.File = file
		return f
	}
	return fmt.Errorf("read %s: %w", file, err)
}

// printable is a name out of the file without what could upset a terminal, cut
// when it is long.
func printable(name string) string {
	const most = 100
	if runes := []rune(name); len(runes) > most {
		name = string(runes[:most]) + "…"
	}
	quoted := strconv.Quote(name)
	return quoted[1 : len(quoted)-1]
}
