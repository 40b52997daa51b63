package espocrm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
)

// Limits of how EspoCRM is asked.
const (
	atOnce      = 4    // requests under way, since there are none for many objects
	longestList = 5000 // bytes of values in a query: web servers take addresses of 8 KiB
)

// condition is one of the conditions in a query, the nth.
func condition(n int, kind, attribute, value string) string {
	return where(n, "type", kind) + "&" + where(n, "attribute", attribute) + "&" + where(n, "value", value)
}

// where is a part of the nth condition.
func where(n int, part, value string) string {
	return fmt.Sprintf("where%%5B%d%%5D%%5B%s%%5D=%s", n, part, url.QueryEscape(value))
}

// oneOf is the condition that an attribute has one of some values.
func oneOf(n int, attribute string, values []string) string {
	parts := []string{where(n, "type", "in"), where(n, "attribute", attribute)}
	for _, v := range values {
		parts = append(parts, where(n, listPart, v))
	}
	return strings.Join(parts, "&")
}

// listPart is the part of a condition that has one of several values.
const listPart = "value%5D%5B"

// portions cuts a list of values into such as fit in a query.
func portions(values []string) [][]string {
	var out [][]string
	size := 0
	for _, v := range values {
		own := len("&") + len(where(0, listPart, v))
		if len(out) == 0 || size+own > longestList {
			out, size = append(out, nil), 0
		}
		out[len(out)-1] = append(out[len(out)-1], v)
		size += own
	}
	return out
}

// item is a record of EspoCRM, by its attributes.
type item map[string]json.RawMessage

// text is an attribute as text: a number as it was written; empty when there is none.
func (i item) text(attribute string) string {
	raw := i[attribute]
	var s string
	if json.Unmarshal(raw, &s) == nil { // null leaves it empty
		return s
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		return n.String()
	}
	return string(raw)
}

// list visits all records of a list, page by page. One that comes twice, since others
// were added meanwhile, is visited once.
func (s *system) list(ctx context.Context, path, query string, visit func(item)) error {
	seen := map[string]bool{}
	for offset := 0; ; offset += s.page {
		var page struct {
			List []item `json:"list"`
		}
		if err := s.get(ctx, fmt.Sprintf("%s?%s&maxSize=%d&offset=%d", path, query, s.page, offset), &page); err != nil {
			return err
		}
		for _, i := range page.List {
			if id := i.text("id"); id != "" && !seen[id] {
				seen[id] = true
				visit(i)
			}
		}
		if len(page.List) < s.page {
			return nil
		}
	}
}

// each does something for n objects, some at once, and gives what became of each. What a
// *web.Busy or a *web.Quota tells of one holds for those that were not begun. After any
// other error but a *web.Refused none is begun any more, and it is the error of all.
func each(ctx context.Context, n int, do func(ctx context.Context, i int) (string, error)) ([]crm.Result, error) {
	results := make([]crm.Result, n)
	var mu sync.Mutex
	var stop, fatal error
	next := 0
	claim := func() (int, bool) {
		mu.Lock()
		defer mu.Unlock()
		for stop != nil && next < n {
			results[next].Err = stop
			next++
		}
		if next == n || fatal != nil {
			return 0, false
		}
		next++
		return next - 1, true
	}
	done := func(i int, id string, err error) {
		mu.Lock()
		defer mu.Unlock()
		results[i] = crm.Result{ID: id, Err: err}
		switch {
		case err == nil || errors.As(err, new(*web.Refused)):
		case errors.As(err, new(*web.Busy)) || errors.As(err, new(*web.Quota)):
			stop = err
		case fatal == nil || errors.As(fatal, new(*web.Unsure)):
			fatal = err // what ends the export counts for more than what is looked up
		}
	}
	var wg sync.WaitGroup
	for range min(n, atOnce) {
		wg.Go(func() {
			for {
				i, more := claim()
				if !more {
					return
				}
				id, err := do(ctx, i)
				done(i, id, err)
			}
		})
	}
	wg.Wait()
	if fatal != nil {
		return nil, fatal
	}
	return results, nil
}
