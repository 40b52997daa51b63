package scorm
import ("testing";"os";"github.com/firstcall-cli/firstcall/exporters/internal/exporttest")
func TestTmp(t *testing.T){
 for _,v:=range []string{"1.2","2004"}{
 files:=only(t,`{"version":"`+v+`"}`,exporttest.Records(t,sample)...)
 os.MkdirAll("/tmp/w/scorm-out/"+v,0o755)
 for n,b:=range files{ os.WriteFile("/tmp/w/scorm-out/"+v+"/"+n,b,0o644); t.Log(n,len(b)) }
 }
}
