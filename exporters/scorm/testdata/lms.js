// A learning platform for tests: a window with the run-time interface of scorm-again, and
// the module in a frame of it. What the platform keeps between visits is what SCORM says
// it must.
"use strict";

const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");

const API = { "1.2": "API", "2004": "API_1484_11" };

// window of the platform; it launches the module when it is told to.
function lmsPage(version, dir) {
  return `<!doctype html><html lang="en"><title>Platform</title><script src="/scorm-again/${version}.js"></script>
<iframe name="module" title="Module" style="position:fixed;inset:0;width:100%;height:100%;border:0"></iframe>
<script>
window.faults = [];
window.launch = (kept) => {
  const api = new ${version === "1.2" ? "Scorm12API" : "Scorm2004API"}({
    autocommit: false, lmsCommitUrl: false, mastery_override: true, logLevel: 4,
    onLogMessage: (level, text) => window.faults.push(text) });
  if (kept) api.loadFromJSON(kept);
  window.${API[version]} = api;
  return show("/package/${dir}/index.html");
};
window.leave = () => show("about:blank");
window.show = (address) => new Promise((done) => {
  const frame = document.querySelector("iframe");
  frame.addEventListener("load", () => done(), { once: true });
  frame.src = address;
});
</script>`;
}

// serve serves the platform and the packages, which are folders by name.
function serve(modules, packages) {
  const dist = path.join(modules, "node_modules", "scorm-again", "dist");
  const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".xml": "text/xml" };
  const server = http.createServer((request, response) => {
    const [, what, name, file] = decodeURIComponent(new URL(request.url, "http://x").pathname).split("/");
    const send = (type, body) => response.setHeader("content-type", type).end(body);
    if (what === "lms") return send(types[".html"], lmsPage(name, file));
    if (what === "scorm-again") return send(types[".js"], fs.readFileSync(path.join(dist, name === "1.2.js" ? "scorm12.js" : "scorm2004.js")));
    if (what === "package" && packages[name] && fs.existsSync(path.join(packages[name], file))) {
      return send(types[path.extname(file)], fs.readFileSync(path.join(packages[name], file)));
    }
    if (what === "favicon.ico") return send("image/x-icon", "");
    response.statusCode = 404;
    response.end();
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}

// seen is what the platform knows, in one form for both versions.
function seen(version) {
  const json = (x) => JSON.parse(JSON.stringify(x));
  if (version === "1.2") {
    const cmi = json(window.API.cmi), core = cmi.core;
    return { status: core.lesson_status, score: core.score.raw, min: core.score.min, max: core.score.max, place: core.lesson_location,
      note: cmi.suspend_data, time: core.session_time || window.API.cmi.core._session_time, exit: core.exit || window.API.cmi.core._exit,
      ended: window.API.isTerminated(), faults: window.faults };
  }
  const api = window.API_1484_11, cmi = json(api.cmi);
  return { status: cmi.success_status, completion: cmi.completion_status, score: cmi.score.raw, scaled: cmi.score.scaled, min: cmi.score.min, max: cmi.score.max,
    place: cmi.location, note: cmi.suspend_data, time: cmi.session_time, exit: cmi.exit, ended: api.isTerminated(), faults: window.faults };
}

// kept is what a platform gives back on the next visit of the same attempt.
function kept(version, known, pass) {
  if (version === "1.2") {
    return { suspend_data: known.note, student_data: { mastery_score: known.least === undefined ? String(pass) : known.least },
      core: { entry: "resume", lesson_status: known.status, lesson_location: known.place, credit: "credit", lesson_mode: "normal", score: { raw: known.score, min: known.min, max: known.max } } };
  }
  return { suspend_data: known.note, location: known.place, entry: "resume", completion_status: known.completion, success_status: known.status,
    scaled_passing_score: known.least === undefined ? String(pass / 100) : known.least, credit: "credit", mode: "normal", score: { raw: known.score, scaled: known.scaled, min: known.min, max: known.max } };
}

module.exports = { serve, seen, kept };
