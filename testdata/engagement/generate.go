//go:build ignore

// Generate writes the sample engagement: survey.csv, the answers of an
// invented hotel group to the instrument eight-qualities in two waves, and
// headcounts.csv, the people asked. It always writes the same bytes. Run it
// from the root of the repository:
//
//	go run testdata/engagement/generate.go
//
// Every answer begins as an opinion on the answer scale: how the house does
// in the dimension, plus what the department, the wave and the role add, how
// hard the item is, how the person sees everything and how the person sees
// this dimension, plus noise. It is turned around for a reverse-keyed item,
// shifted by the person's readiness to agree, and rounded to the scale. The
// tables below are the whole story; README.md tells it in words.
package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"log"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/BurntSushi/toml"
)

const (
	instrumentFile = "core/instrument/builtin/eight-qualities.toml"
	folder         = "testdata/engagement"
	seed           = 128 // chosen so that chance tells no story of its own: what should be stable is
)

var (
	waves = []string{"2026-q1", "2026-q3"}
	roles = []string{"Front line", "Supervisor", "Manager"}
)

// Spread of opinions, as standard deviations in steps of the answer scale.
// Together they put Cronbach's alpha between .70 and .88.
const (
	personSD    = 0.44 // how a person sees everything
	dimensionSD = 0.52 // how a person sees one dimension
	noiseSD     = 0.78 // one answer
	agreeMean   = 0.10 // readiness to agree, whatever the statement says
	agreeSD     = 0.20
)

// house is how the hotel group as a whole does in each dimension: the mean
// opinion of the front line in the first wave.
var house = map[string]float64{
	"culture":        3.55,
	"impression":     4.38, // the strong one
	"implementation": 3.25,
	"training":       2.98, // taught to most of the staff between the waves
	"customers":      3.62,
	"managers":       3.72,
	"communication":  2.62, // the weak one
	"measurement":    3.06,
}

// trainingGain is what the program between the waves added to the dimension
// training in the departments that took part.
const trainingGain = 0.46

// leadersSee is how much better a manager sees a dimension than the front
// line does; a supervisor stands half way.
var leadersSee = map[string]float64{
	"culture":        0.65,
	"implementation": 0.50,
	"training":       0.25,
	"managers":       0.40,
	"communication":  0.95,
	"measurement":    0.75,
}

// crew counts the respondents of a department by role, in the order of roles.
type crew [3]int

// department is one line of the organization chart, with one entry a wave.
type department struct {
	name      string // empty: respondents who would not say
	headcount [2]int
	answered  [2]crew
	trained   bool               // took part in the program between the waves
	adds      map[string]float64 // to the house's opinion, by dimension
}

var departments = []department{
	{
		name: "Front Desk", headcount: [2]int{62, 64}, trained: true,
		answered: [2]crew{{39, 7, 4}, {43, 7, 5}},
		adds:     map[string]float64{"impression": 0.10, "customers": 0.10, "managers": 0.15},
	},
	{
		// Many work nights or by the season and have no mailbox: few answer.
		name: "Housekeeping", headcount: [2]int{118, 121}, trained: true,
		answered: [2]crew{{50, 8, 3}, {54, 9, 4}},
		adds:     map[string]float64{"culture": -0.10, "customers": -0.25, "managers": 0.10, "communication": -0.20, "measurement": -0.15},
	},
	{
		// The disconnect: nobody knows the guests better, nobody is led worse.
		name: "Food and Beverage", headcount: [2]int{84, 88}, trained: true,
		answered: [2]crew{{48, 8, 4}, {55, 9, 5}},
		adds:     map[string]float64{"culture": -0.10, "customers": 0.80, "managers": -1.30},
	},
	{
		name: "Reservations and Sales", headcount: [2]int{34, 33},
		answered: [2]crew{{21, 4, 3}, {20, 4, 3}},
		adds:     map[string]float64{"implementation": 0.30, "customers": 0.15, "communication": 0.15, "measurement": 0.35},
	},
	{
		name: "Maintenance", headcount: [2]int{28, 28},
		answered: [2]crew{{16, 3, 2}, {18, 3, 2}},
		adds:     map[string]float64{"implementation": -0.25, "training": 0.20, "customers": -0.45, "managers": 0.10},
	},
	{
		// Too few to be reported.
		name: "Spa", headcount: [2]int{4, 5}, trained: true,
		answered: [2]crew{{2, 0, 1}, {3, 0, 1}},
		adds:     map[string]float64{"culture": 0.30, "managers": 0.30},
	},
	{
		answered: [2]crew{{6, 1, 0}, {5, 1, 0}},
		adds:     map[string]float64{"culture": -0.20, "managers": -0.20},
	},
}

// eases is how much easier an item is to agree with than its dimension as a
// whole (after reverse keying).
var eases = map[string]float64{
	"culture-1": 0.30, "culture-2": 0.05, "culture-3": 0.25, "culture-4": -0.40, "culture-5": -0.20,
	"impression-1": 0.15, "impression-2": -0.20, "impression-3": -0.20, "impression-4": 0.05, "impression-5": 0.20,
	"implementation-1": 0.05, "implementation-2": 0.50, "implementation-3": -0.50, "implementation-4": -0.15, "implementation-5": 0.10,
	"training-1": -0.25, "training-2": 0.15, "training-3": 0.30, "training-4": -0.05, "training-5": -0.15,
	"customers-1": 0.20, "customers-2": 0.30, "customers-3": 0.05, "customers-4": -0.50, "customers-5": -0.05,
	"managers-1": 0.40, "managers-2": 0, "managers-3": -0.20, "managers-4": -0.20, "managers-5": -0.25, "managers-6": 0.05, "managers-7": 0.20,
	"communication-1": 0.30, "communication-2": -0.15, "communication-3": 0.15, "communication-4": -0.05, "communication-5": -0.25,
	"measurement-1": 0.10, "measurement-2": -0.10, "measurement-3": 0.35, "measurement-4": -0.10, "measurement-5": -0.25,
}

// Respondents of each wave who did not answer as they should have.
var (
	stoppedHalfWay = [2]int{6, 5}
	answeredNone   = [2]int{2, 1}
	sameThroughout = [2]int{2, 3} // one answer to every item
)

// item is what the generator needs to know of an item.
type item struct {
	id, dimension string
	reverse       bool
}

// questionnaire is the scale and the items in the order asked.
type questionnaire struct {
	min, max int
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
	if err := writeCSV("survey.csv", survey(q)); err != nil {
		return err
	}
	return writeCSV("headcounts.csv", headcounts())
}

// readQuestionnaire reads an instrument file, and not through
// core/instrument: a fault there must not be in the data it is tested with.
func readQuestionnaire(file string) (questionnaire, error) {
	var in struct {
		Scale     struct{ Min, Max int }
		Dimension []struct {
			ID   string
			Item []struct {
				ID      string
				Reverse bool
			}
		}
	}
	if _, err := toml.DecodeFile(file, &in); err != nil {
		return questionnaire{}, fmt.Errorf("%s: %w (run from the root of the repository)", file, err)
	}
	q := questionnaire{min: in.Scale.Min, max: in.Scale.Max}
	for _, d := range in.Dimension {
		if _, ok := house[d.ID]; !ok {
			return q, fmt.Errorf("%s: dimension %q is not in the table house", file, d.ID)
		}
		for _, it := range d.Item {
			if _, ok := eases[it.ID]; !ok {
				return q, fmt.Errorf("%s: item %q is not in the table eases", file, it.ID)
			}
			q.items = append(q.items, item{id: it.ID, dimension: d.ID, reverse: it.Reverse})
		}
	}
	return q, nil
}

// survey returns the header and one row a respondent, wave by wave.
func survey(q questionnaire) [][]string {
	header := []string{"wave", "department", "role"}
	for _, it := range q.items {
		header = append(header, it.id)
	}
	rows := [][]string{header}
	for w := range waves {
		rows = append(rows, waveRows(q, w)...)
	}
	return rows
}

// waveRows returns the rows of one wave, shuffled: answers come in as people
// find the time. Each wave has its own stream of random numbers, so that a
// change to one leaves the other as it is.
func waveRows(q questionnaire, wave int) [][]string {
	rng := rand.New(rand.NewPCG(seed, uint64(wave)))
	var rows [][]string
	for _, d := range departments {
		for role, n := range d.answered[wave] {
			for range n {
				row := []string{waves[wave], d.name, roles[role]}
				for _, a := range answers(rng, q, d, wave, role) {
					row = append(row, strconv.Itoa(a))
				}
				leaveGaps(rng, row[3:])
				rows = append(rows, row)
			}
		}
	}
	rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	spoil(rng, q, wave, rows)
	return rows
}

// answers returns one person's answers to all items, as given.
func answers(rng *rand.Rand, q questionnaire, d department, wave, role int) []int {
	person := personSD * normal(rng)
	agree := agreeMean + float64(agreeSD*normal(rng))
	view := 0.0 // of the dimension at hand
	given := make([]int, len(q.items))
	for i, it := range q.items {
		if i == 0 || it.dimension != q.items[i-1].dimension {
			view = house[it.dimension] + d.adds[it.dimension] + person + float64(dimensionSD*normal(rng))
			view += float64(leadersSee[it.dimension] * float64(role) / 2)
			if it.dimension == "training" && wave == 1 && d.trained {
				view += trainingGain
			}
		}
		x := view + eases[it.id] + float64(noiseSD*normal(rng))
		if it.reverse {
			x = float64(q.min+q.max) - x
		}
		given[i] = min(max(int(math.Round(x+agree)), q.min), q.max)
	}
	return given
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

// leaveGaps empties some cells. People differ in how much they skip: most
// leave out little, a few up to a tenth, 3.3 % on average.
func leaveGaps(rng *rand.Rand, cells []string) {
	u := rng.Float64()
	share := 0.1 * u * u
	for i := range cells {
		if rng.Float64() < share {
			cells[i] = ""
		}
	}
}

// spoil turns some of the rows into those of people who stopped half way,
// sent an empty form or ticked the same answer throughout. Small departments
// are left alone, so that their numbers stay what the table says.
func spoil(rng *rand.Rand, q questionnaire, wave int, rows [][]string) {
	const large = 20
	size := map[string]int{}
	for _, row := range rows {
		size[row[1]]++
	}
	var candidates []int
	for i, row := range rows {
		if size[row[1]] > large && row[2] == roles[0] {
			candidates = append(candidates, i)
		}
	}
	next := func() []string {
		k := rng.IntN(len(candidates))
		cells := rows[candidates[k]][3:]
		candidates = slices.Delete(candidates, k, k+1)
		return cells
	}
	for range stoppedHalfWay[wave] {
		cells := next()
		stop := len(cells)/4 + rng.IntN(len(cells)/2)
		clear(cells[stop:])
	}
	for range answeredNone[wave] {
		clear(next())
	}
	for range sameThroughout[wave] {
		cells := next()
		same := strconv.Itoa((q.min+q.max)/2 + rng.IntN(2))
		for i := range cells {
			cells[i] = same
		}
	}
}

// headcounts returns the header and the people asked, by wave and department.
func headcounts() [][]string {
	rows := [][]string{{"wave", "department", "headcount"}}
	for w, wave := range waves {
		for _, d := range departments {
			if d.name != "" {
				rows = append(rows, []string{wave, d.name, strconv.Itoa(d.headcount[w])})
			}
		}
	}
	return rows
}

// writeCSV writes rows to a file of the sample's folder.
func writeCSV(name string, rows [][]string) (err error) {
	f, err := os.Create(filepath.Join(folder, name))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return csv.NewWriter(f).WriteAll(rows)
}
