// Saves <form data-autosave="URL"> as it is typed. The form carries a hidden `version`, which the server
// answers with the next one; its plain "Save" button posts the same fields without this module.
// Nothing is stored in the browser: shared machines must not keep case text.
// `window_id` and `seq` let the server know a retry, or a late twin of a newer save, from a second window.
const QUIET_MS = 800, TIMEOUT_MS = 10_000, LONGEST_WAIT_MS = 30_000;
const WINDOW_ID = crypto.getRandomValues(new Uint32Array(4)).join("-");

async function takeNewToken() {
  const page = new DOMParser().parseFromString(await (await fetch("/")).text(), "text/html");
  const token = page.querySelector("[name=csrf_token]")?.value;
  if (token) for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = token;
}

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const line = form.querySelector(".qa-autosave") ?? form.appendChild(document.createElement("p"));
  line.className = "govuk-body qa-autosave";
  line.setAttribute("role", "status");
  let dirty = false, saving = null, stopped = false, seq = 0, timer = 0, wait = QUIET_MS;

  const say = (state, text, href, linkText) => {
    line.dataset.state = state;
    line.textContent = text;
    if (!href) return;
    const link = Object.assign(document.createElement("a"), { href, target: "_blank", textContent: linkText });
    link.className = "govuk-link";
    line.append(" ", link);
  };
  const later = (ms) => { clearTimeout(timer); timer = setTimeout(save, ms); };

  function save() {
    if (!dirty || saving || stopped) return;
    dirty = false;
    clearTimeout(timer);
    saving = send().finally(() => {
      saving = null;
      if (dirty && wait === QUIET_MS) later(QUIET_MS);
    });
  }

  async function send() {
    const body = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    body.set("window_id", WINDOW_ID);
    body.set("seq", ++seq);
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST", body, redirect: "manual", headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const told = answer.type === "opaqueredirect" ? {} : await answer.json();
      if (answer.ok) {
        form.elements.version.value = told.version;
        wait = QUIET_MS;
        say("saved", `Saved at ${new Date(told.saved_at).toLocaleTimeString("en-GB", { timeStyle: "short" })}`);
      } else if (answer.status === 409) {
        const what = told.code === "stage_locked" ? `${told.message} ${told.next_step}` : "This was changed in another window.";
        stopped = dirty = true;
        say("unsaved", `${what} Your answers are still on this page: copy them, then`, location.href, "open the latest version in a new tab");
      } else if (answer.status === 401 || answer.type === "opaqueredirect") {
        dirty = true;
        say("unsaved", "You have been signed out.", "/sign-in", "Sign in again in a new tab, then your answers will save");
        later(wait = Math.min(wait * 2, LONGEST_WAIT_MS));
      } else if (told.code === "csrf") { // signed in again in another tab: this page's token is the old one
        await takeNewToken();
        dirty = true;
        later(wait = Math.min(wait * 2, LONGEST_WAIT_MS));
      } else if (answer.status < 500) {
        dirty = true;
        say("unsaved", `Not saved. ${told.message} ${told.next_step} Your answers are still on this page.`);
      } else throw new Error(`status ${answer.status}`);
    } catch {
      dirty = true;
      say("unsaved", "Not saved yet. Keep this page open: it will be tried again.");
      later(wait = Math.min(wait * 2, LONGEST_WAIT_MS));
    }
  }

  form.addEventListener("input", () => { dirty = true; if (!saving) later(QUIET_MS); });
  // What was typed or chosen before this module arrived.
  const typed = [...form.querySelectorAll("textarea, input:not([type=hidden])")];
  const chosen = [...form.querySelectorAll("select")];
  if (typed.some((field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked)
    || chosen.some(({ options, selectedIndex }) =>
      selectedIndex !== Math.max(0, [...options].findIndex((option) => option.defaultSelected)))) {
    dirty = true;
    later(QUIET_MS);
  }
  form.addEventListener("submit", (event) => {
    if (saving) { // its answer brings the version that this post must carry
      event.preventDefault();
      saving.finally(() => form.requestSubmit(event.submitter));
    } else { stopped = true; dirty = false; clearTimeout(timer); }
  });
  addEventListener("online", save);
  document.addEventListener("visibilitychange", save);
  addEventListener("beforeunload", (event) => { if (dirty || saving) event.preventDefault(); });
}
