// Optional: every page works without it. Keys, and "n new" above a list that is of the present.
(() => {
  "use strict";
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
  let since = Number(live.dataset.newest);
  let news = 0;
  const look = async () => {
    if (document.hidden) return;
    const answer = await fetch(`${live.dataset.events}?kind=new&since=${since}`).catch(() => null);
    if (!answer?.ok) return;
    const found = await answer.json();
    since = found.next;
    news += found.events.length;
    if (!news) return;
    live.querySelector(".count").textContent = news;
    live.hidden = false;
  };
  setInterval(look, Number(live.dataset.every) || 60000);
  document.addEventListener("visibilitychange", look);
})();
