package hubspot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
)

// ident is the id of an object, which HubSpot writes as a string, and in places wrote as
// a number.
type ident string

// UnmarshalJSON implements json.Unmarshaler.
func (i *ident) UnmarshalJSON(b []byte) error {
	if *i = ""; string(b) != "null" {
		*i = ident(strings.Trim(string(b), `"`))
	}
	return nil
}

// input is an object of a batch that writes.
type input struct {
	ID           string            `json:"id,omitempty"`
	IDProperty   string            `json:"idProperty,omitempty"`
	Trace        string            `json:"objectWriteTraceId"` // with which HubSpot answers for each object by itself
	Properties   map[string]string `json:"properties"`
	Associations []association     `json:"associations,omitempty"`
}

// association ties an object that is made to another.
type association struct {
	To    reference         `json:"to"`
	Types []associationType `json:"types"`
}

type reference struct {
	ID string `json:"id"`
}

type associationType struct {
	Category string `json:"associationCategory"`
	ID       int    `json:"associationTypeId"`
}

// batch is an answer about several objects.
type batch struct {
	Status  string    `json:"status"`
	Results []object  `json:"results"`
	Errors  []failure `json:"errors"`
}

// object is an object as HubSpot gives it. A property that is empty is null.
type object struct {
	ID         ident             `json:"id"`
	Trace      string            `json:"objectWriteTraceId"`
	Properties map[string]string `json:"properties"`
}

// lookup asks for objects by id, or by a property that is unique.
type lookup struct {
	IDProperty string      `json:"idProperty,omitempty"`
	Inputs     []reference `json:"inputs"`
	Properties []string    `json:"properties"`
	History    []string    `json:"propertiesWithHistory"`
}

// lookUp reads objects. Those that are not there are missing in what it gives.
func (s *system) lookUp(ctx context.Context, objects string, l lookup) ([]object, error) {
	l.History = []string{}
	var b batch
	if err := s.find(ctx, objectsPath(objects)+"/batch/read", l, &b); err != nil {
		return nil, err
	}
	if err := b.lacking(); err != nil {
		return nil, err
	}
	return b.Results, nil
}

// lacking reports an error of a batch that reads, but for what is not there.
func (b batch) lacking() error {
	for _, f := range b.Errors {
		if f.Category != "OBJECT_NOT_FOUND" {
			return &web.Busy{Text: "HubSpot could not read everything: " + f.text()}
		}
	}
	if b.Status != "" && b.Status != "COMPLETE" {
		return &web.Busy{Text: "HubSpot has not finished reading"}
	}
	return nil
}

func objectsPath(objects string) string { return "/crm/objects/" + version + "/" + objects }

// write has objects written. key names the property by which an object is told when
// HubSpot does not repeat what it was sent to tell it by.
func (s *system) write(ctx context.Context, path, key string, inputs []input) ([]crm.Result, error) {
	if len(inputs) == 0 {
		return nil, nil
	}
	for i := range inputs {
		inputs[i].Trace = strconv.Itoa(i)
	}
	b, err := s.post(ctx, path, struct {
		Inputs []input `json:"inputs"`
	}{inputs})
	if err != nil {
		return nil, err
	}
	t := newTally(len(inputs))
	for _, o := range b.Results {
		at := position(o.Trace, len(inputs))
		if at < 0 {
			at = slices.IndexFunc(inputs, func(in input) bool {
				return in.ID != "" && (in.ID == string(o.ID) || key != "" && in.ID == o.Properties[key])
			})
		}
		t.done(at, string(o.ID))
	}
	for _, f := range b.Errors {
		t.failed(f, func() []int {
			var at []int
			for _, trace := range append(f.list("objectWriteTraceId"), f.Trace) {
				at = append(at, position(trace, len(inputs)))
			}
			for i, in := range inputs {
				if in.ID != "" && slices.Contains(f.list("ids"), in.ID) {
					at = append(at, i)
				}
			}
			return at
		}())
	}
	return t.finish()
}

// position is the index of an object that a trace names, or -1.
func position(trace string, n int) int {
	if at, err := strconv.Atoi(trace); err == nil && at >= 0 && at < n && strconv.Itoa(at) == trace {
		return at
	}
	return -1
}

// post writes. What was carried out and answered in a way that can't be read is not
// known.
func (s *system) post(ctx context.Context, path string, body any) (batch, error) {
	var b batch
	a, err := s.client.Do(ctx, web.Request{Method: http.MethodPost, Path: path, Body: body})
	if err != nil {
		return b, err
	}
	if err := json.Unmarshal(a.Body, &b); err != nil {
		return b, &web.Unsure{Text: "HubSpot's answer can't be read"}
	}
	if b.Status != "" && b.Status != "COMPLETE" {
		return b, &web.Unsure{Text: fmt.Sprintf("HubSpot left a batch at %s", strings.ToLower(b.Status))}
	}
	return b, nil
}

// tally brings what HubSpot says of a batch into the order of what it was sent.
type tally struct {
	results []crm.Result
	known   []bool
	loose   []failure // that name no object
}

func newTally(n int) *tally { return &tally{results: make([]crm.Result, n), known: make([]bool, n)} }

func (t *tally) done(at int, id string) {
	if at >= 0 && id != "" {
		t.results[at], t.known[at] = crm.Result{ID: id}, true
	}
}

// failed notes a failure of the objects at some indexes; -1 is none.
func (t *tally) failed(f failure, at []int) {
	named := false
	for _, i := range at {
		if i >= 0 {
			named = true
			t.results[i], t.known[i] = crm.Result{Err: f.object()}, true
		}
	}
	if !named {
		t.loose = append(t.loose, f)
	}
}

// finish gives the results. When failures that name no object are as many as the
// objects that are not told of, they are theirs. Otherwise nobody knows.
func (t *tally) finish() ([]crm.Result, error) {
	left := 0
	for _, known := range t.known {
		if !known {
			left++
		}
	}
	if left > len(t.loose) {
		return nil, &web.Unsure{Text: fmt.Sprintf("HubSpot did not say what became of %d of %d objects", left, len(t.known))}
	}
	for i, known := range t.known {
		if !known {
			t.results[i], t.loose = crm.Result{Err: t.loose[0].object()}, t.loose[1:]
		}
	}
	return t.results, nil
}
