package scorm

import (
	"encoding/xml"
	"strconv"
)

// The versions of SCORM, as the setting names them.
const (
	version12   = "1.2"
	version2004 = "2004"
)

const manifestFile = "imsmanifest.xml"

// mostTitle is how long a title can be for every platform to take it whole.
const mostTitle = 200

// manifest is imsmanifest.xml. Names with a colon are written as they stand: the
// platforms know these prefixes. There is no schemaLocation, since the schemas are not
// in the package.
type manifest struct {
	XMLName    xml.Name `xml:"manifest"`
	Identifier string   `xml:"identifier,attr"`
	Version    string   `xml:"version,attr"`
	Default    string   `xml:"xmlns,attr"`
	ADL        string   `xml:"xmlns:adlcp,attr"`
	Sequencing string   `xml:"xmlns:imsss,attr,omitempty"`

	Schema        string        `xml:"metadata>schema"`
	SchemaVersion string        `xml:"metadata>schemaversion"`
	Organizations organizations `xml:"organizations"`
	Resource      resource      `xml:"resources>resource"`
}

type organizations struct {
	Default      string       `xml:"default,attr"`
	Organization organization `xml:"organization"`
}

type organization struct {
	Identifier string `xml:"identifier,attr"`
	Title      string `xml:"title"`
	Item       item   `xml:"item"`
}

type item struct {
	Identifier string      `xml:"identifier,attr"`
	Ref        string      `xml:"identifierref,attr"`
	Visible    string      `xml:"isvisible,attr"`
	Title      string      `xml:"title"`
	Mastery    string      `xml:"adlcp:masteryscore,omitempty"` // 1.2
	Sequencing *sequencing `xml:"imsss:sequencing"`             // 2004
}

// sequencing says what it takes to pass, and that the module reports it itself.
type sequencing struct {
	Objective *objective `xml:"imsss:objectives>imsss:primaryObjective"`
	Delivery  delivery   `xml:"imsss:deliveryControls"`
}

type objective struct {
	ID        string `xml:"objectiveID,attr"`
	ByMeasure bool   `xml:"satisfiedByMeasure,attr"`
	Least     string `xml:"imsss:minNormalizedMeasure"`
}

type delivery struct {
	Completion bool `xml:"completionSetByContent,attr"`
	Objective  bool `xml:"objectiveSetByContent,attr"`
}

type resource struct {
	Identifier string `xml:"identifier,attr"`
	Type       string `xml:"type,attr"`
	Type12     string `xml:"adlcp:scormtype,attr,omitempty"`
	Type2004   string `xml:"adlcp:scormType,attr,omitempty"`
	Start      string `xml:"href,attr"`
	Files      []href `xml:"file"`
}

type href struct {
	Href string `xml:"href,attr"`
}

// manifest writes the manifest of a package with these files.
func (m *module) manifest(files []file) ([]byte, error) {
	title := cut(m.Title, mostTitle-1)
	made := manifest{
		Identifier: m.ID, Version: "1",
		Organizations: organizations{Default: "organization", Organization: organization{
			Identifier: "organization", Title: title,
			Item: item{Identifier: "item", Ref: "module", Visible: "true", Title: title},
		}},
		Resource: resource{Identifier: "module", Type: "webcontent", Start: pageFile},
	}
	for _, f := range files {
		made.Resource.Files = append(made.Resource.Files, href{f.name})
	}
	if m.Version == version2004 {
		m.say2004(&made)
	} else {
		m.say12(&made)
	}
	body, err := xml.MarshalIndent(made, "", "  ")
	if err != nil {
		return nil, err
	}
	return append([]byte(xml.Header), append(body, '\n')...), nil
}

func (m *module) say12(made *manifest) {
	made.Default = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
	made.ADL = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
	made.Schema, made.SchemaVersion = "ADL SCORM", "1.2"
	made.Resource.Type12 = "sco"
	if m.Checks() {
		made.Organizations.Organization.Item.Mastery = strconv.Itoa(m.Pass)
	}
}

func (m *module) say2004(made *manifest) {
	made.Default = "http://www.imsglobal.org/xsd/imscp_v1p1"
	made.ADL = "http://www.adlnet.org/xsd/adlcp_v1p3"
	made.Sequencing = "http://www.imsglobal.org/xsd/imsss"
	made.Schema, made.SchemaVersion = "ADL SCORM", "2004 3rd Edition"
	made.Resource.Type2004 = "sco"
	rules := &sequencing{Delivery: delivery{Completion: true, Objective: true}}
	if m.Checks() {
		rules.Objective = &objective{ID: "check", ByMeasure: true, Least: strconv.FormatFloat(float64(m.Pass)/100, 'f', -1, 64)}
	}
	made.Organizations.Organization.Item.Sequencing = rules
}
