package crm

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
)

// parted has ten objects written, at most four in a call, and tells the calls and what
// became of the objects.
func parted(t *testing.T, write func(call int, at []int) ([]Result, error)) (calls, became string, err error) {
	t.Helper()
	n := 0
	results, unsure, err := inParts(context.Background(), 10, 4, func(at []int) ([]Result, error) {
		n++
		calls += fmt.Sprint(at)
		got, err := write(n, at)
		if got == nil && err == nil {
			got = make([]Result, len(at))
		}
		return got, err
	})
	for i, r := range results {
		if r.Err != nil {
			became += fmt.Sprint(i, ": ", r.Err, "; ")
		}
	}
	if len(unsure) > 0 {
		became += fmt.Sprint("unsure ", unsure)
	}
	return calls, became, err
}

func TestParts(t *testing.T) {
	refused, busy, quota, unsure := &web.Refused{Text: "no"}, &web.Busy{Text: "busy"}, &web.Quota{Text: "over"}, &web.Unsure{Text: "lost"}
	fails := func(at int, err error) func(int, []int) ([]Result, error) {
		return func(call int, _ []int) ([]Result, error) {
			if call == at {
				return nil, err
			}
			return nil, nil
		}
	}
	for name, test := range map[string]struct {
		write         func(call int, at []int) ([]Result, error)
		calls, became string
	}{
		"all":          {fails(0, nil), "[0 1 2 3][4 5 6 7][8 9]", ""},
		"busy":         {fails(2, busy), "[0 1 2 3][4 5 6 7][8 9]", "4: busy; 5: busy; 6: busy; 7: busy; "},
		"unsure":       {fails(2, unsure), "[0 1 2 3][4 5 6 7][8 9]", "unsure [4 5 6 7]"},
		"quota":        {fails(2, quota), "[0 1 2 3][4 5 6 7]", "4: over; 5: over; 6: over; 7: over; 8: over; 9: over; "},
		"refused once": {fails(2, refused), "[0 1 2 3][4 5 6 7][4 5][6 7][8 9]", ""},
		"one": {func(_ int, at []int) ([]Result, error) {
			if at[0] <= 5 && at[len(at)-1] >= 5 {
				return nil, refused
			}
			return nil, nil
		}, "[0 1 2 3][4 5 6 7][4 5][4][5][6 7][8 9]", "5: no; "},
		"refused, then quota": {func(call int, _ []int) ([]Result, error) {
			return nil, map[int]error{1: refused, 2: quota}[call]
		}, "[0 1 2 3][0 1]", "0: over; 1: over; 2: over; 3: over; 4: over; 5: over; 6: over; 7: over; 8: over; 9: over; "},
		"refused, then lost": {func(call int, _ []int) ([]Result, error) {
			return nil, map[int]error{1: refused, 2: unsure, 3: busy}[call]
		}, "[0 1 2 3][0 1][2 3][4 5 6 7][8 9]", "2: busy; 3: busy; unsure [0 1]"},
		"quota of one object": {func(_ int, at []int) ([]Result, error) {
			return []Result{{}, {Err: quota}, {}, {Err: refused}}[:len(at)], nil
		}, "[0 1 2 3]", "1: over; 3: no; 4: over; 5: over; 6: over; 7: over; 8: over; 9: over; "},
	} {
		calls, became, err := parted(t, test.write)
		expect(t, name+" calls", calls, test.calls)
		expect(t, name, became, test.became)
		if err != nil {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestPartsEnd(t *testing.T) {
	broken := errors.New("broken")
	calls, _, err := parted(t, func(call int, _ []int) ([]Result, error) {
		return nil, map[int]error{1: &web.Refused{}, 2: broken}[call]
	})
	if calls != "[0 1 2 3][0 1]" || !errors.Is(err, broken) {
		t.Errorf("%s, error %v", calls, err)
	}
	_, _, err = parted(t, func(int, []int) ([]Result, error) { return make([]Result, 1), nil })
	if err == nil || err.Error() != "1 results came for 4 objects" {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	n := 0
	_, _, err = inParts(ctx, 10, 4, func(at []int) ([]Result, error) {
		n++
		cancel()
		return make([]Result, len(at)), nil
	})
	if n != 1 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d calls, error %v", n, err)
	}
}

// The one among fifty that is refused is found in few calls, wherever it stands.
func TestOneAmongFifty(t *testing.T) {
	for poison := range 50 {
		calls := 0
		written := map[int]int{}
		results, unsure, err := inParts(context.Background(), 50, 50, func(at []int) ([]Result, error) {
			calls++
			for _, i := range at {
				if i == poison {
					return nil, &web.Refused{Text: "no"}
				}
			}
			for _, i := range at {
				written[i]++
			}
			return make([]Result, len(at)), nil
		})
		if err != nil || len(unsure) > 0 || results[poison].Err == nil || len(written) != 49 {
			t.Fatalf("%d: %v, %v, %d written, error %v", poison, results[poison], unsure, len(written), err)
		}
		for i, n := range written {
			if n != 1 || results[i].Err != nil {
				t.Errorf("%d: %d was written %d times, %v", poison, i, n, results[i].Err)
			}
		}
		if calls > 13 { // fifty halved six times, two calls each
			t.Errorf("%d: %d calls", poison, calls)
		}
	}
}

func TestChunks(t *testing.T) {
	got := ""
	visit := func(some []string) error {
		got += strings.Join(some, "") + " "
		if some[0] == "e" {
			return context.Canceled
		}
		return nil
	}
	if err := chunks(strings.Split("abcdefg", ""), 2, visit); err != context.Canceled || got != "ab cd ef " {
		t.Errorf("%s, error %v", got, err)
	}
	if err := chunks(nil, 2, visit); err != nil {
		t.Error(err)
	}
}
