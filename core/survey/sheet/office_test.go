package sheet

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"
)

// TestLibreOffice reads a workbook as LibreOffice saves it.
func TestLibreOffice(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice Calc is not installed, which is not needed for anything else: ", err)
	}
	dir := t.TempDir()
	// A flat file of its own says types and formats, which a CSV cannot.
	if err := os.WriteFile(filepath.Join(dir, "a.fods"), []byte(flatSheet), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), soffice, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"),
		"--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", dir, filepath.Join(dir, "a.fods"))
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	file, err := os.ReadFile(filepath.Join(dir, "a.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := readAll(file, Options{Sheet: "answers"})
	want := []row{
		{1, []string{"Name", "When", "Day", "Took", "Score", "Share", "Yes", "Error", "Sum"}},
		{3, []string{"a <b> & \"c\"  d\ne", "2026-03-01T09:05:00", "2026-03-01", "36:30:00", "5", "0.25", "TRUE", "#N/A", "8"}},
		{4, []string{"", "", "", "", "-1.5"}},
		{5, []string{"", "", "", "", "-1.5"}},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v, error %v\nwant\n%+v", got, err, want)
	}
}

const flatSheet = `<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
 xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:automatic-styles>
 <number:date-style style:name="N1"><number:year number:style="long"/><number:text>-</number:text><number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/><number:text> </number:text><number:hours/><number:text>:</number:text><number:minutes number:style="long"/></number:date-style>
 <number:date-style style:name="N2"><number:day/><number:text>. </number:text><number:month number:textual="true"/><number:text> </number:text><number:year/></number:date-style>
 <number:time-style style:name="N3" number:truncate-on-overflow="false"><number:hours/><number:text>:</number:text><number:minutes number:style="long"/></number:time-style>
 <number:percentage-style style:name="N4"><number:number number:decimal-places="0" number:min-integer-digits="1"/><number:text>%</number:text></number:percentage-style>
 <number:boolean-style style:name="N5"><number:boolean/></number:boolean-style>
 <style:style style:name="c1" style:family="table-cell" style:data-style-name="N1"/>
 <style:style style:name="c2" style:family="table-cell" style:data-style-name="N2"/>
 <style:style style:name="c3" style:family="table-cell" style:data-style-name="N3"/>
 <style:style style:name="c4" style:family="table-cell" style:data-style-name="N4"/>
 <style:style style:name="c5" style:family="table-cell" style:data-style-name="N5"/>
</office:automatic-styles>
<office:body><office:spreadsheet>
<table:table table:name="Notes"><table:table-row><table:table-cell office:value-type="string"><text:p>no</text:p></table:table-cell></table:table-row></table:table>
<table:table table:name="Answers">
 <table:table-row><table:table-cell office:value-type="string"><text:p>Name</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>When</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>Day</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>Took</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>Score</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>Share</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>Yes</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>Error</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>Sum</text:p></table:table-cell></table:table-row>
 <table:table-row><table:table-cell/></table:table-row>
 <table:table-row><table:table-cell office:value-type="string"><text:p>a &lt;b&gt; &amp; "c" <text:s/>d</text:p><text:p>e</text:p></table:table-cell>
  <table:table-cell table:style-name="c1" office:value-type="date" office:date-value="2026-03-01T09:05:00"/>
  <table:table-cell table:style-name="c2" office:value-type="date" office:date-value="2026-03-01"/>
  <table:table-cell table:style-name="c3" office:value-type="time" office:time-value="PT36H30M00S"/>
  <table:table-cell office:value-type="float" office:value="5"/>
  <table:table-cell table:style-name="c4" office:value-type="percentage" office:value="0.25"/>
  <table:table-cell table:style-name="c5" office:value-type="boolean" office:boolean-value="true"/>
  <table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>
  <table:table-cell table:formula="of:=[.E3]+3" office:value-type="float" office:value="8"/></table:table-row>
 <table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="4"/><table:table-cell office:value-type="float" office:value="-1.5"/></table:table-row>
</table:table>
</office:spreadsheet></office:body></office:document>
`
