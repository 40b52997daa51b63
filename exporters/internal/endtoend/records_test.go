package endtoend

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
)

// assessment is the body of an assessment of a few people's answers, as short as it can
// be and with a figure that tells clients apart.
const assessment = `{"schema":"firstcall/1","kind":"assessment","key":"x","revision":"x","client":{"id":"x"},"as_of":"2026-09-30","sources":[],
"tool":{"name":"firstcall","version":"test"},"assessment":{"instrument":{"id":"eight-qualities","version":"1.0","title":"Eight qualities","direction":"high-is-good",
"weak_below":50,"bands":[{"at":0,"name":"Weak"},{"at":65,"name":"Good"}],"scale":{"min":1,"max":5},
"dimensions":[{"id":"culture","title":"Culture","items":[{"id":"culture-1","text":"We serve."}]},{"id":"training","title":"Training","items":[{"id":"training-1","text":"We learn."}]}]},
"wave":"2026-q3","n":%d,"index":%.2f,"band":"Good","dimensions":[{"id":"culture","n":%[1]d,"mean":3.5,"percent":%.2f},{"id":"training","n":%[1]d,"mean":3.1,"percent":%.2f}],
"method":{"missing":"min_half","min_group":5,"confidence":0.95}}}`

// poisoned reports whether the CRM will take nothing of a client.
func poisoned(client int) bool { return client%100 == 37 }

// name is a client's name. In that of the poisoned is a word that the CRMs refuse.
func name(client int) string {
	if poisoned(client) {
		return fmt.Sprintf("REFUSED %05d", client)
	}
	return fmt.Sprintf("Client %05d", client)
}

func id(client int) string { return fmt.Sprintf("client-%05d", client) }

// writeRecords writes an assessment and a plan with one action for each client.
func writeRecords(t *testing.T, path string, clients int) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	encoder := json.NewEncoder(w)
	for i := range clients {
		index := 65 + float64(i%3000)/100
		text := fmt.Sprintf(strings.ReplaceAll(assessment, "\n", ""), 20+i%50, index, index+1, index-1)
		var rec record.Record
		if err := json.Unmarshal([]byte(text), &rec); err != nil {
			t.Fatal(err)
		}
		rec.Client = record.Client{ID: id(i), Name: name(i)}
		if err := rec.Seal(record.Key{Client: id(i), Kind: record.KindAssessment, Subject: "eight-qualities", Wave: "2026-q3"}); err != nil {
			t.Fatal(err)
		}
		plan, err := record.NewPlan(&rec, record.Plan{Title: "Plan", Actions: []record.Action{
			{ID: "training", What: "Plan training for " + name(i), Why: "It is the weakest", Origin: "priority", Owner: "Managers", Due: "2026-12-31"},
		}})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range []*record.Record{&rec, plan} {
			if err := encoder.Encode(r); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
}
