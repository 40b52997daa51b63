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
		return errors.New(`The "vendor_guid" field is required`)
	case strings.TrimSpace(r.Title) == "":
		return errors.New(`The "title" field is required`)
	case strings.ContainsAny(r.GUID, " \t\r\n\f\v"):
		return errors.New(`The "vendor_guid" field must have no spaces`)
	case !slices.Contains([]string{"", "active", "deleted"}, r.State):
		return errors.New(`"workflow_state" must be either "active" or "deleted"`)
	case byNumber.MatchString(r.GUID):
		return fmt.Errorf("Outcome with canvas id %q not found", r.GUID)
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
	return fmt.Errorf("Invalid object_type: %q", r.Type)
}

var tag = regexp.MustCompile(`<[^>]*>?`)

func limits(r Row) error {
	for name, text := range map[string]string{"Vendor guid": r.GUID, "Short description": r.Title, "Display name": r.DisplayName} {
		if utf8.RuneCountInString(text) > longestString {
			return fmt.Errorf("%s is too long (maximum is %d characters)", name, longestString)
		}
	}
	if utf8.RuneCountInString(r.Description) > longestText {
		return fmt.Errorf("Description is too long (maximum is %d characters)", longestText)
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
			return nil, fmt.Errorf("Parent references not found prior to this row: [%q]", guid)
		}
		ids = append(ids, g.ID)
	}
	return ids, nil
}

func (s *store) keepGroup(j *job, r Row) error {
	if r.Method != "" || r.Int != "" || len(r.Ratings) > 0 || r.Mastery != nil {
		return errors.New("Invalid fields for a group")
	}
	parents, err := s.parents(j, r)
	if err != nil {
		return err
	}
	if len(parents) > 1 {
		return errors.New("An outcome group can only have one parent")
	}
	g := s.groupByGUID(j.account, r.GUID)
	if g == nil {
		g = &Group{ID: s.next(), Account: j.account, GUID: r.GUID}
		s.groups = append(s.groups, g)
	}
	if g.imported == j.id {
		return fmt.Errorf("Group %q has already appeared in this import", r.GUID)
	}
	g.Parent, g.Title, g.Description, g.imported = parents[0], r.Title, r.Description, j.id
	return nil
}

// numbers are those that a way of calculating takes; 0 to 0: none.
var numbers = map[string][2]int{"decaying_average": {1, 99}, "n_mastery": {1, 5}, "highest": {}, "latest": {}, "": {1, 99}}

func (s *store) keepOutcome(j *job, r Row) error {
	between, known := numbers[r.Method]
	if !known {
		return errors.New("Calculation method is unknown")
	}
	if r.Int != "" {
		var n int
		if _, err := fmt.Sscan(r.Int, &n); err != nil || n < between[0] || n > between[1] || n == 0 {
			return errors.New("Calculation int is not a valid value for this calculation method")
		}
	}
	o := s.outcomeByGUID(r.GUID)
	if o != nil && o.Account != j.account {
		return fmt.Errorf("Outcome with ID %s already exists in another unrelated course or account (Account %d)", r.GUID, o.Account)
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
		return fmt.Errorf("Outcome %q has already appeared in this import", r.GUID)
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
