// What is remembered of a learner: department, pages seen, answers, and how the check
// went. It is kept as a short line of text, which no platform mangles:
//
//	1|front-office|0a1b2c3d|promise standards|01-2|8750|2
//
// The last sign is 0, or 1 when all there is to do is done, or 2 when a check is passed.

const UNANSWERED = "-";

function freshState() {
  return { part: "", seen: [], answers: "", best: null, done: false, passed: false, completed: false };
}

// noteOf writes the state down.
function noteOf(state, key) {
  const check = state.part ? key.parts[state.part].check : "";
  const best = state.best === null ? "" : String(state.best);
  return ["1", state.part, check, state.seen.join(" "), state.answers, best, state.passed ? "2" : state.done ? "1" : "0"].join("|");
}

// stateOf reads a note. Answers to questions that have changed since are left out; a
// note that can't be read is as none.
function stateOf(note, key) {
  const state = freshState();
  const [version, part, check, seen, answers, best, done] = note.split("|");
  if (version !== "1" || done === undefined) {
    return state;
  }
  state.passed = done === "2";
  state.done = state.passed || done === "1";
  if (/^\d{1,5}$/.test(best)) {
    state.best = Math.min(10000, Number(best));
  }
  if (!Object.prototype.hasOwnProperty.call(key.parts, part)) {
    return state;
  }
  state.part = part;
  state.seen = seen.split(" ").filter((id) => /^[a-z]+$/.test(id));
  const { right, check: now } = key.parts[part];
  const sound = check === now && answers.length === right.length && /^[0-9-]*$/.test(answers);
  state.answers = sound ? answers : UNANSWERED.repeat(right.length);
  return state;
}

// recall adds what the platform knows by itself, for the case that its note is lost. Some
// platforms begin with a score of 0: it is one only where the check was judged.
function recall(state, known, key) {
  state.passed = state.passed || known.passed;
  state.completed = known.completed;
  state.done = state.done || state.passed || (known.completed && !key.checks);
  if ((known.passed || known.failed) && /^\d{1,3}(\.\d+)?$/.test(known.score)) {
    const score = Math.min(10000, Math.floor(Number(known.score) * 100));
    state.best = Math.max(state.best === null ? 0 : state.best, score);
  }
}

// choosePart makes the state that of a department. Another one has other questions.
function choosePart(state, part, key) {
  if (state.part === part) {
    return;
  }
  state.part = part;
  state.answers = UNANSWERED.repeat(key.parts[part].right.length);
  state.seen = state.seen.filter((id) => id === "promise" || id === "standards");
}

// scoreOf counts the answers: right ones, how many there are, and whether all are given.
function scoreOf(state, key) {
  const right = key.parts[state.part].right;
  const got = right.filter((option, i) => state.answers[i] === String(option)).length;
  return { right: got, of: right.length, all: right.length > 0 && !state.answers.includes(UNANSWERED) };
}

// hundredths is a score in hundredths of a percent. It is rounded down, so that it
// reaches what it takes to pass only when the answers do.
function hundredths(score) {
  return Math.floor((score.right * 10000) / score.of);
}

// settle takes a finished check into account. The best try counts, and who has passed
// stays so.
function settle(state, key) {
  const score = scoreOf(state, key);
  if (!score.all) {
    return;
  }
  state.best = Math.max(state.best === null ? 0 : state.best, hundredths(score));
  state.passed = state.passed || state.best >= key.pass * 100;
  state.done = state.done || state.passed;
}

// tellableScore is the score to report, if any. Some platforms make failed of passed when
// they are told a score that does not reach what it takes.
function tellableScore(state, key) {
  return state.done && state.best < key.pass * 100 ? null : state.best;
}

// outcomeOf is the state in the platform's words. Nothing that the platform took before
// is taken back: who has passed stays so in every department, and what was completed
// is never incomplete.
function outcomeOf(state) {
  if (state.passed) {
    return "passed";
  }
  if (state.done) {
    return "completed";
  }
  if (state.best !== null) {
    return "failed";
  }
  return state.completed ? "completed" : "incomplete";
}
