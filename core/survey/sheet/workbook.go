package sheet

import (
	"archive/zip"
	"errors"
	"fmt"
	"strings"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// workbook is what the first part of a workbook says about the others.
type workbook struct {
	sheets   []sheetInfo
	date1904 bool      // days count from 1904
	shared   *zip.File // nil when there is none
	styles   *zip.File // nil when there is none
}

type sheetInfo struct {
	name, id string
	hidden   bool
	table    bool      // a worksheet, not a chart or macro sheet
	part     *zip.File // nil when the workbook lacks it
}

// readWorkbook finds the parts of a workbook.
func readWorkbook(p *pack) (*workbook, error) {
	main := "xl/workbook.xml"
	roots, err := p.relations("")
	if err != nil {
		return nil, err
	}
	for _, r := range roots {
		if r.is("officeDocument") {
			main = r.target
			break
		}
	}
	f := p.find(main)
	lower := strings.ToLower(main)
	if f == nil || !strings.HasSuffix(lower, ".xml") || strings.HasPrefix(lower, "word/") || strings.HasPrefix(lower, "ppt/") {
		return nil, p.foreignZip()
	}
	book := &workbook{}
	if err := p.scan(f, "workbook", maxSmallPart, book.read); err != nil {
		return nil, err
	}
	return book, book.connect(p, main)
}

// read takes the sheets and the date system from the main part.
func (w *workbook) read(s *scanner) error {
	return s.each("workbook", func() error {
		switch string(s.name) {
		case "workbookPr":
			since, err := s.attrs.get("date1904")
			if err != nil {
				return err
			}
			w.date1904 = isTrue(since)
			return s.skip()
		case "sheets":
			return s.each("sheets", func() error { return w.readSheet(s) })
		default:
			return s.skip()
		}
	})
}

func (w *workbook) readSheet(s *scanner) error {
	if string(s.name) != "sheet" {
		return s.skip()
	}
	name, err1 := s.attrs.get("name")
	id, err2 := s.attrs.get("id")
	state, err3 := s.attrs.get("state")
	if errors.Join(err1, err2, err3) != nil {
		return brokenTag
	}
	if len(w.sheets) == MaxSheets {
		return errManySheets
	}
	name = string(unescape([]byte(name)))
	w.sheets = append(w.sheets, sheetInfo{name: name, id: id, hidden: state == "hidden" || state == "veryHidden"})
	return s.skip()
}

// isTrue reads a truth value as XML has them.
func isTrue(s string) bool { return s == "1" || strings.EqualFold(s, "true") || s == "on" }

// connect follows the relations of the main part to the other parts.
func (w *workbook) connect(p *pack, main string) error {
	relations, err := p.relations(main)
	if err != nil {
		return err
	}
	byID := make(map[string]relation, len(relations))
	for _, r := range relations {
		byID[r.id] = r
		switch {
		case r.is("sharedStrings"):
			w.shared = p.find(r.target)
		case r.is("styles"):
			w.styles = p.find(r.target)
		}
	}
	for i := range w.sheets {
		sh := &w.sheets[i]
		r, ok := byID[sh.id]
		if sh.table = !ok || r.is("worksheet"); sh.table && ok {
			sh.part = p.find(r.target)
		}
	}
	return nil
}

// names returns the names of the worksheets.
func (w *workbook) names() []string {
	var names []string
	for _, s := range w.sheets {
		if s.table {
			names = append(names, s.name)
		}
	}
	return names
}

// choose finds the sheet with a name, or the first visible one for "".
func (w *workbook) choose(p *pack, name string) (sheetInfo, error) {
	if name == "" {
		for _, s := range w.sheets {
			if s.table && !s.hidden {
				return s.checked(p)
			}
		}
		if len(w.names()) == 0 {
			return sheetInfo{}, p.fault("", "has no sheet with cells", hintRight)
		}
		return sheetInfo{}, p.fault("", "all of its sheets are hidden", "name the one to read; "+w.list())
	}
	for _, same := range []func(a, b string) bool{
		func(a, b string) bool { return a == b },
		func(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) },
	} {
		for _, s := range w.sheets {
			if !same(s.name, name) {
				continue
			}
			if !s.table {
				return s, p.fault("", fmt.Sprintf("sheet %q is a chart or macros and has no cells", s.name), w.list())
			}
			return s.checked(p)
		}
	}
	hint := w.list()
	if near := problem.Nearest(name, w.names()); near != "" {
		hint = fmt.Sprintf("did you mean %q? %s", near, hint)
	}
	return sheetInfo{}, p.fault("", fmt.Sprintf("has no sheet %q", name), hint)
}

// checked is the sheet, or an error when the workbook lacks its part.
func (s sheetInfo) checked(p *pack) (sheetInfo, error) {
	if s.part == nil {
		return s, p.fault(place(s.name, 0, 0), "the workbook is damaged: this sheet is missing in it", hintAgain)
	}
	return s, nil
}

// list says which sheets there are.
func (w *workbook) list() string {
	const most = 20
	names := w.names()
	var b strings.Builder
	for i, name := range names {
		switch {
		case i == most:
			fmt.Fprintf(&b, " and %d more", len(names)-most)
			return b.String()
		case i == 0 && len(names) == 1:
			b.WriteString("its sheet is ")
		case i == 0:
			b.WriteString("its sheets are ")
		default:
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%q", name)
	}
	return b.String()
}
