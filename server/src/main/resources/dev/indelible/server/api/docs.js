// Starts the page of the API. A file of its own, because the page allows no inline scripts.
"use strict";

const dark = matchMedia("(prefers-color-scheme: dark)");

/** The theme that was chosen in the console of this server, if one was. */
function chosenTheme() {
  try {
    return JSON.parse(localStorage.getItem("indelible:choices") ?? "{}").theme;
  } catch {
    return "";
  }
}

/** Dark where the console is, else where the system is. */
function look() {
  const theme = chosenTheme();
  document.documentElement.classList.toggle("dark-mode", theme ? theme === "dark" : dark.matches);
}

look();
dark.addEventListener("change", look);
window.addEventListener("storage", look);

window.ui = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  tryItOutEnabled: true,
  validatorUrl: null,
});
