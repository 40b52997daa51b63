package auditor

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
)

// FuzzRecords reads any text as a record and audits it, beside another of the
// same survey.
func FuzzRecords(f *testing.F) {
	line, err := json.Marshal(recordOf(f, cleanBody()))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(line)
	f.Add([]byte(`{"schema":"firstcall/1","kind":"assessment","key":"-/assessment/x","client":{"id":""},"assessment":{` +
		`"instrument":{"id":"x","dimensions":[{"id":"d","items":[{"id":"i"}]}]},"n":9223372036854775807,` +
		`"dimensions":[{"id":"d","n":3,"mean":1e308,"sd":1e308,"items":[{"id":"i","n":2,"histogram":[1,1]}]}],` +
		`"groups":[{"by":["a","a"],"key":["x","y"],"n":5}],"agreement":[{"by":[],"dimension":"d","groups":1}],` +
		`"leaders":[{"by":"a","dimension":"d"}],"changes":[{"since":"","paired":true,"n":1,"dimension":"d"}],"method":{"min_group":-1}}}`))
	f.Fuzz(func(t *testing.T, data []byte) { auditBeside(t, data) })
}

// FuzzDamaged audits a record in which some values are others, which random
// text seldom gets at.
func FuzzDamaged(f *testing.F) {
	line, err := json.Marshal(recordOf(f, cleanBody()))
	if err != nil {
		f.Fatal(err)
	}
	for seed := range uint64(100) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		random := rand.New(rand.NewPCG(seed, 0))
		var tree map[string]any
		if err := json.Unmarshal(line, &tree); err != nil {
			t.Fatal(err)
		}
		damage(random, tree["assessment"], 1+random.IntN(40))
		text, err := json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		auditBeside(t, text)
	})
}

// damage changes about one value in so many.
func damage(random *rand.Rand, value any, often int) any {
	hit := random.IntN(often*10) == 0
	switch v := value.(type) {
	case map[string]any:
		for _, k := range sorted(v) {
			if hit && random.IntN(4) == 0 {
				delete(v, k)
				continue
			}
			v[k] = damage(random, v[k], often)
		}
	case []any:
		for i := range v {
			v[i] = damage(random, v[i], often)
		}
		if hit && len(v) > 0 {
			return append(v[:random.IntN(len(v))], v[random.IntN(len(v))])
		}
	case float64:
		if hit {
			return []float64{0, 1, 2, 4, -1, 1e18, 1e308, v + 1, v - 1, 1.5}[random.IntN(10)]
		}
	case string:
		if hit {
			return []string{"", "Spa", "department", "first", "a", "2026"}[random.IntN(6)]
		}
	case bool:
		return v != hit
	}
	return value
}

// auditBeside audits what can be read as a record, twice and beside another of
// the same survey.
func auditBeside(t testing.TB, data []byte) {
	rec, err := record.NewReader("f", strings.NewReader(string(data))).Next()
	if err != nil || rec.Assessment == nil {
		return
	}
	body := departments().body()
	body.Instrument.ID, body.Wave = rec.Assessment.Body().Instrument.ID, rec.Assessment.Body().Wave
	other := recordOf(t, body)
	other.Client = rec.Client
	Records(context.Background(), []Source{{"a", rec}, {"b", other}, {"c", rec}}, testRules)
}
