#!/usr/bin/env node
// An exporter for firstcall in Node, over gRPC by hand: a destination that keeps
// one object for each record key in a JSON file. It shows all that the protocol
// asks for; docs/plugins.md says why.
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";

const here = dirname(fileURLToPath(import.meta.url));
// A repository of its own would keep a copy of the file beside this one.
const contract = join(here, "../../../plugins/exporterpb/exporter.proto");
const room = 40 * 1024 * 1024;

const description = {
  name: "shelf-node",
  version: "1.0.0",
  summary: "a shelf of records in a JSON file",
  config: [
    { name: "path", type: "TYPE_STRING", doc: "the JSON file", required: true },
    { name: "token", type: "TYPE_STRING", doc: "lets you in; this shelf needs none", secret: true },
  ],
  capabilities: { idempotency: "IDEMPOTENCY_LOOKUP" },
};

// The shelf once it is configured.
let shelf = null;

class Shelf {
  constructor(path) {
    this.path = path;
    this.there = existsSync(path);
    this.state = this.there ? JSON.parse(readFileSync(path, "utf8")) : { id: randomUUID(), objects: {} };
    if (typeof this.state?.id !== "string" || typeof this.state.objects !== "object") {
      throw new Error("not a shelf");
    }
  }

  // compare says what writing a record would do.
  compare(record) {
    const known = this.state.objects[record.key];
    if (!known) return "STATUS_CREATED";
    return known.revision === record.revision ? "STATUS_UNCHANGED" : "STATUS_UPDATED";
  }

  // write puts a batch on the shelf. A record that is in doubt may be there
  // already: looking first, as this does always, finds it. The record stays the
  // text that it was: numbers of JavaScript would not keep all of its digits.
  write(records) {
    const objects = { ...this.state.objects };
    const outcomes = records.map((record) => {
      const refused = refusal(record);
      if (refused) return refused;
      const status = this.compare(record);
      const id = objects[record.key]?.id ?? randomUUID();
      objects[record.key] = { id, revision: record.revision, record: record.json.toString() };
      return { status, remote: [{ type: "object", id }] };
    });
    this.save({ ...this.state, objects });
    return outcomes;
  }

  // save replaces the file in one step: whoever is killed leaves the old one or
  // the new one. Only then does the new state count.
  save(state = this.state) {
    const next = `${this.path}.${process.pid}.new`;
    writeFileSync(next, JSON.stringify(state), { mode: 0o600, flush: true });
    renameSync(next, this.path);
    this.state = state;
    this.there = true;
  }
}

// refusal is the outcome of a record that can't be kept; undefined when it can.
function refusal(record) {
  try {
    JSON.parse(record.json.toString());
  } catch {
    return {
      status: "STATUS_REJECTED",
      diagnostic: { severity: "SEVERITY_ERROR", code: "shelf.json", summary: "the record is no JSON", hint: "make it again" },
    };
  }
}

// fault is a diagnostic about a setting.
const fault = (code, field, summary, hint) => ({ severity: "SEVERITY_ERROR", code, field, summary, hint });

// check finds every fault of the settings. It never quotes a value: somebody may
// have put a secret where it does not belong.
function check(settings, secrets) {
  const faults = [];
  const known = new Map(description.config.map((f) => [f.name, f]));
  for (const name of [...Object.keys(settings), ...Object.keys(secrets)]) {
    if (known.has(name) && !known.get(name).secret && name in secrets) faults.push(fault("config.unknown", name, `setting "${name}" is no secret`, "write it as it is"));
    if (!known.has(name)) faults.push(fault("config.unknown", name, `unknown setting "${name}"`, "the settings are path and token"));
  }
  if (!("path" in settings)) faults.push(fault("config.missing", "path", 'setting "path" is missing', "name a JSON file"));
  else if (typeof settings.path !== "string" || settings.path === "") {
    faults.push(fault("config.type", "path", 'setting "path" must be a text', 'for example path = "shelf.json"'));
  }
  if ("token" in settings) faults.push(fault("config.secret", "token", 'setting "token" came among the plain settings', "give a reference: env:NAME"));
  return faults;
}

function configure(request) {
  let settings;
  try {
    settings = JSON.parse(request.config_json.toString() || "{}");
    if (settings === null || typeof settings !== "object" || Array.isArray(settings)) throw new Error();
  } catch {
    return { diagnostics: [fault("config.syntax", "", "the settings are not one JSON object", "")] };
  }
  const faults = check(settings, request.secrets);
  if (faults.length > 0) return { diagnostics: faults };
  try {
    shelf = new Shelf(settings.path);
  } catch {
    return { diagnostics: [fault("shelf.file", "path", "the file can't be read as a shelf", "name another file, or move this one away")] };
  }
  return { target: { id: shelf.state.id, label: settings.path } };
}

const notConfigured = { code: grpc.status.FAILED_PRECONDITION, details: "not configured: Configure comes first" };

// stream serves Plan and Export, which differ in what they do with a batch.
function stream(call, handle) {
  if (!shelf) return call.emit("error", notConfigured);
  let opened = false;
  let failed = false;
  const fail = (code, details) => {
    failed = true;
    call.emit("error", { code, details });
  };
  call.on("data", (message) => {
    if (failed) return;
    try {
      if (message.open) {
        opened = true;
        const { mode } = message.open;
        if (mode !== "WRITE_MODE_UPSERT" && mode !== "WRITE_MODE_UNSPECIFIED") fail(grpc.status.INVALID_ARGUMENT, "this shelf only upserts");
      }
      else if (!opened) fail(grpc.status.INVALID_ARGUMENT, "the first message of the stream is not Open");
      else if (message.batch) call.write({ ack: { seq: message.batch.seq, outcomes: handle(message.batch.records) } });
      // Anything else is of a later version.
    } catch (error) {
      if (!error.code) throw error; // a fault of this program: its trace is shown to the user
      fail(grpc.status.UNKNOWN, `the shelf can't be written: ${error.code}`);
    }
  });
  call.on("end", () => {
    if (failed) return;
    call.write({ done: {} });
    call.end();
  });
}

const exporter = {
  Describe: (_, answer) => answer(null, description),
  Configure: (call, answer) =>
    shelf ? answer({ code: grpc.status.FAILED_PRECONDITION, details: "configured already" }) : answer(null, configure(call.request)),
  Provision: (call) => {
    if (!shelf) return call.emit("error", notConfigured);
    if (!shelf.there && call.request.apply) shelf.save();
    else call.write({ object: "file", action: shelf.there ? "ACTION_EXISTS" : "ACTION_CREATE" });
    call.end();
  },
  Plan: (call) => stream(call, (records) => records.map((record) => refusal(record) ?? { status: shelf.compare(record) })),
  Export: (call) => stream(call, (records) => shelf.write(records)),
};

function main() {
  if (process.env.FIRSTCALL_EXPORTER !== "d7b4bd21-6f36-4f5e-9a44-0f5cf21c9a63") {
    console.error("shelf-node is an exporter of firstcall, which starts it by itself");
    process.exit(1);
  }
  const options = { keepCase: true, longs: Number, enums: String, defaults: true, oneofs: true };
  const messages = grpc.loadPackageDefinition(loader.loadSync(contract, options));
  const control = grpc.loadPackageDefinition(loader.loadSync(join(here, "controller.proto"), options));
  const server = new grpc.Server({ "grpc.max_receive_message_length": room, "grpc.max_send_message_length": room });
  const socket = join(process.env.PLUGIN_UNIX_SOCKET_DIR, "s");
  const leave = (status) => {
    if (existsSync(socket)) unlinkSync(socket);
    process.exit(status);
  };
  server.addService(messages.firstcall.exporter.v1.Exporter.service, exporter);
  server.addService(control.plugin.GRPCController.service, {
    Shutdown: (_, answer) => {
      answer(null, {});
      server.tryShutdown(() => leave(0));
      setTimeout(() => leave(0), 500).unref(); // a call may still be open
    },
  });
  // Its end is the end of the host, whatever this process is at.
  process.stdin.resume().on("end", () => leave(1));
  server.bindAsync(`unix:${socket}`, grpc.ServerCredentials.createInsecure(), (error) => {
    if (error) {
      console.error(error.message);
      process.exit(1);
    }
    process.stdout.write(`1|1|unix|${socket}|grpc\n`);
  });
}

main();
