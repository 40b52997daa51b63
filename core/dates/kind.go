package dates

// Kind is what a text says of a date.
type Kind uint8

// The kinds. The first six date the document itself.
const (
	None       Kind = iota
	Reviewed        // looked through: "last reviewed on"; also "review date", which may mean the next one
	Revised         // changed: "rev.", "last updated", "version 2.1 -"
	Approved        // approved or adopted
	Effective       // in force from then on
	Created         // written, issued, established
	Posted          // published, or open for applications from then on
	NextReview      // to be looked through by then
	Closing         // applications are taken until then
	Expires         // not valid after that
	Deadline        // something else is to be done by then
	Start           // the position starts
	Event           // something takes place: interviews, an examination
	Promise         // something will be so: future tense and a date
	Period          // a span of time the text is about: FY 2019, the 2018-2019 school year
	AsOf            // a fact holds as of then
)

var kindNames = [...]string{"none", "reviewed", "revised", "approved", "effective", "created", "posted", "next review",
	"closing", "expires", "deadline", "start", "event", "promise", "period", "as of"}

func (k Kind) String() string { return name(kindNames[:], uint8(k)) }

// OfDocument says whether the date tells how old the document is: Reviewed to Posted.
func (k Kind) OfDocument() bool { return k >= Reviewed && k <= Posted }

// Passes says whether a text that names such a date is out of date once the day is
// over: NextReview to Period.
func (k Kind) Passes() bool { return k >= NextReview && k <= Period }
