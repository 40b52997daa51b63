// Package exporters lists the exporters that come with firstcall. Each is a
// plugin like any vendor's: firstcall starts itself again to run one, and this
// table is all that command line and completion need to know beforehand.
package exporters

import (
	"github.com/firstcall-cli/firstcall/exporters/canvasoutcomes"
	"github.com/firstcall-cli/firstcall/exporters/csv"
	"github.com/firstcall-cli/firstcall/exporters/espocrm"
	"github.com/firstcall-cli/firstcall/exporters/hubspot"
	"github.com/firstcall-cli/firstcall/exporters/ics"
	"github.com/firstcall-cli/firstcall/exporters/markdown"
	"github.com/firstcall-cli/firstcall/exporters/moodle"
	"github.com/firstcall-cli/firstcall/exporters/ndjson"
	"github.com/firstcall-cli/firstcall/exporters/salesforce"
	"github.com/firstcall-cli/firstcall/exporters/scorm"
	"github.com/firstcall-cli/firstcall/exporters/sqlite"
	"github.com/firstcall-cli/firstcall/exporters/tryton"
	"github.com/firstcall-cli/firstcall/exporters/xapi"
	"github.com/firstcall-cli/firstcall/exporters/xlsx"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// Bundled is an exporter within the firstcall binary.
type Bundled struct {
	Name    string              // as in firstcall export --to NAME
	Summary string              // one line, no full stop
	New     func() sdk.Exporter // makes the exporter; its Info has the same name and summary
}

// All returns the bundled exporters, ordered by name.
func All() []Bundled {
	return []Bundled{
		{canvasoutcomes.Name, canvasoutcomes.Summary, func() sdk.Exporter { return canvasoutcomes.Exporter{} }},
		{csv.Name, csv.Summary, func() sdk.Exporter { return csv.Exporter{} }},
		{espocrm.Name, espocrm.Summary, func() sdk.Exporter { return espocrm.Exporter{} }},
		{hubspot.Name, hubspot.Summary, func() sdk.Exporter { return hubspot.Exporter{} }},
		{ics.Name, ics.Summary, func() sdk.Exporter { return ics.Exporter{} }},
		{markdown.Name, markdown.Summary, func() sdk.Exporter { return markdown.Exporter{} }},
		{moodle.Name, moodle.Summary, func() sdk.Exporter { return moodle.Exporter{} }},
		{ndjson.Name, ndjson.Summary, func() sdk.Exporter { return ndjson.Exporter{} }},
		{salesforce.Name, salesforce.Summary, func() sdk.Exporter { return salesforce.Exporter{} }},
		{scorm.Name, scorm.Summary, func() sdk.Exporter { return scorm.Exporter{} }},
		{sqlite.Name, sqlite.Summary, func() sdk.Exporter { return sqlite.Exporter{} }},
		{tryton.Name, tryton.Summary, func() sdk.Exporter { return tryton.Exporter{} }},
		{xapi.Name, xapi.Summary, func() sdk.Exporter { return xapi.Exporter{} }},
		{xlsx.Name, xlsx.Summary, func() sdk.Exporter { return xlsx.Exporter{} }},
	}
}

// Find returns the bundled exporter of that name, and whether there is one.
func Find(name string) (Bundled, bool) {
	for _, b := range All() {
		if b.Name == name {
			return b, true
		}
	}
	return Bundled{}, false
}

// Names lists the names of the bundled exporters, in order.
func Names() []string {
	var names []string
	for _, b := range All() {
		names = append(names, b.Name)
	}
	return names
}
