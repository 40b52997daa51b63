package jobs

import (
	"strings"

	"github.com/firstcall-cli/firstcall/core/lint"
)

func directionRules() []*lint.Rule {
	return []*lint.Rule{
		{
			ID: "direction/former-value", Title: "Value that the organization has given up", Severity: lint.Warning,
			Why: "New staff learn values that nobody speaks of any more.", Fix: "Name the present values, or none.",
			Source:   "The client file; Lencioni, Make your values mean something, Harvard Business Review (2002)",
			Examples: lint.Examples{Bad: []string{"Our values are synergy and respect."}, Good: []string{"Our values are respect and speed."}},
			Check: func(p *lint.Pass) {
				for _, n := range paperIn(p).facts.Names {
					if n.name.is == formerValue {
						p.Report(n.Span, "%s is no longer one of the values", quoted(n.name.text))
					}
				}
			},
		},
		{
			ID: "direction/former-vision", Title: "Words of a former vision", Severity: lint.Warning,
			Why: "The document sends people where the organization no longer goes.", Fix: "Say it in the words of the present vision, or leave it out.",
			Source:   "The client file; Kotter, Leading Change (1996): a vision must be the same wherever it is told",
			Examples: lint.Examples{Bad: []string{"You help us to become the largest plumber of the county."}, Good: []string{"You answer every call before the third ring."}},
			Check: func(p *lint.Pass) {
				for _, s := range paperIn(p).facts.Vision {
					p.Report(s, "%s is from the former vision", quoted(s.In(p.Text.Source)))
				}
			},
		},
		{
			ID: "direction/no-mission", Title: "No tie to the mission", Severity: lint.Hint,
			Why: "People work with more care when they see what their job is there for.", Fix: "Say in one sentence what the job does for the mission.",
			Source:   "Hackman and Oldham, Motivation through the design of work (1976): task significance; Carton, Murphy and Clark (2014)",
			Examples: lint.Examples{Bad: []string{exampleDuties}, Good: []string{exampleDuties + "\nThe job serves our mission: to bring water to every home."}},
			Check: func(p *lint.Pass) {
				if paper := paperIn(p); describes(paper) && !paper.mission() {
					whole(p, "It does not say what the job does for the mission, the vision or the values")
				}
			},
		},
	}
}

func serviceRules() []*lint.Rule {
	return []*lint.Rule{
		{
			ID: "customer/goal-without-measure", Title: "Customer goal that can't be checked", Severity: lint.Hint,
			Why: "Nobody can tell whether it is reached.", Fix: "Add how much, how often or by when: “answers within one working day”.",
			Source:   "Locke and Latham, A Theory of Goal Setting and Task Performance (1990)",
			Examples: lint.Examples{Bad: []string{"Ensures the satisfaction of all customers."}, Good: []string{"Keeps customer satisfaction at 95 %."}},
			Check:    checkGoalMeasure,
		},
		{
			ID: "customer/no-authority", Title: "Nothing that the holder may decide for a customer", Severity: lint.Hint,
			Why: "The customer waits while somebody runs to ask.", Fix: "Say what may be decided without asking, and up to what limit.",
			Source:   "Bowen and Lawler, The empowerment of service workers, Sloan Management Review (1992)",
			Examples: lint.Examples{Bad: []string{exampleDuties + "\nAnswers calls from customers."}, Good: []string{exampleDuties + "\nAnswers calls from customers. You may approve refunds up to $100 without asking."}},
			Check: func(p *lint.Pass) {
				if paper := paperIn(p); describes(paper) && paper.facing() && len(paper.facts.Authority) == 0 {
					whole(p, "It does not say what the holder may decide for a customer")
				}
			},
		},
		{
			ID: "customer/no-behavior", Title: "Nothing that one could see done for customers", Severity: lint.Hint,
			Why: "What nobody describes can be neither taught nor recognized.", Fix: "Say who does what for whom, and how: “greets each visitor before they reach the counter”.",
			Source:   "Smith and Kendall, Retranslation of expectations (1963): behaviorally anchored scales; Latham and Wexley (1977)",
			Examples: lint.Examples{Bad: []string{exampleDuties}, Good: []string{exampleDuties + "\nAnswers calls from residents and tells them when the plumber comes."}},
			Check: func(p *lint.Pass) {
				switch paper := paperIn(p); {
				case !describes(paper) || paper.level() >= Activity:
				case paper.level() == Trait:
					whole(p, "It asks for qualities towards customers (%s), but for nothing that one could see done", quoted(paper.shown(Trait)))
				default:
					whole(p, "It asks for nothing that one could see done for those who are served")
				}
			},
		},
		{
			ID: "customer/no-goal", Title: "No goal for customers", Severity: lint.Hint,
			Why: "A job without such a goal is judged by its tasks alone, whatever becomes of the customer.", Fix: "Name one thing that is to come out for customers, with a measure.",
			Source:   "Locke and Latham (1990); Kaplan and Norton, The balanced scorecard (1992): customer perspective",
			Examples: lint.Examples{Bad: []string{exampleDuties}, Good: []string{exampleDuties + "\nKeeps customer satisfaction at 95 %."}},
			Check: func(p *lint.Pass) {
				if paper := paperIn(p); describes(paper) && len(paper.facts.Goals) == 0 {
					whole(p, "It names no goal for customers")
				}
			},
		},
		{
			ID: "customer/no-people-skill", Title: "No skill with people", Severity: lint.Hint,
			Why: "Manners and listening can be hired for and taught, if somebody asks for them.", Fix: "Name one or two: listening, explaining, staying calm.",
			Source:   "Hogan, Hogan and Busch, How to measure service orientation, Journal of Applied Psychology (1984)",
			Examples: lint.Examples{Bad: []string{exampleDuties}, Good: []string{exampleDuties + "\nListens with patience."}},
			Check: func(p *lint.Pass) {
				if paper := paperIn(p); describes(paper) && len(paper.facts.People) == 0 {
					whole(p, "It asks for no skill with people")
				}
			},
		},
	}
}

func wordingRules() []*lint.Rule {
	return []*lint.Rule{{
		ID: "wording/exclusionary", Title: "Words that shut people out without need", Severity: lint.Hint,
		Why: "Good people do not apply, and some of these words are against the law in places.", Fix: "Say what the task needs, for anybody.",
		Source:   "EEOC, Prohibited Employment Policies/Practices; 29 CFR 1625.4 (age); Gaucher, Friesen and Kay (2011)",
		Examples: lint.Examples{Bad: []string{"He/she is a digital native."}, Good: []string{"They are at ease with computers."}},
		Check: func(p *lint.Pass) {
			seen := map[string]bool{}
			for _, e := range paperIn(p).facts.Excluding {
				words := e.In(p.Text.Source)
				if key := strings.ToLower(words); seen[key] {
					continue
				} else {
					seen[key] = true
				}
				d := lint.Diagnostic{Span: e.Span, Message: quoted(words) + " shuts people out"}
				if e.instead != "" {
					d.Message += "; “" + e.instead + "” does not"
					d.Fix = &lint.Fix{Replacement: e.instead}
				}
				p.Diagnose(d)
			}
		},
	}}
}

func checkGoalMeasure(p *lint.Pass) {
	paper := paperIn(p)
	if !inUse(paper) || len(paper.facts.Goals) == 0 {
		return
	}
	for _, g := range paper.facts.Goals {
		if g.measured {
			return
		}
	}
	g := paper.facts.Goals[0]
	p.Report(g.Span, "%s can't be checked: no figure, frequency or time", quoted(g.In(p.Text.Source)))
}

// level is the most observable thing the document asks for towards customers.
func (p *Paper) level() Level {
	most := NoBehavior
	for _, b := range p.facts.Behaviors {
		most = max(most, b.level)
	}
	return most
}

// shown gives the words of the first passage of a level; empty when there is none.
func (p *Paper) shown(l Level) string {
	for _, b := range p.facts.Behaviors {
		if b.level == l {
			return b.In(p.facts.Text)
		}
	}
	return ""
}

// facing says whether the holder deals with those who are served.
func (p *Paper) facing() bool { return p.level() >= Activity }

// mission says whether the document is tied to mission, vision or values: by saying
// so, or by carrying a value of the client.
func (p *Paper) mission() bool {
	if len(p.facts.Purpose) > 0 {
		return true
	}
	n := 0
	for _, c := range p.facts.carries {
		if c {
			n++
		}
	}
	return n >= 2
}
