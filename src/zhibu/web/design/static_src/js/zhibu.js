// The little that HTML alone cannot do. Every page works without this file; nothing here submits by itself.
import { drafts } from "./drafts.js";
import { feedback } from "./feedback.js";
import { keys } from "./keys.js";
import { places } from "./places.js";
import { shrink } from "./shrink.js";
import { together } from "./together.js";

document.querySelectorAll("[data-js][hidden]").forEach((element) => element.removeAttribute("hidden"));
drafts();
feedback();
keys();
places();
shrink();
together();
