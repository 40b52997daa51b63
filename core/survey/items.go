package survey

import (
	"fmt"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/instrument"
)

// This file finds the items' columns.

// mapItems finds the items' columns and returns the items without one. The
// surest ways of finding one come first for all items, so that no item takes
// another's column because it ignores case.
func (m *mapper) mapItems() (missing []instrument.Item) {
	items := m.in.Items()
	m.mapping.Items = make([]int, len(items))
	settled := make([]bool, len(items))
	settle := func(i int, found []int, way string) {
		settled[i] = true
		m.mapping.Items[i] = found[0]
		m.checkItem(items[i], found)
		for _, c := range found {
			m.use(c, RoleItem, items[i].ID, way)
		}
	}
	m.toldItems(items, settled, settle)
	for _, match := range []match{exact, loose} {
		for i, it := range items {
			if settled[i] {
				continue
			}
			found := m.columns.find(match, it.ID, it.Text)
			if match == loose {
				found = slices.DeleteFunc(found, func(c int) bool { return m.itemIn(c) != "" })
			}
			if len(found) > 0 {
				settle(i, found, m.way(match, it, found[0]))
			}
		}
	}
	m.itemsByPart(items, settled, settle)
	if m.layout.vendor.dialect == vendorLimeSurvey().dialect {
		m.itemsCutShort(items, settled, settle)
	}
	m.expandedItems(items, settled)
	for i, it := range items {
		if !settled[i] {
			missing = append(missing, it)
		}
	}
	return missing
}

// way says how a column was found by its name.
func (m *mapper) way(how match, it instrument.Item, column int) string {
	way := "is called like the item"
	for _, n := range m.layout.columns[column].names {
		switch how.fold(n) {
		case how.fold(it.ID):
			way = fmt.Sprintf("its name %s is the item's id", quoted(n))
		case how.fold(it.Text):
			way = fmt.Sprintf("its name %s is the item's text", quoted(n))
		default:
			continue
		}
		break
	}
	if how == loose {
		way += ", but for case and quotes"
	}
	return way
}

// checkItem refuses an item with several columns and a column with several
// items.
func (m *mapper) checkItem(it instrument.Item, found []int) {
	if len(found) > 1 {
		hint := "keep the right one and rename or remove the rest"
		if m.layout.vendor.dialect != dialectPlain {
			hint = fmt.Sprintf("choose one: write %s = %d, say, under [columns] in a mapping file", it.ID, found[0]+1)
		}
		m.add(hint, "item %q has %d columns: %s", it.ID, len(found), numbers(found))
	}
	if other := m.itemIn(found[0]); other != "" {
		m.add("use the items' ids as the names of the columns",
			"column %d fits two items, %q and %q", found[0]+1, other, it.ID)
	}
}

// itemsByPart finds the items that stand in a column's name behind a question.
// Each column goes by its longest part that is an item, so that a short item
// does not take the column of one that ends like it.
func (m *mapper) itemsByPart(items []instrument.Item, settled []bool, settle func(int, []int, string)) {
	var byName [loose + 1]map[string][]int
	for how := exact; how <= loose; how++ {
		byName[how] = map[string][]int{}
		for i, it := range items {
			enter(byName[how], how, i, []string{it.ID, it.Text})
		}
	}
	found := make([][]int, len(items))
	part := make([]string, len(items))
	for c, names := range m.layout.columns {
		if m.itemIn(c) != "" {
			continue
		}
		for _, p := range names.parts {
			its := byName[exact][exact.fold(p)]
			if len(its) == 0 {
				its = byName[loose][loose.fold(p)]
			}
			for _, i := range its {
				found[i], part[i] = append(found[i], c), p
			}
			if len(its) > 0 {
				break
			}
		}
	}
	for i := range items {
		if !settled[i] && len(found[i]) > 0 {
			settle(i, found[i], fmt.Sprintf("its heading holds the item, %s", quoted(part[i])))
		}
	}
}

// itemsCutShort finds the items of which LimeSurvey has written the beginning
// only. One that several items share says nothing.
func (m *mapper) itemsCutShort(items []instrument.Item, settled []bool, settle func(int, []int, string)) {
	found := make([][]int, len(items))
	for c, names := range m.layout.columns {
		if m.itemIn(c) != "" {
			continue
		}
		for _, n := range slices.Concat(names.parts, names.names) {
			beginning, is := cutShort(n)
			if !is {
				continue
			}
			var fit []int
			for i, it := range items {
				if strings.HasPrefix(foldedLoosely(it.Text), foldedLoosely(beginning)) {
					fit = append(fit, i)
				}
			}
			if len(fit) == 1 {
				found[fit[0]] = append(found[fit[0]], c)
				break
			}
		}
	}
	for i := range items {
		if !settled[i] && len(found[i]) > 0 {
			settle(i, slices.Compact(found[i]), "the item's text begins so")
		}
	}
}

// toldItems takes the columns that the mapping file gives to items.
func (m *mapper) toldItems(items []instrument.Item, settled []bool, settle func(int, []int, string)) {
	for i, it := range items {
		found, ok := m.toldColumn(it.ID)
		if !ok {
			continue
		}
		all, expanded := m.toldChoice(it, found)
		switch {
		case expanded:
			m.takeChoice(i, it, all, true)
		case len(found) == 0: // and a problem is noted
		case m.itemIn(found[0]) != "":
			m.problems.Add(m.told.doc.Problem(fmt.Sprintf("column %d of %s is given to item %q already", found[0]+1, m.file, m.itemIn(found[0])),
				"give each item a column of its own", "columns", it.ID))
		default:
			settle(i, found, "the mapping file says so")
		}
		settled[i] = true
	}
}
