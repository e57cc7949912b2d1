// Keys, the count of selected rows, dependent fields, and the end of a session.
// Everything here has a plain link or form beneath it; without this file the pages still work.
const $ = (s, el = document) => el.querySelector(s), $$ = (s, el = document) => [...el.querySelectorAll(s)];
const said = $("#said"), body = document.body;
const typing = (el) => el.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");

// -- the cursor: a row of a queue, or a code; the words in the note that a code rests on light up with it
const items = $$(".queue tbody tr, .sugg, tr[data-code]");
let at = Math.max(0, items.findIndex((r) => r.classList.contains("here")));
const move = (step) => {
  if (!items.length) return;
  items[at].classList.remove("here");
  at = Math.min(items.length - 1, Math.max(0, at + step));
  items[at].classList.add("here");
  $(items[at].matches("tr") ? "a" : "input", items[at])?.focus();
  $$("mark.lit").forEach((m) => m.classList.remove("lit"));
  $$(".because a[href^='#']", items[at]).forEach((a) => $(a.hash)?.classList.add("lit"));
};
// A proposed code is accepted into the field of diagnoses or the rows of services, or taken out of them.
// Five characters without a point are a service; a diagnosis as long as that has its point.
const codes = $("[data-codes]"), services = $(".edit tbody"), isService = /^[0-9A-Z]\d{3}[0-9A-Z]$/;
const diagnose = (code, isIn) => {
  const all = codes.value.split("\n").map((c) => c.trim()).filter(Boolean), others = all.filter((c) => c !== code);
  codes.value = (!isIn ? others : all.includes(code) ? all : [...all, code]).join("\n");
};
// A rejected row is kept as it was typed, and comes back when its code is accepted after all.
const cell = (row, name) => $(`[name$=".${name}"]`, row), blank = services?.lastElementChild.cloneNode(true), kept = {};
const isOf = (row, code) => cell(row, "code").value.trim().toUpperCase() === code;
const fresh = (code, pointers) => {
  const row = blank.cloneNode(true);
  cell(row, "code").value = code; cell(row, "units").value = "1"; cell(row, "pointers").value = pointers;
  return row;
};
const serve = (code, isIn) => {
  const rows = $$("tr", services), ours = rows.filter((row) => isOf(row, code));
  if (!isIn && ours.length) { kept[code] = ours; ours.forEach((row) => row.remove()); }
  if (isIn && !ours.length) {
    const like = rows[0] ? cell(rows[0], "pointers").value : "", free = rows.find((row) => isOf(row, ""));
    (kept[code] ?? [fresh(code, like || "1")]).forEach((row) => services.insertBefore(row, free ?? null));
  }
  $$("tr", services).forEach((row, n) => $$("input", row).forEach((el) => el.setAttribute("aria-label", el.ariaLabel.replace(/\d+$/, n + 1))));
};
const put = (code, isIn) => {
  (services && isService.test(code) ? serve : diagnose)(code, isIn);
  said.textContent = `${code} ${isIn ? "accepted" : "rejected"}`;
};
const decide = (value) => {
  const code = items[at]?.dataset.code;
  if (code && codes) put(code, value === "yes"); else $(`[value=${value}]`, items[at])?.click();
  move(1);
};
const select = () => $("[type=checkbox]", items[at])?.click();

// -- selected rows
const count = () => {
  const n = $$("tbody :checked").length, b = $("[data-count]");
  if (b) { b.textContent = `${n} selected`; said.textContent = b.textContent; }
};
addEventListener("reset", () => setTimeout(count));

// -- fields that only matter for some choices
const depend = () => $$("[data-depends]").forEach((el) => {
  const chosen = $$(`[name="${el.dataset.depends}"]`).find((i) => i.matches("select") || i.checked)?.value;
  el.hidden = !el.dataset.on.split(" ").includes(chosen);
});
depend();
addEventListener("change", (e) => {
  if (e.target.matches("[data-all]")) $$(".queue tbody [type=checkbox]").forEach((c) => { c.checked = e.target.checked; });
  if (e.target.matches("[type=checkbox]")) count();
  depend();
});

// -- money that an answer must place to the cent: its button waits, with words, until nothing is left
const sum = $("[data-sum]");
const money = (cents) => `${cents < 0 ? "−" : ""}${(Math.abs(cents) / 100).toLocaleString("en-US", { minimumFractionDigits: 2 })}`;
const shares = () => $$("[data-share]").reduce((cents, f) => cents + (f.value ? +f.dataset.share : 0), 0);
const place = () => {
  if (!sum || !$(".foot .primary")) return;
  const { choice, whole, here } = sum.dataset;
  const placed = whole.split(" ").includes($(`[name="${choice}"]:checked`)?.value) ? +here : shares();
  const left = +sum.dataset.sum - placed, end = $("[data-left]", sum);
  $("[data-placed]", sum).textContent = money(placed);
  $("output", end).textContent = money(left);
  end.className = left ? "late" : "good";
  $("[data-why]", sum).hidden = !left;
  $(".foot .primary").setAttribute("aria-disabled", String(left !== 0));
};
place();
addEventListener("change", place);
addEventListener("click", (e) => {
  if (!e.target.closest(".primary[aria-disabled=true]")) return;
  e.preventDefault();
  said.textContent = "";
  setTimeout(() => { said.textContent = $("[data-why]", sum).textContent; });
});

// -- a paper EOB: what has no reason yet in each line, and what of the check is left, as it is typed
const eob = $("[data-eob]");
const cents = (el) => Math.round(parseFloat((el?.value || "0").replace(/[$,\s]/g, "").replace("−", "-")) * 100) || 0;
const added = (els) => els.reduce((total, el) => total + cents(el), 0);
const tell = (span, left) => { $("output", span).textContent = money(left); span.className = left ? "late" : "good"; };
const weigh = () => {
  $$("[data-line]", eob).forEach((row) => tell($("[data-line-left]", row), cents($("[data-charge]", row)) - added($$("[data-reason]", row)) - cents($("[data-paid]", row))));
  const stated = $("[data-claim-paid]", eob), lines = added($$("[data-paid]", eob));
  const claims = +eob.dataset.eob + (stated?.value.trim() ? cents(stated) : lines);
  const kept = $$("[data-kept]", eob).reduce((total, row) => total + cents($("[data-amount]", row)) * ($("[data-effect]", row).value === "raises" ? -1 : 1), 0);
  const check = cents($("[data-check]", eob));
  $("[data-of-check]", eob).textContent = money(check);
  $("[data-of-claims]", eob).textContent = money(claims);
  $("[data-of-kept]", eob).textContent = money(kept);
  tell($("[data-left]", eob), check - claims + kept);
};
if (eob) eob.addEventListener("input", weigh);

// -- a masked number is put in its place without leaving what was typed
addEventListener("click", async (e) => {
  const link = e.target.closest("[data-show]");
  if (!link) return;
  e.preventDefault();
  const answer = await fetch(link.href, { credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok || answer.redirected) { location.href = link.href; return; }
  const whole = $$("[data-identifier]", new DOMParser().parseFromString(await answer.text(), "text/html"));
  $$("[data-identifier]").forEach((el, i) => {
    if (!el.matches("input")) el.textContent = whole[i].textContent;
    else if (el.value.includes("·")) el.value = whole[i].value;
  });
  $$("[data-show]").forEach((a) => a.replaceWith("shown; this is recorded"));
  said.textContent = "Shown. This is recorded.";
});

// -- a value that is keyed elsewhere goes to the clipboard, where the browser lets it
if (navigator.clipboard) $$("[data-copy]").forEach((b) => { b.hidden = false; });
addEventListener("click", async (e) => {
  const button = e.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText($(".whole", button.parentElement).textContent);
  said.textContent = "Copied.";
});

// -- a suggestion beside a refused field is put in with one click
addEventListener("click", (e) => {
  const fix = e.target.closest("[data-fix]");
  const field = fix && document.getElementById(fix.dataset.fix);
  if (!field || !typing(field)) return;
  e.preventDefault();
  field.value = fix.value;
  field.focus();
});

// -- keys: a key printed on a button, a link or a route is the key that presses it, so no second list exists
const pressed = "button, a, summary, .route";
const printed = (key) => $$(pressed).map((el) => [el, $$("kbd", el)]).find(([el, kbds]) => kbds.some((k) => k.textContent === key) && el.checkVisibility())?.[0];
const keys = { j: () => move(1), k: () => move(-1), x: select, a: () => decide("yes"), d: () => decide("no"),
  "/": () => { $("#rail")?.matches("[popover]:not(:popover-open)") && !$("#q")?.checkVisibility() && $("#rail").showPopover(); $("#q")?.focus(); },
  Escape: () => $("form:has(.queue)")?.reset() };
// The one filled button of the sheet that is open, of the answer, or of the form one is in.
const send = (from) => {
  const form = from.closest("main form") ?? $("main > .form");
  ($("[popover]:popover-open .primary") ?? $(".foot .primary") ?? (form && $(".primary", form)))?.click();
};
let before = "";
addEventListener("keydown", (e) => {
  if ((e.ctrlKey || e.metaKey) && e.key === "Enter") { send(e.target); return; }
  if (e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || $("dialog[open]") || body.dataset.keys === "off") return;
  const led = before + e.key;
  before = e.key === "g" ? "g" : "";
  if (led === "gq") { location.href = $(".brand[href]").href; return; }
  // On a row, c, r and s mean this row.
  if (items[at]?.matches("tr") && "crs".includes(e.key) && !$("tbody :checked")) select();
  const button = printed(e.key), press = keys[e.key] ?? (button && (() => button.click()));
  if (press) { e.preventDefault(); press(); }
});

// -- focus: what was refused first, in its sheet if it has one, else the task
($("#refused") ?? $(".task .head h1"))?.focus({ preventScroll: true });
const refused = $("[popover] [aria-invalid]");
refused?.closest("[popover]").showPopover();
refused?.focus();

// A page that was just opened announces nothing by itself: what was done is said again when it is up.
const flash = $(".flash");
if (flash) setTimeout(() => { said.textContent = flash.textContent.trim(); }, 100);

// -- one form, sent once: the button says what happens meanwhile
addEventListener("submit", (e) => {
  if (e.defaultPrevented || e.target.method === "dialog" || !e.submitter) return;
  if (e.target.dataset.sent) { e.preventDefault(); return; }
  e.target.dataset.sent = "1";
  e.submitter.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => $$("form[data-sent]").forEach((f) => delete f.dataset.sent));

// -- the end of a session: asked two minutes before, locked at its end
const idle = +body.dataset.idle, ending = $("#ending");
if (idle && ending) {
  let timer;
  const lock = () => {
    body.className = "door";
    const door = Object.assign(document.createElement("a"), { className: "button primary", textContent: "Sign in again", href: `${body.dataset.door}?next=${encodeURIComponent(location.pathname)}` });
    const words = Object.assign(document.createElement("p"), { textContent: "You were signed out after 15 minutes without a key or a click." });
    body.replaceChildren(words, door);
  };
  const wait = () => { clearTimeout(timer); timer = setTimeout(() => { ending.showModal(); timer = setTimeout(lock, 120_000); }, (idle - 120) * 1000); };
  ending.addEventListener("close", () => fetch(body.dataset.stay, { credentials: "same-origin" }).then((r) => (r.status === 204 ? wait() : lock())));
  wait();
}
