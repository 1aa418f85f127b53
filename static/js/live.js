// Keeps the numbers of a results page up to date while its poll is open.
(() => {
  const live = document.querySelector("[data-live]");
  const body = live?.querySelector("tbody");
  if (!live || !body) return;

  const SOONEST = 2000, LATEST = 5000, HIDDEN = 30000, FAILED = 15000;
  const between = (least, most) => least + Math.random() * (most - least);
  let timer;

  const show = ({ state, results }) => {
    if (results) {
      live.querySelector(".total").textContent = results.text;
      const turnout = live.querySelector(".turnout");
      if (turnout && results.turnout) turnout.textContent = results.turnout;
      const summary = live.querySelector(".summary");
      // Only a change of words is announced by a screen reader.
      if (summary.textContent !== results.summary) summary.textContent = results.summary;
      summary.hidden = !results.summary;
      const rows = new Map(Array.from(body.rows, (row) => [row.dataset.choice, row]));
      for (const choice of results.choices) {
        const row = rows.get(String(choice.id));
        // A choice that was added since the page was made shows with the next page.
        if (!row) continue;
        row.querySelector(".votes").textContent = choice.text;
        row.querySelector(".percentage").textContent = choice.share;
        row.querySelector("rect").setAttribute("width", `${choice.width}%`);
        row.classList.toggle("first", choice.place === 1 && choice.votes > 0);
      }
      if (body.parentNode.hasAttribute("data-by-place")) {
        const place = new Map(results.choices.map((choice) => [String(choice.id), choice.place ?? Infinity]));
        const order = (row) => place.get(row.dataset.choice) ?? Infinity;
        const sorted = Array.from(body.rows).sort((one, other) => order(one) - order(other) || 0);
        // Rows have nothing that could have the focus.
        if (sorted.some((row, at) => row !== body.rows[at])) body.append(...sorted);
      }
    }
    if (state === "closed") document.querySelectorAll("[data-open]").forEach((link) => link.remove());
    return state === "open";
  };

  // How long to wait before asking again, in milliseconds; nothing once the poll is closed.
  const ask = async () => {
    try {
      const answer = await fetch(live.dataset.live, { headers: { Accept: "application/json" } });
      if (answer.ok) return show(await answer.json()) ? between(SOONEST, LATEST) : undefined;
      const told = Number(answer.headers.get("Retry-After")) * 1000;
      return between(1, 2) * Math.max(FAILED, told || 0);
    } catch {
      return between(FAILED, 2 * FAILED);
    }
  };

  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const next = await ask();
      if (next !== undefined) later(document.hidden ? Math.max(next, HIDDEN) : next);
    }, wait);
  };
  document.addEventListener("visibilitychange", () => {
    if (timer !== undefined && !document.hidden) later(between(0, SOONEST));
  });
  later(between(SOONEST, LATEST));
})();
