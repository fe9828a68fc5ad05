/** Prints what a program has found as a line of JSON; a failure is its text. */
export function report(name, found) {
  const print = (value) => console.log(JSON.stringify({ [name]: value }));
  found().then(print, (error) => print(`${error.name} ${error.code}: ${error.message}`));
}
