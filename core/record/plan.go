package record

// Plan is the body of a plan record: what to do, made from findings, for
// people to edit.
type Plan struct {
	Of      string   `json:"of" minLength:"1" doc:"Key of the record whose findings the actions answer."`
	Title   string   `json:"title" doc:"Title for people."`
	Actions []Action `json:"actions" doc:"What to do, the most pressing first."`
}

// Action is one thing to do.
type Action struct {
	ID         string   `json:"id" minLength:"1" doc:"Identifies the action within the plan; the same finding gives the same id in every run."`
	What       string   `json:"what" minLength:"1" doc:"What to do, in plain words."`
	Why        string   `json:"why" doc:"The finding it answers, with its figure."`
	Origin     string   `json:"origin" enum:"priority,disconnect,trace,weakness" doc:"The kind of finding."`
	Dimension  string   `json:"dimension,omitempty" doc:"Id of the dimension."`
	Department string   `json:"department,omitempty" doc:"The group that acts, when it is not everybody."`
	By         []string `json:"by,omitempty" doc:"The columns of that group."`
	Key        []string `json:"key,omitempty" doc:"That group's values."`
	Owner      string   `json:"owner" doc:"Who might own it: a role, not a person."`
	Due        string   `json:"due,omitempty" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"When it should be done: the day of the record and the instrument's interval; absent without a day."`
}
