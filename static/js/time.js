// Adds the reader's own time to the times of a page, where the reader's clock shows another time than the site's.
(() => {
  const { zone, yours } = document.currentScript.dataset;
  const written = (at, timeZone) => at.toLocaleString("en", { timeZone, dateStyle: "short", timeStyle: "short" });
  for (const time of document.querySelectorAll("main time")) {
    const at = new Date(time.dateTime);
    let site;
    try {
      site = written(at, zone);
    } catch {
      // The browser does not know the site's zone.
      return;
    }
    const own = written(at);
    if (own === site) continue;
    const sameDay = own.split(",")[0] === site.split(",")[0];
    const style = sameDay ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" };
    time.after(` (${yours.replace("#", at.toLocaleString(document.documentElement.lang, style))})`);
  }
})();
