package canvasoutcomes

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
)

// perPage is how many objects Canvas gives at most in an answer.
const perPage = 100

// group is an outcome group as Canvas gives it.
type group struct {
	ID          int64  `json:"id"`
	Title       string `json:"title"`
	VendorGUID  string `json:"vendor_guid"`
	Description string `json:"description"`
	Parent      *struct {
		ID         int64  `json:"id"`
		VendorGUID string `json:"vendor_guid"`
	} `json:"parent_outcome_group"`
}

// outcome is an outcome as Canvas gives it.
type outcome struct {
	Title       string  `json:"title"`
	VendorGUID  string  `json:"vendor_guid"`
	Description string  `json:"description"`
	Mastery     float64 `json:"mastery_points"`
	Method      string  `json:"calculation_method"`
	Ratings     []struct {
		Points      float64 `json:"points"`
		Description string  `json:"description"`
	} `json:"ratings"`
}

// site is an account of a Canvas.
type site struct {
	*web.Client
	account string // its number
	group   string // number of the group that takes those of clients; empty: none

	groups  map[string]group // of the account, by guid; nil before they were read
	touched map[string]bool  // guids that were imported since
	pending string           // id of an import whose end was not seen; "latest" when nobody knows it
}

// path is the path of something of the account.
func (s *site) path(format string, args ...any) string {
	return "/api/v1/accounts/" + url.PathEscape(s.account) + fmt.Sprintf(format, args...)
}

// pages reads a list, page after page, and hands each to take.
func pages[T any](ctx context.Context, s *site, path, query string, take func([]T)) error {
	query = fmt.Sprintf("%s&per_page=%d", query, perPage)
	for seen := map[string]bool{}; ; {
		a, err := s.Do(ctx, web.Request{Method: http.MethodGet, Path: path + "?" + strings.TrimPrefix(query, "&")})
		if err != nil {
			return err
		}
		var page []T
		if err := a.Into(&page); err != nil {
			return &web.Unsure{Text: err.Error()}
		}
		take(page)
		seen[query] = true
		next := nextPage(a.Header)
		if next == "" || seen[next] {
			return nil
		}
		query = next
	}
}

// nextPage is the query of the next page (RFC 8288); empty when there is none. The host of
// the address is left alone: credentials go nowhere else.
func nextPage(h http.Header) string {
	for link := range strings.SplitSeq(strings.Join(h.Values("Link"), ","), ",") {
		address, params, ok := strings.Cut(link, ">")
		if !ok || !strings.Contains(params, `rel="next"`) {
			continue
		}
		u, err := url.Parse(strings.TrimPrefix(strings.TrimSpace(address), "<"))
		if err == nil {
			return u.RawQuery
		}
	}
	return ""
}

// look finds out what is there of rows: the status of each, in their order. Groups are
// read once, and again when some of these were imported since.
func (s *site) look(ctx context.Context, rows []row) ([]state, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	if s.groups == nil || slices.ContainsFunc(rows, func(r row) bool { return s.touched[r.guid] }) {
		all := map[string]group{}
		err := pages(ctx, s, s.path("/outcome_groups"), "", func(page []group) {
			for _, g := range page {
				if g.VendorGUID != "" {
					all[g.VendorGUID] = g
				}
			}
		})
		if err != nil {
			return nil, err
		}
		s.groups, s.touched = all, map[string]bool{}
	}
	inside := map[string]map[string]outcome{} // by guid of the group and of the outcome
	states := make([]state, len(rows))
	for i, r := range rows {
		if r.group {
			if g, there := s.groups[r.guid]; there && r.unnamed {
				rows[i].title = g.Title
				r = rows[i]
			}
			states[i] = s.ofGroup(r)
			continue
		}
		if inside[r.parent] == nil {
			found, err := s.outcomes(ctx, r.parent)
			if err != nil {
				return nil, err
			}
			inside[r.parent] = found
		}
		states[i] = ofOutcome(r, inside[r.parent])
	}
	return states, nil
}

// outcomes are those in a group.
func (s *site) outcomes(ctx context.Context, guid string) (map[string]outcome, error) {
	found := map[string]outcome{}
	g, there := s.groups[guid]
	if !there {
		return found, nil
	}
	type link struct{ Outcome outcome }
	err := pages(ctx, s, s.path("/outcome_groups/%d/outcomes", g.ID), "outcome_style=full", func(page []link) {
		for _, l := range page {
			found[l.Outcome.VendorGUID] = l.Outcome
		}
	})
	return found, err
}

// state is what is there of a row.
type state int

const (
	missing state = iota
	other         // it is there, and not as wanted
	same
)

func (s *site) ofGroup(r row) state {
	g, there := s.groups[r.guid]
	if !there {
		return missing
	}
	parent := ""
	if g.Parent != nil {
		parent = g.Parent.VendorGUID
		if r.parent == "" && s.group != "" && fmt.Sprint(g.Parent.ID) != s.group {
			return other
		}
	}
	if g.Title != r.title || plain(g.Description) != plain(r.about) || r.parent != "" && parent != r.parent {
		return other
	}
	return same
}

func ofOutcome(r row, there map[string]outcome) state {
	o, ok := there[r.guid]
	if !ok {
		return missing
	}
	equal := o.Title == r.title && plain(o.Description) == plain(r.about) && o.Mastery == float64(r.mastery) && len(o.Ratings) == len(r.tiers)
	for i := 0; equal && i < len(r.tiers); i++ {
		equal = o.Ratings[i].Points == float64(r.tiers[i].points) && o.Ratings[i].Description == r.tiers[i].name
	}
	if !equal {
		return other
	}
	return same
}

// plain is a description without what Canvas may write in another way than it was sent:
// tags, entities and blanks.
func plain(html string) string {
	text := strings.NewReplacer("<br>", " ", "<br/>", " ", "<br />", " ", "<p>", " ", "</p>", " ", "&lt;", "<", "&gt;", ">", "&quot;", `"`, "&#39;", "'", "&nbsp;", " ", "\u00a0", " ", "&amp;", "&").Replace(html)
	return strings.Join(strings.Fields(text), " ")
}
