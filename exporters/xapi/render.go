package xapi

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// Render emits a file for each client: its statements as one JSON array, which can be
// posted to any LRS as it is.
func (Exporter) Render(ctx context.Context, cfg sdk.Config, records []sdk.Record, emit func(sdk.Artifact) error) ([]sdk.Outcome, error) {
	m := newMaker(cfg)
	clients, refused := learning.Join(records, options(cfg))
	outcomes := make([]sdk.Outcome, len(records))
	for i, o := range refused {
		outcomes[i] = o
	}
	names := map[string]int{}
	for _, c := range clients {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var all []statement
		for _, a := range c.Assessments {
			for _, f := range slices.Concat(m.scores(c, a), m.assignments(c, a)) {
				f.ID = m.id(f.seed, 0)
				all = append(all, f.statement)
			}
		}
		if len(all) == 0 {
			nothing(outcomes, c)
			continue
		}
		body, err := encode(all, "  ")
		if err != nil {
			return nil, err
		}
		if err := emit(sdk.Artifact{Name: fileName(c.ID, names), MediaType: "application/json", Body: body}); err != nil {
			return nil, err
		}
	}
	learning.Warn(clients, outcomes)
	return outcomes, nil
}

// nothing tells with the first record of a client that there is no file of it.
func nothing(outcomes []sdk.Outcome, c *learning.Client) {
	outcomes[c.At[0]].Diagnostic = &sdk.Diagnostic{Severity: sdk.SeverityWarning, Code: Name + ".empty",
		Summary: "no assessment of this client has a score, so that it gets no file",
		Hint:    "export its assessments as well"}
}

// fileName names the file of a client. Clients whose ids differ in case only get a
// number.
func fileName(client string, taken map[string]int) string {
	name := client
	if strings.Trim(client, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || strings.HasPrefix(client, "-") || len(client) > 60 {
		name = learning.Slug(client)
	}
	taken[name]++
	if n := taken[name]; n > 1 {
		name = fmt.Sprintf("%s~%d", name, n)
	}
	return name + "-xapi.json" // with a hyphen, no name is one of Windows' devices
}
