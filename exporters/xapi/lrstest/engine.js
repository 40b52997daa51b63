// Serves the statements of Learning Locker's LRS engine at /xapi, from memory, on a free
// port of this machine. The first line on standard output is the port. It ends with its
// standard input. Every Basic authentication is taken.
'use strict';

const { createRequire } = require('node:module');
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const modules = createRequire(join(process.argv[2], 'package.json'));
const engine = (part) => modules('@learninglocker/xapi-statements/dist/' + part);
const files = mkdtempSync(join(tmpdir(), 'lrs-'));

const config = engine('config').default;
const logger = { error() {}, warn() {}, info() {}, debug() {}, verbose() {}, silly() {}, log() {} };
const tracker = engine('tracker').default;
const repo = engine('repo/factory').default({
  auth: { facade: 'test', fake: {} },
  events: { facade: 'test' },
  models: { facade: 'memory', memory: { state: { fullActivities: [], statements: [] } } },
  storage: { facade: 'memory', memory: { state: {} }, local: { storageDir: files } },
});
const service = engine('service').default({ ...config.service, repo, logger, tracker, awaitUpdates: true });
const presenter = engine('expressPresenter').default({
  ...config.express,
  llClientInfoEndpoint: config.llClientInfoEndpoint,
  translator: engine('translatorFactory').default(),
  logger, service, tracker,
});

const app = modules('express')();
app.use('/xapi/statements', presenter.statementsRouter);
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));

process.stdin.resume();
process.stdin.on('end', () => {
  rmSync(files, { recursive: true, force: true });
  process.exit(0);
});
