/** Takes the place of a browser (BROWSER): tells the rehearsal which page somebody is to sign in at. */
await fetch(process.env.REHEARSAL ?? "", { method: "POST", body: process.argv[2] ?? "" });
