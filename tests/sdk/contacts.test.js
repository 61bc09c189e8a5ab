// The vendor's own JavaScript SDK, unmodified, against a running carnet, and clients of Node that keep
// their connections.
"use strict";

const { after, before, test } = require("node:test");
const assert = require("node:assert/strict");
const http = require("node:http");
const path = require("node:path");
const { Worker } = require("node:worker_threads");
const { start, signIn } = require("./daemon.js");

const CONTACTS = "/api/v2/externalcontacts/contacts";

let daemon, sdk;

before(async () => {
  daemon = await start();
  sdk = await signIn(daemon.port);
});

after(async () => assert.equal(await daemon.stop(), 0));

function person(last, fields) {
  return { firstName: "Żaneta", lastName: last, ...fields };
}

// The error body of a refusal, which is what the SDK rejects with; else the error itself.
async function refused(status, call) {
  const refusal = await call.then(
    () => assert.fail("it was not refused"),
    (error) => error,
  );
  assert.equal(refusal.status, status, String(refusal.message));
  return refusal;
}

test("a contact is added, read, replaced and removed", async () => {
  const { api } = sdk;
  const made = await api.postExternalcontactsContacts(
    person("Müller", { cellPhone: { display: "+49 (0)1511 2345678" } }),
  );
  assert.equal(made.cellPhone.e164, "+4915112345678");
  assert.deepEqual(await api.getExternalcontactsContact(made.id), made);
  const replaced = await api.putExternalcontactsContact(made.id, { ...made, lastName: "Nowak" });
  assert.equal(replaced.lastName, "Nowak");
  const found = await api.getExternalcontactsReversewhitepageslookup("+4915112345678");
  assert.deepEqual(found.contacts.map((one) => one.id), [made.id]);
  await api.deleteExternalcontactsContact(made.id);
  await refused(404, api.getExternalcontactsContact(made.id));
});

test("after a 401 with 300 contacts in the body the next call succeeds, 20 of 20", async () => {
  const { api, client, token } = sdk;
  const title = "x".repeat(200);
  const entities = Array.from({ length: 300 }, (_, n) => person(`L${n}`, { title }));
  for (let round = 0; round < 20; round += 1) {
    client.setAccessToken("wrong");
    await refused(401, api.postExternalcontactsBulkContactsAdd({ entities }));
    client.setAccessToken(token);
    const page = await api.getExternalcontactsContacts({ pageSize: 1 });
    assert.equal(page.pageSize, 1, `round ${round}`);
  }
});

// One request of an agent; resolves to the status and the port that it came from.
function ask(agent, method, target, headers, body) {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port: daemon.port, agent, method, path: target, headers };
    const request = http.request(options, (answer) => {
      const from = request.socket.localPort;
      answer.resume();
      answer.on("end", () => resolve({ status: answer.statusCode, from }));
      answer.on("error", reject);
    });
    request.on("error", reject);
    // Head and body in one segment, or the head alone first.
    if (headers["x-two"]) request.flushHeaders();
    request.end(body);
  });
}

// The header of a client that may look up and nothing else.
async function weak(bearer) {
  const url = `http://127.0.0.1:${daemon.port}`;
  const made = await fetch(`${url}/api/v2/carnet/clients`, {
    method: "POST",
    headers: { ...bearer, "content-type": "application/json" },
    body: JSON.stringify({ name: "looks up only", role: "lookup" }),
  });
  const { id, secret } = await made.json();
  const signed = await fetch(`${url}/oauth/token`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  return { authorization: `Bearer ${(await signed.json()).access_token}` };
}

test("a kept connection is used again after every refusal", async () => {
  const bearer = { authorization: `Bearer ${sdk.token}` };
  const json = { "content-type": "application/json" };
  for (const [status, method, target, headers] of [
    [401, "POST", CONTACTS, json],
    [401, "POST", CONTACTS, { authorization: "Bearer nobody", ...json }],
    [403, "POST", CONTACTS, { ...(await weak(bearer)), ...json }],
    [404, "POST", "/nowhere", { ...bearer, ...json }],
    [405, "PUT", CONTACTS, { ...bearer, ...json }],
    [415, "POST", CONTACTS, { ...bearer, "content-type": "text/xml" }],
    [413, "POST", CONTACTS, { ...bearer, ...json }],
    [501, "POST", `${CONTACTS}/exports`, { ...bearer, ...json }],
  ]) {
    const sizes = status === 413 ? [2 << 20] : [2, 16 << 10, 256 << 10, 2 << 20];
    for (const size of sizes) {
      for (const two of [{}, { "x-two": "1" }]) {
        const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
        const length = { "content-length": size };
        const all = { ...headers, ...length, ...two };
        const first = await ask(agent, method, target, all, Buffer.alloc(size, 32));
        const next = await ask(agent, "GET", CONTACTS, bearer);
        agent.destroy();
        assert.equal(first.status, status, `${method} ${target} ${size}`);
        assert.deepEqual(next, { status: 200, from: first.from }, `${status} ${size}`);
      }
    }
  }
});

test("an operation that carnet does not have says so", async () => {
  const body = await refused(501, sdk.api.getExternalcontactsContactsExports());
  assert.equal(body.code, "not.implemented");
  await refused(501, sdk.api.getExternalcontactsExternalsources());
  await refused(501, sdk.api.postExternalcontactsContactsMerge({ contactIds: [] }));
});

test("a bulk error repeats the entity", async () => {
  const answer = await sdk.api.postExternalcontactsBulkContactsAdd({
    entities: [person("A"), { firstName: "B", title: "no last name", surveyOptOut: 7 }],
  });
  assert.deepEqual(answer.errorIndexes, [1]);
  const { entity, details } = answer.results[1].error;
  assert.deepEqual(entity, { firstName: "B", title: "no last name" });
  assert.equal(details.length, 2);
});

test("a search is paged by its own links with the same body", async () => {
  const { api, client } = sdk;
  const entities = Array.from({ length: 45 }, (_, n) => person(`Paged${n}`));
  await api.postExternalcontactsBulkContactsAdd({ entities });
  const body = {
    pageSize: 10,
    pageNumber: 1,
    operation: { simpleSearch: { query: "Paged", sortOrder: ["lastName:asc"] } },
  };
  let page = await api.postExternalcontactsContactsSearch(body);
  const seen = [];
  for (let n = 1; ; n += 1) {
    assert.equal(page.pageNumber, n);
    seen.push(...page.entities.map((one) => one.lastName));
    if (!page.nextUri) break;
    const types = ["application/json"];
    page = await client.callApi(
      page.nextUri, "POST", {}, {}, {}, {}, body, ["PureCloud OAuth"], types, types,
    );
  }
  assert.equal(new Set(seen).size, 45);
  assert.equal(seen.length, 45);
  body.operation.simpleSearch.ids = [];
  assert.equal((await api.postExternalcontactsContactsSearch(body)).total, 0);
});

test("two clients at once sync 2,000 contacts by external id without a double", async () => {
  const values = Array.from({ length: 2000 }, (_, n) => `sync-${n}`);
  const run = (name) =>
    new Promise((resolve, reject) => {
      const workerData = { port: daemon.port, name, values };
      const worker = new Worker(path.join(__dirname, "sync.js"), { workerData });
      worker.once("message", resolve);
      worker.once("error", reject);
    });
  const [one, two] = await Promise.all([run("One"), run("Two")]);
  assert.equal(one.added + two.added, 2000);
  assert.equal(one.updated + two.updated, 2000);
  const holders = new Map();
  const { api } = sdk;
  let page = await api.getExternalcontactsScanContacts({ limit: 200 });
  for (;;) {
    for (const contact of page.entities) {
      for (const { value } of contact.externalIds ?? []) {
        holders.set(value, (holders.get(value) ?? 0) + 1);
      }
    }
    const cursor = page.cursors.after;
    if (!cursor) break;
    page = await api.getExternalcontactsScanContacts({ limit: 200, cursor });
  }
  assert.equal(holders.size, 2000);
  assert.ok([...holders.values()].every((count) => count === 1));
});
