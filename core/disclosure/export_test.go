package disclosure

import (
	"context"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/score"
)

// PublishPrimaryOnly is Publish without the cells that are withheld to cover
// others, so that tests see an attack succeed.
func PublishPrimaryOnly(ctx context.Context, raw *score.Assessment, req Request) (*record.Record, error) {
	req.primaryOnly = true
	return Publish(ctx, raw, req)
}
