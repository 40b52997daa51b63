package moodle

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// node is a framework or a competency as Moodle has it.
type node struct {
	ID          int64  `json:"id"`
	IDNumber    string `json:"idnumber"`
	ShortName   string `json:"shortname"`
	Description string `json:"description"`
	Visible     *yesNo `json:"visible"` // of frameworks
}

// yesNo is a yes or no, which Moodle gives in several ways.
type yesNo bool

// UnmarshalJSON reads it.
func (f *yesNo) UnmarshalJSON(b []byte) error {
	*f = yesNo(!slices.Contains([]string{"false", "0", `"0"`, `""`, "null"}, string(b)))
	return nil
}

// findFramework finds the client's framework.
func (y *sync) findFramework(ctx context.Context) (*node, error) {
	var all []node
	args := form{}.set("context[contextlevel]", "system").set("context[instanceid]", "0").set("query", y.wanted.id)
	if err := y.site.read(ctx, "core_competency_list_competency_frameworks", args, &all); err != nil {
		return nil, err
	}
	return only(all, y.wanted.id, "the framework "+y.wanted.id)
}

// only is the node with an ID number; nil when there is none.
func only(all []node, id, what string) (*node, error) {
	var ids []int64
	var found *node
	for i := range all {
		if all[i].IDNumber == id {
			ids, found = append(ids, all[i].ID), &all[i]
		}
	}
	_, err := one(ids, what)
	return found, err
}

// putFramework sees to it that the framework is there.
func (y *sync) putFramework(ctx context.Context) (int64, error) {
	f := y.framework
	if f == nil {
		return 0, nil
	}
	have, err := y.findFramework(ctx)
	if err != nil {
		return 0, err
	}
	if have == nil {
		id, err := y.createFramework(ctx)
		y.is("framework", id)
		return id, err
	}
	y.found++
	y.is("framework", have.ID)
	y.hidden = have.Visible != nil && !bool(*have.Visible)
	if !differs(have.ShortName, f.name) && !differs(have.Description, f.about) {
		return have.ID, nil
	}
	args := form{}.id("competencyframework[id]", have.ID).set("competencyframework[shortname]", f.name).
		set("competencyframework[description]", f.about).set("competencyframework[descriptionformat]", "1")
	return have.ID, y.update("changed framework: "+f.name, func() error {
		return y.site.change(ctx, "core_competency_update_competency_framework", args, nil)
	})
}

func (y *sync) createFramework(ctx context.Context) (int64, error) {
	scale, words, err := y.findScale(ctx)
	if err != nil {
		return 0, err
	}
	args := form{}
	for _, p := range [][2]string{
		{"contextlevel", "system"}, {"instanceid", "0"}, {"shortname", y.framework.name}, {"idnumber", y.wanted.id}, {"description", y.framework.about},
		{"descriptionformat", "1"}, {"visible", "1"}, {"scaleconfiguration", scaleConfiguration(scale, len(words))}, {"taxonomies", taxonomies},
	} {
		args.set("competencyframework["+p[0]+"]", p[1])
	}
	args.id("competencyframework[scaleid]", scale)
	return y.create(ctx, "framework", y.framework.name+", with the scale "+strings.Join(words, ", "), func() (int64, error) {
		var made node
		err := y.site.make(ctx, "core_competency_create_competency_framework", args, &made)
		return made.ID, err
	}, func() (int64, error) {
		there, err := y.findFramework(ctx)
		if there == nil {
			return 0, err
		}
		return there.ID, err
	})
}

// Moodle has no function that lists scales, so that their ids are tried one by one.
const (
	highestScale = 60 // the last id that is tried
	scaleGap     = 10 // so many in a row that are not there end it
)

// findScale finds the scale for a new framework, with its words. It ends the export when
// there is none, since no client would get further.
func (y *sync) findScale(ctx context.Context) (int64, []string, error) {
	if y.scaleID != 0 {
		words, err := y.scaleWords(ctx, y.scaleID)
		if err == nil && len(words) < 2 {
			err = &sdk.Diagnostic{Code: Name + ".scale", Field: "scale_id", Summary: "the site has no scale with the id that scale_id gives", Hint: "the id stands in the address of the page on which the scale is edited: Site administration, Grades, Scales"}
		}
		return y.scaleID, words, err
	}
	missing := 0
	for id := int64(1); id <= highestScale && missing < scaleGap; id++ {
		words, err := y.scaleWords(ctx, id)
		switch {
		case err != nil:
			return 0, nil, err
		case slices.Equal(words, y.scale):
			y.scaleID = id
			return id, words, nil
		case len(words) == 0:
			missing++
		default:
			missing = 0
		}
	}
	return 0, nil, &sdk.Diagnostic{Code: Name + ".scale", Field: "scale", Summary: "the site has no scale with the words " + strings.Join(y.scale, ", "),
		Hint: "make one: Site administration, Grades, Scales; or set scale_id to the id of another, which stands in the address of the page on which it is edited"}
}

// scaleWords are the words of a scale, lowest first; none when it is not there, of which
// Moodle says only that it failed.
func (y *sync) scaleWords(ctx context.Context, id int64) ([]string, error) {
	var values []struct {
		Name string `json:"name"`
	}
	err := y.site.read(ctx, "core_competency_get_scale_values", form{}.id("scaleid", id), &values)
	if errors.As(err, new(*web.Refused)) {
		return nil, nil
	}
	var words []string
	for _, v := range values {
		words = append(words, plain(v.Name))
	}
	return words, err
}

// listCompetencies gives all competencies of a framework.
func (y *sync) listCompetencies(ctx context.Context, framework int64) ([]node, error) {
	var all []node
	args := form{}.set("filters[0][column]", "competencyframeworkid").id("filters[0][value]", framework)
	return all, y.site.read(ctx, "core_competency_list_competencies", args, &all)
}

// putCompetencies sees to it that the framework's tree is there.
func (y *sync) putCompetencies(ctx context.Context, framework int64) error {
	if y.framework == nil {
		return nil
	}
	var all []node
	if framework != 0 {
		var err error
		if all, err = y.listCompetencies(ctx, framework); err != nil {
			return err
		}
	}
	for _, c := range y.framework.competencies {
		have, err := only(all, c.id, "the competency "+c.id)
		if err != nil {
			return err
		}
		if have == nil {
			id, err := y.createCompetency(ctx, framework, c)
			if err != nil {
				return err
			}
			y.ids[c.id] = id
			y.is("competency", id)
			continue
		}
		y.found++
		y.ids[c.id] = have.ID
		y.is("competency", have.ID)
		if !differs(have.ShortName, c.name) && !differs(have.Description, c.about) {
			continue
		}
		if err := y.updateCompetency(ctx, have.ID, c); err != nil {
			return err
		}
	}
	return nil
}

func (y *sync) updateCompetency(ctx context.Context, id int64, c competency) error {
	args := form{}.id("competency[id]", id).set("competency[shortname]", c.name)
	if c.about != "" {
		args.set("competency[description]", c.about).set("competency[descriptionformat]", "1")
	}
	return y.update("changed competency: "+c.name, func() error {
		return y.site.change(ctx, "core_competency_update_competency", args, nil)
	})
}

func (y *sync) createCompetency(ctx context.Context, framework int64, c competency) (int64, error) {
	args := form{}.set("competency[shortname]", c.name).set("competency[idnumber]", c.id).set("competency[description]", c.about).
		set("competency[descriptionformat]", "1").id("competency[parentid]", y.ids[c.parent]).id("competency[competencyframeworkid]", framework)
	return y.create(ctx, "competency", c.name, func() (int64, error) {
		var made node
		err := y.site.make(ctx, "core_competency_create_competency", args, &made)
		return made.ID, err
	}, func() (int64, error) {
		all, err := y.listCompetencies(ctx, framework)
		if err != nil {
			return 0, err
		}
		there, err := only(all, c.id, "the competency "+c.id)
		if there == nil {
			return 0, err
		}
		return there.ID, err
	})
}
