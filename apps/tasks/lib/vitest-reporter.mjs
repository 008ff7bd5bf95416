// A vitest reporter for `npm test`: counts the tests, and keeps everything that made the run fail. What goes wrong
// outside a test (a hook, an unhandled rejection) fails the run with no failed test to show for it.
import { writeFileSync } from 'node:fs';

export default class VitestReporter {
  onTestRunEnd(modules, unhandled, reason) {
    const totals = { passed: 0, failed: 0, skipped: 0 };
    const faults = unhandled.map((error) => fault('outside a test', [error]));
    for (const module of modules) {
      faults.push(...blame(module.relativeModuleId, module.errors()));
      for (const suite of module.children.allSuites())
        faults.push(...blame(`${module.relativeModuleId} > ${suite.fullName}`, suite.errors()));
      for (const test of module.children.allTests()) {
        const { state, errors } = test.result();
        if (state in totals) totals[state] += 1;
        if (state === 'failed') faults.push(...blame(`${module.relativeModuleId} > ${test.fullName}`, errors ?? []));
      }
    }
    writeFileSync(process.env.SODIUM_UNIT_SUMMARY, JSON.stringify({ ...totals, reason, faults }));
  }
}

function blame(where, errors) {
  return errors.length > 0 ? [fault(where, errors)] : [];
}

function fault(where, errors) {
  return `${where}\n${errors.map((error) => indented(error.stack ?? error.message ?? String(error))).join('\n')}`;
}

/** Without the frames of the test runner itself. */
function indented(text) {
  const lines = text.split('\n').filter((line) => !line.includes('node_modules/@vitest/'));
  return lines.map((line) => `    ${line}`).join('\n');
}
