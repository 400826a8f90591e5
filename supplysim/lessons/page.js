"use strict";
// Lessons from disk: a prediction is locked, then one step after the other is shown. Answers are kept in this browser.
const { lessons, confidence, spoken } = JSON.parse(document.getElementById("data").textContent);
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (all, key) => (values && key in values ? values[key] : all));
const gettext = (message, values) => filled(spoken.messages[message] || message, values);
const ngettext = (one, many, n, values) => filled((spoken.messages[one] || [one, many])[n === 1 ? 0 : 1], values);
const STEPS = ["Run", "Notice", "Explain", "Try", "Twist", "Check"];
const NAMES = { Run: gettext("Run"), Notice: gettext("Notice"), Explain: gettext("Explain"), Try: gettext("Try"), Twist: gettext("Twist"), Check: gettext("Check") };
const LEVELS = ["", gettext("first steps"), gettext("with some practice"), gettext("demanding")];
const VERDICTS = { best: gettext("✓ what the model shows"), open: gettext("not ruled out"), wrong: "" };
const KEY = "supplysim-lessons";
const main = document.getElementById("main");
let kept = {};
try { kept = JSON.parse(localStorage.getItem(KEY)) || {}; } catch (error) { kept = {}; }
const keep = () => { try { localStorage.setItem(KEY, JSON.stringify(kept)); } catch (error) { /* a browser that keeps nothing */ } };

const safe = (text) => String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
const unlocked = (lesson) => JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(lesson.locked), (c) => c.charCodeAt(0))));
const listed = (items) => `<ul>${items.map((item) => `<li>${safe(item)}</li>`).join("")}</ul>`;
const nth = (lesson) => (lesson.capstone ? gettext("Capstone") : gettext("Lesson {n}", { n: lesson.number }));

function choices(name, options, picked, verdicts) {
  return options.map((text, i) => `<label class="${verdicts ? verdicts[i] : ""}"><input type="radio" name="${name}" value="${i}"` +
    `${picked === i ? " checked" : ""}${verdicts ? " disabled" : ""} required><span>${safe(text)}</span>${verdicts ? `<b>${VERDICTS[verdicts[i]] || ""}</b>` : ""}</label>`).join("");
}

function ask(name, lesson, guess, verdicts) {
  const sure = confidence.map(([percent, word]) => `<label><input type="radio" name="${name}-sure" value="${percent}"` +
    `${guess && guess[1] === percent ? " checked" : ""}${guess ? " disabled" : ""} required><span>${word} <i>${percent} %</i></span></label>`).join("");
  return `<form data-ask="${name}"><fieldset><legend>${safe(lesson.question)}</legend>${choices(name, lesson.options, guess && guess[0], guess ? verdicts : null)}</fieldset>` +
    `<fieldset><legend>${gettext("How sure are you?")}</legend>${sure}</fieldset>` +
    (guess ? note(gettext("Your answer is locked.")) : `<button>${gettext("Lock in my answer")}</button>${note(gettext("Nothing is shown before. A locked answer stays."))}`) + "</form>";
}

const parts = {
  Run(lesson, after, state) {
    const right = after.answers[state.guess[0]] !== "wrong", best = lesson.options[after.answers.indexOf("best")];
    const said = gettext("You said “{answer}”, {sure}.", { answer: safe(lesson.options[state.guess[0]]), sure: confidence.find((c) => c[0] === state.guess[1])[1] });
    const shown = { answer: safe(best || ""), result: after.result, pairs: after.pairs };
    const model = right || !best ? gettext("The model: <b>{result}</b> over {pairs} paired runs.", shown) : gettext("The model says “{answer}”: <b>{result}</b> over {pairs} paired runs.", shown);
    const told = after.public
      ? `${head(gettext("What the public sees"))}<p class="said">${said} ${gettext("This is all that was published. Would you change your answer? Go on to see what happened.")}</p>`
      : `${head(right ? gettext("Your answer holds") : gettext("Not what the model shows"))}<p class="said">${said} ${model}</p>${note(gettext("{what}; in brackets its 90 % interval.", { what: safe(after.what) }))}`;
    const policy = after.public ? gettext("the policy") : safe(after.policy);
    return told + after.graphs.join("") + note(gettext("Grey: the rules as they stand. Green: {policy}. Line: the middle of {pairs} pairs of runs. Band: nine in ten of them.", { policy, pairs: after.pairs }));
  },
  Notice(lesson, after, state) {
    const told = after.public ? `<p class="said">${gettext("The model’s answer: <b>{result}</b>. You said “{answer}”.", { result: after.result, answer: safe(lesson.options[state.guess[0]]) })}</p>${after.later.join("")}` : "";
    return `${head(gettext("What do you notice?"))}${told}${listed(after.notice)}`;
  },
  Explain(lesson, after) {
    const rows = after.ledger.map((row) => `<tr><td>${safe(row[0])}</td><td>${row[1]}</td></tr>`).join("");
    const numbers = after.numbers.map((row) => `<tr><td>${safe(row[0])}</td><td>${row[1]}</td><td>${row[2]}</td></tr>`).join("");
    const behind = gettext("The numbers behind it");
    return `${head(gettext("Why"))}${after.named ? `<p><b>${safe(after.named)}.</b></p>` : ""}${after.explain}<div class="remember"><b>${gettext("Remember.")}</b> ${after.remember}</div><p><b>${gettext("Caution.")}</b> ${safe(after.caution)}</p>` +
      (rows ? `<h3>${gettext("Where they went")}</h3><div class="wide"><table>${rows}</table></div>${note(gettext("Mean over pairs. The lines below add up to the first."))}` : "") +
      `<h3>${behind}</h3><div class="wide" tabindex="0" role="region" aria-label="${behind}"><table><tr><th>${gettext("What")}</th><th>${gettext("Model")}</th><th>${gettext("90 % interval")}</th></tr>${numbers}</table></div>`;
  },
  Try(lesson, after) {
    const it = after.try;
    const how = gettext("Move at most {n} of: {levers}. Write down what you would take and what you expect; the app runs it.", { n: it.moves, levers: safe(it.levers.join("; ")) });
    return `${head(NAMES.Try)}<p>${safe(it.task)}</p>${listed(it.goals)}${note(how)}<details><summary>${gettext("Hint")}</summary><p>${safe(it.hint)}</p></details>`;
  },
  Twist(lesson, after, state) {
    const it = after.twist, again = state.again;
    const verdict = again && it.answers[again[0]] === "wrong" ? gettext("Not what the model shows.") : gettext("Your second answer holds.");
    const told = again ? `<p class="said">${gettext("Before: {before}. Now: <b>{now}</b>.", { before: after.result, now: it.result })} ${verdict}</p><p>${safe(it.told)}</p>` : "";
    return `${head(gettext("The same question, another assumption"))}<p>${safe(it.text)}</p>${ask("again", lesson, again, it.answers)}${told}`;
  },
  Check(lesson, after, state) {
    return after.check.map((it, i) => {
      const answer = (state.check || {})[i], done = answer !== undefined;
      const field = it.options.length ? `<fieldset><legend>${gettext("Answers")}</legend>${choices(`check-${i}`, it.options, done ? +answer : null, done ? it.answers : null)}</fieldset>`
        : `<textarea rows="3" maxlength="2000" aria-label="${gettext("Your answer")}" placeholder="${gettext("Two or three sentences")}" required${done ? " disabled" : ""}>${done ? safe(answer) : ""}</textarea>`;
      const told = done ? `<div class="said">${it.result ? `<p>${gettext("The model: <b>{result}</b>.", { result: it.result })}</p>` : ""}<p><b>${gettext("A good answer:")}</b></p>${listed(it.rubric)}</div>`
        : `<button>${it.options.length ? gettext("Answer") : gettext("Done: show what a good answer holds")}</button>`;
      return `<form data-check="${i}">${head(it.question)}${field}${told}</form>`;
    }).join("");
  },
};
const head = (text) => `<h2 tabindex="-1">${safe(text)}</h2>`;
const note = (text) => `<p class="note">${text}</p>`;

function score() {
  const said = lessons.flatMap((lesson) => {
    const state = kept[lesson.id];
    if (!state || !state.guess) return [];
    const after = unlocked(lesson), pair = (guess, answers) => [guess[1] / 100, +(answers[guess[0]] !== "wrong")];
    return [pair(state.guess, after.answers), ...(state.again ? [pair(state.again, after.twist.answers)] : [])];
  });
  if (!said.length) return note(gettext("Nothing yet. Your predictions and how sure you were are kept in this browser only."));
  const brier = said.reduce((sum, [sure, right]) => sum + (sure - right) ** 2, 0) / said.length;
  const far = ngettext("<b>{score}</b> is how far off you were over {n} prediction: 0 if you were always sure and right, 0.25 if you always said 50 %, 1 if you were always sure and wrong.",
    "<b>{score}</b> is how far off you were over {n} predictions: 0 if you were always sure and right, 0.25 if you always said 50 %, 1 if you were always sure and wrong.", said.length, { score: brier.toFixed(2).replace(".", spoken.decimal), n: said.length });
  return `<p class="said">${far}</p><button class="plain" id="forget">${gettext("Forget my answers")}</button>`;
}

function list() {
  const cards = lessons.map((it) => {
    const about = [gettext("{n} minutes", { n: it.minutes }), LEVELS[it.level]];
    if (it.needs.length) about.push(gettext("after “{lesson}”", { lesson: safe(it.needs[it.needs.length - 1]) }));
    if (kept[it.id]) about.push(kept[it.id].step === STEPS.length ? gettext("done") : gettext("begun"));
    return `<li><a href="#${it.id}"><b>${it.capstone ? "C" : it.number}. ${safe(it.title)}</b>${safe(it.objective)}<br><small>${about.join(" · ")}</small></a></li>`;
  });
  main.innerHTML = `<ol class="cards">${cards.join("")}</ol><h2>${gettext("Your record")}</h2>${score()}`;
  const forget = document.getElementById("forget");
  if (forget) forget.onclick = () => { kept = {}; keep(); show(); };
}

function open(lesson, focus) {
  const state = kept[lesson.id] || {}, after = state.guess ? unlocked(lesson) : null;
  const shown = after ? STEPS.slice(0, state.step || 1) : [];
  const next = after && STEPS[shown.length], all = gettext("All lessons");
  main.innerHTML = `<p><a href="#">${all}</a> <small>· ${nth(lesson)} · ${gettext("{n} minutes", { n: lesson.minutes })}</small></p><h2>${safe(lesson.title)}</h2>${lesson.before}` +
    ask("guess", lesson, state.guess, after && !(after.public && shown.length < 2) ? after.answers : lesson.options.map(() => "")) +
    shown.map((step) => `<section id="${step}">${parts[step](lesson, after, state)}</section>`).join("") +
    (next ? `<button id="next">${gettext("Next: {step}", { step: NAMES[next] })}</button>` : after ? `<p><a href="#">${all}</a></p>` : "");
  const set = (change, where) => { kept[lesson.id] = { ...state, ...change }; keep(); open(lesson, where); };
  if (next) document.getElementById("next").onclick = () => set({ step: shown.length + 1 }, next);
  main.querySelectorAll("form").forEach((form) => form.addEventListener("submit", (event) => {
    event.preventDefault();
    const name = form.dataset.ask, value = (field) => +form.querySelector(`[name="${field}"]:checked`).value;
    if (name) return set({ [name]: [value(name), value(`${name}-sure`)], step: state.step || 1 }, name === "guess" ? "Run" : "Twist");
    const i = form.dataset.check, text = form.querySelector("textarea");
    set({ check: { ...state.check, [i]: text ? text.value : value(`check-${i}`) } }, "Check");
  }));
  const at = focus && document.getElementById(focus);
  if (at) { at.querySelector("h2").focus({ preventScroll: true }); at.scrollIntoView(); }
}

function show() {
  const lesson = lessons.find((it) => `#${it.id}` === location.hash);
  if (lesson) open(lesson); else list();
  scrollTo(0, 0);
}
addEventListener("hashchange", show);
show();
