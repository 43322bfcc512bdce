// Comforts: keys, a dialog with help, filters that send themselves, one answer to a
// double click. Every page and action works without this file.
(() => {
  "use strict";
  const all = (what) => [...document.querySelectorAll(what)];
  const reveal = (e) => e.focus({ preventScroll: false });

  // A double click does one thing: a form on its way is not sent again.
  addEventListener("submit", (e) => {
    const form = e.target;
    if (form.method !== "post" || e.defaultPrevented) return;
    if (form.dataset.sent) {
      e.preventDefault();
      e.stopImmediatePropagation();
      return;
    }
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
    setTimeout(() => again(form), 5000);
  }, true);
  const again = (form) => {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  };
  // The browser's Back shows a form that can be sent, and so does a fragment.
  addEventListener("pageshow", () => [...document.forms].forEach(again));
  addEventListener("htmx:afterRequest", () => [...document.forms].forEach(again));

  // Filters send themselves when a choice is made; empty ones stay out of the address.
  const trim = (form, on) => {
    for (const f of form.elements) if (f.name && f.value === "") f.disabled = on;
  };
  addEventListener("submit", (e) => {
    if (!e.target.matches("[data-filter]")) return;
    trim(e.target, true);
    setTimeout(() => trim(e.target, false));
  });
  addEventListener("change", (e) => {
    const form = e.target.closest("[data-filter]");
    if (form && e.target.matches("select, [type=date], [type=checkbox]")) form.requestSubmit();
    const show = e.target.closest("[data-submit]");
    if (show) show.form.requestSubmit();
  });

  // Choosing an offer of the search box goes there.
  addEventListener("input", (e) => {
    const offer = e.target.list && [...e.target.list.options].find((o) => o.value === e.target.value);
    if (offer) e.target.form.requestSubmit();
  });

  // What cannot be undone asks first, in a dialog that is on the page.
  addEventListener("click", (e) => {
    const opener = e.target.closest("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (dialog && dialog.showModal) {
      e.preventDefault();
      dialog.showModal();
    }
    const closer = e.target.closest("[data-close]");
    if (closer) {
      e.preventDefault();
      closer.closest("dialog")?.close();
    }
  });

  // Keys: j and k move along the rows, others press what carries them.
  const rows = () => all("[data-row]").filter((r) => r.offsetParent);
  const move = (by) => {
    const list = rows();
    if (!list.length) return;
    let at = list.indexOf(document.activeElement);
    if (at < 0) at = list.findIndex((r) => r.hasAttribute("aria-current"));
    const next = list[Math.min(Math.max(at + by, 0), list.length - 1)];
    reveal(next);
    if (next.href && next.closest(".inbox.has-detail, [data-open]")) next.click();
  };
  const press = (key) => {
    const target = all("[data-key]").find((e) => e.dataset.key === key && (e.offsetParent || e === document.activeElement));
    if (!target) return false;
    if (target.matches("input, select, textarea")) {
      target.focus();
      target.select?.();
      return true;
    }
    target.click();
    const box = target.closest("details");
    if (box?.open) box.querySelector("form :is(input:not([type=hidden]), select, textarea)")?.focus();
    return true;
  };

  // ? lists the keys of this page, by what their buttons and links say.
  const words = (e) => {
    const copy = e.cloneNode(true);
    copy.querySelectorAll("kbd, svg").forEach((x) => x.remove());
    return e.getAttribute("aria-label") || e.placeholder || copy.textContent.trim();
  };
  const line = (key, text) => {
    const li = document.createElement("li");
    const kbd = document.createElement("kbd");
    kbd.textContent = key;
    li.append(kbd, text);
    return li;
  };
  const help = () => {
    document.getElementById("keys")?.remove();
    const dialog = document.createElement("dialog");
    dialog.id = "keys";
    dialog.setAttribute("aria-labelledby", "keys-title");
    const title = document.createElement("h2");
    title.id = "keys-title";
    title.textContent = "Keys on this page";
    const list = document.createElement("ul");
    list.className = "keys";
    if (rows().length) list.append(line("j", "Next row"), line("k", "Previous row"));
    const seen = new Set();
    for (const e of all("[data-key]")) {
      if (seen.has(e.dataset.key) || !e.offsetParent) continue;
      seen.add(e.dataset.key);
      list.append(line(e.dataset.key, words(e)));
    }
    list.append(line("?", "This list"), line("Esc", "Close"));
    const close = document.createElement("button");
    close.className = "btn";
    close.dataset.close = "";
    close.textContent = "Close";
    dialog.append(title, list, close);
    document.body.append(dialog);
    dialog.showModal();
  };

  addEventListener("keydown", (e) => {
    if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.repeat && !"jk".includes(e.key)) return;
    if (e.target.closest?.("input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable], dialog[open]")) return;
    if (e.key === "j" || e.key === "k") move(e.key === "j" ? 1 : -1);
    else if (e.key === "?") help();
    else if (e.key.length !== 1 || !press(e.key)) return;
    else e.preventDefault();
  });
})();
