// What a ballot does better with a script. It stands in the page's head and runs before the form is there, so that
// no vote is sent without it.
(() => {
  // The id of this page view, as src/polls/page_view.rs reads it. It stays with the page's place in the browser's
  // history: Back finds it again, while a link and Reload begin a new view.
  const newView = () => {
    const hour = Math.floor(Date.now() / 4096000).toString(16).padStart(6, "0");
    const random = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
    return hour + random.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  };
  const [navigation] = performance.getEntriesByType("navigation");
  const view = (navigation?.type === "back_forward" && history.state?.view) || newView();
  history.replaceState({ ...history.state, view }, "");

  // The order of choices that the poll shuffles. The page is the same bytes for everybody, so the browser shuffles them:
  // by a hash of each choice and of a random text of this tab, so that the order stays after Back, Reload and an error.
  const ofTab = () => {
    try {
      const stored = sessionStorage.getItem("shuffle") ?? newView();
      sessionStorage.setItem("shuffle", stored);
      return stored;
    } catch {
      return view;
    }
  };
  const hash = (text) => [...text].reduce((sum, c) => Math.imul(sum ^ c.codePointAt(0), 0x01000193) >>> 0, 0x811c9dc5);
  document.addEventListener("DOMContentLoaded", () => {
    for (const fieldset of document.querySelectorAll("[data-shuffled]")) {
      const random = ofTab();
      const choices = [...fieldset.querySelectorAll(":scope > .choice:not(.other)")];
      const place = new Map(choices.map((choice) => [choice, hash(choice.textContent + random)]));
      const last = fieldset.querySelector(":scope > .other");
      fieldset.append(...choices.sort((one, other) => place.get(one) - place.get(other)), ...(last ? [last] : []));
    }
  });

  // A second submit so soon is a double click. It would break off the first one's answer to wait for the same.
  const DOUBLE_CLICK = 1000;
  let sent = -Infinity;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches(".ballot")) return;
    if (event.timeStamp - sent < DOUBLE_CLICK) {
      event.preventDefault();
      return;
    }
    sent = event.timeStamp;
    // One that is there was made for this answer alone.
    if (!form.elements.namedItem("view")) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "view", value: view }));
    }
  });
  // The page is shown again, from before it was left.
  window.addEventListener("pageshow", () => { sent = -Infinity; });
})();
