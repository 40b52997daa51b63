package dated

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/core/prose"
)

var today = time.Date(2026, time.November, 26, 0, 0, 0, 0, time.UTC)

// describe writes hits as tests want them: words, id, and what is not usual.
func describe(t *prose.Text, hits []Hit) string {
	var out []string
	for _, h := range hits {
		s := fmt.Sprintf("%s=%s", h.In(t.Source), h.Entry.ID)
		if h.Strength == Soft {
			s += " soft"
		}
		if h.Excuse != None {
			s += " " + h.Excuse.String()
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

func TestFind(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"Uses a typewriter, FAX and Google Hangouts.", "typewriter=typewriter; FAX=fax soft; Google Hangouts=google-hangouts"},
		{"Follow us on Google+ or Twitter.", "Google+=google-plus; Twitter=twitter"},
		{"Microsoft Office 365 and MS Office 2010.", "Microsoft Office 365=office-365 soft; MS Office 2010=office-2010"},
		{"CRTs and VDTs are used with a keyboard.", "CRTs=crt; VDTs=vdt"},
		{"Write to yahoo! groups and the\n**Yahoo! Groups** list.", "yahoo! groups=yahoo-groups; Yahoo! Groups=yahoo-groups"},
		{"IBM AS/400 and OS/2.", "IBM AS/400=as400; OS/2=os2"},
		{"Knows cc:Mail, Lotus 1-2-3 and Xamarin.Forms.", "cc:Mail=lotus-cc-mail; Lotus 1-2-3=lotus-123; Xamarin.Forms=xamarin"},
		{"Courses at Lynda.com are paid for.", "Lynda.com=lynda"},
		{"See https://twitter.com/us and mail us at typewriter@example.com.", ""},
		{"The Typewriter's ribbon.", "Typewriter's=typewriter"},
		{"Keeps the Internet\n\nExplorer hats.", ""},
		{"MS-SQL 2005 and SQL Server (2008 R2)", "MS-SQL 2005=sql-server-2005; SQL Server (2008 R2=sql-server-2008"},
		{"Adding-machine work", "Adding-machine=adding-machine"},
		{"Looks at computer display terminals all day.", "computer display terminals=vdt"},
		{"Cards in Waffle or Trello, code on GitHost.io.", "Waffle=waffle-io; GitHost.io=githost soft"},
		{"Pages in Classic ASP (Active Server Pages).", "Classic ASP=classic-asp soft; Active Server Pages=classic-asp soft"},
		{"Edits files in Microsoft Office Online.", "Microsoft Office Online=office-online"},
		{"Orders books from Baker & Taylor, maps in ArcMap.", "Baker & Taylor=baker-and-taylor; ArcMap=arcgis-desktop"},
		{"Audits under OMB Circular A-133 and UB-92 billing.", "OMB Circular A-133=omb-circulars; UB-92=ub-92"},
	} {
		p := prose.Parse(tt.text)
		if got := describe(p, English().Find(p, today)); got != tt.want {
			t.Errorf("%q:\n got %s\nwant %s", tt.text, got, tt.want)
		}
	}
}

func TestVersions(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"MS SQL Server 2008+ Databases", "MS SQL Server 2008+=sql-server-2008"},
		{"SQL Server 2008 or later", "SQL Server 2008=sql-server-2008 soft"},
		{"SQL Server 2008 and above", "SQL Server 2008=sql-server-2008 soft"},
		{"SQL Server 2014+", "SQL Server 2014+=sql-server-2014 soft"},
		{"SQL Server 2022", ""},
		{"Windows 7, 8.1 and 11", "Windows 7=windows-7; 8.1=windows-8.1"},
		{"Windows 95/98/2000/XP/Vista", "Windows 95=windows-95; 98=windows-98; 2000=windows-2000; XP=windows-xp; Vista=windows-vista"},
		{"Windows NT/2000/XP", "Windows NT=windows-nt; 2000=windows-2000; XP=windows-xp"},
		{".NET 2.0, ASP.NET 3.5, .NET Core 2.1", "NET 2.0=dotnet-framework-2.0; NET Core 2.1=dotnet-core-2.1"},
		{"windows xp, Windows XP/7", "windows xp=winxp; Windows XP=windows-xp; 7=windows-7"},
		{"Proficiency in Microsoft Office Suite 2010", "Microsoft Office Suite 2010=office-2010"},
		{"Exchange Server 2013/2016/2019, Exchange Online", "Exchange Server 2013=exchange-2013; 2016=exchange-2016 soft; 2019=exchange-2019 soft"},
		{"Windows Server environments (2012R2, 2016)", ""},
		{"Excel 2016", "Excel 2016=excel-2016 soft"},
		{"Windows 10 and 11", "Windows 10=windows-10 soft"},
		{"open 7 windows, windows 7 feet wide", ""},
		{"Windows Server 2008 R2/2012", "Windows Server 2008 R2=windows-server-2008; 2012=windows-server-2012"},
		{"Word 97-2003 and Excel 2016", "Word 97-2003=word-97; Excel 2016=excel-2016 soft"},
		{"In a Word 2003 people came.", ""},
		{"Python 2.7 or 3", "Python 2.7=python-2.7"},
		{"Python 3.6+", "Python 3.6+=python-3.6 soft"},
		{"Python 3.9", "Python 3.9=python-3.9 soft"},
		{"PHP 5, 7 years of it", "PHP 5=php-5"},
		{"PHP 5, 7 and 8", "PHP 5=php-5; 7=php-7"},
		{"PHP v5.x", "PHP v5.x=php-5"},
		{"PHP version 5.3", "PHP version 5.3=php-5.3"},
		{"Java 8, Java 11", ""},
		{"Java 6", "Java 6=java-6"},
		{"Oracle 10g", "Oracle 10g=oracle-database-10g"},
		{"Angular 1.x and Angular 15", "Angular 1.x=angularjs"},
		{"Office 2010 Main Street", ""},
	} {
		p := prose.Parse(tt.text)
		if got := describe(p, English().Find(p, today)); got != tt.want {
			t.Errorf("%q:\n got %s\nwant %s", tt.text, got, tt.want)
		}
	}
}

// TestAsOf holds that nothing is out of date before it was.
func TestAsOf(t *testing.T) {
	p := prose.Parse("Twitter, typewriters, Adobe Muse, Paradox databases and Windows 7.")
	for _, tt := range []struct {
		day  string
		want string
	}{
		{"2009-12-31", ""},
		{"2010-01-01", "Paradox databases=paradox soft"},
		{"2012-11-01", "typewriters=typewriter; Paradox databases=paradox soft"},
		{"2019-12-31", "typewriters=typewriter; Paradox databases=paradox soft"},
		{"2023-06-30", "typewriters=typewriter; Adobe Muse=adobe-muse; Paradox databases=paradox soft; Windows 7=windows-7"},
		{"2023-07-01", "Twitter=twitter; typewriters=typewriter; Adobe Muse=adobe-muse; Paradox databases=paradox soft; Windows 7=windows-7"},
	} {
		day, err := time.Parse(time.DateOnly, tt.day)
		if err != nil {
			t.Fatal(err)
		}
		if got := describe(p, English().Find(p, day)); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.day, got, tt.want)
		}
	}
}

func TestExcuses(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"We no longer use a fax machine.", "negated"},
		{"We do not use telexes, typewriters or pagers.", "negated negated negated"},
		{"E-mail instead of fax machines.", "negated"},
		{"Knowledge of Lotus Notes is not required.", "negated"},
		{"Fax machines are no longer available.", "negated"},
		{"Use of office machines, including but not limited to a typewriter.", ""},
		{"Walk with or without help and use a typewriter.", ""},
		{"Not only computers but typewriters.", ""},
		{"Migrates Windows XP estates to Windows 11.", "deliberate"},
		{"Supports legacy systems such as Lotus Notes.", "deliberate"},
		{"Moves applications from VB6 to C#.", "deliberate"},
		{"Posts on X (formerly Twitter).", "deliberate"},
		{"Posts on X/Twitter and Twitter/X.", "deliberate deliberate"},
		{"Administers Entra ID (Azure AD).", "deliberate"},
		{"Lotus Notes migration is yours.", "deliberate"},
		{"The computer replaced the typewriter.", "deliberate"},
		{"Replaces paper in fax machines.", ""},
		{"Tells the history of the typewriter.", "deliberate"},
		{"Phases out Internet Explorer.", "deliberate"},
		{"Catalogs the museum's typewriters.", "collection"},
		{"Does typewriter repair.", "collection"},
		{"Digitizes VHS tapes for the archive.", "collection"},
		{"Under the Education for All Handicapped Children Act.", "quotation"},
		{"Office of Mental Retardation", "quotation"},
		{"We do not discriminate because of a mental handicap.", ""},
		{"The archivist keeps the archives. Digitization is planned. Much is on floppy disks.", "collection"},
		{"Much is on floppy disks. The archives are next door.", ""},
		{"Position No. 12: typewriter", ""},
		{"Led by alumni of Twitter and ex-Twitter people.", "deliberate"},
		{"Retirement, dental, migration pay and a typewriter.", ""},
		{"Migration of Lotus Notes and GroupWise mail.", "deliberate deliberate"},
		{"No typing. Uses a typewriter.", ""},
		{"No typing; uses a typewriter.", ""},
	} {
		p := prose.Parse(tt.text)
		var got []string
		for _, h := range English().Find(p, today) {
			if h.Excuse != None {
				got = append(got, h.Excuse.String())
			}
		}
		if got := strings.Join(got, " "); got != tt.want {
			t.Errorf("%q: %q, want %q: %s", tt.text, got, tt.want, describe(p, English().Find(p, today)))
		}
	}
}

// TestTraps holds words that look like dated things and are none.
func TestTraps(t *testing.T) {
	for _, text := range []string{
		"Access to files, Word of mouth, a good Outlook, and teams that Excel.",
		"Works the voyager display; notes of the lotus flower.",
		"Flash photography and flash drives are not allowed near the flash point.",
		"On call by PagerDuty.",
		"Delicious meals, vine and periscope.",
		"The island of Java, an oracle, a python, a ruby and a sapphire.",
		"Basic skills in Sage and Acts.",
		"Critical Race Theory (CRT), Conflict Resolution Team (CRT).",
		"A golfer with a low handicap.",
		"Oriental rugs are sold here.",
		"Apply by fax: 213-555-0100, fax number 555-0101, or mail.",
		"We use Google Meet, Microsoft Teams, Google Workspace and Data Studio.",
		"Our Office, 2010 Main Street, opened in 2003.",
		"In Java, 5 years; Python, 2 years; PHP, 3 years.",
		"Skills: PowerPoint 2 days, Excel 10 hours.",
		"Java 5+ years, Python 2-3 years, Oracle 7 or more years, PHP 5 plus years, Ruby (2 years).",
		"Windows 7 days a week.",
		"Project 2010 and Exchange of goods 2003.",
		"The Google hire keeps an empty inbox.",
		"Waffle House cooks, waffle irons, and a board of cheese.",
		"Both a macro and a micro focus; a common data service for all.",
		"Smith vs. Wang, and Wang vs. Smith.",
		"Cleans displays of the ferry terminal.",
		"Use your PC anywhere; the ultimate software for interactive intelligence.",
		"The atom, a protractor and the River Hudson.",
		"Registered with the Health Professions Council of South Africa.",
		"Office Online Server and our office online.",
	} {
		p := prose.Parse(text)
		if hits := English().Find(p, today); len(hits) > 0 {
			t.Errorf("%q: %s", text, describe(p, hits))
		}
	}
}

// FuzzFind holds what Find promises for any text.
func FuzzFind(f *testing.F) {
	for _, s := range []string{"Windows 95/98+, AS/400", "Google+ CRT screen", "Yahoo! Groups\n\nSQL Server 2008 or later", "é’s typewriter’s PHP v5.x", "office 365 (now Microsoft 365) \xff Lync"} {
		f.Add(s, uint16(2026))
	}
	f.Fuzz(func(t *testing.T, s string, year uint16) {
		p := prose.Parse(s)
		asOf := time.Date(int(year), time.June, 1, 0, 0, 0, 0, time.UTC)
		end, at := 0, 0
		for _, h := range English().Find(p, asOf) {
			if h.First < end || h.End <= h.First || h.End > len(p.Words) {
				t.Fatalf("words [%d, %d) after %d of %d", h.First, h.End, end, len(p.Words))
			}
			if h.Start < at || h.Span.End <= h.Start || h.Span.End > len(s) || h.Start != p.Words[h.First].Start || h.Span.End < p.Words[h.End-1].End {
				t.Fatalf("bytes [%d, %d) after %d", h.Start, h.Span.End, at)
			}
			if h.Entry == nil || h.Entry.Since.After(asOf) || h.Strength > h.Entry.Strength {
				t.Fatalf("%+v as of %v", h, asOf)
			}
			end, at = h.End, h.Span.End
		}
	})
}

func BenchmarkFind(b *testing.B) {
	const page = `We build software that helps small clinics keep their promises to patients. Every feature begins with a conversation in a waiting room, and none is finished before a nurse has used it on a busy morning. We measure ourselves by the hours we give back to the people who care for others.

In ten years, nobody in our region will have to choose between rent and medicine. To get there, we work with pharmacies, community centers and local governments, share what we learn with anyone who asks, and publish our results, including those that disappoint us.

`
	text := strings.Repeat(page, 1<<20/len(page)+1)
	t := prose.Parse(text)
	c := English()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		c.Find(t, today)
	}
}

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		if _, err := read(files); err != nil {
			b.Fatal(err)
		}
	}
}
