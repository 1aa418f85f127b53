// What the admin does better with a script. Nothing here is needed: without it every page works.

const all = (selector, within = document) => [...within.querySelectorAll(selector)];

const storage = {
  get(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  },
  set(key, value) {
    try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* Storage may be full or forbidden. */ }
  },
};

/** Auto, light, dark, and round again. */
function theme() {
  const themes = ["auto", "light", "dark"];
  const root = document.documentElement;
  for (const button of all(".theme-toggle")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const next = themes[(themes.indexOf(root.dataset.theme ?? "auto") + 1) % themes.length];
      root.dataset.theme = next;
      try { localStorage.setItem("theme", next); } catch { /* It holds for this page. */ }
    });
  }
}

/** The filter above the sidebar's models. */
function sidebar() {
  const input = document.getElementById("nav-filter");
  if (!input) return;
  const filter = () => {
    const wanted = input.value.trim().toLowerCase();
    let found = false;
    for (const section of all("#nav-sidebar section")) {
      const shown = all("li", section).filter((item) => {
        item.hidden = !item.querySelector(".name").textContent.toLowerCase().includes(wanted);
        return !item.hidden;
      });
      section.hidden = shown.length === 0;
      found ||= shown.length > 0;
    }
    input.classList.toggle("no-results", !found);
  };
  input.hidden = false;
  input.addEventListener("input", filter);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && input.value) {
      event.preventDefault();
      input.value = "";
      filter();
    } else if (event.key === "Enter") {
      all("#nav-sidebar li:not([hidden]) a.name").find((link) => link.offsetParent)?.click();
    }
  });
}

/** Which filters of a list are open, list by list. */
function filters() {
  const key = `polls.admin.filters:${location.pathname}`;
  const closed = new Set(storage.get(key) ?? []);
  for (const details of all("#changelist-filter details")) {
    const name = details.dataset.filterTitle;
    details.open = !closed.has(name);
    details.addEventListener("toggle", () => {
      closed[details.open ? "delete" : "add"](name);
      storage.set(key, [...closed]);
    });
  }
}

/** Choosing rows of a list: all, a range with Shift, and how many they are. */
function selection() {
  const form = document.getElementById("changelist-form");
  const toggle = document.getElementById("action-toggle");
  if (!form || !toggle) return;
  const boxes = all(".action-select", form);
  const counter = form.querySelector(".action-counter");
  const across = form.querySelector(".across");
  let last = null;
  const count = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    toggle.checked = chosen === boxes.length;
    toggle.indeterminate = chosen > 0 && chosen < boxes.length;
    counter.textContent = counter.dataset.selected.replace("{n}", chosen);
    if (across) {
      across.hidden = !toggle.checked;
      if (across.hidden) across.querySelector("input").checked = false;
    }
  };
  toggle.hidden = false;
  toggle.addEventListener("change", () => {
    for (const box of boxes) box.checked = toggle.checked;
    count();
  });
  for (const box of boxes) {
    box.addEventListener("click", (event) => {
      if (event.shiftKey && last) {
        const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
        for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
      }
      last = box;
      count();
    });
  }
  // Boxes that the browser has kept from before.
  window.addEventListener("pageshow", count);
  count();
}

/** The line of sort links scrolls on a telephone. Chromium leaves a link that takes the focus partly out of sight if
    32 px of it can be seen. */
function sortLinks() {
  document.querySelector("#result_list thead")?.addEventListener("focusin", ({ target }) => {
    target.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
}

/** More rows of a formset, and fewer. */
function inlines() {
  for (const group of all(".inline-group[data-prefix]")) {
    const prefix = group.dataset.prefix;
    const template = document.getElementById(`${prefix}-empty`);
    const total = document.getElementById(`id_${prefix}-TOTAL_FORMS`);
    const most = Number(document.getElementById(`id_${prefix}-MAX_NUM_FORMS`)?.value ?? 1000);
    const body = group.querySelector("tbody");
    const adder = group.querySelector(".add-row");
    if (!template || !total || !adder) continue;
    const rows = () => all("tr.form-row", body);

    const blank = (index) => {
      const row = template.content.querySelector("tr").cloneNode(true);
      number(row, "__prefix__", index);
      for (const text of all("label, .visually-hidden", row)) {
        text.textContent = text.textContent.replace("__number__", index + 1);
      }
      return row;
    };
    // Puts a row's number into the names and ids of all that is in it.
    const number = (row, from, to) => {
      for (const element of [row, ...all("*", row)]) {
        for (const attribute of ["id", "name", "for", "aria-describedby", "aria-labelledby"]) {
          const value = element.getAttribute(attribute);
          if (value) element.setAttribute(attribute, value.replaceAll(`${prefix}-${from}`, `${prefix}-${to}`));
        }
      }
    };
    const update = () => {
      // By their numbers: the rows that are saved come first there, wherever they were dragged.
      const numberOf = (row) => Number(row.id.slice(prefix.length + 1));
      rows().sort((one, other) => numberOf(one) - numberOf(other)).forEach((row, index) => {
        const was = row.id.slice(prefix.length + 1);
        if (was === String(index)) return;
        number(row, was, index);
        for (const text of all("label, .visually-hidden", row)) {
          text.textContent = text.textContent.replace(/\d+$/, index + 1);
        }
      });
      total.value = rows().length;
      adder.hidden = rows().length >= most;
      // Tab goes from text to text: one of the buttons that remove is a stop, and one of those that move; arrows lead
      // from it to the others.
      removers().forEach((button, index, buttons) => { button.tabIndex = index === buttons.length - 1 ? 0 : -1; });
      const pressed = Math.max(movers().findIndex((button) => button.autofocus), 0);
      movers().forEach((button, index) => { button.tabIndex = index === pressed ? 0 : -1; });
    };
    // Rows are dragged by a handle; the buttons do the same for the keyboard, and without this script.
    const handle = (row) => {
      const place = row.querySelector("td.order");
      if (!place || place.querySelector(".handle")) return;
      const grip = document.createElement("span");
      grip.className = "handle";
      grip.setAttribute("aria-hidden", "true");
      place.prepend(grip);
      grip.addEventListener("pointerdown", (event) => { if (event.button === 0) drag(row, event); });
    };
    const drag = (row, begun) => {
      begun.preventDefault();
      row.classList.add("dragged");
      const move = ({ clientY }) => {
        const middle = (other) => other.getBoundingClientRect().top + other.offsetHeight / 2;
        const next = rows().find((other) => other !== row && clientY < middle(other));
        const last = rows().at(-1);
        if (next) next.before(row);
        else if (last !== row) last.after(row);
      };
      const end = () => {
        document.removeEventListener("pointermove", move);
        row.classList.remove("dragged");
        // A row without a text is none, and gets no place.
        const filled = rows().filter((row) => row.querySelector("td:first-child input:not([type=hidden])")?.value !== "");
        filled.forEach((row, index) => { row.querySelector("td.order > input").value = index + 1; });
      };
      document.addEventListener("pointermove", move);
      for (const over of ["pointerup", "pointercancel"]) document.addEventListener(over, end, { once: true });
    };
    const removers = () => all(".inline-deletelink", body);
    const movers = () => all(".move", body);
    body.addEventListener("keydown", (event) => {
      const way = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
      const buttons = [removers(), movers()].find((buttons) => buttons.includes(event.target));
      if (!way || !buttons) return;
      event.preventDefault();
      buttons[buttons.indexOf(event.target) + way]?.focus();
    });
    const removable = (row) => {
      row.querySelector(".inline-deletelink")?.addEventListener("click", () => {
        const next = row.nextElementSibling?.querySelector("input:not([type=hidden]), button");
        row.remove();
        update();
        (next ?? adder.querySelector("button")).focus();
      });
    };

    rows().forEach(handle);
    rows().forEach((row, index) => {
      if (row.classList.contains("has_original")) return;
      row.querySelector(".delete")?.replaceChildren(...blank(index).querySelector(".delete").children);
      removable(row);
    });
    adder.querySelector("button").addEventListener("click", () => {
      const row = blank(rows().length);
      body.append(row);
      removable(row);
      handle(row);
      update();
      row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    });
    update();
  }
}

/** The date and time of a moment in the site's time zone. */
function inZone(zone, moment = new Date()) {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit",
    hour: "2-digit", minute: "2-digit", second: "2-digit",
  });
  const part = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
  return { date: `${part.year}-${part.month}-${part.day}`, time: `${part.hour}:${part.minute}:${part.second}` };
}

/** Today, Now, a calendar, and how far the visitor's clock is from the site's. */
function times() {
  const form = document.getElementById("change-form");
  const zone = form?.dataset.zone;
  try { inZone(zone); } catch { return; }
  if (!form) return;
  for (const shortcuts of all(".datetimeshortcuts", form)) {
    const input = shortcuts.parentElement.querySelector("input");
    shortcuts.hidden = false;
    const fill = (value) => {
      input.value = value;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      input.focus();
    };
    for (const button of all("[data-fill]", shortcuts)) {
      button.addEventListener("click", () => {
        const { date, time } = inZone(zone);
        fill({ today: date, now: time }[button.dataset.fill] ?? button.dataset.fill);
      });
    }
    const calendar = shortcuts.querySelector(".calendar");
    if (calendar && !HTMLInputElement.prototype.showPicker) calendar.remove();
    calendar?.addEventListener("click", () => {
      const picker = Object.assign(document.createElement("input"), { type: "date", tabIndex: -1 });
      picker.setAttribute("aria-hidden", "true");
      picker.value = input.value;
      calendar.after(picker);
      picker.addEventListener("change", () => fill(picker.value));
      picker.addEventListener("blur", () => picker.remove());
      picker.focus();
      try { picker.showPicker(); } catch { picker.remove(); }
    });
  }
  const note = form.querySelector(".timezonewarning .difference");
  const now = new Date();
  now.setMilliseconds(0);
  const there = inZone(zone, now);
  const hours = (new Date(`${inZone(undefined, now).date}T${inZone(undefined, now).time}Z`)
    - new Date(`${there.date}T${there.time}Z`)) / 3600000;
  if (note && hours) {
    const which = hours > 0 ? "ahead" : "behind";
    const text = form.dataset[Math.abs(hours) === 1 ? `${which}One` : which];
    note.textContent = text.replace("#", Math.abs(hours).toLocaleString(document.documentElement.lang));
  }
}

/** Many options as a list of check boxes with a filter; the select beneath is what is posted. */
function pickers() {
  for (const select of all("select[multiple][data-filter]")) {
    const label = all("label").find((label) => label.htmlFor === select.id);
    const picker = Object.assign(document.createElement("div"), { className: "picker" });
    const list = document.createElement("ul");
    const status = document.createElement("p");
    const filter = Object.assign(document.createElement("input"), { type: "search", placeholder: select.dataset.filter });
    filter.setAttribute("aria-label", `${label?.textContent.trim() ?? ""}: ${select.dataset.filter}`);
    picker.setAttribute("role", "group");
    picker.setAttribute("aria-label", label?.textContent.trim() ?? "");
    const described = select.getAttribute("aria-describedby");
    if (described) picker.setAttribute("aria-describedby", described);
    status.setAttribute("role", "status");
    const count = () => {
      const text = select.dataset.chosen.replace("{n}", select.selectedOptions.length);
      status.textContent = text.replace("{total}", select.options.length);
    };
    const item = (option) => {
      const item = document.createElement("li");
      const row = document.createElement("label");
      const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: option.selected });
      box.addEventListener("change", () => {
        option.selected = box.checked;
        count();
      });
      row.append(box, option.text);
      item.append(row);
      return item;
    };
    const narrow = () => {
      const words = filter.value.toLowerCase().split(/\s+/);
      for (const item of list.children) {
        item.hidden = !words.every((word) => item.textContent.toLowerCase().includes(word));
      }
    };
    const draw = () => {
      list.replaceChildren(...[...select.options].map(item));
      narrow();
      count();
    };
    filter.addEventListener("input", narrow);
    // Another script has added to the options.
    select.addEventListener("change", draw);
    filter.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
    picker.append(filter, list, status);
    select.after(picker);
    select.hidden = true;
    if (label) {
      filter.id = `${select.id}_filter`;
      label.htmlFor = filter.id;
      for (const link of all(".error-links a")) {
        if (link.hash === `#${select.id}`) link.hash = filter.id;
      }
    }
    draw();
  }
}

/** A form for something new begins at its first field. */
function beginning() {
  const form = document.getElementById("change-form");
  if (!form || form.querySelector("[name=_version]") || "changed" in form.dataset) return;
  [...form.elements].find((element) => element.matches("input, select, textarea") && element.checkVisibility())?.focus();
}

/** A form for something new that one comes back to is the one that was sent, and counts once with it: it gets its key
    again, and the date of then. The browser fetches the page anew, and gives back only what was typed. */
function comingBack() {
  const form = document.getElementById("change-form");
  if (!form || form.querySelector("[name=_version]")) return;
  const kept = () => [...form.elements].filter((element) =>
    element.name === "_form_key" || (element.type === "text" && element.name && element.value === element.defaultValue));
  for (const [name, value] of Object.entries(history.state?.sent ?? {})) {
    const input = form.elements[name];
    if (input instanceof HTMLInputElement) input.value = value;
  }
  form.addEventListener("submit", () => {
    const sent = Object.fromEntries(kept().map((element) => [element.name, element.value]));
    history.replaceState({ ...history.state, sent }, "");
  });
}

/** A changed form is not left without a word; one that is sent is. */
function leaving() {
  const form = document.getElementById("change-form");
  if (!form) return;
  let sent = false;
  const changed = () => [...form.elements].some((element) => {
    if (element.closest(".picker, .datetimeshortcuts") || !element.name) return false;
    switch (element.type) {
      case "checkbox":
      case "radio":
        return element.checked !== element.defaultChecked;
      case "select-multiple":
        return [...element.options].some((option) => option.selected !== option.defaultSelected);
      case "select-one": {
        const first = [...element.options].findIndex((option) => option.defaultSelected);
        return element.selectedIndex !== Math.max(first, 0);
      }
      case "submit":
      case "hidden":
        return false;
      default:
        return element.value !== element.defaultValue;
    }
  });
  form.addEventListener("submit", () => { sent = true; });
  window.addEventListener("pageshow", () => { sent = false; });
  window.addEventListener("beforeunload", (event) => {
    if (!sent && ("changed" in form.dataset || changed())) event.preventDefault();
  });
}

const parts = [theme, sidebar, filters, selection, sortLinks, inlines, times, pickers, beginning, comingBack, leaving];
for (const part of parts) part();
