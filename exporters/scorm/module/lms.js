// The learning platform as the rest of the module sees it: something to begin, to tell
// how far the learner is, and to end. What differs between the versions of SCORM stays
// in this file. Whatever the platform answers is looked at.

const DIALECTS = {
  "1.2": {
    object: "API",
    names: { begin: "LMSInitialize", end: "LMSFinish", get: "LMSGetValue", set: "LMSSetValue", commit: "LMSCommit", fault: "LMSGetLastError" },
    place: "cmi.core.lesson_location",
    mode: "cmi.core.lesson_mode",
    score: "cmi.core.score.raw",
    passed: ["cmi.core.lesson_status", "passed"],
    failed: ["cmi.core.lesson_status", "failed"],
    completed: ["cmi.core.lesson_status", "completed"],
    values: values12,
  },
  "2004": {
    object: "API_1484_11",
    names: { begin: "Initialize", end: "Terminate", get: "GetValue", set: "SetValue", commit: "Commit", fault: "GetLastError" },
    place: "cmi.location",
    mode: "cmi.mode",
    score: "cmi.score.raw",
    passed: ["cmi.success_status", "passed"],
    failed: ["cmi.success_status", "failed"],
    completed: ["cmi.completion_status", "completed"],
    values: values2004,
  },
};

// A report has place and note (texts), outcome (incomplete, completed, passed, failed),
// score (hundredths of a percent, or null) and seconds. The values of a platform are
// pairs of element and text; a third member says that the platform need not have it.
function values12(report) {
  const values = [["cmi.core.lesson_location", report.place], ["cmi.suspend_data", report.note]];
  if (report.score !== null) {
    values.push(["cmi.core.score.min", "0", true], ["cmi.core.score.max", "100", true]);
    values.push(["cmi.core.score.raw", String(report.score / 100)]);
  }
  values.push(["cmi.core.lesson_status", report.outcome]);
  values.push(["cmi.core.session_time", clock(report.seconds)], ["cmi.core.exit", "suspend"]);
  return values;
}

function values2004(report) {
  const values = [["cmi.location", report.place], ["cmi.suspend_data", report.note]];
  if (report.score !== null) {
    values.push(["cmi.score.min", "0"], ["cmi.score.max", "100"]);
    values.push(["cmi.score.raw", String(report.score / 100)], ["cmi.score.scaled", String(report.score / 10000)]);
  }
  values.push(["cmi.completion_status", report.outcome === "incomplete" ? "incomplete" : "completed"]);
  if (report.outcome === "passed" || report.outcome === "failed") {
    values.push(["cmi.success_status", report.outcome]);
  }
  values.push(["cmi.session_time", "PT" + report.seconds + "S"], ["cmi.exit", "suspend"]);
  return values;
}

// clock is a time as SCORM 1.2 writes it: 0001:02:03.
function clock(seconds) {
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.min(9999, Math.floor(seconds / 3600));
  return String(hours).padStart(4, "0") + ":" + two(Math.floor(seconds / 60) % 60) + ":" + two(seconds % 60);
}

// findObject looks for the platform's object in the windows around this one, then in
// those that opened them.
function findObject(name) {
  const openers = [() => window.top.opener, () => window.opener];
  let found = climb(window, name);
  for (const opener of openers) {
    try {
      found = found || climb(opener(), name);
    } catch (e) {
      // The window is of another site: it has nothing for us.
    }
  }
  return found;
}

function climb(from, name) {
  let here = from;
  for (let steps = 0; here && steps < 500; steps++) {
    try {
      if (here[name]) {
        return here[name];
      }
    } catch (e) {
      // A window of another site; one above it may still be the platform's.
    }
    if (here.parent === here) {
      return null;
    }
    here = here.parent;
  }
  return null;
}

// connect gives the platform, or null when there is none.
function connect(version) {
  const dialect = DIALECTS[version];
  const object = findObject(dialect.object);
  return object ? new Platform(dialect, object) : null;
}

class Platform {
  constructor(dialect, object) {
    this.dialect = dialect;
    this.object = object;
    this.ended = false;
    this.mode = "";
    this.silent = false; // nothing is to be recorded
  }

  // call gives what the platform answers, or null when it can't be reached.
  call(what, ...args) {
    try {
      const answer = this.object[this.dialect.names[what]](...args);
      return answer === null || answer === undefined ? "" : String(answer);
    } catch (e) {
      return null;
    }
  }

  // fault is the number of what went wrong in the last call, "0" when nothing did or when
  // the platform has no way of saying so.
  fault() {
    if (typeof this.object[this.dialect.names.fault] !== "function") {
      return "0";
    }
    const code = this.call("fault");
    return code === null || code === "" ? "unknown" : code;
  }

  // took reports whether an answer is a yes. Not every platform says it as SCORM wants.
  took(answer) {
    return answer === "true" || answer === "1" || (answer === "" && this.fault() === "0");
  }

  // get reads a value. One that was never set, or that this platform does not have, is
  // empty; null means that the platform does not answer.
  get(element) {
    const value = this.call("get", element);
    if (value === null || (value !== "" && value !== "false")) {
      return value;
    }
    const unset = ["0", "401", "402", "403"];
    return unset.includes(this.fault()) ? value : null;
  }

  set([element, value, optional]) {
    if (this.took(this.call("set", element, value))) {
      return true;
    }
    return Boolean(optional) && ["401", "402"].includes(this.fault());
  }

  // begin opens the session and gives what is known from an earlier one. It is null when
  // the platform refuses: nothing is told it then, lest what it knows be overwritten. A
  // session that was opened already is as good.
  begin() {
    this.call("begin", "");
    const d = this.dialect;
    const place = this.get(d.place);
    const note = this.get("cmi.suspend_data");
    const passed = this.get(d.passed[0]);
    const completed = this.get(d.completed[0]);
    if ([place, note, passed, completed].includes(null)) {
      this.ended = true;
      return null;
    }
    this.mode = this.get(d.mode);
    this.silent = ["browse", "review"].includes(this.mode);
    const score = this.get(d.score);
    return { place, note, score, passed: passed === d.passed[1], failed: passed === d.failed[1], completed: completed === d.completed[1] };
  }

  // tell says all there is to say, each time: what did not get through is made good by
  // the next call. It reports whether everything got through.
  tell(report) {
    if (this.ended || this.silent) {
      return !this.ended;
    }
    const took = this.dialect.values(report).map((value) => this.set(value));
    return this.took(this.call("commit", "")) && !took.includes(false);
  }

  // end closes the session; afterward nothing can be told.
  end(report) {
    if (this.ended) {
      return;
    }
    this.tell(report);
    this.call("end", "");
    this.ended = true;
  }
}
