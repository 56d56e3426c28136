// Keeps the page as the record is: listens to the server, changes only what changed, and says when it hears nothing.
"use strict";
(() => {
  const page = document.body, SILENCE_MS = 12000, SECOND_US = 1e6;
  let position = page.dataset.position, stream = null, retry = null, wait = 1000;
  let base = { us: +page.dataset.now, at: performance.now() };
  let speed = +page.dataset.speed, paused = "paused" in page.dataset;
  let heard = performance.now(), state = "", since = 0;
  const formats = new Map();

  const now = () => {
    const running = paused || (state === "lost" && speed !== 1) ? 0 : speed;
    return base.us + (performance.now() - base.at) * 1000 * running;
  };

  function words(us, zone, seconds) {
    const key = zone + seconds;
    if (!formats.has(key)) {
      const parts = { timeZone: zone, hourCycle: "h23", hour: "2-digit", minute: "2-digit" };
      if (seconds) parts.second = "2-digit";
      formats.set(key, new Intl.DateTimeFormat("en-GB", parts));
    }
    return formats.get(key).format(us / 1000);
  }

  function span(us) {
    const minutes = Math.floor(Math.abs(us) / SECOND_US / 60), hours = Math.floor(minutes / 60);
    const long = hours >= 48 ? `${Math.floor(hours / 24)} days` : hours ? `${hours} h ${String(minutes % 60).padStart(2, "0")} min` : `${minutes} min`;
    return minutes === 0 ? "now" : us > 0 ? `in ${long}` : `${long} ago`;
  }

  const put = (element, text) => { if (element.textContent !== text) element.textContent = text; };

  function tick() {
    const us = now();
    for (const face of document.querySelectorAll("[data-zone]")) put(face, words(us, face.dataset.zone, "seconds" in face.dataset));
    for (const place of document.querySelectorAll("[data-at]")) put(place, span(+place.dataset.at - us));
    const today = new Date(us / 1000);
    const day = today.toLocaleDateString("en-GB", { timeZone: "UTC", day: "numeric", month: "short", year: "numeric" });
    for (const face of document.querySelectorAll("[data-day]")) put(face, day.replace("Sept", "Sep"));
    if (performance.now() - heard > SILENCE_MS) lose(true);
  }

  function link(next) {
    if (next === state) return;
    const clock = words(since || base.us, "UTC", true), line = document.getElementById("link");
    state = next;
    line.className = `link link-${next === "live" ? "live" : "lost"}`;
    put(document.getElementById("link-words"), next === "live" ? "live" : `reconnecting, last news ${clock} UTC`);
    document.getElementById("clocks").classList.toggle("clocks-still", next !== "live" && speed !== 1);
  }

  // Lets `from` become `to` and touches nothing that is equal: focus, open details, scroll and motion survive.
  function morph(from, to) {
    if (from.nodeType !== to.nodeType || from.nodeName !== to.nodeName || (from.id || "") !== (to.id || "")) return from.replaceWith(to);
    if (from.nodeType !== Node.ELEMENT_NODE) {
      if (from.data !== to.data) from.data = to.data;
      return;
    }
    if ("kept" in from.dataset) return;
    for (const { name } of [...from.attributes]) {
      if (!to.hasAttribute(name) && !(name === "open" && from.nodeName === "DETAILS")) from.removeAttribute(name);
    }
    for (const { name, value } of to.attributes) {
      if (from.getAttribute(name) !== value) from.setAttribute(name, value);
    }
    if ("at" in from.dataset) return;
    const keyed = new Map([...from.children].filter((child) => child.id).map((child) => [child.id, child]));
    let here = from.firstChild;
    for (const wanted of [...to.childNodes]) {
      const twin = wanted.id && keyed.get(wanted.id);
      if (twin) {
        if (twin === here) here = here.nextSibling;
        else from.insertBefore(twin, here);
        morph(twin, wanted);
      } else if (here && !here.id && !wanted.id && here.nodeName === wanted.nodeName) {
        const next = here.nextSibling;
        morph(here, wanted);
        here = next;
      } else from.insertBefore(wanted, here);
    }
    while (here) {
      const next = here.nextSibling;
      here.remove();
      here = next;
    }
  }

  function show(sections) {
    const template = document.createElement("template");
    for (const [id, html] of Object.entries(sections)) {
      const old = document.getElementById(id);
      template.innerHTML = html;
      if (old && template.content.firstElementChild) morph(old, template.content.firstElementChild);
    }
    const asking = +(document.getElementById("alarms")?.dataset.asking ?? 0);
    document.title = document.title.replace(/^\(\d+\) /, "").replace(/^/, asking ? `(${asking}) ` : "");
  }

  function take(news) {
    heard = performance.now();
    wait = 1000;
    if (news.now !== undefined) base = { us: since = news.now, at: heard };
    if (news.speed !== undefined) speed = news.speed;
    if (news.paused !== undefined) paused = news.paused;
    if (news.sections) show(news.sections);
    if (news.position !== undefined) position = news.position;
    link("live");
    tick();
  }

  function lose(reopen) {
    const held = now();
    link("lost");
    if (speed !== 1) base = { us: held, at: performance.now() };
    if (!reopen || retry) return;
    stream?.close();
    // A little chance in the wait: many pages do not come back in one moment.
    retry = setTimeout(listen, wait * (0.7 + 0.6 * Math.random()));
    wait = Math.min(wait * 2, 10000);
  }

  function listen() {
    retry = null;
    heard = performance.now();
    const joint = page.dataset.stream.includes("?") ? "&" : "?";
    stream = new EventSource(`${page.dataset.stream}${joint}after=${encodeURIComponent(position)}`);
    stream.onopen = () => { heard = performance.now(); link("live"); };
    stream.onmessage = (event) => take(JSON.parse(event.data));
    stream.addEventListener("beat", (event) => take(JSON.parse(event.data)));
    stream.onerror = () => lose(true);
  }

  // The pace of the demonstration changes without drawing the page anew; the stream brings the buttons' new state.
  document.addEventListener("submit", (event) => {
    if (!event.target.closest("#pace")) return;
    event.preventDefault();
    const body = new URLSearchParams();
    if (event.submitter) body.set(event.submitter.name, event.submitter.value);
    fetch(event.target.action, { method: "POST", body, redirect: "manual" }).catch(() => lose(false));
  });

  setInterval(tick, 250);
  tick();
  listen();
  addEventListener("pagehide", () => stream?.close());
  addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
})();
