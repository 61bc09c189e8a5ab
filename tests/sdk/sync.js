// One client of a sync: for each external id it adds the contact, or updates the one that has the id.
// It runs as a thread, because the SDK has one client a thread.
"use strict";

const { parentPort, workerData } = require("node:worker_threads");
const { signIn } = require("./daemon.js");

// Requests under way at once.
const LANES = 16;

function contact(name, value) {
  return {
    firstName: "P",
    lastName: name,
    externalIds: [{ externalSource: { name: "CRM" }, value }],
  };
}

async function put(api, name, value) {
  const body = contact(name, value);
  try {
    await api.postExternalcontactsContacts(body);
    return "added";
  } catch (refusal) {
    if (refusal.status !== 409) throw refusal;
    // The error body, which is what the SDK rejects with, names the contact that has the id.
    await api.putExternalcontactsContact(refusal.entityId, body);
    return "updated";
  }
}

async function run() {
  const { port, name, values } = workerData;
  const { api } = await signIn(port);
  const counts = { added: 0, updated: 0 };
  const rest = values.values();
  const lane = async () => {
    for (const value of rest) counts[await put(api, name, value)] += 1;
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  parentPort.postMessage(counts);
}

run();
