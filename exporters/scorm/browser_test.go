package scorm

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
	"github.com/firstcall-cli/firstcall/exporters/internal/nodetest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

var shots = flag.String("shots", "", "folder for pictures of every page")

// TestBrowser runs packages in Chromium on the run-time interface of scorm-again, and
// without a platform. The cases are in testdata/browser.js.
func TestBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	chromium := program(t, "chromium")
	modules := nodetest.Modules(t, "scorm")
	packages := map[string]string{}
	for _, version := range []string{version12, version2004} {
		settings := fmt.Sprintf(`{"version":%q}`, version)
		packages[version] = onDisk(t, only(t, settings, exporttest.Records(t, sample)...))
		packages["plain-"+version] = onDisk(t, only(t, settings, organized(t, record.Client{ID: "plain"}, record.Organization{Values: []record.Value{{Name: "Care"}}})))
		packages["mixed-"+version] = onDisk(t, only(t, settings, mixed(t)))
		packages["large-"+version] = onDisk(t, only(t, settings, large(t)))
	}
	config, err := json.Marshal(map[string]any{"packages": packages, "pass": 80, "chromium": chromium, "shots": *shots})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	node := exec.CommandContext(ctx, "node", filepath.Join("testdata", "browser.js"), modules, string(config))
	node.Stderr = os.Stderr
	out, err := node.Output()
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name, Problem string
		MS            int
	}
	if err := json.Unmarshal(out, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 20 {
		t.Errorf("only %d cases", len(cases))
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			t.Logf("%d ms", c.MS)
			if c.Problem != "" {
				t.Error(c.Problem)
			}
		})
	}
}

// mixed is a client of which one department has questions to answer and others have none.
func mixed(t testing.TB) sdk.Record {
	return organized(t, record.Client{ID: "mixed"}, record.Organization{
		Values:      []record.Value{{Name: "Care"}},
		Departments: []record.OrgDepartment{{ID: "desk", Name: "Desk"}, {ID: "b", Name: "B"}},
		Standards:   []record.Standard{{Text: "We answer.", Department: "desk", Behaviors: []string{"Pick up"}}},
	})
}

// hostile is a text that would be markup or code where it is not escaped.
const hostile = `</script><script>window.injected=1</script><img src=x onerror="window.injected=2">'"&amp;{{.}}` + "\u2028\u0001"

// large is a client of whom there is very much to say, in words that try to be code.
func large(t testing.TB) sdk.Record {
	long := func(what string, i int) string {
		return fmt.Sprintf("%s %d %s %s", what, i, hostile, strings.Repeat("ünïcödé ", 40))
	}
	var o record.Organization
	o.Vision, o.Mission = long("Vision", 1), strings.Repeat(long("Mission", 1)+"\n", 50)
	for i := range 20 {
		v := record.Value{Name: long("Value", i), Meaning: long("Meaning", i)}
		o.Values = append(o.Values, v)
		o.Standards = append(o.Standards, record.Standard{Text: long("Standard", i), Value: v.Name, Behaviors: []string{long("Behavior", i), long("Another", i)}})
	}
	for i := range 40 {
		id := fmt.Sprint(i)
		o.Departments = append(o.Departments, record.OrgDepartment{ID: id, Name: long("Department", i), Vision: long("Its vision", i)})
		o.Standards = append(o.Standards, record.Standard{Text: long("Own standard", i), Department: id, Behaviors: []string{long("Own behavior", i)}})
		if i > 0 {
			o.HandOffs = append(o.HandOffs, record.HandOff{From: "0", To: id, What: long("Thing", i), OwnerFrom: hostile, OwnerTo: hostile})
		}
	}
	return organized(t, record.Client{ID: "large", Name: `Böse & "Söhne" <GmbH> ` + hostile}, o)
}

// program is the path of a program that a test needs.
func program(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil {
		return path
	}
	if os.Getenv(nodetest.Required) != "" {
		t.Fatal("needs " + name)
	}
	t.Skip("needs " + name)
	return ""
}

// driver imports the schemas that a manifest is checked against.
const driver = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">%s</xs:schema>`

// TestManifestSchema: the manifests are valid by the schemas that ADL and IMS publish.
func TestManifestSchema(t *testing.T) {
	xmllint := program(t, "xmllint")
	schemas := filepath.Join(nodetest.Modules(t, "scorm"), "node_modules", "@liascript", "simple-scorm-packager", "lib", "schemas", "definitionFiles")
	imports := map[string][][2]string{
		version12: {
			{"http://www.imsproject.org/xsd/imscp_rootv1p1p2", "scorm12edition/imscp_rootv1p1p2.xsd"},
			{"http://www.adlnet.org/xsd/adlcp_rootv1p2", "scorm12edition/adlcp_rootv1p2.xsd"},
		},
		version2004: {
			{"http://www.imsglobal.org/xsd/imscp_v1p1", "scorm20043rdedition/imscp_v1p1.xsd"},
			{"http://www.adlnet.org/xsd/adlcp_v1p3", "scorm20043rdedition/adlcp_v1p3.xsd"},
			{"http://www.imsglobal.org/xsd/imsss", "scorm20043rdedition/imsss_v1p0.xsd"},
		},
	}
	for version, of := range imports {
		var all strings.Builder
		for _, i := range of {
			fmt.Fprintf(&all, `<xs:import namespace=%q schemaLocation=%q/>`, i[0], filepath.Join(schemas, i[1]))
		}
		dir := t.TempDir()
		xsd := filepath.Join(dir, "driver.xsd")
		if err := os.WriteFile(xsd, []byte(fmt.Sprintf(driver, all.String())), 0o644); err != nil {
			t.Fatal(err)
		}
		valid := func(manifest []byte) (string, bool) {
			path := filepath.Join(dir, manifestFile)
			if err := os.WriteFile(path, manifest, 0o644); err != nil {
				t.Fatal(err)
			}
			out, err := exec.Command(xmllint, "--nonet", "--noout", "--schema", xsd, path).CombinedOutput()
			return string(out), err == nil
		}
		for _, records := range [][]sdk.Record{exporttest.Records(t, sample), {large(t)}, {organized(t, record.Client{ID: "plain"}, record.Organization{Values: []record.Value{{Name: "Care"}}})}} {
			manifest := only(t, fmt.Sprintf(`{"version":%q}`, version), records...)[manifestFile]
			if out, ok := valid(manifest); !ok {
				t.Errorf("%s: %s\n%s", version, out, manifest)
			}
			if _, ok := valid([]byte(strings.Replace(string(manifest), "identifierref", "bogus", 1))); ok {
				t.Errorf("%s: a faulty manifest is taken", version)
			}
		}
	}
}
