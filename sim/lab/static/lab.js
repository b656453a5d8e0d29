/* The lab: a websocket gives the state of the store and its batch; the comparison is fetched. */

import { setText } from "/view/elements.js";
import { icon } from "/view/icons.js";
import { Batch } from "./batch.js";
import { Choices } from "./choices.js";
import { Found } from "./found.js";

const AGAIN_MS = 1500;

class Lab {
  constructor() {
    this.line = document.getElementById("lab-line");
    this.choices = new Choices(() => this.changed());
    this.batch = new Batch({
      onPlan: (wanted) => this.send({ do: "plan", ...wanted }),
      onStart: (wanted) => this.send({ do: "start", ...wanted }),
      onStop: () => this.send({ do: "stop" }),
    }, this.choices);
    this.found = new Found(() => this.choices.picked());
    this.ready = false;
    this.connect();
  }

  connect() {
    this.socket = new WebSocket(`ws://${location.host}/ws`);
    this.socket.onmessage = ({ data }) => this.receive(JSON.parse(data));
    this.socket.onclose = ({ reason }) => {
      this.batch.alone();
      setText(this.line, `${reason ? `Not connected: ${reason}.` : "The lab has ended or cannot be reached; every finished run is kept."} Trying again …`);
      this.line.classList.add("lab-bad");
      setTimeout(() => this.connect(), AGAIN_MS);
    };
  }

  send(message) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  receive(message) {
    if (message.is === "catalogue") this.open(message);
    else if (message.is === "state") this.stand(message);
    else if (message.is === "plan") this.batch.plan(message);
    else if (message.is === "error") this.batch.refuse(message);
  }

  open(catalogue) {
    setText(this.line, "");
    this.line.classList.remove("lab-bad");
    setText(document.getElementById("lab-store"), catalogue.store);
    document.title = `Panj lab: ${catalogue.store}`;
    this.choices.offer(catalogue, this.ready);
    this.batch.offer(catalogue, this.ready);
    this.ready = true;
    this.changed();
  }

  stand(state) {
    this.choices.hold(state);
    this.batch.stand(state);
    this.found.stand(state);
    this.changed();
  }

  changed() {
    this.batch.wish();
    this.found.chosen();
  }
}

function themed() {
  const button = document.getElementById("lab-theme");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const show = (theme) => { document.body.dataset.theme = theme; };
  let own = localStorage.getItem("panj-theme");
  show(own ?? (dark.matches ? "dark" : "light"));
  dark.addEventListener("change", () => { if (!own) show(dark.matches ? "dark" : "light"); });
  button.append(icon("theme"));
  button.addEventListener("click", () => {
    own = document.body.dataset.theme === "dark" ? "light" : "dark";
    localStorage.setItem("panj-theme", own);
    show(own);
  });
}

themed();
window.lab = new Lab();
