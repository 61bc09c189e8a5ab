// Schemas of custom fields through the vendor's JavaScript SDK: its 19 operations, done and refused.
"use strict";

const { after, before, test } = require("node:test");
const assert = require("node:assert/strict");
const { randomUUID } = require("node:crypto");
const { start, signIn } = require("./daemon.js");

let daemon, sdk;

before(async () => {
  daemon = await start();
  sdk = await signIn(daemon.port);
});

after(async () => assert.equal(await daemon.stop(), 0));

// A value of every core type.
const VALUES = {
  contract_number_text: "0049",
  story_longtext: "one\ntwo",
  score_number: 1.5,
  count_integer: 7,
  level_enum: "gold",
  member_identifier: "M-77",
  vip_checkbox: true,
  since_date: "2024-02-29",
  called_datetime: "2026-01-31T12:30:00.000Z",
  kinds_tag: ["a", "b c"],
  site_url: "https://crm.example/7",
};

function schema(name, version, keys = Object.keys(VALUES)) {
  const properties = {};
  for (const key of keys) {
    const type = key.slice(key.lastIndexOf("_") + 1);
    properties[key] = { allOf: [{ $ref: `#/definitions/${type}` }], title: key };
    if (type === "enum") properties[key].enum = ["gold", "lead"];
  }
  const jsonSchema = { $schema: "http://json-schema.org/draft-04/schema#", title: name, properties };
  return { name, version, enabled: true, jsonSchema };
}

// The error body of a refusal, which is what the SDK rejects with.
async function refused(status, call) {
  const refusal = await call.then(
    () => assert.fail("it was not refused"),
    (error) => error,
  );
  assert.equal(refusal.status, status, String(refusal.message));
  return refusal;
}

const named = (refusal) => refusal.details.map((detail) => detail.fieldName);

for (const kind of ["Contacts", "Organizations"]) {
  const call = (verb, rest, ...given) =>
    sdk.api[`${verb}Externalcontacts${kind}Schema${rest}`](...given);

  test(`schemas of ${kind.toLowerCase()} are made, listed and versioned`, async () => {
    const made = await call("post", "s", schema("Customer", 0));
    assert.deepEqual([made.version, made.enabled], [1, true]);
    assert.deepEqual(await call("get", "", made.id), made);
    const next = await call("put", "", made.id, schema("Client", 1, ["a_text"]));
    assert.deepEqual([next.version, next.name], [2, "Client"]);
    const listed = await call("get", "s");
    assert.deepEqual(listed.entities, [next]);
    const versions = await call("get", "Versions", made.id);
    assert.deepEqual(versions.entities, [made, next]);
    assert.deepEqual(await call("get", "Version", made.id, "1"), made);
    const types = await call("get", "sCoretypes");
    assert.equal(types.total, 11);
    assert.deepEqual(await call("get", "sCoretype", "text"), types.entities[0]);
    assert.equal((await call("get", "sLimits")).maxNumberOfFieldsPerSchema, 50);
  });

  test(`schemas of ${kind.toLowerCase()} are refused by name`, async () => {
    const made = await call("post", "s", schema("Other", 0));
    const late = await refused(409, call("put", "", made.id, schema("Late", 2)));
    assert.equal(late.code, "conflict");
    const bad = schema("Bad", 0);
    bad.jsonSchema.properties.contract_number_text.maxLength = 101;
    const place = "jsonSchema.properties.contract_number_text.maxLength";
    assert.deepEqual(named(await refused(400, call("post", "s", bad))), [place]);
    const stranger = randomUUID();
    for (const given of [
      ["get", "", stranger],
      ["put", "", stranger, schema("x", 1)],
      ["get", "Versions", stranger],
      ["get", "Version", made.id, "3"],
      ["get", "sCoretype", "shoe"],
    ]) {
      assert.equal((await refused(404, call(...given))).code, "not.found", given.join(" "));
    }
  });

  test(`without a token nothing of the schemas of ${kind.toLowerCase()} is told`, async () => {
    const [some, body] = [randomUUID(), schema("x", 1)];
    const calls = [
      ["get", "s"],
      ["post", "s", body],
      ["get", "", some],
      ["put", "", some, body],
      ["get", "Versions", some],
      ["get", "Version", some, "1"],
      ["get", "sCoretypes"],
      ["get", "sCoretype", "text"],
      ["get", "sLimits"],
    ];
    if (kind === "Contacts") calls.push(["delete", "", some]);
    sdk.client.setAccessToken("wrong");
    for (const given of calls) await refused(401, call(...given));
    sdk.client.setAccessToken(sdk.token);
  });
}

test("a removed schema stays readable", async () => {
  const { api } = sdk;
  const made = await api.postExternalcontactsContactsSchemas(schema("Gone", 0));
  await api.deleteExternalcontactsContactsSchema(made.id);
  await refused(404, api.deleteExternalcontactsContactsSchema(made.id));
  await refused(404, api.getExternalcontactsContactsSchema(made.id));
  assert.deepEqual(await api.getExternalcontactsContactsSchemaVersion(made.id, "1"), made);
});

test("a value of every core type is kept, and every wrong one named", async () => {
  const { api } = sdk;
  const made = await api.postExternalcontactsContactsSchemas(schema("Every type", 0));
  const person = (customFields) => ({
    firstName: "Ann",
    lastName: "Bell",
    schema: { id: made.id, version: 1 },
    customFields,
  });
  const kept = await api.postExternalcontactsContacts(person(VALUES));
  assert.deepEqual(kept.customFields, VALUES);
  assert.deepEqual(await api.getExternalcontactsContact(kept.id), kept);
  const wrong = Object.fromEntries(Object.keys(VALUES).map((key) => [key, { no: 1 }]));
  const refusal = await refused(400, api.putExternalcontactsContact(kept.id, person(wrong)));
  assert.deepEqual(named(refusal), Object.keys(VALUES).map((key) => `customFields.${key}`));
});
