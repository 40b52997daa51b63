package conformance

import (
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

func planChecks() []*Check {
	accepted := []string{"configure.answers"}
	return []*Check{
		{
			ID: "provision.plan", Title: "Provision lists what the target needs, the same every time", Rule: "R27", needs: accepted,
			Hint: "without apply, look and change nothing; exporters of files end the stream at once",
			run:  checkProvision,
		},
		{
			ID: "provision.form", Title: "Provision lists objects with their actions, or pieces of files", Rule: "R61", For: Destinations, needs: accepted,
			Hint: "say in each message one thing: an object with its action, or a piece of a file",
			run:  checkProvisionForm,
		},
		{
			ID: "provision.files", Title: "files of Provision come as those of Export do", Rule: "R62", For: Destinations, needs: append(slices.Clone(accepted), "provision.form"),
			Hint: "send one file after the other, the first piece with its media type, the last piece with last set",
			run:  checkProvisionFiles,
		},
		{
			ID: "provision.apply", Title: "after Provision everything is there", Rule: "R28", For: Destinations, needs: append(slices.Clone(accepted), "provision.plan"), writes: true,
			Hint: "answer ACTION_EXISTS for what is there as needed, ACTION_MISMATCH for what the user must change",
			run:  checkApply,
		},
	}
}

// needed is what a target needs, as Provision said it.
type needed struct {
	objects []*pb.ProvisionResponse
	*heard  // of the files
}

// needs asks Provision, and takes its files as those of an export are taken.
func (r *running) needs(what string, apply bool) (*needed, error) {
	all, err := r.provision(apply)
	if err != nil {
		return nil, broken("%sit ended with %s", what, r.died(err))
	}
	n := &needed{heard: newHeard(r, talk{})}
	for _, m := range all {
		if a := m.GetArtifact(); a != nil {
			n.piece(a)
		}
		if m.GetArtifact() == nil || said(m) {
			n.objects = append(n.objects, m)
		}
	}
	n.complain()
	return n, nil
}

// said reports whether a message says anything beside a piece of a file.
func said(m *pb.ProvisionResponse) bool {
	return m.GetObject() != "" || m.GetAction() != 0 || m.GetDiagnostic() != nil
}

func checkProvision(t *trial) error {
	r, err := t.started()
	if err != nil {
		return err
	}
	first, err := r.needs("", false)
	if err != nil {
		return err
	}
	second, err := r.needs("the second time ", false)
	if err != nil {
		return err
	}
	same := func(a, b *pb.ProvisionResponse) bool {
		return a.GetObject() == b.GetObject() && a.GetAction() == b.GetAction() && proto.Equal(a.GetDiagnostic(), b.GetDiagnostic())
	}
	n := len(first.objects) + len(first.files)
	switch {
	case t.report.Files && n > 0:
		return broken("it lists %s, as an exporter of files", plural(n, "thing", "things"))
	case !slices.EqualFunc(first.objects, second.objects, same):
		return broken("the second time it listed something else")
	case n == 0 && !t.report.Files:
		t.note = "it needs nothing"
	}
	if d := different(first.files, second.files, true); d != "" {
		return broken("asked twice: %s", d)
	}
	return nil
}

func checkProvisionForm(t *trial) error {
	r, err := t.started()
	if err != nil {
		return err
	}
	n, err := r.needs("", false)
	if err != nil {
		return err
	}
	for _, m := range n.objects {
		switch {
		case m.GetArtifact() != nil:
			return broken("a message has a piece of %q and says something else as well", m.GetArtifact().GetName())
		case m.GetObject() == "" || actionWord(m.GetAction()) == "":
			return broken("it listed the object %q without a name or an action", m.GetObject())
		}
	}
	return nil
}

func checkProvisionFiles(t *trial) error {
	r, err := t.started()
	if err != nil {
		return err
	}
	n, err := r.needs("", false)
	switch {
	case err != nil:
		return err
	case len(n.spotted) > 0:
		return broken("%s", n.spotted[0].text)
	case len(n.files) == 0:
		return skip("it gives no files")
	}
	for _, f := range n.files {
		if f.media == "" {
			return broken("%q has no media type", f.name)
		}
	}
	return nil
}

func actionWord(a pb.ProvisionResponse_Action) string {
	return map[pb.ProvisionResponse_Action]string{
		pb.ProvisionResponse_ACTION_CREATE: "CREATE", pb.ProvisionResponse_ACTION_EXISTS: "EXISTS", pb.ProvisionResponse_ACTION_MISMATCH: "MISMATCH",
	}[a]
}

func checkApply(t *trial) error {
	r, err := t.started()
	if err != nil {
		return err
	}
	if _, err := r.needs("", true); err != nil {
		return err
	}
	after, err := r.needs("asked again, ", false)
	if err != nil {
		return err
	}
	for _, p := range after.objects {
		if p.GetAction() == pb.ProvisionResponse_ACTION_CREATE {
			return broken("%q is still to be created", p.GetObject())
		}
	}
	return nil
}

// planned are checks of Plan that stand on what Export does.
func planned() []*Check {
	sound := []string{"export.accepts"}
	return []*Check{
		{
			ID: "plan.writes-nothing", Title: "Plan writes nothing", Rule: "R29", For: Destinations, needs: sound, writes: true,
			Hint: "only read from the target while Plan runs",
			run:  checkPlanWrites,
		},
		{
			ID: "plan.foresees", Title: "Plan foresees what Export does", Rule: "R30", For: Destinations, needs: sound, writes: true,
			Hint: "compare key and revision with what is in the target",
			run:  checkForesees,
		},
		{
			ID: "plan.files", Title: "Plan names the files of Export, with their sizes", Rule: "R31", For: Files, needs: sound,
			Hint: "make the files as Export does, and send the sizes alone",
			run:  checkPlanFiles,
		},
	}
}

func checkPlanWrites(t *trial) error {
	records, err := t.records("", 4)
	if err != nil {
		return err
	}
	r, err := t.started()
	if err != nil {
		return err
	}
	var plans []*heard
	for range 2 {
		h, err := r.talk(talk{plan: true, batches: t.cut(records)})
		if err != nil {
			return err
		}
		if err := h.fault(t.subject); err != nil {
			return err
		}
		plans = append(plans, h)
	}
	for i := range records {
		if one, two := statusWord(plans[0].outcomes[i]), statusWord(plans[1].outcomes[i]); one != two {
			return broken("asked twice, it foresaw %s and then %s", one, two)
		}
	}
	written, err := t.export("after the plan", records, nil)
	if err != nil {
		return err
	}
	return written.wants("after the plan", records, pb.Outcome_STATUS_CREATED)
}

// plan asks in a new process what would happen.
func (t *trial) plan(what string, records []*pb.Record, allowed ...pb.Outcome_Status) error {
	r, err := t.started()
	if err != nil {
		return err
	}
	h, err := r.talk(talk{plan: true, batches: t.cut(records)})
	if err != nil {
		return err
	}
	if err := h.fault(t.subject); err != nil {
		return err
	}
	return h.wants(what, records, allowed...)
}

func checkForesees(t *trial) error {
	records, err := t.records("", 4)
	if err != nil {
		return err
	}
	if err := t.plan("a plan before the export", records, pb.Outcome_STATUS_CREATED); err != nil {
		return err
	}
	if _, err := t.export("", records, nil); err != nil {
		return err
	}
	if t.caps.GetIdempotency() == pb.Capabilities_IDEMPOTENCY_NONE {
		t.note = "not asked what a plan says of records that are there: it can't know"
		return nil
	}
	return t.plan("a plan after the export", records, pb.Outcome_STATUS_UNCHANGED)
}

func checkPlanFiles(t *trial) error {
	records, err := t.records("", 4)
	if err != nil {
		return err
	}
	var all [][]file
	for i := range 3 {
		r, err := t.started()
		if err != nil {
			return err
		}
		h, err := r.talk(talk{plan: i < 2, batches: t.cut(records)})
		if err != nil {
			return err
		}
		if err := h.fault(t.subject); err != nil {
			return err
		}
		all = append(all, h.files)
	}
	if d := different(all[0], all[1], false); d != "" {
		return broken("planned twice: %s", d)
	}
	if d := different(all[0], all[2], false); d != "" {
		return broken("planned and then made: %s", d)
	}
	return nil
}

// different says how two lists of files differ, "" when they do not; content
// compares bytes and not only sizes.
func different(a, b []file, content bool) string {
	if len(a) != len(b) {
		return fmt.Sprintf("%s, and then %s", plural(len(a), "file", "files"), plural(len(b), "file", "files"))
	}
	for i := range a {
		switch {
		case a[i].name != b[i].name:
			return fmt.Sprintf("the file %q, and then %q", a[i].name, b[i].name)
		case a[i].size != b[i].size:
			return fmt.Sprintf("%q has %d bytes, and then %d", a[i].name, a[i].size, b[i].size)
		case a[i].media != b[i].media:
			return fmt.Sprintf("%q has the media type %q, and then %q", a[i].name, a[i].media, b[i].media)
		case content && a[i].sum != b[i].sum:
			return fmt.Sprintf("%q has other bytes the second time", a[i].name)
		}
	}
	return ""
}
