package conformance

import (
	"crypto/rand"
	"maps"
	"strings"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// checkSecrets gives the exporter made-up secrets as well, in every situation
// where one is tempted to print them, and then looks back at all that was heard.
func checkSecrets(t *trial) error {
	canaries := map[string]string{}
	for _, f := range t.info.GetConfig() {
		if f.GetSecret() {
			canaries[f.GetName()] = "canary-" + strings.ToLower(rand.Text())
		}
	}
	if len(canaries) == 0 {
		return skip("it has no secrets")
	}
	t.ear.listenFor(canaries)
	all := maps.Clone(t.secrets)
	maps.Copy(all, canaries)
	faulty, _, err := t.changed(change{set: map[string]any{unknownSetting: "x"}})
	if err != nil {
		return err
	}
	for _, settings := range [][]byte{t.plain, faulty} {
		for _, check := range []bool{false, true} {
			if err := t.tempt(settings, all, check); err != nil {
				return err
			}
		}
	}
	// What the processes print is known when they have ended.
	t.closeAll()
	t.running = nil
	if len(t.ear.leaks) > 0 {
		return broken("%s", t.ear.leaks[0])
	}
	return nil
}

// tempt configures a process with secrets that are wrong and lets it do what it
// can without writing.
func (t *trial) tempt(settings []byte, secrets map[string]string, check bool) error {
	r, err := t.start()
	if err != nil {
		return err
	}
	answer, err := r.configure(settings, secrets, check)
	if err != nil || len(errorsOf(answer)) > 0 {
		return nil
	}
	if !t.report.Files && t.program.Target == "" {
		return nil // it is not even to be looked at
	}
	records, err := t.records("", 1)
	if err != nil {
		return err
	}
	_, err = r.talk(talk{plan: !t.report.Files, batches: [][]*pb.Record{records}})
	return err
}
