// Finds what a select offers as one types. Without a script the button beside the input does it.

const PAUSE = 250;

for (const search of document.querySelectorAll(".related-search")) {
  const input = search.querySelector("input");
  const select = document.getElementById(input.id.replace(/__q$/, ""));
  const found = search.querySelector("[role=status]");
  let timer;
  let asked;
  search.querySelector("button").hidden = true;

  async function find() {
    asked?.abort();
    asked = new AbortController();
    const url = new URL(search.dataset.options, location.href);
    url.search = new URLSearchParams({ field: search.dataset.field, q: input.value });
    const answer = await fetch(url, { signal: asked.signal, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const { results } = await answer.json();
    const chosen = select.selectedOptions[0];
    const kept = [select.options[0], ...(chosen?.value ? [chosen] : [])];
    const fresh = results.filter(({ id }) => `${id}` !== chosen?.value).map(({ id, text }) => new Option(text, id));
    select.replaceChildren(...kept, ...fresh);
    found.textContent = results.length ? "" : found.dataset.none;
  }

  function soon(pause) {
    clearTimeout(timer);
    timer = setTimeout(() => {
      find().catch((error) => {
        // The button still does it.
        if (error.name !== "AbortError") search.querySelector("button").hidden = false;
      });
    }, pause);
  }

  input.addEventListener("input", () => soon(PAUSE));
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    soon(0);
  });
}
