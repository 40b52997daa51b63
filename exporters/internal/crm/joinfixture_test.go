package crm

import (
	"encoding/json"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

func ptr[T any](v T) *T { return &v }

// aRecord is what a record of a client begins with.
func aRecord(client, name, day string) record.Record {
	return record.Record{Client: record.Client{ID: client, Name: name}, AsOf: day, Sources: []string{}, Tool: record.Tool{Name: "firstcall", Version: "1.2.3"}}
}

func sent(t testing.TB, rec *record.Record, err error) sdk.Record {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	r, err := sdk.NewRecord(rec)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// assessed is the record of an assessment, as one that was read.
func assessed(t testing.TB, envelope record.Record, body record.AssessmentBody) sdk.Record {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	envelope.Assessment = &record.Assessment{}
	if err := json.Unmarshal(text, envelope.Assessment); err != nil {
		t.Fatal(err)
	}
	err = envelope.Seal(record.Key{Client: envelope.Client.ID, Kind: record.KindAssessment, Subject: body.Instrument.ID, Wave: body.Wave})
	return sent(t, &envelope, err)
}

func statement(t testing.TB, client, id string, remarks []record.Remark, more map[string]int) sdk.Record {
	rec, err := record.NewStatement(aRecord(client, "", "2026-08-01"), record.Statement{
		ID: id, Kind: "mission", Scope: "company", Text: "We greet each guest.", Findings: remarks, More: more,
	})
	return sent(t, rec, err)
}

func folder(t testing.TB, client, id string, v record.VerdictCounts) *record.Record {
	t.Helper()
	rec, err := record.NewFolder(aRecord(client, "", "2026-09-15"), record.Folder{
		ID: id, Documents: v.Current + v.Due + v.Overdue + v.Stale + v.Closed + v.Unknown, Verdicts: v, Summary: []string{},
	})
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

func planned(t testing.TB, of *record.Record, title string, actions ...record.Action) sdk.Record {
	rec, err := record.NewPlan(of, record.Plan{Title: title, Actions: actions})
	return sent(t, rec, err)
}

// decoded is the record that was sent.
func decoded(t testing.TB, r sdk.Record) *record.Record {
	t.Helper()
	rec, err := r.Decode()
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// asked is an instrument with three dimensions on a scale of 1 to 5.
func asked(id, title, direction string) record.Instrument {
	return record.Instrument{
		ID: id, Version: "1.0", Title: title, Direction: direction, WeakBelow: 50, Scale: &record.Scale{Min: 1, Max: 5},
		Bands: []record.Band{{At: 0, Name: "Weak"}, {At: 50, Name: "Mixed"}, {At: 65, Name: "Good"}},
		Dimensions: []record.DimensionText{
			{ID: "care", Title: "Care for customers"}, {ID: "news", Title: "Keeping everyone informed"}, {ID: "follow-up", Title: "Follow-up"},
		},
	}
}

// found is what 40 people answered: 71.25, 44 and 64.6, with an index of 59.95.
func found(in record.Instrument, wave string) record.AssessmentBody {
	dimension := func(id string, percent float64, band string) record.Dimension {
		return record.Dimension{ID: id, N: ptr(int64(40)), Percent: ptr(percent), Band: band}
	}
	return record.AssessmentBody{
		Instrument: in, Wave: wave, N: ptr(int64(40)), Index: ptr(59.95), Band: "Mixed",
		Response:   &record.Response{Headcount: 52, Rate: ptr(40.0 / 52)},
		Dimensions: []record.Dimension{dimension("care", 71.25, "Good"), dimension("news", 44, "Weak"), dimension("follow-up", 64.6, "Mixed")},
		Method:     record.Method{Missing: "min_half", MinGroup: 5, Confidence: 0.95},
	}
}

// since adds the changes of everybody since a wave with these scores, and one of a group.
func since(b record.AssessmentBody, wave string, before ...float64) record.AssessmentBody {
	for i, x := range before {
		after := *b.Dimensions[i].Percent
		b.Changes = append(b.Changes, record.Change{Since: wave, Dimension: b.Dimensions[i].ID, Before: &record.Side{N: 38, Percent: x}, After: &record.Side{N: 40, Percent: after}, Points: after - x})
	}
	b.Changes = append(b.Changes, record.Change{Since: wave, Dimension: "care", By: []string{"department"}, Key: []string{"Bar"}, Before: &record.Side{Percent: 1}, Points: 50})
	return b
}

// aJoin joins the records of one client.
func aJoin(t testing.TB, opt joinOptions, batch ...sdk.Record) *client {
	t.Helper()
	opt.exporter = "acme"
	clients, refused := join(batch, opt)
	if len(clients) != 1 || len(refused) > 0 {
		t.Fatalf("%d clients, refused %v", len(clients), refused)
	}
	return clients[0]
}

// texts are the figures as written, or why they are missing.
func texts(c *client, ids ...string) string {
	all := ""
	for _, id := range ids {
		value, known := c.figures[id]
		switch why := c.absent[id]; {
		case known && why != "":
			all += id + " is both; "
		case known:
			all += id + " " + value.Text + "; "
		case why != "":
			all += id + ": " + why + "; "
		default:
			all += id + " is not there; "
		}
	}
	return all
}

// everyDimension are the dimensions of asked, for which there is no warning.
var everyDimension = []string{"care", "news", "follow-up"}
