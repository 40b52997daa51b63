package conformance

import (
	"strings"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// scripts are texts that go wrong in places: outside the basic plane, composed
// in two ways, from right to left, joined, with control characters.
func scripts() []string {
	return []string{
		"Zimmermädchen 𝔊ästehaus 🏨",
		"Cafe\u0301 / Café",
		"מלון \u202eabc\u202c فندق",
		"👩\u200d🍳 ｶﾞ ﷺ",
		"quote \" ' ` backslash \\ <b>&amp; %41 $x {{y}} | ; -- \u2028 \ufeff",
		"control \u0001 \u001b[31m \u007f \u0085 tab\tend",
	}
}

// checkUnicode puts such texts into client, key and body.
func checkUnicode(t *trial) error {
	var records []*pb.Record
	for i, text := range scripts() {
		plain := strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f || r == 0x85 {
				return -1 // names in keys have no control characters
			}
			return r
		}, text)
		id := identity{t.kinds[i%len(t.kinds)], t.clientOf("") + " " + plain, plain}
		r, err := made(id, func(rec, body object) {
			rec["client"].(map[string]any)["name"] = nameOf(t.clientOf("")) + " " + plain
			inscribe(body, text)
		})
		if err != nil {
			return err
		}
		records = append(records, r)
	}
	inOrder(records)
	if t.report.Files {
		return t.creates("texts of many scripts", records, nil)
	}
	records, err := t.takes("texts of many scripts", records)
	if err != nil || t.unfit["plan.foresees"] || t.writesOnce() != nil {
		return err
	}
	return t.plan("a plan after the export", records, pb.Outcome_STATUS_UNCHANGED)
}

// takes exports new records and checks that they are created, but for those that the
// target has a rule against, and some of them at least. It returns those that were.
func (t *trial) takes(what string, records []*pb.Record) ([]*pb.Record, error) {
	h, err := t.export(what, records, nil)
	if err != nil {
		return nil, err
	}
	var taken []*pb.Record
	for i, o := range h.outcomes {
		if o.GetStatus() != pb.Outcome_STATUS_REJECTED {
			taken = append(taken, records[i])
		} else if t.note == "" {
			t.note = "one was rejected: " + oneLine(o.GetDiagnostic().GetSummary())
		}
	}
	allowed := []pb.Outcome_Status{pb.Outcome_STATUS_CREATED}
	if 2*len(taken) > len(records) {
		allowed = append(allowed, pb.Outcome_STATUS_REJECTED)
	}
	return taken, h.wants(what, records, allowed...)
}

// inscribe writes a text where a body of that kind has one for people.
func inscribe(body object, text string) {
	if _, has := body["title"].(string); has {
		body["title"] = text
	}
	if was, has := body["text"].(string); has {
		body["text"] = was + " " + text // findings point into what was there
	}
	if _, has := body["service_vision"].(string); has {
		body["service_vision"] = text
	}
	if list, has := body["summary"].([]any); has && len(list) > 0 {
		list[0] = text
	}
	if instrument := body.in("instrument"); instrument != nil {
		instrument["title"] = text
	}
}
