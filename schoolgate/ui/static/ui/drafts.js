// Saves a form marked data-draft to the server. Nothing is kept in the browser, which others may use.
const pause = 3_000;
const retry = 15_000;

class Draft {
  constructor(form) {
    this.form = form;
    this.status = form.querySelector("[data-draft-status]");
    this.timer = 0;
    this.changed = false;
    this.sent = false;
    this.leaving = false;
    form.addEventListener("input", () => this.note());
    form.addEventListener("change", () => this.note());
    form.addEventListener("submit", () => this.stop());
    window.addEventListener("online", () => this.changed && this.save());
    // A save that outlives its page may hold 64 KiB and no more, so only the last one is such.
    window.addEventListener("pagehide", () => {
      this.leaving = true;
      if (this.changed) this.save();
    });
    document.addEventListener("schoolgate:save", (event) => event.detail.push(this.save()));
  }

  note() {
    this.changed = true;
    this.sent = false;
    this.after(pause);
  }

  stop() {
    this.sent = true;
    clearTimeout(this.timer);
  }

  after(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), milliseconds);
  }

  say(words) {
    if (this.status && this.status.textContent !== words) this.status.textContent = words;
  }

  content() {
    const content = new FormData(this.form);
    for (const input of this.form.querySelectorAll("input[type=file], input[type=password]")) content.delete(input.name);
    return content;
  }

  async save() {
    clearTimeout(this.timer);
    if (!this.changed || this.sent) return;
    this.changed = false;
    const words = this.status ? this.status.dataset : {};
    try {
      const answer = await fetch(this.form.dataset.draftUrl, {
        method: "POST",
        body: this.content(),
        headers: { "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value },
        credentials: "same-origin",
        redirect: "manual",
        keepalive: this.leaving,
      });
      if (answer.ok) return this.say(this.changed ? words.saving : words.saved);
      this.changed = true;
      this.say(words.refused);
      if (answer.status >= 500) this.after(retry);
    } catch {
      this.changed = true;
      this.say(words.offline);
      this.after(retry);
    }
  }
}

for (const form of document.querySelectorAll("form[data-draft]")) new Draft(form);
