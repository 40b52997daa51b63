//go:build ignore

// Generate writes the sample batch: one small file for each of the twelve
// cafes of an invented chain, with answers to the instrument four-steps. The
// files differ in the ways in which exports of survey tools differ. It always
// writes the same bytes. Run it from the root of the repository:
//
//	go run testdata/batch/generate.go
//
// An answer is made as in testdata/engagement/generate.go: an opinion on the
// answer scale (the chain, the cafe, the role, the item, the person, noise),
// turned around for a reverse-keyed item and rounded.
package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"log"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"

	"github.com/BurntSushi/toml"
)

const (
	instrumentFile = "core/instrument/builtin/four-steps.toml"
	folder         = "testdata/batch"
	seed           = 12
)

var roles = []string{"Front line", "Supervisor", "Manager"}

// chain is the mean opinion of the front line in each dimension.
var chain = map[string]float64{
	"mission":      3.35,
	"climate":      3.45,
	"competencies": 3.95,
	"monitoring":   2.95,
}

// Spread of opinions, as standard deviations in steps of the answer scale.
const (
	itemSD      = 0.25 // how hard an item is, the same in all cafes
	personSD    = 0.45 // how a person sees everything
	dimensionSD = 0.45 // how a person sees one dimension
	noiseSD     = 0.75 // one answer
	leadersSee  = 0.35 // how much better a manager sees things; a supervisor half of it
	skipped     = 0.02 // share of answers left out
)

// layout is how a cafe's survey tool writes its file.
type layout struct {
	delimiter rune // the comma unless set
	crlf      bool
	bom       bool
	labels    bool // "Agree" instead of 4
	texts     bool // questions instead of ids in the header
}

// cafe is one client. Its id is the stem of its file.
type cafe struct {
	id       string
	answered [3]int // by role, in the order of roles
	overall  float64
	adds     map[string]float64 // to the chain's opinion, by dimension
	layout   layout
}

var cafes = []cafe{
	{id: "alder-row", answered: [3]int{13, 3, 1}, overall: 0.40},
	{id: "bell-square", answered: [3]int{18, 4, 2}, overall: -0.10, layout: layout{delimiter: ';'}},
	{id: "canal-walk", answered: [3]int{11, 2, 1}, overall: 0.05, adds: map[string]float64{"climate": -0.60}, layout: layout{labels: true}},
	{id: "depot-road", answered: [3]int{15, 3, 2}, layout: layout{texts: true}},
	{id: "elm-court", answered: [3]int{9, 2, 1}, overall: 0.45, layout: layout{crlf: true, bom: true}},
	{id: "ferry-landing", answered: [3]int{3, 1, 0}}, // too few to be reported
	{id: "garden-gate", answered: [3]int{22, 5, 3}, adds: map[string]float64{"monitoring": 0.70}, layout: layout{delimiter: ';'}},
	{id: "harbor-lane", answered: [3]int{6, 1, 1}, overall: 0.10},
	{id: "ivy-corner", answered: [3]int{17, 4, 1}, overall: -0.55},
	{id: "junction-hall", answered: [3]int{20, 4, 2}, adds: map[string]float64{"mission": 0.35, "competencies": -0.50}},
	{id: "kiln-yard", answered: [3]int{8, 2, 1}, overall: 0.20, layout: layout{delimiter: ';'}},
	{id: "lantern-street", answered: [3]int{14, 3, 1}, overall: -0.20, adds: map[string]float64{"mission": -0.45}},
}

// item is what the generator needs to know of an item.
type item struct {
	id, text, dimension string
	reverse             bool
	ease                float64 // against its dimension, after reverse keying
}

// questionnaire is the scale, the question about the role and the items in
// the order asked.
type questionnaire struct {
	min, max int
	labels   []string
	roleText string
	items    []item
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("generate: ")
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	q, err := readQuestionnaire(instrumentFile)
	if err != nil {
		return err
	}
	for i, c := range cafes {
		// A stream each, so that a change to one cafe leaves the others alone.
		rng := rand.New(rand.NewPCG(seed, uint64(i+1)))
		data, err := render(survey(rng, q, c), c.layout)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, c.id+".csv"), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// readQuestionnaire reads an instrument file, and not through
// core/instrument: a fault there must not be in the data it is tested with.
func readQuestionnaire(file string) (questionnaire, error) {
	var in struct {
		Scale struct {
			Min, Max int
			Labels   []string
		}
		Attribute []struct{ ID, Text string }
		Dimension []struct {
			ID   string
			Item []struct {
				ID, Text string
				Reverse  bool
			}
		}
	}
	if _, err := toml.DecodeFile(file, &in); err != nil {
		return questionnaire{}, fmt.Errorf("%s: %w (run from the root of the repository)", file, err)
	}
	q := questionnaire{min: in.Scale.Min, max: in.Scale.Max, labels: in.Scale.Labels}
	for _, a := range in.Attribute {
		if a.ID == "role" {
			q.roleText = a.Text
		}
	}
	rng := rand.New(rand.NewPCG(seed, 0))
	for _, d := range in.Dimension {
		if _, ok := chain[d.ID]; !ok {
			return q, fmt.Errorf("%s: dimension %q is not in the table chain", file, d.ID)
		}
		for _, it := range d.Item {
			q.items = append(q.items, item{
				id: it.ID, text: it.Text, dimension: d.ID, reverse: it.Reverse,
				ease: itemSD * normal(rng),
			})
		}
	}
	return q, nil
}

// survey returns a cafe's header and its rows, shuffled.
func survey(rng *rand.Rand, q questionnaire, c cafe) [][]string {
	header := []string{"role"}
	if c.layout.texts {
		header[0] = q.roleText
	}
	for _, it := range q.items {
		if c.layout.texts {
			header = append(header, it.text)
		} else {
			header = append(header, it.id)
		}
	}
	var rows [][]string
	for role, n := range c.answered {
		for range n {
			row := []string{roles[role]}
			for _, a := range answers(rng, q, c, role) {
				row = append(row, cell(rng, q, c.layout, a))
			}
			rows = append(rows, row)
		}
	}
	rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	return append([][]string{header}, rows...)
}

// answers returns one person's answers to all items, as given.
func answers(rng *rand.Rand, q questionnaire, c cafe, role int) []int {
	person := c.overall + float64(leadersSee*float64(role)/2) + float64(personSD*normal(rng))
	view := 0.0 // of the dimension at hand
	given := make([]int, len(q.items))
	for i, it := range q.items {
		if i == 0 || it.dimension != q.items[i-1].dimension {
			view = chain[it.dimension] + c.adds[it.dimension] + person + float64(dimensionSD*normal(rng))
		}
		x := view + it.ease + float64(noiseSD*normal(rng))
		if it.reverse {
			x = float64(q.min+q.max) - x
		}
		given[i] = min(max(int(math.Round(x)), q.min), q.max)
	}
	return given
}

// cell writes an answer the way the cafe's tool does, or leaves it out.
func cell(rng *rand.Rand, q questionnaire, l layout, answer int) string {
	switch {
	case rng.Float64() < skipped:
		return ""
	case l.labels:
		return q.labels[answer-q.min]
	}
	return strconv.Itoa(answer)
}

// normal returns a nearly normal number of mean 0 and variance 1: the sum of
// twelve uniform ones, less 6. Unlike rand.NormFloat64 it needs no logarithm
// or exponential, whose last bit may differ between architectures.
func normal(rng *rand.Rand) float64 {
	sum := -6.0
	for range 12 {
		sum += rng.Float64()
	}
	return sum
}

// render writes rows in a layout.
func render(rows [][]string, l layout) ([]byte, error) {
	var b bytes.Buffer
	if l.bom {
		b.WriteString("\uFEFF")
	}
	w := csv.NewWriter(&b)
	if l.delimiter != 0 {
		w.Comma = l.delimiter
	}
	w.UseCRLF = l.crlf
	err := w.WriteAll(rows)
	return b.Bytes(), err
}
