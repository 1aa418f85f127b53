// Pop-ups beside selects, in which what can be chosen is added and changed. Without a script the same links lead
// to the same forms.

const popups = new Map();
const wrappers = [...document.querySelectorAll(".related-widget-wrapper")];

/** The links to what is chosen follow the choice. */
function follow(wrapper) {
  const { value } = wrapper.querySelector("select");
  for (const link of wrapper.querySelectorAll("[data-href-template]")) {
    link.hidden = !value;
    if (value) link.href = link.dataset.hrefTemplate.replace("__fk__", encodeURIComponent(value));
  }
}

function openPopup(event, link) {
  // Who asks for a tab of his own gets one.
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const url = new URL(link.href);
  url.searchParams.set("_to_field", "id");
  url.searchParams.set("_popup", "1");
  // A window for each link, also of a form that is in a pop-up itself.
  const popup = window.open(url, `${window.name}/${link.id}`, "height=768,width=1024,resizable=yes,scrollbars=yes");
  if (!popup) return;
  event.preventDefault();
  popups.set(popup, link);
  popup.focus();
}

/** Goes through the selects of the model that a pop-up was about, the one it was opened from first. */
function update(popup, change) {
  const link = popups.get(popup);
  const own = link?.closest(".related-widget-wrapper");
  if (own) {
    const same = wrappers.filter((wrapper) => wrapper !== own && wrapper.dataset.modelRef === own.dataset.modelRef);
    for (const wrapper of [own, ...same]) {
      const select = wrapper.querySelector("select");
      change(select, wrapper === own);
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
    popups.delete(popup);
  }
  popup.close();
  link?.focus();
}

// Django's names: the answer in a pop-up calls them.

window.dismissAddRelatedObjectPopup = (popup, value, label) => {
  update(popup, (select, isOwn) => select.add(new Option(label, value, false, isOwn)));
};

window.dismissChangeRelatedObjectPopup = (popup, value, label) => {
  update(popup, (select) => {
    for (const option of select.options) if (option.value === value) option.text = label;
  });
};

for (const wrapper of wrappers) {
  wrapper.querySelector("select").addEventListener("change", () => follow(wrapper));
  // A choice that the browser has kept from before.
  window.addEventListener("pageshow", () => follow(wrapper));
  for (const link of wrapper.querySelectorAll("[data-popup]")) {
    link.addEventListener("click", (event) => openPopup(event, link));
  }
}
