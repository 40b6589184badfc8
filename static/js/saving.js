// Saves a meeting's minutes as they are written: each field by itself, on leaving it and a moment after typing. What
// cannot be sent is tried again, and stands in this tab's storage until it is saved; a reload puts it back. Nothing here
// decides between two people's texts: both are shown, and the writer chooses. The page works without this file.
"use strict";
(() => {
  const form = document.querySelector("form[data-minutes]");
  if (!form) return;
  document.documentElement.classList.add("has-script");
  const words = form.dataset;
  const PAUSE = 1200, AGAIN = 4000, SETTLED = 3000;
  const ours = `minute:${words.writer}:`;
  const store = {
    key: (name) => `${ours}${words.meeting}:${name}`,
    keep(name, kept) { try { sessionStorage.setItem(this.key(name), JSON.stringify(kept)); } catch { /* full or forbidden */ } },
    find(name) { try { return JSON.parse(sessionStorage.getItem(this.key(name))); } catch { return null; } },
    drop(name) { try { sessionStorage.removeItem(this.key(name)); } catch { /* forbidden */ } },
  };
  // Another person's texts in this tab are not ours to show.
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith("minute:") && !key.startsWith(ours)) sessionStorage.removeItem(key);
  } catch { /* forbidden */ }

  const token = () => form.querySelector("[name=csrf_token]");
  async function renewToken() {
    const page = await fetch(location.pathname, { credentials: "same-origin" });
    const found = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("form[data-minutes] [name=csrf_token]");
    if (!found) return false;
    for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = found.value;
    return true;
  }

  const fields = [];
  for (const box of document.querySelectorAll("[data-minute]")) {
    const name = box.dataset.minute;
    const controls = [...box.querySelectorAll(`[name="${name}"]`)];
    if (controls.length) fields.push(minute(box, name, controls));
  }

  function minute(box, name, controls) {
    const version = box.querySelector(`[name="${name}-version"]`);
    const told = box.querySelector("[data-saved]");
    told.setAttribute("role", "status");
    const isChoice = controls[0].type === "radio";
    const read = () => isChoice ? (controls.find((one) => one.checked)?.value ?? "") : controls[0].value;
    const write = (text) => {
      if (isChoice) for (const one of controls) one.checked = one.value === text;
      else controls[0].value = text;
    };
    // A day proposed by the page is not written by anybody yet.
    let saved = version.value === "0" && controls[0].type === "text" ? null : read();
    let timer = 0, sending = false, conflict = null;
    const unanswered = [];

    const tell = (text, waits = false) => { told.textContent = text; told.classList.toggle("is-waiting", waits); };
    const later = (wait) => { clearTimeout(timer); timer = setTimeout(send, wait); };
    const isNew = () => saved === null ? touched && read() !== "" : read() !== saved;
    let touched = false;

    function changed() {
      touched = true;
      if (isNew()) store.keep(name, { text: read(), version: version.value });
      else store.drop(name);
      if (!conflict) later(isChoice ? 0 : PAUSE);
    }

    async function send() {
      clearTimeout(timer);
      if (sending || conflict || !isNew()) return;
      sending = true;
      const text = read();
      unanswered.push(text);
      const body = new URLSearchParams({ csrf_token: token().value, [name]: text, [`${name}-version`]: version.value });
      try {
        const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin", keepalive: true });
        if (!(answer.headers.get("Content-Type") || "").includes("json")) {
          if (answer.status < 500 && await renewToken()) { tell(words.again, true); later(500); } else { tell(words.signedOut, true); later(AGAIN * 4); }
          return;
        }
        take(await answer.json(), text);
      } catch {
        tell(`${words.again}. ${words.kept}`, true);
        later(AGAIN);
      } finally {
        sending = false;
      }
    }

    function take(answer, text) {
      const stored = answer.saved[name], other = answer.conflicts[name];
      if (stored) {
        saved = text;
        unanswered.length = 0;
        version.value = stored.version;
        tell(stored.note);
        if (isNew()) later(PAUSE);
        else {
          // A reload already under way may show the page from before this saving: the next page sets itself right.
          store.keep(name, { text, version: version.value, saved: true });
          setTimeout(() => { if (store.find(name)?.saved) store.drop(name); }, SETTLED);
        }
        box.dispatchEvent(new CustomEvent("minute:saved", { bubbles: true, detail: { name, text } }));
      } else if (other && unanswered.includes(other.theirs)) {
        // Our own text, stored by a sending whose answer was lost on the way.
        version.value = other.version;
        saved = other.theirs;
        later(0);
      } else if (other) {
        showBoth(other);
      } else {
        tell(answer.refused || answer.problems[name] || "", true);
      }
    }

    function showBoth(other) {
      tell("");
      conflict = document.createElement("div");
      conflict.className = "both";
      conflict.setAttribute("role", "alert");
      const theirs = document.createElement("p");
      theirs.textContent = isChoice ? controls.find((one) => one.value === other.theirs)?.parentElement.textContent.trim() ?? "" : shown(other.theirs);
      const intro = document.createElement("p");
      const strong = document.createElement("strong");
      strong.textContent = words.theirs;
      intro.append(strong);
      const buttons = document.createElement("div");
      buttons.className = "row-of-buttons";
      const done = (act) => () => {
        conflict.remove();
        conflict = null;
        version.value = other.version;
        saved = isChoice || controls[0].type !== "text" ? other.theirs : shown(other.theirs);
        act();
      };
      buttons.append(
        button(words.mine, done(send)),
        button(words.take, done(() => { write(saved); store.drop(name); controls[0].focus(); })),
      );
      conflict.append(intro, theirs, buttons);
      box.append(conflict);
    }

    const shown = (text) => /^\d{4}-\d\d-\d\d$/.test(text) && controls[0].type === "text" ? text.split("-").reverse().join(".") : text;

    for (const control of controls) {
      control.addEventListener("input", changed);
      control.addEventListener("change", () => { changed(); send(); });
      control.addEventListener("blur", send);
    }
    const kept = store.find(name);
    if (kept) {
      if (kept.saved && Number(kept.version) > Number(version.value)) { write(kept.text); saved = kept.text; version.value = kept.version; }
      if (kept.saved || kept.text === read()) store.drop(name);
      else { touched = true; write(kept.text); version.value = kept.version; later(0); }
    }
    return { name, send, read, version, changed, isWaiting: () => isNew() || sending, append: (text) => {
      const there = controls[0].value.trim();
      if (!there.split(/,\s*/).includes(text)) controls[0].value = there ? `${there}, ${text}` : text;
      changed();
    } };
  }

  function button(text, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button button-secondary";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }

  const sendAll = () => { for (const field of fields) field.send(); };
  window.addEventListener("online", sendAll);
  document.addEventListener("visibilitychange", sendAll);
  window.addEventListener("pagehide", sendAll);

  for (const list of document.querySelectorAll("[data-suggest]")) {
    const field = fields.find((one) => one.name === list.dataset.suggest);
    if (!field) continue;
    list.hidden = false;
    list.addEventListener("click", (event) => { if (event.target.matches("button")) field.append(event.target.textContent); });
  }

  // What is still missing goes from the list as it is written.
  const lacking = document.getElementById("lacking");
  document.addEventListener("minute:saved", (event) => {
    if (!lacking) return;
    const line = lacking.querySelector(`[data-lacking="${event.detail.name}"]`);
    if (line) line.hidden = event.detail.text.trim() !== "";
    lacking.hidden = [...lacking.querySelectorAll("li")].every((one) => one.hidden);
  });

  // Forms that stay where they are: sent in the background and again until they arrive (their key makes them one).
  document.addEventListener("submit", (event) => {
    const sent = event.target.closest("form[data-in-place]");
    if (!sent) return;
    event.preventDefault();
    if (sent.dataset.sending) return;
    sent.dataset.sending = "yes";
    const body = new URLSearchParams(new FormData(sent));
    if (event.submitter?.name) body.set(event.submitter.name, event.submitter.value);
    post(sent, body);
  });

  async function post(sent, body) {
    const told = sent.querySelector("[data-saved]") || sent.appendChild(Object.assign(document.createElement("p"), { className: "saved" }));
    let page, answer;
    try {
      body.set("csrf_token", token().value);
      answer = await fetch(sent.action, { method: "POST", body, credentials: "same-origin" });
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      told.textContent = words.again;
      told.classList.add("is-waiting");
      setTimeout(() => post(sent, body), AGAIN);
      return;
    }
    delete sent.dataset.sending;
    const place = sent.dataset.inPlace, there = document.getElementById(place), fresh = page.getElementById(place);
    if (answer.ok && there && fresh) {
      dropDraft(sent);
      there.replaceWith(fresh);
      restoreDrafts();
      fresh.querySelector("h2")?.setAttribute("tabindex", "-1");
      fresh.querySelector("h2")?.focus();
    } else {
      // Something needs another look: the ordinary way shows it, with everything that was written.
      sent.removeAttribute("data-in-place");
      delete sent.dataset.sent;
      const act = body.get("do");
      if (act) sent.append(Object.assign(document.createElement("input"), { type: "hidden", name: "do", value: act }));
      sent.submit();
    }
  }

  // A half-written agreement outlives a reload too.
  const draftKey = (sent) => store.key(`draft-${sent.dataset.kept}`);
  document.addEventListener("input", (event) => {
    const sent = event.target.closest("form[data-kept]");
    if (!sent) return;
    const draft = {};
    for (const control of sent.elements) if (control.name && control.name !== "csrf_token") draft[control.name] = control.value;
    try { sessionStorage.setItem(draftKey(sent), JSON.stringify(draft)); } catch { /* full or forbidden */ }
  });
  function dropDraft(sent) { if (sent.dataset.kept) try { sessionStorage.removeItem(draftKey(sent)); } catch { /* forbidden */ } }
  function restoreDrafts() {
    for (const sent of document.querySelectorAll("form[data-kept]")) {
      let draft = null;
      try { draft = JSON.parse(sessionStorage.getItem(draftKey(sent))); } catch { /* none */ }
      for (const [name, value] of Object.entries(draft || {})) if (sent.elements[name]) sent.elements[name].value = value;
    }
  }
  restoreDrafts();
})();
