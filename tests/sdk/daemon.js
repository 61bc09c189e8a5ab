// A running carnet for the tests of the vendor's JavaScript SDK: the binary that CARNET_BIN names, on
// a free port of the loop-back address, in a temporary directory. It knows nothing of what is asked.
"use strict";

const { spawn, execFileSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const readline = require("node:readline");

const ID = "sdk-tests";
const SECRET = "a secret for these tests only";

async function start() {
  const carnet = process.env.CARNET_BIN;
  const data = fs.mkdtempSync(path.join(os.tmpdir(), "carnet-sdk-"));
  const add = ["client", "add", "SDK tests", "--role", "admin", "--id", ID, "--secret", SECRET];
  execFileSync(carnet, [...add, "--data", data], { stdio: "ignore" });
  const serve = ["serve", "--data", data, "--listen", "127.0.0.1:0"];
  const child = spawn(carnet, serve, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  for await (const line of readline.createInterface({ input: child.stdout })) {
    const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port) {
      // What follows is not read; it must not fill the pipe.
      child.stdout.resume();
      const stop = async () => {
        child.kill("SIGTERM");
        const code = await ended;
        fs.rmSync(data, { recursive: true });
        return code;
      };
      return { port, stop };
    }
  }
  throw new Error("carnet did not say where it listens");
}

// The SDK, signed in. It has one client a process and thread.
async function signIn(port) {
  const sdk = require("purecloud-platform-client-v2");
  const client = sdk.ApiClient.instance;
  client.setGateway({ host: "127.0.0.1", protocol: "http", port });
  const { accessToken } = await client.loginClientCredentialsGrant(ID, SECRET);
  return { client, api: new sdk.ExternalContactsApi(), token: accessToken };
}

module.exports = { start, signIn };
