// The chosen theme, before anything is painted. No choice, or no storage, is "auto".
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden.
}
