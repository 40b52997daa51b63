package hubspot

import (
	"html"
	"sort"
	"time"
	"unicode/utf16"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
)

// largest is how many characters HubSpot takes for the text of a note. Counted are
// UTF-16 units, of which there are never fewer than characters.
const largest = 65536

// cut stands where a text was cut.
const cut = "<p>The rest was left out, since HubSpot takes at most 65,536 characters.</p>"

// moment is noon of a day in UTC, which is the same day nearly everywhere.
func moment(day string) string { return day + "T12:00:00Z" }

// dayless is why an entry without a day is refused: HubSpot wants a moment for every note
// and task, and any that is made up would be wrong.
func dayless(day string) *web.Refused {
	if _, err := time.Parse(time.DateOnly, day); err == nil {
		return nil
	}
	return &web.Refused{Text: "HubSpot keeps notes and tasks by their day, and the record does not say which it is", Hint: "make the record again with --as-of DATE"}
}

// markup is the text of an entry: the title, when there is one, the body, and the mark,
// which is there whatever has to be cut.
func markup(t crm.Text, title string, mark crm.Mark) string {
	head := ""
	if title != "" {
		head = "<p><strong>" + html.EscapeString(title) + "</strong></p>"
	}
	foot := "<p>" + mark.String() + "</p>"
	return head + fill(t, largest-units(head)-units(foot)) + foot
}

// fill is as much of a text as there is room for, cut between blocks or items.
func fill(t crm.Text, room int) string {
	if whole := t.HTML(); units(whole) <= room {
		return whole
	}
	room -= units(cut)
	out := ""
	for _, b := range t {
		next := crm.Text{b}.HTML()
		if units(next) > room {
			return out + begin(b, room) + cut
		}
		out, room = out+next, room-units(next)
	}
	return out + cut
}

// begin is a block with the first of its items, as many as there is room for; empty when
// that is nothing but a heading.
func begin(b crm.Block, room int) string {
	with := func(n int) string {
		return crm.Text{{Heading: b.Heading, Words: b.Words, Items: b.Items[:n]}}.HTML()
	}
	n := sort.Search(len(b.Items), func(n int) bool { return units(with(n+1)) > room })
	if part := with(n); units(part) <= room && (n > 0 || b.Words != "") {
		return part
	}
	return ""
}

func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}
