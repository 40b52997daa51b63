package canvastest

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// keep keeps a row in the store.
func (s *store) keep(j *job, r Row, refuse func(Row) string) error {
	switch {
	case strings.TrimSpace(r.GUID) == "":
		return errors.New("vendor_guid is empty")
	case strings.TrimSpace(r.Title) == "":
		return errors.New("title is empty")
	case strings.ContainsAny(r.GUID, " \t\r\n\f\v"):
		return errors.New("vendor_guid has a blank")
	case !slices.Contains([]string{"", "active", "deleted"}, r.State):
		return errors.New("workflow_state is unknown")
	case byNumber.MatchString(r.GUID):
		return fmt.Errorf("there is nothing with the number in %q", r.GUID)
	}
	if err := limits(r); err != nil {
		return err
	}
	if refuse != nil {
		if why := refuse(r); why != "" {
			return errors.New(why)
		}
	}
	switch r.Type {
	case "group":
		return s.keepGroup(j, r)
	case "outcome":
		return s.keepOutcome(j, r)
	}
	return fmt.Errorf("object_type is %q", r.Type)
}

var tag = regexp.MustCompile(`<[^>]*>?`)

func limits(r Row) error {
	for name, text := range map[string]string{"vendor_guid": r.GUID, "title": r.Title, "display_name": r.DisplayName} {
		if utf8.RuneCountInString(text) > longestString {
			return fmt.Errorf("%s has more than %d characters", name, longestString)
		}
	}
	if utf8.RuneCountInString(r.Description) > longestText {
		return fmt.Errorf("description has more than %d characters", longestText)
	}
	// Canvas takes other tags out without a word: a text would be lost.
	for _, t := range tag.FindAllString(r.Description, -1) {
		if t != "<br>" {
			return fmt.Errorf("the description has the tag %q", t)
		}
	}
	return nil
}

// parents finds the groups that a row is in: such as came before in the same file.
func (s *store) parents(j *job, r Row) ([]int64, error) {
	if len(r.Parents) == 0 {
		if j.group != 0 {
			return []int64{j.group}, nil
		}
		return []int64{s.root(j.account)}, nil
	}
	var ids []int64
	for _, guid := range r.Parents {
		g := s.groupByGUID(j.account, guid)
		if g == nil || g.imported != j.id {
			return nil, fmt.Errorf("no group %q stands before this row", guid)
		}
		ids = append(ids, g.ID)
	}
	return ids, nil
}

func (s *store) keepGroup(j *job, r Row) error {
	if r.Method != "" || r.Int != "" || len(r.Ratings) > 0 || r.Mastery != nil {
		return errors.New("a group is not measured")
	}
	parents, err := s.parents(j, r)
	if err != nil {
		return err
	}
	if len(parents) > 1 {
		return errors.New("a group has more than one parent")
	}
	g := s.groupByGUID(j.account, r.GUID)
	if g == nil {
		g = &Group{ID: s.next(), Account: j.account, GUID: r.GUID}
		s.groups = append(s.groups, g)
	}
	if g.imported == j.id {
		return fmt.Errorf("the group %q stands twice in the file", r.GUID)
	}
	g.Parent, g.Title, g.Description, g.imported = parents[0], r.Title, r.Description, j.id
	return nil
}

// numbers are those that a way of calculating takes; 0 to 0: none.
var numbers = map[string][2]int{"decaying_average": {1, 99}, "n_mastery": {1, 5}, "highest": {}, "latest": {}, "": {1, 99}}

func (s *store) keepOutcome(j *job, r Row) error {
	between, known := numbers[r.Method]
	if !known {
		return errors.New("calculation_method is unknown")
	}
	if r.Int != "" {
		var n int
		if _, err := fmt.Sscan(r.Int, &n); err != nil || n < between[0] || n > between[1] || n == 0 {
			return errors.New("calculation_int does not fit the method")
		}
	}
	o := s.outcomeByGUID(r.GUID)
	if o != nil && o.Account != j.account {
		return fmt.Errorf("the outcome %s belongs to the account %d", r.GUID, o.Account)
	}
	parents, err := s.parents(j, r)
	if err != nil {
		return err
	}
	if o == nil {
		o = &Outcome{ID: s.next(), Account: j.account, GUID: r.GUID}
		s.outcomes = append(s.outcomes, o)
	}
	if o.imported == j.id {
		return fmt.Errorf("the outcome %q stands twice in the file", r.GUID)
	}
	o.Title, o.Description, o.Method, o.Int, o.Groups, o.imported = r.Title, r.Description, r.Method, r.Int, parents, j.id
	if len(r.Ratings) > 0 {
		o.Ratings, o.Mastery = r.Ratings, r.Ratings[0].Points
		if r.Mastery != nil {
			o.Mastery = *r.Mastery
		}
	}
	return nil
}

// Import carries a file out in the topmost account, as somebody does who chooses it in
// Canvas, and gives the errors.
func (s *Server) Import(file []byte) []Error {
	s.mu.Lock()
	defer s.mu.Unlock()
	j := &job{id: s.store.next(), account: Account, file: file, state: "created"}
	s.imports = append(s.imports, j)
	s.run(j)
	return j.errors
}
