// A certified OpenID Connect provider (npm oidc-provider) on loopback, for the tests: node provider.mjs REDIRECT_URI
// Prints its issuer when it listens. Anybody may sign in as anybody: the sign-in name is the subject.
import http from "node:http";
import Provider from "oidc-provider";

const server = http.createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: "zhibu", client_secret: "a-secret-of-the-tests", redirect_uris: process.argv.slice(2) }],
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ["only for the tests"] },
    claims: { openid: ["sub"], email: ["email"] },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, email: "secretary@example.org" }) }),
  });
  server.on("request", provider.callback());
  console.log(issuer);
});
