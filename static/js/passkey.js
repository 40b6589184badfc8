// <div data-passkey hidden>: makes or uses a passkey when its button is pressed, puts the answer into
// the form's hidden field and sends the form. Shown only where the browser knows passkeys; pages offer another way.
"use strict";

const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

async function makePasskey(options) {
  options.user.id = toBytes(options.user.id);
  for (const one of options.excludeCredentials ?? []) one.id = toBytes(one.id);
  const made = await navigator.credentials.create({ publicKey: options });
  return [made, {
    clientDataJSON: toText(made.response.clientDataJSON),
    attestationObject: toText(made.response.attestationObject),
  }];
}

async function usePasskey(options) {
  for (const one of options.allowCredentials ?? []) one.id = toBytes(one.id);
  const used = await navigator.credentials.get({ publicKey: options });
  const handle = used.response.userHandle;
  return [used, {
    clientDataJSON: toText(used.response.clientDataJSON),
    authenticatorData: toText(used.response.authenticatorData),
    signature: toText(used.response.signature),
    userHandle: handle && handle.byteLength ? toText(handle) : null,
  }];
}

for (const part of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential || !navigator.credentials) continue;
  part.hidden = false;
  for (const other of document.querySelectorAll("[data-without-passkey]")) other.hidden = true;
  const form = part.closest("form");
  const [button, problem] = [part.querySelector("button"), part.querySelector("[role=alert]")];
  const hidden = part.querySelector("[name=passkey]");
  hidden.value = "";
  button.addEventListener("click", async () => {
    button.disabled = true;
    problem.textContent = "";
    const options = JSON.parse(part.querySelector("[data-options]").value);
    options.challenge = toBytes(options.challenge);
    try {
      const [credential, response] = await ("makes" in part.dataset ? makePasskey(options) : usePasskey(options));
      hidden.value = JSON.stringify({
        id: credential.id, rawId: toText(credential.rawId), type: credential.type, response,
        clientExtensionResults: {},
      });
      form.requestSubmit();
    } catch {
      problem.textContent = part.dataset.failed;
    }
    button.disabled = false;
  });
}
