// Optional: every page works without it. Keys; what was read, which this browser keeps and nobody else;
// "n new" above a list that is of the present.
(() => {
  "use strict";
  // What is kept is of this archive: another one at the same address has other numbers.
  const about = `broadsheet ${document.body.dataset.archive} `;
  const kept = (store, name, value) => {
    try {
      if (value === undefined) return store().getItem(about + name) ?? "";
      store().setItem(about + name, value);
    } catch {
      // storage is off or full: nothing is kept
    }
    return "";
  };
  const always = () => window.localStorage;
  const session = () => window.sessionStorage;
  const MOST_READ = 5000;
  const articleOf = (link) => link.pathname?.match(/\/-\/article\/(\d+)$/)?.[1];
  const readNow = () => kept(always, "read").split(" ").filter(Boolean);
  const markRead = () => {
    const read = new Set(readNow());
    document.documentElement.classList.toggle("keeps-read", read.size > 0);
    for (const link of document.querySelectorAll("main .headline a, main .river li > a"))
      link.classList.toggle("is-read", read.has(articleOf(link)));
  };
  const keepRead = (id, isRead) => {
    const others = readNow().filter((each) => each !== id);
    kept(always, "read", [...others, ...(isRead ? [id] : [])].slice(-MOST_READ).join(" "));
    markRead();
  };
  if (document.body.dataset.read) keepRead(document.body.dataset.read, true);
  else markRead();
  addEventListener("pageshow", (event) => event.persisted && markRead());

  const headlines = () => [...document.querySelectorAll("main .headline a, main .river time a")]
    .filter((link) => link.getClientRects().length);
  const help = document.getElementById("keys");
  const follow = (selector) => document.querySelector(selector)?.click();
  const step = (by) => {
    const links = headlines();
    const at = links.indexOf(document.activeElement);
    const next = links[Math.max(0, Math.min(links.length - 1, at < 0 && by < 0 ? 0 : at + by))];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };
  const original = () => {
    const row = document.activeElement.closest(".teaser, .river li, .appearances li");
    (row?.querySelector("a[rel~=external]") ?? document.querySelector(".story a[rel~=external]"))?.click();
  };
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    o: original,
    m: () => {
      const id = articleOf(document.activeElement) ?? document.body.dataset.read;
      if (id) keepRead(id, !readNow().includes(id));
    },
    n: () => follow("a[rel~=next]"),
    p: () => follow("a[rel~=prev]"),
    "/": () => document.getElementById("q")?.focus(),
    "?": () => (help?.open ? help.close() : help?.showModal?.()),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.matches?.("input, select, textarea") || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });

  const live = document.querySelector("[data-events]");
  if (!live) return;
  const newest = Number(live.dataset.newest);
  const tell = (name, number, more) => {
    live.querySelector(`.${name} .count`).textContent = `${number}${more ? "+" : ""}`;
    live.querySelector(`.${name}`).hidden = !number;
  };
  const newSince = async (seq) => {
    const answer = await fetch(`${live.dataset.events}?kind=new&since=${seq}`).catch(() => null);
    return answer?.ok ? answer.json() : null;
  };

  // A visit is a tab's: all its pages count from where the visit before had ended.
  const before = Number(kept(session, "before") || kept(always, "newest") || newest);
  kept(session, "before", String(before));
  kept(always, "newest", String(newest));
  if (before < newest)
    newSince(before).then((found) => {
      const came = found?.events.filter((each) => each.seq <= newest) ?? [];
      tell("since", came.length, found?.more);
    });

  let since = newest;
  let news = 0;
  const look = async () => {
    if (document.hidden) return;
    const found = await newSince(since);
    if (!found) return;
    since = found.next;
    news += found.events.length;
    tell("live", news, found.more);
  };
  setInterval(look, Number(live.dataset.every) || 60000);
  document.addEventListener("visibilitychange", look);
})();
