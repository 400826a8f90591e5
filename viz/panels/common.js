// Helpers of all panels: numbers as text, axis ticks, and what every chart shares.
(function () {
  var root = document.documentElement;
  var below = (window.solara && window.solara.rootPath || "").replace(/\/$/, ""); // where a proxy shows the app
  Vue.prototype.$at = function (path) { return below + path; };
  var port = document.querySelector("meta[name=viewport]");
  if (port) port.setAttribute("content", "width=device-width, initial-scale=1");

  // The reader's language: its messages come with the page; a message without a translation stays English.
  var spoken = Vue.observable({ code: "en", decimal: ".", thousands: ",", messages: {} });
  function filled(text, values) { return values ? text.replace(/\{(\w+)\}/g, function (all, key) { return key in values ? values[key] : all; }) : text; }
  function gettext(message, values) { var t = spoken.messages[message]; return filled(t === undefined ? message : t, values); }
  function ngettext(one, many, n, values) { var t = spoken.messages[one] || [one, many]; return filled(t[n === 1 ? 0 : 1], values); }
  function pgettext(context, message, values) { var t = spoken.messages[context + "\u0004" + message]; return filled(t === undefined ? message : t, values); }
  function numerals(text) { return spoken.decimal === "." ? text : String(text).replace(/(\d)([.,])(?=\d)/g, function (_, digit, mark) { return digit + (mark === "." ? spoken.decimal : spoken.thousands); }); }
  function speak(language) { if (language && language.code !== spoken.code) { Object.assign(spoken, language); } root.setAttribute("lang", spoken.code); }
  Object.assign(Vue.prototype, { $gettext: gettext, $ngettext: ngettext, $pgettext: pgettext, $numerals: numerals });

  function compact(v, sign) {
    if (v === null || v === undefined || !isFinite(v)) return "–";
    var s = Math.abs(v), t;
    if (s >= 999500) t = gettext("{n}M", { n: +(s / 1e6).toPrecision(3) });
    else if (s >= 999.5) t = gettext("{n}k", { n: +(s / 1e3).toPrecision(3) });
    else if (s >= 9.95 || s === 0) t = s.toFixed(0);
    else t = +s.toFixed(1) + "";
    if (t === "0") return t;
    return (v < 0 ? "−" : sign ? "+" : "") + numerals(t);
  }
  var FORMATS = {
    chips: function (v) { return compact(v); },
    count: function (v) { return compact(v); },
    signed: function (v) { return compact(v, true); },
    x: function (v) { return v === null ? "–" : numerals(v.toFixed(2)) + "×"; },
    percent: function (v) { return v === null ? "–" : v === 0 ? "0 %" : numerals((100 * v).toFixed(Math.abs(v) < 0.0995 ? 1 : 0).replace("-", "−")) + " %"; },
    change: function (v) { return v === null ? "–" : ((v > 0 ? "+" : "") + (100 * v).toFixed(0)).replace("-", "−") + " %"; },
    dollars: function (v) {
      if (v === null || !isFinite(v)) return "–";
      var s = Math.abs(v), m = v < 0 ? "−" : "";
      if (s >= 9.995e8) return m + numerals(gettext("${n} bn", { n: +(s / 1e9).toPrecision(3) }));
      if (s >= 9.995e5) return m + numerals(gettext("${n} M", { n: +(s / 1e6).toPrecision(3) }));
      return m + gettext("${n}", { n: compact(s) });
    }
  };
  var pen = document.createElement("canvas").getContext("2d");
  function room(texts) { pen.font = "13px Roboto, sans-serif"; return Math.max.apply(null, [0].concat(texts.map(function (t) { return Math.ceil(pen.measureText(t).width); }))); } // for labels beside an axis
  function fit(text, most) { while (text.length > 4 && room([text]) > most) text = text.replace(/.…?$/, "…"); return text; }
  function under(text, wide, least) { return text ? Math.max(least, 19 * Math.ceil(1.04 * room([text]) / (wide - 32)) + 18) : 0; } // room of a text under a chart
  function ticks(lo, hi, most) {
    if (!(hi > lo)) hi = lo + 1;
    var raw = (hi - lo) / Math.max(most, 2), mag = Math.pow(10, Math.floor(Math.log10(raw))), n = raw / mag;
    var step = (n <= 1 ? 1 : n <= 2 ? 2 : n <= 2.5 ? 2.5 : n <= 5 ? 5 : 10) * mag, out = [];
    for (var v = Math.ceil(lo / step - 1e-9) * step; v <= hi + 1e-9 * step; v += step) out.push(Math.abs(v) < step * 1e-9 ? 0 : v);
    return out;
  }
  function ceiling(v) {
    if (!(v > 0)) return 1;
    var mag = Math.pow(10, Math.floor(Math.log10(v))), n = v / mag, steps = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
    for (var i = 0; i < steps.length; i++) if (n <= steps[i] * 1.0001) return steps[i] * mag;
    return 10 * mag;
  }
  function save(name, type, content) {
    var a = document.createElement("a"), url = URL.createObjectURL(new Blob([content], { type: type }));
    a.href = url; a.download = name; document.body.appendChild(a); a.click(); a.remove();
    setTimeout(function () { URL.revokeObjectURL(url); }, 2000);
  }
  function csv(table) {
    return [table.head].concat(table.rows).map(function (row) {
      return row.map(function (c) { c = String(c === null ? "" : c); return /[",\n]/.test(c) ? '"' + c.replace(/"/g, '""') + '"' : c; }).join(",");
    }).join("\r\n") + "\r\n";
  }
  // A chart as a file of its own: with its title, what it shows and its source.
  var LOOK = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap", "font-size", "font-weight", "font-family", "text-anchor", "paint-order", "opacity", "display"];
  function wrapped(text, room) { var lines = [""]; text.split(" ").forEach(function (w) { var last = lines.length - 1; if ((lines[last] + " " + w).length > room) lines.push(w); else lines[last] = (lines[last] + " " + w).trim(); }); return lines; }
  function picture(svg, fig, kind) {
    if (!svg) return;
    var w = svg.clientWidth || svg.getBoundingClientRect().width, h = svg.clientHeight || svg.getBoundingClientRect().height, copy = svg.cloneNode(true), ink = getComputedStyle(root).getPropertyValue("--ink") || "black", paper = getComputedStyle(document.querySelector(".card")).backgroundColor;
    var real = [svg].concat([].slice.call(svg.querySelectorAll("*"))), made = [copy].concat([].slice.call(copy.querySelectorAll("*")));
    real.forEach(function (e, i) { var s = getComputedStyle(e); made[i].setAttribute("style", LOOK.map(function (k) { return k + ":" + s.getPropertyValue(k); }).join(";")); });
    var under = wrapped([fig.callout, fig.sub, fig.source, "supplysim " + location.href.split("#")[0]].filter(Boolean).join(" "), Math.floor(w / 6.1)), key = fig.series && fig.series.length > 1 && w < 430 ? fig.series.map(function (s) { return s.label; }).join(" / ") : "";
    var whole = document.createElementNS("http://www.w3.org/2000/svg", "svg"), tall = h + 40 + 15 * under.length + 10;
    whole.setAttribute("xmlns", "http://www.w3.org/2000/svg"); whole.setAttribute("width", w); whole.setAttribute("height", tall); whole.setAttribute("viewBox", "0 0 " + w + " " + tall);
    function put(name, more, text) { var e = document.createElementNS("http://www.w3.org/2000/svg", name); Object.keys(more).forEach(function (k) { e.setAttribute(k, more[k]); }); if (text) e.textContent = text; whole.appendChild(e); }
    put("title", {}, fig.title); put("rect", { width: w, height: tall, fill: paper });
    put("text", { x: 12, y: 24, fill: ink, style: "font:600 16px sans-serif" }, fig.title + (key ? " (" + key + ")" : ""));
    copy.setAttribute("x", 0); copy.setAttribute("y", 36); copy.setAttribute("width", w); copy.setAttribute("height", h); whole.appendChild(copy);
    under.forEach(function (line, i) { put("text", { x: 12, y: h + 52 + 15 * i, fill: ink, style: "font:11px sans-serif" }, line); });
    var text = new XMLSerializer().serializeToString(whole);
    if (kind === "svg") return save(fig.file + ".svg", "image/svg+xml", text);
    var image = new Image();
    image.onload = function () { var c = document.createElement("canvas"); c.width = 2 * w; c.height = 2 * tall; var g = c.getContext("2d"); g.scale(2, 2); g.drawImage(image, 0, 0); c.toBlob(function (b) { save(fig.file + ".png", "image/png", b); }); };
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
  }
  // What a lever costs a payer a year at a strength, by its curve, and back: the most that so much money buys.
  var STEPS = [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 2000, 5000, 10000, 20000, 50000].map(function (m) { return m * 1e5; });
  var money = {
    least: 5e4,
    cost: function (c, who, x) { var y = c[who], i = 1; if (!(x > 0)) return 0; while (i < c.x.length - 1 && c.x[i] < x) i++; return y[i - 1] + (y[i] - y[i - 1]) * (x - c.x[i - 1]) / (c.x[i] - c.x[i - 1]); },
    most: function (c, who) { return Math.max.apply(null, c[who]); },
    steps: function (c, who) { var most = money.most(c, who); return [0].concat(STEPS.filter(function (s) { return s < 0.98 * most && money.strength(c, who, s) > 0; }), [most]); },
    strength: function (c, who, dollars) {
      var y = c[who], x = c.x;
      if (!(dollars > 0)) return 0;
      for (var i = x.length - 1; i > 0; i--) { if (y[i] <= dollars) return x[i]; if (y[i - 1] <= dollars) return Math.round(1e4 * (x[i - 1] + (x[i] - x[i - 1]) * (dollars - y[i - 1]) / (y[i] - y[i - 1]))) / 1e4; }
      return 0;
    }
  };
  window.SS = { sought: "", picture: picture, money: money,
    speak: speak, gettext: gettext, ngettext: ngettext, pgettext: pgettext, numerals: numerals,
    compact: compact, ticks: ticks, room: room, fit: fit, under: under, ceiling: ceiling, save: save, csv: csv, formats: FORMATS,
    fmt: function (name) { return FORMATS[name] || FORMATS.chips; },
    still: function () { return window.matchMedia("(prefers-reduced-motion: reduce)").matches; },
    quarter: function (x) { return gettext("{year} Q{quarter}", { year: Math.floor(x), quarter: Math.floor((x - Math.floor(x)) * 4 + 1e-6) + 1 }); },
    chart: {
      props: ["fig", "w", "h", "frozen"],
      computed: { show: function () { return window.SS.fmt(this.fig.fmt); }, phone: function () { return this.w < 430; } }
    }
  };
})();
