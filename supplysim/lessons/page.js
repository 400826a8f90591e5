"use strict";
// Lessons from disk: a prediction is locked, then one step after the other is shown. Answers are kept in this browser.
const { lessons, confidence } = JSON.parse(document.getElementById("data").textContent);
const STEPS = ["Run", "Notice", "Explain", "Try", "Twist", "Check"];
const LEVELS = ["", "first steps", "with some practice", "demanding"];
const VERDICTS = { best: "✓ what the model shows", open: "not ruled out", wrong: "" };
const KEY = "supplysim-lessons";
const main = document.getElementById("main");
let kept = {};
try { kept = JSON.parse(localStorage.getItem(KEY)) || {}; } catch (error) { kept = {}; }
const keep = () => { try { localStorage.setItem(KEY, JSON.stringify(kept)); } catch (error) { /* a browser that keeps nothing */ } };

const safe = (text) => String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
const unlocked = (lesson) => JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(lesson.locked), (c) => c.charCodeAt(0))));
const listed = (items) => `<ul>${items.map((item) => `<li>${safe(item)}</li>`).join("")}</ul>`;
const nth = (lesson) => (lesson.capstone ? "Capstone" : `Lesson ${lesson.number}`);

function choices(name, options, picked, verdicts) {
  return options.map((text, i) => `<label class="${verdicts ? verdicts[i] : ""}"><input type="radio" name="${name}" value="${i}"` +
    `${picked === i ? " checked" : ""}${verdicts ? " disabled" : ""} required><span>${safe(text)}</span>${verdicts ? `<b>${VERDICTS[verdicts[i]]}</b>` : ""}</label>`).join("");
}

function ask(name, lesson, guess, verdicts) {
  const sure = confidence.map(([percent, word]) => `<label><input type="radio" name="${name}-sure" value="${percent}"` +
    `${guess && guess[1] === percent ? " checked" : ""}${guess ? " disabled" : ""} required><span>${word} <i>${percent} %</i></span></label>`).join("");
  return `<form data-ask="${name}"><fieldset><legend>${safe(lesson.question)}</legend>${choices(name, lesson.options, guess && guess[0], guess ? verdicts : null)}</fieldset>` +
    `<fieldset><legend>How sure are you?</legend>${sure}</fieldset>` +
    (guess ? "<p class='note'>Your answer is locked.</p>" : "<button>Lock in my answer</button><p class='note'>Nothing is shown before. A locked answer stays.</p>") + "</form>";
}

const parts = {
  Run(lesson, after, state) {
    const right = after.answers[state.guess[0]] !== "wrong", best = lesson.options[after.answers.indexOf("best")];
    const said = `You said “${safe(lesson.options[state.guess[0]])}”, ${confidence.find((c) => c[0] === state.guess[1])[1]}.`;
    const told = after.public
      ? `${head("What the public sees")}<p class="said">${said} This is all that was published. Would you change your answer? Go on to see what happened.</p>`
      : `${head(right ? "Your answer holds" : "Not what the model shows")}<p class="said">${said} The model${right || !best ? "" : ` says “${safe(best)}”`}: <b>${after.result}</b> over ${after.pairs} paired runs.</p><p class="note">${safe(after.what)}; in brackets its 90 % interval.</p>`;
    const policy = after.public ? "the policy" : safe(after.policy);
    return told + after.graphs.join("") + `<p class="note">Grey: the rules as they stand. Green: ${policy}. Line: the middle of ${after.pairs} pairs of runs. Band: nine in ten of them.</p>`;
  },
  Notice(lesson, after, state) {
    const told = after.public ? `<p class="said">The model’s answer: <b>${after.result}</b>. You said “${safe(lesson.options[state.guess[0]])}”.</p>${after.later.join("")}` : "";
    return `${head("What do you notice?")}${told}${listed(after.notice)}`;
  },
  Explain(lesson, after) {
    const rows = after.ledger.map((row) => `<tr><td>${safe(row[0])}</td><td>${row[1]}</td></tr>`).join("");
    const numbers = after.numbers.map((row) => `<tr><td>${safe(row[0])}</td><td>${row[1]}</td><td>${row[2]}</td></tr>`).join("");
    return `${head("Why")}${after.named ? `<p><b>${safe(after.named)}.</b></p>` : ""}${after.explain}<div class="remember"><b>Remember.</b> ${after.remember}</div><p><b>Caution.</b> ${safe(after.caution)}</p>` +
      (rows ? `<h3>Where they went</h3><div class="wide"><table>${rows}</table></div><p class="note">Mean over pairs. The lines below add up to the first.</p>` : "") +
      `<h3>The numbers behind it</h3><div class="wide" tabindex="0" role="region" aria-label="The numbers behind it"><table><tr><th>What</th><th>Model</th><th>90 % interval</th></tr>${numbers}</table></div>`;
  },
  Try(lesson, after) {
    const it = after.try;
    return `${head("Try")}<p>${safe(it.task)}</p>${listed(it.goals)}<p class="note">Move at most ${it.moves} of: ${safe(it.levers.join("; "))}. Write down what you would take and what you expect; the app runs it.</p><details><summary>Hint</summary><p>${safe(it.hint)}</p></details>`;
  },
  Twist(lesson, after, state) {
    const it = after.twist, again = state.again;
    const told = again ? `<p class="said">Before: ${after.result}. Now: <b>${it.result}</b>. ${it.answers[again[0]] !== "wrong" ? "Your second answer holds." : "Not what the model shows."}</p><p>${safe(it.told)}</p>` : "";
    return `${head("The same question, another assumption")}<p>${safe(it.text)}</p>${ask("again", lesson, again, it.answers)}${told}`;
  },
  Check(lesson, after, state) {
    return after.check.map((it, i) => {
      const answer = (state.check || {})[i], done = answer !== undefined;
      const field = it.options.length ? `<fieldset><legend>Answers</legend>${choices(`check-${i}`, it.options, done ? +answer : null, done ? it.answers : null)}</fieldset>`
        : `<textarea rows="3" maxlength="2000" aria-label="Your answer" placeholder="Two or three sentences" required${done ? " disabled" : ""}>${done ? safe(answer) : ""}</textarea>`;
      const told = done ? `<div class="said">${it.result ? `<p>The model: <b>${it.result}</b>.</p>` : ""}<p><b>A good answer:</b></p>${listed(it.rubric)}</div>`
        : `<button>${it.options.length ? "Answer" : "Done: show what a good answer holds"}</button>`;
      return `<form data-check="${i}">${head(it.question)}${field}${told}</form>`;
    }).join("");
  },
};
const head = (text) => `<h2 tabindex="-1">${safe(text)}</h2>`;

function score() {
  const said = lessons.flatMap((lesson) => {
    const state = kept[lesson.id];
    if (!state || !state.guess) return [];
    const after = unlocked(lesson), pair = (guess, answers) => [guess[1] / 100, +(answers[guess[0]] !== "wrong")];
    return [pair(state.guess, after.answers), ...(state.again ? [pair(state.again, after.twist.answers)] : [])];
  });
  if (!said.length) return "<p class='note'>Nothing yet. Your predictions and how sure you were are kept in this browser only.</p>";
  const brier = said.reduce((sum, [sure, right]) => sum + (sure - right) ** 2, 0) / said.length;
  return `<p class="said"><b>${brier.toFixed(2)}</b> is how far off you were over ${said.length} ${said.length === 1 ? "prediction" : "predictions"}: 0 if you were always sure and right, 0.25 if you always said 50 %, 1 if you were always sure and wrong.</p><button class="plain" id="forget">Forget my answers</button>`;
}

function list() {
  const cards = lessons.map((it) => `<li><a href="#${it.id}"><b>${it.capstone ? "C" : it.number}. ${safe(it.title)}</b>${safe(it.objective)}<br><small>${it.minutes} minutes · ${LEVELS[it.level]}` +
    `${it.needs.length ? ` · after “${safe(it.needs[it.needs.length - 1])}”` : ""}${kept[it.id] ? (kept[it.id].step === STEPS.length ? " · done" : " · begun") : ""}</small></a></li>`);
  main.innerHTML = `<ol class="cards">${cards.join("")}</ol><h2>Your record</h2>${score()}`;
  const forget = document.getElementById("forget");
  if (forget) forget.onclick = () => { kept = {}; keep(); show(); };
}

function open(lesson, focus) {
  const state = kept[lesson.id] || {}, after = state.guess ? unlocked(lesson) : null;
  const shown = after ? STEPS.slice(0, state.step || 1) : [];
  const next = after && STEPS[shown.length];
  main.innerHTML = `<p><a href="#">All lessons</a> <small>· ${nth(lesson)} · ${lesson.minutes} minutes</small></p><h2>${safe(lesson.title)}</h2>${lesson.before}` +
    ask("guess", lesson, state.guess, after && !(after.public && shown.length < 2) ? after.answers : lesson.options.map(() => "")) +
    shown.map((step) => `<section id="${step}">${parts[step](lesson, after, state)}</section>`).join("") +
    (next ? `<button id="next">Next: ${next}</button>` : after ? "<p><a href='#'>All lessons</a></p>" : "");
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
