package conformance

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode"

	"google.golang.org/protobuf/proto"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/host"
)

func configureChecks() []*Check {
	described := []string{"describe.answers"}
	accepted := []string{"describe.answers", "configure.answers"}
	const names = "answer with a diagnostic of severity ERROR that has the name of the setting in its field"
	return []*Check{
		{
			ID: "configure.before", Title: "calls before Configure are refused", Rule: "R15", needs: described,
			Hint: "end them with the status FAILED_PRECONDITION",
			run:  checkUnconfigured,
		},
		{
			ID: "configure.answers", Title: "Configure takes the settings and names the target, if there is one", Rule: "R16", needs: described, learns: true,
			run: checkConfigure,
		},
		{
			ID: "configure.connection", Title: "Configure can check the connection", Rule: "R17", needs: accepted,
			Hint: "are the credentials right and the target within reach?",
			run:  checkConnection,
		},
		{
			ID: "configure.twice", Title: "a second Configure is refused", Rule: "R24", needs: accepted,
			Hint: "end it with the status FAILED_PRECONDITION",
			run:  checkTwice,
		},
		{ID: "configure.unknown", Title: "an unknown setting is refused", Rule: "R18", needs: accepted, Hint: names, run: checkUnknown},
		{ID: "configure.missing", Title: "a missing setting is told", Rule: "R19", needs: accepted, Hint: names, run: checkMissing},
		{ID: "configure.type", Title: "a value of the wrong type is refused", Rule: "R20", needs: accepted, Hint: names, run: checkType},
		{ID: "configure.value", Title: "a value that is not announced is refused", Rule: "R21", needs: accepted, Hint: names, run: checkValue},
		{
			ID: "configure.all", Title: "all faults are told at once", Rule: "R22", needs: append(slices.Clone(accepted), "configure.unknown"),
			Hint: "collect the faults of all settings before you answer",
			run:  checkAll,
		},
		{
			ID: "configure.after", Title: "after refused settings it still answers, and does nothing", Rule: "R23", needs: append(slices.Clone(accepted), "configure.unknown", "configure.before"),
			Hint: "do not end the process: the host ends it",
			run:  checkAfter,
		},
	}
}

func checkUnconfigured(t *trial) error {
	r, err := t.start()
	if err != nil {
		return err
	}
	return r.refusesAll()
}

// refusesAll checks that nothing works without settings, and that the process
// lives on.
func (r *running) refusesAll() error {
	for _, plan := range []bool{true, false} {
		h, err := r.talk(talk{plan: plan})
		if err != nil {
			return err
		}
		name := map[bool]string{true: "Plan", false: "Export"}[plan]
		switch {
		case h.silent:
			return broken("%s did not end for %s", name, r.t.opts.Patience)
		case h.err == nil:
			return broken("%s ended with status OK", name)
		}
	}
	if _, err := r.provision(false); err == nil {
		return broken("Provision ended with status OK")
	}
	if _, err := r.describe(&pb.DescribeRequest{}); err != nil {
		return broken("Describe fails after it: %s", r.died(err))
	}
	return nil
}

// checkConfigure also learns the target and what sort of exporter this is.
func checkConfigure(t *trial) error {
	if err := t.takeSettings(); err != nil {
		t.fatal = err
		return &unknowable{why: "the settings are not those that it announces"}
	}
	for again := range 2 {
		r, err := t.start()
		if err != nil {
			return err
		}
		answer, err := r.configure(t.plain, t.secrets, false)
		if err != nil {
			return broken("it ended with %s", r.died(err))
		}
		if faults := errorsOf(answer); len(faults) > 0 {
			return &fault{seen: "it refused the settings: " + oneLine(faults[0].GetSummary()), hint: oneLine(faults[0].GetHint())}
		}
		if again > 0 {
			switch {
			case answer.GetTarget().GetId() != t.answer.GetTarget().GetId():
				return &fault{
					seen: "another process named another target",
					hint: "a target that is yet to be made has no id to keep: let an export make it, and test then",
				}
			case !proto.Equal(answer.GetCapabilities(), t.answer.GetCapabilities()):
				return broken("another process answered with other capabilities")
			}
			break
		}
		if err := t.learn(answer); err != nil {
			return err
		}
	}
	t.configured = true
	return t.agreeTarget()
}

func (t *trial) learn(answer *pb.ConfigureResponse) error {
	t.answer = answer
	if caps := answer.GetCapabilities(); caps != nil {
		if err := host.CheckCapabilities(caps); err != nil {
			return broken("%v", err)
		}
		t.caps = caps
	}
	t.report.Files = t.caps.GetIdempotency() == pb.Capabilities_IDEMPOTENCY_ATOMIC
	switch id := answer.GetTarget().GetId(); {
	case t.report.Files && id != "":
		return broken("it makes files and names the target %q", id)
	case t.report.Files:
	case id == "" || id != oneLine(id) || strings.ContainsFunc(id, unicode.IsControl):
		return broken("the id of its target is not one line of text: %q", id)
	default:
		t.report.Target = id
	}
	return nil
}

// agreeTarget makes sure that nothing is written where the user does not want
// it.
func (t *trial) agreeTarget() error {
	if t.program.Target == "" {
		return nil
	}
	if t.program.Target != t.report.Target {
		t.fatal = &TargetError{Named: t.program.Target, Target: t.report.Target}
		return &unknowable{why: t.fatal.Error()}
	}
	t.writesUnder()
	return nil
}

func checkConnection(t *trial) error {
	r, err := t.start()
	if err != nil {
		return err
	}
	answer, err := r.configure(t.plain, t.secrets, true)
	if err != nil {
		return broken("it ended with %s", r.died(err))
	}
	if faults := errorsOf(answer); len(faults) > 0 {
		return broken("it answered: %s", oneLine(faults[0].GetSummary()))
	}
	if !proto.Equal(answer.GetTarget(), t.answer.GetTarget()) {
		return broken("it named another target than without the check")
	}
	return nil
}

func checkTwice(t *trial) error {
	r, err := t.started()
	if err != nil {
		return err
	}
	answer, err := r.configure(t.plain, t.secrets, false)
	if err == nil && len(errorsOf(answer)) == 0 {
		return broken("it took settings a second time")
	}
	if err != nil {
		if _, gone := r.Exited(processGrace); gone {
			return broken("it ended with %s", r.died(err))
		}
	}
	return nil
}

const unknownSetting = "no_such_setting"

func checkUnknown(t *trial) error {
	return t.refuses(change{set: map[string]any{unknownSetting: "x"}}, unknownSetting)
}

func checkMissing(t *trial) error {
	tried := 0
	for _, f := range t.info.GetConfig() {
		if !f.GetRequired() || f.GetDefault() != "" || tried == mostTries {
			continue
		}
		tried++
		if err := t.refuses(change{drop: f.GetName()}, f.GetName()); err != nil {
			return err
		}
	}
	if tried == 0 {
		return skip("it requires no setting")
	}
	return nil
}

// mostTries bounds how many settings of one sort are tried.
const mostTries = 4

// checkType tries one setting of each type.
func checkType(t *trial) error {
	tried := map[pb.Field_Type]bool{}
	for _, f := range t.info.GetConfig() {
		if f.GetSecret() || tried[f.GetType()] {
			continue
		}
		tried[f.GetType()] = true
		if err := t.refuses(change{set: map[string]any{f.GetName(): wrong(f.GetType())}}, f.GetName()); err != nil {
			return err
		}
	}
	if len(tried) == 0 {
		return skip("it has no settings but secrets")
	}
	return nil
}

// wrong is a value that is not of that type.
func wrong(t pb.Field_Type) any {
	switch t {
	case pb.Field_TYPE_INT:
		return 1.5
	case pb.Field_TYPE_STRING:
		return 1
	case pb.Field_TYPE_DURATION:
		return "soon"
	}
	return "x"
}

func checkValue(t *trial) error {
	tried := 0
	for _, f := range t.info.GetConfig() {
		if len(f.GetOneOf()) == 0 || f.GetSecret() || tried == mostTries {
			continue
		}
		tried++
		var value any = "no-such-value"
		if f.GetType() == pb.Field_TYPE_STRINGS {
			value = []string{"no-such-value"}
		}
		if err := t.refuses(change{set: map[string]any{f.GetName(): value}}, f.GetName()); err != nil {
			return err
		}
	}
	if tried == 0 {
		return skip("it has no setting with a choice of values")
	}
	return nil
}

func checkAll(t *trial) error {
	faults := map[string]any{unknownSetting: "x", unknownSetting + "_either": "x"}
	names := slices.Sorted(maps.Keys(faults))
	for _, f := range t.info.GetConfig() {
		if !f.GetSecret() && !t.unfit["configure.type"] {
			faults[f.GetName()] = wrong(f.GetType())
			names = append(names, f.GetName())
			break
		}
	}
	return t.refuses(change{set: faults}, names...)
}

func checkAfter(t *trial) error {
	r, err := t.start()
	if err != nil {
		return err
	}
	settings, secrets, err := t.changed(change{set: map[string]any{unknownSetting: "x"}})
	if err != nil {
		return err
	}
	if _, err := r.configure(settings, secrets, false); err != nil {
		return broken("it ended with %s", r.died(err))
	}
	return r.refusesAll()
}

// change makes settings wrong.
type change struct {
	set  map[string]any
	drop string
}

// changed returns the user's settings with a change.
func (t *trial) changed(c change) (settings []byte, secrets map[string]string, err error) {
	members := map[string]any{}
	if len(t.plain) > 0 {
		if err := json.Unmarshal(t.plain, &members); err != nil {
			return nil, nil, err
		}
	}
	secrets = maps.Clone(t.secrets)
	maps.Copy(members, c.set)
	delete(members, c.drop)
	delete(secrets, c.drop)
	settings, err = json.Marshal(members)
	return settings, secrets, err
}

// refuses checks that changed settings are refused with a diagnostic for each
// of the names.
func (t *trial) refuses(c change, names ...string) error {
	r, err := t.start()
	if err != nil {
		return err
	}
	settings, secrets, err := t.changed(c)
	if err != nil {
		return err
	}
	answer, err := r.configure(settings, secrets, false)
	if err != nil {
		return broken("instead of a diagnostic about %q it ended with %s", names[0], r.died(err))
	}
	faults := errorsOf(answer)
	if len(faults) == 0 {
		return broken("it took the settings, with a fault in %q", names[0])
	}
	for _, name := range names {
		if !slices.ContainsFunc(faults, func(d *pb.Diagnostic) bool { return d.GetField() == name }) {
			return broken("no diagnostic names %q in its field", name)
		}
	}
	return nil
}
