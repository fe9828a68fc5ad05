// The least server that answers a token of 1 600 characters; prints its port.
// as an import, the module loads fetch and WebSocket as well, which take 8 MB
const { createServer } = process.getBuiltinModule("node:http");

const body = JSON.stringify({ access_token: "x".repeat(1_600), expires_on: "4102444800", token_type: "Bearer" });
const server = createServer((_, response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": body.length }).end(body);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
