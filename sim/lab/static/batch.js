/* A batch: what it would run, start and stop, progress, and how it ended. */

import { element, numberText, setText } from "/view/elements.js";

const at = (id) => document.getElementById(id);

export class Batch {
  /** `onPlan(wanted)`, `onStart(wanted)`, `onStop()`. */
  constructor(requests, choices) {
    this.requests = requests;
    this.choices = choices;
    this.years = at("lab-years");
    this.retry = at("lab-retry");
    this.start = at("lab-start");
    this.stop = at("lab-stop");
    this.said = at("lab-said");
    this.state = null;
    this.planned = "";
    this.years.addEventListener("input", () => this.wish());
    this.retry.addEventListener("change", () => this.wish());
    at("lab-form").addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.start.disabled) requests.onStart(this.wanted());
    });
    this.stop.addEventListener("click", () => requests.onStop());
  }

  offer({ replicates, most }, kept) {
    this.years.max = most;
    if (!kept) this.years.value = replicates;
    this.planned = "";
  }

  wanted() {
    return { scenarios: this.choices.picked(), replicates: this.years.valueAsNumber,
      retry: this.retry.checked };
  }

  /** Ask what would be run, if anything that matters has changed. */
  wish() {
    const wanted = this.wanted();
    const key = JSON.stringify([wanted, this.state?.stamp, Boolean(this.state?.batch)]);
    if (key === this.planned || this.state === null) return;
    this.planned = key;
    if (!wanted.scenarios.length) this.#hold("Pick at least one scenario.");
    else if (!this.years.checkValidity()) this.#hold(`Years are a whole number from 1 to ${numberText(Number(this.years.max))}.`);
    else this.requests.onPlan(wanted);
  }

  plan({ missing, time, command }) {
    const wanted = this.wanted();
    const all = wanted.scenarios.length * wanted.replicates;
    const there = all > missing ? `; ${numberText(all - missing)} are done` : "";
    setText(at("lab-plan"), missing
      ? `${numberText(missing)} ${missing === 1 ? "run" : "runs"} to do${there}${time ? `. About ${time}.` : "."}`
      : "The store holds all of these runs.");
    setText(this.start, missing && missing < all ? "Continue" : "Start");
    setText(at("lab-command"), command);
    this.start.disabled = Boolean(this.state.batch) || !(missing || wanted.retry);
  }

  #hold(why) {
    setText(at("lab-plan"), why);
    this.start.disabled = true;
  }

  /** A request was refused: a plan is answered beside the choices, the rest below the batch. */
  refuse({ text, do: request }) {
    if (request === "plan") this.#hold(text);
    else this.#say("refused", text);
  }

  stand(state) {
    const ran = this.state?.batch;
    this.state = state;
    const { batch, said, cut_short: cut, runs } = state;
    at("lab-batch").hidden = !batch;
    this.stop.hidden = !batch?.mine;
    at("lab-retry-row").hidden = !Object.values(runs).some(([, failed]) => failed);
    if (batch) this.#run(batch);
    if (said) this.#say(said.kind, said.text);
    else if (cut) this.#say("cut", "The last batch was interrupted. Every finished run is kept; Continue runs the rest.");
    else if (batch || ran) this.said.hidden = true;
  }

  #run(batch) {
    this.start.disabled = true;
    this.stop.disabled = batch.stopping;
    setText(this.stop, batch.stopping ? "Stopping …" : "Stop");
    const bar = at("lab-progress");
    const whose = batch.mine ? "" : "Another process fills this store: ";
    if (!batch.begun) {
      bar.removeAttribute("value");
      setText(at("lab-doing"), `${whose}starting …`);
      setText(at("lab-far"), "");
      return;
    }
    bar.max = batch.wanted;
    bar.value = batch.there;
    const many = `${numberText(batch.scenarios)} ${batch.scenarios === 1 ? "scenario" : "scenarios"}`;
    setText(at("lab-doing"), `${whose}${many} × ${numberText(batch.replicates)} years`);
    const failed = batch.failed ? `, ${numberText(batch.failed)} failed` : "";
    const left = batch.left ? `; ${batch.left}` : "";
    const other = batch.mine ? "" : ". Stop it where it was started.";
    setText(at("lab-far"), `${numberText(batch.there)} of ${numberText(batch.wanted)} runs${failed}${left}${other}`);
  }

  #say(kind, text) {
    const heads = { done: "Done.", stopped: "Stopped; nothing is lost.", failed: "Not everything succeeded.",
      refused: "Not done.", cut: "" };
    this.said.className = `lab-said lab-${kind}`;
    this.said.replaceChildren();
    if (heads[kind]) this.said.append(element("strong", {}, heads[kind]));
    if (text) this.said.append(element("pre", {}, text));
    this.said.hidden = false;
  }

  /** The server does not answer. */
  alone() {
    this.start.disabled = this.stop.disabled = true;
    this.planned = "";
  }
}
