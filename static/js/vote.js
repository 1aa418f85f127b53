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
