// The pages: which there are, which is shown, and what the platform is told about it.

const byId = (id) => document.getElementById(id);

function start() {
  const key = JSON.parse(byId("key").textContent);
  const platform = connect(key.version);
  const known = platform ? platform.begin() : null;
  const module = new Module(key, platform);
  module.resume(known);
  window.addEventListener("hashchange", () => module.route(true));
  window.addEventListener("pagehide", () => module.leave());
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  document.addEventListener("visibilitychange", () => document.hidden && module.save());
}

class Module {
  constructor(key, platform) {
    this.key = key;
    this.platform = platform;
    this.state = freshState();
    this.page = "start";
    this.began = performance.now(); // never set back, as clocks are
    this.title = document.title;
    this.check = null;
    this.standing = ""; // a note that holds all the time
    byId("choose").hidden = false;
    byId("choose").addEventListener("submit", (event) => this.choose(event));
    byId("retry").addEventListener("click", () => this.retry());
    byId("toggle").addEventListener("click", () => this.toggle(byId("toggle").getAttribute("aria-expanded") !== "true"));
    byId("skip").addEventListener("click", (event) => {
      event.preventDefault();
      this.heading().focus();
    });
    byId("pause").hidden = !platform;
    if (!platform) {
      this.stand("You opened this module outside a learning platform. You can read all of it; your progress is not kept.");
    }
  }

  // resume goes on where the learner was.
  resume(known) {
    if (known) {
      this.state = stateOf(known.note, this.key);
      recall(this.state, known, this.key);
    }
    const part = this.state.part;
    if (part) {
      this.open(part);
      const pick = byId("choose").querySelector('[name="part"][value="' + part + '"]');
      if (pick) {
        pick.checked = true;
      } else {
        byId("choose").elements.part.value = part;
      }
    }
    const there = known && part && this.pages().some((page) => page.id === known.place);
    if (there && known.place !== "start") {
      this.note("Welcome back. You are where you left off.");
      history.replaceState(null, "", "#" + known.place);
    }
    if (this.platform && this.platform.silent) {
      const preview = this.platform.mode === "browse";
      this.stand(preview ? "This is a preview: nothing is recorded." : "You are looking at this module again. What is recorded does not change.");
    }
    this.route(false);
  }

  // choose takes the department that is picked, and begins.
  choose(event) {
    event.preventDefault();
    const part = byId("choose").elements.part.value;
    const missing = byId("missing");
    if (missing) {
      missing.textContent = part ? "" : "Please say where you work first.";
      invalid(byId("choose").querySelector("fieldset, select"), !part);
    }
    if (!part) {
      byId("choose").querySelector("input, select").focus();
      return;
    }
    if (part !== this.state.part || !this.check) {
      choosePart(this.state, part, this.key);
      this.open(part);
    }
    this.go(this.pages()[1].id);
  }

  go(id) {
    if (location.hash === "#" + id) {
      this.route(true);
    } else {
      location.hash = id;
    }
  }

  // open puts the pages of a department in.
  open(part) {
    const template = Array.from(document.querySelectorAll("template")).find((t) => t.dataset.part === part);
    byId("part").replaceChildren(template.content.cloneNode(true));
    const again = byId("again");
    if (again) {
      again.hidden = this.key.parts[part].right.length === 0;
    }
    this.check = byId("check") ? new Check(byId("check"), this.state, this.key, () => this.answered()) : null;
    byId("result").dataset.title = this.check ? "Your result" : "That is all";
  }

  // pages are the pages there are, in their order; before a department is chosen only
  // the first.
  pages() {
    const all = Array.from(document.querySelectorAll("main .page"));
    return this.state.part ? all : all.slice(0, 1);
  }

  heading() {
    return byId(this.page).querySelector("h1");
  }

  // route shows the page that the address names. moved says that the learner went there.
  route(moved) {
    const id = location.hash.slice(1);
    const found = this.pages().some((page) => page.id === id);
    this.show(found ? id : "start");
    if (moved) {
      this.note(this.page === "result" ? this.standing : "");
      this.heading().focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
    this.save();
  }

  show(id) {
    this.page = id;
    for (const page of document.querySelectorAll("main .page")) {
      page.hidden = page.id !== id;
    }
    if (id !== "start" && !this.state.seen.includes(id)) {
      this.state.seen.push(id);
    }
    if (id === "check" && this.check) {
      this.check.show();
    }
    if (id === "result") {
      this.conclude();
    }
    this.draw();
  }

  // draw brings everything around the page up to date.
  draw() {
    const pages = this.pages();
    const at = pages.findIndex((page) => page.id === this.page);
    const title = (page) => page.dataset.title;
    document.title = at === 0 ? this.title : title(pages[at]) + " - " + this.title;
    byId("where").textContent = at === 0 ? "" : "Page " + at + " of " + (pages.length - 1);
    byId("progress").style.width = (pages.length > 1 ? (100 * at) / (pages.length - 1) : 0) + "%";
    byId("contents").hidden = pages.length < 2;
    byId("list").replaceChildren(...pages.map((page, i) => this.entry(page, i === at)));
    this.toggle(false);
    const open = this.page === "check" && !scoreOf(this.state, this.key).all;
    byId("onward").hidden = at === 0;
    byId("next").hidden = at === pages.length - 1 || open;
    if (at > 0) {
      byId("back").href = "#" + pages[at - 1].id;
    }
    if (at < pages.length - 1) {
      byId("next").href = "#" + pages[at + 1].id;
      byId("next").textContent = "Next: " + title(pages[at + 1]);
    }
  }

  // entry is a line of the contents.
  entry(page, current) {
    const link = document.createElement("a");
    link.href = "#" + page.id;
    link.textContent = page.dataset.title;
    if (current) {
      link.setAttribute("aria-current", "page");
    }
    const item = document.createElement("li");
    if (page.id === "start" || this.state.seen.includes(page.id)) {
      item.className = "seen";
      const seen = document.createElement("span");
      seen.className = "unseen-text";
      seen.textContent = " (seen)";
      link.append(seen);
    }
    item.append(link);
    return item;
  }

  toggle(open) {
    byId("toggle").setAttribute("aria-expanded", String(open));
    byId("contents").classList.toggle("open", open);
  }

  answered() {
    settle(this.state, this.key);
    this.draw();
    this.save();
  }

  retry() {
    this.check.retry();
    this.go("check");
  }

  // conclude says how it went.
  conclude() {
    const unread = this.pages().filter((page) => !["start", "result"].includes(page.id) && !this.state.seen.includes(page.id)).map((page) => page.id);
    if (!this.check) {
      this.state.done = this.state.done || unread.length === 0;
      this.say("That is all", this.state.done ? "Thank you for reading. You have completed this module and can close it now." : "Some pages are still to be read:", "", unread);
      byId("score").hidden = byId("retry").hidden = true;
      return;
    }
    const score = scoreOf(this.state, this.key);
    const passed = hundredths(score) >= this.key.pass * 100;
    const missed = this.check.missed();
    const stays = this.state.passed && !passed ? " You have passed before, and that stays." : "";
    byId("score").textContent = score.right + " of " + score.of + " right";
    byId("retry").textContent = passed ? "Take the check again" : "Try again";
    byId("score").hidden = byId("retry").hidden = !score.all;
    if (!score.all) {
      this.say("Not there yet", "The check is still open." + stays, "", ["check"]);
    } else if (passed) {
      this.say("You have passed", "Well done. You can close the module now.", missed.length ? "Worth reading once more:" : "", missed);
    } else {
      const need = this.check.need === 1 ? "One right answer is" : this.check.need + " right answers are";
      this.say("Not quite there", need + " needed to pass." + stays, "Read this again, then have another go:", missed);
    }
  }

  // say fills the last page in.
  say(outcome, told, advice, pages) {
    byId("outcome").textContent = outcome;
    byId("told").textContent = told;
    byId("advice").textContent = advice;
    byId("advice").hidden = advice === "";
    byId("open").replaceChildren(...pages.map((id) => {
      const link = document.createElement("a");
      link.href = "#" + id;
      link.textContent = byId(id).dataset.title;
      const item = document.createElement("li");
      item.append(link);
      return item;
    }));
    byId("open").hidden = pages.length === 0;
  }

  // stand gives a note that is told first, and once more with the result.
  stand(text) {
    this.standing = text;
    this.note(text);
  }

  note(text) {
    byId("note").textContent = text;
    byId("note").hidden = text === "";
  }

  // lost says that the platform does not take what it is told, or no longer says so.
  lost(is) {
    if (byId("lost").hidden !== is) {
      return;
    }
    byId("lost").textContent = is ? "Your learning platform does not answer. You can read on, but what you do from here may not be recorded. Close the module and open it again from the platform." : "";
    byId("lost").hidden = !is;
  }

  report() {
    const seconds = Math.round((performance.now() - this.began) / 1000);
    return { place: this.page, note: noteOf(this.state, this.key), outcome: outcomeOf(this.state), score: tellableScore(this.state, this.key), seconds };
  }

  save() {
    if (this.platform) {
      this.lost(!this.platform.tell(this.report()));
    }
  }

  leave() {
    if (this.platform) {
      this.platform.end(this.report());
    }
  }
}
