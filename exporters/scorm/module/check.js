// invalid marks a field for those who do not see the words beside it.
function invalid(field, is) {
  if (is) {
    field.setAttribute("aria-invalid", "true");
  } else {
    field.removeAttribute("aria-invalid");
  }
}

// Check is the check: one question at a time, each answered once a try, with its answer
// told at once.
class Check {
  // changed is called after each answer.
  constructor(page, state, key, changed) {
    this.state = state;
    this.right = key.parts[state.part].right;
    this.changed = changed;
    this.questions = Array.from(page.querySelectorAll(".question"));
    this.questions.forEach((question, i) => this.listen(question, i));
    this.need = Math.ceil((key.pass * this.right.length) / 100);
    page.querySelector("#rule").textContent = this.rule();
    this.show();
  }

  // rule says what it takes to pass.
  rule() {
    const count = this.right.length;
    if (count === 1) {
      return "Answer one question. You can try as often as you like.";
    }
    const need = this.need === count ? "all of them" : this.need;
    return "Answer " + count + " questions. To pass, get " + need + " right. You can try as often as you like.";
  }

  listen(question, i) {
    question.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.answer(question, i);
    });
    question.querySelector(".go-on").addEventListener("click", () => this.goOn());
  }

  answered(i) {
    return this.state.answers[i] !== UNANSWERED;
  }

  // answer takes the option that is picked.
  answer(question, i) {
    const picked = question.querySelector("input:checked");
    question.querySelector(".missing").textContent = picked ? "" : "Please pick an answer first.";
    invalid(question.querySelector("fieldset"), !picked);
    if (!picked) {
      question.querySelector("input").focus();
      return;
    }
    this.state.answers = this.state.answers.slice(0, i) + picked.value + this.state.answers.slice(i + 1);
    this.tell(question, i);
    question.querySelector(".go-on").hidden = false;
    question.querySelector(".feedback").focus();
    this.changed();
  }

  // tell shows what became of a question that was answered.
  tell(question, i) {
    const given = this.state.answers[i];
    const right = String(this.right[i]) === given;
    for (const input of question.querySelectorAll("input")) {
      input.checked = input.value === given;
      input.disabled = true;
      const label = input.closest("label");
      label.classList.toggle("right", input.value === String(this.right[i]));
      label.classList.toggle("wrong", input.checked && !right);
    }
    const answer = question.querySelector('input[value="' + this.right[i] + '"]').nextElementSibling.textContent;
    question.querySelector(".verdict").textContent = right ? "That is right." : "Not quite.";
    question.querySelector(".answer").textContent = right ? "" : "The answer is: " + answer;
    question.querySelector(".reread").hidden = right;
    const link = question.querySelector(".reread a");
    link.textContent = document.getElementById(question.dataset.page).dataset.title;
    question.querySelector(".feedback").hidden = false;
    question.querySelector("button[type=submit]").hidden = true;
  }

  // clear makes a question as if it had never been answered.
  clear(question) {
    question.querySelector("form").reset();
    question.querySelector(".missing").textContent = "";
    invalid(question.querySelector("fieldset"), false);
    for (const input of question.querySelectorAll("input")) {
      input.checked = false;
      input.disabled = false;
      input.closest("label").classList.remove("right", "wrong");
    }
    question.querySelector(".feedback").hidden = true;
    question.querySelector("button[type=submit]").hidden = false;
  }

  // show shows the first question that is open; when none is, all with their answers.
  show() {
    const open = this.questions.findIndex((_, i) => !this.answered(i));
    this.questions.forEach((question, i) => {
      question.hidden = open >= 0 && i !== open;
      question.querySelector(".go-on").hidden = true;
      if (this.answered(i)) {
        this.tell(question, i);
      } else {
        this.clear(question);
      }
    });
    return open;
  }

  goOn() {
    const open = this.show();
    if (open < 0) {
      location.hash = "result";
      return;
    }
    this.questions[open].querySelector("legend").focus();
    window.scrollTo(0, 0);
  }

  // missed are the pages that have what was answered wrong.
  missed() {
    const pages = this.questions.filter((_, i) => this.answered(i) && this.state.answers[i] !== String(this.right[i])).map((q) => q.dataset.page);
    return pages.filter((page, i) => pages.indexOf(page) === i);
  }

  retry() {
    this.state.answers = UNANSWERED.repeat(this.right.length);
    this.show();
  }
}
