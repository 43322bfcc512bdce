// Passkeys: a button asks the portal for a challenge, the browser for a passkey, and
// sends the form around it with the answer.
(() => {
  "use strict";
  const able = window.PublicKeyCredential && PublicKeyCredential.parseRequestOptionsFromJSON;
  const said = {
    NotAllowedError: "It was cancelled, or took too long. Try again.",
    InvalidStateError: "This device has a passkey for your account already.",
    SecurityError: "Passkeys do not work at this address.",
  };

  // ask returns what the browser makes of a challenge. What is to be made has a
  // name for its owner; what is to be shown has none.
  const ask = async (address) => {
    const answer = await fetch(address, { method: "POST" });
    if (!answer.ok) throw new Error("The portal did not answer. Reload the page and try again.");
    const { publicKey } = await answer.json();
    if (publicKey.user) {
      return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
    }
    return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
  };

  for (const place of document.querySelectorAll("[data-passkey]")) {
    const form = place.closest("form");
    const error = place.querySelector("[role=alert]");
    const button = place.querySelector("button");
    place.hidden = false;
    const fail = (text) => {
      error.textContent = text;
      error.hidden = false;
      button.disabled = false;
    };
    if (!able) {
      button.hidden = true;
      fail("This browser is too old for passkeys.");
      continue;
    }
    button.addEventListener("click", async () => {
      const name = form.elements.name; // without one nothing is made that would not be kept
      if (name && !name.value.trim()) {
        name.focus();
        return fail("Enter a name first.");
      }
      button.disabled = true;
      error.hidden = true;
      try {
        const credential = await ask(place.dataset.passkey);
        form.elements[place.dataset.passkeyField].value = JSON.stringify(credential);
        form.requestSubmit();
        button.disabled = false;
      } catch (e) {
        fail(said[e.name] || e.message);
      }
    });
  }
})();
