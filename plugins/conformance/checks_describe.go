package conformance

import (
	"strings"
	"unicode"

	"golang.org/x/mod/semver"
	"google.golang.org/protobuf/proto"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/host"
)

func describeChecks() []*Check {
	return []*Check{
		{
			ID: "describe.answers", Title: "Describe answers within 5 s and before Configure", Rule: "R10", learns: true,
			Hint: "answer from what is built in: no settings, no secrets, no network",
			run:  checkDescribe,
		},
		{
			ID: "describe.form", Title: "the description is well-formed", Rule: "R13", needs: []string{"describe.answers"},
			Hint: "exporter.proto says at each field what it may hold",
			run:  checkForm,
		},
		{
			ID: "describe.same", Title: "Describe answers the same every time", Rule: "R12", needs: []string{"describe.answers"},
			Hint: "the description depends on nothing but the version of the program",
			run:  checkSame,
		},
		{
			ID: "describe.later", Title: "a host of a later version gets the same description", Rule: "R14", needs: []string{"describe.answers", "describe.same"},
			Hint: "answer with the minor version you know, whatever the host speaks",
			run:  checkLater,
		},
	}
}

func checkDescribe(t *trial) error {
	r, err := t.start()
	if err != nil {
		return err
	}
	info, err := r.describe(&pb.DescribeRequest{ProtocolMinor: pb.ProtocolMinor})
	if err != nil {
		return broken("it ended with %s", r.died(err))
	}
	t.info, t.caps = info, info.GetCapabilities()
	t.report.Name, t.report.Version = oneLine(info.GetName()), oneLine(info.GetVersion())
	return nil
}

func checkForm(t *trial) error {
	if err := host.CheckInfo(t.info, t.program.Command.Name); err != nil {
		return broken("%v", err)
	}
	switch v, s := t.info.GetVersion(), t.info.GetSummary(); {
	case !semver.IsValid("v" + v):
		return broken("its version %q is no semantic version", v)
	case s == "" || strings.ContainsFunc(s, unicode.IsControl):
		return broken("its summary is not one line: %q", s)
	case strings.HasSuffix(s, "."):
		return broken("its summary ends with a full stop: %q", s)
	}
	for _, f := range t.info.GetConfig() {
		if doc := f.GetDoc(); doc == "" || strings.ContainsFunc(doc, unicode.IsControl) {
			return broken("the description of the setting %q is not one line: %q", f.GetName(), doc)
		}
	}
	for _, m := range t.info.GetCapabilities().GetModes() {
		if m < pb.WriteMode_WRITE_MODE_APPEND || m > pb.WriteMode_WRITE_MODE_REPLACE {
			return broken("it announces a mode of writing that the protocol does not know: %d", m)
		}
	}
	return nil
}

func checkSame(t *trial) error {
	r, err := t.start()
	if err != nil {
		return err
	}
	for range 2 {
		info, err := r.describe(&pb.DescribeRequest{ProtocolMinor: pb.ProtocolMinor})
		if err != nil {
			return broken("another time it ended with %s", r.died(err))
		}
		if !proto.Equal(info, t.info) {
			return broken("another time it answered something else")
		}
	}
	return nil
}

func checkLater(t *trial) error {
	r, err := t.start()
	if err != nil {
		return err
	}
	info, err := r.describe(withUnknown(&pb.DescribeRequest{ProtocolMinor: 99}))
	if err != nil {
		return broken("asked by a later host, it ended with %s", r.died(err))
	}
	if !proto.Equal(info, t.info) {
		return broken("asked by a later host, it answered something else")
	}
	return nil
}
