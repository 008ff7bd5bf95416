'use strict';
// The first file of a plugin process. Runs the lockdown and the child's code under names of their own, so that no stack
// shows a path of the host, and from V8's code cache, which halves the start.
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

const scripts = [];
function load(name) {
  const file = path.join(__dirname, name + '.js');
  let cachedData;
  try {
    cachedData = fs.readFileSync(path.join(__dirname, `${name}.${process.version}.cache`));
  } catch {
    // Built for another version of Node.js: it starts without, only slower.
  }
  const script = new vm.Script(fs.readFileSync(file, 'utf8'), { filename: `sodium:${name}`, cachedData });
  scripts.push([name, script]);
  return script.runInThisContext();
}

load('ses');
const exported = {};
load('sandbox')(require, exported);
const shared = exported.prepare();
if (process.argv[2] === 'write-code-cache') {
  for (const [name, script] of scripts) {
    fs.writeFileSync(path.join(__dirname, `${name}.${process.version}.cache`), script.createCachedData());
  }
} else exported.serve(shared);
