package canvastest

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Error is an error of an import. Row 1 is the header.
type Error struct {
	Row  int
	Text string
}

// Row is a row of a file, read.
type Row struct {
	GUID, Type, Title, Description, DisplayName string
	Method, Int, State                          string
	Parents                                     []string
	Mastery                                     *float64
	Ratings                                     []Rating
}

// cell is a cell of a file. One that is empty and not quoted is as if it were not there.
type cell struct {
	text  string
	there bool
}

// The columns that Canvas knows.
var (
	required = []string{"title", "vendor_guid", "object_type"}
	optional = []string{"canvas_id", "course_id", "description", "friendly_description", "display_name", "parent_guids", "calculation_method", "calculation_int", "mastery_points", "workflow_state"}
)

// Limits of Canvas's database.
const (
	longestString = 255
	longestText   = 64<<10 - 1
)

// importFile reads a file into the store: rows that are right are kept, of the others the
// errors are given.
func (s *store) importFile(j *job, refuse func(Row) string) []Error {
	table, err := readCSV(j.file)
	if err != nil {
		return []Error{{1, "this is no CSV"}}
	}
	if len(table) < 2 {
		return []Error{{1, "there is nothing below the header"}}
	}
	columns, err := header(table[0])
	if err != nil {
		return []Error{{1, err.Error()}}
	}
	var faults []Error
	for i, cells := range table[1:] {
		row, err := readRow(columns, cells)
		if err == nil {
			err = s.keep(j, row, refuse)
		}
		if err != nil {
			faults = append(faults, Error{i + 2, err.Error()})
		}
	}
	return faults
}

// readCSV reads a file by RFC 4180; a semicolon separates where the header has more of
// them.
func readCSV(file []byte) ([][]cell, error) {
	file = bytes.TrimPrefix(file, []byte("\ufeff"))
	head, _, _ := bytes.Cut(file, []byte("\n"))
	comma := byte(',')
	if bytes.Count(head, []byte(";")) > bytes.Count(head, []byte(",")) {
		comma = ';'
	}
	var table [][]cell
	var line []cell
	for len(file) > 0 {
		c, rest, err := readCell(file, comma)
		if err != nil {
			return nil, err
		}
		line = append(line, c)
		switch {
		case len(rest) > 0 && rest[0] == comma:
			if file = rest[1:]; len(file) == 0 {
				line = append(line, cell{})
			}
			continue
		case bytes.HasPrefix(rest, []byte("\r\n")):
			rest = rest[2:]
		case bytes.HasPrefix(rest, []byte("\n")):
			rest = rest[1:]
		case len(rest) > 0:
			return nil, errors.New("stray text after a cell")
		}
		table, line, file = append(table, line), nil, rest
	}
	if line != nil {
		table = append(table, line)
	}
	return table, nil
}

func readCell(text []byte, comma byte) (cell, []byte, error) {
	if text[0] != '"' {
		end := bytes.IndexAny(text, string(comma)+"\r\n")
		if end < 0 {
			end = len(text)
		}
		if bytes.IndexByte(text[:end], '"') >= 0 {
			return cell{}, nil, errors.New("a quote within a cell that is not quoted")
		}
		return cell{string(text[:end]), end > 0}, text[end:], nil
	}
	var b strings.Builder
	for text = text[1:]; ; {
		end := bytes.IndexByte(text, '"')
		if end < 0 {
			return cell{}, nil, errors.New("a quoted cell has no end")
		}
		b.Write(text[:end])
		if text = text[end+1:]; len(text) == 0 || text[0] != '"' {
			return cell{b.String(), true}, text, nil
		}
		b.WriteByte('"')
		text = text[1:]
	}
}

// header gives the names of the columns before the ratings.
func header(cells []cell) ([]string, error) {
	var names []string
	for _, c := range cells {
		names = append(names, c.text)
	}
	if at := slices.Index(names, "ratings"); at >= 0 {
		for _, after := range names[at+1:] {
			if after != "" {
				return nil, fmt.Errorf("the column %q stands after the ratings", after)
			}
		}
		names = names[:at]
	}
	for _, name := range required {
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("the column %q is missing", name)
		}
	}
	for _, name := range names {
		if !slices.Contains(required, name) && !slices.Contains(optional, name) {
			return nil, fmt.Errorf("the column %q is unknown", name)
		}
	}
	return names, nil
}

func readRow(columns []string, cells []cell) (Row, error) {
	var r Row
	values := map[string]string{}
	for i, c := range cells[:min(len(columns), len(cells))] {
		if !utf8.ValidString(c.text) || strings.ContainsRune(c.text, 0) {
			return r, fmt.Errorf("%q is no UTF-8", c.text)
		}
		values[columns[i]] = c.text
	}
	r = Row{
		GUID: values["vendor_guid"], Type: values["object_type"], Title: values["title"], Description: values["description"], DisplayName: values["display_name"],
		Method: values["calculation_method"], Int: values["calculation_int"], State: values["workflow_state"], Parents: strings.Fields(values["parent_guids"]),
	}
	var err error
	if r.Ratings, err = readRatings(cells[min(len(columns), len(cells)):]); err != nil {
		return r, err
	}
	if text := strings.TrimSpace(values["mastery_points"]); text != "" {
		n, err := number(text)
		if err != nil {
			return r, fmt.Errorf("the mastery points %q are no number", text)
		}
		r.Mastery = &n
	}
	return r, nil
}

// readRatings reads pairs of points and words. Empty cells at the end are none.
func readRatings(cells []cell) ([]Rating, error) {
	for len(cells) > 0 && !cells[len(cells)-1].there {
		cells = cells[:len(cells)-1]
	}
	var all []Rating
	for i := 0; i < len(cells); i += 2 {
		tier := i/2 + 1
		if strings.TrimSpace(cells[i].text) == "" {
			return nil, fmt.Errorf("tier %d has no points", tier)
		}
		points, err := number(cells[i].text)
		if err != nil {
			return nil, fmt.Errorf("the points %q of tier %d are no number", cells[i].text, tier)
		}
		if len(all) > 0 && all[len(all)-1].Points < points {
			return nil, fmt.Errorf("tier %d has more points than the one before", tier)
		}
		text := ""
		if i+1 < len(cells) {
			text = cells[i+1].text
		}
		all = append(all, Rating{points, text})
	}
	return all, nil
}

// number reads a number as an account in German does, where it makes a difference: points
// separate thousands.
func number(text string) (float64, error) {
	return strconv.ParseFloat(strings.Replace(strings.ReplaceAll(text, ".", ""), ",", ".", 1), 64)
}

var byNumber = regexp.MustCompile(`canvas_outcome(_group)?:\d+`)
