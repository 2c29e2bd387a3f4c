"use strict";

// The code is taken out of the address before anything else, so that it stays in no history.
const code = location.hash.slice(1);
if (code) {
  history.replaceState(null, "", location.pathname);
}

const message = document.getElementById("message");
const tenants = document.getElementById("tenants");
const signOut = document.getElementById("sign-out");

function show(session) {
  message.textContent = "Signed in as " + session.name + " (" + session.kind + ").";
  for (const tenant of session.tenants) {
    const item = document.createElement("li");
    item.textContent = tenant.name + " (" + tenant.id + ", " + tenant.profile + ")";
    tenants.append(item);
  }
  signOut.hidden = false;
}

async function begin() {
  const answer = code
    ? await fetch("/v1/session", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ code }),
      })
    : await fetch("/v1/session");
  const body = await answer.json();
  if (answer.ok) {
    show(body);
  } else {
    message.textContent = code
      ? body.detail
      : "Nobody is signed in. Ask for a sign-in link, or run: indelible sign-in";
  }
}

signOut.addEventListener("click", async () => {
  await fetch("/v1/session", { method: "DELETE" });
  location.reload();
});

begin().catch(() => {
  message.textContent = "The server did not answer.";
});
