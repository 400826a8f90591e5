// Says so when the page does not come: a file is missing, the server refuses, or nothing happens for long.
// `words` are those of viz/loading.py, in the language of the request.
(function (words) {
  var patience = 20000, began = Date.now(), refused = 0, box = null, timer = null;
  function here() { return window.app && window.app.$data && window.app.$data.loading === false; }
  function tell(text) {
    if (here() || !document.body) return;
    if (!box) {
      box = document.createElement("div");
      box.id = "not-loaded"; box.setAttribute("role", "alert");
      box.style.cssText = "position:fixed;z-index:200000;left:0;right:0;top:0;padding:1rem 1.25rem;background:#7a1f1f;color:#fff;font:1rem/1.5 sans-serif";
      var again = document.createElement("button");
      again.type = "button"; again.textContent = words.again; again.style.cssText = "margin-left:1rem;padding:.3rem .8rem;background:#fff;color:#7a1f1f;border:0;border-radius:4px;font:inherit";
      again.onclick = function () { location.reload(); };
      box.appendChild(document.createElement("span")); box.appendChild(again);
      document.body.appendChild(box);
    }
    box.firstChild.textContent = text;
  }
  window.addEventListener("error", function (e) {
    var from = e.target && (e.target.src || e.target.href);
    if (from && /^(SCRIPT|LINK)$/.test(e.target.tagName)) tell(words.missing.replace("{file}", from.split("?")[0]));
    else if (e.message) tell(words.stopped.replace("{why}", e.message));
  }, true);
  window.addEventListener("unhandledrejection", function (e) { tell(words.stopped.replace("{why}", e.reason && e.reason.message || e.reason)); });
  var Socket = window.WebSocket;
  function Watched(url, protocols) {
    var socket = protocols === undefined ? new Socket(url) : new Socket(url, protocols), open = false;
    socket.addEventListener("open", function () { open = true; refused = 0; });
    socket.addEventListener("close", function () { if (!open && (refused += 1) > 1) tell(words.refused); });
    return socket;
  }
  Watched.prototype = Socket.prototype;
  ["CONNECTING", "OPEN", "CLOSING", "CLOSED"].forEach(function (name) { Watched[name] = Socket[name]; });
  window.WebSocket = Watched;
  var there = 0, shown = setInterval(function () { // the frame goes when a page is there, or something is wrong
    var frame = document.getElementById("frame");
    there += here() ? 100 : 0;
    if (frame && (box || there > 4000 || document.querySelector("#main > *"))) { frame.remove(); clearInterval(shown); }
  }, 100);
  timer = setInterval(function () {
    if (here()) { clearInterval(timer); if (box) box.remove(); }
    else if (Date.now() - began > patience && !box) tell(words.late);
  }, 500);
})
