// SPDX-License-Identifier: Apache-2.0
// Asks the browser for a passkey and sends the answer with the form. The buttons are hidden until here.
'use strict';

const bytes = text =>
  Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), letter => letter.charCodeAt(0));
const text = buffer =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

const asked = ({ challenge, host, known, person, email }) => ({
  get: {
    challenge: bytes(challenge), rpId: host, userVerification: 'required', timeout: 300000,
  },
  create: {
    challenge: bytes(challenge),
    rp: { id: host, name: 'Sourceblind' },
    user: { id: new TextEncoder().encode(person), name: email, displayName: email },
    pubKeyCredParams: [-7, -8, -257].map(alg => ({ type: 'public-key', alg })),
    excludeCredentials:
      (known || '').split(' ').filter(Boolean).map(id => ({ type: 'public-key', id: bytes(id) })),
    authenticatorSelection: {
      residentKey: 'required', requireResidentKey: true, userVerification: 'required',
    },
    attestation: 'none',
    timeout: 300000,
  },
});

const answered = ({ rawId, response }) => {
  const told = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ['attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (response[name]) told[name] = text(response[name]);
  }
  const id = text(rawId);
  return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response: told };
};

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll('form[data-passkey]')) {
    form.hidden = false;
    form.addEventListener('submit', async event => {
      event.preventDefault();
      const kind = form.dataset.passkey;
      try {
        const publicKey = asked(form.dataset)[kind];
        const credential = await navigator.credentials[kind]({ publicKey });
        form.elements.answer.value = JSON.stringify(answered(credential));
        form.submit();
      } catch (refused) {
        // Somebody changed their mind, or has no passkey for us: nothing is sent, and nobody is told why.
        form.querySelector('.fault').hidden = false;
      }
    });
  }
}
