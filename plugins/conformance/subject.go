package conformance

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"

	"google.golang.org/grpc/status"

	"github.com/firstcall-cli/firstcall/core/record"
	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/host"
	"github.com/firstcall-cli/firstcall/plugins/internal/config"
)

// subject is the exporter under test and what earlier checks learned of it.
type subject struct {
	program Program
	opts    Options
	report  *Report
	fatal   error // why no more checks are run

	info       *pb.DescribeResponse // of describe.answers
	plain      []byte               // settings without secrets
	secrets    map[string]string
	answer     *pb.ConfigureResponse // of configure.answers
	caps       *pb.Capabilities      // what holds with these settings
	configured bool

	client string        // the id of made-up clients begins with it
	kinds  []record.Kind // kinds whose samples were taken; of export.accepts
	base   *heard        // what came back for ordinary records
	late   bool          // it acknowledges only when the host has ended its side

	unfit map[string]bool // checks that failed or were not run
	ear   *ear            // what was heard of the exporter in all checks
}

func newSubject(program Program, opts Options) *subject {
	return &subject{
		program: program, opts: opts, report: &Report{}, unfit: map[string]bool{}, ear: newEar(),
		client: "firstcall-test",
	}
}

// writesUnder draws the id under which records go to a target: what an earlier
// test left there must not be met again.
func (s *subject) writesUnder() {
	s.client = "firstcall-test-" + strings.ToLower(rand.Text()[:6])
	s.report.Client = s.client
}

// stable takes out of a text what differs between runs, and what is secret.
func (s *subject) stable(text string) string {
	if s.report.Client != "" {
		text = strings.ReplaceAll(text, s.report.Client, "firstcall-test")
	}
	for _, secret := range s.secrets {
		if len(secret) >= shortest {
			text = strings.ReplaceAll(text, secret, "[secret]")
		}
	}
	return text
}

// trial is one run of one check.
type trial struct {
	*subject
	ctx     context.Context
	check   *Check
	note    string
	printed string // by the last process that printed anything
	running []*running
}

// running is a process of the exporter.
type running struct {
	process
	t *trial
}

// start starts the exporter anew.
func (t *trial) start() (*running, error) {
	p, err := t.opts.launcher.start(t.ctx, t.program.Command, host.Options{
		HostVersion: t.opts.HostVersion, TempDir: t.opts.TempDir, StartTimeout: t.opts.Start,
	})
	if err != nil {
		return nil, err
	}
	r := &running{process: p, t: t}
	t.running = append(t.running, r)
	return r, nil
}

// closeAll ends what the check has started: in good order where the exporter
// is known to do that, and by force otherwise.
func (t *trial) closeAll() {
	polite := !t.unfit["end.shutdown"] && t.check.ID != "end.shutdown" && t.ctx.Err() == nil
	for _, r := range t.running {
		if _, gone := r.Exited(time.Millisecond); !gone && polite {
			r.Shutdown(t.opts.Prompt)
		}
		r.Close()
		said := r.Output()
		t.ear.printed(said)
		if said != "" {
			t.printed = said
		}
	}
}

// started is start and configure. Where the exporter does not take the settings,
// the error says so.
func (t *trial) started() (*running, error) {
	r, err := t.start()
	if err != nil {
		return nil, err
	}
	answer, err := r.configure(t.plain, t.secrets, false)
	if err != nil {
		return nil, &unknowable{why: "Configure ended with " + why(err)}
	}
	if faults := errorsOf(answer); len(faults) > 0 {
		return nil, &unknowable{why: "Configure refused the settings: " + faults[0].GetSummary()}
	}
	return r, nil
}

// call bounds a call by the time the user would wait.
func (r *running) call(limit time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(r.t.ctx, limit)
}

func (r *running) describe(req *pb.DescribeRequest) (*pb.DescribeResponse, error) {
	ctx, cancel := r.call(describeLimit)
	defer cancel()
	info, err := r.Remote().Describe(ctx, req)
	r.t.ear.call(info, err)
	return info, err
}

func (r *running) configure(settings []byte, secrets map[string]string, check bool) (*pb.ConfigureResponse, error) {
	ctx, cancel := r.call(r.t.opts.Patience)
	defer cancel()
	answer, err := r.Remote().Configure(ctx, &pb.ConfigureRequest{
		HostVersion: r.t.opts.HostVersion, ConfigJson: settings, Secrets: secrets, CheckConnection: check,
	})
	r.t.ear.call(answer, err)
	for _, d := range answer.GetDiagnostics() {
		r.t.ear.diagnostic(d)
	}
	return answer, err
}

// provision asks for the whole list at once.
func (r *running) provision(apply bool) ([]*pb.ProvisionResponse, error) {
	ctx, cancel := r.call(r.t.opts.Patience)
	defer cancel()
	stream, err := r.Remote().Provision(ctx, &pb.ProvisionRequest{Apply: apply})
	var all []*pb.ProvisionResponse
	for err == nil {
		var one *pb.ProvisionResponse
		if one, err = stream.Recv(); err == nil {
			all = append(all, one)
			r.t.ear.call(one, nil)
			r.t.ear.diagnostic(one.GetDiagnostic())
		}
	}
	if ended(err) {
		return all, nil
	}
	r.t.ear.call(nil, err)
	return all, err
}

// takeSettings makes of the user's words what Configure takes. The error is a
// [*host.ConfigError].
func (s *subject) takeSettings() error {
	fields := s.info.GetConfig()
	settings, faults := config.FromText(fields, s.program.Settings)
	if len(faults) == 0 {
		s.plain, s.secrets, faults = config.Resolve(fields, settings)
	}
	if len(faults) == 0 {
		_, faults = config.Check(fields, s.plain, s.secrets)
	}
	s.ear.listenFor(s.secrets)
	if len(faults) == 0 {
		return nil
	}
	out := &host.ConfigError{Name: s.info.GetName()}
	for _, f := range faults {
		out.Diagnostics = append(out.Diagnostics, host.Diagnostic{Code: f.GetCode(), Summary: f.GetSummary(), Hint: f.GetHint(), Field: f.GetField()})
	}
	return out
}

// errorsOf are the diagnostics that say that nothing was configured.
func errorsOf(answer *pb.ConfigureResponse) []*pb.Diagnostic {
	var faults []*pb.Diagnostic
	for _, d := range answer.GetDiagnostics() {
		if d.GetSeverity() != pb.Diagnostic_SEVERITY_WARNING {
			faults = append(faults, d)
		}
	}
	return faults
}

// why words the status that ended a call.
func why(err error) string {
	st, ok := status.FromError(err)
	if !ok {
		return err.Error()
	}
	return "status " + st.Code().String() + ": " + oneLine(st.Message())
}

// oneLine is a text without its line ends.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// died words why a call failed: by the end of the process, or by a status.
func (r *running) died(err error) string {
	if pressed := r.Pressed(); pressed != "" {
		return "the end of the process, which " + pressed
	}
	if how, gone := r.Exited(processGrace); gone {
		return "the end of the process (" + how + ")"
	}
	return why(err)
}

// processGrace is how long the end of a process is waited for once its
// connection is gone.
const processGrace = 300 * time.Millisecond

// describeLimit is how long Describe may take.
const describeLimit = 5 * time.Second

// startFault returns what kept a program from starting.
func startFault(err error) (*host.PluginError, bool) {
	var fault *host.PluginError
	return fault, errors.As(err, &fault)
}
