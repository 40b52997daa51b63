package sheet

import (
	"archive/zip"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/firstcall-cli/firstcall/core/problem"
)

const (
	hintAgain    = "download the workbook again, or open it in a spreadsheet program, save it and try that one"
	hintRight    = "the file does not look like answers to a survey; is it the right one?"
	hintPassword = "open it in a spreadsheet program, save it without a password and try that one"
	hintSave     = "open it in a spreadsheet program and save it as an Excel workbook (.xlsx)"
)

// Faults that need the place, which whoever finds them does not know.
var (
	errLongText   = errors.New("this text is longer than 1 MiB")
	errLongRow    = errors.New("this row is longer than 16 MiB")
	errManyTexts  = fmt.Errorf("shares more than %d texts between its cells", MaxTexts)
	errMuchShared = errors.New("shares more than 256 MiB of text between its cells")
	errManySheets = fmt.Errorf("has more than %d sheets", MaxSheets)
)

// fault makes a problem of the workbook, at a place within it unless that is
// "".
func (p *pack) fault(place, what, hint string) error {
	if place != "" {
		what = place + ": " + what
	}
	return problem.Problem{File: p.name, What: what, Hint: hint}
}

func isProblem(err error) bool {
	var p problem.Problem
	return errors.As(err, &p)
}

// describe words an error that reading a part ended with.
func describe(err error) (what, hint string) {
	var b broken
	switch {
	case errors.As(err, &b):
		return "the workbook is damaged here: " + string(b), hintAgain
	case errors.Is(err, zip.ErrAlgorithm):
		return "the workbook is compressed in a way that spreadsheet programs do not use", hintSave
	case damaged(err):
		return "the workbook is damaged: its zip archive is incomplete or was changed", hintAgain
	default:
		return err.Error(), hintRight
	}
}

// located makes what is wrong where the Reader stands an error for the user.
func (r *Reader) located(err error) error {
	return r.pack.located(r.Place(r.row, r.column), err)
}

// damage is a fault of the sheet where the Reader stands.
func (r *Reader) damage(format string, args ...any) error {
	return r.pack.fault(r.Place(r.row, r.column), fmt.Sprintf(format, args...), hintAgain)
}

// place is how a spreadsheet calls a cell, a row or a sheet.
func place(sheet string, line, column int) string {
	if strings.ContainsFunc(sheet, func(c rune) bool { return !unicode.IsPrint(c) }) {
		sheet = printable(sheet)
	} else if sheet == "" || strings.ContainsFunc(sheet, func(c rune) bool {
		return c != '_' && c != '.' && !unicode.IsLetter(c) && !unicode.IsDigit(c)
	}) {
		sheet = "'" + strings.ReplaceAll(sheet, "'", "''") + "'"
	}
	switch {
	case line <= 0:
		return sheet
	case column <= 0:
		return fmt.Sprintf("%s!%d:%d", sheet, line, line)
	default:
		return fmt.Sprintf("%s!%s%d", sheet, columnName(column), line)
	}
}

// columnName is "A" for 1 and "AB" for 28.
func columnName(column int) string {
	var b []byte
	for ; column > 0; column = (column - 1) / 26 {
		b = append([]byte{byte('A' + (column-1)%26)}, b...)
	}
	return string(b)
}

// printable is a name from the file without what could upset a terminal, cut
// when it is long.
func printable(name string) string {
	const most = 100
	if runes := []rune(name); len(runes) > most {
		name = string(runes[:most]) + "…"
	}
	quoted := strconv.Quote(name)
	return quoted[1 : len(quoted)-1]
}
