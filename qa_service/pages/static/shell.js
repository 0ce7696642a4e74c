// Starts what the page carries. Every page is complete without it.
import { initAll } from "./vendor/govuk-frontend.min.js";

initAll();
if (document.querySelector("[data-module^='moj-']")) {
  import("./vendor/moj-frontend.min.js").then((moj) => moj.initAll());
}
if (document.querySelector("form[data-autosave]")) import("./autosave.js");
