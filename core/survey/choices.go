package survey

import (
	"fmt"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/instrument"
)

// This file finds the items that have a column for each answer: "We listen -
// Strongly disagree", "We listen - Disagree" and so on. Exports of questions
// with boxes to tick are written so, and whole ones when they are expanded.

// choice is an item's columns, one for each answer.
type choice []option

// option is the column of one answer.
type option struct {
	column int
	label  string // as the heading has it, white space folded
	answer int32  // Missing for one that is no answer on the item's scale
}

// A heading longer than this is not looked at for answers.
const maxExpanded = 4 << 10 // bytes

// expanded takes a heading apart at every place where a question may end and
// one of its answers begin, and shows the two to see.
func expanded(name string, see func(question, answer string)) {
	if len(name) > maxExpanded {
		return
	}
	for _, mark := range []string{" - ", " – ", " ["} {
		rest, closed := name, true
		if mark == " [" {
			rest, closed = strings.CutSuffix(name, "]")
		}
		if !closed {
			continue
		}
		for at, n := 0, 0; n < maxParts; n++ {
			i := strings.Index(rest[at:], mark)
			if i < 0 {
				break
			}
			at += i
			see(strings.TrimSpace(rest[:at]), strings.TrimSpace(rest[at+len(mark):]))
			at += len(mark) - 1 // what ends one mark may begin the next
		}
	}
}

// expandedColumns lists the columns by the questions that they hold an answer
// to. Only questions that may be items are entered.
func (m *mapper) expandedColumns() map[string]choice {
	if m.byQuestion != nil {
		return m.byQuestion
	}
	m.byQuestion = map[string]choice{}
	wanted := map[string]bool{}
	for _, it := range m.in.Items() {
		wanted[foldedLoosely(it.ID)], wanted[foldedLoosely(it.Text)] = true, true
		if m.told != nil {
			wanted[foldedLoosely(m.told.columns[it.ID].heading)] = true
		}
		for _, c := range m.toldAt[it.ID] {
			m.eachExpansion(c, func(question, _ string) { wanted[foldedLoosely(question)] = true })
		}
	}
	delete(wanted, "")
	for c := range m.layout.columns {
		m.eachExpansion(c, func(question, answer string) {
			for _, q := range append(partsOf(question), question) {
				key := foldedLoosely(q)
				if known := m.byQuestion[key]; wanted[key] && (len(known) == 0 || known[len(known)-1].column != c) {
					m.byQuestion[key] = append(known, option{column: c, label: answer})
				}
			}
		})
	}
	return m.byQuestion
}

func (m *mapper) eachExpansion(column int, see func(question, answer string)) {
	for _, n := range m.layout.columns[column].names {
		expanded(n, see)
	}
}

// expandedItems finds the items that have a column for each answer.
func (m *mapper) expandedItems(items []instrument.Item, settled []bool) {
	for i, it := range items {
		if settled[i] {
			continue
		}
		options := slices.Concat(m.expandedColumns()[foldedLoosely(it.ID)], m.expandedColumns()[foldedLoosely(it.Text)])
		slices.SortStableFunc(options, func(a, b option) int { return a.column - b.column })
		options = slices.CompactFunc(options, func(a, b option) bool { return a.column == b.column })
		options = slices.DeleteFunc(options, func(o option) bool { return m.itemIn(o.column) != "" })
		if all, known := m.answersOf(it, options); known > 0 || len(all) > 1 {
			settled[i] = true
			m.takeChoice(i, it, all, false)
		}
	}
}

// toldChoice finds the columns of an item of which the mapping file names the
// question that they have in common, or one of them.
func (m *mapper) toldChoice(it instrument.Item, found []int) (choice, bool) {
	if len(found) != 1 {
		all, _ := m.answersOf(it, m.expandedColumns()[foldedLoosely(m.told.columns[it.ID].heading)])
		return all, len(all) > 0
	}
	var best choice
	most := 1 // one answer alone is a heading that happens to end like that
	m.eachExpansion(found[0], func(question, _ string) {
		if all, known := m.answersOf(it, m.expandedColumns()[foldedLoosely(question)]); known > most {
			best, most = all, known
		}
	})
	return best, best != nil
}

// answersOf fills in what the options stand for, and counts those that are
// answers.
func (m *mapper) answersOf(it instrument.Item, options choice) (all choice, known int) {
	if it.Continuous {
		return nil, 0
	}
	coder := newToldCoder(it.Scale, m.told.answersTo(it.ID), m.layout.codes)
	for _, o := range options {
		o.answer = Missing
		if answer, fault := coder.code([]byte(o.label)); fault == 0 {
			o.answer = answer
		}
		if o.answer != Missing {
			known++
		}
		all = append(all, o)
	}
	return all, known
}

// takeChoice settles on the columns of an item. Those that fit in part only
// are refused: an answer that is worded in another way would be lost.
func (m *mapper) takeChoice(i int, it instrument.Item, all choice, told bool) {
	m.mapping.Items[i] = all[0].column
	way := "its heading holds the item and an answer, "
	if told {
		way = "the mapping file says so; its heading holds an answer, "
	}
	seen := map[string]int{}
	var read choice
	for _, o := range all {
		if other := m.itemIn(o.column); other != "" && other != it.ID {
			m.add("use the items' ids as the names of the columns",
				"column %d fits two items, %q and %q", o.column+1, other, it.ID)
			return
		}
		key := foldedLoosely(o.label)
		if first, twice := seen[key]; twice {
			m.add("keep the right one and rename or remove the rest, or name the question under [columns] in a mapping file",
				"item %q has several columns for the answer %s: %s", it.ID, quoted(o.label), numbers([]int{first, o.column}))
			return
		}
		seen[key] = o.column
		why := fmt.Sprintf("%s%s, which is %d", way, quoted(o.label), o.answer)
		if o.answer == Missing {
			why = fmt.Sprintf("%s%s, which is not on its scale and counts as missing", way, quoted(o.label))
		} else {
			read = append(read, o)
		}
		m.use(o.column, RoleItem, it.ID, why)
	}
	m.checkChoice(it, all, read, told)
	if len(read) > 0 {
		m.mapping.Items[i] = read[0].column
		m.mapping.choices[i] = read
	}
}

// checkChoice refuses an item that has no column for one of its answers, unless
// the mapping file names its columns and no other answer could be meant.
func (m *mapper) checkChoice(it instrument.Item, all, read choice, told bool) {
	var without, strange []string
	for answer := it.Scale.Min; answer <= it.Scale.Max; answer++ {
		if !slices.ContainsFunc(read, func(o option) bool { return int(o.answer) == answer }) {
			without = append(without, labelOf(it.Scale, answer))
		}
	}
	coder := newToldCoder(it.Scale, m.told.answersTo(it.ID), m.layout.codes)
	for _, o := range all {
		if _, fault := coder.code([]byte(o.label)); fault != 0 {
			strange = append(strange, o.label)
		}
	}
	if len(without) == 0 || told && len(strange) == 0 && len(read) > 0 {
		return
	}
	hint := fmt.Sprintf("if these are all the answers that people could give, write %s = %d under [columns] in a mapping file", it.ID, all[0].column+1)
	if len(strange) > 0 {
		hint = fmt.Sprintf("say under [answers] in a mapping file what %s stand for: a number on the scale, or %q", someQuoted(strange), missingWord)
		if len(strange) == 1 {
			hint = strings.Replace(hint, " stand for", " stands for", 1)
		}
	}
	m.add(hint, "item %q has a column for each answer, but none for %s", it.ID, someQuoted(without))
}

// labelOf is how an answer is called.
func labelOf(s instrument.Scale, answer int) string {
	if at := answer - s.Min; at < len(s.Labels) {
		return s.Labels[at]
	}
	return fmt.Sprint(answer)
}
