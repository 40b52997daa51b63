// Runs packages in Chromium, on a platform and without one, and prints what is wrong as
// JSON: a list of problems for each case. Usage: node browser.js MODULES CONFIG, where
// CONFIG has packages (folders by name), pass, chromium, and shots, a folder for pictures.
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const assert = require("node:assert/strict");
const { pathToFileURL } = require("node:url");
const { serve, seen, kept } = require("./lms.js");

const modules = process.argv[2];
const config = JSON.parse(process.argv[3]);
const load = (name) => require(path.join(modules, "node_modules", name));
const { chromium } = load("playwright-core");

class Run {
  constructor(browser, base) {
    this.browser = browser;
    this.base = base;
  }

  // open gives a window that notes everything that goes wrong in it: the one that all
  // cases share, or one of its own where a case has options.
  async open(options) {
    if (this.shared && !options) return this.shared;
    const context = await this.browser.newContext({ viewport: { width: 390, height: 844 }, ...options });
    const page = await context.newPage();
    if (!options) this.shared = page;
    page.setDefaultTimeout(4000);
    page.wrong = [];
    page.on("pageerror", (error) => page.wrong.push("error: " + error.message));
    page.on("requestfailed", (request) => page.wrong.push("failed: " + request.url()));
    page.on("response", (response) => response.status() >= 400 && page.wrong.push(response.status() + ": " + response.url()));
    page.on("console", (message) => message.type() === "error" && page.wrong.push("console: " + message.text()));
    return page;
  }

  async close(page) {
    if (page !== this.shared) await page.context().close();
    assert.deepEqual(page.wrong.splice(0), []);
  }

  // visit launches a package on the platform, does something, leaves, and gives what the
  // platform knows then.
  async visit(version, dir, known, work) {
    const page = await this.open();
    await page.goto(this.base + "/lms/" + version + "/" + dir);
    await page.evaluate((k) => window.launch(k), known ? kept(version, known, config.pass) : null);
    const frame = page.frame({ name: "module" });
    await frame.waitForSelector("h1:visible");
    await work(frame, page);
    await page.evaluate(() => window.leave());
    const now = await page.evaluate(seen, version);
    await this.close(page);
    assert.equal(now.ended, true, "the session is ended");
    assert.equal(now.exit, "suspend");
    assert.match(now.time, version === "1.2" ? /^\d{2,4}:\d\d:\d\d$/ : /^PT\d+S$/);
    assert.deepEqual(now.faults, []);
    return now;
  }
}

const heading = (frame) => frame.locator(".page:not([hidden]) h1").innerText();

// choose picks a department on the first page and begins.
function choose(frame, part) {
  return frame.evaluate((value) => {
    const pick = document.querySelector(`input[value="${value}"]`);
    pick.click();
    pick.form.querySelector("button").click();
    return new Promise((done) => setTimeout(done));
  }, part);
}

// goTo goes to a page, as a link would.
const goTo = (frame, id) => frame.evaluate((to) => {
  location.hash = to;
  return new Promise((done) => setTimeout(done));
}, id);

// answer answers the question that is shown, as a click would.
function answer(frame, part, right) {
  return frame.evaluate(([part, right]) => {
    const key = JSON.parse(document.getElementById("key").textContent);
    const question = Array.from(document.querySelectorAll(".question:not([hidden])")).find((q) => q.querySelector(".feedback").hidden);
    const good = key.parts[part].right[Number(question.querySelector("input").name.split("-")[1])];
    question.querySelector(`input[value="${right ? good : (good + 1) % 3}"]`).click();
    question.querySelector("button[type=submit]").click();
    if (question.querySelector(".verdict").textContent !== (right ? "That is right." : "Not quite.")) throw new Error("wrong verdict");
  }, [part, right]);
}

const goOn = (frame) => frame.evaluate(() => document.querySelector(".go-on:not([hidden])").click());

// answers answers all questions that are open, so many of them wrong.
async function answers(frame, part, wrong) {
  await goTo(frame, "check");
  const count = await frame.evaluate(() => document.querySelectorAll(".question").length);
  for (let i = 0; i < count; i++) {
    await answer(frame, part, i >= wrong);
    await goOn(frame);
  }
  await frame.waitForSelector("#result:not([hidden])");
}

const part = "front-desk"; // has eight questions
const passes = { "1.2": { status: "passed" }, "2004": { status: "passed", completion: "completed" } };
const fails = { "1.2": { status: "failed" }, "2004": { status: "failed", completion: "completed" } };
const begun = { "1.2": { status: "incomplete" }, "2004": { status: "unknown", completion: "incomplete" } };

function knows(now, want, what) {
  for (const [name, value] of Object.entries(want)) {
    assert.equal(String(now[name]), String(value), what + ": " + name);
  }
}

// onPlatform are the cases for a version of SCORM.
function onPlatform(version) {
  const full = version === "1.2" ? {} : { scaled: 1 };
  return {
    async "pass"(run) {
      const now = await run.visit(version, version, null, async (frame) => {
        assert.equal(await frame.locator("#note").isHidden(), true);
        await choose(frame, part);
        assert.equal(await heading(frame), "What we promise");
        await answers(frame, part, 1);
        assert.equal(await heading(frame), "You have passed");
        assert.equal(await frame.locator("#score").innerText(), "7 of 8 right");
      });
      knows(now, { ...passes[version], score: 87.5, min: 0, max: 100, place: "result", ...(version === "2004" ? { scaled: 0.875 } : {}) }, "7 of 8");
    },
    async "fail, try again, pass, and stay passed"(run) {
      let now = await run.visit(version, version, null, async (frame) => {
        await choose(frame, part);
        await answers(frame, part, 2);
        assert.equal(await heading(frame), "Not quite there");
      });
      knows(now, { ...fails[version], score: 75 }, "6 of 8");
      now = await run.visit(version, version, now, async (frame) => {
        assert.equal(await heading(frame), "Not quite there");
        await frame.getByRole("button", { name: "Try again" }).click();
        await answers(frame, part, 0);
      });
      knows(now, { ...passes[version], score: 100, ...full }, "8 of 8");
      now = await run.visit(version, version, now, async (frame) => {
        assert.equal(await heading(frame), "You have passed");
        await frame.getByRole("button", { name: "Take the check again" }).click();
        await answers(frame, part, 5);
        assert.equal(await frame.locator("#told").innerText(), "7 right answers are needed to pass. You have passed before, and that stays.");
      });
      knows(now, { ...passes[version], score: 100, ...full }, "after a worse try");
    },
    async "leave and resume"(run) {
      let now = await run.visit(version, version, null, async (frame) => { await frame.waitForTimeout(10); });
      knows(now, { ...begun[version], place: "start" }, "at once");
      now = await run.visit(version, version, now, async (frame) => {
        await choose(frame, part);
        await goTo(frame, "check");
        for (const right of [true, false]) {
          await answer(frame, part, right);
          await goOn(frame);
        }
      });
      knows(now, { ...begun[version], place: "check" }, "midway");
      now = await run.visit(version, version, now, async (frame) => {
        assert.equal(await heading(frame), "Short check");
        assert.equal(await frame.locator("#note").innerText(), "Welcome back. You are where you left off.");
        assert.match(await frame.locator(".question:not([hidden]) .number").innerText(), /^Question 3 of 8/);
        await goTo(frame, "start");
        assert.equal(await frame.locator(`input[name=part][value="${part}"]`).isChecked(), true);
        await goTo(frame, "check");
        for (let i = 2; i < 8; i++) {
          await answer(frame, part, true);
          await goOn(frame);
        }
      });
      knows(now, { ...passes[version], score: 87.5 }, "after all");
    },
    async "a note that can't be used"(run) {
      const base = { status: version === "1.2" ? "incomplete" : "unknown", completion: "incomplete", place: "check", score: "", scaled: "", min: "", max: "" };
      for (const note of ["{}", "1|__proto__|0|promise|0||0", "2|front-desk|0|promise|01|0|1"]) {
        const now = await run.visit(version, version, { ...base, note }, async (frame) => {
          assert.equal(await heading(frame), "Service at Wrenmoor Hotels");
          assert.equal(await frame.locator("input:checked").count(), 0);
        });
        knows(now, { ...begun[version], place: "start" }, note);
      }
      await run.visit(version, version, { ...base, note: "1|front-desk|00000000|promise nonsense|01230123|x|0" }, async (frame) => {
        assert.equal(await heading(frame), "Short check", "the questions are others than they were");
        assert.match(await frame.locator(".question:not([hidden]) .number").innerText(), /^Question 1 of/);
      });
    },
    async "passed, and the note is lost"(run) {
      for (const score of ["90", ""]) {
        const scaled = score ? String(score / 100) : "";
        const known = { ...passes[version], place: "", note: "", score, scaled, min: "", max: "", ...(score ? {} : { least: "" }) };
        const now = await run.visit(version, version, known, async (frame) => {
          await choose(frame, part);
          await answers(frame, part, 8);
        });
        knows(now, { ...passes[version], score }, "known score " + score);
      }
    },
    async "a score that the platform begins with is none"(run) {
      const known = { status: version === "1.2" ? "incomplete" : "unknown", completion: "incomplete", place: "", note: "", score: "0", scaled: "", min: "", max: "", least: "" };
      const now = await run.visit(version, version, known, async (frame) => { await choose(frame, part); });
      knows(now, begun[version], "begun");
    },
    async "passed, and then a department without questions"(run) {
      const known = { ...passes[version], place: "", score: "", scaled: "", min: "", max: "", least: "" };
      let now = await run.visit(version, "mixed-" + version, null, async (frame) => {
        await choose(frame, "desk");
        await answers(frame, "desk", 0);
      });
      knows(now, { ...passes[version], score: 100 }, "passed");
      assert.match(now.note, /\|2$/);
      for (const before of [now, { ...known, note: "" }]) {
        now = await run.visit(version, "mixed-" + version, before, async (frame) => {
          await goTo(frame, "start");
          await choose(frame, "_");
          await goTo(frame, "result");
          assert.match(await frame.locator("#told").innerText(), /You have completed this module/);
        });
        knows(now, passes[version], "in another department");
      }
      knows(await run.visit(version, "mixed-" + version, { ...known, status: version === "1.2" ? "incomplete" : "unknown", completion: "incomplete", note: now.note }, async () => {}), passes[version], "by the note alone");
    },
    async "what was completed is never incomplete"(run) {
      const known = { status: version === "1.2" ? "completed" : "unknown", completion: "completed", place: "", note: "", score: "", scaled: "", min: "", max: "" };
      for (const note of ["", "1|front-desk|00000000|promise|01230123||0"]) {
        const now = await run.visit(version, version, { ...known, note }, async (frame) => { await choose(frame, part); });
        knows(now, version === "1.2" ? { status: "completed" } : { completion: "completed", status: "unknown" }, "note " + note);
      }
    },
    async "a clock that is set back"(run) {
      const now = await run.visit(version, version, null, async (frame) => {
        await frame.evaluate(() => { Date.now = () => 0; });
      });
      assert.match(now.time, version === "1.2" ? /^(00)?00:00:\d\d$/ : /^PT\d+S$/);
    },
    async "other department"(run) {
      const now = await run.visit(version, version, null, async (frame) => {
        await choose(frame, part);
        await goTo(frame, "check");
        await answer(frame, part, true);
        await goTo(frame, "start");
        await choose(frame, "_");
        await goTo(frame, "check");
        assert.match(await frame.locator(".question:not([hidden]) .number").innerText(), /^Question 1 of/);
      });
      assert.match(now.note, /^1\|_\|[0-9a-f]{8}\|promise check\|-+\|\|0$/);
    },
    async "read to the end where there is no check"(run) {
      const now = await run.visit(version, "plain-" + version, null, async (frame) => {
        await frame.getByRole("button", { name: "Begin" }).click();
        await frame.getByRole("link", { name: "Next: That is all" }).click();
        assert.match(await frame.locator("#told").innerText(), /You have completed this module/);
      });
      knows(now, version === "1.2" ? { status: "completed" } : { completion: "completed", status: "unknown" }, "read");
    },
    async "a long and foreign text"(run) {
      const now = await run.visit(version, "large-" + version, null, async (frame) => {
        const first = await frame.locator("select option").nth(1).getAttribute("value");
        await frame.locator("select").selectOption(first);
        await frame.getByRole("button", { name: "Begin" }).click();
        for (const id of ["promise", "standards", "department", "check"]) {
          await goTo(frame, id);
          assert.equal(await frame.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), true, id + " fits the window");
        }
        await answers(frame, first, 1);
        assert.equal(await frame.evaluate(() => window.injected), undefined);
      });
      assert.ok(now.note.length > 60 && now.note.length <= 4096, now.note.length + " characters");
      assert.ok(now.place.length <= 255);
    },
    async "a platform that is lost and comes back"(run) {
      const page = await run.open();
      await page.goto(run.base + "/lms/" + version + "/" + version);
      await page.evaluate(() => window.launch(null));
      const frame = page.frame({ name: "module" });
      await choose(frame, part);
      assert.equal(await frame.locator("#lost").isHidden(), true);
      const name = version === "1.2" ? "API" : "API_1484_11";
      const calls = version === "1.2" ? ["LMSSetValue", "LMSCommit"] : ["SetValue", "Commit"];
      for (const how of ["() => 'false'", "() => { throw new Error('gone') }"]) {
        for (const call of calls) {
          await page.evaluate(([n, c, h]) => { window[n]["kept" + c] = window[n][c]; window[n][c] = eval(h); }, [name, call, how]);
          await frame.getByRole("link", { name: /^Next/ }).click();
          await frame.locator("#lost:visible").waitFor();
          await page.evaluate(([n, c]) => { window[n][c] = window[n]["kept" + c]; }, [name, call]);
          await frame.getByRole("link", { name: "Back", exact: true }).click();
          await frame.locator("#lost").waitFor({ state: "hidden" });
        }
      }
      await run.close(page);
    },
    async "a platform that refuses the session is not written to"(run) {
      const page = await run.open();
      await page.goto(run.base + "/lms/" + version + "/" + version);
      await page.evaluate((v) => {
        const told = window.told = [];
        const no = () => "false";
        const note = (...a) => { told.push(a); return "true"; };
        window[v === "1.2" ? "API" : "API_1484_11"] = v === "1.2"
          ? { LMSInitialize: no, LMSGetValue: () => "", LMSGetLastError: () => "301", LMSSetValue: note, LMSCommit: note, LMSFinish: note }
          : { Initialize: no, GetValue: () => "", GetLastError: () => "122", SetValue: note, Commit: note, Terminate: note };
        return window.show("/package/" + v + "/index.html");
      }, version);
      const frame = page.frame({ name: "module" });
      await frame.locator("#lost:visible").waitFor();
      await choose(frame, part);
      await page.evaluate(() => window.leave());
      assert.deepEqual(await page.evaluate(() => window.told), []);
      await run.close(page);
    },
    async "a platform that says yes in its own way"(run) {
      const page = await run.open();
      for (const yes of ["1", true, ""]) {
        await page.goto(run.base + "/lms/" + version + "/" + version);
        await page.evaluate(([v, yes]) => {
          window.told = {};
          const set = (name, value) => { window.told[name] = value; return yes; };
          const get = (name) => window.told[name] || (/status/.test(name) ? "unknown" : "");
          const say = () => yes;
          const fault = yes === "" ? { LMSGetLastError: () => "0", GetLastError: () => 0 } : {};
          window[v === "1.2" ? "API" : "API_1484_11"] = v === "1.2"
            ? { ...fault, LMSInitialize: say, LMSGetValue: get, LMSSetValue: set, LMSCommit: say, LMSFinish: say }
            : { ...fault, Initialize: say, GetValue: get, SetValue: set, Commit: say, Terminate: say };
          return window.show("/package/" + v + "/index.html");
        }, [version, yes]);
        const frame = page.frame({ name: "module" });
        await choose(frame, part);
        assert.equal(await frame.locator("#lost").isHidden(), true, "yes is " + JSON.stringify(yes));
        const place = version === "1.2" ? "cmi.core.lesson_location" : "cmi.location";
        assert.equal(await page.evaluate((p) => window.told[p], place), "promise");
      }
      await run.close(page);
    },
    async "a value is trusted where the last fault is not told"(run) {
      const page = await run.open();
      await page.goto(run.base + "/lms/" + version + "/" + version);
      await page.evaluate((v) => {
        const say = () => "true";
        const get = (name) => (/location/.test(name) ? "promise" : /status/.test(name) ? "incomplete" : "1|front-desk|0|promise|||0");
        window[v === "1.2" ? "API" : "API_1484_11"] = v === "1.2"
          ? { LMSGetLastError: () => { throw new Error("none"); }, LMSInitialize: say, LMSGetValue: get, LMSSetValue: say, LMSCommit: say, LMSFinish: say }
          : { GetLastError: () => { throw new Error("none"); }, Initialize: say, GetValue: get, SetValue: say, Commit: say, Terminate: say };
        return window.show("/package/" + v + "/index.html");
      }, version);
      const frame = page.frame({ name: "module" });
      await frame.waitForSelector("h1:visible");
      assert.equal(await heading(frame), "What we promise");
      assert.equal(await frame.locator("#lost").isHidden(), true);
      await run.close(page);
    },
    async "a preview says so"(run) {
      const page = await run.open();
      await page.goto(run.base + "/lms/" + version + "/" + version);
      await page.evaluate((v) => window.launch(v === "1.2" ? { core: { lesson_mode: "browse" } } : { mode: "browse" }), version);
      const frame = page.frame({ name: "module" });
      await frame.waitForSelector("#note:visible");
      assert.equal(await frame.locator("#note").innerText(), "This is a preview: nothing is recorded.");
      await run.close(page);
    },
    async "a visit to look again records nothing"(run) {
      const page = await run.open();
      await page.goto(run.base + "/lms/" + version + "/" + version);
      await page.evaluate((v) => window.launch(v === "1.2" ? { core: { lesson_mode: "review" } } : { mode: "review" }), version);
      const frame = page.frame({ name: "module" });
      await frame.waitForSelector("#note:visible");
      assert.match(await frame.locator("#note").innerText(), /^You are looking at this module again/);
      await choose(frame, part);
      assert.equal(await frame.locator("#note").isHidden(), true);
      await answers(frame, part, 0);
      assert.match(await frame.locator("#note").innerText(), /^You are looking at this module again/);
      await page.evaluate(() => window.leave());
      const now = await page.evaluate(seen, version);
      knows(now, { note: "", place: "", score: "", ended: true }, "review");
      await run.close(page);
    },
  };
}

// alone are the cases without a platform.
const alone = {
  async "opened from disk"(run) {
    const page = await run.open();
    await page.goto(pathToFileURL(path.join(config.packages["1.2"], "index.html")).href);
    assert.match(await page.locator("#note").innerText(), /your progress is not kept/);
    await choose(page, part);
    await answers(page, part, 0);
    assert.equal(await heading(page), "You have passed");
    await run.close(page);
  },
  async "in a window that the platform opened"(run) {
    const page = await run.open();
    await page.goto(run.base + "/lms/1.2/1.2");
    await page.evaluate(() => { window.API = new Scorm12API({ autocommit: false, lmsCommitUrl: false, logLevel: 5 }); });
    const [popup] = await Promise.all([page.context().waitForEvent("page"), page.evaluate(() => { window.open("/package/1.2/index.html"); })]);
    await popup.waitForSelector("h1:visible");
    assert.equal(await popup.locator("#note").isHidden(), true);
    await choose(popup, part);
    await popup.close({ runBeforeUnload: false });
    await page.waitForFunction(() => window.API.cmi.core.lesson_location === "promise");
    await run.close(page);
  },
  async "by keyboard alone"(run) {
    const page = await run.open();
    await page.goto(pathToFileURL(path.join(config.packages["1.2"], "index.html")).href);
    const press = async (...keys) => { for (const key of keys) await page.keyboard.press(key); };
    const focused = () => page.evaluate(() => document.activeElement.textContent.trim() || document.activeElement.value);
    await press("Tab");
    assert.equal(await focused(), "Skip to the text");
    await press("Enter", "Tab", "Space", "ArrowDown", "Tab");
    assert.equal(await focused(), "Begin");
    await press("Enter");
    assert.equal(await focused(), "What we promise", "the heading has the focus");
    for (let pages = 0; !(await page.locator("#check").isVisible()); pages++) {
      assert.ok(pages < 6, "the check is never reached");
      while (!(await focused()).startsWith("Next:")) await press("Tab");
      await press("Enter");
      await page.waitForTimeout(20);
    }
    for (let i = 0; i < 8; i++) {
      while ((await page.evaluate(() => document.activeElement.type)) !== "radio") await press("Tab");
      await press("Space", "Tab", "Enter");
      assert.match(await focused(), /^(That is right|Not quite)/, "the answer has the focus");
      while ((await focused()) !== "Go on") await press("Tab");
      await press("Enter");
      await page.waitForTimeout(20);
    }
    assert.ok(await page.locator("#result").isVisible());
    await run.close(page);
  },
  async "an answer has to be picked"(run) {
    const page = await run.open();
    await page.goto(pathToFileURL(path.join(config.packages["1.2"], "index.html")).href);
    await page.getByRole("button", { name: "Begin" }).click();
    assert.equal(await page.locator("#missing").innerText(), "Please say where you work first.");
    const group = (name) => page.getByRole("radiogroup", { name });
    const described = (of) => of.evaluate((e) => e.getAttribute("aria-invalid") + " " + document.getElementById(e.getAttribute("aria-describedby")).textContent);
    assert.equal(await described(group("Where do you work?")), "true Please say where you work first.");
    await choose(page, part);
    await goTo(page, "start");
    assert.equal(await described(group("Where do you work?")), "null ");
    await goTo(page, "check");
    await page.getByRole("button", { name: "Check my answer" }).click();
    assert.equal(await page.locator(".question:not([hidden]) .missing").innerText(), "Please pick an answer first.");
    assert.equal(await described(group(/^Question 1 of 8/)), "true Please pick an answer first.");
    await answer(page, part, true);
    assert.equal(await described(page.locator(".question:not([hidden]) fieldset")), "null ");
    await run.close(page);
  },
};

alone["without JavaScript"] = async (run) => {
  const page = await run.open({ javaScriptEnabled: false });
  await page.goto(pathToFileURL(path.join(config.packages["1.2"], "index.html")).href);
  assert.match(await page.locator("noscript").innerText(), /^Without JavaScript you see only what holds for everybody/);
  for (const id of ["promise", "standards"]) assert.ok(await page.locator("#" + id).isVisible(), id);
  for (const id of ["choose", "result"]) assert.ok(await page.locator("#" + id).isHidden(), id);
  await page.context().close();
};
alone["from right to left"] = async (run) => {
  const page = await run.open();
  await page.goto(pathToFileURL(path.join(config.packages["1.2"], "index.html")).href);
  await choose(page, part);
  await goTo(page, "standards");
  const insets = await page.evaluate(() => {
    const item = document.querySelector(".behaviors li");
    item.dir = "rtl";
    const mark = getComputedStyle(item, "::before"), text = getComputedStyle(item);
    return [mark.right, text.paddingRight, text.paddingLeft];
  });
  assert.deepEqual(insets, ["4px", "24px", "0px"]);
  await run.close(page);
};

// sizes and schemes in which every page is looked at.
const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };
const schemes = ["light", "dark"];

// looks checks every page for faults of accessibility, and takes pictures.
async function looks(run) {
  const page = await run.open({ bypassCSP: true, reducedMotion: "reduce" }); // the checker has to be let in
  await page.addInitScript(fs.readFileSync(path.join(modules, "node_modules", "axe-core", "axe.min.js"), "utf8"));
  await page.goto(pathToFileURL(path.join(config.packages["1.2"], "index.html")).href);
  const faults = [];
  const check = async (what) => {
    for (const [size, viewport] of Object.entries(sizes)) {
      await page.setViewportSize(viewport);
      for (const colorScheme of schemes) {
        const name = [what, size, colorScheme].join("-");
        await page.emulateMedia({ colorScheme });
        if (config.shots) await page.screenshot({ path: path.join(config.shots, name + ".png"), fullPage: true });
        faults.push(...(await page.evaluate(faultsHere, colorScheme)).map((fault) => name + ": " + fault));
      }
    }
    await page.setViewportSize(sizes.phone);
  };
  await check("1-start");
  await choose(page, part);
  for (const [i, id] of ["promise", "standards", "department", "findings", "check"].entries()) {
    await goTo(page, id);
    assert.ok(await page.locator("#" + id).isVisible());
    await check(i + 2 + "-" + id);
  }
  await answer(page, part, false);
  await check("7-wrong");
  await goOn(page);
  await answer(page, part, true);
  await check("8-right");
  await goOn(page);
  for (let i = 2; i < 8; i++) {
    await answer(page, part, i > 3);
    await goOn(page);
  }
  await page.waitForSelector("#result:not([hidden])");
  await page.locator("#toggle").click();
  await check("9-result");
  if (config.shots) {
    await page.emulateMedia({ media: "print", colorScheme: "light" });
    await page.screenshot({ path: path.join(config.shots, "print.png"), fullPage: true });
  }
  await run.close(page);
  assert.deepEqual(faults, []);
}

// faultsHere are the faults of the page that is shown. The dark one differs from the
// light one in colors only.
async function faultsHere(scheme) {
  const found = await window.axe.run(document, { resultTypes: ["violations"], ...(scheme === "dark" ? { runOnly: ["color-contrast"] } : {}) });
  const told = found.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.html.slice(0, 120) + " " + n.any.map((a) => a.message).join("; ")).join(" | "));
  const root = document.documentElement;
  return root.scrollWidth > root.clientWidth ? told.concat("wider than the window") : told;
}

async function main() {
  const server = await serve(modules, config.packages);
  const args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  const browser = await chromium.launch({ executablePath: config.chromium, args });
  const run = new Run(browser, "http://127.0.0.1:" + server.address().port);
  const cases = [];
  for (const version of ["1.2", "2004"]) {
    for (const [name, work] of Object.entries(onPlatform(version))) cases.push([version + ": " + name, work]);
  }
  for (const [name, work] of Object.entries(alone)) cases.push([name, work]);
  cases.push(["looks", looks]);
  const results = [];
  for (const [name, work] of cases) {
    if (config.only && !name.includes(config.only)) continue;
    const began = Date.now();
    const problem = await work(run).then(() => "", (error) => error.stack || String(error));
    results.push({ name, problem, ms: Date.now() - began });
  }
  await browser.close();
  server.close();
  console.log(JSON.stringify(results));
}

main().catch((error) => { console.error(error); process.exit(1); });
