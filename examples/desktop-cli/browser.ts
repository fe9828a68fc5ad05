/** Takes the place of a browser (BROWSER): sends the address of the sign-in page to main.ts. */
await fetch(process.env.BROWSER_SERVER ?? "", { method: "POST", body: process.argv[2] ?? "" });
