package document

import (
	"testing"
	"time"
)

var htmlCases = []docCase{
	{"blocks", "<body>a<p>b\n  c<p>d</p>e<div>f<div>g</div>h</div><h2>i</h2><h3>j", "P a\nP b c\nP d\nP e\nP f\nP g\nP h\nH2 i\nH3 j\n"},
	{"inline", "<p>a<b>b</b> <i> c </i>d<br>  e<span> f</span><wbr>g&amp;&eacute;&nbsp;&lt;h&gt; &shy;i", "P ab c d/e fg&é\u00A0<h> i\n"},
	{"lists", "<ul><li>a<ol><li><p>b<p>c</ol><li>d</ul>e", "I1 a\nI2 b\nP c\nI1 d\nP e\n"},
	{"tables", "<table><tr><th>a<td><p>b<p>c<tr><td><h3>d</h3><td>e</table><p>f", "C a\nC b\nC c\nH3 d\nC e\nP f\n"},
	{"quotes and code", "<blockquote>a<blockquote><p>b</blockquote>c</blockquote><pre>\n d\r\n  e\n</pre>f", "Q1 a\nQ2 b\nQ1 c\nX d/  e\nP f\n"},
	{"unseen", "<script>a</script>b<style>c</style><template>d<p>e</template><noscript>f</noscript><svg><title>g</title></svg> h<p hidden>i<p>j<div style='display: none'>k<div>l</div></div>m<input hidden>n<span aria-hidden=true>o</span>", "P b h\nP j\nP mno\n"},
	{"navigation", "<header>a<nav><ul><li>b<nav>c</nav><li>d</ul></nav>e</header><main>f</main><aside>g</aside><footer>h<nav>i</nav></footer><nav>j<main>k</main></nav>l", "P a\nP e\nP f\nP g\nP h\nP k\nP l\n"},
	{"comments", "<p>a <!-- b --><p><!-- firstcall:disable c --> d<!-- e", "P a\nP d\n! b before \"\\n\\nd\" at 1:6\n! firstcall:disable c before \"d\" at 1:19\n! e before \"\" at 1:49\n"},
	{"nonsense", "</p></li></td></ul>a<tr><td>b</table></table><h1>c<h2>d</h7>", "P a\nP b\nH1 c\nH2 d\n"},
}

func TestHTML(t *testing.T) {
	for _, c := range htmlCases {
		c.run(t, "a.html", []byte(c.in))
	}
}

func TestHTMLProperties(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Properties
	}{
		{`<title>A &amp;
 b</title><meta name=Author content="C"><meta property="article:published_time" content="2024-05-06T07:08:09Z"><meta name=dcterms.modified content=2024-06-07>x`,
			Properties{"A & b", "C", time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC), time.Date(2024, 6, 7, 0, 0, 0, 0, time.UTC)}},
		{"<meta charset=iso-8859-2><title>\xB1</title>x", Properties{Title: "ą"}},
		{"<meta charset=utf-8><title>ä</title>x", Properties{Title: "ä"}},
		{"<title>\xE4</title>x", Properties{Title: "ä"}},
		{"<title>ä</title>x", Properties{Title: "ä"}},
	} {
		d, err := Read("a.html", []byte(c.in))
		if err != nil || d.Properties != c.want || d.Text != "x" {
			t.Errorf("%q: %v, %+v", c.in, err, d)
		}
	}
}
