// Tells the window that opened this one what was saved; it closes this one. Without it, the page says so.

const { action, value, obj } = JSON.parse(document.currentScript.dataset.popupResponse);
const dismiss = action === "change" ? "dismissChangeRelatedObjectPopup" : "dismissAddRelatedObjectPopup";
try {
  window.opener?.[dismiss]?.(window, value, obj);
} catch { /* It shows another site by now. */ }
