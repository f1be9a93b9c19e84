/**
 * Makes the pages better where scripts run: they follow what changes, and filter while somebody types.
 * The server renders everything; this fetches a page again and puts its live parts in the place of the
 * old ones.
 */

const TYPING_MS = 200;
const PATIENCE_MS = 20_000;
/** How often in a row new content is held back for the sake of a selection that it would undo. */
const MOST_HELD_BACK = 8;

/** Counts looks, so that an answer that comes late does not replace a later one. */
let looks = 0;
let heldBack = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** When the page was last as the server has it. */
let lookedAt = new Date();

/**
 * Fetches the page at an address and shows its live parts.
 * @param {string} address
 */
async function look(address) {
  const number = ++looks;
  const page = await fetchPage(address).catch(() => undefined);
  if (number !== looks) return;
  showWhetherReachable(page !== undefined);
  if (page === undefined) return;
  if (page.body.dataset['version'] !== document.body.dataset['version']) {
    location.reload();
    return;
  }
  lookedAt = new Date();
  document.title = page.title;
  document.body.dataset['refreshSeconds'] = page.body.dataset['refreshSeconds'];
  const parts = livePartsOf(document);
  const fresh = livePartsOf(page);
  const isAlike = parts.map(({ id }) => id).join() === fresh.map(({ id }) => id).join();
  if (isAlike) parts.forEach((part, index) => replacePart(part, fresh[index]));
  else replaceMain(page);
}

/**
 * Rejects where the answer is not one of our pages.
 * @param {string} address
 */
async function fetchPage(address) {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const response = await fetch(address, { headers: { accept: 'text/html' }, signal });
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  if (page.getElementById('main') === null) throw new Error(`no page: ${response.status}`);
  return page;
}

/** @param {Document} page */
function livePartsOf(page) {
  return [...page.querySelectorAll('[data-live]')];
}

/**
 * The page has come to hold other parts than before, as after the first refresh.
 * @param {Document} page
 */
function replaceMain(page) {
  const fresh = page.getElementById('main');
  if (fresh !== null) document.getElementById('main')?.replaceWith(fresh);
  enhanceForms();
}

/**
 * Puts new content into a part, and keeps what somebody is doing there: what has the focus, and what
 * has been unfolded.
 * @param {Element} part
 * @param {Element | undefined} fresh
 */
function replacePart(part, fresh) {
  if (fresh === undefined || fresh.innerHTML === part.innerHTML) return;
  const unfolded = new Set([...part.querySelectorAll('details[open] > summary')].map(keyOf));
  const focused = document.activeElement;
  const focusedKey = focused !== null && part.contains(focused) ? keyOf(focused) : undefined;
  part.replaceChildren(...fresh.childNodes);
  for (const element of part.querySelectorAll('a, summary')) {
    const key = keyOf(element);
    if (element.localName === 'summary' && unfolded.has(key)) {
      element.parentElement?.setAttribute('open', '');
    }
    if (key === focusedKey && element instanceof HTMLElement) {
      element.focus({ preventScroll: true });
    }
  }
}

/**
 * What tells a link or a summary from the others, before and after.
 * @param {Element} element
 */
function keyOf(element) {
  const row = element.closest('tr, li')?.querySelector('a')?.getAttribute('href');
  return [element.localName, row, element.getAttribute('href'), element.textContent].join(' ');
}

/** @param {boolean} isReachable */
function showWhetherReachable(isReachable) {
  const notice = document.getElementById('offline');
  if (notice === null) return;
  notice.hidden = isReachable;
  const text = `The exporter does not answer. This is what it knew at ${lookedAt.toLocaleTimeString()}.`;
  if (!isReachable && notice.textContent !== text) notice.textContent = text;
}

function lookLater() {
  clearTimeout(timer);
  timer = setTimeout(
    async () => {
      if (!document.hidden && !isHeldBack()) await look(location.href);
      lookLater();
    },
    1000 * Number(document.body.dataset['refreshSeconds']),
  );
}

function isHeldBack() {
  const isSelecting = getSelection()?.isCollapsed === false;
  heldBack = isSelecting && heldBack < MOST_HELD_BACK ? heldBack + 1 : 0;
  return heldBack > 0;
}

/**
 * The address that a form leads to; what is not filled in is left out.
 * @param {HTMLFormElement} form
 */
function addressOf(form) {
  const address = new URL(form.action);
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string' && value !== '') address.searchParams.set(name, value);
  }
  return address.href;
}

/** @param {HTMLFormElement} form */
async function filter(form) {
  const address = addressOf(form);
  history.replaceState(null, '', address);
  await look(address);
  lookLater();
}

function enhanceForms() {
  for (const form of document.querySelectorAll('form')) {
    if (!form.hasAttribute('data-filter')) continue;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let typing;
    form.querySelector('button')?.setAttribute('hidden', '');
    form.addEventListener('input', () => {
      clearTimeout(typing);
      typing = setTimeout(() => filter(form), TYPING_MS);
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      clearTimeout(typing);
      void filter(form);
    });
  }
}

enhanceForms();
lookLater();
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) void look(location.href);
});
