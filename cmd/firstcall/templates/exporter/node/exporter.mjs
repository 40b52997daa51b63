#!/usr/bin/env node
// An exporter for firstcall in JavaScript, behind "firstcall plugin bridge". It
// keeps a JSON file with an object for each record, by key. The file stands for
// any system that can be asked for an object by its key and told to store one.
import { accessSync, closeSync, constants, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { createInterface } from "node:readline";

let path; // of the file
let objects; // what is in it, by key
let planning; // write nothing

// What to do with each message, by its name.
const on = {
	describe: () => say({
		description: {
			name: "@NAME@",
			version: "1.0.0",
			summary: "keeps a JSON file with an object for each record",
			config: [{ name: "path", doc: "the file; made when it is missing", required: true }],
			capabilities: { idempotency: "upsert" },
		},
	}),

	configure({ config }) {
		path = resolve(config.path);
		try {
			objects = new Map(Object.entries(load(path)));
			accessSync(dirname(path), constants.W_OK);
		} catch (e) {
			const summary = `the file can't be used: ${e.code ?? "it is not JSON"}`;
			return say({ configured: { diagnostics: [{ code: "@NAME@.path", summary, hint: "name a JSON file in a folder you may write to", field: "path" }] } });
		}
		// A real system has an id that ends with its data. A path does not: when
		// the file is deleted, firstcall still counts on what was in it.
		say({ configured: { target: { id: path } } });
	},

	provision: () => say({ done: {} }), // nothing is needed before records fit in

	plan: () => { planning = true; },
	export: () => { planning = false; },

	batch({ seq, records }) {
		const outcomes = records.map(upsert);
		if (!planning) save(path, Object.fromEntries(objects));
		// Only now, when everything is on disk.
		say({ ack: { seq, outcomes } });
	},

	end: () => say({ done: {} }),
	cancel: () => say({ done: {} }), // the user has had enough; batches before it are done
};

// upsert stores one record and says what became of it. It always looks first,
// and so a record in doubt, which was sent before and never acknowledged, needs
// no care of its own.
function upsert({ key, kind, revision, record }) {
	if (key.startsWith("-/")) {
		return { status: "rejected", diagnostic: { code: "@NAME@.client", summary: "the record has no client", hint: "score it with --client", field: "/client/id" } };
	}
	const known = objects.get(key);
	const remote = [{ type: "object", id: key }];
	if (known?.revision === revision) return { status: "unchanged", remote };
	if (!planning) objects.set(key, { kind, client: record.client.name ?? record.client.id, as_of: record.as_of, revision });
	if (!known) return { status: "created", remote };
	return { status: "updated", remote, diff: planning ? `revision ${known.revision} becomes ${revision}` : "" };
}

function load(file) {
	try {
		return JSON.parse(readFileSync(file, "utf8"));
	} catch (e) {
		if (e.code === "ENOENT") return {};
		throw e;
	}
}

// save replaces the file in one step, so that it is whole whenever this process
// ends.
function save(file, content) {
	const part = `${file}.part`;
	const fd = openSync(part, "w", 0o600);
	writeFileSync(fd, JSON.stringify(content, null, "\t") + "\n");
	fsyncSync(fd);
	closeSync(fd);
	renameSync(part, file);
}

function say(message) {
	process.stdout.write(JSON.stringify(message) + "\n");
}

createInterface({ input: process.stdin }).on("line", (line) => {
	const [[name, message]] = Object.entries(JSON.parse(line));
	try {
		on[name]?.(message);
	} catch (e) {
		if (!e.code) throw e; // a fault of this program: its trace is shown to the user
		// What is in memory and not on disk must not count as stored.
		if (path) objects = new Map(Object.entries(load(path)));
		say({ error: { code: "@NAME@.failed", summary: `the file can't be used: ${e.code}`, hint: "make room, or name another file" } });
	}
});
