// Sorts, searches and filters the tables that ask for it (data-tools). Its words are the data- attributes of its own
// element, in the language of the page. Text of the page is only ever handled as text.
"use strict";
(() => {
  const words = document.currentScript.dataset;
  const OUTCOMES = ["failed", "cantTell", "passed", "inapplicable", "untested"];
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });
  const textOf = (element) => element.textContent.replace(/\s+/g, " ").trim();
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const filled = (text, parts) => text.replace(/\{(\w+)\}/g, (_, name) => parts[name]);
  const outcomeOf = (cell) => OUTCOMES.find((outcome) => cell.classList.contains(outcome));

  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  const rank = (cell) => {
    if (cell.dataset.rank) return Number(cell.dataset.rank);
    if (cell.matches(".verdict")) return OUTCOMES.indexOf(outcomeOf(cell));
    const text = textOf(cell);
    return cell.matches(".count") ? parseFloat(text) : text === "–" ? null : text;
  };

  // What has no rank is last, in both directions.
  const compared = (one, other, way) => {
    if (one === null || other === null) return (one === null) - (other === null);
    return way * (typeof one === "number" && typeof other === "number" ? one - other : collator.compare(one, other));
  };

  const valuesOf = (cell) => {
    const links = [...cell.querySelectorAll("a")];
    return (links.length ? links : [cell]).map(textOf);
  };

  // The fragment keeps what is asked of the first table, so that a link shows the same.
  const equip = (table, isKept) => {
    const heads = [...table.tHead.rows[0].cells].map((cell, place) => {
      const { rule, choose } = cell.dataset;
      return { cell, place, rule, choose, name: textOf(cell), key: rule || choose || String(place) };
    });
    const ruled = heads.filter((head) => head.rule);
    const chosen = heads.filter((head) => head.choose);
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => ({ row, cells: row.cells }));
    const status = make("p", { role: "status" });
    const box = make("div", { className: "tools" });
    const fields = {};
    let reset;
    let order = "";
    let sorted = { order, said: "" };

    const asked = (key) => (fields[key] ? fields[key].value : "");

    const sort = () => {
      const key = order.replace(/^-/, "");
      const way = order === key ? 1 : -1;
      const head = heads.find((one) => one.key === key);
      heads.forEach((one) => one.cell.removeAttribute("aria-sort"));
      if (!head) {
        body.append(...rows.map((one) => one.row));
        return "";
      }
      head.cell.ariaSort = way > 0 ? "ascending" : "descending";
      const ranked = rows.map((one) => [one.row, rank(one.cells[head.place])]);
      body.append(...ranked.sort((one, other) => compared(one[1], other[1], way)).map(([row]) => row));
      return filled(way > 0 ? words.up : words.down, { column: head.name });
    };

    const tests = () => {
      const found = plain(asked("q")).split(/\s+/).map((word) => (one) => {
        one.text ??= plain([...one.cells].filter((cell) => !cell.matches(".verdict, .count")).map(textOf).join(" "));
        return one.text.includes(word);
      });
      for (const { key, place } of chosen.filter((head) => asked(head.key))) {
        found.push((one) => valuesOf(one.cells[place]).includes(asked(key)));
      }
      const among = ruled.filter((head) => !asked("rule") || head.rule === asked("rule"));
      if (asked("outcome")) {
        found.push((one) => among.some((head) => outcomeOf(one.cells[head.place]) === asked("outcome")));
      }
      return found;
    };

    const filter = () => {
      const all = tests();
      rows.forEach((one) => {
        one.row.hidden = !all.every((test) => test(one));
      });
      return filled(words.shown, { shown: rows.filter((one) => !one.row.hidden).length, total: rows.length });
    };

    const show = () => {
      if (order !== sorted.order) sorted = { order, said: sort() };
      status.textContent = [fields.q && filter(), sorted.said].filter(Boolean).join(" ");
      const state = Object.keys(fields).map((key) => [key, asked(key)]);
      const kept = [...state, ["sort", order]].filter((pair) => pair[1]);
      if (reset) reset.hidden = !kept.length;
      return new URLSearchParams(kept);
    };

    const change = () => {
      const kept = show();
      if (isKept) history.replaceState(null, "", `#${kept}`);
    };

    // A fragment without "=" is the place of something in the page.
    const read = () => {
      const given = new URLSearchParams(isKept && location.hash.includes("=") ? location.hash.slice(1) : "");
      order = given.get("sort") || "";
      for (const key in fields) fields[key].value = given.get(key) || "";
      show();
    };

    const addField = (key, name, control) => {
      fields[key] = control;
      let waiting;
      control.addEventListener("input", () => {
        clearTimeout(waiting);
        if (key === "rule" && !asked("outcome")) fields.outcome.value = "failed";
        waiting = setTimeout(change, control.type === "search" ? 150 : 0);
      });
      box.append(make("label", {}, name, control));
    };

    const addChoice = (key, name, all, options) => {
      const control = make("select", {}, new Option(all, ""), ...options.map(([value, text]) => new Option(text, value)));
      addField(key, name, control);
    };

    const addSort = ({ cell, key, name }) => {
      const button = make("button", { type: "button", className: "sort" });
      const usual = cell.matches(".count") ? "-" : "";
      button.addEventListener("click", () => {
        const other = usual ? key : `-${key}`;
        order = order === usual + key ? other : usual + key;
        change();
      });
      if (cell.querySelector("a")) button.ariaLabel = filled(words.sort, { column: name });
      else button.append(...cell.childNodes);
      cell.append(button);
    };

    const addFind = () => {
      addField("q", words.find, make("input", { type: "search" }));
      for (const { key, name, place } of chosen) {
        const values = [...new Set(rows.flatMap((one) => valuesOf(one.cells[place])))].sort(collator.compare);
        addChoice(key, name, words[key], values.map((value) => [value, value]));
      }
      if (ruled.length) {
        addChoice("rule", words.rule, words.rules, ruled.map((head) => [head.rule, head.name]));
        addChoice("outcome", words.outcome, words.outcomes, OUTCOMES.map((one) => [one, words[one.toLowerCase()]]));
      }
      reset = make("button", { type: "button" }, words.reset);
      reset.addEventListener("click", () => {
        order = "";
        for (const key in fields) fields[key].value = "";
        change();
        fields.q.focus();
      });
      box.append(reset, table.dataset.scope || "");
    };

    if (table.dataset.tools.includes("find")) addFind();
    if (table.dataset.tools.includes("sort")) heads.forEach(addSort);
    box.append(status);
    table.closest(".scroll").before(box);
    read();
    return () => isKept && (location.hash.includes("=") || !location.hash) && read();
  };

  const tables = [...document.querySelectorAll("table[data-tools]")].filter((table) => table.tBodies[0].rows.length > 1);
  const readers = tables.map((table, place) => equip(table, place === 0));
  const follow = () => {
    readers.forEach((reader) => reader());
    document.querySelectorAll("details:target").forEach((one) => (one.open = true));
  };
  addEventListener("hashchange", follow);
  follow();
})();
