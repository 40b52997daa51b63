//go:build unix

package endtoend

import (
	"testing"

	"github.com/firstcall-cli/firstcall/exporters/canvasoutcomes/canvastest"
)

// TestKitOnCanvas runs firstcall plugin test on the exporter to Canvas, which sends what it
// otherwise makes files of.
func TestKitOnCanvas(t *testing.T) {
	canvas := canvastest.New(canvastest.Options{})
	c := crmUnderTest{"canvas-outcomes", canvas, []string{"push=true", "token=env:SECRET"}, []string{"SECRET=" + canvastest.Token}, canvas.Problems}
	c.keepsRules(t)
}
