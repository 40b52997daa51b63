package dates

// label is a phrase that says what the date after it is.
type label struct {
	phrase string // in lower case, with a space before each word
	kind   Kind
	alone  bool // says so only where it begins the clause, stands in a label, or is said of a document
}

// labels are matched by their end, the longest first. Between a label and its date
// stand nothing but the words of filler.
var labels = [...]label{
	{" rev date", Revised, false}, {" posted date", Posted, false}, {" opened date", Posted, false}, {" revised date", Revised, false}, {" updated date", Revised, false},
	{" modified date", Revised, false}, {" reviewed date", Reviewed, false}, {" approved date", Approved, false}, {" closed date", Closing, false},
	{" created date", Created, false}, {" issued date", Created, false}, {" adopted date", Approved, false},

	{" revised", Revised, true}, {" rev", Revised, true}, {" revision", Revised, true}, {" revisions", Revised, true},
	{" revision #", Revised, true}, {" rev #", Revised, true}, {" version", Revised, true}, {" version #", Revised, true},
	{" ver #", Revised, true}, {" v #", Revised, true}, {" updated", Revised, true}, {" update", Revised, true},
	{" modified", Revised, true}, {" edited", Revised, true}, {" amended", Revised, true}, {" changed", Revised, true},
	{" last revised", Revised, false}, {" last updated", Revised, false}, {" last update", Revised, false},
	{" last modified", Revised, false}, {" last edited", Revised, false}, {" last amended", Revised, false}, {" last changed", Revised, false},
	{" last revision", Revised, false}, {" revision date", Revised, false}, {" date of last revision", Revised, false},
	{" date last revised", Revised, false}, {" date revised", Revised, false}, {" date updated", Revised, false},
	{" date modified", Revised, false}, {" date of revision", Revised, false}, {" update date", Revised, false},
	{" most recent revision", Revised, false}, {" last modification", Revised, false}, {" lastmod", Revised, false},
	{" revision history", Revised, false}, {" revision dates", Revised, false}, {" revised dates", Revised, false},

	{" reviewed", Reviewed, true}, {" review", Reviewed, true}, {" last reviewed", Reviewed, false}, {" last review", Reviewed, false},
	{" review date", Reviewed, false}, {" date of last review", Reviewed, false}, {" date reviewed", Reviewed, false},
	{" date of review", Reviewed, false}, {" last checked", Reviewed, false}, {" verified", Reviewed, true},

	{" next review", NextReview, false}, {" next review date", NextReview, false}, {" next reviewed", NextReview, false},
	{" date of next review", NextReview, false}, {" review due", NextReview, false}, {" review due by", NextReview, false},
	{" next review due", NextReview, false}, {" next review due by", NextReview, false}, {" due for review", NextReview, false},
	{" due for review by", NextReview, false}, {" review due date", NextReview, false}, {" next revision", NextReview, false},
	{" review by", NextReview, false}, {" be reviewed", NextReview, false}, {" be reviewed by", NextReview, false},
	{" be reviewed again", NextReview, false}, {" be reviewed again by", NextReview, false}, {" be reviewed before", NextReview, false},
	{" review again", NextReview, false}, {" scheduled for review", NextReview, false}, {" next update", NextReview, false},
	{" reviewed again by", NextReview, false}, {" due to be reviewed", NextReview, false}, {" be reviewed no later than", NextReview, false},

	{" approved", Approved, true}, {" approval", Approved, true}, {" adopted", Approved, true}, {" ratified", Approved, true},
	{" authorized", Approved, true}, {" signed", Approved, true}, {" passed", Approved, true}, {" board approved", Approved, false},
	{" date approved", Approved, false}, {" approval date", Approved, false}, {" date adopted", Approved, false},
	{" date of approval", Approved, false}, {" adoption date", Approved, false}, {" last approved", Approved, false},

	{" effective", Effective, true}, {" effective date", Effective, false}, {" effective as of", Effective, true},
	{" in effect", Effective, true}, {" in effect as of", Effective, true}, {" takes effect", Effective, true},
	{" date effective", Effective, false}, {" effective from", Effective, true}, {" in force from", Effective, true}, {" eff", Effective, true},
	{" valid from", Effective, false},

	{" created", Created, true}, {" date created", Created, false}, {" creation date", Created, false}, {" established", Created, true},
	{" date established", Created, false}, {" issued", Created, true}, {" issue date", Created, false}, {" date of issue", Created, false},
	{" date issued", Created, false}, {" written", Created, true}, {" date written", Created, false}, {" prepared", Created, true},
	{" date prepared", Created, false}, {" drafted", Created, true}, {" original date", Created, false}, {" date", Created, true},
	{" original", Created, true}, {" originated", Created, true}, {" origination date", Created, false}, {" original issue date", Created, false},
	{" document date", Created, false}, {" class established", Created, false}, {" est", Created, true}, {" developed", Created, true},
	{" issue", Created, true}, {" dated", Created, true},

	{" posted", Posted, true}, {" date posted", Posted, false}, {" posting date", Posted, false}, {" post date", Posted, false},
	{" date of posting", Posted, false}, {" posted on", Posted, true}, {" published", Posted, true}, {" date published", Posted, false},
	{" publication date", Posted, false}, {" publish date", Posted, false}, {" opening date", Posted, false}, {" open date", Posted, false},
	{" opening", Posted, true}, {" opens", Posted, true}, {" opened", Posted, true}, {" open", Posted, true}, {" date opened", Posted, false},
	{" date open", Posted, false}, {" advertised", Posted, true}, {" date advertised", Posted, false}, {" listed", Posted, true},
	{" listing date", Posted, false}, {" job posted", Posted, false}, {" release date", Posted, false}, {" announcement date", Posted, false},
	{" date of announcement", Posted, false}, {" opening date and time", Posted, false}, {" applications open", Posted, false},

	{" closing date", Closing, false}, {" close date", Closing, false}, {" closing", Closing, true}, {" closes", Closing, true},
	{" closed", Closing, true}, {" close", Closing, true}, {" date closed", Closing, false}, {" closing date and time", Closing, false},
	{" closing date/time", Closing, false}, {" closing date time", Closing, false}, {" applications close", Closing, false},
	{" applications will close", Closing, false}, {" application closes", Closing, false}, {" posting closes", Closing, false},
	{" vacancy closes", Closing, false}, {" recruitment closes", Closing, false}, {" job closes", Closing, false},
	{" position closes", Closing, false}, {" closing day", Closing, false}, {" application deadline", Closing, false},
	{" applications deadline", Closing, false}, {" application deadline date", Closing, false}, {" deadline to apply", Closing, false},
	{" deadline for applications", Closing, false}, {" deadline for application", Closing, false}, {" deadline for applying", Closing, false},
	{" deadline for submission", Closing, false}, {" deadline for submissions", Closing, false}, {" deadline to submit", Closing, false},
	{" deadline for receipt of applications", Closing, false}, {" deadline for filing", Closing, false}, {" filing deadline", Closing, false},
	{" deadline to file", Closing, false}, {" deadline to submit applications", Closing, false}, {" deadline to submit application", Closing, false},
	{" deadline for submitting applications", Closing, false}, {" submission deadline", Closing, false}, {" final filing date", Closing, false},
	{" final filing", Closing, false}, {" last day to apply", Closing, false}, {" last date to apply", Closing, false}, {" last day to file", Closing, false},
	{" last day of filing", Closing, false}, {" last day for filing", Closing, false}, {" last date for filing", Closing, false},
	{" last day to submit", Closing, false}, {" last day for applications", Closing, false}, {" last date of application", Closing, false},
	{" final date to apply", Closing, false}, {" last date for applications", Closing, false}, {" posting end date", Closing, false},
	{" posting ends", Closing, false}, {" posting expires", Closing, false}, {" posting expiration date", Closing, false},
	{" job expires", Closing, false}, {" applications due", Closing, false}, {" application due", Closing, false}, {" application due date", Closing, false},
	{" applications due by", Closing, false}, {" applications are due", Closing, false}, {" applications are due by", Closing, false},
	{" applications due date", Closing, false}, {" apply by", Closing, false}, {" apply before", Closing, false}, {" apply until", Closing, false},
	{" apply through", Closing, false}, {" apply no later than", Closing, false}, {" apply on or before", Closing, false},
	{" open until", Closing, false}, {" open through", Closing, false}, {" open till", Closing, false}, {" posted through", Closing, false},
	{" posted until", Closing, false}, {" posted till", Closing, false}, {" post through", Closing, false}, {" post until", Closing, false},
	{" posting through", Closing, false}, {" advertised until", Closing, false}, {" advertised through", Closing, false},
	{" accepted until", Closing, false}, {" accepted through", Closing, false}, {" accepted till", Closing, false},
	{" accepted by", Closing, true}, {" accepting applications until", Closing, false}, {" accepting applications through", Closing, false},
	{" vacancy will close", Closing, false}, {" recruitment will close", Closing, false}, {" posting will close", Closing, false},
	{" position will close", Closing, false}, {" announcement will close", Closing, false}, {" job will close", Closing, false},
	{" filing will close", Closing, false}, {" examination will close", Closing, false}, {" deadline for receipt", Closing, false},
	{" last date for receipt of applications", Closing, false}, {" closing at", Closing, true}, {" bid closing", Closing, false}, {" closing date for applications", Closing, false},
	{" closing date for receipt of applications", Closing, false}, {" close of applications", Closing, false},
	{" filing end date", Closing, false}, {" end of filing period", Closing, false}, {" priority deadline", Closing, false},
	{" priority application deadline", Closing, false}, {" application closing date", Closing, false}, {" filing closes", Closing, false},
	{" applications closing date", Closing, false}, {" applications close on or before", Closing, false},

	{" expires", Expires, false}, {" expiry", Expires, true}, {" expiry date", Expires, false}, {" expiration", Expires, true},
	{" expiration date", Expires, false}, {" expire", Expires, true}, {" valid until", Expires, false}, {" valid through", Expires, false},
	{" valid to", Expires, false}, {" sunset date", Expires, false}, {" in force until", Expires, false}, {" in effect until", Expires, false},
	{" position ends", Expires, false}, {" contract ends", Expires, false}, {" funding ends", Expires, false}, {" appointment ends", Expires, false},
	{" term ends", Expires, false}, {" support ends", Expires, false}, {" agreement ends", Expires, false}, {" assignment ends", Expires, false},
	{" contract to", Expires, false}, {" term to", Expires, false}, {" funded to", Expires, false},
	{" will expire", Expires, false}, {" ends", Expires, true}, {" end date", Expires, false}, {" contract end date", Expires, false},
	{" expiring", Expires, false}, {" set to expire", Expires, false}, {" in effect through", Expires, false}, {" effective through", Expires, false},

	{" deadline", Deadline, false}, {" deadlines", Deadline, false}, {" due date", Deadline, false}, {" target date", Deadline, false},
	{" completion date", Deadline, false}, {" first review", Deadline, false}, {" first review date", Deadline, false},
	{" review of applications", Deadline, false}, {" application review", Deadline, false}, {" application review date", Deadline, false},
	{" review of applications begins", Deadline, false}, {" review of applications beginning", Deadline, false},
	{" review begins", Deadline, false}, {" review will begin", Deadline, false}, {" review of applications will begin", Deadline, false},
	{" review of resumes will begin", Deadline, false}, {" review of resumes begins", Deadline, false}, {" screening begins", Deadline, false},
	{" screening date", Deadline, false}, {" screening will begin", Deadline, false}, {" first screening", Deadline, false},
	{" applications will begin", Deadline, false}, {" initial review", Deadline, false}, {" initial review date", Deadline, false},
	{" first application review", Deadline, false}, {" first consideration", Deadline, false}, {" first review begins", Deadline, false},
	{" review of applications to begin", Deadline, false}, {" begin reviewing applications", Deadline, false}, {" begin review", Deadline, false},
	{" begin review of applications", Deadline, false}, {" reviewing applications", Deadline, false},

	{" start date", Start, false}, {" starting date", Start, false}, {" date of hire", Start, false}, {" hire date", Start, false},
	{" starts", Start, true}, {" start", Start, true}, {" commencement date", Start, false}, {" commencing", Start, true},
	{" commences", Start, true}, {" position starts", Start, false}, {" position begins", Start, false}, {" employment begins", Start, false}, {" appointment starts", Start, false}, {" appointment begins", Start, false},
	{" position available", Start, false}, {" available from", Start, true}, {" available", Start, true}, {" appointment date", Start, false},
	{" starting", Start, true}, {" beginning", Start, true}, {" begins", Start, true}, {" job starts", Start, false},
	{" expected to start", Start, false}, {" to start", Start, true}, {" begin date", Start, false}, {" start by", Start, true},

	{" will start", Start, true}, {" will begin", Start, true}, {" to begin", Start, true},

	{" training begins", Event, false}, {" training will begin", Event, false}, {" training starts", Event, false}, {" training dates", Event, false},
	{" orientation begins", Event, false}, {" classes begin", Event, false}, {" class begins", Event, false}, {" begins training", Event, false},
	{" election date", Event, false}, {" hearing date", Event, false}, {" orientation date", Event, false}, {" testing date", Event, false},
	{" training date", Event, false}, {" election day", Event, false},
	{" exam date", Event, false}, {" examination date", Event, false}, {" test date", Event, false}, {" interview date", Event, false},
	{" interview dates", Event, false}, {" event date", Event, false}, {" interviews", Event, true}, {" date of examination", Event, false},
	{" date of test", Event, false}, {" date of event", Event, false}, {" meeting date", Event, false},

	{" work dates", Period, false}, {" season", Period, true}, {" grant period", Period, false}, {" contract period", Period, false},
	{" employment period", Period, false}, {" dates of employment", Period, false}, {" project period", Period, false}, {" program dates", Period, false},

	{" as of", AsOf, false}, {" as at", AsOf, false}, {" current as of", AsOf, false}, {" correct as of", AsOf, false},
	{" updated as of", Revised, false}, {" revised as of", Revised, false}, {" reviewed as of", Reviewed, false},
	{" amended as of", Revised, false},
}

// filings are labels of a stretch in which applications are taken: its last day is
// the closing day.
var filings = [...]string{" filing period", " filing period #", " application period", " application period #", " open period", " posting period",
	" filing dates", " application dates", " posting dates", " application window", " recruitment period", " filing window", " filing period is",
	" posted from", " open from", " accepted from", " accepted beginning", " open for applications from", " opening period", " dates of posting"}

// fillers may stand between a label and its date.
var fillers = [...]string{"on", "of", "the", "at", "is", "was", "as", "in", "date", "dates", "dated", "day", "time", ":", "|", "/", "@", "from",
	"midnight", "noon", "est", "edt", "et", "cst", "cdt", "ct", "mst", "mdt", "mt", "pst", "pdt", "pt", "eastern", "central", "mountain", "pacific", "local", "utc", "gmt", "bst",
	"for", "week", "commencing", "scheduled", "tentatively", "tentative", "a", "an", "this", "document", "to", "has", "been", "and", "close", "business", "cob", "eob", "end", "or", "are", "job", "description", "position"}

// subjects are the words for a document of which a label is said: "this policy was
// revised in 2019", and for what goes before labels.
var subjects = [...]string{"description", "descriptions", "document", "policy", "page", "specification", "spec", "specifications", "posting", "announcement",
	"profile", "version", "content", "guide", "handbook", "job", "last", "title", "text", "date", "bulletin", "notice", "statement", "class",
	"revised", "reviewed", "approved", "adopted", "updated", "established", "posted", "created", "rev", "classification", "procedure", "jd"}
