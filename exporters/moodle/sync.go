package moodle

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// several is the code of the refusal to choose: what should be there once is there more
// than once.
const several = "several"

// sync brings what is wanted for one client to the site. It looks for everything before
// it makes it, changes only what differs, and deletes nothing.
type sync struct {
	*session
	*wanted
	dry bool // look, and say what would be done

	ids    map[string]int64 // of competencies, by ID number; 0: it would be made
	hidden bool             // the framework is, so that Moodle takes no links to it

	found, made, changed int
	lines                []string // what is done, for people
	warnings             []string
	remote               []sdk.RemoteObject
}

// run does it all, in the order in which things need each other.
func (y *sync) run(ctx context.Context) error {
	course, category, err := y.lookForCourse(ctx)
	if err != nil {
		return err
	}
	frameworkID, err := y.putFramework(ctx)
	if err != nil {
		return err
	}
	if err := y.putCompetencies(ctx, frameworkID); err != nil {
		return err
	}
	cohorts, err := y.putCohorts(ctx)
	if err != nil {
		return err
	}
	if err := y.putCourse(ctx, course, category); err != nil {
		return err
	}
	return y.putMembers(ctx, cohorts)
}

// status is that of all records of the client.
func (y *sync) status() sdk.Status {
	switch {
	case y.made > 0 && y.found == 0:
		return sdk.Created
	case y.made+y.changed > 0:
		return sdk.Updated
	}
	return sdk.Unchanged
}

// warning is what is told beside a success.
func (y *sync) warning() *sdk.Diagnostic {
	if len(y.warnings) == 0 {
		return nil
	}
	return &sdk.Diagnostic{Severity: sdk.SeverityWarning, Code: Name + ".note", Summary: strings.Join(y.warnings, "; "), Hint: "what you mend in Moodle or in the settings comes in when you run the command again with --force; see the page on Moodle in the documentation"}
}

// diff says for people what is done in a dry run.
func (y *sync) diff() string {
	if !y.dry {
		return ""
	}
	return strings.Join(y.lines, "\n")
}

func (y *sync) warn(format string, args ...any) {
	y.warnings = append(y.warnings, fmt.Sprintf(format, args...))
}

// is notes an object of the client.
func (y *sync) is(kind string, id int64) {
	if id != 0 && len(y.remote) < 1000 {
		y.remote = append(y.remote, sdk.RemoteObject{Type: kind, ID: strconv.FormatInt(id, 10)})
	}
}

// create makes something that was looked for and is not there. When the answer is lost,
// it is looked for again.
func (y *sync) create(ctx context.Context, kind, label string, send, look func() (int64, error)) (int64, error) {
	y.made++
	y.lines = append(y.lines, "new "+kind+": "+label)
	if y.dry {
		return 0, nil
	}
	id, err := send()
	if errors.As(err, new(*web.Unsure)) {
		if err := y.sleep(ctx, settling); err != nil {
			return 0, err
		}
		there, lookErr := look()
		if lookErr != nil {
			return 0, lookErr
		}
		if there != 0 {
			id, err = there, nil
		}
	}
	if err == nil && id == 0 {
		err = &web.Unsure{Text: "Moodle did not say which " + kind + " it made"}
	}
	return id, err
}

// update changes something that is there; the line says so to people.
func (y *sync) update(line string, send func() error) error {
	y.changed++
	y.lines = append(y.lines, line)
	if y.dry {
		return nil
	}
	return send()
}

// differs reports whether what people read changes. What is not known any more is left
// as it is.
func differs(before, after string) bool {
	return after != "" && plain(before) != plain(after)
}

// one is the only id; it is refused to choose among several.
func one(ids []int64, what string) (int64, error) {
	if len(ids) <= 1 {
		return append(ids, 0)[0], nil
	}
	text := make([]string, len(ids))
	for i, id := range ids {
		text[i] = strconv.FormatInt(id, 10)
	}
	return 0, &web.Refused{Code: several, Text: fmt.Sprintf("Moodle has %s more than once, with the ids %s", what, strings.Join(text, ", ")), Hint: "keep one of them, and take the ID number or the mark from the others"}
}
