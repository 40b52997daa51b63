package sheet

import (
	"archive/zip"
	"strconv"
	"strings"
)

// format is how numbers of a style are shown, as far as it matters here.
type format uint8

const (
	formatDate     format = 1 << iota // shows a year, month or day
	formatTime                        // shows a time of day
	formatElapsed                     // shows an amount of time, such as 36 hours
	formatFraction                    // shows fractions of seconds
)

// readStyles returns the format of each cell style; f is nil when the workbook
// has no styles.
func readStyles(p *pack, f *zip.File) ([]format, error) {
	if f == nil {
		return nil, nil
	}
	custom := map[int]format{}
	var ids []int
	err := p.scan(f, "styleSheet", maxStylePart, func(s *scanner) error {
		return s.each("styleSheet", func() error {
			switch string(s.name) {
			case "numFmts":
				return s.each("numFmts", func() error { return readNumFmt(s, custom) })
			case "cellXfs":
				return s.each("cellXfs", func() error {
					id, err := s.attrs.get("numFmtId")
					if err != nil {
						return err
					}
					n, _ := strconv.Atoi(id)
					ids = append(ids, n)
					return s.skip()
				})
			default:
				return s.skip()
			}
		})
	})
	if err != nil {
		return nil, err
	}
	styles := make([]format, len(ids))
	for i, id := range ids {
		if f, ok := custom[id]; ok {
			styles[i] = f
		} else {
			styles[i] = builtinFormat(id)
		}
	}
	return styles, nil
}

func readNumFmt(s *scanner, custom map[int]format) error {
	id, err := s.attrs.get("numFmtId")
	if err != nil {
		return err
	}
	code, err := s.attrs.get("formatCode")
	if err != nil {
		return err
	}
	if n, err := strconv.Atoi(id); err == nil {
		custom[n] = parseFormat(code)
	}
	return s.skip()
}

// builtinFormat is the format with a number that every workbook has without
// listing it, see ECMA-376 part 1, 18.8.30. Some stand for dates only in
// Chinese, Japanese, Korean or Thai editions and for nothing in others.
func builtinFormat(id int) format {
	switch {
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58,
		id >= 71 && id <= 74:
		return formatDate
	case id == 22, id == 77:
		return formatDate | formatTime
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id == 45, id == 55, id == 56, id == 75, id == 76, id == 78:
		return formatTime
	case id == 46, id == 79:
		return formatTime | formatElapsed
	case id == 47, id == 80:
		return formatTime | formatFraction
	case id == 81:
		return formatDate
	default:
		return 0
	}
}

// parseFormat tells how numbers are shown by a format code such as
// "dd/mm/yyyy hh:mm". Only the first of its sections counts, the others being
// for negative numbers, zero and text.
func parseFormat(code string) format {
	var f format
	last := byte(0) // the letter of the field before
	month := false  // the field before is an m that stands for months unless seconds follow
	for i := 0; i < len(code) && code[i] != ';'; i++ {
		c := lower(code[i])
		switch c {
		case '"':
			i = after(code, i, '"')
		case '\\', '_', '*':
			i++
		case '[':
			end := after(code, i, ']')
			if isElapsed(code[i+1 : end]) {
				f |= formatTime | formatElapsed
				last = lower(code[i+1])
			}
			i = end
		case '0', '#', '?':
			// A place for a digit: either of a fraction of seconds or of a
			// number, which is never mixed with dates.
			if last != 's' {
				return 0
			}
			f |= formatFraction
		case 'a', 'g':
			i += max(1, len(word(code[i:]))) - 1
		case 'y', 'd', 'h', 's', 'm':
			if word(code[i:]) != "" {
				return f
			}
			n := run(code[i:], c)
			switch {
			case c == 's' && month:
				month = false
				f |= formatTime
			case c == 's', c == 'h', c == 'm' && last == 'h':
				f |= formatTime
			case c == 'm' && n < 3:
				month = true
			default:
				f |= formatDate
			}
			if month && c != 'm' {
				f |= formatDate
				month = false
			}
			last = c
			i += n - 1
		}
	}
	if month {
		f |= formatDate
	}
	return f
}

// word returns the word of a format code that begins s and is no date field
// for all its letters: that for a number as it is, "Standard" in the German of
// some programs, or that for the halves of the day. It is "" when there is none.
func word(s string) string {
	for _, w := range []string{"general", "standard", "am/pm", "a/p"} {
		if len(s) >= len(w) && strings.EqualFold(s[:len(w)], w) {
			return w
		}
	}
	return ""
}

// after returns where c next stands behind i, or the end of s.
func after(s string, i int, c byte) int {
	for i++; i < len(s) && s[i] != c; i++ {
	}
	return i
}

// run counts how often c stands at the start of s, in any case.
func run(s string, c byte) int {
	n := 0
	for n < len(s) && lower(s[n]) == c {
		n++
	}
	return n
}

// isElapsed reports whether what stands in brackets is an amount of hours,
// minutes or seconds: "h", "mm".
func isElapsed(s string) bool {
	if s == "" {
		return false
	}
	c := lower(s[0])
	return (c == 'h' || c == 'm' || c == 's') && run(s, c) == len(s)
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}
