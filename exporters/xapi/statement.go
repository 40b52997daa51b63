package xapi

// statement is a statement as it is written: of the many things that xAPI knows, those
// that are said here.
type statement struct {
	ID        string   `json:"id,omitempty"`
	Actor     group    `json:"actor"`
	Verb      verb     `json:"verb"`
	Object    activity `json:"object"`
	Result    *result  `json:"result,omitempty"`
	Context   about    `json:"context"`
	Timestamp string   `json:"timestamp,omitempty"`
}

// group is a number of people who are known by an account of theirs together. Who they
// are is never said.
type group struct {
	ObjectType string  `json:"objectType"`
	Name       string  `json:"name,omitempty"`
	Account    account `json:"account"`
}

type account struct {
	HomePage string `json:"homePage"`
	Name     string `json:"name"`
}

type verb struct {
	ID      string            `json:"id"`
	Display map[string]string `json:"display"`
}

// The verbs of statements.
const (
	scoredVerb = "http://adlnet.gov/expapi/verbs/scored"
	assignVerb = "http://activitystrea.ms/schema/1.0/assign"
	voidedVerb = "http://adlnet.gov/expapi/verbs/voided"
)

// The types of activities.
const (
	objectiveType  = "http://adlnet.gov/expapi/activities/objective"
	assessmentType = "http://adlnet.gov/expapi/activities/assessment"
	moduleType     = "http://adlnet.gov/expapi/activities/module"
)

// The types of objects.
const (
	groupObject     = "Group"
	activityObject  = "Activity"
	statementObject = "StatementRef"
)

// activity is what a statement is about; of a voiding statement, another statement.
type activity struct {
	ObjectType string      `json:"objectType"`
	ID         string      `json:"id"`
	Definition *definition `json:"definition,omitempty"`
}

type definition struct {
	Type        string            `json:"type"`
	Name        map[string]string `json:"name,omitempty"`
	Description map[string]string `json:"description,omitempty"`
}

type result struct {
	Score      score          `json:"score"`
	Extensions map[string]any `json:"extensions,omitempty"`
}

type score struct {
	Scaled float64 `json:"scaled"`
	Raw    float64 `json:"raw"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
}

// about is the context of a statement. What is said there beside the standard's own is
// found under extensions.
type about struct {
	Registration string         `json:"registration"`
	Activities   *activities    `json:"contextActivities,omitempty"`
	Platform     string         `json:"platform,omitempty"` // not in voiding statements
	Extensions   map[string]any `json:"extensions"`
}

type activities struct {
	Parent []activity `json:"parent"`
}

// platform marks statements as made here.
const platform = "firstcall"
