"use strict";
(() => {
  const form = document.getElementById("form");
  const columns = JSON.parse(form.dataset.columns);
  const questions = [...form.querySelectorAll(".question")];
  const items = questions.filter((q) => "item" in q.dataset);
  const result = document.getElementById("result");
  const copy = document.getElementById("copy");
  const copyText = document.getElementById("copy-text");

  let unsaved = false; // answers changed since they were last saved
  let saved = false; // a file was made since the form was last empty
  let fileName = newFileName();

  // Random rather than dated: files of many people meet in one folder, and a
  // time could tell who wrote which. One name per respondent, so that a second
  // copy from the same person is seen to be one.
  function newFileName() {
    const number = crypto.getRandomValues(new Uint32Array(1))[0];
    return form.dataset.instrument + "-answers-" + number.toString(16).padStart(8, "0") + ".csv";
  }

  // Control characters and line breaks would make one answer look like two.
  function plain(text) {
    return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ").trim();
  }

  function answer(name) {
    const field = form.elements.namedItem(name);
    if (field.type === "number") {
      return field.value === "" ? "" : String(Number(field.value));
    }
    return field.type === "text" ? plain(field.value) : field.value;
  }

  function cell(text) {
    return /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  }

  function csv() {
    const header = columns.map(cell).join(",");
    // An empty line would be no row at all.
    const row = columns.map((_, i) => cell(answer("c" + i))).join(",") || '""';
    return header + "\n" + row + "\n";
  }

  function answered() {
    return items.filter((q) => answer(q.dataset.field) !== "").length;
  }

  function showProgress() {
    const n = answered();
    document.getElementById("count").textContent = n + " of " + items.length + " answered";
    document.getElementById("bar").value = n;
    for (const q of items) {
      const clear = q.querySelector(".clear");
      if (clear) {
        clear.hidden = answer(q.dataset.field) === "";
      }
    }
  }

  function say(...lines) {
    result.replaceChildren(...lines.map((line) => {
      const p = document.createElement("p");
      p.textContent = line;
      return p;
    }));
  }

  // Says what is wrong with a number, beside it.
  function checkNumber(field) {
    const ok = field.validity.valid;
    const kind = field.step === "1" ? "a whole number" : "a number";
    document.getElementById(field.id + "-error").textContent =
      ok ? "" : "Please type " + kind + " from " + field.min + " to " + field.max + ", or leave this empty.";
    if (ok) {
      field.removeAttribute("aria-invalid");
    } else {
      field.setAttribute("aria-invalid", "true");
    }
    return ok;
  }

  function save() {
    const wrong = [...form.querySelectorAll("input[type=number]")].filter((f) => !checkNumber(f));
    if (wrong.length > 0) {
      say("Nothing is saved yet. Please correct the number first, then save again.");
      wrong[0].focus();
      return;
    }
    const text = csv();
    const link = document.createElement("a");
    const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
    link.href = url;
    link.download = fileName;
    link.click();
    // Some browsers read the file only after the click has returned.
    setTimeout(() => URL.revokeObjectURL(url), 60000);
    unsaved = false;
    saved = true;
    copyText.value = text;
    copy.hidden = false;
    say(
      "Your file is ready: " + fileName + ", with " + answered() + " of " + items.length + " questions answered.",
      "Look for it where your browser keeps downloads. Hand it over the way you were asked to; nothing was sent.",
      "Do others use this device? Then choose “Clear all” now, and delete the file once it is handed over."
    );
  }

  function clearAll() {
    if (!confirm("Clear all your answers on this page? A file you have saved stays where it is.")) {
      return;
    }
    form.reset();
    form.querySelectorAll("input[type=number]").forEach(checkNumber);
    copyText.value = "";
    copy.hidden = true;
    copy.open = false;
    fileName = newFileName();
    unsaved = false;
    saved = false;
    showProgress();
    say("All answers on this page are cleared.");
  }

  function changed() {
    if (!unsaved && saved) {
      say("You changed an answer after saving. Save again, and hand over only the newest file.");
    }
    unsaved = true;
    showProgress();
  }

  function clearOne(question) {
    question.querySelectorAll("input").forEach((radio) => { radio.checked = false; });
    changed();
    question.querySelector("input").focus(); // the button that had it is gone
  }

  form.addEventListener("input", (event) => {
    if (event.target === copyText) {
      return;
    }
    if (event.target.type === "number" && event.target.hasAttribute("aria-invalid")) {
      checkNumber(event.target);
    }
    changed();
  });
  form.addEventListener("change", (event) => {
    if (event.target.type === "number") {
      checkNumber(event.target);
    }
  });
  form.addEventListener("click", (event) => {
    const clear = event.target.closest(".clear");
    if (clear) {
      clearOne(clear.closest(".question"));
    }
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("save").addEventListener("click", save);
  document.getElementById("clear").addEventListener("click", clearAll);
  copyText.addEventListener("focus", () => copyText.select());
  addEventListener("beforeunload", (event) => {
    if (unsaved) {
      event.preventDefault();
      event.returnValue = true; // older browsers ask only when this is set
    }
  });

  // A browser may bring answers back when the page is opened again.
  addEventListener("pageshow", showProgress);
  showProgress();
})();
