package formtest

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Spoken lists what assistive technology is told about the page, in its order:
// the role of each element, its name and, in parentheses, its description.
func (p *Page) Spoken() ([]string, error) {
	tree, err := chromedp.Call(p.ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	if err != nil {
		return nil, fmt.Errorf("read the accessibility tree: %w", err)
	}
	var lines []string
	for _, n := range tree.Nodes {
		if n.Ignored {
			continue
		}
		line := axText(n.Role)
		if name := axText(n.Name); name != "" {
			line += " " + name
		}
		if d := axText(n.Description); d != "" {
			line += " (" + d + ")"
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// axText is the text of a computed property, or "" when it is none.
func axText(v *accessibility.Value) string {
	var s string
	if v == nil || json.Unmarshal(v.Value, &s) != nil {
		return ""
	}
	return s
}

// Screenshot takes a PNG picture of the whole page at a width in CSS pixels,
// in the light or the dark scheme.
func (p *Page) Screenshot(width int, dark bool) ([]byte, error) {
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	media := emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	}
	look := chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, media)
		return err
	})
	top := chromedp.Evaluate[chromedp.Void]("scrollTo(0, 0)")
	if err := chromedp.Do(p.ctx, chromedp.EmulateViewport(int64(width), 800), look, top); err != nil {
		return nil, err
	}
	return chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
}

// PDF prints the page with the margins its style asks for.
func (p *Page) PDF(paper chromedp.PaperSize) ([]byte, error) {
	return chromedp.Run(p.ctx, chromedp.PrintToPDF(chromedp.PDFPaper(paper), func(o *page.PrintToPDFParams) {
		o.MarginTop, o.MarginBottom, o.MarginLeft, o.MarginRight = nil, nil, nil, nil
	}))
}
