package host

import (
	"context"
	"testing"

	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

func TestProvision(t *testing.T) {
	server, err := sdk.NewServer(&shelf{})
	p := inProcess(t, server, err, Options{})
	configure(t, p, "")
	needs, err := p.Provision(context.Background(), false)
	if err != nil || len(needs.Objects) != 3 {
		t.Fatalf("got %v, error %v", needs, err)
	}
	defer needs.Close()
	got := needs.Objects
	if got[0] != (Provisioned{Object: "note.key", Action: ActionCreate}) || got[1].Action != ActionExists ||
		got[2].Action != ActionMismatch || got[2].Diagnostic.Code != "test.type" {
		t.Errorf("got %+v", got)
	}
	if len(needs.Files) != 2 || needs.Files[0].Name != "pack/list.xml" || needs.Files[1].Size != 3<<20 {
		t.Errorf("files %+v", needs.Files)
	}
	_, err = p.Provision(context.Background(), true)
	wantPluginError(t, err, StageProvision, "no permission")

	server, err = sdk.NewServer(&files{})
	p = inProcess(t, server, err, Options{})
	configure(t, p, "")
	if got, err := p.Provision(context.Background(), true); err != nil || len(got.Objects)+len(got.Files) > 0 {
		t.Errorf("an exporter of artifacts needs %v, error %v", got, err)
	}
}
