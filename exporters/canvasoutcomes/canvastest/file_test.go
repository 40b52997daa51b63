package canvastest

import (
	"slices"
	"strings"
	"testing"
)

// TestStrict: what Canvas's documentation asks for is asked for here.
func TestStrict(t *testing.T) {
	const head = "vendor_guid,object_type,title,description,calculation_method,calculation_int,workflow_state,parent_guids,mastery_points,ratings,,,\n"
	long := strings.Repeat("é", 256)
	for name, c := range map[string]struct {
		file string
		rows []int // that are refused
	}{
		"as documented":         {head + "a,group,A,,,,active,,,,,,\nb,outcome,B,x<br>y,latest,,active,a,2,3,Good,1,\n", nil},
		"semicolons":            {strings.ReplaceAll(head, ",", ";") + "a;group;A;;;;;;;;;;\n", nil},
		"byte order mark":       {"\ufeff" + head + "a,group,A,,,,,,,,,,\n", nil},
		"quotes and line ends":  {head + "a,group,\"A \"\"b\"\",\n c\",,,,,,,,,,\r\n", nil},
		"nothing":               {"", []int{1}},
		"header alone":          {head, []int{1}},
		"no title":              {"vendor_guid,object_type\na,group\n", []int{1}},
		"unknown column":        {"vendor_guid,object_type,title,color\na,group,A,red\n", []int{1}},
		"columns after ratings": {"vendor_guid,object_type,title,ratings,color\na,group,A,,\n", []int{1}},
		"open quote":            {head + "a,group,\"A,,,\n", []int{1}},
		"child first":           {head + "b,outcome,B,,,,,a,,,,,\na,group,A,,,,,,,,,,\n", []int{2}},
		"blank in an id":        {head + "a b,group,A,,,,,,,,,,\n", []int{2}},
		"id of Canvas's own":    {head + "canvas_outcome:12,outcome,A,,,,,,,,,,\n", []int{2}},
		"long title":            {head + "a,group," + long + ",,,,,,,,,,\nb,group," + long[2:] + ",,,,,,,,,,\n", []int{2}},
		"group with ratings":    {head + "a,group,A,,,,,,,1,x,,\n", []int{2}},
		"group with method":     {head + "a,group,A,,latest,,,,,,,,\n", []int{2}},
		"group with quotes":     {head + "a,group,A,,,,,,,\"\",,,\n", []int{2}},
		"ascending":             {head + "b,outcome,B,,,,,,,1,x,2,y\nc,outcome,C,,,,,,,2,x,2,y\n", []int{2}},
		"tier without points":   {head + "b,outcome,B,,,,,,,1,x,,y\n", []int{2}},
		"points in words":       {head + "b,outcome,B,,,,,,,one,x,,\n", []int{2}},
		"number without use":    {head + "b,outcome,B,,latest,3,,,,,,,\n", []int{2}},
		"number too high":       {head + "b,outcome,B,,n_mastery,6,,,,,,,\n", []int{2}},
		"unknown method":        {head + "b,outcome,B,,guess,,,,,,,,\n", []int{2}},
		"twice":                 {head + "b,outcome,B,,,,,,,,,,\nb,outcome,B,,,,,,,,,,\n", []int{3}},
		"unknown type":          {head + "b,thing,B,,,,,,,,,,\n", []int{2}},
		"tags":                  {head + "b,outcome,B,a <b> c,,,,,,,,,\n", []int{2}},
		"zero byte":             {head + "b,outcome,B\x00,,,,,,,,,,\n", []int{2}},
	} {
		var rows []int
		for _, e := range New(Options{}).Import([]byte(c.file)) {
			rows = append(rows, e.Row)
		}
		if !slices.Equal(rows, c.rows) {
			t.Errorf("%s: rows %v are refused, want %v", name, rows, c.rows)
		}
	}
	// A point is no decimal sign everywhere.
	s := New(Options{})
	s.Import([]byte(head + "b,outcome,B,,,,,,,2.5,x,,\n"))
	if got := s.Outcome("b").Ratings[0].Points; got != 25 {
		t.Errorf("2.5 is read as %v", got)
	}
}
