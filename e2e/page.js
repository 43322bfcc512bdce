// Functions that the tests call in a page, also in one whose own scripts are off.
({
  text: (el) => (el.innerText || el.value || '').replace(/\s+/g, ' ').trim(),

  seen(el) {
    const box = el.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && getComputedStyle(el).visibility === 'visible';
  },

  // named returns the controls inside `within` that a person would call by these words.
  named(words, within) {
    const root = within ? document.querySelector(within) : document;
    if (!root) return [];
    const controls = root.querySelectorAll('a[href], button, summary, label, [role=button], input[type=submit], input[type=button]');
    const called = (el, fits) => [this.text(el), el.getAttribute('aria-label'), el.title].some((s) => fits((s || '').trim()));
    const all = (fits) => [...controls].filter((el) => this.seen(el) && called(el, fits));
    const exact = all((s) => s === words);
    return exact.length ? exact : all((s) => s.startsWith(words + ' '));
  },

  // point scrolls an element into view and returns where to click on it.
  point(el) {
    el.scrollIntoView({ block: 'center', behavior: 'instant' });
    const box = el.getClientRects()[0];
    const x = box.left + box.width / 2, y = box.top + box.height / 2;
    const hit = document.elementFromPoint(x, y);
    if (!hit || !(el.contains(hit) || hit.contains(el) || (hit.closest('label') || {}).control === el)) {
      return { problem: 'something lies over it: ' + (hit ? hit.outerHTML.slice(0, 120) : 'nothing') };
    }
    return { x, y };
  },

  control(words, within) {
    const all = this.named(words, within);
    if (all.length === 0) return { problem: 'there is no such button or link' };
    if (all[0].disabled) return { problem: 'it is disabled' };
    return this.point(all[0]);
  },

  // nth is the number, among all fields of a name, of the i-th one inside an element.
  nth(name, within, i) {
    const el = [...document.querySelectorAll(within + ' [name="' + name + '"]')][i];
    return [...document.getElementsByName(name)].indexOf(el);
  },

  values(selector) { return [...document.querySelectorAll(selector)].map((el) => el.value); },

  field(name, nth) { return document.getElementsByName(name)[nth]; },

  // fill sets what is set without typing, and says how the rest is to be done.
  fill(name, nth, value) {
    const el = this.field(name, nth);
    if (!el) return { how: 'none', problem: 'there is no such field' };
    if (el.disabled || el.readOnly) return { how: 'none', problem: 'it can not be filled in' };
    if (el.type === 'hidden' || !(this.seen(el) || el.type === 'radio' || el.type === 'checkbox')) return { how: 'none', problem: 'nobody sees it' };
    if (el.tagName === 'SELECT') return this.choose(el, value);
    if (el.type === 'radio') return this.tick([...document.getElementsByName(name)].find((r) => r.value === value), true);
    if (el.type === 'checkbox') return this.tick(el, value !== '');
    if (['date', 'month', 'time', 'range', 'color'].includes(el.type)) return this.set(el, value);
    el.scrollIntoView({ block: 'center', behavior: 'instant' });
    el.focus();
    el.select();
    return { how: 'type' };
  },

  choose(el, value) {
    const option = [...el.options].find((o) => o.value === value) || [...el.options].find((o) => this.text(o) === value || o.label === value);
    if (!option) return { how: 'none', problem: 'it offers ' + [...el.options].map((o) => o.label).join(', ') };
    return this.set(el, option.value);
  },

  tick(el, on) {
    if (!el) return { how: 'none', problem: 'there is no such choice' };
    if (el.checked === on) return { how: 'done' };
    const target = this.seen(el) ? el : (el.labels || [])[0];
    if (!target) return { how: 'none', problem: 'nobody sees it' };
    return { how: 'click', ...this.point(target) };
  },

  set(el, value) {
    el.value = value;
    if (el.value !== value) return { how: 'none', problem: 'it does not take ' + value };
    el.dispatchEvent(new Event('input', { bubbles: true }));
    el.dispatchEvent(new Event('change', { bubbles: true }));
    return { how: 'done' };
  },

  // still is whether nothing is under way: the page has loaded, no fragment is awaited.
  still: () => document.readyState === 'complete' && !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added'),

  read(selector) {
    const el = document.querySelector(selector);
    return el ? { there: true, text: (el.innerText ?? el.textContent).trim() } : { there: false, text: '' };
  },

  readAll(selector) { return [...document.querySelectorAll(selector)].map((el) => (el.innerText ?? el.textContent).trim()); },

  href(prefix) { return document.querySelector('a[href^="' + prefix + '"]').getAttribute('href'); },

  value(name, nth) {
    const el = this.field(name, nth);
    if (!el) return null;
    if (el.type === 'checkbox') return el.checked ? el.value : '';
    if (el.type === 'radio') return ([...document.getElementsByName(name)].find((r) => r.checked) || { value: '' }).value;
    return el.value;
  },

  // focused is what the keyboard would act on, how a person would call it, and whether it
  // stands in the window and is told apart from what is not focused.
  focused() {
    const el = document.activeElement;
    if (!el || el === document.body) return { words: '', inView: false, marked: false };
    const words = el.labels && el.labels.length ? this.text(el.labels[0]) : el.getAttribute('aria-label') || this.text(el);
    const shown = this.seen(el) && el.getBoundingClientRect().width > 1 ? el : (el.labels || [])[0] || el;
    const box = shown.getBoundingClientRect();
    const outlined = [el, shown, el.parentElement, el.closest('label') || el].map((x) => getComputedStyle(x)).some((s) => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0);
    const part = el.type === 'date' && !el.matches(':focus-visible'); // the browser's own button in it, which it marks
    return {
      words,
      inView: box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
      marked: el.id === 'main' || part || outlined,
    };
  },

  // send posts a page's form as it stands but for some fields, and says where that led.
  async send(action, fields) {
    const form = document.querySelector('form[method=post][action="' + action + '"]');
    for (const s of form.querySelectorAll('select')) if (!s.value) s.selectedIndex = 1;
    const data = new URLSearchParams(new FormData(form));
    for (const [name, value] of Object.entries(fields)) data.set(name, value);
    const r = await fetch(action, { method: 'POST', body: data });
    const alert = new DOMParser().parseFromString(await r.text(), 'text/html').querySelector('main [role=alert]');
    return { status: r.status, path: new URL(r.url).pathname, wrong: alert ? this.text(alert) || alert.textContent.trim() : '' };
  },

  // leaving are the addresses that lead to another site from here, as the browser reads them.
  leaving(addresses) {
    return addresses.filter((a) => { try { return new URL(a, location.href).origin !== location.origin; } catch { return false; } });
  },

  // typed are the fields of a form that take text.
  typed(form) {
    const kinds = ['text', 'search', 'email', 'tel', 'url', 'password', 'textarea'];
    return [...form.elements].filter((el) => el.name && kinds.includes(el.type) && !el.readOnly && !el.disabled);
  },

  // forms are the addresses of the forms that take text, "" for the others.
  forms() {
    return [...document.forms].map((f) => (this.typed(f).length ? f.method + ' ' + f.getAttribute('action') : ''));
  },

  // hostile types a text into each field of a form, sends it as it is, and returns the fields' names.
  hostile(nth, text) {
    const form = document.forms[nth];
    const names = this.typed(form).filter((el) => el.type !== 'password').map((el) => el.name);
    for (const el of this.typed(form)) el.value = text;
    HTMLFormElement.prototype.submit.call(form);
    return names;
  },

  pwned: () => window.pwned !== undefined,

  // wide lists what reaches beyond the window's right edge, if the page scrolls sideways.
  wide() {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const scrolls = (el) => el && (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(el).overflowX) || scrolls(el.parentElement));
    const beyond = [...document.body.querySelectorAll('*')].filter((el) => el.getBoundingClientRect().right > width + 1 && !scrolls(el.parentElement));
    return ['the page is ' + document.documentElement.scrollWidth + ' px wide', ...beyond.slice(0, 5).map((el) => el.outerHTML.slice(0, 100))];
  },

  room: (name) => document.getElementsByName(name)[0].clientWidth,

  hasAxe: () => !!window.axe,

  // In the dark only what colors change is looked at anew.
  axe: (dark) => window.axe
    .run(document, { resultTypes: ['violations'], ...(dark ? { runOnly: ['color-contrast', 'link-in-text-block'] } : {}) })
    .then((r) => r.violations.map((v) => ({
      id: v.id, impact: v.impact || '', help: v.help,
      nodes: v.nodes.map((n) => ({ html: n.html, target: n.target.join(' '), why: n.failureSummary || '' })),
    }))),
})
